"""A scene as one SVG document: sky, land, then figures and scenery from far to near with shadow, shine and haze."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from generation.engines.atelier import backdrop
from generation.engines.atelier.figure import figure
from generation.engines.atelier.flora import piece
from generation.engines.atelier.land import land
from generation.engines.atelier.palette import LIGHT, Palette, mix, palette

if TYPE_CHECKING:
    from generation.engines.atelier.scene import Node, Scene

GLOWING = frozenset({"moon", "crescent", "sun", "star", "lightning", "comet"})
SHINING = frozenset(
    {"campfire", "fire", "candle", "lamp-post", "red-paper-lantern", "light-bulb", "jack-o-lantern", "lighthouse"}
)


def light_of(scene: Scene) -> Palette:
    """The palette of a scene."""
    return palette(scene.time, scene.weather, scene.season, scene.tone, scene.setting, Random(f"{scene.seed}/light"))


def draw(scene: Scene) -> str:
    """The whole scene, or only its figures with their shadows if it is transparent."""
    light = light_of(scene)
    if scene.transparent:
        body = "".join(placed(node, scene, light, shadow=False) for node in scene.nodes)
        return document(scene, filters(scene, light), body)
    random = Random(f"{scene.seed}/backdrop")
    sky_defs, sky = backdrop.sky(scene, light, random)
    heaven = [node for node in scene.nodes if node.zone == "sky"]
    earth = [node for node in scene.nodes if node.zone != "sky"]
    out = [sky]
    out += [placed(node, scene, light) for node in heaven if node.figure != "cloud"]
    if scene.setting not in ("space", "lunar", "underwater"):
        out.append(backdrop.clouds(scene, light, random))
    out.append(backdrop.bolt(scene, random))
    out += [placed(node, scene, light) for node in heaven if node.figure == "cloud"]
    if scene.setting == "room":
        ground_defs, ground, over = backdrop.room(scene, light, random)
        out += [ground, over]
    else:
        ground_defs, ground = land(scene, light, random)
        out.append(ground)
    lamp = LIGHT[scene.time] if scene.setting not in ("space", "lunar", "underwater") else (1.0, 1.0, 1.0)
    things = [(item.depth, 0, piece(item, scene, light, lamp)) for item in scene.decor]
    things += [(node.depth, 1, placed(node, scene, light)) for node in earth]
    out += [svg for _, _, svg in sorted(things, key=lambda thing: thing[:2])]
    out.append(backdrop.weather(scene, light, random))
    return document(scene, sky_defs + ground_defs + filters(scene, light), "".join(out))


def silhouettes(scene: Scene) -> str:
    """Only the figures, without shadow or shine: their alpha tells where a painter should be careful."""
    body = "".join(art(node, scene) for node in scene.nodes)
    return document(scene, "", body)


def document(scene: Scene, defs: str, body: str) -> str:
    """An SVG document."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {scene.width} {scene.height}" width="{scene.width}" height="{scene.height}">'
        f"<defs>{defs}</defs>{body}</svg>"
    )


def filters(scene: Scene, light: Palette) -> str:
    """Blurs, and the tint that time of day and distance lay over figures."""
    unit = min(scene.width, scene.height) / 512
    out = [
        f'<filter id="soft" x="-20%" y="-20%" width="140%" height="140%"><feGaussianBlur stdDeviation="{2.2 * unit:.2f}"/></filter>',
        f'<filter id="softer" x="-30%" y="-30%" width="160%" height="160%"><feGaussianBlur stdDeviation="{11 * unit:.2f}"/></filter>',
        f'<filter id="shade" x="-40%" y="-40%" width="180%" height="180%"><feGaussianBlur stdDeviation="{3.4 * unit:.2f}"/></filter>',
    ]
    for name, tone in (("halo", light.light), ("ember", "#ffc96b")):
        out.append(
            f'<radialGradient id="{name}"><stop offset="0.2" stop-color="{tone}" stop-opacity=".6"/><stop offset="0.55" stop-color="{tone}" stop-opacity=".2"/><stop offset="1" stop-color="{tone}" stop-opacity="0"/></radialGradient>'
        )
    for step in range(5):
        out.append(veil(f"veil{step}", light, step / 4 * 0.42, scene))
    return "".join(out)


def veil(name: str, light: Palette, haze: float, scene: Scene) -> str:
    """A filter that tints what is drawn, fades it by `haze`, and rounds it with light from above."""
    unit = min(scene.width, scene.height) / 512
    air = light.sky[1] if scene.setting == "underwater" else light.haze
    tint = 0.0 if scene.transparent else light.tint_strength
    fade = 0.0 if scene.transparent or scene.setting in ("space", "room") else haze
    return (
        f'<filter id="{name}" x="-5%" y="-5%" width="110%" height="110%" color-interpolation-filters="sRGB">'
        f'<feGaussianBlur in="SourceAlpha" stdDeviation="{2.6 * unit:.2f}" result="soft"/>'
        f'<feDiffuseLighting in="soft" surfaceScale="{3.2 * unit:.2f}" diffuseConstant="1.12" lighting-color="#ffffff" result="lit">'
        '<feDistantLight azimuth="235" elevation="62"/></feDiffuseLighting>'
        '<feComposite in="SourceGraphic" in2="lit" operator="arithmetic" k1="0.82" k2="0.2" k3="0" k4="0" result="round"/>'
        f'<feFlood flood-color="{light.tint}" flood-opacity="{tint:.3f}" result="tint"/>'
        '<feComposite in="tint" in2="SourceAlpha" operator="in" result="inked"/>'
        f'<feFlood flood-color="{air}" flood-opacity="{fade:.3f}" result="air"/>'
        '<feComposite in="air" in2="SourceAlpha" operator="in" result="hazed"/>'
        '<feMerge result="all"><feMergeNode in="round"/><feMergeNode in="inked"/><feMergeNode in="hazed"/></feMerge>'
        '<feComposite in="all" in2="SourceAlpha" operator="in"/></filter>'
    )


