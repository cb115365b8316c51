"""What was drawn over a picture: the strokes of a transparent overlay, each with its place and its colour."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from generation.engines.atelier.palette import parts
from generation.engines.atelier.placing import Stroke
from generation.engines.atelier.terms import COLOURS

GRID = 128  # cells of the longer side that strokes are told apart on
VISIBLE = 40  # of 255: fainter is not drawn
LEAST_CELLS = 3
MOST_STROKES = 12
GREYISH = 48  # levels between the strongest and the weakest part of a colour: less is black, white or grey


def strokes_of(guide: Image.Image, width: int, height: int) -> list[Stroke]:
    """The strokes of a drawing, largest first, for a canvas of these pixels. What touches is one stroke if its colours are kin."""
    drawn = guide.convert("RGBA")
    scale = GRID / max(drawn.size)
    small = drawn.convert("RGBa").resize(
        (max(1, round(drawn.width * scale)), max(1, round(drawn.height * scale))), Image.Resampling.BOX
    )
    cells = np.asarray(small.convert("RGBA"))
    seen = cells[..., 3] < VISIBLE
    found = []
    for row, column in zip(*np.nonzero(~seen), strict=True):
        if not seen[row, column]:
            blob = flooded(cells, seen, int(row), int(column))
            if len(blob) >= LEAST_CELLS:
                found.append(blob)
    found.sort(key=len, reverse=True)
    across, down = width / cells.shape[1], height / cells.shape[0]
    return [stroke(blob, cells, across, down) for blob in found[:MOST_STROKES]]


def flooded(cells: NDArray[np.uint8], seen: NDArray[np.bool_], row: int, column: int) -> list[tuple[int, int]]:
    """The cells that hang together with one, also over a gap of one, in kindred colour; they are marked as seen."""
    high, wide = seen.shape
    first = cells[row, column, :3].astype(int)
    seen[row, column] = True
    blob, at = [(row, column)], 0
    while at < len(blob):
        y, x = blob[at]
        at += 1
        for v in range(max(0, y - 2), min(high, y + 3)):
            for u in range(max(0, x - 2), min(wide, x + 3)):
                if not seen[v, u] and int(np.abs(cells[v, u, :3].astype(int) - first).sum()) < 210:
                    seen[v, u] = True
                    blob.append((v, u))
    return blob


def stroke(blob: list[tuple[int, int]], cells: NDArray[np.uint8], across: float, down: float) -> Stroke:
    """A blob of cells as a stroke on the canvas."""
    rows, columns = [y for y, _ in blob], [x for _, x in blob]
    red, green, blue = (int(part) for part in np.mean([cells[y, x, :3] for y, x in blob], axis=0))
    box = (min(columns) * across, min(rows) * down, (max(columns) + 1) * across, (max(rows) + 1) * down)
    plain = max(red, green, blue) - min(red, green, blue) < GREYISH
    return Stroke(box, f"#{red:02x}{green:02x}{blue:02x}", None if plain else nearest(red, green, blue))


def nearest(red: int, green: int, blue: int) -> str:
    """The colour word that comes nearest."""
    return min(
        COLOURS,
        key=lambda name: sum((a - b) ** 2 for a, b in zip(parts(COLOURS[name]), (red, green, blue), strict=True)),
    )
