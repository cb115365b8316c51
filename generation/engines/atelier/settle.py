"""Keeping a scene in order after a change: nothing hangs in the air, no tree hides what is new, another place fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from generation.engines.atelier.box import meet
from generation.engines.atelier.cluster import Part
from generation.engines.atelier.composition import HORIZON, ISLETS, zone_in
from generation.engines.atelier.lexicon import entries
from generation.engines.atelier.reading import Reading
from generation.engines.atelier.scene import Decor, Node, Scene
from generation.engines.atelier.scenery import ASPECT, hides, scenery

CARRYING = frozenset({"on", "riding", "in", "wearing", "holding", "above", "under"})
AFLOAT = 0.08  # of a figure that comes to float, under water


def cleared(scene: Scene, fresh: Sequence[Node]) -> Scene:
    """The scene without the pieces of scenery that hide one of these figures."""
    kept = tuple(
        piece
        for piece in scene.decor
        if not any(hides(box_of(piece), piece.depth, node.box, node.depth) for node in fresh)
    )
    return replace(scene, decor=kept)


def box_of(piece: Decor) -> tuple[float, float, float, float]:
    """What a piece of scenery covers."""
    half = piece.height * ASPECT[piece.kind] / 2
    return (piece.x - half, piece.y - piece.height, piece.x + half, piece.y)


def grounded(scene: Scene, gone: Sequence[Node]) -> Scene:
    """The scene without these figures: what they carried stands on the ground now, what they wore goes with them."""
    left = [node for node in scene.nodes if node not in gone]
    numbers = {node.subject for node in gone} - {node.subject for node in left}
    worn = {other for kind, one, other in scene.links if kind == "wearing" and one in numbers}
    left = [node for node in left if node.subject not in worn]
    carried = {one for kind, one, other in scene.links if kind in ("on", "riding", "in") and other in numbers}
    for at, node in enumerate(left):
        if node.subject not in carried:
            continue
        bearer = next((each for each in gone if meet(each.box, node.box)), None)
        if bearer is None:
            continue
        fresh = replace(node, y=bearer.y, depth=bearer.depth, aloft=bearer.aloft, sink=bearer.sink, zone=bearer.zone)
        drop = fresh.y - node.y
        left[at] = fresh
        # A hat comes down with its head.
        for k, other in enumerate(left):
            linked = any(
                link[0] in CARRYING and {link[1], link[2]} == {node.subject, other.subject} for link in scene.links
            )
            if k != at and linked and meet(other.box, node.box):
                left[k] = replace(other, y=round(other.y + drop, 2), depth=fresh.depth + 0.0015)
    dead = numbers | worn
    links = tuple(link for link in scene.links if not {link[1], link[2]} & dead)
    return replace(scene, nodes=tuple(left), links=links)


def resettled(scene: Scene, setting: str, random: Random) -> Scene:
    """The same figures in another place: each keeps its size, its side and how far away it is."""
    low, high = HORIZON[setting]
    horizon = min(max(scene.horizon, low * scene.height), high * scene.height)
    zones = [(node, zone_in(setting, part_of(node))) for node in scene.nodes]
    footed = any(
        zone in ("land", "building", "plant") and node.figure not in ISLETS and not node.aloft for node, zone in zones
    )
    wet = setting in ("sea", "lake")
    bare = wet and not any(zone in ("float", "swim") or node.figure in ISLETS for node, zone in zones)
    shore = (
        horizon + (0.34 if bare else 0.52) * (scene.height - horizon)
        if wet and (footed or bare)
        else float(scene.height)
    )
    nodes = []
    for node, zone in zones:
        floating = wet and zone in ("float", "swim")
        carried = node.aloft and node.zone not in ("air", "sky")
        y, depth = node.y, node.depth
        if zone in ("land", "building", "plant") or floating or (carried and zone not in ("air", "sky")):
            share = max(0.0, node.y - scene.horizon) / (scene.height - scene.horizon)
            first, last = (
                (shore, scene.height) if wet and not floating else (horizon, shore if floating else scene.height)
            )
            y = first + (0.06 + 0.94 * share) * (last - first) if not carried else node.y + (horizon - scene.horizon)
            depth = (y - horizon) / (scene.height - horizon) if not carried else node.depth
        y = min(y, scene.height - 2.0)
        sink = (node.sink or AFLOAT) if floating else 0.0
        nodes.append(
            replace(
                node,
                y=round(y, 2),
                depth=round(depth, 5),
                zone=zone,
                sink=sink,
                aloft=node.aloft or zone in ("air", "sky"),
            )
        )
    reading = Reading(weather=scene.weather, season=scene.season)
    decor = scenery(
        setting, reading, nodes, scene.width, scene.height, horizon, shore, Random(f"{scene.seed}/scenery/{setting}")
    )
    return replace(
        scene,
        setting=setting,
        horizon=horizon,
        shore=shore,
        nodes=tuple(sorted(nodes, key=lambda node: node.depth)),
        decor=() if scene.transparent else tuple(decor),
    )


def part_of(node: Node) -> Part:
    """A node as the composer's part, to ask where it belongs."""
    return Part(node.subject, node.figure, node.colour, 1.0, entries()[node.figure].zone)
