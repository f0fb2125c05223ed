"""A value, where it stood, how sure we are, and what lost to it.

Every room of `pipelines` answers with a `Field`: the candidate that won and those that did not. Nothing that a page said of
itself is dropped, so that `morgue why` can show each decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Candidate(Generic[T]):
    """One value that a field might take."""

    value: T
    """The value after normalising."""
    source: str
    """The vocabulary or place it comes from: `json-ld`, `open-graph`, `meta`, `microdata`, `markup`, `text`, `url`,
    `front-matter` or `http`."""
    place: str
    """Where exactly, as a person would look it up: `NewsArticle.headline`, `meta[property=og:title]`, `h1`, `block 12`."""
    raw: str
    """The string as it stood there, before normalising."""
    confidence: float
    """Share 0 to 1 of such candidates that are right, as far as we know."""


@dataclass(frozen=True, slots=True)
class Field(Generic[T]):
    """A field as read: its value with the evidence for it, or no value with what was rejected."""

    chosen: Candidate[T] | None = None
    lost: tuple[Candidate[T], ...] = ()

    @property
    def value(self) -> T | None:
        """The value, or None where no candidate was good enough."""
        return self.chosen.value if self.chosen else None

    @property
    def confidence(self) -> float:
        """Confidence of the chosen candidate; 0 where there is none."""
        return self.chosen.confidence if self.chosen else 0.0
