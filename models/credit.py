"""Credits as they are read: an account, its lines, and whether the two agree. `credit_move.py` writes them.

The ledger `credit_entries` is the truth: rows are added and never changed, which the database itself refuses. The account
is what the ledger comes to, kept so that nobody has to add it up:

    balance = GRANT + ADJUST - SETTLE        held = RESERVE - SETTLE - RELEASE        available = balance - held

Each line has a `business_id` that says what it is for, so that whatever is repeated is written once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from asyncpg import Record

from models import node_id
from models.database import fetch, fetch_one
from models.tier import TERMS, Terms, Tier
from models.timeline import Window


class CreditEntryKind(Enum):
    """What a line does: give, set aside for a job, take for a kept picture, give back what was set aside, put right."""

    GRANT = "GRANT"
    RESERVE = "RESERVE"
    SETTLE = "SETTLE"
    RELEASE = "RELEASE"
    ADJUST = "ADJUST"


@dataclass(frozen=True, slots=True)
class AccountRow:
    """What somebody has. `held` is set aside for jobs that have not ended and is still part of `balance`."""

    owner_id: int
    tier: Tier
    balance: int
    held: int
    next_grant_at: datetime

    @property
    def available(self) -> int:
        """What the next job may cost."""
        return self.balance - self.held

    @property
    def terms(self) -> Terms:
        """What the tier means."""
        return TERMS[self.tier]

    @property
    def monthly_grant(self) -> int:
        """What comes each month, while there is room for it."""
        return self.terms.monthly_grant


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One line of the ledger. `amount` is negative only where an ADJUST takes away."""

    id: int
    kind: CreditEntryKind
    amount: int
    job_id: int | None
    output_index: int | None
    note: str | None
    created_at: datetime

    @property
    def gid(self) -> str:
        """The global id."""
        return node_id.encode("credit", self.id)


@dataclass(frozen=True, slots=True)
class Difference:
    """An account that is not what its lines come to."""

    owner_id: int
    balance: int
    held: int
    counted_balance: int
    counted_held: int


def account_of(row: Record) -> AccountRow:
    """The account in a row of `credit_accounts`."""
    return AccountRow(row["owner_id"], Tier(row["tier"]), row["balance"], row["held"], row["next_grant_at"])


async def find_account(owner_id: int) -> AccountRow | None:
    """A person's account, None while it was never opened."""
    row = await fetch_one("SELECT * FROM credit_accounts WHERE owner_id = $1", owner_id)
    return None if row is None else account_of(row)


async def entries(owner_id: int, window: Window) -> Sequence[EntryRow]:
    """A person's lines in a window, newest first."""
    rows = await fetch(
        f"""SELECT {_COLUMNS} FROM credit_entries WHERE owner_id = $1 AND id < $2 AND id > $3
        ORDER BY id {window.direction} LIMIT $4""",
        owner_id,
        window.older_than,
        window.newer_than,
        window.limit,
    )
    return sorted(map(_entry, rows), key=lambda entry: entry.id, reverse=True)


async def entry_of(owner_id: int, entry_id: int) -> EntryRow | None:
    """One of a person's own lines."""
    row = await fetch_one(f"SELECT {_COLUMNS} FROM credit_entries WHERE id = $1 AND owner_id = $2", entry_id, owner_id)
    return None if row is None else _entry(row)


_COLUMNS = "id, kind, amount, job_id, output_index, note, created_at"


def _entry(row: Record) -> EntryRow:
    return EntryRow(
        row["id"],
        CreditEntryKind(row["kind"]),
        row["amount"],
        row["job_id"],
        row["output_index"],
        row["note"],
        row["created_at"],
    )


_COUNTED = """SELECT owner_id,
    coalesce(sum(amount) FILTER (WHERE kind IN ('GRANT', 'ADJUST')), 0)
        - coalesce(sum(amount) FILTER (WHERE kind = 'SETTLE'), 0) AS balance,
    coalesce(sum(amount) FILTER (WHERE kind = 'RESERVE'), 0)
        - coalesce(sum(amount) FILTER (WHERE kind IN ('SETTLE', 'RELEASE')), 0) AS held
FROM credit_entries GROUP BY owner_id"""


async def differences() -> Sequence[Difference]:
    """Every account that is not what its lines come to; none is as it must be. Reads one snapshot of the whole ledger."""
    rows = await fetch(
        f"""SELECT coalesce(a.owner_id, c.owner_id) AS owner_id, coalesce(a.balance, 0)::bigint AS balance,
            coalesce(a.held, 0)::bigint AS held, coalesce(c.balance, 0)::bigint AS counted_balance,
            coalesce(c.held, 0)::bigint AS counted_held
        FROM credit_accounts a FULL JOIN ({_COUNTED}) c ON c.owner_id = a.owner_id
        WHERE (coalesce(a.balance, 0), coalesce(a.held, 0)) <> (coalesce(c.balance, 0), coalesce(c.held, 0))
        ORDER BY 1"""
    )
    return [Difference(**dict(row)) for row in rows]


async def recount(owner_id: int) -> None:
    """Make an account what its lines come to. The caller holds the transaction."""
    await fetch("SELECT 1 FROM credit_accounts WHERE owner_id = $1 FOR UPDATE", owner_id)
    await fetch(
        f"""UPDATE credit_accounts a SET balance = c.balance, held = c.held FROM ({_COUNTED}) c
        WHERE a.owner_id = $1 AND c.owner_id = $1""",
        owner_id,
    )
