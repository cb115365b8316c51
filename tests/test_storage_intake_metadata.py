"""What stood in the file beside the pixels: obeyed where it says how to show them, and never kept."""

from __future__ import annotations

import struct
import zlib

import pytest
from PIL import Image, ImageCms, ImageOps
from PIL.PngImagePlugin import PngInfo

from storage.intake_child import take
from tests.test_storage_intake_child import assert_clean, decoded, distance, encoded, scene

XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:secret>whereabouts</rdf:secret></x:xmpmeta>'


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_turned_upright_and_stripped(kind: str, orientation: int) -> None:
    image = scene(96, 64)
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "whereabouts"
    exif.get_ifd(0x8825)[2] = (48.0, 51.0, 29.0)
    more: dict[str, object] = {"exif": exif, "icc_profile": srgb()}
    if kind == "PNG":
        text = PngInfo()
        text.add_text("parameters", "whereabouts", zip=True)
        text.add_itxt("XML:com.adobe.xmp", XMP.decode())
        more["pnginfo"] = text
    elif kind == "JPEG":
        more |= {"comment": b"whereabouts", "xmp": XMP}
    else:
        more["xmp"] = XMP
    data = encoded(image, kind, **more)
    assert b"whereabouts" in data
    facts, pictures = take(data, "")
    exif_only = decoded(encoded(image, "PNG", exif=exif))
    upright = ImageOps.exif_transpose(exif_only)
    assert (facts["width"], facts["height"]) == upright.size
    assert distance(decoded(pictures["original"]), upright) < 4
    assert_clean(pictures)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")  # Pillow says so, and the child goes on
def test_metadata_that_cannot_be_read_turns_nothing() -> None:
    for rubbish in (b"Exif\0\0rubbish", b"Exif\0\0MM\0*\0\0\0\x08\xff\xff", b"Exif\0\0"):
        facts, _ = take(encoded(scene(40, 20), "JPEG", exif=rubbish), "")
        assert (facts["width"], facts["height"]) == (40, 20)


def srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def swapped_profile() -> bytes:
    """sRGB with the primaries of red and blue exchanged."""
    profile = bytearray(srgb())
    (count,) = struct.unpack_from(">I", profile, 128)
    entries = {bytes(profile[place : place + 4]): place for place in range(132, 132 + 12 * count, 12)}
    red, blue = entries[b"rXYZ"] + 4, entries[b"bXYZ"] + 4
    profile[red : red + 8], profile[blue : blue + 8] = profile[blue : blue + 8], profile[red : red + 8]
    return bytes(profile)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_colours_are_turned_into_srgb(kind: str, mode: str) -> None:
    image = Image.new("RGB", (64, 64), (250, 10, 10))
    if mode == "RGBA" and kind != "JPEG":
        image.putalpha(100)
    _, pictures = take(encoded(image, kind, icc_profile=swapped_profile()), "")
    for data in pictures.values():
        red, _, blue = decoded(data).convert("RGB").resize((1, 1)).tobytes()
        assert (red < 60, blue > 200) == (True, True)
    assert_clean(pictures)


def test_a_profile_that_cannot_be_used_is_passed_over() -> None:
    image = scene(64, 64)
    for profile in (bytes(5_000_000), b"rubbish", srgb()[:200]):
        _, pictures = take(encoded(image, "JPEG", icc_profile=profile), "")
        assert distance(decoded(pictures["original"]), image) < 4
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    _, pictures = take(encoded(image, "PNG", icc_profile=lab), "")
    assert distance(decoded(pictures["original"]), image) == 0


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_tail_is_dropped(kind: str) -> None:
    facts, pictures = take(encoded(scene(64, 48), kind) + b"<script>alert(1)</script>PK\x05\x06", "")
    assert facts["width"] == 64
    assert_clean(pictures)


def test_compressed_text_is_not_blown_up() -> None:
    text = PngInfo()
    text.add(b"zTXt", b"key\0\0" + zlib.compress(bytes(50_000_000)))
    with pytest.raises(ValueError, match="too large"):
        take(encoded(scene(9, 9), "PNG", pnginfo=text), "image/png")
