"""Muted words in the random worlds of `tests/graph.py`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from models.database import fetch
from models.visibility import HeldWord

if TYPE_CHECKING:
    from tests.graph import World


async def mute_words(world: World, words: Iterable[tuple[int, str]], key: int) -> None:
    """Who hides what says which word, everywhere; rows are numbered from `key` on."""
    for place, (number, word) in enumerate(sorted(words)):  # in order by id, which ids of one millisecond are not
        await fetch(
            "INSERT INTO muted_words (id, owner_id, text, needle, whole_word, scope, hides)"
            " VALUES ($3, $1, $2, fresque_folded($2), true, 'EVERYWHERE', true)",
            world.people[number],
            word,
            key + place,
        )
        me = world.relations[world.people[number]]
        me.words = (*me.words, HeldWord(word, f" {word} ", True, True))
