"""Actions of moderators as they are read: what can be done, what each counts, and whom it is told to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from asyncpg import Record

from models import moderation_case, node_id
from models.database import fetch, fetch_one, fetch_value
from models.report import ReportReason
from models.subject import ReportSubjectKind, Subject
from models.timeline import Window


class ModerationActionKind(Enum):
    """What is done. REVERSE and UPHOLD are about another action."""

    DISMISS = "DISMISS"
    WARN = "WARN"
    LABEL = "LABEL"
    LIMIT = "LIMIT"
    HIDE = "HIDE"
    REMOVE = "REMOVE"
    SUSPEND = "SUSPEND"
    REVERSE = "REVERSE"
    UPHOLD = "UPHOLD"


STRIKES = {
    ModerationActionKind.WARN: 1,
    ModerationActionKind.LIMIT: 1,
    ModerationActionKind.REMOVE: 2,
    ModerationActionKind.SUSPEND: 4,
}
"""What an action counts against whom it concerns; all else nothing. What follows it down a remix tree counts nothing either."""

ALLOWED = {
    ReportSubjectKind.POST: frozenset(ModerationActionKind)
    - {ModerationActionKind.REVERSE, ModerationActionKind.UPHOLD},
    ReportSubjectKind.USER: frozenset(
        {
            ModerationActionKind.DISMISS,
            ModerationActionKind.WARN,
            ModerationActionKind.LABEL,
            ModerationActionKind.LIMIT,
            ModerationActionKind.SUSPEND,
        }
    ),
    ReportSubjectKind.IMAGE: frozenset(
        {
            ModerationActionKind.DISMISS,
            ModerationActionKind.WARN,
            ModerationActionKind.LABEL,
            ModerationActionKind.REMOVE,
            ModerationActionKind.SUSPEND,
        }
    ),
    ReportSubjectKind.MESSAGE: frozenset(
        {
            ModerationActionKind.DISMISS,
            ModerationActionKind.WARN,
            ModerationActionKind.REMOVE,
            ModerationActionKind.SUSPEND,
        }
    ),
}
NOT_TOLD = frozenset({ModerationActionKind.DISMISS})
"""What the person concerned is not told of, and cannot appeal."""
NEVER_UNDONE = NOT_TOLD | {ModerationActionKind.REVERSE, ModerationActionKind.UPHOLD}


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An action. `moderator_id` and `automod_rule_id` are for the desk alone; one of them is set."""

    id: int
    case_id: int
    root_id: int | None
    about_id: int | None
    kind: ModerationActionKind
    subject: Subject
    person_id: int
    moderator_id: int | None
    rule: ReportReason
    note: str
    strikes: int
    label: str | None
    created_at: datetime
    reversed_at: datetime | None
    automod_rule_id: int | None

    @property
    def is_automatic(self) -> bool:
        """Whether a rule did it, and nobody."""
        return self.moderator_id is None

    @property
    def gid(self) -> str:
        """The global id."""
        return node_id.encode("action", self.id)


ACTIONS = """SELECT a.*, (SELECT r.created_at FROM moderation_actions r WHERE r.about_id = a.id AND r.kind = 'REVERSE') AS reversed_at
    FROM moderation_actions a"""


def _row(row: Record) -> ActionRow:
    return ActionRow(
        row["id"],
        row["case_id"],
        row["root_id"],
        row["about_id"],
        ModerationActionKind(row["kind"]),
        Subject(ReportSubjectKind(row["subject_kind"]), row["subject_id"]),
        row["person_id"],
        row["moderator_id"],
        ReportReason(row["rule"]),
        row["note"],
        row["strikes"],
        row["label"],
        row["created_at"],
        row["reversed_at"],
        row["automod_rule_id"],
    )


async def action(number: int) -> ActionRow | None:
    """An action by its number; who may see it is the caller's question."""
    row = await fetch_one(f"{ACTIONS} WHERE a.id = $1", number)
    return None if row is None else _row(row)


async def told(person_id: int, ids: Sequence[int]) -> dict[int, ActionRow]:
    """Those of these actions that concern somebody, as they are told."""
    rows = await fetch(
        f"{ACTIONS} WHERE a.id = ANY($1::bigint[]) AND a.person_id = $2 AND a.kind <> 'DISMISS'", list(ids), person_id
    )
    return {row["id"]: _row(row) for row in rows}


async def concerning(person_id: int, window: Window) -> list[ActionRow]:
    """What was done about somebody, newest first, without what they are not told."""
    rows = await fetch(
        f"""{ACTIONS} WHERE a.person_id = $1 AND a.id < $2 AND a.id > $3 AND a.kind <> 'DISMISS'
        ORDER BY a.id {window.direction} LIMIT $4""",
        person_id,
        window.older_than,
        window.newer_than,
        window.limit,
    )
    return sorted((_row(row) for row in rows), key=lambda row: -row.id)


async def in_case(case_id: int, window: Window) -> list[ActionRow]:
    """What was done in a case, newest first."""
    rows = await fetch(
        f"{ACTIONS} WHERE a.case_id = $1 AND a.id < $2 AND a.id > $3 ORDER BY a.id {window.direction} LIMIT $4",
        case_id,
        window.older_than,
        window.newer_than,
        window.limit,
    )
    return sorted((_row(row) for row in rows), key=lambda row: -row.id)


async def strikes_of(person_id: int) -> int:
    """How many strikes stand against somebody."""
    return int(await fetch_value(f"SELECT {moderation_case.STRIKES.format(person='$1::bigint')}", person_id))
