"""Suggestions of whom to follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import strawberry
from strawberry import UNSET

from errors import NotFound
from models import node_id, suggestion
from models.card import HashtagRow, UserRow
from models.standing import is_there
from models.suggestion import SuggestionReason
from resolvers.context import Info
from resolvers.node import number_in
from resolvers.outcome import perform
from resolvers.payload import Payload
from resolvers.user import KEY_HELP
from resolvers.viewer_row import ViewerRow


@strawberry.input(description="Whom not to suggest again.")
class DismissFollowSuggestionInput:
    user_id: strawberry.ID = strawberry.field(description="A person, suggested or not.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@dataclass(frozen=True, slots=True)
class FollowSuggestionRow:
    """Somebody to follow, and why."""

    user: UserRow
    reason: SuggestionReason
    followed_by_count: int
    followed_by: Sequence[UserRow]
    hashtags: Sequence[HashtagRow]


@dataclass(frozen=True, slots=True)
class DismissedRow(Payload):
    """Who is not suggested again."""

    dismissed_user_id: str | None = None


async def follow_suggestions(
    parent: strawberry.Parent[ViewerRow], info: Info, count: int = 10
) -> Sequence[FollowSuggestionRow]:
    """Whom the viewer might follow, the likeliest first."""
    found = await suggestion.suggestions(parent.id, count)
    wanted = {one.user_id for one in found} | {other for one in found for other in one.followed_by}
    people = dict(zip(wanted, await info.context.loaders.users.load_many(list(wanted)), strict=True))
    return [
        FollowSuggestionRow(
            user,
            one.reason,
            one.followed_by_count,
            [known for other in one.followed_by if (known := people[other]) is not None],
            [HashtagRow(name) for name in one.hashtags],
        )
        for one in found
        if (user := people[one.user_id]) is not None
    ]


async def dismiss_follow_suggestion(info: Info, input: DismissFollowSuggestionInput) -> DismissedRow:
    """Suggest somebody no more; twice is the same as once."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("user", input.user_id, "userId")
        if not await is_there(number):
            raise NotFound("There is no such person.", ["userId"])
        await suggestion.dismiss(viewer_id, number)
        return {"user": number}

    outcome = await perform(info.context, "dismissFollowSuggestion", input, act)
    number = outcome.found.get("user")
    return DismissedRow(outcome.user_errors, None if number is None else node_id.encode("user", number))
