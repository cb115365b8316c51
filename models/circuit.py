"""The circuit breaker of each engine, one row that all workers share: jobs wait for an engine that fails again and again.

CLOSED → OPEN after `FAILURES_TO_OPEN` failures in a row, or at once when the engine says for how long it wants to be left
alone. OPEN → HALF_OPEN when its time is over: one job is let through. A picture closes it; a failure opens it for longer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from models.database import fetch, fetch_one, fetch_value

FAILURES_TO_OPEN = 5
OPEN_SECONDS = 10.0
LONGEST_OPEN_SECONDS = 300.0
LONGEST_ASKED_SECONDS = 3_600.0
# An engine that is tried by a job whose worker is gone may be tried by another one.
PROBED = """EXISTS (SELECT 1 FROM generation_jobs j WHERE j.id = c.probe_id AND j.state = 'RUNNING' AND j.lease_until > now())"""
HELD_BACK = f"(c.state = 'OPEN' AND c.opened_until > now() OR c.state = 'HALF_OPEN' AND {PROBED})"


class Circuit(Enum):
    """Whether jobs go to an engine: all, none, one to try it."""

    CLOSED = "CLOSED"
    OPEN = "OPEN"
    HALF_OPEN = "HALF_OPEN"


@dataclass(frozen=True, slots=True)
class Fault:
    """What a failure did to the circuit: until when it is open (None: it is not), and whether it was this one that opened it."""

    open_until: datetime | None = None
    opened: bool = False


async def held_back(engines: Sequence[str]) -> set[str]:
    """Those of the engines that no job goes to now."""
    rows = await fetch(
        f"SELECT c.engine FROM engine_circuits c WHERE c.engine = ANY($1) AND {HELD_BACK}", list(engines)
    )
    return {row["engine"] for row in rows}


async def open_until(engine: str) -> datetime | None:
    """Until when no job goes to the engine; None while its circuit is not open."""
    found: datetime | None = await fetch_value(
        "SELECT opened_until FROM engine_circuits WHERE engine = $1 AND state = 'OPEN' AND opened_until > now()", engine
    )
    return found


async def enter(engine: str, job_id: int) -> bool:
    """Whether this job may go to the engine now; where the engine is only being tried, it is this job that tries it.

    The caller makes the job run in the same transaction.
    """
    # Held first, asked then: whoever waited for the row has to see the job that was let through meanwhile.
    row = await fetch_one("SELECT state FROM engine_circuits WHERE engine = $1 FOR UPDATE", engine)
    if row is None or Circuit(row["state"]) is Circuit.CLOSED:
        return True
    taken = await fetch(
        f"""UPDATE engine_circuits c SET state = 'HALF_OPEN', probe_id = $2 WHERE engine = $1 AND NOT {HELD_BACK}
        RETURNING engine""",
        engine,
        job_id,
    )
    return bool(taken)


async def failed(engine: str, reason: str, retry_after: float | None = None) -> Fault:
    """Count a failure of the engine itself; `retry_after` are the seconds it asked to be left alone."""
    await fetch("INSERT INTO engine_circuits (engine) VALUES ($1) ON CONFLICT DO NOTHING", engine)
    row = await fetch_one(
        "SELECT *, opened_until > now() AS waiting FROM engine_circuits WHERE engine = $1 FOR UPDATE", engine
    )
    assert row is not None  # the row was made above
    state = Circuit(row["state"])
    opens = state is not Circuit.CLOSED or row["failures"] + 1 >= FAILURES_TO_OPEN or retry_after is not None
    if not opens:
        await fetch("UPDATE engine_circuits SET failures = failures + 1 WHERE engine = $1", engine)
        return Fault()
    # A job that was under way when it opened makes it no longer than it is, unless the engine says so.
    late = state is Circuit.OPEN and row["waiting"]
    pause = 0.0 if late else min(OPEN_SECONDS * 2.0 ** min(row["openings"], 10), LONGEST_OPEN_SECONDS)
    until: datetime = await fetch_value(
        """UPDATE engine_circuits SET state = 'OPEN', failures = failures + 1, openings = openings + $2, probe_id = NULL,
            reason = $3, opened_until = greatest(opened_until, now() + make_interval(secs => $4)) WHERE engine = $1
        RETURNING opened_until""",
        engine,
        0 if late else 1,
        reason,
        max(pause, min(retry_after or 0.0, LONGEST_ASKED_SECONDS)),
    )
    return Fault(until, opened=not late)


async def worked(engine: str) -> None:
    """The engine has made something: jobs go to it again."""
    await fetch(
        """UPDATE engine_circuits SET state = 'CLOSED', failures = 0, openings = 0, opened_until = NULL, probe_id = NULL,
            reason = NULL WHERE engine = $1 AND (failures > 0 OR state <> 'CLOSED')""",
        engine,
    )
