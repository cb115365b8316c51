"""The figures: vector art with measurements, recoloured on demand, heads with a body and busts with legs."""

from __future__ import annotations

import colorsys
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from generation.engines.atelier.lexicon import FIGURES, entries
from generation.engines.atelier.terms import COLOURS

UNITS = 32.0  # a figure is drawn in a square of this many units


@dataclass(frozen=True, slots=True)
class Figure:
    """Art in its own units: `body` (SVG), `box` (left, top, right, bottom of what is opaque), `top` (how low the outline
    starts in eight columns of the box) and `tint` (the colours that make it up, the main one first)."""

    name: str
    body: str
    box: tuple[float, float, float, float]
    top: tuple[float, ...]
    tint: tuple[str, ...]

    @property
    def width(self) -> float:
        """Units across."""
        return self.box[2] - self.box[0]

    @property
    def height(self) -> float:
        """Units high."""
        return self.box[3] - self.box[1]


@cache
def _stored() -> Mapping[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for group in sorted({entry.group for entry in entries().values()}):
        found.update(json.loads((FIGURES / f"{group}.json").read_text("utf-8")))
    return MappingProxyType(found)


@cache
def emoji_figures() -> dict[str, str]:
    """emoji → figure."""
    return {str(art["emoji"]): name for name, art in sorted(_stored().items()) if "emoji" in art}


@cache
def figure(name: str, colour: str | None = None) -> Figure:
    """The figure called `name` (a name of the lexicon), in `colour` (a name of `terms.COLOURS`) if one is given."""
    art = _stored()[name]
    body = str(art["body"])
    box, top, tint = art["box"], art["top"], art["tint"]
    assert isinstance(box, list)
    assert isinstance(top, list)
    assert isinstance(tint, list)
    made = Figure(name, body, (box[0], box[1], box[2], box[3]), tuple(top), tuple(tint))
    frame = entries()[name].frame
    if colour is not None:
        made = recoloured(made, COLOURS[colour])
    if frame == "head":
        made = embodied(made)
    elif frame == "bust":
        made = on_legs(made)
    return made


def recoloured(plain: Figure, target: str) -> Figure:
    """`plain` with its main colours moved to `target`, lighter and darker as they were."""
    if not plain.tint:
        return plain
    th, tl, ts = hls(target)
    base = hls(plain.tint[0])[1]
    changed = {}
    for old in plain.tint:
        light = min(0.97, max(0.06, tl + (hls(old)[1] - base) * 0.8))
        changed[old] = as_hex(th, light, ts)
    pattern = re.compile("|".join(re.escape(f'"{old}"') for old in sorted(changed)), re.IGNORECASE)
    body = pattern.sub(lambda match: f'"{changed[match.group().strip(chr(34)).lower()]}"', plain.body)
    return Figure(plain.name, body, plain.box, plain.top, tuple(changed[old] for old in plain.tint))


def hls(colour: str) -> tuple[float, float, float]:
    """Hue, lightness and saturation, 0 … 1, of #rgb or #rrggbb."""
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return colorsys.rgb_to_hls(*(int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)))


def as_hex(hue: float, light: float, strong: float) -> str:
    """#rrggbb of hue, lightness and saturation."""
    return "#" + "".join(f"{round(part * 255):02x}" for part in colorsys.hls_to_rgb(hue, light, strong))


def shade(colour: str, by: float) -> str:
    """`colour` lighter (`by` > 0) or darker."""
    hue, light, strong = hls(colour)
    return as_hex(hue, min(0.97, max(0.05, light + by)), strong)


