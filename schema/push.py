"""Web Push: browsers that are told at once."""

from __future__ import annotations

from datetime import datetime

import strawberry

from models.push_subscription import SubscriptionRow
from schema.node import Node


@strawberry.type(
    description="A browser that is told at once what the viewer is told of; nobody else sees it. It belongs to a session and ends with it."
)
class PushSubscription(Node):
    device: str = strawberry.field(
        description="What subscribed, in a few words such as Firefox on Linux; empty when it did not say."
    )
    created_at: datetime = strawberry.field(description="When it first subscribed.")
    last_sent_at: datetime | None = strawberry.field(
        description="When a message last reached its push service; null when none did yet."
    )
    is_current: bool = strawberry.field(description="Whether it is of the session that asks.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, SubscriptionRow)
