"""Languages: what posts are told to be written in, by their script and small words (`fresque_language` in the database)."""

from __future__ import annotations

from errors import BadInput

UNKNOWN = "und"
LANGUAGES = ("ar", "de", "el", "en", "es", "fr", "he", "hi", "it", "ja", "ko", "pt", "ru", "th", "uk", "zh")
"""The codes (ISO 639-1) that posts are given; what says nothing is `UNKNOWN`."""


def known(code: str, path: list[str]) -> str:
    """This code. Raises BadInput for one that no post is given."""
    if code not in LANGUAGES:
        raise BadInput(f"`{code[:8]}` is not among the languages that are told apart: {', '.join(LANGUAGES)}.", path)
    return code
