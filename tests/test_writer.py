"""A text model says more of a prompt, over the wire; whatever else it says, the rules are used and nobody is refused."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import orjson
import pytest
import pytest_asyncio
from aiohttp import web

from models import rewriting
from models.enhancement import enhanced
from outside.writer import LONGEST_ANSWER_BYTES, MOST_AT_ONCE, Writer
from settings import Settings
from tests.conftest import Serving
from tests.people import Person, Town
from tests.receiver import Receiver, Reply, receiving
from tests.test_prompt import ENHANCE

KEY = "sk-loopback-not-a-secret"
PROMPT = "a castle."
GOOD = {
    "prompt": "A castle at dusk, in gouache",
    "additions": [
        {"text": "at dusk", "reason": "It did not say when."},
        {"text": "in gouache", "reason": "It did not say what with."},
    ],
}


def says(content: object) -> Reply:
    """An answer as servers write it, whose message is this."""
    text = content if isinstance(content, str) or content is None else orjson.dumps(content).decode()
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}
    return raw(orjson.dumps({"id": "chatcmpl-1", "object": "chat.completion", "choices": [choice]}))


def raw(body: bytes) -> Reply:
    """An answer of these bytes."""

    async def reply(request: web.Request) -> web.StreamResponse:
        return web.Response(body=body, content_type="application/json")

    return reply


def by_rules(prompt: str) -> dict[str, Any]:
    """What the rules say, as the API gives it."""
    found = enhanced(prompt)
    return {"prompt": found.prompt, "additions": [{"text": one.text, "reason": one.reason} for one in found.additions]}


@pytest_asyncio.fixture
async def model() -> AsyncIterator[Receiver]:
    async with receiving() as found:
        yield found


@pytest.fixture
def named(told: Settings, model: Receiver) -> Settings:
    """Settings that name the model on this machine."""
    base = model.url.removesuffix("/hook") + "/v1/"
    return replace(told, text_model_url=base, text_model_key=KEY, text_model_name="scribe")


@pytest.fixture
def writer(named: Settings) -> Writer:
    found = Writer.of(named)
    assert found is not None
    return found


@pytest_asyncio.fixture
async def ada(running: Serving, town: Town, writer: Writer) -> AsyncIterator[Person]:
    """Somebody at a Fresque that has the writer."""
    shared = running.application.state.shared
    before = shared.house
    shared.house = replace(before, write=writer.write)
    try:
        yield await town.person("ada")
    finally:
        shared.house = before


async def said(person: Person, prompt: str = PROMPT, **more: Any) -> dict[str, Any]:
    """What a person is told of a prompt."""
    found: dict[str, Any] = (await person.do(ENHANCE, prompt=prompt, **more))["enhancement"]
    return found


async def test_a_good_answer_is_given_and_the_prompt_is_data(ada: Person, model: Receiver) -> None:
    model.replies.append(says(GOOD))
    assert await said(ada) == GOOD
    (asked,) = model.got
    assert asked.path == "/v1/chat/completions"
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    body = orjson.loads(asked.body)
    assert body["model"] == "scribe"
    system, person = body["messages"]
    assert (system["role"], person["role"]) == ("system", "user")
    assert "never an instruction" in system["content"]
    assert PROMPT not in system["content"]
    assert orjson.loads(person["content"]) == {"prompt": PROMPT}


async def test_one_key_gives_one_outcome_and_asks_once(ada: Person, model: Receiver) -> None:
    model.replies += [
        says(GOOD),
        says({"prompt": "A castle in ink", "additions": [{"text": "in ink", "reason": "So."}]}),
    ]
    assert await said(ada, idempotencyKey="one") == GOOD
    assert await said(ada, idempotencyKey="one") == GOOD
    assert len(model.got) == 1
    assert await ada.refusal(ENHANCE, prompt="a hen", idempotencyKey="one") == ("CONFLICT", ["idempotencyKey"])
    assert len(model.got) == 1
    assert (await said(ada))["prompt"] == "A castle in ink"


async def test_two_at_once_under_one_key_are_told_the_same(ada: Person, model: Receiver) -> None:
    other = {"prompt": "A castle in ink", "additions": [{"text": "in ink", "reason": "So."}]}
    model.replies += [says(GOOD), says(other)]
    one, two = await asyncio.gather(said(ada, idempotencyKey="k"), said(ada, idempotencyKey="k"))
    assert one == two
    assert one in (GOOD, other)


async def test_the_model_is_asked_outside_of_the_transaction(ada: Person, model: Receiver) -> None:
    """While the model thinks, the key's row is not taken: the same key can be used to its end beside it."""
    asked, go_on = asyncio.Event(), asyncio.Event()

    async def thinks(request: web.Request) -> web.StreamResponse:
        asked.set()
        await go_on.wait()
        return await says(GOOD)(request)

    model.replies += [thinks, 500]
    slow = asyncio.create_task(said(ada, idempotencyKey="k"))
    await asked.wait()
    assert await said(ada, idempotencyKey="k") == by_rules(PROMPT)
    go_on.set()
    assert await slow == by_rules(PROMPT)  # what was kept first


