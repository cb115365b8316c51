"""Versions of edited posts."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from schema.image import Image
from schema.node import PageInfo

if TYPE_CHECKING:
    from schema.post import Facet

LazyFacet = Annotated["Facet", strawberry.lazy("schema.post")]


@strawberry.type(description="A picture of a version of a post.")
class PostVersionImage:
    image: Image | None = strawberry.field(description="The picture; null where its owner deleted it since.")
    alt_text: str = strawberry.field(description="What the post said of it then; may be empty.")


@strawberry.type(description="What a version of a post asked. Votes belong to the poll that a post has now.")
class PostVersionPoll:
    options: list[str] = strawberry.field(description="The answers, in order.")
    multiple: bool = strawberry.field(description="Whether several could be chosen.")


@strawberry.type(
    description="A post as it was for a while. Whoever may see the post now may see every version of it, and nobody else."
)
class PostVersion:
    number: int = strawberry.field(description="1 is what was published first.")
    created_at: datetime = strawberry.field(description="From when on the post was so.")
    text: str = strawberry.field(description="Its text then.")
    facets: list[LazyFacet] = strawberry.field(description="Mentions, hashtags and links in that text, in order.")
    content_warning: str | None = strawberry.field(description="Its content warning then; null when there was none.")
    images: list[PostVersionImage] = strawberry.field(description="Its pictures then, in order.")
    poll: PostVersionPoll | None = strawberry.field(description="What it asked then; null when it asked nothing.")


@strawberry.type(description="A version in a post's list.")
class PostVersionEdge:
    cursor: str = strawberry.field(description="Its place, for paging.")
    node: PostVersion = strawberry.field(description="The version.")


@strawberry.type(description="The versions of an edited post, newest first.")
class PostVersionConnection:
    edges: list[PostVersionEdge] = strawberry.field(description="The versions of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")
