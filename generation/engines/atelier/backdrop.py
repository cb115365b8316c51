"""Sky, far land, ground and weather of a scene as SVG, all procedural and decided by the seed."""

from __future__ import annotations

from math import pi, sin
from random import Random
from typing import TYPE_CHECKING

from generation.engines.atelier.box import Box
from generation.engines.atelier.palette import Palette, mix, scaled

if TYPE_CHECKING:
    from generation.engines.atelier.scene import Scene


def window(width: int, height: int, seed: int) -> Box:
    """The window of a room: what is of the sky is seen through it."""
    left = 0.57 if seed % 2 else 0.08
    return (left * width, 0.09 * height, (left + 0.35) * width, 0.47 * height)


def ridge(
    random: Random, width: int, base: float, swing: float, rough: float, step: int = 64
) -> list[tuple[float, float]]:
    """A skyline: points from left to right whose heights are `base` minus up to `swing`; `rough` 0 rolling … 1 jagged."""
    waves = [(random.uniform(0.6, 1.6) * 2**k, random.uniform(0, 2 * pi), 0.55**k) for k in range(5)]
    total = sum(weight for _, _, weight in waves)
    points = []
    for at in range(step + 1):
        t = at / step
        level = (
            sum(
                (1 - abs(sin(pi * t * f + p)) * 2 if rough > 0.5 else sin(2 * pi * t * f * 0.6 + p)) * w
                for f, p, w in waves
            )
            / total
        )
        jag = random.uniform(-1, 1) * 0.05 * rough
        points.append((t * width, base - swing * (0.5 + 0.5 * level + jag)))
    return points


def area(points: list[tuple[float, float]], bottom: float, fill: str, extra: str = "") -> str:
    """Everything below a skyline."""
    line = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return (
        f'<path fill="{fill}" {extra} d="M{points[0][0]:.1f} {bottom:.1f}L{line}L{points[-1][0]:.1f} {bottom:.1f}z"/>'
    )


def gradient(name: str, stops: list[tuple[float, str, float]], *, radial: str = "") -> str:
    """A vertical gradient (or a radial one with the given attributes); stops are (place, colour, opacity)."""
    inner = "".join(
        f'<stop offset="{at}" stop-color="{colour}" stop-opacity="{alpha}"/>' for at, colour, alpha in stops
    )
    if radial:
        return f'<radialGradient id="{name}" gradientUnits="userSpaceOnUse" {radial}>{inner}</radialGradient>'
    return f'<linearGradient id="{name}" x1="0" y1="0" x2="0" y2="1">{inner}</linearGradient>'


def lamp_at(scene: Scene, random: Random) -> tuple[float, float, bool]:
    """Where the light comes from: (x, y, is a body of the sky drawn there by a figure)."""
    for node in scene.nodes:
        if node.figure in ("sun", "moon", "crescent"):
            return node.x, node.y - node.height / 2, True
    x = scene.width * random.choice((random.uniform(0.12, 0.32), random.uniform(0.68, 0.88)))
    low = scene.time in ("sunset", "dawn")
    return x, scene.horizon * (0.86 if low else 0.22), False


def sky(scene: Scene, light: Palette, random: Random) -> tuple[str, str]:
    """(definitions, drawing) of the sky with stars, glow and clouds."""
    w, h, s = scene.width, scene.height, min(scene.width, scene.height)
    floor = h if scene.setting in ("space", "underwater", "sky") else scene.horizon * 1.06
    defs = gradient("sky", [(0, light.sky[0], 1), (0.55, light.sky[1], 1), (1, light.sky[2], 1)])
    out = [
        f'<rect width="{w}" height="{h}" fill="{light.sky[2]}"/><rect width="{w}" height="{floor:.0f}" fill="url(#sky)"/>'
    ]
    if scene.setting == "underwater":
        out.append(shafts(scene, light, random))
        return defs, "".join(out)
    night = scene.time == "night" or scene.setting in ("space", "lunar")
    if scene.setting == "space":
        nebula, more = clouds_of_gas(scene, random)
        defs += nebula
        out.append(more)
    clear = scene.weather not in ("storm", "rain", "fog", "clouds", "snow")
    if (night or scene.stars or (scene.time == "dusk" and clear)) and (clear or scene.stars):
        out.append(stars(scene, random, 230 if scene.setting == "space" or scene.stars else 130))
    x, y, shown = lamp_at(scene, random)
    if scene.setting not in ("space", "lunar"):
        strength = {"day": 0.75, "dawn": 0.85, "sunset": 0.95, "dusk": 0.45, "night": 0.4 if shown else 0.16}[
            scene.time
        ] * (1 if clear else 0.35)
        defs += gradient(
            "glow",
            [(0, light.light, strength), (0.25, light.light, strength * 0.4), (1, light.light, 0)],
            radial=f'cx="{x:.0f}" cy="{y:.0f}" r="{s * 0.62:.0f}"',
        )
        out.append(f'<rect width="{w}" height="{h}" fill="url(#glow)"/>')
        if scene.time in ("sunset", "dawn") and not shown and clear and scene.setting not in ("room",):
            out.append(
                f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{s * 0.062:.0f}" fill="{mix(light.light, "#ffffff", 0.5)}"/>'
            )
    elif shown:
        defs += gradient(
            "glow", [(0, "#fff3d0", 0.6), (1, "#fff3d0", 0)], radial=f'cx="{x:.0f}" cy="{y:.0f}" r="{s * 0.4:.0f}"'
        )
        out.append(f'<rect width="{w}" height="{h}" fill="url(#glow)"/>')
    if scene.weather == "aurora":
        aurora, more = ribbons(scene, random)
        defs += aurora
        out.append(more)
    return defs, "".join(out)


