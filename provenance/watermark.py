"""The invisible mark: a number of 48 bits, spread over a picture so that copies keep it.

A tile of 128 × 128 is repeated over the picture, measured on a grid whose longest side is 512, whatever size the picture has: so
a picture that is shrunk as a whole keeps its grid. In the tile's spectrum some frequencies carry phases that are always the
same, by which a reader finds scale and place after a crop; the others carry eight symbols of 7 bits, each one of 64 words of
phases or its opposite (as a first-order Reed–Muller code does), of which the reader takes the likeliest. 48 bits are the number
and 8 check it. The phases come from a key: who has it not can neither read nor write.

The tile begins at a place that the number decides, so that the marks of a picture and of what it was made from, one over the
other, stay two. How strong it is, is for whoever lays it on (`storage/intake_child.py`): more where the picture is busy.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

GRID = 512  # longest side of a picture on the grid
TILE = 128
LOWEST, HIGHEST = 0.05, 0.25  # cycles per pixel of the grid: above, the small size of a picture would not keep it
SYNC_SHARE = 0.22
SYMBOLS = 8
SYMBOL_BITS = 7
WORDS = 64
NUMBER_BITS = 48
CHECK_BITS = 8

Plane = NDArray[np.float32]
Waves = NDArray[np.complex128]


@dataclass(frozen=True, slots=True)
class Book:
    """Which frequencies of the tile carry what, by a key. Rows and columns are places in the tile's spectrum."""

    sync_rows: NDArray[np.intp]
    sync_columns: NDArray[np.intp]
    sync: Waves
    rows: NDArray[np.intp]  # symbols × waves of each
    columns: NDArray[np.intp]
    words: Waves  # symbols × words × waves of each


def key_of(secret: bytes) -> bytes:
    """The key of marks, out of the secret of an installation."""
    return hmac.digest(secret, b"fresque invisible mark\0", hashlib.sha256)


def number_for(key: bytes, name: bytes) -> int:
    """The number of the picture of that name: nobody without the key can tell it, and it is the same each time."""
    return int.from_bytes(hmac.digest(key, b"number\0" + name, hashlib.sha256)[: NUMBER_BITS // 8], "big")


def tile_of(key: bytes, number: int) -> bytes:
    """The tile for a number: 128 × 128 32-bit floats, row by row, of mean square 1. Takes a few milliseconds."""
    if not 0 <= number < 1 << NUMBER_BITS:
        raise ValueError(f"A mark has {NUMBER_BITS} bits.")
    known = book(key)
    spectrum = np.zeros((TILE, TILE), np.complex128)
    spectrum[known.sync_rows, known.sync_columns] = known.sync
    written = number << CHECK_BITS | _check(key, number)
    for place in range(SYMBOLS):
        symbol = written >> SYMBOL_BITS * place & (1 << SYMBOL_BITS) - 1
        sign = -1 if symbol & 1 else 1
        spectrum[known.rows[place], known.columns[place]] = sign * known.words[place, symbol >> 1]
    tile = np.fft.ifft2(spectrum).real
    begin = hmac.digest(key, b"begin\0%d" % number, hashlib.sha256)
    tile = np.roll(tile, (begin[0] % TILE, begin[1] % TILE), (0, 1))
    told: Plane = np.asarray(tile / tile.std(), np.float32)
    return told.tobytes()


def number_in(key: bytes, written: int) -> int | None:
    """The number out of eight symbols that were read, None when its check is wrong."""
    number = written >> CHECK_BITS
    return number if _check(key, number) == written & (1 << CHECK_BITS) - 1 else None


@lru_cache(maxsize=4)
def book(key: bytes) -> Book:
    """What a key decides. Made of SHAKE-256, so that it is the same in every version of every library."""
    frequency = np.fft.fftfreq(TILE)
    down, across = np.meshgrid(frequency, frequency, indexing="ij")
    radius = np.hypot(down, across)
    half = (down > 0) | ((down == 0) & (across > 0))  # the other half follows from it
    rows, columns = np.nonzero((radius >= LOWEST) & (radius < HIGHEST) & half)
    order = np.argsort(np.frombuffer(_dice(key, b"order", 8 * len(rows)), "<u8"), kind="stable")
    rows, columns = rows[order], columns[order]
    syncs = int(len(rows) * SYNC_SHARE)
    each = (len(rows) - syncs) // SYMBOLS
    carrying = slice(syncs, syncs + each * SYMBOLS)
    return Book(
        sync_rows=rows[:syncs],
        sync_columns=columns[:syncs],
        sync=_phases(key, b"sync", syncs),
        rows=rows[carrying].reshape(SYMBOLS, each),
        columns=columns[carrying].reshape(SYMBOLS, each),
        words=_phases(key, b"words", SYMBOLS * WORDS * each).reshape(SYMBOLS, WORDS, each),
    )


def _phases(key: bytes, label: bytes, count: int) -> Waves:
    turns = np.frombuffer(_dice(key, label, count), np.uint8) / 256
    return np.asarray(np.exp(2j * np.pi * turns))


def _dice(key: bytes, label: bytes, count: int) -> bytes:
    return hashlib.shake_256(key + b"\0" + label).digest(count)


def _check(key: bytes, number: int) -> int:
    return hmac.digest(key, b"check\0%d" % number, hashlib.sha256)[0]
