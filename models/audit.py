"""The log of all that is done at the desk. The database refuses to change a line or take one out, and nothing here asks it to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from models.database import fetch
from models.timeline import Window


class ModerationLogKind(Enum):
    """What was done."""

    OPENED = "OPENED"
    ASSIGNED = "ASSIGNED"
    UNASSIGNED = "UNASSIGNED"
    NOTED = "NOTED"
    ACTED = "ACTED"
    REVERSED = "REVERSED"
    UPHELD = "UPHELD"
    HELD_DECIDED = "HELD_DECIDED"
    ROLE = "ROLE"
    RULE = "RULE"
    MATCHED = "MATCHED"
    TREE_TAKEN = "TREE_TAKEN"
    TREE_RETURNED = "TREE_RETURNED"


@dataclass(frozen=True, slots=True)
class LogRow:
    """One line. `actor_id` None: whoever runs this place, by command, or an automod rule."""

    id: int
    at: datetime
    actor_id: int | None
    kind: ModerationLogKind
    case_id: int | None
    action_id: int | None
    person_id: int | None
    detail: str


async def note(
    actor_id: int | None,
    kind: ModerationLogKind,
    *,
    case_id: int | None = None,
    action_id: int | None = None,
    person_id: int | None = None,
    detail: str = "",
) -> None:
    """Write down what was done, in the transaction that does it."""
    await fetch(
        "INSERT INTO moderation_log (actor_id, kind, case_id, action_id, person_id, detail) VALUES ($1, $2, $3, $4, $5, $6)",
        actor_id,
        kind.value,
        case_id,
        action_id,
        person_id,
        detail,
    )


async def lines(viewer_id: int, window: Window) -> list[LogRow]:
    """Lines of the log, newest first, without what was done about the viewer: they are not told who did it."""
    rows = await fetch(
        f"""SELECT * FROM moderation_log WHERE id < $1 AND id > $2 AND (person_id IS DISTINCT FROM $4 OR kind = 'ROLE')
        ORDER BY id {window.direction} LIMIT $3""",
        window.older_than,
        window.newer_than,
        window.limit,
        viewer_id,
    )
    found = [
        LogRow(
            row["id"],
            row["at"],
            row["actor_id"],
            ModerationLogKind(row["kind"]),
            row["case_id"],
            row["action_id"],
            row["person_id"],
            row["detail"],
        )
        for row in rows
    ]
    return sorted(found, key=lambda line: -line.id)
