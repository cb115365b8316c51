"""Drawing the scenery: small procedural plants, rocks and corals as SVG, each foot at its own place."""

from __future__ import annotations

from math import cos, pi, sin
from random import Random
from typing import TYPE_CHECKING

from generation.engines.atelier.palette import Palette, lit, mix, scaled

if TYPE_CHECKING:
    from generation.engines.atelier.scene import Decor, Scene

AUTUMN = ("#c8571f", "#d98324", "#b93c22", "#e0a526", "#9c4a22")
BLOSSOM = ("#f7a8c4", "#8cc95f", "#f4c6d7", "#a5d66b")
FLOWERS = ("#f25f7a", "#ffd84a", "#ffffff", "#b07be0", "#ff9a3d", "#f78fc0")
CORALS = ("#ff6f61", "#ff9e6d", "#e85d9b", "#c77dff", "#ffb84d", "#ff5d73")


def piece(item: Decor, scene: Scene, light: Palette, lamp: tuple[float, float, float]) -> str:
    """The SVG of one piece, faded by its distance."""
    random = Random(item.variant)
    far = max(0.0, min(1.0, 1 - item.depth * 2.4))
    veil = light.sky[1] if scene.setting == "underwater" else light.haze
    amount = 0.62 * far if item.kind != "bubble" else 0.0

    def tone(colour: str, shade: float = 1.0) -> str:
        return mix(scaled(lit(colour, lamp), shade), veil, amount)

    snowy = scene.season == "winter" or scene.weather == "snow" or scene.setting == "snowfield"
    x, y, h = item.x, item.y, item.height
    match item.kind:
        case "pine":
            return pine(
                x,
                y,
                h,
                tone("#2f6b4a" if not snowy else "#4a7a72", random.uniform(0.82, 1.12)),
                tone("#5d4037"),
                tone("#f4f8ff") if snowy else "",
            )
        case "round" | "birch":
            leaf = (
                random.choice(AUTUMN)
                if scene.season == "autumn"
                else random.choice(BLOSSOM)
                if scene.season == "spring"
                else "#4f9a48"
            )
            if snowy:
                leaf = "#dfeaf6"
            trunk = "#e7e2da" if item.kind == "birch" else "#6d4c3b"
            return leafy(
                x, y, h, tone(leaf, random.uniform(0.85, 1.1)), tone(trunk), item.kind == "birch", random, light
            )
        case "bush" | "fern":
            leaf = random.choice(AUTUMN) if scene.season == "autumn" else "#e9f1fa" if snowy else "#3f8348"
            return (
                bush(x, y, h, tone(leaf, random.uniform(0.8, 1.05)), random)
                if item.kind == "bush"
                else fern(x, y, h, tone(leaf, 0.9), random)
            )
        case "tuft":
            base = (
                "#c9a15a"
                if scene.setting == "desert" or scene.season == "autumn"
                else "#dfe9f5"
                if snowy
                else "#3f7d38"
            )
            return blades(x, y, h, tone(base, random.uniform(0.75, 1.15)), 5, 0.5, random)
        case "reed":
            return blades(
                x, y, h, tone("#55803f" if not snowy else "#a9a27c", random.uniform(0.7, 1.0)), 6, 0.16, random
            )
        case "flower":
            petal = tone(random.choice(FLOWERS))
            r = h * 0.2
            stem = (
                f'<path d="M{x:.1f} {y:.1f}v{-h * 0.75:.1f}" stroke="{tone("#3f7d38")}" stroke-width="{h * 0.09:.1f}"/>'
            )
            dots = "".join(
                f'<circle cx="{x + r * cos(k * 2 * pi / 5):.1f}" cy="{y - h * 0.78 + r * sin(k * 2 * pi / 5):.1f}" r="{r * 0.8:.1f}"/>'
                for k in range(5)
            )
            return f'{stem}<g fill="{petal}">{dots}</g><circle cx="{x:.1f}" cy="{y - h * 0.78:.1f}" r="{r * 0.62:.1f}" fill="{tone("#f5b52e")}"/>'
        case "rock" | "pebble":
            stone = (
                "#a99b86"
                if scene.setting in ("desert", "sea")
                else "#8d8c99"
                if scene.setting == "lunar"
                else "#858c94"
            )
            return rock(x, y, h, tone(stone, random.uniform(0.75, 1.05)), random)
        case "cactus":
            green = tone("#4f8f4f")
            w = h * 0.16
            return (
                f'<g fill="none" stroke="{green}" stroke-linecap="round" stroke-width="{w:.1f}"><path d="M{x:.1f} {y:.1f}v{-h * 0.9:.1f}"/>'
                f'<path d="M{x:.1f} {y - h * 0.35:.1f}h{-h * 0.22:.1f}v{-h * 0.22:.1f}M{x:.1f} {y - h * 0.25:.1f}h{h * 0.22:.1f}v{-h * 0.3:.1f}"/></g>'
            )
        case "seaweed":
            return seaweed(x, y, h, tone(random.choice(("#2f9e6b", "#1f7f5f", "#7aa53a", "#8a3f6a"))), random)
        case "coral":
            return coral(x, y, h, tone(random.choice(CORALS)), random)
        case "bubble":
            return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{h / 2:.1f}" fill="#fff" fill-opacity=".14" stroke="#fff" stroke-opacity=".55" stroke-width="{h * 0.07:.1f}"/>'
        case "crater":
            return (
                f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{h * 2:.1f}" ry="{h / 2:.1f}" fill="{tone("#6f6e7c")}"/>'
                f'<ellipse cx="{x:.1f}" cy="{y + h * 0.1:.1f}" rx="{h * 1.8:.1f}" ry="{h * 0.36:.1f}" fill="{tone("#85848f")}"/>'
            )
        case _:
            return f'<path d="M{x - h * 1.7:.1f} {y:.1f}q{h * 1.7:.1f} {-h * 2:.1f} {h * 3.4:.1f} 0z" fill="{tone("#ffffff", 0.97)}"/>'