def embodied(head: Figure) -> Figure:
    """A head on a small sitting body in its own colours, tail on the right; people get clothes."""
    people = entries()[head.name].group == "people"
    main = head.tint[0] if head.tint else "#8a5a3b"
    coat = CLOTHES.get(head.name, main)
    dark, belly = shade(coat, -0.1), shade(coat, 0.16)
    left, top, right, bottom = head.box
    middle, half = (left + right) / 2, (right - left) / 2
    floor = bottom + half * 0.98
    wide = half * (0.62 if people else 0.72)
    legs = ""
    if people:
        shoes = shade(coat, -0.25)
        body = f'<path fill="{coat}" d="M{middle - wide:.1f} {floor - 2:.1f}C{middle - wide:.1f} {bottom - 6:.1f} {middle + wide:.1f} {bottom - 6:.1f} {middle + wide:.1f} {floor - 2:.1f}z"/>'
        for side in (-1, 1):
            x = middle + side * wide * 0.5
            legs += f'<rect x="{x - 2.1:.1f}" y="{floor - 2.4:.1f}" width="4.2" height="2.6" rx="1.2" fill="{shoes}"/>'
            arm = middle + side * wide * 0.98
            legs += f'<ellipse cx="{arm:.1f}" cy="{floor - 5:.1f}" rx="1.7" ry="2.6" fill="{dark}"/>'
    else:
        long = head.name in ("fox", "wolf", "raccoon", "lion")
        tail_x, tail_y = middle + wide * 0.9, floor - half * 0.18
        body = (
            (
                f'<path fill="none" stroke="{dark}" stroke-width="{half * 0.3:.1f}" stroke-linecap="round" d="M{tail_x:.1f} {tail_y:.1f}'
                f'q{half * 0.75:.1f} {half * 0.05:.1f} {half * 0.62:.1f} {-half * 0.72:.1f}"/>'
                if long
                else f'<circle cx="{tail_x:.1f}" cy="{tail_y:.1f}" r="{half * 0.17:.1f}" fill="{dark}"/>'
            )
            + f'<ellipse cx="{middle:.1f}" cy="{bottom + half * 0.2:.1f}" rx="{wide:.1f}" ry="{half * 0.78:.1f}" fill="{coat}"/>'
            f'<ellipse cx="{middle:.1f}" cy="{bottom + half * 0.36:.1f}" rx="{wide * 0.55:.1f}" ry="{half * 0.55:.1f}" fill="{belly}"/>'
        )
        for side in (-1, 1):
            x = middle + side * wide * 0.62
            legs += f'<ellipse cx="{x:.1f}" cy="{floor - half * 0.16:.1f}" rx="{half * 0.3:.1f}" ry="{half * 0.19:.1f}" fill="{dark}"/>'
    whole = f"<g>{body}{legs}{head.body}</g>"
    wider = half * 0.32 if not people and head.name in ("fox", "wolf", "raccoon", "lion") else 0.0
    return Figure(head.name, whole, (left, top, right + wider, floor), head.top, head.tint)


CLOTHES = {  # of the heads that are people
    "boy": "#2f7de1",
    "girl": "#d6339a",
    "child": "#3fa34d",
    "baby": "#8fd3f5",
    "old-man": "#6b6f85",
    "old-woman": "#8145c0",
    "baby-angel": "#f4f4ff",
    "santa-claus": "#e5383b",
    "clown-face": "#f5a11f",
    "skull": "#e8e3da",
    "goblin": "#c1121f",
    "ogre": "#7d3b1f",
    "alien": "#8d99ae",
    "robot": "#9aa8bd",
    "jack-o-lantern": "#3a2f45",
}


def on_legs(bust: Figure) -> Figure:
    """A bust with two legs and shoes under it."""
    left, _, right, bottom = bust.box
    middle, cloth, shoe = (left + right) / 2, TROUSERS.get(bust.name, "#3b3f63"), "#2a2433"
    legs = ""
    for side in (-1, 1):
        x = middle + side * 3.9
        legs += (
            f'<rect x="{x - 3.1:.1f}" y="{bottom - 2:.1f}" width="6.2" height="10" rx="1.6" fill="{cloth}"/>'
            f'<rect x="{x - 3.4 + side * 0.5:.1f}" y="{bottom + 6.6:.1f}" width="6.8" height="3" rx="1.5" fill="{shoe}"/>'
        )
    return Figure(bust.name, f"<g>{legs}{bust.body}</g>", (*bust.box[:3], bottom + 9.6), bust.top, bust.tint)


TROUSERS = {
    "astronaut": "#e6e6e6",
    "woman-astronaut": "#e6e6e6",
    "ninja": "#2b2140",
    "cook": "#e6e6e6",
    "princess": "#8145c0",
    "prince": "#00a6ed",
    "man-mage": "#0074ba",
    "woman-mage": "#0074ba",
    "woman-with-veil": "#f4f4f4",
    "firefighter": "#ca0b4a",
}
