"""Threads: jobs that go on from each other."""

from __future__ import annotations

from datetime import datetime

import strawberry

from models.thread import ThreadRow
from resolvers import thread as resolve
from schema.image import Image
from schema.job import GenerationJobConnection
from schema.node import Node, PageInfo
from schema.nullability import FALLIBLE


@strawberry.type(
    description="Jobs that go on from each other, as turns of a conversation; by `parent` they are a tree. Only its owner sees it."
)
class GenerationThread(Node):
    title: str = strawberry.field(description="The first prompt's beginning, until it is renamed.")
    created_at: datetime = strawberry.field(description="When its first turn was asked for.")
    last_turn_at: datetime = strawberry.field(description="When its newest turn was asked for.")
    turn_count: int = strawberry.field(description="How many turns it has.")
    is_archived: bool = strawberry.field(description="Whether it is put away; going on with it brings it back.")
    cover = strawberry.field(
        resolver=resolve.cover,
        graphql_type=Image | None,
        description="Its newest picture; null until one is made.",
    )
    turns = strawberry.field(
        resolver=resolve.turns,
        graphql_type=GenerationJobConnection | None,
        directives=FALLIBLE,
        description="Its jobs, oldest first.",
    )

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, ThreadRow)


@strawberry.type(description="A thread in the viewer's list.")
class GenerationThreadEdge:
    cursor: str = strawberry.field(description="Its place, for paging; a new turn moves it to the front.")
    node: GenerationThread = strawberry.field(description="The thread.")


@strawberry.type(description="The viewer's threads, the one with the newest turn first.")
class GenerationThreadConnection:
    edges: list[GenerationThreadEdge] = strawberry.field(description="The threads of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")
