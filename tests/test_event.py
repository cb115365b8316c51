"""The event log: nothing that commits late is ever skipped, cursors come back, days are made and dropped."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import asyncpg
import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from models.database import fetch, fetch_one, fetch_value
from models.epoch import begin_epoch
from models.event import KEPT_HOURS, Cursor, Event, Kind, log_state, read_log, record, replay
from models.partition import DAYS_AHEAD, drop_old_partitions, make_partitions
from models.transaction import transaction
from tests.conftest import Serving
from tests.people import Town

LARGEST = 2**63 - 1
INSERT = "INSERT INTO events (kind, topics, subject_id) VALUES ('user_changed', '{late}', $1)"
pytestmark = pytest.mark.usefixtures("running")


@asynccontextmanager
async def connection(running: Serving) -> AsyncIterator[asyncpg.Connection]:
    """A connection of one's own, as another process has it."""
    found = await asyncpg.connect(running.settings.database_url)
    try:
        yield found
    finally:
        await found.close()


def ours(events: list[Event]) -> list[int | None]:
    """Subjects of the events that these tests wrote."""
    return [event.subject_id for event in events if "late" in event.topics]


@given(
    xid=st.integers(0, LARGEST), number=st.integers(0, LARGEST), epoch=st.from_regex(r"[0-9a-f]{10}", fullmatch=True)
)
def test_cursors_come_back(xid: int, number: int, epoch: str) -> None:
    cursor = Cursor(xid, number, epoch)
    assert Cursor.parse(str(cursor)) == cursor


@given(
    text=st.text(max_size=70) | st.from_regex(r"1\.[0-9a-f]{1,10}\.[0-9a-z]{0,14}\.[0-9a-z_-]{0,14}", fullmatch=True)
)
def test_no_text_is_taken_for_a_place_beyond_all(text: str) -> None:
    found = Cursor.parse(text)
    assert found is None or (0 <= found.xid <= LARGEST and 0 <= found.id <= LARGEST)


def test_what_is_no_cursor() -> None:
    for text in (
        "",
        "1",
        "1.a.b",
        "2.a.1.1",
        "1..1.1",
        "1.a.1.",
        "1.a.-1.1",
        "1.a.1_0.1",
        "1.a. 1.1",
        "1.A.1.1",
        "1.a.1.1.1",
    ):
        assert Cursor.parse(text) is None, text
    assert Cursor.parse("1.a." + "z" * 13 + ".1") is None


async def test_a_late_commit_is_not_skipped(running: Serving) -> None:
    start = (await log_state()).head
    async with connection(running) as slow:
        held = slow.transaction()
        await held.start()
        await slow.execute(INSERT, 1)
        async with transaction():
            await fetch(INSERT, 2)
        early, place = await read_log(start, 1_000)
        assert ours([*early]) == [], "what comes after an open transaction waits for it"
        assert place <= (await log_state()).head
        await held.commit()
    late, end = await read_log(place, 1_000)
    assert ours([*late]) == [1, 2], "the order is that of the transactions"
    assert (await read_log(end, 1_000))[0] == []


async def test_readers_miss_nothing_whatever_the_order_of_commits(running: Serving) -> None:
    start = (await log_state()).head
    writers, each = 6, 12
    dice = random.Random(7)
    writing = True
    found: list[Event] = []

    async def write(number: int) -> None:
        async with connection(running) as own:
            for step in range(each):
                async with own.transaction():
                    await own.execute(INSERT, number * 1_000 + step)
                    for _ in range(dice.randrange(4)):
                        await own.execute("SELECT 1")

    async def read() -> None:
        place = start
        while True:
            last = not writing
            events, place = await read_log(place, 5)
            found.extend(event for event in events if "late" in event.topics)
            if last and len(events) < 5:
                return

    reader = asyncio.create_task(read())
    await asyncio.gather(*(write(number) for number in range(1, writers + 1)))
    writing = False
    await reader
    assert [event.cursor for event in found] == sorted({event.cursor for event in found}), "in order, each once"
    subjects = ours(found)
    assert sorted(str(one) for one in subjects) == sorted(
        str(n * 1_000 + s) for n in range(1, writers + 1) for s in range(each)
    )
    for number in range(1, writers + 1):
        assert [one for one in subjects if one and one // 1_000 == number] == [
            number * 1_000 + step for step in range(each)
        ]


