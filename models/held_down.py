"""Posts that moderators hold down: what their authors may no longer do with them."""

from __future__ import annotations

from enum import Enum

from asyncpg import Record

from errors import Forbidden
from models.visibility import Visibility


class Moderated(Enum):
    """How a post is held down."""

    LIMITED = "LIMITED"
    HIDDEN = "HIDDEN"
    REMOVED = "REMOVED"


DOWN = frozenset({Moderated.HIDDEN.value, Moderated.REMOVED.value})
"""Taken away from everybody but the author."""


def check_free(row: Record, to: Visibility | None = None, path: str = "postId") -> None:
    """Whether a post's author may change it, or its audience `to`. Raises Forbidden for one that is held down."""
    if row["moderated"] in DOWN:
        raise Forbidden("Moderators took this post down: it can be deleted, not changed.", [path])
    if row["moderated"] is not None and to is Visibility.PUBLIC:
        raise Forbidden("Moderators limited this post: it stands in no public list.", [path])
