"""Labelers: accounts that put labels of their own on things, for who listens to them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from models.given_label import GivenLabelRow
from models.label import LabelBlur, LabelSeverity
from models.labeler import LabelChoice, LabelerRow
from models.preference import InterfaceLanguage
from resolvers import labeler as resolve
from resolvers.mark import ALONE
from schema import interface_language as interface_language
from schema import moderation_enum as moderation_enum
from schema.scalar import _publish as publish

if TYPE_CHECKING:
    from schema.user import User

LazyUser = Annotated["User", strawberry.lazy("schema.user")]

publish(
    LabelChoice,
    "What comes of a label for somebody. Their own posts are never hidden from them or veiled.",
    {
        LabelChoice.HIDE: "Homes, explore, hashtags, searches and custom feeds leave posts out that have it, whose author or one of"
        " whose pictures has it; live events too. What one goes to by name (a person's page, a conversation, what one keeps, a link)"
        " has them, for the client to fold.",
        LabelChoice.WARN: "The label is shown, and what its `blur` says is veiled until asked for.",
        LabelChoice.SHOW: "The label is shown, and nothing is veiled.",
    },
)


@strawberry.type(description="How a label is called in a language, and what it means.")
class LabelWording:
    language: InterfaceLanguage = strawberry.field(description="In which language.")
    name: str = strawberry.field(description="What stands on the label.")
    description: str = strawberry.field(description="What it means; may be empty.")


@strawberry.type(description="A label as its labeler defines it.")
class LabelDefinition:
    identifier: str = strawberry.field(description="What programs call it; unique among its labeler's.")
    wordings: list[LabelWording] = strawberry.field(
        description="What people call it: at least one, the first for readers of other languages."
    )
    severity: LabelSeverity = strawberry.field(description="How loudly it is said.")
    blur: LabelBlur = strawberry.field(description="What is veiled until asked for, for whom it warns.")
    default_choice: LabelChoice = strawberry.field(description="What comes of it for who chose nothing.")
    viewer_choice: LabelChoice = strawberry.field(
        description="What comes of it for the viewer where they listen to its labeler: what they chose, or `defaultChoice`.",
        metadata=ALONE,
    )


@strawberry.type(
    description="An account that puts labels of its own on posts, pictures and accounts. They are shown to who listens to it, and to"
    " nobody else; it learns of nobody who does."
)
class Labeler:
    user = strawberry.field(
        resolver=resolve.labeler_user, graphql_type=LazyUser, description="Whose it is.", metadata=ALONE
    )
    description: str = strawberry.field(description="What it labels and why; may be empty.")
    labels: list[LabelDefinition] = strawberry.field(description="Its labels, at most 20, in its own order.")
    viewer_is_subscribed: bool = strawberry.field(
        description="Whether the viewer listens to it; false when signed out.", metadata=ALONE
    )
    created_at: datetime = strawberry.field(description="Since when it is a labeler.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, LabelerRow)


@strawberry.type(description="A label on something, by a labeler that the viewer listens to.")
class GivenLabel:
    labeler = strawberry.field(
        resolver=resolve.labeler_user, graphql_type=LazyUser, description="Who says so.", metadata=ALONE
    )
    definition: LabelDefinition = strawberry.field(description="What is said, and what comes of it.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, GivenLabelRow)
