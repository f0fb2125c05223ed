"""How the CPU time of a piece of work grows, measured so that neither other programs nor the rest of the test run decide."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import TypeVar

Material = TypeVar("Material")

TIMES = 35
"""Ten times the material may take so many times as long: machines are noisy, and a quadratic step would take a hundred times."""
FLOOR = 0.02
"""Seconds below which a time is noise."""
TRIES = 3


def cpu_seconds(work: Callable[[Material], object], material: Material) -> float:
    """CPU time of one go, in seconds, without collections of cycles: what those cost depends on all that the process holds."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        began = time.process_time()
        work(material)
        return time.process_time() - began
    finally:
        if collecting:
            gc.enable()


def grows_in_proportion(work: Callable[[Material], object], once: Material, tenfold: Material) -> bool:
    """Whether ten times the material takes about ten times as long; measured again where it seems not to."""
    return any(cpu_seconds(work, tenfold) <= TIMES * max(cpu_seconds(work, once), FLOOR) for _ in range(TRIES))
