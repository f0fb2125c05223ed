"""READ: one page in, one article out, with the reason for each value.

`read_page` parses a document once; `read_article` reads the page. Both are pure: no file, no socket, no clock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipelines.article import Article, read_article
    from pipelines.page import Page, read_page

__all__ = ["Article", "Page", "read_article", "read_page"]


def __getattr__(name: str) -> Any:
    """Load the readers when they are first asked for: most commands of the archive need none of them."""
    if name in ("Article", "read_article"):
        import pipelines.article as module
    elif name in ("Page", "read_page"):
        import pipelines.page as module  # type: ignore[no-redef]
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(module, name)
