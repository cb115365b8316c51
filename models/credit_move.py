"""How credits move: given, set aside for a job, taken for a kept picture, given back, put right; each exactly once.

What holds it together: a line's `business_id` is unique, an output has one closing line (SETTLE or RELEASE, by an index),
a line and its account are written by one statement, and an account cannot hold more than it has (a condition of the
update, and a check of the table behind it). Who also holds a job's row takes that first, then the account.
"""

from __future__ import annotations

from dataclasses import dataclass

from errors import BadInput, QuotaExceeded
from models.credit import AccountRow, account_of, find_account
from models.database import fetch, fetch_one
from models.tier import TERMS, Tier
from models.transaction import transaction

GRANTED_AT_ONCE = 500
_NEXT = "(a.opened_at AT TIME ZONE 'UTC' + make_interval(months => a.grants + 1)) AT TIME ZONE 'UTC'"


@dataclass(frozen=True, slots=True)
class Released:
    """What a job's end gave back: how many pictures, and their credits together."""

    pictures: int
    credits: int


async def open_account(owner_id: int) -> AccountRow:
    """A person's account, opened with the first monthly grant when there is none."""
    first = TERMS[Tier.FREE].monthly_grant
    found = await find_account(owner_id)
    while found is None:  # somebody else may be opening it; then theirs is found next time
        row = await fetch_one(
            """WITH opened AS (
                INSERT INTO credit_accounts (owner_id, tier, balance, next_grant_at)
                VALUES ($1, $2, $3::bigint, (now() AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC')
                ON CONFLICT (owner_id) DO NOTHING RETURNING *
            ), line AS (
                INSERT INTO credit_entries (owner_id, kind, amount, business_id)
                SELECT owner_id, 'GRANT', $3, 'grant:' || owner_id || ':0' FROM opened WHERE $3 > 0
            ) SELECT * FROM opened""",
            owner_id,
            Tier.FREE.value,
            first,
        )
        found = account_of(row) if row is not None else await find_account(owner_id)
    return found


async def reserve(owner_id: int, job_id: int, pictures: int, credits_each: int) -> None:
    """Set aside what a new job may cost, in the transaction that inserts it. A free one takes nothing.

    Raises QuotaExceeded, with what is missing, when that is more than is available, and for more pictures than the tier's
    `picture_cap`.
    """
    total = pictures * credits_each
    if total == 0 or await _reserve(owner_id, job_id, pictures, total):
        return
    # There may be no account yet, or a month's grant that the clock has not come to.
    await open_account(owner_id)
    await grant_due(owner_id)
    if await _reserve(owner_id, job_id, pictures, total):
        return
    account = await open_account(owner_id)
    missing = total - account.available
    raise QuotaExceeded(
        f"This costs {_credits(total)} and you have {_credits(account.available)} to spend: {missing:,} too few."
        f" Make fewer or smaller pictures, or wait for the next grant on {account.next_grant_at:%d %B %Y}."
    )


def _credits(number: int) -> str:
    return f"{number:,} credit{'' if number == 1 else 's'}"


async def _reserve(owner_id: int, job_id: int, pictures: int, total: int) -> bool:
    row = await fetch_one(
        """WITH taken AS (
            UPDATE credit_accounts SET held = held + $4::bigint WHERE owner_id = $1 AND balance - held >= $4
            RETURNING owner_id, tier
        ) INSERT INTO credit_entries (owner_id, kind, amount, pictures, job_id, business_id)
        SELECT owner_id, 'RESERVE', $4, $3, $2, 'job:' || $2::bigint || ':reserve' FROM taken
        RETURNING (SELECT tier FROM taken)""",
        owner_id,
        job_id,
        pictures,
        total,
    )
    most = pictures if row is None else TERMS[Tier(row["tier"])].picture_cap
    if pictures > most:
        raise QuotaExceeded(f"A job of yours may have at most {most} picture{'' if most == 1 else 's'}.", ["count"])
    return row is not None


async def settle(job_id: int, index: int) -> int:
    """Take what one kept picture costs, out of what was set aside; gives the credits. Repeated, it takes nothing.

    The caller holds the job's row in the transaction that keeps the picture.
    """
    row = await fetch_one(
        """WITH line AS (
            INSERT INTO credit_entries (owner_id, kind, amount, job_id, output_index, business_id)
            SELECT owner_id, 'SETTLE', amount / pictures, $1, $2::int, 'job:' || $1::bigint || ':output:' || $2::int || ':settle'
            FROM credit_entries WHERE business_id = 'job:' || $1 || ':reserve'
            ON CONFLICT DO NOTHING RETURNING owner_id, amount
        ) UPDATE credit_accounts a SET balance = a.balance - line.amount, held = a.held - line.amount
        FROM line WHERE a.owner_id = line.owner_id RETURNING line.amount""",
        job_id,
        index,
    )
    return int(row["amount"]) if row is not None else 0


