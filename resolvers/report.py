"""Reporting, and what happened to oneself: one's own reports, what moderators did about one, appeals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import strawberry
from strawberry import UNSET

from errors import BadInput
from models import appeal, moderation_action, report, role, transparency
from models.appeal import AppealRow
from models.card import PostRow, UserRow
from models.label import LabelRow, labels_of
from models.moderation_action import NEVER_UNDONE, ActionRow
from models.moderation_case import CaseRow
from models.report import ReportReason, ReportRow
from models.role import Role
from models.subject import ReportSubjectKind, Subject
from models.transparency import MonthRow
from resolvers import page
from resolvers.context import Info
from resolvers.desk_node import case_node, works_at_desk
from resolvers.node import number_in
from resolvers.outcome import perform
from resolvers.page import PageInfoRow
from resolvers.payload import Payload
from resolvers.user import KEY_HELP
from resolvers.viewer_row import ViewerRow

ONE_OF = "Exactly one of the ids is given."


@strawberry.input(description=f"Something to hand to the moderators. {ONE_OF}")
class CreateReportInput:
    post_id: strawberry.ID | None = strawberry.field(description="A post the viewer sees.", default=UNSET)
    user_id: strawberry.ID | None = strawberry.field(description="An account.", default=UNSET)
    image_id: strawberry.ID | None = strawberry.field(description="A picture the viewer sees.", default=UNSET)
    message_id: strawberry.ID | None = strawberry.field(
        description="A message of a chat the viewer is in. It is handed over with the two before it, and nothing else of the chat.",
        default=UNSET,
    )
    reason: ReportReason = strawberry.field(description="Which rule it breaks.")
    note: str = strawberry.field(
        description="What else moderators should know, at most 1,000 characters; needed for OTHER.", default=""
    )
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="Why an action was wrong. An action is appealed once, within 180 days.")
class AppealActionInput:
    action_id: strawberry.ID = strawberry.field(description="An action about the viewer.")
    text: str = strawberry.field(description="Why it was wrong; 1 to 2,000 characters.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@dataclass(frozen=True, slots=True)
class ReportPayloadRow(Payload):
    """A report as it is now."""

    report: ReportRow | None = None


@dataclass(frozen=True, slots=True)
class AppealPayloadRow(Payload):
    """An appeal as it is now."""

    appeal: AppealRow | None = None


@dataclass(frozen=True, slots=True)
class ReportEdgeRow:
    """A report in its list."""

    cursor: str
    node: ReportRow


@dataclass(frozen=True, slots=True)
class ReportsRow:
    """One page of reports."""

    edges: Sequence[ReportEdgeRow]
    page_info: PageInfoRow


@dataclass(frozen=True, slots=True)
class ActionEdgeRow:
    """An action in its list."""

    cursor: str
    node: ActionRow


@dataclass(frozen=True, slots=True)
class ActionsRow:
    """One page of actions."""

    edges: Sequence[ActionEdgeRow]
    page_info: PageInfoRow


def subject_of(given: Any) -> Subject:
    """What an input names. Raises BadInput for none or several, NotFound for garbage."""
    named = [
        (kind, text)
        for kind in ReportSubjectKind
        if isinstance(text := getattr(given, f"{kind.value.lower()}_id", None), str)
    ]
    if len(named) != 1:
        raise BadInput(ONE_OF)
    kind, text = named[0]
    word = kind.value.lower()
    return Subject(kind, number_in(word, text, f"{word}Id"))


# -- what the viewer sees


async def viewer_role(parent: strawberry.Parent[ViewerRow], info: Info) -> Role:
    """What the viewer is here."""
    return await role.role_of(parent.id)


async def viewer_strikes(parent: strawberry.Parent[ViewerRow], info: Info) -> int:
    """How many strikes stand against the viewer."""
    return await moderation_action.strikes_of(parent.id)


async def viewer_is_suspended(parent: strawberry.Parent[ViewerRow], info: Info) -> bool:
    """Whether the viewer's account is suspended: they read, and change nothing."""
    return info.context.asker.is_suspended


async def viewer_reports(
    parent: strawberry.Parent[ViewerRow],
    info: Info,
    first: int | None = UNSET,
    after: str | None = UNSET,
    last: int | None = UNSET,
    before: str | None = UNSET,
) -> ReportsRow:
    """The viewer's own reports, newest first."""
    question = page.asked(first, after, last, before)
    return reports_page(question, await report.reports_by(parent.id, question.window(newest_first=True)))


def reports_page(question: page.Asked, rows: Sequence[ReportRow]) -> ReportsRow:
    """Reports as a page."""
    found = page.page_of(question, rows, lambda row: row.id)
    return ReportsRow([ReportEdgeRow(page.encode(row.id), row) for row in found.items], found.page_info)


async def viewer_actions(
    parent: strawberry.Parent[ViewerRow],
    info: Info,
    first: int | None = UNSET,
    after: str | None = UNSET,
    last: int | None = UNSET,
    before: str | None = UNSET,
) -> ActionsRow:
    """What moderators did about the viewer, newest first."""
    question = page.asked(first, after, last, before)
    return actions_page(question, await moderation_action.concerning(parent.id, question.window(newest_first=True)))


