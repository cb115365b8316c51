"""Signing in with an outside OpenID Connect provider, against one that runs here; and everything it must not be taken for."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import pytest_asyncio
from joserfc.jwk import RSAKey

from models.database import fetch, fetch_value
from models.node_id import number_of
from outside.client import Client
from outside.oidc import NotProven, Provider
from resolvers.external_login import COOKIE, opened, safe_next, seal
from tests.conftest import Serving
from tests.oidc_server import CLIENT, SECRET, OidcServer, oidc
from tests.people import PASSWORD, Person, Town
from tests.securing import with_app
from tests.selection import mutation
from tests.tokens import code_of, program

START = "mutation($i: StartExternalLoginInput!) { startExternalLogin(input: $i) { url userErrors { code path } } }"
COMPLETE = "mutation($i: CompleteLogInInput!) { completeLogIn(input: $i) { userErrors { code path } } }"
ME = "{ viewer { user { id handle displayName } externalIdentities { id issuer } } loginProvider { name } }"
_numbers = itertools.count(1)


def somebody() -> str:
    """A subject that nobody had before."""
    return f"subject-{os.getpid()}-{next(_numbers)}"


@pytest_asyncio.fixture(loop_scope="session")
async def provider(running: Serving) -> AsyncIterator[OidcServer]:
    """A provider, which the running Fresque names while the test runs."""
    shared = running.application.state.shared
    before = shared.house
    async with oidc() as server:
        back = f"{running.url}/login/external/back"
        named = Provider(server.issuer, CLIENT, SECRET, back, Client(["127.0.0.1"]))
        told = replace(before.settings, oidc_issuer=server.issuer, oidc_client_id=CLIENT, oidc_name="Outside")
        shared.house = replace(before, provider=named, settings=told)
        try:
            yield server
        finally:
            shared.house = before


class Browser:
    """A browser with its cookies, at the running Fresque."""

    def __init__(self, town: Town) -> None:
        closing = httpx.Limits(max_keepalive_connections=0)  # nobody closes it
        self.http = httpx.AsyncClient(base_url=town.url, timeout=60, limits=closing)

    async def ask(self, query: str, **given: Any) -> dict[str, Any]:
        """The data of an operation."""
        answer = await self.http.post("/graphql", json={"query": query, "variables": {"i": given}})
        data: dict[str, Any] = answer.json()["data"]
        return data

    async def start(self, **given: Any) -> str:
        """Set out; where to."""
        done = (await self.ask(START, **given))["startExternalLogin"]
        assert done["userErrors"] == [], done
        return str(done["url"])

    async def back(self, given: dict[str, str]) -> str:
        """Come back; where it leads."""
        answer = await self.http.get("/login/external/back", params=given)
        assert answer.status_code == 303
        assert answer.headers["cache-control"] == "no-store"
        return answer.headers["location"]

    async def handle(self) -> str | None:
        """Who is signed in."""
        viewer = (await self.ask(ME))["viewer"]
        return viewer and str(viewer["user"]["handle"])

    async def log_in(self, person: Person) -> None:
        """By password."""
        await self.ask(
            "mutation($i: LogInInput!) { logIn(input: $i) { userErrors { code } } }",
            login=person.handle,
            password=PASSWORD,
        )


def proven(subject: str) -> dict[str, Any]:
    """Claims of somebody whose address is known to be theirs."""
    return {
        "email": f"{subject}@example.org",
        "email_verified": True,
        "name": "Ada Outside",
        "preferred_username": f"o{subject[-8:]}!",
    }


async def test_whoever_is_new_gets_an_account_and_comes_back_to_it(town: Town, provider: OidcServer) -> None:
    subject = somebody()
    first, later = Browser(town), Browser(town)
    assert (await first.ask(ME))["loginProvider"] == {"name": "Outside"}
    url = await first.start(next="/settings?x=y")
    assert await first.back(provider.visited(url, subject, **proven(subject))) == "/settings?x=y"
    handle = await first.handle()
    assert handle is not None
    assert (await first.ask(ME))["viewer"]["user"]["displayName"] == "Ada Outside"
    assert COOKIE not in first.http.cookies
    url = await later.start()
    assert await later.back(provider.visited(url, subject)) == "/", "neither address nor name is asked for again"
    assert await later.handle() == handle
    entry = await town.ask("LogIn", input={"login": handle, "password": "!", "bearer": True})
    assert entry["logIn"]["userErrors"][0]["code"] == "UNAUTHENTICATED", "it has no password"


async def test_an_address_alone_opens_nobody_s_account(town: Town, provider: OidcServer) -> None:
    ada = await town.person("ada")
    subject, browser = somebody(), Browser(town)
    url = await browser.start()
    claims = {**proven(subject), "email": f"{ada.handle}@example.org"}
    assert await browser.back(provider.visited(url, subject, **claims)) == "/login?why=external_taken"
    assert await browser.handle() is None
    assert await fetch("SELECT 1 FROM external_identities WHERE subject = $1", subject) == []


@pytest.mark.parametrize(
    "claims", [{"email_verified": False}, {"email_verified": None}, {"email_verified": "true"}, {"email": None}]
)
async def test_an_address_that_nobody_verified_opens_no_account(
    town: Town, provider: OidcServer, claims: dict[str, Any]
) -> None:
    subject, browser = somebody(), Browser(town)
    url = await browser.start()
    assert (
        await browser.back(provider.visited(url, subject, **{**proven(subject), **claims}))
        == "/login?why=external_failed"
    )
    assert await browser.handle() is None


async def test_who_is_signed_in_links_and_signs_in_by_it_and_unlinks(town: Town, provider: OidcServer) -> None:
    ada, subject = await town.person("ada"), somebody()
    browser, later = Browser(town), Browser(town)
    await browser.log_in(ada)
    assert (
        await browser.back(provider.visited(await browser.start(link=True, next="/settings"), subject)) == "/settings"
    )
    (linked,) = (await browser.ask(ME))["viewer"]["externalIdentities"]
    assert linked["issuer"] == provider.issuer
    assert await later.back(provider.visited(await later.start(), subject)) == "/"
    assert await later.handle() == ada.handle
    eve, other = await town.person("eve"), Browser(town)
    await other.log_in(eve)
    assert await other.back(provider.visited(await other.start(link=True), subject)) == "/login?why=external_linked"
    assert (await eve.refusal(mutation("unlinkIdentity"), identityId=linked["id"]))[0] == "NOT_FOUND"
    await ada.do(mutation("unlinkIdentity"), identityId=linked["id"])
    assert (
        await fetch_value("SELECT count(*) FROM external_identities WHERE user_id = $1", number_of("user", ada.id)) == 0
    )


async def test_a_second_factor_is_asked_for_after_the_provider_too(town: Town, provider: OidcServer) -> None:
    ada, subject = await town.person("ada"), somebody()
    browser, later = Browser(town), Browser(town)
    await browser.log_in(ada)
    await browser.back(provider.visited(await browser.start(link=True), subject))
    _, codes = await with_app(ada)
    where = urlsplit(await later.back(provider.visited(await later.start(next="/studio"), subject)))
    assert (where.path, parse_qs(where.query)) == ("/login", {"next": ["/studio"]})
    told = parse_qs(where.fragment)
    assert told["factors"] == ["TOTP,RECOVERY_CODE"]
    assert await later.handle() is None, "the provider alone does not let them in"
    done = await later.ask(COMPLETE, loginToken=told["pending"][0], proof={"recoveryCode": codes[0]})
    assert done["completeLogIn"]["userErrors"] == []
    assert await later.handle() == ada.handle


async def test_linking_and_unlinking_want_a_recent_proof(town: Town, provider: OidcServer) -> None:
    ada, subject, browser = await town.person("ada"), somebody(), Browser(town)
    await browser.log_in(ada)
    await browser.back(provider.visited(await browser.start(link=True), subject))
    (linked,) = (await browser.ask(ME))["viewer"]["externalIdentities"]
    await fetch("UPDATE sessions SET proven_at = NULL WHERE user_id = $1", number_of("user", ada.id))
    refused = (await browser.ask(START, link=True))["startExternalLogin"]["userErrors"]
    assert [error["code"] for error in refused] == ["REAUTHENTICATION_REQUIRED"]
    assert (await ada.refusal(mutation("unlinkIdentity"), identityId=linked["id"]))[0] == "REAUTHENTICATION_REQUIRED"


async def test_the_only_way_in_stays(town: Town, provider: OidcServer) -> None:
    subject, browser = somebody(), Browser(town)
    await browser.back(provider.visited(await browser.start(), subject, **proven(subject)))
    (linked,) = (await browser.ask(ME))["viewer"]["externalIdentities"]
    unlink = "mutation($i: UnlinkIdentityInput!) { unlinkIdentity(input: $i) { userErrors { code } } }"
    assert (await browser.ask(unlink, identityId=linked["id"]))["unlinkIdentity"]["userErrors"] == [
        {"code": "CONFLICT"}
    ]


async def test_an_answer_is_only_taken_by_the_browser_that_asked(
    town: Town, provider: OidcServer, running: Serving
) -> None:
    subject, mine, victim = somebody(), Browser(town), Browser(town)
    answer = provider.visited(await mine.start(), subject, **proven(subject))
    assert await victim.back(answer) == "/login?why=external_failed", "no forced sign-in with another's answer"
    await victim.start()
    assert await victim.back(answer) == "/login?why=external_failed"
    assert await victim.handle() is None
    for wrong in (
        {**answer, "state": "x"},
        {**answer, "iss": "https://evil.example"},
        {"error": "access_denied", "state": answer["state"]},
        {},
        {**answer, "code": ""},
    ):
        browser = Browser(town)
        browser.http.cookies = httpx.Cookies(mine.http.cookies)
        assert await browser.back(wrong) == "/login?why=external_failed"
    assert await mine.back(answer) == "/"
    assert await mine.back(answer) == "/login?why=external_failed", "once"


async def test_linking_ends_in_the_session_that_began_it(town: Town, provider: OidcServer) -> None:
    ada, eve, subject = await town.person("ada"), await town.person("eve"), somebody()
    browser = Browser(town)
    await browser.log_in(ada)
    answer = provider.visited(await browser.start(link=True), subject)
    await browser.log_in(eve)
    assert await browser.back(answer) == "/login?why=external_failed"
    assert await fetch("SELECT 1 FROM external_identities WHERE subject = $1", subject) == []
    app = await program(ada, "WRITE_ACCOUNT")
    assert await code_of(app, START, i={"link": True}) == "INSUFFICIENT_SCOPE"
    signed_out = (await Browser(town).ask(START, link=True))["startExternalLogin"]
    assert signed_out["userErrors"][0]["code"] == "UNAUTHENTICATED"


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another"}, {"aud": ["another", "x"]}, {"iss": "https://evil.example"}, {"nonce": "x"}, {"nonce": None}, {"exp": 5},
        {"exp": None}, {"iat": None}, {"sub": None}, {"sub": 5}, {"sub": ""}, {"sub": "x" * 300}, {"iat": int(time.time()) + 9_000},
        {"aud": [CLIENT, "another"], "azp": "another"},
    ],
)  # fmt: skip
async def test_an_identity_that_is_not_for_this_try_is_none(
    town: Town, provider: OidcServer, claims: dict[str, Any]
) -> None:
    subject, browser = somebody(), Browser(town)
    url = await browser.start()
    assert (
        await browser.back(provider.visited(url, subject, **proven(subject), **claims)) == "/login?why=external_failed"
    )
    assert await browser.handle() is None


@pytest.mark.parametrize("fault", ["another's key", "none", "symmetric", "unknown key", "error"])
async def test_an_identity_that_is_not_signed_by_the_provider_is_none(
    town: Town, provider: OidcServer, fault: str
) -> None:
    subject, browser = somebody(), Browser(town)
    answer = provider.visited(await browser.start(), subject, **proven(subject))
    if fault == "another's key":
        provider.published = [provider.key]
        provider.key = RSAKey.generate_key(2048, {"kid": "first"})
    elif fault == "none":
        provider.header = {"alg": "none"}
    elif fault == "symmetric":
        provider.header, provider.symmetric = {"alg": "HS256"}, SECRET
    elif fault == "unknown key":
        provider.header = {"kid": "other"}
    else:
        provider.status = 500
    assert await browser.back(answer) == "/login?why=external_failed"
    assert await browser.handle() is None


async def test_the_provider_is_asked_through_the_client_that_reaches_nothing_private() -> None:
    async with oidc() as server:
        guarded = Provider(server.issuer, CLIENT, SECRET, "https://f.example/back", Client())
        with pytest.raises(NotProven):
            await guarded.address("s", "n", "v" * 43)
        other = Provider(f"{server.issuer}/", CLIENT, SECRET, "https://f.example/back", Client(["127.0.0.1"]))
        with pytest.raises(NotProven):  # who says to be another is not believed
            await other.address("s", "n", "v" * 43)


def test_what_is_kept_for_the_way_is_sealed() -> None:
    key = "k" * 32
    sealed = seal({"state": "x", "until": time.time() + 60}, key)
    assert opened(sealed, key) is not None
    for wrong in (sealed[:-1], sealed + "0", "x" + sealed, "", ".", "é.é", seal({"until": time.time() - 1}, key)):
        assert opened(wrong, key) is None
    assert opened(sealed, "l" * 32) is None


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "javascript:x",
        "",
        "/a b",
        "/é",
        "/\t/evil",
        "/" + "x" * 3_000,
    ],
)
def test_nobody_is_led_elsewhere_afterwards(wanted: str) -> None:
    assert safe_next(wanted) == "/"
    assert safe_next("/post/x?y=z#w") == "/post/x?y=z#w"
