"""A scene after an instruction: what is not spoken of keeps its place, its light and its seed.

`edited` draws nothing: it changes nodes, moods and moves of colour of a scene, and says what it did and what it could not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random

from generation.engines.atelier.box import Box, meet
from generation.engines.atelier.caption import plural
from generation.engines.atelier.cluster import natural_height
from generation.engines.atelier.instruction import Instruction, Target
from generation.engines.atelier.lexicon import entries
from generation.engines.atelier.placing import Stroke, joined
from generation.engines.atelier.reader import MAX_FIGURES
from generation.engines.atelier.reading import Reading, Subject
from generation.engines.atelier.scene import Node, Scene
from generation.engines.atelier.settle import cleared, grounded, resettled

LARGEST = 0.92  # of the canvas, of a figure that is made bigger
SMALLEST = 0.04
SHINING_BY_DAY = {"moon": "sun", "crescent": "sun"}
SHINING_BY_NIGHT = {"sun": "moon"}


@dataclass(slots=True)
class Outcome:
    """A scene after an instruction, and in words what was done and what was not."""

    scene: Scene
    did: list[str] = field(default_factory=list)
    undone: list[str] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)  # those that no figure took


def edited(
    scene: Scene, told: Instruction, seed: int, region: Box | None = None, strokes: Sequence[Stroke] = ()
) -> Outcome:
    """The scene after an instruction. `region` is the box (pixels) of what a mask lets change, `strokes` what was drawn
    over the picture: both say where new things go and what "this" is. Same arguments, same outcome."""
    out = Outcome(scene)
    random = Random(f"{seed}/edit")
    out.strokes = left = list(strokes)
    for aim in told.removals:
        remove(out, aim, region, left)
    for aim, subject in told.replacements:
        turn_into(out, aim, subject, region, left)
    for aim, colour in told.recolours:
        change(out, aim, region, left, f"in {colour}", lambda node, colour=colour: replace(node, colour=colour))
    for aim, by in told.sizes:
        word = "bigger" if by > 1 else "smaller"
        change(out, aim, region, left, word, lambda node, by=by: sized(node, by, out.scene))
    for aim, right, down in told.moves:
        move(out, aim, right, down, region, left)
    moods(out, told, random)
    for reading in told.additions:
        add(out, reading, random, region, left)
    if told.mirrored:
        out.scene = mirrored(out.scene)
        out.did.append("mirrored")
    if told.style is not None:
        out.scene = replace(out.scene, style=told.style, code="")
        out.did.append(f"style {told.style}")
    if not told.grade.plain:
        out.scene = replace(out.scene, grade=out.scene.grade + told.grade)
        out.did.append("colours moved")
    if told.transparent is not None and told.transparent != out.scene.transparent:
        out.scene = replace(out.scene, transparent=True, decor=())
        out.did.append("background left out")
    out.undone += [f"not known: {word}" for word in told.unread]
    out.scene = replace(out.scene, unread=tuple(told.unread))
    return out


def meant(scene: Scene, aim: Target, region: Box | None, strokes: list[Stroke]) -> list[Node]:
    """The nodes an instruction means: of this figure (and colour), or under the mask or a stroke if it names none."""
    if aim.figure is not None:
        label = entries()[aim.figure].label
        kin = [node for node in scene.nodes if aim.figure in (node.figure, None)]
        if not kin:  # "the boat" of a scene with a sailing boat
            kin = [node for node in scene.nodes if akin(node.figure, label)]
        same = [node for node in kin if aim.colour is None or node.colour == aim.colour] or kin
        if region is not None and any(meet(node.box, region) for node in same):
            same = [node for node in same if meet(node.box, region)]
        return same if aim.count is None else same[: aim.count]
    spots = [stroke.box for stroke in strokes] or ([region] if region is not None else [])
    if spots:
        return [node for node in scene.nodes if any(inside(node.box, spot) > 0.35 for spot in spots)]
    first = scene.subjects[0].figure if scene.subjects else None
    return [node for node in scene.nodes if node.figure == first and scene.nodes]


def akin(figure: str, label: str) -> bool:
    """Whether a figure may be called by another's name: "sailboat" is a boat, "polar bear" a bear."""
    entry = entries()[figure]
    short = label.split()[-1]
    return len(short) > 2 and any(word.split()[-1].endswith(short) for word in entry.words)


def inside(box: Box, spot: Box) -> float:
    """The share of a box that lies in a spot."""
    if not meet(box, spot):
        return 0.0
    across, down = min(box[2], spot[2]) - max(box[0], spot[0]), min(box[3], spot[3]) - max(box[1], spot[1])
    return across * down / max(1.0, (box[2] - box[0]) * (box[3] - box[1]))


def called(aim: Target) -> str:
    """A target in words."""
    return entries()[aim.figure].label if aim.figure is not None else "what was meant"


