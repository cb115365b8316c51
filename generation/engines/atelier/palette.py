"""The light of a scene: sky, haze, land, water and the tint that lies on every figure, by mood and seed."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

SKIES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "day": (("#2f86dc", "#86c6f5", "#eaf6fb"), ("#3f9be0", "#a5d8f2", "#fdf1d6"), ("#4ab0d9", "#a8e0e4", "#fff6e0")),
    "dawn": (("#5868b8", "#eba3a8", "#ffe6b5"), ("#7c90d6", "#f8b8a6", "#fff1cc"), ("#4f83b8", "#d9b3c9", "#ffdcae")),
    "sunset": (("#38286a", "#d7546d", "#ffbb5e"), ("#51398a", "#f06d68", "#ffd57f"), ("#26468f", "#f0745c", "#ffd491")),
    "dusk": (("#1c2357", "#5d4a8e", "#dd8ea4"), ("#182f5a", "#4a6fa0", "#e8b3a0")),
    "night": (("#070b26", "#172553", "#41538f"), ("#0c0a2d", "#271c5c", "#65468f"), ("#041523", "#0e3550", "#33707c")),
}
LIGHT: dict[str, tuple[float, float, float]] = {  # what daylight colours are multiplied by
    "day": (1.0, 1.0, 1.0),
    "dawn": (0.98, 0.84, 0.84),
    "sunset": (0.94, 0.68, 0.62),
    "dusk": (0.58, 0.54, 0.76),
    "night": (0.34, 0.42, 0.66),
}
TINT: dict[str, tuple[str, float]] = {  # laid over figures: colour, strength
    "day": ("#fff6dd", 0.04),
    "dawn": ("#ffb9a0", 0.13),
    "sunset": ("#ff7a4a", 0.17),
    "dusk": ("#4a3f8f", 0.27),
    "night": ("#101c58", 0.33),
}
LAND: dict[str, tuple[str, str, str]] = {  # far, middle, near in daylight
    "meadow": ("#9cc48a", "#74b255", "#4c9440"),
    "forest": ("#86ad86", "#558f56", "#3a7440"),
    "lake": ("#94b890", "#6ba35e", "#4d8a45"),
    "sea": ("#8fb0b8", "#e8d3a0", "#f0dcae"),
    "desert": ("#e0b48a", "#eab676", "#e2a25a"),
    "city": ("#8f9bb3", "#7d8597", "#5b6172"),
    "mountains": ("#8ea5c0", "#7fa274", "#5f8f55"),
    "snowfield": ("#c3d6ea", "#e3eefa", "#f7fbff"),
    "lunar": ("#8d8c99", "#a9a7b3", "#c2c0ca"),
    "underwater": ("#2f8fa5", "#d9c590", "#e8d6a2"),
    "room": ("#d9a679", "#c48a5a", "#a86f43"),
    "sky": ("#ffffff", "#ffffff", "#ffffff"),
    "space": ("#3a3560", "#2d2950", "#221f40"),
}
SEASON_LAND: dict[str, tuple[str, str, str]] = {
    "autumn": ("#d6ae72", "#c98d3e", "#a06a2c"),
    "winter": ("#c9d9ea", "#e6effa", "#f6faff"),
    "spring": ("#b2d89a", "#8cc95f", "#5fab45"),
    "summer": ("#a8c983", "#7cb948", "#55982f"),
}
SEASONAL = ("meadow", "forest", "lake", "mountains")
WALLS = ("#e9dcc6", "#cfe0dc", "#e6cfcf", "#d5d2e6", "#dfe3c8", "#f0d9b8")


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours (#rrggbb) of one scene. `tint` lies over figures with `tint_strength` (0 … 1)."""

    sky: tuple[str, str, str]
    land: tuple[str, str, str]
    water: tuple[str, str]
    haze: str
    light: str
    tint: str
    tint_strength: float
    wall: str
    dark: bool


