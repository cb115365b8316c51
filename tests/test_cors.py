"""What a browser lets pages of other origins do here, asked as browsers ask, and what a cookie may never be made to do."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from execution.transports.cors import ANSWER_HEADERS, REQUEST_HEADERS
from execution.transports.message import FORBIDDEN
from execution.transports.status import AUDITS
from tests.people import Town
from tests.speaking import closing, greet, say
from tests.toy import Served, serving

FRIEND = "https://friend.example"
STRANGER = "https://stranger.example"
COOKIE = {"cookie": "session=ann"}
MUTATION = 'mutation { write(text: "by another page") }'


@pytest_asyncio.fixture(scope="module")
async def listed() -> AsyncIterator[Served]:
    """A server that names one friend."""
    async with serving() as served:
        yield served


@pytest_asyncio.fixture(scope="module")
async def anybody() -> AsyncIterator[Served]:
    """A server that names one friend, and lets all others in without cookies."""
    async with serving(allowed=(FRIEND, "*", "null")) as served:
        yield served


@pytest_asyncio.fixture
async def client(listed: Served) -> AsyncIterator[httpx.AsyncClient]:
    async with listed.client() as client:
        yield client


def asks(origin: str, method: str = "POST", headers: str = "content-type") -> dict[str, str]:
    """The headers of a preflight."""
    return {
        "origin": origin,
        "access-control-request-method": method,
        "access-control-request-headers": headers,
        "sec-fetch-mode": "cors",
        "sec-fetch-site": "cross-site",
    }


def may_read(answer: httpx.Response, origin: str, with_cookies: bool) -> bool:
    """Whether a browser hands the answer to the page, as the Fetch standard has it."""
    told = answer.headers.get_list("access-control-allow-origin")
    if len(told) != 1:
        assert told == []
        return False
    if told == ["*"]:
        return not with_cookies
    return told == [origin] and (not with_cookies or answer.headers["access-control-allow-credentials"] == "true")


def lets_send(answer: httpx.Response, origin: str, method: str, headers: tuple[str, ...]) -> bool:
    """Whether a browser sends the request after this answer to its preflight; without cookies."""
    methods = answer.headers.get("access-control-allow-methods", "").split(", ")
    names = answer.headers.get("access-control-allow-headers", "").split(", ")
    return (
        answer.is_success
        and may_read(answer, origin, with_cookies=False)
        and method in methods
        and all(name in names for name in headers)
    )


async def test_a_listed_page_asks_first_and_then_reads(listed: Served, client: httpx.AsyncClient) -> None:
    for method in AUDITS.methods.split(", "):
        for place in (listed.url, f"{listed.url}/abc"):
            answer = await client.options(place, headers=asks(FRIEND, method))
            assert lets_send(answer, FRIEND, method, REQUEST_HEADERS)
            assert may_read(answer, FRIEND, with_cookies=True)
            assert (answer.status_code, answer.content) == (204, b"")
            assert answer.headers["access-control-max-age"] == "7200"
            assert answer.headers["vary"] == "Origin"
    body = {"query": "{whoami}"}
    answer = await client.post(
        listed.url, json=body, headers={"origin": FRIEND, "sec-fetch-site": "cross-site", **COOKIE}
    )
    assert may_read(answer, FRIEND, with_cookies=True)
    assert answer.json()["data"] == {"whoami": "ann"}
    assert answer.headers["access-control-expose-headers"] == ANSWER_HEADERS
    assert answer.headers["vary"] == "Accept, Origin"
    simple = await client.get(listed.url, params=body, headers={"origin": FRIEND})
    assert may_read(simple, FRIEND, with_cookies=True)


@pytest.mark.parametrize(
    "origin",
    [STRANGER, "null", "http://friend.example", "https://friend.example.evil.example", "https://a.friend.example", "*"],
)
async def test_a_page_that_is_not_listed_neither_sends_nor_reads(
    listed: Served, client: httpx.AsyncClient, origin: str
) -> None:
    refused = await client.options(listed.url, headers=asks(origin))
    assert not lets_send(refused, origin, "POST", ("content-type",))
    assert (refused.status_code, refused.json()["errors"][0]["extensions"]["code"]) == (403, "FORBIDDEN")
    assert refused.headers["vary"] == "Origin"
    answer = await client.get(listed.url, params={"query": "{hello}"}, headers={"origin": origin})
    assert not may_read(answer, origin, with_cookies=False)
    assert answer.headers["vary"] == "Accept, Origin"


async def test_who_is_no_page_is_told_the_methods(listed: Served, client: httpx.AsyncClient) -> None:
    answer = await client.options(listed.url)
    assert (answer.status_code, answer.headers["allow"]) == (204, f"{AUDITS.methods}, OPTIONS")
    plain = await client.post(listed.url, json={"query": "{hello}"})
    assert "access-control-allow-origin" not in plain.headers
    assert plain.headers["vary"] == "Accept, Origin"


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b'{"query":"{"}', {}),
        (b"no JSON", {}),
        (b'{"query":"{hello}"}', {"authorization": "Bearer busy"}),
        (b'{"query":"{hello}"}', {"accept": "image/png"}),
        (b'{"query":"{noJson}"}', {}),
    ],
)
async def test_refusals_are_readable_too(
    listed: Served, client: httpx.AsyncClient, body: bytes, headers: dict[str, str]
) -> None:
    sent = {"content-type": "application/json", "origin": FRIEND, **headers}
    answer = await client.post(listed.url, content=body, headers=sent)
    assert answer.json()["errors"]
    assert may_read(answer, FRIEND, with_cookies=True)


async def test_a_star_lets_everybody_in_without_cookies_only(anybody: Served) -> None:
    async with anybody.client() as client:
        for origin in (STRANGER, "null"):
            answer = await client.options(anybody.url, headers=asks(origin, headers="authorization,content-type"))
            assert lets_send(answer, origin, "POST", ("authorization", "content-type"))
            assert not may_read(answer, origin, with_cookies=True)  # so no browser sends a cookie after it
            body = {"query": "{whoami}"}
            by_token = await client.post(
                anybody.url, json=body, headers={"origin": origin, "authorization": "Bearer ann"}
            )
            assert may_read(by_token, origin, with_cookies=False)
            assert by_token.json()["data"] == {"whoami": "ann"}
            by_cookie = await client.post(anybody.url, json=body, headers={"origin": origin, **COOKIE})
            assert by_cookie.status_code == 403
            assert not may_read(by_cookie, origin, with_cookies=True)
            assert by_cookie.headers["vary"] == "Accept, Origin"
        friend = await client.options(anybody.url, headers=asks(FRIEND))
        assert may_read(friend, FRIEND, with_cookies=True)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", ""]
)
async def test_a_form_of_another_site_does_nothing(
    listed: Served, anybody: Served, site: str, content_type: str
) -> None:
    """What a browser sends without asking first, cookie and all."""
    bodies = (b'{"query":"%s","x":"="}' % MUTATION.replace('"', '\\"').encode(), b"query=" + MUTATION.encode())
    for served in (listed, anybody):
        async with served.client() as client:
            for origin in (STRANGER, "null", FRIEND):
                for body in bodies:
                    headers = {"origin": origin, "sec-fetch-site": site, "content-type": content_type, **COOKIE}
                    answer = await client.post(served.url, content=body, headers=headers)
                    assert answer.status_code == 415
            for params in ({"query": MUTATION}, {"query": "{hello}"}):  # a link: the cookie comes, an origin does not
                answer = await client.get(served.url, params=params, headers={"sec-fetch-site": "cross-site", **COOKIE})
                assert answer.status_code == 403
        assert served.world.written == []


async def test_json_with_a_cookie_of_a_page_that_is_not_listed_does_nothing(anybody: Served) -> None:
    async with anybody.client() as client:
        for origin in (STRANGER, "null"):
            headers = {"origin": origin, "sec-fetch-site": "same-site", **COOKIE}
            answer = await client.post(anybody.url, json={"query": MUTATION}, headers=headers)
            assert answer.status_code == 403
    assert anybody.world.written == []


async def test_streams_carry_the_headers(listed: Served, client: httpx.AsyncClient) -> None:
    for accept in ("text/event-stream", "multipart/mixed;subscriptionSpec=1.0"):
        body = {"query": "subscription { count { number } }"}
        answer = await client.post(listed.url, json=body, headers={"accept": accept, "origin": FRIEND, **COOKIE})
        assert answer.headers["content-type"].startswith(accept.partition(";")[0])
        assert may_read(answer, FRIEND, with_cookies=True)
        refused = await client.post(listed.url, json=body, headers={"accept": accept, "origin": STRANGER, **COOKIE})
        assert refused.status_code == 403
    reserved = await client.put(listed.url, headers={"origin": FRIEND, **COOKIE})
    assert reserved.status_code == 201
    assert may_read(reserved, FRIEND, with_cookies=True)


@pytest.mark.parametrize("origin", [FRIEND, STRANGER, "null"])
async def test_sockets_take_cookies_of_listed_pages_and_tokens_of_all(anybody: Served, origin: str) -> None:
    headers = {**COOKIE, "origin": origin}
    async with anybody.dial(additional_headers=headers) as socket:
        if origin == FRIEND:
            await greet(socket)
        else:
            await say(socket, type="connection_init")
            assert (await closing(socket))[0] == FORBIDDEN
    async with anybody.dial(additional_headers=headers) as socket:
        await greet(socket, "Bearer ann")


async def test_what_is_public_is_open_to_every_page(town: Town) -> None:
    for place in ("/schema.graphql", "/media/img_unknown/original"):
        asked = await town.http.get(f"{town.url}{place}", headers={"origin": STRANGER})
        assert may_read(asked, STRANGER, with_cookies=False)
        assert not may_read(asked, STRANGER, with_cookies=True)
        first = await town.http.options(f"{town.url}{place}", headers=asks(STRANGER, "GET", "if-none-match"))
        assert lets_send(first, STRANGER, "GET", ("if-none-match",))
        assert not lets_send(first, STRANGER, "POST", ())
    tag = (await town.http.get(f"{town.url}/schema.graphql")).headers["etag"]
    fresh = await town.http.get(f"{town.url}/schema.graphql", headers={"origin": STRANGER, "if-none-match": tag})
    assert fresh.status_code == 304
    assert may_read(fresh, STRANGER, with_cookies=False)
    closed = await town.http.get(f"{town.url}/readyz", headers={"origin": STRANGER})
    assert not may_read(closed, STRANGER, with_cookies=False)


async def test_fresque_itself_lists_nobody_but_its_own_address(town: Town) -> None:
    place = f"{town.url}/graphql"
    refused = await town.http.options(place, headers=asks(STRANGER))
    assert refused.status_code == 403
    own = await town.http.options(place, headers=asks(town.url))
    assert lets_send(own, town.url, "POST", ("content-type", "authorization"))
    missing = await town.http.get(f"{place}/unknown", headers={"origin": town.url})
    assert missing.status_code == 404
    assert may_read(missing, town.url, with_cookies=True)
