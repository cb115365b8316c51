"""The named styles: which weights of the network paint them, how strongly, and what is done before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from types import MappingProxyType

from generation.engines.atelier.reading import Reading


@dataclass(frozen=True, slots=True)
class Style:
    """How a picture is painted. `weights`: share of each of the network's 26 styles (empty: no neural pass).

    `strength`: of the painted over the drawn picture; `care`: how much less of it on figures; `colour`: how much of the
    drawn picture's own colour is kept; `finish`: what is done afterwards (see `finish.py`).
    """

    name: str
    phrase: str
    weights: Mapping[int, float] = field(default_factory=dict)
    strength: float = 0.8
    care: float = 0.25
    colour: float = 0.5
    finish: str = ""


STYLES: Mapping[str, Style] = MappingProxyType(
    {
        style.name: style
        for style in (
            Style("watercolour", "painted like a watercolour", {14: 0.45, 12: 0.4, 0: 0.15}, 0.72, 0.3, 0.75, "paper"),
            Style("oil", "painted like oil on canvas", {5: 0.5, 25: 0.3, 10: 0.2}, 0.72, 0.25, 0.72, "canvas"),
            Style("van-gogh", "painted in the manner of Van Gogh", {19: 0.75, 16: 0.25}, 0.86, 0.2, 0.45, "canvas"),
            Style(
                "impressionist",
                "painted like an impressionist canvas",
                {0: 0.45, 16: 0.35, 12: 0.2},
                0.78,
                0.22,
                0.62,
                "canvas",
            ),
            Style("mosaic", "laid like a mosaic", {15: 0.6, 6: 0.4}, 0.6, 0.3, 0.75, "tiles"),
            Style("stained-glass", "like a stained-glass window", {15: 0.7, 3: 0.3}, 0.72, 0.3, 0.7, "vivid"),
            Style("ink", "drawn in ink", {2: 0.6, 24: 0.4}, 0.8, 0.2, 0.1, "ink"),
            Style("sketch", "sketched in pencil", {11: 0.5, 2: 0.5}, 0.7, 0.2, 0.1, "pencil"),
            Style("woodcut", "like a woodcut print", {11: 0.6, 24: 0.4}, 0.85, 0.2, 0.35, "paper"),
            Style("pop-art", "in the manner of pop art", {7: 0.3, 8: 0.7}, 0.5, 0.35, 0.6, "halftone"),
            Style("expressionist", "in an expressionist manner", {22: 0.5, 4: 0.3, 13: 0.2}, 0.82, 0.25, 0.4, "canvas"),
            Style("cubist", "in a cubist manner", {21: 0.55, 5: 0.45}, 0.75, 0.35, 0.55, "canvas"),
            Style("pastel", "drawn in soft pastels", {12: 0.7, 14: 0.3}, 0.7, 0.3, 0.7, "soft"),
            Style("art-deco", "like an art deco poster", {23: 0.7, 4: 0.3}, 0.6, 0.3, 0.6, "poster"),
            Style("crayon", "drawn in wax crayon", {16: 0.5, 19: 0.2, 8: 0.3}, 0.7, 0.3, 0.78, "paper"),
            Style("pixel", "in pixel art", {}, 0.0, 0.0, 1.0, "pixels"),
            Style("flat", "as a flat illustration", {}, 0.0, 0.0, 1.0, ""),
        )
    }
)
MANNERED = Style("manner", "in the manner of its models", {0: 1.0}, 0.92, 0.22, 0.22, "")  # painted by 100 numbers
PAINTED_WHOLE = 576  # pixels: up to this side the network sees the picture at its full size, else at half
UNASKED = ("watercolour", "oil", "impressionist", "pastel", "van-gogh", "art-deco")


def halved(style: Style, width: int, height: int) -> bool:
    """Whether a picture is painted at half its size and then enlarged."""
    return bool(style.weights) and min(width, height) > PAINTED_WHOLE


def chosen_style(asked: str | None, reading: Reading, random: Random) -> str:
    """The name of the style: the one asked for if it is known, else the prompt's, else the seed's."""
    by_seed = random.choice(UNASKED)
    if asked is not None and asked in STYLES:
        return asked
    return reading.style or by_seed
