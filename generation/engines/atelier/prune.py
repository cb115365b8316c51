"""Make `figures/*.json` out of the Fluent Emoji (flat) set. A maintainer runs it; the engine never does.

    npm pack @iconify-json/fluent-emoji-flat && tar xzf iconify-json-fluent-emoji-flat-*.tgz
    python -m generation.engines.atelier.prune package

It keeps only the figures that `figures/lexicon.txt` names, adds the hand-drawn ones (`drawn.json`), and measures each:
`box` where it is opaque (in its own 32 units), `top` how low its outline starts in eight columns, `tint` the colours
that make up most of it, `emoji` the character it stands for.
"""

from __future__ import annotations

import colorsys
import io
import itertools
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import resvg_py
from PIL import Image

FIGURES = Path(__file__).parent / "figures"
GRID = 128  # pixels a figure is measured at
UNITS = 32  # units a figure is drawn in
DERIVED = {  # new figures out of a figure of the set: colours changed, a piece added
    "unicorn": (
        "horse",
        {"#1c1c1c": "#ff6fb5", "#a56953": "#f7f2fb", "#6d4534": "#d9cbe6", "#e39d89": "#f7b8cf"},
        '<path fill="#fcd53f" d="m5.4 3.4-4.600-3.300 2.500 5z"/><path fill="#1c1c1c" d="M5 5.700h1v1.200H5z"/>',
    ),
    "deciduous-tree": (
        "deciduous-tree",
        {"#44911b": "#3f8a2a"},
        '<path fill="#2f7322" d="M4.500 20c2 2.500 5.500 3 8.500 1.500 3 2 8 2 11-.500 1.500.8 2.800.5 3.900-.2-.5 2.100-2.700 3.700-5.100 3.700H9.600'
        'C7 24.500 4.800 22.500 4.500 20"/><g fill="#4a9634"><circle cx="13" cy="7.500" r="3.400"/><circle cx="9.800" cy="13.500" r="2.900"/>'
        '<circle cx="19" cy="11.500" r="3"/><circle cx="14.500" cy="16.500" r="2.400"/><circle cx="22.800" cy="17" r="2.200"/></g>'
        '<g fill="#58a53f"><circle cx="12.500" cy="6.800" r="2.200"/><circle cx="9.300" cy="12.900" r="1.800"/><circle cx="18.500" cy="10.900" r="1.900"/></g>',
    ),
    # Boats come with a strip of water of their own; ours float in the water of the scene.
    **{
        boat: (boat, {"#00a6ed": "none"}, "")
        for boat in ("canoe", "sailboat", "speedboat", "motor-boat", "ship", "ferry", "passenger-ship")
    },
    "cherry-tree": (
        "deciduous-tree",
        {"#44911b": "#ffb0cf"},
        '<g fill="#ff82b4"><circle cx="11" cy="11" r="1.300"/><circle cx="16.500" cy="6.500" r="1.100"/><circle cx="21"'
        ' cy="12" r="1.300"/><circle cx="15" cy="16" r="1.200"/><circle cx="9" cy="19" r="1.200"/><circle cx="23" cy="19"'
        ' r="1.200"/></g><g fill="#ffdcea"><circle cx="13.500" cy="8.500" r="1"/><circle cx="19.500" cy="17.500" r="1.200"/>'
        '<circle cx="18" cy="10" r="1"/><circle cx="11.500" cy="21" r="1"/></g>',
    ),
}
DRAWN_EMOJI = {  # what a hand-drawn figure stands for, by the name of the set
    "moon": "full-moon",
    "crescent": "crescent-moon",
    "earth": "globe-showing-europe-africa",
    "planet": "ringed-planet",
    "lightning": "high-voltage",
    "campfire": "fire",
}


def lines(lexicon: str) -> Iterator[tuple[str, str, str]]:
    """(group, figure, flag) of every line of the lexicon."""
    group = ""
    for line in lexicon.splitlines():
        if line.startswith("["):
            group = line.strip("[]").split()[0]
        elif line and not line.startswith("#"):
            words = line.split(":", 1)[0].split()
            yield group, words[0], words[1] if len(words) > 2 else ""


def raster(body: str, extra_style: str = "") -> Image.Image:
    """The figure as RGBA, GRID pixels square."""
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {UNITS} {UNITS}" width="{GRID}" height="{GRID}">{extra_style}{body}</svg>'
    return Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True)))).convert("RGBA")


