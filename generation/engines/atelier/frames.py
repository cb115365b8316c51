"""Length-prefixed frames over pipes: how the engine and its child talk. A frame is a JSON header and a body of bytes."""

from __future__ import annotations

import json
import struct
from asyncio import StreamReader
from typing import BinaryIO

PREFIX = struct.Struct(">II")  # length of the header, length of the body
MAX_HEADER_BYTES = 1 << 20
MAX_BODY_BYTES = 64 << 20

Header = dict[str, object]


class BadFrame(Exception):
    """What came over the pipe is no frame."""


def packed(header: Header, body: bytes = b"") -> bytes:
    """A frame as bytes."""
    head = json.dumps(header, ensure_ascii=True, separators=(",", ":")).encode()
    return PREFIX.pack(len(head), len(body)) + head + body


def lengths(prefix: bytes) -> tuple[int, int]:
    """The lengths a prefix announces; BadFrame if no frame is that long."""
    head, body = PREFIX.unpack(prefix)
    if not 2 <= head <= MAX_HEADER_BYTES or body > MAX_BODY_BYTES:
        raise BadFrame(f"lengths {head} and {body}")
    return head, body


def header_of(raw: bytes) -> Header:
    """The header of a frame; BadFrame if it is no JSON object."""
    try:
        header = json.loads(raw)
    except ValueError as error:
        raise BadFrame("the header is no JSON") from error
    if not isinstance(header, dict):
        raise BadFrame("the header is no object")
    return header


def receive(stream: BinaryIO) -> tuple[Header, bytes] | None:
    """The next frame of a blocking stream; None at its end."""
    prefix = stream.read(PREFIX.size)
    if len(prefix) < PREFIX.size:
        return None
    head, body = lengths(prefix)
    raw, rest = stream.read(head), stream.read(body)
    if len(raw) < head or len(rest) < body:
        return None
    return header_of(raw), rest


async def receive_from(stream: StreamReader) -> tuple[Header, bytes]:
    """The next frame of an asyncio stream. Raises BadFrame, or asyncio.IncompleteReadError at the end."""
    head, body = lengths(await stream.readexactly(PREFIX.size))
    raw = await stream.readexactly(head)
    return header_of(raw), await stream.readexactly(body)
