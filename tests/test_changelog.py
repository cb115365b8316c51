"""The schema's changelog: every change in it, and what a release does with it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from graphql import build_schema

from schema import changelog
from schema.changes import changes
from schema.print import FOLDER
from schema.print import main as print_schema

BEFORE = """
directive @mark on FIELD_DEFINITION
interface Named { name: String }
type Query { thing(a: Int): Thing gone: Int }
type Thing { name: String old: Int }
type Lost { a: Int }
union Any = Thing | Lost
enum E { A B }
input I { a: Int = 1 }
"""
AFTER = """
directive @mark on FIELD_DEFINITION
interface Named { name: String }
type Query { thing(a: Int!, b: Int): Thing! @mark new(x: Int): New }
type Thing implements Named { name: String old: Int @deprecated(reason: "Use `name`.") }
type New { a: Int }
union Any = Thing
enum E { A C }
input I { a: Int = 2 b: Int }
"""


def test_every_kind_of_change_has_a_line_of_its_own() -> None:
    assert changes(build_schema(BEFORE), build_schema(AFTER)) == [
        "- Added `E.C`.",
        "- Added `I.b`: `Int`.",
        "- Added `New`.",
        "- Added `Query.new`: `New`.",
        "- Added `Query.thing(b:)`: `Int`.",
        "- Changed `Any`: was `Thing` or `Lost`, is `Thing`.",
        "- Changed `I.a`: was `Int = 1`, is `Int = 2`.",
        "- Changed `Query.thing(a:)`: was `Int`, is `Int!`.",
        "- Changed `Query.thing`: was `Thing`, is `Thing! @mark`.",
        "- Changed `Thing.old`: was `Int`, is `Int`, deprecated (Use `name`.).",
        "- Changed `Thing`: is a `Named`.",
        "- Removed `E.B`.",
        "- Removed `Lost`.",
        "- Removed `Query.gone`.",
    ]
    assert changes(build_schema(AFTER), build_schema(AFTER)) == []


def test_only_what_is_unreleased_is_written() -> None:
    head, older = "# Changes\n\n## Unreleased\n", "\n## 0.1 (2026-01-01)\n- Added `Query`.\n"
    told = changelog.with_changes(
        f"{head}- Of yesterday.\n{older}", "type Query { a: Int }", "type Query { a: Int b: Int }"
    )
    assert told == f"{head}- Added `Query.b`: `Int`.\n{older}"
    assert (
        changelog.with_changes(told, "type Query { a: Int }", "type Query { a: Int }") == f"{head}Nothing yet.\n{older}"
    )
    with pytest.raises(ValueError, match="Unreleased"):
        changelog.with_changes("# Changes\n", "type Query { a: Int }", "type Query { a: Int }")


def test_a_release_names_what_changed_and_is_compared_with_from_then_on(tmp_path: Path) -> None:
    for name in ("schema.graphql", "landed.graphql", "CHANGELOG.md", "possible-types.json", "scalars.json"):
        shutil.copy(FOLDER / name, tmp_path)
    (tmp_path / "landed.graphql").write_text("type Query { a: Int }\n")
    assert print_schema(["--check"], tmp_path) == 1
    assert print_schema([], tmp_path) == 0
    assert print_schema(["--check"], tmp_path) == 0
    assert changelog.main(["1.0.0"], tmp_path) == 0
    assert (tmp_path / "landed.graphql").read_text() == (tmp_path / "schema.graphql").read_text()
    told = (tmp_path / "CHANGELOG.md").read_text()
    assert "## Unreleased\nNothing yet.\n\n## 1.0.0 (20" in told
    assert "- Added `Query.viewer`: `Viewer`." in told
    assert print_schema(["--check"], tmp_path) == 0
    for arguments, code in ((["1.0.0"], 1), (["a name"], 1), ([], 2)):
        assert changelog.main(arguments, tmp_path) == code
    assert (tmp_path / "CHANGELOG.md").read_text() == told
