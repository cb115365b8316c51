"""Strangers' files in a child with limits: bombs, disguises, and a child that lies."""

from __future__ import annotations

import re
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from errors import BadInput
from storage import intake as intake_module
from storage.intake import SENTENCES, IntakeFault, Limits, derive, intake
from tests.test_storage_intake_child import assert_clean, encoded, scene

GROWTH_MAX_KIB = 50 * 1024


def png(width: int, height: int, depth: int = 8, colour: int = 2, extra: bytes = b"") -> bytes:
    """A black PNG of any size, made without ever holding its pixels."""
    row = 1 + (width * depth * {0: 1, 2: 3, 6: 4}[colour] + 7) // 8
    press = zlib.compressobj(9)
    rows = max(1, 4_000_000 // row)
    body = b"".join(press.compress(bytes(row * min(rows, height - start))) for start in range(0, height, rows))
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", header),
            extra,
            chunk(b"IDAT", body + press.flush()),
            chunk(b"IEND", b""),
        )
    )


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def many_frames(count: int) -> bytes:
    """An animated PNG of `count` frames, each of one pixel beside the first."""
    pixel = zlib.compress(bytes(4))
    extra = [
        chunk(b"acTL", struct.pack(">II", count, 0)),
        chunk(b"fcTL", struct.pack(">IIIIIHHBB", 0, 8, 8, 0, 0, 1, 9, 0, 0)),
    ]
    tail = []
    for index in range(1, count):
        tail.append(chunk(b"fcTL", struct.pack(">IIIIIHHBB", 2 * index - 1, 1, 1, 0, 0, 1, 9, 0, 0)))
        tail.append(chunk(b"fdAT", struct.pack(">I", 2 * index) + pixel))
    still = png(8, 8, extra=b"".join(extra))
    return still[:-12] + b"".join(tail) + still[-12:]


async def test_a_picture_is_taken() -> None:
    taken = await intake(encoded(scene(1_200, 800), "JPEG"), "image/jpeg")
    assert (taken.mime_type, taken.width, taken.height) == ("image/jpeg", 1_200, 800)
    assert list(taken.derivatives) == ["large", "medium", "small"]
    assert_clean({"original": taken.original, **taken.derivatives})
    assert taken == await derive(encoded(scene(1_200, 800), "JPEG"))


@pytest.mark.parametrize(
    ("data", "declared", "message"),
    [
        (b"", "image/png", "not_a_picture"),
        (b"GIF89a" + bytes(40), "image/png", "not_a_picture"),
        (encoded(Image.new("RGB", (9, 9)), "GIF"), "image/png", "not_a_picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/png", "not_a_picture"),
        (b"<!doctype html><script>alert(1)</script>", "image/webp", "not_a_picture"),
        (encoded(scene(99, 99), "JPEG")[:-900], "image/jpeg", "corrupt"),
        (encoded(scene(99, 99), "PNG")[:-900], "image/png", "corrupt"),
        (encoded(scene(99, 99), "WEBP")[:-900], "image/webp", "corrupt"),
        (png(9, 9, extra=chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(90_000_000)))), "image/png", "corrupt"),
        (png(9, 9).replace(b"IDAT", b"IDAX"), "image/png", "not_a_picture"),
        (png(9_000, 9_000), "image/png", "too_many_pixels"),
        (png(20_000, 20_000, 1, 0), "image/png", "too_many_pixels"),
        (png(1, 65_535), "image/png", "too_many_pixels"),
        (png(16_385, 1), "image/png", "too_many_pixels"),
        (png(2**31 - 1, 1, 1, 0), "image/png", "too_many_pixels"),
        (png(6_326, 6_326, 1, 0), "image/png", "too_many_pixels"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)}_bytes",
)
async def test_refusals(data: bytes, declared: str, message: str) -> None:
    with pytest.raises(BadInput) as refused:
        await intake(data, declared)
    assert refused.value.message == SENTENCES[message]


async def test_another_type_than_declared() -> None:
    with pytest.raises(BadInput, match="The file is image/jpeg, but image/png was declared"):
        await intake(encoded(scene(9, 9), "JPEG"), "image/png")
    with pytest.raises(BadInput, match="Only PNG, JPEG and WebP"):
        await intake(encoded(scene(9, 9), "JPEG"), "image/gif")
    assert (await intake(encoded(scene(9, 9), "JPEG"), None)).mime_type == "image/jpeg"


def forget_high_water() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def memory_kib(name: str) -> int:
    found = re.search(rf"{name}:\s+(\d+)", Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1])


PATIENT = Limits(wall_seconds=120)  # what it costs is asked here, not how long a busy machine takes


@pytest.mark.parametrize("colour", [2, 6])
async def test_the_largest_that_is_taken_costs_this_process_nothing(colour: int) -> None:
    bomb = png(6_324, 6_324, 8, colour)
    forget_high_water()
    before = memory_kib("VmRSS")
    taken = await intake(bomb, "image/png", PATIENT)
    assert (taken.width, taken.height) == (4_096, 4_096)
    with pytest.raises(BadInput):
        await intake(png(9_000, 9_000), "image/png")
    assert memory_kib("VmHWM") - before < GROWTH_MAX_KIB


async def test_ten_thousand_frames_are_one_picture() -> None:
    assert (await intake(many_frames(10_000), "image/png")).width == 8


GOOD = (
    b'{"mime_type": "image/png", "width": 9, "height": 9, "blurhash": "L6PZfSi_.AyE", "colour": "#aabbcc", '
    b'"luma": [512, 2], "sizes": {"original": 1, "large": 1, "medium": 1, "small": 1, "luma": 1024}}\n'
)


def test_an_answer_is_believed_within_bounds() -> None:
    assert intake_module._checked(GOOD, None)["width"] == 9


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b"[]\n",
        b"{}\n",
        b"\xff\n",
        b'{"refused": "because I say so"}\n',
        b'{"refused": {}}\n',
        GOOD.replace(b'"image/png"', b'"text/html"'),
        GOOD.replace(b'"width": 9', b'"width": 0'),
        GOOD.replace(b'"width": 9', b'"width": true'),
        GOOD.replace(b'"width": 9', b'"width": 99999'),
        GOOD.replace(b"L6PZfSi_.AyE", b"L6PZ <script>"),
        GOOD.replace(b"#aabbcc", b"red"),
        GOOD.replace(b'"original": 1', b'"original": 99000000'),
        GOOD.replace(b'"original": 1', b'"original": -1'),
        GOOD.replace(b'"original": 1', b'"original": 0.5'),
        GOOD.replace(b'"small": 1', b'"small": 1, "huge": 1'),
        GOOD.replace(b"[512, 2]", b"[512, 3]"),
        GOOD.replace(b"[512, 2]", b"[1024, 1]"),
        GOOD.replace(b"[512, 2]", b"[256, 4]"),
        GOOD.replace(b', "small": 1', b""),
    ],
)
def test_an_answer_beyond_them_is_a_fault(line: bytes) -> None:
    with pytest.raises(IntakeFault):
        intake_module._checked(line, None)
