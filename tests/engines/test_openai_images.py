"""OpenAI's Images API, spoken with OpenAI's own client to a server of this machine."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace

import pytest
import pytest_asyncio
from PIL import Image

from generation.engine import EngineError, Failed, Model, Partial, Picture, Progress, Refused, Request, Started, Step
from generation.engines.openai_images import USUAL, OpenAIImages
from generation.engines.openai_request import Offer
from generation.engines.outputs import apart
from tests.engines.images_server import ECHO, REQUEST_ID, USAGE, ImagesServer
from tests.engines.loopback import nobody_listens, png, see_through, served
from tests.engines.steps import fault_of, last_note, steps_of
from tests.people import PATIENCE_SECONDS

KEY = "sk-loopback-not-a-secret"
QUICK = Request(
    "a fox",
    "painter",
    1024,
    1024,
    1,
    5,
    quality="low",
    person="hash-of-ann",
    job="0b0e7f5c-4d0e-4a2e-9d1e-6c1d1e1f2a3b",
)


@pytest.fixture
def server() -> ImagesServer:
    return ImagesServer()


@pytest_asyncio.fixture
async def address(server: ImagesServer) -> AsyncIterator[str]:
    async with served(server.application()) as address:
        yield address


@pytest_asyncio.fixture
async def engine(address: str) -> AsyncIterator[OpenAIImages]:
    engine = made(f"{address}/v1")
    await engine.start()
    yield engine
    await engine.close()


def made(base_url: str, *, timeout_seconds: float = 20.0) -> OpenAIImages:
    """An engine with a model that streams, and one that does not."""
    plain = replace(USUAL, max_partial_images=0, sizes=("1024x1024", "1536x1024", "1024x1536"))
    offers = (
        Offer(Model("painter", USUAL), "gpt-image-of-tomorrow", {"moderation": "low"}),
        Offer(Model("plain", plain), "plain-of-tomorrow", {}),
    )
    return OpenAIImages("openai", offers, key=KEY, base_url=base_url, timeout_seconds=timeout_seconds, parallel=4)


async def test_a_picture_comes_with_its_partials(server: ImagesServer, engine: OpenAIImages) -> None:
    steps = await steps_of(engine, QUICK)
    assert steps[0] == Started("0=asked")
    partials = [step for step in steps if isinstance(step, Partial)]
    assert [partial.mime_type for partial in partials] == ["image/webp"] * 2
    with Image.open(io.BytesIO(partials[0].data)) as small:
        assert small.format == "WEBP"
        assert max(small.size) <= 512
    assert [step.fraction for step in steps if isinstance(step, Partial | Progress)][-1] == 1.0
    picture = steps[-1]
    assert isinstance(picture, Picture)
    assert (picture.width, picture.height, picture.mime_type) == (1024, 1024, "image/png")
    assert picture.data == server.picture  # to the byte, signed statement and all
    assert b"caBX" in picture.data
    assert picture.as_it_came
    assert picture.facts["request_id"] == REQUEST_ID
    assert picture.facts["usage"] == USAGE
    (asked,) = server.asked
    assert asked.path == "/v1/images/generations"
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert asked.headers["x-stainless-retry-count"] == "0"
    assert asked.headers["x-client-request-id"].startswith(f"{QUICK.job}.0.")
    assert asked.fields == {
        "prompt": "a fox",
        "model": "gpt-image-of-tomorrow",
        "n": 1,
        "stream": True,
        "partial_images": 2,
        "size": "1024x1024",
        "quality": "low",
        "output_format": "png",
        "safety_identifier": "hash-of-ann",
        "moderation": "low",
    }


async def test_a_model_without_partials_is_not_streamed(server: ImagesServer, engine: OpenAIImages) -> None:
    steps = await steps_of(engine, replace(QUICK, model="plain", width=1500, height=1000, output_format="webp"))
    picture = steps[-1]
    assert isinstance(picture, Picture)
    assert picture.data == server.picture
    assert picture.facts["request_id"] == REQUEST_ID
    (asked,) = server.asked
    assert "stream" not in asked.fields
    assert (asked.fields["size"], asked.fields["output_format"]) == ("1536x1024", "webp")


async def test_each_picture_is_a_request_of_its_own(server: ImagesServer, engine: OpenAIImages) -> None:
    steps = await steps_of(engine, replace(QUICK, count=4, only=(1, 3)))
    assert sorted(step.index for step in steps if isinstance(step, Picture)) == [1, 3]
    assert [asked.fields["n"] for asked in server.asked] == [1, 1]
    assert steps[0] == Started("1=asked 3=asked")


async def test_an_edit_sends_pictures_mask_and_see_through(server: ImagesServer, engine: OpenAIImages) -> None:
    picture, mask, others = png(800, 600), see_through(800, 600), tuple(png(32, 32, f"#0000{n:02x}") for n in range(15))
    request = replace(
        QUICK, kind="EDIT", image=picture, mask=mask, references=others, background="transparent", output_format="jpeg"
    )
    steps = await steps_of(engine, replace(request, width=800, height=600))
    assert isinstance(steps[-1], Picture)
    assert any(isinstance(step, Partial) for step in steps)
    (asked,) = server.asked
    assert asked.path == "/v1/images/edits"
    assert [(field, data) for field, _, _, data in asked.files if field == "image[]"] == [
        ("image[]", data) for data in (picture, *others)
    ]
    assert [(name, kind, data) for field, name, kind, data in asked.files if field == "mask"] == [
        ("mask.png", "image/png", mask)
    ]
    told = {key: asked.fields[key] for key in ("background", "output_format", "size", "stream", "safety_identifier")}
    assert told == {
        "background": "transparent",
        "output_format": "png",
        "size": "800x592",
        "stream": "true",
        "safety_identifier": "hash-of-ann",
    }


async def test_a_drawing_goes_over_the_picture_and_a_variation_needs_no_words(
    server: ImagesServer, engine: OpenAIImages
) -> None:
    await steps_of(engine, replace(QUICK, kind="EDIT", image=png(), guide=see_through()))
    assert {field for field, *_ in server.asked[0].files} == {"image[]", "markup"}
    await steps_of(engine, replace(QUICK, kind="VARY", prompt="", image=png()))
    assert "variation" in server.asked[1].fields["prompt"]
    fault, steps = await fault_of(
        engine, replace(QUICK, kind="EDIT", image=png(), guide=see_through(), mask=see_through())
    )
    assert (fault.code, steps, len(server.asked)) == ("bad_request", [], 2)


@pytest.mark.parametrize(
    ("word", "code", "retryable", "note"),
    [
        ("busy", "engine_busy", True, "none"),
        ("broken", "engine_failed", True, "none"),
        ("stop", "answer_lost", False, "0=asked"),
        ("gateway", "answer_lost", False, "0=asked"),
        ("hang-up", "answer_lost", False, "0=asked"),
        ("cut", "answer_lost", False, "0=asked"),
        ("ends", "answer_lost", False, "0=asked"),
        ("unpaid", "engine_unpaid", False, "0=engine_unpaid"),
        ("locked", "engine_locked", False, "0=engine_locked"),
        ("wrong", "engine_refused", False, "0=engine_refused"),
        ("redirect", "engine_refused", False, "0=engine_refused"),
        ("garbled", "bad_answer", False, "0=bad_answer"),
        ("fails", "engine_failed", False, "0=engine_failed"),
        ("input", "moderation_blocked", False, "0=moderation_blocked"),
        ("withheld", "moderation_blocked", False, "0=moderation_blocked"),
    ],
)
async def test_what_goes_wrong_is_told_and_not_asked_for_twice(
    server: ImagesServer, engine: OpenAIImages, word: str, code: str, retryable: bool, note: str
) -> None:
    fault, steps = await fault_of(engine, replace(QUICK, prompt=f"a fox {word}"))
    assert (fault.code, fault.retryable, last_note(steps)) == (code, retryable, note)
    assert len(server.asked) == 1
    assert fault.message.endswith(".")
    assert KEY not in fault.message
    assert "sk-" not in fault.message
    assert "org-" not in fault.message
    if not retryable:  # another attempt, on another machine, finds what this one left
        again, later = await fault_of(engine, replace(QUICK, upstream_id=note))
        assert (again.code, again.retryable, later, len(server.asked)) == (code, False, [], 1)


async def test_moderation_says_stage_and_categories(engine: OpenAIImages) -> None:
    found = {
        word: (await fault_of(engine, replace(QUICK, prompt=word)))[0] for word in ("input", "withheld", "violations")
    }
    assert {word: (fault.stage, fault.categories) for word, fault in found.items()} == {
        "input": ("input", ("violence",)),
        "withheld": ("output", ("sexual",)),
        "violations": (None, ("sexual", "violence")),
    }
    assert found["withheld"].message == "The engine withheld what it had made (sexual)."


@pytest.mark.parametrize(("word", "least", "most"), [("busy", 6.0, 7.0), ("busy-ms", 2.0, 2.5)])
async def test_told_to_wait_it_takes_no_job_meanwhile(
    engine: OpenAIImages, word: str, least: float, most: float
) -> None:
    assert await engine.available()
    fault, _ = await fault_of(engine, replace(QUICK, prompt=word))
    assert fault.retry_after is not None
    assert least <= fault.retry_after <= most
    assert not await engine.available()


async def test_where_nobody_listens_nothing_was_asked() -> None:
    engine = made(f"{await nobody_listens()}/v1")
    await engine.start()
    fault, steps = await fault_of(engine, QUICK)
    assert (fault.code, fault.retryable, last_note(steps)) == ("engine_unreachable", True, "none")
    await engine.close()
    assert not await engine.available()


async def test_a_server_that_says_nothing_is_given_up_and_not_asked_again(server: ImagesServer, address: str) -> None:
    engine = made(f"{address}/v1", timeout_seconds=0.3)
    await engine.start()
    fault, _ = await fault_of(engine, replace(QUICK, prompt="silent"))
    assert (fault.code, fault.retryable) == ("answer_lost", False)
    await engine.close()


async def test_one_that_is_withheld_takes_no_other_with_it(server: ImagesServer, engine: OpenAIImages) -> None:
    """Two of four were lost for good at an earlier attempt: the others are made, and each that was not has its own reason."""
    steps = [
        step async for step in engine.generate(replace(QUICK, count=4, upstream_id="1=moderation_blocked 2=asked"))
    ]
    assert sorted(step.index for step in steps if isinstance(step, Picture)) == [0, 3]
    assert [(type(step), step.index, step.code) for step in steps if isinstance(step, Refused | Failed)] == [
        (Refused, 1, "moderation_blocked"),
        (Failed, 2, "answer_lost"),
    ]
    assert len(server.asked) == 2


async def test_what_was_refused_is_told_before_the_rest_is_tried_again() -> None:
    """Faults that another attempt may mend are raised; where nothing says that the engine works, all of them are."""

    def fault(code: str, retryable: bool = False) -> EngineError:
        return EngineError(code, "No.", retryable=retryable)

    asked = replace(QUICK, count=3)
    for faults, made, told, left in (
        ({0: fault("moderation_blocked"), 1: fault("engine_busy", True)}, False, [(Refused, 0)], "engine_busy"),
        ({0: fault("answer_lost"), 1: fault("engine_busy", True)}, True, [(Failed, 0)], "engine_busy"),
        ({0: fault("engine_locked"), 1: fault("engine_locked")}, False, [], "engine_locked"),
        ({0: fault("moderation_blocked")}, True, [(Refused, 0)], None),
        ({}, True, [], None),
    ):
        steps, raised = apart(asked, faults, made=made)
        assert [(type(step), step.index) for step in steps] == told
        assert (raised.code if raised else None) == left


async def test_garbage_where_a_picture_should_be(server: ImagesServer, engine: OpenAIImages) -> None:
    for word in ("garbage", "page", "empty", "no-picture"):
        fault, _ = await fault_of(engine, replace(QUICK, model="plain", prompt=word))
        assert (fault.code, fault.retryable) == ("bad_answer", False), word
    steps = await steps_of(engine, replace(QUICK, prompt="bad-partial"))  # a preview is no reason to lose a picture
    assert [type(step) for step in steps if isinstance(step, Partial | Picture)] == [Picture]


async def test_stopping_hangs_up(server: ImagesServer, engine: OpenAIImages) -> None:
    for word in ("slow", "silent"):
        server.begun.clear()
        server.gone.clear()
        async with aclosing(engine.generate(replace(QUICK, prompt=word))) as steps:
            first = asyncio.create_task(_read_on(steps))
            async with asyncio.timeout(PATIENCE_SECONDS):
                await server.begun.wait()
            first.cancel()
            await asyncio.wait((first,))
        async with asyncio.timeout(PATIENCE_SECONDS):
            await server.gone.wait()


async def _read_on(steps: AsyncIterator[Step]) -> None:
    async for _ in steps:
        pass


async def test_no_key_in_the_log(engine: OpenAIImages, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        await steps_of(engine, QUICK)
        await fault_of(engine, replace(QUICK, prompt="wrong"))
    assert KEY not in caplog.text
    assert KEY not in repr(engine)
    assert REQUEST_ID in caplog.text


async def test_no_prompt_in_the_log_by_an_echo(engine: OpenAIImages, caplog: pytest.LogCaptureFixture) -> None:
    await fault_of(engine, replace(QUICK, prompt=ECHO))
    assert "422" in caplog.text
    assert "canary" not in caplog.text
