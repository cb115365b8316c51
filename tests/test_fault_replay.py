"""The bounds of live feeds: how much is replayed, which cursors are good, and what becomes of a reader who is slow."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from urllib.parse import urlsplit

import asyncpg
import orjson
import pytest
from websockets.asyncio.client import connect

from execution.groups import Groups
from models.event import Cursor, Event, log_state
from realtime.hub import Hub
from realtime.inbox import Inbox
from resolvers.stream import MOST_REPLAYED_EVENTS
from tests.conftest import Serving
from tests.crowd import place
from tests.people import PATIENCE_SECONDS, Feed, Person, Town
from tests.test_groups import EVERYTHING, groups, settled

__all__ = ["groups"]  # a fixture of this module, too

WAITING = 20  # how many events an inbox holds here
MOST_POSTS = 400
SMALL_BUFFER_BYTES = 4_096
# One event of about 40 kB, so that the pipe to a reader who does not read is soon full.
HEAVY = (
    "subscription($after: String) { homeTimeline(after: $after) { __typename cursor"
    " ... on Reset { reason } ... on PostPublished { edge { node { id FILLER } } } } }"
).replace("FILLER", " ".join(f"t{number}: text" for number in range(28)))
POST = "query($id: ID!) { node(id: $id) { ... on Post { likeCount } } }"


def hub_of(running: Serving) -> Hub:
    hub: Hub = running.application.state.house.hub
    return hub


async def say_events(running: Serving, author: Person, count: int) -> None:
    """That many events of an author that mean nothing to anybody, handed out by the hub."""
    connection = await asyncpg.connect(running.settings.database_url)
    try:
        rows = await connection.fetch(
            """INSERT INTO events (kind, topics) SELECT 'post_created', ARRAY['author:' || id] FROM users, generate_series(1, $2)
            WHERE handle = $1 RETURNING xid::text AS xid, id""",
            author.handle,
            count,
        )
    finally:
        await connection.close()
    await hub_of(running).reached(Cursor(int(rows[-1]["xid"]), rows[-1]["id"]))


async def check_it_goes_on(author: Person, feed: Feed) -> None:
    post = await author.write("Still there?")
    assert (await feed.next())["edge"]["node"]["id"] == post


async def test_replay_is_bounded(running: Serving, town: Town) -> None:
    author, reader = await town.person("ada"), await town.person("bob")
    await reader.follow(author)
    cursor = (await reader.home())["liveCursor"]
    await say_events(running, author, MOST_REPLAYED_EVENTS)
    async with reader.live("HomeLive", after=cursor) as feed:
        assert (feed.first["__typename"], feed.first["cursor"]) == ("LiveHeartbeat", cursor)
        await check_it_goes_on(author, feed)
    await say_events(running, author, 1)
    async with reader.live("HomeLive", after=cursor) as feed:
        assert (feed.first["__typename"], feed.first["reason"]) == ("Reset", "TOO_OLD")
        assert place(feed.first["cursor"]) > place(cursor)
        resumed = feed.cursor
        await check_it_goes_on(author, feed)
    async with reader.live("HomeLive", after=resumed) as feed:
        assert (await feed.next())["__typename"] == "PostPublished"


@pytest.mark.parametrize(
    ("xids_away", "epoch", "reason"),
    [
        (-1, None, "TOO_OLD"),
        (1_000_000, None, "UNKNOWN_CURSOR"),
        (1, "0123456789", "UNKNOWN_CURSOR"),
        (-1, "0123456789", "UNKNOWN_CURSOR"),
    ],
    ids=["below the floor", "from the future", "of another epoch", "old and of another epoch"],
)
async def test_a_cursor_that_leads_nowhere_resets(
    running: Serving, town: Town, xids_away: int, epoch: str | None, reason: str
) -> None:
    author, reader = await town.person("ada"), await town.person("bob")
    await reader.follow(author)
    await hub_of(running).reached(place((await reader.home())["liveCursor"]))  # what the follow brings about is over
    connection = await asyncpg.connect(running.settings.database_url)
    try:
        state = await connection.fetchrow("SELECT epoch, floor_xid::text AS floor FROM log_state")
    finally:
        await connection.close()
    after = str(Cursor(int(state["floor"]) + xids_away, 0, epoch or state["epoch"]))
    async with reader.live("HomeLive", after=after) as feed:
        assert (feed.first["__typename"], feed.first["reason"]) == ("Reset", reason)
        await check_it_goes_on(author, feed)


async def test_heartbeats_tell_how_far_one_is(running: Serving, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resolvers.stream.HEARTBEAT_SECONDS", 0.05)
    stranger, reader = await town.person("eve"), await town.person("bob")
    async with reader.live("HomeLive") as feed:
        assert feed.first["__typename"] == "LiveHeartbeat"
        await say_events(running, stranger, 3)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while place(feed.cursor or "") < hub_of(running).position:
                assert (await feed.next(heartbeats=True))["__typename"] == "LiveHeartbeat"


def inboxes(hub: Hub) -> set[Inbox]:
    return {inbox for listeners in hub._topics.values() for inbox in listeners}


@asynccontextmanager
async def idle(person: Person) -> AsyncIterator[Feed]:
    """A heavy feed of somebody who takes nothing off the wire but what they ask for, through a narrow pipe."""
    pipe = socket.socket()
    pipe.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER_BYTES)
    where = urlsplit(person.town.url)
    pipe.connect((where.hostname, where.port))
    address = person.town.url.replace("http", "ws", 1) + "/graphql"
    protocols = ["graphql-transport-ws"]
    async with connect(address, sock=pipe, subprotocols=protocols, max_size=None, max_queue=1) as wire:  # type: ignore[arg-type]
        await wire.send(
            orjson.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {person.token}"}}).decode()
        )
        assert orjson.loads(await wire.recv())["type"] == "connection_ack"
        await wire.send(orjson.dumps({"id": "1", "type": "subscribe", "payload": {"query": HEAVY}}).decode())
        feed = Feed(wire)
        feed.first = await feed.next(heartbeats=True)
        yield feed


async def test_who_reads_too_slowly_is_reset_and_nobody_else(
    running: Serving, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("realtime.inbox.MOST_EVENTS", WAITING)
    hub = hub_of(running)
    author, slow, brisk = [await town.person(name) for name in ("ada", "slo", "bob")]
    await slow.follow(author)
    await brisk.follow(author)
    written: list[str] = []
    before = inboxes(hub)
    async with idle(slow) as behind:
        (inbox,) = inboxes(hub) - before
        async with brisk.live("HomeLive") as feed:
            while not inbox.overflowed:
                assert len(written) < MOST_POSTS, "The pipe took everything."
                written.append(await author.write("字" * 500))
                assert (await feed.next())["edge"]["node"]["id"] == written[-1]
                assert len(inbox.events) <= WAITING
            heard = [await behind.next()]
            while heard[-1]["__typename"] != "Reset":
                heard.append(await behind.next())
            assert heard[-1]["reason"] == "TOO_SLOW"
            passed_on = [event["edge"]["node"]["id"] for event in heard[:-1]]
            assert passed_on == written[: len(passed_on)]
            assert len(passed_on) < len(written)
            last = await author.write("And now?")
            assert (await behind.next())["edge"]["node"]["id"] == last
            assert (await feed.next())["edge"]["node"]["id"] == last


async def test_a_long_lived_socket_sees_what_changed(town: Town) -> None:
    """Nothing is remembered from one operation of a socket to the next."""
    author, reader = await town.person("ada"), await town.person("bob")
    post = await author.write("Look!")
    async with reader.socket() as wire:

        async def look() -> object:
            payload = {"query": POST, "variables": {"id": post}}
            await wire.send(orjson.dumps({"id": "1", "type": "subscribe", "payload": payload}).decode())
            answer = orjson.loads(await wire.recv())
            assert orjson.loads(await wire.recv())["type"] == "complete"
            return answer["payload"]["data"]["node"]

        assert await look() == {"likeCount": 0}
        await author.do("LikePost", postId=post)
        assert await look() == {"likeCount": 1}
        await author.do("BlockUser", userId=reader.id)
        assert await look() is None


@asynccontextmanager
async def hub_behind(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """The hub hands out nothing that happens in here, until its end."""
    usual, released = hub.prepare, asyncio.Event()

    async def later(events: Sequence[Event]) -> None:
        await released.wait()
        if usual is not None:
            await usual(events)

    with monkeypatch.context() as patched:
        patched.setattr(hub, "prepare", later)
        yield
        released.set()
        async with asyncio.timeout(PATIENCE_SECONDS):
            await hub.reached((await log_state()).head)


@pytest.mark.parametrize("resumed", [False, True], ids=["from now on", "from the page on"])
async def test_what_is_known_is_not_told_again_by_a_hub_that_is_behind(
    town: Town, running: Serving, groups: Groups, monkeypatch: pytest.MonkeyPatch, resumed: bool
) -> None:
    """Here the process has yet to hear of a post that the reader knows, who is level by then and in company."""
    author, reader = await town.person("ada"), await town.person("bob")
    await reader.follow(author)
    await settled(running, groups)
    async with AsyncExitStack() as stack:
        async with hub_behind(running.application.state.house.hub, monkeypatch):
            known = await author.write("Known")
            page = await reader.home()
            assert [edge["node"]["id"] for edge in page["edges"]] == [known]
            after = {"after": page["liveCursor"]} if resumed else {}
            feed = await stack.enter_async_context(reader.live(EVERYTHING, **after))
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not len(groups):  # noqa: ASYNC110  # it joins as soon as it is level, and tells nobody
                    await asyncio.sleep(0.01)
        fresh = await author.write("Fresh")
        assert (await feed.next())["edge"]["node"]["id"] == fresh
