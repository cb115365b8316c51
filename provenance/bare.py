"""A picture without its credentials: what is kept of an ancestor too many, whose own history is linked instead of carried along."""

from __future__ import annotations

import struct

from provenance import xmp

C2PA_CHUNK, C2PA_MARKER, C2PA_RIFF = b"caBX", 0xEB, b"C2PA"


def bare(picture: bytes) -> bytes:
    """The same PNG, JPEG or WebP picture, pixel by pixel, without its manifests; anything else, and what is broken, as it is."""
    try:
        if picture.startswith(xmp.PNG_SIGNATURE):
            kept = [whole for kind, _, whole in xmp.chunks(picture) if kind != C2PA_CHUNK]
            return b"".join([xmp.PNG_SIGNATURE, *kept])
        if picture.startswith(b"\xff\xd8"):
            found = [(start, end) for marker, _, start, end in xmp.segments(picture) if marker == C2PA_MARKER]
            for start, end in reversed(found):
                picture = picture[:start] + picture[end:]
        elif picture[:4] == b"RIFF" and picture[8:12] == b"WEBP":
            chunks = [(kind, body) for kind, body in xmp.riff(picture) if kind != C2PA_RIFF]
            written = b"".join(
                kind + struct.pack("<I", len(body)) + body + (b"\0" if len(body) & 1 else b"") for kind, body in chunks
            )
            return b"RIFF" + struct.pack("<I", 4 + len(written)) + b"WEBP" + written
    except (struct.error, IndexError, ValueError):
        return picture
    return picture
