"""Remixing: requests, lists, settings, and what their mutations answer."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from models.consent import PromptVisibility, RemixPermission, RemixPolicy, RemixRequestState
from models.permit import PermitRow
from resolvers import permit as resolve
from schema.node import Node, PageInfo
from schema.user import User

if TYPE_CHECKING:
    from schema.post import MaybePost, Post

LazyPost = Annotated["Post", strawberry.lazy("schema.post")]
LazyMaybePost = Annotated["MaybePost", strawberry.lazy("schema.post")]


@strawberry.type(description="A post that shows a remix, in its place.")
class RemixEdge:
    cursor: str = strawberry.field(description="Its place, for paging.")
    node: LazyPost = strawberry.field(description="The post with the remix.")
    permission: RemixPermission = strawberry.field(description="Whether the author of the source stands by it.")


@strawberry.type(description="Posts that show remixes of a post, newest first.")
class RemixConnection:
    edges: list[RemixEdge] = strawberry.field(description="The posts of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")


@strawberry.type(description="Somebody's wish to remix a post. Who asked and the post's author see it, nobody else.")
class RemixRequest(Node):
    state: RemixRequestState = strawberry.field(description="What became of it.")
    message: str = strawberry.field(description="What was said with it; may be empty.")
    created_at: datetime = strawberry.field(description="When it was asked.")
    decided_at: datetime | None = strawberry.field(description="When it was last answered; null until then.")
    post = strawberry.field(
        resolver=resolve.request_post,
        graphql_type=LazyMaybePost,
        description="What is to be remixed, or why it is not shown.",
    )
    user = strawberry.field(resolver=resolve.request_user, graphql_type=User, description="Who asked.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, PermitRow)


@strawberry.type(description="A request in its place.")
class RemixRequestEdge:
    cursor: str = strawberry.field(description="Its place, for paging.")
    node: RemixRequest = strawberry.field(description="The request.")


@strawberry.type(description="Requests to remix, newest first.")
class RemixRequestConnection:
    edges: list[RemixRequestEdge] = strawberry.field(description="The requests of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")


@strawberry.type(
    description="What the viewer's new posts begin with. A post that is not for everyone, or has an uploaded picture (or what was"
    " made from one), is remixed by nobody unless it says so itself."
)
class Sharing:
    remix_policy: RemixPolicy = strawberry.field(
        description="Who may remix them; everyone unless the viewer settles it."
    )
    prompt_visibility: PromptVisibility = strawberry.field(
        description="Who may see how their pictures were made; nobody unless the viewer settles it."
    )
