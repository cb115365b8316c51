"""Who asks to follow the viewer, live, on every device of theirs."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import TypeAlias

import strawberry

from models import acquaintance, node_id
from models.acquaintance import Bond
from models.event import REQUEST_KINDS, Event
from resolvers import page
from resolvers.acquaintance import UserEdgeRow
from resolvers.context import Info
from resolvers.live_row import HeartbeatRow, ResetRow
from resolvers.presence import present
from resolvers.stream import follow


@dataclass(frozen=True, slots=True)
class FollowRequestReceivedRow:
    """Somebody asks to follow the viewer."""

    cursor: str
    edge: UserEdgeRow


@dataclass(frozen=True, slots=True)
class FollowRequestEndedRow:
    """A request was accepted, declined or taken back."""

    cursor: str
    user_id: str


FollowRequestsRow: TypeAlias = FollowRequestReceivedRow | FollowRequestEndedRow | ResetRow | HeartbeatRow


async def follow_requests_live(info: Info, after: str | None = strawberry.UNSET) -> AsyncGenerator[FollowRequestsRow]:
    """The list of requests as it moves. Raises Unauthenticated when nobody is signed in."""
    context = info.context
    del info
    viewer_id = context.require_viewer()
    async with present(context, []) as (_, inbox):

        async def answer(event: Event) -> FollowRequestsRow | None:
            if event.kind not in REQUEST_KINDS or event.user_id != viewer_id or event.actor_id is None:
                return None
            place = await acquaintance.place(viewer_id, event.actor_id, Bond.ASKING)
            if place is None:
                return FollowRequestEndedRow(str(event.cursor), node_id.encode("user", event.actor_id))
            row = await context.for_event().loaders.users.load(event.actor_id)
            if row is None:
                return None
            return FollowRequestReceivedRow(str(event.cursor), UserEdgeRow(page.encode(place.key), row))

        rows: AsyncGenerator[FollowRequestsRow] = follow(context.house.hub, inbox, after, answer)
        async with aclosing(rows):
            async for row in rows:
                yield row
