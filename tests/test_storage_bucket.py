"""The bucket on a real server, and when the server fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
import pytest_asyncio

from dev.stack import Stack
from settings import Settings, read
from storage.bucket import Bucket, NoSuchObject, StorageUnavailable, TooLarge
from tests.people import PATIENCE_SECONDS


@pytest.fixture(scope="module")
def told(stack: Stack) -> Settings:
    return replace(read(stack.environment()), s3_bucket="bucket-test")


@pytest_asyncio.fixture(scope="module")
async def bucket(told: Settings) -> AsyncIterator[Bucket]:
    bucket = await Bucket.open(told)
    await bucket.ensure()
    yield bucket
    await bucket.close()


async def test_put_get_head_delete(bucket: Bucket) -> None:
    data = bytes(range(256)) * 4_096
    await bucket.put("round/trip", data, "image/png", "private, max-age=60")
    assert await bucket.get("round/trip", len(data)) == data
    assert await bucket.head("round/trip") == len(data)
    await bucket.delete("round/trip")
    assert await bucket.head("round/trip") is None
    await bucket.delete("round/trip")
    with pytest.raises(NoSuchObject):
        await bucket.get("round/trip", 10)


async def test_a_dozen_buckets_have_room_on_a_small_disk(told: Settings) -> None:
    for number in range(12):
        another = await Bucket.open(replace(told, s3_bucket=f"bucket-test-{number}"))
        await another.ensure()
        await another.put("first", b"of many", "text/plain", "private")
        assert (await another.get("first", 100)) == b"of many"
        await another.close()


async def test_more_than_the_reader_wants_is_not_read(bucket: Bucket) -> None:
    await bucket.put("big", bytes(5_000_000), "image/png")
    with pytest.raises(TooLarge):
        await bucket.get("big", 4_999_999)
    assert len(await bucket.get("big", 5_000_000)) == 5_000_000


async def test_copy_keeps_bytes_and_type_and_is_independent(bucket: Bucket) -> None:
    await bucket.put("copy/source", b"first", "image/webp")
    await bucket.copy("copy/source", "copy/target")
    await bucket.put("copy/source", b"second", "image/webp")
    assert await bucket.get("copy/target", 100) == b"first"
    with pytest.raises(NoSuchObject):
        await bucket.copy("copy/nothing", "copy/other")


async def test_delete_prefix_takes_its_folder_only(bucket: Bucket) -> None:
    for key in ("folder/a", "folder/b/c", "folder2/a"):
        await bucket.put(key, b"x", "image/webp")
    assert await bucket.delete_prefix("folder/") == 2
    assert await bucket.delete_prefix("folder/") == 0
    assert await bucket.head("folder2/a") == 1


@pytest.mark.parametrize("prefix", ["", "/", "folder"])
async def test_a_prefix_that_is_no_folder_is_refused(bucket: Bucket, prefix: str) -> None:
    with pytest.raises(ValueError, match="not a folder"):
        await bucket.delete_prefix(prefix)


async def test_ensure_twice_and_pages_of_others_may_post(stack: Stack, bucket: Bucket, told: Settings) -> None:
    await bucket.ensure()
    status, rules = await asyncio.to_thread(stack.s3.request, "GET", f"{told.s3_bucket}?cors")
    assert (status, b"<AllowedMethod>POST</AllowedMethod>" in rules) == (200, True)
    asked = {"Origin": "https://page.example", "Access-Control-Request-Method": "POST"}
    async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as client:
        answer = await client.options(f"{told.bucket_url}/{told.s3_bucket}", headers=asked)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] in ("*", "https://page.example")
    assert answer.headers["access-control-allow-methods"] in ("*", "GET, HEAD, POST", "GET,HEAD,POST")


async def test_nobody_reads_lists_or_writes_without_a_signature(bucket: Bucket, told: Settings) -> None:
    await bucket.put("private", b"x", "image/png")
    async with httpx.AsyncClient(base_url=f"{told.bucket_url}/{told.s3_bucket}", timeout=PATIENCE_SECONDS) as client:
        assert (await client.get("/private")).status_code == 403
        assert (await client.get("/?list-type=2")).status_code == 403
        assert (await client.put("/private", content=b"y")).status_code == 403
    assert await bucket.get("private", 10) == b"x"


async def test_wrong_keys_and_missing_bucket_are_unavailable(told: Settings) -> None:
    for bad in (replace(told, s3_secret_key="w" * 20), replace(told, s3_bucket="not-there")):
        bucket = await Bucket.open(bad)
        with pytest.raises(StorageUnavailable):
            await bucket.get("a", 1)
        await bucket.close()


async def test_a_dead_store_is_unavailable(told: Settings) -> None:
    async with _broken_store(b"") as port:
        bucket = await Bucket.open(replace(told, s3_endpoint_url=f"http://127.0.0.1:{port}"))
        for call in (bucket.get("a", 1), bucket.head("a"), bucket.put("a", b"", "image/png"), bucket.ensure()):
            with pytest.raises(StorageUnavailable):
                await call
        await bucket.close()


async def test_an_answer_that_breaks_off_is_unavailable(told: Settings) -> None:
    async with _broken_store(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\nETag: x\r\n\r\nten bytes.") as port:
        bucket = await Bucket.open(replace(told, s3_endpoint_url=f"http://127.0.0.1:{port}"))
        with pytest.raises(StorageUnavailable):
            await bucket.get("a", 1_000)
        await bucket.close()


async def test_the_client_recovers_when_the_store_comes_back(stack: Stack, bucket: Bucket) -> None:
    await bucket.put("kept", b"x", "image/png")
    stack.s3.kill()
    try:
        with pytest.raises(StorageUnavailable):
            await bucket.get("kept", 10)
    finally:
        stack.s3.start()
    assert await bucket.get("kept", 10) == b"x"


class _broken_store:
    """A port that takes a request, sends these bytes and hangs up."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer

    async def __aenter__(self) -> int:
        self._server = await asyncio.start_server(self._hang_up, "127.0.0.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await self._server.wait_closed()

    async def _hang_up(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(self._answer)
        await writer.drain()
        writer.close()
        await writer.wait_closed()
