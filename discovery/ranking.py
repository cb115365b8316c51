"""Lists in an order of merit: a place in one is its number, since no key of a row says it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from models.timeline import Window

MOST_RANKED = 200  # of people or hashtags; nobody reads on

Item = TypeVar("Item")


class Ranked(Generic[Item]):
    """An item and its place, from 1."""

    __slots__ = ("item", "place")

    def __init__(self, place: int, item: Item) -> None:
        self.place = place
        self.item = item


def between(items: Sequence[Item], window: Window) -> list[Ranked[Item]]:
    """The part of a list that a window asks for, the first place first."""
    found = [
        Ranked(place, item)
        for place, item in enumerate(items[:MOST_RANKED], 1)
        if window.newer_than < place < window.older_than
    ]
    return found[: window.limit] if window.backward else found[-window.limit :]
