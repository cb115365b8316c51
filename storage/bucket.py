"""The bucket: one S3 session and client for the life of the process. Making a client costs 100 ms of a blocked loop."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Self

import aioboto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from settings import Settings

CONNECT_SECONDS = 3
READ_SECONDS = 20
ATTEMPTS = 3
CONNECTIONS_MAX = 32
CORS_SECONDS = 3_600
LIST_PAGE = 1_000
IMMUTABLE = "private, max-age=31536000, immutable"
_ABSENT = ("404", "NoSuchKey", "NotFound")
_OURS_ALREADY = ("BucketAlreadyOwnedByYou", "BucketAlreadyExists")


class StorageUnavailable(Exception):
    """The bucket did not do what it was asked: not reached, too slow, broken off, or refused."""


class NoSuchObject(Exception):
    """There is nothing under this key."""


class TooLarge(Exception):
    """The object is larger than the reader is willing to hold."""


class Bucket:
    """The objects under their keys. Every method raises StorageUnavailable when the store fails."""

    def __init__(self, name: str, client: Any, stack: AsyncExitStack) -> None:
        self.name = name
        self._client = client
        self._stack = stack

    @classmethod
    async def open(cls, settings: Settings) -> Self:
        """A bucket ready for use; nothing is asked of the store yet. `close()` it at the end of the process."""
        stack = AsyncExitStack()
        client = await stack.enter_async_context(
            aioboto3.Session().client(
                "s3",
                endpoint_url=settings.s3_endpoint_url,
                aws_access_key_id=settings.s3_access_key,
                aws_secret_access_key=settings.s3_secret_key,
                region_name=settings.s3_region,
                config=Config(
                    signature_version="s3v4",
                    s3={"addressing_style": "path"},
                    connect_timeout=CONNECT_SECONDS,
                    read_timeout=READ_SECONDS,
                    retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
                    max_pool_connections=CONNECTIONS_MAX,
                    # Else botocore sends bodies in chunks with trailing sums, which not every store understands.
                    request_checksum_calculation="when_required",
                    response_checksum_validation="when_required",
                ),
            )
        )
        return cls(settings.s3_bucket, client, stack)

    async def close(self) -> None:
        """Let go of every connection."""
        await self._stack.aclose()

    async def ensure(self) -> None:
        """Make the bucket if it is missing, and let pages of any origin use the signed addresses they were given."""
        async with _store():
            try:
                await self._client.create_bucket(Bucket=self.name)
            except ClientError as error:
                if _code(error) not in _OURS_ALREADY:
                    raise
            rule = {
                "AllowedOrigins": ["*"],  # the signature in an address is what allows, and no cookie is ever sent
                "AllowedMethods": ["GET", "HEAD", "POST"],
                "AllowedHeaders": ["*"],
                "ExposeHeaders": ["ETag"],
                "MaxAgeSeconds": CORS_SECONDS,
            }
            await self._client.put_bucket_cors(Bucket=self.name, CORSConfiguration={"CORSRules": [rule]})

    async def put(self, key: str, data: bytes, mime_type: str, cache_control: str = IMMUTABLE) -> None:
        """Store `data` under `key`, whole or not at all; what was there is replaced."""
        async with _store():
            await self._client.put_object(
                Bucket=self.name, Key=key, Body=data, ContentType=mime_type, CacheControl=cache_control
            )

    async def get(self, key: str, limit_bytes: int) -> bytes:
        """The bytes under `key`. Raises NoSuchObject, or TooLarge before more than `limit_bytes` are read."""
        async with _store(key):
            answer = await self._client.get_object(Bucket=self.name, Key=key)
            async with answer["Body"] as body:
                if answer["ContentLength"] > limit_bytes:
                    raise TooLarge(f"{key} has {answer['ContentLength']} bytes; at most {limit_bytes} are read.")
                try:
                    return bytes(await body.read())
                except Exception as error:  # the HTTP client below has errors of its own for a body that breaks off
                    raise StorageUnavailable(f"{key} broke off: {error}") from error

    async def head(self, key: str) -> int | None:
        """The size in bytes of what is under `key`, None when there is nothing."""
        try:
            async with _store(key):
                return int((await self._client.head_object(Bucket=self.name, Key=key))["ContentLength"])
        except NoSuchObject:
            return None

    async def copy(self, source: str, target: str) -> None:
        """Copy inside the store, type and caching included. Raises NoSuchObject."""
        async with _store(source):
            origin = {"Bucket": self.name, "Key": source}
            await self._client.copy_object(Bucket=self.name, Key=target, CopySource=origin)

    async def delete(self, key: str) -> None:
        """Remove what is under `key`; nothing there is fine."""
        async with _store():
            await self._client.delete_object(Bucket=self.name, Key=key)

    async def delete_prefix(self, prefix: str) -> int:
        """Remove everything in a folder (a prefix that ends in a slash); returns how many objects there were."""
        if not prefix.endswith("/") or prefix == "/":
            raise ValueError(f"{prefix!r} is not a folder.")
        count = 0
        async with _store():
            while True:
                page = await self._client.list_objects_v2(Bucket=self.name, Prefix=prefix, MaxKeys=LIST_PAGE)
                keys = [{"Key": found["Key"]} for found in page.get("Contents", ())]
                if not keys:
                    return count
                answer = await self._client.delete_objects(Bucket=self.name, Delete={"Objects": keys, "Quiet": True})
                if answer.get("Errors"):
                    raise StorageUnavailable(f"{len(answer['Errors'])} objects under {prefix} could not be removed.")
                count += len(keys)


@asynccontextmanager
async def _store(key: str = "") -> AsyncIterator[None]:
    """Whatever the client raises becomes one of our exceptions."""
    try:
        yield
    except ClientError as error:
        if key and _code(error) in _ABSENT:
            raise NoSuchObject(key) from error
        raise StorageUnavailable(str(error)) from error
    except (BotoCoreError, OSError) as error:
        raise StorageUnavailable(str(error)) from error


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
