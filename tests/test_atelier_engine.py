"""Atelier as an engine: prompt, steady, stoppable, and alive again after its child has died."""

from __future__ import annotations

import asyncio
import io
import json
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import replace

import psutil
import pytest
from PIL import Image

from generation.engine import EngineError, Partial, Picture, Progress, Request, Step
from generation.engines.atelier import Atelier
from generation.engines.seed import seed_of
from tests.people import PATIENCE_SECONDS

QUICK = Request("a fox under the moon", "atelier-1", 256, 256, 1, 5, style="oil")


@pytest.fixture(scope="session")
async def atelier() -> AsyncIterator[Atelier]:
    engine = Atelier()
    await engine.start()
    yield engine
    await engine.close()


async def steps_of(engine: Atelier, request: Request) -> list[Step]:
    return [step async for step in engine.generate(request)]


async def picture_of(engine: Atelier, request: Request) -> Picture:
    last = (await steps_of(engine, request))[-1]
    assert isinstance(last, Picture)
    return last


@pytest.mark.parametrize(
    "prompt",
    [
        "",
        " ",
        "\x00\x07\x1b[31m",
        "\ud800 lone",
        "夜の森の狐",
        "ثعلب في الغابة",
        "🫠🫠🫠",
        "fox " * 1000,
        "z" * 4000,
        "<svg onload=x>&amp;",
        "a" + "\u0301" * 900,
    ],
)
async def test_odd_prompts_become_pictures(atelier: Atelier, prompt: str) -> None:
    picture = await picture_of(atelier, replace(QUICK, prompt=prompt, style="flat"))
    image = Image.open(io.BytesIO(picture.data)).convert("RGB")
    assert image.size == (256, 256)
    assert len(set(image.resize((32, 32)).tobytes())) > 20
    assert picture.alt_text


async def test_partials_come_before_the_picture_and_fractions_rise(atelier: Atelier) -> None:
    steps = await steps_of(atelier, replace(QUICK, width=640, height=704, count=2))
    assert [step.index for step in steps if isinstance(step, Picture)] == [0, 1]
    for index in (0, 1):
        mine = [step for step in steps if isinstance(step, (Partial, Picture)) and step.index == index]
        assert [type(step) for step in mine] == [Partial, Partial, Partial, Picture]
    fractions = [step.fraction for step in steps if isinstance(step, (Partial, Progress))]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    for step in steps:
        if isinstance(step, Partial):
            with Image.open(io.BytesIO(step.data)) as image:
                assert (image.format, step.mime_type) == ("WEBP", "image/webp")
                assert max(image.size) <= 512


@pytest.mark.parametrize(("form", "width", "height"), [("png", 256, 320), ("webp", 704, 256), ("jpeg", 640, 640)])
async def test_formats_and_sizes(atelier: Atelier, form: str, width: int, height: int) -> None:
    picture = await picture_of(atelier, replace(QUICK, output_format=form, width=width, height=height))
    with Image.open(io.BytesIO(picture.data)) as image:
        assert (image.format or "").lower() == form
        assert image.size == (width, height) == (picture.width, picture.height)
    assert picture.mime_type == f"image/{form}"
    assert json.loads(json.dumps(picture.facts))["scene"]["subjects"][0]["name"] == "fox"
    assert "not diffusion" in str(picture.facts["method"])


@pytest.mark.parametrize(("form", "style"), [("png", "flat"), ("webp", "van-gogh")])
async def test_a_transparent_background_has_alpha(atelier: Atelier, form: str, style: str) -> None:
    request = replace(QUICK, background="transparent", output_format=form, style=style, width=640, height=640)
    picture = await picture_of(atelier, request)
    with Image.open(io.BytesIO(picture.data)) as image:
        alpha = image.convert("RGBA").getchannel("A")
    low, high = alpha.getextrema()
    assert (low, high) == (0, 255)
    assert alpha.getpixel((2, 637)) == 0
    assert alpha.histogram()[0] > 0.3 * 640 * 640


async def test_same_seed_same_bytes_also_in_another_process(atelier: Atelier) -> None:
    request = replace(QUICK, width=640, height=640)
    here = await picture_of(atelier, request)
    other = Atelier()
    try:
        there = await picture_of(other, request)
    finally:
        await other.close()
    assert here.data == there.data
    assert (await picture_of(atelier, replace(request, seed=6))).data != here.data


async def test_output_i_is_the_first_output_of_its_own_seed(atelier: Atelier) -> None:
    second = await picture_of(atelier, replace(QUICK, count=2, only=[1]))
    assert second.seed == seed_of(QUICK.seed, 1)
    assert (await picture_of(atelier, replace(QUICK, seed=second.seed))).data == second.data


async def test_cancelling_stops_the_work_and_the_next_request_works(atelier: Atelier) -> None:
    working = asyncio.Event()

    async def watch() -> None:
        async for step in atelier.generate(replace(QUICK, width=1536, height=1536, count=4)):
            if isinstance(step, Partial):
                working.set()

    task = asyncio.create_task(watch())
    await working.wait()
    pid = atelier.child_pid
    assert pid is not None
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not psutil.pid_exists(pid)
    assert (await picture_of(atelier, QUICK)).data


async def test_a_finished_request_keeps_its_child(atelier: Atelier) -> None:
    await picture_of(atelier, QUICK)
    pid = atelier.child_pid
    async for step in atelier.generate(QUICK):
        if isinstance(step, Picture):
            break
    await picture_of(atelier, QUICK)
    assert atelier.child_pid == pid


async def test_a_killed_child_is_a_retryable_fault_and_is_replaced(atelier: Atelier) -> None:
    steps = atelier.generate(replace(QUICK, width=1536, height=1536))
    await anext(steps)
    await anext(steps)
    assert atelier.child_pid is not None
    os.kill(atelier.child_pid, signal.SIGKILL)
    with pytest.raises(EngineError) as caught:
        async for _ in steps:
            pass
    assert (caught.value.code, caught.value.retryable) == ("engine_failed", True)
    assert (await picture_of(atelier, QUICK)).data


async def test_a_child_that_died_while_idle_is_replaced_unnoticed(atelier: Atelier) -> None:
    await picture_of(atelier, QUICK)
    child = atelier._child
    assert child is not None
    child.kill()
    await child.wait()
    assert await atelier.available()
    assert (await picture_of(atelier, QUICK)).data
    assert atelier.child_pid not in (None, child.pid)


async def test_the_child_ends_with_its_input(atelier: Atelier) -> None:
    engine = Atelier()
    await engine.start()
    child = engine._child
    assert child is not None
    assert child.stdin is not None
    assert psutil.Process(child.pid).nice() >= min(19, psutil.Process().nice() + 10)
    child.stdin.close()
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert await child.wait() == 0
    await engine.close()
    assert not await engine.available()


@pytest.mark.parametrize(
    "wrong",
    [
        replace(QUICK, width=250),
        replace(QUICK, height=2048),
        replace(QUICK, width=300),
        replace(QUICK, count=5),
        replace(QUICK, only=[1]),
        replace(QUICK, style="mauve"),
        replace(QUICK, output_format="gif"),
        replace(QUICK, image=b"x"),
    ],
)
async def test_what_is_beyond_the_capabilities_is_refused(atelier: Atelier, wrong: Request) -> None:
    with pytest.raises(EngineError) as caught:
        await steps_of(atelier, wrong)
    assert (caught.value.code, caught.value.retryable) == ("bad_request", False)
