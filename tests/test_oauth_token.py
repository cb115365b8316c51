"""Codes and tokens of apps: good for one, once, for a while; and every way to use them otherwise."""

from __future__ import annotations

import asyncio
from urllib.parse import urlencode

import pytest
from websockets.exceptions import ConnectionClosed

from models import app_session, standing
from models.database import fetch, fetch_value
from models.node_id import number_of
from models.token_text import TokenKind, hash_of, new_token
from models.transaction import transaction
from tests.apps import asked, made
from tests.people import PATIENCE_SECONDS, Town
from tests.selection import mutation
from tests.tokens import INSUFFICIENT, code_of

ME = "{ viewer { user { handle } } }"
CONNECTED = "{ viewer { connectedApps { id name website scopes isSelfRegistered lastUsedOn } } }"


# -- codes


async def test_a_code_comes_with_the_verifier_of_its_challenge(town: Town) -> None:
    ada = await town.person("ada")
    app = await made(ada)
    for verifier in ("x" * 43, app.verifier[:-1], app.verifier + "x", "x" * 129, app.parameters()):
        code = await app.allowed(ada)
        assert (await app.exchange(code, code_verifier=verifier)).json()["error"] == "invalid_grant"
        assert (await app.exchange(code)).json()["error"] == "invalid_grant", "a wrong try uses it up"
    code = await app.allowed(ada)
    assert (await app.exchange(code, code_verifier=None)).json()["error"] == "invalid_request"
    assert (await app.exchange(code)).status_code == 200


async def test_the_second_use_of_a_code_ends_what_the_first_gave(town: Town) -> None:
    ada = await town.person("ada")
    app = await made(ada)
    code = await app.allowed(ada)
    first = (await app.exchange(code)).json()
    acting = app.acting(ada, first["access_token"])
    async with acting.socket() as socket:
        second = await app.exchange(code)
        assert (second.status_code, second.json()["error"]) == (400, "invalid_grant")
        with pytest.raises(ConnectionClosed) as closed:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await socket.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4403
    assert await code_of(acting, ME) == "UNAUTHENTICATED"
    assert (await app.renew(first["refresh_token"])).json()["error"] == "invalid_grant"


async def test_of_many_at_once_a_code_is_one_s(town: Town) -> None:
    ada = await town.person("ada")
    app = await made(ada)
    code = await app.allowed(ada)
    statuses = sorted([one.status_code for one in await asyncio.gather(*(app.exchange(code) for _ in range(8)))])
    assert statuses.count(200) == 1


async def test_a_code_is_its_app_s_and_its_address_s_for_a_minute(town: Town) -> None:
    ada, eve = await town.person("ada"), await town.person("eve")
    app, hers = await made(ada), await made(eve)
    hers.verifier = app.verifier
    code = await app.allowed(ada)
    assert (await hers.exchange(code)).json()["error"] == "invalid_grant", "injected into another client"
    assert (await app.exchange(code, redirect_uri="https://app.example.org/back")).json()["error"] == "invalid_grant"
    code = await app.allowed(ada)
    await fetch("UPDATE app_codes SET expires_at = now() WHERE code_hash = $1", hash_of(code))
    assert (await app.exchange(code)).json()["error"] == "invalid_grant"
    for wrong in ("x", "a" * 5_000, code[:-1]):
        assert (await app.exchange(wrong)).json()["error"] == "invalid_grant"


# -- refreshing


async def test_a_refresh_token_is_used_once_and_reuse_ends_the_line(town: Town) -> None:
    ada = await town.person("ada")
    app = await made(ada)
    first = await app.tokens(ada)
    second = (await app.renew(first["refresh_token"])).json()
    assert second["refresh_token"] != first["refresh_token"]
    acting = app.acting(ada, second["access_token"])
    assert await code_of(acting, ME) is None
    await fetch(
        "UPDATE app_refreshes SET used_at = now() - interval '11 seconds' WHERE token_hash = $1",
        hash_of(first["refresh_token"]),
    )
    async with acting.socket() as socket:
        assert (await app.renew(first["refresh_token"])).json()["error"] == "invalid_grant"
        with pytest.raises(ConnectionClosed):
            async with asyncio.timeout(PATIENCE_SECONDS):
                await socket.recv()
    assert await code_of(acting, ME) == "UNAUTHENTICATED"
    assert (await app.renew(second["refresh_token"])).json()["error"] == "invalid_grant"


