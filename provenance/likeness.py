"""How a picture looks, in 256 bits: PDQ, so that a copy is found again after it was shrunk, compressed or touched up.

Written from the public description of the algorithm (Facebook, "The TMK+PDQF video-hashing algorithm and the PDQ
image-hashing algorithm", 2019): luma, two passes of a Jarosz filter, 64 × 64 samples, the 16 × 16 lowest frequencies of a
cosine transform without the constant one, each compared with their median. Two hashes of one picture are a few bits apart,
those of different pictures about 128; up to `ALIKE_BITS` is the same picture. It is a likeness and never a proof: a drawing
after a picture, or the same scene from the same place, may come as near.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

ALIKE_BITS = 31  # of 256: what those who made PDQ call the same picture
ENOUGH_QUALITY = 50  # below it a picture is nearly plain, and its hash says nothing
SAMPLES = 64
FREQUENCIES = 16
PASSES = 2
GRADIENT_UNIT = 90  # quality is the sum of the samples' gradients over this, 0 … 100

Plane = NDArray[np.float32]  # height × width


@dataclass(frozen=True, slots=True)
class Likeness:
    """The hash of a picture, and of the same picture flipped; each 32 bytes. `quality` (0 … 100) is how much there is to see.

    `mirrored` is flipped left to right, `upturned` top to bottom, `turned` both, which is by 180°. `lying` are those of the picture
    on its side, by 90°, and of that flipped in the same ways.
    """

    hash: bytes
    mirrored: bytes
    upturned: bytes
    turned: bytes
    quality: int
    lying: tuple[bytes, bytes, bytes, bytes]

    @property
    def telling(self) -> bool:
        """Whether the hash means anything: a plain picture looks like every other plain one."""
        return self.quality >= ENOUGH_QUALITY

    @property
    def kept(self) -> bytes | None:
        """The hash to keep of a picture; None when it means nothing."""
        return self.hash if self.telling else None

    @property
    def sought(self) -> Sequence[bytes]:
        """What to look for copies by: the four hashes; nothing when they mean nothing."""
        return self.all if self.telling else ()

    @property
    def sought_any_way(self) -> Sequence[bytes]:
        """What to look for by where somebody may have turned the picture on its side to escape: all eight."""
        return (*self.all, *self.lying) if self.telling else ()

    @property
    def all(self) -> tuple[bytes, bytes, bytes, bytes]:
        """The four hashes, upright first."""
        return self.hash, self.mirrored, self.upturned, self.turned


def of_luma(luma: bytes, width: int, height: int) -> Likeness:
    """The likeness of a picture given as its luma, one byte a pixel, row by row. Raises ValueError when sides do not fit.

    Luma is 0.299 R + 0.587 G + 0.114 B. Sides of about 512 are best: more takes longer and changes a bit or two. Takes
    milliseconds: `looked_at` does it in a thread.
    """
    if len(luma) != width * height or not luma:
        raise ValueError("The bytes are not as many as the pixels.")
    plane = np.frombuffer(luma, np.uint8).reshape(height, width).astype(np.float32)
    samples = _sampled(plane)
    low: Plane = np.asarray(_cosines() @ samples @ _cosines().T, np.float32)
    # What is odd turns its sign when flipped; the constant one is left out, so the first is.
    across: Plane = np.where(np.arange(FREQUENCIES)[None, :] % 2, 1, -1).astype(np.float32)
    down: Plane = across.T
    return Likeness(
        hash=_bits(low),
        mirrored=_bits(low * across),
        upturned=_bits(low * down),
        turned=_bits(low * across * down),
        quality=_quality(samples),
        lying=(_bits(low.T), _bits((low * across).T), _bits((low * down).T), _bits((low * across * down).T)),
    )


async def looked_at(luma: bytes, width: int, height: int) -> Likeness:
    """`of_luma`, in a thread."""
    return await asyncio.to_thread(of_luma, luma, width, height)


def distance(one: bytes, other: bytes) -> int:
    """In how many of their 256 bits two hashes differ."""
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()


def _sampled(plane: Plane) -> Plane:
    """The picture smoothed and looked at in the middles of 64 × 64 fields."""
    height, width = plane.shape
    for _ in range(PASSES):
        plane = _smoothed(_smoothed(plane, 1, _window(width)), 0, _window(height))
    rows = ((np.arange(SAMPLES) + 0.5) * height / SAMPLES).astype(np.intp)
    columns = ((np.arange(SAMPLES) + 0.5) * width / SAMPLES).astype(np.intp)
    return np.asarray(plane[np.ix_(rows, columns)])


def _window(side: int) -> int:
    return (side + 2 * SAMPLES - 1) // (2 * SAMPLES)


def _smoothed(plane: Plane, axis: int, window: int) -> Plane:
    """The mean of `window` pixels around each along an axis; of those that are there, at the edge."""
    side = plane.shape[axis]
    places = np.arange(side)
    # An even window takes one pixel more on the far side, as the original does.
    start = np.maximum(places - (window - 1) // 2, 0)
    end = np.minimum(places + window // 2 + 1, side)
    sums = np.concatenate([np.zeros_like(plane.take([0], axis)), plane.cumsum(axis, np.float64)], axis)
    count = (end - start).reshape((-1, 1) if axis == 0 else (1, -1))
    return np.asarray((sums.take(end, axis) - sums.take(start, axis)) / count, np.float32)


@cache
def _cosines() -> Plane:
    """The 16 lowest rows of a cosine transform of 64 samples, but for the constant one."""
    row = np.arange(1, FREQUENCIES + 1)[:, None]
    column = np.arange(SAMPLES)[None, :]
    scale = np.sqrt(2 / SAMPLES)
    return np.asarray(scale * np.cos(np.pi / (2 * SAMPLES) * row * (2 * column + 1)), np.float32)


def _bits(low: Plane) -> bytes:
    """A bit for each frequency: is it above the median? The last frequency is the highest bit, as the original prints it."""
    flat = low.ravel()
    median = np.partition(flat, len(flat) // 2 - 1)[len(flat) // 2 - 1]  # the original takes the lower of the two
    return np.packbits((flat > median)[::-1]).tobytes()


def _quality(samples: Plane) -> int:
    """How much there is to see: the sum of the steps between neighbours, in percent of white, cut off above 100."""
    steps = [np.abs(np.trunc(np.diff(samples, axis=axis) * 100 / 255)).sum() for axis in (0, 1)]
    return int(min(100, sum(int(step) for step in steps) // GRADIENT_UNIT))
