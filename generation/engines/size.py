"""The size that an outside engine is asked for: what was wished where it can be had, and else the closest."""

from __future__ import annotations

from generation.engine import Capabilities


def closest(width: int, height: int, can: Capabilities) -> tuple[int, int]:
    """The sides a model offers that come closest in shape, then in size. What is worked on may have any sides."""
    if can.sizes:
        offered = [(int(w), int(h)) for w, _, h in (size.partition("x") for size in can.sizes)]
        aspect = width / height
        return min(offered, key=lambda size: (abs(size[0] / size[1] / aspect - 1), abs(size[0] - width), size))
    if can.max_aspect:
        width, height = max(width, round(height / can.max_aspect)), max(height, round(width / can.max_aspect))
    scale = min(1.0, can.max_side / max(width, height))
    if can.max_pixels:
        scale = min(scale, (can.max_pixels / (width * height)) ** 0.5)
    scale = max(scale, can.min_side / min(width, height))
    width, height = _step(width * scale, can), _step(height * scale, can)
    if can.max_aspect:  # again, since rounding may have gone beyond it
        width, height = min(width, _step(height * can.max_aspect, can)), min(height, _step(width * can.max_aspect, can))
    return width, height


def _step(side: float, can: Capabilities) -> int:
    """A side on the model's grid, rounded down so that no bound on pixels is passed, and within its bounds."""
    lowest = -(-can.min_side // can.side_step) * can.side_step
    return max(lowest, min(int(side) // can.side_step, can.max_side // can.side_step) * can.side_step)
