"""Prompt help."""

from __future__ import annotations

from datetime import datetime

import strawberry

from models.past_prompt import PastPromptRow
from schema.node import Node, PageInfo


@strawberry.type(description="A prompt the viewer used; nobody else sees it.")
class PastPrompt(Node):
    text: str = strawberry.field(description="What was said, as it was said.")
    use_count: int = strawberry.field(description="How many jobs were asked for with it.")
    last_used_at: datetime = strawberry.field(description="When that was last.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, PastPromptRow)


@strawberry.type(description="A prompt in the viewer's history.")
class PastPromptEdge:
    cursor: str = strawberry.field(description="Its place, for paging; a new use moves it to the front.")
    node: PastPrompt = strawberry.field(description="The prompt.")


@strawberry.type(description="What the viewer asked for, each text once, the newest use first.")
class PastPromptConnection:
    edges: list[PastPromptEdge] = strawberry.field(description="The prompts of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")


@strawberry.type(description="Words that were added to a prompt.")
class PromptAddition:
    text: str = strawberry.field(description="The words, as they stand in the prompt.")
    reason: str = strawberry.field(description="Why they were added: a full sentence for people.")


@strawberry.type(description="A prompt that says what it left open.")
class PromptEnhancement:
    prompt: str = strawberry.field(
        description="The prompt with what was added, or as it was where it left nothing open."
    )
    additions: list[PromptAddition] = strawberry.field(description="What was added, in order; at most 4.")
