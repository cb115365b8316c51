"""A job's timeline: what happened to it, one line each, written in the transaction that made it so.

Lines are numbered per job from 1 without a gap. A job has at most `MOST_LINES` of them besides those that `LASTING` names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import Enum

from asyncpg import Record

from models import node_id
from models.database import fetch, fetch_one
from models.job import Failure, JobState
from models.timeline import Window

MOST_LINES = 100
RESTING = "The engine is left alone for a while; the job waits for it."


class JobEntryKind(Enum):
    """What a line of a job's timeline says."""

    ASKED = "ASKED"
    QUEUED = "QUEUED"
    WAITING = "WAITING"
    STARTED = "STARTED"
    TAKEN = "TAKEN"
    OUTPUT_MADE = "OUTPUT_MADE"
    OUTPUT_FAILED = "OUTPUT_FAILED"
    OUTPUT_BLOCKED = "OUTPUT_BLOCKED"
    OUTPUT_HELD = "OUTPUT_HELD"
    GIVEN_BACK = "GIVEN_BACK"
    CANCEL_REQUESTED = "CANCEL_REQUESTED"
    IN_REVIEW = "IN_REVIEW"
    ENDED = "ENDED"
    REFUNDED = "REFUNDED"


LASTING = (JobEntryKind.IN_REVIEW, JobEntryKind.ENDED, JobEntryKind.REFUNDED)
"""What is written however long the timeline is; there are few of them in any job."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its kind, and what belongs to that kind.

    `attempt` and `lease` (the first characters of its token) with STARTED and GIVEN_BACK; `output` is the index of a picture;
    `state` is what the job ENDED in; `code` … `categories` say what went wrong; `until` is when an attempt is made again at
    the earliest; `credits` is what was REFUNDED.
    """

    kind: JobEntryKind
    attempt: int | None = None
    lease: str | None = None
    output: int | None = None
    state: str | None = None
    code: str | None = None
    message: str | None = None
    stage: str | None = None
    categories: tuple[str, ...] = ()
    until: datetime | None = None
    credits: int | None = None


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A line where it stands: its number, the job's version that came with it, and when that was."""

    id: int
    sequence: int
    version: int
    at: datetime
    line: Line

    @property
    def gid(self) -> str:
        """The global id."""
        return node_id.encode("entry", self.id)

    @property
    def kind(self) -> JobEntryKind:
        """What it says."""
        return self.line.kind

    @property
    def attempt(self) -> int | None:
        """Which attempt it speaks of."""
        return self.line.attempt

    @property
    def lease(self) -> str | None:
        """The beginning of a lease's token."""
        return self.line.lease

    @property
    def output_index(self) -> int | None:
        """Which picture it speaks of."""
        return self.line.output

    @property
    def state(self) -> JobState | None:
        """What the job ended in."""
        return None if self.line.state is None else JobState(self.line.state)

    @property
    def until(self) -> datetime | None:
        """When an attempt is made again at the earliest."""
        return self.line.until

    @property
    def credits(self) -> int | None:
        """What was refunded."""
        return self.line.credits

    @property
    def failure(self) -> Failure | None:
        """What went wrong."""
        line = self.line
        if line.code is None:
            return None
        return Failure(line.code, line.message or RESTING, line.stage, line.categories)


async def note(job_id: int, *lines: Line) -> None:
    """Add lines to a job's timeline. The caller holds the job's row in this transaction."""
    await fetch(
        """INSERT INTO generation_job_entries (job_id, sequence, version, kind, data)
        SELECT $1, base.count + row_number() OVER (ORDER BY told.place), base.version, told.kind, told.data
        FROM (SELECT j.version, coalesce((SELECT max(e.sequence) FROM generation_job_entries e WHERE e.job_id = $1), 0) AS count
            FROM generation_jobs j WHERE j.id = $1) AS base,
        unnest($2::text[], $3::jsonb[]) WITH ORDINALITY AS told (kind, data, place)
        WHERE told.kind = ANY($4::text[]) OR base.count + told.place <= $5""",
        job_id,
        [line.kind.value for line in lines],
        [_data(line) for line in lines],
        [kind.value for kind in LASTING],
        MOST_LINES,
    )


def _data(line: Line) -> dict[str, object]:
    found = {name: value for name, value in asdict(line).items() if value not in (None, ()) and name != "kind"}
    return found | ({"until": line.until.isoformat()} if line.until is not None else {})


async def entries(job_id: int, owner_id: int, window: Window) -> Sequence[EntryRow]:
    """The lines of a job of this owner's in a window over their numbers, oldest first; none of anybody else's job."""
    rows = await fetch(
        f"""SELECT e.* FROM generation_job_entries e JOIN generation_jobs j ON j.id = e.job_id
        WHERE e.job_id = $1 AND j.owner_id = $2 AND e.sequence < $3 AND e.sequence > $4
        ORDER BY e.sequence {window.direction} LIMIT $5""",
        job_id,
        owner_id,
        min(window.older_than, 2**31 - 1),
        min(window.newer_than, 2**31 - 1),
        window.limit,
    )
    return sorted(map(_row, rows), key=lambda row: row.sequence)


async def entry_of(viewer_id: int, number: int) -> EntryRow | None:
    """The line with this number of a job of this viewer's own, None for anything else."""
    row = await fetch_one(
        """SELECT e.* FROM generation_job_entries e JOIN generation_jobs j ON j.id = e.job_id
        WHERE e.id = $1 AND j.owner_id = $2""",
        number,
        viewer_id,
    )
    return None if row is None else _row(row)


def _row(row: Record) -> EntryRow:
    return EntryRow(row["id"], row["sequence"], row["version"], row["at"], _line(row["kind"], row["data"]))


def _line(kind: str, data: dict[str, object]) -> Line:
    def text(name: str) -> str | None:
        found = data.get(name)
        return found if isinstance(found, str) else None

    def number(name: str) -> int | None:
        found = data.get(name)
        return found if isinstance(found, int) else None

    categories, until = data.get("categories"), text("until")
    return Line(
        JobEntryKind(kind),
        attempt=number("attempt"),
        lease=text("lease"),
        output=number("output"),
        state=text("state"),
        code=text("code"),
        message=text("message"),
        stage=text("stage"),
        categories=tuple(map(str, categories)) if isinstance(categories, Iterable) else (),
        until=datetime.fromisoformat(until) if until else None,
        credits=number("credits"),
    )
