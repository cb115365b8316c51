"""A scene as plain data: which figures stand where, and under what sky. A remix changes a node and draws it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from generation.engines.atelier.box import Box
from generation.engines.atelier.drawing import draw
from generation.engines.atelier.figure import figure
from generation.engines.atelier.grade import PLAIN, Grade


@dataclass(frozen=True, slots=True)
class Node:
    """One figure. `x`, `y`: the middle of its foot; `height` in pixels. `depth` orders drawing: small is far.

    `sink`: share of the height that is under water or behind what carries it. `aloft`: it does not touch the ground.
    `subject` is the index of what the prompt asked for.
    """

    figure: str
    subject: int
    x: float
    y: float
    height: float
    depth: float
    colour: str | None = None
    flip: bool = False
    tilt: float = 0.0
    sink: float = 0.0
    aloft: bool = False
    zone: str = "land"

    @property
    def width(self) -> float:
        """Pixels across."""
        art = figure(self.figure, self.colour)
        return self.height * art.width / art.height

    @property
    def box(self) -> Box:
        """What it covers."""
        half = self.width / 2
        return (self.x - half, self.y - self.height, self.x + half, self.y)


@dataclass(frozen=True, slots=True)
class Decor:
    """A piece of scenery nobody asked for by name: a tree of the wood, a tuft of grass."""

    kind: str
    x: float
    y: float
    height: float
    depth: float
    variant: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A named subject of a scene: how many of it stand there, and where."""

    name: str
    said: str
    figure: str
    count: int
    asked: int
    colour: str | None
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that is needed to draw a picture. Sizes are pixels; `horizon` is a height in pixels from the top."""

    prompt: str
    seed: int
    width: int
    height: int
    style: str
    transparent: bool
    setting: str
    time: str
    weather: str | None
    season: str | None
    tone: str | None
    mood: tuple[str, ...]  # what the prompt itself named
    stars: bool
    horizon: float
    shore: float  # where water ends and sand begins; the height of the canvas if there is no sand
    nodes: tuple[Node, ...]
    decor: tuple[Decor, ...]
    names: tuple[tuple[str, str, int], ...]  # of each subject: label, the prompt's word, the number asked for
    links: tuple[tuple[str, int, int], ...]  # relations between subjects: kind, subject, object
    unread: tuple[str, ...] = ()
    unit: float = 0.0  # pixels of one person at the front; 0 if nothing stands there
    grade: Grade = PLAIN
    code: str = ""  # a style code that paints it instead of the named style

    @property
    def subjects(self) -> tuple[Standing, ...]:
        """The named figures, in the order of the prompt."""
        found = []
        for index, (name, said, asked) in enumerate(self.names):
            mine = [node for node in self.nodes if node.subject == index]
            if mine:
                boxes = tuple(node.box for node in mine)
                found.append(Standing(name, said, mine[0].figure, len(mine), asked, mine[0].colour, boxes))
        return tuple(found)

    def svg(self) -> str:
        """The scene as an SVG document of `width` × `height` pixels."""
        return draw(self)

    def with_nodes(self, nodes: Sequence[Node]) -> Scene:
        """The same scene with other nodes."""
        return replace(self, nodes=tuple(nodes))

    def to_dict(self) -> dict[str, object]:
        """JSON-able, complete: `from_dict` gives the scene back."""
        return asdict(self)


def from_dict(data: dict[str, object]) -> Scene:
    """The scene that `Scene.to_dict` wrote (also after a trip through JSON)."""
    fields = dict(data)
    nodes, decor = fields.pop("nodes"), fields.pop("decor")
    grade = fields.pop("grade")
    assert isinstance(nodes, (list, tuple))
    assert isinstance(decor, (list, tuple))
    assert isinstance(grade, dict)
    names = {"nodes": tuple(Node(**node) for node in nodes), "decor": tuple(Decor(**piece) for piece in decor)}
    return Scene(**fields, **names, grade=Grade(**grade))  # type: ignore[arg-type]