def pine(x: float, y: float, h: float, leaf: str, trunk: str, snow: str) -> str:
    """A conifer of four tiers, lit from one side."""
    parts = [
        f'<rect x="{x - h * 0.025:.1f}" y="{y - h * 0.14:.1f}" width="{h * 0.05:.1f}" height="{h * 0.14:.1f}" fill="{trunk}"/>'
    ]
    for tier in range(4):
        low, high, half = y - h * (0.1 + 0.2 * tier), y - h * (0.42 + 0.195 * tier), h * (0.25 - 0.048 * tier)
        colour = scaled(leaf, 0.84 + 0.08 * tier)
        parts.append(
            f'<path fill="{colour}" d="M{x - half:.1f} {low:.1f}Q{x:.1f} {low + h * 0.05:.1f} {x + half:.1f} {low:.1f}L{x:.1f} {high:.1f}z"/>'
        )
        parts.append(
            f'<path fill="{scaled(colour, 0.84)}" d="M{x:.1f} {low + h * 0.024:.1f}Q{x + half * 0.5:.1f} {low + h * 0.02:.1f} {x + half:.1f} {low:.1f}L{x:.1f} {high:.1f}z"/>'
        )
        if snow:
            parts.append(
                f'<path fill="{snow}" d="M{x - half * 0.5:.1f} {(low + high) / 2:.1f}Q{x:.1f} {(low + high) / 2 + h * 0.06:.1f} {x + half * 0.5:.1f} {(low + high) / 2:.1f}L{x:.1f} {high:.1f}z"/>'
            )
    return "".join(parts)


def leafy(x: float, y: float, h: float, leaf: str, trunk: str, slim: bool, random: Random, light: Palette) -> str:
    """A broad-leaved tree: trunk and a crown of overlapping balls, brighter on top."""
    w = h * (0.05 if slim else 0.075)
    parts = [
        f'<path fill="{trunk}" d="M{x - w:.1f} {y:.1f}L{x - w * 0.5:.1f} {y - h * 0.6:.1f}h{w:.1f}L{x + w:.1f} {y:.1f}z"/>'
    ]
    wide = h * (0.15 if slim else 0.25)
    balls = []
    for ball in range(9):
        angle = ball / 9 * 2 * pi + random.uniform(-0.3, 0.3)
        bx, by = x + wide * 0.75 * cos(angle), y - h * 0.68 + h * 0.17 * sin(angle)
        balls.append((by, bx, wide * random.uniform(0.5, 0.72)))
    balls.append((y - h * 0.7, x, wide * 0.95))
    for by, bx, r in sorted(balls, reverse=True):
        lift = (y - by) / h
        parts.append(f'<circle cx="{bx:.1f}" cy="{by:.1f}" r="{r:.1f}" fill="{scaled(leaf, 0.62 + 0.55 * lift)}"/>')
    for _ in range(5):
        bx, by = x + random.uniform(-0.7, 0.5) * wide, y - h * random.uniform(0.7, 0.86)
        parts.append(
            f'<circle cx="{bx:.1f}" cy="{by:.1f}" r="{wide * random.uniform(0.12, 0.24):.1f}" fill="{mix(leaf, light.light, 0.25)}" opacity=".7"/>'
        )
    return "".join(parts)


