"""Timelines: lists of posts with why each is in it."""

from __future__ import annotations

import strawberry

from models.feed_rules import FeedSignal
from resolvers.live_row import ReasonKind
from schema.node import PageInfo
from schema.post import Hashtag, Post
from schema.scalar import _publish as publish
from schema.user import User

publish(
    ReasonKind,
    "Why a post was picked for the viewer, the likeliest reason where there are several.",
    {
        ReasonKind.FOLLOWED: "They follow its author.",
        ReasonKind.FRIENDS: "Somebody they follow liked or reposted it; `user` is who reposted it, while that stands.",
        ReasonKind.HASHTAG: "It bears a hashtag of posts that they did something about: `hashtag`.",
        ReasonKind.TASTE: "People like it who like what they like.",
        ReasonKind.MEANING: "It means or looks nearly the same as what they liked, kept or remixed lately; what prompts mean is no reason.",
        ReasonKind.TRENDING: "It trends.",
        ReasonKind.NEWCOMER: "Its author came here within the last month.",
        ReasonKind.FRESH: "It is among the newest pictures of anybody.",
        ReasonKind.EVERYONE: "A custom feed shows what anybody posts.",
        ReasonKind.PEOPLE: "A custom feed names its author.",
        ReasonKind.LIST: "Its author stands on a list that is a source of a custom feed.",
        ReasonKind.BOARD: "It stands on a board that is a source of a custom feed.",
        ReasonKind.SEARCH: "A search that is a source of a custom feed finds it.",
        ReasonKind.REMIXES: "It remixes a post that a custom feed names.",
    },
)


@strawberry.type(description="Why a post was picked for the viewer.")
class TimelineReason:
    kind: ReasonKind = strawberry.field(description="What kind of reason it is.")
    hashtag: Hashtag | None = strawberry.field(description="The hashtag it was found by; null for other reasons.")
    user: User | None = strawberry.field(
        description="Who reposted it; null for other reasons, and when they do so no longer."
    )
    source_index: int | None = strawberry.field(
        description="In a custom feed, which of its sources has it, the first of them: its place in `FeedRules.sources`, from 0; null"
        " elsewhere."
    )
    signals: list[FeedSignal] = strawberry.field(
        description="In a ranked custom feed, the signals that counted most for it, at most 3, the strongest first; empty elsewhere."
    )


@strawberry.type(description="A post in a timeline, and why it is there.")
class TimelineEdge:
    cursor: str = strawberry.field(description="Its place in this timeline, for paging.")
    node: Post = strawberry.field(description="The post.")
    reposted_by: User | None = strawberry.field(
        description="Who brought it there by a repost; null when it stands there by itself."
    )
    reason: TimelineReason | None = strawberry.field(
        description="Why it was picked for the viewer; null in timelines that show everything."
    )


@strawberry.type(
    description="A list of posts with why each is in it. Pages are full: what the viewer may not see takes no place."
)
class TimelineConnection:
    edges: list[TimelineEdge] = strawberry.field(description="The posts of this page, in the timeline's order.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")
    live_cursor: str = strawberry.field(
        description="From where to subscribe so that the first page and what follows have no gap."
    )
