"""How answers in parts end: well, in faults, late, left by the client, stopped by the server; and who may see what."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import aclosing

import httpx
import orjson
import pytest
import pytest_asyncio

from execution.transports.stream import StreamBounds
from tests.apart import HEAD, KINDS, accepting, asked, joined, parts_of
from tests.people import Town
from tests.streaming import pieces
from tests.toy import Served, serving

WAITING = '{ hello ...@defer(label: "S") { slow } }'


@pytest_asyncio.fixture(scope="module")
async def served() -> AsyncIterator[Served]:
    async with serving() as served:
        yield served


@pytest_asyncio.fixture
async def client(served: Served) -> AsyncIterator[httpx.AsyncClient]:
    async with served.client() as client:
        yield client


@pytest.mark.parametrize("kind", KINDS)
async def test_faults_in_what_is_deferred_are_masked(
    served: Served, client: httpx.AsyncClient, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, "fresque.execution")
    query = "{ hello ...@defer { crashed onPurpose } ...@defer { brokenPromise } }"
    answer = await client.post(served.url, json={"query": query}, headers=accepting(kind))
    _, errors = joined(parts_of(answer))
    codes = [one["extensions"]["code"] for one in errors]
    assert sorted(codes) == ["CONFLICT", "INTERNAL_SERVER_ERROR", "INTERNAL_SERVER_ERROR"]
    assert answer.text.count(f'"requestId":"{answer.headers["x-request-id"]}"') == 2
    assert "hunter2" not in answer.text
    for query in (
        '{ hello ...@defer(label: "a") { noJson } ...@defer(label: "b") { whoami } }',
        "{ noJson ...@defer { hello } }",
    ):
        answer = await client.post(served.url, json={"query": query}, headers=accepting(kind))
        assert "TypeError" not in answer.text
        if answer.status_code == 200:
            assert {one["extensions"]["code"] for one in joined(parts_of(answer))[1]} == {"INTERNAL_SERVER_ERROR"}
        else:
            assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (
                500,
                "INTERNAL_SERVER_ERROR",
            )


@pytest.mark.parametrize("kind", KINDS)
async def test_the_rest_comes_when_it_is_there(kind: str) -> None:
    async with serving() as served, served.client() as client:
        body, headers = {"query": WAITING}, accepting(kind)
        async with (
            client.stream("POST", served.url, json=body, headers=headers) as answer,
            aclosing(pieces(answer, "\r\n--graphql")) as texts,
        ):
            assert await anext(texts) == ""
            first = orjson.loads((await anext(texts)).removeprefix(HEAD))
            assert (first["data"], first["hasNext"]) == ({"hello": "Hello, you."}, True)
            await served.world.entered.wait()
            served.world.gate.set()
            second = orjson.loads((await anext(texts)).removeprefix(HEAD))
            assert second["incremental"][0]["data"] == {"slow": "at last"}
            assert second["hasNext"] is False


@pytest.mark.parametrize("kind", KINDS)
async def test_a_client_that_leaves_ends_what_is_deferred(kind: str) -> None:
    async with serving() as served:
        body = orjson.dumps({"query": WAITING})
        reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
        head = f"POST /graphql HTTP/1.1\r\nhost: a\r\naccept: {KINDS[kind]}\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        await served.world.entered.wait()
        assert b"Hello, you." in await reader.readuntil(b"Hello, you.")
        writer.transport.abort()
        await served.idle()
        assert served.world.cancelled == 1


@pytest.mark.parametrize("kind", KINDS)
async def test_what_takes_too_long_is_cut_off(kind: str) -> None:
    async with serving() as served, served.client() as client:
        served.runner.query_seconds = 0.3
        parts = await asked(client, served.url, kind, '{ hello ...@defer(label: "S") { slow } ...@defer { whoami } }')
        data, errors = joined(parts)
        assert data == {"hello": "Hello, you.", "whoami": None}
        assert [one["extensions"]["code"] for one in errors] == ["QUERY_TOO_COMPLEX"]
        assert served.world.cancelled == 1
        late = await client.post(served.url, json={"query": "{ slow ...@defer { hello } }"}, headers=accepting(kind))
        assert (late.status_code, late.json()["errors"][0]["extensions"]["code"]) == (400, "QUERY_TOO_COMPLEX")


@pytest.mark.parametrize("kind", KINDS)
async def test_an_answer_has_an_end_whoever_it_waits_for(kind: str) -> None:
    async with serving(stream_bounds=StreamBounds(parts_seconds=0.2)) as served, served.client() as client:
        data, errors = joined(await asked(client, served.url, kind, WAITING))
        assert data == {"hello": "Hello, you."}
        assert [(one["extensions"]["code"], "too slowly" in one["message"]) for one in errors] == [
            ("QUERY_TOO_COMPLEX", True)
        ]
        assert served.world.cancelled == 1


@pytest.mark.parametrize("kind", KINDS)
async def test_a_server_that_stops_says_what_is_missing(kind: str) -> None:
    async with serving() as served, served.client() as client:
        asking = asyncio.create_task(asked(client, served.url, kind, WAITING))
        await served.world.entered.wait()
        served.server.should_exit = True
        data, errors = joined(await asking)
        assert data == {"hello": "Hello, you."}
        assert [one["extensions"]["code"] for one in errors] == ["SERVER_RESTARTING"]
        assert served.world.cancelled == 1


@pytest.mark.parametrize("kind", KINDS)
async def test_a_mutation_runs_once_and_costs_as_ever(town: Town, kind: str) -> None:
    ada = await town.person("ada")
    document = """mutation Write($input: CreatePostInput!) {
      createPost(input: $input) { userErrors { code } post { id ...@defer(label: "L") { text author { handle } } } query { ...@defer { viewer { user { postCount } } } } }
    }"""
    headers = {**accepting(kind), "authorization": f"Bearer {ada.token}"}
    body = {"query": document, "variables": {"input": {"text": "Once"}}}
    answer = await town.http.post(f"{town.url}/graphql", json=body, headers=headers)
    parts = parts_of(answer)
    data, errors = joined(parts)
    assert errors == []
    post = data["createPost"]["post"]
    assert (post["text"], post["author"]) == ("Once", {"handle": ada.handle})
    assert data["createPost"]["query"]["viewer"]["user"] is not None
    mine = await ada.ask(f'{{ user(handle: "{ada.handle}") {{ posts(first: 5) {{ edges {{ node {{ text }} }} }} }} }}')
    assert [edge["node"]["text"] for edge in mine["user"]["posts"]["edges"]] == ["Once"]
    assert parts[0]["extensions"]["cost"]["points"] == 30


async def test_what_is_hidden_stays_hidden_when_deferred(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    post = await ada.write("Seen")
    query = f'{{ node(id: "{post}") {{ id ...@defer {{ ... on Post {{ text author {{ handle }} }} }} }} }}'
    await ada.do("BlockUser", userId=bob.id)
    for kind in KINDS:
        for person, sees in ((bob, False), (ada, True)):
            headers = {**accepting(kind), "authorization": f"Bearer {person.token}"}
            answer = await town.http.post(f"{town.url}/graphql", json={"query": query}, headers=headers)
            assert ("Seen" in answer.text) is sees
            assert (ada.handle in answer.text) is sees
