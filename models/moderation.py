"""What moderators do: actions, each with its rule, its strikes and a line in the log, and reversals, which are actions too.

Rows of `moderation_actions` are only ever added. Whether an action stands is whether another reverses it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from asyncpg import Record

from errors import BadInput, Conflict, Forbidden, NotFound
from models import (
    audit,
    decision,
    label,
    moderation_case,
    report,
    reversal,
    role,
    standing,
    takedown,
    taken_picture,
    tree_takedown,
)
from models.audit import ModerationLogKind
from models.database import fetch, fetch_one
from models.held_down import Moderated
from models.label import LabelRow
from models.moderation_action import (
    ACTIONS,
    ALLOWED,
    NEVER_UNDONE,
    NOT_TOLD,
    STRIKES,
    ActionRow,
    ModerationActionKind,
)
from models.moderation_case import ModerationCaseState
from models.report import ReportReason
from models.role import Permission, Role
from models.subject import ReportSubjectKind, Subject

LONGEST_NOTE = 1_000
BY_RULES = frozenset({ModerationActionKind.LABEL, ModerationActionKind.HIDE})
_TAKES_DOWN = frozenset({ModerationActionKind.LIMIT, ModerationActionKind.HIDE, ModerationActionKind.REMOVE})
APPEAL_DAYS = 180


@dataclass(frozen=True, slots=True)
class Order:
    """What a moderator wants done about a case."""

    kind: ModerationActionKind
    rule: ReportReason
    note: str = ""
    label: LabelRow | None = None
    takes_pictures: bool = False
    bans: bool = False
    closes: bool = True


async def act(moderator_id: int, case_id: int, order: Order, most: int = tree_takedown.AT_ONCE) -> int:
    """Do something about a case; gives the action's id. The caller holds the transaction and has asked for the permission.

    Of a remix tree up to `most` pictures are taken here, the others soon after (`tree_takedown.step`).

    Raises NotFound, BadInput (a kind that this subject does not take, a label that is missing), Forbidden (about the team),
    Conflict (a closed case, a thing that is gone or held down already).
    """
    case = await moderation_case.held(moderator_id, case_id)
    subject = Subject(ReportSubjectKind(case["subject_kind"]), case["subject_id"])
    note = report.checked_note(order.note, LONGEST_NOTE)
    if order.kind not in ALLOWED[subject.kind]:
        raise BadInput("This cannot be done about such a thing.", ["kind"])
    if (order.kind is ModerationActionKind.LABEL) != (order.label is not None):
        raise BadInput("A label is given where the action is LABEL, and only there.", ["label"])
    if case["state"] != ModerationCaseState.OPEN.value:
        raise Conflict("This case is closed.", ["caseId"])
    await _check_team(moderator_id, case["person_id"], order.kind)
    if order.closes or order.kind in _TAKES_DOWN:
        await _let_go(moderator_id, case_id)
    number = await _carry_out(case, subject, moderator_id, order, note, most=most)
    detail = f"{order.kind.value} {subject.kind.value} {order.rule.value}"
    await audit.note(
        moderator_id,
        ModerationLogKind.ACTED,
        case_id=case_id,
        action_id=number,
        person_id=case["person_id"],
        detail=detail,
    )
    return number


async def act_by_rule(rule_id: int, case_id: int, order: Order) -> int:
    """Let an automod rule do something about an open case; the action's id. It counts no strike. The caller holds the transaction,
    and writes it into the log. Raises NotFound, BadInput, Conflict."""
    case = await fetch_one("SELECT * FROM moderation_cases WHERE id = $1 AND state = 'OPEN' FOR UPDATE", case_id)
    if case is None:
        raise NotFound("There is no such case.", ["caseId"])
    subject = Subject(ReportSubjectKind(case["subject_kind"]), case["subject_id"])
    if order.kind not in BY_RULES or order.kind not in ALLOWED[subject.kind]:
        raise BadInput("No rule does this.", ["kind"])
    return await _carry_out(case, subject, None, order, order.note, rule_id)


async def _carry_out(
    case: Record,
    subject: Subject,
    moderator_id: int | None,
    order: Order,
    note: str,
    rule_id: int | None = None,
    most: int = tree_takedown.AT_ONCE,
) -> int:
    case_id, person_id = case["id"], case["person_id"]
    number = await decision.put(
        case_id,
        order.kind,
        subject,
        person_id,
        moderator_id,
        order.rule,
        note,
        strikes=0 if moderator_id is None else STRIKES.get(order.kind, 0),
        label=None if order.label is None else order.label.value.value,
        rule_id=rule_id,
    )
    undo = await _do(number, person_id, subject, order, most)
    if undo is not None:
        await fetch("INSERT INTO moderation_undo (action_id, undo) VALUES ($1, $2::jsonb)", number, undo)
    if order.closes:
        await moderation_case.close(case_id, acted=order.kind is not ModerationActionKind.DISMISS)
    return number


async def _let_go(moderator_id: int, case_id: int) -> None:
    """End what rules hold until a moderator decides: whoever decides begins with the thing as it was."""
    for row in await fetch(f"{ACTIONS} WHERE a.case_id = $1 AND a.moderator_id IS NULL AND a.kind = 'HIDE'", case_id):
        if row["reversed_at"] is None:
            await reversal.undo(moderator_id, row, "")


async def _check_team(moderator_id: int, person_id: int, kind: ModerationActionKind) -> None:
    if kind in NOT_TOLD or await role.role_of(person_id) is Role.MEMBER:
        return
    if not await role.may(moderator_id, Permission.ACT_ON_TEAM):
        raise Forbidden("Administrators act about the team.", ["caseId"])


async def _do(number: int, person_id: int, subject: Subject, order: Order, most: int) -> dict[str, Any] | None:
    """Carry an action out; what is needed to undo it, None where that is written down."""
    if order.kind is ModerationActionKind.SUSPEND:
        if not await standing.suspend(person_id):
            raise Conflict("This account is suspended already.", ["kind"])
        return {}
    if order.kind is ModerationActionKind.LABEL and order.label is not None:
        return await label.put(subject, order.label, number)
    if order.kind is ModerationActionKind.LIMIT and subject.kind is ReportSubjectKind.USER:
        if not await standing.limit(person_id):
            raise Conflict("This account is limited already.", ["kind"])
        return {}
    if order.kind is ModerationActionKind.LIMIT:
        return await takedown.limit_post(subject.id)
    if order.kind is ModerationActionKind.HIDE:
        return await takedown.close_post(subject.id, Moderated.HIDDEN)
    if order.kind is not ModerationActionKind.REMOVE:
        return {}
    if subject.kind is ReportSubjectKind.MESSAGE:
        return await takedown.remove_message(subject.id)
    if subject.kind is ReportSubjectKind.POST:
        undo = await takedown.close_post(subject.id, Moderated.REMOVED)
        rows = await fetch("SELECT image_id FROM post_images WHERE post_id = $1", subject.id)
        pictures = [row["image_id"] for row in rows]
        if order.bans:
            for image_id in pictures:
                await taken_picture.ban_it(image_id, order.rule.value)
        if order.takes_pictures:
            await tree_takedown.begin(number, pictures, most)
        return undo
    if order.bans:
        await taken_picture.ban_it(subject.id, order.rule.value)
    if await taken_picture.standing_owner(subject.id) is None:
        raise Conflict("This picture is taken down already.", ["kind"])
    await tree_takedown.begin(number, [subject.id], most)
    return None


async def reverse(moderator_id: int, action_id: int, note: str, most: int = tree_takedown.AT_ONCE) -> int:
    """Undo an action, as a new one; gives its id. What followed from it down a remix tree is undone, too, as far as it
    stands: up to `most` pictures here, the others soon after.

    Raises NotFound, Conflict where it is undone, BadInput.
    """
    row = await fetch_one(f"{ACTIONS} WHERE a.id = $1 AND a.person_id <> $2", action_id, moderator_id)
    if row is None:
        raise NotFound("There is no such action.", ["actionId"])
    await fetch("SELECT pg_advisory_xact_lock(hashtextextended('case ' || $1::bigint, 0))", row["case_id"])
    kept = report.checked_note(note, LONGEST_NOTE)
    if ModerationActionKind(row["kind"]) in NEVER_UNDONE:
        raise BadInput("There is nothing to undo in this.", ["actionId"])
    if await fetch("SELECT 1 FROM moderation_actions WHERE about_id = $1 AND kind = 'REVERSE'", action_id):
        raise Conflict("This is undone already.", ["actionId"])
    await _check_team(moderator_id, row["person_id"], ModerationActionKind(row["kind"]))
    number = await reversal.undo(moderator_id, row, kept)
    await tree_takedown.turn_back(action_id, number, moderator_id, kept, most)
    return number


async def uphold(moderator_id: int, about: ActionRow, note: str) -> int:
    """Write down that an action stands after its appeal, which the person concerned is told."""
    number = await decision.put(
        about.case_id,
        ModerationActionKind.UPHOLD,
        about.subject,
        about.person_id,
        moderator_id,
        about.rule,
        note,
        about_id=about.id,
    )
    await audit.note(
        moderator_id, ModerationLogKind.UPHELD, case_id=about.case_id, action_id=about.id, person_id=about.person_id
    )
    return number
