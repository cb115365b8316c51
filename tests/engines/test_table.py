"""The engines file: what docs/engines.md shows is understood, and every slip of the pen is named."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from generation import table
from generation.engine import Capabilities
from generation.engines.comfyui.engine import ComfyUI
from generation.engines.compatible import Compatible
from generation.engines.openai_images import OpenAIImages
from generation.engines.size import closest
from settings import Settings
from tests.engines.comfy_server import GRAPH

DOCUMENT = (Path(__file__).parents[2] / "docs" / "engines.md").read_text()
SHOWN = re.findall(r"^```toml\n(.*?)^```", DOCUMENT, re.M | re.S)
KEY = "sk-a-key-of-a-test"
OPENAI = """
[[engine]]
kind = "openai"
key = "SOME_KEY"
[[engine.model]]
name = "m"
"""


def told(folder: Path, text: str) -> Settings:
    """Settings that name a file of this text."""
    for name in ("sdxl.json", "sdxl-inpaint.json"):
        (folder / name).write_text(json.dumps(GRAPH))
    (folder / "engines.toml").write_text(text)
    return replace(Settings(), engines_file=str(folder / "engines.toml"))


def test_without_a_file_there_is_the_built_in_engine() -> None:
    assert [engine.name for engine in table.engines(Settings())] == ["atelier"]


def test_what_the_document_shows_is_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    assert len(SHOWN) == 3
    atelier, openai, local, comfy = table.engines(told(tmp_path, "\n".join(SHOWN)))
    assert (type(openai), type(local), type(comfy)) == (OpenAIImages, Compatible, ComfyUI)
    assert [engine.name for engine in (atelier, openai, local, comfy)] == ["atelier", "openai", "local", "comfyui"]
    free, fixed = (model.capabilities for model in openai.models)
    assert (free.credits_per_picture, free.supports_guides, free.sizes) == (6, True, ())
    assert fixed.sizes == ("1024x1024", "1536x1024", "1024x1536")
    (turbo,) = local.models
    assert (turbo.default_width, turbo.capabilities.max_side, turbo.capabilities.supports_seeds) == (768, 768, True)
    assert comfy.models[0].capabilities.qualities == ("low", "high")
    assert KEY not in repr([vars(engine) for engine in (local, comfy)])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("atelier = false", "it names no engine"),
        ("atelier = 1", "atelier must be true or false"),
        ("atelir = false", "nobody knows atelir"),
        ("[[engine]]\nkind = 'midjourney'", "kind must be one of"),
        ("[[engine]]\nname = 'x'", "kind must be one of"),
        (OPENAI.replace("SOME_KEY", "NO_SUCH_KEY"), "names the variable NO_SUCH_KEY, which is not set"),
        (OPENAI.replace('key = "SOME_KEY"', ""), "key is missing"),
        (OPENAI + "colour = 'red'", r"model\[0\]: nobody knows colour"),
        (OPENAI + "[engine.model.capabilities]\nmax_sid = 4", "nobody knows max_sid"),
        (OPENAI + "[engine.model.capabilities]\nmax_side = 'big'", "max_side must be a whole number"),
        (OPENAI + "[engine.model.capabilities]\nmax_side = true", "max_side must be a whole number"),
        (OPENAI + "[engine.model.capabilities]\nsizes = ['large']", "not WIDTHxHEIGHT"),
        (OPENAI + "upstream = ''", None),
        (OPENAI + "[[engine.model]]\nname = 'm'", "is there twice"),
        (OPENAI + OPENAI, "is there twice"),
        (OPENAI.replace('"m"', '"' + "m" * 81 + '"'), "is too long"),
        (OPENAI.partition("[[engine.model]]")[0], "model is missing"),
        (OPENAI.replace("key =", 'base_url = "api.example.org"\nkey ='), "must begin with http"),
        (OPENAI.replace("key =", "timeout_seconds = 0\nkey ="), "must be above 0"),
        ("[[engine]\n", "cannot be used"),
    ],
)
def test_slips_of_the_pen_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, why: str | None
) -> None:
    monkeypatch.setenv("SOME_KEY", KEY)
    if why is None:
        assert len(table.engines(told(tmp_path, text))) == 2
        return
    with pytest.raises(SystemExit, match=why) as refusal:
        table.engines(told(tmp_path, text))
    assert KEY not in str(refusal.value)


def test_local_models_need_their_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "[[engine]]\nkind = 'diffusers'\n[[engine.model]]\nname = 'm'\nfolder = 'nothing'"
    monkeypatch.setattr("generation.engines.diffusion.engine.find_spec", lambda name: None)
    with pytest.raises(SystemExit, match=r"needs what is not installed: pip install '\.\[diffusers\]'"):
        table.engines(told(tmp_path, text))
    monkeypatch.setattr("generation.engines.diffusion.engine.find_spec", lambda name: object())
    with pytest.raises(SystemExit, match=r"no model_index\.json"):
        table.engines(told(tmp_path, text))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="cannot be used"):
        table.engines(replace(Settings(), engines_file=str(tmp_path / "none.toml")))


@pytest.mark.parametrize(
    ("width", "height", "size"),
    [
        (1024, 1024, (1024, 1024)),
        (1000, 700, (992, 688)),
        (6000, 4000, (3520, 2336)),
        (100, 100, (512, 512)),
        (4000, 400, (3792, 1264)),
        (300, 3000, (992, 2976)),
    ],
)
def test_the_closest_size_keeps_every_bound(width: int, height: int, size: tuple[int, int]) -> None:
    can = Capabilities(512, 3840, 16, 4, max_pixels=3840 * 2160, max_aspect=3)
    found = closest(width, height, can)
    assert found == size
    assert found[0] % 16 == found[1] % 16 == 0
    assert found[0] * found[1] <= can.max_pixels
    assert max(found) <= 3 * min(found)


@pytest.mark.parametrize(
    ("width", "height", "size"), [(800, 800, (1024, 1024)), (900, 300, (1536, 1024)), (3, 4, (1024, 1536))]
)
def test_of_sizes_that_are_listed_the_one_of_the_closest_shape(width: int, height: int, size: tuple[int, int]) -> None:
    can = Capabilities(512, 2048, 16, 4, sizes=("1024x1024", "1536x1024", "1024x1536"))
    assert closest(width, height, can) == size
