"""Forgotten passwords: a link in a letter, once, for an hour; nobody learns who has an account, nobody is shut out or flooded."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextvars import copy_context
from typing import Any

import orjson
import pytest
import pytest_asyncio
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from models import account_desk, password_reset
from models.database import fetch, fetch_value
from models.mail_link import HOURS_GOOD, PAUSES_MINUTES, LinkPurpose
from models.transaction import transaction
from resolvers.session import name_of
from settings import Settings
from tests.attacks.timing import ALIKE, ROUNDS, told_apart
from tests.conftest import Serving
from tests.people import PASSWORD, PATIENCE_SECONDS, Person, Town
from tests.postman import Postman, email_of, long_ago, number_of, postman
from tests.securing import with_app
from tests.selection import mutation

ASK, RESET = mutation("requestPasswordReset"), mutation("resetPassword")
NEW = "entirely other words of mine"
WAITS_FOR_A_CREDENTIAL = """SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database()
    AND wait_event_type = 'Lock' AND query LIKE 'SELECT 1 FROM credentials WHERE%FOR SHARE')"""


@pytest_asyncio.fixture
async def post(told: Settings) -> AsyncIterator[Postman]:
    async with postman(told) as found:
        yield found


async def ask(town: Town, email: str) -> dict[str, Any]:
    found: dict[str, Any] = (await town.ask(ASK, input={"email": email}))["requestPasswordReset"]
    return found


async def reset(town: Town, token: str, password: str = NEW) -> dict[str, Any]:
    found: dict[str, Any] = (await town.ask(RESET, input={"token": token, "newPassword": password}))["resetPassword"]
    return found


async def can_log_in(town: Town, person: Person, password: str) -> bool:
    given = {"login": person.handle, "password": password, "bearer": True}
    return bool((await town.ask("LogIn", input=given))["logIn"]["viewer"])


async def everything(socket: ClientConnection) -> None:
    """Read until it ends."""
    while True:
        await socket.recv()


def codes(payload: dict[str, Any]) -> list[tuple[str, list[str] | None]]:
    return [(one["code"], one["path"]) for one in payload["userErrors"]]


async def test_a_new_password_by_a_link_ends_every_session_and_socket(town: Town, post: Postman) -> None:
    ada = await town.person("ada")
    await ada.do(mutation("createAccessToken"), name="Mine", scopes=["READ"])
    assert codes(await ask(town, f" {email_of(ada).upper()} ")) == []
    token = await post.token(email_of(ada), "/reset")
    address = town.url.replace("http", "ws", 1) + "/graphql"
    async with connect(address, subprotocols=["graphql-transport-ws"]) as socket:  # type: ignore[list-item]
        shown = {"type": "connection_init", "payload": {"authorization": f"Bearer {ada.token}"}}
        await socket.send(orjson.dumps(shown).decode())
        assert orjson.loads(await socket.recv())["type"] == "connection_ack"
        assert codes(await reset(town, token, "password1")) == [("BAD_USER_INPUT", ["newPassword"])]
        assert codes(await reset(town, token, f"{ada.handle}")) == [("BAD_USER_INPUT", ["newPassword"])]
        done = await reset(town, token)
        assert (done["handle"], done["userErrors"]) == (ada.handle, []), "a refused password used nothing up"
        async with asyncio.timeout(PATIENCE_SECONDS):
            with pytest.raises(ConnectionClosed):
                await everything(socket)
    assert (await ada.answer("{ viewer { user { id } } }"))["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    tokens = "SELECT count(*) FROM access_tokens WHERE user_id = $1 AND expires_at > now()"
    assert await fetch_value(tokens, number_of(ada)) == 0, "tokens, too"
    assert not await can_log_in(town, ada, PASSWORD)
    assert await can_log_in(town, ada, NEW)
    assert "was changed" in await post.last(email_of(ada)), "and a letter tells of it"
    assert await fetch_value("SELECT confirmed_at FROM credentials WHERE user_id = $1", number_of(ada)), "they read it"
    assert codes(await reset(town, token)) == [("NOT_FOUND", ["token"])], "once"


async def test_of_two_at_once_one_wins(town: Town, post: Postman) -> None:
    ada = await town.person("ada")
    await ask(town, email_of(ada))
    token = await post.token(email_of(ada), "/reset")
    passwords = [f"entirely other words {n}" for n in range(6)]
    answers = await asyncio.gather(*(reset(town, token, one) for one in passwords))
    (winner,) = [one for one, answer in zip(passwords, answers, strict=True) if not answer["userErrors"]]
    assert [await can_log_in(town, ada, one) for one in passwords] == [one == winner for one in passwords]


@pytest.mark.parametrize("factors", [False, True], ids=["the password alone", "a second factor"])
async def test_a_password_that_ends_while_somebody_comes_in_opens_nothing(
    town: Town, post: Postman, factors: bool
) -> None:
    ada = await town.person("ada")
    if factors:
        await with_app(ada)
    await ask(town, email_of(ada))
    token = await post.token(email_of(ada), "/reset")
    hashed = "$argon2id$of another password"
    given = {"login": ada.handle, "password": PASSWORD, "bearer": True}
    outside = copy_context()  # a task made inside a transaction would belong to it
    async with transaction():
        await password_reset.reset(token, hashed)
        coming = asyncio.create_task(town.ask("LogIn", input=given), context=outside)
        while not coming.done():  # what waits is told anew outside of a transaction alone
            if await asyncio.create_task(fetch_value(WAITS_FOR_A_CREDENTIAL), context=outside):
                break
    answer = (await coming)["logIn"]
    assert codes(answer) == [("UNAUTHENTICATED", ["password"])]
    assert (answer["viewer"], answer["token"]) == (None, None)
    assert await fetch_value("SELECT count(*) FROM sessions WHERE user_id = $1", number_of(ada)) == 0
    assert await fetch_value("SELECT count(*) FROM pending_logins WHERE user_id = $1", number_of(ada)) == 0


async def test_a_link_is_bound_to_the_password_and_the_address_it_was_sent_for(town: Town, post: Postman) -> None:
    ada, bob, carl = [await town.person(name) for name in ("ada", "bob", "carl")]
    tokens = []
    for one in (ada, bob, carl):
        await ask(town, email_of(one))
        tokens.append(await post.token(email_of(one), "/reset"))
    await ada.do(mutation("changePassword"), currentPassword=PASSWORD, newPassword="some other words of hers")
    await fetch("UPDATE credentials SET email = 'x' || email WHERE user_id = $1", number_of(bob))
    await fetch("UPDATE mail_links SET expires_at = now() WHERE user_id = $1", number_of(carl))
    for token in tokens:
        assert codes(await reset(town, token)) == [("NOT_FOUND", ["token"])]
    # Also where the row of the link is there still: what it was made for is not.
    dora = await town.person("dora")
    await ask(town, email_of(dora))
    token = await post.token(email_of(dora), "/reset")
    await fetch("UPDATE credentials SET password_hash = password_hash || 'x' WHERE user_id = $1", number_of(dora))
    assert codes(await reset(town, token)) == [("NOT_FOUND", ["token"])]


async def test_a_link_that_confirms_an_address_is_none_for_a_password(town: Town, post: Postman) -> None:
    ada = await town.person("ada")
    confirming = await post.token(email_of(ada), "/verify-email")
    assert codes(await reset(town, confirming)) == [("NOT_FOUND", ["token"])]
    await ask(town, email_of(ada))
    token = await post.token(email_of(ada), "/reset")
    refused = (await town.ask(mutation("confirmEmail"), input={"token": token}))["confirmEmail"]
    assert codes(refused) == [("NOT_FOUND", ["token"])]


async def test_known_and_unknown_addresses_are_answered_alike(town: Town, running: Serving) -> None:
    """Byte for byte, and with the same work: one row is written either way, and who it is for is looked for elsewhere."""
    ada = await town.person("ada")
    emails = [email_of(ada), f"nobody.{ada.handle}@example.org"]
    bodies = set()

    def asking(email: str) -> Callable[[], Awaitable[object]]:
        async def asked() -> None:
            body = {"query": ASK, "variables": {"input": {"email": email}}}
            bodies.add((await town.http.post(f"{town.url}/graphql", json=body)).content)

        return asked

    assert await told_apart(asking(emails[0]), asking(emails[1])) < ALIKE
    assert len(bodies) == 1
    rows = await fetch("SELECT email, count(*) AS n FROM reset_wishes WHERE email = ANY($1) GROUP BY email", emails)
    assert {row["email"]: row["n"] for row in rows} == dict.fromkeys(emails, ROUNDS + 1)


async def test_a_mailbox_is_not_flooded_and_nobody_is_shut_out(town: Town, post: Postman) -> None:
    ada = await town.person("ada")
    await post.letters(email_of(ada))
    for _ in range(30):
        await ask(town, email_of(ada))
        while await password_reset.turn(post.told.secret_key):
            pass
    letters = await post.letters(email_of(ada))
    assert len(letters) == 2, "one that confirms, one for the password"
    assert (await reset(town, await post.token(email_of(ada), "/reset")))["handle"] == ada.handle, "which works"
    assert max(PAUSES_MINUTES) < HOURS_GOOD[LinkPurpose.RESET] * 60, "at any moment one that was sent works"
    await long_ago(ada)
    await ask(town, email_of(ada))
    assert (await reset(town, await post.token(email_of(ada), "/reset"), PASSWORD))["userErrors"] == []


async def test_pauses_grow_and_end(town: Town, post: Postman) -> None:
    ada = await town.person("ada")
    sent = []
    for minutes in (6, 6, 16, 30, 46, 46):
        await ask(town, email_of(ada))
        while await password_reset.turn(post.told.secret_key):
            pass
        resets = "SELECT count(*) FROM letters WHERE user_id = $1 AND key LIKE 'RESET:%'"
        sent.append(await fetch_value(resets, number_of(ada)))
        await fetch(
            "UPDATE letters SET created_at = created_at - make_interval(mins => $2) WHERE user_id = $1",
            number_of(ada),
            minutes,
        )
    assert sent == [1, 2, 2, 3, 3, 4]


async def test_after_it_wrong_passwords_of_others_do_not_count(town: Town, running: Serving, post: Postman) -> None:
    points = running.application.state.house.points
    ada = await town.person("ada")
    wrong = {"login": ada.handle, "password": "wrong", "bearer": True}
    for _ in range(3):
        await town.ask("LogIn", input=wrong)
    await ask(town, email_of(ada))
    await reset(town, await post.token(email_of(ada), "/reset"))
    standing = await points.limit.take(f"password:{name_of(ada.handle)}", 0, points._guesses)
    assert standing.remaining == standing.limit


async def test_the_link_leads_to_us_whatever_host_was_said(town: Town, post: Postman) -> None:
    ada = await town.person("ada")
    body = {"query": ASK, "variables": {"input": {"email": email_of(ada)}}}
    for headers in ({"Host": "evil.example"}, {"X-Forwarded-Host": "evil.example"}):
        await town.http.post(f"{town.url}/graphql", json=body, headers=headers)
    assert "evil" not in await post.last(email_of(ada))
    assert await post.token(email_of(ada), "/reset")


async def test_whoever_is_closed_or_nobody_gets_no_letter(town: Town, post: Postman) -> None:
    ada = await town.person("ada")
    await ada.do(mutation("deactivateAccount"), password=PASSWORD)
    await fetch("UPDATE users SET deactivated_at = now() - interval '31 days' WHERE id = $1", number_of(ada))
    await ask(town, email_of(ada))
    assert len(await post.letters(email_of(ada))) == 1, "nothing but what came at first"
    for wrong in ("", "nobody", "a@b", "x" * 300 + "@example.org"):
        assert codes(await ask(town, wrong)) == [("BAD_USER_INPUT", ["email"])]


async def test_no_log_has_a_token(town: Town, post: Postman, caplog: pytest.LogCaptureFixture) -> None:
    ada = await town.person("ada")
    with caplog.at_level("DEBUG"):
        await ask(town, email_of(ada))
        token = await post.token(email_of(ada), "/reset")
        await reset(town, token)
    ours = "\n".join(
        one.getMessage() for one in caplog.records if not one.name.startswith(("mail.", "aiosmtp", "httpc"))
    )
    assert token not in ours
    assert NEW not in ours


async def test_the_desk_hands_a_link_over(
    town: Town, told: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ada = await town.person("ada")
    monkeypatch.setattr("models.account_desk.settings", lambda: told)
    assert await account_desk.run(["reset", ada.handle]) == 0
    token = capsys.readouterr().out.partition("/reset#")[2].split()[0]
    assert (await reset(town, token))["handle"] == ada.handle
    assert not await fetch_value("SELECT confirmed_at FROM credentials WHERE user_id = $1", number_of(ada))
    assert await can_log_in(town, ada, NEW)
