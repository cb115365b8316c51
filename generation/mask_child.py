"""The child process that puts an engine's picture into the original, and nowhere but under the mask. Imports nothing of ours.

Run as a program by `generation/mask.py`: it reads three pictures and the tile of an invisible mark from its standard input (8
bytes of length, then the bytes, each: the original, the mask, what the engine made, the tile or nothing) and the wanted format as its argument, and writes one line of
JSON (`Figures`, or `{"refused": word}`) and then the picture. An engine's bytes are a stranger's: they are decoded here,
without environment and under limits of the kernel, and never in the worker.
"""

from __future__ import annotations

import ctypes
import io
import json
import os
import resource
import signal
import struct
import sys
from typing import BinaryIO, TypedDict

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

Pixels = NDArray[np.uint8]  # height × width × 4
Flags = NDArray[np.bool_]  # height × width
REACH = 8  # pixels over which the edit fades in, inside the mask; thin places less
STRIP = 256  # rows blended at once: whole pictures as 32-bit numbers would take four times the memory
SIDE_MAX = 8_192
PIXELS_MAX = 40_000_000
ASPECT_TOLERANCE = 0.02  # of the ratio of sides; beyond it the picture is told to be stretched
ASPECT_MAX = 1.5  # between the ratios of sides; beyond it nothing of the picture can be in its place
# The invisible mark, by the rules of `storage/intake_child.py`.
GRID_SIDE, TILE_SIDE = 512, 128
MARK_LEVELS = 1.3
# What is kept without loss, by the rules of `storage/intake_child.py`.
KEPT_PNG_PIXELS = 2_048 * 2_048
KEPT_WEBP_PIXELS = 2 * KEPT_PNG_PIXELS
KEPT_BYTES = 16 * 1024 * 1024
MEMORY_BYTES = 2 << 30  # of address space
CPU_SECONDS = 30
NICE = 5
PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38


class Figures(TypedDict):
    """How well the mask was obeyed. Shares are 0 … 1; `changed_*` count pixels outside the mask with any other value.

    `lossless` says whether the file stays as it is when it is kept. `mean_shift` is by how many levels (0 … 255) the engine moved them on average, `made` the sides it answered with,
    `size` those of the result.
    """

    edited_share: float
    changed_before: float
    mean_shift: float
    changed_after: float
    lossless: bool
    resized: bool
    stretched: bool
    made: list[int]
    size: list[int]


class Refused(Exception):
    """It cannot be done; `word` says why (`generation/mask.py` has the sentences)."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


def editable(mask: Image.Image) -> Flags:
    """Where the picture may change: where the mask is wholly transparent. A mask without alpha is refused."""
    if "A" not in mask.getbands() and "transparency" not in mask.info:
        raise Refused("mask_without_alpha")
    return np.asarray(np.asarray(mask.convert("RGBA"))[..., 3] == 0)


def softened(inside: Flags, reach: int = REACH) -> NDArray[np.uint8]:
    """How much of the edit shows, 0 … 255: nothing outside, more and more over `reach` pixels inside.

    Where the region is thinner than that the rise is steeper, so that its middle is always edited wholly.
    """
    left = inside.astype(np.uint8)
    depth = left.copy()
    for _ in range(2 * reach - 1):
        left = eroded(left)
        depth += left
    thick = grown(depth, 2 * reach)
    rise = np.clip(thick // 2, 1, reach)
    return np.asarray(np.minimum(255, depth.astype(np.uint16) * 255 // rise), dtype=np.uint8) * inside


def eroded(flags: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """One pixel less on all sides, but for the picture's own edge."""
    framed = np.pad(flags, 1, mode="edge")
    tall = np.minimum(np.minimum(framed[:-2], framed[1:-1]), framed[2:])
    return np.asarray(np.minimum(np.minimum(tall[:, :-2], tall[:, 1:-1]), tall[:, 2:]))


def grown(values: NDArray[np.uint8], reach: int) -> NDArray[np.uint8]:
    """The largest value within `reach` pixels, in a square."""
    out = values
    for axis in (0, 1):
        done = 0
        while done < reach:
            step = min(max(done, 1), reach - done)
            out = np.maximum(out, np.maximum(shifted(out, step, axis), shifted(out, -step, axis)))
            done += step
    return out