def measured(body: str) -> dict[str, object]:
    """`body` with its box, outline and main colours."""
    body = re.sub(r"(\d\.\d{2})\d+", r"\1", body)
    pixels = np.asarray(raster(body))
    opaque = pixels[..., 3] > 40
    rows, columns = np.where(opaque.any(axis=1))[0], np.where(opaque.any(axis=0))[0]
    unit = UNITS / GRID
    box = [columns[0] * unit, rows[0] * unit, (columns[-1] + 1) * unit, (rows[-1] + 1) * unit]
    edges = np.linspace(columns[0], columns[-1] + 1, 9).astype(int)
    top = []
    for left, right in itertools.pairwise(edges):
        filled = np.where(opaque[:, left : max(right, left + 1)].mean(axis=1) > 0.5)[0]
        top.append(round(float(filled[0] * unit), 1) if len(filled) else round(float(box[3]), 1))
    return {
        "body": body,
        "box": [round(float(side), 1) for side in box],
        "top": top,
        "tint": main_colours(body, pixels),
    }


def main_colours(body: str, pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> list[str]:
    """The colours of the body that are kin to the one that covers most of the figure; that one comes first."""
    fills = sorted(
        {fill.lower() for fill in re.findall(r'(?:fill|stop-color)="(#[0-9a-fA-F]{6}|#[0-9a-fA-F]{3})"', body)}
    )
    solid = pixels[pixels[..., 3] > 200][:, :3].astype(int)
    area = {fill: int((np.abs(solid - np.array(rgb(fill))).max(axis=1) < 6).sum()) for fill in fills}
    # Black outlines, white eyes and skin are no colour one would name a thing after, unless there is nothing else.
    coloured = [fill for fill in fills if area[fill] > 0]
    if not coloured:
        return fills[:1]
    first = max(
        coloured, key=lambda fill: (area[fill] * (0.45 if min(rgb(fill)) > 235 or max(rgb(fill)) < 40 else 1), fill)
    )
    hue, light, strong = colorsys.rgb_to_hls(*(part / 255 for part in rgb(first)))
    kin = [first]
    for fill in fills:
        h, lum, s = colorsys.rgb_to_hls(*(part / 255 for part in rgb(fill)))
        near = (
            min(abs(h - hue), 1 - abs(h - hue)) < 0.07 and s > 0.12
            if strong > 0.12
            else s < 0.14 and abs(lum - light) < 0.35
        )
        if fill != first and near and 0.1 < lum < 0.97:
            kin.append(fill)
    return kin


def rgb(colour: str) -> tuple[int, int, int]:
    """#rgb or #rrggbb as three numbers 0 … 255."""
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def derived(name: str, icons: dict[str, dict[str, str]]) -> str:
    """The body of a figure made from another one."""
    source, colours, extra = DERIVED[name]
    body = icons[source]["body"]
    for old, new in colours.items():
        body = body.replace(old, new)
    return body + extra


def main(package: Path) -> None:
    """Write one JSON file per group of the lexicon."""
    collection = json.loads((package / "icons.json").read_text())
    icons = collection["icons"]
    icons |= {name: icons[alias["parent"]] for name, alias in collection["aliases"].items() if alias["parent"] in icons}
    emoji = {name: char for char, name in json.loads((package / "chars.json").read_text()).items()}
    drawn = json.loads((FIGURES / "drawn.json").read_text())
    groups: dict[str, dict[str, dict[str, object]]] = {}
    for group, name, flag in lines((FIGURES / "lexicon.txt").read_text()):
        if name in DERIVED:
            body = derived(name, icons)
        elif flag == "~drawn":
            body = drawn[name]["body"]
        else:
            body = icons[name]["body"]
        # Iconify names gradients and clips SVG<random>; made ours so that two figures never share a name.
        for number, old in enumerate(sorted(set(re.findall(r'id="([^"]+)"', body)))):
            body = body.replace(f'"{old}"', f'"{name}-{number}"').replace(f"#{old})", f"#{name}-{number})")
        entry = measured(body)
        char = emoji.get(DRAWN_EMOJI.get(name, name))
        if char is not None and len(char) < 8:
            entry["emoji"] = "".join(chr(int(point, 16)) for point in char.split("-"))
        groups.setdefault(group, {})[name] = entry
    for group, entries in groups.items():
        text = json.dumps(entries, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        (FIGURES / f"{group}.json").write_text(text.replace('},"', '},\n"') + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
