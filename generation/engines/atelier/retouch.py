"""Edits of a picture that atelier did not make: what can honestly be done without knowing what is in it.

Colours and tones move, weather falls over it, a style is painted over it, figures are drawn into the place a mask or a stroke
names, and what a mask uncovers is filled from around it. What would need to know the picture is told as undone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from generation.engines.atelier import backdrop
from generation.engines.atelier.box import Box
from generation.engines.atelier.caption import listed, plural
from generation.engines.atelier.drawing import document, light_of, silhouettes
from generation.engines.atelier.edit import called
from generation.engines.atelier.finish import Pixels, finished
from generation.engines.atelier.grade import Grade, graded
from generation.engines.atelier.instruction import Instruction
from generation.engines.atelier.painter import Painter, as_bytes, raster
from generation.engines.atelier.placing import Stroke, joined
from generation.engines.atelier.reading import Reading
from generation.engines.atelier.scene import Scene
from generation.engines.atelier.style import MANNERED, STYLES, Style

LONGEST_PAINTED = 1024  # pixels the style network sees of the longer side
HOURS: dict[str, Grade] = {
    "night": Grade(light=-1.3, saturation=-0.5, red=-0.5, blue=0.8, contrast=0.2),
    "dusk": Grade(light=-0.6, red=0.1, green=-0.3, blue=0.5),
    "sunset": Grade(light=-0.15, red=1.0, green=0.1, blue=-0.8, saturation=0.3),
    "dawn": Grade(light=0.1, red=0.6, green=0.0, blue=-0.1),
    "day": Grade(light=0.5, saturation=0.2, contrast=0.1),
}
SEASONS: dict[str, Grade] = {
    "winter": Grade(light=0.25, saturation=-0.9, red=-0.25, blue=0.4),
    "autumn": Grade(red=0.7, green=0.05, blue=-0.7, saturation=0.2),
    "spring": Grade(light=0.2, green=0.35, saturation=0.3),
    "summer": Grade(light=0.2, red=0.25, green=0.15, blue=-0.3, saturation=0.4),
}
WEATHERS: dict[str, Grade] = {
    "rain": Grade(light=-0.4, saturation=-0.7, blue=0.25),
    "storm": Grade(light=-0.8, saturation=-0.8, blue=0.3, contrast=0.3),
    "snow": Grade(light=0.2, saturation=-0.6, blue=0.25),
    "fog": Grade(light=0.2, contrast=-1.2, saturation=-0.8),
    "clouds": Grade(light=-0.2, saturation=-0.4),
}
TONES: dict[str, Grade] = {
    "spooky": Grade(light=-0.8, green=0.3, red=-0.2, saturation=-0.5, contrast=0.3),
    "dreamy": Grade(light=0.4, contrast=-0.5, red=0.3, blue=0.3),
    "neon": Grade(contrast=0.6, saturation=1.4, red=0.4, blue=0.6, green=-0.4),
}
LOCAL_LIGHT = 0.16  # how much of the colours around it a figure takes on


@dataclass(slots=True)
class Retouched:
    """A picture after an instruction: its colours, its alpha if it has any, and in words what was and was not done."""

    pixels: Pixels
    alpha: NDArray[np.uint8] | None
    did: list[str] = field(default_factory=list)
    undone: list[str] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)  # those that no figure took


def opened(image: Image.Image) -> tuple[Pixels, NDArray[np.uint8] | None]:
    """The colours of a picture, and its alpha if it has any."""
    alpha = np.asarray(image.getchannel("A")).copy() if image.mode == "RGBA" else None
    return np.asarray(image.convert("RGB"), dtype=np.float32), alpha


def retouched(
    image: Image.Image, told: Instruction, seed: int, inside: NDArray[np.bool_] | None, strokes: Sequence[Stroke] = ()
) -> Retouched:
    """The picture after an instruction, but for its style. `inside` is what a mask lets change. Deterministic."""
    pixels, alpha = opened(image)
    out = Retouched(pixels, alpha)
    random = Random(f"{seed}/retouch")
    region = box_of(inside) if inside is not None else None
    if told.removals or (told.replacements and inside is not None):
        if inside is not None and not inside.all():
            out.pixels = filled(out.pixels, inside, seed)
            out.did += ["what was under the mask is filled from around it"] if told.removals else []
        else:
            out.undone += [f"no mask says where it is: {called(aim)}" for aim in told.removals]
    for aim, _ in [*told.recolours, *((aim, "") for aim, _ in told.sizes), *((aim, "") for aim, _, _ in told.moves)]:
        out.undone.append(f"not known in this picture: {called(aim)}")
    if told.replacements and inside is None:
        out.undone += [f"no mask says where it is: {called(aim)}" for aim, _ in told.replacements]
    move, weather = moods(out, told)
    out.pixels = graded(out.pixels, told.grade + move)
    if not told.grade.plain:
        out.did.append("colours moved")
    additions = list(told.additions)
    if inside is not None:
        additions += [Reading([subject]) for _, subject in told.replacements]
    out.strokes = list(strokes)
    for reading in additions:
        draw_in(out, reading, seed, random, region, out.strokes)
    if weather is not None:
        rained(out, weather, seed)
    if told.mirrored:
        out.pixels = np.ascontiguousarray(out.pixels[:, ::-1])
        out.alpha = np.ascontiguousarray(out.alpha[:, ::-1]) if out.alpha is not None else None
        out.did.append("mirrored")
    out.undone += [f"not known: {word}" for word in told.unread]
    return out


def moods(out: Retouched, told: Instruction) -> tuple[Grade, str | None]:
    """What the words of hour and weather do to the colours, and what is to fall."""
    move, weather = Grade(), None
    for name, value in told.moods.items():
        table = {"time": HOURS, "season": SEASONS, "weather": WEATHERS, "tone": TONES}.get(name, {})
        if value in table:
            move = move + table[value]
            out.did.append(value)
            weather = value if name == "weather" else weather
        else:
            out.undone.append(f"{name} cannot be changed in this picture")
    return move, weather


def box_of(inside: NDArray[np.bool_]) -> Box | None:
    """The box around what a mask lets change."""
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    if not len(rows):
        return None
    return float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1)


def filled(pixels: Pixels, inside: NDArray[np.bool_], seed: int) -> Pixels:
    """What is inside replaced by what is around it: colours drawn in from the edge, and the grain of the surroundings."""
    levels: list[tuple[Pixels, Pixels]] = []
    weight = (~inside).astype(np.float32)[..., None]
    colour: Pixels = pixels * weight
    while min(colour.shape[:2]) > 2:
        levels.append((colour, weight))
        colour, weight = halved(colour), halved(weight)
    filling = colour / np.maximum(weight, 1e-6)
    for known, share in reversed(levels):
        wide = Image.Resampling.BILINEAR
        large = np.stack(
            [
                np.asarray(Image.fromarray(filling[..., k]).resize((known.shape[1], known.shape[0]), wide))
                for k in range(3)
            ],
            axis=-1,
        )
        own = np.clip(share * 4, 0, 1)
        filling = np.where(share > 0, known / np.maximum(share, 1e-6), 0) * own + large * (1 - own)
    ring = np.asarray(Image.fromarray(inside).convert("L").filter(ImageFilter.MaxFilter(21))) > 0
    ring &= ~inside
    soft = np.asarray(Image.fromarray(as_bytes(pixels)).filter(ImageFilter.GaussianBlur(2)), dtype=np.float32)
    grain = float((pixels - soft)[ring].std()) if ring.any() else 0.0
    noise = np.random.default_rng(seed % (1 << 32)).normal(0, min(grain, 12.0), pixels.shape[:2]).astype(np.float32)
    return np.asarray(np.where(inside[..., None], filling + noise[..., None], pixels), dtype=np.float32)


def halved(values: Pixels) -> Pixels:
    """Sums of four, half as large; an odd edge is doubled."""
    framed = np.pad(values, ((0, values.shape[0] % 2), (0, values.shape[1] % 2), (0, 0)), mode="edge")
    return np.asarray(
        (framed[0::2, 0::2] + framed[1::2, 0::2] + framed[0::2, 1::2] + framed[1::2, 1::2]) / 4, dtype=np.float32
    )


def stand_in(width: int, height: int, seed: int, weather: str | None = None) -> Scene:
    """A scene without anything in it, to draw in the way of scenes."""
    return Scene(
        prompt="", seed=seed, width=width, height=height, style="flat", transparent=True, setting="meadow", time="day",
        weather=weather, season=None, tone=None, mood=(), stars=False, horizon=0.45 * height, shore=float(height), nodes=(),
        decor=(), names=(), links=(),
    )  # fmt: skip


def draw_in(
    out: Retouched, reading: Reading, seed: int, random: Random, region: Box | None, strokes: list[Stroke]
) -> None:
    """Draw figures into the picture, with a shadow, in a little of the light around them."""
    high, wide = out.pixels.shape[:2]
    if region is None and not strokes:
        left = random.choice((0.06, 0.36, 0.6)) * wide
        region = (left, 0.5 * high, left + 0.34 * wide, 0.95 * high)
    empty = stand_in(wide, high, seed)
    scene = joined(empty, reading, {}, random, region, strokes)
    drawn = raster(scene.svg(), wide, high)
    alpha = drawn[..., 3:4].astype(np.float32) / 255
    shape = Image.fromarray(raster(silhouettes(scene), wide, high)[..., 3])
    shade = shadow(shape, scene)
    out.pixels = out.pixels * (1 - np.float32(0.42) * shade[..., None])
    around = np.asarray(
        Image.fromarray(as_bytes(out.pixels)).resize((16, 16), Image.Resampling.BOX).resize((wide, high)),
        dtype=np.float32,
    )
    figures = drawn[..., :3].astype(np.float32) * (1 - LOCAL_LIGHT) + around * LOCAL_LIGHT
    out.pixels = np.asarray(out.pixels * (1 - alpha) + figures * alpha, dtype=np.float32)
    if out.alpha is not None:
        out.alpha = np.maximum(out.alpha, drawn[..., 3])
    words = [
        f"{'an' if each.said[:1] in 'aeiou' else 'a'} {each.said}"
        if each.count == 1
        else f"{each.count} {plural(each.said)}"
        for each in reading.subjects
    ]
    out.did.append(f"drawn in: {listed(words)}")


def shadow(shape: Image.Image, scene: Scene) -> NDArray[np.float32]:
    """A soft patch under the foot of every figure that stands, 0 … 1."""
    spots = "".join(
        f'<ellipse cx="{node.x:.0f}" cy="{node.y:.0f}" rx="{node.width * 0.46:.0f}" ry="{max(3.0, node.height * 0.05):.0f}"/>'
        for node in scene.nodes
        if node.zone not in ("sky", "air")
    )
    patch = Image.fromarray(raster(document(scene, "", spots), *shape.size)[..., 3])
    unit = min(shape.size) / 512
    return np.asarray(patch.filter(ImageFilter.GaussianBlur(4 * unit)), dtype=np.float32) / np.float32(255)


def rained(out: Retouched, weather: str, seed: int) -> None:
    """Let rain, snow or fog lie over the picture."""
    high, wide = out.pixels.shape[:2]
    scene = replace(stand_in(wide, high, seed, weather), transparent=False)
    light = light_of(scene)
    unit = min(wide, high) / 512
    soft = f'<filter id="softer" x="-30%" y="-30%" width="160%" height="160%"><feGaussianBlur stdDeviation="{14 * unit:.1f}"/></filter>'
    fallen = raster(document(scene, soft, backdrop.weather(scene, light, Random(f"{seed}/weather"))), wide, high)
    alpha = fallen[..., 3:4].astype(np.float32) / 255
    out.pixels = np.asarray(out.pixels * (1 - alpha) + fallen[..., :3] * alpha, dtype=np.float32)


def restyled(painter: Painter, pixels: Pixels, style: str | None, code: str, strength: float, seed: int) -> Pixels:
    """The picture painted over in a style. The network sees a smaller one; its change is laid over the picture's own detail."""
    if style is None and not code:
        return pixels
    plan: Style = MANNERED if code else STYLES[style or "flat"]
    high, wide = pixels.shape[:2]
    out = pixels
    if plan.weights:
        by = min(1.0, LONGEST_PAINTED / max(high, wide))
        size = (max(64, round(wide * by)), max(64, round(high * by)))
        small = np.asarray(Image.fromarray(as_bytes(pixels)).resize(size, Image.Resampling.LANCZOS), dtype=np.float32)
        painted = painter.painted(small, plan, seed, code)
        share = np.float32(min(1.0, plan.strength * (0.35 + strength)))
        base = painter.sized(small + (painted - small) * share, (wide, high))
        fine = pixels - np.asarray(
            Image.fromarray(as_bytes(pixels)).filter(ImageFilter.GaussianBlur(2.0)), dtype=np.float32
        )
        out = base + fine * np.float32(0.35)
    return finished(np.asarray(out, dtype=np.float32), plan.finish, seed % (1 << 32), rim=False)


def sentence(did: Sequence[str], style: str | None, painted: str) -> str:
    """Alternative text for an edited picture whose content is not known."""
    drawn = [word.removeprefix("drawn in: ") for word in did if word.startswith("drawn in: ")]
    parts = [f"with {listed(drawn)} drawn in" if drawn else ""]
    parts += [f"at {word}" if word in ("night", "dusk", "sunset", "dawn") else "" for word in did]
    parts.append(
        {"rain": "in the rain", "snow": "in falling snow", "fog": "in fog"}.get(
            next((w for w in did if w in WEATHERS), ""), ""
        )
    )
    text = " ".join(part for part in ["A picture", *parts] if part)
    return f"{text}, {painted}." if style else f"{text}."
