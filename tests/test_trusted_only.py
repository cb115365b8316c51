"""A deployment that runs trusted documents alone: the toy, and Fresque itself with manifests of three tools."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import orjson
import pytest
import pytest_asyncio
from graphql import get_introspection_query

from dev.stack import Stack
from execution.trusted import Trusted
from tests.conftest import Serving
from tests.people import OPERATIONS, PATIENCE_SECONDS, Person, Town
from tests.processes import Processes
from tests.speaking import hear, say
from tests.toy import Served, serving
from tests.trusting import (
    COUNT,
    HELLO,
    RESPONSE,
    WHO,
    apollo,
    code,
    codegen,
    hashed,
    over_socket,
    relay,
    sha,
)

ONLY = Trusted(codegen(HELLO, COUNT), only=True)


@pytest_asyncio.fixture(scope="module")
async def locked() -> AsyncIterator[Served]:
    async with serving(trusted=ONLY) as served:
        yield served


@pytest_asyncio.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as client:
        yield client


LOCKED_OUT: dict[str, dict[str, Any]] = {
    "free text": {"query": "{ hello }"},
    "no text": {"query": ""},
    "a trusted text": {"query": HELLO},
    "introspection": {"query": get_introspection_query()},
    "registration": {"query": "{ hello }", "extensions": hashed("{ hello }")},
    "registration of a trusted text": {"query": HELLO, "extensions": hashed(HELLO)},
    "a text of bad syntax": {"query": "{"},
}


@pytest.mark.parametrize("body", LOCKED_OUT.values(), ids=LOCKED_OUT.keys())
async def test_a_lock_refuses_all_text(locked: Served, client: httpx.AsyncClient, body: dict[str, Any]) -> None:
    modern = await client.post(locked.url, json=body, headers=RESPONSE)
    assert (modern.status_code, code(modern.json())) == (400, "PERSISTED_QUERY_ID_REQUIRED")
    asked = {key: value if key == "query" else orjson.dumps(value).decode() for key, value in body.items()}
    assert code((await client.get(locked.url, params=asked)).json()) == "PERSISTED_QUERY_ID_REQUIRED"
    assert code(await over_socket(locked, **body)) == "PERSISTED_QUERY_ID_REQUIRED"


async def test_a_lock_opens_for_ids_and_hashes_of_trusted_documents(locked: Served, client: httpx.AsyncClient) -> None:
    for body in ({"documentId": f"sha256:{sha(HELLO)}"}, {"extensions": hashed(HELLO)}):
        assert (await client.post(locked.url, json=body)).json()["data"] == {"hello": "Hello, you."}
        assert (await over_socket(locked, **body))["data"] == {"hello": "Hello, you."}
    assert (await client.get(f"{locked.url}/{sha(HELLO)}")).json()["data"] == {"hello": "Hello, you."}
    assert await over_socket(locked, documentId=sha(COUNT)) == {"data": {"count": {"number": 0}}}
    for body in ({"documentId": sha(WHO)}, {"extensions": hashed(WHO)}):
        assert code((await client.post(locked.url, json=body)).json()) == "PERSISTED_QUERY_NOT_FOUND"
        assert code(await over_socket(locked, **body)) == "PERSISTED_QUERY_NOT_FOUND"


@pytest.mark.parametrize("accept", ["text/event-stream", "multipart/mixed;subscriptionSpec=1.0, application/json"])
async def test_streams_over_http_are_locked_alike(locked: Served, client: httpx.AsyncClient, accept: str) -> None:
    headers = {"accept": accept}
    for answer in (
        await client.post(locked.url, json={"documentId": sha(COUNT)}, headers=headers),
        await client.get(locked.url, params={"documentId": f"sha256:{sha(COUNT)}"}, headers=headers),
        await client.get(f"{locked.url}/{sha(COUNT)}", headers=headers),
    ):
        assert answer.headers["content-type"].startswith(accept.partition(";")[0])
        assert answer.headers["cache-control"] == "no-store"
        assert '{"data":{"count":{"number":0}}}' in answer.text
    for body, expected in (({"query": COUNT}, "ID_REQUIRED"), ({"documentId": sha(WHO)}, "NOT_FOUND")):
        refused = await client.post(locked.url, json=body, headers=headers)
        assert f'"code":"PERSISTED_QUERY_{expected}"' in refused.text
        assert '"data":{' not in refused.text


async def test_an_answer_framed_as_events_is_kept_by_nobody(locked: Served, client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{locked.url}/{sha(HELLO)}", headers={"accept": "text/event-stream"})
    assert "Hello, you." in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers


POST = "query Post($id: ID!) { node(id: $id) { id ... on Post { text likeCount } } }"
LIKED = "query Liked($id: ID!) { node(id: $id) { id ... on Post { likeCount viewerHasLiked } } }"
LIVE = "subscription Live($ids: [ID!]!) { postsChanged(ids: $ids) { __typename cursor } }"


@pytest_asyncio.fixture(scope="module")
async def trusting(running: Serving, stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The address of one more API process beside the running one, which runs only what three manifests name."""
    folder = tmp_path_factory.mktemp("trusted")
    (folder / "relay.json").write_bytes(orjson.dumps(relay(POST, OPERATIONS)))
    (folder / "codegen.json").write_bytes(orjson.dumps(codegen(LIKED)))
    (folder / "apollo.json").write_bytes(orjson.dumps(apollo(LIVE)))
    house = Processes(stack)
    api = house.api("trusting", TRUSTED_DOCUMENTS=str(folder), TRUSTED_ONLY="true")
    try:
        await house.begin(api)
        yield api.url
    finally:
        house.end()


