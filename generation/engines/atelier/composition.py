"""From a reading to a scene: each cluster gets a place by its kind, by seeded trial and judgement of what looks right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from generation.engines.atelier.backdrop import window
from generation.engines.atelier.box import Box, covered, meet
from generation.engines.atelier.cluster import Cluster, Part, clusters
from generation.engines.atelier.lexicon import entries
from generation.engines.atelier.reader import read
from generation.engines.atelier.scene import Node, Scene
from generation.engines.atelier.scenery import scenery
from generation.engines.atelier.style import chosen_style
from generation.engines.atelier.surroundings import setting_of, time_of

HORIZON: dict[str, tuple[float, float]] = {  # lowest and highest share of the height
    "meadow": (0.5, 0.6), "forest": (0.52, 0.6), "lake": (0.46, 0.52), "sea": (0.46, 0.54), "desert": (0.52, 0.6),
    "city": (0.6, 0.66), "mountains": (0.58, 0.66), "snowfield": (0.5, 0.58), "lunar": (0.58, 0.66), "room": (0.6, 0.66),
    "underwater": (0.82, 0.86), "sky": (0.86, 0.9), "space": (0.97, 0.98),
}  # fmt: skip
FREE_SKY = {
    "mountains": 0.54,
    "city": 0.5,
    "forest": 0.6,
    "lake": 0.7,
    "snowfield": 0.72,
    "underwater": 0.6,
    "space": 0.8,
}  # of the horizon
LETTERED = frozenset(
    {"taxi", "ambulance", "police-car", "convenience-store", "school", "hotel", "bank", "hospital", "earth", "piano"}
)
TRIES = 90  # places tried for a cluster
ISLETS = frozenset({"lighthouse", "desert-island"})  # they bring the ground they stand on
STICKER = 0.86  # of the canvas that figures without a ground fill
HERO = 1.3  # how much larger the first subject is among many
SHRINKS = 9  # times the whole is made smaller before the best arrangement so far is taken
WORST_COVER = 0.38  # of a figure, by nearer ones
GROUP_POWER = 0.36  # how much smaller figures get as there are more of them


@dataclass(slots=True)
class Stage:
    """What the placing of clusters needs to know of the canvas."""

    width: int
    height: int
    setting: str
    horizon: float
    shore: float
    unit: float  # pixels of one person at the front
    seed: int = 0

    @property
    def margin(self) -> float:
        """Pixels kept free at the edges."""
        return 0.025 * min(self.width, self.height)


def make_scene(
    prompt: str, seed: int, width: int, height: int, style: str | None = None, background: str | None = None
) -> Scene:
    """The scene for a prompt: same arguments, same scene. Sizes in pixels; `background` "transparent" leaves sky and
    ground out; a `style` of None is taken from the prompt or, failing that, from the seed. No text makes it fail."""
    reading = read(prompt)
    random = Random(f"{seed}/place")
    setting = setting_of(reading, random)
    time = time_of(reading, setting, random)
    low, high = HORIZON[setting]
    horizon = random.uniform(low, high) * height
    groups = clusters(reading, random)
    grounded = any(
        zone_in(setting, group.root) in ("land", "building", "plant") and group.root.figure not in ISLETS
        for group in groups
    )
    sandy = setting in ("sea", "lake") and grounded
    bare = setting in ("sea", "lake") and not any(
        zone_in(setting, group.root) in ("float", "swim") or group.root.figure in ISLETS for group in groups
    )
    shore = horizon + (0.34 if bare else 0.52) * (height - horizon) if sandy or bare else float(height)
    stage = Stage(width, height, setting, horizon, shore, 1.0, seed)
    nodes = arranged(groups, stage, random)
    if background == "transparent":
        nodes = filling(nodes, width, height)
    decor = scenery(setting, reading, nodes, width, height, horizon, shore, Random(f"{seed}/scenery"))
    return Scene(
        prompt=prompt.encode("utf-8", "replace").decode("utf-8")[:4000],
        seed=seed,
        width=width,
        height=height,
        style=chosen_style(style, reading, Random(f"{seed}/style")),
        transparent=background == "transparent",
        setting=setting,
        time=time,
        weather=reading.weather,
        season=reading.season,
        tone=reading.tone,
        mood=reading.mood,
        stars=reading.stars,
        horizon=horizon,
        shore=shore,
        nodes=tuple(nodes),
        decor=() if background == "transparent" else tuple(decor),
        names=tuple((subject.label, subject.said or subject.label, subject.asked) for subject in reading.subjects),
        links=tuple((relation.kind, relation.subject, relation.object) for relation in reading.relations),
        unread=tuple(reading.unread),
        unit=round(stage.unit, 2) if nodes else 0.0,
    )


def filling(nodes: list[Node], width: int, height: int) -> list[Node]:
    """The nodes brought together to the middle of the canvas, as large as it allows: there is no ground to stand on."""
    if not nodes:
        return nodes
    boxes = [node.box for node in nodes]
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[2] for box in boxes), max(box[3] for box in boxes)
    scale = STICKER * min(width / (right - left), height / (bottom - top))
    middle, centre = (left + right) / 2, (top + bottom) / 2
    return [
        replace(
            node,
            x=round(width / 2 + (node.x - middle) * scale, 2),
            y=round(height / 2 + (node.y - centre) * scale, 2),
            height=round(node.height * scale, 2),
        )
        for node in nodes
    ]


def zone_in(setting: str, part: Part) -> str:
    """Where a figure belongs in a setting: land, air, sky, float, swim, building, plant or thing."""
    zone = part.zone
    if part.aloft and zone not in ("sky",):
        return "air"
    if setting in ("space", "sky"):
        return zone if zone == "sky" else "air"
    if setting == "underwater":
        return {"air": "swim", "float": "swim", "thing": "land"}.get(zone, zone)
    if zone in ("float", "swim"):
        return zone if setting in ("sea", "lake") else "land"
    return "land" if zone == "thing" else zone


def arranged(groups: list[Cluster], stage: Stage, random: Random) -> list[Node]:
    """The nodes of all clusters, nothing hidden and nothing cut off."""
    if not groups:
        return []
    counted = sum(0.35 if group.root.zone == "sky" else 1.0 for group in groups)
    lead = 0.50 if counted <= 1.4 else 0.45
    size = lead / max(1.0, counted) ** GROUP_POWER * min(stage.width, stage.height * 1.05)
    own = max(
        covered([(box_of(part), part.order) for part in group.parts], k)
        for group in groups
        for k in range(len(group.parts))
    )
    best: list[Node] = []
    best_fault = float("inf")
    for _ in range(SHRINKS):
        stage.unit = size
        nodes = trial(groups, stage, random)
        boxes = [(node.box, node.depth) for node in nodes]
        fault = max(covered(boxes, index) for index in range(len(boxes)))
        if fault < best_fault:
            best, best_fault = nodes, fault
        if fault <= max(WORST_COVER, own + 0.04):
            break
        size *= 0.87
    return sorted(best, key=lambda node: (node.depth, node.subject, node.x))


def box_of(part: Part) -> Box:
    """What a part covers in the space of its cluster."""
    return (part.x - part.width / 2, part.y - part.height, part.x + part.width / 2, part.y)


def trial(groups: list[Cluster], stage: Stage, random: Random, there: Sequence[Node] = ()) -> list[Node]:
    """One arrangement at the stage's size: the clusters in turn take the best of many places, among what is `there`."""
    placed: list[tuple[Box, float]] = [(node.box, node.depth) for node in there]
    nodes: list[Node] = []
    for number, group in enumerate(groups, len(placed)):
        best: tuple[float, float, float, float] | None = None
        bounds = group.bounds()
        zone = zone_in(stage.setting, group.root)
        mirrored = facing(group, random)
        if mirrored:
            bounds = (-bounds[2], bounds[1], -bounds[0], bounds[3])
        for _ in range(TRIES):
            x, y, depth, scale = sampled(zone, number, bounds, stage, random)
            if number == 0 and len(groups) > 3 and zone != "sky":
                scale = min(scale * HERO, stage.width * 0.9 / (bounds[2] - bounds[0]), (y - stage.margin) / -bounds[1])
                x = min(max(x, stage.margin - bounds[0] * scale), stage.width - stage.margin - bounds[2] * scale)
            box = (x + bounds[0] * scale, y + bounds[1] * scale, x + bounds[2] * scale, y + bounds[3] * scale)
            score = judged(box, depth, number, zone, placed, stage)
            if best is None or score < best[0]:
                best = (score, x, depth, scale)
                spot = y
        assert best is not None
        _, x, depth, scale = best
        flip = mirrored if len(group.parts) > 1 else mirrored_here(group, mirrored, x, stage)
        for part in sorted(group.parts, key=lambda part: part.order):
            node = stood(
                part,
                group.root,
                x,
                spot,
                depth,
                scale,
                zone,
                flip=flip,
                random=random,
                setting=stage.setting,
                alone=len(group.parts) == 1,
            )
            nodes.append(node)
            placed.append((node.box, node.depth))
    return nodes