@pytest.mark.parametrize(
    "reply",
    [
        500,
        401,
        302,
        204,
        raw(b""),
        raw(b"<html>"),
        raw(b'{"choices": []}'),
        raw(b'[{"choices": 1}]'),
        raw(b'{"error": {"message": "no such model"}}'),
        raw(b'{"choices": [' + b" " * LONGEST_ANSWER_BYTES + b"]}"),
        says(None),
        says("I am sorry, but I cannot help with that."),
        says("[" * 60_000),
        says("```" + "\n" * 60_000),
    ],
)
async def test_anything_else_leaves_it_to_the_rules(ada: Person, model: Receiver, reply: Reply | int) -> None:
    model.replies.append(reply)
    assert await said(ada) == by_rules(PROMPT)
    assert len(model.got) == 1


async def test_who_is_slow_is_not_waited_for(ada: Person, model: Receiver, writer: Writer) -> None:
    never = asyncio.Event()

    async def silent(request: web.Request) -> web.StreamResponse:
        await never.wait()
        return web.Response()

    writer.seconds = 0.05
    model.replies.append(silent)
    assert await said(ada) == by_rules(PROMPT)
    never.set()


async def test_what_is_refused_is_refused_without_asking(ada: Person, model: Receiver, town: Town) -> None:
    for prompt in ("", " ", "x" * 4_001):
        assert await ada.refusal(ENHANCE, prompt=prompt) == ("BAD_USER_INPUT", ["prompt"])
    assert await ada.refusal(ENHANCE, prompt=PROMPT, idempotencyKey="") == ("BAD_USER_INPUT", ["idempotencyKey"])
    assert await Person(town, "", "", None).refusal(ENHANCE, prompt="a fox") == ("UNAUTHENTICATED", None)
    assert model.got == []


async def test_an_operation_asks_once_whatever_its_aliases(ada: Person, model: Receiver) -> None:
    model.replies += [says(GOOD), says(GOOD)]
    one = 'enhancePrompt(input: {prompt: "a castle."}) { enhancement { prompt } }'
    found = await ada.ask(f"mutation {{ one: {one} two: {one} }}")
    assert found["one"]["enhancement"]["prompt"] == GOOD["prompt"]
    assert found["two"]["enhancement"]["prompt"] == by_rules(PROMPT)["prompt"]
    assert len(model.got) == 1


async def test_so_many_are_asked_at_once(model: Receiver, writer: Writer) -> None:
    go_on = asyncio.Event()

    async def waits(request: web.Request) -> web.StreamResponse:
        await go_on.wait()
        return await says("done")(request)

    model.replies += [waits] * MOST_AT_ONCE
    asking = [asyncio.create_task(writer.write(PROMPT)) for _ in range(MOST_AT_ONCE)]
    await model.until(MOST_AT_ONCE)
    assert await writer.write(PROMPT) is None
    go_on.set()
    assert await asyncio.gather(*asking) == ["done"] * MOST_AT_ONCE


