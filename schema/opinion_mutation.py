"""Wanting to see more or less of something, with what it answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry

from resolvers import for_you as resolve
from schema.node import UserError
from schema.opinion import Opinion
from schema.payload import LazyQuery, errors_field, query_field


@strawberry.type(description="What wanting to see more or less of something came to.")
class GiveOpinionPayload:
    opinion: Opinion | None = strawberry.field(description="The opinion as it stands now; null when refused.")
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What taking an opinion back came to.")
class WithdrawOpinionPayload:
    withdrawn_opinion_id: strawberry.ID | None = strawberry.field(
        description="The opinion that is held no more; null when refused."
    )
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


def _mutation(resolver: Callable[..., Any], kind: type, description: str) -> Any:
    return strawberry.mutation(resolver=resolver, graphql_type=kind, description=description)


@strawberry.type
class OpinionMutation:
    give_opinion: GiveOpinionPayload = _mutation(
        resolve.give_opinion,
        GiveOpinionPayload,
        "Want to see more or less of a post, a person or a hashtag in what is picked for one; saying so again changes it. Nobody is"
        " told, and it can be taken back.",
    )
    withdraw_opinion: WithdrawOpinionPayload = _mutation(
        resolve.withdraw_opinion, WithdrawOpinionPayload, "Take back that one wants to see more or less of something."
    )
