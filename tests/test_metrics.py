"""`/metrics`: what it says, in which form, and to whom."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping

import pytest
from starlette.requests import Request

from execution.metrics import Metric, exposition
from execution.transports.scrape import Access, access
from models.database import fetch
from models.event import Cursor, log_state
from models.pulse import MOST_COUNTED, pulse
from models.transaction import transaction
from tests.conftest import Serving
from tests.people import PATIENCE_SECONDS, Town

LINE = re.compile(r'([a-z_]+)(?:\{([a-z]+)="([a-z0-9_]+)"\})? ([0-9.e+-]+)')
TOKEN = "t" * 20


def read(text: str) -> dict[tuple[str, str], float]:
    """Samples by name and label's value, from a text that is as the format says."""
    found: dict[tuple[str, str], float] = {}
    typed: set[str] = set()
    for line in text.splitlines():
        if line.startswith("# "):
            _, what, name, rest = line.split(" ", 3)
            if what == "TYPE":
                assert rest in ("gauge", "counter")
                assert (rest == "counter") == name.endswith("_total")
                typed.add(name)
            continue
        matched = LINE.fullmatch(line)
        assert matched is not None, line
        assert matched[1] in typed
        found[matched[1], matched[3] or ""] = float(matched[4])
    return found


async def scraped(town: Town) -> dict[tuple[str, str], float]:
    answer = await town.http.get(f"{town.url}/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert answer.text.endswith("\n")
    return read(answer.text)


async def test_what_happens_shows(town: Town, running: Serving) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    await bob.follow(ada)
    before = await scraped(town)
    async with bob.live("HomeLive") as feed:
        await ada.write("Counted")
        assert (await feed.until("PostPublished"))["edge"]["node"]["text"] == "Counted"
        await town.http.get(f"{town.url}/nowhere")
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (
                not (during := await scraped(town))["fresque_events_delivered_total", ""]
                > before["fresque_events_delivered_total", ""]
            ):
                pass  # counted after it was written
    assert during["fresque_sockets_open", ""] == before["fresque_sockets_open", ""] + 1
    assert during["fresque_subscriptions_together", ""] >= 1
    assert during["fresque_groups", ""] >= 1
    assert during["fresque_operations_total", "compiled"] > before["fresque_operations_total", "compiled"]
    assert during["fresque_http_answers_total", "404"] == before.get(("fresque_http_answers_total", "404"), 0) + 1
    assert during["fresque_http_answers_total", "200"] > before["fresque_http_answers_total", "200"]
    assert during["fresque_hub_events_total", ""] > before["fresque_hub_events_total", ""]
    assert during["fresque_relay_silent_seconds", ""] < 30
    assert during["fresque_database_up", ""] == 1
    assert during["fresque_database_connections", "busy"] <= during["fresque_database_connections_most", ""]
    assert during["process_resident_memory_bytes", ""] > 10_000_000
    for person in (ada, bob):
        assert person.handle not in str(during)


async def test_the_log_s_pulse_tells_what_holds_it_back(town: Town) -> None:
    ada = await town.person("ada")
    place = (await log_state()).head
    assert (await pulse(Cursor(place.xid, place.id))).pending == 0
    await ada.write("One more")
    assert (await pulse(place)).pending >= 1
    assert (await pulse(Cursor(0, 0))).pending <= MOST_COUNTED
    async with transaction():
        await fetch("SELECT pg_current_xact_id()")  # what gives a transaction its id
        assert (await pulse(place)).watermark_seconds > 0


def asks(address: str, **headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "client": (address, 1), "headers": raw})


@pytest.mark.parametrize(
    ("who", "address", "headers", "may"),
    [
        (access("127.0.0.0/8,::1", "", False), "127.0.0.1", {}, True),
        (access("127.0.0.0/8,::1", "", False), "::1", {}, True),
        (access("127.0.0.0/8,::1", "", False), "::ffff:127.0.0.1", {}, True),
        (access("127.0.0.0/8,::1", "", False), "192.0.2.1", {}, False),
        (access("127.0.0.0/8", "", False), "", {}, False),
        (access("127.0.0.0/8", "", False), "127.0.0.1", {"x_forwarded_for": "192.0.2.1"}, False),
        (access("127.0.0.0/8", "", False), "127.0.0.1", {"forwarded": "for=192.0.2.1"}, False),
        (access("192.0.2.0/24", "", True), "192.0.2.1", {"x_forwarded_for": "192.0.2.1"}, True),
        (access("", "", False), "127.0.0.1", {}, False),
        (access("", TOKEN, False), "192.0.2.1", {"authorization": f"Bearer {TOKEN}"}, True),
        (access("", TOKEN, False), "192.0.2.1", {"authorization": "Bearer other"}, False),
        (access("", "", False), "192.0.2.1", {"authorization": "Bearer "}, False),
    ],
)
def test_who_may_look(who: Access, address: str, headers: Mapping[str, str], may: bool) -> None:
    assert who.allows(asks(address, **headers)) is may


async def test_to_others_there_is_no_such_path(town: Town) -> None:
    """Through a proxy that nobody told us of everybody seems to be at home."""
    refused = await town.http.get(f"{town.url}/metrics", headers={"X-Forwarded-For": "192.0.2.1"})
    missing = await town.http.get(f"{town.url}/nothing-here", headers={"X-Forwarded-For": "192.0.2.1"})
    assert (refused.status_code, refused.text) == (missing.status_code, missing.text)
    assert refused.status_code == 404


@pytest.mark.parametrize(("networks", "token"), [("everywhere", ""), ("10.0.0.1/8", ""), ("", "short")])
def test_what_cannot_be_read_stops_the_process(networks: str, token: str) -> None:
    with pytest.raises(SystemExit, match="METRICS_"):
        access(networks, token, False)


def test_the_text_is_as_the_format_says() -> None:
    text = exposition([Metric("a_total", "counter", "What.", {"x": 1, "y": 2.5}, "kind")])
    assert text == '# HELP a_total What.\n# TYPE a_total counter\na_total{kind="x"} 1\na_total{kind="y"} 2.5\n'
