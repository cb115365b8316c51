"""A crowd for fault tests: writers who never stop writing, and watchers who come back whenever they lose the feed."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from websockets.exceptions import WebSocketException

from models.event import Cursor
from tests.people import Person, Refused, Town
from tests.processes import Processes

BACK_SECONDS = 0.1  # how soon who lost the connection tries again
LEVEL_SECONDS = 90.0
LOST = (OSError, EOFError, WebSocketException, TimeoutError, Refused)
GONE = (httpx.TransportError, Refused)


def place(cursor: str) -> Cursor:
    """A cursor as something that can be compared."""
    found = Cursor.parse(cursor)
    assert found is not None, cursor
    return found


@dataclass(frozen=True, slots=True)
class Heard:
    """One message of a feed, and when it came (clock of the loop, s)."""

    cursor: Cursor
    typename: str
    post_id: str
    at: float


@dataclass(slots=True)
class Written:
    """What writers were told: posts with the time of the answer, and those that were deleted again."""

    answered: dict[str, float] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)


class Watcher:
    """One subscriber of a home, from the page it holds on; resumes by cursor, as often as it has to."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.page: set[str] = set()
        self.start = Cursor(0, 0)
        self.cursor = ""
        self.heard: list[Heard] = []
        self.resets: list[str] = []
        self.connections = 0
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Fetch the page and follow from its cursor; returns when the feed stands."""
        page = await self.person.home(first=100)
        self.page = {edge["node"]["id"] for edge in page["edges"]}
        self.cursor = page["liveCursor"]
        self.start = place(self.cursor)
        self._task = asyncio.create_task(self._watch())
        await self._until(lambda: self.connections > 0)

    async def end(self) -> None:
        """Follow no longer."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def level(self, written: Written) -> None:
        """Wait until each of these posts was published or removed here, and each that was deleted removed."""
        wanted = set(written.answered) - written.deleted
        await self._until(lambda: wanted <= {heard.post_id for heard in self.heard})
        await self._until(
            lambda: written.deleted <= {one.post_id for one in self.heard if one.typename == "PostRemoved"}
        )

    @property
    def state(self) -> set[str]:
        """The posts that are on the screen: page and events."""
        shown = set(self.page)
        for heard in self.heard:
            if heard.typename == "PostPublished":
                shown.add(heard.post_id)
            else:
                shown.discard(heard.post_id)
        return shown

    async def _until(self, reached: Any) -> None:
        async with asyncio.timeout(LEVEL_SECONDS):
            while not reached():
                self._news.clear()
                await self._news.wait()

    async def _watch(self) -> None:
        while True:
            try:
                async with self.person.live("HomeLive", after=self.cursor) as feed:
                    self.connections += 1
                    self._take(feed.first)
                    while True:
                        self._take(await feed.next(heartbeats=True))
            except LOST:
                await asyncio.sleep(BACK_SECONDS)

    def _take(self, event: dict[str, Any]) -> None:
        kind = event["__typename"]
        if kind == "Reset":
            self.resets.append(event["reason"])
        elif kind != "LiveHeartbeat":
            post_id = event["postId"] if kind == "PostRemoved" else event["edge"]["node"]["id"]
            self.heard.append(Heard(place(event["cursor"]), kind, post_id, asyncio.get_running_loop().time()))
        self.cursor = event["cursor"]
        self._news.set()


