"""What a first visit costs: `python -m bench.web [--runs 3]`.

A site of its own with one page of pictures; a fresh profile of headless Chromium opens it over a throttled line (and, for
comparison, over none). Printed: bytes over the line by kind (as sent, so compressed), requests, and in ms from the start
of the navigation: first paint with content, first post on the page, first picture drawn, largest paint; how far the
layout shifted. Times move with the machine; compare within one run.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Browser

from tests.browser.site import Site, launched, opened
from tests.browser.visitor import DESKTOP, PHONE

POSTS = 20
KIB = 1024
LARGEST_SCRIPT_KIB = 200  # the promise of the web client for its first load
# Noted in the page, since looking from outside would add its own delay.
NOTE = """(() => {
    window.noted = {paint: 0, largest: 0, shift: 0, post: 0, picture: 0};
    new PerformanceObserver((list) => { for (const one of list.getEntries())
        if (one.name === 'first-contentful-paint') noted.paint = one.startTime; }).observe({type: 'paint', buffered: true});
    new PerformanceObserver((list) => { for (const one of list.getEntries()) noted.largest = one.startTime; })
        .observe({type: 'largest-contentful-paint', buffered: true});
    new PerformanceObserver((list) => { for (const one of list.getEntries()) noted.shift += one.value; })
        .observe({type: 'layout-shift', buffered: true});
    const look = () => {
        if (!noted.post && document.querySelector('main article')) noted.post = performance.now();
        const picture = document.querySelector('main article img[src*="/media/"]');
        if (!noted.picture && picture && picture.complete && picture.naturalWidth) noted.picture = performance.now();
        if (!noted.post || !noted.picture) requestAnimationFrame(look);
    };
    look();
})()"""


@dataclass(frozen=True, slots=True)
class Line:
    """A line to the visitor: kilobits a second down and up, milliseconds there and back; how much slower the processor is."""

    name: str
    down: int
    up: int
    latency_ms: int
    slower: int


LINES = (
    Line("no throttling, desktop", 0, 0, 0, 1),
    Line("slow 4G and a phone (1.6 Mbit/s, 150 ms, processor 4 times slower)", 1_600, 750, 150, 4),
)


@dataclass(slots=True)
class Visit:
    """One first load: bytes and requests by kind, and what the page noted."""

    bytes: Counter[str]
    requests: Counter[str]
    noted: Mapping[str, float]


async def visit(browser: Browser, url: str, line: Line) -> Visit:
    """Open the front page once, in a fresh profile, until its first picture is drawn and nothing more is loading."""
    context = await browser.new_context(viewport=PHONE if line.slower > 1 else DESKTOP, locale="en-GB")
    page = await context.new_page()
    session = await context.new_cdp_session(page)
    kinds: dict[str, str] = {}
    weight: Counter[str] = Counter()
    requests: Counter[str] = Counter()

    def answered(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = event["type"]

    def loaded(event: dict[str, Any]) -> None:
        kind = kinds.get(event["requestId"], "Other")
        weight[kind] += int(event["encodedDataLength"])
        requests[kind] += 1

    session.on("Network.responseReceived", answered)
    session.on("Network.loadingFinished", loaded)
    await session.send("Network.enable")
    await session.send("Network.setCacheDisabled", {"cacheDisabled": False})
    if line.down:
        await session.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": line.latency_ms,
                "downloadThroughput": line.down * 1000 / 8,
                "uploadThroughput": line.up * 1000 / 8,
            },
        )
        await session.send("Emulation.setCPUThrottlingRate", {"rate": line.slower})
    await page.add_init_script(NOTE)
    await page.goto(f"{url}/explore")
    await page.wait_for_function("() => noted.post && noted.picture", timeout=60_000)
    await page.wait_for_load_state("networkidle")
    found = Visit(weight, requests, await page.evaluate("noted"))
    await context.close()
    return found


async def furnish(site: Site) -> None:
    """Posts with pictures by a few people."""
    people = [await site.town.person(name) for name in ("ada", "bob", "eve")]
    for number in range(POSTS):
        author = people[number % len(people)]
        picture = await site.picture(author, f"hsl({number * 37 % 360}, 60%, 50%)", (640, 480))
        await author.write(f"Picture number {number}", images=[{"imageId": picture}])


def report(line: Line, visits: list[Visit]) -> None:
    """Print the medians of a line's visits."""
    first = visits[0]
    print(f"\n{line.name}")
    for kind, weight in sorted(first.bytes.items(), key=lambda one: -one[1]):
        print(f"  {kind:<12} {weight / KIB:8.1f} KiB in {first.requests[kind]} requests")
    print(f"  {'all':<12} {sum(first.bytes.values()) / KIB:8.1f} KiB in {sum(first.requests.values())} requests")
    for name, label in (
        ("paint", "first paint with content"),
        ("post", "first post on the page"),
        ("picture", "first picture drawn"),
        ("largest", "largest paint"),
    ):
        print(f"  {label:<26} {statistics.median(one.noted[name] for one in visits):8.0f} ms")
    print(f"  {'layout shift':<26} {max(one.noted['shift'] for one in visits):8.3f}")


async def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="visits of each line (default 3)")
    runs = parser.parse_args().runs
    async with opened("bench-web") as site, launched() as browser:
        await furnish(site)
        await visit(browser, site.url, LINES[0])  # the first visitor of a site pays for its caches
        for line in LINES:
            visits = [await visit(browser, site.url, line) for _ in range(runs)]
            report(line, visits)
        script = visits[0].bytes["Script"] / KIB
        print(f"\nScript of the first load: {script:.1f} KiB compressed, of at most {LARGEST_SCRIPT_KIB}.")


if __name__ == "__main__":
    asyncio.run(main())
