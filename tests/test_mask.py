"""Masks are obeyed to the pixel: whatever an engine answers, outside of the mask the original stands, through to the bucket."""

from __future__ import annotations

import io
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from generation.engine import Capabilities, EngineError, Model, Partial, Picture, Request, Step
from generation.mask import obeyed
from generation.mask_child import Refused, composed, obey, softened
from storage.intake import derive
from storage.intake_child import take

Pixels = NDArray[np.uint8]
WIDTH, HEIGHT = 96, 64
LOSSLESS = ("png", "webp")


def noise(seed: int, width: int = WIDTH, height: int = HEIGHT, channels: int = 3) -> Pixels:
    return np.random.default_rng(seed).integers(0, 256, (height, width, channels), dtype=np.uint8)


def mask_of(inside: NDArray[np.bool_]) -> bytes:
    """A mask that is transparent where `inside`, with colours beneath that mean nothing."""
    pixels = noise(5, inside.shape[1], inside.shape[0], 4)
    pixels[..., 3] = np.where(inside, 0, np.maximum(1, pixels[..., 3]))
    return file_of(pixels)


def file_of(pixels: Pixels, form: str = "PNG", **told: object) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, form, **told)
    return stream.getvalue()


def read(data: bytes) -> Pixels:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGBA"))


def blobs(seed: int, share: float, width: int = WIDTH, height: int = HEIGHT) -> NDArray[np.bool_]:
    """A region of about `share` of the canvas, ragged as a brush leaves it; all of it or nothing at the ends."""
    small = Image.fromarray(noise(seed, 9, 7, 1)[..., 0]).resize((width, height), Image.Resampling.BICUBIC)
    return np.asarray(small) < round(share * 255) if share < 1 else np.ones((height, width), dtype=bool)


class Painting:
    """An engine that answers every request with the same bytes, after a preview."""

    name = "painting"
    models: tuple[Model, ...] = (
        Model(
            "painting-1",
            Capabilities(64, 4096, 1, 1, supports_edits=True, supports_masks=True, output_formats=("png", "webp")),
        ),
    )

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.closed = False

    async def start(self) -> None:
        """Nothing to do."""

    async def close(self) -> None:
        """Nothing to do."""

    async def available(self) -> bool:
        return True

    async def generate(self, request: Request) -> AsyncIterator[Step]:
        try:
            yield Partial(0, self._data, "image/png", 0.5, "painting")
            yield Picture(0, self._data, "image/png", request.width, request.height, 1, facts={"engine": "painting"})
        finally:
            self.closed = True


def request_with(original: bytes, mask: bytes | None, form: str = "png") -> Request:
    return Request(
        "x", "painting-1", WIDTH, HEIGHT, 1, 1, kind="EDIT", output_format=form, image=original, mask=mask
    )  # fmt: skip


async def answer(data: bytes, request: Request) -> Picture:
    steps = [step async for step in obeyed(Painting(data), request)]
    assert isinstance(steps[0], Partial)
    assert isinstance(steps[-1], Picture)
    return steps[-1]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 2**20),
    share=st.floats(0, 1),
    form=st.sampled_from(LOSSLESS),
    alpha=st.booleans(),
    made_alpha=st.booleans(),
    made_size=st.sampled_from([(WIDTH, HEIGHT), (2 * WIDTH, 2 * HEIGHT), (72, 48), (100, 64)]),
    made_form=st.sampled_from(["PNG", "JPEG", "WEBP"]),
)
def test_outside_the_mask_every_pixel_is_the_originals(
    seed: int, share: float, form: str, alpha: bool, made_alpha: bool, made_size: tuple[int, int], made_form: str
) -> None:
    original = noise(seed, channels=4 if alpha else 3)
    made = noise(seed + 1, *made_size, channels=4 if made_alpha and made_form != "JPEG" else 3)
    inside = blobs(seed, share)
    figures, data = obey(file_of(original), mask_of(inside), file_of(made, made_form), form)
    out = read(data)
    assert out.shape[:2] == (HEIGHT, WIDTH)
    assert np.array_equal(out[~inside], read(file_of(original))[~inside])
    assert figures["changed_after"] == 0
    assert figures["lossless"]
    assert figures["resized"] == (made_size != (WIDTH, HEIGHT))
    assert figures["edited_share"] == pytest.approx(inside.mean(), abs=1e-6)
    assert figures["changed_before"] > 0.9 or inside.all()
    # What is kept is decoded and encoded once more on its way to the bucket.
    _, kept = take(data, "")
    assert np.array_equal(read(kept["original"])[~inside], read(file_of(original))[~inside])


@settings(max_examples=60, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**20), share=st.floats(0, 1))
def test_the_edge_is_soft_inside_only(seed: int, share: float) -> None:
    inside = blobs(seed, share)
    weights = softened(inside)
    assert not weights[~inside].any()
    assert (weights[inside] > 0).all()
    if inside.any():
        assert weights.max() == 255


