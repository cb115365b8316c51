"""Atelier at work on pictures: edits, masks, variations, references, enlarging and cutting out, through its child."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from generation.engine import EngineError, Partial, Picture, Request, Step
from generation.engines.atelier import Atelier
from generation.mask import obeyed

SIDE = 256
MAKE = Request("a fox and a castle in a meadow at day", "atelier-1", SIDE, SIDE, 1, 5, style="oil")


@pytest.fixture(scope="session")
async def atelier() -> AsyncIterator[Atelier]:
    engine = Atelier()
    await engine.start()
    yield engine
    await engine.close()


@pytest.fixture(scope="session")
async def fox(atelier: Atelier) -> Picture:
    return await made(atelier, MAKE)


async def made(engine: Atelier, request: Request) -> Picture:
    steps: list[Step] = [step async for step in obeyed(engine, request)]
    assert isinstance(steps[-1], Picture)
    assert isinstance(json.loads(json.dumps(steps[-1].facts)), dict)
    return steps[-1]


def edit(picture: Picture, prompt: str) -> Request:
    """A request to edit a picture of atelier's, its facts as the job row gives them back."""
    facts = json.loads(json.dumps(picture.facts))
    return replace(
        MAKE, kind="EDIT", prompt=prompt, style=None, image=picture.data, facts=facts, seed=9, width=picture.width, height=picture.height
    )  # fmt: skip


def pixels(data: bytes) -> NDArray[np.uint8]:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGBA"))


