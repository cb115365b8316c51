"""Variations of a scene: from the same figures a little moved to the same words composed anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random

from generation.engines.atelier.box import covered
from generation.engines.atelier.cluster import clusters, natural_height
from generation.engines.atelier.composition import Stage, arranged, filling
from generation.engines.atelier.edit import fitting
from generation.engines.atelier.lexicon import entries
from generation.engines.atelier.reading import Reading, Relation, Subject
from generation.engines.atelier.scene import Node, Scene
from generation.engines.atelier.scenery import scenery
from generation.engines.atelier.settle import cleared
from generation.engines.atelier.style import UNASKED

USUAL = 0.4  # when no amount is said
ANOTHER_LIGHT = 0.25  # from here on sky, land and scenery are others
COMPOSED_ANEW = 0.6  # from here on the figures stand elsewhere
ANOTHER_STYLE = 0.85  # from here on it is painted otherwise
TRIES = 14
SWING = 0.3  # of the canvas, how far a figure moves at most
GROWTH = 0.3


def varied(scene: Scene, amount: float, seed: int, *, style_kept: bool = False) -> Scene:
    """Another picture of the same things; `amount` 0 is the same scene, 1 only has its words in common. Deterministic."""
    if amount <= 0:
        return scene
    random = Random(f"{seed}/vary")
    if amount >= COMPOSED_ANEW:
        scene = composed_anew(scene, seed, random)
    else:
        scene = shaken(scene, amount, random)
        if amount >= ANOTHER_LIGHT:
            scene = replace(scene, seed=seed)
            scene = cleared(with_scenery(scene), scene.nodes)
    if amount >= ANOTHER_STYLE and not style_kept and not scene.code:
        scene = replace(scene, style=random.choice([name for name in UNASKED if name != scene.style]))
    return scene


def families(scene: Scene) -> Mapping[int, int]:
    """Which subjects move together, by the lowest index among them: riders with horses, hats with heads."""
    family = {node.subject: node.subject for node in scene.nodes}
    for _, one, other in scene.links:
        if one in family and other in family:
            low, high = sorted((family[one], family[other]))
            family = {subject: low if head == high else head for subject, head in family.items()}
    return family


def shaken(scene: Scene, amount: float, random: Random) -> Scene:
    """The figures moved and resized a little, in the way of many that hides least."""
    family = families(scene)
    bound = {subject for subject in family if sum(family[subject] == head for head in family.values()) > 1}
    best, least = scene, float("inf")
    for _ in range(TRIES):
        shifts: dict[object, tuple[float, float]] = {}
        nodes: list[Node] = []
        for at, node in enumerate(scene.nodes):
            key = (family[node.subject],) if node.subject in bound else at
            if key not in shifts:
                shifts[key] = (
                    random.uniform(-1, 1) * amount * SWING * scene.width,
                    1 + random.uniform(-1, 1) * amount * GROWTH if node.subject not in bound else 1.0,
                )
            across, by = shifts[key]
            moved = replace(node, x=round(node.x + across, 2), height=round(node.height * by, 2))
            nodes.append(moved if node.subject in bound else fitting(moved, scene))
        boxes = [(node.box, node.depth) for node in nodes]
        outside = sum(max(0.0, -box[0]) + max(0.0, box[2] - scene.width) for box, _ in boxes) / scene.width
        fault = max((covered(boxes, k) for k in range(len(boxes))), default=0.0) + 4 * outside
        if fault < least:
            best, least = replace(scene, nodes=tuple(nodes)), fault
    return cleared(best, best.nodes)


def reading_of(scene: Scene) -> tuple[Reading, dict[int, int]]:
    """What a prompt for this scene would have said, and the index of each of its subjects in the scene."""
    reading = Reading(
        setting=scene.setting, time=scene.time, weather=scene.weather, season=scene.season, tone=scene.tone
    )
    place: dict[int, int] = {}
    person = scene.unit or 1.0
    for number, (_, said, asked) in enumerate(scene.names):
        mine = [node for node in scene.nodes if node.subject == number]
        if mine:
            place[number] = len(reading.subjects)
            usual = natural_height(entries()[mine[0].figure], 1.0) * person
            scale = min(1.6, max(0.6, mine[0].height / usual)) if scene.unit and not scene.transparent else 1.0
            flying = mine[0].zone == "air" and entries()[mine[0].figure].zone not in ("air", "sky")
            reading.subjects.append(Subject(mine[0].figure, len(mine), asked, mine[0].colour, scale, flying, said))
    reading.relations = [
        Relation(kind, place[one], place[other]) for kind, one, other in scene.links if one in place and other in place
    ]
    return reading, place


def composed_anew(scene: Scene, seed: int, random: Random) -> Scene:
    """The same figures and moods, placed from nothing by another seed."""
    reading, place = reading_of(scene)
    stage = Stage(scene.width, scene.height, scene.setting, scene.horizon, scene.shore, 1.0, seed)
    nodes = arranged(clusters(reading, random), stage, random)
    if scene.transparent:
        nodes = filling(nodes, scene.width, scene.height)
    back = {index: number for number, index in place.items()}
    nodes = [replace(node, subject=back[node.subject]) for node in nodes]
    fresh = replace(scene, seed=seed, nodes=tuple(nodes), unit=round(stage.unit, 2) if nodes else 0.0)
    return with_scenery(fresh)


def with_scenery(scene: Scene) -> Scene:
    """The scene with the scenery of its seed."""
    if scene.transparent:
        return scene
    reading = Reading(weather=scene.weather, season=scene.season)
    pieces = scenery(
        scene.setting, reading, scene.nodes, scene.width, scene.height, scene.horizon, scene.shore, Random(f"{scene.seed}/scenery")
    )  # fmt: skip
    return replace(scene, decor=tuple(pieces))


def fitted(scene: Scene, width: int, height: int) -> Scene:
    """The scene on a canvas of another size: nothing is stretched, and what is on the ground stays on it."""
    if (scene.width, scene.height) == (width, height):
        return scene
    by = min(width / scene.width, height / scene.height)
    horizon = scene.horizon / scene.height * height
    shore = (
        float(height)
        if scene.shore >= scene.height
        else horizon + (scene.shore - scene.horizon) / (scene.height - scene.horizon) * (height - horizon)
    )

    def across(x: float) -> float:
        return width / 2 + (x - scene.width / 2) * by

    def down(y: float) -> float:
        if y <= scene.horizon:
            return y / scene.horizon * horizon
        return horizon + (y - scene.horizon) / (scene.height - scene.horizon) * (height - horizon)

    nodes = tuple(
        replace(node, x=round(across(node.x), 2), y=round(down(node.y), 2), height=round(node.height * by, 2)) for node in scene.nodes
    )  # fmt: skip
    decor = tuple(
        replace(piece, x=round(across(piece.x), 1), y=round(down(piece.y), 1), height=round(piece.height * by, 1)) for piece in scene.decor
    )  # fmt: skip
    return replace(
        scene, width=width, height=height, horizon=horizon, shore=shore, nodes=nodes, decor=decor, unit=round(scene.unit * by, 2)
    )  # fmt: skip
