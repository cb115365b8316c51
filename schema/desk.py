"""The desk: its lists, its log, its rules, its team."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from resolvers import automod
from resolvers import desk as resolve
from schema.automod import AutomodRule
from schema.moderation import AppealConnection, ModerationCaseConnection
from schema.moderation_enum import ModerationLogKind, Role
from schema.node import PageInfo
from schema.nullability import FALLIBLE

if TYPE_CHECKING:
    from schema.user import User

LazyUser = Annotated["User", strawberry.lazy("schema.user")]


@strawberry.type(description="Something that was done at the desk. Nobody can change it or take it out.")
class ModerationLogLine:
    at: datetime = strawberry.field(description="When.")
    kind: ModerationLogKind = strawberry.field(description="What.")
    detail: str = strawberry.field(description="What exactly, in words of programs; may be empty.")
    actor: LazyUser | None = strawberry.field(
        description="Who did it; null for whoever runs this place, for automod rules, and when they are gone."
    )
    person: LazyUser | None = strawberry.field(description="Whom it concerns; null for nobody, and when they are gone.")
    case_id = strawberry.field(
        resolver=resolve.log_case_id,
        graphql_type=strawberry.ID | None,
        description="The case; null where there is none.",
    )


@strawberry.type(description="A line of the log in its place.")
class ModerationLogEdge:
    cursor: str = strawberry.field(description="Its place, for paging.")
    node: ModerationLogLine = strawberry.field(description="The line.")


@strawberry.type(description="Everything that was done at the desk, newest first.")
class ModerationLogConnection:
    edges: list[ModerationLogEdge] = strawberry.field(description="The lines of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")


@strawberry.type(description="A picture that checks held until a person has looked at it. Nobody else sees it.")
class HeldPicture:
    id = strawberry.field(
        resolver=resolve.held_id, graphql_type=strawberry.ID, description="By which it is decided about."
    )
    url = strawberry.field(
        resolver=resolve.held_url, graphql_type=str, description="Where it is to be seen for a minute."
    )
    owner: str = strawberry.field(description="The handle of who had it made.")
    prompt: str = strawberry.field(description="What was asked for.")
    category: str = strawberry.field(description="What the check found.")
    created_at: datetime = strawberry.field(description="When it was held.")


@strawberry.type(description="Somebody who works at the desk.")
class TeamMember:
    user: LazyUser = strawberry.field(description="The person.")
    role: Role = strawberry.field(description="Their role.")


@strawberry.type(description="The moderators' desk; only they have one.")
class Desk:
    cases = strawberry.field(
        resolver=resolve.cases,
        graphql_type=ModerationCaseConnection | None,
        directives=FALLIBLE,
        description="What is to be looked at, or was. Open ones: urgent first, then the oldest.",
    )
    waiting_case_count = strawberry.field(resolver=resolve.waiting_case_count, description="How many cases are open.")
    appeals = strawberry.field(
        resolver=resolve.appeals,
        graphql_type=AppealConnection | None,
        directives=FALLIBLE,
        description="Open appeals, oldest first. Whoever acted does not decide about it.",
    )
    waiting_appeal_count = strawberry.field(
        resolver=resolve.waiting_appeal_count, description="How many appeals are open."
    )
    held_pictures = strawberry.field(
        resolver=resolve.held_pictures,
        graphql_type=list[HeldPicture],
        description="Pictures that checks held, oldest first, at most 100.",
    )
    log = strawberry.field(
        resolver=resolve.log,
        graphql_type=ModerationLogConnection | None,
        directives=FALLIBLE,
        description="Everything that was done here, newest first.",
    )
    automod_rules = strawberry.field(
        resolver=automod.desk_rules,
        graphql_type=list[AutomodRule],
        description="The rules by which programs moderate, oldest first, at most 50.",
    )
    can_edit_automod_rules = strawberry.field(
        resolver=automod.can_edit_rules, graphql_type=bool, description="Whether the viewer may change those."
    )
    team = strawberry.field(
        resolver=resolve.team,
        graphql_type=list[TeamMember],
        description="Everybody who works here, administrators first, at most 200.",
    )
