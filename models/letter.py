"""Letters: mail that is to be sent to somebody, once. What it says is forgotten as soon as it came to its end.

`put` is for whoever has something to say (the caller holds the transaction, so a letter is there if and only if what it tells of is);
`work/mail.py` sends. A letter has one Message-ID however often it is tried, so that what comes twice after a crash is known again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import Enum
from uuid import uuid4

from asyncpg import Record

from errors import BadInput
from models import preference
from models.database import fetch, fetch_value
from models.outbox import Fate, Hold, Outbox, Outcome
from models.preference import InterfaceLanguage
from models.transaction import transaction

KEPT_DAYS = 30
HOURS_GOOD = 24
LONGEST_WORDS_CHARACTERS = 20_000
OUTBOX = Outbox("letters", (60, 300, 900, 1_800, 3_600), lease_seconds=120.0)


class LetterKind(Enum):
    """How what a letter says is found: it stands in the letter (WORDS), or is found when it is sent."""

    WORDS = "WORDS"
    DIGEST = "DIGEST"
    SECURITY = "SECURITY"
    ACCOUNT = "ACCOUNT"
    DECISION = "DECISION"


@dataclass(frozen=True, slots=True)
class Words:
    """What a letter says, as plain text: a subject, paragraphs, and a link with what it is called."""

    subject: str
    paragraphs: Sequence[str]
    link: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in a sender's hands. `address` is where it goes, None when nobody is there any more."""

    hold: Hold
    user_id: int
    kind: LetterKind
    facts: dict[str, object]
    address: str | None
    language: InterfaceLanguage
    created_at: datetime


async def put(
    user_id: int, words: Words, *, key: str = "", address: str | None = None, hours: float = HOURS_GOOD
) -> bool:
    """Have somebody written to; False when that was done already under this `key` (empty: never).

    It goes to `address`, or to that of the account when it is sent, within so many hours. Raises BadInput for too many words.
    """
    facts = asdict(words)
    if len(str(facts)) > LONGEST_WORDS_CHARACTERS:
        raise BadInput("This is too long for a letter.")
    return await put_kind(user_id, LetterKind.WORDS, facts, key=key or str(uuid4()), address=address, hours=hours)


async def put_kind(
    user_id: int,
    kind: LetterKind,
    facts: dict[str, object],
    *,
    key: str,
    address: str | None = None,
    hours: float = HOURS_GOOD,
) -> bool:
    """The same for a letter whose words are found when it is sent."""
    rows = await fetch(
        """INSERT INTO letters (user_id, kind, key, facts, address, expires_at)
        VALUES ($1, $2, $3, $4, $5, now() + make_interval(secs => $6)) ON CONFLICT (user_id, kind, key) DO NOTHING RETURNING id""",
        user_id,
        kind.value,
        key,
        facts,
        address,
        hours * 3_600,
    )
    return bool(rows)


async def claim(most: int, kinds: Sequence[LetterKind] = tuple(LetterKind)) -> Sequence[Letter]:
    """Up to so many letters of these kinds that are due: a sender leaves alone what it has no words for, as a newer one's."""
    return [await _letter(hold, row) for hold, row in await OUTBOX.claim(most, [kind.value for kind in kinds])]


async def _letter(hold: Hold, row: Record) -> Letter:
    address = row["address"] or await fetch_value("SELECT email FROM credentials WHERE user_id = $1", row["user_id"])
    language = await preference.language(row["user_id"])
    return Letter(hold, row["user_id"], LetterKind(row["kind"]), row["facts"], address, language, row["created_at"])


async def note(letter: Letter, outcome: Outcome) -> Fate | None:
    """Write down what came of a try. Whatever comes to its end forgets what it said and where it went."""
    async with transaction():
        fate = await OUTBOX.note(letter.hold, outcome)
        if fate is not None and fate is not Fate.AGAIN:
            await fetch("UPDATE letters SET facts = '{}', address = NULL WHERE id = $1", letter.hold.id)
        return fate


async def expire() -> bool:
    """Give up what nobody sent in time, and forget what it said; True while there may be more."""
    return await OUTBOX.expire(", facts = '{}', address = NULL")