def stars(scene: Scene, random: Random, number: int) -> str:
    """Many small stars, a few with rays."""
    limit = scene.height if scene.setting == "space" else scene.horizon * 0.95
    unit = min(scene.width, scene.height) / 512
    dots = []
    for _ in range(number):
        x, y = random.random() * scene.width, random.random() ** 1.2 * limit
        r = random.choice((0.6, 0.7, 0.9, 1.1, 1.6)) * unit
        colour = random.choice(("#ffffff", "#fff4d6", "#d6e4ff"))
        dots.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.2f}" fill="{colour}" opacity="{random.uniform(0.45, 1):.2f}"/>'
        )
    for _ in range(7):
        x, y, r = random.random() * scene.width, random.random() * limit * 0.8, random.uniform(3, 6.5) * unit
        dots.append(
            f'<path fill="#fff" opacity=".9" d="M{x:.1f} {y - r:.1f}q{r * 0.12:.1f} {r * 0.88:.1f} {r:.1f} {r:.1f}q{-r * 0.88:.1f} {r * 0.12:.1f} {-r:.1f} {r:.1f}q{-r * 0.12:.1f} {-r * 0.88:.1f} {-r:.1f} {-r:.1f}q{r * 0.88:.1f} {-r * 0.12:.1f} {r:.1f} {-r:.1f}"/>'
        )
    return "".join(dots)


def clouds(scene: Scene, light: Palette, random: Random) -> str:
    """Clouds that belong to the weather, as soft heaps with a flat foot."""
    grey = scene.weather in ("storm", "rain", "clouds", "snow")
    number = {"storm": 12, "rain": 10, "clouds": 10, "snow": 8, "fog": 4}.get(scene.weather or "", random.randint(3, 6))
    if scene.time == "night" and not grey:
        number = 3
    out = []
    for _ in range(number):
        size = scene.width * random.uniform(0.07, 0.16) * (1.5 if grey else 1)
        x, y = random.uniform(-0.05, 1.05) * scene.width, scene.horizon * random.uniform(0.06, 0.62)
        white = mix(light.sky[1], "#ffffff", 0.22 if scene.time == "night" else 0.62)
        colour = mix(light.sky[0], light.sky[2], random.uniform(0.3, 0.6)) if grey else mix(white, light.light, 0.3)
        under = mix(colour, light.sky[0], 0.35)
        puffs = []
        for k in range(7):
            bulge = sin(pi * (k + 0.7) / 7.4)
            r = size * (0.13 + 0.27 * bulge) * random.uniform(0.8, 1.1)
            puffs.append((x + size * (k / 6 - 0.5) * 1.9, y - r * random.uniform(0.55, 0.95), r))
        low = "".join(f'<circle cx="{px:.1f}" cy="{py + r * 0.22:.1f}" r="{r:.1f}"/>' for px, py, r in puffs)
        top = "".join(
            f'<circle cx="{px - r * 0.06:.1f}" cy="{py - r * 0.05:.1f}" r="{r * 0.9:.1f}"/>' for px, py, r in puffs
        )
        out.append(
            f'<g filter="url(#soft)" opacity="{0.5 if scene.time == "night" else 0.86}"><g fill="{under}">{low}</g><g fill="{colour}">{top}</g></g>'
        )
    return "".join(out)


def shafts(scene: Scene, light: Palette, random: Random) -> str:
    """Light falling through water."""
    out = []
    for _ in range(6):
        x, w = random.random() * scene.width, scene.width * random.uniform(0.04, 0.12)
        lean = scene.width * random.uniform(-0.22, 0.1)
        out.append(
            f'<path filter="url(#softer)" fill="#eaffff" opacity="{random.uniform(0.08, 0.2):.2f}" d="M{x:.0f} -20h{w:.0f}L{x + lean + w * 2.4:.0f} {scene.height * 0.9:.0f}H{x + lean:.0f}z"/>'
        )
    return "".join(out)