def test_a_stroke_of_a_few_pixels_is_edited_wholly_and_a_large_region_fades_in() -> None:
    inside = np.zeros((100, 200), dtype=bool)
    inside[10:13, 20:180] = True
    inside[40:100, 50:150] = True
    weights = softened(inside)
    assert (weights[10:13, 30:170] == 255).all()
    assert weights[41, 100] < weights[44, 100] < weights[60, 100] == 255
    assert weights[99, 100] == 255  # the picture's own edge is no edge of the mask


def test_a_difference_of_one_level_counts() -> None:
    original = noise(3, channels=4)
    made = original.copy()
    made[0, 0, 2] ^= 1
    inside = np.zeros((HEIGHT, WIDTH), dtype=bool)
    inside[30:40, 30:40] = True
    figures, _ = obey(file_of(original), mask_of(inside), file_of(made), "png")
    assert figures["changed_before"] == pytest.approx(1 / (HEIGHT * WIDTH - 100), rel=0.01)
    assert np.array_equal(composed(original, made, inside), original)


def test_jpeg_cannot_and_says_so() -> None:
    figures, data = obey(file_of(noise(1)), mask_of(blobs(1, 0.4)), file_of(noise(2)), "jpeg")
    assert data.startswith(b"\xff\xd8")
    assert figures["changed_after"] > 0.5
    assert not figures["lossless"]


def test_a_png_too_large_to_be_kept_becomes_webp_without_loss() -> None:
    original = np.zeros((2100, 2100, 3), dtype=np.uint8)
    original[::7, ::3] = (200, 30, 90)
    inside = np.zeros((2100, 2100), dtype=bool)
    inside[500:900, 600:1000] = True
    figures, data = obey(file_of(original), mask_of(inside), file_of(255 - original), "png")
    assert figures["lossless"]
    facts, kept = take(data, "")
    assert facts["mime_type"] == "image/webp"
    assert np.array_equal(read(kept["original"])[~inside][:, :3], original[~inside])


def test_a_mask_of_another_size_but_the_same_shape_is_brought_to_the_pictures() -> None:
    inside = np.zeros((HEIGHT // 2, WIDTH // 2), dtype=bool)
    inside[8:16, 8:16] = True
    original = noise(1)
    _, data = obey(file_of(original), mask_of(inside), file_of(noise(2)), "png")
    large = np.kron(inside, np.ones((2, 2), dtype=bool))
    assert np.array_equal(read(data)[~large][:, :3], original[~large])


@pytest.mark.parametrize(
    ("mask", "made", "word"),
    [
        (file_of(noise(1)), file_of(noise(2)), "mask_without_alpha"),
        (mask_of(blobs(1, 0.5, 64, 64)), file_of(noise(2)), "mask_of_other_shape"),
        (mask_of(blobs(1, 0.5)), file_of(noise(2, 64, 96)), "picture_of_other_shape"),
        (mask_of(blobs(1, 0.5)), b"<svg/>", "not_a_picture"),
    ],
)
def test_what_cannot_be_done_is_refused(mask: bytes, made: bytes, word: str) -> None:
    with pytest.raises(Refused) as caught:
        obey(file_of(noise(1)), mask, made, "png")
    assert caught.value.word == word


@pytest.mark.parametrize("form", LOSSLESS)
async def test_the_step_after_any_engine(form: str) -> None:
    original, inside = noise(1), blobs(3, 0.5)
    picture = await answer(file_of(noise(2)), request_with(file_of(original), mask_of(inside), form))
    assert (picture.mime_type, picture.width, picture.height) == (f"image/{form}", WIDTH, HEIGHT)
    assert np.array_equal(read(picture.data)[~inside][:, :3], original[~inside])
    figures = picture.facts["mask"]
    assert isinstance(figures, dict)
    assert figures["changed_before"] > 0.9
    assert figures["changed_after"] == 0
    assert picture.facts["engine"] == "painting"
    kept = await derive(picture.data)
    assert kept.mime_type == f"image/{form}"
    assert np.array_equal(read(kept.original)[~inside][:, :3], original[~inside])


async def test_without_a_mask_nothing_is_touched() -> None:
    made = file_of(noise(2))
    assert (await answer(made, request_with(file_of(noise(1)), None))).data == made
    assert (await answer(made, replace(request_with(b"", b""), image=None))).data == made


@pytest.mark.parametrize(
    ("mask", "made", "code", "retryable"),
    [
        (file_of(noise(1)), file_of(noise(2)), "bad_mask", False),
        (mask_of(blobs(1, 0.5)), file_of(noise(2))[:200], "bad_picture", True),
        (mask_of(blobs(1, 0.5)), b"garbage", "bad_picture", True),
    ],
)
async def test_refusals_are_the_engines_errors(mask: bytes, made: bytes, code: str, retryable: bool) -> None:
    with pytest.raises(EngineError) as caught:
        await answer(made, request_with(file_of(noise(1)), mask))
    assert (caught.value.code, caught.value.retryable) == (code, retryable)


async def test_a_reader_who_stops_closes_the_engine() -> None:
    engine = Painting(file_of(noise(2)))
    steps = obeyed(engine, request_with(file_of(noise(1)), mask_of(blobs(1, 0.5))))
    assert isinstance(steps, AsyncGenerator)
    await anext(steps)
    await steps.aclose()
    assert engine.closed
