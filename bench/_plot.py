"""Curves as SVG, written by hand: panels beside one another, with a logarithmic axis and shares, or two linear axes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count, takewhile
from typing import Protocol

WIDTH, HEIGHT, MARGIN, GAP = 380, 300, 46, 30
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Curve:
    """Points in order of x; y is a share."""

    name: str
    colour: str
    points: Sequence[tuple[float, float]]
    line: bool = True
    """Whether the points are joined."""
    dots: bool = True
    """Whether each point is marked."""


class Scale(Protocol):
    """Where a point is in a panel, as shares of its width and height, and what is written beside its axes."""

    def across(self, x: float) -> float:
        """Share of the width."""

    def up(self, y: float) -> float:
        """Share of the height."""

    def ticks_across(self) -> Sequence[tuple[float, str]]:
        """Values of x with their names."""

    def ticks_up(self) -> Sequence[tuple[float, str]]:
        """Values of y with their names."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Logarithmic to the right, from `low` to `high` as powers of ten; shares upwards."""

    low: float
    high: float

    def across(self, x: float) -> float:
        """Share of the width."""
        return (math.log10(x) - self.low) / (self.high - self.low)

    def up(self, y: float) -> float:
        """Share of the height."""
        return y

    def ticks_across(self) -> list[tuple[float, str]]:
        """Ones and threes."""
        ticks = (n * 10**power for power in range(-1, 5) for n in (1, 3))
        return [(tick, f"{tick:g}") for tick in ticks if self.low <= math.log10(tick) <= self.high]

    def ticks_up(self) -> list[tuple[float, str]]:
        """Quarters."""
        return [(share, f"{share:.0%}") for share in SHARES]


@dataclass(frozen=True, slots=True)
class Linear:
    """Both axes linear, from 0 to these values at least."""

    right: float
    top: float

    def across(self, x: float) -> float:
        """Share of the width."""
        return x / self.right

    def up(self, y: float) -> float:
        """Share of the height; a step of the axis is left free above the highest."""
        return y / (self.top + _step(self.top))

    def ticks_across(self) -> list[tuple[float, str]]:
        """Round numbers."""
        return _ticks(self.right, _step(self.right))

    def ticks_up(self) -> list[tuple[float, str]]:
        """Round numbers."""
        return _ticks(self.top + _step(self.top), _step(self.top))


def _step(highest: float) -> float:
    """A round number that goes into another four to nine times."""
    power = 10.0 ** math.floor(math.log10(highest / 4))
    return max(n * power for n in (1, 2, 5) if n * power <= highest / 4)


def _ticks(highest: float, step: float) -> list[tuple[float, str]]:
    return [(tick, f"{tick:g}") for tick in takewhile(lambda tick: tick <= highest, (n * step for n in count()))]


def drawing(panels: Mapping[str, Sequence[Curve]], along: str, scales: Sequence[Scale] = ()) -> str:
    """Draw panels; the names of the curves stand below the first.

    Args:
        panels: title -> curves.
        along: what is to the right.
        scales: one for each panel; none: shares, over the same logarithmic axis in all.

    """
    if not scales:
        values = [x for curves in panels.values() for curve in curves for x, _ in curve.points if x > 0]
        scales = [Shares(math.log10(min(values)), math.log10(max(values)))] * len(panels)
    names = len(next(iter(panels.values())))
    width, height = len(panels) * (WIDTH + MARGIN + GAP), HEIGHT + 2 * MARGIN + 16 * names
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for place, ((title, curves), scale) in enumerate(zip(panels.items(), scales, strict=True)):
        left = MARGIN + place * (WIDTH + MARGIN + GAP)
        parts += _frame(left, title, along, scale)
        for curve in curves:
            parts += _curve(curve, left, scale)
    parts += [
        f'<text x="{MARGIN}" y="{HEIGHT + 2 * MARGIN + 16 * n}" fill="{curve.colour}">{curve.name}</text>'
        for n, curve in enumerate(next(iter(panels.values())))
    ]
    return "\n".join([*parts, "</svg>", ""])


def _frame(left: int, title: str, along: str, scale: Scale) -> list[str]:
    parts = [
        f'<rect x="{left}" y="{MARGIN}" width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#999"/>',
        f'<text x="{left}" y="{MARGIN - 12}">{title}</text>',
        f'<text x="{left + WIDTH}" y="{HEIGHT + MARGIN + 32}" text-anchor="end">{along}</text>',
    ]
    for tick, name in scale.ticks_up():
        y = MARGIN + HEIGHT * (1 - scale.up(tick))
        parts.append(f'<path d="M{left} {y:g}h{WIDTH}" stroke="#ddd"/>')
        parts.append(f'<text x="{left - 6}" y="{y + 4:g}" text-anchor="end">{name}</text>')
    for tick, name in scale.ticks_across():
        x = left + WIDTH * scale.across(tick)
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT + MARGIN + 16}" text-anchor="middle">{name}</text>')
    return parts


def _curve(curve: Curve, left: int, scale: Scale) -> list[str]:
    at = [(left + WIDTH * scale.across(x), MARGIN + HEIGHT * (1 - scale.up(y))) for x, y in curve.points]
    parts = [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{curve.colour}"/>' for x, y in at if curve.dots]
    if curve.line:
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in at)
        parts.insert(0, f'<polyline points="{line}" fill="none" stroke="{curve.colour}"/>')
    return parts
