"""Custom feeds: rules that are data, and what they show."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from models.custom_feed import FeedRow
from models.feed_rules import FeedChoice, FeedOrder, FeedSignal, FeedSourceKind
from resolvers import custom_feed as resolve
from resolvers.feed_input import FeedCircle
from resolvers.mark import ALONE, STATE
from schema.board import Board
from schema.live_event import LiveEvent
from schema.node import Node, PageInfo
from schema.nullability import FALLIBLE
from schema.post import Hashtag, Post
from schema.scalar import _publish as publish
from schema.timeline import TimelineConnection, TimelineEdge
from schema.user_list import UserList

if TYPE_CHECKING:
    from schema.user import User

LazyUser = Annotated["User", strawberry.lazy("schema.user")]

publish(
    FeedSourceKind,
    "Where posts of a custom feed come from.",
    {
        FeedSourceKind.EVERYONE: "Everybody.",
        FeedSourceKind.FOLLOWED: "Whom the reader follows, whoever owns the feed; nobody when signed out.",
        FeedSourceKind.PEOPLE: "People it names.",
        FeedSourceKind.LIST: "The people on a list.",
        FeedSourceKind.BOARD: "What stands on a board.",
        FeedSourceKind.HASHTAG: "What bears a hashtag.",
        FeedSourceKind.SEARCH: "What a search finds.",
        FeedSourceKind.REMIXES: "What remixes a post.",
    },
)
publish(
    FeedCircle,
    "Whose posts a source has that names nobody.",
    {FeedCircle.EVERYONE: "Everybody's.", FeedCircle.FOLLOWED: "Those of whom the reader follows."},
)
publish(
    FeedChoice,
    "What a feed does with posts of some kind.",
    {
        FeedChoice.ALL: "It makes no difference.",
        FeedChoice.ONLY: "Only such posts.",
        FeedChoice.NONE: "No such posts.",
    },
)
publish(
    FeedOrder,
    "In which order a feed stands.",
    {
        FeedOrder.NEWEST: "The newest first; it is live.",
        FeedOrder.RANKED: "By signals and weights, as what is picked for somebody; made anew when it is read from its top.",
    },
)
publish(
    FeedSignal,
    "What a ranked feed weighs; each from 0 to 1 of a post, for a reader.",
    {
        FeedSignal.REMIXES: "Remixes for each reader of the author.",
        FeedSignal.SAVES: "How many keep it, for each reader.",
        FeedSignal.REPLIES: "Replies for each reader.",
        FeedSignal.QUOTES: "Quotes for each reader.",
        FeedSignal.REPOSTS: "Reposts for each reader.",
        FeedSignal.LIKES: "Likes for each reader.",
        FeedSignal.AFFINITY: "How much the reader did about its author's posts.",
        FeedSignal.FOLLOWED: "Whether the reader follows its author.",
        FeedSignal.FRIENDS: "How many whom the reader follows liked or reposted it.",
        FeedSignal.HASHTAGS: "Whether it bears a hashtag of what the reader did something about.",
        FeedSignal.TASTE: "How many who like what the reader likes liked it.",
        FeedSignal.MEANING: "How near it is to what the reader liked, in meaning or looks.",
        FeedSignal.TRENDING: "How strongly it trends.",
        FeedSignal.NEWCOMER: "Whether its author came within the last month.",
        FeedSignal.PICTURE: "Whether it has a picture.",
    },
)


@strawberry.type(
    description="One source of a feed, as far as it is there for the viewer: of a list, board, post or person that is not, nothing"
    " but the kind of source is told, and it brings the viewer no posts."
)
class FeedSource:
    kind: FeedSourceKind = strawberry.field(description="What kind of source it is.")
    people = strawberry.field(
        resolver=resolve.source_people,
        graphql_type=list[LazyUser],
        description="The people it names, at most 50, without whom a block parts from the viewer or the owner; empty for other kinds.",
        metadata=ALONE,
    )
    user_list = strawberry.field(
        resolver=resolve.source_list,
        graphql_type=UserList | None,
        name="list",
        description="The list; null for other kinds, and when it is not there for the viewer.",
        metadata=ALONE,
    )
    board = strawberry.field(
        resolver=resolve.source_board,
        graphql_type=Board | None,
        description="The board; null for other kinds, and when it is not there for the viewer.",
        metadata=ALONE,
    )
    hashtag = strawberry.field(
        resolver=resolve.source_hashtag,
        graphql_type=Hashtag | None,
        description="The hashtag; null for other kinds.",
    )
    search = strawberry.field(
        resolver=resolve.source_search,
        graphql_type=str | None,
        description="What is looked for, in the words of `Query.search`; null for other kinds.",
    )
    remixes_of = strawberry.field(
        resolver=resolve.source_post,
        graphql_type=Post | None,
        description="The post whose remixes it has; null for other kinds, and when the viewer does not see it.",
        metadata=ALONE,
    )


@strawberry.type(description="What a post must be to stand in a feed; all of it holds.")
class FeedFilters:
    pictures: FeedChoice = strawberry.field(description="Posts with pictures.")
    replies: FeedChoice = strawberry.field(
        description="Replies to others; NONE leaves threads of one author whole, ONLY has these, too."
    )
    remixes: FeedChoice = strawberry.field(description="Posts that show remixes.")
    ai: FeedChoice = strawberry.field(
        description="Posts with pictures that AI made or changed, as far as that is told."
    )
    sensitive: FeedChoice = strawberry.field(description="Posts that are marked as sensitive.")
    languages: list[str] = strawberry.field(
        description="Only posts in one of these languages (ISO 639-1), at most 5; empty for all."
    )
    models: list[str] = strawberry.field(
        description="Only posts with a picture by an engine or model whose name begins so, at most 5; empty for all."
    )
    min_likes: int | None = strawberry.field(description="Only posts with so many likes; null for all.")
    max_age_hours: int | None = strawberry.field(description="Only posts at most so old; null for all.")
    without_words: list[str] = strawberry.field(description="No posts that say one of these, at most 20.")
    without_hashtags: list[str] = strawberry.field(description="No posts with one of these hashtags, at most 20.")
    without_people = strawberry.field(
        resolver=resolve.without_people,
        graphql_type=list[LazyUser],
        description="No posts of these people, at most 50; told to the feed's owner alone, empty for others.",
        metadata=ALONE,
    )


@strawberry.type(description="How much a signal counts in a ranked feed.")
class FeedWeight:
    signal: FeedSignal = strawberry.field(description="Which one.")
    weight: float = strawberry.field(
        description="How many times it counts as it does in what is picked for somebody, 0 to 10."
    )


@strawberry.type(
    description="What a feed shows: the posts of any of its sources that all filters let through, in an order, each once."
)
class FeedRules:
    sources: list[FeedSource] = strawberry.field(description="Where posts come from, 1 to 8.")
    filters: FeedFilters = strawberry.field(description="What they must be.")
    order: FeedOrder = strawberry.field(
        description="How they stand: NEWEST first, live; or RANKED by signals and weights (newest first for who is signed out)."
    )
    weights: list[FeedWeight] = strawberry.field(
        description="What counts more, or less, when it is ranked; signals that are not here count once."
    )
    half_life_hours: int = strawberry.field(description="After how many hours a post counts half when it is ranked.")


@strawberry.type(
    description="A timeline by rules of somebody's own. A private one is there for its owner alone, a public one for everybody whom no"
    " block parts from its owner. Whoever reads it gets what they may see and want to read themselves: their follows, mutes and"
    " blocks count, never the owner's."
)
class CustomFeed(Node):
    name: str = strawberry.field(description="What its owner calls it.")
    description: str = strawberry.field(description="What it is for; may be empty.")
    is_private: bool = strawberry.field(description="Whether it is there for its owner alone.")
    owner = strawberry.field(resolver=resolve.owner, graphql_type=LazyUser, description="Whose it is.", metadata=ALONE)
    viewer_is_owner: bool = strawberry.field(
        description="Whether it is the viewer's own; false when signed out.", metadata=STATE
    )
    viewer_has_pinned: bool = strawberry.field(
        description="Whether the viewer has it among the tabs of their home (`pinFeed`); false when signed out.",
        metadata=STATE,
    )
    created_at: datetime = strawberry.field(description="When it was made.")
    changed_at: datetime = strawberry.field(description="When anything about it changed last.")
    rules = strawberry.field(
        resolver=resolve.rules, graphql_type=FeedRules, description="What it shows, as data.", metadata=ALONE
    )
    explanation = strawberry.field(
        resolver=resolve.explanation,
        graphql_type=str,
        description="What it shows the viewer, in English sentences; `rules` say the same as data.",
        metadata=ALONE,
    )
    timeline = strawberry.field(
        resolver=resolve.timeline,
        graphql_type=TimelineConnection | None,
        directives=FALLIBLE,
        description="What stands in it for the viewer, each post with the `reason` it is there for. Newest first it is live"
        " (`customFeedTimeline`). Ranked it is a list that is made when it is read without a cursor and kept for 24 hours, of posts of"
        " the last 14 days unless its filters say an age; at most 300. An error where looking takes too long.",
        metadata=ALONE,
    )

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, FeedRow)


@strawberry.type(description="A feed among a person's.")
class CustomFeedEdge:
    cursor: str = strawberry.field(description="Its place, for paging.")
    node: CustomFeed = strawberry.field(description="The feed.")


@strawberry.type(description="A person's feeds, newest first.")
class CustomFeedConnection:
    edges: list[CustomFeedEdge] = strawberry.field(description="The feeds of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")


@strawberry.type(description="Why rules cannot be kept: the first thing that is wrong.")
class FeedProblem:
    message: str = strawberry.field(description="A full sentence for people.")
    path: list[str] = strawberry.field(
        description="The way to it, from `rules` on; empty where it is about all of them."
    )


@strawberry.type(description="What rules that are not kept would show the viewer.")
class FeedPreview:
    problem: FeedProblem | None = strawberry.field(
        description="What is wrong with the rules; then nothing is shown. Null when nothing is."
    )
    explanation: str = strawberry.field(
        description="What they show, in English sentences; empty where there is a problem."
    )
    edges: list[TimelineEdge] = strawberry.field(
        description="The first posts, at most 20, each with the reason it is there for."
    )


@strawberry.interface(description="What the subscription to a custom feed delivers.")
class CustomFeedTimelineEvent(LiveEvent):
    pass
