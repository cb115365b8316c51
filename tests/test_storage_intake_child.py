"""What becomes of a picture: called in this process, with every warning of Pillow an error."""

from __future__ import annotations

import io
import random
import re
import struct

import pytest
from PIL import Image

from storage.intake_child import Refused, take

PNG_CHUNKS = {b"IHDR", b"IDAT", b"IEND"}
WEBP_CHUNKS = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH"}
JPEG_MARKERS = {0xE0, 0xDB, 0xC0, 0xC2, 0xC4, 0xDA}  # JFIF, tables, frame, scans: no APP1…, no comment


def scene(width: int, height: int, mode: str = "RGB", seed: int = 1) -> Image.Image:
    """A smooth picture without symmetry, so that every turn of it is another picture."""
    rng = random.Random(seed)
    bands = len(Image.new(mode, (1, 1)).getbands())
    tiny = Image.frombytes(mode, (4, 3), rng.randbytes(12 * bands))
    return tiny.resize((width, height), Image.Resampling.BICUBIC)


def encoded(image: Image.Image, kind: str, **more: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **{"quality": 95, **more})
    return stream.getvalue()


def decoded(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        return image.copy()


def distance(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of two pictures of one size, 0 … 255."""
    assert one.size == other.size
    pairs = zip(one.convert("RGB").tobytes(), other.convert("RGB").tobytes(), strict=True)
    return sum(abs(a - b) for a, b in pairs) / (one.width * one.height * 3)


def parts(data: bytes) -> set[bytes] | set[int]:
    """The chunks or markers a file is made of; fails unless the file ends at its end marker."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        found, place = set(), 8
        while place < len(data):
            (size,) = struct.unpack_from(">I", data, place)
            found.add(data[place + 4 : place + 8])
            place += size + 12
        assert data[-8:-4] == b"IEND"
        return found
    if data.startswith(b"RIFF"):
        assert struct.unpack_from("<I", data, 4)[0] + 8 == len(data)
        found, place = set(), 12
        while place < len(data):
            found.add(data[place : place + 4])
            (size,) = struct.unpack_from("<I", data, place + 4)
            place += 8 + size + size % 2
        return found
    assert (data[:2], data[-2:]) == (b"\xff\xd8", b"\xff\xd9")
    markers, place = set(), 2
    while place < len(data) - 2:
        marker = data[place + 1]
        markers.add(marker)
        place += 2 + int(struct.unpack_from(">H", data, place + 2)[0])
        if marker == 0xDA:  # the scan runs on to the next marker
            step = re.compile(rb"\xff[^\x00\xd0-\xd7]").search(data, place)
            assert step is not None
            place = step.start()
    return markers


def assert_clean(pictures: dict[str, bytes]) -> None:
    for data in pictures.values():
        found = parts(data)
        assert found <= PNG_CHUNKS or found <= WEBP_CHUNKS or found <= JPEG_MARKERS, found
        assert not re.search(rb"whereabouts|<script", data)


@pytest.mark.parametrize(
    ("kind", "mode", "size", "mime_type"),
    [
        ("PNG", "RGB", (640, 480), "image/png"),
        ("PNG", "RGBA", (640, 480), "image/png"),
        ("PNG", "RGBA", (2_100, 2_100), "image/png"),
        ("PNG", "RGB", (2_100, 2_100), "image/jpeg"),
        ("PNG", "L", (640, 480), "image/png"),
        ("PNG", "LA", (640, 480), "image/png"),
        ("PNG", "P", (640, 480), "image/png"),
        ("PNG", "1", (640, 480), "image/png"),
        ("JPEG", "RGB", (640, 480), "image/jpeg"),
        ("JPEG", "L", (640, 480), "image/jpeg"),
        ("JPEG", "CMYK", (640, 480), "image/jpeg"),
        ("WEBP", "RGB", (640, 480), "image/webp"),
        ("WEBP", "RGBA", (640, 480), "image/webp"),
        ("PNG", "RGB", (1, 1), "image/png"),
        ("JPEG", "RGB", (4_200, 2), "image/jpeg"),
    ],
)
def test_formats_and_modes(kind: str, mode: str, size: tuple[int, int], mime_type: str) -> None:
    image = scene(*size, "RGB").convert(mode) if mode in ("P", "1", "CMYK", "L") else scene(*size, mode)
    facts, pictures = take(encoded(image, kind), f"image/{kind.lower()}")
    assert facts["mime_type"] == mime_type
    assert list(pictures) == ["original", "large", "medium", "small"]
    original = decoded(pictures["original"])
    assert (facts["width"], facts["height"]) == original.size
    assert original.mode == ("RGBA" if mode in ("RGBA", "LA") else "RGB")
    assert max(original.size) == min(max(size), 4_096)
    for name, side in (("large", 2_048), ("medium", 960), ("small", 320)):
        derivative = decoded(pictures[name])
        assert derivative.format is None
        assert max(derivative.size) == min(side, max(size))
        assert pictures[name].startswith(b"RIFF")
    assert_clean(pictures)
    if original.size == size and mime_type == "image/png":
        assert distance(original, image.convert(original.mode)) == 0
    elif original.size == size:
        assert distance(original, image.convert(original.mode)) < 6
    assert re.fullmatch(r"#[0-9a-f]{6}", str(facts["colour"]))
    assert len(str(facts["blurhash"])) == 4 + 2 * 12


def test_sixteen_bits_keep_their_brightness() -> None:
    wide = Image.frombytes("I;16", (256, 16), struct.pack("<256H", *(value * 257 for value in range(256))) * 16)
    _, pictures = take(encoded(wide, "PNG"), "image/png")
    row = decoded(pictures["original"]).convert("L").tobytes()[:256]
    assert row == bytes(range(256))


def test_palette_with_see_through_colour() -> None:
    image = Image.new("P", (50, 50), 0)
    image.putpalette([255, 0, 0, 0, 255, 0])
    image.paste(1, (0, 0, 25, 50))
    _, pictures = take(encoded(image, "PNG", transparency=0), "image/png")
    original = decoded(pictures["original"])
    assert original.getpixel((10, 10)) == (0, 255, 0, 255)
    assert original.getchannel("A").getpixel((40, 10)) == 0


def test_a_full_alpha_channel_is_dropped() -> None:
    image = scene(64, 64)
    image.putalpha(255)
    _, pictures = take(encoded(image, "PNG"), "image/png")
    assert decoded(pictures["original"]).mode == "RGB"


def test_what_is_see_through_looks_white() -> None:
    facts, _ = take(encoded(Image.new("RGBA", (64, 64), (0, 0, 0, 0)), "PNG"), "image/png")
    assert facts["colour"] == "#ffffff"


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_an_animation_the_first_frame(kind: str) -> None:
    frames = [Image.new("RGB", (64, 48), colour) for colour in ("red", "green", "blue")]
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
    _, pictures = take(data, "")
    assert distance(decoded(pictures["original"]), frames[0]) < 6
    assert_clean(pictures)


def test_a_phone_picture_of_several_is_a_jpeg() -> None:
    data = encoded(scene(64, 48), "MPO", save_all=True, append_images=[scene(32, 24, seed=2)])
    with Image.open(io.BytesIO(data)) as image:
        assert image.format == "MPO"
    facts, pictures = take(data, "image/jpeg")
    assert (facts["mime_type"], facts["width"]) == ("image/jpeg", 64)
    assert_clean(pictures)


def test_the_same_picture_gives_the_same_bytes() -> None:
    data = encoded(scene(640, 480, "RGBA"), "PNG")
    assert take(data, "image/png") == take(data, "image/png")


def test_a_tiny_file_for_an_original_too_large_as_png() -> None:
    """PNG noise that is see-through and above 16 MiB is kept as WebP."""
    noise = Image.frombytes("RGBA", (2_100, 2_100), random.Random(1).randbytes(2_100 * 2_100 * 4))
    facts, pictures = take(encoded(noise, "PNG", compress_level=1), "image/png")
    assert facts["mime_type"] == "image/webp"
    assert pictures["original"].startswith(b"RIFF")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<!doctype html><script>alert(1)</script>",
        encoded(Image.new("RGB", (9, 9)), "GIF"),
        encoded(Image.new("RGB", (9, 9)), "BMP"),
        encoded(Image.new("RGB", (9, 9)), "TIFF"),
        encoded(Image.new("RGB", (9, 9)), "PPM"),
        encoded(Image.new("RGB", (16, 16)), "ICO"),
    ],
)
def test_what_is_no_picture(data: bytes) -> None:
    with pytest.raises(Refused, match="not_a_picture"):
        take(data, "image/png")


def test_another_type_than_was_declared() -> None:
    with pytest.raises(Refused) as refused:
        take(encoded(scene(9, 9), "JPEG"), "image/png")
    assert (refused.value.word, refused.value.found) == ("other_type", "image/jpeg")
