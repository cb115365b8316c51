"""What can be done with automod rules; and what that answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry

from resolvers import automod_change as change
from schema.automod import AutomodRule, AutomodRun
from schema.node import UserError
from schema.payload import LazyQuery, errors_field, query_field


def _rule() -> Any:
    return strawberry.field(description="The rule as it is now; null when refused.")


def _run() -> Any:
    return strawberry.field(description="The dry run as it is now; null when refused.")


@strawberry.type(description="What drafting a rule came to.")
class CreateAutomodRulePayload:
    rule: AutomodRule | None = _rule()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What changing a rule came to.")
class UpdateAutomodRulePayload:
    rule: AutomodRule | None = _rule()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What turning a rule on or off came to.")
class SetAutomodRuleStatePayload:
    rule: AutomodRule | None = _rule()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What taking a rule out came to.")
class DeleteAutomodRulePayload:
    deleted_rule_id: strawberry.ID | None = strawberry.field(description="The rule that is gone; null when refused.")
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What starting a dry run came to.")
class StartAutomodRunPayload:
    run: AutomodRun | None = _run()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What ending a dry run came to.")
class CancelAutomodRunPayload:
    run: AutomodRun | None = _run()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


def _mutation(resolver: Callable[..., Any], kind: type, description: str) -> Any:
    return strawberry.mutation(resolver=resolver, graphql_type=kind, description=description)


@strawberry.type(description="What can be done with automod rules.")
class AutomodMutation:
    create_automod_rule: CreateAutomodRulePayload = _mutation(
        change.create_automod_rule,
        CreateAutomodRulePayload,
        "Draft a rule; there are at most 50. Administrators alone.",
    )
    update_automod_rule: UpdateAutomodRulePayload = _mutation(
        change.update_automod_rule,
        UpdateAutomodRulePayload,
        "Change what a rule says; one that is on is tried again first. What it was stays written down. Administrators alone.",
    )
    set_automod_rule_state: SetAutomodRuleStatePayload = _mutation(
        change.set_automod_rule_state,
        SetAutomodRuleStatePayload,
        "Try a rule on what is new, turn it on, or off. Administrators alone; to turn it on needs a recent proof of who asks.",
    )
    delete_automod_rule: DeleteAutomodRulePayload = _mutation(
        change.delete_automod_rule,
        DeleteAutomodRulePayload,
        "Take out a rule that is a draft or off; what it did stays. Administrators alone.",
    )
    start_automod_run: StartAutomodRunPayload = _mutation(
        change.start_automod_run,
        StartAutomodRunPayload,
        "Try a rule on what is there already; nothing is touched. One run of a rule at a time. Administrators alone.",
    )
    cancel_automod_run: CancelAutomodRunPayload = _mutation(
        change.cancel_automod_run,
        CancelAutomodRunPayload,
        "End a dry run; what it found so far stays. Administrators alone.",
    )
