"""Old posts that are made for fewer people."""

from __future__ import annotations

from datetime import datetime

import strawberry

from models.visibility import Visibility


@strawberry.type(description="How far it is that one's old posts are made for fewer people.")
class PostNarrowing:
    visibility: Visibility = strawberry.field(description="Whom they are for then.")
    before: datetime = strawberry.field(description="Posts published before this moment are meant.")
    total: int = strawberry.field(description="How many posts there were to change.")
    done: int = strawberry.field(description="How many of them are changed.")
    created_at: datetime = strawberry.field(description="When it was asked for.")
    finished_at: datetime | None = strawberry.field(description="When all was done; null while it is under way.")
