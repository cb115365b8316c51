"""Addresses: confirmed by a link, changed only where the new one is confirmed, and told to nobody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio

from dev.stack import Stack
from models.database import fetch, fetch_one, fetch_value
from settings import Settings
from tests.conftest import Serving
from tests.otherwise import otherwise
from tests.people import PASSWORD, Person, Town
from tests.postman import Postman, email_of, long_ago, number_of, postman, text_of
from tests.selection import mutation

EMAIL = "{ viewer { email { address isConfirmed pendingAddress pendingUntil } } }"
CONFIRM, CHANGE = mutation("confirmEmail"), mutation("changeEmail")
AGAIN, CANCEL = mutation("requestEmailConfirmation"), mutation("cancelEmailChange")


@pytest_asyncio.fixture
async def post(told: Settings) -> AsyncIterator[Postman]:
    async with postman(told) as found:
        yield found


async def email(person: Person) -> dict[str, Any]:
    found: dict[str, Any] = (await person.ask(EMAIL))["viewer"]["email"]
    return found


async def confirm(town: Town, token: str) -> dict[str, Any]:
    """The payload of opening a link, signed out."""
    found: dict[str, Any] = (await town.ask(CONFIRM, input={"token": token}))["confirmEmail"]
    return found


def codes(payload: dict[str, Any]) -> list[tuple[str, list[str] | None]]:
    return [(one["code"], one["path"]) for one in payload["userErrors"]]


async def test_a_link_confirms_the_address_once(town: Town, post: Postman) -> None:
    ada = await town.person("ada")
    assert await email(ada) == {
        "address": email_of(ada), "isConfirmed": False, "pendingAddress": None, "pendingUntil": None,
    }  # fmt: skip
    token = await post.token(email_of(ada), "/verify-email")
    rows = str([dict(row) for row in await fetch("SELECT * FROM mail_links")])
    rows += str([dict(row) for row in await fetch("SELECT * FROM letters")])
    assert token not in rows, "no table has it"
    answers = await asyncio.gather(*(confirm(town, token) for _ in range(8)))
    done = [one for one in answers if not one["userErrors"]]
    assert [one["email"] for one in done] == [email_of(ada)], "one of several"
    assert all(codes(one) == [("NOT_FOUND", ["token"])] for one in answers if one not in done)
    assert (await email(ada))["isConfirmed"]
    assert await ada.refusal(AGAIN) == ("CONFLICT", None)


async def test_other_tokens_confirm_nothing(town: Town, post: Postman) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    token = await post.token(email_of(ada), "/verify-email")
    reset = token[:-1] + ("A" if token[-1] != "A" else "B")
    for wrong in ("", "x", reset, token.swapcase(), f" {token}", "é" * 5_000, "\0"):
        assert codes(await confirm(town, wrong)) == [("NOT_FOUND", ["token"])]
    await fetch("UPDATE mail_links SET expires_at = now() WHERE user_id = $1", number_of(ada))
    assert codes(await confirm(town, token)) == [("NOT_FOUND", ["token"])], "it is too old"
    bobs = await post.token(email_of(bob), "/verify-email")
    await fetch("UPDATE credentials SET email = 'x' || email WHERE user_id = $1", number_of(bob))
    assert codes(await confirm(town, bobs)) == [("NOT_FOUND", ["token"])], "it was for another address"
    assert not (await email(bob))["isConfirmed"]


async def test_asking_again_has_limits_and_the_first_link_goes_on_working(town: Town, post: Postman) -> None:
    ada = await town.person("ada")
    first = await post.token(email_of(ada), "/verify-email")
    refused = await ada.attempt(AGAIN)
    (error,) = refused["userErrors"]
    assert error["code"] == "RATE_LIMITED"
    assert 0 < error["retryAfter"] <= 300
    await long_ago(ada)
    await ada.do(AGAIN)
    second = await post.token(email_of(ada), "/verify-email")
    assert first != second
    assert (await confirm(town, first))["email"] == email_of(ada)
    assert codes(await confirm(town, second)) == [("NOT_FOUND", ["token"])], "there is nothing to confirm any more"
    assert len(await post.letters(email_of(ada))) == 2


async def test_another_address_counts_once_it_is_confirmed(town: Town, post: Postman) -> None:
    ada = await town.person("ada")
    await confirm(town, await post.token(email_of(ada), "/verify-email"))
    new = f"new.{email_of(ada)}"
    assert await ada.refusal(CHANGE, email=new, password="wrong words") == ("UNAUTHENTICATED", ["password"])  # noqa: S106
    assert await ada.refusal(CHANGE, email="nobody", password=PASSWORD) == ("BAD_USER_INPUT", ["email"])
    assert await ada.refusal(CHANGE, email=email_of(ada).upper(), password=PASSWORD) == ("BAD_USER_INPUT", ["email"])
    await ada.do(CHANGE, email=new.upper(), password=PASSWORD)
    found = await email(ada)
    assert (found["address"], found["isConfirmed"], found["pendingAddress"]) == (email_of(ada), True, new)
    told = text_of((await post.letters(email_of(ada)))[-1])
    assert new in told
    assert "#" not in told, "whoever reads the old mailbox cannot confirm the new one"
    log_in = {"password": PASSWORD, "bearer": True}
    assert (await town.ask("LogIn", input={"login": new, **log_in}))["logIn"]["viewer"] is None
    token = await post.token(new, "/verify-email")
    assert (await confirm(town, token))["email"] == new
    assert (await email(ada))["address"] == new
    assert (await town.ask("LogIn", input={"login": new, **log_in}))["logIn"]["viewer"]
    assert (await town.ask("LogIn", input={"login": email_of(ada), **log_in}))["logIn"]["viewer"] is None
    assert new in await post.last(email_of(ada)), "and the old one is told that it happened"


async def test_a_change_can_be_left_and_ends_with_the_password(town: Town, post: Postman) -> None:
    ada = await town.person("ada")
    new = f"new.{email_of(ada)}"
    await ada.do(CHANGE, email=new, password=PASSWORD)
    left = await post.token(new, "/verify-email")
    await ada.do(CANCEL)
    assert codes(await confirm(town, left)) == [("NOT_FOUND", ["token"])]
    assert (await email(ada))["pendingAddress"] is None
    await long_ago(ada)
    await ada.do(CHANGE, email=new, password=PASSWORD)
    token = await post.token(new, "/verify-email")
    await ada.do(mutation("changePassword"), currentPassword=PASSWORD, newPassword="other words that nobody guesses")
    assert codes(await confirm(town, token)) == [("NOT_FOUND", ["token"])], "a thief's change ends with the theft"
    assert "password" in (await post.last(email_of(ada)))


async def test_whether_somebody_has_an_address_is_told_to_its_reader_alone(town: Town, post: Postman) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    await confirm(town, await post.token(email_of(bob), "/verify-email"))
    free = await ada.do(CHANGE, email=f"free.{email_of(ada)}", password=PASSWORD)
    await long_ago(ada)
    taken = await ada.do(CHANGE, email=email_of(bob), password=PASSWORD)
    assert free == taken
    assert (await email(ada))["pendingAddress"] == email_of(bob), "as for any other"
    letter = await post.last(email_of(bob))
    assert "already" in letter or "stays" in letter
    assert "#" not in letter
    assert ada.handle not in letter
    assert f"@{bob.handle}" in letter


async def test_who_shows_that_they_read_it_has_the_address(town: Town, post: Postman) -> None:
    squatter, ada = await town.person("eve"), await town.person("ada")
    theirs = email_of(squatter)  # who never confirmed it
    await ada.do(CHANGE, email=theirs, password=PASSWORD)
    await confirm(town, await post.token(theirs, "/verify-email", "new address"))
    assert (await email(ada))["address"] == theirs
    assert (await email(squatter))["address"] is None
    assert (await town.ask("LogIn", input={"login": squatter.handle, "password": PASSWORD}))["logIn"]["viewer"]


async def test_two_who_want_one_address_do_not_both_get_it(town: Town, post: Postman) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    wanted = f"both.{email_of(ada)}"
    tokens = []
    for one in (ada, bob):
        await one.do(CHANGE, email=wanted, password=PASSWORD)
        tokens.append(await post.token(wanted, "/verify-email"))
    answers = await asyncio.gather(*(confirm(town, token) for token in tokens))
    assert sorted(codes(one) for one in answers) == [[], [("CONFLICT", ["token"])]]
    assert await fetch_value("SELECT count(*) FROM credentials WHERE email = $1", wanted) == 1


async def test_one_address_is_not_written_to_by_ever_so_many(town: Town) -> None:
    wanted = f"victim.{(await town.person('victim')).handle}@example.org"
    codes_of = []
    for _ in range(7):
        one = await town.person("spammer")
        payload = await one.attempt(CHANGE, email=wanted, password=PASSWORD)
        codes_of += [error["code"] for error in payload["userErrors"]]
    assert codes_of == ["RATE_LIMITED"] * 2


async def test_the_letter_is_in_the_language_of_its_reader(town: Town, post: Postman) -> None:
    handle = (await town.person("ada")).handle + "fr"
    given = {"handle": handle, "email": f"{handle}@example.org", "password": PASSWORD, "language": "FR"}
    assert (await town.ask("SignUp", input={**given, "bearer": True}))["signUp"]["token"]
    (letter,) = await post.letters(f"{handle}@example.org")
    assert letter["Subject"] == "Confirmez votre adresse"
    assert letter["Content-Language"] == "fr"
    assert f"@{handle}" in text_of(letter)


async def test_nobody_else_is_told_an_address(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    shown = str(await bob.ask("UserPage", handle=ada.handle)) + str(await town.ask("UserPage", handle=ada.handle))
    assert "@example.org" not in shown


async def test_where_no_mail_goes_out_none_is_promised(town: Town, running: Serving, stack: Stack) -> None:
    async with otherwise(running, stack, mail_folder="", smtp_url="") as quiet:
        ada = await quiet.person("ada")
        assert (await quiet.ask("{ site { signUpMode sendsMail } }"))["site"] == {
            "signUpMode": "OPEN",
            "sendsMail": False,
        }
        assert await fetch_one("SELECT 1 FROM letters WHERE user_id = $1", number_of(ada)) is None
        assert await ada.refusal(AGAIN) == ("CONFLICT", None)
        assert await ada.refusal(CHANGE, email="x@example.org", password=PASSWORD) == ("CONFLICT", None)
    assert (await town.ask("{ site { sendsMail } }"))["site"]["sendsMail"]


async def test_letters_asked_for_from_a_network_are_counted(running: Serving, stack: Stack) -> None:
    async with otherwise(running, stack, rate_limit_letters=2, trusted_proxies="127.0.0.1") as narrow:
        ask = (
            'mutation { requestPasswordReset(input: {email: "nobody@example.org"}) { userErrors { code retryAfter } } }'
        )
        found = []
        for host in ("2001:db8:1:2::1", "2001:db8:1:2::2", "2001:db8:1:2:ffff::3", "2001:db8:1:3::1"):
            answer = await narrow.http.post(
                f"{narrow.url}/graphql", json={"query": ask}, headers={"X-Forwarded-For": host}
            )
            found.append([one["code"] for one in answer.json()["data"]["requestPasswordReset"]["userErrors"]])
        assert found == [[], [], ["RATE_LIMITED"], []], "a /64 is one network"
