"""Relative addresses made absolute."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

_LINE_END = re.compile(r"\s*[\t\r\n]\s*")
"""What browsers take out of an address, with what sets the rest in."""


class Resolver:
    """Resolves against one base. `urljoin` for each link would cost as much as the whole walk of the page."""

    def __init__(self, base: str | None) -> None:
        self._known: dict[str, str] = {}
        self.rebase(base or "")

    def rebase(self, base: str) -> None:
        """Resolve against another base from now on; against none where the base cannot be parsed."""
        self._known.clear()
        try:
            parts = urlsplit(base)
        except ValueError:
            base, parts = "", urlsplit("")
        self._base = base
        self._scheme = f"{parts.scheme}:" if parts.scheme else ""
        self._origin = f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""

    def __call__(self, reference: str) -> str:
        """Return the absolute address, or the reference as it stands where that is impossible."""
        found = self._known.get(reference)
        if found is None:
            found = self._known[reference] = self._resolve(as_sent(reference))
        return found

    def _resolve(self, reference: str) -> str:
        if reference.startswith(("https://", "http://")) or not self._base:
            return reference
        if reference.startswith("//"):
            return self._scheme + reference
        if reference.startswith("/") and "/." not in reference and self._origin:
            return self._origin + reference
        try:
            return urljoin(self._base, reference)
        except ValueError:
            return reference


def as_sent(reference: str) -> str:
    """An address without white space around it and without line ends in it; spaces are part of it, and percent-encoded."""
    pieces = reference.split()
    if len(pieces) < 2:  # as nearly always
        return "".join(pieces)
    return _LINE_END.sub("", reference.strip()).replace(" ", "%20")