def sampled(zone: str, number: int, bounds: Box, stage: Stage, random: Random) -> tuple[float, float, float, float]:
    """A random place for a cluster: foot x, foot y, depth (0 far … 1 near) and pixels per person."""
    floor, horizon = stage.height - stage.margin * 1.6, stage.horizon
    high, wide = bounds[3] - bounds[1], bounds[2] - bounds[0]
    if zone == "sky":
        scale = 0.62 * stage.unit
        left, top, right, bottom = sky_room(stage)
        scale = min(scale, (right - left) / wide, (bottom - top) / high)
        y = top + random.random() * max(0.0, bottom - top - high * scale) - bounds[1] * scale
        x = left + random.random() * max(0.0, right - left - wide * scale) - bounds[0] * scale
        return x, y, -0.5 + random.random() * 0.05, scale
    elif zone in ("air", "swim") and (zone == "air" or stage.setting == "underwater"):
        near = random.uniform(0.25, 1.0) if number else random.uniform(0.7, 1.0)
        scale = stage.unit * (0.62 + 0.38 * near)
        below = horizon * 1.02 if stage.setting in ("space", "sky", "underwater") else horizon * 0.98
        room = max(0.0, below - stage.margin - high * scale)
        y, depth = stage.margin + random.random() * room - bounds[1] * scale, 0.15 + 0.3 * near
    elif zone in ("float", "swim"):
        near = random.uniform(0.12, 0.8) if number else random.uniform(0.4, 0.8)
        last = min(stage.shore, floor)
        y, scale = horizon + (0.08 + 0.8 * near) * (last - horizon), stage.unit * (0.55 + 0.45 * near)
        depth = (y - horizon) / (stage.height - horizon)
    else:
        first = stage.shore if stage.shore < stage.height and stage.setting in ("sea", "lake") else horizon
        far = zone in ("building", "plant") and high > 1.1
        near = random.uniform(0.08, 0.42) if far else random.uniform(0.3, 0.97) if number else random.uniform(0.62, 0.9)
        y = first + near * (floor - first) + 0.02 * stage.height * (first != horizon)
        scale = stage.unit * (0.62 + 0.38 * (y - horizon) / (floor - horizon)) * (1.12 if far else 1.0)
        depth = (y - horizon) / (stage.height - horizon)
    scale = min(
        scale, (stage.width - 2 * stage.margin) / wide, (min(y, stage.height) - stage.margin) / max(0.01, -bounds[1])
    )
    scale = max(scale, 1.0)
    left, right = stage.margin - bounds[0] * scale, stage.width - stage.margin - bounds[2] * scale
    x = left + random.random() * max(0.0, right - left)
    return x, y, depth, scale