def png(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def photograph(width: int = 320, height: int = 240) -> Image.Image:
    """Something nobody here made: a bright disc before a dim gradient with grain."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    ground = np.stack([40 + x / width * 40, 60 + y / height * 40, 80 + 0 * x], axis=-1)
    grain = np.random.default_rng(3).normal(0, 5, ground.shape)
    image = Image.fromarray(np.clip(ground + grain, 0, 255).astype(np.uint8))
    ImageDraw.Draw(image).ellipse(
        (width * 0.32, height * 0.2, width * 0.68, height * 0.8), fill=(240, 120, 40), outline=(255, 200, 120), width=4
    )
    return image.filter(ImageFilter.GaussianBlur(0.7))


def mask(width: int, height: int, box: tuple[int, int, int, int]) -> tuple[bytes, NDArray[np.bool_]]:
    """A mask that lets an ellipse change, and where that is."""
    image = Image.new("RGBA", (width, height), (0, 0, 0, 255))
    ImageDraw.Draw(image).ellipse(box, fill=(0, 0, 0, 0))
    return png(image), np.asarray(image)[..., 3] == 0


async def test_an_edit_of_ones_own_picture_changes_its_scene(atelier: Atelier, fox: Picture) -> None:
    night = await made(atelier, edit(fox, "bluer, and at night"))
    assert "at night" in night.alt_text
    assert pixels(night.data).mean() < pixels(fox.data).mean() - 20
    both = await made(atelier, edit(night, "add an owl, without the castle"))
    assert both.facts["edit"] == {"did": ["removed castle", "added owl"], "undone": []}
    assert "owl" in both.alt_text
    assert "castle" not in both.alt_text
    assert "at night" in both.alt_text
    assert (await made(atelier, edit(night, "add an owl, without the castle"))).data == both.data


async def test_a_style_that_comes_along_from_the_turn_before_does_not_undo_what_was_said(
    atelier: Atelier, fox: Picture
) -> None:
    wet = await made(atelier, replace(edit(fox, "make it a watercolour"), style="oil"))
    assert wet.facts["style"] == "watercolour"
    assert (await made(atelier, replace(edit(wet, "at night"), style="oil"))).facts["style"] == "watercolour"
    assert (await made(atelier, replace(edit(wet, "at night"), style="ink"))).facts["style"] == "ink"
    photo = replace(MAKE, kind="EDIT", image=png(photograph()), width=320, height=240, prompt="warmer")
    painted = await made(atelier, photo)
    assert painted.facts["style"] == "oil"
    again = await made(atelier, replace(photo, image=painted.data, facts=painted.facts, prompt="please"))
    assert np.array_equal(pixels(again.data), pixels(painted.data))  # not painted over a second time


async def test_an_edit_that_changes_nothing_gives_the_same_picture(atelier: Atelier, fox: Picture) -> None:
    assert np.array_equal(pixels((await made(atelier, edit(fox, "please"))).data), pixels(fox.data))


async def test_a_mask_holds_to_the_pixel_and_the_edit_is_under_it(atelier: Atelier, fox: Picture) -> None:
    cut, inside = mask(SIDE, SIDE, (10, 120, 120, 250))
    picture = await made(atelier, replace(edit(fox, "add a house"), mask=cut))
    before, after = pixels(fox.data), pixels(picture.data)
    assert np.array_equal(before[~inside], after[~inside])
    assert (before != after).any(axis=2)[inside].mean() > 0.5
    figures = picture.facts["mask"]
    assert isinstance(figures, dict)
    assert figures["changed_after"] == 0
    assert figures["changed_before"] > 0.5  # the network repaints all of it


async def test_previews_of_a_masked_edit_keep_the_original_outside(atelier: Atelier, fox: Picture) -> None:
    cut, inside = mask(SIDE, SIDE, (150, 150, 250, 250))
    request = replace(edit(fox, "at night"), mask=cut)
    previews = [step async for step in atelier.generate(request) if isinstance(step, Partial)]
    assert len(previews) == 3
    far = ~np.asarray(Image.fromarray(inside).filter(ImageFilter.MaxFilter(21)))
    apart = np.abs(pixels(previews[-1].data).astype(int) - pixels(fox.data))[far]
    assert apart.mean() < 6  # a preview is a lossy WebP


@pytest.mark.parametrize("amount", [0.1, 0.5, 1.0])
async def test_variations(atelier: Atelier, fox: Picture, amount: float) -> None:
    request = replace(edit(fox, ""), kind="VARY", strength=amount)
    one, other = await made(atelier, request), await made(atelier, replace(request, seed=10))
    assert one.data != other.data
    assert "fox" in one.alt_text
    assert (await made(atelier, request)).data == one.data
    foreign = replace(request, image=png(photograph()), facts={}, width=320, height=240)
    assert (await made(atelier, foreign)).data != (await made(atelier, replace(foreign, seed=10))).data


async def test_references_give_a_manner_whose_code_paints_the_same(atelier: Atelier) -> None:
    by_pictures = await made(
        atelier, replace(MAKE, style=None, references=(png(photograph()), png(photograph(90, 200))))
    )
    code = by_pictures.facts["style_code"]
    assert isinstance(code, str)
    assert by_pictures.facts["style"] is None
    by_code = await made(atelier, replace(MAKE, style=code))
    assert np.array_equal(pixels(by_code.data), pixels(by_pictures.data))
    many = await made(atelier, replace(MAKE, style=None, references=(png(photograph()),) * 16))
    one = await made(atelier, replace(MAKE, style=None, references=(png(photograph()),)))
    assert many.data == one.data


async def test_a_guide_says_where(atelier: Atelier, fox: Picture) -> None:
    drawing = Image.new("RGBA", (SIDE, SIDE))
    ImageDraw.Draw(drawing).rectangle((10, 10, 80, 80), fill=(47, 125, 225, 255))
    picture = await made(atelier, replace(edit(fox, "add a balloon"), guide=png(drawing)))
    graph = picture.facts["graph"]
    assert isinstance(graph, dict)
    (balloon,) = (node for node in graph["nodes"] if node[0] == "balloon")
    assert balloon[6] in ("blue", "azure")
    assert 10 <= balloon[2] <= 80
    painted = await made(atelier, replace(edit(fox, "brighter"), guide=png(drawing)))
    there = pixels(painted.data)[30:60, 30:60, :3].mean(axis=(0, 1))
    assert there[2] > there[0] + 30


async def test_a_picture_of_others_is_edited_by_honest_means(atelier: Atelier) -> None:
    image = photograph()
    request = replace(MAKE, kind="EDIT", style=None, image=png(image), width=320, height=240)
    dark = await made(atelier, replace(request, prompt="bluer, and at night"))
    assert pixels(dark.data)[..., :3].mean() < pixels(png(image))[..., :3].mean() - 15
    assert dark.facts["edit"] == {"did": ["night", "colours moved"], "undone": []}
    told = await made(atelier, replace(request, prompt="without the cat, make the dog blue, in a forest"))
    assert told.facts["edit"] == {
        "did": [],
        "undone": ["no mask says where it is: cat", "not known in this picture: dog", "setting cannot be changed in this picture"],
    }  # fmt: skip
    assert np.array_equal(pixels(told.data), pixels(png(image)))
    cut, inside = mask(320, 240, (100, 40, 220, 200))
    gone = await made(atelier, replace(request, prompt="remove the orange", mask=cut))
    assert np.array_equal(pixels(gone.data)[~inside], pixels(png(image))[~inside])
    assert pixels(gone.data)[120, 160, 0] < 150
    robot = await made(atelier, replace(request, prompt="add a robot", mask=cut))
    assert "a robot" in robot.alt_text
    styled = await made(atelier, replace(request, prompt="make it a watercolour"))
    assert "watercolour" in styled.alt_text
    assert styled.data != robot.data


@pytest.mark.parametrize("scale", [2, 4])
async def test_enlarging(atelier: Atelier, fox: Picture, scale: int) -> None:
    request = replace(
        edit(fox, ""), kind="UPSCALE", model="workshop-1", scale=scale, width=scale * SIDE, height=scale * SIDE
    )
    large = await made(atelier, request)
    assert (large.width, large.height) == Image.open(io.BytesIO(large.data)).size == (scale * SIDE, scale * SIDE)
    back = np.asarray(Image.fromarray(pixels(large.data)).resize((SIDE, SIDE), Image.Resampling.BOX)).astype(int)
    assert np.abs(back - pixels(fox.data)).mean() < 6
    later = await made(atelier, edit(large, "at night"))  # an enlarged picture is still of its scene
    assert "at night" in later.alt_text
    assert later.width == scale * SIDE


async def test_the_background_of_ones_own_picture_goes_exactly(atelier: Atelier, fox: Picture) -> None:
    request = replace(edit(fox, ""), kind="REMOVE_BACKGROUND", model="workshop-1")
    cut = pixels((await made(atelier, request)).data)
    solid = cut[..., 3] == 255
    assert 0.03 < solid.mean() < 0.7
    assert (cut[..., 3] == 0).mean() > 0.25
    assert np.array_equal(cut[solid][:, :3], pixels(fox.data)[solid][:, :3])


async def test_the_background_of_others_goes_where_something_stands_out(atelier: Atelier) -> None:
    request = replace(
        MAKE, kind="REMOVE_BACKGROUND", model="workshop-1", style=None, image=png(photograph()), width=320, height=240
    )
    alpha = pixels((await made(atelier, request)).data)[..., 3]
    assert alpha[120, 160] > 240
    assert alpha[10, 10] < 15
    assert alpha[230, 310] < 15


@pytest.mark.parametrize(
    "wrong",
    [
        replace(MAKE, kind="EDIT"),
        replace(MAKE, image=b"x"),
        replace(MAKE, kind="UPSCALE", image=b"x"),
        replace(MAKE, model="workshop-1"),
        replace(MAKE, model="workshop-1", kind="UPSCALE", image=b"x", scale=3),
        replace(MAKE, references=(b"x",) * 17),
        replace(MAKE, strength=2.0),
        replace(MAKE, style="fs1-short"),
        replace(MAKE, kind="EDIT", image=b"x", width=5000),
    ],
)
async def test_what_is_beyond_the_capabilities_is_refused(atelier: Atelier, wrong: Request) -> None:
    with pytest.raises(EngineError) as caught:
        await made(atelier, wrong)
    assert (caught.value.code, caught.value.retryable) == ("bad_request", False)


async def test_garbage_for_a_picture_fails_and_the_child_works_on(atelier: Atelier, fox: Picture) -> None:
    with pytest.raises(EngineError) as caught:
        await made(atelier, replace(edit(fox, "at night"), image=b"garbage", facts={}))
    assert caught.value.code == "bad_input"
    pid = atelier.child_pid
    assert (await made(atelier, MAKE)).data == fox.data
    assert atelier.child_pid == pid


async def test_odd_sizes_and_forms(atelier: Atelier) -> None:
    for size in ((33, 47), (1000, 31), (1700, 1201)):
        image = photograph(*size)
        request = replace(
            MAKE, kind="EDIT", prompt="warmer, in the rain, add a cat", style="ink", image=png(image), width=size[0], height=size[1], output_format="webp"
        )  # fmt: skip
        picture = await made(atelier, request)
        assert Image.open(io.BytesIO(picture.data)).size == size
