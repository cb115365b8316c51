"""Keys: where objects lie, and that nobody can work them out."""

from __future__ import annotations

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.key import output_key, output_prefix, picture_prefix, preview_key, preview_prefix, upload_key
from storage.picture import object_key

SECRET = "s" * 40


def test_upload_keys_never_repeat() -> None:
    keys = {upload_key() for _ in range(1_000)}
    assert len(keys) == 1_000
    assert all(re.fullmatch(r"uploads/[A-Za-z0-9_-]{32}", key) for key in keys)


def test_picture_prefix_is_stable_keyed_and_says_nothing_of_the_digest() -> None:
    digest = hashlib.sha256(b"picture").digest()
    prefix = picture_prefix(digest, SECRET)
    assert re.fullmatch(r"pictures/([0-9a-f]{2})/\1[0-9a-f]{38}/", prefix)
    assert prefix == picture_prefix(digest, SECRET)
    assert prefix != picture_prefix(digest, SECRET + "!")
    assert prefix != picture_prefix(hashlib.sha256(b"other").digest(), SECRET)
    assert digest.hex()[:8] not in prefix


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="SECRET_KEY"):
        picture_prefix(bytes(32), "s" * 31)


def test_output_keys_carry_job_and_attempt() -> None:
    assert output_key(12, 3, 0, "image/png") == "jobs/12/3/0.png"
    assert preview_key("job_a1", 3, 0, 7) == "previews/job_a1/3/0-7.webp"
    assert output_key(12, 3, 0, "image/png").startswith(output_prefix(12))
    assert preview_key(12, 3, 0, 7).startswith(preview_prefix(12))


@given(st.text())
def test_a_job_name_cannot_leave_its_folder(name: str) -> None:
    try:
        key = output_key(name, 1, 0, "image/webp")
    except ValueError:
        return
    assert re.fullmatch(r"jobs/[A-Za-z0-9_-]{1,64}/1/0\.webp", key)


@pytest.mark.parametrize("name", ["", "..", "a/b", "a" * 65, "é", "1\n"])
def test_bad_job_names_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be part of a key"):
        output_key(name, 1, 0, "image/webp")


def test_object_key_of_each_size() -> None:
    assert object_key("pictures/ab/abcd/", "SMALL", "image/png") == "pictures/ab/abcd/small.webp"
    assert object_key("pictures/ab/abcd/", "original", "image/png") == "pictures/ab/abcd/original.png"
    assert object_key("pictures/ab/abcd/", "ORIGINAL", "image/jpeg") == "pictures/ab/abcd/original.jpg"
