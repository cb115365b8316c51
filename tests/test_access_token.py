"""Personal access tokens as their owners and as thieves have them."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta

import pytest
from websockets.exceptions import ConnectionClosed

from models import access_token, standing
from models.database import fetch, fetch_one, fetch_value
from models.node_id import number_of
from models.scope import Scope
from models.token_text import TokenKind, hash_of, kind_of, new_token, successor
from models.transaction import transaction
from tests.people import PATIENCE_SECONDS, Person, Town
from tests.tokens import CREATE, REVOKE, code_of, program

TOKENS = "{ viewer { accessTokens { id name hint scopes createdAt expiresAt lastUsedOn } } }"
ME = "{ viewer { user { handle } } }"


# -- the texts


def test_a_token_is_known_by_its_looks_alone() -> None:
    for kind in TokenKind:
        token = new_token(kind)
        assert re.fullmatch(r"fresque_(pat|app|ref|sec)_[0-9A-Za-z]{49}", token)
        assert kind_of(token) is kind
        assert kind_of(token[:-1] + ("0" if token[-1] != "0" else "1")) is None
        other = next(one for one in TokenKind if one is not kind)
        assert kind_of(other.value + token[len(kind.value) :]) is None, "the checksum holds the prefix too"
    for text in ("", "frq_x", "fresque_pat_", "fresque_pat_" + "é" * 49, "fresque_pat_" + "0" * 200, "\ud800"):
        assert kind_of(text) is None
    assert len({new_token(TokenKind.PERSONAL) for _ in range(1_000)}) == 1_000


def test_a_successor_needs_token_and_key() -> None:
    token = new_token(TokenKind.REFRESH)
    made = successor(token, TokenKind.REFRESH, "k" * 32)
    assert kind_of(made) is TokenKind.REFRESH
    assert made == successor(token, TokenKind.REFRESH, "k" * 32)
    assert made != successor(token, TokenKind.REFRESH, "l" * 32)
    assert made != successor(new_token(TokenKind.REFRESH), TokenKind.REFRESH, "k" * 32)


# -- making them


async def test_a_token_is_told_once_and_kept_as_a_hash(town: Town) -> None:
    ada = await town.person("ada")
    made = await ada.do(CREATE, name="  My   script ", scopes=["GENERATE", "READ", "READ"], expiresInDays=7)
    token = made["token"]
    assert kind_of(token) is TokenKind.PERSONAL
    (listed,) = (await ada.ask(TOKENS))["viewer"]["accessTokens"]
    assert listed["id"] == made["accessToken"]["id"]
    assert listed["scopes"] == ["READ", "GENERATE"]
    assert token.endswith(listed["hint"])
    assert listed["lastUsedOn"] is None
    left = datetime.fromisoformat(listed["expiresAt"]) - datetime.now(UTC)
    assert timedelta(days=6, hours=23) < left <= timedelta(days=7)
    row = await fetch_one("SELECT * FROM access_tokens WHERE id = $1", number_of("token", made["accessToken"]["id"]))
    assert row is not None
    assert row["token_hash"] == hash_of(token)
    assert token not in str(dict(row))
    kept = await fetch(
        "SELECT outcome::text AS text FROM idempotency_keys WHERE viewer_id = $1", number_of("user", ada.id)
    )
    assert all(token not in one["text"] for one in kept)
    again = await ada.do(CREATE, name="x", scopes=["READ"], idempotencyKey="k")
    assert (await ada.do(CREATE, name="x", scopes=["READ"], idempotencyKey="k"))["token"] is None
    assert again["token"] is not None


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"scopes": []}, "scopes"),
        ({"expiresInDays": 0}, "expiresInDays"),
        ({"expiresInDays": 367}, "expiresInDays"),
    ],
)
async def test_what_is_no_token_is_refused(town: Town, wrong: dict[str, object], path: str) -> None:
    ada = await town.person("ada")
    assert await ada.refusal(CREATE, **{"name": "x", "scopes": ["READ"], **wrong}) == ("BAD_USER_INPUT", [path])


async def test_there_are_only_so_many(town: Town) -> None:
    ada = await town.person("ada")
    number = number_of("user", ada.id)
    await fetch(
        "INSERT INTO access_tokens (user_id, name, token_hash, hint, scopes, expires_at)"
        " SELECT $1, 'x', fresque_id()::text || n, 'x', '{read}', now() + interval '1 day' FROM generate_series(1, $2::int) n",
        number,
        access_token.MOST_TOKENS - 1,
    )
    codes = await asyncio.gather(*(ada.attempt(CREATE, name="x", scopes=["READ"]) for _ in range(4)))
    assert sorted(len(one["userErrors"]) for one in codes) == [0, 1, 1, 1]
    assert {error["code"] for one in codes for error in one["userErrors"]} == {"QUOTA_EXCEEDED"}


# -- using them


async def test_a_program_is_its_person_and_its_use_is_a_day(town: Town) -> None:
    ada = await town.person("ada")
    app = await program(ada, "READ")
    assert (await app.ask(ME))["viewer"]["user"]["handle"] == ada.handle
    (listed,) = (await ada.ask(TOKENS))["viewer"]["accessTokens"]
    used = datetime.fromisoformat(listed["lastUsedOn"])
    assert (used.hour, used.minute, used.second) == (0, 0, 0)
    assert abs(datetime.now(UTC) - used) < timedelta(days=2)


async def test_a_token_makes_none_and_lists_none(town: Town) -> None:
    ada = await town.person("ada")
    app = await program(
        ada,
        *(scope.name for scope in Scope),
    )
    assert await code_of(app, CREATE, input={"name": "x", "scopes": ["READ"]}) == "INSUFFICIENT_SCOPE"
    assert await code_of(app, TOKENS) == "INSUFFICIENT_SCOPE"
    assert await fetch_value("SELECT count(*) FROM access_tokens WHERE user_id = $1", number_of("user", ada.id)) == 1


async def test_a_token_is_taken_in_the_header_alone(town: Town) -> None:
    app = await program(await town.person("ada"), "READ")
    asked = {"query": ME}
    for name in ("access_token", "token", "authorization"):
        answer = await town.http.get(f"{town.url}/graphql", params={**asked, name: app.token or ""})
        assert answer.json()["data"]["viewer"] is None
        answer = await town.http.post(f"{town.url}/graphql", json={**asked, name: app.token})
        assert answer.json().get("data", {"viewer": None})["viewer"] is None
    answer = await town.http.post(f"{town.url}/graphql", json=asked, headers={"Cookie": f"fresque_session={app.token}"})
    assert answer.json()["data"]["viewer"] is None
    answer = await town.http.post(f"{town.url}/graphql", json=asked, headers={"Authorization": f"Basic {app.token}"})
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert answer.headers["www-authenticate"].startswith('Bearer error="invalid_token"')


async def test_other_tokens_and_strings_open_nothing(town: Town) -> None:
    ada = await town.person("ada")
    app = await program(ada, "READ")
    assert app.token is not None
    kept = await fetch_value("SELECT token_hash FROM access_tokens WHERE user_id = $1", number_of("user", ada.id))
    for text in (
        new_token(TokenKind.PERSONAL),
        new_token(TokenKind.ACCESS),
        new_token(TokenKind.REFRESH),
        app.token[:-1],
        app.token + "0",
        app.token.swapcase(),
        kept,
        "x" * 10_000,
    ):
        assert await code_of(Person(town, "", "", text), ME) == "UNAUTHENTICATED", text[:80]


# -- their end


async def test_an_expired_token_opens_nothing_and_closes_its_sockets(town: Town) -> None:
    app = await program(await town.person("ada"), "READ")
    await fetch(
        "UPDATE access_tokens SET expires_at = now() + interval '1 second' WHERE token_hash = $1",
        hash_of(app.token or ""),
    )
    async with app.socket() as socket:
        with pytest.raises(ConnectionClosed) as closed:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await socket.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4403
    await fetch("UPDATE access_tokens SET expires_at = now() WHERE token_hash = $1", hash_of(app.token or ""))
    assert await code_of(app, ME) == "UNAUTHENTICATED"


@pytest.mark.parametrize("way", ["revoked", "suspended", "deactivated"])
async def test_open_sockets_close_at_once(town: Town, way: str) -> None:
    ada = await town.person("ada")
    app, other = await program(ada, "READ"), await program(await town.person("bob"), "READ")
    (token,) = (await ada.ask(TOKENS))["viewer"]["accessTokens"]
    number = number_of("user", ada.id) or 0
    async with app.socket() as socket, other.live("subscription { exploreTimeline { __typename cursor } }") as feed:
        if way == "revoked":
            done = await ada.do(REVOKE, accessTokenId=token["id"])
            assert done["revokedAccessTokenId"] == token["id"]
        else:
            async with transaction():
                await (standing.suspend if way == "suspended" else standing.deactivate)(number)
        with pytest.raises(ConnectionClosed) as closed:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await socket.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4403
        await (await town.person("carl")).write("Others go on")
        assert await feed.until("PostPublished")
    if way == "suspended":
        document = "mutation($input: CreatePostInput!) { createPost(input: $input) { userErrors { code } } }"
        assert await code_of(app, document, input={"text": "x"}) == "INSUFFICIENT_SCOPE"
    else:
        assert await code_of(app, ME) == "UNAUTHENTICATED"


async def test_a_suspended_person_s_program_writes_nothing(town: Town) -> None:
    ada = await town.person("ada")
    app = await program(ada, "WRITE_POSTS")
    async with transaction():
        await standing.suspend(number_of("user", ada.id) or 0)
    document = "mutation($input: CreatePostInput!) { createPost(input: $input) { userErrors { code } } }"
    assert (await app.ask(document, input={"text": "x"}))["createPost"]["userErrors"] == [{"code": "FORBIDDEN"}]


async def test_a_revoked_token_is_gone_and_another_s_never_was_there(town: Town) -> None:
    ada, eve = await town.person("ada"), await town.person("eve")
    app = await program(ada, "READ")
    (token,) = (await ada.ask(TOKENS))["viewer"]["accessTokens"]
    assert await eve.refusal(REVOKE, accessTokenId=token["id"]) == ("NOT_FOUND", ["accessTokenId"])
    assert await code_of(app, ME) is None
    await ada.do(REVOKE, accessTokenId=token["id"])
    assert await code_of(app, ME) == "UNAUTHENTICATED"
    assert await ada.refusal(REVOKE, accessTokenId=token["id"]) == ("NOT_FOUND", ["accessTokenId"])


async def test_old_tokens_are_swept(town: Town) -> None:
    app = await program(await town.person("ada"), "READ")
    await fetch(
        "UPDATE access_tokens SET expires_at = now() - interval '31 days' WHERE token_hash = $1",
        hash_of(app.token or ""),
    )
    await access_token.forget_expired()
    assert await fetch("SELECT 1 FROM access_tokens WHERE token_hash = $1", hash_of(app.token or "")) == []
