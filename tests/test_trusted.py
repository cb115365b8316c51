"""Trusted documents and persisted queries: asked by id and by hash, over HTTP and sockets."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import orjson
import pytest
import pytest_asyncio

from execution.documents import Documents
from execution.rejection import Rejection
from execution.request import Request
from execution.trusted import Trusted
from tests.people import PATIENCE_SECONDS
from tests.toy import Served, schema, serving
from tests.trusting import (
    COUNT,
    HELLO,
    KNOWN,
    RESPONSE,
    WRITE,
    code,
    codegen,
    hashed,
    over_socket,
    sha,
)


@pytest_asyncio.fixture(scope="module")
async def served() -> AsyncIterator[Served]:
    async with serving(trusted=KNOWN) as served:
        yield served


@pytest_asyncio.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as client:
        yield client


@pytest.mark.parametrize("document_id", [f"sha256:{sha(HELLO)}", sha(HELLO), "custom:hello.v1"])
async def test_an_id_stands_for_its_text(served: Served, client: httpx.AsyncClient, document_id: str) -> None:
    body = {"documentId": document_id, "variables": {"n": "Ann"}}
    asked = {"documentId": document_id, "variables": '{"n":"Ann"}'}
    for result in (
        (await client.post(served.url, json=body)).json(),
        (await client.get(served.url, params=asked)).json(),
        (await client.get(f"{served.url}/{document_id}", params={"variables": '{"n":"Ann"}'})).json(),
        await over_socket(served, **body),
        await over_socket(served, **body, query="", operationName="Hello"),
    ):
        assert result["data"] == {"hello": "Hello, Ann."}


async def test_an_unknown_id_is_one_error_with_a_code(served: Served, client: httpx.AsyncClient) -> None:
    for document_id in (sha("{ other }"), "", "sha256:", "sha256:" + "g" * 64, "../x", "é" * 500):
        body = {"documentId": document_id}
        for result in (
            (await client.post(served.url, json=body)).json(),
            (await client.get(served.url, params=body)).json(),
            await over_socket(served, **body),
        ):
            assert code(result) == "PERSISTED_QUERY_NOT_FOUND"
    status = [(await client.post(served.url, json=body, headers=accept)).status_code for accept in ({}, RESPONSE)]
    assert status == [200, 400]


async def test_an_id_is_not_given_beside_a_text(served: Served, client: httpx.AsyncClient) -> None:
    body = {"documentId": sha(HELLO), "query": "{ whoami }"}
    assert code((await client.post(served.url, json=body)).json()) == "BAD_REQUEST"
    assert code(await over_socket(served, **body)) == "BAD_REQUEST"
    assert (await client.post(served.url, json={"documentId": 5})).status_code == 400
    assert (await client.post(served.url, json={"extensions": {"persistedQuery": None}})).status_code == 400


async def test_ids_run_mutations_by_post_and_subscriptions_by_socket(served: Served, client: httpx.AsyncClient) -> None:
    written = await client.post(served.url, json={"documentId": sha(WRITE), "variables": {"t": "kept"}})
    assert written.json()["data"] == {"write": "kept"}
    by_get = await client.get(served.url, params={"documentId": sha(WRITE), "variables": '{"t":"lost"}'})
    assert (by_get.status_code, by_get.headers["allow"]) == (405, "POST")
    at_address = await client.get(f"{served.url}/{sha(WRITE)}", params={"variables": '{"t":"lost"}'})
    assert (at_address.status_code, at_address.headers["allow"], code(at_address.json())) == (405, "", "BAD_REQUEST")
    assert served.world.written == ["kept"]
    assert await over_socket(served, documentId=sha(COUNT)) == {"data": {"count": {"number": 0}}}


async def test_a_hash_is_told_its_text_once(client: httpx.AsyncClient) -> None:
    text = 'query New { hello(name: "new") }'
    async with serving() as served:
        unknown = await client.post(served.url, json={"extensions": hashed(text)})
        assert unknown.json() == {
            "errors": [{"message": "PersistedQueryNotFound", "extensions": {"code": "PERSISTED_QUERY_NOT_FOUND"}}]
        }
        assert unknown.headers["cache-control"] == "no-store"
        assert code(await over_socket(served, extensions=hashed(text))) == "PERSISTED_QUERY_NOT_FOUND"
        told = await client.post(served.url, json={"query": text, "extensions": hashed(text)})
        for result in (
            told.json(),
            (await client.post(served.url, json={"extensions": hashed(text)})).json(),
            (await client.get(served.url, params={"extensions": orjson.dumps(hashed(text)).decode()})).json(),
            await over_socket(served, extensions=hashed(text)),
            await over_socket(served, query="", extensions=hashed(text)),
        ):
            assert result["data"] == {"hello": "Hello, new."}
        # A text that anybody taught the store is no trusted document.
        assert code((await client.post(served.url, json={"documentId": sha(text)})).json()) == (
            "PERSISTED_QUERY_NOT_FOUND"
        )
        assert (await client.get(f"{served.url}/{sha(text)}")).status_code == 404


async def test_a_hash_over_a_socket_serves_http_too(client: httpx.AsyncClient) -> None:
    async with serving() as served:
        assert (await over_socket(served, query=HELLO, extensions=hashed(HELLO)))["data"]
        assert (await client.post(served.url, json={"extensions": hashed(HELLO)})).json()["data"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"version": 1, "sha256Hash": sha("{ other }")}, "PERSISTED_QUERY_HASH_MISMATCH"),
        ({"version": 2, "sha256Hash": sha(HELLO)}, "PERSISTED_QUERY_NOT_SUPPORTED"),
        ({"sha256Hash": sha(HELLO)}, "PERSISTED_QUERY_NOT_SUPPORTED"),
        ({"version": 1}, "BAD_REQUEST"),
        ({"version": 1, "sha256Hash": 5}, "BAD_REQUEST"),
        ({"version": 1, "sha256Hash": "xyz"}, "BAD_REQUEST"),
        ({"version": 1, "sha256Hash": "٣" * 64}, "BAD_REQUEST"),
        ("x", "BAD_REQUEST"),
        ([], "BAD_REQUEST"),
        (5, "BAD_REQUEST"),
    ],
)
async def test_wrong_hashes_are_refused_and_nothing_is_kept(
    served: Served, client: httpx.AsyncClient, given: Any, expected: str
) -> None:
    before = len(served.runner.documents)
    body = {"query": "{ hello whoami }", "extensions": {"persistedQuery": given}}
    modern = await client.post(served.url, json=body, headers=RESPONSE)
    assert (modern.status_code, code(modern.json())) == (400, expected)
    assert code(await over_socket(served, **body)) == expected
    assert len(served.runner.documents) == before


def test_hashes_live_in_the_bounded_store_and_trusted_documents_beyond_it() -> None:
    store = Documents(schema._schema, max_documents=2, trusted=Trusted(codegen(HELLO)))
    texts = [f"query Q{number} {{ hello }}" for number in range(4)]
    for text in [*texts, texts[2]]:
        store.operation(Request(text, extensions=hashed(text)), True)
    assert len(store) == 2
    assert store.operation(Request("", extensions=hashed(texts[3])), True).name == "Q3"
    with pytest.raises(Rejection, match="PersistedQueryNotFound"):
        store.operation(Request("", extensions=hashed(texts[0])), True)
    first = store.operation(Request("", document_id=sha(HELLO)), True)
    assert len(store) == 3
    assert store.operation(Request("", extensions=hashed(HELLO)), True).document is first.document
    for text in texts:
        store.operation(Request(text), True)
    assert store.operation(Request("", extensions=hashed(HELLO)), True).document is first.document
    assert len(store) == 3


def test_bounds_hold_for_trusted_documents() -> None:
    heavy = "query Heavy { users(first: 100) { edges { node { friends(first: 50) { edges { cursor } } } } } }"
    store = Documents(schema._schema, trusted=Trusted(codegen(heavy)))
    nodes = store.operation(Request("", document_id=sha(heavy)), True).nodes
    with pytest.raises(Rejection, match=f"{nodes} nodes"):
        store.operation(Request("", document_id=sha(heavy)), False)
