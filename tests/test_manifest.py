"""Manifests of trusted documents as the tools write them, and what stops the process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from execution.request import Request
from execution.trusted import BadManifest, load, read_manifest
from tests.trusting import HELLO, WHO, WRITE, apollo, codegen, relay, sha


@pytest.mark.parametrize("form", [relay, codegen, apollo])
def test_manifests_are_read_as_they_are(form: Any, tmp_path: Path) -> None:
    manifest = form(HELLO, WHO)
    (tmp_path / "documents.json").write_bytes(orjson.dumps(manifest))
    (tmp_path / "notes.txt").write_text("no manifest")
    for place in (tmp_path, tmp_path / "documents.json"):
        trusted = load(f" {place} ,", False)
        ids = [entry["id"] for entry in manifest["operations"]] if form is apollo else list(manifest)
        for document_id in [*ids, sha(HELLO), f"sha256:{sha(WHO)}"]:
            assert document_id in trusted
            assert trusted.choose(Request("", document_id=document_id)) in (HELLO, WHO)
        assert sha(WRITE) not in trusted


def test_several_manifests_are_one_and_may_overlap(tmp_path: Path) -> None:
    (tmp_path / "web.json").write_bytes(orjson.dumps(codegen(HELLO, WHO)))
    (tmp_path / "phone.json").write_bytes(orjson.dumps(apollo(WHO, WRITE)))
    trusted = load(f"{tmp_path / 'web.json'},{tmp_path / 'phone.json'}", True)
    assert all(sha(text) in trusted for text in (HELLO, WHO, WRITE))
    assert trusted.only
    (tmp_path / "other.json").write_bytes(orjson.dumps({sha(HELLO): WHO}))
    with pytest.raises(SystemExit, match="stands for another text"):
        load(str(tmp_path), False)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b'"text"',
        b'{"id": 5}',
        b'{"id": null}',
        b'{"": "{hello}"}',
        b'{"sha256:00": "{hello}"}',
        b'{"format": "other", "version": 1, "operations": []}',
        b'{"format": "apollo-persisted-query-manifest", "version": 2, "operations": []}',
        b'{"format": "apollo-persisted-query-manifest", "version": 1}',
        b'{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"id": "a"}]}',
        b'{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"body": "{a}"}]}',
        b'{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"id": "a", "body": "{a}"},'
        b' {"id": "a", "body": "{b}"}]}',
    ],
)
def test_what_is_no_manifest_stops_the_process(raw: bytes, tmp_path: Path) -> None:
    with pytest.raises(BadManifest):
        read_manifest(raw)
    path = tmp_path / "bad.json"
    path.write_bytes(raw)
    with pytest.raises(SystemExit, match=r"bad\.json cannot be read"):
        load(str(path), False)


def test_a_place_that_is_not_there_and_a_lock_without_keys_stop_the_process(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="cannot be read"):
        load(str(tmp_path / "gone.json"), False)
    with pytest.raises(SystemExit, match="TRUSTED_ONLY needs TRUSTED_DOCUMENTS"):
        load(str(tmp_path), True)
    assert load("", False).choose(Request(HELLO)) == HELLO
