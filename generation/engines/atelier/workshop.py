"""Work on any picture: enlarging it, and cutting what it shows out of its background."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pyanime4k import Processor

from generation.engines.atelier.cutter import Cutter
from generation.engines.atelier.drawing import silhouettes
from generation.engines.atelier.painter import raster
from generation.engines.atelier.scene import Scene

NETWORK = "arnet-hdn"  # nearest to the original of the six; see docs/atelier.md

BLEEDS = 6  # halvings


class Workshop:
    """Holds the enlarging network for photographs."""

    def __init__(self, threads: int) -> None:
        self.enlarger = Processor("cpu", 0, NETWORK)
        self._cutter = Cutter(threads)

    def cut(self, image: Image.Image) -> Image.Image:
        """How much of each pixel is figure and not background, as an image of one channel."""
        return self._cutter.alpha(image)

    def enlarged(self, image: Image.Image, scale: int) -> Image.Image:
        """The picture 2 or 4 times as wide and high; transparency is enlarged smoothly."""
        alpha = image.getchannel("A") if image.mode == "RGBA" else None
        colours = np.ascontiguousarray(np.asarray(bled(image) if alpha is not None else image.convert("RGB")))
        step = 1
        while step < scale:
            colours = np.ascontiguousarray(self.enlarger(colours, 2.0))
            step *= 2
        out = Image.fromarray(colours)
        if alpha is not None:
            out.putalpha(alpha.resize(out.size, Image.Resampling.BICUBIC))
        return out


def bled(image: Image.Image) -> Image.Image:
    """The colours of a see-through picture, drawn on beyond its edges so that none darkens them."""
    step = image.convert("RGBa")
    ground = np.full((image.height, image.width, 3), 255, dtype=np.uint8)
    layers = [step.convert("RGBA")]
    for _ in range(BLEEDS):
        step = step.resize((max(1, step.width // 2), max(1, step.height // 2)), Image.Resampling.BOX)
        layers.append(step.resize(image.size, Image.Resampling.BILINEAR).convert("RGBA"))
    for layer in reversed(layers):
        pixels = np.asarray(layer)
        ground = np.where(pixels[..., 3:4] > 8, pixels[..., :3], ground)
    return Image.fromarray(ground)


def cut_by_scene(image: Image.Image, scene: Scene) -> Image.Image:
    """A picture of atelier's without its background: its scene knows exactly where the figures are."""
    alpha: NDArray[np.uint8] = raster(silhouettes(scene), image.width, image.height)[..., 3]
    out = image.convert("RGB")
    if image.mode == "RGBA":
        alpha = np.minimum(alpha, np.asarray(image.getchannel("A")))
    out.putalpha(Image.fromarray(alpha))
    return out


def cut_out(image: Image.Image, alpha: Image.Image) -> Image.Image:
    """The picture with this alpha, and no more of it than it had."""
    out = image.convert("RGB")
    if image.mode == "RGBA":
        alpha = Image.fromarray(np.minimum(np.asarray(alpha), np.asarray(image.getchannel("A"))))
    out.putalpha(alpha)
    return out
