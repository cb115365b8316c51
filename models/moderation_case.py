"""Cases: one per thing that is looked at, gathering its reports. The queue has the urgent ones first, then the oldest.

Whoever a case concerns never has it, whatever their role.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from asyncpg import Record

from errors import BadInput, Conflict, NotFound
from models import audit, evidence, facet, node_id
from models.audit import ModerationLogKind
from models.database import fetch, fetch_one, fetch_value
from models.event import Kind, record
from models.evidence import Evidence
from models.subject import ReportSubjectKind, Subject
from models.timeline import Window

LONGEST_CASE_NOTE = 2_000
MOST_NOTES = 100
STRIKE_DAYS = 365
PLACE = "((2 - urgency)::bigint << 50 | number)"


class ModerationCaseState(Enum):
    """Whether somebody has decided."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as the desk sees it. `place` is its key in the queue."""

    id: int
    place: int
    number: int
    subject: Subject
    person_id: int
    handle: str
    urgency: int
    state: ModerationCaseState
    report_count: int
    assignee_id: int | None
    said: Sequence[dict[str, Any]]
    strikes: int
    reasons: Sequence[str]
    created_at: datetime
    closed_at: datetime | None

    @property
    def gid(self) -> str:
        """The global id."""
        return node_id.encode("case", self.id)


@dataclass(frozen=True, slots=True)
class NoteRow:
    """What a moderator wrote to the others about a case."""

    id: int
    author_id: int
    text: str
    created_at: datetime


STRIKES = f"""(SELECT coalesce(sum(a.strikes), 0)::int FROM moderation_actions a WHERE a.person_id = {{person}}
    AND a.created_at > now() - interval '{STRIKE_DAYS} days'
    AND NOT EXISTS (SELECT 1 FROM moderation_actions r WHERE r.about_id = a.id AND r.kind = 'REVERSE'))"""
"""How many strikes stand against somebody: of the last year, and not reversed."""

_CASES = f"""SELECT c.*, {PLACE} AS place, u.handle, {STRIKES.format(person="c.person_id")} AS strikes,
    ARRAY(SELECT r.reason FROM reports r WHERE r.case_id = c.id UNION SELECT r.definition->>'reason' FROM automod_matches m
        JOIN automod_rules r ON r.id = m.rule_id WHERE m.case_id = c.id) AS reasons
    FROM moderation_cases c JOIN users u ON u.id = c.person_id"""


def _row(row: Record) -> CaseRow:
    return CaseRow(
        row["id"],
        row["place"],
        row["number"],
        Subject(ReportSubjectKind(row["subject_kind"]), row["subject_id"]),
        row["person_id"],
        row["handle"],
        row["urgency"],
        ModerationCaseState(row["state"]),
        row["report_count"],
        row["assignee_id"],
        row["evidence"],
        row["strikes"],
        sorted(row["reasons"]),
        row["created_at"],
        row["closed_at"],
    )


async def open_case(subject: Subject, found: Evidence, urgency: int, reports: int) -> int:
    """The open case of a thing, made where there is none, with what was handed over; its id. The caller holds the transaction."""
    number = int(
        await fetch_value(
            """INSERT INTO moderation_cases (subject_kind, subject_id, person_id, urgency, report_count) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (subject_kind, subject_id) WHERE state = 'OPEN' DO UPDATE SET
                urgency = greatest(moderation_cases.urgency, excluded.urgency),
                report_count = moderation_cases.report_count + excluded.report_count RETURNING id""",
            subject.kind.value,
            subject.id,
            found.person_id,
            urgency,
            reports,
        )
    )
    await evidence.keep(number, found)
    return number


async def open_by_moderator(moderator_id: int, subject: Subject) -> int:
    """The open case of something a moderator came across by themselves. Raises NotFound, BadInput for their own."""
    found = await evidence.gather(moderator_id, subject)
    if found.person_id == moderator_id:
        raise BadInput("Somebody else looks at what is yours.")
    number = await open_case(subject, found, 0, reports=0)
    await audit.note(moderator_id, ModerationLogKind.OPENED, case_id=number, person_id=found.person_id)
    return number


async def case_of(viewer_id: int, number: int) -> CaseRow | None:
    """A case that does not concern the viewer."""
    row = await fetch_one(f"{_CASES} WHERE c.id = $1 AND c.person_id <> $2", number, viewer_id)
    return None if row is None else _row(row)


