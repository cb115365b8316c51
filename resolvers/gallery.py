"""One's own pictures: deleting them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import strawberry

from models import loose_picture, node_id
from resolvers.context import Info
from resolvers.node import number_in
from resolvers.outcome import perform
from resolvers.payload import Payload
from resolvers.user import KEY_HELP


@strawberry.input(description="A picture to delete.")
class DeleteImageInput:
    image_id: strawberry.ID = strawberry.field(
        description="A picture of one's own that no post, no draft and no profile has."
    )
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@dataclass(frozen=True, slots=True)
class ImageDeletedRow(Payload):
    """Which picture is gone."""

    deleted_image_id: str | None = None


async def delete_image(info: Info, input: DeleteImageInput) -> ImageDeletedRow:
    """Delete a picture of one's own."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("image", input.image_id, "imageId")
        await loose_picture.delete_image(viewer_id, number)
        return {"image": number}

    outcome = await perform(info.context, "deleteImage", input, act)
    number = outcome.found.get("image")
    return ImageDeletedRow(outcome.user_errors, node_id.encode("image", number) if number else None)
