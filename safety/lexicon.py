"""Phrases of very many rules, looked for in a text all at once, by the words as they read (`spelling.py`).

A phrase is one or several whole words. They stand in one tree by their words, so that reading a text goes down the tree from each
of its words, at most `MOST_WORDS` deep: what it costs grows with the length of the text, and not with how many phrases there are.
There is no pattern in a phrase.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from safety.spelling import SHORTEST_SPELLED_LETTERS, Word, plain, words

MOST_WORDS = 12
MOST_WAYS = 32  # to go on with from one word, at each depth: so many phrases that begin alike and are written the same are nobody's
_WORDS = re.compile(r"[^\W_]+")


def parts_of(phrase: str) -> tuple[str, ...]:
    """The words of a phrase as they are looked for; empty where there are none."""
    return tuple(_WORDS.findall(plain(phrase)))


class Lexicon:
    """Phrases, each under a number of whoever asks."""

    def __init__(self, phrases: Iterable[tuple[int, str]]) -> None:
        self._below: list[dict[str, int]] = [{}]
        self._ending: list[frozenset[int]] = [frozenset()]
        for number, phrase in phrases:
            parts = parts_of(phrase)
            if parts:
                self._put(number, parts[:MOST_WORDS])

    def _put(self, number: int, parts: Iterable[str]) -> None:
        at = 0
        for part in parts:
            if part not in self._below[at]:
                self._below[at][part] = len(self._below)
                self._below.append({})
                self._ending.append(frozenset())
            at = self._below[at][part]
        self._ending[at] |= {number}

    def found(self, text: str) -> set[int]:
        """The numbers of the phrases that stand in a text."""
        numbers: set[int] = set()
        if not text or not self._below[0]:
            return numbers
        said = words(text)
        alone = _alone(said)
        for begin in range(len(said)):
            places = {(0, begin)}
            for _ in range(MOST_WORDS):
                places = {
                    (below, after)
                    for place, at in places
                    if at < len(said)
                    for reading in said[at].readings
                    if (below := self._below[place].get(reading)) is not None
                    for after in _after(at, reading, alone)
                }
                if not places:
                    break
                if len(places) > MOST_WAYS:
                    places = set(sorted(places)[:MOST_WAYS])
                for place, _ in places:
                    numbers |= self._ending[place]
        return numbers


def _alone(said: Sequence[Word]) -> list[int]:
    """How many letters stand alone in a row from each word on."""
    found = [0] * (len(said) + 1)
    for at in range(len(said) - 1, -1, -1):
        found[at] = found[at + 1] + 1 if len(said[at].text) == 1 else 0
    return found


def _after(at: int, reading: str, alone: Sequence[int]) -> tuple[int, ...]:
    """Where a phrase goes on after a word: behind it, and behind its letters where it may be s p e l l e d."""
    if SHORTEST_SPELLED_LETTERS <= len(reading) <= alone[at]:
        return at + 1, at + len(reading)
    return (at + 1,)
