"""Who may come in: modes of sign-up, invitations and their bounds, handles that are kept back, accounts from one network."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio

from app import create_app
from dev.stack import Stack
from errors import BadInput
from models import account_desk, user
from models.database import fetch, fetch_value
from safety.address import neighbourhood_of
from settings import Settings
from tests.conftest import Serving
from tests.otherwise import otherwise
from tests.people import PASSWORD, Person, Town
from tests.postman import number_of
from tests.selection import mutation

CREATE, REVOKE = mutation("createInvitation"), mutation("revokeInvitation")
MINE = "{ viewer { invitationPlacesLeft invitedBy { id } invitations(first: 50) { edges { node { id code url note uses used isOpen invitees { id } } } } } }"
UP = """mutation($input: SignUpInput!) { signUp(input: $input) { token viewer { user { id } invitedBy { id } } userErrors { code path retryAfter } } }"""


@pytest_asyncio.fixture
async def ada(town: Town) -> Person:
    """Somebody who has been here for long enough to invite."""
    return await elder(town)


@pytest_asyncio.fixture
async def bob(town: Town) -> Person:
    return await town.person("bob")


@pytest_asyncio.fixture
async def closed(running: Serving, stack: Stack, ada: Person, bob: Person) -> AsyncIterator[Town]:
    """A place where one comes in by an invitation; these two are in already."""
    async with otherwise(running, stack, sign_up_mode="invite") as found:
        yield found


async def elder(town: Town, name: str = "ada") -> Person:
    """Somebody who has been here for long enough to invite."""
    person = await town.person(name)
    await fetch("UPDATE users SET joined_at = now() - interval '25 hours' WHERE id = $1", number_of(person))
    return person


async def sign_up(town: Town, handle: str, code: str | None, **more: Any) -> dict[str, Any]:
    given = {"handle": handle, "email": f"{handle}@example.org", "password": PASSWORD, "bearer": True}
    answer = await town.ask(UP, input={**given, "invitation": code, **more})
    found: dict[str, Any] = answer["signUp"]
    return found


def codes(payload: dict[str, Any]) -> list[tuple[str, list[str] | None]]:
    return [(one["code"], one["path"]) for one in payload["userErrors"]]


async def test_one_comes_in_by_an_invitation_and_the_two_know_it(ada: Person, bob: Person, closed: Town) -> None:
    made = (await ada.do(CREATE, uses=2, note="  For my\n sister "))["invitation"]
    assert (made["note"], made["uses"], made["used"], made["isOpen"]) == ("For my sister", 2, 0, True)
    assert made["url"].endswith(f"/signup#{made['code']}")
    stored = str([dict(row) for row in await fetch("SELECT * FROM invitations WHERE inviter_id = $1", number_of(ada))])
    assert made["code"] not in stored, "no table has it"
    assert (await closed.ask("{ site { signUpMode } }"))["site"]["signUpMode"] == "INVITE"
    handle = f"{ada.handle}_guest"
    assert codes(await sign_up(closed, handle, None)) == [("FORBIDDEN", ["invitation"])]
    assert codes(await sign_up(closed, handle, "  ")) == [("FORBIDDEN", ["invitation"])]
    assert codes(await sign_up(closed, handle, made["code"].swapcase())) == [("NOT_FOUND", ["invitation"])]
    guest = await sign_up(closed, handle, f" {made['code']} ")
    assert guest["viewer"]["invitedBy"]["id"] == ada.id
    (edge,) = (await ada.ask(MINE))["viewer"]["invitations"]["edges"]
    assert edge["node"]["invitees"] == [{"id": guest["viewer"]["user"]["id"]}]
    assert (edge["node"]["used"], edge["node"]["isOpen"]) == (1, True)
    hidden = "query($id: ID!) { node(id: $id) { __typename } }"
    assert (await bob.ask(hidden, id=made["id"]))["node"] is None
    assert await bob.refusal(REVOKE, invitationId=made["id"]) == ("NOT_FOUND", ["invitationId"])
    assert (await bob.ask("{ viewer { invitedBy { id } } }"))["viewer"]["invitedBy"] is None


async def test_of_many_at_once_no_more_come_in_than_there_are_places(ada: Person, closed: Town) -> None:
    code = (await ada.do(CREATE, uses=3))["invitation"]["code"]
    answers = await asyncio.gather(*(sign_up(closed, f"{ada.handle}_{n}", code) for n in range(10)))
    assert sum(bool(one["token"]) for one in answers) == 3
    assert all(codes(one) == [("NOT_FOUND", ["invitation"])] for one in answers if not one["token"])
    handles = [f"{ada.handle}_{n}" for n in range(10)]
    assert await fetch_value("SELECT count(*) FROM users WHERE handle = ANY($1)", handles) == 3, "nothing half-written"


async def test_an_invitation_that_is_over_opens_nothing(ada: Person, closed: Town) -> None:
    made = [(await ada.do(CREATE))["invitation"] for _ in range(3)]
    for _ in range(2):
        await ada.do(REVOKE, invitationId=made[0]["id"])
    await fetch(
        "UPDATE invitations SET expires_at = now() WHERE code_hash = encode(sha256($1::text::bytea), 'hex')",
        made[1]["code"],
    )
    for one in made[:2]:
        assert codes(await sign_up(closed, f"{ada.handle}_late", one["code"])) == [("NOT_FOUND", ["invitation"])]
    await account_desk.run(["suspend", ada.handle])
    assert codes(await sign_up(closed, f"{ada.handle}_late", made[2]["code"])) == [("NOT_FOUND", ["invitation"])]
    assert await ada.refusal(CREATE) == ("FORBIDDEN", None)
    await account_desk.run(["restore", ada.handle])
    assert (await sign_up(closed, f"{ada.handle}_late", made[2]["code"]))["token"]


async def test_a_person_gives_away_so_many_places(town: Town, running: Serving) -> None:
    ada, new = await elder(town), await town.person("new")
    assert await new.refusal(CREATE) == ("FORBIDDEN", None), "who has just come invites nobody yet"
    for wrong in ({"uses": 0}, {"uses": 26}, {"uses": -1}):
        assert await ada.refusal(CREATE, **wrong) == ("BAD_USER_INPUT", ["uses"])
    for days in (0, 91):
        assert await ada.refusal(CREATE, days=days) == ("BAD_USER_INPUT", ["days"])
    assert await ada.refusal(CREATE, note="x" * 101) == ("BAD_USER_INPUT", ["note"])
    budget = running.settings.invitation_budget
    assert (await ada.ask(MINE))["viewer"]["invitationPlacesLeft"] == budget
    assert await ada.refusal(CREATE, uses=budget + 1) == ("QUOTA_EXCEEDED", ["uses"])
    answers = await asyncio.gather(*(ada.attempt(CREATE) for _ in range(budget + 4)))
    given = [one["invitation"] for one in answers if one["invitation"]]
    assert len(given) == budget
    await ada.do(REVOKE, invitationId=given[0]["id"])
    assert (await ada.ask(MINE))["viewer"]["invitationPlacesLeft"] == 1, "what was not used comes back"
    await sign_up(town, f"{ada.handle}_in", given[1]["code"])
    await ada.do(REVOKE, invitationId=given[1]["id"])
    assert (await ada.ask(MINE))["viewer"]["invitationPlacesLeft"] == 1, "what was used does not"


async def test_modes(town: Town, running: Serving, told: Settings, stack: Stack) -> None:
    ada = await elder(town)
    code = (await ada.do(CREATE, uses=2))["invitation"]["code"]
    assert (await sign_up(town, f"{ada.handle}_open", code))["viewer"]["invitedBy"]["id"] == ada.id
    assert codes(await sign_up(town, f"{ada.handle}_x", "nonsense")) == [("NOT_FOUND", ["invitation"])]
    async with otherwise(running, stack, sign_up_mode="closed") as place:
        assert codes(await sign_up(place, f"{ada.handle}_x", code)) == [("FORBIDDEN", None)]
        assert codes(await sign_up(place, f"{ada.handle}_x", None)) == [("FORBIDDEN", None)]
        inviter = Person(place, ada.handle, ada.id, ada.token)
        assert await inviter.refusal(CREATE) == ("CONFLICT", None)
    with pytest.raises(SystemExit):
        create_app(replace(told, sign_up_mode="opne"))


async def test_whoever_runs_this_place_invites_whom_they_want(
    closed: Town, told: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], ada: Person
) -> None:
    monkeypatch.setattr("models.account_desk.settings", lambda: told)
    assert await account_desk.run(["invite", "--uses", "100", "--days", "30", "--note", "The first"]) == 0
    code = capsys.readouterr().out.strip().partition("#")[2]
    handle = ada.handle + "x"
    assert (await sign_up(closed, handle, code))["viewer"]["invitedBy"] is None
    assert await account_desk.run(["invite", "--days", "0"]) == 1
    theirs = (await ada.do(CREATE))["invitation"]["code"]
    await sign_up(closed, f"{handle}y", theirs)
    await account_desk.run(["show", f"{handle}y"])
    assert f"invited by @{ada.handle}" in capsys.readouterr().out


async def test_accounts_from_one_network_are_counted(town: Town, running: Serving, stack: Stack) -> None:
    base = (await town.person("net")).handle
    async with otherwise(running, stack, rate_limit_sign_ups=2, trusted_proxies="127.0.0.1") as narrow:
        number = 0

        async def up(host: str, **more: Any) -> list[str]:
            nonlocal number
            number += 1
            given = {"handle": f"{base}_{number}", "email": f"{base}_{number}@example.org", "password": PASSWORD}
            body = {"query": UP, "variables": {"input": {**given, "bearer": True, **more}}}
            answer = await narrow.http.post(f"{narrow.url}/graphql", json=body, headers={"X-Forwarded-For": host})
            return [one["code"] for one in answer.json()["data"]["signUp"]["userErrors"]]

        assert await up("2001:db8:77:1::1", password="short") == ["BAD_USER_INPUT"]  # noqa: S106  # what opens nothing does not count
        assert await up("2001:db8:77:1::1", handle=base) == ["CONFLICT"]
        assert [await up(f"2001:db8:77:1::{n}") for n in range(3)] == [[], [], ["RATE_LIMITED"]], "a /64 is one network"
        assert [await up(f"2001:db8:77:{n}::1") for n in range(2, 11)] == [[]] * 8 + [["RATE_LIMITED"]], "a /48 is five"
        assert await up("2001:db8:78::1") == []
        assert [await up("203.0.113.9") for _ in range(3)] == [[], [], ["RATE_LIMITED"]]
        assert await up("::ffff:203.0.113.9") == ["RATE_LIMITED"]


def test_neighbourhoods() -> None:
    assert neighbourhood_of("203.0.113.9") == "203.0.113.0/24"
    assert neighbourhood_of("::ffff:203.0.113.9") == "203.0.113.0/24"
    assert neighbourhood_of("2001:db8:77:1::1%eth0") == "2001:db8:77::/48"
    assert neighbourhood_of("somewhere") == "somewhere"


@pytest.mark.parametrize(
    "handle",
    [
        "adm1n",
        "__support__",
        "s_u_p_p_o_r_t",
        "fresque_team",
        "fr3sque",
        "anna_admin",
        "m0derator",
        "staff_1",
        "off1cial",
        "verify_email",
        "settings",
        "reset",
        "no_reply",
    ],
)
def test_handles_that_read_like_one_that_is_kept_back(handle: str) -> None:
    with pytest.raises(BadInput):
        user.checked_handle(handle)


@pytest.mark.parametrize(
    "handle",
    ["ada", "team_rocket", "mod_anna", "staffan", "help_me", "badmin", "system_of_a_down", "1234", "x", "l_a", "lola7"],
)
def test_other_handles_are_free(handle: str) -> None:
    assert user.checked_handle(f" @{handle.upper()}") == handle
