"""What the child does with a request, by its kind: compose and paint, edit, vary, enlarge, cut out."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from generation.engines.atelier.caption import alt_text, facts
from generation.engines.atelier.composition import make_scene
from generation.engines.atelier.edit import edited
from generation.engines.atelier.grade import Grade
from generation.engines.atelier.guide import strokes_of
from generation.engines.atelier.instruction import Instruction, instruction_of
from generation.engines.atelier.manner import CODE, blended, code_of
from generation.engines.atelier.memory import recalled
from generation.engines.atelier.painter import Painter, Stage, Veil, encoded, laid_over, preview
from generation.engines.atelier.placing import Stroke
from generation.engines.atelier.retouch import Retouched, box_of, opened, restyled, retouched, sentence
from generation.engines.atelier.scene import Scene
from generation.engines.atelier.style import MANNERED, STYLES, UNASKED
from generation.engines.atelier.vary import USUAL, fitted, varied
from generation.engines.atelier.workshop import Workshop, cut_by_scene, cut_out

LONGEST_CANVAS = 1536  # pixels a scene is composed and painted at; what is larger is enlarged at the end
SHORTEST_CANVAS = 64
FULL_STRENGTH = 0.65  # of a style over a foreign picture, when none is said
METHOD_EDITED = "colour moves, drawn figures and neural style transfer over the given picture; not diffusion"
METHOD_ENLARGED = "enlarged by a small convolutional network (ARNet of Anime4KCPP); not diffusion"
METHOD_CUT_SCENE = "background left out by the picture's own scene"
METHOD_CUT = "background left out by saliency and colour"


@dataclass(frozen=True, slots=True)
class Order:
    """One picture to make. `pictures` has the decoded ones: image, mask, guide, reference0 … ."""

    kind: str
    prompt: str
    seed: int
    width: int
    height: int
    output_format: str
    previews: int
    style: str | None = None
    background: str | None = None
    strength: float | None = None
    scale: int = 2
    facts: Mapping[str, object] = field(default_factory=dict)
    pictures: Mapping[str, Image.Image] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Made:
    """A stage, and with the last one what is to be said of the picture."""

    stage: Stage
    alt_text: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


class Studio:
    """Holds the warm networks. One order at a time."""

    def __init__(self, threads: int) -> None:
        self.painter = Painter(threads)
        self.workshop = Workshop(threads)

    def warm(self) -> None:
        """Load what most orders need."""
        self.painter.warm()

    def work(self, order: Order) -> Iterator[Made]:
        """The stages of an order; the last has the picture. Same order, same bytes."""
        if order.kind == "UPSCALE":
            return self.enlarge(order)
        if order.kind == "REMOVE_BACKGROUND":
            return self.cut(order)
        if order.kind in ("EDIT", "VARY"):
            scene = recalled(order.facts)
            if scene is not None:
                return self.rework(order, scene)
            return self.retouch(order)
        return self.generate(order)

    def code(self, order: Order) -> str:
        """The style code of an order: the one it names, else that of its references, else none."""
        if order.style is not None and CODE.fullmatch(order.style) and not inherited(order):
            return order.style
        manners = [
            self.painter.manner(flat(picture))
            for name, picture in order.pictures.items()
            if name.startswith("reference")
        ]
        return code_of(blended(manners)) if manners else ""

    def generate(self, order: Order) -> Iterator[Made]:
        """A picture out of words."""
        named = order.style if order.style in STYLES else None
        scene = make_scene(order.prompt, order.seed, order.width, order.height, named, order.background)
        return self.painted(order, replace(scene, code=self.code(order)))

    def rework(self, order: Order, scene: Scene) -> Iterator[Made]:
        """A picture of atelier's own, edited or varied by its scene."""
        scene = fitted(scene, *canvas_of(order.width, order.height))
        told: dict[str, object] = {}
        overlay, instruction = None, Instruction()
        if order.kind == "VARY":
            amount = USUAL if order.strength is None else order.strength
            scene = varied(scene, amount, order.seed, style_kept=order.style is not None)
            told = {"varied": round(amount, 3)}
        else:
            inside = region_of(order, scene.width, scene.height)
            strokes = drawn_over(order, scene.width, scene.height)
            region = box_of(inside) if inside is not None else None
            instruction = instruction_of(order.prompt)
            outcome = edited(scene, instruction, order.seed, region, strokes)
            scene = outcome.scene
            overlay = leftover(order, outcome.strokes, instruction, scene.width, scene.height)
            did = [*outcome.did, *(["strokes painted over"] if overlay is not None else [])]
            told = {"did": did, "undone": outcome.undone}
        style = style_of(order)
        if style is not None and instruction.style is None:
            scene = replace(scene, style=style, code="")
        code = self.code(order) if instruction.style is None else ""
        scene = replace(scene, code=code or scene.code)
        if order.background == "transparent":
            scene = replace(scene, transparent=True, decor=())
        return self.painted(order, scene, told, overlay)

    def painted(
        self, order: Order, scene: Scene, told: Mapping[str, object] | None = None, overlay: Image.Image | None = None
    ) -> Iterator[Made]:
        """A scene painted, with its words at the end."""
        size = (order.width, order.height)
        said = {**facts(scene), **asked(order), **({"edit": dict(told)} if told else {})}
        for stage in self.painter.paint(
            scene, order.output_format, order.previews, size=size, veil=veil_of(order), overlay=overlay
        ):
            yield Made(stage, alt_text(scene), said) if stage.done else Made(stage)

    def retouch(self, order: Order) -> Iterator[Made]:
        """A picture of somebody else, edited or varied by honest means."""
        image = order.pictures["image"]
        if image.size != (order.width, order.height):
            image = image.resize((order.width, order.height), Image.Resampling.LANCZOS)
        inside = region_of(order, *image.size)
        instruction = Instruction()
        if order.kind == "VARY":
            out, style, strength = self.other(order, image)
            told: dict[str, object] = {"varied": round(USUAL if order.strength is None else order.strength, 3)}
        else:
            instruction = instruction_of(order.prompt)
            out = retouched(image, instruction, order.seed, inside, drawn_over(order, *image.size))
            overlay = leftover(order, out.strokes, instruction, *image.size)
            out.pixels = laid_over(out.pixels, overlay)
            style = instruction.style or style_of(order)
            strength = FULL_STRENGTH if order.strength is None else order.strength
            if instruction.transparent or order.background == "transparent":
                out.alpha = np.asarray(self.workshop.cut(flat(image)))
                out.did.append("background left out")
            told = {"did": out.did, "undone": out.undone}
        veil = veil_of(order)
        first = preview(out.pixels, out.alpha, veil) if order.previews > 0 else b""
        yield Made(Stage("retouching", 0.4, first))
        code = self.code(order) if told.get("varied") or instruction.style is None else ""
        pixels = restyled(self.painter, out.pixels, style, code, strength, order.seed)
        if style or code:
            yield Made(Stage("painting", 0.8, preview(pixels, out.alpha, veil) if order.previews > 1 else b""))
        painted = MANNERED.phrase if code else STYLES[style].phrase if style else ""
        said = {"engine": "atelier", "method": METHOD_EDITED, "edit": told, "style": style, "style_code": code or None,
                **asked(order), "background": "opaque" if out.alpha is None else "transparent"}  # fmt: skip
        data = encoded(pixels, out.alpha, order.output_format)
        yield Made(Stage("finishing", 1.0, data, done=True), sentence(out.did, style or code or None, painted), said)

    def other(self, order: Order, image: Image.Image) -> tuple[Retouched, str | None, float]:
        """A foreign picture for a variation: drawn nearer, its colours moved, and how strongly it is painted in which style."""
        amount = USUAL if order.strength is None else order.strength
        random = Random(f"{order.seed}/other")
        share = 1 - 0.16 * amount * random.random()
        wide, high = image.width * share, image.height * share
        left, top = random.random() * (image.width - wide), random.random() * (image.height - high)
        near = image.resize(image.size, Image.Resampling.LANCZOS, (left, top, left + wide, top + high))
        moves = [random.uniform(-1, 1) * amount for _ in range(6)]
        tinted = Instruction(
            grade=Grade(*(move * 0.7 for move in moves)), mirrored=amount > 0.5 and random.random() < 0.5
        )
        out = retouched(near, tinted, order.seed, None)
        style = style_of(order) or (random.choice(UNASKED) if amount > 0.2 and order.style is None else None)
        return out, style, amount * 0.8

    def enlarge(self, order: Order) -> Iterator[Made]:
        """The picture 2 or 4 times as wide and high."""
        image = order.pictures["image"]
        out = self.workshop.enlarged(image, order.scale)
        if out.size != (order.width, order.height):
            out = out.resize((order.width, order.height), Image.Resampling.LANCZOS)
        scene = recalled(order.facts)
        said = {**kept(order, scene), "method": METHOD_ENLARGED, "scale": order.scale}
        yield Made(Stage("enlarging", 0.6, b""))
        pixels, alpha = opened(out)
        data = encoded(pixels, alpha, order.output_format)
        yield Made(Stage("finishing", 1.0, data, done=True), alt_text(scene) if scene else "", said)

    def cut(self, order: Order) -> Iterator[Made]:
        """What the picture shows, without its background."""
        image = order.pictures["image"]
        scene = recalled(order.facts)
        if scene is not None and scene.nodes and not scene.transparent:
            out = cut_by_scene(image, scene)
            scene = replace(scene, transparent=True, decor=())
            method = METHOD_CUT_SCENE
        else:
            out = cut_out(image, self.workshop.cut(flat(image)))
            method = METHOD_CUT
        if out.size != (order.width, order.height):
            out = out.resize((order.width, order.height), Image.Resampling.LANCZOS)
        said = {**kept(order, scene), "method": method, "background": "transparent"}
        pixels, alpha = opened(out)
        data = encoded(pixels, alpha, order.output_format)
        yield Made(Stage("finishing", 1.0, data, done=True), alt_text(scene) if scene else "", said)


