"""What an account is told of its factors: letters, what an operator does, and what is swept."""

from __future__ import annotations

import pytest

from models import account_desk, node_id, passkey, pending_login, recovery_code
from models.database import fetch, fetch_value
from models.letter import Letter, LetterKind
from models.outbox import Hold
from models.preference import InterfaceLanguage
from models.second_factor import FactorNews
from models.transaction import transaction
from safety.address import coarse
from tests.people import PASSWORD, Person, Town
from tests.securing import complete, log_in, security, with_app, with_passkey
from tests.selection import mutation
from work.security import NEWS, composer


async def letters_of(person: Person) -> list[Letter]:
    """The letters about safety that wait for somebody, as a sender has them, the oldest first."""
    rows = await fetch(
        "SELECT * FROM letters WHERE user_id = $1 AND kind = 'SECURITY' ORDER BY id",
        node_id.number_of("user", person.id),
    )
    token = await fetch_value("SELECT gen_random_uuid()")
    return [
        Letter(
            Hold(row["id"], token, 1, 1),
            row["user_id"],
            LetterKind.SECURITY,
            row["facts"],
            row["address"],
            InterfaceLanguage.EN,
            row["created_at"],
        )
        for row in rows
    ]


async def news_of(person: Person) -> list[str]:
    """What the letters that wait for somebody are about."""
    return [str(one.facts["news"]) for one in await letters_of(person)]


async def test_who_gets_a_factor_or_loses_one_is_written_to(town: Town) -> None:
    ada, eve = await town.person("ada"), await town.person("eve")
    _, codes = await with_app(ada)
    _, payload = await with_passkey(ada, name="Ma <clé>")
    await ada.do(mutation("renewRecoveryCodes"))
    await ada.do(mutation("removePasskey"), passkeyId=payload["passkey"]["id"])
    await ada.do(mutation("removeTotp"))
    assert await news_of(ada) == [
        "TOTP_ADDED",
        "PASSKEY_ADDED",
        "CODES_RENEWED",
        "PASSKEY_REMOVED",
        "TOTP_REMOVED",
    ]
    assert await news_of(eve) == []
    found = await letters_of(ada)
    assert {one.address for one in found} == {f"{ada.handle}@example.org"}
    assert not any(code in str(one.facts) for one in found for code in codes), "nothing secret is in them"
    said = await composer("https://fresque.example")(found[1])
    assert said is not None
    assert said.words.paragraphs[0] == "The passkey “Ma <clé>” signs in to your account from now on."
    assert "python-httpx" in said.words.paragraphs[1]
    assert "127.0.0.0/24" in said.words.paragraphs[1]
    assert said.words.link == "https://fresque.example/settings/security"


async def test_who_gets_in_by_a_recovery_code_is_written_to(town: Town) -> None:
    ada = await town.person("ada")
    _, codes = await with_app(ada)
    token = (await log_in(town, ada.handle))["pendingLogin"]["token"]
    await complete(town, token, recoveryCode="wrong")
    assert await news_of(ada) == ["TOTP_ADDED"]
    await complete(town, token, recoveryCode=codes[3])
    assert await news_of(ada) == ["TOTP_ADDED", "CODE_USED"]


@pytest.mark.parametrize("language", InterfaceLanguage)
async def test_every_letter_has_words_in_every_language(language: InterfaceLanguage, town: Town) -> None:
    ada = await town.person("ada")
    await with_app(ada)
    (one,) = await letters_of(ada)
    for news in FactorNews:
        facts = {**one.facts, "news": news.value, "device": "Firefox on Linux"}
        said = await composer("https://fresque.example")(
            Letter(one.hold, one.user_id, one.kind, facts, one.address, language, one.created_at)
        )
        assert said is not None
        assert said.words.subject
        assert all("{" not in part for part in said.words.paragraphs)
    assert set(NEWS[language]) == set(FactorNews)


async def test_an_operator_unlocks_who_has_lost_everything(town: Town) -> None:
    ada = await town.person("ada")
    assert await account_desk.run(["unlock", ada.handle]) == 0, "nothing to do is no failure"
    app, _ = await with_app(ada)
    await with_passkey(ada)
    waiting = (await log_in(town, ada.handle))["pendingLogin"]["token"]
    assert await account_desk.run(["unlock", ada.handle]) == 0
    assert (await complete(town, waiting, code=app.code()))["userErrors"]
    answer = await ada.answer("Viewer")
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    ada.token = (await log_in(town, ada.handle, PASSWORD))["token"]
    found = await security(ada)
    assert (found["asksSecondFactor"], found["passkeys"], found["recoveryCodesLeft"]) == (False, [], 0)
    assert (await news_of(ada))[-1] == "RESET"


async def test_what_is_over_is_swept(town: Town) -> None:
    ada = await town.person("ada")
    number = node_id.number_of("user", ada.id) or 0
    async with transaction():
        token, _ = await pending_login.open_login(number, bearer=True)
        assert await passkey.spend(ada.id.encode())
        assert not await passkey.spend(ada.id.encode())
    await pending_login.forget_over()
    await passkey.forget_spent()
    assert await pending_login.look(token) is not None
    await fetch("UPDATE pending_logins SET expires_at = now() - interval '1 second' WHERE user_id = $1", number)
    await pending_login.forget_over()
    assert await fetch_value("SELECT count(*) FROM pending_logins WHERE user_id = $1", number) == 0


async def test_of_many_logins_that_wait_the_oldest_give_way(town: Town) -> None:
    ada = await town.person("ada")
    number = node_id.number_of("user", ada.id) or 0
    tokens = []
    for _ in range(pending_login.MOST_OF_PERSON + 1):
        async with transaction():
            tokens.append((await pending_login.open_login(number, bearer=True))[0])
    assert await pending_login.look(tokens[0]) is None
    assert await pending_login.look(tokens[1]) is not None


async def test_codes_are_hashed_with_their_owner(town: Town) -> None:
    ada, eve = await town.person("ada"), await town.person("eve")
    numbers = [node_id.number_of("user", one.id) or 0 for one in (ada, eve)]
    async with transaction():
        codes = await recovery_code.make(numbers[0])
        assert not await recovery_code.redeem(numbers[1], codes[0])
        assert await recovery_code.redeem(numbers[0], codes[0])
        assert not await recovery_code.redeem(numbers[0], codes[0])


def test_networks_are_kept_coarsely() -> None:
    assert coarse("203.0.113.77") == "203.0.113.0/24"
    assert coarse("::ffff:203.0.113.77") == "203.0.113.0/24"
    assert coarse("2001:db8:1234:5678::1") == "2001:db8:1234::/48"
    assert coarse("fe80::1%eth0") == "fe80::/48"
    assert coarse("") == coarse("nonsense") == coarse("a.b.c.d") == ""