async def queue(
    viewer_id: int,
    window: Window,
    *,
    state: ModerationCaseState = ModerationCaseState.OPEN,
    subject_kind: ReportSubjectKind | None = None,
    assignee_id: int | None = None,
    urgent: bool = False,
) -> list[CaseRow]:
    """Cases that do not concern the viewer: open ones urgent first and then oldest first, closed ones the newest first.

    The window is over `place` of open ones, over `number` of closed ones.
    """
    key = PLACE if state is ModerationCaseState.OPEN else "number"
    rows = await fetch(
        f"""{_CASES} WHERE c.state = '{state.value}' AND c.person_id <> $1 AND {key} < $2 AND {key} > $3
        AND ($5::text IS NULL OR c.subject_kind = $5) AND ($6::bigint IS NULL OR c.assignee_id = $6) AND (NOT $7::bool OR c.urgency > 0)
        ORDER BY {key} {window.direction} LIMIT $4""",
        viewer_id,
        window.older_than,
        window.newer_than,
        window.limit,
        None if subject_kind is None else subject_kind.value,
        assignee_id,
        urgent,
    )
    found = [_row(row) for row in rows]
    if state is ModerationCaseState.OPEN:
        return sorted(found, key=lambda row: row.place)
    return sorted(found, key=lambda row: -row.number)


async def waiting(viewer_id: int) -> int:
    """How many open cases there are that do not concern the viewer."""
    return int(
        await fetch_value("SELECT count(*) FROM moderation_cases WHERE state = 'OPEN' AND person_id <> $1", viewer_id)
    )


async def held(viewer_id: int, number: int) -> Record:
    """A case's row, locked for the rest of the transaction. Raises NotFound, also where it concerns the viewer."""
    row = await fetch_one(
        "SELECT * FROM moderation_cases WHERE id = $1 AND person_id <> $2 FOR UPDATE", number, viewer_id
    )
    if row is None:
        raise NotFound("There is no such case.", ["caseId"])
    return row


async def assign(moderator_id: int, number: int, *, to_me: bool) -> None:
    """Take a case, from whoever has it, or give it back to all. Raises NotFound, Conflict for a closed one."""
    row = await held(moderator_id, number)
    if row["state"] != ModerationCaseState.OPEN.value:
        raise Conflict("This case is closed.", ["caseId"])
    wanted = moderator_id if to_me else None
    if row["assignee_id"] != wanted:
        await fetch("UPDATE moderation_cases SET assignee_id = $2 WHERE id = $1", number, wanted)
        kind = ModerationLogKind.ASSIGNED if to_me else ModerationLogKind.UNASSIGNED
        await audit.note(moderator_id, kind, case_id=number, person_id=row["person_id"])


async def add_note(moderator_id: int, number: int, text: str) -> None:
    """Write something about a case to the other moderators. Raises NotFound, BadInput, Conflict when there are too many."""
    kept = facet.kept(text, LONGEST_CASE_NOTE, LONGEST_CASE_NOTE * 12)
    if not kept:
        raise BadInput(f"A note has 1 to {LONGEST_CASE_NOTE:,} characters.", ["text"])
    row = await held(moderator_id, number)
    if await fetch_value("SELECT count(*) FROM case_notes WHERE case_id = $1", number) >= MOST_NOTES:
        raise Conflict(f"A case has at most {MOST_NOTES} notes.", ["caseId"])
    await fetch("INSERT INTO case_notes (case_id, author_id, text) VALUES ($1, $2, $3)", number, moderator_id, kept)
    await audit.note(moderator_id, ModerationLogKind.NOTED, case_id=number, person_id=row["person_id"])


async def notes(case_id: int) -> list[NoteRow]:
    """The notes of a case, oldest first."""
    rows = await fetch("SELECT * FROM case_notes WHERE case_id = $1 ORDER BY id LIMIT $2", case_id, MOST_NOTES)
    return [NoteRow(row["id"], row["author_id"], row["text"], row["created_at"]) for row in rows]


async def close(number: int, *, acted: bool) -> None:
    """Close a case with all its reports, of which those who made them are told; the caller holds it."""
    await fetch(
        "UPDATE moderation_cases SET state = 'CLOSED', closed_at = now() WHERE id = $1 AND state = 'OPEN'", number
    )
    decided = await fetch_value(
        """WITH decided AS (UPDATE reports SET state = $2, closed_at = now() WHERE case_id = $1 AND state = 'OPEN' RETURNING 1)
        SELECT count(*) FROM decided""",
        number,
        "ACTED" if acted else "DISMISSED",
    )
    if decided:
        await record(Kind.CASE_CLOSED, [f"case:{number}"], subject_id=number)
