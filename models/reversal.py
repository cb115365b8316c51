"""Reversals: an action is undone by another, which says so."""

from __future__ import annotations

from asyncpg import Record

from models import audit, decision, label, standing, takedown, taken_picture
from models.audit import ModerationLogKind
from models.database import fetch, fetch_value
from models.moderation_action import ModerationActionKind
from models.report import ReportReason
from models.subject import ReportSubjectKind, Subject


async def undo(moderator_id: int, row: Record, note: str, decision_id: int | None = None) -> int:
    """Undo an action that stands, as this moderator; the new action's id. The caller holds the transaction and the case.

    `decision_id` is the reversal that was decided, where this one follows from it.
    """
    action_id = row["id"]
    kind, subject = (
        ModerationActionKind(row["kind"]),
        Subject(ReportSubjectKind(row["subject_kind"]), row["subject_id"]),
    )
    kept = await fetch_value("SELECT undo FROM moderation_undo WHERE action_id = $1", action_id) or {}
    if kind is ModerationActionKind.SUSPEND:
        await standing.restore(row["person_id"])
    elif kind is ModerationActionKind.LIMIT and subject.kind is ReportSubjectKind.USER:
        await standing.unlimit(row["person_id"])
    elif kind is ModerationActionKind.LABEL:
        await label.take_off(subject, kept)
    elif subject.kind is ReportSubjectKind.POST and kind is not ModerationActionKind.WARN:
        await takedown.reopen_post(subject.id, kept)
    elif subject.kind is ReportSubjectKind.MESSAGE and kind is not ModerationActionKind.WARN:
        await takedown.restore_message(subject.id, kept)
    elif subject.kind is ReportSubjectKind.IMAGE and kind is not ModerationActionKind.WARN:
        await taken_picture.give_back(subject.id, kept)
    await fetch("DELETE FROM moderation_undo WHERE action_id = $1", action_id)
    rule, person_id = ReportReason(row["rule"]), row["person_id"]
    number = await decision.put(
        row["case_id"],
        ModerationActionKind.REVERSE,
        subject,
        person_id,
        moderator_id,
        rule,
        note,
        about_id=action_id,
        decision_id=decision_id,
    )
    await audit.note(
        moderator_id,
        ModerationLogKind.REVERSED,
        case_id=row["case_id"],
        action_id=action_id,
        person_id=person_id,
        detail=f"{kind.value} {subject.kind.value}",
    )
    return number
