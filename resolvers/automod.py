"""Automod rules as the desk reads them: what they say, what they matched, and dry runs over what is there already."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

import strawberry

from models import automod_rule, automod_run, role
from models.automod_definition import Definition
from models.automod_fact import AutomodDecision
from models.automod_rule import MOVES, AutomodState, DayRow, RuleRow
from models.automod_run import ExampleRow, RunRow
from models.card import PostRow, UserRow
from models.label import LabelRow
from models.moderation_action import ActionRow
from models.moderation_case import CaseRow
from models.role import Permission
from models.subject import ReportSubjectKind
from resolvers.context import Info
from resolvers.desk import DeskRow
from resolvers.desk_node import rule_node
from resolvers.loaders import Loaders


@dataclass(frozen=True, slots=True)
class AutomodChangeRow:
    """A version of a rule with who made it."""

    version: int
    state: AutomodState
    definition: Definition
    actor: UserRow | None
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AutomodDayRow:
    """What was looked at on one day."""

    day: datetime
    examined: int
    matched: int


@dataclass(frozen=True, slots=True)
class AutomodExampleRow:
    """Something that a run matched, as the viewer sees it now."""

    post: PostRow | None
    user: UserRow | None
    phrases: Sequence[str]
    decision: AutomodDecision | None


async def desk_rules(parent: strawberry.Parent[DeskRow]) -> Sequence[RuleRow]:
    """All rules, oldest first."""
    return await automod_rule.rules()


async def can_edit_rules(parent: strawberry.Parent[DeskRow]) -> bool:
    """Whether the viewer may change rules."""
    return await role.may(parent.viewer_id, Permission.EDIT_RULES)


def next_states(parent: strawberry.Parent[RuleRow]) -> Sequence[AutomodState]:
    """What a rule may become from what it is."""
    return [state for state in AutomodState if state in MOVES[parent.state]]


async def rule_history(parent: strawberry.Parent[RuleRow], info: Info) -> Sequence[AutomodChangeRow]:
    """The versions of a rule, newest first."""
    rows = await automod_rule.history(parent.id)
    actors = sorted({one.actor_id for one in rows if one.actor_id is not None})
    found = dict(zip(actors, await info.context.loaders.users.load_many(actors), strict=True))
    return [
        AutomodChangeRow(
            one.version,
            one.state,
            one.definition,
            None if one.actor_id is None else found[one.actor_id],
            one.note,
            one.at,
        )
        for one in rows
    ]


def _days(rows: Sequence[DayRow]) -> list[AutomodDayRow]:
    return [AutomodDayRow(datetime.combine(one.day, time.min, UTC), one.examined, one.matched) for one in rows]


async def rule_days(parent: strawberry.Parent[RuleRow]) -> Sequence[AutomodDayRow]:
    """What a rule saw since it runs."""
    return _days(await automod_rule.days(parent.id))


async def rule_runs(parent: strawberry.Parent[RuleRow]) -> Sequence[RunRow]:
    """The newest dry runs of a rule."""
    return await automod_run.runs(parent.id)


async def run_days(parent: strawberry.Parent[RunRow]) -> Sequence[AutomodDayRow]:
    """What a run saw of each day."""
    return _days(await automod_run.days(parent.id))


async def run_asker(parent: strawberry.Parent[RunRow], info: Info) -> UserRow | None:
    """Who asked for a run."""
    return None if parent.asked_by is None else await info.context.loaders.users.load(parent.asked_by)


async def run_examples(parent: strawberry.Parent[RunRow], info: Info) -> Sequence[AutomodExampleRow]:
    """Some of what a run matched, as the viewer sees it now."""
    loaders = info.context.loaders
    return await asyncio.gather(*(_example(one, loaders) for one in await automod_run.examples(parent.id)))


async def _example(one: ExampleRow, loaders: Loaders) -> AutomodExampleRow:
    if one.subject.kind is ReportSubjectKind.USER:
        return AutomodExampleRow(None, await loaders.users.load(one.subject.id), one.phrases, one.decision)
    post = await loaders.posts.load(one.subject.id)
    return AutomodExampleRow(post if isinstance(post, PostRow) else None, None, one.phrases, one.decision)


async def case_rules(parent: strawberry.Parent[CaseRow]) -> Sequence[RuleRow]:
    """The rules that brought something into a case."""
    return await automod_rule.rules_of_case(parent.id)


async def action_rule(parent: strawberry.Parent[ActionRow], info: Info) -> RuleRow | None:
    """The rule that acted: for the desk alone, and never to the person concerned."""
    if parent.automod_rule_id is None or parent.person_id == info.context.viewer_id:
        return None
    return await rule_node(info.context, parent.automod_rule_id)


def definition_label(parent: strawberry.Parent[Definition]) -> LabelRow | None:
    """The label that a rule puts on what it matches."""
    return parent.label
