"""Passkeys: made, used alone and as second factor, named and removed; and everything that a browser must not be believed."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from models import node_id
from models.database import fetch
from models.passkey import MOST_OF_PERSON
from safety.ceremony import GOOD_SECONDS, Party, Worthless, attested, named, new_challenge
from settings import Settings
from tests.people import Person, Town
from tests.securing import (
    AT,
    BE,
    BS,
    UP,
    UV,
    Key,
    complete,
    log_in,
    options,
    passkey_row,
    security,
    text64,
    with_app,
    with_passkey,
)
from tests.selection import mutation
from tests.test_account import refused

ENTER = mutation("logInWithPasskey")
NOTHING = [("UNAUTHENTICATED", ["passkey"])]


async def wanted(town: Town, purpose: str = "LOG_IN", **more: str) -> str:
    """What a browser is asked for, signed out."""
    done = await town.ask(mutation("beginPasskey"), input={"purpose": purpose, **more})
    assert done["beginPasskey"]["userErrors"] == []
    found: str = done["beginPasskey"]["options"]
    return found


async def enter(town: Town, answer: str) -> dict[str, Any]:
    """The payload of signing in by a passkey alone."""
    found: dict[str, Any] = (await town.ask(ENTER, input={"passkey": answer, "bearer": True}))["logInWithPasskey"]
    return found


def test_whom_passkeys_are_made_for() -> None:
    assert Party.of(Settings(public_url="https://fresque.example")) == Party(
        "fresque.example", ["https://fresque.example"]
    )
    told = Settings(
        public_url="https://www.fresque.example:8443/",
        passkey_domain="fresque.example",
        passkey_origins="https://a.fresque.example, https://b.fresque.example/",
    )
    assert Party.of(told) == Party("fresque.example", ["https://a.fresque.example", "https://b.fresque.example"])
    assert Party.of(Settings(port=9000)).origins == ["http://127.0.0.1:9000"]


async def test_a_passkey_signs_in_by_itself(town: Town) -> None:
    ada = await town.person("ada")
    asked = json.loads(await options(ada, "REGISTER"))
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["user"]["name"] == ada.handle
    key, payload = await with_passkey(ada, name="  My laptop ")
    assert payload["passkey"]["name"] == "My laptop"
    assert len(payload["recoveryCodes"]) == 10
    assert (await security(ada))["asksSecondFactor"] is True
    asked = json.loads(await wanted(town))
    assert asked["userVerification"] == "required"
    assert asked.get("allowCredentials", []) == [], "whose they are is for the browser to say"
    done = await enter(town, key.get(await wanted(town)))
    assert done["userErrors"] == []
    assert (await Person(town, "", "", done["token"]).ask("Viewer"))["viewer"]["user"]["id"] == ada.id
    (kept,) = (await security(ada))["passkeys"]
    assert kept["lastUsedAt"] is not None


async def test_a_passkey_completes_a_login(town: Town) -> None:
    ada, eve = await town.person("ada"), await town.person("eve")
    key, _ = await with_passkey(ada)
    other, _ = await with_passkey(eve)
    waiting = (await log_in(town, ada.handle))["pendingLogin"]
    assert waiting["factors"] == ["PASSKEY", "RECOVERY_CODE"]
    asked = await wanted(town, "COMPLETE_LOG_IN", loginToken=waiting["token"])
    assert [one["id"] for one in json.loads(asked)["allowCredentials"]] == [text64(key.id)]
    wrong = await complete(town, waiting["token"], passkey=other.get(asked))
    assert refused(wrong) == [("UNAUTHENTICATED", ["proof"])]
    fresh = await wanted(town)  # for signing in alone
    assert refused(await complete(town, waiting["token"], passkey=key.get(fresh))) == [("UNAUTHENTICATED", ["proof"])]
    assert (await complete(town, waiting["token"], passkey=key.get(asked)))["token"]


async def test_an_answer_counts_once(town: Town) -> None:
    ada = await town.person("ada")
    key, _ = await with_passkey(ada, Key.of(town, steps=0))  # as most that are synced
    answer = key.get(await wanted(town))
    done = await asyncio.gather(*(enter(town, answer) for _ in range(6)))
    assert sorted(bool(one["token"]) for one in done) == [False] * 5 + [True]
    assert all(refused(one) == NOTHING for one in done if not one["token"])
    assert (await enter(town, key.get(await wanted(town))))["token"], "another challenge, another answer"


async def test_a_copy_whose_count_lags_opens_nothing(town: Town) -> None:
    ada = await town.person("ada")
    key, _ = await with_passkey(ada)
    assert (await enter(town, key.get(await wanted(town))))["token"]
    key.count = 1
    assert refused(await enter(town, key.get(await wanted(town)))) == NOTHING
    key.count = 50
    assert (await enter(town, key.get(await wanted(town))))["token"]


@pytest.mark.parametrize(
    "lie",
    ["origin", "domain", "unverified", "absent", "signature", "handle", "unknown", "type", "another's", "challenge"],
)
async def test_whatever_is_not_right_opens_nothing(town: Town, lie: str) -> None:
    ada, eve = await town.person("ada"), await town.person("eve")
    key, _ = await with_passkey(ada)
    hers, _ = await with_passkey(eve)
    asked = await wanted(town)
    if lie == "another's":
        key.id, key.handle = hers.id, hers.handle
    elif lie == "origin":
        key.origin = "https://evil.example"
    elif lie == "domain":
        key.domain = "evil.example"
    elif lie == "unverified":
        key.flags = UP
    elif lie == "absent":
        key.flags = UV
    elif lie == "handle":
        key.handle = eve.id.encode()
    elif lie == "unknown":
        key.id = b"x" * 32
    elif lie == "signature":
        key.private = Key.of(town).private
    answer = json.loads(key.get(asked))
    if lie == "type":
        answer["response"]["clientDataJSON"] = json.loads(
            key.create(json.dumps({**json.loads(asked), "user": {"id": ""}}))
        )["response"]["clientDataJSON"]
    if lie == "challenge":  # signed for one, shown for another
        other = json.loads(key.get(await wanted(town)))
        answer["response"]["clientDataJSON"] = other["response"]["clientDataJSON"]
    found = await enter(town, json.dumps(answer))
    assert refused(found) == NOTHING
    assert found["userErrors"] == refused_like_nonsense(await enter(town, "{}"))


def refused_like_nonsense(payload: dict[str, Any]) -> Any:
    """What anybody is told who shows nonsense."""
    return payload["userErrors"]


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "{",
        "[]",
        "null",
        "5",
        '{"id": 5}',
        "[" * 16_000,
        '{"a":' * 3_000,
        "x" * 20_000,
        "\u0000",
        '{"response": {}}',
    ],
)
async def test_nonsense_is_refused_and_breaks_nothing(town: Town, answer: str) -> None:
    ada = await town.person("ada")
    assert refused(await enter(town, answer)) == NOTHING
    assert await ada.refusal(mutation("addPasskey"), credential=answer, name="x") == ("BAD_USER_INPUT", ["credential"])


async def test_broken_formats_are_refused(town: Town) -> None:
    ada = await town.person("ada")
    key = Key.of(town)
    whole = json.loads(key.create(await options(ada, "REGISTER")))
    for broken in (b"", b"\x00", b"\xa0", b"\x9f" * 4_000, b"\xa3cfmtdnonegattStmt\xa0hauthDataX\xff", bytes(3_000)):
        whole["response"]["attestationObject"] = text64(broken)
        given = {"credential": json.dumps(whole), "name": "x"}
        assert await ada.refusal(mutation("addPasskey"), **given) == ("BAD_USER_INPUT", ["credential"])


async def test_a_challenge_is_for_one_purpose_and_a_while() -> None:
    party, key = Party("fresque.example", ["https://fresque.example"]), "k" * 32
    browser = Key("https://fresque.example", "fresque.example")

    def asked(challenge: bytes) -> str:
        return json.dumps({"challenge": text64(challenge), "user": {"id": ""}})

    good = browser.create(asked(new_challenge("register 5 6", 1_000, key)))
    found = attested(party, good, "register 5 6", 1_000, key)
    assert found.credential_id == browser.id
    assert found.transports == ["internal"]
    for purpose, now, by in (
        ("register 6 6", 1_000, key),
        ("log-in", 1_000, key),
        ("register 5 6", 1_000 + GOOD_SECONDS + 1, key),
        ("register 5 6", 1_000, "l" * 32),
    ):
        with pytest.raises(Worthless):
            attested(party, good, purpose, now, by)
    for challenge in (b"", bytes(16), bytes(56), bytes(57)):
        with pytest.raises(Worthless):
            attested(party, browser.create(asked(challenge)), "register 5 6", 1_000, key)
    with pytest.raises(Worthless):
        named("x" * 20_000)


async def test_a_new_passkey_is_shown_once_and_by_whom_it_was_asked_of(town: Town) -> None:
    ada, eve = await town.person("ada"), await town.person("eve")
    key = Key.of(town)
    made = key.create(await options(ada, "REGISTER"))
    given = {"credential": made, "name": "x"}
    assert await eve.refusal(mutation("addPasskey"), **given) == ("BAD_USER_INPUT", ["credential"])
    elsewhere = Person(town, ada.handle, ada.id, (await log_in(town, ada.handle))["token"])
    assert await elsewhere.refusal(mutation("addPasskey"), **given) == ("BAD_USER_INPUT", ["credential"])
    done = await asyncio.gather(*(ada.attempt(mutation("addPasskey"), **given) for _ in range(4)))
    assert sorted(len(one["userErrors"]) for one in done) == [0, 1, 1, 1]
    (kept,) = (await security(ada))["passkeys"]
    with pytest.raises(AssertionError):
        await options(Person(town, "", "", None), "REGISTER")
    stolen = Key.of(town)
    stolen.id = key.id
    again = stolen.create(await options(eve, "REGISTER"))
    assert await eve.refusal(mutation("addPasskey"), credential=again, name="x") == ("CONFLICT", ["credential"])
    assert (await security(eve))["passkeys"] == []
    assert kept["name"] == "x"


async def test_a_key_gives_the_passkey_once(town: Town) -> None:
    ada = await town.person("ada")
    made = Key.of(town).create(await options(ada, "REGISTER"))
    given = {"credential": made, "name": "x", "idempotencyKey": "k"}
    done = await asyncio.gather(*(ada.do(mutation("addPasskey"), **given) for _ in range(4)))
    assert len({one["passkey"]["id"] for one in done}) == 1
    assert sorted(one["recoveryCodes"] is None for one in done) == [False, True, True, True], "codes are told once"


async def test_they_have_names_and_are_removed(town: Town) -> None:
    ada, eve = await town.person("ada"), await town.person("eve")
    key, first = await with_passkey(ada, Key.of(town, flags=UP | UV | BE | BS))
    _, second = await with_passkey(ada, name="Phone")
    assert second["recoveryCodes"] is None
    assert second["revokedSessionIds"] == []
    number = first["passkey"]["id"]
    assert first["passkey"]["isSynced"] is True
    done = await ada.do(mutation("renamePasskey"), passkeyId=number, name="Work")
    assert done["passkey"]["name"] == "Work"
    for name in ("", "   ", "x" * 51, "\u202e"):
        assert await ada.refusal(mutation("renamePasskey"), passkeyId=number, name=name) == ("BAD_USER_INPUT", ["name"])
    assert await eve.refusal(mutation("removePasskey"), passkeyId=number) == ("NOT_FOUND", ["passkeyId"])
    assert (await eve.ask("query($id: ID!) { node(id: $id) { id } }", id=number))["node"] is None
    assert (await ada.ask("query($id: ID!) { node(id: $id) { id } }", id=number))["node"]["id"] == number
    other = (await enter(town, key.get(await wanted(town))))["token"]
    gone = await ada.do(mutation("removePasskey"), passkeyId=number)
    assert gone["removedPasskeyId"] == number
    answer = await Person(town, "", "", other).answer("Viewer")
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED", "what it opened is over"
    assert refused(await enter(town, key.get(await wanted(town)))) == NOTHING
    found = await security(ada)
    assert ([one["name"] for one in found["passkeys"]], found["recoveryCodesLeft"]) == (["Phone"], 10)
    await ada.do(mutation("removePasskey"), passkeyId=found["passkeys"][0]["id"])
    assert (await security(ada))["recoveryCodesLeft"] == 0
    assert (await log_in(town, ada.handle))["token"]


async def test_there_are_at_most_twenty(town: Town) -> None:
    ada = await town.person("ada")
    for _ in range(MOST_OF_PERSON - 1):
        await passkey_row(ada)
    made = [Key.of(town).create(await options(ada, "REGISTER")) for _ in range(3)]
    done = await asyncio.gather(*(ada.attempt(mutation("addPasskey"), credential=one, name="x") for one in made))
    codes = [one["userErrors"][0]["code"] for one in done if one["userErrors"]]
    assert codes == ["QUOTA_EXCEEDED"] * 2


async def test_the_first_factor_ends_sessions_and_the_second_does_not(town: Town) -> None:
    ada = await town.person("ada")
    await log_in(town, ada.handle)
    _, first = await with_passkey(ada)
    assert len(first["revokedSessionIds"]) == 1
    app, codes = await with_app(ada)
    assert codes == []
    waiting = (await log_in(town, ada.handle))["pendingLogin"]
    assert waiting["factors"] == ["PASSKEY", "TOTP", "RECOVERY_CODE"]
    assert (await complete(town, waiting["token"], code=app.code()))["token"]
    _, third = await with_passkey(ada, name="Phone")
    assert third["revokedSessionIds"] == []


async def test_who_asks_for_options_they_cannot_have(town: Town) -> None:
    ada = await town.person("ada")
    begin = mutation("beginPasskey")
    nobody = Person(town, "", "", None)
    assert await nobody.refusal(begin, purpose="REGISTER") == ("UNAUTHENTICATED", None)
    assert await nobody.refusal(begin, purpose="REAUTHENTICATE") == ("UNAUTHENTICATED", None)
    assert await nobody.refusal(begin, purpose="COMPLETE_LOG_IN") == ("UNAUTHENTICATED", ["loginToken"])
    assert await nobody.refusal(begin, purpose="COMPLETE_LOG_IN", loginToken="x") == ("UNAUTHENTICATED", ["loginToken"])
    assert await ada.refusal(begin, purpose="REAUTHENTICATE") == ("CONFLICT", ["purpose"])
    await with_app(ada)
    token = (await log_in(town, ada.handle))["pendingLogin"]["token"]
    assert await nobody.refusal(begin, purpose="COMPLETE_LOG_IN", loginToken=token) == ("CONFLICT", ["purpose"])


async def test_a_closed_account_is_taken_up_by_a_passkey_and_a_suspended_one_reads(town: Town) -> None:
    ada = await town.person("ada")
    key, _ = await with_passkey(ada)
    number = node_id.number_of("user", ada.id)
    await fetch("UPDATE users SET deactivated_at = now() WHERE id = $1", number)
    assert (await enter(town, key.get(await wanted(town))))["token"]
    assert (await ada.ask("Viewer"))["viewer"] is not None
    await fetch("UPDATE users SET deactivated_at = now() - interval '31 days' WHERE id = $1", number)
    assert (await enter(town, key.get(await wanted(town))))["userErrors"][0]["code"] == "NOT_FOUND"
    assert AT
