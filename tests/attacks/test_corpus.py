"""The corpus of hostile documents against the running application, by every transport, with somebody who just reads beside it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import httpx
import orjson
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.conftest import Serving
from tests.people import PATIENCE_SECONDS, Town
from tests.speaking import greet, hear, say

MOST_SECONDS = (
    0.25  # of CPU for one refusal, when it is asked for the first time: what is hopeless takes a few milliseconds
)
PROBE_SECONDS = 1.0  # of this process's CPU: the longest that somebody else may wait meanwhile
LONGEST_FRAME = 64_000  # with what is around it
REFUSED = {
    *("QUERY_TOO_COMPLEX", "GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED", "BAD_REQUEST", "BAD_USER_INPUT"),
    "OPERATION_RESOLUTION_FAILURE",
}


def chain(count: int, on: str, body: str, last: str) -> str:
    """Fragments A0 … each of which has the next where `body` says NEXT."""
    parts = [f"fragment A{n} on {on} {{ {body.replace('NEXT', f'...A{n + 1}')} }}" for n in range(count)]
    return " ".join([*parts, f"fragment A{count} on {on} {{ {last} }}"])


PAGED = "posts(first: 100) { edges { node { author { NEXT } } } }"
CORPUS: dict[str, str] = {
    "G1 depth": "{ viewer { user { " + "pinnedPost { author { " * 12 + "id" + " } }" * 12 + " } } }",
    "G1 depth by fragments": "{ viewer { user { ...A0 } } } " + chain(20, "User", "pinnedPost { author { NEXT } }", "id"),
    "G1 depth by inline fragments": "{ " + "... { " * 120 + "__typename" + " }" * 121,
    "G2 breadth": "{ exploreTimeline(first: 100) { edges { node { author { posts(first: 100) { edges { node { author { posts(first: 100) { edges { cursor } } } } } } } } } } }",
    "G3 a page too long": "{ exploreTimeline(first: 2147483647) { edges { node { author { posts(first: 2147483647) { edges { cursor } } } } } } }",
    "G3 a number too long": "{ exploreTimeline(first: " + "9" * 4_000 + ") { liveCursor } }",
    "G4 aliases": "{ " + " ".join(f"a{n}: __typename" for n in range(2_000)) + " }",
    "G4 aliases by spreads": "{ ...A ...A ...A } fragment A on Query { " + " ".join(f"a{n}: trends {{ __typename }}" for n in range(29)) + " ...B } fragment B on Query { "
    + " ".join(f"b{n}: __typename" for n in range(29)) + " }",
    "G4 thirty tries at a password": "mutation { " + " ".join(f'a{n}: logIn(input: {{ login: "ada", password: "{n}" }}) {{ token }}' for n in range(30)) + " }",
    "G4 thirty accounts": "mutation { " + " ".join(f'a{n}: signUp(input: {{ handle: "x{n}", email: "x{n}@example.org", password: "correct horse {n}" }}) {{ token }}' for n in range(30)) + " }",
    "G4 thirty pictures": "mutation { " + " ".join(f'a{n}: generateImages(input: {{ prompt: "x" }}) {{ job {{ id }} }}' for n in range(30)) + " }",
    "G5 a dag of fragments": "{ ...A0 } " + chain(90, "Query", "NEXT NEXT", "__typename"),
    "G5 a dag within its bounds": "{ ...A0 } " + chain(48, "Query", "NEXT NEXT", "nope"),
    "G5 a cycle": "{ viewer { user { ...A } } } fragment A on User { pinnedPost { author { ...B } } } fragment B on User { id ...A }",
    "G5 many fragments": "{ __typename } " + " ".join(f"fragment F{n} on Query {{ __typename }}" for n in range(400)),
    "G6 pages by fragments": "{ viewer { user { ...A0 } } } " + chain(20, "User", "a: posts(first: 5) { edges { node { author { NEXT } } } } b: posts(first: 5) { edges { node { author { NEXT } } } }", "id"),
    "G6 pages by four fragments": "{ viewer { user { ...A0 } } } " + chain(4, "User", PAGED, "id"),
    "G7 directives": "{ __typename " + "@include(if: true) " * 1_600 + "}",
    "G7 directives on many": "{ " + "__typename @skip(if: false) " * 200 + "}",
    "G7 unknown directives": "{ " + "__typename @nope " * 1_600 + "}",
    "G7 defer": "{ " + " ".join(f'... @defer(label: "{n}") {{ __typename }}' for n in range(200)) + " }",
    "G8 the same again": "{ " + "viewer { user { id } } " * 700 + "}",
    "G8 tokens": "{ " + "__typename " * 6_000 + "}",
    "G8 comments": "#\n" * 20_000 + "{ __typename }",
    "G8 braces": "{ viewer " * 4_000,
    "G8 a list in a list": "{ nodes(ids: " + "[" * 2_000 + "]" * 2_000 + ") { id } }",
    "G8 a string without end": '{ node(id: "' + "\\u0041" * 10_000,
    "G8 block strings": '{ node(id: """' + '\\""" ' * 10_000,
    "G9 variables": "query(" + " ".join(f"$v{n}: Int" for n in range(1_500)) + ") { __typename }",
    "G9 defaults": "query(" + " ".join(f"$v{n}: [Int] = [{', '.join('1' * 20)}]" for n in range(120)) + ") { __typename }",
    "G10 introspection again and again": "{ " + " ".join(f"a{n}: __schema {{ types {{ name }} }}" for n in range(20)) + " }",
    "G10 introspection without end": "{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }",
    "an operation beside it": "query A { __typename } query B { " + "viewer { user { id } } " * 700 + "}",
    "what is looked for, below a list": "{ viewer { savedSearches(first: 100) { edges { node { search { best(first: 100) { edges { cursor } } } } } } } }",
    "subscriptions to several": "subscription { a: exploreTimeline { __typename } b: exploreTimeline { __typename } }",
}  # fmt: skip


def codes(answer: dict[str, Any]) -> set[str]:
    """The codes of what was refused."""
    return {error["extensions"]["code"] for error in answer.get("errors", ())}


Send = Callable[[httpx.AsyncClient, str, str, dict[str, str]], Any]


async def by_post(client: httpx.AsyncClient, url: str, query: str, headers: dict[str, str]) -> set[str]:
    name = {"operationName": "A"} if query.startswith("query A") else {}
    answer = await client.post(f"{url}/graphql", json={"query": query, **name}, headers=headers)
    assert answer.status_code < 500
    return codes(answer.json())


async def by_stream(client: httpx.AsyncClient, url: str, query: str, headers: dict[str, str]) -> set[str]:
    answer = await client.post(
        f"{url}/graphql", json={"query": query}, headers={**headers, "Accept": "text/event-stream"}
    )
    assert answer.status_code < 500
    data = [line.removeprefix("data: ") for line in answer.text.splitlines() if line.startswith("data: {")]
    return codes(orjson.loads(data[0])) if data else codes(answer.json())


@pytest.fixture
def probed(running: Serving) -> Callable[[], asyncio.Task[float]]:
    """Begins somebody who just reads; when the task is cancelled it gives the longest that they waited."""

    async def read() -> float:
        longest = 0.0
        async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as client:
            try:
                while True:
                    began = time.process_time()  # a busy machine is no fault of ours
                    answer = await client.post(
                        f"{running.url}/graphql", json={"query": "{ exploreTimeline(first: 5) { liveCursor } }"}
                    )
                    longest = max(longest, time.process_time() - began)
                    assert answer.status_code == 200
                    await asyncio.sleep(0.01)  # they look at it
            except asyncio.CancelledError:
                return longest

    return lambda: asyncio.get_running_loop().create_task(read())


@pytest.mark.usefixtures("no_garbage")
@pytest.mark.parametrize("send", [by_post, by_stream])
async def test_the_corpus_is_refused_at_once_and_nobody_waits(
    town: Town, running: Serving, probed: Callable[[], asyncio.Task[float]], send: Send
) -> None:
    ada = await town.person("ada")
    reading = probed()
    async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as client:
        for about, query in CORPUS.items():
            for headers in ({}, {"Authorization": f"Bearer {ada.token}"}):
                began = time.process_time()
                found = await send(client, running.url, f"{query} # {send.__name__} {len(headers)}", headers)
                assert time.process_time() - began < MOST_SECONDS, about
                if about != "an operation beside it" or send is by_post:
                    assert found, about
                assert found <= REFUSED, (about, found)
    reading.cancel()
    assert await reading < PROBE_SECONDS


async def test_the_corpus_is_refused_on_a_socket_too(town: Town) -> None:
    ada = await town.person("ada")
    for about, query in CORPUS.items():
        if len(orjson.dumps(query)) > LONGEST_FRAME:  # never read
            continue
        async with ada.socket() as socket:
            await say(socket, type="subscribe", id="1", payload={"query": query})
            heard = await hear(socket)
            told = heard["payload"] if heard["type"] == "error" else heard["payload"]["errors"]
            assert {error["extensions"]["code"] for error in told} <= REFUSED, about


@pytest.mark.parametrize("body", [[{"query": "{ __typename }"}], [{"query": "{ __typename }"}] * 50, []])
async def test_a_batch_is_no_request(town: Town, body: list[Any]) -> None:
    answer = await town.http.post(f"{town.url}/graphql", json=body)
    assert (answer.status_code, codes(answer.json())) == (400, {"BAD_REQUEST"})


async def test_nothing_of_the_inside_is_told_to_who_asks_for_it(town: Town) -> None:
    """G10: no tracing, no federation, no second door."""
    asked = {"query": "{ __typename }", "extensions": {"tracing": True}}
    headers = {"apollo-federation-include-trace": "ftv1", "Apollo-Tracing": "1", "X-Debug": "1"}
    answer = await town.http.post(f"{town.url}/graphql", json=asked, headers=headers)
    assert set(answer.json()["extensions"]) <= {"cost"}
    for query in ("{ _service { sdl } }", "{ _entities(representations: []) { __typename } }"):
        assert codes(await town.post(query, {}, None, None)) == {"GRAPHQL_VALIDATION_FAILED"}
    for path in (
        "/graphql/schema",
        "/api/graphql",
        "/graphiql.html",
        "/playground",
        "/altair",
        "/voyager",
        "/admin",
        "/debug/pprof",
        "/server-status",
    ):
        assert (await town.http.get(town.url + path)).status_code == 404


async def test_a_socket_is_for_one_protocol_alone(running: Serving) -> None:
    """W2: the old protocol, whose first message needed no one to be anybody, is not spoken."""
    address = running.url.replace("http", "ws", 1) + "/graphql"
    for offered in (["graphql-ws"], ["subscriptions-transport-ws"], ["graphql-ws", "chat"]):
        async with connect(address, subprotocols=offered) as socket:  # type: ignore[arg-type]
            with pytest.raises(ConnectionClosed):
                await socket.recv()
            assert socket.close_code == 4406
    async with connect(address, subprotocols=["graphql-transport-ws"]) as socket:  # type: ignore[list-item]
        await greet(socket)
        await socket.send(orjson.dumps({"type": "start", "id": "1", "payload": {"query": "{ __typename }"}}).decode())
        with pytest.raises(ConnectionClosed):
            await socket.recv()
        assert socket.close_code == 4400
