"""Stems: in which languages a word may have endings, by its script. PostgreSQL knows the endings (migration `words`)."""

from __future__ import annotations

import regex

_LANGUAGES = (
    (regex.compile(r"\p{Latin}"), ("en", "fr", "de", "es", "it", "pt")),
    (regex.compile(r"\p{Cyrillic}"), ("ru",)),
    (regex.compile(r"\p{Greek}"), ("el",)),
    (regex.compile(r"\p{Arabic}"), ("ar",)),
    (regex.compile(r"\p{Devanagari}"), ("hi",)),
)


def languages(word: str) -> tuple[str, ...]:
    """The languages of this script, of those that posts are told to be written in."""
    return next((codes for script, codes in _LANGUAGES if script.search(word)), ())
