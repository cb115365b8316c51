"""Fresque as an OAuth 2.1 provider: the whole way, and every way of others to go it."""

from __future__ import annotations

import httpx
import pytest

from models.database import fetch, fetch_value
from models.node_id import number_of
from models.token_text import TokenKind, hash_of, kind_of
from tests.apps import AUTHORIZE, BACK, answered, asked, made, told
from tests.conftest import Serving
from tests.people import PASSWORD, PATIENCE_SECONDS, Person, Town
from tests.tokens import INSUFFICIENT, code_of

ME = "{ viewer { user { handle } } }"
CONNECTED = "{ viewer { connectedApps { id name website scopes isSelfRegistered lastUsedOn } } }"


# -- the whole way


async def test_an_app_acts_for_a_person_as_far_as_they_let_it(town: Town) -> None:
    dev, ada = await town.person("dev"), await town.person("ada")
    app = await made(dev)
    parameters = app.parameters(scope="read write:posts")
    shown = await asked(ada, parameters)
    assert shown["problem"] is None
    assert (shown["appName"], shown["website"]) == ("A reader", "https://app.example.org")
    assert shown["developer"]["handle"] == dev.handle
    assert shown["destination"] == "app.example.org"
    assert shown["scopes"] == ["READ", "WRITE_POSTS"]
    assert (shown["grantedScopes"], shown["isRemembered"], shown["isOnDevice"]) == ([], False, False)
    answer = await answered(ada, parameters)
    assert answer.keys() == {"from", "code", "state", "iss"}
    assert (answer["from"], answer["state"], answer["iss"]) == ("fresque", "st/ate & more", town.url)
    found = await app.exchange(answer["code"], redirect_uri=BACK)
    assert found.headers["cache-control"] == "no-store"
    tokens = found.json()
    assert (tokens["token_type"], tokens["expires_in"], tokens["scope"]) == ("Bearer", 900, "read write:posts")
    assert kind_of(tokens["access_token"]) is TokenKind.ACCESS
    assert kind_of(tokens["refresh_token"]) is TokenKind.REFRESH
    acting = app.acting(ada, tokens["access_token"])
    assert (await acting.ask(ME))["viewer"]["user"]["handle"] == ada.handle
    assert await acting.write("An app says this")
    assert await code_of(acting, "{ viewer { bookmarks { edges { cursor } } } }") == INSUFFICIENT
    assert await code_of(acting, CONNECTED) == INSUFFICIENT
    (listed,) = (await ada.ask(CONNECTED))["viewer"]["connectedApps"]
    assert (listed["name"], listed["scopes"], listed["isSelfRegistered"]) == (
        "A reader",
        ["READ", "WRITE_POSTS"],
        False,
    )
    assert listed["lastUsedOn"] is not None


async def test_nothing_of_it_is_kept_in_clear(town: Town) -> None:
    ada = await town.person("ada")
    app = await made(ada, confidential=True)
    code = await app.allowed(ada)
    tokens = (await app.exchange(code)).json()
    kept = ""
    for table in ("apps", "app_grants", "app_codes", "app_sessions", "app_tokens", "app_refreshes", "idempotency_keys"):
        kept += str([dict(row) for row in await fetch(f"SELECT * FROM {table}")])
    for secret in (code, tokens["access_token"], tokens["refresh_token"], app.secret or "none"):
        assert secret not in kept
    assert hash_of(tokens["access_token"]) in kept


async def test_a_person_may_say_no(town: Town) -> None:
    ada = await town.person("ada")
    app = await made(ada)
    answer = await answered(ada, app.parameters(), allow=False)
    assert (answer["error"], answer["state"], answer["iss"]) == ("access_denied", "st/ate & more", town.url)
    assert (await ada.ask(CONNECTED))["viewer"]["connectedApps"] == []


async def test_whoever_is_signed_out_sees_who_asks_and_cannot_answer(town: Town) -> None:
    app = await made(await town.person("dev"))
    shown = await asked(Person(town, "", "", None), app.parameters())
    assert shown["appName"] == "A reader"
    assert shown["ticket"] is None


