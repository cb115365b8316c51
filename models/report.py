"""Reports: somebody hands a thing to the desk. The reported never learn of it; the reporter sees what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from asyncpg import Record

from errors import BadInput, Conflict, QuotaExceeded
from models import evidence, facet, moderation_case, node_id
from models.database import fetch, fetch_one, fetch_value
from models.subject import ReportSubjectKind, Subject
from models.timeline import Window

LONGEST_NOTE = 1_000
MOST_A_DAY = 50


class ReportReason(Enum):
    """Which rule a thing breaks."""

    SPAM = "SPAM"
    HARASSMENT = "HARASSMENT"
    HATE = "HATE"
    VIOLENCE = "VIOLENCE"
    SELF_HARM = "SELF_HARM"
    SEXUAL_CONTENT = "SEXUAL_CONTENT"
    INTIMATE_IMAGERY = "INTIMATE_IMAGERY"
    DEEPFAKE = "DEEPFAKE"
    CHILD_SAFETY = "CHILD_SAFETY"
    IMPERSONATION = "IMPERSONATION"
    COPYRIGHT = "COPYRIGHT"
    PRIVATE_INFORMATION = "PRIVATE_INFORMATION"
    OTHER = "OTHER"


class ReportState(Enum):
    """What came of a report."""

    OPEN = "OPEN"
    ACTED = "ACTED"
    DISMISSED = "DISMISSED"


URGENCY = {
    ReportReason.CHILD_SAFETY: 2,
    ReportReason.INTIMATE_IMAGERY: 2,
    ReportReason.SELF_HARM: 2,
    ReportReason.DEEPFAKE: 1,
    ReportReason.VIOLENCE: 1,
    ReportReason.PRIVATE_INFORMATION: 1,
}
"""How soon somebody is to look: 2 at once, 1 before the rest; 0 for all else."""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report as its reporter and the desk see it."""

    id: int
    case_id: int
    reporter_id: int
    subject: Subject
    reason: ReportReason
    note: str
    state: ReportState
    created_at: datetime
    closed_at: datetime | None

    @property
    def gid(self) -> str:
        """The global id."""
        return node_id.encode("report", self.id)


def _row(row: Record) -> ReportRow:
    return ReportRow(
        row["id"],
        row["case_id"],
        row["reporter_id"],
        Subject(ReportSubjectKind(row["subject_kind"]), row["subject_id"]),
        ReportReason(row["reason"]),
        row["note"],
        ReportState(row["state"]),
        row["created_at"],
        row["closed_at"],
    )


def checked_note(text: str, longest: int = LONGEST_NOTE, path: str = "note") -> str:
    """A note as it is stored. Raises BadInput when it is too long."""
    kept = facet.kept(text, longest, longest * 12)
    if kept is None:
        raise BadInput(f"At most {longest:,} characters.", [path])
    return kept


async def hand_in(reporter_id: int, subject: Subject, reason: ReportReason, note: str) -> int:
    """Report something; gives the report's id. The caller holds the transaction.

    Raises NotFound for what the reporter does not see, BadInput (one's own, a note that is missing or too long), Conflict while
    their last report of the same is open, QuotaExceeded after `MOST_A_DAY` in 24 hours.
    """
    kept = checked_note(note)
    found = await evidence.gather(reporter_id, subject)
    if found.person_id == reporter_id:
        raise BadInput("This is your own. You can delete it.")
    if reason is ReportReason.OTHER and not kept:
        raise BadInput("Say what is wrong.", ["note"])
    await fetch("SELECT pg_advisory_xact_lock(hashtextextended('reports of ' || $1::bigint, 0))", reporter_id)
    if await fetch(
        "SELECT 1 FROM reports WHERE reporter_id = $1 AND subject_kind = $2 AND subject_id = $3 AND state = 'OPEN'",
        reporter_id,
        subject.kind.value,
        subject.id,
    ):
        raise Conflict("You have reported this already; somebody will look at it.")
    lately = await fetch_value(
        "SELECT count(*) FROM reports WHERE reporter_id = $1 AND created_at > now() - interval '24 hours'", reporter_id
    )
    if lately >= MOST_A_DAY:
        raise QuotaExceeded(f"At most {MOST_A_DAY} reports in 24 hours. For an emergency, turn to the authorities.")
    case_id = await moderation_case.open_case(subject, found, URGENCY.get(reason, 0), reports=1)
    return int(
        await fetch_value(
            """INSERT INTO reports (case_id, reporter_id, subject_kind, subject_id, reason, note)
            VALUES ($1, $2, $3, $4, $5, $6) RETURNING id""",
            case_id,
            reporter_id,
            subject.kind.value,
            subject.id,
            reason.value,
            kept,
        )
    )


async def report_of(reporter_id: int, number: int) -> ReportRow | None:
    """A report of one's own."""
    row = await fetch_one("SELECT * FROM reports WHERE id = $1 AND reporter_id = $2", number, reporter_id)
    return None if row is None else _row(row)


async def reports_of(reporter_id: int, numbers: Sequence[int]) -> dict[int, ReportRow]:
    """Those of these reports that are somebody's own."""
    rows = await fetch(
        "SELECT * FROM reports WHERE id = ANY($1::bigint[]) AND reporter_id = $2", list(numbers), reporter_id
    )
    return {row["id"]: _row(row) for row in rows}


async def reports_by(reporter_id: int, window: Window) -> list[ReportRow]:
    """Somebody's own reports, newest first."""
    rows = await fetch(
        f"SELECT * FROM reports WHERE reporter_id = $1 AND id < $2 AND id > $3 ORDER BY id {window.direction} LIMIT $4",
        reporter_id,
        window.older_than,
        window.newer_than,
        window.limit,
    )
    return sorted((_row(row) for row in rows), key=lambda row: -row.id)


async def reports_in(case_id: int, window: Window) -> list[ReportRow]:
    """The reports of a case, newest first."""
    rows = await fetch(
        f"SELECT * FROM reports WHERE case_id = $1 AND id < $2 AND id > $3 ORDER BY id {window.direction} LIMIT $4",
        case_id,
        window.older_than,
        window.newer_than,
        window.limit,
    )
    return sorted((_row(row) for row in rows), key=lambda row: -row.id)
