"""The invisible mark: read after what happens to pictures, not read where there is none, and nowhere it must not be."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageFilter

from generation.mask_child import editable, obey
from provenance import watermark
from provenance.sighting import sightings
from storage.intake_child import luma_of, marked
from tests.test_likeness import blobs

KEY, NUMBER = b"k" * 32, 0x1234_5678_9ABC


def scene(seed: int = 1, width: int = 768, height: int = 576) -> Image.Image:
    """Coloured shapes, large and small."""
    bands = [blobs(seed * 3 + band, 768).crop((0, 0, width, height)) for band in range(3)]
    return Image.merge("RGB", bands)


def numbers_in(picture: Image.Image, key: bytes = KEY) -> list[int]:
    luma = luma_of(picture)
    return [sighting.number for sighting in sightings(key, luma.tobytes(), *luma.size)]


def as_jpeg(picture: Image.Image, quality: int) -> Image.Image:
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=quality)
    return Image.open(kept).convert("RGB")


def cropped(picture: Image.Image) -> Image.Image:
    """Without a tenth of each side."""
    width, height = picture.size
    return picture.crop((width // 17, height // 13, width // 17 + width * 9 // 10, height // 13 + height * 9 // 10))


LIVED: list[Callable[[Image.Image], Image.Image]] = [
    lambda picture: picture,
    lambda picture: as_jpeg(picture, 50),
    lambda picture: picture.resize((384, 288), Image.Resampling.LANCZOS),
    lambda picture: picture.resize((320, 240), Image.Resampling.LANCZOS),
    lambda picture: as_jpeg(cropped(picture), 75),
    lambda picture: picture.filter(ImageFilter.GaussianBlur(1.5)),
    lambda picture: picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    lambda picture: picture.convert("L").convert("RGB"),
]


@pytest.mark.parametrize("what", LIVED)
def test_the_mark_outlives(what: Callable[[Image.Image], Image.Image]) -> None:
    assert numbers_in(what(marked(scene(), watermark.tile_of(KEY, NUMBER)))) == [NUMBER]


def test_it_cannot_be_seen() -> None:
    before = scene(2)
    after = np.asarray(marked(before, watermark.tile_of(KEY, NUMBER))).astype(float)
    error = ((after - np.asarray(before)) ** 2).mean()
    assert 0 < 10 * np.log10(255**2 / error) > 41


def test_what_has_no_mark_or_that_of_another_key_has_none() -> None:
    assert numbers_in(scene(3)) == []
    assert numbers_in(marked(scene(3), watermark.tile_of(b"another key", NUMBER))) == []
    assert numbers_in(Image.new("RGB", (300, 3), "red")) == []


def test_the_mark_of_what_it_was_made_from_stays_beside_its_own() -> None:
    first = marked(scene(4), watermark.tile_of(KEY, 7))
    assert sorted(numbers_in(marked(first, watermark.tile_of(KEY, NUMBER)))) == [7, NUMBER]


def test_what_is_see_through_stays_as_it_is_and_the_rest_is_marked() -> None:
    alpha = Image.new("L", (768, 576), 0)
    alpha.paste(255, (60, 40, 700, 540))
    before = scene(5)
    before.putalpha(alpha)
    after = marked(before, watermark.tile_of(KEY, NUMBER))
    assert after.getchannel("A").tobytes() == alpha.tobytes()
    hidden = np.asarray(alpha) == 0
    assert (np.asarray(after)[hidden] == np.asarray(before)[hidden]).all()
    assert numbers_in(after) == [NUMBER]


def png(picture: Image.Image) -> bytes:
    kept = io.BytesIO()
    picture.save(kept, "PNG", compress_level=1)
    return kept.getvalue()


def test_under_a_mask_the_mark_is_inside_alone() -> None:
    original = marked(scene(6), watermark.tile_of(KEY, 7))
    cut = Image.new("RGBA", original.size, (0, 0, 0, 255))
    cut.paste((0, 0, 0, 0), (0, 0, 460, 576))
    figures, data = obey(png(original), png(cut), png(scene(7)), "png", watermark.tile_of(KEY, NUMBER))
    after = Image.open(io.BytesIO(data)).convert("RGB")
    outside = ~editable(cut)
    assert figures["changed_after"] == 0
    assert (np.asarray(after)[outside] == np.asarray(original)[outside]).all()
    assert sorted(numbers_in(after)) == [7, NUMBER]  # outside its own, inside that of the edit


def test_numbers_are_steady_and_of_48_bits() -> None:
    assert watermark.number_for(KEY, b"1:0") == watermark.number_for(KEY, b"1:0") != watermark.number_for(KEY, b"1:1")
    assert watermark.tile_of(KEY, NUMBER) == watermark.tile_of(KEY, NUMBER)
    for number in (-1, 1 << 48):
        with pytest.raises(ValueError, match="48"):
            watermark.tile_of(KEY, number)
    with pytest.raises(ValueError, match="grid"):
        sightings(KEY, b"12", 2, 1)
