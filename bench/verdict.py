"""The figures that issue 5 asks for, against what was measured: reached, aim reached, or missed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Figures = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """One figure: what it is, what was found in which run, and what was asked. `most`: the more the better."""

    what: str
    found: float | None
    run: str
    least: float
    aim: float
    unit: str = "×"
    most: bool = False

    @property
    def line(self) -> str:
        """A row of the table."""
        if self.found is None:
            said, value = "not measured", ""
        else:

            def enough(bound: float) -> bool:
                assert self.found is not None
                return self.found >= bound if self.most else self.found <= bound

            said = "aim reached" if enough(self.aim) else "reached" if enough(self.least) else "**missed**"
            value = f"{self.found:,.0f} {self.unit}" if self.found >= 100 else f"{self.found:.3g} {self.unit}"
        return (
            f"| {self.what} | {value} | {self.least:g} {self.unit} | {self.aim:g} {self.unit} | {said} | {self.run} |"
        )


def _newest(measured: Mapping[str, Figures], part: str, sizes: str) -> tuple[str, Any]:
    """The part out of the first of the sizes that has it."""
    for size in sizes:
        if part in measured.get(size, {}):
            return size, measured[size][part]
    return "", None


def _of(server: str, found: Any, operation: str, kind: str, figure: str) -> float | None:
    if found is None:
        return None
    one = found[operation][kind][server][figure]
    return float(one[1] if isinstance(one, list) else one)


def _asked(measured: Mapping[str, Figures]) -> Iterator[Asked]:
    size, home = _newest(measured, "home", "MSL")
    run = f"home, {size}"
    for way, name in (("single", "one after the other"), ("busy", "16 at once")):
        ratio = None if home is None else home["any"]["ratios"][way]["ratio"][1]
        yield Asked(f"home, any readers: CPU of the server against the best peer, {name}", ratio, run, 0.6, 0.45)
    yield Asked("the same, p99 at 50 requests a second", home and home["any"]["ratios"]["p99"]["ratio"], run, 1.0, 1.0)
    for what, unit in (("server", "single_ms"), ("database", "database_ms")):
        ratio = None
        if home is not None:
            many, few = (home[kind]["servers"]["Fresque"][unit] for kind in ("following 2,000", "following 50"))
            ratio = many / few
        yield Asked(f"readers following 2,000 against 50: CPU of the {what}", ratio, run, 2.0, 1.3)
    size, growth = next(
        ((size, parts["growth"]) for size, parts in measured.items() if "L" in parts.get("growth", {}).get("any", {})),
        ("", None),
    )
    for what in ("server", "database"):
        ratio = growth and growth["any"]["L"][f"{what}_ratio"]
        yield Asked(f"home from town S to L, any readers: CPU of the {what}", ratio, f"growth, {size}", 1.5, 1.1)
    size, delivery = _newest(measured, "delivery", "SML")
    run = f"delivery, {size}"
    explore, homes = "Fresque, ExploreLive", "Fresque, HomeLive"
    yield Asked(
        "one event to all, `ExploreLive`, against bare",
        _of(explore, delivery, "ExploreLive", "one", "ratio"),
        run,
        1.3,
        1.0,
    )
    yield Asked(
        "one event to all, `HomeLive`, against bare", _of(homes, delivery, "HomeLive", "one", "ratio"), run, 4.0, 2.0
    )
    yield Asked(
        "ten events in a tick, `ExploreLive`", _of(explore, delivery, "ExploreLive", "ten", "us"), run, 3.0, 1.5, "µs"
    )
    yield Asked(
        "another event for each, against bare", _of(homes, delivery, "HomeLive", "each", "ratio"), run, 2.0, 1.3
    )
    late = delivery and delivery["ExploreLive"]["latency"][explore]["p99_ms"]
    yield Asked("publish to receive at 5 a second, `ExploreLive`, p99", late, run, 60, 30, "ms")
    size, idle = _newest(measured, "idle", "SML")
    for count in ("5000", "10000"):
        memory = idle and idle[homes].get(count)
        yield Asked(
            f"memory of an idle subscriber who follows 200, up to {int(count):,}", memory, f"idle, {size}", 40, 19, "KB"
        )
    size, pipeline = _newest(measured, "pipeline", "SML")
    events = pipeline and pipeline.get("events_a_second")
    yield Asked("events through log, relay and hub", events, f"pipeline, {size}", 2_000, 10_000, "/s", most=True)
    size, likes = _newest(measured, "likes", "SML")
    yield Asked("likes on one post against 50 posts", likes and likes["ratio"], f"likes, {size}", 0.5, 0.9, most=True)


def lines(measured: Mapping[str, Figures]) -> Iterator[str]:
    """The table."""
    yield "| figure | measured | at least | aim | | part, town |"
    yield "|---|---|---|---|---|---|"
    for asked in _asked(measured):
        yield asked.line