def clouds_of_gas(scene: Scene, random: Random) -> tuple[str, str]:
    """A nebula."""
    defs, out = "", ""
    hues = random.choice(
        (("#ff5fa2", "#7b4dff", "#39c6ff"), ("#3fffd0", "#2f7dff", "#c04dff"), ("#ffb45f", "#ff5f7d", "#8a4dff"))
    )
    for k in range(7):
        x, y = random.random() * scene.width, random.random() * scene.height
        r = scene.width * random.uniform(0.18, 0.42)
        defs += gradient(
            f"gas{k}",
            [(0, hues[k % 3], 0.42), (0.5, hues[k % 3], 0.14), (1, hues[k % 3], 0)],
            radial=f'cx="{x:.0f}" cy="{y:.0f}" r="{r:.0f}"',
        )
        out += f'<rect width="{scene.width}" height="{scene.height}" fill="url(#gas{k})"/>'
    return defs, out


def ribbons(scene: Scene, random: Random) -> tuple[str, str]:
    """Northern lights."""
    defs, out = "", ""
    for k, colour in enumerate(random.sample(("#4dffb0", "#5fd0ff", "#b56dff", "#7dff7a"), 3)):
        defs += gradient(f"aurora{k}", [(0, colour, 0), (0.55, colour, 0.55), (1, colour, 0)])
        top = ridge(random, scene.width, scene.horizon * (0.3 + 0.1 * k), scene.horizon * 0.22, 0.0)
        tall = scene.horizon * 0.42
        low = [(x, y + tall) for x, y in reversed(top)]
        path = "L".join(f"{x:.0f} {y:.0f}" for x, y in [*top, *low])
        out += f'<path filter="url(#softer)" fill="url(#aurora{k})" d="M{path}z"/>'
    return defs, out


def weather(scene: Scene, light: Palette, random: Random) -> str:
    """What falls or drifts in front of everything."""
    unit, out = min(scene.width, scene.height) / 512, []
    if scene.setting in ("room", "underwater", "space", "lunar"):
        return ""
    if scene.weather in ("rain", "storm"):
        lean = random.uniform(-0.25, 0.25)
        lines = []
        for _ in range(190):
            x, y, long = random.random() * scene.width, random.random() * scene.height, random.uniform(12, 30) * unit
            lines.append(f"M{x:.0f} {y:.0f}l{lean * long:.1f} {long:.1f}")
        out.append(
            f'<path fill="none" stroke="#e6eef8" stroke-opacity=".4" stroke-width="{1.1 * unit:.2f}" d="{"".join(lines)}"/>'
        )
    if scene.weather == "snow":
        for _ in range(150):
            r = random.choice((1.0, 1.4, 2.0, 2.8)) * unit
            out.append(
                f'<circle cx="{random.random() * scene.width:.0f}" cy="{random.random() * scene.height:.0f}" r="{r:.1f}" fill="#fff" opacity="{random.uniform(0.5, 0.95):.2f}"/>'
            )
    if scene.season == "autumn" and scene.setting in ("forest", "meadow", "lake"):
        for _ in range(22):
            x, y, r = random.random() * scene.width, random.random() * scene.height, random.uniform(3, 6) * unit
            out.append(
                f'<path transform="rotate({random.randrange(360)} {x:.0f} {y:.0f})" fill="{random.choice(("#d9701f", "#c8431f", "#e0a526"))}" d="M{x - r:.1f} {y:.1f}q{r:.1f} {-r:.1f} {2 * r:.1f} 0q{-r:.1f} {r:.1f} {-2 * r:.1f} 0"/>'
            )
    if scene.weather == "fog":
        for k in range(4):
            y = scene.horizon + (k - 1.2) * scene.height * 0.11
            out.append(
                f'<ellipse filter="url(#softer)" cx="{scene.width * random.random():.0f}" cy="{y:.0f}" rx="{scene.width * 0.7:.0f}" ry="{scene.height * 0.06:.0f}" fill="#f2f5f7" opacity=".3"/>'
            )
    return "".join(out)


