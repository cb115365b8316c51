"""Covers: a few words of which every post that a `tsquery` finds has at least one, so that a new post is tried against few queries.

All parts of an *and* must hold, so the cheapest of them covers it; an *or* is covered when each side is, by both together; what
is not to be found covers nothing. What nearly every post has (`has:image`, `lang:en`) is no cover: a query of such parts alone has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import regex

LONGEST_BEGINNING = 12  # characters of a beginning that are looked up
BROAD = ("has:", "is:", "lang:")
_TOKEN = regex.compile(r"'((?:[^'\\]|''|\\.)*)'(:\*)?|([()&|!]|<->)|\s+")
COMMON = 0.0005
"""The share of posts that a word is taken to be in where nothing is known of it."""

Cover = Mapping[str, float]
"""Keys, and which share of posts is likely to have each."""


def key_of(word: str, *, begins: bool) -> str:
    """Under which key a word is looked up, or what words begin with."""
    return f"{word[:LONGEST_BEGINNING]}*" if begins else word


class _Reader:
    """Reads what `post_search` put together: `!` binds closest, then `<->`, `&` and `|`."""

    def __init__(self, text: str, shares: Mapping[str, float]) -> None:
        self.tokens = list(_tokens(text))
        self.shares = shares
        self.place = 0

    def sign(self, *wanted: str) -> bool:
        """Whether one of these signs stands here; then it is read."""
        found = self.place < len(self.tokens) and self.tokens[self.place] in [(each, None) for each in wanted]
        self.place += found
        return found

    def either(self) -> Cover | None:
        parts = [self.every()]
        while self.sign("|"):
            parts.append(self.every())
        known = [part for part in parts if part is not None]
        return {key: share for part in known for key, share in part.items()} if len(known) == len(parts) else None

    def every(self) -> Cover | None:
        parts = [self.one()]
        while self.sign("&", "<->"):
            parts.append(self.one())
        return min((part for part in parts if part is not None), key=_cost, default=None)

    def one(self) -> Cover | None:
        if self.sign("!"):
            self.one()
            return None
        if self.sign("("):
            found = self.either()
            self.sign(")")
            return found
        word, begins = self.tokens[self.place]
        self.place += 1
        if word.startswith(BROAD):
            return None
        if begins:
            return {key_of(word, begins=True): self.shares.get(word, COMMON) + 10 * COMMON / max(1, len(word))}
        # Of words that nothing is known of, the longer one is likely to be rarer.
        return {key_of(word, begins=False): self.shares.get(word, COMMON / max(1, len(word)))}


def _cost(cover: Cover) -> float:
    return sum(cover.values())


def _tokens(text: str) -> Iterator[tuple[str, bool | None]]:
    """Words (with whether only their beginning is meant) and signs (with None)."""
    for found in _TOKEN.finditer(text):
        if found[1] is not None:
            yield regex.sub(r"''|\\(.)", lambda each: each[1] or "'", found[1]), found[2] is not None
        elif found[3] is not None:
            yield found[3], None


def cover(tsquery: str | None, shares: Mapping[str, float]) -> Cover | None:
    """The likely cheapest cover of a query, by the shares of posts that common words are in; None where there is none."""
    return None if tsquery is None else _Reader(tsquery, shares).either()
