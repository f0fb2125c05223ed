"""Reading quality on text and Markdown renderings of the saved pages, beside the same pages as HTML.

A page saved from a text browser or by a converter is the same article without its markup. The share of the HTML figure that is
left says how well text is read. `w3m` and `lynx` come from Debian's packages, `inscriptis`, `html2text` and `markdownify` from
PyPI; a renderer that is missing is left out with a line that says so.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from bench.corpus import CORPUS, SavedPage, pages
from pipelines.page.decode import decode

SECONDS = 60
"""A text browser that takes longer for a page has failed on it."""
SHOWN = {
    "wcxb": ("body F1", "title", "author exact", "date"),
    "fundus": ("body F1", "par F1", "head F1", "title", "author exact", "date"),
}

_CHARSET = re.compile(r"charset\s*=\s*[\"']?[\w:-]+", re.I)
_LYNX = "lynx -dump -stdin -force_html -assume_charset=utf-8 -display_charset=utf-8 -width="
_W3M = "w3m -dump -T text/html -I UTF-8 -O UTF-8 -cols "


@dataclass(frozen=True, slots=True)
class Renderer:
    """One way to make text of a page."""

    name: str
    suffix: str
    needs: str
    """Program or module without which it cannot run."""
    render: Callable[[str], str]

    @property
    def is_installed(self) -> bool:
        return bool(shutil.which(self.needs) or importlib.util.find_spec(self.needs))


def _browser(command: str) -> Callable[[str], str]:
    def render(markup: str) -> str:
        sent = _CHARSET.sub("charset=utf-8", markup).encode("utf-8", "replace")
        try:
            done = subprocess.run(command.split(), input=sent, capture_output=True, timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired:
            return ""
        return done.stdout.decode("utf-8", "replace")

    return render


def _inscriptis(markup: str) -> str:
    from inscriptis import get_text

    # It hands the text to a parser that refuses declared encodings in a str.
    return str(get_text(re.sub(r"^\s*<\?xml[^>]*>", "", markup)))


def _html2text(markup: str) -> str:
    from html2text import HTML2Text

    return str(HTML2Text().handle(markup))


def _markdownify(markup: str) -> str:
    from markdownify import markdownify

    return str(markdownify(re.sub(r"<(script|style|noscript|template)\b.*?</\1\s*>", "", markup, flags=re.S | re.I)))


RENDERERS = {
    renderer.name: renderer
    for renderer in (
        Renderer("w3m", "txt", "w3m", _browser(f"{_W3M}80")),
        Renderer("w3m-wide", "txt", "w3m", _browser(f"{_W3M}2000")),
        Renderer("lynx", "txt", "lynx", _browser(f"{_LYNX}80")),
        Renderer("lynx-wide", "txt", "lynx", _browser(f"{_LYNX}1024")),
        Renderer("lynx-nolist", "txt", "lynx", _browser(f"{_LYNX}80 -nolist")),
        Renderer("inscriptis", "txt", "inscriptis", _inscriptis),
        Renderer("html2text", "md", "html2text", _html2text),
        Renderer("markdownify", "md", "markdownify", _markdownify),
    )
}


def rendered(page: SavedPage, renderer: Renderer, cache: Path) -> Path:
    """The file with a page's rendering; made where the cache has none. An empty file where the renderer failed."""
    path = cache / renderer.name / page.set / f"{page.id}.{renderer.suffix}"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            text = renderer.render(decode(page.body))
        except (ValueError, AssertionError, RecursionError, LookupError, AttributeError) as error:
            print(f"{renderer.name} failed on {page.set}/{page.id}: {error}", file=sys.stderr)
            text = ""
        path.write_bytes(text.encode("utf-8", "replace"))
    return path


def render_all(
    sets: tuple[str, ...], renderer: Renderer, cache: Path, ids: frozenset[str] | None = None
) -> Iterator[dict[str, Any]]:
    """Render the pages of the sets and yield a request for each, as `morgue extract --requests` takes it."""

    def request(page: SavedPage) -> dict[str, Any]:
        path = rendered(page, renderer, cache)
        return {"id": page.id, "dataset": page.set, "url": page.url, "fetched": page.fetched, "path": str(path)}

    wanted = (page for page in pages(sets) if ids is None or page.id in ids)
    with ThreadPoolExecutor(2) as pool:
        yield from pool.map(request, wanted)


