"""A reader's home as a list of ids that can always be made again: the newest entries, whole down to an edge.

The list is made of what a page of `timeline.home` found, goes on where the reader reads on, and is brought up to date post
by post (`places`). Beyond its edge the home is read from PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from models.database import fetch
from models.reason import places_sql
from models.relation import relations_of
from models.timeline import NEWEST, Entry, Window
from models.visibility import Relations

MOST_ENTRIES = 400  # of one list; when there are half as many again, the oldest go


class HomeList:
    """Every entry with a key above `edge`, newest first. `level_at` is how much of the tape is in it.

    `turn` counts its changes: whoever waited while making one up looks whether somebody else was quicker.
    """

    __slots__ = ("edge", "entries", "level_at", "posts", "relations", "turn", "viewer_id")

    def __init__(self, viewer_id: int, level_at: int) -> None:
        self.viewer_id = viewer_id
        self.level_at = level_at
        self.entries: list[Entry] = []
        self.posts: set[int] = set()
        self.edge = NEWEST
        self.relations: Relations | None = None
        self.turn = 0

    def window(self, asked: Window) -> list[Entry] | None:
        """The entries of a window, newest first; None where the list does not reach."""
        inside = [entry for entry in self.entries if asked.newer_than < entry.key < asked.older_than]
        if asked.backward:
            return inside[-asked.limit :] if asked.newer_than >= self.edge else None
        return inside[: asked.limit] if len(inside) >= asked.limit or asked.newer_than >= self.edge else None

    def take(self, asked: Window, found: Sequence[Entry]) -> None:
        """Learn what PostgreSQL found for a window; of use when it begins at the top or where the list ends."""
        if asked.backward:
            return
        bottom = found[-1].key - 1 if len(found) >= asked.limit else asked.newer_than
        if asked.older_than == NEWEST:
            self.entries, self.edge = list(found), bottom
        elif self.edge < asked.older_than and bottom < self.edge and len(self.entries) < MOST_ENTRIES:
            self.entries = [entry for entry in self.entries if entry.key >= asked.older_than] + list(found)
            self.edge = bottom
        else:
            return
        self._changed()

    def place(self, posts: Iterable[int], places: Iterable[Entry]) -> None:
        """Put these posts where they stand now."""
        moved = set(posts)
        self.entries = [entry for entry in self.entries if entry.post_id not in moved]
        self.entries += [entry for entry in places if entry.key > self.edge]
        self.entries.sort(key=lambda entry: -entry.key)
        if len(self.entries) > MOST_ENTRIES * 3 // 2:
            self.edge = self.entries[MOST_ENTRIES].key
            del self.entries[MOST_ENTRIES:]
        self._changed()

    def forget(self) -> None:
        """Nothing is known any more."""
        self.entries, self.edge, self.relations = [], NEWEST, None
        self._changed()

    def hears(self, user_id: int | None) -> bool:
        """Whether what somebody posts may come into this home."""
        return user_id == self.viewer_id or (self.relations is not None and user_id in self.relations.follows)

    async def learn_relations(self) -> None:
        """Read the reader's sets; they are as old as `level_at` or newer."""
        turn = self.turn
        found = (await relations_of([self.viewer_id]))[self.viewer_id]
        if self.turn == turn:
            self.relations = found

    def _changed(self) -> None:
        self.turn += 1
        self.posts = {entry.post_id for entry in self.entries}


_PLACES = f"""SELECT found.key, p.id AS post_id, found.reposter_id
    FROM unnest($2::bigint[]) AS asked (id) JOIN posts p ON p.id = asked.id
    CROSS JOIN LATERAL ({places_sql("$1", "$3::bigint")}) AS found"""


async def places(viewer_id: int, post_ids: Iterable[int], since: int = 0) -> list[Entry]:
    """Where (and whether) posts stand now in one reader's home, as far as keys are above `since`; in no order."""
    rows = await fetch(_PLACES, viewer_id, list(post_ids), since)
    return [Entry(row["key"], row["post_id"], row["reposter_id"]) for row in rows]
