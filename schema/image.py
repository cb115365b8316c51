"""Images and uploads."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from models.card import ImageRow
from resolvers import image as resolve
from resolvers import labeler as labelers
from resolvers import lineage as lineages
from resolvers import origin as origins
from resolvers import recipe as recipes
from resolvers import search as searches
from resolvers.mark import ALONE, GRANT
from schema.disclosure import AiDisclosure
from schema.labeler import GivenLabel
from schema.node import Node, PageInfo
from schema.nullability import FALLIBLE

if TYPE_CHECKING:
    from schema.job import GenerationJob
    from schema.lineage import Lineage, MaybeRemixSource
    from schema.origin import ImageProvenance
    from schema.recipe import MadeWith, Recipe
    from schema.timeline import TimelineConnection

LazyLineage = Annotated["Lineage", strawberry.lazy("schema.lineage")]
LazySource = Annotated["MaybeRemixSource", strawberry.lazy("schema.lineage")]
LazyProvenance = Annotated["ImageProvenance", strawberry.lazy("schema.origin")]
LazyMadeWith = Annotated["MadeWith", strawberry.lazy("schema.recipe")]
LazyRecipe = Annotated["Recipe", strawberry.lazy("schema.recipe")]
LazyTimeline = Annotated["TimelineConnection", strawberry.lazy("schema.timeline")]
LazyJob = Annotated["GenerationJob", strawberry.lazy("schema.job")]


@strawberry.type(
    description="A picture that is kept here. Its owner sees it, everybody an avatar or a banner, and whoever sees a post that it is in."
)
class Image(Node):
    url = strawberry.field(
        resolver=resolve.url,
        description="Its address in a size: stable for what is open to all, with a grant for this viewer otherwise. Null while the picture is being made.",
        metadata=GRANT,
    )
    width: int | None = strawberry.field(description="Of the original, in pixels; null while it is being made.")
    height: int | None = strawberry.field(description="Of the original, in pixels; null while it is being made.")
    blurhash: str | None = strawberry.field(
        description="A blurred placeholder (BlurHash); null while it is being made."
    )
    alt_text: str = strawberry.field(
        description="What it shows, for who cannot see it; in a post, as that post says. May be empty."
    )
    generated: bool = strawberry.field(description="Whether it was made here by an engine.")
    sensitive: bool = strawberry.field(
        description="Whether a check found, when it was uploaded, that not everybody may want to see it unasked: show it behind a"
        " veil. Everybody who sees the picture sees this."
    )
    ai_disclosure: AiDisclosure | None = strawberry.field(
        description="What it owes to AI: to be shown with it, wherever it is shown. Null where nothing is known of AI in it."
    )
    viewer_labels = strawberry.field(
        resolver=labelers.image_viewer_labels,
        graphql_type=list[GivenLabel],
        description="What labelers that the viewer listens to say of it; empty when signed out.",
        metadata=ALONE,
    )
    provenance = strawberry.field(
        resolver=origins.provenance,
        graphql_type=LazyProvenance,
        description="By what it can be known again, wherever it is found.",
        metadata=ALONE,
    )
    generation = strawberry.field(
        resolver=resolve.generation,
        graphql_type=LazyJob | None,
        description="How it was made: the viewer's own job. Null for everybody else, and for a picture that no engine made.",
        metadata=ALONE,
    )
    made_with = strawberry.field(
        resolver=recipes.made_with,
        graphql_type=LazyMadeWith | None,
        description="What made it; null for a picture that no engine made.",
        metadata=ALONE,
    )
    recipe = strawberry.field(
        resolver=recipes.recipe,
        graphql_type=LazyRecipe | None,
        description="Prompt, seed and references, where the author lets the viewer know; null otherwise, and for a picture that no"
        " engine made.",
        metadata=ALONE,
    )
    remixed: bool = strawberry.field(
        description="Whether it was made from a picture in a post, by `remixOf` or from such a remix in turn."
    )
    remixed_from = strawberry.field(
        resolver=lineages.remixed_from,
        graphql_type=LazySource | None,
        description="What it was remixed from, or why that is not shown; null when it is no remix.",
        metadata=ALONE,
    )
    lineage = strawberry.field(
        resolver=lineages.lineage,
        graphql_type=LazyLineage,
        description="The line of remixes it stands in, upwards; what came of it hangs on its step.",
        metadata=ALONE,
    )
    similar = strawberry.field(
        resolver=searches.similar,
        graphql_type=LazyTimeline | None,
        directives=FALLIBLE,
        description="Posts with other pictures that look like it, the most alike first, as far as the viewer would find them; at"
        " most 200. None for a picture that nobody looked at yet: that is some seconds after it stood in a post first.",
        metadata=ALONE,
    )

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, ImageRow)


@strawberry.type(description="A picture in the viewer's list.")
class ImageEdge:
    cursor: str = strawberry.field(description="Its place, for paging.")
    node: Image = strawberry.field(description="The picture.")


@strawberry.type(description="The viewer's pictures, newest first.")
class ImageConnection:
    edges: list[ImageEdge] = strawberry.field(description="The pictures of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")


@strawberry.type(description="One field of an upload form.")
class FormField:
    name: str = strawberry.field(description="The field's name.")
    value: str = strawberry.field(description="The field's value, to be sent as it is.")


@strawberry.type(description="Where and how to send a picture: a form for the bucket, good for five minutes.")
class ImageUpload:
    gid: strawberry.ID = strawberry.field(name="id", description="To be given to `completeImageUpload` afterwards.")
    url: str = strawberry.field(description="Where the form goes.")
    method: str = strawberry.field(description="POST.")
    fields: list[FormField] = strawberry.field(
        description="Every field, in this order, as multipart/form-data; the file comes last, under the name `file`."
    )
    expires_at: datetime = strawberry.field(description="From then on the form is refused.")
