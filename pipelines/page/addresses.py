"""Relative addresses made absolute."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit


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
            found = self._known[reference] = self._resolve("".join(reference.split()))
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
