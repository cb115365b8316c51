"""What strangers hand in to be checked may be anything: it gets an answer or a refusal, in time, and never a fault."""

from __future__ import annotations

import io
import logging
import struct
import zlib
from collections.abc import Callable

import pytest
from PIL import Image

from tests.gallery import painting
from tests.people import Town

ASK = "query($ticket: String!) { verifyImage(ticket: $ticket) { verdict proofs { kind } known { image { id } } declaredSourceType } }"
RDF = b"http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def with_chunk(picture: bytes, kind: bytes, data: bytes) -> bytes:
    """A PNG with one more chunk behind its header."""
    at = 8 + 25
    return picture[:at] + chunk(kind, data) + picture[at:]


def with_segment(data: bytes) -> bytes:
    """A JPEG with a segment APP11, where Content Credentials lie."""
    kept = io.BytesIO()
    Image.open(io.BytesIO(painting(7301))).save(kept, "JPEG")
    jpeg = kept.getvalue()
    return jpeg[:2] + b"\xff\xeb" + struct.pack(">H", len(data) + 2) + data + jpeg[2:]


def vast() -> bytes:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(bytes(100_000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + body + chunk(b"IEND", b"")


def xmp(inside: bytes) -> bytes:
    return with_chunk(painting(7300), b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + inside)


LAUGHS = b"<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>" + b"".join(
    b"<!ENTITY %c '&%c;&%c;&%c;&%c;&%c;&%c;&%c;&%c;'>" % (98 + n, *[97 + n] * 8) for n in range(12)
)
SAID = (
    b"<x:xmpmeta xmlns:x='adobe:ns:meta/' xmlns:rdf='%s' xmlns:e='http://iptc.org/std/Iptc4xmpExt/2008-02-29/'>" % RDF
)
HOSTILE: dict[str, Callable[[], bytes]] = {
    "vast": vast,
    "cut off": lambda: painting(7300)[:-200],
    "a word": lambda: b"GIF89a" + bytes(40),
    "a drawing": lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "a lying WebP": lambda: b"RIFF\xff\xff\xff\xffWEBPVP8 " + bytes(60),
    "entities": lambda: xmp(LAUGHS + b"]>" + SAID + b"&m;</x:xmpmeta>"),
    "a file from here": lambda: xmp(
        b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>" + SAID + b"&a;</x:xmpmeta>"
    ),
    "a long word": lambda: xmp(SAID + b"<rdf:Description e:DigitalSourceType='" + b"\0A" * 50_000 + b"'/></x:xmpmeta>"),
    "deep": lambda: xmp(SAID + b"<a>" * 50_000),
    "a bomb of text": lambda: with_chunk(painting(7300), b"zTXt", b"a\0\0" + zlib.compress(bytes(50_000_000))),
    "no credentials": lambda: with_chunk(painting(7300), b"caBX", b"\0\0\0\x20jumb" + b"c2pa" * 2_000),
    "endless boxes": lambda: with_chunk(
        painting(7300), b"caBX", b"\0\0\0\x01jumb\xff\xff\xff\xff\xff\xff\xff\xffjumdc2pa" * 500
    ),
    "a broken segment": lambda: with_segment(b"JP\0\x01\0\0\0\x01\xff\xff\xff\xffjumbc2pa" + bytes(2_000)),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_anything_gets_an_answer_or_a_refusal(town: Town, caplog: pytest.LogCaptureFixture, name: str) -> None:
    answer = await town.http.post(f"{town.url}/verify", content=HOSTILE[name]())
    if answer.status_code == 200:
        told = (await town.ask(ASK, ticket=answer.json()["ticket"]))["verifyImage"]
        assert (told["verdict"] in ("UNKNOWN", "MADE_WITH_AI"), told["proofs"], told["known"]) == (True, [], None)
        assert "root:" not in str(told), "nothing of this machine is in it"
    else:
        assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_USER_INPUT")
    assert [record for record in caplog.records if record.levelno >= logging.ERROR or record.exc_info] == []