async def release(job_id: int) -> Released:
    """Give back what was set aside for each picture of an ended job that was not kept. Repeated, it gives nothing.

    The caller holds the job's row in the transaction that ends it.
    """
    row = await fetch_one(
        """WITH lines AS (
            INSERT INTO credit_entries (owner_id, kind, amount, job_id, output_index, business_id)
            SELECT r.owner_id, 'RELEASE', r.amount / r.pictures, o.job_id, o.index, 'job:' || o.job_id || ':output:' || o.index || ':release'
            FROM credit_entries r JOIN generation_outputs o ON o.job_id = $1
            WHERE r.business_id = 'job:' || $1::bigint || ':reserve'
            AND NOT EXISTS (SELECT 1 FROM credit_entries e WHERE e.job_id = $1 AND e.output_index = o.index)
            ON CONFLICT DO NOTHING RETURNING owner_id, amount
        ), given AS (
            SELECT owner_id, count(*)::int AS pictures, sum(amount)::bigint AS credits FROM lines GROUP BY owner_id
        ) UPDATE credit_accounts a SET held = a.held - given.credits FROM given WHERE a.owner_id = given.owner_id
        RETURNING given.pictures, given.credits""",
        job_id,
    )
    return Released(0, 0) if row is None else Released(row["pictures"], row["credits"])


async def grant(owner_id: int, amount: int, key: str, note: str | None = None) -> bool:
    """Give credits beyond the monthly ones; False when this key was given before. Raises BadInput for less than 1."""
    if amount < 1:
        raise BadInput("A grant gives at least one credit; to take some away, adjust.", ["amount"])
    return await _put(owner_id, "GRANT", amount, f"desk:{key}", note)


async def adjust(owner_id: int, amount: int, key: str, note: str | None = None) -> bool:
    """Put right what was wrong, up or down; False when this key was used before.

    Raises BadInput for nothing, and when more is to be taken than is available: what is held belongs to jobs.
    """
    if amount == 0:
        raise BadInput("An adjustment changes something.", ["amount"])
    return await _put(owner_id, "ADJUST", amount, f"desk:{key}", note)


async def _put(owner_id: int, kind: str, amount: int, business_id: str, note: str | None) -> bool:
    async with transaction():
        await open_account(owner_id)
        await fetch("SELECT 1 FROM credit_accounts WHERE owner_id = $1 FOR UPDATE", owner_id)
        if await fetch("SELECT 1 FROM credit_entries WHERE business_id = $1", business_id):
            return False
        moved = await fetch(
            """WITH moved AS (
                UPDATE credit_accounts SET balance = balance + $3::bigint WHERE owner_id = $1 AND balance + $3 >= held
                RETURNING owner_id
            ) INSERT INTO credit_entries (owner_id, kind, amount, business_id, note)
            SELECT owner_id, $2, $3, $4, $5 FROM moved RETURNING id""",
            owner_id,
            kind,
            amount,
            business_id,
            note,
        )
        if not moved:
            account = await open_account(owner_id)
            raise BadInput(f"No more than {account.available:,} can be taken: the rest is spent or held.", ["amount"])
    return True


async def set_tier(owner_id: int, tier: Tier) -> None:
    """Put somebody into a tier: its caps hold at once, its grant from the next month on."""
    async with transaction():
        await open_account(owner_id)
        await fetch("UPDATE credit_accounts SET tier = $2 WHERE owner_id = $1", owner_id, tier.value)


async def grant_due(owner_id: int | None = None) -> int:
    """Give the monthly grants that are due, to one person or to `GRANTED_AT_ONCE`; how many accounts have caught up.

    Months are counted from the day an account was opened, so nothing drifts, and each month that passed unseen is given
    for itself. What is not used stays; a grant lifts no balance above the tier's `most_kept`, and writes no line when
    there is no room. Safe in parallel.
    """
    caught_up: set[int] = set()
    while True:
        rows = await fetch(
            f"""WITH tiers AS (
                SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS t (tier, monthly, most)
            ), due AS (
                SELECT owner_id, tier, balance, grants FROM credit_accounts
                WHERE next_grant_at <= now() AND ($4::bigint IS NULL OR owner_id = $4)
                ORDER BY next_grant_at LIMIT {GRANTED_AT_ONCE} FOR UPDATE SKIP LOCKED
            ), given AS (
                SELECT due.owner_id, due.grants, greatest(0, least(t.monthly, t.most - due.balance)) AS amount
                FROM due JOIN tiers t ON t.tier = due.tier
            ), lines AS (
                INSERT INTO credit_entries (owner_id, kind, amount, business_id)
                SELECT owner_id, 'GRANT', amount, 'grant:' || owner_id || ':' || grants FROM given WHERE amount > 0
            ) UPDATE credit_accounts a SET balance = a.balance + given.amount, grants = a.grants + 1, next_grant_at = {_NEXT}
            FROM given WHERE a.owner_id = given.owner_id RETURNING a.owner_id, a.next_grant_at <= now() AS more""",
            [tier.value for tier in TERMS],
            [terms.monthly_grant for terms in TERMS.values()],
            [terms.most_kept for terms in TERMS.values()],
            owner_id,
        )
        caught_up.update(row["owner_id"] for row in rows)
        if not any(row["more"] for row in rows):
            return len(caught_up)