async def test_what_is_rolled_back_is_never_read(running: Serving) -> None:
    start = (await log_state()).head
    with suppress(LookupError):
        async with transaction():
            await fetch(INSERT, 3)
            raise LookupError
    async with transaction():
        await record(Kind.USER_CHANGED, ["late"], subject_id=4)
    assert ours([*(await read_log(start, 1_000))[0]]) == [4]


async def test_a_replay_gives_what_belongs_to_the_topics(running: Serving) -> None:
    start = (await log_state()).head
    for number, topics in enumerate((["late", "x"], ["x"], ["late"], ["y", "late"])):
        async with transaction():
            await record(Kind.USER_CHANGED, topics, subject_id=number)
    end = (await log_state()).head
    assert [e.subject_id for e in await replay(["late"], start, end, 100)] == [0, 2, 3]
    assert [e.subject_id for e in await replay(["x", "y"], start, end, 100)] == [0, 1, 3], "each once"
    first = (await replay(["late"], start, end, 1))[0].cursor
    assert [e.subject_id for e in await replay(["late"], first, end, 100)] == [2, 3]
    assert await replay(["late"], end, end, 100) == []


async def test_days_are_made_ahead_and_only_once() -> None:
    for _ in range(2):
        await make_partitions()
    rows = await fetch("SELECT relname FROM pg_class WHERE relname ~ '^events_[0-9]{8}$' AND relkind = 'r'")
    ahead = await fetch_value("SELECT to_char((now() AT TIME ZONE 'UTC')::date + $1::int, 'YYYYMMDD')", DAYS_AHEAD)
    assert f"events_{ahead}" in {row["relname"] for row in rows}


@pytest_asyncio.fixture
async def _readers_go_on() -> AsyncIterator[None]:
    """Afterwards the readers of the log stand at its end, as other tests find them."""
    yield
    head = (await log_state()).head
    await fetch(
        "UPDATE log_readers SET epoch = $1, xid = $2::text::xid8, event_id = $3", head.epoch, str(head.xid), head.id
    )


@pytest.mark.usefixtures("_readers_go_on")
async def test_old_days_are_dropped_and_the_floor_rises() -> None:
    await fetch(
        "CREATE TABLE events_20200101 PARTITION OF events FOR VALUES FROM ('2020-01-01 00:00+00') TO ('2020-01-02 00:00+00')"
    )
    before = await log_state()
    old = "INSERT INTO events (kind, topics, at) VALUES ('user_changed', '{late}', $1::text::timestamptz)"
    await fetch(old, "2020-01-01 12:00+00")
    await fetch(old, "2020-02-01 12:00+00")  # a day without a table of its own
    async with transaction():
        await record(Kind.USER_CHANGED, ["late"], subject_id=9)
    newest = await fetch_value("SELECT max(xid)::text FROM events WHERE at < now() - interval '1 year'")
    assert await drop_old_partitions() == ["events_20200101"]
    after = await log_state()
    assert (before.floor < after.floor, after.floor.xid) == (True, int(newest))
    assert not await fetch("SELECT 1 FROM events WHERE at < now() - make_interval(hours => $1)", KEPT_HOURS)
    kept = await fetch_one("SELECT 1 FROM events WHERE subject_id = 9 AND topics = '{late}'")
    assert kept is not None
    assert await drop_old_partitions() == []
    assert (await log_state()).floor == after.floor


@pytest.mark.usefixtures("_readers_go_on")
async def test_a_new_epoch_makes_every_older_cursor_unknown(town: Town) -> None:
    reader = await town.person("ada")
    before = (await reader.home())["liveCursor"]
    async with reader.live("HomeLive", after=before) as feed:
        await begin_epoch()
        assert (await feed.next())["__typename"] == "Reset"  # open readers are told, so the hub knows
    async with reader.live("HomeLive", after=before) as feed:
        assert (feed.first["__typename"], feed.first["reason"]) == ("Reset", "UNKNOWN_CURSOR")
    async with reader.live("HomeLive", after=(await reader.home())["liveCursor"]) as feed:
        assert feed.first["__typename"] == "LiveHeartbeat"
        post = await reader.write("After the restore")
        assert (await feed.next())["edge"]["node"]["id"] == post
