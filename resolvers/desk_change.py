"""What moderators do at the desk. To whoever does not work there, nothing of it is there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import strawberry
from strawberry import UNSET

from models import appeal, audit, moderation, moderation_action, moderation_case, node_id, review, role, step_up, user
from models.appeal import AppealRow
from models.audit import ModerationLogKind
from models.card import UserRow
from models.label import LabelBlur, LabelRow, LabelSeverity, LabelValue
from models.moderation import Order
from models.moderation_action import ActionRow, ModerationActionKind
from models.moderation_case import CaseRow
from models.report import ReportReason
from models.review import Decision
from models.role import Role
from resolvers.context import Info
from resolvers.node import number_in
from resolvers.outcome import Outcome, perform
from resolvers.payload import Payload
from resolvers.report import ONE_OF, AppealPayloadRow, subject_of
from resolvers.user import KEY_HELP

CASE = "A case that does not concern the viewer."


@strawberry.input(description=f"Something a moderator came across. {ONE_OF}")
class OpenCaseInput:
    post_id: strawberry.ID | None = strawberry.field(description="A post the viewer sees.", default=UNSET)
    user_id: strawberry.ID | None = strawberry.field(description="An account.", default=UNSET)
    image_id: strawberry.ID | None = strawberry.field(description="A picture the viewer sees.", default=UNSET)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="Who looks at a case.")
class AssignCaseInput:
    case_id: strawberry.ID = strawberry.field(description=CASE)
    to_me: bool = strawberry.field(description="True: the viewer, whoever had it; false: nobody.", default=True)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="Something to tell the other moderators of a case.")
class AddCaseNoteInput:
    case_id: strawberry.ID = strawberry.field(description=CASE)
    text: str = strawberry.field(description="1 to 2,000 characters; a case has at most 100 notes.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="What to say of something.")
class LabelInput:
    value: LabelValue = strawberry.field(description="What is said.")
    severity: LabelSeverity = strawberry.field(description="How loudly.", default=LabelSeverity.INFORM)
    blur: LabelBlur = strawberry.field(description="What is veiled until one asks for it.", default=LabelBlur.NONE)


@strawberry.input(description="What to do about a case.")
class TakeActionInput:
    case_id: strawberry.ID = strawberry.field(description=f"{CASE[:-1]}, open.")
    kind: ModerationActionKind = strawberry.field(description="What is done: one of the case's `allowedActions`.")
    rule: ReportReason = strawberry.field(description="Which rule was broken; the person concerned is told.")
    note: str = strawberry.field(
        description="What else the person concerned is told; at most 1,000 characters.", default=""
    )
    label: LabelInput | None = strawberry.field(description="The label, for LABEL and for nothing else.", default=UNSET)
    takes_pictures: bool = strawberry.field(
        description="For REMOVE of a post: its pictures go, too, with all that was made of them.", default=False
    )
    bans_pictures: bool = strawberry.field(
        description="For REMOVE: what looks like its pictures is not taken in any more.", default=False
    )
    keeps_open: bool = strawberry.field(description="True: the case stays open for more.", default=False)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="What to undo.")
class ReverseActionInput:
    action_id: strawberry.ID = strawberry.field(description="An action that does not concern the viewer.")
    note: str = strawberry.field(description="What the person concerned is told; at most 1,000 characters.", default="")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="What to answer an appeal.")
class DecideAppealInput:
    appeal_id: strawberry.ID = strawberry.field(description="An open appeal against what somebody else did.")
    grants: bool = strawberry.field(description="True: the action is undone; false: it stands.")
    answer: str = strawberry.field(description="What is told; at most 1,000 characters.", default="")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="What becomes of a picture that checks held.")
class DecideHeldPictureInput:
    held_picture_id: strawberry.ID = strawberry.field(description="One that waits, of somebody else.")
    approves: bool = strawberry.field(description="True: its owner gets it; false: nobody ever sees it.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="Who gets which role. Administrators alone, and never one's own.")
class SetRoleInput:
    user_id: strawberry.ID = strawberry.field(description="A person.")
    role: Role = strawberry.field(description="What they are from now on.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@dataclass(frozen=True, slots=True)
class CasePayloadRow(Payload):
    """A case as it is now."""

    case: CaseRow | None = None


@dataclass(frozen=True, slots=True)
class ActionPayloadRow(Payload):
    """An action as it is now, and its case."""

    action: ActionRow | None = None
    case: CaseRow | None = None


@dataclass(frozen=True, slots=True)
class HeldPayloadRow(Payload):
    """Which held picture was decided about."""

    decided_picture_id: str | None = None


@dataclass(frozen=True, slots=True)
class RolePayloadRow(Payload):
    """Somebody and their role now."""

    user: UserRow | None = None
    role: Role | None = None


Deed = Callable[[int, int], Awaitable[Any]]


async def _about_case(info: Info, name: str, given: Any, deed: Deed) -> CasePayloadRow:
    async def act(viewer_id: int) -> Mapping[str, Any]:
        await role.check_desk(viewer_id, "caseId", "case")
        number = number_in("case", given.case_id, "caseId")
        await deed(viewer_id, number)
        return {"case": number}

    return await _shown(info, await perform(info.context, name, given, act))


async def _shown(info: Info, outcome: Outcome) -> CasePayloadRow:
    if not outcome.done:
        return CasePayloadRow(outcome.user_errors)
    return CasePayloadRow((), await moderation_case.case_of(info.context.viewer_id, outcome.found["case"]))


async def open_case(info: Info, input: OpenCaseInput) -> CasePayloadRow:
    """Open a case about something one came across."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        subject = subject_of(input)
        word = subject.kind.value.lower()
        await role.check_desk(viewer_id, f"{word}Id", word)
        return {"case": await moderation_case.open_by_moderator(viewer_id, subject)}

    return await _shown(info, await perform(info.context, "openCase", input, act))


