"""What a picture owes to AI."""

from __future__ import annotations

import strawberry

from models.disclosure import AiBasis, AiKind
from schema.scalar import _publish as publish

publish(
    AiKind,
    "How much of a picture AI made.",
    {
        AiKind.GENERATED: "All of it: it was made out of words.",
        AiKind.EDITED: "A part: a picture that was there was changed, or combined with what AI made.",
    },
)
publish(
    AiBasis,
    "By what it is known that AI made a picture.",
    {
        AiBasis.MADE_HERE: "An engine of this place made it.",
        AiBasis.READ: "Its file said so when it was uploaded, in its Content Credentials (C2PA) or its IPTC data.",
        AiBasis.DECLARED: "Who uploaded it says so.",
    },
)


@strawberry.type(description="That AI made a picture or changed one. Whoever sees the picture sees this.")
class AiDisclosure:
    kind: AiKind = strawberry.field(description="How much of it AI made.")
    basis: AiBasis = strawberry.field(description="By what that is known.")