def load_scorer() -> ModuleType:
    """The corpus's own scorer as a module."""
    spec = importlib.util.spec_from_file_location("score", CORPUS / "score.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench renderings", description=__doc__)
    parser.add_argument("--renderers", nargs="+", default=list(RENDERERS), choices=list(RENDERERS))
    parser.add_argument("--dataset", nargs="+", default=["wcxb", "fundus"], choices=["wcxb", "traf", "fundus", "htmldate"])
    parser.add_argument("--limit", type=int, help="only N pages of each set, always the same ones")
    parser.add_argument("--cache", type=Path, help="keep the renderings in this directory, outside the checkout")
    parser.add_argument("--folds", type=Path, help="read each page with judges that never saw its domain, from this directory")
    parser.add_argument("--save", type=Path, help="write the answers into this directory (JSON lines, for score.py --load)")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        cache, saved = args.cache or Path(scratch) / "renderings", args.save or Path(scratch)
        saved.mkdir(parents=True, exist_ok=True)
        reader = ["train.reader", str(args.folds)] if args.folds else ["crawler", "extract", "--requests"]
        answers = {"html": _read_html(reader, args.dataset, args.limit, saved / "html.jsonl")}
        for name in args.renderers:
            if not RENDERERS[name].is_installed:
                print(f"{name} is left out: {RENDERERS[name].needs} is not installed", file=sys.stderr)
                continue
            answers[name] = _read_renderings(reader, RENDERERS[name], args.dataset, args.limit, cache, saved / f"{name}.jsonl")
    for dataset in args.dataset:
        _print_table(dataset, args.limit, answers)
    return 0


def _read_html(reader: list[str], sets: list[str], limit: int | None, save: Path) -> dict[tuple[str, str], dict[str, Any]]:
    print("reading the HTML ...", file=sys.stderr)
    command = [sys.executable, str(CORPUS / "score.py"), shlex.join([sys.executable, "-m", *reader]), "--dataset", *sets]
    options = ["--save", str(save), *(["--limit", str(limit)] if limit else [])]
    subprocess.run([*command, *options], check=True, cwd=Path(__file__).parents[1], stdout=subprocess.DEVNULL)
    return {(line["dataset"], line["id"]): line for line in map(json.loads, save.open(encoding="utf-8"))}


def _read_renderings(
    reader: list[str], renderer: Renderer, sets: list[str], limit: int | None, cache: Path, save: Path
) -> dict[tuple[str, str], dict[str, Any]]:
    print(f"rendering and reading with {renderer.name} ...", file=sys.stderr)
    scorer = load_scorer()
    ids = frozenset(record["id"] for name in sets for record in scorer.load_corpus(CORPUS, name, limit))
    requests = list(render_all(tuple(sets), renderer, cache, ids))
    done = subprocess.run(
        [sys.executable, "-m", *reader],
        input="\n".join(map(json.dumps, requests)).encode(),
        stdout=subprocess.PIPE,
        check=False,
        cwd=Path(__file__).parents[1],
    )
    answers = {}
    with save.open("w", encoding="utf-8") as out:
        for request, line in zip(requests, done.stdout.decode().splitlines(), strict=True):
            answer = {**json.loads(line), "dataset": request["dataset"]}
            answers[request["dataset"], request["id"]] = answer
            out.write(json.dumps(answer, ensure_ascii=False) + "\n")
    return answers


def _print_table(dataset: str, limit: int | None, answers: dict[str, dict[tuple[str, str], dict[str, Any]]]) -> None:
    scorer = load_scorer()
    records = scorer.load_corpus(CORPUS, dataset, limit)
    columns = SHOWN.get(dataset, tuple(name for name, _, _ in scorer.COLUMNS[dataset][:6]))
    print(f"\n### {dataset} ({len(records)} pages)\n\n| read from | share of HTML | " + " | ".join(columns) + " | CPU ms |")
    print("|---" * (len(columns) + 3) + "|")
    whole = 0.0
    for name, given in answers.items():
        rows = [scorer.score_page(dataset, record["truth"], given.get((dataset, record["id"]))) for record in records]
        table = scorer.summarise(dataset, rows)
        whole = whole or table[columns[0]][0]
        cost = statistics.median(given[key].get("seconds") or 0.0 for key in given if key[0] == dataset) * 1e3
        cells = [f"{table[column][0]:.3f}" if column in table else "–" for column in columns]
        print(f"| {name} | {table[columns[0]][0] / whole:.3f} | " + " | ".join(cells) + f" | {cost:.1f} |")


if __name__ == "__main__":
    sys.exit(main())
