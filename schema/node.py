"""What many types share: nodes, pages, refusals."""

from __future__ import annotations

import strawberry

from errors import ErrorCode
from resolvers.outcome import UserErrorRow


@strawberry.interface(description="A thing with a global id of its own.")
class Node:
    gid: strawberry.ID = strawberry.field(
        name="id", description="Opaque, URL-safe, the same for ever; `node(id)` finds the thing again."
    )


@strawberry.type(description="Where a page lies in its list.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether there is more after this page.")
    has_previous_page: bool = strawberry.field(description="Whether there is more before this page.")
    start_cursor: str | None = strawberry.field(description="The cursor of the first edge; null when there is none.")
    end_cursor: str | None = strawberry.field(description="The cursor of the last edge; null when there is none.")


@strawberry.type(description="A refusal: something a person can cause, as data.")
class UserError:
    code: ErrorCode = strawberry.field(description="What kind of refusal it is.")
    message: str = strawberry.field(description="A full sentence for people.")
    path: list[str] | None = strawberry.field(
        description="The way to the field of the input it is about; null when it is about none."
    )
    retry_after: int | None = strawberry.field(
        description="After how many seconds the same may succeed; null where waiting is no remedy, or nobody knows."
    )

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, UserErrorRow)


ERRORS = "Why nothing was done; empty when it was done."
