"""The land of a scene as SVG: far ranges, water with its shore, dunes, a skyline, the sea floor, a deck of clouds."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from generation.engines.atelier.backdrop import area, gradient, lamp_at, ridge
from generation.engines.atelier.palette import Palette, mix, scaled

if TYPE_CHECKING:
    from generation.engines.atelier.scene import Scene


def land(scene: Scene, light: Palette, random: Random) -> tuple[str, str]:
    """(definitions, drawing) of all that lies between the sky and the figures."""
    match scene.setting:
        case "space":
            return "", ""
        case "sky":
            return "", cloud_deck(scene, light, random)
        case "underwater":
            return sea_floor(scene, light, random)
        case "city":
            return city(scene, light, random)
        case "sea" | "lake":
            return water(scene, light, random)
        case _:
            return country(scene, light, random)


def far_ranges(scene: Scene, light: Palette, random: Random) -> str:
    """The layers behind the ground, each paler the farther it is."""
    w, horizon = scene.width, scene.horizon
    rough, rise, number = {
        "mountains": (1.0, 0.42, 3),
        "desert": (0.0, 0.14, 3),
        "lunar": (0.8, 0.14, 2),
        "snowfield": (1.0, 0.22, 3),
        "forest": (0.2, 0.22, 3),
        "lake": (0.7, 0.24, 3),
        "sea": (0.4, 0.06, 1),
    }.get(scene.setting, (0.1, 0.2, 3))
    out = []
    snowy = scene.setting in ("mountains", "snowfield") or scene.season == "winter" or scene.weather == "snow"
    for layer in range(number):
        share = layer / max(1, number - 1) if number > 1 else 0.5
        base = mix(light.land[0], light.sky[0], 0.35) if rough > 0.6 else light.land[0]
        colour = mix(base, light.haze, 0.68 - 0.42 * share)
        swing = horizon * rise * (1 - 0.42 * share)
        points = ridge(random, w, horizon - horizon * 0.015 * (number - layer), swing, rough, 90 if rough > 0.5 else 48)
        out.append(area(points, horizon + scene.height * 0.06, colour))
        if snowy and rough > 0.6 and layer < 2:
            out.append(
                snow_caps(
                    points, horizon - swing * 0.62, mix("#ffffff", light.haze, 0.3 if not light.dark else 0.6), random
                )
            )
        elif rough > 0.6:
            out.append(shaded_side(points, horizon, scaled(colour, 0.9)))
    if scene.setting == "forest":
        for row in range(2):
            colour = mix(light.land[1], light.haze, 0.5 - 0.25 * row)
            out.append(
                treeline(
                    random,
                    w,
                    horizon + row * scene.height * 0.012,
                    scene.height * (0.2 - 0.05 * row),
                    scaled(colour, 0.86),
                )
            )
    return "".join(out)


def snow_caps(points: list[tuple[float, float]], line: float, white: str, random: Random) -> str:
    """White on all of a ridge that stands above `line`, with a ragged lower edge."""
    out, run = [], []
    for x, y in [*points, (points[-1][0], line + 1)]:
        if y < line:
            run.append((x, y))
        elif run:
            if len(run) > 1:
                low = [(px, py + (line - py) * random.uniform(0.35, 1.0)) for px, py in reversed(run)]
                out.append("M" + "L".join(f"{px:.1f} {py:.1f}" for px, py in [*run, *low]) + "z")
            run = []
    return f'<path fill="{white}" opacity=".92" d="{"".join(out)}"/>' if out else ""


def shaded_side(points: list[tuple[float, float]], floor: float, dark: str) -> str:
    """The side of each peak that turns from the light."""
    out = []
    for before, peak, after in zip(points[:-2], points[1:-1], points[2:], strict=True):
        if peak[1] < before[1] and peak[1] <= after[1]:
            drop = min(floor, peak[1] + (floor - peak[1]) * 0.55)
            wide = (drop - peak[1]) * 0.5
            out.append(
                f"M{peak[0]:.1f} {peak[1]:.1f}l{wide * 0.7:.1f} {(drop - peak[1]) * 0.75:.1f}l{-wide * 0.5:.1f} {(drop - peak[1]) * 0.1:.1f}z"
            )
    return f'<path fill="{dark}" opacity=".55" d="{"".join(out)}"/>' if out else ""


def treeline(random: Random, width: int, base: float, tall: float, colour: str) -> str:
    """A far row of conifers as one silhouette."""
    out, x = [f"M0 {base + tall * 0.3:.1f}"], 0.0
    while x < width:
        step, rise = tall * random.uniform(0.16, 0.3), tall * random.uniform(0.45, 1.0)
        out.append(
            f"L{x:.1f} {base - rise * 0.2:.1f}L{x + step * 0.5:.1f} {base - rise:.1f}L{x + step:.1f} {base - rise * 0.2:.1f}"
        )
        x += step
    return f'<path fill="{colour}" d="{"".join(out)}L{width} {base + tall * 0.3:.1f}z"/>'


def country(scene: Scene, light: Palette, random: Random) -> tuple[str, str]:
    """Hills, dunes, snow or moon dust: ranges, then the ground in three folds."""
    w, h, horizon = scene.width, scene.height, scene.horizon
    defs = gradient(
        "ground", [(0, mix(light.land[1], light.haze, 0.3), 1), (0.35, light.land[1], 1), (1, light.land[2], 1)]
    )
    out = [far_ranges(scene, light, random)]
    first = ridge(random, w, horizon + h * 0.012, h * 0.022, 0.0)
    out.append(area(first, h + 2, "url(#ground)"))
    folds = 4 if scene.setting in ("desert", "snowfield", "meadow") else 2
    for fold in range(1, folds + 1):
        share = fold / (folds + 1)
        y = horizon + (h - horizon) * share**1.2
        colour = mix(light.land[1], light.land[2], share)
        bright = mix(colour, light.light, 0.1 if not light.dark else 0.04)
        points = ridge(random, w, y, (h - horizon) * 0.11, 0.0)
        name = f"fold{fold}"
        defs += gradient(name, [(0, bright if fold % 2 else scaled(colour, 0.94), 0.95), (1, colour, 0.0)])
        out.append(area(points, y + (h - horizon) * 0.34, f"url(#{name})"))
    if scene.setting == "desert":
        for _ in range(16):
            y = horizon + (h - horizon) * random.uniform(0.2, 1)
            x, long = random.random() * w, w * random.uniform(0.06, 0.2)
            out.append(
                f'<path fill="none" stroke="{scaled(light.land[2], 0.86)}" stroke-opacity=".5" stroke-width="{h * 0.003:.1f}" d="M{x:.0f} {y:.0f}q{long / 4:.0f} {-h * 0.006:.1f} {long / 2:.0f} 0t{long / 2:.0f} 0"/>'
            )
    if scene.setting in ("meadow", "forest", "mountains") and random.random() < 0.55:
        out.append(path_way(scene, light, random))
    return defs, "".join(out)


def path_way(scene: Scene, light: Palette, random: Random) -> str:
    """A path that winds to the horizon."""
    w, h, horizon = scene.width, scene.height, scene.horizon + scene.height * 0.012
    end, start = w * random.uniform(0.35, 0.65), w * random.uniform(0.3, 0.7)
    bend = w * random.uniform(-0.22, 0.22)
    colour = mix(mix(light.land[1], "#e8cf9f", 0.55), light.tint, light.tint_strength)
    mid = (horizon + h) / 2
    return (
        f'<path fill="{colour}" opacity=".75" d="M{end:.0f} {horizon:.0f}C{end + bend:.0f} {mid - h * 0.06:.0f} {start - bend:.0f} {mid:.0f} {start - w * 0.1:.0f} {h}'
        f'H{start + w * 0.12:.0f}C{start - bend + w * 0.07:.0f} {mid:.0f} {end + bend + w * 0.03:.0f} {mid - h * 0.06:.0f} {end + w * 0.008:.0f} {horizon:.0f}z"/>'
    )


def water(scene: Scene, light: Palette, random: Random) -> tuple[str, str]:
    """Sea or lake: far land, water with glitter under the light, and a beach or bank in front if something stands there."""
    w, h, horizon = scene.width, scene.height, scene.horizon
    defs = gradient(
        "water", [(0, light.water[0], 1), (0.5, mix(light.water[0], light.water[1], 0.6), 1), (1, light.water[1], 1)]
    )
    out = []
    if scene.setting == "lake" or random.random() < 0.6:
        out.append(far_ranges(scene, light, random))
    if scene.setting == "lake":
        out.append(treeline(random, w, horizon + 2, h * 0.07, scaled(mix(light.land[1], light.haze, 0.2), 0.8)))
    out.append(f'<rect y="{horizon:.0f}" width="{w}" height="{h - horizon + 1:.0f}" fill="url(#water)"/>')
    unit = min(w, h) / 512
    waves, glints = [], []
    x0 = lamp_at(scene, random)[0]
    for _ in range(120):
        t = random.random() ** 1.5
        y, long = horizon + 2 * unit + t * (h - horizon), w * (0.012 + 0.07 * t) * random.uniform(0.5, 1.4)
        x = random.uniform(-0.05, 1.0) * w
        waves.append(f"M{x:.0f} {y:.1f}q{long / 4:.1f} {-(1 + 5 * t) * unit:.1f} {long / 2:.1f} 0t{long / 2:.1f} 0")
    for _ in range(46):
        t = random.random()
        y, long = horizon + 2 * unit + t * (h - horizon) * 0.8, w * (0.012 + 0.04 * t)
        x = x0 + random.gauss(0, 0.035 + 0.05 * t) * w
        glints.append(f"M{x - long / 2:.0f} {y:.1f}h{long:.1f}")
    strong = 0.7 if scene.time != "day" else 0.5
    out.append(
        f'<path fill="none" stroke="{mix(light.water[0], "#ffffff", 0.5)}" stroke-opacity=".38" stroke-linecap="round" stroke-width="{1.7 * unit:.1f}" d="{"".join(waves)}"/>'
    )
    out.append(
        f'<path fill="none" stroke="{light.light}" stroke-opacity="{strong}" stroke-linecap="round" stroke-width="{2.2 * unit:.1f}" d="{"".join(glints)}"/>'
    )
    if scene.shore < h:
        sand = light.land[2] if scene.setting == "lake" else mix(light.land[1], light.land[2], 0.5)
        edge = ridge(random, w, scene.shore + h * 0.015, h * 0.03, 0.0)
        foam = [(x, y - h * 0.012) for x, y in edge]
        defs += gradient("sand", [(0, scaled(sand, 0.86), 1), (0.25, sand, 1), (1, mix(sand, light.light, 0.12), 1)])
        out.append(area(foam, h + 2, mix("#ffffff", light.tint, light.tint_strength), 'opacity=".85"'))
        out.append(area(edge, h + 2, "url(#sand)"))
        for _ in range(60):
            x, y = random.random() * w, random.uniform(scene.shore + h * 0.05, h)
            out.append(
                f'<ellipse cx="{x:.0f}" cy="{y:.0f}" rx="{2.2 * unit:.1f}" ry="{0.9 * unit:.1f}" fill="{scaled(sand, 0.86)}" opacity=".6"/>'
            )
    return defs, "".join(out)


def city(scene: Scene, light: Palette, random: Random) -> tuple[str, str]:
    """Three rows of houses with windows, lit at night, and a street."""
    w, h, horizon = scene.width, scene.height, scene.horizon
    neon = scene.tone == "neon"
    out = []
    for row in range(3):
        x = -w * 0.04
        colour = mix(scaled(light.land[0], 0.9 - 0.12 * row), light.haze, 0.62 - 0.26 * row)
        while x < w:
            wide = w * random.uniform(0.055, 0.115)
            tall = horizon * random.uniform(0.2, 0.5) * (1.12 - 0.24 * row)
            top = horizon - tall
            tone = scaled(colour, random.uniform(0.9, 1.1))
            out.append(
                f'<rect x="{x:.1f}" y="{top:.1f}" width="{wide:.1f}" height="{tall + h * 0.02:.1f}" fill="{tone}"/>'
            )
            roof = random.random()
            if roof < 0.2:
                out.append(
                    f'<path fill="{tone}" d="M{x:.1f} {top:.1f}L{x + wide / 2:.1f} {top - wide * 0.45:.1f}L{x + wide:.1f} {top:.1f}z"/>'
                )
            elif roof < 0.4:
                out.append(
                    f'<rect x="{x + wide * 0.46:.1f}" y="{top - wide * 0.5:.1f}" width="{wide * 0.08:.1f}" height="{wide * 0.5:.1f}" fill="{tone}"/>'
                )
            if row:
                lights = ("#ff4d9d", "#4cc9f0", "#ffe66d") if neon else ("#ffe08a", "#ffd166", "#fff1c1")
                columns, rows = max(2, int(wide / (w * 0.02))), max(3, int(tall / (h * 0.032)))
                for column in range(columns):
                    for floor in range(rows):
                        on = random.random()
                        pane = (
                            random.choice(lights)
                            if (light.dark and on < 0.5) or (neon and on < 0.6)
                            else scaled(tone, 0.82 if not light.dark else 0.7)
                            if on < 0.85
                            else mix(tone, "#ffffff", 0.35 if not light.dark else 0.05)
                        )
                        px, py = x + wide * (column + 0.25) / columns, top + tall * (floor + 0.25) / rows
                        if py < horizon - h * 0.02:
                            out.append(
                                f'<rect x="{px:.1f}" y="{py:.1f}" width="{wide * 0.5 / columns:.1f}" height="{tall * 0.5 / rows:.1f}" fill="{pane}"/>'
                            )
            x += wide * random.uniform(0.96, 1.12)
    defs = gradient("street", [(0, scaled(light.land[2], 1.06), 1), (1, scaled(light.land[2], 0.72), 1)])
    out.append(f'<rect y="{horizon:.0f}" width="{w}" height="{h - horizon + 1:.0f}" fill="url(#street)"/>')
    walk = mix(light.land[0], light.haze, 0.2)
    out.append(
        f'<rect y="{horizon:.0f}" width="{w}" height="{h * 0.035:.0f}" fill="{walk}"/><rect y="{horizon + h * 0.035:.0f}" width="{w}" height="{h * 0.006:.0f}" fill="{scaled(walk, 0.7)}"/>'
    )
    y = horizon + (h - horizon) * 0.58
    for dash in range(8):
        x = w * (dash / 7.0 - 0.04)
        out.append(
            f'<path fill="{mix("#f7f3e3", light.tint, light.tint_strength)}" opacity=".75" d="M{x:.0f} {y:.0f}h{w * 0.07:.0f}l{-w * 0.008:.0f} {h * 0.014:.0f}h{-w * 0.07:.0f}z"/>'
        )
    if neon or scene.weather in ("rain", "storm"):
        for _ in range(16):
            x, tone = (
                random.random() * w,
                random.choice(("#ff4d9d", "#4cc9f0", "#b56dff", "#ffe66d") if neon else ("#ffe08a", "#cfe3ff")),
            )
            out.append(
                f'<rect filter="url(#soft)" x="{x:.0f}" y="{horizon + h * 0.05:.0f}" width="{w * random.uniform(0.01, 0.03):.0f}" height="{(h - horizon) * random.uniform(0.3, 0.9):.0f}" fill="{tone}" opacity=".22"/>'
            )
    return defs, "".join(out)


def sea_floor(scene: Scene, light: Palette, random: Random) -> tuple[str, str]:
    """Hazy reefs behind, rippled sand in front."""
    w, h, horizon = scene.width, scene.height, scene.horizon
    sand = mix(light.land[2], light.sky[1], 0.3)
    if scene.time == "night":
        sand = scaled(sand, 0.45)
    defs = gradient("floor", [(0, mix(sand, light.sky[2], 0.45), 1), (1, sand, 1)])
    out = []
    for layer in range(2):
        colour = mix(light.sky[2], light.sky[1], 0.45 - 0.25 * layer)
        out.append(area(ridge(random, w, horizon, h * (0.3 - 0.12 * layer), 0.3), h, scaled(colour, 0.92)))
    out.append(area(ridge(random, w, horizon, h * 0.04, 0.0), h + 2, "url(#floor)"))
    for _ in range(14):
        x, y, long = random.random() * w, random.uniform(horizon + h * 0.03, h), w * random.uniform(0.05, 0.14)
        out.append(
            f'<path fill="none" stroke="{scaled(sand, 0.85)}" stroke-opacity=".6" stroke-width="{h * 0.004:.1f}" d="M{x:.0f} {y:.0f}q{long / 4:.0f} {-h * 0.01:.0f} {long / 2:.0f} 0t{long / 2:.0f} 0"/>'
        )
    return defs, "".join(out)


def cloud_deck(scene: Scene, light: Palette, random: Random) -> str:
    """A sea of clouds along the bottom, seen from above."""
    w, h = scene.width, scene.height
    out = []
    for row in range(4):
        y = h * (0.8 + 0.065 * row)
        colour = mix(mix(light.sky[1], "#ffffff", 0.45 + 0.14 * row), light.light, 0.2)
        if light.dark:
            colour = mix(light.sky[1], light.sky[2], 0.2 + 0.2 * row)
        x = -w * 0.05
        while x < w * 1.05:
            r = w * random.uniform(0.04, 0.095)
            out.append(f'<circle cx="{x:.0f}" cy="{y + r * 0.5:.0f}" r="{r:.0f}" fill="{colour}"/>')
            x += r * 1.1
        out.append(f'<rect y="{y + w * 0.045:.0f}" width="{w}" height="{h - y:.0f}" fill="{colour}"/>')
    return "".join(out)
