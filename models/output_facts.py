"""What an engine's facts of a picture say to its owner: how its mask was obeyed, and what an edit did.

Facts are an engine's own words: what is not as it should be is passed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MOST_WORDS = 40
LONGEST_WORDS_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class MaskRow:
    """How a mask was obeyed (`generation/mask_child.py`): shares 0 … 1 of the pixels, `mean_shift` in levels of 0 … 255."""

    edited_share: float
    changed_before: float
    mean_shift: float
    changed_after: float
    lossless: bool
    stretched: bool


@dataclass(frozen=True, slots=True)
class EditRow:
    """What an edit did and what of the words it could not; `varied` is how far a variation went, 0 … 1."""

    did: tuple[str, ...]
    undone: tuple[str, ...]
    varied: float | None


def mask_of(told: object) -> MaskRow | None:
    """The figures of a mask, None where there are none."""
    if not isinstance(told, Mapping):
        return None
    share, before, shift, after = (
        _number(told.get(name)) for name in ("edited_share", "changed_before", "mean_shift", "changed_after")
    )
    if share is None or before is None or shift is None or after is None:
        return None
    return MaskRow(share, before, shift, after, told.get("lossless") is True, told.get("stretched") is True)


def edit_of(told: object) -> EditRow | None:
    """What is said of an edit, None where nothing is."""
    if not isinstance(told, Mapping):
        return None
    return EditRow(_words(told.get("did")), _words(told.get("undone")), _number(told.get("varied")))


def _number(told: object) -> float | None:
    return float(told) if isinstance(told, int | float) else None


def _words(told: object) -> tuple[str, ...]:
    given = told if isinstance(told, list) else []
    return tuple(str(each)[:LONGEST_WORDS_CHARACTERS] for each in given[:MOST_WORDS])
