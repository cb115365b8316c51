"""Digests: mail that tells somebody who was away what they have not read, once a day or a week. Nobody gets one unasked.

What a digest tells is a stretch of the notifications, named when it is due; what of it may be seen is found when it is sent. One letter
for a period, whoever works: the row moves in the transaction that makes the letter, which has the period's key.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from models import letter, node_id, notification
from models.database import fetch, fetch_one, fetch_value
from models.letter import LetterKind
from models.notification import Entry
from models.timeline import NEWEST, Window
from models.transaction import transaction

AWAY_HOURS = 12
HOURS_GOOD = 12
MOST_AT_ONCE = 200
MOST_LINES = 10
MOST_LOOKED_AT = 100
SHORTEST_KEY_CHARACTERS = 32
TICKET_BYTES = 18


class DigestFrequency(Enum):
    """How often somebody gets a digest."""

    NEVER = "NEVER"
    DAILY = "DAILY"
    WEEKLY = "WEEKLY"


_DAYS = {DigestFrequency.DAILY: 1, DigestFrequency.WEEKLY: 7}
_AWAY = f"""NOT EXISTS (SELECT 1 FROM sessions s WHERE s.user_id = d.user_id
    AND s.last_used_at > now() - interval '{AWAY_HOURS} hours')"""


@dataclass(frozen=True, slots=True)
class Digest:
    """What there is to tell: the newest lines, and how many more there are."""

    lines: Sequence[Entry]
    more: int


async def frequency(user_id: int) -> DigestFrequency:
    """How often this person gets one: never until they say otherwise."""
    found = await fetch_value("SELECT frequency FROM digests WHERE user_id = $1", user_id)
    return DigestFrequency(found) if found else DigestFrequency.NEVER


async def set_frequency(user_id: int, wanted: DigestFrequency) -> None:
    """Send them one so often, the first after a whole period, of what happens from now on. The caller holds the transaction."""
    if wanted is DigestFrequency.NEVER:
        await stop(user_id)
        return
    await fetch(
        """INSERT INTO digests AS d (user_id, frequency, next_at, told_until)
        VALUES ($1, $2, now() + make_interval(days => $3), coalesce((SELECT max(newest) FROM notification_groups WHERE recipient_id = $1), 0))
        ON CONFLICT (user_id) DO UPDATE SET frequency = excluded.frequency, next_at = excluded.next_at
            WHERE d.frequency <> excluded.frequency""",
        user_id,
        wanted.value,
        _DAYS[wanted],
    )


async def stop(user_id: int) -> None:
    """Send them none any more."""
    await fetch("DELETE FROM digests WHERE user_id = $1", user_id)


async def begin() -> bool:
    """Have the digests written that are due, for those who were away and have something unread; True while there may be more."""
    async with transaction():
        rows = await fetch(
            f"""SELECT d.user_id, d.frequency, d.told_until, d.next_at::text AS period, {_AWAY} AS away,
                coalesce((SELECT max(g.newest) FROM notification_groups g WHERE g.recipient_id = d.user_id AND g.size > 0
                    AND g.newest > greatest(d.told_until, (SELECT n.read_until FROM notification_settings n WHERE n.user_id = d.user_id))),
                    0) AS newest
            FROM digests d JOIN users u ON u.id = d.user_id AND NOT u.gone WHERE d.next_at <= now()
            ORDER BY d.next_at LIMIT $1 FOR UPDATE OF d SKIP LOCKED""",
            MOST_AT_ONCE,
        )
        for row in rows:
            wanted = bool(row["away"] and row["newest"])
            await fetch(
                """UPDATE digests SET told_until = CASE WHEN $2 THEN $3 ELSE told_until END, next_at = next_at + make_interval(days => $4)
                    * greatest(1, ceil(extract(epoch FROM now() - next_at) / ($4 * 86400))) WHERE user_id = $1""",
                row["user_id"],
                wanted,
                row["newest"],
                _DAYS[DigestFrequency(row["frequency"])],
            )
            if wanted:
                facts: dict[str, object] = {"after": row["told_until"], "until": row["newest"]}
                await letter.put_kind(row["user_id"], LetterKind.DIGEST, facts, key=row["period"], hours=HOURS_GOOD)
        return len(rows) == MOST_AT_ONCE


async def found(user_id: int, after: int, until: int) -> Digest | None:
    """What of a stretch is unread and may be seen now; None when nothing is, they want none any more, or came back meanwhile."""
    row = await fetch_one(
        f"SELECT 1 FROM digests d JOIN users u ON u.id = d.user_id AND NOT u.gone WHERE d.user_id = $1 AND {_AWAY}",
        user_id,
    )
    if row is None:
        return None
    page = await notification.page(user_id, (), Window(MOST_LOOKED_AT, min(until, NEWEST - 1) + 1, after))
    unread = [one for one in page if one.is_unread]
    return Digest(unread[:MOST_LINES], max(0, len(unread) - MOST_LINES)) if unread else None


def ticket_of(user_id: int, secret_key: str) -> str:
    """What ends this person's digests without signing in; nobody can make one without `SECRET_KEY`. Raises ValueError when it is short."""
    if len(secret_key) < SHORTEST_KEY_CHARACTERS:
        raise ValueError(f"SECRET_KEY needs at least {SHORTEST_KEY_CHARACTERS} characters.")
    sign = hmac.digest(secret_key.encode(), f"fresque digest stop\0{user_id}".encode(), hashlib.sha256)[:TICKET_BYTES]
    return f"{node_id.digits(user_id)}.{urlsafe_b64encode(sign).decode()}"


def owner_of(ticket: str, secret_key: str) -> int | None:
    """Whose digests a ticket ends; None for one that was not made here."""
    user_id = node_id.number_of("user", f"user_{ticket.partition('.')[0]}")
    if user_id is None or not hmac.compare_digest(ticket.encode(), ticket_of(user_id, secret_key).encode()):
        return None
    return user_id


async def stop_by(secret_key: str, ticket: str) -> bool:
    """End the digests of whom a ticket was made for, twice the same as once; False for one that was not made here."""
    user_id = owner_of(ticket, secret_key)
    if user_id is not None:
        await stop(user_id)
    return user_id is not None
