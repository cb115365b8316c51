"""Figures that belong together (a rider and its horse, a cat on a table) as one rigid piece with its own small space."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from generation.engines.atelier.figure import figure
from generation.engines.atelier.lexicon import Entry, entries
from generation.engines.atelier.reading import Reading, Relation
from generation.engines.atelier.terms import bag

HATS = frozenset({"top-hat", "womans-hat", "billed-cap", "crown", "jack-o-lantern"})
FACE = frozenset({"glasses", "sunglasses"})
WORN = HATS | FACE | {"scarf", "dress"}
STOOD_ON = frozenset(
    {"skateboard", "bicycle", "broom", "sled", "motor-scooter", "kick-scooter", "motorcycle", "skis", "bed", "table"}
)
VESSELS = bag(
    "sled basket bathtub bucket amphora hat top-hat package canoe ferry motor-boat ship sailboat speedboat hot-beverage bowl-with-spoon "
    "honey-pot treasure-chest automobile taxi bus racing-car pickup-truck tractor police-car minibus locomotive shopping-cart "
    "flying-saucer rocket submarine airplane small-airplane passenger-ship nest-with-eggs beer-mug backpack luggage toilet wine-glass"
)
LOFTY = frozenset({"balloon", "umbrella", "kite", "red-paper-lantern"})
ROOFS = bag("umbrella umbrella-on-ground table bridge mushroom brown-mushroom playground-slide shinto-shrine bench")
SEATS = {
    "bench": 0.46,
    "bed": 0.5,
    "chair": 0.5,
    "couch-and-lamp": 0.3,
    "sled": 0.5,
}  # how high one sits, by the height
SPREAD = 0.55  # size differences are flattened by this power: an elephant is not six times a cat


@dataclass(slots=True)
class Part:
    """One figure of a cluster: foot at (x, y) and height, in persons (y grows downwards; 0 is the root's foot)."""

    subject: int
    figure: str
    colour: str | None
    height: float
    zone: str
    x: float = 0.0
    y: float = 0.0
    order: float = 0.0  # drawn after parts of smaller order
    aloft: bool = False
    sink: float = 0.0
    anchor: Part | None = None
    left: float = 0.0  # how far its neighbours reach already, to the left and to the right of its middle
    right: float = 0.0

    @property
    def width(self) -> float:
        """Across, in persons."""
        art = figure(self.figure, self.colour)
        return self.height * art.width / art.height

    def support(self, random: Random, near: float = 0.5) -> tuple[float, float]:
        """A place on its upper outline: (x, y) from its own foot."""
        art = figure(self.figure, self.colour)
        columns = (art.top[2], art.top[3], art.top[4], art.top[5])
        level = sorted(columns)[1]
        y = (level - art.box[3]) / art.height * self.height
        return (near - 0.5) * self.width, y

    def crown(self) -> tuple[float, float]:
        """Where its head is: the highest column of the outline, from its own foot; the middle for what faces us."""
        art = figure(self.figure, self.colour)
        if entries()[self.figure].frame in ("head", "bust") or entries()[self.figure].group == "people":
            return 0.0, -self.height
        head = art.top[:4]  # animals look to the left; a tail may stand higher than the head
        low = min(head)
        columns = [k for k, level in enumerate(head) if level - low < art.height * 0.06]
        middle = sum(columns) / len(columns)
        x = ((middle + 0.5) / len(art.top) - 0.5) * self.width
        return x, (low - art.box[3]) / art.height * self.height


@dataclass(slots=True)
class Cluster:
    """Parts with one root, which stands on the ground, floats, swims or flies as its zone says."""

    parts: list[Part] = field(default_factory=list)

    @property
    def root(self) -> Part:
        """The part that carries the others."""
        return self.parts[0]

    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom in persons."""
        return (
            min(part.x - part.width / 2 for part in self.parts),
            min(part.y - part.height for part in self.parts),
            max(part.x + part.width / 2 for part in self.parts),
            max(part.y for part in self.parts),
        )


def natural_height(entry: Entry, scale: float) -> float:
    """How high a figure is drawn, in persons; wide things are measured by their width too."""
    art = figure(entry.figure)
    size = entry.size**SPREAD * scale
    return float(size * min(1.0, (art.height / art.width) ** 0.5))


def clusters(reading: Reading, random: Random) -> list[Cluster]:
    """All subjects of `reading` as clusters, in the order of the prompt."""
    stands: list[list[Part]] = []
    for index, subject in enumerate(reading.subjects):
        entry = entries()[subject.figure]
        height = natural_height(entry, subject.scale)
        stands.append(
            [
                Part(
                    index,
                    subject.figure,
                    subject.colour,
                    height * random.uniform(0.92, 1.08),
                    entry.zone,
                    aloft=subject.aloft,
                )
                for _ in range(subject.count)
            ]
        )
    crowds: dict[tuple[str, int], list[Part]] = {}  # who stands on (or under) a subject, over all relations
    for relation in reading.relations:
        if relation.kind in CARRYING:
            crowds.setdefault((CARRYING[relation.kind], relation.object), []).extend(stands[relation.subject])
    order = sorted(reading.relations, key=lambda relation: PRIORITY.get(relation.kind, 9))
    for relation in order:
        bind(relation, stands, crowds, random)
    groups: list[Cluster] = []
    for parts in stands:
        for part in parts:
            if part.anchor is None:
                group = Cluster([part])
                gather(part, stands, group)
                groups.append(group)
    return groups


CARRYING = {"on": "on", "riding": "on", "in": "on", "under": "under"}
PRIORITY = {
    "wearing": 0,
    "riding": 1,
    "in": 2,
    "on": 3,
    "holding": 4,
    "under": 5,
    "above": 6,
    "behind": 7,
    "before": 7,
    "chasing": 8,
}


def gather(root: Part, stands: list[list[Part]], group: Cluster) -> None:
    """Put every part that hangs on `root` into its group, with its place counted from the group's root."""
    for parts in stands:
        for part in parts:
            if part.anchor is root:
                part.x, part.y = part.x + root.x, part.y + root.y
                part.order += root.order
                group.parts.append(part)
                gather(part, stands, group)


def hangs_on(part: Part, other: Part) -> bool:
    """Whether `part` is carried by `other`, at whatever remove."""
    step: Part | None = part
    while step is not None:
        if step is other:
            return True
        step = step.anchor
    return False


def bind(
    relation: Relation, stands: list[list[Part]], crowds: dict[tuple[str, int], list[Part]], random: Random
) -> None:
    """Fasten the figures of a relation to each other; what cannot be arranged stays loose."""
    actors, objects = stands[relation.subject], stands[relation.object]
    kind = relation.kind
    thing = objects[0].figure
    entry = entries()[thing]
    living = entries()[actors[0].figure].group in ("animals", "people")
    if kind in ("in", "with", "wearing") and thing in WORN and living:
        kind = "wearing"
    elif kind == "with":
        kind = "holding" if living and entry.size <= 0.8 and (entry.zone == "thing" or thing in LOFTY) else "near"
    if kind == "in":
        kind = "riding" if thing in VESSELS else "on" if thing in ("bed", "couch-and-lamp", "chair") else "near"
    if kind in ("holding", "wearing"):
        pairs = list(zip(actors, objects, strict=False))
        for actor, object_ in pairs:
            if object_.anchor is None and not hangs_on(actor, object_):
                (wear if kind == "wearing" and thing in WORN else hold)(actor, object_, random)
        return
    if kind == "under":
        if entry.zone in ("sky", "air"):
            for actor, object_ in zip(actors, objects, strict=False):
                if object_.anchor is None and not hangs_on(actor, object_) and entry.zone == "air":
                    hover(object_, actor, 0.0)
            return
        kind = (
            "near"
            if thing == "lamp-post"
            else "below"
            if thing in ROOFS or entry.zone in ("plant", "building")
            else "before"
        )
    if kind in ("near", "chasing", "before", "behind") and entry.zone == "sky":
        return
    for number, actor in enumerate(actors):
        object_ = objects[number % len(objects)]
        loose = object_.anchor is None and not hangs_on(actor, object_)
        if actor.anchor is not None and kind == "near" and loose and object_.zone not in ("building", "plant"):
            beside(
                object_, actor, number, chase=False, random=random
            )  # it hangs elsewhere already: bring the thing to it
            continue
        if (
            actor.anchor is not None
            or hangs_on(object_, actor)
            or (kind not in ("on", "riding", "above", "below") and number >= 2)
        ):
            continue
        crowd = crowds.get((CARRYING.get(relation.kind, ""), relation.object), actors)
        share = number % len(objects)
        fellows = (
            [part for at, part in enumerate(crowd) if at % len(objects) == share or part is actor]
            if any(each is actor for each in crowd)
            else [actor]
        )
        place = (position(actor, fellows) + 1) / (len(fellows) + 1)
        if kind == "on":
            mount(actor, object_, place, fellows, random, behind=False)
        elif kind == "riding":
            mount(actor, object_, place, fellows, random, behind=thing not in STOOD_ON)
        elif kind == "above":
            if entry.zone != "sky":
                hover(actor, object_, (place - 0.5) * 2)
        elif kind == "below":
            object_.height = max(object_.height, actor.height * (2.1 if entry.zone == "plant" else 1.75))
            needed = 0.8 * sum(part.width for part in fellows)
            object_.height *= min(1.8, max(1.0, needed / object_.width))
            reach = max(object_.width * 0.8, needed) if len(fellows) > 1 else 0.0
            actor.x, actor.y, actor.order, actor.anchor = (
                (place - 0.5) * reach * 1.3,
                0.03 + 0.05 * position(actor, fellows),
                0.2,
                object_,
            )
            if thing in ("umbrella", "mushroom", "brown-mushroom", "table"):
                actor.x = (place - 0.5) * object_.width + 0.16 * object_.width * (1 if number % 2 else -1) * (
                    len(fellows) == 1
                )
        elif kind in ("before", "behind"):
            side = random.choice((-1, 1))
            far = kind == "behind"
            gap = (0.5 * object_.width + 0.12 * actor.width) if far else (0.1 * object_.width + 0.5 * actor.width)
            actor.x, actor.y = side * gap, -0.16 * object_.height if far else 0.1
            actor.order, actor.anchor = (-0.2 if far else 0.2), object_
        elif actor.zone != "air" or object_.zone == "air" or actor.aloft:
            beside(actor, object_, number, chase=kind == "chasing", random=random)


def position(part: Part, parts: list[Part]) -> int:
    """The index of this very part (equal ones are not it)."""
    return next(at for at, each in enumerate(parts) if each is part)


def mount(actor: Part, object_: Part, place: float, fellows: list[Part], random: Random, *, behind: bool) -> None:
    """Set `actor` on what carries it: behind its back line if it rides or sits in it, else on top."""
    together = sum(part.width for part in fellows)
    least = together * (0.62 if behind else 0.95 if len(fellows) > 1 else 0.8)
    if object_.width < least:
        object_.height *= min(2.2, least / object_.width)
    if together > object_.width * 1.15 and len(fellows) > 1:
        actor.height *= max(0.4, object_.width * 1.15 / together)
    x, y = object_.support(random, 0.06 + 0.88 * place if len(fellows) > 1 else 0.52 if behind else 0.5)
    if object_.figure in SEATS:
        behind = False
        y = -SEATS[object_.figure] * object_.height
    inside = entries()[object_.figure].group == "vehicles" and object_.zone == "land"
    sunk = (0.42 if inside else 0.33) if behind else 0.05
    actor.x = x
    actor.y = min(y + sunk * actor.height, 0.48 * actor.height - object_.height) if behind else y + sunk * actor.height
    actor.order, actor.anchor, actor.sink = (-0.1 if behind else 0.1), object_, sunk if behind else 0.0
    actor.aloft = True


def hover(actor: Part, object_: Part, side: float) -> None:
    """Hang `actor` in the air over `object_`."""
    actor.x = side * max(object_.width, actor.width) * 0.6
    actor.y = -object_.height * 1.12 - 0.12
    actor.order, actor.anchor, actor.aloft = 0.05, object_, True


def wear(actor: Part, object_: Part, random: Random) -> None:
    """Put a hat, scarf or pair of glasses on `actor`."""
    x, y = actor.crown()
    wide = actor.width * (0.5 if object_.figure in HATS else 0.46)
    object_.height *= wide / object_.width
    object_.height = min(object_.height, actor.height * 0.45)
    drop = (
        0.32 * object_.height
        if object_.figure in HATS
        else 0.36 * actor.height
        if object_.figure in FACE
        else (0.84 if entries()[actor.figure].frame == "head" else 0.6) * actor.height
    )
    object_.x, object_.y = x, y + drop
    object_.order, object_.anchor, object_.aloft = 0.15, actor, True


def hold(actor: Part, object_: Part, random: Random) -> None:
    """Give `actor` something into its right hand (as we see it)."""
    lofty = object_.figure in LOFTY
    object_.height = min(object_.height, actor.height * (0.75 if lofty else 0.5))
    object_.x = actor.width * 0.5 + object_.width * 0.12
    object_.y = -actor.height * (0.5 if lofty else 0.18)
    object_.order, object_.anchor, object_.aloft = 0.15, actor, True


def beside(actor: Part, object_: Part, number: int, *, chase: bool, random: Random) -> None:
    """Stand `actor` next to `object_`; a chaser comes from the right, since most figures look to the left."""
    object_.left, object_.right = max(object_.left, object_.width / 2), max(object_.right, object_.width / 2)
    room = random.choice((-1, 1)) if object_.left == object_.right else -1 if object_.left < object_.right else 1
    side = 1 if chase else room
    reach = object_.right if side > 0 else object_.left
    gap = 0.16 * actor.width if chase else 0.04
    actor.x, actor.y = side * (reach + gap + actor.width * 0.48), random.uniform(-0.04, 0.04)
    if side > 0:
        object_.right = reach + gap + actor.width
    else:
        object_.left = reach + gap + actor.width
    if actor.zone in ("air",) and entries()[actor.figure].group == "animals":
        actor.aloft = actor.aloft or object_.aloft
    actor.order, actor.anchor = 0.05, object_