async def test_a_lost_answer_is_told_again_but_not_once_it_was_used(town: Town) -> None:
    ada = await town.person("ada")
    app = await made(ada)
    first = (await app.tokens(ada))["refresh_token"]
    second = (await app.renew(first)).json()["refresh_token"]
    assert (await app.renew(first)).json()["refresh_token"] == second
    assert (await app.renew(second)).status_code == 200
    assert (await app.renew(first)).json()["error"] == "invalid_grant", "its successor was used: two have it"
    assert await fetch_value("SELECT count(*) FROM app_sessions WHERE user_id = $1", number_of("user", ada.id)) == 0


async def test_who_is_cut_off_after_the_commit_asks_again_and_goes_on(town: Town) -> None:
    """The server has used the token up, and its answer was lost on the way."""
    ada = await town.person("ada")
    app = await made(ada)
    first = (await app.tokens(ada))["refresh_token"]
    form = urlencode({"client_id": app.client_id, "grant_type": "refresh_token", "refresh_token": first})
    host, _, port = town.url.removeprefix("http://").partition(":")
    _, wire = await asyncio.open_connection(host, int(port))
    wire.write(
        f"POST /oauth/token HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(form)}\r\n\r\n{form}".encode()
    )
    used = "SELECT used_at IS NOT NULL FROM app_refreshes WHERE token_hash = $1"
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await fetch_value(used, hash_of(first)):  # noqa: ASYNC110  # who would be told is cut off
            await asyncio.sleep(0.005)
    wire.transport.abort()
    again = await app.renew(first)
    assert again.status_code == 200
    assert (await app.renew(again.json()["refresh_token"])).status_code == 200
    assert await fetch_value("SELECT count(*) FROM app_sessions WHERE user_id = $1", number_of("user", ada.id)) == 1


async def test_twenty_at_once_get_one_successor(town: Town) -> None:
    ada = await town.person("ada")
    app = await made(ada)
    first = (await app.tokens(ada))["refresh_token"]
    answers = await asyncio.gather(*(app.renew(first) for _ in range(20)))
    assert {one.status_code for one in answers} == {200}
    assert len({one.json()["refresh_token"] for one in answers}) == 1
    assert await fetch_value("SELECT count(*) FROM app_sessions WHERE user_id = $1", number_of("user", ada.id)) == 1
    assert (await app.renew(answers[0].json()["refresh_token"])).status_code == 200


async def test_a_refresh_token_is_its_app_s_and_gives_no_more_than_was_allowed(town: Town) -> None:
    ada, eve = await town.person("ada"), await town.person("eve")
    app, hers = await made(ada), await made(eve)
    tokens = await app.tokens(ada, scope="read write:posts")
    assert (await hers.renew(tokens["refresh_token"])).json()["error"] == "invalid_grant"
    assert (await app.renew(tokens["refresh_token"], scope="read generate")).json()["error"] == "invalid_grant"
    assert (await app.renew(tokens["refresh_token"], scope="everything")).json()["error"] == "invalid_scope"
    fewer = (await app.renew(tokens["refresh_token"], scope="read")).json()
    assert fewer["scope"] == "read"
    acting = app.acting(ada, fewer["access_token"])
    assert await code_of(acting, mutation("createPost", 0), input={"text": "x"}) == INSUFFICIENT
    assert (await app.renew(fewer["refresh_token"])).json()["scope"] == "read write:posts"
    for wrong in (tokens["access_token"], new_token(TokenKind.REFRESH), "x"):
        assert (await app.renew(wrong)).json()["error"] == "invalid_grant"


