"""Sites that nobody here configured: stock themes of static generators, filled with stories of the demo newspaper."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from crawler.demo.site import Block, Story, load_site

STORIES = 14


def stories() -> list[Story]:
    """English stories with people as authors, of no special kind."""
    plain = [s for s in load_site().stories if s.lang == "en" and not s.special and s.authors and s.tags]
    return plain[:STORIES]


def markdown(story: Story) -> str:
    """The body of a story as Markdown, as a writer would type it."""
    parts: list[str] = []
    for section in story.sections:
        if section.heading:
            parts.append(f"{'#' * section.level} {section.heading}")
        parts.extend(_markdown_block(block) for block in section.blocks)
    return "\n\n".join(parts) + "\n"


def _markdown_block(block: Block) -> str:
    if block.kind == "ul":
        return "\n".join(f"* {line}" for line in block.lines)
    if block.kind == "ol":
        return "\n".join(f"{n}. {line}" for n, line in enumerate(block.lines, 1))
    if block.kind == "quote":
        return f"> {block.lines[0]}"
    if block.kind == "code":
        return "\n".join(f"    {line}" for line in "\n".join(block.lines).splitlines())
    if block.kind == "table":
        head, *rows = block.rows
        lines = [head, tuple("---" for _ in head), *rows]
        return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
    return block.lines[0]


def build_pelican(folder: Path, url: str, theme: str) -> Path:
    """A Pelican site with a theme that comes with it (`notmyidea` or `simple`). Returns the folder to serve."""
    content = folder / "content"
    (content / "pages").mkdir(parents=True)
    for story in stories():
        head = [
            f"Title: {story.title}",
            f"Date: {story.published.isoformat()}",
            f"Category: {story.section}",
            f"Tags: {', '.join(story.tags)}",
            f"Authors: {'; '.join(a.name for a in story.authors)}",
            f"Slug: {story.slug}",
        ]
        (content / f"{story.slug}.md").write_text("\n".join(head) + "\n\n" + markdown(story))
    (content / "pages" / "about.md").write_text("Title: About us\n\n" + _ABOUT)
    settings = {
        "AUTHOR": "The Courier Desk", "SITENAME": "Tern Sound Weekly", "SITEURL": url, "PATH": str(content),
        "TIMEZONE": "Europe/Oslo", "DEFAULT_LANG": "en",
        "FEED_ALL_ATOM": "feeds/all.atom.xml", "FEED_DOMAIN": url, "DEFAULT_PAGINATION": 5, "THEME": theme,
        "LINKS": [("Pelican", "https://getpelican.example/")], "SOCIAL": [("Mastodon", "https://social.example/@courier")],
        "MARKDOWN": {"extensions": ["markdown.extensions.tables"], "output_format": "html5"},
    }  # fmt: skip
    config = folder / "pelicanconf.py"
    config.write_text("\n".join(f"{name} = {value!r}" for name, value in settings.items()))
    _run([sys.executable, "-m", "pelican", str(content), "-o", str(folder / "out"), "-s", str(config), "-q"], folder)
    return folder / "out"


def build_nikola(folder: Path, url: str, theme: str) -> Path:
    """A Nikola site with a theme that comes with it (`bootblog4` or `base`). Returns the folder to serve."""
    _run([sys.executable, "-m", "nikola", "init", "-q", str(folder / "site")], folder)
    site = folder / "site"
    for story in stories():
        meta = {
            "title": story.title, "slug": story.slug, "date": story.published.isoformat(), "category": story.section,
            "tags": ", ".join(story.tags), "author": ", ".join(a.name for a in story.authors),
        }  # fmt: skip
        head = "\n".join(f".. {name}: {value}" for name, value in meta.items())
        (site / "posts" / f"{story.slug}.md").write_text(f"<!--\n{head}\n-->\n\n{markdown(story)}")
    (site / "pages" / "about.md").write_text(f"<!--\n.. title: About us\n.. slug: about\n-->\n\n{_ABOUT}")
    extra = f"""
SITE_URL = {url + "/"!r}
BLOG_TITLE = "Tern Sound Weekly"
BLOG_AUTHOR = "The Courier Desk"
THEME = {theme!r}
TIMEZONE = "Europe/Oslo"
AUTHOR_PAGES_ARE_INDEXES = True
MARKDOWN_EXTENSIONS = ["markdown.extensions.fenced_code", "markdown.extensions.tables"]
"""
    with (site / "conf.py").open("a") as config:
        config.write(extra)
    _run([sys.executable, "-m", "nikola", "build", "-q"], site)
    return site / "output"


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}\n{done.stderr}")


def lines_of(story: Story) -> Iterable[str]:
    """Each line of the body that a reader must find."""
    for section in story.sections:
        if section.heading:
            yield section.heading
        for block in section.blocks:
            yield from block.lines


_ABOUT = (
    "We print what happens on the islands, once a week, on paper and here. The office is open in the mornings, the coffee "
    "is free, and whoever has a story may leave it in the box by the door. We read everything, and answer most of it "
    "within the week.\n\n"
    "The paper belongs to its readers. Shares can be had at the counter."
)
__all__ = ["build_nikola", "build_pelican", "lines_of", "markdown", "stories"]
