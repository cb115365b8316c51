"""Atelier edits its own pictures by their scene, and says of others what it could and could not do."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from generation.engines.atelier import Scene, make_scene
from generation.engines.atelier.box import covered
from generation.engines.atelier.caption import alt_text, facts
from generation.engines.atelier.composition import WORST_COVER
from generation.engines.atelier.edit import edited
from generation.engines.atelier.guide import strokes_of
from generation.engines.atelier.instruction import instruction_of
from generation.engines.atelier.manner import BadCode, code_of, manner_of
from generation.engines.atelier.memory import recalled, remembered
from generation.engines.atelier.vary import fitted, varied

SIDE = 512
MEADOW = make_scene("a cat and an owl in a meadow at day, oil", 8, SIDE, SIDE)


def after(text: str, scene: Scene = MEADOW, seed: int = 11) -> Scene:
    return edited(scene, instruction_of(text), seed).scene


def figures(scene: Scene) -> list[str]:
    return sorted(node.figure for node in scene.nodes)


def places(scene: Scene) -> dict[str, tuple[float, float, float]]:
    return {node.figure: (node.x, node.y, node.height) for node in scene.nodes}


def test_the_scene_of_these_tests() -> None:
    assert figures(MEADOW) == ["cat", "owl"]


# Instructions change what they speak of, and nothing else


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("add a boat", ["canoe", "cat", "owl"]),
        ("add a house and two birds", ["bird", "bird", "cat", "house", "owl"]),
        ("without the cat", ["owl"]),
        ("remove the cat and the owl", []),
        ("make the cat a dog", ["dog", "owl"]),
        ("a dog instead of the cat", ["dog", "owl"]),
        ("turn the owl into a rocket", ["cat", "rocket"]),
        ("another cat", ["cat", "cat", "owl"]),
        ("put a red hat on the cat", ["cat", "owl", "top-hat"]),
        ("make it a stormy night with a lighthouse", ["cat", "lighthouse", "owl"]),
    ],
)
def test_figures_come_and_go(text: str, expected: list[str]) -> None:
    for seed in range(4):
        scene = after(text, seed=seed)
        assert figures(scene) == expected
        stay = set(expected) & {"cat", "owl"}
        assert all(places(scene)[name] == places(MEADOW)[name] or expected.count(name) > 1 for name in stay)
        assert (scene.seed, scene.style, scene.horizon) == (MEADOW.seed, MEADOW.style, MEADOW.horizon)


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("at night", "time", "night"),
        ("in the rain", "weather", "rain"),
        ("in autumn", "season", "autumn"),
        ("make it spooky", "tone", "spooky"),
        ("make it a watercolour", "style", "watercolour"),
        ("in a forest instead", "setting", "forest"),
        ("at the sea", "setting", "sea"),
        ("with a transparent background", "transparent", True),
    ],
)
def test_moods_change_and_figures_stay(text: str, field: str, value: object) -> None:
    scene = after(text)
    assert getattr(scene, field) == value
    assert figures(scene) == figures(MEADOW)
    assert {name: place[0] for name, place in places(scene).items()} == {
        name: place[0] for name, place in places(MEADOW).items()
    }


def test_what_falls_can_stop() -> None:
    wet = after("in the rain, in winter")
    assert (wet.weather, wet.season) == ("rain", "winter")
    assert after("no rain", wet).weather is None
    assert after("clear sky", wet).weather is None
    assert after("without winter", wet).season is None


def test_colours_sizes_and_places_of_one_figure() -> None:
    assert [node.colour for node in after("make the cat blue").nodes if node.figure == "cat"] == ["blue"]
    assert [node.colour for node in after("make the cat orange").nodes if node.figure == "cat"] == ["orange"]
    assert places(after("make the owl bigger"))["owl"][2] > 1.2 * places(MEADOW)["owl"][2]
    assert places(after("move the cat to the right"))["cat"][0] > places(MEADOW)["cat"][0]
    assert places(after("move the cat to the right"))["owl"] == places(MEADOW)["owl"]


def test_bluer_is_a_move_of_colour_and_adds_up() -> None:
    once, twice = after("bluer"), after("bluer", after("bluer"))
    assert 0 < once.grade.blue < twice.grade.blue
    assert after("black and white").grade.saturation == -3
    assert after("bluer, and at night").time == "night"
    assert once.svg() == MEADOW.svg()


def test_who_is_carried_comes_down() -> None:
    scene = make_scene("a cat on a table in a room", 3, SIDE, SIDE)
    table = next(node for node in scene.nodes if node.figure == "table")
    cat = next(node for node in after("without the table", scene).nodes)
    assert (cat.figure, cat.y, cat.aloft) == ("cat", table.y, False)
    rider = make_scene("an astronaut riding a horse in a hat", 3, SIDE, SIDE)
    assert "horse" not in figures(after("remove the horse", rider))


def test_a_new_thing_goes_to_who_is_named() -> None:
    scene = after("a bird on the cat")
    bird, cat = (next(node for node in scene.nodes if node.figure == name) for name in ("bird", "cat"))
    assert cat.box[0] < bird.x < cat.box[2]
    assert bird.y < cat.y - 0.4 * cat.height


def test_words_that_are_not_known_and_things_that_are_not_there_are_told() -> None:
    outcome = edited(MEADOW, instruction_of("add a wombat, without the elephant, make the helmet red"), 1)
    assert figures(outcome.scene) == figures(MEADOW)
    assert outcome.undone == ["not there: elephant", "not known: wombat", "not known: helmet"]
    assert outcome.scene.grade.plain


def test_alt_text_follows_the_scene() -> None:
    assert (
        alt_text(after("add a boat, at night"))
        == "A cat, an owl and a boat in a meadow at night, painted like oil on canvas."
    )
    assert "dog" in alt_text(after("make the cat a dog"))


def test_masks_and_strokes_say_where() -> None:
    region = (20.0, 260.0, 240.0, 500.0)
    for seed in range(4):
        scene = edited(MEADOW, instruction_of("add a castle"), seed, region).scene
        box = next(node.box for node in scene.nodes if node.figure == "castle")
        assert region[0] - 1 <= box[0] < box[2] <= region[2] + 1
        assert region[1] - 1 <= box[1] < box[3] <= region[3] + 1
    owl = next(node.box for node in MEADOW.nodes if node.figure == "owl")
    assert figures(edited(MEADOW, instruction_of("remove this"), 1, owl).scene) == ["cat"]
    drawing = Image.new("RGBA", (SIDE, SIDE))
    ImageDraw.Draw(drawing).ellipse((300, 300, 460, 460), fill=(229, 56, 59, 255))
    (stroke,) = strokes_of(drawing, SIDE, SIDE)
    assert stroke.colour == "red"
    scene = edited(MEADOW, instruction_of("add a car"), 1, None, [stroke]).scene
    car = next(node for node in scene.nodes if node.figure == "automobile")
    assert car.colour == "red"
    assert 290 < car.box[0] < car.box[2] < 470


# Scenes in facts


def test_a_scene_comes_back_from_its_facts_and_edits_chain() -> None:
    scene = MEADOW
    for text in ("add a boat", "at night, bluer", "put a hat on the cat", "at the sea"):
        scene = after(text, scene)
        kept = json.loads(json.dumps(facts(scene)))
        again = recalled(kept)
        assert again is not None
        assert again.svg() == scene.svg()
    assert len(json.dumps(facts(scene))) < 20_000


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.data())
def test_tampered_facts_are_no_scene_or_a_drawable_one(data: st.DataObject) -> None:
    graph = json.loads(json.dumps(remembered(MEADOW)))
    odd = st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=9), st.just('"/><script>'), st.lists(st.integers(), max_size=13)
    )  # fmt: skip
    holder: object = graph
    while True:
        keys = list(holder) if isinstance(holder, dict) else range(len(holder))  # type: ignore[arg-type]
        key = data.draw(st.sampled_from(list(keys)))
        inner = holder[key]  # type: ignore[index]
        if not isinstance(inner, (list, dict)) or not inner or data.draw(st.booleans()):
            holder[key] = data.draw(odd)  # type: ignore[index]
            break
        holder = inner
    scene = recalled({"engine": "atelier", "graph": graph})
    assert scene is None or "script" not in scene.svg()


def test_facts_of_other_engines_are_no_scene() -> None:
    assert recalled({}) is None
    assert recalled({"engine": "openai", "graph": remembered(MEADOW)}) is None
    assert recalled({"engine": "atelier", "graph": {"version": 99}}) is None


# Any words


@settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.sampled_from(
            ["add", "remove", "make", "the", "a", "cat", "owl", "boat", "two", "red", "blue", "bigger", "on", "into", "and", ",", "at night",
             "instead of", "instead", "move", "left", "without", "rain", "sky", "bluer", "forest", "sea", "hat", "it", "this", "house", "flip",
             "replace", "with", "more", "space", "🦊", "zzz"]
        ),
        max_size=14,
    ).map(" ".join),
    st.integers(0, 2**63 - 1),
)  # fmt: skip
def test_any_instruction_leaves_a_scene_that_draws(text: str, seed: int) -> None:
    scene = after(text, seed=seed)
    assert scene.svg().startswith("<svg")
    assert len(scene.nodes) <= 24
    assert alt_text(scene)
    again = recalled(json.loads(json.dumps(facts(scene))))
    assert again is not None
    assert scene == after(text, seed=seed)


# Variations, sizes, codes


@pytest.mark.parametrize("amount", [0.0, 0.1, 0.3, 0.5, 0.7, 1.0])
def test_variations_keep_the_things(amount: float) -> None:
    base = make_scene("a fox and three owls by a lake with a sailboat at night", 5, SIDE, SIDE)
    for seed in range(4):
        scene = varied(base, amount, seed)
        assert figures(scene) == figures(base)
        assert (scene.time, scene.setting) == (base.time, base.setting)
        assert scene == varied(base, amount, seed)
        assert (scene == base) == (amount == 0)
        boxes = [(node.box, node.depth) for node in scene.nodes]
        assert max(covered(boxes, k) for k in range(len(boxes))) <= WORST_COVER + 0.15


def test_a_scene_on_another_canvas_keeps_its_ground() -> None:
    wide = fitted(MEADOW, 768, 512)
    assert (wide.width, wide.height, wide.horizon) == (768, 512, MEADOW.horizon)
    large = fitted(MEADOW, 1024, 1024)
    assert places(large)["cat"][2] == pytest.approx(2 * places(MEADOW)["cat"][2], abs=0.1)
    assert figures(fitted(MEADOW, 300, 1000)) == figures(MEADOW)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.lists(st.floats(-2, 3, width=32), min_size=100, max_size=100))
def test_style_codes_are_short_and_come_back(numbers: list[float]) -> None:
    code = code_of(np.array(numbers, dtype=np.float32))
    assert len(code) == 73
    assert code_of(manner_of(code)) == code


@pytest.mark.parametrize("slip", ["", "fs1-", "fs2-" + "A" * 69, "fs1-" + "A" * 69, "fs1-" + "é" * 69])
def test_slips_in_style_codes_are_found(slip: str) -> None:
    with pytest.raises(BadCode):
        manner_of(slip)
    code = code_of(np.zeros(100, dtype=np.float32))
    with pytest.raises(BadCode):
        manner_of(code[:10] + ("A" if code[10] != "A" else "B") + code[11:])


def test_a_drawing_of_several_strokes_is_told_apart() -> None:
    drawing = Image.new("RGBA", (400, 200))
    pen = ImageDraw.Draw(drawing)
    pen.line([(20, 20), (120, 30)], fill=(20, 20, 20, 255), width=8)
    pen.rectangle((250, 60, 380, 190), fill=(30, 110, 230, 255))
    large, small = strokes_of(drawing, 800, 400)
    assert (large.colour, small.colour) == ("blue", None)
    assert large.box == pytest.approx((500, 120, 762, 382), abs=14)
    assert strokes_of(Image.new("RGBA", (64, 64)), 64, 64) == []