def art(node: Node, scene: Scene) -> str:
    """The figure at its place, unfiltered."""
    drawn = figure(node.figure, node.colour)
    scale = node.height / drawn.height
    middle, foot = (drawn.box[0] + drawn.box[2]) / 2, drawn.box[3]
    turn = f" rotate({node.tilt:.1f} 0 {-node.height / 2:.1f})" if node.tilt else ""
    side = -scale if node.flip else scale
    return f'<g transform="translate({node.x:.2f} {node.y:.2f}){turn} scale({side:.4f} {scale:.4f}) translate({-middle:.2f} {-foot:.2f})">{drawn.body}</g>'


def placed(node: Node, scene: Scene, light: Palette, *, shadow: bool = True) -> str:
    """The figure with everything that binds it to the scene: glow, shadow, waterline, haze."""
    out = []
    glows = node.figure in GLOWING
    centre = (node.x, node.y - node.height / 2)
    if shadow and (glows or (node.figure in SHINING and light.dark)):
        halo = "ember" if node.figure in SHINING else "halo"
        out.append(
            f'<circle cx="{centre[0]:.1f}" cy="{centre[1]:.1f}" r="{node.height * (1.15 if glows else 0.95):.1f}" fill="url(#{halo})"/>'
        )
    if shadow and not node.aloft and node.zone not in ("sky", "air") and scene.setting not in ("space",):
        out.append(ground_shadow(node, scene, light))
    haze = 0 if node.zone in ("sky", "air") else round(max(0.0, min(1.0, 1 - node.depth * 2.2)) * 4)
    if scene.transparent:
        haze = 0
    drawn = art(node, scene)
    out.append(drawn if glows else f'<g filter="url(#veil{haze})">{drawn}</g>')
    if shadow and node.sink and scene.setting in ("sea", "lake"):
        out.append(waterline(node, scene, light))
    return "".join(out)


def ground_shadow(node: Node, scene: Scene, light: Palette) -> str:
    """A soft patch under the foot and a slanted cast shadow."""
    dark = mix(light.land[2], "#05060f", 0.75)
    if node.zone in ("float", "swim") and scene.setting in ("sea", "lake"):
        return f'<ellipse filter="url(#shade)" cx="{node.x:.1f}" cy="{node.y:.1f}" rx="{node.width * 0.55:.1f}" ry="{node.height * 0.07:.1f}" fill="{light.water[1]}" opacity=".55"/>'
    if node.zone == "swim":
        return ""
    long = {"day": 0.32, "dawn": 0.55, "sunset": 0.55, "dusk": 0.3, "night": 0.22}[scene.time]
    lean = 34 if node.x < scene.width / 2 else -34
    strength = 0.26 if not light.dark else 0.3
    cast = (
        f'<g filter="url(#shade)" opacity="{strength * 0.6:.2f}" transform="translate({node.x:.1f} {node.y - node.height * 0.015:.1f}) skewX({lean}) scale(1 {-long * 0.6:.3f})">'
        f'<ellipse cx="0" cy="{-node.height * 0.5:.1f}" rx="{node.width * 0.36:.1f}" ry="{node.height * 0.5:.1f}" fill="{dark}"/></g>'
    )
    patch = f'<ellipse filter="url(#shade)" cx="{node.x:.1f}" cy="{node.y - node.height * 0.01:.1f}" rx="{node.width * 0.46:.1f}" ry="{max(2.0, node.height * 0.045):.1f}" fill="{dark}" opacity="{strength + 0.14:.2f}"/>'
    return cast + patch


def waterline(node: Node, scene: Scene, light: Palette) -> str:
    """Water over the sunken foot of what swims or floats, with a little foam."""
    line = node.y - node.sink * node.height
    wide, unit = node.width * 0.56, min(scene.width, scene.height) / 512
    t = max(0.0, min(1.0, (node.y - scene.horizon) / (scene.height - scene.horizon)))
    middle = mix(light.water[0], light.water[1], 0.6)  # as the gradient of the water has it
    colour = mix(light.water[0], middle, t * 2) if t < 0.5 else mix(middle, light.water[1], t * 2 - 1)
    low = node.y + node.height * 0.035 - line
    return (
        f'<path fill="{colour}" opacity=".93" d="M{node.x - wide:.1f} {line + low * 0.5:.1f}Q{node.x - wide * 0.6:.1f} {line:.1f} {node.x - wide * 0.3:.1f} {line + 2 * unit:.1f}T{node.x + wide * 0.4:.1f} {line:.1f}T{node.x + wide:.1f} {line + low * 0.5:.1f}'
        f'Q{node.x + wide * 0.5:.1f} {line + low * 1.25:.1f} {node.x:.1f} {line + low * 1.2:.1f}T{node.x - wide:.1f} {line + low * 0.5:.1f}z"/>'
        f'<path fill="none" stroke="#ffffff" stroke-opacity=".75" stroke-linecap="round" stroke-width="{1.8 * unit:.1f}" d="M{node.x - wide * 0.85:.1f} {line + low * 0.3:.1f}Q{node.x - wide * 0.5:.1f} {line:.1f} {node.x - wide * 0.25:.1f} {line + 2 * unit:.1f}T{node.x + wide * 0.4:.1f} {line + unit:.1f}T{node.x + wide * 0.85:.1f} {line + low * 0.3:.1f}"/>'
    )
