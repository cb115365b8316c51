"""What is done to a painted picture at the end: paper, canvas, tiles, dots, pixels, ink; grain and a darker rim."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Pixels = NDArray[np.float32]  # height × width × 3, 0 … 255


def finished(pixels: Pixels, finish: str, seed: int, *, rim: bool) -> Pixels:
    """`pixels` with the finish of a style; `rim` darkens the corners a little. Same arguments, same result."""
    random = np.random.default_rng(seed)
    out = pixels
    if finish == "paper":
        out = out * textured(pixels.shape, random, 3, 0.034) + 3
    elif finish == "canvas":
        out = woven(out)
        out = out * textured(pixels.shape, random, 2, 0.03)
    elif finish == "tiles":
        out = tiled(out)
    elif finish == "vivid":
        out = saturated(out, 1.35)
    elif finish == "ink":
        out = inked(out)
        out = out * textured(pixels.shape, random, 3, 0.04)
    elif finish == "pencil":
        out = pencilled(out)
        out = out * textured(pixels.shape, random, 2, 0.05)
    elif finish == "halftone":
        out = dotted(saturated(out, 1.3))
    elif finish == "soft":
        out = out * textured(pixels.shape, random, 2, 0.06) * 0.97 + 10
    elif finish == "poster":
        out = posterised(out, 7) * textured(pixels.shape, random, 2, 0.03)
    elif finish == "pixels":
        return pixelled(out)
    if rim and finish not in ("tiles", "halftone"):
        out = out * vignette(pixels.shape[0], pixels.shape[1])
    return np.asarray(np.clip(out, 0, 255), dtype=np.float32)


def textured(shape: tuple[int, ...], random: np.random.Generator, grain: int, strength: float) -> Pixels:
    """A field around 1: noise whose grains are `grain` pixels wide."""
    high, wide = shape[0] // grain + 2, shape[1] // grain + 2
    noise = Image.fromarray((random.random((high, wide)) * 255).astype(np.uint8))
    field = np.asarray(noise.resize((wide * grain, high * grain), Image.Resampling.BICUBIC), dtype=np.float32)
    return np.asarray(1 + (field[: shape[0], : shape[1], None] / 255 - 0.5) * 2 * strength, dtype=np.float32)


def woven(pixels: Pixels) -> Pixels:
    """The weave of a canvas."""
    y, x = np.mgrid[0 : pixels.shape[0], 0 : pixels.shape[1]].astype(np.float32)
    weave = 1 + 0.022 * np.sin(x * 1.9) * np.cos(y * 0.95) + 0.022 * np.sin(y * 1.9) * np.cos(x * 0.95)
    return np.asarray(pixels * weave[..., None], dtype=np.float32)


def vignette(high: int, wide: int) -> Pixels:
    """A field of 1 in the middle and a little less in the corners."""
    y = np.linspace(-1, 1, high, dtype=np.float32)[:, None, None]
    x = np.linspace(-1, 1, wide, dtype=np.float32)[None, :, None]
    return np.asarray(1 - 0.13 * np.clip(x * x + y * y - 0.55, 0, None), dtype=np.float32)


def saturated(pixels: Pixels, by: float) -> Pixels:
    """Stronger colours."""
    grey = pixels @ np.array([0.299, 0.587, 0.114], dtype=np.float32)
    return np.asarray(np.clip(grey[..., None] + (pixels - grey[..., None]) * by, 0, 255), dtype=np.float32)


def tiled(pixels: Pixels) -> Pixels:
    """Small square stones of one colour each, with a bright edge above and mortar between."""
    side = max(4, round(min(pixels.shape[:2]) / 96))
    high, wide = pixels.shape[0] // side, pixels.shape[1] // side
    full = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    stones = np.asarray(full.resize((wide, high), Image.Resampling.BOX), dtype=np.float32)
    random = np.random.default_rng(7)
    stones = stones * (1 + (random.random((high, wide, 1)).astype(np.float32) - 0.5) * 0.16)
    mixed = np.asarray(
        Image.fromarray(np.clip(stones, 0, 255).astype(np.uint8)).resize(
            (pixels.shape[1], pixels.shape[0]), Image.Resampling.NEAREST
        ),
        dtype=np.float32,
    )
    out = mixed * 0.72 + pixels * 0.28
    rows = (np.arange(pixels.shape[0]) * high // pixels.shape[0]).astype(int)
    columns = (np.arange(pixels.shape[1]) * wide // pixels.shape[1]).astype(int)
    edge_y, edge_x = np.diff(rows, prepend=-1) != 0, np.diff(columns, prepend=-1) != 0
    mortar = edge_y[:, None] | edge_x[None, :]
    out[mortar] = out[mortar] * 0.45 + 24
    shine = (np.roll(edge_y, 1)[:, None] | np.roll(edge_x, 1)[None, :]) & ~mortar
    out[shine] = out[shine] * 0.86 + 34
    return np.asarray(np.clip(out, 0, 255), dtype=np.float32)


def inked(pixels: Pixels) -> Pixels:
    """Grey washes of ink on warm paper, a breath of the colour left."""
    grey = pixels @ np.array([0.299, 0.587, 0.114], dtype=np.float32)
    low, high = np.percentile(grey, (2, 98))
    tone = np.clip((grey - low) / max(1.0, float(high - low)), 0, 1) ** 0.85
    paper, ink = np.array([246, 240, 226], dtype=np.float32), np.array([28, 30, 44], dtype=np.float32)
    wash = ink + (paper - ink) * tone[..., None]
    return np.asarray(wash * 0.86 + pixels * 0.14, dtype=np.float32)


def pencilled(pixels: Pixels) -> Pixels:
    """Outlines and soft shading of a pencil, on white paper."""
    grey = np.clip(pixels @ np.array([0.299, 0.587, 0.114], dtype=np.float32), 0, 255)
    inverse = Image.fromarray((255 - grey).astype(np.uint8)).filter(
        ImageFilter.GaussianBlur(max(2.0, min(pixels.shape[:2]) / 110))
    )
    dodge = np.clip(grey * 255 / np.clip(256 - np.asarray(inverse, dtype=np.float32), 1, None), 0, 255)
    shade = 120 + grey * 0.53
    y, x = np.mgrid[0 : pixels.shape[0], 0 : pixels.shape[1]].astype(np.float32)
    hatch = (
        1 - 0.12 * (np.sin((x + y) * 0.75) > 0.4) * (grey < 150) - 0.1 * (np.sin((x - y) * 0.75) > 0.5) * (grey < 85)
    )
    tone = np.minimum(dodge, shade * 0.35 + dodge * 0.65) * hatch
    paper = np.array([1.0, 0.985, 0.955], dtype=np.float32)
    return np.asarray(np.clip(tone[..., None] * paper * 0.9 + pixels * 0.1, 0, 255), dtype=np.float32)


def dotted(pixels: Pixels) -> Pixels:
    """Few colours under a screen of dots, as comics were printed."""
    flat = posterised(pixels, 5)
    cell = max(4.0, min(pixels.shape[:2]) / 110)
    y, x = np.mgrid[0 : pixels.shape[0], 0 : pixels.shape[1]].astype(np.float32)
    u, v = (x + y) / cell * 0.7071, (x - y) / cell * 0.7071
    screen = (np.cos(u * 2 * np.pi) + np.cos(v * 2 * np.pi)) / 4 + 0.5
    grey = flat @ np.array([0.299, 0.587, 0.114], dtype=np.float32) / 255
    dots = np.clip((screen - grey) * 6 + 0.4, 0, 1)[..., None]
    return np.asarray(flat * (1 - 0.24 * dots), dtype=np.float32)


def posterised(pixels: Pixels, steps: int) -> Pixels:
    """Colours rounded to a few levels."""
    return np.asarray(np.round(np.clip(pixels, 0, 255) / 255 * steps) / steps * 255, dtype=np.float32)


def pixelled(pixels: Pixels) -> Pixels:
    """Big square pixels of 48 colours."""
    high, wide = pixels.shape[:2]
    scale = 112 / min(high, wide)
    full = Image.fromarray(np.clip(saturated(pixels, 1.15), 0, 255).astype(np.uint8))
    small = full.resize((max(1, round(wide * scale)), max(1, round(high * scale))), Image.Resampling.BOX)
    few = small.quantize(48, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).convert("RGB")
    return np.asarray(few.resize((wide, high), Image.Resampling.NEAREST), dtype=np.float32)
