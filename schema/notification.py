"""What the viewer is told of: notifications, who waits to be let in, settings."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from resolvers import digest as digests
from resolvers import push as pushing
from resolvers.notification import NotificationRow
from schema.digest_enum import DigestFrequency
from schema.job import GenerationJob
from schema.node import Node, PageInfo
from schema.notification_enum import NotificationFilter, NotificationKind, NotificationSource
from schema.push import PushSubscription
from schema.remix import RemixRequest
from schema.user import User

if TYPE_CHECKING:
    from schema.moderation import ModerationAction, Report
    from schema.post import Post
    from schema.saved_search import SavedSearch

LazySavedSearch = Annotated["SavedSearch", strawberry.lazy("schema.saved_search")]
LazyModerationAction = Annotated["ModerationAction", strawberry.lazy("schema.moderation")]
LazyReport = Annotated["Report", strawberry.lazy("schema.moderation")]
LazyPost = Annotated["Post", strawberry.lazy("schema.post")]


@strawberry.type(
    description="Something the viewer is told of; nobody else sees it. Likes and reposts of one post, follows, generations that end and"
    " reports that are decided within 12 hours are one notification, which rises to the top with each. What is taken back leaves it; when nothing is left it is"
    " gone. Whom a block, a mute or a suspension hides is in none, nor is what the viewer may not see any more."
)
class Notification(Node):
    version: int = strawberry.field(
        description="Rises whenever it changes; of two copies the one with the higher version is newer."
    )
    kind: NotificationKind = strawberry.field(description="What happened.")
    count: int = strawberry.field(
        description="How often it happened: for likes, reposts and follows how many people they are. Of the newest 200 only what may be"
        " shown is counted; of those before, all."
    )
    actors: list[User] = strawberry.field(
        description="Who did it, the latest first, at most 8; empty for what nobody else did."
    )
    post: LazyPost | None = strawberry.field(
        description="What it is about: the post that was liked or reposted or is asked for, or the one that answers, quotes, mentions, remixes"
        " or is new, or was found last; null for other kinds."
    )
    job: GenerationJob | None = strawberry.field(
        description="The latest of the jobs that ended, or the one a decision was about; null for other kinds."
    )
    remix_request: RemixRequest | None = strawberry.field(
        description="The request to remix, or the one that was answered; null for other kinds, and when it is gone."
    )
    saved_search: LazySavedSearch | None = strawberry.field(
        description="The saved search that found something, the last of it is `post`; null for other kinds, and when it is gone."
    )
    moderation_action: LazyModerationAction | None = strawberry.field(
        description="What moderators did about the viewer; null for other kinds, and where a decision was about a job's picture."
    )
    report: LazyReport | None = strawberry.field(
        description="The latest of the viewer's reports that were decided; null for other kinds, and when it is gone."
    )
    oldest_at: datetime = strawberry.field(description="When the first of it happened.")
    latest_at: datetime = strawberry.field(description="When the last of it happened.")
    is_unread: bool = strawberry.field(
        description="Whether anything of it came after what the viewer has read (`markNotificationsRead`)."
    )

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, NotificationRow)


@strawberry.type(description="A notification in its place.")
class NotificationEdge:
    cursor: str = strawberry.field(
        description="Its place, for paging and for `markNotificationsRead`. It is another one each time more of it happens."
    )
    node: Notification = strawberry.field(description="The notification.")


@strawberry.type(description="The viewer's notifications, the one that last happened first.")
class NotificationConnection:
    edges: list[NotificationEdge] = strawberry.field(description="The notifications of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")
    live_cursor: str = strawberry.field(
        description="Where to subscribe to `notifications` from: this page and the events after it have no gap."
    )


@strawberry.type(
    description="Somebody whose doings the viewer's filters hold back. Their place is that of the newest of it."
)
class NotificationRequestEdge:
    cursor: str = strawberry.field(description="Their place, for paging.")
    node: User = strawberry.field(description="The person.")
    notification_count: int = strawberry.field(description="How much of theirs waits, at most 50.")
    latest_at: datetime = strawberry.field(description="When the last of it happened.")
    latest_post: LazyPost | None = strawberry.field(
        description="The post that the last of it is about; null where it is about none."
    )


@strawberry.type(description="People whose doings the viewer's filters hold back, the latest first.")
class NotificationRequestConnection:
    edges: list[NotificationRequestEdge] = strawberry.field(description="The people of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")


@strawberry.type(description="Whether the viewer hears of a kind.")
class NotificationSwitch:
    kind: NotificationKind = strawberry.field(description="The kind.")
    source: NotificationSource = strawberry.field(description="Of whom they hear it.")
    pushes: bool = strawberry.field(
        description="Whether their devices are told at once. At first all kinds are but likes, reposts, generations, saved searches and reports."
    )


@strawberry.type(description="How the viewer wants to be told; nobody else sees it.")
class NotificationSettings:
    not_following: NotificationFilter = strawberry.field(
        description="What becomes of what people do whom they do not follow."
    )
    not_followers: NotificationFilter = strawberry.field(
        description="What becomes of what people do who do not follow them, or for less than 3 days."
    )
    new_accounts: NotificationFilter = strawberry.field(
        description="What becomes of what accounts younger than 30 days do."
    )
    private_mentions: NotificationFilter = strawberry.field(
        description="What becomes of posts for those they mention alone, by people whom the viewer neither follows nor wrote to first."
        " FILTER at first."
    )
    switches: list[NotificationSwitch] = strawberry.field(description="Every kind.")
    digest = strawberry.field(
        resolver=digests.digest_frequency,
        graphql_type=DigestFrequency,
        description="How often they get mail about what they have not read while they were away for 12 hours or more (`updateDigest`).",
    )
    decision_mail = strawberry.field(
        resolver=digests.decision_mail,
        graphql_type=bool,
        description="Whether they get mail when moderators decide something about them (`updatePreferences`). Of suspensions they always do.",
    )
    sends_mail = strawberry.field(
        resolver=digests.sends_mail, graphql_type=bool, description="Whether any mail is sent here."
    )
    push_key = strawberry.field(
        resolver=pushing.push_key,
        description="What browsers subscribe with (`applicationServerKey`); null when nothing is pushed here.",
    )
    push_subscriptions = strawberry.field(
        resolver=pushing.push_subscriptions,
        graphql_type=list[PushSubscription],
        description="Their browsers that are told at once (`subscribeToPush`), at most 20, in the order in which they came.",
    )
