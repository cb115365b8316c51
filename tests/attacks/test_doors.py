"""Coming in: what a stranger learns of who is here, by words, sizes and the clock; and who guesses."""

from __future__ import annotations

import asyncio
import itertools
import random
import threading
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from models import standing
from models.database import fetch
from models.external_identity import NO_PASSWORD
from models.transaction import transaction
from resolvers import password
from tests.attacks.timing import ALIKE, DEAR, Question, told_apart, told_from
from tests.conftest import Serving
from tests.people import PASSWORD, PATIENCE_SECONDS, Person, Town
from tests.postman import email_of
from tests.scene import number
from tests.securing import with_app
from tests.selection import mutation
from tests.test_points import Strict, strict

__all__ = ["strict"]  # a fixture of this module, too

LOG_IN = "mutation($input: LogInInput!) { logIn(input: $input) { token userErrors { code message path } } }"
WRONG = "no such words at all"


def trying(town: Town, login: str) -> Callable[[], Coroutine[Any, Any, httpx.Response]]:
    """Tries at the password of this name."""
    given = {"query": LOG_IN, "variables": {"input": {"login": login, "password": WRONG, "bearer": True}}}
    return lambda: town.http.post(f"{town.url}/graphql", json=given)


@pytest.fixture
def dear(running: Serving) -> Iterator[None]:
    """Passwords cost what shows by the clock."""
    shared = running.application.state.shared
    house = shared()
    shared.house = replace(house, settings=replace(house.settings, **DEAR))
    yield
    shared.house = house


async def suspend(person: Person) -> None:
    """As moderators do."""
    async with transaction():
        await standing.suspend(number(person.id))


async def test_the_clock_does_not_tell_whether_a_name_is_somebody_s(dear: None, town: Town) -> None:
    """Nor what kind of somebody: closed, suspended, with a second factor, or without any password."""
    people = {name: await town.person(name) for name in ("plain", "closed", "suspended", "factor", "outside")}
    await people["closed"].do(mutation("deactivateAccount"), password=PASSWORD)
    await with_app(people["factor"])
    await suspend(people["suspended"])
    await fetch(
        "UPDATE credentials SET password_hash = $2 WHERE user_id = $1", number(people["outside"].id), NO_PASSWORD
    )
    kinds = {name: trying(town, one.handle) for name, one in people.items()}
    kinds |= {f"{name} by address": trying(town, email_of(people[name])) for name in ("plain", "outside")}
    kinds["nobody by address"] = trying(town, "nobody@example.org")
    found = await told_from(trying(town, "nobody_at_all"), kinds, 24)
    assert {name: share for name, share in found.items() if share >= ALIKE} == {}


