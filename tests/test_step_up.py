"""Step-up: sensitive changes want a recent proof of who asks; it belongs to the session, and lasts some minutes."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models.role import Role
from models.step_up import GOOD_MINUTES
from schema.scope import ALONE, MUTATION
from tests.apps import AUTHORIZE, answered, asked, made
from tests.automating import CREATE, SET_STATE, UPDATE, retire, turn, words
from tests.moderating import SET_ROLE, staff
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
SOMETIMES = "authorizeApp setRole setAutomodRuleState revokeSession changeEmail startExternalLogin"
"""What asks for one where it gives something away, each in a test of its own below or in that of its kind."""
NEVER = {
    "it is how one proves who one is": "signUp logIn completeLogIn logInWithPasskey reauthenticate requestPasswordReset resetPassword confirmEmail",
    "it takes power away": "logOut disconnectApp revokeAccessToken deleteApp deleteWebhook unsubscribeFromPush revokeInvitation"
    " cancelEmailChange deleteAutomodRule",
    "it gives nothing of the account: anybody may register an app": "createApp",
    "it ends with the session": "subscribeToPush",
    "it goes where its owner said, with a proof": "redeliverWebhook testWebhook requestEmailConfirmation",
    "nothing acts before it is turned on": "createAutomodRule updateAutomodRule",
    "a few places a month, and one knows who invited whom": "createInvitation",
    "a name, and a door that one closes or opens again": "renamePasskey setAccountPrivacy",
}
"""Of what no token may do: what asks for no proof, by why."""


async def prove(person: Person, **proof: str) -> dict[str, Any]:
    """The payload of saying once more who one is."""
    return await person.attempt(PROVE, proof=proof)


async def sensitive(person: Person) -> dict[str, dict[str, Any]]:
    """Every mutation that wants a recent proof, with an input that is good."""
    secret = {"name": "Mine", "redirectUris": ["https://app.example.org"]}
    app = (await person.do(mutation("createApp"), **secret, isConfidential=True))["app"]["id"]
    hook = (await person.do(mutation("createWebhook"), url="https://hooks.example.org/x"))["webhook"]["id"]
    return {
        "createAccessToken": {"name": "x", "scopes": ["READ"]},
        "rotateAppSecret": {"appId": app},
        "updateApp": {"appId": app, "name": "Mine", "redirectUris": ["https://thief.example.org"]},
        "createWebhook": {"url": "https://thief.example.org/x"},
        "updateWebhook": {"webhookId": hook, "url": "https://thief.example.org/x"},
        "rotateWebhookSecret": {"webhookId": hook},
        "unlinkIdentity": {"identityId": "garbage"},
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


async def test_whatever_no_token_may_do_asks_for_a_proof_or_has_a_reason(town: Town) -> None:
    asking = {*await sensitive(await town.person("ada")), *SOMETIMES.split()}
    reasons = [name for names in NEVER.values() for name in names.split()]
    assert sorted([*asking, *reasons]) == sorted(MUTATION[ALONE].split())


async def test_an_app_may_act_for_one_only_by_a_proof_and_goes_on_without(town: Town) -> None:
    ada = await town.person("ada")
    app = await made(await town.person("eve"))
    given = {"parameters": app.parameters(), "ticket": (await asked(ada, app.parameters()))["ticket"]}
    await forget_proof(ada)
    assert await ada.refusal(AUTHORIZE, **given, allow=True) == ASKED
    assert (await ada.do(AUTHORIZE, **given, allow=False))["redirectUri"], "no is said without"
    await prove(ada, password=PASSWORD)
    assert (await answered(ada, app.parameters(), remember=True))["code"]
    await forget_proof(ada)
    assert (await answered(ada, app.parameters(), remember=True))["code"], (
        "that it need not ask again was said with a proof"
    )
    wider = app.parameters(scope="read write:posts")
    ticket = (await asked(ada, wider))["ticket"]
    assert await ada.refusal(AUTHORIZE, parameters=wider, ticket=ticket, allow=True) == ASKED


async def test_what_an_app_and_a_webhook_say_is_changed_without_but_not_where_they_lead(town: Town) -> None:
    ada = await town.person("ada")
    app = await made(ada, confidential=True)
    hook = (await ada.do(mutation("createWebhook"), url="https://hooks.example.org/x"))["webhook"]["id"]
    await forget_proof(ada)
    given = {"appId": app.id, "name": "Another", "redirectUris": [app.redirect_uri]}
    assert (await ada.do(mutation("updateApp"), **given))["app"]
    both = {**given, "redirectUris": [app.redirect_uri, "https://thief.example.org"]}
    assert await ada.refusal(mutation("updateApp"), **both) == ASKED
    assert (await ada.do(mutation("updateWebhook"), webhookId=hook, isEnabled=False))["webhook"]
    assert (await ada.do(mutation("deleteWebhook"), webhookId=hook))["deletedWebhookId"]


async def test_power_over_others_is_given_by_a_proof(town: Town) -> None:
    boss, ben = await staff(town, Role.ADMINISTRATOR), await town.person("ben")
    rule = (await boss.do(CREATE, rule=words("quite some words")))["rule"]["id"]
    dry = await turn(boss, rule, "DRY")
    moderator = await staff(town)
    for one in (boss, moderator):
        await forget_proof(one)
    assert await boss.refusal(SET_ROLE, userId=ben.id, role="MODERATOR") == ASKED
    turned = {"ruleId": rule, "version": dry["version"], "state": "ON"}
    assert await boss.refusal(SET_STATE, **turned) == ASKED
    for given in ({"userId": ben.id, "role": "MODERATOR"}, {"userId": boss.id, "role": "MEMBER"}):
        assert (await moderator.refusal(SET_ROLE, **given))[0] == "FORBIDDEN", (
            "nobody is asked for what they may not do"
        )
    assert (await moderator.refusal(SET_STATE, **turned))[0] == "FORBIDDEN"
    await boss.do(UPDATE, ruleId=rule, version=dry["version"], rule=words("other words"))
    await prove(boss, password=PASSWORD)
    assert (await turn(boss, rule, "ON"))["state"] == "ON"
    assert (await boss.do(SET_ROLE, userId=ben.id, role="MODERATOR"))["role"] == "MODERATOR"
    await forget_proof(boss)
    await retire(boss, rule)  # turning off and taking out never wait


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
