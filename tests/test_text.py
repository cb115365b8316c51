"""Texts: positions as graphql-core has them, and lines counted."""

from __future__ import annotations

import pytest
from graphql.language import Source

from execution.text import Text, has_more_lines


@pytest.mark.parametrize("body", ["", "a", "\n", "a\nb\r\nc\rd\n\n\r\r\n e", "\r\n\r\n", "é\n😀\nz"])
def test_positions_are_those_of_graphql_core(body: str) -> None:
    places = range(len(body) + 2)
    assert [Text(body).get_location(place) for place in places] == [
        Source(body).get_location(place) for place in places
    ]


@pytest.mark.parametrize("line_break", ["\n", "\r", "\r\n"])
def test_line_breaks_are_counted_once(line_break: str) -> None:
    assert not has_more_lines(line_break * 3, 3)
    assert has_more_lines(line_break * 4, 3)
