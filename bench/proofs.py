"""What each proof of a picture costs: `python -m bench.proofs [--turns 5] [--side 1024]`; a table for `docs/provenance.md`.

Times are of the processor, one picture at a time, the median of the turns: what is asked is how much work there is, not how busy
the machine was. Pictures are painted by rule (shapes large and small in colour).
"""

from __future__ import annotations

import argparse
import io
import math
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL import Image, ImageFilter

from provenance import xmp
from provenance.credential import made_here
from provenance.likeness import distance, of_luma
from provenance.reading import Examiner
from provenance.seal import Sealer, Story
from provenance.sighting import sightings
from provenance.watermark import tile_of
from storage.intake_child import luma_of, marked, written

KEY = b"bench".ljust(32, b"-")
T = TypeVar("T")


def painted(seed: int, side: int) -> Image.Image:
    """A picture of that side."""
    dice = np.random.default_rng(seed)
    bands = []
    for _ in range(3):
        whole = np.zeros((side, side))
        for grain, share in ((5, 0.5), (17, 0.3), (65, 0.2)):
            noise = Image.fromarray(dice.integers(0, 256, (grain, grain), dtype=np.uint8))
            whole += share * np.asarray(noise.resize((side, side), Image.Resampling.BICUBIC))
        bands.append(Image.fromarray(whole.astype(np.uint8)))
    return Image.merge("RGB", bands)


def as_jpeg(picture: Image.Image, quality: int) -> Image.Image:
    """Through JPEG and back."""
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=quality)
    return Image.open(kept).convert("RGB")


def small(picture: Image.Image) -> Image.Image:
    """As its small size is served."""
    return Image.open(io.BytesIO(written(picture, "image/jpeg", lossless=False, tile=b"")[1]["small"])).convert("RGB")


def cropped(picture: Image.Image, share: float) -> Image.Image:
    """Without that share of each side."""
    width, height = picture.size
    left, top = int(width * share * 0.4), int(height * share * 0.7)
    return picture.crop((left, top, left + int(width * (1 - share)), top + int(height * (1 - share))))


COPIES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "as it was made": lambda picture: picture,
    "JPEG 75": lambda picture: as_jpeg(picture, 75),
    "JPEG 50": lambda picture: as_jpeg(picture, 50),
    "half size": lambda picture: picture.resize((picture.width // 2, picture.height // 2), Image.Resampling.LANCZOS),
    "10 % crop": lambda picture: cropped(picture, 0.1),
    "10 % crop, JPEG 75": lambda picture: as_jpeg(cropped(picture, 0.1), 75),
    "30 % crop": lambda picture: cropped(picture, 0.3),
    "blur, 1.5 pixels": lambda picture: picture.filter(ImageFilter.GaussianBlur(1.5)),
    "mirrored": lambda picture: picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    "320 pixels, WebP 82": small,
}


class Clock:
    """Processor time of each kind of work, in milliseconds."""

    def __init__(self) -> None:
        self.spent: dict[str, list[float]] = {}

    def __call__(self, name: str, work: Callable[[], T]) -> T:
        """Do it and note what it took."""
        begun = time.process_time()
        done = work()
        self.spent.setdefault(name, []).append((time.process_time() - begun) * 1_000)
        return done


def files(folder: Path | None, turns: int, side: int) -> list[Image.Image]:
    """The pictures of a folder, else painted ones."""
    if folder is None:
        return [painted(seed, side) for seed in range(turns)]
    found = [Image.open(path).convert("RGB") for path in sorted(folder.iterdir()) if path.suffix in (".png", ".jpg")]
    return [picture for picture in found if min(picture.size) >= 300]


def main() -> None:
    """Print the costs, and what outlived what."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--side", type=int, default=1_024)
    parser.add_argument("--folder", type=Path, help="pictures of one's own, in place of painted ones")
    given = parser.parse_args()
    clock, held = Clock(), {name: [0, 0, 0] for name in COPIES}
    with tempfile.TemporaryDirectory() as place:
        credential = made_here(Path(place))
    sealer, examiner = Sealer(credential), Examiner(credential.anchors)
    told = xmp.packet("trainedAlgorithmicMedia", "Fresque", "Fresque")
    noises, strangers, pictures = [], 0, files(given.folder, given.turns, given.side)
    for seed, before in enumerate(pictures):
        tile = clock("tile of a mark", partial(tile_of, KEY, seed))
        picture = clock("lay the mark on", partial(marked, before, tile))
        noises.append(((np.asarray(picture).astype(float) - np.asarray(before)) ** 2).mean())
        luma = luma_of(picture)
        likeness = clock("hash", partial(of_luma, luma.tobytes(), *luma.size))
        kept = io.BytesIO()
        picture.save(kept, "WEBP", quality=90)
        data = kept.getvalue()
        clock("XMP", partial(xmp.put_in, data, told))
        signed = clock("XMP and sign", partial(sealer.sealed, data, "image/webp", Story("x", "bench", "m")))
        clock("read the signature", partial(examiner.read, signed, "image/webp"))
        unmarked = luma_of(before)
        strangers += bool(clock("read no mark", partial(sightings, KEY, unmarked.tobytes(), *unmarked.size)))
        for name, copy in COPIES.items():
            seen = luma_of(copy(picture))
            what = "read the mark, cropped" if "crop" in name else "read the mark"
            found = clock(what, partial(sightings, KEY, seen.tobytes(), *seen.size))
            held[name][0] += bool(found) and found[0].number == seed
            other = of_luma(seen.tobytes(), *seen.size)
            held[name][1] += min(distance(likeness.hash, one) for one in other.all) <= 31
            held[name][2] += 1
    print(f"{len(pictures)} pictures; PSNR {10 * math.log10(255**2 / statistics.mean(noises)):.1f} dB; ", end="")
    print(f"{strangers} of {len(pictures)} unmarked ones were read as marked\n\n| work | ms |\n|---|---:|")
    for name, spent in clock.spent.items():
        print(f"| {name} | {statistics.median(spent):.1f} |")
    print("\n| copy | mark | hash |\n|---|---:|---:|")
    for name, (mark, hashed, of) in held.items():
        print(f"| {name} | {mark} of {of} | {hashed} of {of} |")


if __name__ == "__main__":
    main()
