"""Atelier answers to the prompt: what is named stands in the scene, seen, counted and in its place."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generation.engines.atelier import Scene, make_scene
from generation.engines.atelier.box import covered
from generation.engines.atelier.caption import alt_text
from generation.engines.atelier.drawing import silhouettes
from generation.engines.atelier.engine import CAPABILITIES
from generation.engines.atelier.figure import emoji_figures, figure
from generation.engines.atelier.lexicon import entries, phrases
from generation.engines.atelier.painter import raster
from generation.engines.atelier.reader import read
from generation.engines.atelier.scene import Decor, from_dict
from generation.engines.atelier.scenery import ASPECT
from generation.engines.atelier.style import STYLES

PROMPTS = [
    line.split("\t")
    for line in (Path(__file__).parent / "prompts.tsv").read_text("utf-8").splitlines()
    if line[0] != "#"
]
SEEDS = (1, 7, 2**62)
WORST_COVER = 0.6  # of a figure's box, by boxes of nearer figures
WORST_VEILED = 0.4  # by boxes of nearer trees, tufts and rocks
LEAST_INSIDE = 0.9  # of a figure's box, on the canvas


def expected(column: str) -> dict[str, int]:
    """ "fox=1 polar_bear=2" as a table."""
    pairs = (word.split("=") for word in column.split() if word != "-")
    return {name.replace("_", " "): int(count) for name, count in pairs}


def found(scene: Scene) -> dict[str, int]:
    """The scene's subjects as such a table."""
    table: dict[str, int] = {}
    for subject in scene.subjects:
        table[subject.name] = table.get(subject.name, 0) + subject.count
    return table


def inside(scene: Scene, box: tuple[float, float, float, float]) -> float:
    """The share of a box that lies on the canvas."""
    across = max(0.0, min(box[2], scene.width) - max(box[0], 0.0))
    down = max(0.0, min(box[3], scene.height) - max(box[1], 0.0))
    return across * down / ((box[2] - box[0]) * (box[3] - box[1]))


def decor_box(piece: Decor) -> tuple[float, float, float, float]:
    """What a piece of scenery covers."""
    half = piece.height * ASPECT[piece.kind] / 2
    return (piece.x - half, piece.y - piece.height, piece.x + half, piece.y)


def assert_seen(scene: Scene) -> None:
    """Every figure is on the canvas, of a size one can see, and not hidden by nearer ones."""
    boxes = [(node.box, node.depth) for node in scene.nodes]
    for index, node in enumerate(scene.nodes):
        assert inside(scene, node.box) >= LEAST_INSIDE, (scene.prompt, node)
        assert covered(boxes, index) <= WORST_COVER, (scene.prompt, node)
        before = [(node.box, 0.0), *((decor_box(piece), 1.0) for piece in scene.decor if piece.depth > node.depth)]
        assert covered(before, 0) <= WORST_VEILED, (scene.prompt, node)
        assert max(node.width, node.height) >= 0.035 * min(scene.width, scene.height), (scene.prompt, node)


# What a prompt says stands in the scene


def test_there_are_fifty_prompts() -> None:
    assert len({row[0] for row in PROMPTS}) >= 50


@pytest.mark.parametrize("row", PROMPTS, ids=[row[0][:40] for row in PROMPTS])
def test_named_subjects_stand_in_the_scene(row: list[str]) -> None:
    prompt, subjects, setting, mood = row
    for seed in SEEDS:
        for width, height in ((1024, 1024), (1536, 640), (512, 1024)):
            scene = make_scene(prompt, seed, width, height)
            assert found(scene) == expected(subjects)
            assert setting in ("-", scene.setting)
            assert set(mood.split()) - {"-"} <= set(scene.mood)
            assert_seen(scene)


def test_every_word_of_the_lexicon_is_read_as_its_figure() -> None:
    for phrase, name in phrases().items():
        subjects = [subject.figure for subject in read(f"a {phrase}").subjects]
        assert subjects == [name], phrase


def test_every_figure_draws() -> None:
    for name in entries():
        scene = make_scene(f"a {entries()[name].label}", 3, 256, 256, "flat", "transparent")
        alpha = raster(silhouettes(scene), 64, 64)[..., 3]
        assert alpha.max() > 200, name
        assert alpha.mean() > 2, name


def test_every_emoji_of_the_figures_is_read() -> None:
    for emoji, name in emoji_figures().items():
        assert [subject.figure for subject in read(f"look {emoji}\ufe0f!").subjects] == [name]