def remove(out: Outcome, aim: Target, region: Box | None, strokes: list[Stroke]) -> None:
    """Take figures out of the scene; what stood on them comes down."""
    gone = meant(out.scene, aim, region, strokes)
    if aim.figure is None and not strokes and region is None:
        gone = []
    if not gone:
        trees = aim.figure is not None and entries()[aim.figure].zone == "plant" and bool(out.scene.decor)
        if not trees:
            out.undone.append(f"not there: {called(aim)}")
            return
        out.scene = replace(out.scene, decor=tuple(piece for piece in out.scene.decor if piece.kind not in WOODS))
    else:
        out.scene = grounded(out.scene, gone)
    names = sorted({out.scene.names[node.subject][1] for node in gone}) or [called(aim)]
    out.did.append(f"removed {', '.join(names)}")


WOODS = frozenset({"pine", "round", "birch", "bush", "flower", "cactus"})


def turn_into(out: Outcome, aim: Target, subject: Subject, region: Box | None, strokes: list[Stroke]) -> None:
    """Put another figure in the place of one that is there."""
    scene = out.scene
    old = meant(scene, aim, region, strokes)
    if aim.figure is None and region is None and not strokes:  # "a dog instead": of what is likest
        group = entries()[subject.figure].group
        like = next((node for node in scene.nodes if entries()[node.figure].group == group), None)
        old = [node for node in scene.nodes if like is not None and node.subject == like.subject] or old
    if not old:
        out.undone.append(f"not there: {called(aim)}")
        return
    entry = entries()[subject.figure]
    number = old[0].subject
    ratio = natural_height(entry, subject.scale) / natural_height(entries()[old[0].figure], 1.0)
    fresh = [
        fitting(
            replace(
                node,
                figure=subject.figure,
                colour=subject.colour,
                height=round(node.height * ratio, 2),
                flip=node.flip and entry.group != "sky",
                sink=node.sink if entry.zone in ("float", "swim") else 0.0,
            ),
            scene,
        )
        for node in old
    ]
    kept = tuple(fresh[old.index(node)] if node in old else node for node in scene.nodes)
    names = list(scene.names)
    said = names[number][1]
    alone = all(node.subject != number or node in old for node in scene.nodes)
    if alone:
        names[number] = (entry.label, subject.said or entry.label, len(old))
    else:
        names.append((entry.label, subject.said or entry.label, len(old)))
        kept = tuple(replace(node, subject=len(names) - 1) if node in fresh else node for node in kept)
    out.scene = cleared(replace(scene, nodes=kept, names=tuple(names)), fresh)
    out.did.append(f"{said} became {subject.said or entry.label}")
    if subject.count > len(old):
        more = replace_count(subject, subject.count - len(old))
        add(out, Reading([more]), Random(f"{scene.seed}/more"), region, [])


def replace_count(subject: Subject, count: int) -> Subject:
    """As many of it."""
    return Subject(subject.figure, count, count, subject.colour, subject.scale, subject.aloft, subject.said)


def change(out: Outcome, aim: Target, region: Box | None, strokes: list[Stroke], word: str, by: object) -> None:
    """Do something to each figure that is meant."""
    assert callable(by)
    nodes = meant(out.scene, aim, region, strokes)
    if not nodes:
        out.undone.append(f"not there: {called(aim)}")
        return
    fresh = [by(node) for node in nodes]
    kept = tuple(fresh[nodes.index(node)] if node in nodes else node for node in out.scene.nodes)
    out.scene = cleared(replace(out.scene, nodes=kept), fresh)
    out.did.append(f"{out.scene.names[nodes[0].subject][1]} {word}")


def sized(node: Node, by: float, scene: Scene) -> Node:
    """Larger or smaller on the same foot; what is in the air keeps its middle."""
    tall = max(SMALLEST * scene.height, node.height * by)
    foot = node.y if not node.aloft else node.y + (tall - node.height) / 2
    return fitting(replace(node, height=round(tall, 2), y=round(foot, 2)), scene)


def fitting(node: Node, scene: Scene) -> Node:
    """No larger than the canvas, and on it."""
    most = LARGEST * min(scene.height / node.height, scene.width / node.width)
    node = replace(node, height=round(node.height * min(1.0, most), 2))
    half = node.width / 2
    edge = 0.01 * min(scene.width, scene.height)
    x = min(max(node.x, half + edge), scene.width - half - edge)
    y = min(max(node.y, node.height + edge), scene.height - edge)
    return replace(node, x=round(x, 2), y=round(y, 2))