async def test_fresque_by_ids_alone(trusting: str, town: Town, client: httpx.AsyncClient) -> None:
    ada = await town.person()
    post = await ada.write("kept by caches")
    variables = {"variables": orjson.dumps({"id": post}).decode()}
    signed_in = {"authorization": f"Bearer {ada.token}"}

    (relay_id,) = relay(POST)
    public = await client.get(f"{trusting}/graphql/{relay_id}", params=variables)
    assert public.json()["data"]["node"] == {"id": post, "text": "kept by caches", "likeCount": 0}
    assert public.headers["cache-control"] == "public, max-age=30"
    tag = {"if-none-match": public.headers["etag"]}
    assert (await client.get(f"{trusting}/graphql/{relay_id}", params=variables, headers=tag)).status_code == 304

    liked = f"{trusting}/graphql/sha256:{sha(LIKED)}"
    for headers in ({}, signed_in):
        private = await client.get(liked, params=variables, headers=headers)
        assert private.json()["data"]["node"] == {"id": post, "likeCount": 0, "viewerHasLiked": False}
        assert private.headers["cache-control"] == "private, no-store"

    body = {"documentId": sha(OPERATIONS), "operationName": "LikePost", "variables": {"input": {"postId": post}}}
    done = (await client.post(f"{trusting}/graphql", json=body, headers=signed_in)).json()
    assert done["data"]["likePost"]["post"]["viewerHasLiked"] is True
    stale = await client.get(f"{trusting}/graphql/{relay_id}", params=variables, headers={**signed_in, **tag})
    assert (stale.status_code, stale.headers["cache-control"]) == (200, "private, no-store")

    for text in (POST, get_introspection_query(), "{ __typename }"):
        refused = await client.post(f"{trusting}/graphql", json={"query": text}, headers=signed_in)
        assert code(refused.json()) == "PERSISTED_QUERY_ID_REQUIRED"


async def test_fresque_live_by_an_id(trusting: str, town: Town, client: httpx.AsyncClient) -> None:
    ada = await town.person()
    post = await ada.write("followed by id")
    there = Person(Town(trusting, client), ada.handle, ada.id, ada.token)
    async with there.socket() as socket:
        payload = {"documentId": f"sha256:{sha(LIVE)}", "variables": {"ids": [post]}}
        await say(socket, type="subscribe", id="1", payload=payload)
        first = await hear(socket)
        assert first["payload"]["data"]["postsChanged"]["__typename"] == "LiveHeartbeat"
        await say(socket, type="subscribe", id="2", payload={"query": "subscription { viewerChanged { cursor } }"})
        refused = await hear(socket)
        assert (refused["id"], refused["type"]) == ("2", "error")
        assert code({"errors": refused["payload"]}) == "PERSISTED_QUERY_ID_REQUIRED"
