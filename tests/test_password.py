"""Passwords: which may be one, changing it, and guesses at it that stop without shutting out whose it is."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from argon2 import PasswordHasher

from models.database import fetch, fetch_value
from tests.conftest import Serving
from tests.people import OPERATIONS, PASSWORD, Person, Refused, Town
from tests.postman import number_of
from tests.selection import mutation
from tests.test_account import fresh, refused, sign_up
from tests.test_points import Strict, strict

__all__ = ["strict"]  # a fixture of this module, too

CHANGE = mutation("changePassword")
NEW = "a lantern, nine otters"  # the next one of somebody's, in tests


@pytest.mark.parametrize(
    "password",
    [
        "password1",
        "qwertyuiop",
        "12345678910",
        "aaaaaaaaaaaa",
        "P@ssw0rd123",
        "iloveyou2",
        "abcdefgh",
        "{handle}{handle}",
    ],
)
async def test_what_is_guessed_first_is_no_password(town: Town, password: str) -> None:
    handle = await fresh(town)
    payload = await sign_up(town, handle, password=password.format(handle=handle))
    assert refused(payload) == [("BAD_USER_INPUT", ["password"])]
    assert payload["viewer"] is None


async def test_whatever_is_long_or_strange_is_looked_at_in_time(town: Town) -> None:
    handle = await fresh(town)
    for number, password in enumerate(("🦊 und 🦉 im Schnee", "()[]{}|!1li" * 90, "\u202e\0 otters at noon")):
        assert refused(await sign_up(town, f"{handle}{number}", password=password)) == []


async def log_in(town: Town, login: str, password: str) -> str | None:
    """The token, or None with a wrong password."""
    found = (await town.ask("LogIn", input={"login": login, "password": password, "bearer": True}))["logIn"]
    token: str | None = found["token"]
    return token


async def test_another_password_ends_every_other_session(town: Town) -> None:
    ada = await town.person("ada")
    token = await log_in(town, ada.handle, PASSWORD)
    assert token is not None
    other = Person(town, ada.handle, ada.id, token)
    done = await ada.do(CHANGE, currentPassword=PASSWORD, newPassword=NEW)
    assert len(done["revokedSessionIds"]) == 1
    with pytest.raises(Refused, match="UNAUTHENTICATED"):
        await other.ask("Viewer")
    assert (await ada.ask("Viewer"))["viewer"]["user"]["id"] == ada.id
    assert await log_in(town, ada.handle, PASSWORD) is None
    assert await log_in(town, ada.handle, NEW) is not None


async def test_whoever_cannot_say_it_changes_nothing(town: Town) -> None:
    ada = await town.person("ada")
    for given, told in (
        ({"currentPassword": "wrong", "newPassword": NEW}, ("UNAUTHENTICATED", ["currentPassword"])),
        ({"currentPassword": PASSWORD, "newPassword": "short"}, ("BAD_USER_INPUT", ["newPassword"])),
        ({"currentPassword": PASSWORD, "newPassword": "password1"}, ("BAD_USER_INPUT", ["newPassword"])),
        ({"currentPassword": PASSWORD, "newPassword": PASSWORD}, ("BAD_USER_INPUT", ["newPassword"])),
    ):
        assert await ada.refusal(CHANGE, **given) == told
    signed_out = await town.ask(CHANGE, input={"currentPassword": PASSWORD, "newPassword": NEW})
    assert signed_out["changePassword"]["userErrors"][0]["code"] == "UNAUTHENTICATED"
    assert await log_in(town, ada.handle, PASSWORD) is not None


class Visitor:
    """A browser that asks from an address of its own."""

    def __init__(self, town: Town, address: str) -> None:
        headers = {"Origin": town.url, "X-Forwarded-For": address}
        self.client = httpx.AsyncClient(base_url=town.url, headers=headers, timeout=30)

    async def log_in(self, login: str, password: str) -> str | None:
        """The code of the refusal, None when they are in."""
        given = {"login": login, "password": password}
        body = {"query": OPERATIONS, "operationName": "LogIn", "variables": {"input": given}}
        answer = (await self.client.post("/graphql", json=body)).json()["data"]["logIn"]
        return answer["userErrors"][0]["code"] if answer["userErrors"] else None

    async def __aenter__(self) -> Visitor:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.aclose()


async def test_guesses_from_everywhere_stop_and_their_victim_gets_in(strict: Strict, town: Town) -> None:
    ada = await town.person("ada")
    async with (
        strict(rate_limit_passwords=3, trusted_proxies="127.0.0.1") as narrow,
        Visitor(narrow, "203.0.113.1") as hers,
    ):
        assert await hers.log_in(ada.handle, PASSWORD) is None
        for login in (ada.handle, f"nobody_{ada.handle}"):
            codes = []
            for number in range(5):
                async with Visitor(narrow, f"198.51.100.{number}") as guesser:
                    codes.append(await guesser.log_in(login, f"wrong wrong {number}"))
            assert codes == ["UNAUTHENTICATED"] * 3 + ["RATE_LIMITED"] * 2, (
                "whether there is anybody by that name or not"
            )
        async with Visitor(narrow, "198.51.100.77") as elsewhere:
            assert await elsewhere.log_in(ada.handle, PASSWORD) == "RATE_LIMITED", "the right one is no oracle"
        hers.client.cookies.delete("fresque_session")
        assert await hers.log_in(ada.handle, PASSWORD) is None, "in her own browser she is not shut out"
        for number in range(4):
            code = await hers.log_in(ada.handle, f"wrong wrong {number}")
            assert code == ("RATE_LIMITED" if number == 3 else "UNAUTHENTICATED"), "and nobody guesses in it for ever"


async def test_a_browser_that_somebody_else_used_knows_nobody_but_them(strict: Strict, town: Town) -> None:
    ada, mallory = await town.person("ada"), await town.person("mallory")
    async with (
        strict(rate_limit_passwords=2, trusted_proxies="127.0.0.1") as narrow,
        Visitor(narrow, "198.51.100.9") as theirs,
    ):
        assert await theirs.log_in(mallory.handle, PASSWORD) is None
        codes = [await theirs.log_in(ada.handle, "wrong wrong") for _ in range(3)]
        assert codes == ["UNAUTHENTICATED"] * 2 + ["RATE_LIMITED"]
        async with Visitor(narrow, "198.51.100.10") as another:
            assert await another.log_in(ada.handle, PASSWORD) == "RATE_LIMITED", "they were counted as a stranger"


async def test_the_right_password_makes_the_count_whole(strict: Strict, town: Town) -> None:
    ada = await town.person("ada")
    async with strict(rate_limit_passwords=3, trusted_proxies="127.0.0.1") as narrow:
        for _ in range(3):
            async with Visitor(narrow, "203.0.113.5") as somewhere:
                assert await somewhere.log_in(ada.handle, "wrong wrong") == "UNAUTHENTICATED"
                assert await somewhere.log_in(ada.handle, "wrong wrong") == "UNAUTHENTICATED"
                assert await somewhere.log_in(ada.handle, PASSWORD) is None


async def test_whoever_signs_in_is_kept_at_today_s_cost(town: Town, running: Serving) -> None:
    """Once it was raised (or lowered): the same password, hashed anew where it was said and fits, and nowhere else."""
    ada = await town.person("ada")
    before = PasswordHasher(time_cost=2, memory_cost=128, parallelism=1).hash(PASSWORD)
    await fetch("UPDATE credentials SET password_hash = $2 WHERE user_id = $1", number_of(ada), before)
    kept = "SELECT password_hash FROM credentials WHERE user_id = $1"
    assert (await log_in(town, ada.handle, "wrong words")) is None
    assert await fetch_value(kept, number_of(ada)) == before
    assert await log_in(town, ada.handle, PASSWORD)
    after = await fetch_value(kept, number_of(ada))
    told = running.settings
    assert after.startswith(f"$argon2id$v=19$m={told.argon2_memory_kib},t={told.argon2_time_cost},p=1$")
    assert await log_in(town, ada.handle, PASSWORD)
    assert await fetch_value(kept, number_of(ada)) == after, "and not every time"
    await fetch("UPDATE credentials SET password_hash = $2 WHERE user_id = $1", number_of(ada), before)
    assert all(await asyncio.gather(*(log_in(town, ada.handle, PASSWORD) for _ in range(6)))), (
        "one is first, all come in"
    )
