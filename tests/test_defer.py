"""`@defer` on a real uvicorn: who gets parts, what they hold byte by byte, and how they end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import aclosing
from email.parser import BytesParser
from typing import Any

import httpx
import orjson
import pytest
import pytest_asyncio

from execution.incremental import MAX_GROUPS
from execution.transports.negotiation import DEFER_2022, EVENT_STREAM, GRAPHQL_RESPONSE, INCREMENTAL, JSON, preference
from tests.people import Town
from tests.speaking import greet, hear, say
from tests.streaming import pieces
from tests.toy import Served, serving

KINDS = {"2022": DEFER_2022, "now": INCREMENTAL}
HEAD = "\r\nContent-Type: application/json\r\n\r\n"
USER = '{ user { name ...@defer(label: "L") { id boss { name } } } }'
WAITING = '{ hello ...@defer(label: "S") { slow } }'


@pytest_asyncio.fixture(scope="module")
async def served() -> AsyncIterator[Served]:
    async with serving() as served:
        yield served


@pytest_asyncio.fixture
async def client(served: Served) -> AsyncIterator[httpx.AsyncClient]:
    async with served.client() as client:
        yield client


def accepting(kind: str) -> dict[str, str]:
    """As Apollo Client asks."""
    return {"accept": f"{KINDS[kind]},{GRAPHQL_RESPONSE},{JSON};q=0.9"}


def parts_of(answer: httpx.Response) -> list[Any]:
    """Every part of the answer, as the standard library's MIME reader finds them, defects refused."""
    head = f"content-type: {answer.headers['content-type']}\r\n\r\n".encode()
    whole = BytesParser().parsebytes(head + answer.content)
    assert (whole.defects, whole.preamble, whole.epilogue) == ([], "", "")
    found = []
    for one in whole.get_payload():
        assert not isinstance(one, str)
        assert (one.defects, one.items()) == ([], [("Content-Type", "application/json")])
        found.append(orjson.loads(one.get_payload(decode=True)))  # type: ignore[arg-type]  # bytes, when decoded
    assert [part["hasNext"] for part in found] == [True] * (len(found) - 1) + [False]
    return found


async def asked(client: httpx.AsyncClient, url: str, kind: str, query: str, **headers: str) -> list[Any]:
    """Every part of the answer to a query with something deferred."""
    answer = await client.post(url, json={"query": query}, headers={**accepting(kind), **headers})
    spec = KINDS[kind].partition(";")[2]
    assert (answer.status_code, answer.headers["content-type"]) == (200, f'multipart/mixed;boundary="graphql";{spec}')
    assert (answer.headers["cache-control"], answer.headers["vary"]) == ("no-store", "Accept, Origin")
    return parts_of(answer)


def joined(parts: list[Any]) -> tuple[Any, list[Any]]:
    """What a client has when all parts have come, whichever format: the data, and the errors."""
    data, errors = parts[0]["data"], list(parts[0].get("errors", ()))
    places: dict[str, list[Any]] = {}
    for part in parts:
        places |= {one["id"]: one["path"] for one in part.get("pending", ())}
        for one in part.get("incremental", ()):
            path = one["path"] if "path" in one else [*places[one["id"]], *one.get("subPath", ())]
            place = data
            for step in path:
                place = place[step]
            merge(place, one["data"] or {})
            errors += one.get("errors", ())
        for one in part.get("completed", ()):
            del places[one["id"]]
            errors += one.get("errors", ())
    assert places == {}
    return data, errors


def merge(into: Any, given: Any) -> None:
    """Objects into objects, lists place by place."""
    for key, value in given.items() if isinstance(given, dict) else enumerate(given):
        if isinstance(value, dict | list) and isinstance(into, dict) and key not in into:
            into[key] = value
        elif isinstance(value, dict | list):
            merge(into[key], value)
        else:
            into[key] = value