async def test_neither_key_nor_prompt_is_logged(
    model: Receiver, writer: Writer, caplog: pytest.LogCaptureFixture
) -> None:
    model.replies.append(500)
    with caplog.at_level(logging.DEBUG):
        assert await writer.write("a secret castle") is None
        writer.key = f"{KEY}\r\nX-More: 1"  # no header can carry it
        assert await writer.write("a secret castle") is None
    assert "status 500" in caplog.text
    assert KEY not in caplog.text + repr(writer)
    assert "secret castle" not in caplog.text
    assert len(model.got) == 1


async def test_a_private_address_is_not_asked(named: Settings) -> None:
    found = Writer.of(replace(named, text_model_url="https://10.0.0.1/v1"))
    assert found is not None
    assert await found.write(PROMPT) is None


def test_without_address_or_name_there_is_no_writer(named: Settings) -> None:
    assert Writer.of(replace(named, text_model_url="")) is None
    assert Writer.of(replace(named, text_model_name="")) is None
    with pytest.raises(SystemExit):
        Writer.of(replace(named, text_model_url="http://llm.example/v1"))


async def test_where_none_is_named_the_rules_do(running: Serving, town: Town) -> None:
    assert running.application.state.house.write is None
    assert await said(await town.person("ada")) == by_rules(PROMPT)


def changed(**given: Any) -> str:
    """The good answer with something else in it."""
    return orjson.dumps({**GOOD, **given}).decode()


ONE = GOOD["additions"][0]
FENCED = f"```json\n{changed()}\n```"


@pytest.mark.parametrize("answer", [changed(), f"\n{changed()} ", FENCED])
def test_what_is_good_is_read(answer: str) -> None:
    found = rewriting.read(PROMPT, answer)
    assert found is not None
    assert rewriting.restored(orjson.loads(orjson.dumps(rewriting.kept(found)))) == found
    assert found.prompt == GOOD["prompt"]


def test_signs_that_control_are_cleaned_away() -> None:
    answer = changed(prompt="A castle\x00 at dusk\x1b[2J, in gouache")
    found = rewriting.read(PROMPT, answer)
    assert found is not None
    assert found.prompt == "A castle at dusk[2J, in gouache"


def test_a_prompt_that_leaves_nothing_open_stays_as_it_is() -> None:
    found = rewriting.read(PROMPT, changed(prompt=PROMPT, additions=[]))
    assert found is not None
    assert (found.prompt, list(found.additions)) == (PROMPT, [])


@pytest.mark.parametrize(
    "answer",
    [
        "null",
        "[]",
        "{}",
        '{"prompt": "a castle at dusk"}',
        changed(more=1),
        changed(prompt=None),
        changed(prompt=["A castle"]),
        changed(prompt=""),
        changed(prompt="A fortress at dusk, in gouache"),
        changed(prompt="castle, a: at dusk, in gouache"),
        changed(prompt="A castle at dusk, in gouache" + " and so on" * 400),
        changed(prompt="A castle at dusk"),  # an addition is no part of it
        changed(prompt=PROMPT),  # additions to nothing new
        changed(additions=[]),  # something new that is not said
        changed(additions=None),
        changed(additions={"text": "at dusk", "reason": "So."}),
        changed(additions=[*(ONE for _ in range(5))]),
        changed(additions=["at dusk"]),
        changed(additions=[{"text": "at dusk"}]),
        changed(additions=[{"text": "", "reason": "So."}]),
        changed(additions=[{"text": "at dusk", "reason": " "}]),
        changed(additions=[{"text": "at dusk", "reason": 5}]),
        changed(additions=[{"text": "at dusk", "reason": "x" * 301}]),
        changed(additions=[{"text": "castle", "reason": "The person's own."}]),
        f"Here you are: {changed()}",
    ],
)
def test_what_is_not_good_is_not_read(answer: str) -> None:
    assert rewriting.read(PROMPT, answer) is None
