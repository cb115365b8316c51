"""The card of a link: taken off by the author of the post."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import strawberry

from models import link
from models.card import PostRow
from resolvers.context import Info
from resolvers.node import number_in
from resolvers.outcome import perform
from resolvers.payload import PostPayloadRow
from resolvers.user import KEY_HELP


@strawberry.input(description="A post to take the card of its link off.")
class RemoveLinkCardInput:
    post_id: strawberry.ID = strawberry.field(description="A post of one's own.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


async def remove_link_card(info: Info, input: RemoveLinkCardInput) -> PostPayloadRow:
    """Take the card off; the link stays. Twice is the same as once."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("post", input.post_id, "postId")
        await link.remove(viewer_id, number)
        return {"post": number}

    outcome = await perform(info.context, "removeLinkCard", input, act)
    if not outcome.done:
        return PostPayloadRow(outcome.user_errors)
    row = await info.context.loaders.posts.load(outcome.found["post"])
    return PostPayloadRow((), row if isinstance(row, PostRow) else None)
