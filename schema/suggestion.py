"""Suggestions of whom to follow."""

from __future__ import annotations

import strawberry

from models.suggestion import SuggestionReason
from schema.post import Hashtag
from schema.scalar import _publish as publish
from schema.user import User

publish(
    SuggestionReason,
    "Why somebody is suggested to be followed.",
    {
        SuggestionReason.FOLLOWED_BY_FOLLOWED: "People whom the viewer follows follow them.",
        SuggestionReason.LIKED: "The viewer liked posts of theirs lately.",
        SuggestionReason.HASHTAGS: "They use hashtags of what the viewer liked or wrote lately.",
        SuggestionReason.POPULAR: "Many who are new here follow them.",
    },
)


@strawberry.type(description="Somebody whom the viewer might follow, and why.")
class FollowSuggestion:
    user: User = strawberry.field(description="The person.")
    reason: SuggestionReason = strawberry.field(
        description="Why: FOLLOWED_BY_FOLLOWED people whom the viewer follows do, LIKED the viewer likes their posts, HASHTAGS they"
        " use those of what the viewer likes and writes, POPULAR new people follow them."
    )
    followed_by_count: int = strawberry.field(
        description="How many of those whom the viewer followed last follow them; 0 where that is not the reason."
    )
    followed_by: list[User] = strawberry.field(description="At most 3 of these; empty where that is not the reason.")
    hashtags: list[Hashtag] = strawberry.field(
        description="At most 3 hashtags they share; empty where that is not the reason."
    )
