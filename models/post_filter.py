"""Why a post is to be folded for a viewer: the words they mute that it says. Out of SQL, or out of a viewer's sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models import visibility
from models.visibility import Relations


@dataclass(frozen=True, slots=True)
class FilterRow:
    """Which of the words that a viewer mutes a post says; `is_for_home` when it matters at home alone."""

    words: tuple[str, ...]
    is_for_home: bool


SAYS = visibility.SAID.replace("{p}", "p")
_HELD = [
    visibility.held_words(column).replace("{v}", "$1")
    for column in ("w.needle", "CASE WHEN w.scope = 'EVERYWHERE' THEN 'E' ELSE 'H' END || w.text")
]
FILTERED = f"fresque_said({SAYS}, {', '.join(_HELD)})"
"""The words that viewer $1 mutes and post p says, each after an E (everywhere) or H (at home); NULL for who mutes none."""


def filtered(post: Mapping[str, Any], viewer: Relations) -> list[str]:
    """The same as `FILTERED`, out of a viewer's sets and the `folded` text of a post."""
    return [("E" if word.everywhere else "H") + word.text for word in viewer.words if word.needle in post["folded"]]


def filter_of(found: Sequence[str] | None) -> FilterRow | None:
    """What is shown of what `FILTERED` found."""
    if not found:
        return None
    return FilterRow(tuple(word[1:] for word in found), all(word[0] == "H" for word in found))
