"""What moderation is to the viewer."""

from __future__ import annotations

import strawberry

from resolvers import desk as desks
from resolvers import report as reporting
from schema.desk import Desk
from schema.moderation import ModerationActionConnection, ReportConnection
from schema.moderation_enum import Role
from schema.nullability import FALLIBLE


@strawberry.type(description="What only the viewer sees of moderation.")
class ModerationViewer:
    role = strawberry.field(
        resolver=reporting.viewer_role,
        graphql_type=Role,
        description="What they are here; nobody but the team sees it.",
    )
    strikes = strawberry.field(
        resolver=reporting.viewer_strikes,
        description="How many strikes stand against them: of the last year, and not undone.",
    )
    is_suspended = strawberry.field(
        resolver=reporting.viewer_is_suspended,
        description="Whether their account is suspended: it reads, appeals (`appealAction`), and changes nothing else.",
    )
    reports = strawberry.field(
        resolver=reporting.viewer_reports,
        graphql_type=ReportConnection | None,
        directives=FALLIBLE,
        description="What they reported and what came of it, newest first.",
    )
    moderation_actions = strawberry.field(
        resolver=reporting.viewer_actions,
        graphql_type=ModerationActionConnection | None,
        directives=FALLIBLE,
        description="What moderators did about them, newest first.",
    )
    desk = strawberry.field(
        resolver=desks.viewer_desk,
        graphql_type=Desk | None,
        description="The moderators' desk; null to everybody else.",
    )
