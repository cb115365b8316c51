"""Reports, actions, appeals, and the desk."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from models.appeal import AppealRow
from models.moderation_action import ActionRow
from models.moderation_case import CaseRow
from models.report import ReportRow
from resolvers import automod
from resolvers import desk as resolve
from resolvers import report as told
from resolvers.mark import ALONE
from schema.automod import AutomodRule
from schema.image import Image
from schema.moderation_enum import (
    AppealState,
    ModerationActionKind,
    ModerationCaseState,
    ReportReason,
    ReportState,
    ReportSubjectKind,
)
from schema.node import Node, PageInfo
from schema.nullability import FALLIBLE

if TYPE_CHECKING:
    from schema.post import Post
    from schema.user import User

LazyPost = Annotated["Post", strawberry.lazy("schema.post")]
LazyUser = Annotated["User", strawberry.lazy("schema.user")]
LazyAction = Annotated["ModerationAction", strawberry.lazy("schema.moderation")]
LazyCase = Annotated["ModerationCase", strawberry.lazy("schema.moderation")]


@strawberry.type(
    description="Something somebody handed to the moderators. They and the moderators see it; whom it is about never learns of it."
)
class Report(Node):
    subject_kind = strawberry.field(
        resolver=told.subject_kind, graphql_type=ReportSubjectKind, description="What sort of thing was reported."
    )
    post = strawberry.field(
        resolver=told.subject_post,
        graphql_type=LazyPost | None,
        description="The post; null for other things, and where the viewer sees it no longer.",
        metadata=ALONE,
    )
    user = strawberry.field(
        resolver=told.subject_user,
        graphql_type=LazyUser | None,
        description="The account; null for other things, and where the viewer sees it no longer.",
        metadata=ALONE,
    )
    reporter = strawberry.field(
        resolver=told.report_reporter,
        graphql_type=LazyUser | None,
        description="Who reported it; null when they are gone.",
        metadata=ALONE,
    )
    reason: ReportReason = strawberry.field(description="Which rule it breaks, as they say.")
    note: str = strawberry.field(description="What else they said; may be empty.")
    state: ReportState = strawberry.field(description="What came of it.")
    created_at: datetime = strawberry.field(description="When it was made.")
    closed_at: datetime | None = strawberry.field(description="When it was decided; null while it is open.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, ReportRow)


@strawberry.type(description="A report in its list.")
class ReportEdge:
    cursor: str = strawberry.field(description="Its place, for paging.")
    node: Report = strawberry.field(description="The report.")


@strawberry.type(description="Reports, newest first.")
class ReportConnection:
    edges: list[ReportEdge] = strawberry.field(description="The reports of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")


@strawberry.type(
    description="Why somebody says that an action about them was wrong, and what another moderator answered."
)
class Appeal(Node):
    action = strawberry.field(
        resolver=told.appeal_action_row,
        graphql_type=LazyAction | None,
        description="What it is against; null when it is not the viewer's to see.",
        metadata=ALONE,
    )
    person = strawberry.field(
        resolver=told.appeal_person,
        graphql_type=LazyUser | None,
        description="Who made it; null to others while their account is suspended or closed.",
        metadata=ALONE,
    )
    text: str = strawberry.field(description="Why the action was wrong.")
    state: AppealState = strawberry.field(description="What came of it.")
    answer: str = strawberry.field(description="What was answered; empty while it is open, and where nothing was said.")
    created_at: datetime = strawberry.field(description="When it was made.")
    decided_at: datetime | None = strawberry.field(description="When it was decided; null while it is open.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, AppealRow)


@strawberry.type(description="An appeal in its list.")
class AppealEdge:
    cursor: str = strawberry.field(description="Its place, for paging.")
    node: Appeal = strawberry.field(description="The appeal.")


@strawberry.type(description="Open appeals, oldest first.")
class AppealConnection:
    edges: list[AppealEdge] = strawberry.field(description="The appeals of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")


@strawberry.type(
    description="Something moderators did. It is never changed: to undo it is another action. Whom it concerns and moderators see it."
)
class ModerationAction(Node):
    kind: ModerationActionKind = strawberry.field(description="What was done.")
    subject_kind = strawberry.field(
        resolver=told.subject_kind, graphql_type=ReportSubjectKind, description="About what sort of thing."
    )
    post = strawberry.field(
        resolver=told.subject_post,
        graphql_type=LazyPost | None,
        description="The post; null for other things, and where the viewer does not see it. Its author sees what was taken from all others.",
        metadata=ALONE,
    )
    person = strawberry.field(
        resolver=told.action_person,
        graphql_type=LazyUser | None,
        description="Whom it concerns; null to others while their account is suspended or closed.",
        metadata=ALONE,
    )
    moderator = strawberry.field(
        resolver=told.action_moderator,
        graphql_type=LazyUser | None,
        description="Who did it; null to everybody but moderators, and where an automod rule did.",
        metadata=ALONE,
    )
    case = strawberry.field(
        resolver=told.action_case,
        graphql_type=LazyCase | None,
        description="The case in which it was done, with what was handed over; null to everybody but moderators, and where it concerns the viewer.",
        metadata=ALONE,
    )
    is_automatic: bool = strawberry.field(description="Whether an automod rule did it, and no person.")
    automod_rule = strawberry.field(
        resolver=automod.action_rule,
        graphql_type=AutomodRule | None,
        description="The automod rule that did it; null where a person did, to everybody but moderators, and when it was taken out.",
        metadata=ALONE,
    )
    rule: ReportReason = strawberry.field(description="Which rule was broken.")
    note: str = strawberry.field(description="What moderators said about it; may be empty.")
    strikes: int = strawberry.field(description="What it counts against whom it concerns, for a year.")
    about = strawberry.field(
        resolver=told.action_about,
        graphql_type=LazyAction | None,
        description="For REVERSE and UPHOLD: the action that is undone or stands; else null.",
        metadata=ALONE,
    )
    created_at: datetime = strawberry.field(description="When it was done.")
    reversed_at: datetime | None = strawberry.field(description="When it was undone; null while it stands.")
    appeal = strawberry.field(
        resolver=told.action_appeal,
        graphql_type=Appeal | None,
        description="The appeal against it; null where there is none.",
        metadata=ALONE,
    )
    viewer_can_appeal = strawberry.field(
        resolver=told.can_appeal,
        graphql_type=bool,
        description="Whether it concerns the viewer, stands, and was not appealed yet.",
        metadata=ALONE,
    )

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, ActionRow)


@strawberry.type(description="An action in its list.")
class ModerationActionEdge:
    cursor: str = strawberry.field(description="Its place, for paging.")
    node: ModerationAction = strawberry.field(description="The action.")


@strawberry.type(description="Actions, newest first.")
class ModerationActionConnection:
    edges: list[ModerationActionEdge] = strawberry.field(description="The actions of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")


@strawberry.type(description="A message before a reported one.")
class EvidenceMessage:
    user: LazyUser | None = strawberry.field(description="Who wrote it; null when they are gone.")
    text: str = strawberry.field(description="What it said.")
    at: datetime = strawberry.field(description="When it was written.")


@strawberry.type(description="What a report handed over, as it was then.")
class CaseEvidence:
    text: str = strawberry.field(
        description="What was said: a post's or a message's text, an account's profile, a picture's alt text; may be empty."
    )
    warning: str | None = strawberry.field(description="The content warning it had; null where it had none.")
    at: datetime = strawberry.field(description="When that was written.")
    images: list[Image] = strawberry.field(description="Its pictures, as far as they are there.")
    context: list[EvidenceMessage] = strawberry.field(description="For a message: at most two before it, oldest first.")


@strawberry.type(description="What a moderator wrote to the others about a case.")
class CaseNote:
    author: LazyUser | None = strawberry.field(description="Who wrote it; null when they are gone.")
    text: str = strawberry.field(description="What they wrote.")
    created_at: datetime = strawberry.field(description="When they did.")


@strawberry.type(
    description="One thing that moderators look at, with all its reports. Whom it concerns never sees it, whatever their role."
)
class ModerationCase(Node):
    number: int = strawberry.field(description="Its number, by which people speak of it.")
    state: ModerationCaseState = strawberry.field(description="Whether it is decided.")
    urgency: int = strawberry.field(description="2: to be looked at at once; 1: before the rest; 0: the rest.")
    subject_kind = strawberry.field(
        resolver=resolve.case_subject_kind,
        graphql_type=ReportSubjectKind,
        description="What sort of thing it is about.",
    )
    handle: str = strawberry.field(description="The handle of whom it concerns.")
    person = strawberry.field(
        resolver=resolve.case_person,
        graphql_type=LazyUser | None,
        description="Whom it concerns; null while their account is suspended or closed.",
        metadata=ALONE,
    )
    post = strawberry.field(
        resolver=resolve.case_post,
        graphql_type=LazyPost | None,
        description="The post as it is now; null for other things, and where the viewer does not see it by the rules that hold for all.",
        metadata=ALONE,
    )
    report_count: int = strawberry.field(description="How many people reported it.")
    reasons = strawberry.field(
        resolver=resolve.case_reasons, graphql_type=list[ReportReason], description="The reasons they gave, each once."
    )
    automod_rules = strawberry.field(
        resolver=automod.case_rules,
        graphql_type=list[AutomodRule],
        description="The automod rules that brought it here, at most 50.",
        metadata=ALONE,
    )
    strikes: int = strawberry.field(description="How many strikes stand against whom it concerns, of the last year.")
    assignee = strawberry.field(
        resolver=resolve.case_assignee,
        graphql_type=LazyUser | None,
        description="Who looks at it; null where nobody does.",
        metadata=ALONE,
    )
    evidence = strawberry.field(
        resolver=resolve.case_evidence,
        graphql_type=list[CaseEvidence],
        description="What was handed over: as it first was, and how it was when it was reported again; at most 5.",
        metadata=ALONE,
    )
    notes = strawberry.field(
        resolver=resolve.case_notes,
        graphql_type=list[CaseNote],
        description="What moderators wrote about it, oldest first, at most 100.",
        metadata=ALONE,
    )
    allowed_actions = strawberry.field(
        resolver=resolve.case_kinds,
        graphql_type=list[ModerationActionKind],
        description="What can be done about such a thing.",
    )
    reports = strawberry.field(
        resolver=resolve.case_reports,
        graphql_type=ReportConnection | None,
        directives=FALLIBLE,
        description="The reports, newest first.",
        metadata=ALONE,
    )
    actions = strawberry.field(
        resolver=resolve.case_actions,
        graphql_type=ModerationActionConnection | None,
        directives=FALLIBLE,
        description="What was done, newest first.",
        metadata=ALONE,
    )
    created_at: datetime = strawberry.field(description="When it was opened.")
    closed_at: datetime | None = strawberry.field(description="When it was decided; null while it is open.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, CaseRow)


@strawberry.type(description="A case in its list.")
class ModerationCaseEdge:
    cursor: str = strawberry.field(description="Its place, for paging.")
    node: ModerationCase = strawberry.field(description="The case.")


@strawberry.type(description="Cases: open ones urgent first and then oldest first, closed ones newest first.")
class ModerationCaseConnection:
    edges: list[ModerationCaseEdge] = strawberry.field(description="The cases of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")
