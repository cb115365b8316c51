"""Keep a taken picture in the bucket: bytes first, rows after, and the same picture twice is kept once."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from settings import Settings
from storage.bucket import Bucket, StorageUnavailable
from storage.intake import Taken
from storage.key import EXTENSIONS, picture_prefix

DERIVATIVE_MIME_TYPE = "image/webp"
_ORIGINAL = "original"


@dataclass(frozen=True, slots=True)
class Kept:
    """What a row needs to find and show a kept picture. `prefix` ends in a slash; `byte_size` is that of the original."""

    prefix: str
    mime_type: str
    byte_size: int
    width: int
    height: int
    blurhash: str
    colour: str


def object_key(prefix: str, size: str, mime_type: str) -> str:
    """The key of one size (a name of `storage.address.SIZES`) of a picture whose original is of `mime_type`."""
    size = size.lower()
    return f"{prefix}{size}.{EXTENSIONS[mime_type if size == _ORIGINAL else DERIVATIVE_MIME_TYPE]}"


def source_key(prefix: str) -> str:
    """The key of a picture's bytes as its maker sent them. No address is ever given out for it."""
    return f"{prefix}source"


async def keep_source(bucket: Bucket, prefix: str, data: bytes) -> None:
    """Keep the bytes of a kept picture as they came, for what is said in them and signed. Raises StorageUnavailable."""
    key = source_key(prefix)
    if await bucket.head(key) != len(data):
        await bucket.put(key, data, "application/octet-stream")


Hold = Callable[[str], Awaitable[bool]]
"""Keeps a folder from being removed while it is written to; False when it is being removed just now."""


async def keep(
    bucket: Bucket, taken: Taken, settings: Settings, name: bytes | None = None, hold: Hold | None = None
) -> Kept:
    """Write the original and its derivatives under their address by content; what is there already is not written again.

    Two rows may come to share one prefix: its objects may go only when no row names it, and nobody holds it who is about to make
    one: `hold` is asked first (only a test that removes nothing does without). `name` stands for the content of a
    picture that is never twice the same, such as one that was signed: the same name is the same place. Raises
    StorageUnavailable; a repeated call then finishes the work.
    """
    prefix = picture_prefix(name if name is not None else await asyncio.to_thread(digest, taken), settings.secret_key)
    kept = Kept(prefix, taken.mime_type, len(taken.original), taken.width, taken.height, taken.blurhash, taken.colour)
    pictures = [(name, data, DERIVATIVE_MIME_TYPE) for name, data in taken.derivatives.items()]
    pictures.append((_ORIGINAL, taken.original, taken.mime_type))
    if hold is not None and not await hold(prefix):
        raise StorageUnavailable(f"{prefix} is being removed just now.")
    whole = [(object_key(prefix, name, taken.mime_type), data, mime_type) for name, data, mime_type in pictures]
    if not all([await bucket.head(key) == len(data) for key, data, _ in whole]):
        for key, data, mime_type in whole:
            await bucket.put(key, data, mime_type)
    return kept


def digest(taken: Taken) -> bytes:
    """SHA-256 over all the pictures, so that no other derivatives can ever stand beside the same original."""
    sums = hashlib.sha256()
    for data in (taken.original, *(taken.derivatives[name] for name in sorted(taken.derivatives))):
        sums.update(len(data).to_bytes(8, "big"))
        sums.update(data)
    return sums.digest()
