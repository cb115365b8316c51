"""Names and descriptions that people give to what is theirs: boards, lists, feeds, presets, threads, saved searches."""

from __future__ import annotations

from errors import BadInput
from models import facet

BYTES_A_GRAPHEME = 12  # on the average of a whole text: what stacks marks beyond that is no name


def name(text: str, longest: int, path: str = "name", what: str = "A name") -> str:
    """A name as it is stored: cleaned, one line of at most `longest` graphemes. Raises BadInput for any other, and an empty one."""
    kept = facet.kept(text, longest, longest * BYTES_A_GRAPHEME)
    if not kept or "\n" in kept:
        raise BadInput(f"{what} is one line of 1 to {longest} characters.", [path])
    return kept


def description(text: str, longest: int) -> str:
    """A description as it is stored: cleaned, at most `longest` graphemes, maybe empty. Raises BadInput for a longer one."""
    kept = facet.kept(text, longest, longest * BYTES_A_GRAPHEME)
    if kept is None:
        raise BadInput(f"A description has at most {longest} characters.", ["description"])
    return kept
