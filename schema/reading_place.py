"""How far somebody has read in a list."""

from __future__ import annotations

from datetime import datetime

import strawberry


@strawberry.type(
    description="How far somebody has read in a list, on whichever device; nobody else sees it. The post that stood there may have gone."
)
class ReadingPlace:
    cursor: str = strawberry.field(
        description="The cursor of the edge that was read last: `before` it lies what is newer, `after` it what is older."
    )
    read_at: datetime = strawberry.field(description="When it was kept.")
