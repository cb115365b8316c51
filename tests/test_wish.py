"""Every way to make a picture is a mutation that makes a job: what it is asked for, of whose pictures, and by whom."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_asyncio

from models import node_id
from models.database import fetch_value
from models.engine import announce
from tests.people import Person, Town

LOOM = {
    "min_side": 64, "max_side": 512, "side_step": 8, "max_count": 4, "supports_seeds": True, "supports_edits": True,
    "supports_masks": True, "supports_guides": True, "max_references": 16, "supports_variations": True,
    "supports_negative_prompts": True, "supports_background_removal": True, "supports_transparent_background": True,
    "upscale_factors": [2, 4], "qualities": ["draft", "fine"], "output_formats": ["png", "webp"], "styles": ["plain"],
    "credits_per_picture": 3,
}  # fmt: skip
JOB = """job { id kind state prompt quality outputFormat negativePrompt strength scale style background seed width height
  inputs { role image { id } } parent { outputIndex job { id kind } } outputs { index seed image { id } } }
  userErrors { code message path }"""


def asking(name: str) -> str:
    """A document that calls a mutation which makes a job."""
    capital = name[0].upper() + name[1:]
    return f"mutation($input: {capital}Input!) {{ {name}(input: $input) {{ {JOB} }} }}"


async def picture(owner: Person, width: int = 64, height: int = 64) -> str:
    """A kept picture of somebody's; its id."""
    number = await fetch_value(
        "INSERT INTO images (owner_id, prefix, mime_type, byte_size, width, height, blurhash)"
        " VALUES ($1, 'p/' || fresque_id(), 'image/png', 9, $2, $3, 'L00000fQfQfQfQfQfQfQfQfQfQfQ') RETURNING id",
        node_id.number_of("user", owner.id),
        width,
        height,
    )
    return node_id.encode("image", number)


@pytest_asyncio.fixture(autouse=True)
async def _loom(town: Town) -> None:
    await announce("loom", [{"name": "warp", "default_width": 64, "default_height": 64, "capabilities": LOOM}], True)


async def test_everything_that_can_be_said_comes_back(town: Town) -> None:
    ada = await town.person("ada")
    references = [await picture(ada) for _ in range(16)]
    job = (
        await ada.do(
            asking("generateImages"),
            prompt="a fox", engine="loom", quality="fine", outputFormat="webp", negativePrompt=" rain ", strength=1,
            referenceIds=references, seed="7", style="plain", background="transparent",
        )
    )["job"]  # fmt: skip
    assert job["kind"] == "GENERATE"
    said = {key: job[key] for key in ("quality", "outputFormat", "negativePrompt", "strength", "seed", "style")}
    assert said == {
        "quality": "fine", "outputFormat": "webp", "negativePrompt": "rain", "strength": 1.0, "seed": "7", "style": "plain"
    }  # fmt: skip
    assert [given["image"]["id"] for given in job["inputs"]] == references
    assert {given["role"] for given in job["inputs"]} == {"REFERENCE"}
    assert (job["parent"], job["scale"]) == (None, None)


@pytest.mark.parametrize(
    ("name", "more", "kind", "sides"),
    [
        ("editImage", {"prompt": "bluer"}, "EDIT", (96, 80)),
        ("varyImage", {}, "VARY", (96, 80)),
        ("upscaleImage", {"scale": 4}, "UPSCALE", (384, 320)),
        ("removeBackground", {}, "REMOVE_BACKGROUND", (96, 80)),
    ],
)
async def test_a_picture_is_worked_on(
    town: Town, name: str, more: dict[str, Any], kind: str, sides: tuple[int, int]
) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    mine = await picture(ada, 96, 80)
    job = (await ada.do(asking(name), imageId=mine, engine="loom", **more))["job"]
    assert (job["kind"], (job["width"], job["height"])) == (kind, sides)
    assert job["inputs"] == [{"role": "IMAGE", "image": {"id": mine}}]
    assert job["parent"] is None  # an uploaded picture continues nothing
    assert (await bob.ask("GenerationJob", id=job["id"]))["node"] is None
    # Somebody else's picture is as good as none, for whoever is signed in or not; so is what is no picture.
    assert await bob.refusal(asking(name), imageId=mine, engine="loom", **more) == ("NOT_FOUND", ["imageId"])
    assert await ada.refusal(asking(name), imageId=ada.id, engine="loom", **more) == ("NOT_FOUND", ["imageId"])
    stranger = Person(town, "", "", None)
    assert await stranger.refusal(asking(name), imageId=mine, engine="loom", **more) == ("UNAUTHENTICATED", None)


