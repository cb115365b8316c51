"""People."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from models.card import UserRow
from resolvers import acquaintance as bonds
from resolvers import board as boards
from resolvers import chat as talks
from resolvers import custom_feed as custom
from resolvers import labeler as labelers
from resolvers import report as reports
from resolvers import timeline as timelines
from resolvers import user as resolve
from resolvers import user_list as lists
from resolvers.mark import ALONE, STATE
from schema.acquaintance import FollowOptions, UserConnection, UserMute
from schema.image import Image
from schema.label import Label
from schema.labeler import GivenLabel, Labeler
from schema.node import Node
from schema.nullability import FALLIBLE

if TYPE_CHECKING:
    from schema.board import BoardConnection
    from schema.custom_feed import CustomFeedConnection
    from schema.post import Post
    from schema.timeline import TimelineConnection
    from schema.user_list import UserListConnection

LazyPost = Annotated["Post", strawberry.lazy("schema.post")]
LazyTimeline = Annotated["TimelineConnection", strawberry.lazy("schema.timeline")]
LazyBoards = Annotated["BoardConnection", strawberry.lazy("schema.board")]
LazyFeeds = Annotated["CustomFeedConnection", strawberry.lazy("schema.custom_feed")]
LazyLists = Annotated["UserListConnection", strawberry.lazy("schema.user_list")]


@strawberry.type(
    description="A person. Everybody may see who they are, until they are suspended or deactivated; what they post has rules of its own."
)
class User(Node):
    handle: str = strawberry.field(description="Unique, lower case, 1–30 of a–z, 0–9 and _.")
    display_name: str = strawberry.field(description="The name shown.")
    bio: str = strawberry.field(description="What they say of themselves; may be empty.")
    location: str = strawberry.field(description="Where they say they are; may be empty.")
    website: str = strawberry.field(description="An http or https address; may be empty.")
    pronouns: str = strawberry.field(description="How to speak of them; may be empty.")
    joined_at: datetime = strawberry.field(description="When they signed up.")
    avatar: Image | None = strawberry.field(description="Their picture; null when they have none.")
    banner = strawberry.field(
        resolver=resolve.banner,
        graphql_type=Image | None,
        description="The picture across the top of their page; null when they have none.",
        metadata=ALONE,
    )
    labels = strawberry.field(
        resolver=reports.user_labels,
        graphql_type=list[Label],
        description="What moderators say of them; each value at most once.",
        metadata=ALONE,
    )
    viewer_labels = strawberry.field(
        resolver=labelers.user_viewer_labels,
        graphql_type=list[GivenLabel],
        description="What labelers that the viewer listens to say of them; empty when signed out.",
        metadata=ALONE,
    )
    labeler = strawberry.field(
        resolver=labelers.user_labeler,
        graphql_type=Labeler | None,
        description="What they label and how; null when they are no labeler, while their account is private (but to themselves), and"
        " where a block parts them from the viewer.",
        metadata=ALONE,
    )
    follower_count: int = strawberry.field(description="How many people follow them.")
    following_count: int = strawberry.field(description="How many people they follow.")
    post_count: int = strawberry.field(
        description="How many posts for everyone (public or unlisted) they have published and not deleted, replies included."
    )
    viewer_is_following: bool = strawberry.field(
        description="Whether the viewer follows them; false when signed out.", metadata=STATE
    )
    viewer_is_followed_by: bool = strawberry.field(
        description="Whether they follow the viewer; false when signed out.", metadata=STATE
    )
    viewer_is_blocking: bool = strawberry.field(
        description="Whether the viewer blocks them; false when signed out.", metadata=STATE
    )
    viewer_is_muting: bool = strawberry.field(
        description="Whether the viewer mutes them; false when signed out.", metadata=STATE
    )
    is_private: bool = strawberry.field(
        description="Whether what they post is for accepted followers only. Who they are everybody sees all the same."
    )
    viewer_has_requested_follow: bool = strawberry.field(
        description="Whether the viewer asked to follow them and waits for an answer; false when signed out.",
        metadata=STATE,
    )
    viewer_is_requested_by = strawberry.field(
        resolver=bonds.viewer_is_requested_by,
        description="Whether they asked to follow the viewer and wait for an answer; false when signed out.",
        metadata=ALONE,
    )
    viewer_can_message = strawberry.field(
        resolver=talks.viewer_can_message,
        description="Whether the viewer may begin to write to them (`openChat`); false when signed out, and of oneself.",
        metadata=ALONE,
    )
    viewer_follow = strawberry.field(
        resolver=bonds.viewer_follow,
        graphql_type=FollowOptions | None,
        description="How the viewer follows them; null when they do not.",
        metadata=ALONE,
    )
    viewer_mute = strawberry.field(
        resolver=bonds.viewer_mute,
        graphql_type=UserMute | None,
        description="How the viewer mutes them; null when they do not.",
        metadata=ALONE,
    )
    followers = strawberry.field(
        resolver=bonds.followers,
        graphql_type=UserConnection | None,
        directives=FALLIBLE,
        description="Who follows them, the newest first. Of a private account it is empty for whoever does not follow it.",
        metadata=ALONE,
    )
    following = strawberry.field(
        resolver=bonds.following,
        graphql_type=UserConnection | None,
        directives=FALLIBLE,
        description="Whom they follow, the newest first. Of a private account it is empty for whoever does not follow it.",
        metadata=ALONE,
    )
    pinned_post = strawberry.field(
        resolver=resolve.pinned_post,
        graphql_type=LazyPost | None,
        description="The post they have pinned; null when there is none and when the viewer may not see it.",
        metadata=ALONE,
    )
    posts = strawberry.field(
        resolver=timelines.user_posts,
        graphql_type=LazyTimeline | None,
        directives=FALLIBLE,
        description="Their posts and reposts, newest first, as far as the viewer may see them; replies to others stand in conversations.",
        metadata=ALONE,
    )

    media = strawberry.field(
        resolver=timelines.user_media,
        graphql_type=LazyTimeline | None,
        directives=FALLIBLE,
        description="Their own posts with pictures, replies too, newest first, as far as the viewer may see them.",
        metadata=ALONE,
    )
    boards = strawberry.field(
        resolver=boards.user_boards,
        graphql_type=LazyBoards | None,
        directives=FALLIBLE,
        description="Their boards that are there for the viewer: public ones, those shared with the viewer; newest first.",
        metadata=ALONE,
    )
    lists = strawberry.field(
        resolver=lists.user_lists,
        graphql_type=LazyLists | None,
        directives=FALLIBLE,
        description="Their lists that are there for the viewer: public ones, and one's own; newest first.",
        metadata=ALONE,
    )
    feeds = strawberry.field(
        resolver=custom.user_feeds,
        graphql_type=LazyFeeds | None,
        directives=FALLIBLE,
        description="Their custom feeds that are there for the viewer: public ones, and one's own; newest first.",
        metadata=ALONE,
    )

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, UserRow)
