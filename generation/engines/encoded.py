"""Encoded pictures as bytes: which kind they are, by their first bytes, and out of base64."""

from __future__ import annotations

import binascii
from base64 import b64decode

from generation.engines.refusal import bad_answer

LARGEST_PICTURE_BYTES = 64 * 2**20
LARGEST_BASE64 = LARGEST_PICTURE_BYTES // 3 * 4 + 4
_SVG_WITHIN_BYTES = 512


def mime_type(data: bytes) -> str | None:
    """The type of a picture; None for bytes that are none we know."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    return "image/svg+xml" if b"<svg" in data[:_SVG_WITHIN_BYTES] else None


def from_base64(text: object) -> bytes:
    """The bytes of a picture. Raises EngineError("bad_answer") for what is no base64, too long, or no picture."""
    if not isinstance(text, str) or len(text) > LARGEST_BASE64:
        raise bad_answer("it holds no picture, or too large a one")
    try:
        data = b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise bad_answer("its base64 is broken") from error
    return picture(data)


def picture(data: bytes) -> bytes:
    """The bytes, if they look like a picture. Raises EngineError("bad_answer")."""
    if mime_type(data) is None:
        raise bad_answer("it is no picture")
    return data


def part(name: str, data: bytes) -> tuple[str, bytes, str]:
    """File name, bytes and type, as an upload's part has them."""
    kind = mime_type(data) or "application/octet-stream"
    return f"{name}.{kind.partition('/')[2].partition('+')[0]}", data, kind