async def test_an_edit_takes_mask_guide_and_references(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    mine, mask, guide, theirs, small = (
        await picture(ada, 96, 80),
        await picture(ada, 96, 80),
        await picture(ada, 96, 80),
        await picture(bob, 96, 80),
        await picture(ada),
    )
    edit = asking("editImage")
    given: dict[str, Any] = {"imageId": mine, "prompt": "bluer", "engine": "loom"}
    job = (await ada.do(edit, **given, maskId=mask, guideId=guide, referenceIds=[small, small]))["job"]
    assert sorted((one["role"], one["image"]["id"]) for one in job["inputs"]) == sorted(
        [("IMAGE", mine), ("MASK", mask), ("GUIDE", guide), ("REFERENCE", small), ("REFERENCE", small)]
    )
    assert await ada.refusal(edit, **given, maskId=theirs) == ("NOT_FOUND", ["maskId"])
    assert await ada.refusal(edit, **given, guideId=theirs) == ("NOT_FOUND", ["guideId"])
    assert await ada.refusal(edit, **given, referenceIds=[theirs]) == ("NOT_FOUND", ["referenceIds"])
    assert await ada.refusal(edit, **given, referenceIds=[small, "x"]) == ("NOT_FOUND", ["referenceIds", "1"])
    assert await ada.refusal(edit, **given, referenceIds=[small] * 17) == ("BAD_USER_INPUT", ["referenceIds"])
    assert await ada.refusal(edit, **given, maskId=small) == ("BAD_USER_INPUT", ["maskId"])
    assert await ada.refusal(edit, **{**given, "prompt": " "}) == ("BAD_USER_INPUT", ["prompt"])


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"quality": "best"}, "quality"),
        ({"outputFormat": "gif"}, "outputFormat"),
        ({"negativePrompt": "x" * 1_001}, "negativePrompt"),
        ({"strength": 1.01}, "strength"),
        ({"strength": -0.1}, "strength"),
    ],
)
async def test_what_the_model_does_not_offer_is_refused_where_it_was_said(
    town: Town, change: dict[str, Any], path: str
) -> None:
    ada = await town.person("ada")
    refusal = await ada.refusal(asking("generateImages"), prompt="a fox", engine="loom", **change)
    assert refusal == ("BAD_USER_INPUT", [path])


async def test_a_style_code_is_a_style_where_the_model_reads_them(town: Town) -> None:
    ada = await town.person("ada")
    code = "fs1-" + "Ab3_-" * 13 + "AAAA"
    refused = await ada.attempt(asking("generateImages"), prompt="a fox", engine="loom", style=code)
    assert refused["userErrors"][0]["path"] == ["style"]
    able = {"name": "warp", "default_width": 64, "default_height": 64}
    await announce("loom", [able | {"capabilities": LOOM | {"supports_style_codes": True}}], True)
    assert (await ada.do(asking("generateImages"), prompt="a fox", engine="loom", style=code))["job"]["style"] == code
    assert await ada.refusal(asking("generateImages"), prompt="a fox", engine="loom", style=code + "A") == (
        "BAD_USER_INPUT",
        ["style"],
    )


async def test_what_was_made_leads_back_to_how(town: Town) -> None:
    ada = await town.person("ada")
    first = (await ada.do(asking("generateImages"), prompt="a fox", engine="loom", count=2))["job"]
    made = await picture(ada)
    await fetch_value(
        "UPDATE generation_outputs SET state = 'SUCCEEDED', seed = 9007199254740993, image_id = $2"
        " WHERE job_id = $1 AND index = 1",
        node_id.number_of("job", first["id"]),
        node_id.number_of("image", made),
    )
    job = (await ada.do(asking("varyImage"), imageId=made, engine="loom"))["job"]
    assert job["parent"] == {"outputIndex": 1, "job": {"id": first["id"], "kind": "GENERATE"}}
    seen = await ada.ask(
        "query($id: ID!) { node(id: $id) { ... on GenerationJob { outputs { seed } } } }", id=first["id"]
    )
    assert [output["seed"] for output in seen["node"]["outputs"]] == [None, "9007199254740993"]


async def test_the_studio_is_told_what_a_model_can_do(town: Town) -> None:
    asked = """{ engines { name models { name defaultWidth defaultHeight capabilities { qualities supportsGeneration
        supportsVariations supportsGuides supportsNegativePrompts supportsBackgroundRemoval upscaleFactors maxPixels
        maxAspect creditsPerPicture } } } }"""
    (engine,) = [one for one in (await town.ask(asked))["engines"] if one["name"] == "loom"]
    (model,) = engine["models"]
    assert (model["defaultWidth"], model["defaultHeight"]) == (64, 64)
    assert model["capabilities"] == {
        "qualities": ["draft", "fine"], "supportsGeneration": True, "supportsVariations": True, "supportsGuides": True,
        "supportsNegativePrompts": True, "supportsBackgroundRemoval": True, "upscaleFactors": [2, 4],
        "maxPixels": 512 * 512, "maxAspect": 8.0, "creditsPerPicture": 3,
    }  # fmt: skip


async def test_a_job_is_asked_for_once_an_operation(town: Town) -> None:
    ada = await town.person("ada")
    mine = await picture(ada)
    one = f'removeBackground(input: {{imageId: "{mine}", engine: "loom"}}) {{ job {{ id }} }}'
    answer = await ada.answer(f"mutation {{ a: {one} b: {one} }}")
    assert answer["errors"]