async def test_the_clock_tells_where_nobody_s_password_is_not_hashed(
    dear: None, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the test above would not see if passwords cost nothing in tests."""
    usual = password._matches
    monkeypatch.setattr(password, "_matches", lambda kept, *more: kept is not None and usual(kept, *more))
    ada = await town.person("ada")
    assert await told_apart(trying(town, ada.handle), trying(town, "nobody_at_all"), 12) > ALIKE


async def test_the_clock_does_not_tell_who_has_an_address_that_one_wants(town: Town) -> None:
    """Signed in, too: the answer is the same, and what is different goes out by mail (tests/test_email_address.py)."""
    ada, bob = await town.person("ada"), await town.person("bob")
    await fetch("UPDATE credentials SET confirmed_at = now() WHERE user_id = $1", number(bob.id))

    def wanting(email: str) -> Question:
        async def asked() -> None:
            assert (await ada.attempt(mutation("changeEmail"), email=email, password=PASSWORD))["userErrors"] == []
            await fetch("DELETE FROM mail_links WHERE user_id = $1", number(ada.id))
            await fetch("DELETE FROM letters WHERE user_id = ANY($1)", [number(ada.id), number(bob.id)])

        return asked

    assert await told_apart(wanting(email_of(bob)), wanting(f"nobody.{ada.handle}@example.org"), 40) < ALIKE


async def test_the_clock_does_not_tell_whom_moderators_or_they_themselves_took_out(town: Town) -> None:
    """A handle that is closed or suspended is looked up like one that never was."""
    closed, suspended = await town.person("closed"), await town.person("suspended")
    await closed.do(mutation("deactivateAccount"), password=PASSWORD)
    await suspend(suspended)
    bodies = set()

    def looking(handle: str) -> Question:
        async def asked() -> None:
            given = {"query": "query($h: String!) { user(handle: $h) { id } }", "variables": {"h": handle}}
            answer = await town.http.post(f"{town.url}/graphql", json=given)
            bodies.add(answer.content)

        return asked

    kinds = {"closed": looking(closed.handle), "suspended": looking(suspended.handle)}
    found = await told_from(looking("nobody_at_all"), kinds, 40)
    assert {name: share for name, share in found.items() if share >= ALIKE} == {}
    assert len(bodies) == 1


async def test_the_clock_would_tell_if_there_were_something_to_tell() -> None:
    """By a clock of its own, on which each answer takes some time more or less, as on a wire."""
    now, chance = 0.0, random.Random(5)

    def taking(seconds: float) -> Callable[[], Coroutine[Any, Any, None]]:
        async def answer() -> None:
            nonlocal now
            now += seconds + chance.uniform(0, 0.006)

        return answer

    assert await told_apart(taking(0.001), taking(0.012), 20, lambda: now) > 0.9
    assert await told_apart(taking(0.001), taking(0.001), 80, lambda: now) < ALIKE


async def test_every_way_to_be_refused_is_the_same_to_the_byte(town: Town) -> None:
    ada, closed = await town.person("ada"), await town.person("closed")
    deactivate = (
        "mutation($input: DeactivateAccountInput!) { deactivateAccount(input: $input) { userErrors { code } } }"
    )
    await closed.do(deactivate, password=PASSWORD)
    logins = [
        ada.handle,
        ada.handle.upper(),
        f" {ada.handle} ",
        f"{ada.handle}@example.org",
        closed.handle,
        "nobody_at_all",
        "x@y",
        "\0",
        "'--",
        "x" * 400,
    ]
    answers = [await trying(town, login)() for login in logins]
    bodies = {answer.content for answer in answers}
    assert len(bodies) == 1, bodies
    assert {len(answer.headers.raw) for answer in answers} == {len(answers[0].headers.raw)}


async def statuses(
    town: Town, host: str, login: Callable[[], str], headers: Callable[[], dict[str, str]], tries: int
) -> list[str]:
    """The codes of so many tries."""
    found = []
    async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as client:
        for _ in range(tries):
            given = {"query": LOG_IN, "variables": {"input": {"login": login(), "password": WRONG, "bearer": True}}}
            answer = (await client.post(f"{host}/graphql", json=given, headers=headers())).json()
            found.append(answer["data"]["logIn"]["userErrors"][0]["code"])
    return found


@pytest.mark.parametrize(
    "headers",
    [
        lambda n: {},
        lambda n: {"X-Forwarded-For": f"203.0.113.{n}"},
        lambda n: {"Forwarded": f"for=203.0.113.{n}", "X-Real-Ip": f"203.0.113.{n}", "True-Client-Ip": f"203.0.113.{n}"},
        lambda n: {"Cookie": f"fresque_device=made-up-{n}"},
        lambda n: {"User-Agent": f"another {n}"},
    ],
    ids=["plainly", "by another address, it says", "by other headers", "in another browser, it says", "as another program"],
)  # fmt: skip
async def test_a_throttle_holds_whatever_the_guesser_says_of_themselves(
    strict: Strict, town: Town, headers: Callable[[int], dict[str, str]]
) -> None:
    ada = await town.person("ada")
    numbers = itertools.count(1)
    names = itertools.cycle([ada.handle, ada.handle.upper(), f" {ada.handle}", ada.handle.title()])
    async with strict(rate_limit_passwords=5) as narrow:
        codes = await statuses(town, narrow.url, lambda: next(names), lambda: headers(next(numbers)), 9)
    assert codes == ["UNAUTHENTICATED"] * 5 + ["RATE_LIMITED"] * 4


async def test_tries_from_one_address_are_counted_whoever_they_are_for(strict: Strict, town: Town) -> None:
    network, numbers = "2001:db8:5:6", itertools.count(1)
    async with strict(rate_limit_sign_ins=4, trusted_proxies="127.0.0.1") as narrow:
        codes = await statuses(
            town,
            narrow.url,
            lambda: f"nobody_{next(numbers)}",
            lambda: {"X-Forwarded-For": f"{network}::{next(numbers):x}"},
            7,
        )
        assert codes == ["UNAUTHENTICATED"] * 4 + ["RATE_LIMITED"] * 3
        given: dict[str, Any] = {"handle": "some_name", "email": "a@example.org", "password": PASSWORD}
        document = "mutation($input: SignUpInput!) { signUp(input: $input) { userErrors { code retryAfter } } }"
        async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as client:
            answer = await client.post(
                f"{narrow.url}/graphql",
                json={"query": document, "variables": {"input": given}},
                headers={"X-Forwarded-For": f"{network}:ffff::1"},
            )
        (error,) = answer.json()["data"]["signUp"]["userErrors"]
        assert error["code"] == "RATE_LIMITED"
        assert error["retryAfter"] > 0


async def test_a_token_is_whole_or_nothing(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    assert ada.token is not None
    assert bob.token is not None
    middle = len(ada.token) // 2
    wrong = [
        ada.token[:-1], ada.token + "x", ada.token.upper(), ada.token[:middle] + bob.token[middle:], f"{ada.token} {bob.token}",
        f"{ada.token}, Bearer {bob.token}", "frq_" + "A" * 43, "x" * 8_000, "%00", "null", "undefined", "{}", "*",
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.", "' OR 1=1 --",
    ]  # fmt: skip
    for token in wrong:
        answer = await town.http.post(
            f"{town.url}/graphql",
            json={"query": "{ viewer { user { handle } } }"},
            headers={b"Authorization": f"Bearer {token}".encode(), b"Accept": b"application/graphql-response+json"},
        )
        assert answer.status_code in (401, 400), token
        assert ada.handle not in answer.text
    for name in ("Authorization", "authorization"):
        both = [(name, f"Bearer {ada.token}"), (name, f"Bearer {bob.token}")]
        answer = await town.http.post(
            f"{town.url}/graphql", json={"query": "{ viewer { user { handle } } }"}, headers=both
        )
        assert bob.handle not in answer.text or ada.handle not in answer.text
    assert (await Person(town, ada.handle, ada.id, ada.token).ask("{ viewer { user { handle } } }"))["viewer"]


async def test_a_crowd_that_comes_in_at_once_holds_nobody_up(
    running: Serving, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hashing is slow on purpose, and is done off the loop, two at a time."""
    people = [await town.person("ada") for _ in range(3)]
    shared = running.application.state.shared
    house = shared()
    slow = replace(house.settings, argon2_memory_kib=19_456, argon2_time_cost=2)
    hashing, lock = 0, threading.Lock()
    most, threads, usual = 0, set(), password._matches

    def watched(*given: Any) -> bool:
        nonlocal hashing, most
        with lock:
            hashing += 1
            most = max(most, hashing)
            threads.add(threading.get_ident())
        try:
            return usual(*given)
        finally:
            with lock:
                hashing -= 1

    monkeypatch.setattr(password, "_matches", watched)
    answered = 0
    shared.house = replace(house, settings=slow)
    try:
        crowd = [asyncio.create_task(trying(town, people[n % 3].handle)()) for n in range(30)]
        async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as client:
            while not all(one.done() for one in crowd):
                answer = await client.post(f"{town.url}/graphql", json={"query": "{ __typename }"})
                assert answer.status_code == 200
                answered += not all(one.done() for one in crowd)
        answers = await asyncio.gather(*crowd)
    finally:
        shared.house = house
    codes = {answer.json()["data"]["logIn"]["userErrors"][0]["code"] for answer in answers}
    assert codes == {"UNAUTHENTICATED"}
    assert answered > 0, "somebody else had their answer before the crowd had"
    assert (most <= 2, threading.get_ident() in threads) == (True, False)