class Crowd:
    """Writers whom all watchers follow. A call that fails is made again with the same idempotency key, at any of the towns."""

    def __init__(self, towns: Sequence[Town], writers: Sequence[Person], watchers: Sequence[Watcher]) -> None:
        self.towns = towns
        self.writers = writers
        self.watchers = watchers
        self.written = Written()
        self.retries = 0
        self._tasks: list[asyncio.Task[None]] = []
        self._wrote = asyncio.Event()
        self._stop = False

    @classmethod
    async def gather(cls, towns: Sequence[Town], writers: int = 6, readers: int = 2) -> Crowd:
        """New people: every reader follows every writer and watches at every town."""
        authors = [await towns[0].person("ada") for _ in range(writers)]
        watchers = []
        for _ in range(readers):
            reader = await towns[0].person("bob")
            await reader.follow(*authors)
            watchers += [Watcher(Person(town, reader.handle, reader.id, reader.token)) for town in towns]
        return cls(towns, authors, watchers)

    async def __aenter__(self) -> Crowd:
        await asyncio.gather(*(watcher.begin() for watcher in self.watchers))
        self._tasks = [asyncio.create_task(self._write(writer)) for writer in self.writers]
        return self

    async def __aexit__(self, *error: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for watcher in self.watchers:
            await watcher.end()

    async def more(self, count: int) -> None:
        """Wait until that many more posts were answered."""
        wanted = len(self.written.answered) + count
        async with asyncio.timeout(LEVEL_SECONDS):
            while len(self.written.answered) < wanted:
                for task in self._tasks:
                    if task.done():
                        task.result()
                self._wrote.clear()
                await self._wrote.wait()

    async def finish(self) -> None:
        """Let every writer come to the end of what it does."""
        self._stop = True
        await asyncio.gather(*self._tasks)

    async def level(self) -> None:
        """The writers finish, and every watcher has heard of everything."""
        await self.finish()
        await asyncio.gather(*(watcher.level(self.written) for watcher in self.watchers))

    def delays(self, since: float = 0.0, until: float = float("inf")) -> list[float]:
        """Seconds from each answer to its arrival at each watcher, of the posts answered in that time."""
        answered = {post: at for post, at in self.written.answered.items() if since <= at <= until}
        return sorted(
            heard.at - answered[heard.post_id]
            for watcher in self.watchers
            for heard in watcher.heard
            if heard.typename == "PostPublished" and heard.post_id in answered
        )

    async def call(self, writer: Person, operation: str, key: str, **given: Any) -> dict[str, Any]:
        """The payload of one call, made until it is answered."""
        while True:
            here = Person(random.choice(self.towns), writer.handle, writer.id, writer.token)
            try:
                return await here.do(operation, idempotencyKey=key, **given)
            except GONE:
                self.retries += 1
                await asyncio.sleep(BACK_SECONDS)

    async def _write(self, writer: Person) -> None:
        number = 0
        while not self._stop:
            number += 1
            text = f"{writer.handle} says {number}"
            payload = await self.call(writer, "CreatePost", f"write {number}", text=text)
            post_id = payload["post"]["id"] if payload["post"] else ""
            self.written.answered[post_id] = asyncio.get_running_loop().time()
            self.written.texts[post_id] = text
            self._wrote.set()
            if random.random() < 0.1:
                await self.call(writer, "DeletePost", f"delete {number}", postId=post_id)
                self.written.deleted.add(post_id)
            await asyncio.sleep(random.uniform(0.02, 0.12))  # people do not write all the time

    async def check(self, house: Processes) -> None:
        """Each watcher heard the log: in order, each event once, and what is on the screen is what a fresh fetch shows."""
        await self._check_written(house)
        for watcher in self.watchers:
            assert watcher.resets == []
            cursors = [heard.cursor for heard in watcher.heard]
            assert cursors == sorted(set(cursors)), "out of order, or twice"
            missing = await self.missing(house, watcher)
            assert not missing, f"{len(missing)} events of {len(cursors)} did not arrive: {missing[:5]}"
            assert watcher.state == {post_id for post_id, _ in await watcher.person.home_set()}

    async def missing(self, house: Processes, watcher: Watcher) -> list[Cursor]:
        """The events that a watcher should have heard of and did not: all but the births of what is deleted by now."""
        rows = await house.sql(
            """SELECT xid::text AS xid, id FROM events e WHERE topics && $1::text[] AND (xid, id) > ($2::text::xid8, $3::bigint)
            AND (kind = 'post_deleted' OR kind = 'post_created' AND NOT EXISTS
                (SELECT 1 FROM posts p WHERE p.id = e.post_id AND p.deleted_at IS NOT NULL)) ORDER BY 1, 2""",
            [f"author:{await self._number(house, writer)}" for writer in self.writers],
            str(watcher.start.xid),
            watcher.start.id,
        )
        heard = {(one.cursor.xid, one.cursor.id) for one in watcher.heard}
        wanted = [Cursor(int(row["xid"]), row["id"]) for row in rows]
        assert wanted
        return [cursor for cursor in wanted if (cursor.xid, cursor.id) not in heard]

    async def _check_written(self, house: Processes) -> None:
        assert len(set(self.written.texts.values())) == len(self.written.answered), "a retried call gave another post"
        numbers = [await self._number(house, writer) for writer in self.writers]
        count = await house.value("SELECT count(*) FROM posts WHERE author_id = ANY($1::bigint[])", numbers)
        assert count == len(self.written.answered), "posts that nobody was told of, or that are lost"

    async def _number(self, house: Processes, person: Person) -> int:
        found: int = await house.value("SELECT id FROM users WHERE handle = $1", person.handle)
        return found
