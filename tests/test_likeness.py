"""How a picture looks: as those who made PDQ count it, near to its copies, far from others, and found again."""

from __future__ import annotations

import io
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from models import likeness as index
from models.database import fetch_value
from provenance.likeness import ALIKE_BITS, Likeness, distance, of_luma
from tests.people import Town

# Said of these pictures by `pdqhash` 0.2.8, which wraps the program of those who made PDQ; to the bit.
KNOWN = [
    (64, 64, 1, "2ea6f71a0e97e2f46532926995486eb61a4d1e0fd1e892e9f2699bcc98ccc52a"),
    (512, 384, 2, "d54affe0ce1f7fe0b01feab5afe0b34abae0d6cab2a228407d6139425d612940"),
    (300, 451, 3, "83cd9c724b875d52b138e0edf4b8a46de139446e76c0aa9576c8aa9df4c8e29c"),
    (131, 97, 4, "1c797274a70a78d547cbf7c608cb1c3872745d4b5af5850bb3262c997870b366"),
    (640, 200, 5, "7ff1d9d9195906b6fe06760206f1f9494544192ff50edd26fe0cced600753129"),
]
FLIPPED = [  # the second of them: left to right, top to bottom, both
    "801f88b5114a0ab5c54abfe0feb5c61fcfb5831fe7f77d1528346c1508347c15",
    "d54a501f001fa01f901f154aabe06cb5bae02935a2a2d7bf7d60c6bd5d60d6bf",
    "801f254ad54af54ac54a401ffeb539e0efb57c60f7f782ea283593e8083583ea",
]


def made(width: int, height: int, seed: int) -> Image.Image:
    """A picture by rule, busy enough for a hash."""
    y, x = np.mgrid[:height, :width]
    values = ((x * seed * 7 // 3 ^ y * 5) % 97 + ((x // 37 + y // 29 * seed) % 5) * 39).clip(0, 255)
    return Image.fromarray(values.astype(np.uint8))


def blobs(seed: int, side: int = 512) -> Image.Image:
    """Shapes large and small, as a photograph has."""
    dice, whole = np.random.default_rng(seed), np.zeros((side, side))
    for grain, share in ((5, 0.5), (17, 0.3), (65, 0.2)):
        noise = Image.fromarray(dice.integers(0, 256, (grain, grain), dtype=np.uint8))
        whole += share * np.asarray(noise.resize((side, side), Image.Resampling.BICUBIC))
    return Image.fromarray(whole.astype(np.uint8))


def looked_at(picture: Image.Image) -> Likeness:
    return of_luma(picture.tobytes(), *picture.size)


@pytest.mark.parametrize(("width", "height", "seed", "told"), KNOWN)
def test_it_is_pdq_to_the_bit(width: int, height: int, seed: int, told: str) -> None:
    found = looked_at(made(width, height, seed))
    assert (found.hash.hex(), found.quality, found.telling) == (told, 100, True)


def test_a_flipped_picture_has_the_flipped_hash() -> None:
    assert [told.hex() for told in looked_at(made(512, 384, 2)).all[1:]] == FLIPPED
    picture = blobs(1)
    found = looked_at(picture)
    for turn, told in (
        (Image.Transpose.FLIP_LEFT_RIGHT, found.mirrored),
        (Image.Transpose.FLIP_TOP_BOTTOM, found.upturned),
        (Image.Transpose.ROTATE_180, found.turned),
    ):
        assert distance(looked_at(picture.transpose(turn)).hash, told) <= ALIKE_BITS


def test_a_picture_is_known_whichever_way_it_is_turned() -> None:
    picture = blobs(2).crop((0, 0, 512, 400))
    sought = [set(looked_at(picture.transpose(turn)).sought_any_way) for turn in Image.Transpose]
    told = looked_at(picture).hash
    assert [min(distance(one, told) for one in each) <= ALIKE_BITS for each in sought] == [True] * 7
    assert looked_at(Image.new("L", (200, 100), 90)).sought_any_way == ()


def test_copies_are_near_and_others_far() -> None:
    pictures = [blobs(seed) for seed in range(12)]
    hashes = [looked_at(picture).hash for picture in pictures]
    apart = [distance(one, other) for at, one in enumerate(hashes) for other in hashes[:at]]
    assert min(apart) > 2 * ALIKE_BITS
    for picture, told in zip(pictures, hashes, strict=True):
        stream = io.BytesIO()
        picture.save(stream, "JPEG", quality=50)
        again = Image.open(stream)
        copies = [again, picture.resize((256, 256)), picture.filter(ImageFilter.GaussianBlur(2))]
        assert all(distance(looked_at(copy).hash, told) <= 16 for copy in copies)


def test_a_plain_picture_says_nothing() -> None:
    assert not looked_at(Image.new("L", (200, 100), 90)).telling
    assert not looked_at(Image.linear_gradient("L")).telling
    with pytest.raises(ValueError, match="pixels"):
        of_luma(b"123", 2, 2)


@given(st.binary(min_size=32, max_size=32), st.sets(st.integers(0, 255), max_size=31))
def test_whatever_is_within_31_bits_shares_a_probe(likeness: bytes, turned: set[int]) -> None:
    other = (int.from_bytes(likeness, "big") ^ sum(1 << bit for bit in turned)).to_bytes(32, "big")
    assert distance(likeness, other) == len(turned)
    assert set(index.probes(likeness, len(turned))) & set(index.words(other))


async def test_neighbours_are_found_nearest_first(town: Town) -> None:
    told = random.Random(7).randbytes(32)
    ids = []
    for bits in (31, 0, 5, 32):
        image_id: int = await fetch_value(
            "INSERT INTO images (owner_id, prefix, mime_type, byte_size, width, height, blurhash)"
            " VALUES (1, 'p/likeness', 'image/png', 9, 8, 8, 'L00000fQfQfQfQfQfQfQfQfQfQfQ') RETURNING id"
        )
        turned = sum(1 << bit * 8 for bit in range(bits))  # as far spread over the words as can be
        await index.remember(image_id, (int.from_bytes(told, "big") ^ turned).to_bytes(32, "big"))
        ids.append(image_id)
    far, same, close, _ = ids
    assert await index.near([told]) == [
        index.Neighbour(same, 0),
        index.Neighbour(close, 5),
        index.Neighbour(far, 31),
    ]
    assert await index.near([random.Random(8).randbytes(32), told], 5) == [
        index.Neighbour(same, 0),
        index.Neighbour(close, 5),
    ]
    with pytest.raises(ValueError, match="31"):
        await index.near([told], 32)
