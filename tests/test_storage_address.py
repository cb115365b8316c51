"""Addresses of pictures, and grants that cannot be forged."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from settings import Settings
from storage.address import SIZES, media_url, read_grant

TOLD = Settings(secret_key="s" * 40, public_url="https://fresque.example/")
HOUR = 3_600
VIEWERS = st.integers(min_value=1, max_value=2**63 - 1)
NOWS = st.floats(min_value=0, max_value=4e9)
GIDS = st.from_regex(r"\Aimage_[A-Za-z0-9_-]{1,30}\Z")


def grant_of(url: str) -> str:
    return parse_qs(urlsplit(url).query)["grant"][0]


def test_a_public_address_is_bare() -> None:
    assert media_url("image_1", "SMALL", True, 7, 0, TOLD) == "https://fresque.example/media/image_1/small"


def test_without_a_viewer_there_is_no_grant() -> None:
    assert media_url("image_1", "small", False, None, 0, TOLD) == "https://fresque.example/media/image_1/small"


@given(GIDS, st.sampled_from(SIZES), VIEWERS, NOWS)
def test_a_grant_is_read_back(gid: str, size: str, viewer: int, now: float) -> None:
    url = media_url(gid, size.upper(), False, viewer, now, TOLD)
    assert urlsplit(url).path == f"/media/{gid}/{size}"
    assert read_grant(gid, size, grant_of(url), now, TOLD) == viewer


@given(VIEWERS, NOWS)
def test_a_grant_lasts_one_to_two_hours_and_is_stable_within_the_hour(viewer: int, now: float) -> None:
    url = media_url("image_1", "large", False, viewer, now, TOLD)
    start = now // HOUR * HOUR
    assert media_url("image_1", "large", False, viewer, start, TOLD) == url
    assert media_url("image_1", "large", False, viewer, start + HOUR, TOLD) != url
    assert read_grant("image_1", "large", grant_of(url), start + 2 * HOUR - 1, TOLD) == viewer
    assert read_grant("image_1", "large", grant_of(url), start + 2 * HOUR, TOLD) is None


@given(VIEWERS, VIEWERS, NOWS)
def test_a_grant_holds_for_one_picture_one_size_one_viewer_one_secret(viewer: int, other: int, now: float) -> None:
    assume(viewer != other)
    grant = grant_of(media_url("image_1", "large", False, viewer, now, TOLD))
    said, _, mac = grant.rpartition(".")
    expiry = said.partition(".")[2]
    assert read_grant("image_2", "large", grant, now, TOLD) is None
    assert read_grant("image_1", "original", grant, now, TOLD) is None
    assert read_grant("image_1", "large", f"{other}.{expiry}.{mac}", now, TOLD) is None
    assert read_grant("image_1", "large", f"{viewer}.{int(expiry) + HOUR}.{mac}", now, TOLD) is None
    elsewhere = Settings(secret_key="t" * 40)
    assert read_grant("image_1", "large", grant, now, elsewhere) is None


@given(st.data(), VIEWERS, NOWS)
def test_a_tampered_grant_is_never_accepted(data: st.DataObject, viewer: int, now: float) -> None:
    grant = grant_of(media_url("image_1", "large", False, viewer, now, TOLD))
    place = data.draw(st.integers(0, len(grant)))
    cut = data.draw(st.integers(0, 3))
    tampered = grant[:place] + data.draw(st.text(max_size=3)) + grant[place + cut :]
    assume(tampered != grant)
    assert read_grant("image_1", "large", tampered, now, TOLD) is None


@given(st.text(), st.text(), st.text())
def test_rubbish_is_no_grant(gid: str, size: str, grant: str) -> None:
    assert read_grant(gid, size, grant, 0, TOLD) is None


@pytest.mark.parametrize("grant", ["", ".", "..", "...", "1.2.", "é.1.x", "\ud800", "9" * 5_000, "1." * 40])
@pytest.mark.parametrize("gid", ["image_1", "é", "\ud800", ""])
def test_malformed_grants(gid: str, grant: str) -> None:
    assert read_grant(gid, "small", grant, 0, TOLD) is None


def test_an_unknown_size_is_our_own_fault() -> None:
    with pytest.raises(KeyError):
        media_url("image_1", "huge", True, None, 0, TOLD)


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="SECRET_KEY"):
        media_url("image_1", "small", False, 1, 0, Settings(secret_key="s" * 31))
