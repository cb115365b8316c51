"""Style codes."""

from __future__ import annotations

from datetime import datetime

import strawberry

from models.style_code import StyleCodeRow
from resolvers import style_code as resolve
from schema.image import Image
from schema.node import Node, PageInfo


@strawberry.type(
    description="The manner of a picture under a name: give its code as `style` to paint others so. Its owner sees it, and while"
    " it is shared whoever has its code or id."
)
class StyleCode(Node):
    name: str = strawberry.field(description="What its owner calls it.")
    code: str = strawberry.field(
        description="To be given as `style` where the model's `supportsStyleCodes` says so, and to be shared; it stays the same."
    )
    is_shared: bool = strawberry.field(description="Whether whoever has the code may paint by it.")
    viewer_can_edit: bool = strawberry.field(description="Whether it is the viewer's own.")
    created_at: datetime = strawberry.field(description="When it was kept.")
    image = strawberry.field(
        resolver=resolve.sample,
        graphql_type=Image | None,
        description="The picture that it was taken from; null when it is gone, and for whom it is not there.",
    )

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, StyleCodeRow)


@strawberry.type(description="A style code in the viewer's list.")
class StyleCodeEdge:
    cursor: str = strawberry.field(description="Its place, for paging.")
    node: StyleCode = strawberry.field(description="The style code.")


@strawberry.type(description="The viewer's own style codes, newest first.")
class StyleCodeConnection:
    edges: list[StyleCodeEdge] = strawberry.field(description="The style codes of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")
