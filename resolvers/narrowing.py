"""Audiences changed afterwards: of one post, or of all that are older than a moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import strawberry

from models import audience, narrowing
from models.narrowing import NarrowingRow
from models.visibility import Visibility
from resolvers.context import Info
from resolvers.node import number_in
from resolvers.outcome import perform
from resolvers.payload import Payload, PostPayloadRow
from resolvers.post import shown
from resolvers.user import KEY_HELP
from resolvers.viewer_row import ViewerRow


@strawberry.input(description="Whom a post is for from now on.")
class UpdatePostVisibilityInput:
    post_id: strawberry.ID = strawberry.field(description="A post of one's own.")
    visibility: Visibility = strawberry.field(
        description="Who may see it, and every earlier version of it. A reply is never for more people than what it answers,"
        " if that is not for everyone. Of a post that is not for everyone any more, all reposts vanish."
    )
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@strawberry.input(description="Whom one's old posts are for from now on.")
class NarrowOldPostsInput:
    before: datetime = strawberry.field(description="Posts published before this moment are meant.")
    visibility: Visibility = strawberry.field(
        description="UNLISTED, FOLLOWERS or MENTIONED. Posts that are for as few people already stay as they are."
    )
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@dataclass(frozen=True, slots=True)
class NarrowingPayloadRow(Payload):
    """How far it is."""

    narrowing: NarrowingRow | None = None


async def update_post_visibility(info: Info, input: UpdatePostVisibilityInput) -> PostPayloadRow:
    """Make a post of one's own for more or fewer people, at once and everywhere."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("post", input.post_id, "postId")
        await audience.change(viewer_id, number, input.visibility)
        return {"post": number}

    return await shown(info, await perform(info.context, "updatePostVisibility", input, act))


async def narrow_old_posts(info: Info, input: NarrowOldPostsInput) -> NarrowingPayloadRow:
    """Have all one's older posts made for fewer people; it is worked off in the background."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        await narrowing.ask(viewer_id, input.before, input.visibility)
        return {}

    outcome = await perform(info.context, "narrowOldPosts", input, act)
    if not outcome.done:
        return NarrowingPayloadRow(outcome.user_errors)
    return NarrowingPayloadRow((), await narrowing.newest(info.context.viewer_id))


async def viewer_narrowing(parent: strawberry.Parent[ViewerRow]) -> NarrowingRow | None:
    """What the viewer asked for last."""
    return await narrowing.newest(parent.id)
