"""`@defer` on a real uvicorn: who gets parts, what they hold byte by byte, and how they end."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator

import httpx
import orjson
import pytest
import pytest_asyncio

from execution.incremental import MAX_GROUPS
from execution.transports.negotiation import DEFER_2022, EVENT_STREAM, GRAPHQL_RESPONSE, INCREMENTAL, JSON, preference
from execution.trusted import Trusted
from tests.apart import HEAD, KINDS, accepting, asked, joined, parts_of
from tests.speaking import greet, hear, say
from tests.toy import Served, serving

USER = '{ user { name ...@defer(label: "L") { id boss { name } } } }'


@pytest_asyncio.fixture(scope="module")
async def served() -> AsyncIterator[Served]:
    async with serving() as served:
        yield served


@pytest_asyncio.fixture
async def client(served: Served) -> AsyncIterator[httpx.AsyncClient]:
    async with served.client() as client:
        yield client


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
async def test_by_get_and_by_the_address_of_a_document(kind: str) -> None:
    async with serving(trusted=Trusted({"u": USER})) as served, served.client() as client:
        whole = {"user": {"name": "Ann", "id": "u", "boss": {"name": "Boss"}}}
        name = hashlib.sha256(USER.encode()).hexdigest()
        for place, params in ((served.url, {"query": USER}), (f"{served.url}/{name}", {})):
            apart = await client.get(place, params=params, headers=accepting(kind))
            assert joined(parts_of(apart)) == (whole, [])
            assert apart.headers["cache-control"] == "no-store"
            kept = await client.get(place, params=params)
            assert kept.json()["data"] == whole
