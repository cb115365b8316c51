"""What every live event has, and what each subscription delivers, as interfaces."""

from __future__ import annotations

import strawberry

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


@strawberry.interface(description="What the subscription to a search delivers.")
class SearchTimelineEvent(LiveEvent):
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


@strawberry.interface(description="What the subscription to notifications delivers.")
class NotificationsEvent(LiveEvent):
    pass


@strawberry.interface(description="What the subscription to requests to remix delivers.")
class RemixRequestsEvent(LiveEvent):
    pass
