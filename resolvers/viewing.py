"""Viewing: how the viewer wants to be shown what others post."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import strawberry
from strawberry import UNSET

from models import viewing
from models.label import LabelValue
from models.viewing import AiPictures, ForYou, Viewing
from resolvers.context import Info
from resolvers.outcome import perform
from resolvers.payload import ViewerPayloadRow
from resolvers.user import KEY_HELP
from resolvers.viewer_row import ViewerRow


@strawberry.input(description="How the viewer wants to be shown what others post; what is left out stays.")
class UpdateViewingInput:
    ai_pictures: AiPictures | None = strawberry.field(
        description="How pictures that AI made or changed are shown.", default=UNSET
    )
    for_you: ForYou | None = strawberry.field(
        description="Whether posts are picked for them, and whether their home opens on these.", default=UNSET
    )
    hidden_labels: list[LabelValue] | None = strawberry.field(
        description="Which labels of moderators hide a post; all of them, every time.", default=UNSET
    )
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


async def viewer_viewing(parent: strawberry.Parent[ViewerRow], info: Info) -> Viewing:
    """How the viewer wants to be shown what others post."""
    return await viewing.viewing(parent.id)


async def update_viewing(info: Info, input: UpdateViewingInput) -> ViewerPayloadRow:
    """Settle how one is shown what others post."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        await viewing.settle(viewer_id, input.ai_pictures or None)
        if input.for_you:
            await viewing.settle_for_you(viewer_id, input.for_you)
        if isinstance(input.hidden_labels, list):
            await viewing.settle_labels(viewer_id, input.hidden_labels)
        return {"viewer": viewer_id}

    outcome = await perform(info.context, "updateViewing", input, act)
    number = outcome.found.get("viewer")
    return ViewerPayloadRow(outcome.user_errors, ViewerRow(number) if number else None)
