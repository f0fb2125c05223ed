"""The trained judges that come with morgue; `make train` makes them."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from pipelines.trees import Trees


@cache
def body_model(page_format: str) -> Trees:
    """Return the judge for pages of a format (`html`, `text`, `markdown`): one for those with elements, one for those without."""
    name = "html" if page_format == "html" else "text"
    return Trees.load(files("pipelines.boilerplate") / f"{name}.npz")
