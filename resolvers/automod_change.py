"""What administrators do with automod rules. To whoever does not work at the desk, nothing of it is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import strawberry
from strawberry import UNSET

from models import automod_rule, automod_run, node_id, step_up
from models.automod_definition import (
    LONGEST_NAME,
    LONGEST_PHRASE,
    MOST_AN_HOUR,
    MOST_COUNTED,
    MOST_DAYS,
    MOST_HASHTAGS,
    MOST_PHRASES,
    AutomodOutcome,
    AutomodTarget,
)
from models.automod_rule import AutomodState, RuleRow
from models.automod_run import MOST_DAYS as MOST_PAST_DAYS
from models.automod_run import MOST_EXAMINED, RunRow
from models.label import LabelRow
from models.report import ReportReason
from resolvers.context import Info
from resolvers.desk_change import LabelInput
from resolvers.node import number_in
from resolvers.outcome import Outcome, perform
from resolvers.payload import Payload
from resolvers.user import KEY_HELP
from safety.lexicon import MOST_WORDS

RULE = "A rule."
_COUNT = f"1 to {MOST_COUNTED}; for posts alone."
_AGE = f"1 to {MOST_DAYS:,}."


@strawberry.input(
    description="What a rule says. All conditions that are given must hold, and one at least is given; of the phrases, and of the"
    " hashtags, one is enough."
)
class AutomodRuleInput:
    name: str = strawberry.field(description=f"One line of at most {LONGEST_NAME} characters.")
    target: AutomodTarget = strawberry.field(description="What it looks at.")
    outcome: AutomodOutcome = strawberry.field(description="What follows from a match. Accounts are not held.")
    reason: ReportReason = strawberry.field(description="Which rule of the house is broken.")
    label: LabelInput | None = strawberry.field(description="The label, for LABEL and for nothing else.", default=UNSET)
    phrases: list[str] = strawberry.field(
        description=f"At most {MOST_PHRASES}, each of 1 to {MOST_WORDS} whole words and at most {LONGEST_PHRASE} characters. They are"
        " found however they are spelled: with look-alikes, digits for letters, s p a c e s. There are no patterns.",
        default_factory=list,
    )
    hashtags: list[str] = strawberry.field(
        description=f"At most {MOST_HASHTAGS}, with or without their sign; for posts alone.", default_factory=list
    )
    min_links: int | None = strawberry.field(description=f"At least so many links: {_COUNT}", default=UNSET)
    min_mentions: int | None = strawberry.field(description=f"At least so many mentions: {_COUNT}", default=UNSET)
    min_hashtags: int | None = strawberry.field(description=f"At least so many hashtags: {_COUNT}", default=UNSET)
    younger_than_days: int | None = strawberry.field(
        description=f"The account is younger than so many days: {_AGE}", default=UNSET
    )
    sensitive_pictures: bool = strawberry.field(
        description="There is a picture that is marked as sensitive; for posts alone.", default=False
    )
    spares_team: bool = strawberry.field(description="Whoever works at the desk is spared.", default=True)
    spares_older_than_days: int | None = strawberry.field(
        description=f"Accounts of so many days or more are spared: {_AGE}", default=UNSET
    )
    spares_answers_to_followers: bool = strawberry.field(
        description="Answers to somebody who follows their author are spared; for posts alone.", default=False
    )
    most_an_hour: int = strawberry.field(
        description=f"What it may match in an hour, 1 to {MOST_AN_HOUR:,}: with more it is put back to DRY by itself. One person's counts"
        " for a tenth of it at most.",
        default=100,
    )


@strawberry.input(description="A rule to draft.")
class CreateAutomodRuleInput:
    rule: AutomodRuleInput = strawberry.field(description="What it says.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="A rule to change. One that is on is put back to DRY.")
class UpdateAutomodRuleInput:
    rule_id: strawberry.ID = strawberry.field(description=RULE)
    version: int = strawberry.field(description="The version that was looked at; refused where there is a newer one.")
    rule: AutomodRuleInput = strawberry.field(description="All that it says from now on.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="What a rule is to do.")
class SetAutomodRuleStateInput:
    rule_id: strawberry.ID = strawberry.field(description=RULE)
    version: int = strawberry.field(description="The version that was looked at; refused where there is a newer one.")
    state: AutomodState = strawberry.field(description="One of the rule's `nextStates`.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="A rule to take out.")
class DeleteAutomodRuleInput:
    rule_id: strawberry.ID = strawberry.field(description="One that is a draft or off.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="What to try a rule on.")
class StartAutomodRunInput:
    rule_id: strawberry.ID = strawberry.field(description=RULE)
    days: int = strawberry.field(description=f"How far back: 1 to {MOST_PAST_DAYS} days.", default=30)
    most: int = strawberry.field(
        description=f"How much to look at, the newest first: 1 to {MOST_EXAMINED:,}.", default=10_000
    )
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="A dry run to end.")
class CancelAutomodRunInput:
    run_id: strawberry.ID = strawberry.field(description="A run.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@dataclass(frozen=True, slots=True)
class RulePayloadRow(Payload):
    """A rule as it is now."""

    rule: RuleRow | None = None


@dataclass(frozen=True, slots=True)
class RuleDeletedRow(Payload):
    """Which rule is gone."""

    deleted_rule_id: str | None = None


@dataclass(frozen=True, slots=True)
class RunPayloadRow(Payload):
    """A dry run as it is now."""

    run: RunRow | None = None


def _given(rule: AutomodRuleInput) -> dict[str, Any]:
    values = {name: value for name, value in vars(rule).items() if value is not UNSET}
    if values.get("label") is not None:
        label = values["label"]
        values["label"] = LabelRow(label.value, label.severity, label.blur)
    return values


async def _rule_shown(outcome: Outcome) -> RulePayloadRow:
    if not outcome.done:
        return RulePayloadRow(outcome.user_errors)
    return RulePayloadRow((), await automod_rule.rule(outcome.found["rule"]))


async def _run_shown(outcome: Outcome) -> RunPayloadRow:
    if not outcome.done:
        return RunPayloadRow(outcome.user_errors)
    return RunPayloadRow((), await automod_run.run_of(outcome.found["run"]))


async def create_automod_rule(info: Info, input: CreateAutomodRuleInput) -> RulePayloadRow:
    """Draft a rule."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        return {"rule": await automod_rule.create(viewer_id, _given(input.rule))}

    return await _rule_shown(await perform(info.context, "createAutomodRule", input, act))


