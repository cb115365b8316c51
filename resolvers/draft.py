"""What a client says of a post to be, as a draft: what `createPost` and the posts of `createThread` have in common."""

from __future__ import annotations

from collections.abc import Sequence

import strawberry
from strawberry import UNSET

from errors import BadInput
from models.disclosure import AiKind
from models.phrasing import Given
from models.publishing import Attachment
from resolvers.image import DECLARED
from resolvers.node import number_in

TEXT = (
    "At most 500 characters as people count them (a link counts 23) and 3,000 bytes of UTF-8. Mentions, hashtags and links"
    " are found by the server, unless `facets` say them."
)
IMAGES = "At most 4, each once, in order."
CONTENT_WARNING = "Shown instead of the content until asked for; at most 100 characters."
SENSITIVE = "Whether its pictures are covered until asked for."
FACETS = (
    "What in the text is a mention, a hashtag or a link, at most 100, in any order; then the server finds none, and an empty"
    " list means none. Left out or null: the server finds them. Ranges that lie are refused."
)
ALLOWED_MENTIONS = (
    "Whom the text may mention, at most 100: where it would mention somebody else the post is refused, so that nobody is"
    " drawn in by surprise. Left out or null: anybody. Whoever is answered is no mention of the text."
)
MOST_ALLOWED_MENTIONS = 100


@strawberry.input(description="An image to put into a post.")
class PostImageInput:
    image_id: strawberry.ID = strawberry.field(description="A kept image of one's own: uploaded, or made here.")
    alt_text: str | None = strawberry.field(
        description="What it shows, for who cannot see it; at most 2,000 characters. Left out: what the image says of itself.",
        default=UNSET,
    )
    made_with_ai: AiKind | None = strawberry.field(description=DECLARED, default=UNSET)


@strawberry.input(description="What a range of a text is to be: exactly one of these is given.")
class FacetFeatureInput:
    mention: strawberry.ID | None = strawberry.field(
        description="It names this person. Text of the form @handle must be theirs.", default=UNSET
    )
    hashtag: str | None = strawberry.field(
        description="It is this hashtag, which the text shows with or without #.", default=UNSET
    )
    link: str | None = strawberry.field(
        description="It leads to this http or https address of at most 2,000 characters. Text that looks like an address must"
        " be of the same host.",
        default=UNSET,
    )


@strawberry.input(description="A half-open range of UTF-8 bytes of the text as it is sent, and what it is to be.")
class FacetInput:
    start: int = strawberry.field(description="The first byte.")
    end: int = strawberry.field(description="The byte after the last.")
    feature: FacetFeatureInput = strawberry.field(description="What it is.")


def attachments_of(images: Sequence[PostImageInput] | None) -> list[Attachment]:
    """The pictures to put into a post."""
    return [
        Attachment(
            number_in("image", wanted.image_id, f"images.{index}.imageId"),
            None if wanted.alt_text is UNSET else wanted.alt_text,
            wanted.made_with_ai or None,
        )
        for index, wanted in enumerate(images or ())
    ]


def facets_of(facets: Sequence[FacetInput] | None) -> list[Given] | None:
    """What the client says of the text; None where it leaves that to the server."""
    if facets is None or facets is UNSET:
        return None
    for index, one in enumerate(facets):
        if sum(map(bool, (one.feature.mention, one.feature.hashtag, one.feature.link))) != 1:
            raise BadInput("A range is exactly one thing.", ["facets", str(index), "feature"])
    return [
        Given(
            one.start,
            one.end,
            number_in("user", one.feature.mention, f"facets.{index}.feature.mention") if one.feature.mention else None,
            one.feature.hashtag or None,
            one.feature.link or None,
        )
        for index, one in enumerate(facets)
    ]


def allowed_of(ids: Sequence[strawberry.ID] | None) -> frozenset[int] | None:
    """Whom the text may mention; None where the client does not say. Raises BadInput for more than it may name."""
    if ids is None or ids is UNSET:
        return None
    if len(ids) > MOST_ALLOWED_MENTIONS:
        raise BadInput(f"At most {MOST_ALLOWED_MENTIONS} people are named.", ["allowedMentionIds"])
    return frozenset(number_in("user", one, f"allowedMentionIds.{index}") for index, one in enumerate(ids))
