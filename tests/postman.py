"""Who brings the letters about accounts: they are sent for real, to a mail server of this machine."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from email.message import EmailMessage
from functools import partial

from models import letter, node_id, password_reset
from models.database import fetch
from models.letter import Letter, LetterKind
from outside.mailer import mailer_of
from settings import Settings
from tests.mailbox import Mailbox, mailbox
from tests.people import Person
from work import account_letter, mail
from work.courier import Courier

PLACE = "https://fresque.example"


def number_of(person: Person) -> int:
    """The row of somebody."""
    found = node_id.number_of("user", person.id)
    assert found is not None
    return found


def email_of(person: Person) -> str:
    """Where they signed up from."""
    return f"{person.handle}@example.org"


@dataclass(slots=True)
class Postman:
    """Brings what is due, and tells what came to an address."""

    told: Settings
    box: Mailbox

    async def letters(self, address: str) -> list[EmailMessage]:
        """All that came to this address, once what is due was sent."""
        while await password_reset.turn(self.told.secret_key):
            pass
        mailer = mailer_of(replace(self.told, public_url=PLACE, smtp_url=self.box.url))
        assert mailer is not None
        composers = {LetterKind.ACCOUNT: account_letter.composer(PLACE, self.told.secret_key)}
        due = partial(letter.claim, kinds=tuple(composers))

        async def send(given: Letter) -> None:
            await mail.send(mailer, PLACE, composers, given)

        courier = Courier("letters", due, send, 1)  # one by one, so that they come in their order
        while await courier.turn():
            await courier.idle()
        return [
            message
            for envelope, message in zip(self.box.envelopes, self.box.messages, strict=True)
            if envelope.rcpt_tos == [address]
        ]

    async def last(self, address: str) -> str:
        """The plain text of the latest letter to this address."""
        return text_of((await self.letters(address))[-1])

    async def token(self, address: str, path: str, subject: str = "") -> str:
        """What stands in the link of the latest letter to this address (with this in its subject), which leads to this page."""
        letters = [one for one in await self.letters(address) if subject in one["Subject"]]
        found = re.findall(rf"{PLACE}{path}#([\w-]+)\s", text_of(letters[-1]))
        assert len(found) == 1, found
        token: str = found[0]
        return token


def text_of(message: EmailMessage) -> str:
    """The plain text."""
    return str(next(iter(message.iter_parts())).get_content()).replace("\r\n", "\n")


@asynccontextmanager
async def postman(told: Settings) -> AsyncIterator[Postman]:
    """One with an empty bag: what was due before is nobody's."""
    async with mailbox() as box:
        await fetch("DELETE FROM letters WHERE kind = $1 AND state = 'WAITING'", LetterKind.ACCOUNT.value)
        yield Postman(told, box)


async def long_ago(person: Person) -> None:
    """What was written to them was a day and more ago: the next is sent at once."""
    await fetch(
        "UPDATE letters SET created_at = created_at - interval '25 hours' WHERE user_id = $1", number_of(person)
    )
