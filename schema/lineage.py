"""Lineage: where pictures come from, and what came of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import strawberry

from models.consent import RemixPermission
from models.job import JobKind
from resolvers import lineage as resolve
from resolvers.lineage import PromptChange, RemixUnavailableReason, SourceHoleRow, SourceRow
from schema.node import PageInfo
from schema.nullability import FALLIBLE

if TYPE_CHECKING:
    from schema.image import Image
    from schema.post import Post

LazyImage = Annotated["Image", strawberry.lazy("schema.image")]
LazyPost = Annotated["Post", strawberry.lazy("schema.post")]
LazyConnection = Annotated["LineageConnection", strawberry.lazy("schema.lineage")]


@strawberry.type(description="What a picture was remixed from.")
class RemixSource:
    post: LazyPost = strawberry.field(description="The post it was remixed from.")
    image: LazyImage = strawberry.field(description="The picture in it.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, SourceRow)


@strawberry.type(description="What a picture was remixed from is not shown.")
class UnavailableRemixSource:
    reason: RemixUnavailableReason = strawberry.field(description="Why.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, SourceHoleRow)


MaybeRemixSource = Annotated[
    RemixSource | UnavailableRemixSource,
    strawberry.union("MaybeRemixSource", description="What a picture was remixed from, or why that is not shown."),
]


@strawberry.type(description="Some words of a prompt, against the prompt of the step before.")
class PromptPart:
    change: PromptChange = strawberry.field(description="What became of them.")
    text: str = strawberry.field(description="The words.")


@strawberry.type(
    description="A picture in a line of remixes. Where it is not shown, `reason` says why, and its place stays."
)
class LineageStep:
    depth: int = strawberry.field(description="0 for the picture asked about, below 0 above it, above 0 below it.")
    post: LazyPost | None = strawberry.field(
        description="The post it is shown in; null where it is not shown, and for a picture of the viewer's own that is in none."
    )
    image: LazyImage | None = strawberry.field(description="The picture; null where it is not shown.")
    reason: RemixUnavailableReason | None = strawberry.field(description="Why it is not shown; null where it is.")
    permission: RemixPermission | None = strawberry.field(
        description="Whether the author of the step before stands by it; null where the line begins."
    )
    kind = strawberry.field(
        resolver=resolve.step_kind,
        graphql_type=JobKind | None,
        description="In what way it was made; null where it is not shown, and when no engine made it.",
    )
    prompt_change = strawberry.field(
        resolver=resolve.prompt_change,
        graphql_type=list[PromptPart] | None,
        description="Its prompt, as a change of that of the step before; null unless the viewer may know both.",
    )
    remixes = strawberry.field(
        resolver=resolve.step_remixes,
        graphql_type=LazyConnection | None,
        directives=FALLIBLE,
        description="What was remixed from it, oldest first, as far as the viewer sees it; holes where something hangs below.",
    )


@strawberry.type(description="A remix in its place among those of one picture.")
class LineageEdge:
    cursor: str = strawberry.field(description="Its place, for paging.")
    node: LineageStep = strawberry.field(description="The remix.")


@strawberry.type(description="What was remixed from one picture, oldest first.")
class LineageConnection:
    edges: list[LineageEdge] = strawberry.field(description="The remixes of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")


@strawberry.type(
    description="Where a picture comes from; what came of it hangs on its `step`, as deep as it is asked for."
)
class Lineage:
    step: LineageStep = strawberry.field(description="The picture itself.")
    ancestors: list[LineageStep] = strawberry.field(
        description="What it comes from, the oldest first, at most the 20 nearest; holes keep their places."
    )
    is_cut: bool = strawberry.field(description="Whether there is more above these.")
