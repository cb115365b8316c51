"""The words of instructions: verbs, sizes, directions and the names of colour moves, as the reader of words sees them."""

from __future__ import annotations

from generation.engines.atelier.grade import Grade
from generation.engines.atelier.terms import spread

VERBS: dict[str, str] = spread(
    {
        "remove": "remove delete erase drop lose hide get_rid_of take_away take_out cut_out clear_away without no minus wipe_out "
        "leave_out dont_show not_the eliminate omit",
        "add": "add put place insert include draw plus give with let_there_be there_should_be there_is there_are bring_in "
        "i_want_to_see and_also_add",
        "replace": "replace swap exchange substitute",
        "make": "make turn change paint colour color recolour recolor tint render redo set transform convert",
        "move": "move shift push slide bring",
        "flip": "flip mirror reverse",
    }
)
SIZES: dict[str, float] = {
    "bigger": 1.35, "larger": 1.35, "taller": 1.3, "big": 1.4, "large": 1.4, "huge": 1.7, "giant": 1.8, "enormous": 1.8, "enlarge": 1.35,
    "smaller": 0.7, "little": 0.7, "small": 0.65, "tiny": 0.45, "shorter": 0.75, "shrink": 0.7, "thinner": 0.8,
}  # fmt: skip
MOVES: dict[str, tuple[float, float]] = {  # shares of the canvas: right, down; "nearer" and "farther" are down and up in depth
    "left": (-0.22, 0.0), "right": (0.22, 0.0), "up": (0.0, -0.14), "higher": (0.0, -0.14), "down": (0.0, 0.14), "lower": (0.0, 0.14),
    "nearer": (0.0, 0.12), "closer": (0.0, 0.12), "forward": (0.0, 0.12), "foreground": (0.0, 0.2), "front": (0.0, 0.16),
    "farther": (0.0, -0.12), "further": (0.0, -0.12), "back": (0.0, -0.12), "away": (0.0, -0.12), "background": (0.0, -0.2),
}  # fmt: skip
MIDDLES = frozenset({"middle", "center", "centre"})
AMOUNTS: dict[str, float] = {
    "slightly": 0.5, "bit": 0.5, "little": 0.5, "somewhat": 0.6, "touch": 0.5, "much": 1.6, "very": 1.5, "far": 1.7, "lot": 1.6, "way": 1.7,
    "really": 1.4, "extremely": 2.0, "completely": 2.0, "even": 1.2,
}  # fmt: skip
_GRADES: tuple[tuple[str, Grade], ...] = (
    ("brighter lighter more_light more_bright", Grade(light=0.8)),
    ("darker dimmer less_light less_bright more_dark gloomier", Grade(light=-0.8)),
    ("warmer more_warm hotter", Grade(red=0.8, green=0.15, blue=-0.75)),
    ("colder cooler more_cold icier less_warm", Grade(red=-0.7, blue=0.8)),
    ("more_contrast higher_contrast high_contrast punchier more_dramatic", Grade(contrast=1.0)),
    ("less_contrast lower_contrast low_contrast softer flatter gentler", Grade(contrast=-0.8)),
    (
        "more_saturated more_colourful more_colorful more_vivid more_vibrant more_colour more_color",
        Grade(saturation=1.0),
    ),
    ("vivid vibrant colourful colorful saturated", Grade(saturation=0.9)),
    (
        "less_saturated less_colourful less_colorful less_vivid paler muted desaturated faded washed_out",
        Grade(saturation=-1.1),
    ),
    ("black_and_white monochrome greyscale grayscale grey_scale colourless colorless", Grade(saturation=-3.0)),
    ("sepia sepia_tone sepia_toned old_photo old_photograph", Grade(saturation=-0.6, contrast=-0.2, sepia=0.9)),
    ("moodier", Grade(light=-0.5, contrast=0.5, saturation=-0.3)),
    ("sunnier happier", Grade(light=0.4, saturation=0.4, red=0.35, green=0.2, blue=-0.4)),
)
GRADES: dict[str, Grade] = {phrase.replace("_", " "): grade for phrases, grade in _GRADES for phrase in phrases.split()}
COLOURED: dict[str, str] = {  # "bluer" → blue
    "bluer": "blue", "redder": "red", "greener": "green", "yellower": "yellow", "pinker": "pink", "browner": "brown", "whiter": "white",
    "blacker": "black", "greyer": "grey", "grayer": "grey", "golder": "gold", "purpler": "purple", "oranger": "orange", "rosier": "pink",
    "bluish": "blue", "reddish": "red", "greenish": "green", "pinkish": "pink", "yellowish": "yellow", "purplish": "purple",
}  # fmt: skip
WHOLE = frozenset(
    {"it", "everything", "picture", "image", "all", "this", "scene", "whole", "painting", "photo", "drawing"}
)
CLEAR = frozenset({"clear", "cloudless", "fine", "dry"})
SKIES = frozenset({"sky", "skies", "weather"})
GROUNDS = frozenset({"background", "backdrop", "ground"})
CUTS = frozenset({",", ".", ";", "!", "?", "\n", "and", "but", "then", "also", "while", "plus"})
