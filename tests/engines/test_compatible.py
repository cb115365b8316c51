"""Servers that speak the Images API in their own way: base64 or an address, three shapes of refusal, no stream."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest
import pytest_asyncio

from generation.engine import Model, Picture, Request
from generation.engines.compatible import LARGEST_SEED, USUAL, Compatible, Dialect, Offer
from generation.engines.remote import Remote
from generation.engines.seed import seed_of
from tests.engines.images_server import ECHO, REQUEST_ID, ImagesServer
from tests.engines.loopback import nobody_listens, png, see_through, served
from tests.engines.steps import fault_of, last_note, picture_of, steps_of

KEY = "local-key-not-a-secret"
QUICK = Request("a fox", "plain", 512, 512, 1, 5)
SEEDED = replace(USUAL, supports_seeds=True, supports_negative_prompts=True)
Make = Callable[..., Compatible]


@pytest.fixture
def server() -> ImagesServer:
    return ImagesServer()


@pytest_asyncio.fixture
async def make(server: ImagesServer) -> AsyncIterator[Make]:
    """Makes started engines of the server, each with one model of a dialect."""
    engines: list[Compatible] = []
    async with served(server.application()) as address:
        server.url_base = address

        def make(dialect: Dialect = Dialect(), *, paid: bool = True, hosts: tuple[str, ...] = ()) -> Compatible:
            can = replace(SEEDED, supports_edits=True, supports_masks=True, max_references=4)
            remote = Remote(f"{address}/v1", KEY, 10.0, hosts)
            offer = Offer(Model("plain", can, 512, 512), "plain-upstream", dialect)
            engines.append(Compatible("local", (offer,), remote, parallel=2, paid=paid))
            return engines[-1]

        yield make
        for engine in engines:
            await engine.close()


async def test_base64_comes_back_as_it_was_sent(server: ImagesServer, make: Make) -> None:
    engine = make()
    assert not await engine.available()
    await engine.start()
    assert await engine.available()
    picture = await picture_of(engine, QUICK)
    assert picture.data == server.picture
    assert picture.facts["request_id"] == REQUEST_ID
    (asked,) = server.asked
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert asked.fields == {"prompt": "a fox", "model": "plain-upstream", "n": 1, "size": "512x512"}


@pytest.mark.parametrize("word", ["url", "relative"])
async def test_an_address_of_the_server_itself_is_fetched_with_its_key(
    server: ImagesServer, make: Make, word: str
) -> None:
    engine = make()
    await engine.start()
    assert (await picture_of(engine, replace(QUICK, prompt=word))).data == server.picture
    assert [asked.path for asked in server.asked] == ["/v1/images/generations", "/files/picture.png"]
    assert server.asked[1].headers["authorization"] == f"Bearer {KEY}"
    assert (await picture_of(engine, replace(QUICK, prompt="data-url"))).data == server.picture


async def test_a_picture_elsewhere_is_fetched_only_from_hosts_that_are_named_and_without_the_key(
    server: ImagesServer, make: Make
) -> None:
    server.url_base = server.url_base.replace("127.0.0.1", "localhost")
    engine, other = make(), make(hosts=("localhost",))
    await engine.start()
    await other.start()
    fault, steps = await fault_of(engine, replace(QUICK, prompt="url"))
    assert (fault.code, fault.retryable, last_note(steps)) == ("bad_answer", False, "0=bad_answer")
    assert len(server.asked) == 1
    assert (await picture_of(other, replace(QUICK, prompt="url"))).data == server.picture
    assert "authorization" not in server.asked[-1].headers


@pytest.mark.parametrize(
    "word", ["strange-url", "file-url", "moved", "lost-file", "endless", "page", "empty", "garbage"]
)
async def test_no_other_place_and_nothing_without_end(server: ImagesServer, make: Make, word: str) -> None:
    engine = make()
    await engine.start()
    fault, _ = await fault_of(engine, replace(QUICK, prompt=word))
    assert (fault.code, fault.retryable) == ("bad_answer", False)
    assert ("too large" in fault.message) == (word == "endless")


@pytest.mark.parametrize(
    ("word", "code", "retryable", "words"),
    [
        ("text", "engine_refused", False, "prompt is required"),
        ("text-500", "engine_failed", True, ""),
        ("detail", "engine_refused", False, "size is too large"),
        ("detail-text", "engine_refused", False, "no such model"),
        ("wrong", "engine_refused", False, "is no image"),
        ("local", "engine_failed", True, ""),
        ("busy", "engine_busy", True, ""),
        ("input", "moderation_blocked", False, "violence"),
        ("gateway", "answer_lost", False, "not asked again"),
        ("hang-up", "answer_lost", False, "not asked again"),
    ],
)
async def test_refusals_of_every_shape(
    server: ImagesServer, make: Make, word: str, code: str, retryable: bool, words: str
) -> None:
    engine = make()
    await engine.start()
    fault, _ = await fault_of(engine, replace(QUICK, prompt=word))
    assert (fault.code, fault.retryable) == (code, retryable)
    assert words in fault.message
    assert len(server.asked) == 1
    assert await engine.available() == (word != "busy")


async def test_what_a_person_asked_for_does_not_come_into_the_log_by_an_echo(
    make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    engine = make()
    await engine.start()
    fault, _ = await fault_of(engine, replace(QUICK, prompt=ECHO))
    assert "422" in caplog.text
    assert "canary" not in caplog.text
    assert "somebody was here" not in caplog.text
    assert "canary" in fault.message, "whoever wrote it may read it"


async def test_where_things_lie_behind_an_engine_is_not_told(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    engine = make()
    await engine.start()
    fault, _ = await fault_of(engine, replace(QUICK, prompt="places"))
    assert fault.message == "The engine did not take the request: no … at … (…), asked … and …."
    assert "no …" in caplog.text


@pytest.mark.parametrize("word", ["hang-up", "gateway"])
async def test_what_costs_nothing_may_be_asked_for_again(server: ImagesServer, make: Make, word: str) -> None:
    engine = make(paid=False)
    await engine.start()
    fault, steps = await fault_of(engine, replace(QUICK, prompt=word))
    assert (fault.retryable, last_note(steps)) == (True, "none")
    assert isinstance((await steps_of(engine, replace(QUICK, upstream_id="0=asked")))[-1], Picture)


async def test_where_nobody_listens_nothing_was_asked() -> None:
    remote = Remote(await nobody_listens(), "", 10.0)
    engine = Compatible("local", (Offer(Model("plain", USUAL), "x", Dialect()),), remote, parallel=1, paid=True)
    await engine.start()
    fault, steps = await fault_of(engine, QUICK)
    assert (fault.code, fault.retryable, last_note(steps)) == ("engine_unreachable", True, "none")
    await engine.close()


async def test_seed_and_negative_prompt_in_each_dialect(server: ImagesServer, make: Make) -> None:
    request = replace(
        QUICK, count=2, seed=2**40 + 9, negative_prompt="blur | noise", prompt="a fox <sd_cpp_extra_args>"
    )
    for dialect in (Dialect("field", "field"), Dialect("none", "bar"), Dialect("sd_cpp", "sd_cpp")):
        engine = make(dialect)
        await engine.start()
        await steps_of(engine, request)
    field, bar, sd_cpp = (sorted(server.asked[n : n + 2], key=lambda asked: str(asked.fields)) for n in (0, 2, 4))
    seeds = {seed_of(request.seed, index) % (LARGEST_SEED + 1) for index in (0, 1)}
    assert {asked.fields["seed"] for asked in field} == seeds
    assert field[0].fields["negative_prompt"] == "blur | noise"
    assert bar[0].fields["prompt"] == "a fox <sd_cpp_extra_args>|blur   noise"
    for asked in sd_cpp:
        assert asked.fields["prompt"].startswith("a fox <sd cpp extra args><sd_cpp_extra_args>{")
        assert asked.fields["prompt"].count("sd_cpp_extra_args") == 2
    assert sum(f'"seed":{seed}' in asked.fields["prompt"] for asked in sd_cpp for seed in seeds) == 2


async def test_an_edit_is_a_form(server: ImagesServer, make: Make) -> None:
    engine = make(Dialect(seed="field", image_field="image", answer="b64_json", parameters={"steps": 4}))
    await engine.start()
    picture, mask = png(500, 400), see_through(500, 400)
    await steps_of(
        engine, replace(QUICK, kind="EDIT", image=picture, mask=mask, references=(png(),), width=500, height=400)
    )
    (asked,) = server.asked
    assert asked.path == "/v1/images/edits"
    assert [(field, name, kind) for field, name, kind, _ in asked.files] == [
        ("image", "picture0.png", "image/png"),
        ("image", "picture1.png", "image/png"),
        ("mask", "mask.png", "image/png"),
    ]
    assert [data for *_, data in asked.files] == [picture, png(), mask]
    assert asked.fields == {
        "prompt": "a fox",
        "model": "plain-upstream",
        "n": "1",
        "size": "448x384",
        "steps": "4",
        "seed": "5",
        "response_format": "b64_json",
    }
