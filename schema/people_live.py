"""What the subscription to requests to follow delivers."""

from __future__ import annotations

import strawberry

from resolvers.follow_requests_live import FollowRequestEndedRow, FollowRequestReceivedRow
from schema.acquaintance import UserEdge
from schema.live_event import LiveEvent


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