@pytest.mark.parametrize(
    ("accept", "parts", "always"),
    [
        (f"{DEFER_2022},{JSON}", DEFER_2022, None),
        (f"{INCREMENTAL},{GRAPHQL_RESPONSE},{JSON};q=0.9", INCREMENTAL, None),
        (f"{JSON}, {DEFER_2022}", DEFER_2022, None),
        (f"{DEFER_2022}, {INCREMENTAL}, {JSON}", DEFER_2022, None),
        (f"{DEFER_2022};q=0.5, {INCREMENTAL};q=0.8, {JSON};q=0.1", INCREMENTAL, None),
        (DEFER_2022, DEFER_2022, DEFER_2022),
        (f"{DEFER_2022};q=0.5, {JSON}", None, None),
        (f"{DEFER_2022};q=0, {JSON}", None, None),
        ("multipart/mixed;deferSpec=20991231, application/json", None, None),
        (f"{JSON}, multipart/mixed", None, None),
        (f"{EVENT_STREAM}, {DEFER_2022}, {JSON}", None, EVENT_STREAM),
        ("*/*", None, None),
        (None, None, None),
    ],
)
def test_negotiation(accept: str | None, parts: str | None, always: str | None) -> None:
    wish = preference(accept)
    assert (wish.parts, wish.always) == (parts, always)


async def test_the_format_of_2022_byte_by_byte(served: Served, client: httpx.AsyncClient) -> None:
    answer = await client.post(served.url, json={"query": USER}, headers=accepting("2022"))
    cost = b'"extensions":{"cost":{"requested":2,"maximum":5000,"points":1}}'
    head = b"\r\nContent-Type: application/json\r\n\r\n"
    assert answer.content == (
        b"\r\n--graphql" + head + b'{"data":{"user":{"name":"Ann"}},' + cost + b',"hasNext":true}'
        b"\r\n--graphql"
        + head
        + b'{"incremental":[{"data":{"id":"u","boss":{"name":"Boss"}},"path":["user"],"label":"L"}],'
        b'"hasNext":false}'
        b"\r\n--graphql--\r\n"
    )


async def test_the_format_of_now_byte_by_byte(served: Served, client: httpx.AsyncClient) -> None:
    answer = await client.post(served.url, json={"query": USER}, headers=accepting("now"))
    cost = b'"extensions":{"cost":{"requested":2,"maximum":5000,"points":1}}'
    head = b"\r\nContent-Type: application/json\r\n\r\n"
    assert answer.content == (
        b"\r\n--graphql" + head + b'{"hasNext":true,"data":{"user":{"name":"Ann"}},' + cost + b","
        b'"pending":[{"id":"0","path":["user"],"label":"L"}]}'
        b"\r\n--graphql"
        + head
        + b'{"hasNext":false,"incremental":[{"id":"0","data":{"id":"u","boss":{"name":"Boss"}}}],'
        b'"completed":[{"id":"0"}]}'
        b"\r\n--graphql--\r\n"
    )


