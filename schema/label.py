"""Labels that moderators put on things."""

from __future__ import annotations

import strawberry

from models.label import LabelBlur, LabelSeverity
from models.label import LabelValue as LabelValue
from schema import moderation_enum as moderation_enum


@strawberry.type(description="What moderators say of a post or an account, for all to see.")
class Label:
    value: LabelValue = strawberry.field(description="What is said.")
    severity: LabelSeverity = strawberry.field(description="How loudly.")
    blur: LabelBlur = strawberry.field(description="What is to be veiled until one asks for it.")
