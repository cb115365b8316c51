"""The live feeds: subscriptions and what they deliver."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry

from resolvers import board as boards
from resolvers import (
    conversation_live,
    custom_feed_live,
    drafts_live,
    follow_requests_live,
    hashtag,
    list_live,
    notification_live,
    permit,
    profile_live,
    search_live,
)
from resolvers import live as resolve
from resolvers import live_row as row
from resolvers.conversation_live import ReplyPublishedRow
from resolvers.live_row import ResetReason
from schema.chat_live import CHAT_EVENTS, ChatEvent, ChatsEvent, ChatSubscription
from schema.conversation import ConversationEdge
from schema.custom_feed import CustomFeedTimelineEvent
from schema.draft_live import DraftChanged, DraftPublished, DraftRemoved, DraftsEvent
from schema.gathering_live import BoardChanged, BoardEvent, UserListTimelineEvent
from schema.job import GenerationJob
from schema.live_event import (
    ConversationEvent,
    ExploreTimelineEvent,
    GenerationJobEvent,
    HashtagTimelineEvent,
    HomeTimelineEvent,
    NotificationsEvent,
    PostsChangedEvent,
    RemixRequestsEvent,
    SearchTimelineEvent,
    UserTimelineEvent,
)
from schema.notification import NotificationEdge
from schema.people_live import FollowRequestEnded, FollowRequestReceived, FollowRequestsEvent
from schema.post import Post
from schema.remix import RemixRequest
from schema.saved_search import SAVED_SEARCH_EVENTS, SavedSearchesEvent, SavedSearchSubscription
from schema.timeline import TimelineEdge


@strawberry.type(
    description="A post entered this timeline. It may repeat an edge of the page one has, never another event."
)
class PostPublished(
    HomeTimelineEvent,
    ExploreTimelineEvent,
    UserTimelineEvent,
    HashtagTimelineEvent,
    SearchTimelineEvent,
    UserListTimelineEvent,
    CustomFeedTimelineEvent,
):
    edge: TimelineEdge = strawberry.field(description="Its place, and why it is there.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, row.PostPublishedRow)


@strawberry.type(
    description="The post left this timeline; if another reason to be there remains, a PostPublished with it follows."
    " In a conversation a hole takes its place (DELETED)."
)
class PostRemoved(
    HomeTimelineEvent,
    ExploreTimelineEvent,
    UserTimelineEvent,
    HashtagTimelineEvent,
    SearchTimelineEvent,
    UserListTimelineEvent,
    CustomFeedTimelineEvent,
    ConversationEvent,
    PostsChangedEvent,
):
    post_id: strawberry.ID = strawberry.field(description="The post, which may never have been on this screen.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, row.PostRemovedRow)


@strawberry.type(description="Everything of this person left the timeline.")
class AuthorRemoved(
    HomeTimelineEvent, ExploreTimelineEvent, HashtagTimelineEvent, SearchTimelineEvent, CustomFeedTimelineEvent
):
    user_id: strawberry.ID = strawberry.field(description="The person.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, row.AuthorRemovedRow)


@strawberry.type(
    description="A reply entered the conversation, at whatever depth. It may repeat an edge of the page one has, never another"
    " event. By somebody the viewer blocks it is a hole; under a post that the viewer may not see it does not come."
)
class ReplyPublished(ConversationEvent):
    reply_to_id: strawberry.ID = strawberry.field(
        description="The post it answers, in whose `replies` the edge stands."
    )
    edge: ConversationEdge = strawberry.field(description="Its place among the replies, which come oldest first.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, ReplyPublishedRow)


@strawberry.type(
    description="A post on screen has new values: absolute, with a version; counters at most twice a second."
)
class PostChanged(PostsChangedEvent):
    post: Post = strawberry.field(description="The post as it is now.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, row.PostChangedRow)


@strawberry.type(
    description="A signal, not stored: how far the pictures of a post on screen are that are being made. Its cursor is that of the"
    " last stored event. It comes for posts that were being made when the subscription began."
)
class PostProgressed(PostsChangedEvent):
    post_id: strawberry.ID = strawberry.field(description="The post.")
    fraction: float | None = strawberry.field(description="How much is done, 0 to 1; null when that is not known.")
    preview_url: str | None = strawberry.field(
        description="The address of a partial picture, good for a minute; null when there is none, and where the author does not"
        " show them."
    )
    output_index: int | None = strawberry.field(description="Which of the pictures that is; null when there is none.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, row.PostProgressedRow)


@strawberry.type(description="A request to remix came, or was answered.")
class RemixRequestChanged(RemixRequestsEvent):
    request: RemixRequest = strawberry.field(description="The request as it is now.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, permit.RequestChangedRow)


@strawberry.type(description="A job has new values. The stream of a job begins with one.")
class JobChanged(GenerationJobEvent):
    job: GenerationJob = strawberry.field(description="The job as it is now.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, row.JobChangedRow)


@strawberry.type(
    description="A signal, not stored: how far a running job is, or that a waiting one moved up. At most two a second; its cursor"
    " is that of the last stored event."
)
class JobProgressed(GenerationJobEvent):
    fraction: float | None = strawberry.field(description="How much is done, 0 to 1; null when that is not known.")
    phase: str | None = strawberry.field(description="The engine's own word for what it does; null when it says none.")
    preview_url: str | None = strawberry.field(
        description="The address of a partial picture, good for some minutes; null when there is none."
    )
    output_index: int | None = strawberry.field(description="Which output the preview is of; null when there is none.")
    queue_position: int | None = strawberry.field(
        description="Its place in the queue now, 1 is next; null in what is told of a running job."
    )
    people_ahead: int | None = strawberry.field(
        description="How many other people have a job before it; null in what is told of a running job."
    )

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, row.JobProgressedRow)


_UNREAD = "How many notifications have something unread, now."


@strawberry.type(
    description="A notification is new, or other than it was: put it where its edge says, in place of what one had of it."
)
class NotificationChanged(NotificationsEvent):
    edge: NotificationEdge = strawberry.field(description="The notification, in its place now.")
    unread_notification_count: int = strawberry.field(description=_UNREAD)

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, notification_live.NotificationChangedRow)


@strawberry.type(description="Nothing of a notification is to be seen any more.")
class NotificationRemoved(NotificationsEvent):
    notification_id: strawberry.ID = strawberry.field(
        description="The notification, which may never have been on this screen."
    )
    unread_notification_count: int = strawberry.field(description=_UNREAD)

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, notification_live.NotificationRemovedRow)


@strawberry.type(description="The viewer has read on, here or on another device.")
class NotificationsRead(NotificationsEvent):
    unread_notification_count: int = strawberry.field(description=_UNREAD)

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, notification_live.NotificationsReadRow)


@strawberry.type(description="Other people are held back by filters than before, or less of them.")
class NotificationRequestsChanged(NotificationsEvent):
    notification_request_count: int = strawberry.field(
        description="How many people are held back now; 100 stands for more, too."
    )

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, notification_live.NotificationRequestsChangedRow)


@strawberry.type(description="Fetch anew; the stream goes on from this cursor.")
class Reset(
    HomeTimelineEvent,
    ExploreTimelineEvent,
    UserTimelineEvent,
    HashtagTimelineEvent,
    SearchTimelineEvent,
    UserListTimelineEvent,
    CustomFeedTimelineEvent,
    BoardEvent,
    ConversationEvent,
    PostsChangedEvent,
    GenerationJobEvent,
    RemixRequestsEvent,
    FollowRequestsEvent,
    NotificationsEvent,
    DraftsEvent,
    ChatsEvent,
    ChatEvent,
    SavedSearchesEvent,
):
    reason: ResetReason = strawberry.field(description="Why.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, row.ResetRow)


@strawberry.type(
    description="Sent at once on subscribing and at least once a minute, so that a quiet reader's cursor stays young."
)
class LiveHeartbeat(
    HomeTimelineEvent,
    ExploreTimelineEvent,
    UserTimelineEvent,
    HashtagTimelineEvent,
    SearchTimelineEvent,
    UserListTimelineEvent,
    CustomFeedTimelineEvent,
    BoardEvent,
    ConversationEvent,
    PostsChangedEvent,
    GenerationJobEvent,
    RemixRequestsEvent,
    FollowRequestsEvent,
    NotificationsEvent,
    DraftsEvent,
    ChatsEvent,
    ChatEvent,
    SavedSearchesEvent,
):
    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, row.HeartbeatRow)


def _subscription(resolver: Callable[..., Any], kind: type, description: str) -> Any:
    return strawberry.subscription(resolver=resolver, graphql_type=kind, description=description)


@strawberry.type(
    description="Everything that can be followed live. Each stream resumes after a cursor without loss, and says Reset when it cannot."
)
class Subscription(ChatSubscription, SavedSearchSubscription):
    home_timeline: HomeTimelineEvent = _subscription(
        resolve.home_timeline, HomeTimelineEvent, "The viewer's home as it moves. Needs somebody signed in."
    )
    explore_timeline: ExploreTimelineEvent = _subscription(
        resolve.explore_timeline, ExploreTimelineEvent, "Public posts as they are published. Open to all."
    )
    user_timeline: UserTimelineEvent = _subscription(
        profile_live.user_timeline,
        UserTimelineEvent,
        "The page of a person, their posts and reposts, as it moves. Open to all, for what each may see.",
    )
    hashtag_timeline: HashtagTimelineEvent = _subscription(
        hashtag.hashtag_timeline,
        HashtagTimelineEvent,
        "Public posts with a hashtag as they are published. Open to all.",
    )
    search_timeline: SearchTimelineEvent = _subscription(
        search_live.search_timeline,
        SearchTimelineEvent,
        "New posts that a text finds (`Query.search`), as they are published; open to all, for what each may see. What starts to"
        " match by an edit, by likes, or by another audience is found when it is looked for again. A text that is wrong, or asks"
        " nothing, is refused.",
    )
    user_list_timeline: UserListTimelineEvent = _subscription(
        list_live.user_list_timeline,
        UserListTimelineEvent,
        "The timeline of a list as it moves; Reset whenever the list changes. Open to all for whom the list is there.",
    )
    custom_feed_timeline: CustomFeedTimelineEvent = _subscription(
        custom_feed_live.custom_feed_timeline,
        CustomFeedTimelineEvent,
        "New posts of a custom feed, as they are published; Reset whenever the feed, its lists and boards, or the viewer's own rules"
        " change. What starts to match by an edit or by likes is found when it is read again. Open to all for whom the feed is there;"
        " a ranked feed is refused.",
    )
    board_changed: BoardEvent = _subscription(
        boards.board_changed,
        BoardEvent,
        "What becomes of a board; Reset when it is gone or no longer there for the viewer. Open to all for whom it is there.",
    )
    conversation: ConversationEvent = _subscription(
        conversation_live.conversation_live,
        ConversationEvent,
        "The whole conversation that a post stands in: every new reply, and what is deleted. Open to all who see that post,"
        " for what each may see.",
    )
    posts_changed: PostsChangedEvent = _subscription(
        resolve.posts_changed,
        PostsChangedEvent,
        "What happens to the posts on screen (at most 100 ids). Open to all, for what each may see.",
    )
    follow_requests: FollowRequestsEvent = _subscription(
        follow_requests_live.follow_requests_live,
        FollowRequestsEvent,
        "Who asks to follow the viewer, as it moves. Needs somebody signed in.",
    )
    drafts_changed: DraftsEvent = _subscription(
        drafts_live.drafts_changed,
        DraftsEvent,
        "What becomes of the viewer's own drafts, on whatever device. Needs somebody signed in.",
    )
    generation_job: GenerationJobEvent = _subscription(
        resolve.generation_job, GenerationJobEvent, "The life of a job of the viewer's own, with its progress."
    )
    notifications: NotificationsEvent = _subscription(
        notification_live.notifications_live,
        NotificationsEvent,
        "What the viewer is told of, as it moves, and how far they have read on other devices. Needs somebody signed in.",
    )
    remix_requests: RemixRequestsEvent = _subscription(
        permit.remix_requests_live,
        RemixRequestsEvent,
        "Requests to remix that the viewer made or is asked by, as they come and are answered. Needs somebody signed in.",
    )


EVENTS = (
    *CHAT_EVENTS, *SAVED_SEARCH_EVENTS, PostPublished, PostRemoved, AuthorRemoved, ReplyPublished, PostChanged, PostProgressed,
    RemixRequestChanged, BoardChanged, JobChanged, JobProgressed, FollowRequestReceived, FollowRequestEnded, NotificationChanged,
    NotificationRemoved, NotificationsRead, NotificationRequestsChanged, DraftChanged, DraftRemoved, DraftPublished,
    Reset, LiveHeartbeat,
)  # fmt: skip
"""Types that are reached through their interfaces alone."""
