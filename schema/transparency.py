"""Public figures of moderation."""

from __future__ import annotations

from datetime import datetime

import strawberry


@strawberry.type(description="How often something was.")
class ModerationCount:
    name: str = strawberry.field(description="A reason (`ReportReason`) or a kind (`ModerationActionKind`).")
    count: int = strawberry.field(description="How often.")


@strawberry.type(description="What moderation had to do in one month. Numbers alone; nobody can be told from them.")
class ModerationMonth:
    month: datetime = strawberry.field(description="When the month began, in UTC.")
    report_count: int = strawberry.field(description="How many reports were made.")
    reports: list[ModerationCount] = strawberry.field(description="How many for each reason.")
    actions: list[ModerationCount] = strawberry.field(description="How many actions of each kind.")
    automatic_actions: list[ModerationCount] = strawberry.field(
        description="How many of those automod rules did, and no person, of each kind."
    )
    appeal_count: int = strawberry.field(description="How many appeals were made.")
    granted_appeal_count: int = strawberry.field(description="How many of these were granted so far.")
