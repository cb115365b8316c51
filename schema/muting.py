"""Words that one does not want to read."""

from __future__ import annotations

from datetime import datetime

import strawberry

from models.muted_word import WordAction, WordRow, WordScope
from schema.node import Node, PageInfo


@strawberry.type(
    description="A word that the viewer mutes; nobody else sees it. When it is over it is no longer there."
)
class MutedWord(Node):
    text: str = strawberry.field(description="As it was written.")
    scope: WordScope = strawberry.field(
        description="Where it counts. EVERYWHERE is home, explore, hashtags and notifications; pages of people and"
        " conversations, which one opens for their own sake, show the post with `viewerFilter`."
    )
    action: WordAction = strawberry.field(
        description="What becomes of a post that says it: HIDE leaves it out, WARN shows it with `viewerFilter`."
    )
    whole_word: bool = strawberry.field(description="Whether it must stand by itself.")
    expires_at: datetime | None = strawberry.field(description="Until when; null: for good.")
    created_at: datetime = strawberry.field(description="Since when.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, WordRow)


@strawberry.type(description="A word in the viewer's list.")
class MutedWordEdge:
    cursor: str = strawberry.field(description="Its place, for paging.")
    node: MutedWord = strawberry.field(description="The word.")


@strawberry.type(description="The words that the viewer mutes, newest first.")
class MutedWordConnection:
    edges: list[MutedWordEdge] = strawberry.field(description="The words of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")


@strawberry.type(description="Why a post is to be folded for the viewer: words they mute. Their own posts have none.")
class PostFilter:
    words: list[str] = strawberry.field(description="The muted words that the post says, as they were written.")
    is_for_home: bool = strawberry.field(
        description="Whether it is to be folded in the home alone; false: wherever it is shown."
    )
