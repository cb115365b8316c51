"""Moves of colour and tone: what "bluer", "warmer" or "black and white" do to the pixels of a whole picture."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

import numpy as np
from numpy.typing import NDArray

from generation.engines.atelier.palette import parts
from generation.engines.atelier.terms import COLOURS

Pixels = NDArray[np.float32]  # height × width × 3, 0 … 255
LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)
SEPIA = (1.07, 0.95, 0.74)
MOST = 3.0  # of any move, however often it is asked for


@dataclass(frozen=True, slots=True)
class Grade:
    """Moves from -3 to 3; 0 leaves all as it is, 1 is plain to see. `red`, `green`, `blue` are a cast of colour.

    `saturation` at -3 leaves no colour; `sepia` 0 … 1 turns grey to brown.
    """

    light: float = 0.0
    contrast: float = 0.0
    saturation: float = 0.0
    red: float = 0.0
    green: float = 0.0
    blue: float = 0.0
    sepia: float = 0.0

    def __add__(self, other: Grade) -> Grade:
        """Both moves, within the bounds."""
        mine, theirs = asdict(self), asdict(other)
        return Grade(**{name: max(-MOST, min(MOST, mine[name] + theirs[name])) for name in mine})

    def times(self, by: float) -> Grade:
        """More or less of it."""
        return Grade(**{name: value * by for name, value in asdict(self).items()})

    @property
    def plain(self) -> bool:
        """Whether it does nothing."""
        return not any(getattr(self, field.name) for field in fields(self))


def cast(colour: str) -> Grade:
    """The move towards a colour (a name of `terms.COLOURS`)."""
    if colour in ("white", "silver"):
        return Grade(light=0.7, saturation=-0.5)
    if colour in ("black", "grey", "gray"):
        return Grade(light=-0.6 if colour == "black" else 0.0, saturation=-0.9)
    red, green, blue = (part / 255 for part in parts(COLOURS[colour]))
    middle = (red + green + blue) / 3
    spread = max(abs(red - middle), abs(green - middle), abs(blue - middle), 0.05)
    return Grade(red=(red - middle) / spread, green=(green - middle) / spread, blue=(blue - middle) / spread)


def graded(pixels: Pixels, grade: Grade) -> Pixels:
    """`pixels` with the moves made; bright and dark ends keep their drawing."""
    if grade.plain:
        return pixels
    out = pixels / np.float32(255)
    if grade.light:
        out = np.clip(out, 0, 1) ** np.float32(2.0 ** (-0.62 * grade.light))
    if grade.contrast:
        slope = np.float32(2.0 ** (0.45 * grade.contrast))
        out = np.float32(0.5) + (out - np.float32(0.5)) * slope
    if grade.saturation:
        grey = (out @ LUMA)[..., None]
        by = np.float32(max(0.0, 1 + grade.saturation * (0.34 if grade.saturation < 0 else 0.42)))
        out = grey + (out - grey) * by
    if grade.red or grade.green or grade.blue:
        grey = np.clip(out @ LUMA, 0, 1)[..., None]
        move = np.array([grade.red, grade.green, grade.blue], dtype=np.float32)
        # The middle tones take the cast, the ends least: a night stays dark, a highlight stays light.
        out = out + move * np.float32(0.115) * (np.float32(0.35) + np.float32(2.6) * grey * (1 - grey))
    if grade.sepia > 0:
        grey = (out @ LUMA)[..., None]
        out = out + (grey * np.array(SEPIA, dtype=np.float32) - out) * np.float32(min(1.0, grade.sepia))
    return np.asarray(np.clip(out * 255, 0, 255), dtype=np.float32)


PLAIN = Grade()
