"""A scene as it is kept in a picture's facts: short, bounded JSON, and read back with nothing believed.

`recalled` gives None for whatever `remembered` did not write: facts of other engines, of other versions, or tampered with.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import astuple

from generation.engines.atelier.grade import MOST, Grade
from generation.engines.atelier.lexicon import entries
from generation.engines.atelier.manner import CODE
from generation.engines.atelier.palette import LAND, SKIES
from generation.engines.atelier.reader import MAX_FIGURES
from generation.engines.atelier.scene import Decor, Node, Scene
from generation.engines.atelier.scenery import ASPECT
from generation.engines.atelier.style import STYLES
from generation.engines.atelier.terms import COLOURS, RELATIONS, SEASONS, TONES, WEATHERS

VERSION = 1
LONGEST_PROMPT = 300  # characters of it that are kept; the job has it whole
MOST_NODES = 3 * MAX_FIGURES
MOST_DECOR = 200
MOST_NAMES = 40
FARTHEST = 20_000.0  # pixels
ZONES = frozenset({"land", "air", "sky", "float", "swim", "building", "plant", "thing"})
MOODS = (*SKIES, *WEATHERS, *SEASONS, *TONES)


class Unknown(ValueError):
    """What was read is not what is written here."""


def remembered(scene: Scene) -> dict[str, object]:
    """The scene as JSON-able data of at most about 20 KB."""
    return {
        "version": VERSION,
        "prompt": scene.prompt[:LONGEST_PROMPT],
        "seed": str(scene.seed),  # JSON's numbers end at 2**53 for many readers
        "size": [scene.width, scene.height],
        "style": scene.style,
        "code": scene.code,
        "transparent": scene.transparent,
        "place": [scene.setting, scene.time, scene.weather, scene.season, scene.tone],
        "mood": list(scene.mood),
        "stars": scene.stars,
        "lines": [scene.horizon, scene.shore, scene.unit],
        "nodes": [
            [node.figure, node.subject, node.x, node.y, node.height, node.depth, node.colour, node.flip, node.tilt,
             node.sink, node.aloft, node.zone]
            for node in scene.nodes
        ],
        "decor": [[piece.kind, piece.x, piece.y, piece.height, piece.depth, piece.variant] for piece in scene.decor],
        "names": [list(name) for name in scene.names],
        "links": [list(link) for link in scene.links],
        "grade": [round(move, 6) for move in astuple(scene.grade)],
    }  # fmt: skip


def recalled(facts: Mapping[str, object]) -> Scene | None:
    """The scene of a picture with these facts (`facts["graph"]`), None when it has none that can be drawn."""
    graph = facts.get("graph")
    if facts.get("engine") != "atelier" or not isinstance(graph, Mapping) or graph.get("version") != VERSION:
        return None
    try:
        return _scene(graph)
    except (Unknown, KeyError, TypeError, ValueError):
        return None


def _scene(graph: Mapping[str, object]) -> Scene:
    width, height = (_whole(side, 1, 16_384) for side in _list(graph["size"], 2, 2))
    setting, time, weather, season, tone = _list(graph["place"], 5, 5)
    horizon, shore, unit = (_number(line) for line in _list(graph["lines"], 3, 3))
    names = tuple(_name(each) for each in _list(graph["names"], 0, MOST_NAMES))
    nodes = tuple(_node(each, len(names)) for each in _list(graph["nodes"], 0, MOST_NODES))
    code = graph["code"]
    if not isinstance(code, str) or (code and not CODE.fullmatch(code)):
        raise Unknown("code")
    moves = [_number(move) for move in _list(graph["grade"], 7, 7)]
    if any(abs(move) > MOST for move in moves) or not 0 < horizon < height + 1:
        raise Unknown("grade or horizon")
    return Scene(
        prompt=_text(graph["prompt"], LONGEST_PROMPT),
        seed=_whole(int(_text(graph["seed"], 20)), 0, 2**63 - 1),
        width=width,
        height=height,
        style=_one(graph["style"], STYLES),
        transparent=_flag(graph["transparent"]),
        setting=_one(setting, LAND),
        time=_one(time, SKIES),
        weather=_maybe(weather, WEATHERS),
        season=_maybe(season, SEASONS),
        tone=_maybe(tone, TONES),
        mood=tuple(_one(word, MOODS) for word in _list(graph["mood"], 0, 4)),
        stars=_flag(graph["stars"]),
        horizon=horizon,
        shore=shore,
        nodes=nodes,
        decor=tuple(_piece(each) for each in _list(graph["decor"], 0, MOST_DECOR)),
        names=names,
        links=tuple(_link(each, len(names)) for each in _list(graph["links"], 0, MOST_NAMES * 4)),
        unit=unit,
        grade=Grade(*moves),
        code=code,
    )


def _node(raw: object, names: int) -> Node:
    figure, subject, x, y, height, depth, colour, flip, tilt, sink, aloft, zone = _list(raw, 12, 12)
    tall = _number(height)
    if tall < 1:
        raise Unknown("height")
    return Node(
        figure=_one(figure, entries()),
        subject=_whole(subject, 0, names - 1),
        x=_number(x),
        y=_number(y),
        height=tall,
        depth=_number(depth),
        colour=_maybe(colour, COLOURS),
        flip=_flag(flip),
        tilt=_number(tilt),
        sink=_number(sink),
        aloft=_flag(aloft),
        zone=_one(zone, ZONES),
    )


def _piece(raw: object) -> Decor:
    kind, x, y, height, depth, variant = _list(raw, 6, 6)
    return Decor(
        _one(kind, ASPECT), _number(x), _number(y), _number(height), _number(depth), _whole(variant, 0, 1 << 16)
    )


def _name(raw: object) -> tuple[str, str, int]:
    label, said, asked = _list(raw, 3, 3)
    return _text(label, 60), _text(said, 60), _whole(asked, 0, 10**6)


def _link(raw: object, names: int) -> tuple[str, int, int]:
    kind, one, other = _list(raw, 3, 3)
    return _one(kind, RELATIONS), _whole(one, 0, names - 1), _whole(other, 0, names - 1)


def _list(raw: object, least: int, most: int) -> Sequence[object]:
    if not isinstance(raw, list) or not least <= len(raw) <= most:
        raise Unknown("list")
    return raw


def _number(raw: object) -> float:
    if isinstance(raw, bool) or not isinstance(raw, (int, float)) or not math.isfinite(raw) or abs(raw) > FARTHEST:
        raise Unknown("number")
    return float(raw)


def _whole(raw: object, least: int, most: int) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not least <= raw <= most:
        raise Unknown("whole number")
    return raw


def _text(raw: object, longest: int) -> str:
    if not isinstance(raw, str) or len(raw) > longest:
        raise Unknown("text")
    return raw


def _flag(raw: object) -> bool:
    if not isinstance(raw, bool):
        raise Unknown("flag")
    return raw


def _one(raw: object, known: Mapping[str, object] | frozenset[str] | Sequence[str]) -> str:
    if not isinstance(raw, str) or raw not in known:
        raise Unknown("word")
    return raw


def _maybe(raw: object, known: Mapping[str, object]) -> str | None:
    return None if raw is None else _one(raw, known)
