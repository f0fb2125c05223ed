"""From a LightGBM booster to the arrays that `pipelines.trees` walks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from pipelines.trees import Trees


def forest_of(booster: Any, names: Sequence[str]) -> Trees:
    """Flatten the trees of a booster, children side by side.

    LightGBM compares in double precision; thresholds are moved to the next smaller single where rounding would send a value of
    exactly the threshold to the other side.
    """
    feature: list[int] = []
    threshold: list[float] = []
    left: list[int] = []
    value: list[float] = []
    roots: list[int] = []
    deepest = 0

    def add() -> int:
        feature.append(0)
        threshold.append(np.inf)
        left.append(len(left))
        value.append(0.0)
        return len(left) - 1

    for tree in booster.dump_model()["tree_info"]:
        roots.append(add())
        waiting = [(tree["tree_structure"], roots[-1], 0)]
        while waiting:
            node, at, depth = waiting.pop()
            if "leaf_value" in node and "split_feature" not in node:
                value[at] = node["leaf_value"]
                deepest = max(deepest, depth)
                continue
            feature[at], threshold[at] = node["split_feature"], _single(node["threshold"])
            left[at] = add()
            right = add()
            waiting += [(node["left_child"], left[at], depth + 1), (node["right_child"], right, depth + 1)]
    return Trees(
        tuple(names),
        np.array(feature, dtype=np.int32),
        np.array(threshold, dtype=np.float32),
        np.array(left, dtype=np.int32),
        np.array(value, dtype=np.float32),
        np.array(roots, dtype=np.int32),
        deepest,
        0.0,
    )


def _single(threshold: float) -> float:
    single = np.float32(threshold)
    return float(np.nextafter(single, np.float32(-np.inf)) if float(single) > threshold else single)