def shifted(values: NDArray[np.uint8], by: int, axis: int) -> NDArray[np.uint8]:
    """Moved along an axis; what comes in is 0."""
    out = np.zeros_like(values)
    size = values.shape[axis]
    if abs(by) >= size:
        return out
    to, start = (slice(by, size), slice(0, size - by)) if by > 0 else (slice(0, size + by), slice(-by, size))
    if axis == 0:
        out[to] = values[start]
    else:
        out[:, to] = values[:, start]
    return out


def composed(original: Pixels, made: Pixels, inside: Flags) -> Pixels:
    """The original with `made` under the mask: outside of it every pixel, colour and alpha, is the original's."""
    share = softened(inside)
    out = original.copy()
    for top in range(0, len(out), STRIP):
        rows = slice(top, top + STRIP)
        part = share[rows, :, None].astype(np.int32)
        if part.any():
            blended = (original[rows].astype(np.int32) * (255 - part) + made[rows].astype(np.int32) * part + 127) // 255
            out[rows] = np.where(inside[rows, :, None], blended, original[rows]).astype(np.uint8)
    return out


def laid_on(whole: Pixels, inside: Flags, tile: bytes) -> Pixels:
    """The picture with the mark under the mask alone: what is outside is the original's, and so is its mark."""
    height, width = inside.shape
    scale = GRID_SIDE / max(height, width)
    one = np.frombuffer(tile, np.float32).reshape(TILE_SIDE, TILE_SIDE)
    rows, columns = (max(1, round(side * scale)) for side in (height, width))
    ground = np.tile(one, (-(-rows // TILE_SIDE), -(-columns // TILE_SIDE)))[:rows, :columns]
    levels = np.asarray(Image.fromarray(ground).resize((width, height), Image.Resampling.BICUBIC)) * MARK_LEVELS
    out = whole.copy()
    for top in range(0, height, STRIP):
        strip = slice(top, top + STRIP)
        free = inside[strip, :, None] & (whole[strip, :, 3:] > 0)
        moved = np.clip(whole[strip, :, :3] + np.rint(levels[strip, :, None]), 0, 255).astype(np.uint8)
        out[strip, :, :3] = np.where(free, moved, whole[strip, :, :3])
    return out


def changed(one: Pixels, other: Pixels, outside: Flags) -> float:
    """The share of the pixels outside the mask that differ in any value; 0 if there are none."""
    count = int(outside.sum())
    return float(((one != other).any(axis=2) & outside).sum() / count) if count else 0.0


def shift(one: Pixels, other: Pixels, outside: Flags) -> float:
    """By how many levels the pixels outside the mask differ on average."""
    count = int(outside.sum())
    apart = sum(
        int(
            np.abs(one[top : top + STRIP].astype(np.int16) - other[top : top + STRIP])[outside[top : top + STRIP]].sum()
        )
        for top in range(0, len(one), STRIP)
    )
    return apart / (4 * count) if count else 0.0


def obey(original: bytes, mask: bytes, made: bytes, form: str, tile: bytes = b"") -> tuple[Figures, bytes]:
    """The picture with the mask obeyed, as `form` (png, webp or jpeg), and the figures, taken from the bytes themselves.

    It is as large as the original, whatever the engine made. PNG and WebP are without loss (a PNG too large to be kept as
    one becomes WebP); JPEG cannot be, and its `changed_after` says how far it is from that. The tile of a mark is laid on inside.
    """
    first, cut, answer = opened(original), opened(mask), opened(made)
    size = first.size
    if cut.size != size:
        if apart(cut.size, size) > 1 + ASPECT_TOLERANCE:
            raise Refused("mask_of_other_shape")
        alpha = editable(cut)
        cut = Image.fromarray(np.where(alpha, 0, 255).astype(np.uint8)).resize(size, Image.Resampling.NEAREST)
        inside = np.asarray(cut) == 0
    else:
        inside = editable(cut)
    ratio = apart(answer.size, size)
    if ratio > ASPECT_MAX:
        raise Refused("picture_of_other_shape")
    made_size = answer.size
    see_through = "A" in first.getbands() or "A" in answer.getbands()
    ours, theirs = pixels(first), pixels(answer if made_size == size else resized(answer, size))
    outside = ~inside
    before, moved = changed(ours, theirs, outside), shift(ours, theirs, outside)
    whole = composed(ours, theirs, inside)
    if tile:
        whole = laid_on(whole, inside, tile)
    data = encoded(whole, form, see_through=see_through)
    figures = Figures(
        edited_share=round(float(inside.mean()), 6),
        changed_before=round(before, 6),
        mean_shift=round(moved, 3),
        changed_after=changed(ours, pixels(opened(data)), outside),
        lossless=kept_whole(data, size, see_through=see_through),
        resized=made_size != size,
        stretched=ratio > 1 + ASPECT_TOLERANCE,
        made=list(made_size),
        size=list(size),
    )
    return figures, data


def apart(one: tuple[int, int], other: tuple[int, int]) -> float:
    """How far the shapes of two sizes are from each other: 1 is the same, 2 is twice as wide or as high."""
    ratio = one[0] * other[1] / (one[1] * other[0])
    return max(ratio, 1 / ratio)


def opened(data: bytes) -> Image.Image:
    """The decoded picture, RGB or RGBA. Raises Refused for what is none, or is too large."""
    try:
        image: Image.Image = Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP"))
    except UnidentifiedImageError as error:
        raise Refused("not_a_picture") from error
    if image.width * image.height > PIXELS_MAX or max(image.size) > SIDE_MAX:
        raise Refused("too_many_pixels")
    image.load()
    if image.mode.startswith("I"):
        image = image.point(lambda value: value * (1 / 256)).convert("L")
    see_through = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    return image.convert("RGBA" if see_through else "RGB")


def resized(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Of another size; colours beside what is transparent do not bleed."""
    if image.mode == "RGBA":
        return image.convert("RGBa").resize(size, Image.Resampling.LANCZOS).convert("RGBA")
    return image.resize(size, Image.Resampling.LANCZOS)


def pixels(image: Image.Image) -> Pixels:
    """Height × width × 4 bytes."""
    return np.asarray(image.convert("RGBA"))


def encoded(whole: Pixels, form: str, *, see_through: bool) -> bytes:
    """The file. Without loss for PNG and WebP, also of the colours of what is transparent."""
    image = Image.fromarray(whole) if see_through else Image.fromarray(whole[..., :3])
    stream = io.BytesIO()
    if form == "jpeg":
        if see_through:
            ground = Image.new("RGBA", image.size, "white")
            ground.alpha_composite(image)
            image = ground
        image.convert("RGB").save(stream, "JPEG", quality=95, subsampling=0)
    elif form == "webp" or (not see_through and image.width * image.height > KEPT_PNG_PIXELS):
        image.save(stream, "WEBP", lossless=True, exact=True, method=0)
    else:
        image.save(stream, "PNG", compress_level=4)
    return stream.getvalue()


def kept_whole(data: bytes, size: tuple[int, int], *, see_through: bool) -> bool:
    """Whether a file is kept without loss by those who keep it."""
    if data.startswith(b"\x89PNG"):
        return len(data) <= KEPT_BYTES and (see_through or size[0] * size[1] <= KEPT_PNG_PIXELS)
    return data.startswith(b"RIFF") and len(data) <= KEPT_BYTES and size[0] * size[1] <= KEPT_WEBP_PIXELS


def confine() -> None:
    """Go with the parent, gain no rights, use no more than the limits, be nice."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    os.nice(NICE)


def received(stream: BinaryIO) -> bytes:
    """The next length-prefixed bytes."""
    (length,) = struct.unpack(">Q", stream.read(8))
    return stream.read(length)


def main(form: str) -> None:
    """Answer once."""
    confine()
    Image.preinit()
    Image.MAX_IMAGE_PIXELS = None  # opened() has a stricter bound
    original, mask, made, tile = (received(sys.stdin.buffer) for _ in range(4))
    try:
        figures, data = obey(original, mask, made, form, tile)
        line = json.dumps(figures)
    except Refused as refused:
        line, data = json.dumps({"refused": refused.word}), b""
    except Exception as error:  # whatever the bytes provoke in a decoder is their fault
        line, data = json.dumps({"refused": "corrupt", "cause": type(error).__name__}), b""
    sys.stdout.buffer.write(line.encode() + b"\n" + data)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1])