# -- ends


@pytest.mark.parametrize(
    "way",
    [
        "revoked",
        "revoked by refresh token",
        "disconnected",
        "deleted",
        "suspended",
        "developer suspended",
        "deactivated",
    ],
)
async def test_open_sockets_close_and_tokens_end(town: Town, way: str) -> None:
    dev, ada = await town.person("dev"), await town.person("ada")
    app = await made(dev)
    tokens = await app.tokens(ada)
    acting = app.acting(ada, tokens["access_token"])
    (listed,) = (await ada.ask(CONNECTED))["viewer"]["connectedApps"]
    async with acting.socket() as socket:
        if way.startswith("revoked"):
            token = tokens["access_token" if way == "revoked" else "refresh_token"]
            assert (await app.post("revoke", token=token)).status_code == 200
        elif way == "disconnected":
            await ada.do(mutation("disconnectApp"), connectedAppId=listed["id"])
        elif way == "deleted":
            await dev.do(mutation("deleteApp"), appId=app.id)
        elif way == "developer suspended":
            async with transaction():
                await standing.suspend(number_of("user", dev.id) or 0)
        else:
            async with transaction():
                await (standing.suspend if way == "suspended" else standing.deactivate)(number_of("user", ada.id) or 0)
        if way != "developer suspended":
            with pytest.raises(ConnectionClosed) as closed:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    await socket.recv()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 4403
    if way == "suspended":
        assert await code_of(acting, ME) is None
        return
    assert await code_of(acting, ME) == "UNAUTHENTICATED"
    assert (await app.renew(tokens["refresh_token"])).status_code in (400, 401)
    if way == "disconnected":
        assert (await ada.ask(CONNECTED))["viewer"]["connectedApps"] == []
        assert (await asked(ada, app.parameters()))["grantedScopes"] == []


async def test_an_app_ends_only_its_own(town: Town) -> None:
    ada, eve = await town.person("ada"), await town.person("eve")
    app, hers = await made(ada), await made(eve)
    tokens = await app.tokens(ada)
    for token in (tokens["access_token"], tokens["refresh_token"], "x"):
        answer = await hers.post("revoke", token=token)
        assert answer.status_code == 200, "what is no token of its own is answered alike"
    assert await code_of(app.acting(ada, tokens["access_token"]), ME) is None
    (listed,) = (await ada.ask(CONNECTED))["viewer"]["connectedApps"]
    assert (await eve.refusal(mutation("disconnectApp"), connectedAppId=listed["id"]))[0] == "NOT_FOUND"


async def test_an_access_token_lasts_minutes_and_so_do_its_sockets(town: Town) -> None:
    ada = await town.person("ada")
    app = await made(ada)
    tokens = await app.tokens(ada)
    acting = app.acting(ada, tokens["access_token"])
    await fetch(
        "UPDATE app_tokens SET expires_at = now() + interval '1 second' WHERE token_hash = $1",
        hash_of(tokens["access_token"]),
    )
    async with acting.socket() as socket:
        with pytest.raises(ConnectionClosed):
            async with asyncio.timeout(PATIENCE_SECONDS):
                await socket.recv()
    await fetch("UPDATE app_tokens SET expires_at = now() WHERE token_hash = $1", hash_of(tokens["access_token"]))
    assert await code_of(acting, ME) == "UNAUTHENTICATED"
    await app_session.forget_expired()
    assert (await app.renew(tokens["refresh_token"])).status_code == 200


async def test_lines_of_one_person_and_app_are_bounded(town: Town) -> None:
    ada = await town.person("ada")
    app = await made(ada)
    oldest = await app.tokens(ada)
    for _ in range(app_session.MOST_OF_A_GRANT):
        await app.tokens(ada)
    assert await code_of(app.acting(ada, oldest["access_token"]), ME) == "UNAUTHENTICATED"
