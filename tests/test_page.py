"""The only pagination, as pure arithmetic: whatever is asked, a page is a run of the list and says truly where it lies."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from strawberry import UNSET

from errors import BadInput
from models.node_id import LARGEST
from models.timeline import Window
from resolvers.page import DEFAULT_SIZE, LARGEST_SIZE, asked, decode, encode, page_of

keys = st.integers(1, LARGEST)
lists = st.sets(st.integers(1, 60), max_size=30)
places = st.none() | st.integers(1, 60)


def read(window: Window, standing: Sequence[int], *, newest_first: bool) -> list[int]:
    """What a model gives for a window: at most `limit` keys, the newest or (backward) the oldest, in the list's order."""
    inside = sorted(key for key in standing if window.newer_than < key < window.older_than)
    taken = inside[: window.limit] if window.backward else inside[-window.limit :]
    return sorted(taken, reverse=newest_first)


@given(key=keys)
def test_cursors_come_back(key: int) -> None:
    assert decode(encode(key), "after") == key


@given(text=st.text(max_size=20) | st.from_regex(r"k[0-9a-z]{0,15}", fullmatch=True))
def test_every_place_has_one_cursor(text: str) -> None:
    key = None
    with suppress(BadInput):
        key = decode(text, "before")
    assert key is None or encode(key) == text


def test_a_bad_cursor_is_refused_by_its_argument() -> None:
    with pytest.raises(BadInput) as refused:
        decode("nonsense", "before")
    assert refused.value.path == ("before",)


@given(
    standing=lists, size=st.integers(1, 12), after=places, before=places, newest_first=st.booleans(), last=st.booleans()
)
def test_a_page_is_a_run_of_the_list(
    standing: set[int], size: int, after: int | None, before: int | None, newest_first: bool, last: bool
) -> None:
    whole = sorted(standing, reverse=newest_first)
    sign = -1 if newest_first else 1
    between = [
        key
        for key in whole
        if (after is None or sign * key > sign * after) and (before is None or sign * key < sign * before)
    ]
    question = asked(
        None if last else size,
        None if after is None else encode(after),
        size if last else None,
        None if before is None else encode(before),
    )
    found = page_of(question, read(question.window(newest_first=newest_first), whole, newest_first=newest_first), int)
    wanted = between[-size:] if last else between[:size]
    assert list(found.items) == wanted
    info = found.page_info
    assert (info.has_previous_page if last else info.has_next_page) is (len(between) > size)
    assert [info.start_cursor, info.end_cursor] == ([encode(wanted[0]), encode(wanted[-1])] if wanted else [None, None])


@given(standing=lists, size=st.integers(1, 7), newest_first=st.booleans(), last=st.booleans())
def test_pages_join_into_the_list(standing: set[int], size: int, newest_first: bool, last: bool) -> None:
    assume(standing)
    whole = sorted(standing, reverse=newest_first)
    found: list[int] = []
    cursor: str | None = None
    for _ in range(len(whole) + 1):
        question = asked(None, None, size, cursor) if last else asked(size, cursor, None, None)
        page = page_of(
            question, read(question.window(newest_first=newest_first), whole, newest_first=newest_first), int
        )
        found = [*page.items, *found] if last else [*found, *page.items]
        cursor = page.page_info.start_cursor if last else page.page_info.end_cursor
        if not (page.page_info.has_previous_page if last else page.page_info.has_next_page):
            break
    assert found == whole


@pytest.mark.parametrize("size", [0, -1, LARGEST_SIZE + 1, 10**12])
@pytest.mark.parametrize("name", ["first", "last"])
def test_bad_sizes_are_refused(size: int, name: str) -> None:
    with pytest.raises(BadInput) as refused:
        asked(size if name == "first" else None, None, size if name == "last" else None, None)
    assert refused.value.path == (name,)


def test_left_out_and_null_are_alike() -> None:
    assert asked(None, None, None, None) == asked(UNSET, UNSET, UNSET, UNSET)
    assert asked(None, None, None, None).size == DEFAULT_SIZE
    with pytest.raises(BadInput):
        asked(1, None, 1, None)
