"""How somebody wants to be shown what others post."""

from __future__ import annotations

import strawberry

from models.viewing import AiPictures
from schema.scalar import _publish as publish

publish(
    AiPictures,
    "How pictures that AI made or changed are shown to somebody; those they made themselves are always shown.",
    {
        AiPictures.SHOW: "With the small mark that each of them has.",
        AiPictures.LABEL: "With a label that says in words what AI did.",
        AiPictures.BLUR: "Behind a veil, until they ask for one.",
        AiPictures.HIDE: "Not, until they ask: a post of such pictures alone is folded to a line, one of a mixed post gives way to a"
        " placeholder. The client does it; lists have the posts.",
    },
)


@strawberry.type(description="How the viewer wants to be shown what others post; nobody else sees it.")
class Viewing:
    ai_pictures: AiPictures = strawberry.field(
        description="How pictures that AI made or changed are shown; with a small mark unless the viewer settles it."
    )
