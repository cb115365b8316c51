"""What every answer says to a browser, and that nothing of an answer is made out of what the client calls us."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from execution.transports.armour import NOTHING
from execution.transports.client import policy
from models import node_id
from tests.conftest import Serving
from tests.people import PATIENCE_SECONDS, Town

EVIL = "evil.example"
PUBLIC = "https://fresque.example"
SPOOFED = {
    "X-Forwarded-Host": EVIL, "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9", "X-Original-Url": "/metrics",
    "X-Rewrite-Url": "/metrics", "Forwarded": f"host={EVIL};proto=https", "X-Http-Method-Override": "DELETE",
}  # fmt: skip
EVERY_KIND: dict[str, tuple[str, str, dict[str, Any]]] = {
    "a page of the client, or the front page": ("GET", "/", {}),
    "GraphQL": ("POST", "/graphql", {"json": {"query": "{ __typename }"}}),
    "GraphQL that is refused": ("POST", "/graphql", {"content": b"{"}),
    "GraphQL by GET": ("GET", "/graphql?query={__typename}", {}),
    "no trusted document": ("GET", "/graphql/nope", {}),
    "a preflight": ("OPTIONS", "/graphql", {"headers": {"Origin": PUBLIC}}),
    "the schema": ("GET", "/schema.graphql", {}),
    "no picture": ("GET", "/media/image_1/SMALL", {}),
    "no drawing": ("GET", "/media/image_1/vector", {}),
    "a picture that is none": ("POST", "/verify", {"content": b"x"}),
    "mail": ("GET", "/mail/stop/x", {}),
    "health": ("GET", "/healthz", {}),
    "readiness": ("GET", "/readyz", {}),
    "metrics": ("GET", "/metrics", {}),
    "an icon": ("GET", "/favicon.svg", {}),
    "nothing": ("GET", "/nothing", {}),
    "nothing for people": ("GET", "/nothing", {"headers": {"Accept": "text/html"}}),
    "a slash too many": ("GET", "/healthz/", {}),
    "a method that is not taken": ("DELETE", "/healthz", {}),
}
WHO = "{ viewer { user { handle } } }"


def directives(text: str) -> dict[str, str]:
    """The rules of a Content-Security-Policy."""
    return {rule.split()[0]: " ".join(rule.split()[1:]) for rule in text.split(";") if rule.strip()}


@pytest.mark.parametrize("kind", EVERY_KIND)
async def test_every_answer_is_armoured(town: Town, kind: str) -> None:
    method, path, more = EVERY_KIND[kind]
    answer = await town.http.request(method, town.url + path, **more)
    headers = answer.headers
    assert answer.status_code < 500
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] in ("same-origin", "no-referrer")
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] in ("same-origin", "same-site", "cross-origin")
    assert "camera=()" in headers["permissions-policy"]
    assert "cache-control" in headers
    assert "server" not in headers
    assert "strict-transport-security" not in headers, "by http it would mean nothing"
    rules = directives(headers["content-security-policy"])
    assert rules["default-src"] == "'none'"
    assert rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert "unsafe" not in rules.get("script-src", "")
    assert rules.get("form-action") in ("'none'", "'self'")
    for name in headers:
        assert len(headers.get_list(name)) == 1 or name in ("set-cookie", "link", "vary"), name


async def test_only_what_is_for_every_page_may_be_shown_by_every_page(town: Town) -> None:
    for path in ("/graphql?query={__typename}", "/healthz"):
        assert (await town.http.get(town.url + path)).headers["cross-origin-resource-policy"] == "same-origin"
    for path in ("/schema.graphql", "/media/image_1/SMALL"):
        assert (await town.http.get(town.url + path)).headers["cross-origin-resource-policy"] == "cross-origin"


def test_the_policy_of_the_page_lets_no_text_become_code() -> None:
    rules = directives(policy("https://bucket.example"))
    assert rules["default-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == "'self'"
    assert rules["require-trusted-types-for"] == "'script'"
    assert rules["trusted-types"] == "fresque"
    assert rules["connect-src"].split() == ["'self'", "https://bucket.example"]
    assert directives(NOTHING)["default-src"] == "'none'"


async def test_what_is_private_stays_in_no_cache(town: Town) -> None:
    ada = await town.person("ada")
    headers = {"Authorization": f"Bearer {ada.token}"}
    for accept in ("application/json", "text/event-stream"):
        answer = await town.http.post(f"{town.url}/graphql", json={"query": WHO}, headers={**headers, "Accept": accept})
        assert "no-store" in answer.headers["cache-control"]
        assert ada.handle in answer.text
    by_get = await town.http.get(f"{town.url}/graphql", params={"query": WHO}, headers=headers)
    assert "no-store" in by_get.headers["cache-control"]


# -- what the client calls us


@pytest.mark.parametrize(
    "path", ["/", "/graphql?query={__typename}", "/nothing", "/healthz/", "/schema.graphql/", "/mail/stop/x/"]
)
async def test_no_answer_is_made_of_the_host_that_is_named(town: Town, path: str) -> None:
    for name in (EVIL, "127.0.0.1:1", f"{EVIL}:80@127.0.0.1", "a\tb", '"><script>'):
        answer = await town.http.get(town.url + path, headers={**SPOOFED, "Host": name})
        assert answer.status_code < 500
        said = f"{answer.headers}{answer.text}"
        assert EVIL not in said
        assert "<script>" not in said
        assert "/metrics" not in answer.headers.get("location", "")


async def test_addresses_in_answers_are_of_the_settings(running: Serving, town: Town) -> None:
    ada = await town.person("ada")
    document = 'mutation { createImageUpload(input: { mimeType: "image/png", byteSize: 9 }) { upload { url } } }'
    headers = {**SPOOFED, "Host": EVIL, "Authorization": f"Bearer {ada.token}"}
    answer = await town.http.post(f"{town.url}/graphql", json={"query": document}, headers=headers)
    assert answer.json()["data"]["createImageUpload"]["upload"]["url"].startswith(running.settings.bucket_url)


@pytest.mark.parametrize(
    "path",
    ["//evil.example/", "//evil.example/healthz/", "/\\evil.example/", "/%5Cevil.example/", "/%2F%2Fevil.example/",
     "///healthz/", "/healthz//%0d%0aSet-Cookie:x=1/", "/.//evil.example/", "/media/%2e%2e/%2e%2e/"],
)  # fmt: skip
async def test_a_slash_too_many_leads_nowhere_else(running: Serving, path: str) -> None:
    host, port = "127.0.0.1", running.settings.port
    async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as client:
        answer = await client.send(
            client.build_request("GET", httpx.URL(scheme="http", host=host, port=port, raw_path=path.encode()))
        )
    assert answer.status_code in (307, 404)
    place = answer.headers.get("location", "/")
    assert re.match(r"/(?![/\\])", place), place
    assert EVIL not in place
    assert "set-cookie" not in answer.headers


async def test_a_slash_too_many_leads_to_the_same_without_it(town: Town) -> None:
    answer = await town.http.get(f"{town.url}/healthz/?a=%0A&b=c")
    assert (answer.status_code, answer.headers["location"]) == (307, "/healthz?a=%0A&b=c")
    posted = await town.http.post(f"{town.url}/graphql/", json={"query": "{ __typename }"}, follow_redirects=True)
    assert posted.json()["data"] == {"__typename": "Query"}


@pytest.mark.parametrize(
    "path",
    ["//graphql", "/graphql/%2e%2e/metrics", "/%67raphql", "/graphql;x=1", "/graphql%00", "/media/..%2f..%2fetc%2fpasswd/SMALL",
     "/assets/../index.html", "/assets/%2e%2e/%2e%2e/app.py", "/.env", "/.git/config", "/graphiql/../app.py", "/graphiql/%2e%2e/app.py",
     "/graphiql/modules/../../../settings.py", "/metrics/", "/METRICS", "/metrics%0a", "/healthz%0d", "/healthz%e2%80%a8", "/healthz%0a", "/" + "a/" * 900],
)  # fmt: skip
async def test_odd_paths_are_nothing_or_what_they_say(running: Serving, path: str) -> None:
    host, port = "127.0.0.1", running.settings.port
    url = httpx.URL(scheme="http", host=host, port=port, raw_path=path.encode())
    async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as client:
        answer = await client.send(client.build_request("GET", url, headers={"X-Forwarded-For": "203.0.113.9"}))
    assert answer.status_code in (307, 400, 404, 405), path
    assert "create_app" not in answer.text
    assert "fresque_sockets_open" not in answer.text


async def test_ten_thousand_ranges_are_one_answer(town: Town) -> None:
    wanted = "bytes=" + ",".join(f"{n}-{n}" for n in range(1_500))
    for path in ("/favicon.svg", "/schema.graphql", "/graphiql/start.js"):
        answer = await town.http.get(town.url + path, headers={"Range": wanted})
        assert answer.status_code in (200, 206, 400, 404, 416)
        assert len(answer.content) < 4_000_000
        assert answer.elapsed.total_seconds() < 2


async def test_metrics_are_not_for_who_comes_by_a_proxy_nobody_named(town: Town) -> None:
    for name, value in (("X-Forwarded-For", "127.0.0.1"), ("Forwarded", "for=127.0.0.1"), ("X-Real-Ip", "127.0.0.1")):
        assert (await town.http.get(f"{town.url}/metrics", headers={name: value})).status_code == 404


async def test_a_fault_outside_of_graphql_is_masked_and_armoured(
    running: Serving, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    secret = "postgres://fresque:hunter2@10.0.0.5/fresque"  # noqa: S105  # what a driver may say

    async def broken(*_: object) -> None:
        raise RuntimeError(f"first line\n{secret}")

    async def gone(*_: object) -> None:
        raise ConnectionRefusedError(secret)

    for fault, status in ((broken, 500), (gone, 503)):
        monkeypatch.setattr("resolvers.picture.place_of", fault)
        async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as client:
            answer = await client.get(f"{running.url}/media/{node_id.encode('image', 1)}/small")
        assert answer.status_code == status
        (error,) = answer.json()["errors"]
        assert error["extensions"] == {"code": "INTERNAL_SERVER_ERROR", "requestId": answer.headers["x-request-id"]}
        assert ("retry-after" in answer.headers) == (status == 503)
        assert answer.headers["content-security-policy"] == NOTHING
        assert "hunter2" not in answer.text
    assert "Traceback" not in caplog.text
    assert "first line" in caplog.text
