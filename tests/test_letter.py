"""Letters: one for each key, sent until they are taken, given up in time, forgotten when they are."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import replace
from email.message import EmailMessage

import pytest
import pytest_asyncio
from asyncpg import Record

from dev.stack import Stack
from errors import BadInput
from models import letter, preference
from models.database import fetch, fetch_one, fetch_value
from models.letter import Letter, LetterKind, Words
from models.outbox import MOST_AT_ONCE_FOR_ONE, Fate, Outcome
from models.preference import InterfaceLanguage
from models.transaction import transaction
from outside.mailer import Mailer, mailer_of
from settings import Settings
from tests.forked import Forked
from tests.hooks import check_pause, somebody
from tests.jobs import HERE, job_world
from tests.mailbox import Mailbox, mailbox
from tests.people import PATIENCE_SECONDS
from work import mail
from work.courier import Courier
from work.mail import Said

PLACE = "https://fresque.example"
SECRET = "token-nobody-may-read"  # noqa: S105  # what a letter may carry
WORDS = Words("A subject", ["One <b>line</b> & more", "Another"], f"{PLACE}/confirm#{SECRET}", "Confirm")


@pytest_asyncio.fixture(scope="module", autouse=True)
async def _told(stack: Stack) -> AsyncIterator[Settings]:
    async with job_world(stack, "letter_test", PYTHONPATH=str(HERE)) as found:
        yield found


@pytest_asyncio.fixture(autouse=True)
async def _nothing_waits(_told: Settings) -> None:
    await fetch("DELETE FROM letters")


@pytest_asyncio.fixture
async def box() -> AsyncIterator[Mailbox]:
    async with mailbox() as found:
        yield found


def mailer(box: Mailbox) -> Mailer:
    found = mailer_of(replace(Settings(), public_url=PLACE, smtp_url=box.url))
    assert found is not None
    return found


def parts(message: EmailMessage) -> list[str]:
    """The plain text and the HTML."""
    return [str(part.get_content()).replace("\r\n", "\n") for part in message.iter_parts()]


async def sent(box: Mailbox) -> None:
    """Send what is due, once."""
    one = mail.courier(mailer(box), PLACE)
    while await one.turn():
        await one.idle()


async def put(user_id: int, words: Words = WORDS, key: str = "", address: str | None = None, hours: float = 24) -> bool:
    async with transaction():
        return await letter.put(user_id, words, key=key, address=address, hours=hours)


async def row_of(user_id: int) -> Record:
    row = await fetch_one("SELECT * FROM letters WHERE user_id = $1", user_id)
    assert row is not None
    return row


async def make_due() -> None:
    await fetch(
        "UPDATE letters SET due_at = now() - interval '1 second', lease_until = lease_until - interval '1 hour'"
    )


async def test_a_letter_is_sent_once_and_forgotten(box: Mailbox) -> None:
    ada = await somebody()
    assert await put(ada, key="confirm:1")
    assert not await put(ada, key="confirm:1"), "one for each key"
    assert (await row_of(ada))["facts"]["link"] == WORDS.link
    await sent(box)
    await sent(box)
    (one,) = box.messages
    plain, html = parts(one)
    assert one["Subject"] == "A subject"
    assert plain.startswith(f"One <b>line</b> & more\n\nAnother\n\nConfirm:\n{WORDS.link}\n")
    assert f'<a href="{WORDS.link}">Confirm</a>' in html
    assert "One &lt;b&gt;line&lt;/b&gt; &amp; more" in html
    assert one["Content-Language"] == "en"
    row = await row_of(ada)
    assert (row["state"], row["facts"], row["address"], row["failure"]) == ("SENT", {}, None, None)
    assert not await put(ada, key="confirm:1"), "nor later"


async def test_an_address_of_its_own_and_the_language_one_reads(box: Mailbox) -> None:
    ada = await somebody()
    async with transaction():
        await preference.set_language(ada, InterfaceLanguage.FR)
    await put(ada, address="new@example.org")
    await sent(box)
    assert box.envelopes[0].rcpt_tos == ["new@example.org"]
    plain, html = parts(box.messages[0])
    assert "Vous recevez ce message" in plain
    assert '<html lang="fr">' in html


async def test_what_is_not_taken_is_tried_again_and_then_given_up(
    box: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    ada = await somebody()
    address = str(await fetch_value("SELECT email FROM credentials WHERE user_id = $1", ada))
    await put(ada, hours=2)
    box.replies[address] = "451 later"
    with caplog.at_level(logging.INFO):
        for turn in range(1, 4):
            before = await fetch_value("SELECT now()")
            await sent(box)
            await sent(box)
            row = await row_of(ada)
            assert (row["state"], row["tries"]) == ("WAITING", turn)
            now = await fetch_value("SELECT now()")
            check_pause(letter.OUTBOX.pauses_seconds[turn - 1], before, row["due_at"], now)
            await make_due()
        await fetch("UPDATE letters SET expires_at = now() + interval '1 minute'")
        await sent(box)
        row = await row_of(ada)
        assert (row["state"], row["facts"]) == ("FAILED", {}), "the next try would come too late"
        bob = await somebody()
        await put(bob, address="nobody@example.org")
        box.replies["nobody@example.org"] = "550 unknown"
        await sent(box)
        row = await row_of(bob)
        assert (row["state"], row["tries"], row["address"], row["facts"]) == ("FAILED", 1, None, {})
    said = "\n".join(one.getMessage() for one in caplog.records if one.name != "mail.log")  # which is the other side
    assert said.count("letter ") == 5
    for secret in (SECRET, address, "nobody@example.org", "A subject"):
        assert secret not in said


async def test_nobody_sends_what_is_too_late_or_has_no_address(box: Mailbox) -> None:
    ada, bob = await somebody(), await somebody()
    await put(ada)
    await fetch("UPDATE letters SET expires_at = now() - interval '1 second'")
    await put(bob)
    await fetch("DELETE FROM credentials WHERE user_id = $1", bob)
    while await letter.expire():
        pass
    assert ((await row_of(ada))["state"], (await row_of(ada))["facts"]) == ("FAILED", {})
    await sent(box)
    assert (await row_of(bob))["state"] == "DROPPED"
    assert box.envelopes == []
    await fetch("UPDATE letters SET due_at = now() - interval '31 days'")
    assert await letter.OUTBOX.forget_old(letter.KEPT_DAYS) == 2


async def test_several_senders_send_each_letter_once(box: Mailbox) -> None:
    people = [await somebody() for _ in range(5)]
    for index in range(40):
        await put(people[index % 5], Words(f"Letter {index}", []))
    couriers = [mail.courier(mailer(box), PLACE) for _ in range(3)]

    async def work(one: Courier[Letter]) -> None:
        while await one.turn() or await fetch_value("SELECT count(*) FROM letters WHERE state = 'WAITING'"):
            await one.idle()

    async with asyncio.timeout(PATIENCE_SECONDS):
        await asyncio.gather(*map(work, couriers))
    assert sorted(one["Subject"] for one in box.messages) == sorted(f"Letter {index}" for index in range(40))
    assert len({one["Message-ID"] for one in box.messages}) == 40


async def test_of_one_person_few_are_on_their_way() -> None:
    ada, bob = await somebody(), await somebody()
    for _ in range(10):
        await put(ada)
    await put(bob)
    assert len(await letter.claim(100)) == MOST_AT_ONCE_FOR_ONE + 1
    assert await letter.claim(100) == []
    await make_due()
    first = await letter.claim(100)
    assert len(first) == MOST_AT_ONCE_FOR_ONE + 1, "a lease that is over is another's"
    await fetch("UPDATE letters SET lease_token = NULL")
    assert await letter.note(first[0], Outcome(Fate.SENT)) is None, "who lost the lease writes nothing"


async def test_words_that_are_found_when_it_is_sent(box: Mailbox) -> None:
    ada = await somebody()
    wanted: list[Said | None] = [
        None,
        Said(Words("Now", ["It is so."]), unsubscribe=f"{PLACE}/stop/x", foot="Ended by a click."),
    ]

    async def compose(given: Letter) -> Said | None:
        assert given.user_id == ada
        return wanted.pop(0)

    one = mail.courier(mailer(box), PLACE, {LetterKind.WORDS: compose})
    for key in ("a", "b"):
        await put(ada, key=key)
        await one.turn()
        await one.idle()
    states = await fetch("SELECT key, state FROM letters ORDER BY key")
    assert [(row["key"], row["state"]) for row in states] == [("a", "DROPPED"), ("b", "SENT")]
    assert box.messages[0]["List-Unsubscribe"] == f"<{PLACE}/stop/x>"
    assert "Ended by a click." in str(box.messages[0])


async def test_too_many_words_are_refused() -> None:
    with pytest.raises(BadInput):
        await put(await somebody(), Words("Long", ["x" * 30_000]))


async def test_killed_between_sending_and_noting_it_sends_the_same_again(box: Mailbox) -> None:
    ada = await somebody()
    await put(ada)
    environment = {
        **os.environ,
        "SMTP_URL": box.url,
        "PUBLIC_URL": PLACE,
        "LINK_CARDS": "false",
        "CHECKPOINT": "mail.sent",
    }
    crashing = Forked("work", environment=environment)
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert await crashing.wait() == -signal.SIGKILL
    assert (await row_of(ada))["state"] == "WAITING", "nothing was written down"
    await make_due()
    await sent(box)
    first, second = box.messages
    assert first["Message-ID"] == second["Message-ID"]
    assert first.as_bytes().partition(b"--==")[0] != b""
    assert (await row_of(ada))["state"] == "SENT"
