"""When the web client is built anew: whenever what people wrote changed, and for nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from dev import web_build


def test_only_what_people_wrote_counts(tmp_path: Path) -> None:
    for name in ("index.html", "source/home/HomePage.tsx", "public/theme.js"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    for made in (
        "node_modules/react/index.js",
        "dist/index.html",
        "persisted/documents.json",
        "source/__generated__/a.ts",
    ):
        (tmp_path / made).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / made).write_text(made)
    found = [path.relative_to(tmp_path).as_posix() for path in web_build.sources(tmp_path)]
    assert found == ["index.html", "public/theme.js", "source/home/HomePage.tsx"]


def test_a_change_of_the_schema_or_of_a_source_is_another_stamp(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    web, schema = tmp_path / "web", tmp_path / "schema.graphql"
    web.mkdir()
    monkeypatch.setattr(web_build, "HERE", tmp_path)
    monkeypatch.setattr(web_build, "WEB", web)
    monkeypatch.setattr(web_build, "SCHEMA", schema)
    stamps = []
    for text, source in (("type Query", "a"), ("type Query", "b"), ("type Query { a: Int }", "b")):
        schema.write_text(text)
        (web / "main.tsx").write_text(source)
        stamps.append(web_build.stamp())
    (web / "main.tsx").rename(web / "other.tsx")
    stamps.append(web_build.stamp())
    assert len(set(stamps)) == len(stamps)