async def assign_case(info: Info, input: AssignCaseInput) -> CasePayloadRow:
    """Take a case, or give it back."""

    async def deed(viewer_id: int, number: int) -> None:
        await moderation_case.assign(viewer_id, number, to_me=input.to_me)

    return await _about_case(info, "assignCase", input, deed)


async def add_case_note(info: Info, input: AddCaseNoteInput) -> CasePayloadRow:
    """Tell the other moderators something."""

    async def deed(viewer_id: int, number: int) -> None:
        await moderation_case.add_note(viewer_id, number, input.text)

    return await _about_case(info, "addCaseNote", input, deed)


async def take_action(info: Info, input: TakeActionInput) -> ActionPayloadRow:
    """Do something about a case."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        await role.check_desk(viewer_id, "caseId", "case")
        number = number_in("case", input.case_id, "caseId")
        said = input.label if isinstance(input.label, LabelInput) else None
        order = Order(
            input.kind,
            input.rule,
            input.note,
            None if said is None else LabelRow(said.value, said.severity, said.blur),
            takes_pictures=input.takes_pictures,
            bans=input.bans_pictures,
            closes=not input.keeps_open,
        )
        return {"action": await moderation.act(viewer_id, number, order), "case": number}

    return await _acted(info, await perform(info.context, "takeAction", input, act))


async def reverse_action(info: Info, input: ReverseActionInput) -> ActionPayloadRow:
    """Undo an action."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        await role.check_desk(viewer_id, "actionId", "action")
        number = number_in("action", input.action_id, "actionId")
        done = await moderation.reverse(viewer_id, number, input.note)
        found = await moderation_action.action(done)
        return {"action": done, "case": found.case_id if found else None}

    return await _acted(info, await perform(info.context, "reverseAction", input, act))


async def _acted(info: Info, outcome: Outcome) -> ActionPayloadRow:
    if not outcome.done:
        return ActionPayloadRow(outcome.user_errors)
    case_id = outcome.found["case"]
    return ActionPayloadRow(
        (),
        await moderation_action.action(outcome.found["action"]),
        None if case_id is None else await moderation_case.case_of(info.context.viewer_id, case_id),
    )


async def decide_appeal(info: Info, input: DecideAppealInput) -> AppealPayloadRow:
    """Undo what was appealed against, or let it stand."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        await role.check_desk(viewer_id, "appealId", "appeal")
        number = number_in("appeal", input.appeal_id, "appealId")
        await appeal.decide(viewer_id, number, grant=input.grants, answer=input.answer)
        return {"appeal": number}

    outcome = await perform(info.context, "decideAppeal", input, act)
    if not outcome.done:
        return AppealPayloadRow(outcome.user_errors)
    found: AppealRow | None = await appeal.appeal(outcome.found["appeal"])
    return AppealPayloadRow((), found)


async def decide_held_picture(info: Info, input: DecideHeldPictureInput) -> HeldPayloadRow:
    """Let the owner of a held picture have it, or nobody."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        await role.check_desk(viewer_id, "heldPictureId", "held picture")
        number = number_in("review", input.held_picture_id, "heldPictureId")
        found = await review.review(number)
        me = await user.User.get(id=viewer_id)
        decision = Decision.APPROVED if input.approves else Decision.REFUSED
        await review.decide(number, decision, f"@{me.handle}", not_of=me.handle)
        await audit.note(
            viewer_id, ModerationLogKind.HELD_DECIDED, detail=f"{decision.value} {found.stage} {found.category}"
        )
        return {"held": number}

    outcome = await perform(info.context, "decideHeldPicture", input, act)
    number = outcome.found.get("held")
    return HeldPayloadRow(outcome.user_errors, None if number is None else node_id.encode("review", number))


async def set_role(info: Info, input: SetRoleInput) -> RolePayloadRow:
    """Give somebody a role, or take it."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("user", input.user_id, "userId")
        await role.check_giver(viewer_id)
        await step_up.require(info.context.asker.session_id)
        await role.give(viewer_id, number, input.role)
        return {"user": number}

    outcome = await perform(info.context, "setRole", input, act)
    if not outcome.done:
        return RolePayloadRow(outcome.user_errors)
    number = outcome.found["user"]
    return RolePayloadRow((), await info.context.loaders.users.load(number), await role.role_of(number))
