"""The live feeds: subscriptions and what they deliver."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry

from resolvers import conversation_live, follow_requests_live, hashtag, permit, profile_live
from resolvers import live as resolve
from resolvers import live_row as row
from resolvers.conversation_live import ReplyPublishedRow
from resolvers.follow_requests_live import FollowRequestEndedRow, FollowRequestReceivedRow
from resolvers.live_row import ResetReason
from schema.acquaintance import UserEdge
from schema.conversation import ConversationEdge
from schema.job import GenerationJob
from schema.post import Post
from schema.remix import RemixRequest
from schema.timeline import TimelineEdge

CURSOR = "The place in the log this stands for: subscribe with `after` to go on from here."


@strawberry.interface(description="Something that a subscription delivers.")
class LiveEvent:
    cursor: str = strawberry.field(description=CURSOR)


@strawberry.interface(description="What the home subscription delivers.")
class HomeTimelineEvent(LiveEvent):
    pass


@strawberry.interface(description="What the explore subscription delivers.")
class ExploreTimelineEvent(LiveEvent):
    pass


@strawberry.interface(description="What the subscription to a person's page delivers.")
class UserTimelineEvent(LiveEvent):
    pass


@strawberry.interface(description="What the subscription to a hashtag delivers.")
class HashtagTimelineEvent(LiveEvent):
    pass


@strawberry.interface(description="What the subscription to a conversation delivers.")
class ConversationEvent(LiveEvent):
    pass


@strawberry.interface(description="What the subscription to posts on screen delivers.")
class PostsChangedEvent(LiveEvent):
    pass


@strawberry.interface(description="What the subscription to a job delivers.")
class GenerationJobEvent(LiveEvent):
    pass


@strawberry.interface(description="What the subscription to requests to remix delivers.")
class RemixRequestsEvent(LiveEvent):
    pass


@strawberry.type(
    description="A post entered this timeline. It may repeat an edge of the page one has, never another event."
)
class PostPublished(HomeTimelineEvent, ExploreTimelineEvent, UserTimelineEvent, HashtagTimelineEvent):
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
    ConversationEvent,
    PostsChangedEvent,
):
    post_id: strawberry.ID = strawberry.field(description="The post, which may never have been on this screen.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, row.PostRemovedRow)


@strawberry.type(description="Everything of this person left the timeline.")
class AuthorRemoved(HomeTimelineEvent, ExploreTimelineEvent, HashtagTimelineEvent):
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


@strawberry.interface(description="What the subscription to requests to follow delivers.")
class FollowRequestsEvent(LiveEvent):
    pass


@strawberry.type(description="Somebody asks to follow the viewer.")
class FollowRequestReceived(FollowRequestsEvent):
    edge: UserEdge = strawberry.field(description="Their place in `Viewer.followRequests`, at the top.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, FollowRequestReceivedRow)


@strawberry.type(description="A request to follow the viewer was accepted, declined or taken back.")
class FollowRequestEnded(FollowRequestsEvent):
    user_id: strawberry.ID = strawberry.field(description="Who had asked.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, FollowRequestEndedRow)


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


@strawberry.type(description="Fetch anew; the stream goes on from this cursor.")
class Reset(
    HomeTimelineEvent,
    ExploreTimelineEvent,
    UserTimelineEvent,
    HashtagTimelineEvent,
    ConversationEvent,
    PostsChangedEvent,
    GenerationJobEvent,
    RemixRequestsEvent,
    FollowRequestsEvent,
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
    ConversationEvent,
    PostsChangedEvent,
    GenerationJobEvent,
    RemixRequestsEvent,
    FollowRequestsEvent,
):
    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, row.HeartbeatRow)


def _subscription(resolver: Callable[..., Any], kind: type, description: str) -> Any:
    return strawberry.subscription(resolver=resolver, graphql_type=kind, description=description)


@strawberry.type(
    description="Everything that can be followed live. Each stream resumes after a cursor without loss, and says Reset when it cannot."
)
class Subscription:
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
    generation_job: GenerationJobEvent = _subscription(
        resolve.generation_job, GenerationJobEvent, "The life of a job of the viewer's own, with its progress."
    )
    remix_requests: RemixRequestsEvent = _subscription(
        permit.remix_requests_live,
        RemixRequestsEvent,
        "Requests to remix that the viewer made or is asked by, as they come and are answered. Needs somebody signed in.",
    )


EVENTS = (
    PostPublished,
    PostRemoved,
    AuthorRemoved,
    ReplyPublished,
    PostChanged,
    PostProgressed,
    RemixRequestChanged,
    JobChanged,
    JobProgressed,
    FollowRequestReceived,
    FollowRequestEnded,
    Reset,
    LiveHeartbeat,
)
"""Types that are reached through their interfaces alone."""
