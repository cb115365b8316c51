"""Where new figures go in a scene that is there: on who carries them, under the mask, on a stroke, or where it looks best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from generation.engines.atelier.box import Box, covered
from generation.engines.atelier.cluster import Cluster, Part, clusters, natural_height
from generation.engines.atelier.composition import WORST_COVER, Stage, stood, trial, zone_in
from generation.engines.atelier.lexicon import entries
from generation.engines.atelier.reading import Reading
from generation.engines.atelier.scene import Node, Scene
from generation.engines.atelier.settle import cleared

ALONE = 0.4  # of the shorter side: a person in a scene where nothing stands yet
SHRINKS = 6
FILL = 0.94  # of a region or stroke


@dataclass(frozen=True, slots=True)
class Stroke:
    """Something drawn over a picture: its box in pixels, its mean colour (#rrggbb), and the nearest named colour (None for
    black, white and grey, which say only where)."""

    box: Box
    paint: str
    colour: str | None


def person_of(scene: Scene) -> float:
    """Pixels of one person at the front of a scene."""
    if scene.unit > 0:
        return scene.unit
    sizes = sorted(node.height / natural_height(entries()[node.figure], 1.0) for node in scene.nodes)
    return sizes[len(sizes) // 2] if sizes else ALONE * min(scene.width, scene.height)


def joined(
    scene: Scene,
    reading: Reading,
    anchors: Mapping[int, Node],
    random: Random,
    region: Box | None = None,
    strokes: list[Stroke] | None = None,
) -> Scene:
    """The scene with the subjects of `reading` in it; `anchors` are those of them (by index) that are there already.

    `region` is where they must go; a stroke (taken out of the list) is where one goes, and gives it its colour.
    """
    marks = strokes if strokes is not None else []
    index = {
        at: len(scene.names) + k for k, at in enumerate(at for at in range(len(reading.subjects)) if at not in anchors)
    }
    for at in index:
        subject = reading.subjects[at]
        if subject.colour is None and len(marks) >= 1 and marks[min(len(marks) - 1, 0)].colour is not None:
            subject.colour = marks[0].colour
    fresh: list[Node] = []
    groups = clusters(reading, random)
    loose = sum(all(part.subject not in anchors for part in group.parts) for group in groups) - len(marks)
    part_of_region = 0
    for group in groups:
        held = next((part for part in group.parts if part.subject in anchors and part.anchor is None), None) or next(
            (part for part in group.parts if part.subject in anchors), None
        )
        if held is not None:
            if len(group.parts) > 1:
                fresh += fastened(group, held, anchors, scene, random)
            continue
        if marks:
            spot: Box | None = marks.pop(0).box
        else:
            spot = share_of(region, part_of_region, loose)
            part_of_region += 1
        there = [*scene.nodes, *fresh]
        fresh += (
            in_region(group, spot, scene, random, len(there)) if spot is not None else free(group, scene, there, random)
        )
    numbered = [replace(node, subject=index[node.subject]) for node in fresh if node.subject in index]
    names = [
        *scene.names,
        *(
            (
                reading.subjects[at].label,
                reading.subjects[at].said or reading.subjects[at].label,
                reading.subjects[at].asked,
            )
            for at in index
        ),
    ]
    place = {**index, **{at: node.subject for at, node in anchors.items()}}
    links = [(link.kind, place[link.subject], place[link.object]) for link in reading.relations]
    nodes = sorted([*scene.nodes, *numbered], key=lambda node: node.depth)
    unit = scene.unit or round(person_of(scene), 2)
    whole = replace(scene, nodes=tuple(nodes), names=tuple(names), links=(*scene.links, *links), unit=unit)
    return cleared(whole, numbered)


def share_of(region: Box | None, number: int, of: int) -> Box | None:
    """The part of a region, from left to right, that one of several gets."""
    if region is None or of <= 1:
        return region
    wide = (region[2] - region[0]) / of
    return region[0] + number * wide, region[1], region[0] + (number + 1) * wide, region[3]


def stage_of(scene: Scene, unit: float) -> Stage:
    """The canvas as the composer sees it."""
    return Stage(scene.width, scene.height, scene.setting, scene.horizon, scene.shore, unit, scene.seed)


def free(group: Cluster, scene: Scene, there: Sequence[Node], random: Random) -> list[Node]:
    """The group at the best place of many, smaller and smaller until nothing is hidden."""
    unit = person_of(scene)
    best: list[Node] = []
    least = float("inf")
    known = [(node.box, node.depth) for node in there]
    own = max((covered(known, k) for k in range(len(known))), default=0.0)
    for _ in range(SHRINKS):
        nodes = trial([group], stage_of(scene, unit), random, there)
        boxes = [*known, *((node.box, node.depth) for node in nodes)]
        fault = max(covered(boxes, k) for k in range(len(boxes)))
        if fault < least:
            best, least = nodes, fault
        if fault <= max(WORST_COVER, own):
            break
        unit *= 0.86
    return best


def in_region(group: Cluster, region: Box, scene: Scene, random: Random, number: int) -> list[Node]:
    """The group inside a box: as large as it allows, its foot at the bottom, its middle in the middle."""
    left, top, right, bottom = group.bounds()
    wide, high = region[2] - region[0], region[3] - region[1]
    scale = FILL * min(wide / (right - left), high / (bottom - top))
    zone = zone_in(scene.setting, group.root)
    x = (region[0] + region[2]) / 2 - (left + right) / 2 * scale
    if zone in ("sky", "air") or scene.transparent:
        y = (region[1] + region[3]) / 2 - (top + bottom) / 2 * scale
    else:
        y = region[3] - (1 - FILL) / 2 * high - bottom * scale
    floor = scene.height - scene.horizon
    depth = -0.4 if zone == "sky" else 0.4 if zone == "air" else max(0.1, (y - scene.horizon) / floor)
    lifted = zone == "air" or y < scene.horizon
    nodes = [
        stood(part, group.root, x, y, depth, scale, zone, flip=x < scene.width / 2 and may_flip(group), random=random,
              setting=scene.setting, alone=len(group.parts) == 1)
        for part in sorted(group.parts, key=lambda part: part.order)
    ]  # fmt: skip
    # It lies over what is under the mask, else an edit could come to nothing behind what is there.
    over = max((node.depth for node in scene.nodes if node.zone != "sky"), default=0.0) + 0.001 * number
    return [
        replace(
            node,
            aloft=node.aloft or lifted,
            depth=round(max(node.depth, over if zone != "sky" else node.depth), 5),
            sink=0.0,
        )
        for node in nodes
    ]


def may_flip(group: Cluster) -> bool:
    """Whether a lone figure may look to the other side."""
    return len(group.parts) == 1 and entries()[group.root.figure].group in ("animals", "people")


def fastened(group: Cluster, held: Part, anchors: Mapping[int, Node], scene: Scene, random: Random) -> list[Node]:
    """The parts of a group whose part `held` is there already, in their places beside it."""
    node = anchors[held.subject]
    scale = node.height / held.height
    side = -1 if node.flip else 1
    x, y = node.x - side * held.x * scale, node.y - held.y * scale
    depth = node.depth - held.order * 0.01
    return [
        stood(part, group.root, x, y, depth, scale, node.zone if part is group.root else zone_in(scene.setting, part),
              flip=node.flip, random=random, setting=scene.setting, alone=False)
        for part in group.parts
        if part.subject not in anchors
    ]  # fmt: skip
