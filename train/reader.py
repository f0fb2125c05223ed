"""Reads saved pages as `morgue extract --requests` does, each with judges that never saw a page of its domain.

The scorer of the corpus runs it: `python -m train.reader FOLDS`, FOLDS being the directory that `python -m train` filled.
"""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path

from bench.peers.protocol import WARM_UP
from crawler.answers import PageRequest, answer
from pipelines.article import Judges
from pipelines.trees import Trees
from train.corpus import fold_of

BODY, TEXT, VERDICT = "body", "text", "verdict"


def weights_of(folds: Path, judge: str, fold: int) -> Path:
    """Where the weights of a judge are kept that was trained without a fold."""
    return folds / f"{judge}-{fold}.npz"


@cache
def judges_of(folds: Path, fold: int, *, plain: bool) -> Judges:
    """The judges for pages of a fold; one that was not trained by folds is the one that comes with morgue."""
    found = {name: weights_of(folds, name, fold) for name in (TEXT if plain else BODY, VERDICT)}
    body, verdict = (Trees.load(path) if path.exists() else None for path in found.values())
    return Judges(body=body, verdict=verdict)


def main() -> None:
    """Answer the requests on standard input, one line each."""
    folds = Path(sys.argv[1])
    answer(PageRequest(None, "warm.html", body=WARM_UP.encode()))
    for line in sys.stdin:
        request = PageRequest.of(json.loads(line))
        plain = Path(request.path.removesuffix(".gz")).suffix in (".txt", ".md")
        judges = judges_of(folds, fold_of(request.url, str(request.id)), plain=plain)
        print(json.dumps(answer(request, judges)), flush=True)  # noqa: T201 - the protocol


if __name__ == "__main__":
    main()
