"""How pictures were made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import strawberry

from models.job import JobKind
from resolvers import recipe as resolve

if TYPE_CHECKING:
    from schema.image import Image

LazyImage = Annotated["Image", strawberry.lazy("schema.image")]


@strawberry.type(
    description="What made a picture. Whoever sees the picture may know: it is labelled as made by a machine, and its signed file"
    " says by which."
)
class MadeWith:
    engine: str = strawberry.field(description="The engine's name.")
    model: str = strawberry.field(description="The model's name.")
    kind: JobKind = strawberry.field(description="In what way.")


@strawberry.type(
    description="How a picture was made, as its author lets the viewer know: `Post.promptVisibility` of the post it is shown in"
    " says who may. Of a picture by itself the most open post that the viewer sees says it. Its owner always may."
)
class Recipe:
    prompt: str = strawberry.field(description="What was asked for; empty where it was made without a word.")
    negative_prompt: str | None = strawberry.field(description="What was not to be shown; null when nothing was said.")
    seed: str = strawberry.field(description="The chance it was made from, in decimal.")
    engine: str = strawberry.field(description="The engine's name.")
    model: str = strawberry.field(description="The model's name.")
    kind: JobKind = strawberry.field(description="In what way it was made.")
    style: str | None = strawberry.field(description="The style asked for; null when none was.")
    background: str | None = strawberry.field(
        description="opaque or transparent, as asked for; null when it was the engine's choice."
    )
    quality: str | None = strawberry.field(description="The quality asked for; null when it was the engine's choice.")
    strength: float | None = strawberry.field(
        description="How far from the given picture, 0 to 1; null when it was the engine's choice."
    )
    width: int = strawberry.field(description="Asked for, in pixels.")
    height: int = strawberry.field(description="Asked for, in pixels.")
    references = strawberry.field(
        resolver=resolve.references,
        graphql_type=list[LazyImage],
        description="The pictures it learnt from, in order, at most 16: those that the viewer may see anyhow. A picture that its"
        " owner never published stays theirs.",
    )
    reference_count = strawberry.field(
        resolver=resolve.reference_count, description="How many pictures it learnt from, shown or not."
    )
