"""docs/threats.md as it stands: every threat has its test or its reason, and every test that is named is there."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
PAGE = TESTS.parent / "docs" / "threats.md"
ROW = re.compile(r"^\| ([A-Z]\d+) \| (.+?) \| (.+?) \| (.+) \|$", re.M)
NAMED = re.compile(r"`([a-z_/]+)::(test_\w+)`")
# How many rows each part of the list has, so that none is lost.
PARTS = {"G": 16, "W": 11, "S": 11, "Z": 16, "M": 9, "I": 9, "C": 7, "D": 19, "P": 27, "V": 3}


def rows() -> dict[str, str]:
    """What stands in the last column, by the threat's id."""
    found = ROW.findall(PAGE.read_text())
    assert len(found) == len({row[0] for row in found}), "an id stands for one threat"
    return {row[0]: row[3] for row in found}


def known_in(file: str) -> set[str]:
    """The tests in a file."""
    place = TESTS / f"{file}.py"
    return set(re.findall(r"^(?:async )?def (test_\w+)", place.read_text(), re.M)) if place.is_file() else set()


def test_no_threat_is_lost() -> None:
    assert sorted(rows()) == sorted(f"{part}{number}" for part, most in PARTS.items() for number in range(1, most + 1))


def test_every_threat_has_a_test_or_a_reason() -> None:
    wanting = [id for id, last in rows().items() if not NAMED.search(last) and not re.match(r"None: .+\.$", last)]
    assert wanting == []


def test_every_test_that_is_named_is_there() -> None:
    named = {pair for last in rows().values() for pair in NAMED.findall(last)}
    assert len(named) > 100
    known = {file: known_in(file) for file, _ in named}
    assert sorted(f"{file}::{name}" for file, name in named if name not in known[file]) == []
