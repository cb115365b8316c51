"""Boxes on the canvas: do they meet, and how much of one do nearer ones cover."""

from __future__ import annotations

from collections.abc import Sequence

Box = tuple[float, float, float, float]  # left, top, right, bottom


def covered(boxes: Sequence[tuple[Box, float]], index: int, grid: int = 10) -> float:
    """The share (0 … 1) of box `index` that boxes of greater depth cover; `boxes` are (box, depth)."""
    box, depth = boxes[index]
    nearer = [other for k, (other, near) in enumerate(boxes) if near > depth and k != index and meet(box, other)]
    if not nearer:
        return 0.0
    hits = 0
    for row in range(grid):
        y = box[1] + (row + 0.5) / grid * (box[3] - box[1])
        for column in range(grid):
            x = box[0] + (column + 0.5) / grid * (box[2] - box[0])
            hits += any(other[0] <= x <= other[2] and other[1] <= y <= other[3] for other in nearer)
    return hits / grid**2


def meet(one: Box, other: Box) -> bool:
    """Whether two boxes share any point."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
