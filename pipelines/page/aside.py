"""Elements set aside: those that never hold text, and those that hold none until a paragraph shows up in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple


class Skipped:
    """An open element that never holds text: a script, a style."""

    __slots__ = ("_began", "_pieces", "_take", "around", "depth")

    def __init__(self, pieces: list[str], take: Callable[[str], None] | None, around: Held | None) -> None:
        self._pieces = pieces
        self._began = len(pieces)
        self._take = take
        """Is given the content at the end."""
        self.around = around
        self.depth = 1
        """Elements open, this one among them."""

    def end(self, tag: str) -> bool:
        """Handle an end tag, and tell whether the element itself has ended."""
        del tag
        self.depth -= 1
        if self.depth:
            return False
        if self._take is not None:
            self._take("".join(self._pieces[self._began :]))
        del self._pieces[self._began :]
        return True


class Event(NamedTuple):
    """What happened inside a held element."""

    pieces: list[str]
    """Text before it."""
    tag: str
    attrib: dict[str, str] | None
    """None at an end tag."""


class Held:
    """Open elements whose text counts only if a paragraph shows up inside, which tells that they were left open by mistake.

    Until then their events are kept. Those of inner ones that end without a paragraph are dropped.
    """

    __slots__ = ("_events", "_open", "_pieces", "around")

    def __init__(self, pieces: list[str]) -> None:
        self._pieces = pieces
        self._events: list[tuple[int, str, dict[str, str] | None]] = []
        """Number of pieces, tag, attributes."""
        self._open: list[int] = []
        """Where in `_events` each open element that must not count began; -1 for other open elements."""
        self.around: Held | None = None

    def start(self, tag: str, attrib: dict[str, str], soft: bool) -> None:
        """Keep a start tag; `soft` for elements that must not count without a paragraph."""
        self._open.append(len(self._events) if soft else -1)
        self._events.append((len(self._pieces), tag, attrib))

    def end(self, tag: str) -> bool:
        """Handle an end tag, and tell whether the outermost held element has ended."""
        began = self._open.pop()
        if began < 0:
            self._events.append((len(self._pieces), tag, None))
        else:
            del self._pieces[self._events[began][0] :], self._events[began:]
        return not self._open

    def release(self) -> Iterator[Event]:
        """Yield all that was held, the text taken back; that after the last event is left where it stands."""
        first = self._events[0][0]
        text = self._pieces[first:]
        del self._pieces[first:]
        done = first
        for at, tag, attrib in self._events:
            yield Event(text[done - first : at - first], tag, attrib)
            done = at
        self._pieces.extend(text[done - first :])
