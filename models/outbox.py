"""Outboxes: tables of what is to be sent to somebody, taken by senders under leases, tried again after pauses, given up in time.

A row is WAITING until it is SENT, DROPPED (there was nothing to say any more) or FAILED (given up). A sender holds a lease while it
sends, outside of any transaction: when it dies there, the lease ends and another sends the same again. Tables have the columns id,
user_id, state, tries, due_at, lease_token, lease_until, revision, expires_at, failure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from uuid import UUID, uuid4

from asyncpg import Record

from models.database import fetch, fetch_value
from models.pause import pause_after

LOOKED_AT_ONCE = 2_000
EXPIRED_AT_ONCE = 1_000
MOST_AT_ONCE_FOR_ONE = 4  # on their way to one person: whose receivers dawdle does not keep a sender to themselves
LONGEST_FAILURE_CHARACTERS = 500


class Fate(Enum):
    """What came of a try."""

    SENT = "SENT"
    DROPPED = "DROPPED"
    FAILED = "FAILED"
    AGAIN = "WAITING"


@dataclass(frozen=True, slots=True)
class Hold:
    """A row in a sender's hands. `revision` is what it said when it was taken."""

    id: int
    token: UUID
    revision: int
    tries: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a try, with a sentence where it is no good, and how long the receiver asked to be left alone."""

    fate: Fate
    failure: str | None = None
    retry_after_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Outbox:
    """One table. Pauses are in seconds; what would be tried again after `expires_at` is given up."""

    table: str
    pauses_seconds: tuple[float, ...]
    lease_seconds: float
    spacing_seconds: float = 0.0  # what changed while it was sent is sent again so much later

    async def claim(self, most: int, kinds: Sequence[str] | None = None) -> Sequence[tuple[Hold, Record]]:
        """Up to so many rows that are due, each under a lease; of one person's at most `MOST_AT_ONCE_FOR_ONE` are held at once.

        Where the table has a `kind`, those of some kinds alone can be asked for.
        """
        of_kinds = "" if kinds is None else "AND p.kind = ANY($4::text[])"
        rows = await fetch(
            f"""WITH busy AS (
                SELECT user_id, count(*) AS held FROM {self.table} WHERE state = 'WAITING' AND lease_until > now() GROUP BY user_id
            ), due AS (
                SELECT * FROM {self.table} p WHERE state = 'WAITING' AND due_at <= now() AND (lease_until IS NULL OR lease_until <= now())
                {of_kinds} AND user_id NOT IN (SELECT user_id FROM busy WHERE held >= {MOST_AT_ONCE_FOR_ONE})
                ORDER BY due_at LIMIT {LOOKED_AT_ONCE}
            ), ready AS (
                SELECT d.id, d.due_at, coalesce(b.held, 0) + row_number() OVER (PARTITION BY d.user_id ORDER BY d.due_at, d.id) AS place
                FROM due d LEFT JOIN busy b ON b.user_id = d.user_id
            ), picked AS (
                SELECT t.id FROM {self.table} t JOIN ready r ON r.id = t.id WHERE r.place <= {MOST_AT_ONCE_FOR_ONE}
                AND t.state = 'WAITING' AND (t.lease_until IS NULL OR t.lease_until <= now())
                ORDER BY r.due_at LIMIT $1 FOR UPDATE OF t SKIP LOCKED
            ) UPDATE {self.table} t SET tries = t.tries + 1, lease_token = $2, lease_until = now() + make_interval(secs => $3)
            FROM picked WHERE t.id = picked.id RETURNING t.*""",
            most,
            uuid4(),
            self.lease_seconds,
            *([] if kinds is None else [list(kinds)]),
        )
        return [(Hold(row["id"], row["lease_token"], row["revision"], row["tries"]), row) for row in rows]

    async def note(self, hold: Hold, outcome: Outcome) -> Fate | None:
        """Write down what came of a try and what follows from it; None when the row is gone or another's by now.

        What changed meanwhile is sent once more, whatever came of this try.
        """
        wait = pause_after(hold.tries, self.pauses_seconds, outcome.retry_after_seconds)
        found = await fetch_value(
            f"""UPDATE {self.table} SET lease_token = NULL, lease_until = NULL, failure = $5::text,
                tries = CASE WHEN revision <> $3 THEN 0 ELSE tries END,
                due_at = now() + make_interval(secs => CASE WHEN revision <> $3 THEN $6::float8
                    WHEN $4::text = 'WAITING' THEN $7::float8 ELSE 0 END),
                state = CASE WHEN revision <> $3 THEN 'WAITING'
                    WHEN $4::text = 'WAITING' AND now() + make_interval(secs => $7::float8) > expires_at THEN 'FAILED' ELSE $4::text END
            WHERE id = $1 AND lease_token = $2 RETURNING state""",
            hold.id,
            hold.token,
            hold.revision,
            outcome.fate.value,
            None if outcome.failure is None else outcome.failure.replace("\0", "")[:LONGEST_FAILURE_CHARACTERS],
            self.spacing_seconds,
            wait,
        )
        return None if found is None else Fate(found)

    async def expire(self, also: str = "") -> bool:
        """Give up what nobody sent in time (nothing sends here, or `work` was down), setting `also`; True while there may be more."""
        rows = await fetch(
            f"""UPDATE {self.table} SET state = 'FAILED', failure = 'Nobody sent it in time.'{also} WHERE id IN (
                SELECT id FROM {self.table} WHERE state = 'WAITING' AND expires_at < now() AND (lease_until IS NULL OR lease_until < now())
                LIMIT {EXPIRED_AT_ONCE} FOR UPDATE SKIP LOCKED) RETURNING 1"""
        )
        return len(rows) == EXPIRED_AT_ONCE

    async def forget_old(self, days: int) -> int:
        """Drop what came to its end so many days ago; returns how many."""
        return len(
            await fetch(
                f"""DELETE FROM {self.table} WHERE id IN (SELECT id FROM {self.table} WHERE state <> 'WAITING'
                    AND due_at < now() - make_interval(days => $1) LIMIT 10000) RETURNING 1""",
                days,
            )
        )
