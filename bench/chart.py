"""Bar charts as SVG that read on white and on black, written without a library."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from html import escape
from pathlib import Path

WIDTH, BAR, GAP, LABEL, FIGURE = 720, 22, 10, 230, 90
OURS, OTHERS = "#d9480f", "#748ffc"


def write(path: Path, title: str, bars: Sequence[tuple[str, float]], unit: str, *, ours: Collection[str]) -> None:
    """One bar for each (name, value), in the order given, drawn from zero; those named in `ours` have a colour of their own."""
    longest = max(value for _, value in bars)
    height = 40 + len(bars) * (BAR + GAP)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
        ' font-family="system-ui, sans-serif" font-size="13" fill="#868e96" role="img">',
        f"<title>{escape(title)}</title>",
        f'<text x="0" y="18" font-size="15">{escape(title)}</text>',
    ]
    for place, (name, value) in enumerate(bars):
        top = 34 + place * (BAR + GAP)
        length = max(1.0, value / longest * (WIDTH - LABEL - FIGURE))
        colour = OURS if name in ours else OTHERS
        lines += [
            f'<text x="{LABEL - 8}" y="{top + 16}" text-anchor="end">{escape(name)}</text>',
            f'<rect x="{LABEL}" y="{top}" width="{length:.1f}" height="{BAR}" rx="3" fill="{colour}"/>',
            f'<text x="{LABEL + length + 6:.1f}" y="{top + 16}">{value:.4g} {escape(unit)}</text>',
        ]
    path.write_text("\n".join([*lines, "</svg>", ""]))
