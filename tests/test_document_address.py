"""Trusted documents at addresses of their own: tags, and who may keep the answer."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from execution.documents import Documents
from execution.rejection import Rejection
from execution.request import Request
from execution.transports.caching import is_public
from schema.build import build
from tests.people import PATIENCE_SECONDS
from tests.toy import Caller, Context, Served, World, schema, serving
from tests.trusting import ANN, HELLO, KNOWN, REFUSED, RESPONSE, VIEWER, WHO, code, sha


@pytest_asyncio.fixture(scope="module")
async def served() -> AsyncIterator[Served]:
    async with serving(trusted=KNOWN) as served:
        yield served


@pytest_asyncio.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as client:
        yield client


@pytest.mark.parametrize(
    ("text", "personal"),
    [
        (HELLO, False),
        (WHO, True),
        (VIEWER, True),
        ("{ mine: viewer { id } }", True),
        ("{ viewer: hello }", False),
        ("{ user { ... on User { boss { viewerIsFriend } } } }", True),
        ("{ hello } fragment F on User { viewerIsFriend }", None),
    ],
)
def test_documents_with_a_viewer_field_are_told(text: str, personal: bool | None) -> None:
    store = Documents(schema._schema)
    if personal is None:  # a fragment that nobody spreads is no valid document
        with pytest.raises(Rejection):
            store.operation(Request(text), True)
    else:
        assert store.operation(Request(text), True).personal is personal


def test_a_budget_is_personal_too() -> None:
    store = Documents(build()._schema)
    assert store.operation(Request("{ rateLimit { remaining } exploreTimeline { liveCursor } }"), False).personal
    assert not store.operation(Request("{ exploreTimeline { liveCursor } }"), False).personal


def test_an_answer_with_headers_of_its_own_is_for_nobody_else() -> None:
    operation = Documents(schema._schema).operation(Request(HELLO), False)
    context = Context(World(), Caller(), 1)
    assert is_public(operation, Caller(), context, {"data": {}})
    context.response_headers.append(("set-cookie", "session=ann"))
    assert not is_public(operation, Caller(), context, {"data": {}})


def test_of_several_operations_only_the_one_asked_for_is_looked_at() -> None:
    store = Documents(schema._schema)
    text = "query A { hello } query B { viewer { id } }"
    assert [store.operation(Request(text, name), True).personal for name in "AB"] == [False, True]


async def test_an_address_has_a_tag_and_says_who_may_keep_it(served: Served, client: httpx.AsyncClient) -> None:
    address = f"{served.url}/{sha(HELLO)}"
    first = await client.get(address)
    assert first.headers["cache-control"] == "public, max-age=30"
    assert first.headers["vary"] == "Accept, Cookie, Authorization, Origin"
    tag = first.headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = await client.get(address, headers={"if-none-match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert again.headers["cache-control"] == "public, max-age=30"
        assert again.headers["vary"] == "Accept, Cookie, Authorization, Origin"
        assert "content-length" not in again.headers
    assert (await client.get(address, headers={"if-none-match": '"other"'})).status_code == 200
    others = [
        await client.get(address, params={"variables": '{"n":"Bob"}'}, headers={"if-none-match": tag}),
        await client.get(address, headers={**RESPONSE, "if-none-match": tag}),
    ]
    assert {answer.status_code for answer in others} == {200}
    assert len({tag, *(answer.headers["etag"] for answer in others)}) == 3


@pytest.mark.parametrize(
    ("text", "headers"),
    [
        (HELLO, ANN),
        (HELLO, {"cookie": "session=ann"}),
        (WHO, {}),
        (VIEWER, {}),
        (VIEWER, ANN),
        (REFUSED, {}),
    ],
)
async def test_what_may_be_private_is_kept_by_nobody(
    served: Served, client: httpx.AsyncClient, text: str, headers: dict[str, str]
) -> None:
    answer = await client.get(f"{served.url}/{sha(text)}", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, no-store"
    assert {"Cookie", "Authorization"} <= set(answer.headers["vary"].split(", "))
    again = await client.get(f"{served.url}/{sha(text)}", headers={**headers, "if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.headers["cache-control"]) == (304, "private, no-store")


async def test_addresses_refuse_as_documents_do(served: Served, client: httpx.AsyncClient) -> None:
    unknown = await client.get(f"{served.url}/{sha('{ other }')}")
    assert (unknown.status_code, code(unknown.json())) == (404, "PERSISTED_QUERY_NOT_FOUND")
    posted = await client.post(f"{served.url}/{sha(HELLO)}", json={})
    assert (posted.status_code, posted.headers["allow"]) == (405, "GET")
    both = await client.get(f"{served.url}/{sha(HELLO)}", params={"query": "{ whoami }"}, headers=RESPONSE)
    assert (both.status_code, code(both.json())) == (400, "BAD_REQUEST")
    wrong = await client.get(f"{served.url}/{sha(HELLO)}", params={"variables": '{"n":5}'}, headers=RESPONSE)
    assert (wrong.status_code, code(wrong.json())) == (400, "BAD_USER_INPUT")
    forged = await client.get(f"{served.url}/{sha(HELLO)}", headers={"cookie": "session=ann", "origin": "https://e.x"})
    assert forged.status_code == 403
    unsigned = await client.get(f"{served.url}/{sha(HELLO)}", headers={"authorization": "Bearer eve", **RESPONSE})
    assert unsigned.status_code == 401
    for answer in (unknown, posted, both, wrong, forged, unsigned):
        assert answer.headers["cache-control"] == "no-store"
        assert "etag" not in answer.headers
    browser = await client.get(f"{served.url}/{sha(HELLO)}", headers={"accept": "text/html,*/*;q=0.8"})
    assert browser.json()["data"] == {"hello": "Hello, you."}