def palette(
    time: str, weather: str | None, season: str | None, tone: str | None, setting: str, random: Random
) -> Palette:
    """The colours of a scene in this mood; the seed chooses among kindred ones."""
    sky = random.choice(SKIES[time])
    if tone == "neon":
        sky = random.choice((("#0d0221", "#5a189a", "#ff4d9d"), ("#03071e", "#3a0ca3", "#4cc9f0")))
    elif tone == "spooky":
        sky = random.choice((("#140a22", "#3d2350", "#a8577a"), ("#0d1a1c", "#29463f", "#b08a4a")))
    elif tone == "dreamy" and time in ("day", "dawn"):
        sky = random.choice((("#a99ae6", "#f6bfdc", "#fff2df"), ("#8fc9ee", "#d9c6f5", "#ffe6ee")))
    greys = {
        "storm": (("#232838", "#4c566b", "#98a2ae"), 0.72),
        "rain": (("#4c5b70", "#8796a8", "#c5ced6"), 0.55),
        "fog": (("#b3bec8", "#ccd4da", "#e6eaec"), 0.6),
        "snow": (("#8fa6c2", "#bccbdc", "#eaf0f6"), 0.45),
        "clouds": (("#7389a3", "#a9b8c8", "#dfe4e8"), 0.45),
    }
    if weather in greys:
        grey, amount = greys[weather]
        dim = 0.45 if time == "night" else 1.0
        sky = (
            mix(sky[0], scaled(grey[0], dim), amount),
            mix(sky[1], scaled(grey[1], dim), amount),
            mix(sky[2], scaled(grey[2], dim), amount),
        )
    if setting == "space":
        sky = random.choice(
            (("#05041a", "#151040", "#2b1a5e"), ("#030814", "#0a2140", "#123f5e"), ("#0c0316", "#2b0d3f", "#571a52"))
        )
    elif setting == "lunar":
        sky = ("#04050f", "#0a0e22", "#1b2140")
    elif setting == "underwater":
        deep = random.choice(
            (("#7fe3ea", "#1f9fc4", "#0b4f86"), ("#9af0dc", "#2bb0b8", "#0d5a7d"), ("#86d0ff", "#2f7fd0", "#15347d"))
        )
        sky = (scaled(deep[0], 0.4), scaled(deep[1], 0.4), scaled(deep[2], 0.5)) if time == "night" else deep
    land = LAND[setting]
    if setting in SEASONAL and season in SEASON_LAND:
        land = SEASON_LAND[season]
    if weather == "snow" and setting not in ("room", "space", "underwater", "sky", "lunar", "sea", "city"):
        land = SEASON_LAND["winter"]
    lamp = LIGHT[time] if setting not in ("space", "lunar") else (1.0, 1.0, 1.0)
    if setting == "room":
        lamp = tuple(0.45 + 0.55 * part for part in lamp)  # type: ignore[assignment]
    if weather == "storm":
        lamp = (lamp[0] * 0.72, lamp[1] * 0.76, lamp[2] * 0.84)
    if tone == "spooky":
        lamp = (lamp[0] * 0.72, lamp[1] * 0.66, lamp[2] * 0.78)
    tint, strength = TINT[time]
    if setting in ("space", "lunar"):
        tint, strength = "#3a2f80", 0.06
    elif setting == "underwater":
        tint, strength = "#1f8fc0", 0.16
    elif setting == "room":
        strength *= 0.5
    if weather == "storm":
        tint, strength = mix(tint, "#28303f", 0.5), strength + 0.1
    water_top = mix(sky[2], "#3f8fc4", 0.45)
    water_low = mix(sky[0], lit("#14588f", lamp), 0.55)
    return Palette(
        sky=sky,
        land=(lit(land[0], lamp), lit(land[1], lamp), lit(land[2], lamp)),
        water=(water_top, water_low),
        haze=mix(sky[2], sky[1], 0.35),
        light={"day": "#fff7d6", "dawn": "#ffe2b0", "sunset": "#ffd27a", "dusk": "#ffc0b0", "night": "#e9efff"}[time],
        tint=tint,
        tint_strength=strength,
        wall=lit(random.choice(WALLS), lamp),
        dark=time in ("night", "dusk") or weather == "storm" or tone == "spooky",
    )


def parts(colour: str) -> tuple[int, int, int]:
    """#rrggbb as three numbers."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mix(one: str, other: str, share: float) -> str:
    """`one` with `share` (0 … 1) of `other` in it."""
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(parts(one), parts(other), strict=True))


def scaled(colour: str, by: float) -> str:
    """`colour` with every part multiplied."""
    return "#" + "".join(f"{min(255, max(0, round(part * by))):02x}" for part in parts(colour))


def lit(colour: str, lamp: tuple[float, float, float]) -> str:
    """`colour` under a coloured light."""
    return "#" + "".join(f"{min(255, round(part * by)):02x}" for part, by in zip(parts(colour), lamp, strict=True))
