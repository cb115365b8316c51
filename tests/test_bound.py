"""What nobody may do to everybody else: long texts that cost time, queues without an end, forms that outlive their time."""

from __future__ import annotations

import time

import pytest

from models import facet, node_id
from models.database import fetch
from resolvers import image, password
from tests.people import PASSWORD, Town

FORM = {"mimeType": "image/png", "byteSize": 1000}


def seconds(length: int) -> float:
    """CPU to look for links in an address that is followed by many closing brackets."""
    began = time.process_time()
    assert facet.find("http://a" + ")" * length) == []
    return time.process_time() - began


@pytest.mark.usefixtures("no_garbage")
def test_brackets_after_a_link_cost_what_they_are_long() -> None:
    assert min(seconds(160_000) for _ in range(3)) < 32 * max(min(seconds(20_000) for _ in range(3)), 1e-4), (
        "eight times as long, not squared"
    )


def test_brackets_of_a_link_stay_and_those_around_it_go() -> None:
    text = "(see http://a.example/x_(y)) and http://b.example/z)))."
    assert [found.value for found in facet.find(text)] == ["http://a.example/x_(y)", "http://b.example/z"]


def test_what_is_far_too_long_is_not_looked_at() -> None:
    assert facet.kept("x" * 500, 500, 3_000) == "x" * 500
    assert facet.kept("x" * 501, 500, 3_000) is None
    assert facet.kept("\u200b" * 6_001, 500, 3_000) is None, "although nothing of it would be kept"


async def test_a_content_warning_is_bounded(town: Town) -> None:
    ada = await town.person("ada")
    long = "http://a" + ")" * 100_000
    assert await ada.refusal("CreatePost", text="x", contentWarning=long) == ("BAD_USER_INPUT", ["contentWarning"])


async def test_passwords_do_not_wait_without_end(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = await town.person("ada")
    given = {"login": ada.handle, "password": PASSWORD, "bearer": True}
    with monkeypatch.context() as patched:
        patched.setattr(password, "MOST_WAITING", 0)
        assert await ada.refusal("LogIn", **given) == ("RATE_LIMITED", None)
    assert (await ada.do("LogIn", **given))["token"]


async def test_one_person_does_not_fill_the_places_for_pictures(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = await town.person("ada")
    upload = (await ada.do("CreateImageUpload", **FORM))["upload"]["id"]
    with monkeypatch.context() as patched:
        patched.setattr(image, "MOST_AT_ONCE", 0)
        assert await ada.refusal("CompleteImageUpload", uploadId=upload) == ("RATE_LIMITED", None)
    assert await ada.refusal("CompleteImageUpload", uploadId=upload) == ("CONFLICT", ["uploadId"]), "nothing was sent"


async def test_a_form_is_not_signed_anew_when_its_time_is_over(town: Town) -> None:
    ada = await town.person("ada")
    first = (await ada.do("CreateImageUpload", **FORM, idempotencyKey="once"))["upload"]
    assert (await ada.do("CreateImageUpload", **FORM, idempotencyKey="once"))["upload"]["id"] == first["id"]
    number = node_id.number_of("upload", first["id"])
    await fetch("UPDATE uploads SET expires_at = now() - interval '1 second' WHERE id = $1", number)
    assert await ada.refusal("CreateImageUpload", **FORM, idempotencyKey="once") == ("CONFLICT", None)
    await fetch("DELETE FROM uploads WHERE id = $1", number)
    assert await ada.refusal("CreateImageUpload", **FORM, idempotencyKey="once") == ("CONFLICT", None)
