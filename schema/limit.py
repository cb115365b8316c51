"""Points: what asking costs."""

from __future__ import annotations

from datetime import datetime

import strawberry


@strawberry.type(
    description="A budget of points: of a person, however they ask, or of an address where nobody is signed in. It refills"
    " steadily. The headers `RateLimit` and `RateLimit-Policy` of every HTTP answer tell the same."
)
class RateLimit:
    limit: int = strawberry.field(description="Points of a whole budget.")
    cost: int = strawberry.field(
        description="Points that this operation costs: one for every 100 nodes and some for what has to be looked for, or what its"
        " mutations cost if that is more."
    )
    remaining: int = strawberry.field(description="Points left, this operation taken off.")
    reset_at: datetime = strawberry.field(description="When the budget is whole again if nothing more is asked.")
    node_count: int = strawberry.field(description="Nodes that this operation may return, counted before it runs.")
