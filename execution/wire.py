"""JSON as it comes in and goes out. What cannot be read or written is one kind of error each, never a crash."""

from __future__ import annotations

import orjson


class Unreadable(ValueError):
    """The bytes are no JSON: bad syntax, bad UTF-8, nested more than about a thousand levels."""


def decode(raw: bytes | str) -> object:
    """The value that the JSON text stands for. Raises `Unreadable`."""
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise Unreadable("The text is not valid JSON.") from error


def encode(value: object) -> bytes:
    """The JSON text of a result. Raises `TypeError` for what a scalar should have turned into JSON and did not."""
    return orjson.dumps(value)
