"""What can be done about what breaks the rules; and what that answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry

from resolvers import desk_change as desk
from resolvers import report as reports
from schema.moderation import Appeal, ModerationAction, ModerationCase, Report
from schema.moderation_enum import Role
from schema.node import UserError
from schema.payload import LazyQuery, errors_field, query_field
from schema.user import User


def _case() -> Any:
    return strawberry.field(description="The case as it is now; null when refused.")


def _action() -> Any:
    return strawberry.field(description="The action that was added; null when refused.")


def _appeal() -> Any:
    return strawberry.field(description="The appeal as it is now; null when refused.")


@strawberry.type(description="What reporting came to.")
class CreateReportPayload:
    report: Report | None = strawberry.field(description="The report; null when refused.")
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What appealing came to.")
class AppealActionPayload:
    appeal: Appeal | None = _appeal()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What opening a case came to.")
class OpenCasePayload:
    case: ModerationCase | None = _case()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What taking a case or giving it back came to.")
class AssignCasePayload:
    case: ModerationCase | None = _case()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What noting something came to.")
class AddCaseNotePayload:
    case: ModerationCase | None = _case()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What acting came to.")
class TakeActionPayload:
    action: ModerationAction | None = _action()
    case: ModerationCase | None = _case()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What undoing an action came to.")
class ReverseActionPayload:
    action: ModerationAction | None = _action()
    case: ModerationCase | None = _case()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What deciding an appeal came to.")
class DecideAppealPayload:
    appeal: Appeal | None = _appeal()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What deciding about a held picture came to.")
class DecideHeldPicturePayload:
    decided_picture_id: strawberry.ID | None = strawberry.field(
        description="The picture that waits no more; null when refused."
    )
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What giving a role came to.")
class SetRolePayload:
    user: User | None = strawberry.field(description="The person; null when refused.")
    role: Role | None = strawberry.field(description="Their role now; null when refused.")
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


def _mutation(resolver: Callable[..., Any], kind: type, description: str) -> Any:
    return strawberry.mutation(resolver=resolver, graphql_type=kind, description=description)


@strawberry.type(description="What can be done about what breaks the rules.")
class ModerationMutation:
    create_report: CreateReportPayload = _mutation(
        reports.create_report,
        CreateReportPayload,
        "Hand a post, an account, a picture or a message to the moderators. Whom it is about never learns of it. At most 50 in 24"
        " hours, and one at a time of the same thing.",
    )
    appeal_action: AppealActionPayload = _mutation(
        reports.appeal_action,
        AppealActionPayload,
        "Say why an action about oneself was wrong; another moderator decides. Suspended accounts may, too.",
    )
    open_case: OpenCasePayload = _mutation(
        desk.open_case, OpenCasePayload, "Open a case about something one came across. Moderators alone."
    )
    assign_case: AssignCasePayload = _mutation(
        desk.assign_case, AssignCasePayload, "Take a case, or give it back to all. Moderators alone."
    )
    add_case_note: AddCaseNotePayload = _mutation(
        desk.add_case_note, AddCaseNotePayload, "Tell the other moderators something of a case. Moderators alone."
    )
    take_action: TakeActionPayload = _mutation(
        desk.take_action,
        TakeActionPayload,
        "Do something about an open case. It stays written down; whom it concerns is told which rule was broken. Moderators alone.",
    )
    reverse_action: ReverseActionPayload = _mutation(
        desk.reverse_action,
        ReverseActionPayload,
        "Undo an action, and what followed from it down a remix tree, by another one. Moderators alone.",
    )
    decide_appeal: DecideAppealPayload = _mutation(
        desk.decide_appeal,
        DecideAppealPayload,
        "Undo what is appealed against, or let it stand. Moderators alone, and not who acted.",
    )
    decide_held_picture: DecideHeldPicturePayload = _mutation(
        desk.decide_held_picture,
        DecideHeldPicturePayload,
        "Let the owner of a picture that checks held have it, or nobody. Moderators alone.",
    )
    set_role: SetRolePayload = _mutation(
        desk.set_role, SetRolePayload, "Give somebody a role. Administrators alone, with a recent proof of who asks."
    )
