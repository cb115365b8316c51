"""Letters about decisions: one for each, to a confirmed address, in one's language, naming nobody; suspensions whatever one settled."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from models import account_desk, letter
from models.database import fetch, fetch_one, fetch_value
from models.moderation_action import ALLOWED, ModerationActionKind
from models.preference import InterfaceLanguage
from models.report import ReportReason
from outside.mailer import mailer_of
from settings import Settings
from tests.mailbox import Mailbox, mailbox
from tests.making import Brush
from tests.moderating import APPEAL, DECIDE, REVERSE, act, act_about, actions, case_about, mine, report, staff
from tests.people import Person, Town
from tests.scene import number
from tests.selection import mutation
from work import mail
from work.decision_letter import TONGUES, composer

UPDATE = mutation("updatePreferences")
PLACE = "https://fresque.example"


@pytest_asyncio.fixture
async def box() -> AsyncIterator[Mailbox]:
    async with mailbox() as found:
        yield found


async def reader(town: Town, name: str) -> Person:
    """Somebody new whose address is confirmed."""
    found = await town.person(name)
    await fetch("UPDATE credentials SET confirmed_at = now() WHERE user_id = $1", number(found.id))
    return found


async def waiting(who: Person) -> int:
    """How many letters about decisions were written to somebody."""
    return int(
        await fetch_value("SELECT count(*) FROM letters WHERE user_id = $1 AND kind = 'DECISION'", number(who.id))
    )


async def mailed(told: Settings, box: Mailbox, *people: Person) -> list[tuple[str, str]]:
    """Subjects and texts of what these people were sent, in the order in which it was written."""
    mailer = mailer_of(replace(told, public_url=PLACE, smtp_url=box.url))
    assert mailer is not None
    courier = mail.courier(mailer, PLACE, {letter.LetterKind.DECISION: composer(PLACE)})
    while await courier.turn():
        await courier.idle()
    addresses = {
        str(await fetch_value("SELECT email FROM credentials WHERE user_id = $1", number(one.id))) for one in people
    }
    theirs = [one for one in box.messages if str(one["To"]) in addresses]
    theirs.sort(key=lambda one: int(str(one["Message-ID"]).split(".")[1].split("@")[0]))
    return [(str(one["Subject"]), str(next(one.iter_parts()).get_content()).replace("\r\n", "\n")) for one in theirs]


async def test_whom_it_concerns_is_told_what_why_and_how_to_appeal_and_not_by_whom(
    town: Town, told: Settings, box: Mailbox
) -> None:
    ada, ben, mod = await reader(town, "ada"), await reader(town, "ben"), await staff(town)
    post = await ada.write("My secret words")
    await report(ben, "HARASSMENT", "The reporter says this.", postId=post)
    action = await act(mod, (await case_about(mod, ada))["id"], "REMOVE", "HARASSMENT", note="Be kind.")
    ((subject, text),) = await mailed(told, box, ada, ben)
    assert subject == "A post of yours was removed"
    for part in (
        "harassment or bullying",
        "Be kind.",
        "appeal once within 180 days",
        f"{PLACE}/moderation",
        "turned off",
    ):
        assert part in text
    for secret in (mod.handle, ben.handle, "The reporter says", "My secret words"):
        assert secret not in text
    row = await fetch_one("SELECT * FROM letters WHERE user_id = $1 AND kind = 'DECISION'", number(ada.id))
    assert row is not None
    assert (row["state"], row["facts"]) == ("SENT", {}), "what it said is forgotten"
    made = (await ada.do(APPEAL, actionId=action, text="It was a joke."))["appeal"]["id"]
    judge = await staff(town)
    await judge.do(DECIDE, appealId=made, grants=True, answer="So it was.")
    subject, text = (await mailed(told, box, ada))[-1]
    assert subject == "Your appeal was granted"
    assert "A post of yours is back as it was." in text
    assert "So it was." in text
    assert judge.handle not in text


async def test_in_french_and_turned_down(town: Town, told: Settings, box: Mailbox) -> None:
    ada, mod, judge = await reader(town, "ada"), await staff(town), await staff(town)
    await ada.do(UPDATE, language="FR")
    action = await act_about(mod, "LIMIT", "SPAM", userId=ada.id)
    made = (await ada.do(APPEAL, actionId=action, text="Non."))["appeal"]["id"]
    await judge.do(DECIDE, appealId=made, grants=False, answer="Si.")
    limited, upheld = await mailed(told, box, ada)
    assert limited[0] == "Votre compte est limité"
    assert "La règle\u00a0: spam ou intérêt simulé." in limited[1]
    assert "Ce type de message peut être désactivé" in limited[1]
    assert upheld[0] == "Votre appel a été rejeté"
    assert "Ce que la modération vous dit\u00a0: Si." in upheld[1]


async def test_a_suspension_is_always_told_and_nothing_else_is_to_who_turned_it_off(
    town: Town, told: Settings, box: Mailbox
) -> None:
    ada, mod = await reader(town, "ada"), await staff(town)
    asked = "{ viewer { notificationSettings { decisionMail } } }"
    assert (await ada.ask(asked))["viewer"]["notificationSettings"]["decisionMail"] is True
    await ada.do(UPDATE, decisionMail=False)
    assert (await ada.ask(asked))["viewer"]["notificationSettings"]["decisionMail"] is False
    await act_about(mod, "WARN", userId=ada.id)
    await act_about(mod, "REMOVE", postId=await ada.write("Bad"))
    assert await waiting(ada) == 0
    action = await act_about(mod, "SUSPEND", userId=ada.id)
    assert (await mine(ada))["strikes"] == 7, "whoever is suspended still reads why"
    await mod.do(REVERSE, actionId=action)
    first, second = await mailed(told, box, ada)
    assert (first[0], second[0]) == ("Your account is suspended", "Your account is no longer suspended")
    assert "cannot be turned off" in first[1]
    assert "cannot be turned off" in second[1]
    await ada.do(UPDATE, decisionMail=True)
    await act_about(mod, "WARN", userId=ada.id)
    assert await waiting(ada) == 3


async def test_by_command_as_well(town: Town, told: Settings, box: Mailbox) -> None:
    ada = await reader(town, "ada")
    for deed in ("suspend", "suspend", "restore"):
        assert await account_desk.run([deed, ada.handle]) == 0
    subjects = [subject for subject, _ in await mailed(told, box, ada)]
    assert subjects == ["Your account is suspended", "Your account is no longer suspended"]


async def test_to_a_confirmed_address_or_to_none(town: Town, told: Settings, box: Mailbox) -> None:
    ada, ben, mod = await town.person("ada"), await reader(town, "ben"), await staff(town)
    for one in (ada, ben):
        await act_about(mod, "SUSPEND", userId=one.id)
    assert (await waiting(ada), await waiting(ben)) == (0, 1)
    await fetch("UPDATE credentials SET confirmed_at = NULL WHERE user_id = $1", number(ben.id))
    assert await mailed(told, box, ada, ben) == []
    state = "SELECT state FROM letters WHERE user_id = $1 AND kind = 'DECISION'"
    assert await fetch_value(state, number(ben.id)) == "DROPPED"


async def test_one_letter_for_a_decision_however_many_pictures_it_follows(
    town: Town, told: Settings, box: Mailbox
) -> None:
    ada, ben, mod = await reader(town, "ada"), await reader(town, "ben"), await staff(town)
    brush = await Brush.new()
    source = await brush.post(ada, remixPolicy="EVERYONE")
    for _ in range(2):
        first = await brush.remix(ben, source, remixPolicy="EVERYONE")
        await brush.remix(ben, first)
        await brush.remix(ada, first)
    action = await act_about(mod, "REMOVE", "DEEPFAKE", imageId=source[1])
    assert [subject for subject, _ in await mailed(told, box, ada)] == ["A picture of yours was removed"]
    ((_, text),) = await mailed(told, box, ben)
    assert "since they were made of one that was removed" in text
    one, other = [one["id"] for one in await actions(ben) if one["kind"] == "REMOVE"][:2]
    judge = await staff(town)
    for appealed, grants in ((one, True), (other, False)):
        made = (await ben.do(APPEAL, actionId=appealed, text="Mine is harmless."))["appeal"]["id"]
        await judge.do(DECIDE, appealId=made, grants=grants)
    await mod.do(REVERSE, actionId=action)
    assert [subject for subject, _ in await mailed(told, box, ben)][1:] == [
        "Your appeal was granted",
        "Your appeal was turned down",
        "A picture of yours that was removed is back",
    ]
    assert await waiting(ada) == 2


async def test_of_labels_and_of_nothing_done_no_letter(town: Town) -> None:
    ada, mod = await reader(town, "ada"), await staff(town)
    action = await act_about(mod, "LABEL", "SPAM", {"label": {"value": "SPAM"}}, userId=ada.id)
    await mod.do(REVERSE, actionId=action)
    await act_about(mod, "DISMISS", userId=ada.id)
    assert await waiting(ada) == 0


@pytest.mark.parametrize("language", list(InterfaceLanguage))
def test_there_are_words_for_everything(language: InterfaceLanguage) -> None:
    tongue = TONGUES[language]
    assert set(tongue.rules) == set(ReportReason)
    for subject, kinds in ALLOWED.items():
        for kind in kinds - {ModerationActionKind.DISMISS, ModerationActionKind.LABEL}:
            assert (kind, subject) in tongue.done or (kind, None) in tongue.done, (kind, subject)