def kept(order: Order, scene: Scene | None) -> dict[str, object]:
    """The facts of the picture worked on, so that a later edit still knows its scene."""
    before = {name: order.facts[name] for name in ("asked_style", "style", "style_code") if name in order.facts}
    return {"engine": "atelier", **before, **(facts(scene) if scene is not None else {}), "seed": str(order.seed)}


def asked(order: Order) -> dict[str, object]:
    """What the request said of itself, to know it again in the next turn."""
    return {"seed": str(order.seed), "asked_style": order.style}


def inherited(order: Order) -> bool:
    """Whether a style is only that of the turn before, by which the picture is painted already."""
    return order.facts.get("engine") == "atelier" and order.facts.get("asked_style") == order.style


def style_of(order: Order) -> str | None:
    """The named style that an edit asks for anew."""
    return order.style if order.style in STYLES and not inherited(order) else None


def canvas_of(width: int, height: int) -> tuple[int, int]:
    """The size a scene is composed at for a picture of these sides: even, and bounded."""
    by = min(1.0, LONGEST_CANVAS / max(width, height))
    wide, high = (max(SHORTEST_CANVAS, round(side * by / 2) * 2) for side in (width, height))
    return wide, high


def flat(image: Image.Image) -> Image.Image:
    """Without transparency, on white."""
    if image.mode != "RGBA":
        return image.convert("RGB")
    ground = Image.new("RGBA", image.size, "white")
    ground.alpha_composite(image)
    return ground.convert("RGB")


