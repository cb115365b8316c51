"""The scenery nobody asked for by name: where the trees of the wood, reeds, corals and tufts stand, out of the figures' way."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from generation.engines.atelier.box import Box, meet
from generation.engines.atelier.reading import Reading
from generation.engines.atelier.scene import Decor, Node

ASPECT = {  # width of a piece by its height
    "pine": 0.5, "round": 0.72, "birch": 0.45, "bush": 1.6, "tuft": 1.2, "flower": 0.5, "rock": 1.7, "reed": 0.6, "cactus": 0.5,
    "seaweed": 0.35, "coral": 0.9, "bubble": 1.0, "crater": 4.0, "mound": 3.4, "fern": 1.4, "pebble": 1.8,
}  # fmt: skip
# kind, how many, farthest and nearest place on the ground (0 horizon … 1 front), height as a share of the canvas
Row = tuple[str, int, float, float, float, float]
ROWS: dict[str, tuple[Row, ...]] = {
    "meadow": (("round", 5, 0.0, 0.16, 0.07, 0.15), ("bush", 6, 0.02, 0.4, 0.02, 0.05), ("flower", 22, 0.3, 1.0, 0.02, 0.045), ("tuft", 26, 0.1, 1.0, 0.012, 0.03)),
    "forest": (
        ("tree", 16, 0.0, 0.12, 0.22, 0.36), ("tree", 10, 0.1, 0.4, 0.36, 0.58), ("tree", 4, 0.45, 0.8, 0.62, 0.9), ("bush", 9, 0.05, 0.6, 0.03, 0.07),
        ("fern", 14, 0.3, 1.0, 0.025, 0.05), ("tuft", 18, 0.1, 1.0, 0.012, 0.03),
    ),
    "lake": (("tree", 12, -0.01, 0.0, 0.06, 0.13), ("reed", 12, 0.9, 1.0, 0.08, 0.2)),
    "sea": (("rock", 3, 0.0, 0.1, 0.015, 0.05), ("pebble", 8, 0.75, 1.0, 0.008, 0.016)),
    "desert": (("cactus", 5, 0.03, 0.3, 0.05, 0.12), ("rock", 7, 0.05, 0.9, 0.012, 0.035), ("tuft", 10, 0.2, 1.0, 0.012, 0.028)),
    "mountains": (("pine", 22, 0.0, 0.2, 0.06, 0.13), ("pine", 5, 0.25, 0.6, 0.14, 0.3), ("rock", 6, 0.2, 1.0, 0.015, 0.04), ("flower", 12, 0.4, 1.0, 0.015, 0.035), ("tuft", 14, 0.2, 1.0, 0.012, 0.028)),
    "snowfield": (("pine", 9, 0.0, 0.14, 0.06, 0.16), ("mound", 6, 0.1, 0.9, 0.015, 0.04)),
    "lunar": (("crater", 9, 0.05, 0.95, 0.01, 0.03), ("rock", 8, 0.1, 1.0, 0.01, 0.03)),
    "underwater": (
        ("seaweed", 16, 0.0, 0.9, 0.12, 0.38), ("coral", 9, 0.0, 0.8, 0.06, 0.14), ("rock", 5, 0.1, 0.9, 0.03, 0.07), ("bubble", 20, -4.2, 0.0, 0.008, 0.028),
    ),
    "city": (), "room": (), "sky": (), "space": (),
}  # fmt: skip


def scenery(
    setting: str,
    reading: Reading,
    nodes: Sequence[Node],
    width: int,
    height: int,
    horizon: float,
    shore: float,
    random: Random,
) -> list[Decor]:
    """The pieces of a setting; none hides a figure."""
    pieces: list[Decor] = []
    boxes = [(node.box, node.depth) for node in nodes]
    grown = reading.season not in ("winter",) and reading.weather != "snow"
    for kind, number, far, near, low, high in ROWS[setting]:
        if kind == "flower" and (not grown or reading.season == "autumn"):
            continue
        for _ in range(number):
            place = random.uniform(far, near)
            tall = random.uniform(low, high) * height
            x = random.random() * width
            chosen = random.choice(("pine", "pine", "round", "birch")) if kind == "tree" else kind
            variant = random.randrange(1 << 16)
            if tall > 0.5 * height:  # the nearest trees frame the picture
                x = width * random.choice((random.uniform(-0.03, 0.1), random.uniform(0.9, 1.03)))
            y = horizon + place * (height - horizon)
            if setting in ("sea",) and kind == "pebble" and y < shore + 0.03 * height:
                continue
            if setting == "lake" and kind == "reed":
                x = width * random.choice((random.uniform(0, 0.22), random.uniform(0.78, 1)))
            if kind == "tuft" and setting == "desert" and not grown:
                continue
            half = tall * ASPECT[chosen] / 2
            box = (x - half, y - tall, x + half, y)
            if all(not hides(box, place, other, depth) for other, depth in boxes):
                pieces.append(Decor(chosen, round(x, 1), round(y, 1), round(tall, 1), round(place, 4), variant))
    return sorted(pieces, key=lambda piece: (piece.depth, piece.x))


def hides(box: Box, depth: float, other: Box, other_depth: float) -> bool:
    """Whether a piece of scenery would cover more than a little of a figure that stands farther away."""
    if depth <= other_depth or not meet(box, other):
        return False
    shared = (min(box[2], other[2]) - max(box[0], other[0])) * (min(box[3], other[3]) - max(box[1], other[1]))
    return shared > 0.05 * (other[2] - other[0]) * (other[3] - other[1])
