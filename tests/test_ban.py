"""Banned pictures: the list and its desk, and what becomes of uploads that are on it, or that look sensitive."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from generation import ban_desk
from models import ban
from models.database import fetch
from resolvers import upload_check
from safety.check import Checks
from storage.intake import intake
from tests.conftest import Serving
from tests.gallery import forbid, painting, plain
from tests.people import PATIENCE_SECONDS, Person, Town

COMPLETE = """mutation($input: CompleteImageUploadInput!) { completeImageUpload(input: $input) { image { id sensitive }
    userErrors { code path message } } }"""


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def _no_bans(town: Town) -> AsyncIterator[None]:
    yield
    await fetch("DELETE FROM banned_pictures")


async def uploaded(person: Person, data: bytes) -> dict[str, Any]:
    form = (await person.do("CreateImageUpload", mimeType="image/png", byteSize=len(data)))["upload"]
    fields = {field["name"]: field["value"] for field in form["fields"]}
    async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as browser:
        sent = await browser.post(form["url"], data=fields, files={"file": ("x.png", data, "image/png")})
        assert sent.is_success
    found: dict[str, Any] = (await person.ask(COMPLETE, input={"uploadId": form["id"]}))["completeImageUpload"]
    return found


async def test_uploads_are_refused_or_marked(town: Town, running: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = await town.person("ada")
    await forbid(40, "violence")
    refused = await uploaded(ada, painting(40))
    (error,) = refused["userErrors"]
    assert (refused["image"], error["code"], error["path"]) == (None, "CONTENT_BLOCKED", ["uploadId"])
    assert "violence" in error["message"]
    fine = await uploaded(ada, painting(41))
    assert (fine["userErrors"], fine["image"]["sensitive"]) == ([], False)
    strict = Checks(replace(running.settings, check_upload_percent=15))
    relaxed = running.application.state.house.checks
    monkeypatch.setattr(relaxed, "_told", replace(running.settings, check_upload_percent=15))
    marked = await uploaded(ada, plain())
    assert (marked["userErrors"], marked["image"]["sensitive"]) == ([], True)
    post = await ada.write("Look", images=[{"imageId": marked["image"]["id"]}])
    shown = await town.ask("query($id: ID!) { node(id: $id) { ... on Post { images { sensitive } } } }", id=post)
    assert shown["node"]["images"] == [{"sensitive": True}]
    taken = await intake(plain(), None)
    off = Checks(replace(running.settings, check_uploads=False, check_bans=False))
    late = Checks(replace(running.settings, check_seconds=0))
    assert [await upload_check.looks_sensitive(one, taken) for one in (strict, off, late, None)] == [
        *(True, False, True, False)
    ]
    for one in (strict, off, late):
        await one.close()


async def test_the_desk_of_bans(town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.png"
    file.write_bytes(painting(50))
    said: list[tuple[list[str], int, str]] = [
        (["add", str(file), "gore", "--note", "case 7"], 0, "It is banned."),
        (["add", str(file), "gore"], 0, "It was banned before."),
        (["check", str(file)], 1, "gore"),
        (["list"], 0, "case 7"),
        (["add-hash", "ab" * 32, "gore"], 0, "It is banned."),
        (["add-hash", "ab", "gore"], 1, "256 bits"),
        (["add-hash", "xyz", "gore"], 1, "hexadecimal"),
        (["add-hash", "cd" * 32, " "], 1, "category"),
        (["add", str(tmp_path / "none.png"), "gore"], 1, "none.png"),
        (["remove", "0"], 1, "no such ban"),
    ]
    for arguments, code, words in said:
        assert await ban_desk.run(arguments) == code, arguments
        told = capsys.readouterr()
        assert words in told.out + told.err, arguments
    (kept, _) = await ban.bans()
    assert await ban_desk.run(["remove", str(kept.id)]) == 0
    assert await ban_desk.run(["check", str(file)]) == 0
    file.write_bytes(plain())
    assert await ban_desk.run(["add", str(file), "gore"]) == 1
    assert "too plain" in capsys.readouterr().err