def actions_page(question: page.Asked, rows: Sequence[ActionRow]) -> ActionsRow:
    """Actions as a page."""
    found = page.page_of(question, rows, lambda row: row.id)
    return ActionsRow([ActionEdgeRow(page.encode(row.id), row) for row in found.items], found.page_info)


Told = ReportRow | ActionRow


async def subject_kind(parent: strawberry.Parent[Told]) -> ReportSubjectKind:
    """What sort of thing it is about."""
    return parent.subject.kind


async def subject_post(parent: strawberry.Parent[Told], info: Info) -> PostRow | None:
    """The post it is about, where the viewer sees it now."""
    if parent.subject.kind is not ReportSubjectKind.POST:
        return None
    row = await info.context.loaders.posts.load(parent.subject.id)
    return row if isinstance(row, PostRow) else None


async def subject_user(parent: strawberry.Parent[Told], info: Info) -> UserRow | None:
    """The account it is about, where the viewer sees it now."""
    if parent.subject.kind is not ReportSubjectKind.USER:
        return None
    return await info.context.loaders.users.load(parent.subject.id)


async def report_reporter(parent: strawberry.Parent[ReportRow], info: Info) -> UserRow | None:
    """Who reported: for the desk, and for themselves."""
    if parent.reporter_id != info.context.viewer_id and not await works_at_desk(info.context):
        return None
    return await info.context.loaders.users.load(parent.reporter_id)


async def action_appeal(parent: strawberry.Parent[ActionRow]) -> AppealRow | None:
    """The appeal against an action."""
    return await appeal.of_action(parent.id)


async def action_about(parent: strawberry.Parent[ActionRow], info: Info) -> ActionRow | None:
    """The action that this one undoes or lets stand."""
    return None if parent.about_id is None else await moderation_action.action(parent.about_id)


async def action_moderator(parent: strawberry.Parent[ActionRow], info: Info) -> UserRow | None:
    """Who acted: for the desk alone, and never to the person concerned."""
    if parent.person_id == info.context.viewer_id or not await works_at_desk(info.context):
        return None
    return None if parent.moderator_id is None else await info.context.loaders.users.load(parent.moderator_id)


async def action_case(parent: strawberry.Parent[ActionRow], info: Info) -> CaseRow | None:
    """The case it was done in: for the desk alone, and never to the person concerned."""
    return await case_node(info.context, parent.case_id)


async def action_person(parent: strawberry.Parent[ActionRow], info: Info) -> UserRow | None:
    """Whom an action concerns, where they are there."""
    return await info.context.loaders.users.load(parent.person_id)


async def can_appeal(parent: strawberry.Parent[ActionRow], info: Info) -> bool:
    """Whether the viewer may appeal against it."""
    if parent.person_id != info.context.viewer_id or parent.kind in NEVER_UNDONE or parent.reversed_at is not None:
        return False
    return await appeal.of_action(parent.id) is None


async def appeal_action_row(parent: strawberry.Parent[AppealRow], info: Info) -> ActionRow | None:
    """What is appealed against."""
    return await moderation_action.action(parent.action_id)


async def appeal_person(parent: strawberry.Parent[AppealRow], info: Info) -> UserRow | None:
    """Who appeals, where they are there."""
    return await info.context.loaders.users.load(parent.person_id)


async def user_labels(parent: strawberry.Parent[UserRow], info: Info) -> Sequence[LabelRow]:
    """What moderators say of an account."""
    return (await labels_of(ReportSubjectKind.USER, [parent.id]))[parent.id]


async def months(info: Info, count: int = 12) -> Sequence[MonthRow]:
    """The newest months of public figures. Raises BadInput for a count outside 1–24."""
    if not 1 <= count <= transparency.MOST_MONTHS:
        raise BadInput(f"`count` is between 1 and {transparency.MOST_MONTHS}.", ["count"])
    return await transparency.months(count)


# -- what the viewer does


async def create_report(info: Info, input: CreateReportInput) -> ReportPayloadRow:
    """Hand something to the moderators."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        return {"report": await report.hand_in(viewer_id, subject_of(input), input.reason, input.note)}

    outcome = await perform(info.context, "createReport", input, act)
    if not outcome.done:
        return ReportPayloadRow(outcome.user_errors)
    return ReportPayloadRow((), await report.report_of(info.context.viewer_id, outcome.found["report"]))


async def appeal_action(info: Info, input: AppealActionInput) -> AppealPayloadRow:
    """Say why an action was wrong; whoever is suspended may, too."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("action", input.action_id, "actionId")
        return {"appeal": await appeal.make(viewer_id, number, input.text)}

    outcome = await perform(info.context, "appealAction", input, act, while_suspended=True)
    if not outcome.done:
        return AppealPayloadRow(outcome.user_errors)
    return AppealPayloadRow((), await appeal.appeal(outcome.found["appeal"]))
