"""How somebody wants to be shown what others post."""

from __future__ import annotations

import strawberry

from models.label import LabelValue
from models.viewing import AiPictures, ForYou
from schema import label as label
from schema.scalar import _publish as publish

publish(
    AiPictures,
    "How pictures that AI made or changed are shown to somebody; those they made themselves are always shown.",
    {
        AiPictures.SHOW: "With the small mark that each of them has.",
        AiPictures.LABEL: "With a label that says in words what AI did.",
        AiPictures.BLUR: "Behind a veil, until they ask for one.",
        AiPictures.HIDE: "Not, until they ask: homes, explore and hashtags leave out others' posts of such pictures alone, live events"
        " too. What one goes to by name (a person's page, a conversation, what one keeps, a link) has them, for the client to fold; and"
        " such a picture among others gives way to a placeholder.",
    },
)

publish(
    ForYou,
    "Whether posts are picked for somebody, by what they and others did. Nothing of it is needed for a home of those they follow.",
    {
        ForYou.OFF: "Not at all: `forYouTimeline` is null, and what was kept for it is deleted.",
        ForYou.OFFERED: "They may look at it; their home opens on those they follow.",
        ForYou.FIRST: "Their home opens on it.",
    },
)


@strawberry.type(description="How the viewer wants to be shown what others post; nobody else sees it.")
class Viewing:
    ai_pictures: AiPictures = strawberry.field(
        description="How pictures that AI made or changed are shown; with a small mark unless the viewer settles it."
    )
    for_you: ForYou = strawberry.field(
        description="Whether posts are picked for them, and whether their home opens on these; OFFERED unless the viewer settles it."
    )
    hidden_labels: list[LabelValue] = strawberry.field(
        description="Which labels of moderators hide a post from them, as HIDE of `LabelChoice` does; each other warns. That they are"
        " shown, and veil, nobody can turn off; whether sensitive pictures are covered says `showsSensitive`."
    )
    has_labelers: bool = strawberry.field(
        description="Whether they listen to labelers: without any, `viewerLabels` is empty everywhere and need not be asked for."
    )