DOCUMENTS = {
    "one": USER,
    "no label": "{ user { name ...@defer { id } } }",
    "at the root": "{ hello ...@defer { whoami user { name } } }",
    "nested": '{ user { ...@defer(label: "a") { name boss { id ...@defer(label: "b") { name boss { name } } } } } }',
    "twice the same": '{ user { ...@defer(label: "a") { name boss { id } } ...@defer(label: "b") { name boss { id } } } }',
    "overlapping": '{ user { name ...@defer(label: "a") { name boss { id name } } ...@defer(label: "b") { boss { name } } } }',
    "already there": "{ user { name ...@defer { name } } }",
    "of a list": "{ crowd(size: 3) { id ...Late @defer } } fragment Late on User { name boss { name ...@defer { id } } }",
    "a paged list": "{ user { friends(first: 1) { edges { node { id ...@defer { name } } } } } }",
    "more than are delivered apart": '{ crowd(size: 600) { id ...@defer(label: "a") { name boss { ...@defer { id } } } } }',
    "refused": "{ hello ...@defer { refused user { lost name } } }",
    "null that is none": '{ hello ...@defer(label: "a") { brokenPromise } ...@defer(label: "b") { whoami } }',
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", DOCUMENTS)
async def test_parts_add_up_to_the_whole(served: Served, client: httpx.AsyncClient, name: str, kind: str) -> None:
    query = DOCUMENTS[name]
    whole = (await client.post(served.url, json={"query": query})).json()
    answer = await client.post(served.url, json={"query": query}, headers=accepting(kind))
    if name == "already there" and kind == "now":  # nothing is left to come later
        assert answer.headers["content-type"] == f"{GRAPHQL_RESPONSE}; charset=utf-8"
        assert answer.json() == whole
        return
    parts = await asked(client, served.url, kind, query)
    assert parts[0]["extensions"] == whole["extensions"]
    data, errors = joined(parts)
    told = {
        orjson.dumps({"path": one["path"], **one["extensions"]})
        for one in errors
        if one["extensions"]["code"] != "INTERNAL_SERVER_ERROR"
    }
    if name == "null that is none":  # only the fragment with it is lost, where the whole would be
        assert (whole["data"], data) == (None, {"hello": "Hello, you.", "whoami": None})
        assert [one["extensions"]["code"] for one in errors] == ["INTERNAL_SERVER_ERROR"]
        return
    assert data == whole["data"]
    assert told == {orjson.dumps({"path": one["path"], **one["extensions"]}) for one in whole.get("errors", ())}


@pytest.mark.parametrize("kind", KINDS)
async def test_labels_and_paths(served: Served, client: httpx.AsyncClient, kind: str) -> None:
    parts = await asked(client, served.url, kind, DOCUMENTS["overlapping"])
    pieces = [piece for part in parts for piece in part.get("incremental", ())]
    assert parts[0]["data"] == {"user": {"name": "Ann"}}
    if kind == "2022":  # each fragment is whole, for clients that read it by itself
        assert {one["label"]: one["data"] for one in pieces} == {
            "a": {"name": "Ann", "boss": {"id": "boss", "name": "Boss"}},
            "b": {"boss": {"name": "Boss"}},
        }
        assert [one["path"] for one in pieces] == [["user"], ["user"]]
    else:  # each field comes once
        assert {one["label"] for one in parts[0]["pending"]} == {"a", "b"}
        assert sorted(map(str, (one["data"] for one in pieces))) == sorted(
            map(str, ({"boss": {"name": "Boss"}}, {"id": "boss"}))
        )
    listed = await asked(client, served.url, kind, DOCUMENTS["of a list"])
    paths = [one["path"] for one in (listed[0]["pending"] if kind == "now" else listed[1]["incremental"])]
    assert [path for path in paths if len(path) == 2] == [["crowd", 0], ["crowd", 1], ["crowd", 2]]


async def test_what_is_delivered_apart_is_bounded(served: Served, client: httpx.AsyncClient) -> None:
    parts = await asked(client, served.url, "now", DOCUMENTS["more than are delivered apart"])
    assert sum(len(part.get("pending", ())) for part in parts) == MAX_GROUPS
    query = "{ hello " + "...@defer { whoami } " * 51 + "}"
    refused = await client.post(served.url, json={"query": query}, headers=accepting("now"))
    assert refused.json()["errors"][0]["extensions"]["code"] == "QUERY_TOO_COMPLEX"


@pytest.mark.parametrize(
    "accept",
    [
        JSON,
        GRAPHQL_RESPONSE,
        "*/*",
        f"{GRAPHQL_RESPONSE}, application/graphql+json, {JSON}, text/event-stream, multipart/mixed",  # urql
        f"multipart/mixed;boundary=graphql;subscriptionSpec=1.0,{JSON}",
        f"{JSON}, {DEFER_2022};q=0.9",
    ],
)
async def test_who_takes_json_gets_it_whole(served: Served, client: httpx.AsyncClient, accept: str) -> None:
    for query in (USER, 'query($if: Boolean!) { user { name ...@defer(if: $if, label: "L") { id boss { name } } } }'):
        body = {"query": query, "variables": {"if": True}}
        answer = await client.post(served.url, json=body, headers={"accept": accept})
        assert answer.headers["content-type"] in (f"{JSON}; charset=utf-8", f"{GRAPHQL_RESPONSE}; charset=utf-8")
        assert answer.json()["data"] == {"user": {"name": "Ann", "id": "u", "boss": {"name": "Boss"}}}
        assert set(answer.json()) == {"data", "extensions"}


async def test_streams_and_sockets_get_it_whole(served: Served, client: httpx.AsyncClient) -> None:
    whole = {"user": {"name": "Ann", "id": "u", "boss": {"name": "Boss"}}}
    events = await client.post(served.url, json={"query": USER}, headers={"accept": f"{EVENT_STREAM}, {DEFER_2022}"})
    assert events.headers["content-type"].startswith(EVENT_STREAM)
    lines = [line for line in events.text.splitlines() if line.startswith("data: {")]
    assert [orjson.loads(line[6:])["data"] for line in lines] == [whole]
    async with served.dial() as socket:
        await greet(socket)
        await say(socket, type="subscribe", id="1", payload={"query": USER})
        assert (await hear(socket))["payload"]["data"] == whole
        assert (await hear(socket))["type"] == "complete"


@pytest.mark.parametrize("kind", KINDS)
async def test_who_takes_parts_gets_json_when_nothing_is_deferred(
    served: Served, client: httpx.AsyncClient, kind: str
) -> None:
    for query in (
        "{ hello }",
        "{ user { name ...@defer(if: false) { id } } }",
        "{ user { name ...@defer(if: $a) {id} } }",
    ):
        text = f"query($a: Boolean! = false) {query}" if "$a" in query else query
        answer = await client.post(served.url, json={"query": text}, headers=accepting(kind))
        assert answer.headers["content-type"] == f"{GRAPHQL_RESPONSE}; charset=utf-8"
        assert "hasNext" not in answer.json()
    wrong = await client.post(
        served.url, json={"query": "{ user { nothing ...@defer { id } } }"}, headers=accepting(kind)
    )
    assert (wrong.status_code, wrong.headers["content-type"]) == (400, f"{GRAPHQL_RESPONSE}; charset=utf-8")


@pytest.mark.parametrize("kind", KINDS)
async def test_who_takes_nothing_but_parts_gets_one(served: Served, client: httpx.AsyncClient, kind: str) -> None:
    for query in ("{ hello }", "{", "{ nothing }"):
        answer = await client.post(served.url, json={"query": query}, headers={"accept": KINDS[kind]})
        assert answer.headers["content-type"].startswith("multipart/mixed;")
        (part,) = [piece for piece in answer.text.split("\r\n--graphql") if piece.startswith(HEAD)]
        shown = orjson.loads(part.removeprefix(HEAD))
        assert shown["hasNext"] is False
        assert ("data" in shown) is (query == "{ hello }")


@pytest.mark.parametrize(
    "query",
    [
        "{ crowd(size: 2) @stream { name } }",
        "{ crowd(size: 2) @stream(initialCount: 1) { name } }",
        "subscription { ...@defer { count { number } } }",
        "subscription { count { number ...@defer { cursor } } }",
        'mutation { ...@defer { write(text: "x") } }',
        "query($l: String) { user { ...@defer(label: $l) { id } } }",
        '{ user { ...@defer(label: "a") { id } ...@defer(label: "a") { name } } }',
        "{ user @defer { name } }",
    ],
)
async def test_what_may_not_be_deferred_is_refused(served: Served, client: httpx.AsyncClient, query: str) -> None:
    for accept in (*KINDS.values(), JSON, EVENT_STREAM):
        answer = await client.post(
            served.url, json={"query": query}, headers={"accept": f"{accept}, {GRAPHQL_RESPONSE}"}
        )
        assert "GRAPHQL_VALIDATION_FAILED" in answer.text
    assert served.world.written == []


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
