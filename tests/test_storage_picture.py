"""Keeping a picture: whole, once, under a key that nobody can work out."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
import pytest_asyncio

from dev.stack import Stack
from settings import Settings, read
from storage.address import SIZES
from storage.bucket import IMMUTABLE, Bucket, StorageUnavailable
from storage.intake import intake
from storage.key import upload_key
from storage.picture import keep, object_key
from storage.signature import presigned_get
from tests.people import PATIENCE_SECONDS
from tests.test_storage_intake_child import assert_clean, encoded, scene


@pytest.fixture(scope="module")
def told(stack: Stack) -> Settings:
    return replace(read(stack.environment()), s3_bucket="picture-test")


@pytest_asyncio.fixture(scope="module")
async def bucket(told: Settings) -> AsyncIterator[Bucket]:
    bucket = await Bucket.open(told)
    await bucket.ensure()
    yield bucket
    await bucket.close()


@pytest.mark.parametrize(("kind", "mime_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")])
async def test_every_size_is_there(bucket: Bucket, told: Settings, kind: str, mime_type: str) -> None:
    taken = await intake(encoded(scene(400, 300), kind), mime_type)
    kept = await keep(bucket, taken, told)
    assert (kept.mime_type, kept.width, kept.height) == (mime_type, 400, 300)
    assert (kept.blurhash, kept.colour, kept.byte_size) == (taken.blurhash, taken.colour, len(taken.original))
    whole = {"original": taken.original, **taken.derivatives}
    async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as browser:
        for size in SIZES:
            answer = await browser.get(presigned_get(object_key(kept.prefix, size, kept.mime_type), time.time(), told))
            assert answer.content == whole[size]
            assert answer.headers["content-type"] == (mime_type if size == "original" else "image/webp")
            assert answer.headers["cache-control"] == IMMUTABLE
            assert_clean({size: answer.content})


async def test_the_same_picture_is_kept_once_and_mended(bucket: Bucket, told: Settings) -> None:
    taken = await intake(encoded(scene(400, 300, seed=2), "PNG"), "image/png")
    kept = await keep(bucket, taken, told)
    small = object_key(kept.prefix, "small", kept.mime_type)
    await bucket.delete(small)
    await bucket.put(object_key(kept.prefix, "large", kept.mime_type), b"half", "image/webp")
    assert await keep(bucket, taken, told) == kept
    assert await bucket.get(small, 10_000_000) == taken.derivatives["small"]
    assert await bucket.get(object_key(kept.prefix, "large", kept.mime_type), 10_000_000) == taken.derivatives["large"]
    assert await bucket.delete_prefix(kept.prefix) == 4


async def test_other_pictures_secrets_and_derivatives_lie_elsewhere(bucket: Bucket, told: Settings) -> None:
    taken = await intake(encoded(scene(400, 300, seed=3), "PNG"), "image/png")
    other = await intake(encoded(scene(400, 300, seed=4), "PNG"), "image/png")
    prefixes = {
        (await keep(bucket, taken, told)).prefix,
        (await keep(bucket, other, told)).prefix,
        (await keep(bucket, taken, replace(told, secret_key="t" * 40))).prefix,
        (await keep(bucket, replace(taken, derivatives=other.derivatives), told)).prefix,
    }
    assert len(prefixes) == 4


async def test_an_upload_changed_after_the_check_changes_nothing_that_is_served(bucket: Bucket, told: Settings) -> None:
    key = upload_key()
    await bucket.put(key, encoded(scene(400, 300, seed=5), "PNG"), "image/png")
    taken = await intake(await bucket.get(key, told.upload_max_bytes), "image/png")
    kept = await keep(bucket, taken, told)
    await bucket.put(key, b"<script>alert(1)</script>", "image/png")
    assert await bucket.get(object_key(kept.prefix, "original", kept.mime_type), 10_000_000) == taken.original
    assert key not in kept.prefix


async def test_a_dead_store_keeps_nothing(told: Settings) -> None:
    taken = await intake(encoded(scene(40, 30), "PNG"), "image/png")
    bucket = await Bucket.open(replace(told, s3_endpoint_url="http://127.0.0.1:1"))
    with pytest.raises(StorageUnavailable):
        await keep(bucket, taken, told)
    await bucket.close()