def move(
    out: Outcome, aim: Target, right: float | None, down: float, region: Box | None, strokes: list[Stroke]
) -> None:
    """Shift figures; nearer ones grow, farther ones shrink. "Here" is the next stroke, or the middle."""
    scene = out.scene
    nodes = meant(scene, aim, None, [])
    if not nodes or aim.figure is None:
        out.undone.append(f"not there: {called(aim)}")
        return
    spot = strokes.pop(0).box if right is None and strokes else region if right is None else None
    fresh = []
    for node in nodes:
        if spot is not None:
            x, y = (spot[0] + spot[2]) / 2, spot[3] if not node.aloft else (spot[1] + spot[3]) / 2 + node.height / 2
        else:
            x = scene.width / 2 if right is None else node.x + right * scene.width
            y = node.y + down * scene.height
        standing = node.zone not in ("sky", "air") and not scene.transparent
        if standing:
            y = max(y, scene.horizon + 0.03 * (scene.height - scene.horizon))
        by = 1.0
        if standing and not node.aloft:
            far, near = node.y - scene.horizon, y - scene.horizon
            floor = scene.height - scene.horizon
            by = (0.62 + 0.38 * near / floor) / (0.62 + 0.38 * max(0.0, far) / floor)
        depth = (y - scene.horizon) / (scene.height - scene.horizon) if standing and not node.aloft else node.depth
        fresh.append(
            fitting(
                replace(node, x=round(x, 2), y=round(y, 2), height=round(node.height * by, 2), depth=round(depth, 5)),
                scene,
            )
        )
    kept = tuple(fresh[nodes.index(node)] if node in nodes else node for node in scene.nodes)
    out.scene = cleared(replace(scene, nodes=kept), fresh)
    out.did.append(f"moved {scene.names[nodes[0].subject][1]}")


def moods(out: Outcome, told: Instruction, random: Random) -> None:
    """Another hour, weather, season, tone or place."""
    wanted = dict(told.moods)
    stars = wanted.pop("stars", "")
    scene = out.scene
    if stars != "":
        scene = replace(scene, stars=stars is not None)
        out.did.append("stars" if stars else "no stars")
    setting = wanted.pop("setting", None)
    time = wanted.pop("time", None)
    for name, value in wanted.items():
        scene = replace(scene, **{name: value})  # type: ignore[arg-type]
        out.did.append(value or f"no {name}")
    if time is not None:
        lamps = SHINING_BY_NIGHT if time == "night" else SHINING_BY_DAY
        nodes, names = list(scene.nodes), list(scene.names)
        for at, node in enumerate(nodes):
            if node.figure in lamps and (time == "night" or time == "day"):
                nodes[at] = replace(node, figure=lamps[node.figure], colour=None)
                names[node.subject] = (lamps[node.figure], lamps[node.figure], names[node.subject][2])
        scene = replace(
            scene, time=time, stars=scene.stars and time in ("night", "dusk"), nodes=tuple(nodes), names=tuple(names)
        )
        out.did.append(time)
    if setting is not None and setting != scene.setting:
        scene = resettled(scene, setting, random)
        out.did.append(f"place: {setting}")
    mood = tuple(word for word in (time or None, scene.weather, scene.season, scene.tone) if word)
    out.scene = replace(scene, mood=mood or scene.mood)


def add(out: Outcome, reading: Reading, random: Random, region: Box | None, strokes: list[Stroke]) -> None:
    """New figures among those that are there; "the" ones that are there carry what is said to be on them."""
    room = MAX_FIGURES - len(out.scene.nodes)
    fresh = [
        subject for subject in reading.subjects if not (subject.known and meant(out.scene, aimed(subject), None, []))
    ]
    asked = sum(subject.count for subject in fresh)
    if asked > room:
        out.undone.append("too many figures")
    for subject in fresh:
        subject.count = max(0, min(subject.count, room))
        room -= subject.count
    fresh = [subject for subject in fresh if subject.count]
    if not fresh:
        return
    anchors = {
        at: meant(out.scene, aimed(subject), None, [])[0]
        for at, subject in enumerate(reading.subjects)
        if not any(subject is each for each in fresh) and meant(out.scene, aimed(subject), None, [])
    }
    out.scene = joined(out.scene, reading, anchors, random, region, strokes)
    words = [subject.said if subject.count == 1 else f"{subject.count} {plural(subject.said)}" for subject in fresh]
    out.did.append(f"added {', '.join(words)}")


def aimed(subject: Subject) -> Target:
    """What a subject that is there is."""
    return Target(subject.figure, subject.colour)


def mirrored(scene: Scene) -> Scene:
    """Left and right exchanged; letters stay readable only where figures have none."""
    nodes = tuple(
        replace(node, x=round(scene.width - node.x, 2), flip=not node.flip, tilt=-node.tilt) for node in scene.nodes
    )
    decor = tuple(replace(piece, x=round(scene.width - piece.x, 1)) for piece in scene.decor)
    return replace(scene, nodes=nodes, decor=decor)