async def test_what_was_remembered_is_not_asked_again_unless_anybody_might_be_answered(town: Town) -> None:
    ada = await town.person("ada")
    app, native = await made(ada), await made(ada, redirect_uri="http://127.0.0.1/back")
    await answered(ada, app.parameters(scope="read write:posts"), remember=True)
    assert (await asked(ada, app.parameters()))["isRemembered"]
    shown = await asked(ada, app.parameters(scope="read generate"))
    assert (shown["isRemembered"], shown["grantedScopes"]) == (False, ["READ"])
    assert not (await asked(ada, app.parameters(prompt="consent")))["isRemembered"]
    await answered(ada, native.parameters(), remember=True)
    shown = await asked(ada, native.parameters())
    assert (shown["isRemembered"], shown["isOnDevice"], shown["grantedScopes"]) == (False, True, ["READ"])


# -- the request


@pytest.mark.parametrize(
    "uri",
    [
        "https://app.example.org/back",
        "https://app.example.org/back?from=fresque&x=y",
        "https://app.example.org/back?from=fresque#x",
        "https://app.example.org/back/?from=fresque",
        "https://app.example.org/back/../steal?from=fresque",
        "https://app.example.org:443/back?from=fresque",
        "https://app.example.org:8443/back?from=fresque",
        "https://app.example.org@evil.example/back?from=fresque",
        "https://app.example.org.evil.example/back?from=fresque",
        "https://evil.example/https://app.example.org/back?from=fresque",
        "https://APP.example.org/back?from=fresque",
        "http://app.example.org/back?from=fresque",
        "//app.example.org/back?from=fresque",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://app.example.org/back?from=fresque\r\nSet-Cookie: a=b",
        "https://app.example.org\\@evil.example/back?from=fresque",
        "http://127.0.0.1/back?from=fresque",
        "",
    ],
)
async def test_another_address_than_the_one_named_is_never_answered(town: Town, uri: str) -> None:
    ada = await town.person("ada")
    app = await made(ada)
    parameters = app.parameters(redirect_uri=uri)
    shown = await asked(ada, parameters)
    assert shown["problem"] in ("WRONG_REDIRECT", "BROKEN")
    assert (shown["refusalUri"], shown["ticket"]) == (None, None)
    ticket = (await asked(ada, app.parameters()))["ticket"]
    assert await ada.refusal(AUTHORIZE, parameters=parameters, ticket=ticket, allow=True) == ("FORBIDDEN", ["ticket"])


async def test_a_native_app_takes_whatever_port_is_free(town: Town) -> None:
    ada = await town.person("ada")
    for host in ("127.0.0.1", "[::1]", "localhost"):
        app = await made(ada, redirect_uri=f"http://{host}/back")
        answer = await answered(ada, app.parameters(redirect_uri=f"http://{host}:53123/back"))
        assert (await app.exchange(answer["code"], redirect_uri=f"http://{host}:53123/back")).status_code == 200
        for wrong in (
            f"http://{host}:53123/other",
            f"https://{host}:53123/back",
            "http://127.0.0.2:53123/back",
            "http://evil.example:53123/back",
        ):
            assert (await asked(ada, app.parameters(redirect_uri=wrong)))["problem"] == "WRONG_REDIRECT"


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "unsupported_response_type"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"scope": "read root"}, "invalid_scope"),
        ({"scope": "READ"}, "invalid_scope"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"request": "x"}, "request_not_supported"),
        ({"prompt": "none"}, "interaction_required"),
        ({"resource": "https://elsewhere.example"}, "invalid_target"),
    ],
)
async def test_a_wrong_request_is_told_to_the_app_and_nobody_is_asked(
    town: Town, more: dict[str, str | None], error: str
) -> None:
    ada = await town.person("ada")
    app = await made(ada)
    parameters = app.parameters(**more)
    shown = await asked(ada, parameters)
    assert shown["ticket"] is None
    answer = told(shown["refusalUri"])
    assert (answer["error"], answer["state"], answer["iss"]) == (error, "st/ate & more", town.url)
    assert shown["refusalUri"].startswith("https://app.example.org/back?from=fresque&")


