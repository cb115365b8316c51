"""Reading the invisible mark out of a picture that may have been shrunk, cropped, mirrored, compressed or blurred.

The picture's luma on the grid is evened out, so that edges do not drown the mark, and folded onto one tile; the tile's spectrum
is evened out, too. Correlation with the phases that are always the same says where the tile begins. Where a picture was cropped
its grid has another scale, so sizes down to half are tried one after the other. Turned or stretched pictures are not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from provenance.watermark import GRID, SYMBOL_BITS, SYMBOLS, TILE, Book, Plane, Waves, book, number_in

SEEN = 5.0  # standard deviations of the place's correlation, from which on it is read
SURE = 3.6  # mean of what the eight symbols are above noise; of noise alone it is 2.6 ± 0.16
PLACES = 3  # looked at for each size: marks may lie one over the other
APART = 3  # pixels of the grid; nearer it is the same place
STEP = 0.99  # between the sizes that are tried: a pixel or two at the ends of a picture, by which a mark is fainter
LIKELIEST, NEAR = 4, 2  # of those sizes, so many are looked at more closely: each so many pixels more and less
WIDEST, NARROWEST = 1.02, 0.48  # of the grid
FLAT = 1.0  # levels: what is flatter than that is not made louder than that
LOUDEST = 3.0  # of an evened picture and of an evened spectrum


Rings = NDArray[np.intp]  # of each frequency, how many waves a tile has


@dataclass(frozen=True, slots=True)
class Sighting:
    """A mark that was read. `score` is how far its symbols stand out on average (3.6 at least, to 16).

    `scale` is the part of the original's longest side that is there, about; `mirrored` is left for right.
    """

    number: int
    score: float
    scale: float
    mirrored: bool


def sightings(key: bytes, luma: bytes, width: int, height: int) -> list[Sighting]:
    """The marks in a picture on the grid (luma, longest side 512), the surest first; none in nearly all that has none.

    Takes 0.05 s where a picture is whole, up to a second else: call it in a thread, a few at once.
    """
    if len(luma) != width * height or max(width, height) != GRID:
        raise ValueError("The luma is not that of a picture on the grid.")
    known, rings = book(key), _rings()
    evened = _evened(np.frombuffer(luma, np.uint8).reshape(height, width).astype(np.float32))
    picture = Image.fromarray(evened)
    found: dict[int, Sighting] = {}

    def read_at(size: int) -> float:
        """Note the marks that are read at this size; how far the likeliest place stands out."""
        scale, part = size / GRID, evened
        if size != GRID:
            sides = max(1, round(width * scale)), max(1, round(height * scale))
            part = np.asarray(picture.resize(sides, Image.Resampling.BICUBIC))
        spectrum = _whitened(np.fft.fft2(_folded(part)), rings)
        best = 0.0
        for mirrored in (False, True):
            place, sighted = _read(key, known, spectrum, scale, mirrored)
            best = max(best, place)
            for sighting in sighted:
                if sighting.number not in found or found[sighting.number].score < sighting.score:
                    found[sighting.number] = sighting
        return best

    read_at(GRID)
    if not found:
        places = {size: read_at(size) for size in _sizes()}
        for likely in sorted(places, key=lambda size: -places[size])[:LIKELIEST]:
            for size in range(likely - NEAR, likely + NEAR + 1):
                if size not in places:
                    places[size] = read_at(size)
    return sorted(found.values(), key=lambda sighting: -sighting.score)


def _sizes() -> Iterator[int]:
    """Those that are tried beside the whole."""
    share = WIDEST
    while share > NARROWEST:
        size = round(GRID * share)
        if size != GRID:
            yield size
        share *= STEP


def _read(key: bytes, known: Book, spectrum: Waves, scale: float, mirrored: bool) -> tuple[float, list[Sighting]]:
    """How far the likeliest place stands out, and the marks at the likeliest places."""
    sign = -1 if mirrored else 1
    pattern = np.zeros((TILE, TILE), np.complex128)
    pattern[known.sync_rows, sign * known.sync_columns % TILE] = known.sync
    alike = np.fft.ifft2(spectrum * pattern.conj()).real * TILE * TILE / np.sqrt(known.sync.size / 2)
    best, found = float(alike.max()), []
    for _ in range(PLACES):
        row, column = divmod(int(alike.argmax()), TILE)
        if alike[row, column] < SEEN:
            break
        written, score = _symbols(known, spectrum, row, column, sign)
        number = number_in(key, written) if score >= SURE else None
        if number is not None:
            found.append(Sighting(number, round(score, 2), round(scale, 3), mirrored))
        rows, columns = (np.arange(at - APART, at + APART + 1) % TILE for at in (row, column))
        alike[np.ix_(rows, columns)] = 0
    return best, found


def _symbols(known: Book, spectrum: Waves, row: int, column: int, sign: int) -> tuple[int, float]:
    """The likeliest symbols with the tile beginning there, and their mean score."""
    rows, columns = known.rows, sign * known.columns % TILE
    waves = spectrum[rows, columns] * np.exp(2j * np.pi * (rows * row + columns * column) / TILE)
    scores = np.einsum("swn,sn->sw", known.words.conj(), waves).real / np.sqrt(rows.shape[1] / 2)
    best = np.abs(scores).argmax(1)
    written, total = 0, 0.0
    for place in range(SYMBOLS):
        score = float(scores[place, best[place]])
        written |= (int(best[place]) << 1 | (score < 0)) << SYMBOL_BITS * place
        total += abs(score)
    return written, total / SYMBOLS


def _evened(luma: Plane) -> Plane:
    """Without what is slow, and everywhere about as loud."""
    quick = luma - _mean(luma, 4)
    loudness = np.sqrt(_mean(quick * quick, 5))
    return np.asarray(np.clip(quick / (loudness + FLAT), -LOUDEST, LOUDEST), np.float32)


def _mean(plane: Plane, reach: int) -> Plane:
    """Of the square around each pixel."""
    window = 2 * reach + 1
    for axis in (0, 1):
        framed = np.pad(plane, [(reach + 1, reach) if at == axis else (0, 0) for at in (0, 1)], mode="edge")
        sums = framed.cumsum(axis, np.float64)
        upper, lower = (sums[window:], sums[:-window]) if axis == 0 else (sums[:, window:], sums[:, :-window])
        plane = np.asarray((upper - lower) / window, np.float32)
    return plane


def _folded(plane: Plane) -> Plane:
    """The sum of all tiles of a picture."""
    height, width = plane.shape
    framed = np.pad(plane, ((0, -height % TILE), (0, -width % TILE)))
    tiles = framed.reshape(framed.shape[0] // TILE, TILE, framed.shape[1] // TILE, TILE)
    return np.asarray(tiles.sum((0, 2)), np.float32)


def _rings() -> Rings:
    frequency = np.fft.fftfreq(TILE) * TILE
    down, across = np.meshgrid(frequency, frequency, indexing="ij")
    return np.asarray(np.hypot(down, across), np.intp)


def _whitened(spectrum: Waves, rings: Rings) -> Waves:
    """Every ring of frequencies as loud as every other, and none of them far louder than its ring."""
    power = np.abs(spectrum) ** 2
    mean = np.bincount(rings.ravel(), power.ravel()) / np.bincount(rings.ravel())
    even = spectrum / np.sqrt(mean[rings] + 1e-9)
    loud = np.abs(even)
    return np.asarray(even * (np.minimum(loud, LOUDEST) / np.maximum(loud, 1e-9)))
