"""Style codes: one's own, and those of others by their code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import strawberry
from strawberry import UNSET

from models import style_code as codes
from models.card import ImageRow
from models.style_code import StyleCodeRow
from resolvers import page
from resolvers.context import Info
from resolvers.node import number_in
from resolvers.outcome import Outcome, perform
from resolvers.page import PageInfoRow
from resolvers.payload import Payload
from resolvers.user import KEY_HELP
from resolvers.viewer_row import ViewerRow

NAME = "One line of 1 to 60 characters."
SHARED = (
    "Whether whoever has the code may paint by it. Taken back, others' jobs with it are refused (`TAKEN_BACK`); pictures"
    " that were made by it stay."
)
OWN = "A style code of the viewer's own."


@strawberry.input(description="A manner to keep under a name; at most 100 a person.")
class CreateStyleCodeInput:
    image_id: strawberry.ID = strawberry.field(
        description="A picture of the viewer's own that has a manner of its own (`GenerationOutput.styleCode`)."
    )
    name: str = strawberry.field(description=NAME)
    is_shared: bool = strawberry.field(description=SHARED, default=False)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="What to change of a style code; what is left out stays.")
class UpdateStyleCodeInput:
    style_code_id: strawberry.ID = strawberry.field(description=OWN)
    name: str | None = strawberry.field(description=NAME, default=UNSET)
    is_shared: bool | None = strawberry.field(description=SHARED, default=UNSET)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="A style code to delete.")
class DeleteStyleCodeInput:
    style_code_id: strawberry.ID = strawberry.field(description=OWN)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@dataclass(frozen=True, slots=True)
class StyleCodePayloadRow(Payload):
    """A style code as it is now."""

    style_code: StyleCodeRow | None = None


@dataclass(frozen=True, slots=True)
class StyleCodeDeletedRow(Payload):
    """Which style code is gone."""

    deleted_style_code_id: str | None = None


@dataclass(frozen=True, slots=True)
class StyleCodeEdgeRow:
    """A style code in the viewer's list."""

    cursor: str
    node: StyleCodeRow


@dataclass(frozen=True, slots=True)
class StyleCodesRow:
    """One page of the viewer's style codes."""

    edges: Sequence[StyleCodeEdgeRow]
    page_info: PageInfoRow


async def style_code_by_code(info: Info, code: str) -> StyleCodeRow | None:
    """A style code by its text, of the viewer's own or shared."""
    return await codes.style_code_by(info.context.viewer_id, code)


async def sample(parent: strawberry.Parent[StyleCodeRow], info: Info) -> ImageRow | None:
    """The picture that a style code was taken from, for whom it is there."""
    return await info.context.loaders.images.load(parent.image_id)


async def style_codes(
    parent: strawberry.Parent[ViewerRow],
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> StyleCodesRow:
    """The viewer's own style codes, newest first."""
    question = page.asked(first, after, last, before)
    rows = await codes.style_codes_of(parent.id, question.window(newest_first=True))
    found = page.page_of(question, rows, lambda row: row.id)
    return StyleCodesRow([StyleCodeEdgeRow(page.encode(row.id), row) for row in found.items], found.page_info)


async def create_style_code(info: Info, input: CreateStyleCodeInput) -> StyleCodePayloadRow:
    """Keep a picture's manner."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        image = number_in("image", input.image_id, "imageId")
        return {"style_code": await codes.create(viewer_id, image, input.name, shared=input.is_shared)}

    return await _shown(info, await perform(info.context, "createStyleCode", input, act))


async def update_style_code(info: Info, input: UpdateStyleCodeInput) -> StyleCodePayloadRow:
    """Change a style code of one's own."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("style", input.style_code_id, "styleCodeId")
        await codes.change(
            viewer_id,
            number,
            name=input.name if isinstance(input.name, str) else None,
            shared=input.is_shared if isinstance(input.is_shared, bool) else None,
        )
        return {"style_code": number}

    return await _shown(info, await perform(info.context, "updateStyleCode", input, act))


async def delete_style_code(info: Info, input: DeleteStyleCodeInput) -> StyleCodeDeletedRow:
    """Delete a style code of one's own."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        await codes.delete(viewer_id, number_in("style", input.style_code_id, "styleCodeId"))
        return {"style_code": input.style_code_id}

    outcome = await perform(info.context, "deleteStyleCode", input, act)
    return StyleCodeDeletedRow(outcome.user_errors, outcome.found.get("style_code"))


async def _shown(info: Info, outcome: Outcome) -> StyleCodePayloadRow:
    if not outcome.done:
        return StyleCodePayloadRow(outcome.user_errors)
    return StyleCodePayloadRow((), await codes.style_code_of(info.context.viewer_id, outcome.found["style_code"]))
