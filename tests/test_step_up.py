"""Step-up: sensitive changes want a recent proof of who asks; it belongs to the session, and lasts some minutes."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models.step_up import GOOD_MINUTES
from tests.people import PASSWORD, Person, Town
from tests.securing import (
    Key,
    forget_proof,
    forget_step,
    log_in,
    options,
    passkey_row,
    security,
    with_app,
    with_passkey,
)
from tests.selection import REVOKE, REVOKE_OTHERS, mutation
from tests.test_points import Strict, strict

__all__ = ["strict"]  # a fixture of this module, too

PROVE = mutation("reauthenticate")
NEW = "a lantern, nine otters"
ASKED = ("REAUTHENTICATION_REQUIRED", None)


async def prove(person: Person, **proof: str) -> dict[str, Any]:
    """The payload of saying once more who one is."""
    return await person.attempt(PROVE, proof=proof)


async def sensitive(person: Person) -> dict[str, dict[str, Any]]:
    """Every mutation that wants a recent proof, with an input that is good."""
    return {
        "beginTotp": {},
        "confirmTotp": {"code": "000000"},
        "removeTotp": {},
        "renewRecoveryCodes": {},
        "addPasskey": {"credential": "{}", "name": "x"},
        "removePasskey": {"passkeyId": await passkey_row(person)},
        "beginPasskey": {"purpose": "REGISTER"},
        "revokeOtherSessions": {},
        "changePassword": {"currentPassword": PASSWORD, "newPassword": NEW},
        "deactivateAccount": {"password": PASSWORD},
    }


async def test_nothing_sensitive_without_a_recent_proof(town: Town) -> None:
    ada = await town.person("ada")
    await with_passkey(ada)
    other = (await log_in(town, ada.handle))["pendingLogin"]
    assert other is not None
    given = await sensitive(ada)
    before = await security(ada)
    await forget_proof(ada)
    for name, values in given.items():
        assert await ada.refusal(mutation(name), **values) == ASKED, name
    found = await security(ada)
    assert found["reauthenticatedUntil"] is None
    assert found["passkeys"] == before["passkeys"]
    assert (await ada.ask("Viewer"))["viewer"] is not None
    assert (await ada.do(mutation("renamePasskey"), passkeyId=found["passkeys"][0]["id"], name="y"))["passkey"]


async def test_signing_in_is_a_proof_and_it_lasts_some_minutes(town: Town) -> None:
    ada = await town.person("ada")
    until = datetime.fromisoformat((await security(ada))["reauthenticatedUntil"])
    assert timedelta() < until - datetime.now(UTC) <= timedelta(minutes=GOOD_MINUTES, seconds=5)
    await forget_proof(ada)
    done = await prove(ada, password=PASSWORD)
    assert done["userErrors"] == []
    assert done["reauthenticatedUntil"] == (await security(ada))["reauthenticatedUntil"]
    assert await ada.do(mutation("beginTotp"))


async def test_a_proof_is_the_session_s_own(town: Town) -> None:
    ada = await town.person("ada")
    elsewhere = Person(town, ada.handle, ada.id, (await log_in(town, ada.handle))["token"])
    await forget_proof(ada)
    await prove(ada, password=PASSWORD)
    assert await elsewhere.refusal(mutation("beginTotp")) == ASKED
    assert await elsewhere.refusal(REVOKE_OTHERS) == ASKED
    listed = (await elsewhere.ask("{ viewer { sessions(first: 9) { edges { node { id isCurrent network } } } } }"))[
        "viewer"
    ]
    edges = {edge["node"]["isCurrent"]: edge["node"] for edge in listed["sessions"]["edges"]}
    assert await elsewhere.refusal(REVOKE, sessionId=edges[False]["id"]) == ASKED
    assert edges[True]["network"] == "127.0.0.0/24"
    assert (await elsewhere.do(REVOKE, sessionId=edges[True]["id"]))["revokedSessionIds"], "its own it may always end"


async def test_a_refusal_is_not_kept_under_the_key(town: Town) -> None:
    ada = await town.person("ada")
    await forget_proof(ada)
    assert await ada.refusal(mutation("beginTotp"), idempotencyKey="k") == ASKED
    await prove(ada, password=PASSWORD)
    assert (await ada.do(mutation("beginTotp"), idempotencyKey="k"))["secret"]


async def test_whatever_proves_it(town: Town) -> None:
    ada = await town.person("ada")
    app, codes = await with_app(ada)
    key, _ = await with_passkey(ada, Key.of(town))
    for proof in ("code", "recoveryCode", "passkey"):
        await forget_proof(ada)
        given = {
            "code": app.code(),
            "recoveryCode": codes[0],
            "passkey": key.get(await options(ada, "REAUTHENTICATE")),
        }[proof]
        assert (await prove(ada, **{proof: given}))["reauthenticatedUntil"], proof
        again = await ada.refusal(PROVE, proof={proof: given})
        assert again == ("UNAUTHENTICATED", ["proof"]), "each counts once"


async def test_with_a_second_factor_the_password_is_not_enough(town: Town) -> None:
    ada = await town.person("ada")
    app, _ = await with_app(ada)
    await forget_proof(ada)
    assert await ada.refusal(PROVE, proof={"password": PASSWORD}) == ("BAD_USER_INPUT", ["proof", "password"])
    given = {"currentPassword": PASSWORD, "newPassword": NEW}
    assert await ada.refusal(mutation("changePassword"), **given) == ASKED
    await prove(ada, code=app.code())
    await ada.do(mutation("changePassword"), **given)


async def test_without_one_the_password_in_the_input_is(town: Town) -> None:
    ada = await town.person("ada")
    await forget_proof(ada)
    await ada.do(mutation("changePassword"), currentPassword=PASSWORD, newPassword=NEW)
    assert (await ada.do(mutation("deactivateAccount"), password=NEW))["reactivatableUntil"]


async def test_another_s_proof_and_no_proof(town: Town) -> None:
    ada, eve = await town.person("ada"), await town.person("eve")
    await with_app(ada)
    theirs, codes = await with_app(eve)
    key, _ = await with_passkey(eve)
    await forget_proof(ada)
    for proof in (
        {"code": theirs.code()},
        {"recoveryCode": codes[0]},
        {"passkey": key.get(await options(eve, "REAUTHENTICATE"))},
        {"code": ""},
        {"code": "x" * 9_000},
        {"recoveryCode": "\u0000"},
    ):
        assert await ada.refusal(PROVE, proof=proof) == ("UNAUTHENTICATED", ["proof"])
    assert (await security(ada))["reauthenticatedUntil"] is None
    assert await Person(town, "", "", None).refusal(PROVE, proof={"password": PASSWORD}) == ("UNAUTHENTICATED", None)
    assert await eve.refusal(PROVE, proof={"code": "000000"}) == ("UNAUTHENTICATED", ["proof"])
    for proof in ({}, {"password": "x", "code": "y"}):
        answer = await ada.answer(PROVE, input={"proof": proof})
        assert answer["errors"][0]["extensions"]["code"] in ("BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED")


async def test_of_two_with_one_code_one_is_proven(town: Town) -> None:
    ada = await town.person("ada")
    app, _ = await with_app(ada)
    code = app.code()
    done = await asyncio.gather(*(prove(ada, code=code) for _ in range(5)))
    assert sorted(len(one["userErrors"]) for one in done) == [0, 1, 1, 1, 1]


async def test_guesses_by_a_stolen_session_shut_out_no_other(strict: Strict, town: Town) -> None:
    ada = await town.person("ada")
    stolen = Person(town, ada.handle, ada.id, (await log_in(town, ada.handle))["token"])
    async with strict(rate_limit_passwords=3) as narrow:
        thief, owner = Person(narrow, "", "", stolen.token), Person(narrow, "", "", ada.token)
        codes = [(await prove(thief, **{"password": "wrong"}))["userErrors"][0]["code"] for _ in range(4)]
        assert codes == ["UNAUTHENTICATED"] * 3 + ["RATE_LIMITED"]
        assert (await prove(owner, password=PASSWORD))["reauthenticatedUntil"]


async def test_guesses_of_codes_stop(strict: Strict, town: Town) -> None:
    ada = await town.person("ada")
    app, _ = await with_app(ada)
    async with strict(rate_limit_passwords=3) as narrow:
        thief = Person(narrow, "", "", ada.token)
        codes = [(await prove(thief, code="00000x"))["userErrors"][0]["code"] for _ in range(4)]
        assert codes == ["UNAUTHENTICATED"] * 3 + ["RATE_LIMITED"]
        await forget_step(ada)
        assert (await prove(thief, code=app.code()))["userErrors"][0]["code"] == "RATE_LIMITED"


@pytest.mark.parametrize("alias", ["completeLogIn", "reauthenticate", "logInWithPasskey"])
async def test_one_try_for_each_operation(town: Town, alias: str) -> None:
    ada = await town.person("ada")
    given = {
        "completeLogIn": '{loginToken: "x", proof: {code: "1"}}',
        "reauthenticate": '{proof: {code: "1"}}',
        "logInWithPasskey": '{passkey: "{}"}',
    }[alias]
    one = f"{alias}(input: {given}) {{ userErrors {{ code }} }}"
    answer = await ada.answer(f"mutation {{ a: {one} b: {one} }}")
    assert answer["errors"][0]["extensions"]["code"] == "QUERY_TOO_COMPLEX"