def bolt(scene: Scene, random: Random) -> str:
    """Lightning in a storm."""
    if (
        scene.weather != "storm"
        or any(node.figure == "lightning" for node in scene.nodes)
        or scene.setting in ("room", "underwater", "space", "lunar")
    ):
        return ""
    x, y = scene.width * random.uniform(0.15, 0.85), scene.horizon * 0.12
    points = [(x, y)]
    while y < scene.horizon * 0.92:
        x, y = x + random.uniform(-0.045, 0.045) * scene.width, y + scene.horizon * random.uniform(0.06, 0.12)
        points.append((x, y))
    line = "L".join(f"{px:.0f} {py:.0f}" for px, py in points)
    wide = min(scene.width, scene.height) / 512
    return (
        f'<path filter="url(#soft)" fill="none" stroke="#c9d8ff" stroke-opacity=".7" stroke-width="{9 * wide:.1f}" d="M{line}"/>'
        f'<path fill="none" stroke="#fffbe6" stroke-width="{2.6 * wide:.1f}" stroke-linejoin="round" d="M{line}"/>'
    )


def room(scene: Scene, light: Palette, random: Random) -> tuple[str, str, str]:
    """(definitions, wall with its opening, what lies over the view): a wall, a window, a floor of boards."""
    w, h = scene.width, scene.height
    left, top, right, bottom = window(w, h, scene.seed)
    wall, trim = light.wall, mix(light.wall, "#ffffff", 0.55)
    defs = gradient("wall", [(0, scaled(wall, 1.03), 1), (1, scaled(wall, 0.86), 1)]) + gradient(
        "floor", [(0, light.land[0], 1), (1, light.land[2], 1)]
    )
    hole = f"M0 0H{w}V{scene.horizon:.0f}H0zM{left:.0f} {top:.0f}V{bottom:.0f}H{right:.0f}V{top:.0f}z"
    out = [f'<path fill="url(#wall)" fill-rule="evenodd" d="{hole}"/>']
    for stripe in range(14):
        out.append(
            f'<rect x="{w * stripe / 14:.0f}" y="0" width="{w / 28:.0f}" height="{scene.horizon:.0f}" fill="{scaled(wall, 0.94)}" opacity=".35"/>'
            if not left - w / 14 < w * stripe / 14 < right
            else ""
        )
    frame = h * 0.014
    middle, cross = (left + right) / 2, (top + bottom) / 2
    out.append(
        f'<path fill="none" stroke="{trim}" stroke-width="{frame:.1f}" d="M{left:.0f} {top:.0f}H{right:.0f}V{bottom:.0f}H{left:.0f}zM{middle:.0f} {top:.0f}V{bottom:.0f}M{left:.0f} {cross:.0f}H{right:.0f}"/>'
    )
    out.append(
        f'<rect x="{left - frame * 1.6:.0f}" y="{bottom:.0f}" width="{right - left + frame * 3.2:.0f}" height="{frame * 1.5:.0f}" fill="{trim}"/>'
    )
    cloth = random.choice(("#c8553d", "#588157", "#3d5a80", "#9d6b9e", "#e09f3e"))
    for side, at in ((1, left), (-1, right)):
        out.append(
            f'<path fill="{mix(cloth, light.tint, light.tint_strength)}" d="M{at - side * frame * 3:.0f} {top - frame * 2:.0f}h{side * w * 0.085:.0f}q{-side * w * 0.01:.0f} {h * 0.2:.0f} {-side * w * 0.05:.0f} {bottom - top + frame * 4:.0f}h{-side * w * 0.035:.0f}z"/>'
        )
    out.append(f'<rect y="{scene.horizon:.0f}" width="{w}" height="{h - scene.horizon + 1:.0f}" fill="url(#floor)"/>')
    for board in range(1, 7):
        y = scene.horizon + (h - scene.horizon) * (board / 7) ** 1.4
        out.append(
            f'<path stroke="{scaled(light.land[2], 0.8)}" stroke-opacity=".5" stroke-width="{h * 0.003:.1f}" d="M0 {y:.0f}H{w}"/>'
        )
    out.append(
        f'<rect y="{scene.horizon - h * 0.022:.0f}" width="{w}" height="{h * 0.022:.0f}" fill="{scaled(trim, 0.94)}"/>'
    )
    rug = random.choice(("#b5485d", "#4a6fa5", "#6b8f71", "#c98f4a", "#7d5a94"))
    y = scene.horizon + (h - scene.horizon) * 0.6
    for k, (share, colour) in enumerate(((1.0, rug), (0.86, mix(rug, "#fff1d6", 0.5)), (0.76, scaled(rug, 0.9)))):
        tone = mix(colour, light.tint, light.tint_strength)
        out.append(
            f'<ellipse cx="{w / 2:.0f}" cy="{y:.0f}" rx="{w * 0.4 * share:.0f}" ry="{(h - scene.horizon) * 0.3 * share:.0f}" fill="{tone}" opacity="{0.95 - 0.05 * k}"/>'
        )
    return defs, "".join(out), ""
