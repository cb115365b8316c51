"""Digests by mail: only for who asked, was away and has something unread; once a period; ended by a click without signing in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime

import pytest_asyncio

from models import digest, letter, node_id
from models.database import fetch, fetch_one, fetch_value
from models.digest import MOST_LINES, begin
from outside.mailer import mailer_of
from settings import Settings
from tests.mailbox import Mailbox, mailbox
from tests.people import Person, Town
from tests.selection import mutation
from tests.telling import READ, caught_up
from work import mail
from work.digest import composer

UPDATE = mutation("updateDigest")
SETTINGS = "{ viewer { language notificationSettings { digest sendsMail } } }"
PLACE = "https://fresque.example"


@pytest_asyncio.fixture
async def box() -> AsyncIterator[Mailbox]:
    async with mailbox() as found:
        yield found


def number_of(person: Person) -> int:
    found = node_id.number_of("user", person.id)
    assert found is not None
    return found


async def away(person: Person) -> None:
    """They were last here long ago, and their digest is due."""
    await caught_up()
    await fetch("UPDATE sessions SET last_used_at = now() - interval '13 hours' WHERE user_id = $1", number_of(person))
    await fetch("UPDATE digests SET next_at = now() - interval '1 minute' WHERE user_id = $1", number_of(person))


async def mailed(told: Settings, box: Mailbox) -> list[str]:
    """The texts of all that was mailed, once what is due was written and sent."""
    while await begin():
        pass
    mailer = mailer_of(replace(told, public_url=PLACE, smtp_url=box.url))
    assert mailer is not None
    composers = {**mail.COMPOSERS, letter.LetterKind.DIGEST: composer(PLACE, told.secret_key)}
    courier = mail.courier(mailer, PLACE, composers)
    while await courier.turn():
        await courier.idle()
    return [str(next(one.iter_parts()).get_content()).replace("\r\n", "\n") for one in box.messages]


async def test_who_was_away_is_told_what_they_have_not_read(town: Town, told: Settings, box: Mailbox) -> None:
    ada, bob, carl = [await town.person(name) for name in ("ada", "bob", "carl")]
    assert (await ada.ask(SETTINGS))["viewer"]["notificationSettings"] == {"digest": "NEVER", "sendsMail": True}
    await bob.write(f"@{ada.handle} from before")
    await caught_up()
    await ada.do(UPDATE, frequency="WEEKLY", language="FR")
    viewer = (await ada.ask(SETTINGS))["viewer"]
    assert (viewer["language"], viewer["notificationSettings"]["digest"]) == ("FR", "WEEKLY")
    await bob.write(f"@{ada.handle} bonjour")
    post = await ada.write("Mine")
    for fan in (bob, carl):
        await fan.do("LikePost", postId=post)
    await carl.write(f"@{ada.handle} psst", visibility="MENTIONED")
    assert await mailed(told, box) == [], "it is not due"
    await away(ada)
    (text,) = await mailed(told, box)
    assert f"{carl.handle} et {bob.handle} ont aimé votre publication\u00a0: Mine" in text
    assert f"{bob.handle} vous a mentionné\u00a0: @{ada.handle} bonjour" in text
    assert "from before" not in text
    assert "psst" not in text
    assert f"Les lire\u00a0:\n{PLACE}/notifications" in text
    message = box.messages[0]
    assert message["Subject"] == "2 choses que vous n’avez pas lues"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Unsubscribe"].removeprefix("<").removesuffix(">") in text
    row = await fetch_one("SELECT * FROM digests WHERE user_id = $1", number_of(ada))
    assert row is not None
    assert 6.9 < (row["next_at"] - datetime.now(row["next_at"].tzinfo)).total_seconds() / 86_400 < 7
    await away(ada)
    assert len(await mailed(told, box)) == 1, "what was told is not told again"


async def test_who_is_here_has_read_or_may_not_see_it_gets_none(town: Town, told: Settings, box: Mailbox) -> None:
    here, reader, blocker, never, gone, back = [await town.person(name) for name in ("h", "r", "b", "n", "g", "k")]
    bob = await town.person("bob")
    for one in (here, reader, blocker, gone, back):
        await one.do(UPDATE, frequency="DAILY")
    for one in (here, reader, blocker, never, gone, back):
        await bob.write(f"@{one.handle} hello")
    await caught_up()
    await reader.do(READ, until=f"k{'z' * 12}")
    await blocker.do("BlockUser", userId=bob.id)
    for one in (here, reader, blocker, never, gone, back):
        await away(one)
    await fetch("UPDATE sessions SET last_used_at = now() WHERE user_id = $1", number_of(here))
    await fetch("UPDATE users SET suspended_at = now() WHERE id = $1", number_of(gone))
    while await begin():
        pass
    await fetch("UPDATE sessions SET last_used_at = now() WHERE user_id = $1", number_of(back))
    assert await mailed(told, box) == [], "nor who came back before it was sent"
    assert (
        await fetch_value("SELECT state FROM letters WHERE user_id = $1 AND kind = 'DIGEST'", number_of(back))
        == "DROPPED"
    )


async def test_what_is_hidden_between_is_not_in_it(town: Town, told: Settings, box: Mailbox) -> None:
    ada, bob, carl = [await town.person(name) for name in ("ada", "bob", "carl")]
    await ada.do(UPDATE, frequency="DAILY")
    lost = await bob.write(f"@{ada.handle} soon gone")
    for index in range(MOST_LINES + 2):
        await carl.write(f"@{ada.handle} number {index}")
    await away(ada)
    while await begin():
        pass
    await bob.do("DeletePost", postId=lost)
    await caught_up()
    (text,) = await mailed(told, box)
    assert "soon gone" not in text
    assert text.count("mentioned you") == MOST_LINES
    assert "And 2 more." in text
    assert box.messages[0]["Subject"] == f"{MOST_LINES + 2} things you have not read yet"


async def test_two_processes_write_one(town: Town, told: Settings, box: Mailbox) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    await ada.do(UPDATE, frequency="DAILY")
    await bob.follow(ada)
    await away(ada)
    await asyncio.gather(*(begin() for _ in range(5)))
    assert await fetch_value("SELECT count(*) FROM letters WHERE user_id = $1 AND kind = 'DIGEST'", number_of(ada)) == 1
    await asyncio.gather(mailed(told, box), mailed(told, box))
    assert len(box.messages) == 1


async def test_a_click_ends_it_without_signing_in(town: Town, told: Settings, box: Mailbox) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    await ada.do(UPDATE, frequency="DAILY")
    await bob.follow(ada)
    await away(ada)
    await mailed(told, box)
    stop = str(box.messages[0]["List-Unsubscribe"]).strip("<>").removeprefix(PLACE)
    asked = await town.http.get(f"{town.url}{stop}", headers={"Accept-Language": "fr-FR"})
    assert asked.status_code == 200
    assert "Ne plus en recevoir" in asked.text
    assert "default-src 'none'" in asked.headers["content-security-policy"]
    assert await digest.frequency(number_of(ada)) is digest.DigestFrequency.DAILY, "looking at it ends nothing"
    for _ in range(2):
        done = await town.http.post(
            f"{town.url}{stop}",
            content="List-Unsubscribe=One-Click",
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        assert done.status_code == 200
    assert await digest.frequency(number_of(ada)) is digest.DigestFrequency.NEVER
    await ada.do(UPDATE, frequency="DAILY")
    number = node_id.digits(number_of(ada))
    for wrong in (
        "x",
        f"{number}.",
        f"{number}.{'A' * 24}",
        digest.ticket_of(number_of(bob), "x" * 32),
        "é",
        "." * 500,
    ):
        assert (await town.http.post(f"{town.url}/mail/stop/{wrong}")).status_code == 404
    assert await digest.frequency(number_of(ada)) is digest.DigestFrequency.DAILY
    await ada.do(UPDATE, frequency="NEVER")
    assert await digest.frequency(number_of(ada)) is digest.DigestFrequency.NEVER


async def test_nobody_signed_out_settles_it(town: Town) -> None:
    (refused,) = (await town.ask(UPDATE, input={"frequency": "DAILY"})).values()
    assert [error["code"] for error in refused["userErrors"]] == ["UNAUTHENTICATED"]
