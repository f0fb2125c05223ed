"""Curves as SVG, written by hand: panels beside one another, a logarithmic axis to the right, shares upwards."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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


def drawing(panels: Mapping[str, Sequence[Curve]], along: str) -> str:
    """Draw panels with one scale; the names of the curves stand below the first.

    Args:
        panels: title -> curves.
        along: what is to the right.

    """
    values = [x for curves in panels.values() for curve in curves for x, _ in curve.points if x > 0]
    low, high = math.log10(min(values)), math.log10(max(values))
    names = len(next(iter(panels.values())))
    width, height = len(panels) * (WIDTH + MARGIN + GAP), HEIGHT + 2 * MARGIN + 16 * names
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for place, (title, curves) in enumerate(panels.items()):
        left = MARGIN + place * (WIDTH + MARGIN + GAP)
        parts += _frame(left, title, along, low, high)
        for curve in curves:
            parts += _curve(curve, left, low, high)
    parts += [
        f'<text x="{MARGIN}" y="{HEIGHT + 2 * MARGIN + 16 * n}" fill="{curve.colour}">{curve.name}</text>'
        for n, curve in enumerate(next(iter(panels.values())))
    ]
    return "\n".join([*parts, "</svg>", ""])


def _frame(left: int, title: str, along: str, low: float, high: float) -> list[str]:
    parts = [
        f'<rect x="{left}" y="{MARGIN}" width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#999"/>',
        f'<text x="{left}" y="{MARGIN - 12}">{title}</text>',
        f'<text x="{left + WIDTH}" y="{HEIGHT + MARGIN + 32}" text-anchor="end">{along}</text>',
    ]
    for share in SHARES:
        y = MARGIN + HEIGHT * (1 - share)
        parts.append(f'<path d="M{left} {y:g}h{WIDTH}" stroke="#ddd"/>')
        parts.append(f'<text x="{left - 6}" y="{y + 4:g}" text-anchor="end">{share:.0%}</text>')
    for tick in (n * 10**power for power in range(-1, 5) for n in (1, 3)):
        if low <= math.log10(tick) <= high:
            x = _x(tick, left, low, high)
            parts.append(f'<text x="{x:.1f}" y="{HEIGHT + MARGIN + 16}" text-anchor="middle">{tick:g}</text>')
    return parts


def _curve(curve: Curve, left: int, low: float, high: float) -> list[str]:
    at = [(_x(x, left, low, high), MARGIN + HEIGHT * (1 - y)) for x, y in curve.points]
    parts = [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{curve.colour}"/>' for x, y in at]
    if curve.line:
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in at)
        parts.insert(0, f'<polyline points="{line}" fill="none" stroke="{curve.colour}"/>')
    return parts


def _x(value: float, left: int, low: float, high: float) -> float:
    return left + WIDTH * (math.log10(value) - low) / (high - low)
