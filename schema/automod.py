"""Automod rules, what they matched, and dry runs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from models.automod_definition import Definition
from models.automod_rule import RuleRow
from models.automod_run import RunRow
from resolvers import automod as resolve
from resolvers.mark import ALONE
from schema.automod_enum import AutomodDecision, AutomodOutcome, AutomodRunState, AutomodState, AutomodTarget
from schema.label import Label
from schema.moderation_enum import ReportReason
from schema.node import Node

if TYPE_CHECKING:
    from schema.post import Post
    from schema.user import User

LazyPost = Annotated["Post", strawberry.lazy("schema.post")]
LazyUser = Annotated["User", strawberry.lazy("schema.user")]

_NONE = "null where it does not matter."


@strawberry.type(
    description="What a rule says. All conditions that are given must hold; of the phrases, and of the hashtags, one is enough."
)
class AutomodDefinition:
    name: str = strawberry.field(description="What it is called.")
    target: AutomodTarget = strawberry.field(description="What it looks at.")
    outcome: AutomodOutcome = strawberry.field(description="What follows from a match.")
    reason: ReportReason = strawberry.field(description="Which rule of the house is broken.")
    label = strawberry.field(
        resolver=resolve.definition_label,
        graphql_type=Label | None,
        description="The label it puts on what it matches; null for other outcomes.",
    )
    phrases: list[str] = strawberry.field(description="Phrases, at most 200, found however they are spelled.")
    hashtags: list[str] = strawberry.field(description="Hashtags without their sign, at most 100.")
    min_links: int | None = strawberry.field(description=f"At least so many links; {_NONE}")
    min_mentions: int | None = strawberry.field(description=f"At least so many mentions; {_NONE}")
    min_hashtags: int | None = strawberry.field(description=f"At least so many hashtags; {_NONE}")
    younger_than_days: int | None = strawberry.field(description=f"The account is younger than so many days; {_NONE}")
    sensitive_pictures: bool = strawberry.field(description="There is a picture that is marked as sensitive.")
    spares_team: bool = strawberry.field(description="Whoever works at the desk is spared.")
    spares_older_than_days: int | None = strawberry.field(
        description="Accounts of so many days or more are spared; null where none are."
    )
    spares_answers_to_followers: bool = strawberry.field(
        description="Answers to somebody who follows their author are spared."
    )
    most_an_hour: int = strawberry.field(
        description="With more matches in an hour it is put back to DRY by itself; one person's count for a tenth of it at most."
    )

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, Definition)


@strawberry.type(description="One version of a rule. Nobody can change it or take it out.")
class AutomodChange:
    version: int = strawberry.field(description="Its number.")
    state: AutomodState = strawberry.field(description="What the rule did from then on.")
    definition: AutomodDefinition = strawberry.field(description="What it said from then on.")
    actor: LazyUser | None = strawberry.field(
        description="Who changed it; null where it was put back to DRY by itself, and when they are gone."
    )
    note: str = strawberry.field(description="Why it was put back by itself; empty for what people did.")
    at: datetime = strawberry.field(description="When.")


@strawberry.type(description="What was looked at on one day, and how much of it matched.")
class AutomodDay:
    day: datetime = strawberry.field(description="When the day began, in UTC.")
    examined: int = strawberry.field(description="How much was looked at.")
    matched: int = strawberry.field(description="How much of it matched.")


@strawberry.type(description="Something that a dry run matched.")
class AutomodExample:
    post: LazyPost | None = strawberry.field(
        description="The post as it is now; null for accounts, and where the viewer does not see it by the rules that hold for all."
    )
    user: LazyUser | None = strawberry.field(
        description="The account; null for posts, and while it is suspended or closed."
    )
    phrases: list[str] = strawberry.field(description="The phrases that were found, at most 10.")
    decision: AutomodDecision | None = strawberry.field(
        description="What moderators had decided about it by themselves; null where they had not, and for what is of the team."
    )


@strawberry.type(description="What a rule would have matched of what is there already. Nothing was touched.")
class AutomodRun(Node):
    version: int = strawberry.field(description="The version of the rule that was tried.")
    state: AutomodRunState = strawberry.field(description="How far it is.")
    day_count: int = strawberry.field(description="How many days it goes back.")
    most: int = strawberry.field(description="How much it looks at, at most.")
    expected: int = strawberry.field(description="About how much there is to look at.")
    passed: int = strawberry.field(description="How much of that is behind it.")
    examined: int = strawberry.field(
        description="How much of that everybody can see, or could before moderators acted."
    )
    matched: int = strawberry.field(description="How much of that matched.")
    upheld: int = strawberry.field(description="About how many of those moderators had acted by themselves.")
    dismissed: int = strawberry.field(description="About how many of those moderators had found no rule broken.")
    days = strawberry.field(
        resolver=resolve.run_days,
        graphql_type=list[AutomodDay],
        description="By days, newest first, at most 366.",
        metadata=ALONE,
    )
    examples = strawberry.field(
        resolver=resolve.run_examples,
        graphql_type=list[AutomodExample],
        description="The newest it matched, at most 50.",
        metadata=ALONE,
    )
    asker = strawberry.field(
        resolver=resolve.run_asker,
        graphql_type=LazyUser | None,
        description="Who asked for it; null when they are gone.",
        metadata=ALONE,
    )
    created_at: datetime = strawberry.field(description="When it was asked for.")
    ended_at: datetime | None = strawberry.field(description="When it ended; null while it runs.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, RunRow)


@strawberry.type(description="A rule by which programs moderate: written by administrators, tried before it acts.")
class AutomodRule(Node):
    state: AutomodState = strawberry.field(description="What it does.")
    version: int = strawberry.field(description="How often it was changed, and by which it is changed again.")
    definition: AutomodDefinition = strawberry.field(description="What it says.")
    next_states = strawberry.field(
        resolver=resolve.next_states,
        graphql_type=list[AutomodState],
        description="What it can be made to do from here.",
    )
    history = strawberry.field(
        resolver=resolve.rule_history,
        graphql_type=list[AutomodChange],
        description="Its versions, newest first, at most 100.",
        metadata=ALONE,
    )
    days = strawberry.field(
        resolver=resolve.rule_days,
        graphql_type=list[AutomodDay],
        description="What it saw of what is new while it was DRY or ON: by days, newest first, at most 30.",
        metadata=ALONE,
    )
    runs = strawberry.field(
        resolver=resolve.rule_runs,
        graphql_type=list[AutomodRun],
        description="Its dry runs, newest first, at most 5.",
        metadata=ALONE,
    )
    created_at: datetime = strawberry.field(description="When it was drafted.")
    changed_at: datetime = strawberry.field(description="When it was changed last.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, RuleRow)
