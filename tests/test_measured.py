"""What the bench says of its own figures: what is missed is called missed, and the page is made of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from bench import verdict
from bench.against import differences, plain
from bench.report import PAGE, PLACE, WRITERS, page

ABOUT = {"at": "2026-11-22 23:00", "code": "abc", "cores": 2, "load": [0.5, 1.0], "seconds": 9}


def likes(ratio: float) -> Mapping[str, Mapping[str, Any]]:
    """Town S with one part measured."""
    return {"S": {"likes": {"about": ABOUT, "likers": 50, "one_post": 3_000, "own_posts": 2_000, "ratio": ratio}}}


@pytest.mark.parametrize(("ratio", "said"), [(0.49, "**missed**"), (0.5, "reached"), (0.9, "aim reached")])
def test_a_figure_is_held_to_what_was_asked(ratio: float, said: str) -> None:
    (row,) = [line for line in verdict.lines(likes(ratio)) if "likes on one post" in line]
    assert f"| {said} |" in row


def test_what_was_not_measured_is_not_called_reached() -> None:
    rows = [line for line in verdict.lines({}) if "×" in line or "KB" in line]
    assert len(rows) > 10
    assert all("not measured" in row for row in rows)


def test_only_what_stands_between_its_marks_is_replaced() -> None:
    before = "a\n<!-- measured: likes -->\nold\n<!-- end -->\nb\n"
    once = page(before, likes(0.7))
    assert once.startswith("a\n<!-- measured: likes -->\nTown S, 2026-11-22 23:00 UTC")
    assert once.endswith("ratio 0.7.\n<!-- end -->\nb\n")
    assert "old" not in once
    assert page(once, likes(0.7)) == once


def test_every_place_of_the_page_has_a_writer() -> None:
    page_text = PAGE.read_text()
    places = {found[1] for found in PLACE.findall(page_text)}
    assert places == {*WRITERS, "verdict"}


def test_answers_are_compared_value_by_value() -> None:
    ours = {"edges": [{"node": {"id": "post_123456789012345678", "likeCount": 1}, "cursor": "a"}]}
    same = {"edges": [{"node": {"id": "post_123456789012345678", "likeCount": 1}, "cursor": "b"}]}
    other = {"edges": [{"node": {"id": "post_123456789012345678", "likeCount": 2}, "cursor": "a"}]}
    assert list(differences(plain(ours), plain(same))) == []
    assert list(differences(plain(ours), plain(other))) == [".edges.0.node.likeCount: 1 and 2"]
