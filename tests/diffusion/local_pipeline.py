"""`make test-diffusers`: a real pipeline, tiny and never trained, loaded from a folder and painting in its child.

Not collected by `make test`: it needs the extra `diffusers`, and with it torch.
"""

from __future__ import annotations

import asyncio
import io
import json
import os
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
import torch
from diffusers import AutoencoderKL, DDIMScheduler, StableDiffusionPipeline, UNet2DConditionModel
from PIL import Image
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from generation.engine import EngineError, Partial, Picture, Progress, Request
from generation.engines.diffusion.engine import Diffusion, engine
from generation.engines.told import BadEngines, Told
from tests.engines.steps import fault_of, picture_of, steps_of

SIDE = 64
# Threads that wait for each other on a busy machine take a hundred times as long as one.
os.environ.setdefault("OMP_NUM_THREADS", "1")
QUICK = Request("a fox", "tiny", SIDE, SIDE, 1, 5)


def save_pipeline(folder: Path) -> None:
    """Save a whole Stable Diffusion pipeline of a few thousand weights, drawn by chance."""
    torch.manual_seed(0)
    unet = UNet2DConditionModel(
        block_out_channels=(8, 16),
        layers_per_block=1,
        sample_size=SIDE // 2,
        in_channels=4,
        out_channels=4,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=16,
        norm_num_groups=4,
    )
    vae = AutoencoderKL(
        block_out_channels=(8, 16),
        in_channels=3,
        out_channels=3,
        down_block_types=("DownEncoderBlock2D", "DownEncoderBlock2D"),
        up_block_types=("UpDecoderBlock2D", "UpDecoderBlock2D"),
        latent_channels=4,
        norm_num_groups=4,
    )
    letters = [chr(number) for number in range(ord("a"), ord("z") + 1)]
    words = [*letters, *(f"{letter}</w>" for letter in letters), "<|startoftext|>", "<|endoftext|>"]
    folder.mkdir(parents=True)
    (folder / "vocab.json").write_text(json.dumps({word: number for number, word in enumerate(words)}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    tokenizer = CLIPTokenizer(str(folder / "vocab.json"), str(folder / "merges.txt"), model_max_length=16)
    text = CLIPTextConfig(
        hidden_size=16,
        intermediate_size=32,
        num_attention_heads=2,
        num_hidden_layers=2,
        max_position_embeddings=16,
        vocab_size=len(tokenizer),
        bos_token_id=len(words) - 2,
        eos_token_id=len(words) - 1,
        pad_token_id=len(words) - 1,
    )
    StableDiffusionPipeline(
        vae=vae,
        text_encoder=CLIPTextModel(text),
        tokenizer=tokenizer,
        unet=unet,
        scheduler=DDIMScheduler(
            beta_schedule="scaled_linear", clip_sample=False, set_alpha_to_one=False, steps_offset=1
        ),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    ).save_pretrained(folder / "pipeline")


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("models") / "tiny"
    save_pipeline(found)
    return found


def told(folder: Path, pipeline: str = "pipeline") -> Told:
    """The engines file's table for the pipeline."""
    model = {
        "name": "tiny",
        "folder": pipeline,
        "steps": 8,
        "qualities": {"low": 4},
        "capabilities": {"max_side": 128},
    }
    return Told({"name": "local", "model": [model]}, "test", folder)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def local(folder: Path) -> AsyncIterator[Diffusion]:
    found = engine(told(folder))
    await found.start()
    yield found
    await found.close()


def opened(data: bytes) -> Image.Image:
    """A picture as RGB."""
    with Image.open(io.BytesIO(data)) as image:
        return image.convert("RGB")


async def test_words_become_a_picture_with_previews(local: Diffusion) -> None:
    steps = await steps_of(local, replace(QUICK, count=2, negative_prompt="blur"))
    pictures = [step for step in steps if isinstance(step, Picture)]
    assert [(picture.index, opened(picture.data).size) for picture in pictures] == [
        (0, (SIDE, SIDE)),
        (1, (SIDE, SIDE)),
    ]
    assert pictures[0].data != pictures[1].data
    previews = [step for step in steps if isinstance(step, Partial)]
    assert len(previews) == 6
    assert all(preview.mime_type == "image/webp" and max(opened(preview.data).size) <= 320 for preview in previews)
    assert [step.fraction for step in steps if isinstance(step, Progress)][-1] == 1.0


async def test_the_same_seed_is_the_same_picture(local: Diffusion) -> None:
    first, again, other = [await picture_of(local, replace(QUICK, seed=seed)) for seed in (2**62, 2**62, 7)]
    assert first.data == again.data != other.data
    assert (first.facts["steps"], first.width) == (8, SIDE)
    assert (await picture_of(local, replace(QUICK, quality="low"))).facts["steps"] == 4


async def test_an_edit_begins_with_the_picture_and_a_mask_bounds_it(local: Diffusion) -> None:
    picture = io.BytesIO()
    Image.radial_gradient("L").resize((SIDE, SIDE)).convert("RGB").save(picture, "PNG")
    mask = io.BytesIO()
    seen = Image.new("RGBA", (SIDE, SIDE), (0, 0, 0, 255))
    seen.paste((0, 0, 0, 0), (0, 0, SIDE // 2, SIDE))
    seen.save(mask, "PNG")
    edit = replace(QUICK, kind="EDIT", image=picture.getvalue())
    weak, strong = [await picture_of(local, replace(edit, strength=strength)) for strength in (0.2, 1.0)]
    assert weak.data != strong.data
    masked = await picture_of(local, replace(edit, mask=mask.getvalue(), strength=0.9))
    assert opened(masked.data).size == (SIDE, SIDE)
    assert masked.data != (await picture_of(local, replace(edit, strength=0.9))).data


async def test_stopping_ends_the_child_and_the_next_request_works(local: Diffusion) -> None:
    async with aclosing(local.generate(replace(QUICK, count=4))) as steps:
        async for step in steps:
            if isinstance(step, Partial):
                break
    assert local.child_pid is None
    assert (await picture_of(local, QUICK)).data


async def test_the_loop_is_never_held(local: Diffusion) -> None:
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    counting = asyncio.create_task(count())
    await picture_of(local, QUICK)
    counting.cancel()
    assert turns > 1_000


async def test_what_it_cannot_do_is_said(local: Diffusion, folder: Path) -> None:
    fault, _ = await fault_of(local, replace(QUICK, kind="UPSCALE"))
    assert fault.code == "bad_request"
    fault, _ = await fault_of(local, replace(QUICK, kind="EDIT", image=b"no picture"))
    assert (fault.code, fault.retryable) == ("engine_failed", False)
    with pytest.raises(BadEngines, match=r"model_index\.json"):
        engine(told(folder, "elsewhere"))
    broken = engine(told(folder))
    await broken.start()
    await broken.close()
    with pytest.raises(EngineError):
        await picture_of(broken, QUICK)