def sky_room(stage: Stage) -> Box:
    """The part of the sky that no hill, house or wall covers."""
    if stage.setting == "room":
        left, top, right, bottom = window(stage.width, stage.height, stage.seed)
        return left + stage.margin, top + stage.margin, right - stage.margin, bottom - stage.margin
    share = FREE_SKY.get(stage.setting, 0.76)
    return stage.margin, stage.margin, stage.width - stage.margin, max(share * stage.horizon, 4 * stage.margin)


def judged(box: Box, depth: float, number: int, zone: str, placed: list[tuple[Box, float]], stage: Stage) -> float:
    """How wrong a place is: overlap weighs most, then crowding, then the rule of thirds and balance."""
    area = (box[2] - box[0]) * (box[3] - box[1])
    fault = 0.0
    heavy = (box[0] + box[2]) / 2 * area
    mass = area
    for other, _ in placed:
        other_area = (other[2] - other[0]) * (other[3] - other[1])
        heavy += (other[0] + other[2]) / 2 * other_area
        mass += other_area
        apart = abs((box[0] + box[2]) - (other[0] + other[2])) / 2 / stage.width
        fault += 0.9 * max(0.0, 0.2 - apart)
        if meet(box, other):
            shared = (min(box[2], other[2]) - max(box[0], other[0])) * (min(box[3], other[3]) - max(box[1], other[1]))
            share = shared / max(1.0, min(area, other_area))
            fault += 0.6 * share + (6.0 * (share - 0.22) if share > 0.22 else 0.0)
    middle = (box[0] + box[2]) / 2 / stage.width
    if number == 0 and zone not in ("sky",):
        fault += 1.1 * min(abs(middle - 1 / 3), abs(middle - 2 / 3), abs(middle - 0.5) * 1.3)
    fault += 0.6 * abs(heavy / max(1.0, mass) / stage.width - 0.5)
    outside = max(0.0, -box[0]) + max(0.0, -box[1]) + max(0.0, box[2] - stage.width) + max(0.0, box[3] - stage.height)
    return fault + 8.0 * outside / min(stage.width, stage.height)


