"""How pictures were made, as far as the viewer may know."""

from __future__ import annotations

from collections.abc import Sequence

import strawberry

from models.card import ImageRow
from models.recipe import MadeRow, RecipeRow
from resolvers.context import Info


async def made_with(parent: strawberry.Parent[ImageRow], info: Info) -> MadeRow | None:
    """Which engine and model made a picture."""
    return await info.context.loaders.makers.load(parent.id) if parent.generated else None


async def recipe(parent: strawberry.Parent[ImageRow], info: Info) -> RecipeRow | None:
    """How a picture was made, where the viewer may know."""
    return await info.context.loaders.recipes.load((parent.id, parent.post_id)) if parent.generated else None


async def references(parent: strawberry.Parent[RecipeRow], info: Info) -> Sequence[ImageRow]:
    """Those of the pictures it learnt from that the viewer sees somewhere."""
    found = await info.context.loaders.images.load_many(parent.reference_ids)
    return [row for row in found if row is not None]


def reference_count(parent: strawberry.Parent[RecipeRow]) -> int:
    """How many pictures it learnt from."""
    return len(parent.reference_ids)
