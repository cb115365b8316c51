"""Authenticator apps and recovery codes: set up, asked for, used once, raced for, guessed at, lost."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import pytest

from app import Shared
from models import node_id
from models.database import fetch, fetch_value
from models.pending_login import GOOD_MINUTES, MOST_TRIES
from safety import otp
from safety.seal import Unsealable, opened, sealed
from tests.conftest import Serving
from tests.people import PASSWORD, PATIENCE_SECONDS, Person, Refused, Town
from tests.securing import complete, forget_step, log_in, security, with_app, with_passkey
from tests.selection import mutation
from tests.test_account import Browser, refused
from tests.test_points import Strict, strict

__all__ = ["strict"]  # a fixture of this module, too

WRONG = [("UNAUTHENTICATED", ["proof"])]
BEGIN = mutation("beginPasskey")
OVER = [("UNAUTHENTICATED", ["loginToken"])]


def test_the_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B (its eight digits end in these six)."""
    secret = b"12345678901234567890"
    for seconds, code in ((59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")):
        assert otp.code_of(secret, seconds // 30) == code
        for drift in (-1, 0, 1):
            assert otp.step_of(secret, code, seconds // 30 + drift) == seconds // 30
        for drift in (-2, 2, 100):
            assert otp.step_of(secret, code, seconds // 30 + drift) is None
    assert otp.step_of(secret, "ü\ud800", 1) is None


def test_what_is_sealed_opens_for_its_owner_alone() -> None:
    key, other = "k" * 32, "l" * 32
    kept = sealed(b"secret", 5, "totp", key)
    assert opened(kept, 5, "totp", key) == b"secret"
    assert b"secret" not in kept
    for given, owner, purpose, by in (
        (kept, 6, "totp", key),
        (kept, 5, "else", key),
        (kept, 5, "totp", other),
        (kept[:-1], 5, "totp", key),
        (b"", 5, "totp", key),
    ):
        with pytest.raises(Unsealable):
            opened(given, owner, purpose, by)
    with pytest.raises(ValueError, match="SECRET_KEY"):
        sealed(b"", 5, "totp", "short")


async def test_an_app_counts_from_its_first_code_on(town: Town) -> None:
    ada = await town.person("ada")
    begun = await ada.do(mutation("beginTotp"))
    assert begun["address"].startswith(f"otpauth://totp/Fresque:{ada.handle}?secret={begun['secret']}&issuer=Fresque")
    assert begun["qrCode"].startswith("<svg ")
    assert begun["qrCode"].endswith("</svg>")
    assert (await log_in(town, ada.handle))["token"], "it does not count before"
    assert await ada.refusal(mutation("confirmTotp"), code="12345") == ("BAD_USER_INPUT", ["code"])
    assert (await security(ada))["asksSecondFactor"] is False
    _, codes = await with_app(ada)
    assert len(set(codes)) == 10
    found = await security(ada)
    assert found["asksSecondFactor"] is True
    assert found["totpEnabledAt"] is not None
    assert found["recoveryCodesLeft"] == 10
    assert await ada.refusal(mutation("confirmTotp"), code="000000") == ("CONFLICT", None), "nothing waits any more"
    number = node_id.number_of("user", ada.id)
    kept = bytes(await fetch_value("SELECT sealed FROM totp_factors WHERE user_id = $1", number))
    assert begun["secret"].encode() not in kept


async def test_every_session_that_was_opened_without_it_ends(town: Town) -> None:
    ada, eve = await town.person("ada"), await town.person("eve")
    token = (await log_in(town, ada.handle))["token"]
    elsewhere = Person(town, ada.handle, ada.id, token)
    waiting = (await elsewhere.do(mutation("beginTotp")))["secret"]
    assert waiting
    async with elsewhere.socket() as ending:
        await with_app(ada)
        async with asyncio.timeout(PATIENCE_SECONDS):
            await ending.wait_closed()
        assert ending.close_code == 4403
    with pytest.raises(Refused, match="UNAUTHENTICATED"):
        await elsewhere.ask("Viewer")
    assert (await eve.ask("Viewer"))["viewer"] is not None


async def test_a_password_alone_signs_nobody_in_any_more(town: Town) -> None:
    ada = await town.person("ada")
    app, _ = await with_app(ada)
    begun = await log_in(town, ada.handle)
    assert begun["viewer"] is begun["token"] is None
    assert begun["pendingLogin"]["factors"] == ["TOTP", "RECOVERY_CODE"]
    token = begun["pendingLogin"]["token"]
    answer = await Person(town, "", "", token).answer("Viewer")
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED", "it is no session"
    code = app.code()
    done = await complete(town, token, code=f" {code[:3]} {code[3:]}")
    assert done["userErrors"] == []
    assert done["viewer"] is not None
    assert (await Person(town, "", "", done["token"]).ask("Viewer"))["viewer"]["user"]["id"] == ada.id
    await forget_step(ada)
    assert refused(await complete(town, token, code=app.code())) == OVER, "and counts once"
    assert refused(await log_in(town, ada.handle, "wrong words")) == [("UNAUTHENTICATED", ["password"])]


async def test_a_browser_gets_its_cookies_with_the_second_step(town: Town, running: Serving) -> None:
    ada = await town.person("ada")
    app, _ = await with_app(ada)
    async with Browser(running) as browser:
        query = "mutation($i: LogInInput!) { logIn(input: $i) { token pendingLogin { token } } }"
        first = await browser.send(query, i={"login": ada.handle, "password": PASSWORD})
        assert "set-cookie" not in first.headers
        given = {"loginToken": first.json()["data"]["logIn"]["pendingLogin"]["token"], "proof": {"code": app.code()}}
        second = await browser.send(mutation("completeLogIn"), input=given)
        assert second.json()["data"]["completeLogIn"]["token"] is None
        assert "HttpOnly" in second.headers["set-cookie"]
        assert (await browser.send("{ viewer { user { id } } }")).json()["data"]["viewer"]["user"]["id"] == ada.id


async def test_a_code_counts_once(town: Town) -> None:
    ada = await town.person("ada")
    app, _ = await with_app(ada)
    code = app.code()
    tokens = [(await log_in(town, ada.handle))["pendingLogin"]["token"] for _ in range(6)]
    done = await asyncio.gather(*(complete(town, token, code=code) for token in tokens))
    assert sorted(bool(one["token"]) for one in done) == [False] * 5 + [True]
    assert all(refused(one) == WRONG for one in done if not one["token"])
    again = (await log_in(town, ada.handle))["pendingLogin"]["token"]
    assert refused(await complete(town, again, code=code)) == WRONG
    assert refused(await complete(town, again, code=app.code(-1))) == WRONG, "nor does one before it"
    assert (await complete(town, again, code=app.code(1)))["token"]


async def test_of_two_sockets_with_one_code_one_is_believed(town: Town) -> None:
    """In the same half minute, and by the same person's session: what was overheard is used up."""
    ada = await town.person("ada")
    app, _ = await with_app(ada)
    code = app.code()

    async def prove() -> int:
        async with ada.socket() as socket:
            given = {"query": mutation("reauthenticate"), "variables": {"input": {"proof": {"code": code}}}}
            await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": given}))
            async with asyncio.timeout(PATIENCE_SECONDS):
                said = json.loads(await socket.recv())
        assert said["type"] == "next", said
        return len(said["payload"]["data"]["reauthenticate"]["userErrors"])

    assert sorted(await asyncio.gather(prove(), prove())) == [0, 1]
    assert await prove() == 1


async def test_of_two_who_redeem_a_recovery_code_one_wins(town: Town) -> None:
    ada = await town.person("ada")
    _, codes = await with_app(ada)
    tokens = [(await log_in(town, ada.handle))["pendingLogin"]["token"] for _ in range(6)]
    said = codes[0].upper().replace("-", " ").replace("0", "O").replace("1", "l")
    done = await asyncio.gather(*(complete(town, token, recoveryCode=said) for token in tokens))
    assert sorted(bool(one["token"]) for one in done) == [False] * 5 + [True]
    assert (await security(ada))["recoveryCodesLeft"] == 9


async def test_of_two_who_complete_a_login_one_wins_and_the_other_s_code_is_not_lost(town: Town) -> None:
    ada = await town.person("ada")
    _, codes = await with_app(ada)
    token = (await log_in(town, ada.handle))["pendingLogin"]["token"]
    done = await asyncio.gather(*(complete(town, token, recoveryCode=code) for code in codes[:4]))
    assert sorted(bool(one["token"]) for one in done) == [False] * 3 + [True]
    assert (await security(ada))["recoveryCodesLeft"] == 9


async def test_another_s_codes_and_logins_are_worth_nothing(town: Town) -> None:
    ada, eve = await town.person("ada"), await town.person("eve")
    await with_app(ada)
    theirs, codes = await with_app(eve)
    for proof in ({"code": theirs.code()}, {"recoveryCode": codes[0]}, {"passkey": "{}"}):
        token = (await log_in(town, ada.handle))["pendingLogin"]["token"]
        assert refused(await complete(town, token, **proof)) == WRONG
    garbage = [await complete(town, token, code="000000") for token in ("", "frl_x", "x" * 9_000, "\u0000")]
    assert all(refused(one) == OVER for one in garbage)
    assert all(one == garbage[0] for one in garbage)


async def test_a_login_that_waits_is_tried_a_few_times_and_for_a_while(town: Town) -> None:
    ada = await town.person("ada")
    app, _ = await with_app(ada)
    token = (await log_in(town, ada.handle))["pendingLogin"]["token"]
    for _ in range(MOST_TRIES):
        assert refused(await complete(town, token, code="00000x")) == WRONG
    assert refused(await complete(town, token, code=app.code())) == OVER
    late = (await log_in(town, ada.handle))["pendingLogin"]["token"]
    number = node_id.number_of("user", ada.id)
    await fetch(
        "UPDATE pending_logins SET expires_at = expires_at - make_interval(mins => $2) WHERE user_id = $1",
        number,
        GOOD_MINUTES,
    )
    assert refused(await complete(town, late, code=app.code())) == OVER


async def test_what_was_begun_with_an_old_password_is_over(town: Town) -> None:
    ada = await town.person("ada")
    app, _ = await with_app(ada)
    token = (await log_in(town, ada.handle))["pendingLogin"]["token"]
    await ada.do(mutation("changePassword"), currentPassword=PASSWORD, newPassword="a lantern, nine otters")
    assert refused(await complete(town, token, code=app.code())) == OVER


async def test_guesses_stop_and_do_not_shut_the_owner_out_of_a_known_browser(strict: Strict, town: Town) -> None:
    ada = await town.person("ada")
    app, _ = await with_app(ada)
    async with strict(rate_limit_passwords=3, trusted_proxies="127.0.0.1") as narrow, Doorstep(narrow.url) as hers:
        assert await hers.enter(ada, app.code()) is None
        await forget_step(ada)
        async with Doorstep(narrow.url) as guesser:
            codes = [await guesser.enter(ada, "00000x") for _ in range(4)]
            assert codes == ["UNAUTHENTICATED"] * 3 + ["RATE_LIMITED"]
            assert await guesser.enter(ada, app.code()) == "RATE_LIMITED", "the right one is no oracle"
        assert await hers.enter(ada, app.code()) is None, "in her own browser she is not shut out"


class Doorstep:
    """A browser that signs in by two steps."""

    def __init__(self, url: str) -> None:
        self.browser = Browser(_At(url))  # type: ignore[arg-type]  # it asks for the address alone

    async def __aenter__(self) -> Doorstep:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.browser.__aexit__()

    async def enter(self, person: Person, code: str) -> str | None:
        """The code of the refusal, None when they are in."""
        if "fresque_session" in self.browser.client.cookies:
            self.browser.client.cookies.delete("fresque_session")
        query = "mutation($i: LogInInput!) { logIn(input: $i) { pendingLogin { token } userErrors { code } } }"
        first = (await self.browser.send(query, i={"login": person.handle, "password": PASSWORD})).json()["data"][
            "logIn"
        ]
        assert first["userErrors"] == []
        given = {"loginToken": first["pendingLogin"]["token"], "proof": {"code": code}}
        done = (await self.browser.send(mutation("completeLogIn"), input=given)).json()["data"]["completeLogIn"]
        return done["userErrors"][0]["code"] if done["userErrors"] else None


class _At:
    def __init__(self, url: str) -> None:
        self.url = url


async def test_new_recovery_codes_make_the_old_ones_worthless(town: Town) -> None:
    ada = await town.person("ada")
    assert await ada.refusal(mutation("renewRecoveryCodes")) == ("CONFLICT", None)
    _, old = await with_app(ada)
    given = {"idempotencyKey": "once"}
    done = await ada.do(mutation("renewRecoveryCodes"), **given)
    assert (await ada.do(mutation("renewRecoveryCodes"), **given))["recoveryCodes"] is None, "they are told once"
    new = done["recoveryCodes"]
    assert not set(old) & set(new)
    token = (await log_in(town, ada.handle))["pendingLogin"]["token"]
    assert refused(await complete(town, token, recoveryCode=old[0])) == WRONG
    assert (await complete(town, token, recoveryCode=new[0]))["token"]
    stored = await fetch("SELECT code_hash FROM recovery_codes WHERE user_id = $1", node_id.number_of("user", ada.id))
    assert not {row["code_hash"] for row in stored} & {*new, *old}


async def test_an_app_is_replaced_without_a_time_between(town: Town) -> None:
    ada = await town.person("ada")
    old, codes = await with_app(ada)
    await ada.do(mutation("beginTotp"))
    token = (await log_in(town, ada.handle))["pendingLogin"]["token"]
    assert (await complete(town, token, code=old.code()))["token"], "the old one counts until the new one does"
    new, none = await with_app(ada)
    assert none == [], "recovery codes stay"
    token = (await log_in(town, ada.handle))["pendingLogin"]["token"]
    assert refused(await complete(town, token, code=old.code())) == WRONG
    assert (await complete(town, token, code=new.code()))["token"]
    token = (await log_in(town, ada.handle))["pendingLogin"]["token"]
    assert (await complete(town, token, recoveryCode=codes[0]))["token"]


async def test_taken_away_it_is_asked_for_no_more(town: Town) -> None:
    ada = await town.person("ada")
    await with_app(ada)
    await ada.do(mutation("removeTotp"))
    assert await ada.refusal(mutation("removeTotp")) == ("NOT_FOUND", None)
    assert (await log_in(town, ada.handle))["token"]
    found = await security(ada)
    assert (found["asksSecondFactor"], found["recoveryCodesLeft"]) == (False, 0)


async def test_recovery_codes_stay_while_there_is_another_factor(town: Town) -> None:
    ada = await town.person("ada")
    await with_app(ada)
    await with_passkey(ada)
    await ada.do(mutation("removeTotp"))
    found = await security(ada)
    assert (found["asksSecondFactor"], found["recoveryCodesLeft"]) == (True, 10)
    begun = await log_in(town, ada.handle)
    assert begun["pendingLogin"]["factors"] == ["PASSKEY", "RECOVERY_CODE"]


async def test_signed_out_nothing_is_set_up(town: Town) -> None:
    nobody = Person(town, "", "", None)
    for name, given in (
        ("beginTotp", {}),
        ("confirmTotp", {"code": "000000"}),
        ("removeTotp", {}),
        ("renewRecoveryCodes", {}),
    ):
        assert await nobody.refusal(mutation(name), **given) == ("UNAUTHENTICATED", None)


async def test_with_another_secret_key_codes_fit_no_more_and_recovery_codes_do(running: Serving, town: Town) -> None:
    ada = await town.person("ada")
    app, codes = await with_app(ada)
    shared: Shared = running.application.state.shared
    house = shared()
    shared.house = replace(house, settings=replace(house.settings, secret_key="l" * 32))
    try:
        token = (await log_in(town, ada.handle))["pendingLogin"]["token"]
        assert refused(await complete(town, token, code=app.code())) == WRONG
        assert (await complete(town, token, recoveryCode=codes[0]))["token"]
    finally:
        shared.house = house


async def test_who_has_a_second_factor_is_not_told_without_the_password(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    await with_app(ada)
    await with_passkey(ada)
    answers = [await log_in(town, login, "wrong words") for login in (ada.handle, bob.handle, "nobody_at_all_here")]
    assert answers[0] == answers[1] == answers[2]
    asked = [(await town.ask(BEGIN, input={"purpose": "LOG_IN"}))["beginPasskey"]["options"] for _ in range(2)]
    shapes = [{**json.loads(one), "challenge": ""} for one in asked]
    assert shapes[0] == shapes[1], "and what a passkey is asked for says nothing of anybody"
