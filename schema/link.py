"""The cards of links, and taking one off."""

from __future__ import annotations

import strawberry

from schema.image import Image


@strawberry.type(
    description="What a page says of itself that a post links to. It is a stranger's word: show `host` with it, which is not."
)
class LinkCard:
    url: str = strawberry.field(description="Where it leads: the link of the post.")
    title: str = strawberry.field(description="Its title, one line of at most 200 characters, never empty.")
    description: str = strawberry.field(description="What it is about, at most 400 characters; may be empty.")
    site: str = strawberry.field(description="What its site calls itself, at most 100 characters; may be empty.")
    author: str = strawberry.field(description="Whom it names as its author, at most 100 characters; may be empty.")
    host: str = strawberry.field(description="The host that gave it, after redirects.")
    image: Image | None = strawberry.field(
        description="Its picture, kept here and never fetched from there by readers; null when it has none that can be read."
    )