@pytest.mark.parametrize(
    ("prompt", "labels"),
    [
        ("a night bridge", ["bridge"]),
        ("a polar bear", ["polar bear"]),
        ("she will watch it fly", []),
        ("birds fly over a stone bridge", ["bird", "bridge"]),
        ("an orange sky", []),
        ("a gold watch", ["watch"]),
        ("an apple pie", ["pie"]),
        ("a cat without a dog", ["cat"]),
        ("no cats, no dogs", []),
        ("the fox sees an owl; the owl sees the fox", ["fox", "owl"]),
        ("in the fall, leaves on a pond", ["fallen leaf"]),
        ("a baby elephant", ["elephant"]),
    ],
)
def test_senses(prompt: str, labels: list[str]) -> None:
    assert [subject.label for subject in read(prompt).subjects] == labels


def test_colours_belong_to_the_noun_they_stand_before() -> None:
    reading = read("a red car and two blue birds near a house")
    assert [(subject.label, subject.count, subject.colour) for subject in reading.subjects] == [
        ("car", 1, "red"),
        ("bird", 2, "blue"),
        ("house", 1, None),
    ]
    assert figure("automobile", "blue").body != figure("automobile").body


def test_unknown_nouns_are_reported_not_invented() -> None:
    scene = make_scene("a wombat and a quokka near a gazebo", 1, 512, 512)
    assert scene.subjects == ()
    assert scene.unread == ("wombat", "quokka", "gazebo")


def test_too_many_are_drawn_as_some_and_told() -> None:
    (subject,) = make_scene("a thousand balloons", 1, 1024, 1024).subjects
    assert (subject.count, subject.asked) == (20, 1000)


def test_relations_are_arranged() -> None:
    for seed in range(6):
        scene = make_scene("a cat on a table", seed, 1024, 1024)
        cat, table = (next(node for node in scene.nodes if node.figure == name) for name in ("cat", "table"))
        assert abs(cat.y - (table.y - table.height)) < 0.1 * table.height
        assert table.box[0] < cat.x < table.box[2]
        scene = make_scene("a bird above a house", seed, 1024, 1024)
        bird, house = (next(node for node in scene.nodes if node.figure == name) for name in ("bird", "house"))
        assert bird.y < house.y - house.height
        scene = make_scene("an astronaut riding a horse", seed, 1024, 1024)
        rider, horse = (next(node for node in scene.nodes if node.figure == name) for name in ("astronaut", "horse"))
        assert horse.box[1] < rider.y < horse.y
        assert horse.box[0] < rider.x < horse.box[2]


def test_things_keep_to_their_place() -> None:
    for seed in range(8):
        scene = make_scene("a moon, a bird, a cow and a sailboat by the sea", seed, 1024, 1024)
        moon, bird, cow, boat = (
            next(n for n in scene.nodes if n.figure == name) for name in ("moon", "bird", "cow", "sailboat")
        )
        assert moon.y <= scene.horizon
        assert bird.y <= scene.horizon
        assert cow.y > scene.shore
        assert scene.horizon < boat.y <= scene.shore


def test_a_scene_survives_json() -> None:
    scene = make_scene("two foxes and a red balloon at dusk", 9, 768, 512)
    again = from_dict(json.loads(json.dumps(scene.to_dict())))
    assert again.svg() == scene.svg()
    moved = replace(scene.nodes[0], x=scene.nodes[0].x + 20)
    assert scene.with_nodes([moved, *scene.nodes[1:]]).svg() != scene.svg()


def test_other_seeds_compose_otherwise() -> None:
    scenes = {make_scene("a fox and an owl in the forest", seed, 512, 512, "flat").svg() for seed in range(20)}
    assert len(scenes) == 20
    assert make_scene("a fox", 4, 512, 512).svg() == make_scene("a fox", 4, 512, 512).svg()


def test_alt_text_says_what_is_to_be_seen() -> None:
    scene = make_scene("a fox and two owls in a forest at night under the moon, watercolour", 1, 512, 512)
    assert alt_text(scene) == "A fox and two owls in a forest at night, under the moon, painted like a watercolour."
    assert alt_text(make_scene("a kitten on a table, flat", 1, 512, 512)).startswith("A kitten on a table in a room")


def test_styles_come_from_the_words_or_the_request() -> None:
    assert len(STYLES) >= 13
    assert make_scene("a fox, in the style of van gogh", 1, 512, 512).style == "van-gogh"
    assert make_scene("a fox, in the style of van gogh", 1, 512, 512, "mosaic").style == "mosaic"
    assert CAPABILITIES.styles == tuple(STYLES)


# No text makes it fail


@settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.one_of(
        st.text(st.characters(), max_size=300),
        st.lists(
            st.sampled_from([*phrases(), "on", "a", "in", "and", ",", "99999", "red", "no", "🦊"]), max_size=40
        ).map(" ".join),
    ),
    st.integers(0, 2**63 - 1),
)
def test_any_text_gives_a_scene(prompt: str, seed: int) -> None:
    scene = make_scene(prompt, seed, 256, 320)
    assert scene.svg().startswith("<svg")
    assert len(scene.nodes) <= 24
    assert alt_text(scene)
    json.dumps(scene.to_dict())
