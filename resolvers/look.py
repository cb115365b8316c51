"""Looks at posts that several feeds take in the same turn of the loop: taken as one, whatever the number of feeds."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from models.outlook import Outlook, outlook


class Look:
    """What is wanted of one look, until it is taken."""

    __slots__ = ("people", "posts", "taken", "viewers")

    def __init__(self) -> None:
        self.posts: set[int] = set()
        self.viewers: set[int] = set()
        self.people: set[int] = set()
        self.taken: asyncio.Task[Outlook] | None = None


class Looks:
    """Gathers what is wanted until whoever else wants something in this turn of the loop has said so."""

    def __init__(self) -> None:
        self._next: Look | None = None

    async def take(self, posts: Iterable[int], viewers: Iterable[int], people: Iterable[int]) -> Outlook:
        """An `outlook` that has at least these posts and people, and what these viewers did about them."""
        look = self._next
        if look is None or look.taken is None or look.taken.done():  # done: its loop was stopped before it began
            look = self._next = Look()
            look.taken = asyncio.get_running_loop().create_task(self._take(look))
        look.posts.update(posts)
        look.viewers.update(viewers)
        look.people.update(people)
        assert look.taken is not None
        return await look.taken

    async def _take(self, look: Look) -> Outlook:
        if self._next is look:
            self._next = None
        return await outlook(look.posts, look.viewers, look.people)