def mirrored_here(group: Cluster, mirrored: bool, x: float, stage: Stage) -> bool:
    """Whether a lone figure is mirrored at its place: most look left, and look better looking into the picture."""
    kind = entries()[group.root.figure].group
    return x < stage.width * 0.5 if kind in ("animals", "vehicles", "people") and not lettered(group) else mirrored


def lettered(group: Cluster) -> bool:
    """Whether it holds a figure that reads wrong in a mirror."""
    return any(part.figure in LETTERED for part in group.parts)


def facing(group: Cluster, random: Random) -> bool:
    """Whether the cluster is mirrored before it is placed."""
    mirrored = random.random() < 0.4
    if lettered(group):
        return False
    if any(entries()[part.figure].group == "sky" for part in group.parts):
        return False
    return mirrored and len(group.parts) > 1


def stood(
    part: Part,
    root: Part,
    x: float,
    y: float,
    depth: float,
    scale: float,
    zone: str,
    *,
    flip: bool,
    random: Random,
    setting: str,
    alone: bool,
) -> Node:
    """A part of a cluster as a node of the scene."""
    tilt = 0.0
    own = zone if part is root else zone_in(setting, part)
    sink = 0.0
    if part is root and zone in ("float", "swim") and setting in ("sea", "lake"):
        sink = {"vehicles": 0.08, "places": 0.03}.get(entries()[part.figure].group, 0.3)
        sink = {"swan": 0.08, "duck": 0.1, "dolphin": 0.06}.get(part.figure, sink)
    if part is root and zone in ("air", "swim") and setting in ("space", "underwater", "sky") and alone:
        tilt = random.uniform(-14, 14) if setting == "space" else random.uniform(-6, 6)
    return Node(
        figure=part.figure,
        subject=part.subject,
        x=round(x + (-part.x if flip else part.x) * scale, 2),
        y=round(y + part.y * scale, 2),
        height=round(max(2.0, part.height * scale), 2),
        depth=round(depth + part.order * 0.01, 5),
        colour=part.colour,
        flip=flip,
        tilt=round(tilt, 1),
        sink=round(sink, 3),
        aloft=part.aloft or own in ("air", "sky") or part.anchor is not None,
        zone=own,
    )
