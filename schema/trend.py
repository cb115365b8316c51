"""Trends: what more people than usual are at."""

from __future__ import annotations

from datetime import datetime

import strawberry

from resolvers import trend as resolve
from resolvers.mark import ALONE
from schema.nullability import FALLIBLE
from schema.post import Hashtag
from schema.timeline import TimelineConnection


@strawberry.type(description="A hashtag that trends.")
class TrendingHashtag:
    hashtag: Hashtag = strawberry.field(description="The hashtag, as it was written last.")
    account_count: int = strawberry.field(
        description="How many people used it in public posts of the last 24 hours that are not sensitive, each once."
    )


@strawberry.type(
    description="What more people than usual are at, worked out each minute. People count once for each thing, by how long they are"
    " here and by their followers who have been here for a month and are not at it themselves: a hundred fresh accounts, or a"
    " hundred that follow one another, count nothing. A hashtag's score is `(observed - expected)² / expected`: observed is the"
    " weight of who used it in the last day, halved each 4 hours, expected what the week before gives for as long; at least 3"
    " people. A post's is the weight of who remixed (4), kept (3), reposted or quoted (2), answered (1.5) or liked (1) it, halved"
    " each 6 hours of its age. Private accounts, sensitive posts and replies are left out, and so is what the viewer blocks or mutes."
)
class Trends:
    language: str | None = strawberry.field(
        description="Of which language (ISO 639-1), as the words of posts tell it; null: of all together."
    )
    worked_out_at: datetime | None = strawberry.field(description="When this was worked out; null when it was not yet.")
    hashtags = strawberry.field(
        resolver=resolve.trending_hashtags,
        graphql_type=list[TrendingHashtag],
        description="The hashtags that trend, the strongest first, at most 30; none that the viewer mutes, and none whose newest"
        " posts are all by people they do not read.",
        metadata=ALONE,
    )
    posts = strawberry.field(
        resolver=resolve.trending_posts,
        graphql_type=TimelineConnection | None,
        directives=FALLIBLE,
        description="The posts that trend, the strongest first, at most 50, as the viewer may see them. The order changes each"
        " minute: later pages may repeat or miss some. Nothing of it is live.",
        metadata=ALONE,
    )