@pytest.mark.parametrize(
    "parameters", ["", "x", "client_id=a&client_id=b", "%ff=%ff", "client_id=\x00", "a=b&" * 60, "x=" + "y" * 9_000]
)
async def test_what_cannot_be_read_is_answered_nowhere(town: Town, parameters: str) -> None:
    shown = await asked(await town.person("ada"), parameters)
    assert shown["problem"] in ("BROKEN", "UNKNOWN_APP")
    assert shown["refusalUri"] is None


async def test_saying_something_twice_is_no_request(town: Town) -> None:
    ada = await town.person("ada")
    app = await made(ada)
    for twice in ("&redirect_uri=https%3A%2F%2Fevil.example", "&client_id=x", "&scope=read", "&state=x"):
        assert (await asked(ada, app.parameters() + twice))["problem"] == "BROKEN"


# -- consent


async def test_consent_is_one_session_s_to_one_request(town: Town, running: Serving) -> None:
    ada, eve = await town.person("ada"), await town.person("eve")
    app = await made(eve)
    parameters, wider = app.parameters(), app.parameters(scope="read write:posts")
    hers, other = (await asked(ada, parameters))["ticket"], (await asked(eve, parameters))["ticket"]
    again = (await ada.town.ask("LogIn", input={"login": ada.handle, "password": PASSWORD, "bearer": True}))["logIn"][
        "token"
    ]
    second = Person(town, ada.handle, ada.id, again)
    for who, given, ticket in (
        (ada, parameters, other),  # another's
        (ada, wider, hers),  # of another request
        (second, parameters, hers),  # of another session of hers
        (ada, parameters, "1." + "0" * 64),
        (ada, parameters, "9999999999." + "0" * 64),
        (ada, parameters, ""),
        (ada, parameters, "é" * 70),
    ):
        assert await who.refusal(AUTHORIZE, parameters=given, ticket=ticket, allow=True) == ("FORBIDDEN", ["ticket"])
    assert await fetch_value("SELECT count(*) FROM app_grants WHERE user_id = $1", number_of("user", ada.id)) == 0


async def test_another_page_cannot_say_yes_with_the_cookie(town: Town) -> None:
    ada = await town.person("ada")
    app = await made(await town.person("eve"))
    parameters = app.parameters()
    async with httpx.AsyncClient(base_url=town.url, timeout=PATIENCE_SECONDS) as browser:
        given = {
            "query": "mutation($i: LogInInput!) { logIn(input: $i) { userErrors { code } } }",
            "variables": {"i": {"login": ada.handle, "password": PASSWORD}},
        }
        await browser.post("/graphql", json=given)
        query = {
            "query": "query($p: String!) { authorizationRequest(parameters: $p) { ticket } }",
            "variables": {"p": parameters},
        }
        ticket = (await browser.post("/graphql", json=query)).json()["data"]["authorizationRequest"]["ticket"]
        answer = {"parameters": parameters, "ticket": ticket, "allow": True}
        sent = {
            "query": "mutation($i: AuthorizeAppInput!) { authorizeApp(input: $i) { redirectUri } }",
            "variables": {"i": answer},
        }
        for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
            assert (await browser.post("/graphql", json=sent, headers=headers)).status_code == 403
        assert (await browser.post("/graphql", json=sent)).json()["data"]["authorizeApp"]["redirectUri"]


async def test_an_app_cannot_say_yes_for_the_person_it_acts_for(town: Town) -> None:
    ada = await town.person("ada")
    app = await made(ada)
    acting = app.acting(
        ada, (await app.tokens(ada, scope="read read:private write:account write:posts"))["access_token"]
    )
    wider = app.parameters(scope="write:messages")
    assert await code_of(acting, AUTHORIZE, input={"parameters": wider, "ticket": "x", "allow": True}) == INSUFFICIENT
    assert (
        await code_of(acting, "query($p: String!) { authorizationRequest(parameters: $p) { ticket } }", p=wider)
        == INSUFFICIENT
    )