def region_of(order: Order, width: int, height: int) -> NDArray[np.bool_] | None:
    """Where the mask lets the picture change, on a canvas of these sides; None without a mask."""
    mask = order.pictures.get("mask")
    if mask is None:
        return None
    alpha = mask.convert("RGBA").getchannel("A").resize((width, height), Image.Resampling.NEAREST)
    return np.asarray(np.asarray(alpha) == 0)


def veil_of(order: Order) -> Veil | None:
    """What keeps the original in previews."""
    mask, image = order.pictures.get("mask"), order.pictures.get("image")
    if mask is None or image is None:
        return None
    return Veil(image, mask.convert("RGBA").getchannel("A").point(lambda value: 255 if value else 0))


def drawn_over(order: Order, width: int, height: int) -> list[Stroke]:
    """The strokes of the guide."""
    guide = order.pictures.get("guide")
    return strokes_of(guide, width, height) if guide is not None else []


def leftover(order: Order, strokes: Sequence[Stroke], told: Instruction, width: int, height: int) -> Image.Image | None:
    """The strokes that stand for themselves: painted over the picture, unless they point at something."""
    guide = order.pictures.get("guide")
    pointing = any(aim.figure is None for aim in told.removals) or any(right is None for _, right, _ in told.moves)
    if guide is None or not strokes or pointing:
        return None
    drawn = guide.convert("RGBA").resize((width, height), Image.Resampling.BOX)
    out = Image.new("RGBA", drawn.size)
    for each in strokes:
        box = (round(each.box[0]), round(each.box[1]), round(each.box[2]), round(each.box[3]))
        out.paste(drawn.crop(box), box[:2])
    return out


class BadPicture(Exception):
    """A picture given to work on cannot be read."""


def decoded(data: bytes) -> Image.Image:
    """A picture, RGB or RGBA. Raises BadPicture."""
    try:
        image: Image.Image = Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP"))
        image.load()
    except (OSError, ValueError, SyntaxError) as error:
        raise BadPicture("A picture given to this job cannot be read.") from error
    see_through = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    return image.convert("RGBA" if see_through else "RGB")
