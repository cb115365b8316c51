"""GraphQL over HTTP on a real uvicorn."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import orjson
import pytest
import pytest_asyncio

from execution.protocol import RequestProtocol
from execution.transports.negotiation import GRAPHQL_RESPONSE, HTML, JSON, negotiate
from tests.people import PATIENCE_SECONDS
from tests.toy import Served, serving

OFFERS = (JSON, GRAPHQL_RESPONSE)
RESPONSE = {"accept": GRAPHQL_RESPONSE}
POSTED = {"content-type": "application/json"}
ANN = {"authorization": "Bearer ann"}


@pytest_asyncio.fixture(scope="module")
async def served() -> AsyncIterator[Served]:
    async with serving() as served:
        yield served


@pytest_asyncio.fixture
async def client(served: Served) -> AsyncIterator[httpx.AsyncClient]:
    async with served.client() as client:
        yield client


def code(answer: httpx.Response) -> str:
    body = answer.json()
    assert "data" not in body
    return str(body["errors"][0]["extensions"]["code"])


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (GRAPHQL_RESPONSE, GRAPHQL_RESPONSE),
        (f"{GRAPHQL_RESPONSE}; charset=utf-8, {JSON}; charset=utf-8", GRAPHQL_RESPONSE),
        (f"{GRAPHQL_RESPONSE};q=0.8, {JSON};q=0.9", JSON),
        (f"{JSON};q=0.5, */*", GRAPHQL_RESPONSE),
        (f"*/*, {JSON};q=0", GRAPHQL_RESPONSE),
        (f"{JSON};q=what, {GRAPHQL_RESPONSE}", GRAPHQL_RESPONSE),
        (f"{GRAPHQL_RESPONSE}, application/graphql+json, {JSON}, text/event-stream, multipart/mixed", GRAPHQL_RESPONSE),
        (f"multipart/mixed;subscriptionSpec=1.0, {JSON}", JSON),
        ("APPLICATION/JSON", JSON),
        ("text/event-stream", None),
        ("image/*", None),
        (f"{JSON};q=0", None),
    ],
)
def test_negotiation(accept: str | None, expected: str | None) -> None:
    assert negotiate(accept, OFFERS) == expected


def test_browsers_prefer_a_page() -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    assert negotiate(accept, (*OFFERS, HTML)) == HTML


async def test_a_query_by_post_and_by_get(served: Served, client: httpx.AsyncClient) -> None:
    query = "query($n: String!) { hello(name: $n) }"
    for answer in (
        await client.post(served.url, json={"query": query, "variables": {"n": "Ann"}}),
        await client.get(served.url, params={"query": query, "variables": '{"n": "Ann"}', "operationName": ""}),
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/json; charset=utf-8"
        assert answer.headers["vary"] == "Accept, Origin"
        assert answer.json()["data"] == {"hello": "Hello, Ann."}
        assert len(answer.headers["x-request-id"]) == 16


@pytest.mark.parametrize(
    ("query", "variables", "expected"),
    [
        ("{", None, "GRAPHQL_PARSE_FAILED"),
        ("{ nope }", None, "GRAPHQL_VALIDATION_FAILED"),
        ("query($n: Int!) { needs(number: $n) }", {"n": "x"}, "BAD_USER_INPUT"),
        ("query A { hello } query B { hello }", None, "OPERATION_RESOLUTION_FAILURE"),
        ("{ hello " + "hello " * 6_000 + "}", None, "QUERY_TOO_COMPLEX"),
        ("subscription { count { number } }", None, "BAD_REQUEST"),
    ],
)
async def test_what_is_not_run_is_400_or_200_by_type(
    served: Served, client: httpx.AsyncClient, query: str, variables: Any, expected: str
) -> None:
    body = {"query": query, "variables": variables}
    modern = await client.post(served.url, json=body, headers=RESPONSE)
    plain = await client.post(served.url, json=body)
    assert (modern.status_code, plain.status_code) == (400, 200)
    assert modern.headers["content-type"] == f"{GRAPHQL_RESPONSE}; charset=utf-8"
    assert code(modern) == code(plain) == expected


async def test_partial_results_are_200(served: Served, client: httpx.AsyncClient) -> None:
    answer = await client.post(served.url, json={"query": "{ hello refused }"}, headers=RESPONSE)
    assert answer.status_code == 200
    assert answer.json()["data"] == {"hello": "Hello, you.", "refused": None}
    assert answer.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"


BODIES: dict[str, bytes] = {
    "empty": b"",
    "no JSON": b"{query",
    "array": b'[{"query":"{hello}"}]',
    "string": b'"{hello}"',
    "null": b"null",
    "number": b"1",
    "no UTF-8": b'{"query":"\xff"}',
    "lone surrogate": b'{"query":"\\ud800"}',
    "deep array": b"[" * 20_000,
    "deep object": b'{"query":"{hello}","variables":' + b'{"a":' * 20_000 + b"1" + b"}" * 20_001,
    "no query": b"{}",
    "query null": b'{"query":null}',
    "query number": b'{"query":5}',
    "query object": b'{"query":{}}',
    "variables list": b'{"query":"{hello}","variables":[]}',
    "variables string": b'{"query":"{hello}","variables":"{}"}',
    "operation name number": b'{"query":"{hello}","operationName":7}',
    "extensions string": b'{"query":"{hello}","extensions":"x"}',
    "not a number": b'{"query":"{hello}","variables":{"a":NaN}}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
async def test_bad_bodies_are_400_with_a_code(
    served: Served, client: httpx.AsyncClient, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    for headers in (POSTED, {**POSTED, **RESPONSE}):
        answer = await client.post(served.url, content=body, headers=headers)
        assert answer.status_code == 400
        assert code(answer) == "BAD_REQUEST"
    assert caplog.records == []


@pytest.mark.parametrize(
    "query",
    ["query={hello}&variables=[1]", "query={hello}&variables={", "query=%ff", "", "&".join("abcdefghijklmnopqrstuvw")],
)
async def test_bad_query_strings_are_400(served: Served, client: httpx.AsyncClient, query: str) -> None:
    answer = await client.get(f"{served.url}?{query}")
    assert (answer.status_code, code(answer)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/jsonx",
        "application/json; charset=latin-1",
    ],
)
async def test_only_json_is_taken(served: Served, client: httpx.AsyncClient, content_type: str) -> None:
    answer = await client.post(served.url, content=b'{"query":"{hello}"}', headers={"content-type": content_type})
    assert (answer.status_code, code(answer)) == (415, "BAD_REQUEST")


async def test_compressed_bodies_are_not_taken(served: Served, client: httpx.AsyncClient) -> None:
    answer = await client.post(served.url, content=b"x", headers={**POSTED, "content-encoding": "gzip"})
    assert answer.status_code == 415


async def test_methods_and_types_that_are_not_served(served: Served, client: httpx.AsyncClient) -> None:
    mutation = await client.get(served.url, params={"query": 'mutation { write(text: "x") }'})
    assert (mutation.status_code, mutation.headers["allow"], code(mutation)) == (405, "POST", "BAD_REQUEST")
    assert served.world.written == []
    other = await client.patch(served.url, json={"query": "{hello}"})
    assert (other.status_code, other.headers["allow"]) == (405, "GET, POST, PUT, DELETE")
    refused = await client.post(served.url, json={"query": "{hello}"}, headers={"accept": "image/png"})
    assert (refused.status_code, refused.headers["content-type"]) == (406, "application/json; charset=utf-8")


async def test_a_browser_gets_the_page(served: Served, client: httpx.AsyncClient) -> None:
    page = await client.get(served.url, headers={"accept": "text/html,*/*;q=0.8"})
    assert page.text == "<p>hi</p>"
    answer = await client.get(served.url, params={"query": "{hello}"}, headers={"accept": "text/html,*/*;q=0.8"})
    assert answer.json()["data"] == {"hello": "Hello, you."}


async def test_bodies_are_bounded_also_without_a_length(served: Served, client: httpx.AsyncClient) -> None:
    fits = orjson.dumps({"query": "{hello}", "pad": "x"})
    fits = fits.replace(b"x", b"x" * (128 * 1024 - len(fits) + 1))
    assert len(fits) == 128 * 1024
    assert (await client.post(served.url, content=fits, headers=POSTED)).status_code == 200
    answer = await client.post(served.url, content=fits + b" ", headers=POSTED)
    assert (answer.status_code, code(answer)) == (413, "BAD_REQUEST")

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * 10_000

    answer = await client.post(served.url, content=chunks(), headers=POSTED)
    assert (answer.status_code, code(answer)) == (413, "BAD_REQUEST")


async def test_a_slow_body_and_a_slow_head_are_cut_off() -> None:
    class Hasty(RequestProtocol):
        head_seconds = 0.2

    head = b"POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n"
    async with serving(body_seconds=0.2, request_protocol=Hasty) as served, asyncio.timeout(PATIENCE_SECONDS):
        reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
        writer.write(head + b"content-length: 50\r\n\r\n{")
        answer = await reader.read()
        assert b" 408 " in answer.split(b"\r\n")[0]
        assert b"BAD_REQUEST" in answer
        writer.close()
        for beginning in (b"", head):
            reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
            writer.write(beginning)
            with pytest.raises(ConnectionResetError):
                await _to_the_end(reader)
            writer.close()


async def _to_the_end(reader: asyncio.StreamReader) -> None:
    if await reader.read() == b"":
        raise ConnectionResetError


async def test_bad_credentials_are_told_by_type(served: Served, client: httpx.AsyncClient) -> None:
    body = {"query": "{hello}"}
    bad = {"authorization": "Bearer eve"}
    modern = await client.post(served.url, json=body, headers={**bad, **RESPONSE})
    plain = await client.post(served.url, json=body, headers=bad)
    assert (modern.status_code, plain.status_code) == (401, 200)
    assert code(modern) == code(plain) == "UNAUTHENTICATED"
    busy = await client.post(served.url, json=body, headers={"authorization": "Bearer busy"})
    assert (busy.status_code, code(busy)) == (429, "RATE_LIMITED")


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, True),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"origin": "SELF"}, True),
        ({"origin": "https://friend.example", "sec-fetch-site": "cross-site"}, True),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "null"}, False),
        ({"origin": "https://friend.example.evil.example"}, False),
        ({"origin": "https://sub.friend.example"}, False),
        ({"origin": "http://friend.example"}, False),
        ({"origin": "SELF", "host": "elsewhere.example"}, False),
    ],
)
async def test_a_cookie_speaks_for_our_own_pages_only(
    served: Served, client: httpx.AsyncClient, headers: dict[str, str], allowed: bool
) -> None:
    headers = {name: value.replace("SELF", f"http://127.0.0.1:{served.port}") for name, value in headers.items()}
    body = {"query": "{whoami}"}
    answer = await client.post(served.url, json=body, headers={**headers, "cookie": "session=ann"})
    assert answer.status_code == (200 if allowed else 403)
    assert answer.json().get("data") == ({"whoami": "ann"} if allowed else None)
    by_token = await client.post(served.url, json=body, headers={**headers, **ANN})
    assert by_token.json()["data"] == {"whoami": "ann"}


async def test_resolvers_may_set_headers(served: Served, client: httpx.AsyncClient) -> None:
    answer = await client.post(served.url, json={"query": "mutation { signIn }"})
    assert answer.headers["set-cookie"] == "session=ann; HttpOnly"


async def test_what_is_no_json_is_a_fault_of_ours(served: Served, client: httpx.AsyncClient) -> None:
    answer = await client.post(served.url, json={"query": "{noJson}"})
    assert (answer.status_code, code(answer)) == (500, "INTERNAL_SERVER_ERROR")
    assert answer.json()["errors"][0]["extensions"]["requestId"] == answer.headers["x-request-id"]


async def test_a_fault_outside_resolvers_is_masked(
    served: Served, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served.world, "contexts", "no number")
    answer = await client.post(served.url, json={"query": "{hello}"})
    assert (answer.status_code, code(answer)) == (500, "INTERNAL_SERVER_ERROR")
    assert "TypeError" not in answer.text


@pytest.mark.parametrize(("field", "cancelled"), [("query { slow }", 1), ('mutation { slowWrite(text: "kept") }', 0)])
async def test_a_client_that_leaves_cancels_queries_only(field: str, cancelled: int) -> None:
    async with serving() as served:
        body = orjson.dumps({"query": field})
        _, writer = await asyncio.open_connection("127.0.0.1", served.port)
        head = b"POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
        writer.write(head % len(body) + body)
        await served.world.entered.wait()
        writer.transport.abort()
        if cancelled:
            await served.idle()
        served.world.gate.set()
        await served.idle()
        assert served.world.cancelled == cancelled
        assert served.world.written == ([] if cancelled else ["kept"])


async def test_contexts_are_fresh_for_each_request(served: Served, client: httpx.AsyncClient) -> None:
    before = served.world.contexts
    for _ in range(3):
        await client.post(served.url, json={"query": "{hello}"})
    assert served.world.contexts == before + 3