def bush(x: float, y: float, h: float, leaf: str, random: Random) -> str:
    """A low heap of balls."""
    parts = []
    for ball in range(5):
        bx, r = x + (ball - 2) * h * 0.34, h * random.uniform(0.36, 0.55)
        parts.append(
            f'<circle cx="{bx:.1f}" cy="{y - r * 0.7:.1f}" r="{r:.1f}" fill="{scaled(leaf, random.uniform(0.85, 1.12))}"/>'
        )
    return "".join(parts)


def fern(x: float, y: float, h: float, leaf: str, random: Random) -> str:
    """Arching fronds."""
    parts = []
    for side in (-1, -0.5, 0.15, 0.6, 1):
        reach, rise = side * h * 0.8, h * random.uniform(0.7, 1.0) * (1.1 - 0.4 * abs(side))
        parts.append(
            f'<path d="M{x:.1f} {y:.1f}q{reach * 0.3:.1f} {-rise:.1f} {reach:.1f} {-rise * 0.8:.1f}q{-reach * 0.35:.1f} {rise * 0.25:.1f} {-reach:.1f} {rise * 0.8:.1f}z" fill="{scaled(leaf, random.uniform(0.8, 1.15))}"/>'
        )
    return "".join(parts)


def blades(x: float, y: float, h: float, leaf: str, number: int, spread: float, random: Random) -> str:
    """Grass or reeds."""
    parts = []
    for blade in range(number):
        lean = (blade - (number - 1) / 2) / number * 2 * spread * h
        tall = h * random.uniform(0.6, 1.0)
        w = max(0.6, h * 0.07)
        parts.append(
            f"M{x + lean * 0.35 - w:.1f} {y:.1f}Q{x + lean * 0.5:.1f} {y - tall * 0.6:.1f} {x + lean:.1f} {y - tall:.1f}Q{x + lean * 0.6:.1f} {y - tall * 0.5:.1f} {x + lean * 0.35 + w:.1f} {y:.1f}z"
        )
    return f'<path fill="{leaf}" d="{"".join(parts)}"/>'


def rock(x: float, y: float, h: float, stone: str, random: Random) -> str:
    """A boulder with a lit top."""
    a, b = random.uniform(0.5, 0.8), random.uniform(0.2, 0.5)
    return (
        f'<path fill="{scaled(stone, 0.8)}" d="M{x - h * 0.9:.1f} {y:.1f}L{x - h * a:.1f} {y - h * 0.7:.1f}L{x - h * 0.1:.1f} {y - h:.1f}L{x + h * b:.1f} {y - h * 0.75:.1f}L{x + h * 0.9:.1f} {y:.1f}z"/>'
        f'<path fill="{scaled(stone, 1.12)}" d="M{x - h * a:.1f} {y - h * 0.7:.1f}L{x - h * 0.1:.1f} {y - h:.1f}L{x + h * b:.1f} {y - h * 0.75:.1f}L{x:.1f} {y - h * 0.55:.1f}z"/>'
    )


def seaweed(x: float, y: float, h: float, leaf: str, random: Random) -> str:
    """Swaying ribbons."""
    parts = []
    for ribbon in range(3):
        foot, tall, sway = (
            x + (ribbon - 1) * h * 0.09,
            h * random.uniform(0.6, 1.0),
            h * random.uniform(0.06, 0.12) * random.choice((-1, 1)),
        )
        w = h * 0.035
        parts.append(
            f'<path fill="none" stroke="{scaled(leaf, 0.85 + 0.15 * ribbon)}" stroke-width="{w:.1f}" stroke-linecap="round" d="M{foot:.1f} {y:.1f}c{sway:.1f} {-tall * 0.25:.1f} {-sway:.1f} {-tall * 0.4:.1f} 0 {-tall * 0.6:.1f}s{-sway:.1f} {-tall * 0.25:.1f} {sway * 0.4:.1f} {-tall * 0.4:.1f}"/>'
        )
    return "".join(parts)


def coral(x: float, y: float, h: float, colour: str, random: Random) -> str:
    """A branching coral."""
    parts = []
    for branch in range(5):
        lean = (branch - 2) / 2 * h * 0.42
        tall = h * random.uniform(0.65, 1.0) * (1 - 0.12 * abs(branch - 2))
        parts.append(f"M{x:.1f} {y:.1f}Q{x + lean * 0.2:.1f} {y - tall * 0.5:.1f} {x + lean:.1f} {y - tall:.1f}")
        parts.append(f"M{x + lean * 0.45:.1f} {y - tall * 0.58:.1f}l{h * 0.13:.1f} {-h * 0.16:.1f}")
    return f'<path fill="none" stroke="{colour}" stroke-linecap="round" stroke-width="{h * 0.1:.1f}" d="{"".join(parts)}"/>'
