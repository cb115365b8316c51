"""The tables and charts of docs/performance.md, out of docs/measured: `python -m bench.report [--check]`.

A table stands between `<!-- measured: NAME -->` and `<!-- end -->`; what is between is replaced. With `--check` nothing is written:
it ends with 1 when the page is not what the figures say, so that a figure written by hand is caught.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bench import chart, verdict
from bench.deliverers import KINDS
from bench.results import HERE, kept
from bench.town import SIZES

PAGE = HERE / "docs" / "performance.md"
CHARTS = HERE / "docs" / "charts"
PLACE = re.compile(r"(<!-- measured: (\w+) -->\n)(.*?)(<!-- end -->)", re.S)
KINDS_OF_READERS = ("any", "following 50", "following 500", "following 2,000")
OURS, BARE = "Fresque", "limit"
Figures = Mapping[str, Any]


def told(size: str, part: Figures) -> str:
    """When, where and on what a part was measured."""
    about = part["about"]
    before, after = about["load"]
    return (
        f"Town {size}, {about['at']} UTC, code `{about['code']}`, {about['cores']} cores, load {before} before and {after} after,"
        f" {about['seconds']} s."
    )


def table(heads: str, rows: Iterator[str] | list[str]) -> Iterator[str]:
    """Lines of a table."""
    yield heads
    yield "|" + "---|" * (heads.count("|") - 1)
    yield from rows


def home(size: str, part: Figures) -> Iterator[str]:
    """One kind of reader after the other."""
    yield f"{told(size, part)} {', '.join(part['versions'])}."
    yield ""

    def rows() -> Iterator[str]:
        for kind in KINDS_OF_READERS:
            for name, one in part[kind]["servers"].items():
                yield (
                    f"| {kind} | {name} | {one['single_ms']:.2f} | {one['busy_ms']:.2f} | {1000 / one['busy_ms']:.0f}"
                    f" | {one['p50_ms']:.1f} / {one['p99_ms']:.1f} | {one['database_ms']:.2f} | {part['statements'][name]:g} |"
                )
            found = part[kind]["ratios"]
            single, busy = (found[way]["ratio"] for way in ("single", "busy"))
            yield (
                f"| {kind} | **{OURS} ÷ the best peer** | **{single[1]:.2f}** ({single[0]:.2f}–{single[2]:.2f})"
                f" | **{busy[1]:.2f}** ({busy[0]:.2f}–{busy[2]:.2f}) | | p99 {found['p99']['ratio']:.2f} | | |"
            )

    yield from table(
        "| readers | server | CPU ms | CPU ms, 16 at once | requests/s a core | p50 / p99 ms at 50/s | database CPU ms | statements |",
        rows(),
    )


def growth(size: str, part: Figures) -> Iterator[str]:
    """Ours, from town to town."""
    yield told(size, part)
    yield ""
    towns = list(part["any"])

    def rows() -> Iterator[str]:
        for kind in KINDS_OF_READERS:
            for what in ("server", "database"):
                values = " | ".join(f"{part[kind][town][f'{what}_ms']:.2f}" for town in towns)
                more = " | ".join(f"{part[kind][town][f'{what}_ratio']:.2f}" for town in towns[1:])
                yield f"| {kind} | {what} | {values} |" + (f" {more} |" if more else "")

    heads = " | ".join(f"CPU ms, {town}" for town in towns) + "".join(f" | {town} ÷ {towns[0]}" for town in towns[1:])
    yield from table(f"| readers | of | {heads} |", rows())


def delivery(size: str, part: Figures) -> Iterator[str]:
    """CPU per delivery, then times."""
    yield f"{told(size, part).removeprefix(f'Town {size}, ')} {part['people']:,} subscribers, in a town of listeners."
    yield ""

    def rows() -> Iterator[str]:
        for operation in ("ExploreLive", "HomeLive"):
            for kind, name in KINDS.items():
                for server, one in part[operation].get(kind, {}).items():
                    low, middle, high = one["ratio"]
                    ratio = "" if server.startswith(BARE) else f"{middle:.2f} ({low:.2f}–{high:.2f})"
                    size_of = part[operation]["bytes"][server] or ""
                    yield f"| `{operation}`, {name} | {server} | {one['us']:.1f} | {1e6 / one['us']:,.0f} | {ratio} | {size_of} |"

    yield from table("| what | server | CPU µs | deliveries/s a core | ÷ bare | bytes |", rows())
    yield ""

    def times() -> Iterator[str]:
        for operation in ("ExploreLive", "HomeLive"):
            for server, one in part[operation]["latency"].items():
                yield f"| `{operation}` | {server} | {one['p50_ms']:.0f} / {one['p99_ms']:.0f} |"

    yield from table(f"| at {part['rate']} events a second | server | publish to receive, p50 / p99 ms |", times())


def idle(size: str, part: Figures) -> Iterator[str]:
    """Memory."""
    yield told(size, part).removeprefix(f"Town {size}, ")
    yield ""
    servers = {name: found for name, found in part.items() if name != "about"}
    counts = list(next(iter(servers.values())))
    starts = ["200", *counts]
    heads = " | ".join(f"KB each, {int(a):,} to {int(b):,}" for a, b in zip(starts, counts, strict=False))
    yield from table(
        f"| server | {heads} |",
        [
            f"| {name} | " + " | ".join(f"{found[count]:.1f}" for count in counts) + " |"
            for name, found in servers.items()
        ],
    )


def likes(size: str, part: Figures) -> Iterator[str]:
    """One line."""
    yield told(size, part)
    yield (
        f"{part['likers']} likers: {part['one_post']:,} writes a second on one post, {part['own_posts']:,} on {part['likers']} posts,"
        f" ratio {part['ratio']}."
    )


def pipeline(size: str, part: Figures) -> Iterator[str]:
    """Whatever it tells."""
    yield told(size, part)
    yield ""
    yield from table(
        "| what | figure |",
        [f"| {name.replace('_', ' ')} | {value} |" for name, value in part.items() if name != "about"],
    )


WRITERS: Mapping[str, Callable[[str, Figures], Iterator[str]]] = {
    "home": home,
    "growth": growth,
    "delivery": delivery,
    "idle": idle,
    "likes": likes,
    "pipeline": pipeline,
}


def section(name: str, measured: Mapping[str, Figures]) -> str:
    """The lines of one place of the page: every size that has this part, the smallest first."""
    if name == "verdict":
        return "\n".join(verdict.lines(measured)) + "\n"
    parts = ["\n".join(WRITERS[name](size, parts[name])) for size, parts in measured.items() if name in parts]
    return "\n\n".join(parts or ["Not measured yet."]) + "\n"


def page(text: str, measured: Mapping[str, Figures]) -> str:
    """The page with what was measured in its places."""
    return PLACE.sub(lambda found: found[1] + section(found[2], measured) + found[4], text)


def draw(measured: Mapping[str, Figures]) -> None:
    """The charts, of the largest size that has the figures."""
    for size, parts in measured.items():
        if "home" in parts:
            servers = parts["home"]["any"]["servers"]
            for file, title, value in (
                ("home-cpu", "CPU of the server for one home, 16 at once", "busy_ms"),
                ("home-p99", "p99 of a home, 50 requests a second", "p99_ms"),
            ):
                bars = sorted(((name, one[value]) for name, one in servers.items()), key=lambda bar: bar[1])
                chart.write(CHARTS / f"{file}.svg", f"{title}, town {size}", bars, "ms", ours={OURS})
        if "delivery" in parts:
            found = parts["delivery"]
            same = {**found["ExploreLive"]["one"], "Fresque, HomeLive": found["HomeLive"]["one"]["Fresque, HomeLive"]}
            for file, title, servers in (
                ("delivery-cpu", "CPU of the server per delivery, one event to all", same),
                ("delivery-each", "CPU of the server per delivery, another event for each", found["HomeLive"]["each"]),
            ):
                bars = sorted(((name, one["us"]) for name, one in servers.items()), key=lambda bar: bar[1])
                ours = {name for name, _ in bars if name.startswith(OURS)}
                chart.write(CHARTS / f"{file}.svg", f"{title}, {found['people']:,} subscribers", bars, "µs", ours=ours)
        if "idle" in parts:
            most = [(name, list(one.values())[-1]) for name, one in parts["idle"].items() if name != "about"]
            ours = {name for name, _ in most if name.startswith(OURS)}
            bars = sorted(most, key=lambda bar: bar[1])
            chart.write(CHARTS / "idle-memory.svg", "Memory of an idle subscriber, last growth", bars, "KB", ours=ours)
        if "growth" in parts:
            bars = [
                (f"{town}: {what}", parts["growth"]["any"][town][f"{what}_ms"])
                for what in ("server", "database")
                for town in parts["growth"]["any"]
            ]
            ours = {name for name, _ in bars if name.endswith("server")}
            chart.write(
                CHARTS / "home-growth.svg", "CPU of a home as the town grows, any readers", bars, "ms", ours=ours
            )


def main() -> int:
    """Write the page and the charts, or look whether the page is right."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    measured = {size: parts for size in SIZES if (parts := kept(size))}
    before = PAGE.read_text()
    after = page(before, measured)
    if given.check:
        if before != after:
            print("docs/performance.md does not say what docs/measured does: python -m bench.report")
        return int(before != after)
    PAGE.write_text(after)
    CHARTS.mkdir(exist_ok=True)
    draw(measured)
    return 0


if __name__ == "__main__":
    sys.exit(main())
