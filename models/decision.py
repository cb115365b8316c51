"""Decisions: an action written down, and whom it concerns told of it and written to.

There is one letter for each decision and person, however many of their pictures it follows. It goes to a confirmed address alone, and
says what the person reads under `moderationActions`; what it says is found when it is sent. What a rule holds until somebody decides
is no decision yet.
"""

from __future__ import annotations

from models import letter
from models.database import fetch, fetch_one, fetch_value
from models.event import Kind, record
from models.letter import LetterKind
from models.moderation_action import NOT_TOLD, ModerationActionKind
from models.report import ReportReason
from models.subject import Subject

HOURS_GOOD = 72  # of a letter: a mail server may be away for a weekend
WRITTEN = frozenset(ModerationActionKind) - NOT_TOLD - {ModerationActionKind.LABEL}
"""What letters tell of; of a label only what came of an appeal."""


async def put(
    case_id: int,
    kind: ModerationActionKind,
    subject: Subject,
    person_id: int,
    moderator_id: int | None,
    rule: ReportReason,
    note: str,
    *,
    strikes: int = 0,
    label: str | None = None,
    root_id: int | None = None,
    about_id: int | None = None,
    rule_id: int | None = None,
    decision_id: int | None = None,
) -> int:
    """Write an action down, and tell whom it concerns; its id. The caller holds the transaction, and carries it out.

    `decision_id` is the action that was decided, where this one follows from it.
    """
    number = int(
        await fetch_value(
            """INSERT INTO moderation_actions (case_id, root_id, about_id, kind, subject_kind, subject_id, person_id, moderator_id,
                rule, note, strikes, label, automod_rule_id)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id""",
            case_id,
            root_id,
            about_id,
            kind.value,
            subject.kind.value,
            subject.id,
            person_id,
            moderator_id,
            rule.value,
            note,
            strikes,
            label,
            rule_id,
        )
    )
    if kind not in NOT_TOLD:
        await record(Kind.MODERATED, [f"moderated:{person_id}"], user_id=person_id, subject_id=number)
    if kind in WRITTEN and moderator_id is not None:
        await _write(person_id, number, kind, about_id, decision_id or root_id or number)
    return number


async def _write(
    person_id: int, number: int, kind: ModerationActionKind, about_id: int | None, decision_id: int
) -> None:
    suspends = kind is ModerationActionKind.SUSPEND
    if about_id is not None:
        about = await fetch_one(
            """SELECT a.kind, a.moderator_id, EXISTS (SELECT 1 FROM appeals p WHERE p.action_id = a.id AND p.state = 'OPEN') AS appealed
            FROM moderation_actions a WHERE a.id = $1""",
            about_id,
        )
        if about is None:
            return
        suspends = about["kind"] == ModerationActionKind.SUSPEND.value
        written = ModerationActionKind(about["kind"]) in WRITTEN and about["moderator_id"] is not None
        if not written and not about["appealed"]:
            return
    facts: dict[str, object] = {"action": str(number)}
    if await _is_written_to(person_id, always=suspends):
        await letter.put_kind(person_id, LetterKind.DECISION, facts, key=str(decision_id), hours=HOURS_GOOD)


async def _is_written_to(person_id: int, *, always: bool) -> bool:
    return bool(
        await fetch(
            """SELECT 1 FROM credentials c LEFT JOIN preferences p ON p.user_id = c.user_id
            WHERE c.user_id = $1 AND c.confirmed_at IS NOT NULL AND ($2 OR coalesce(p.decision_mail, true))""",
            person_id,
            always,
        )
    )


async def by_command(person_id: int, *, suspended: bool) -> None:
    """Write to somebody whose account whoever runs this place suspended, or gave back. The caller holds the transaction."""
    if await _is_written_to(person_id, always=True):
        key = f"command:{await fetch_value('SELECT fresque_id()')}"
        facts: dict[str, object] = {"suspended": suspended}
        await letter.put_kind(person_id, LetterKind.DECISION, facts, key=key, hours=HOURS_GOOD)
