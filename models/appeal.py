"""Appeals: whom an action concerns says once why it was wrong, and somebody else than who acted decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from asyncpg import Record

from errors import BadInput, Conflict, Forbidden, NotFound
from models import moderation, moderation_action, node_id, report
from models.database import fetch, fetch_one, fetch_value
from models.moderation import APPEAL_DAYS, LONGEST_NOTE
from models.moderation_action import NEVER_UNDONE
from models.timeline import Window

LONGEST_APPEAL = 2_000


class AppealState(Enum):
    """What came of an appeal."""

    OPEN = "OPEN"
    UPHELD = "UPHELD"
    GRANTED = "GRANTED"


@dataclass(frozen=True, slots=True)
class AppealRow:
    """An appeal as the person concerned and the desk see it."""

    id: int
    action_id: int
    person_id: int
    text: str
    state: AppealState
    answer: str
    created_at: datetime
    decided_at: datetime | None

    @property
    def gid(self) -> str:
        """The global id."""
        return node_id.encode("appeal", self.id)


def _row(row: Record) -> AppealRow:
    return AppealRow(
        row["id"],
        row["action_id"],
        row["person_id"],
        row["text"],
        AppealState(row["state"]),
        row["answer"],
        row["created_at"],
        row["decided_at"],
    )


async def make(person_id: int, action_id: int, text: str) -> int:
    """Appeal against an action that concerns oneself; the appeal's id. The caller holds the transaction.

    Raises NotFound, BadInput, Conflict (made before, undone, or too long ago).
    """
    found = (await moderation_action.told(person_id, [action_id])).get(action_id)
    if found is None:
        raise NotFound("There is no such action.", ["actionId"])
    if found.kind in NEVER_UNDONE:
        raise BadInput("This cannot be appealed.", ["actionId"])
    kept = report.checked_note(text, LONGEST_APPEAL, "text")
    if not kept:
        raise BadInput("Say why this was wrong.", ["text"])
    if found.reversed_at is not None:
        raise Conflict("This is undone already.", ["actionId"])
    number = await fetch_value(
        """INSERT INTO appeals (action_id, person_id, text) SELECT $1, $2, $3 FROM moderation_actions a
        WHERE a.id = $1 AND a.created_at > now() - make_interval(days => $4) ON CONFLICT (action_id) DO NOTHING RETURNING id""",
        action_id,
        person_id,
        kept,
        APPEAL_DAYS,
    )
    if number is None:
        raise Conflict(f"An action is appealed once, within {APPEAL_DAYS} days.", ["actionId"])
    return int(number)


async def appeal(number: int) -> AppealRow | None:
    """An appeal by its number; who may see it is the caller's question."""
    row = await fetch_one("SELECT * FROM appeals WHERE id = $1", number)
    return None if row is None else _row(row)


async def of_action(action_id: int) -> AppealRow | None:
    """The appeal against an action."""
    row = await fetch_one("SELECT * FROM appeals WHERE action_id = $1", action_id)
    return None if row is None else _row(row)


async def waiting(viewer_id: int, window: Window) -> list[AppealRow]:
    """Open appeals of others, oldest first."""
    rows = await fetch(
        f"""SELECT * FROM appeals WHERE state = 'OPEN' AND person_id <> $1 AND id < $2 AND id > $3
        ORDER BY id {window.direction} LIMIT $4""",
        viewer_id,
        window.older_than,
        window.newer_than,
        window.limit,
    )
    return sorted((_row(row) for row in rows), key=lambda row: row.id)


async def how_many(viewer_id: int) -> int:
    """How many open appeals of others there are."""
    return int(await fetch_value("SELECT count(*) FROM appeals WHERE state = 'OPEN' AND person_id <> $1", viewer_id))


async def decide(moderator_id: int, number: int, *, grant: bool, answer: str) -> None:
    """Undo what was appealed against, or let it stand. The caller holds the transaction.

    Raises NotFound, Forbidden to who acted, Conflict where it is decided.
    """
    row = await fetch_one("SELECT * FROM appeals WHERE id = $1 AND person_id <> $2 FOR UPDATE", number, moderator_id)
    if row is None:
        raise NotFound("There is no such appeal.", ["appealId"])
    if row["state"] != AppealState.OPEN.value:
        raise Conflict("This appeal is decided.", ["appealId"])
    about = await moderation_action.action(row["action_id"])
    if about is None:
        raise NotFound("There is no such appeal.", ["appealId"])
    if about.moderator_id == moderator_id:
        raise Forbidden("Another moderator decides about what you did.", ["appealId"])
    kept = report.checked_note(answer, LONGEST_NOTE, "answer")
    if grant and about.reversed_at is None:
        await moderation.reverse(moderator_id, about.id, kept)
    elif not grant:
        await moderation.uphold(moderator_id, about, kept)
    await fetch(
        "UPDATE appeals SET state = $2, answer = $3, decided_by = $4, decided_at = now() WHERE id = $1",
        number,
        AppealState.GRANTED.value if grant else AppealState.UPHELD.value,
        kept,
        moderator_id,
    )
