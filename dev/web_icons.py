"""The web client's icons, drawn from its mark: `python -m dev.web_icons` writes them into web/public."""

from __future__ import annotations

import re
from dataclasses import dataclass

import resvg_py

from dev.home import HERE

PUBLIC = HERE / "web" / "public"
MARK = PUBLIC / "favicon.svg"
MARK_SIDE = 32  # of its view box
PLASTER = "#f6ede1"


@dataclass(frozen=True, slots=True)
class Icon:
    """One picture of the mark. `share` is how much of its side the mark takes; `ground` fills what is behind it."""

    name: str
    side: int
    share: float
    ground: str = "none"


ICONS = (
    Icon("icon-32.png", 32, 1),
    Icon("icon-192.png", 192, 0.92),
    Icon("icon-512.png", 512, 0.92),
    Icon("icon-maskable-512.png", 512, 0.56, PLASTER),  # inside the circle that every mask leaves
    Icon("apple-touch-icon.png", 180, 0.66, PLASTER),
)


def drawn(icon: Icon) -> bytes:
    """The icon as PNG; the same bytes each time."""
    inner = re.sub(r"</?svg[^>]*>", "", MARK.read_text())
    edge = MARK_SIDE * (1 / icon.share - 1) / 2
    side = MARK_SIDE + 2 * edge
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-edge} {-edge} {side} {side}">'
        f'<rect x="{-edge}" y="{-edge}" width="{side}" height="{side}" fill="{icon.ground}"/>{inner}</svg>'
    )
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, width=icon.side, height=icon.side))


def main() -> None:
    """Write every icon."""
    for icon in ICONS:
        (PUBLIC / icon.name).write_bytes(drawn(icon))


if __name__ == "__main__":
    main()