async def update_automod_rule(info: Info, input: UpdateAutomodRuleInput) -> RulePayloadRow:
    """Change what a rule says."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("rule", input.rule_id, "ruleId")
        await automod_rule.change(viewer_id, number, input.version, _given(input.rule))
        return {"rule": number}

    return await _rule_shown(await perform(info.context, "updateAutomodRule", input, act))


async def set_automod_rule_state(info: Info, input: SetAutomodRuleStateInput) -> RulePayloadRow:
    """Try a rule, turn it on or off."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("rule", input.rule_id, "ruleId")
        if input.state is AutomodState.ON:
            await automod_rule.check_editor(viewer_id)
            await step_up.require(info.context.asker.session_id)
        await automod_rule.set_state(viewer_id, number, input.version, input.state)
        return {"rule": number}

    return await _rule_shown(await perform(info.context, "setAutomodRuleState", input, act))


async def delete_automod_rule(info: Info, input: DeleteAutomodRuleInput) -> RuleDeletedRow:
    """Take a rule out."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("rule", input.rule_id, "ruleId")
        await automod_rule.delete(viewer_id, number)
        return {"rule": number}

    outcome = await perform(info.context, "deleteAutomodRule", input, act)
    number = outcome.found.get("rule")
    return RuleDeletedRow(outcome.user_errors, None if number is None else node_id.encode("rule", number))


async def start_automod_run(info: Info, input: StartAutomodRunInput) -> RunPayloadRow:
    """Try a rule on what is there already."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("rule", input.rule_id, "ruleId")
        return {"run": await automod_run.begin(viewer_id, number, input.days, input.most)}

    return await _run_shown(await perform(info.context, "startAutomodRun", input, act))


async def cancel_automod_run(info: Info, input: CancelAutomodRunInput) -> RunPayloadRow:
    """End a dry run where it is."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("run", input.run_id, "runId")
        await automod_run.cancel(viewer_id, number)
        return {"run": number}

    return await _run_shown(await perform(info.context, "cancelAutomodRun", input, act))
