"""Status codes over HTTP: every row of the working draft of August 2026 with the switch on, and what the switch leaves alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx
import orjson
import pytest
import pytest_asyncio

from execution.protocol import MAX_HEAD_BYTES
from execution.transports.negotiation import GRAPHQL_RESPONSE, JSON
from execution.transports.status import AUDITS, DRAFT_2026, profile_of
from tests.people import PATIENCE_SECONDS
from tests.toy import Served, serving

ACCEPTS = {"modern": GRAPHQL_RESPONSE, "legacy": JSON}
MUTATION = 'mutation { write(text: "x") }'


@pytest_asyncio.fixture(scope="module")
async def draft() -> AsyncIterator[Served]:
    """A server with the switch on; bodies have a fifth of a second."""
    async with serving(profile=DRAFT_2026, body_seconds=0.2) as served:
        yield served


@pytest_asyncio.fixture
async def client(draft: Served) -> AsyncIterator[httpx.AsyncClient]:
    async with draft.client() as client:
        yield client


@dataclass(frozen=True)
class Row:
    """A request, and what the draft says of its answer."""

    status: int
    text: str = "{hello}"
    method: str = "POST"
    body: bytes | None = None  # in place of the text
    headers: dict[str, str] = field(default_factory=dict)
    variables: dict[str, object] = field(default_factory=dict)
    allow: str | None = None


ROWS = {
    "data": Row(200),
    "data and errors": Row(294, "{hello refused}"),
    "data null and errors": Row(294, "{brokenPromise}"),
    "mutation by GET": Row(405, MUTATION, "GET", allow="POST"),
    "method": Row(405, method="PATCH", allow="GET, POST, QUERY, PUT, DELETE"),
    "content type": Row(415, headers={"content-type": "text/plain"}),
    "accept": Row(406, headers={"accept": "image/png"}),
    "late body": Row(408),
    "long address": Row(414),
    "large headers": Row(431, headers={"x": "y" * MAX_HEAD_BYTES}),
    "large body": Row(413, body=b'{"query":"{hello}","x":"%s"}' % (b"x" * 128 * 1024)),
    "no JSON": Row(400, body=b'{"query":'),
    "ill-formed": Row(422, body=b'{"qeury":"{__typename}"}'),
    "document": Row(400, "{"),
    "validation": Row(422, "{nothing}"),
    "operation": Row(422, "query A {hello} query B {hello}"),
    "variables": Row(422, "query($n: Int!) {needs(number: $n)}", variables={"n": "x"}),
    # beyond the seventeen: what else the same sentences say
    "no UTF-8": Row(400, body=b'{"query":"\xff"}'),
    "variables are a list": Row(422, body=b'{"query":"{hello}","variables":[7]}'),
    "an array": Row(422, body=b'[{"query":"{hello}"}]'),
    "variables of a GET": Row(422, method="GET", variables={"x": b"no JSON"}),
    "unknown operation name": Row(422, body=b'{"query":"query A {hello}","operationName":"B"}'),
    "too much": Row(422, "{" + "hello " * 6_000 + "}"),
    "not permitted": Row(401, headers={"authorization": "Bearer eve"}),
    "not for this page": Row(403, headers={"cookie": "session=ann", "origin": "https://evil.example"}),
    "too often": Row(429, headers={"authorization": "Bearer busy"}),
    "our fault": Row(500, "{noJson}"),
    "a query by QUERY": Row(200, method="QUERY"),
    "a mutation by QUERY": Row(422, MUTATION, "QUERY"),
    "no JSON by QUERY": Row(415, method="QUERY", headers={"content-type": "application/graphql"}),
}


async def asked(served: Served, client: httpx.AsyncClient, row: Row, accept: str) -> httpx.Response:
    """The answer to a row, for a client that accepts this unless the row says otherwise."""
    headers = {"accept": accept, **row.headers}
    if row.method == "GET":
        given = {
            name: value if isinstance(value, bytes) else orjson.dumps(value) for name, value in row.variables.items()
        }
        params = {"query": row.text, **({"variables": b",".join(given.values()).decode()} if given else {})}
        return await client.get(served.url, params=params, headers=headers)
    body = row.body or orjson.dumps({"query": row.text, "variables": row.variables})
    return await client.request(
        row.method, served.url, content=body, headers={"content-type": "application/json", **headers}
    )


# Clients of HTTP do not do these.
BY_HAND = {
    "late body": ("POST /graphql", "content-type: application/json\r\ncontent-length: 50", "{"),
    "long address": ("GET /graphql?query={hello}&x=" + "y" * MAX_HEAD_BYTES, "x: y", ""),
}


async def by_hand(served: Served, name: str, accept: str) -> httpx.Response:
    """The answer to a request that is written byte by byte."""
    reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
    place, header, body = BY_HAND[name]
    writer.write(f"{place} HTTP/1.1\r\nhost: a\r\naccept: {accept}\r\n{header}\r\n\r\n{body}".encode())
    async with asyncio.timeout(PATIENCE_SECONDS):
        answer = await reader.read()
    writer.close()
    top, _, content = answer.partition(b"\r\n\r\n")
    first, *lines = top.decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    return httpx.Response(int(first.split()[1]), headers=headers, content=content)


@pytest.mark.parametrize("kind", ACCEPTS)
@pytest.mark.parametrize("name", ROWS)
async def test_the_draft(draft: Served, client: httpx.AsyncClient, name: str, kind: str) -> None:
    row, accept = ROWS[name], ACCEPTS[kind]
    answer = await (by_hand(draft, name, accept) if name in BY_HAND else asked(draft, client, row, accept))
    assert answer.status_code == row.status
    body = answer.json()
    if answer.is_success:
        assert answer.headers["content-type"] == f"{accept}; charset=utf-8"
        assert ("errors" in body) is (row.status == 294)
        assert "data" in body
    else:
        assert set(body) == {"errors"}
        assert body["errors"][0]["extensions"]["code"]
        below_us = row.status in (414, 431)  # told before the request is one
        assert answer.headers["content-type"] == f"{JSON if below_us else GRAPHQL_RESPONSE}; charset=utf-8"
    assert answer.headers.get("allow") == row.allow
    assert draft.world.written == []


@pytest.mark.parametrize("kind", ACCEPTS)
async def test_without_the_switch_nothing_of_it_holds(kind: str) -> None:
    """What clients of today rest on; `graphql-http` audits the rest."""
    was = {"data and errors": 200, "data null and errors": 200, "ill-formed": 400, "an array": 400}
    was |= {"a query by QUERY": 405, "variables of a GET": 400, "late body": 408, "long address": 414}
    modest = ("document", "validation", "operation", "variables", "unknown operation name", "too much")
    was |= dict.fromkeys(modest, 400 if kind == "modern" else 200)
    async with serving(body_seconds=0.2) as served, served.client() as client:
        for name, status in was.items():
            hand = by_hand(served, name, ACCEPTS[kind]) if name in BY_HAND else None
            answer = await (hand or asked(served, client, ROWS[name], ACCEPTS[kind]))
            assert answer.status_code == status, name


async def test_preflights_name_the_methods_of_the_profile(draft: Served, client: httpx.AsyncClient) -> None:
    asks = {"origin": "https://friend.example", "access-control-request-method": "QUERY"}
    answer = await client.options(draft.url, headers=asks)
    assert "QUERY" in answer.headers["access-control-allow-methods"].split(", ")


async def test_streams_are_as_ever(draft: Served, client: httpx.AsyncClient) -> None:
    for method in ("POST", "QUERY"):
        body = orjson.dumps({"query": "subscription { count { refused } }"})
        headers = {"accept": "text/event-stream", "content-type": "application/json"}
        answer = await client.request(method, draft.url, content=body, headers=headers)
        assert (answer.status_code, answer.text.count("event: next")) == (200, 3)


def test_profiles_are_known_by_name() -> None:
    assert profile_of("audits") is AUDITS
    assert profile_of("draft-2026") is DRAFT_2026
    with pytest.raises(SystemExit, match="HTTP_PROFILE"):
        profile_of("draft")
