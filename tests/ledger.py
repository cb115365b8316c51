"""What a ledger must look like, whatever happened to the jobs it is about."""

from __future__ import annotations

from models.credit import AccountRow, differences, entries
from models.credit_move import adjust, open_account
from models.database import fetch
from models.tier import TERMS, Tier
from models.timeline import Window

FREE = TERMS[Tier.FREE]
ALL = Window(1_000)
ENDED = ("SUCCEEDED", "PARTIAL", "FAILED", "BLOCKED", "CANCELLED", "EXPIRED", "TIMED_OUT")


async def check_ledger(owner_id: int | None = None) -> None:
    """Of everybody, or of one person's jobs where tests beside have put others' rows as no machine does: accounts are what their lines come to; each picture of each job is held, taken or given back, and never two of these.

    What waited for a person's look is given back when the work is over, whatever they decide.
    """
    assert await differences() == []
    overdrawn = await fetch("SELECT * FROM credit_accounts WHERE held < 0 OR held > balance")
    assert list(overdrawn) == []
    rows = await fetch(
        """SELECT j.id, j.state, o.index, o.state AS output, r.amount / r.pictures AS each,
            EXISTS (SELECT 1 FROM reviews v WHERE v.job_id = j.id AND v.output_index = o.index) AS held,
            (SELECT array_agg(e.kind || ' ' || e.amount) FROM credit_entries e
                WHERE e.job_id = j.id AND e.output_index = o.index) AS closed
        FROM generation_jobs j JOIN generation_outputs o ON o.job_id = j.id
        LEFT JOIN credit_entries r ON r.job_id = j.id AND r.kind = 'RESERVE'
        WHERE $1::bigint IS NULL OR j.owner_id = $1""",
        owner_id,
    )
    for row in rows:
        about = dict(row)
        if row["output"] == "SUCCEEDED" and not row["held"]:
            assert row["closed"] == [f"SETTLE {row['each']}"], about
        elif row["state"] in (*ENDED, "IN_REVIEW"):
            assert row["closed"] == [f"RELEASE {row['each']}"], about
        else:
            assert row["closed"] is None, about


async def lines(owner_id: int) -> list[tuple[str, int]]:
    """Kind and amount of each line, oldest first; lines of one moment in any order."""
    return [(entry.kind.value, entry.amount) for entry in reversed(await entries(owner_id, ALL))]


async def poor(owner_id: int, left: int) -> AccountRow:
    """Somebody who has just so much."""
    account = await open_account(owner_id)
    await adjust(owner_id, left - account.available, f"poor:{owner_id}:{account.available}")
    return await open_account(owner_id)
