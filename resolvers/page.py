"""The only pagination: Relay's arguments become a window over keys, and what it gave becomes a connection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from strawberry import UNSET

from errors import BadInput
from models.node_id import ALPHABET, LARGEST, LONGEST_CHARACTERS, digits
from models.timeline import NEWEST, Window

DEFAULT_SIZE = 20
LARGEST_SIZE = 100
KEPT_CURSORS = 8_192  # many readers are shown the same posts
_VERSION = "k"
_VALUE = {character: value for value, character in enumerate(ALPHABET)}

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class PageInfoRow:
    """Where a page lies in its list."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """The items of one page, in the list's order, and where they lie."""

    items: Sequence[Item]
    page_info: PageInfoRow


@dataclass(frozen=True, slots=True)
class Asked:
    """Relay's four arguments, checked. `size` is how many items the page may have."""

    size: int
    from_the_end: bool
    after: int | None
    before: int | None

    def window(self, *, newest_first: bool) -> Window:
        """One more than the page, to know whether there is more, between the two cursors."""
        older, newer = (self.after, self.before) if newest_first else (self.before, self.after)
        return Window(
            self.size + 1,
            NEWEST if older is None else older,
            0 if newer is None else newer,
            backward=self.from_the_end == newest_first,
        )


@lru_cache(maxsize=KEPT_CURSORS)
def encode(key: int) -> str:
    """The cursor of an item with this key: opaque, versioned."""
    return _VERSION + digits(key)


def decode(cursor: str, argument: str) -> int:
    """The key in a cursor. Raises BadInput for anything `encode` does not give."""
    written = cursor.removeprefix(_VERSION)
    if (
        cursor[:1] == _VERSION
        and 0 < len(written) <= LONGEST_CHARACTERS
        and written[0] != "0"
        and set(written) <= _VALUE.keys()
    ):
        key = 0
        for character in written:
            key = key * 32 + _VALUE[character]
        if key <= LARGEST:
            return key
    raise BadInput(f"`{argument}` is not a cursor of this list. Take one from its `edges` or `pageInfo`.", [argument])


def asked(first: int | None, after: str | None, last: int | None, before: str | None) -> Asked:
    """Check Relay's arguments, left out or null alike. Raises BadInput: both `first` and `last`, a size outside 1–100, a bad
    cursor."""
    first = None if first is UNSET else first
    last = None if last is UNSET else last
    if first is not None and last is not None:
        raise BadInput("Give `first` or `last`, not both.", ["first"])
    name, size = ("last", last) if last is not None else ("first", DEFAULT_SIZE if first is None else first)
    if size is None or not 1 <= size <= LARGEST_SIZE:
        raise BadInput(f"`{name}` is between 1 and {LARGEST_SIZE}.", [name])
    return Asked(
        size,
        last is not None,
        decode(after, "after") if isinstance(after, str) else None,
        decode(before, "before") if isinstance(before, str) else None,
    )


def page_of(question: Asked, items: Sequence[Item], key: Callable[[Item], int]) -> Page[Item]:
    """The page out of what the window gave (in the list's order, at most one item more than asked)."""
    more = len(items) > question.size
    if more:
        items = items[-question.size :] if question.from_the_end else items[: question.size]
    forward = not question.from_the_end
    return Page(
        items,
        PageInfoRow(
            more if forward else question.before is not None,
            question.after is not None if forward else more,
            encode(key(items[0])) if items else None,
            encode(key(items[-1])) if items else None,
        ),
    )
