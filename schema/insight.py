"""What a post has come to, for its author."""

from __future__ import annotations

from datetime import datetime

import strawberry


@strawberry.type(description="What came on one day (UTC) and is still there: a like that was taken back is in no day.")
class PostInsightDay:
    starts_at: datetime = strawberry.field(description="When the day begins.")
    views: int = strawberry.field(description="How many people saw the post on that day, each once.")
    likes: int = strawberry.field(description="How many people liked it.")
    reposts: int = strawberry.field(description="How many people reposted it.")
    quotes: int = strawberry.field(description="How many posts quoted it.")
    replies: int = strawberry.field(description="How many direct replies it got.")
    bookmarks: int = strawberry.field(description="How many people kept it.")


@strawberry.type(description="What a post has come to; nobody but its author is told. Who it was is not told at all.")
class PostInsights:
    views: int = strawberry.field(description="How often it was seen: each person once a day, its author never.")
    likes: int = strawberry.field(description="How many people like it.")
    reposts: int = strawberry.field(description="How many people reposted it.")
    quotes: int = strawberry.field(description="How many posts quote it.")
    replies: int = strawberry.field(description="How many direct replies it has.")
    remixes: int = strawberry.field(description="How many pictures were remixed from its own.")
    bookmarks: int = strawberry.field(description="How many people keep it.")
    days: list[PostInsightDay] = strawberry.field(description="The last 30 days, today last.")
