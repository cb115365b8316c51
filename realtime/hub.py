"""The hub: one follower of the log per process, many local subscribers.

PostgreSQL is the truth, Redis makes it quick. A batch that follows on from the hub's own position is passed on as it is; one
that does not, silence, or the loss of Redis make the hub read the log itself until it is level. So whatever dies, nothing is
lost and nothing comes twice. There is one order and one reader.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress

import orjson

from models.database import AWAY
from models.event import Cursor, Event, log_state, read_log
from realtime.batch import Batch
from realtime.cancel import end_tasks
from realtime.inbox import Inbox, Signal
from realtime.level import Company
from realtime.wire import BATCHES, SIGNALS, Wire

SILENCE_SECONDS = 1.0  # the relay beats twice as often
POLL_SECONDS = 0.25  # how often the log is read while there is no relay
CATCH_UP_EVENTS = 500
RETRY_SECONDS = 0.25
CLOSE_SECONDS = 5.0
MOST_WAITING_BATCHES = 1_000
log = logging.getLogger(__name__)


class Hub:
    """Follows the log and hands each event to the inboxes that listen to one of its topics.

    `prepare` is awaited with every stretch of events before any of them is handed out (rules are brought up to date there).
    `position` says how far everything has been handed out. `company` takes the events of the inboxes that belong to it.
    `route` adds inboxes to those that listen to a topic by its name.
    """

    def __init__(self, wire: Wire, prepare: Callable[[Sequence[Event]], Awaitable[None]] | None = None) -> None:
        self._wire = wire
        self.prepare = prepare
        self.position = Cursor(0, 0)
        self.company: Company | None = None
        self.route: Callable[[str], Iterable[Inbox]] | None = None
        self._topics: dict[str, set[Inbox]] = {}
        self._taps: dict[str, list[Callable[[Event], None]]] = {}
        self._batches: asyncio.Queue[Batch | None] = asyncio.Queue(MOST_WAITING_BATCHES)  # None: Redis is lost
        self._tasks: list[asyncio.Task[None]] = []
        self._moved = asyncio.Condition()
        self._heard_at = time.monotonic()
        self.events = 0  # that were handed out
        self.catch_ups = 0  # times the log was read past the relay

    async def start(self) -> None:
        """Take up the log at its head, and follow."""
        self.position = (await log_state()).head
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._follow())]

    async def stop(self) -> None:
        """Follow no longer."""
        await end_tasks(self._tasks, CLOSE_SECONDS)

    # -- subscribers

    def join(self, topics: Iterable[str], replayed: Callable[[], Iterable[str]] | None = None) -> Inbox:
        """A new inbox that gets every event past `position` that belongs to one of the topics (see `Inbox`)."""
        inbox = Inbox(topics, replayed)
        for topic in inbox.topics:
            self._topics.setdefault(topic, set()).add(inbox)
        return inbox

    def widen(self, inbox: Inbox, topics: Iterable[str]) -> None:
        """From the next event on the inbox hears of these topics, too."""
        for topic in topics:
            self._topics.setdefault(topic, set()).add(inbox)
        inbox.topics |= frozenset(topics)

    def leave(self, inbox: Inbox) -> None:
        """Nothing more for this inbox."""
        for topic in inbox.topics:
            listeners = self._topics.get(topic)
            if listeners is not None:
                listeners.discard(inbox)
                if not listeners:
                    del self._topics[topic]
        inbox.topics = frozenset()

    def position_of(self, inbox: Inbox) -> Cursor:
        """How far everything has been handed out to this inbox; what the company still holds has not been."""
        return self.position if inbox.member is None or self.company is None else self.company.place

    def tap(self, topic: str, hear: Callable[[Event], None]) -> None:
        """Call `hear` with each event of a topic, in this process, at once. It must not block."""
        self._taps.setdefault(topic, []).append(hear)

    @property
    def inbox_count(self) -> int:
        """How many inboxes there are."""
        return len({inbox for inboxes in self._topics.values() for inbox in inboxes})

    @property
    def silence(self) -> float:
        """Seconds since the relay was heard."""
        return time.monotonic() - self._heard_at

    async def reached(self, place: Cursor) -> None:
        """Wait until everything up to `place` has been handed out."""
        async with self._moved:
            await self._moved.wait_for(lambda: self.position >= place)

    # -- the log

    async def _listen(self) -> None:
        while True:
            async for message in self._wire.listen(BATCHES, SIGNALS):
                if message is not None:
                    self._hear(*message)
            if self._batches.empty():
                self._batches.put_nowait(None)  # there is no need to wait until the silence tells
            await asyncio.sleep(RETRY_SECONDS)

    def _hear(self, channel: str, data: bytes) -> None:
        try:
            if channel == SIGNALS:
                body = orjson.loads(data)
                self._signal(
                    Signal(body["topic"], f"{body['topic']}:{body.get('outputIndex', body.get('userId'))}", body)
                )
            elif not self._batches.full():
                self._batches.put_nowait(Batch.decode(data))
        except (ValueError, KeyError, TypeError) as error:
            log.warning("a message on %s cannot be read: %s", channel, error)

    def _signal(self, signal: Signal) -> None:
        for inbox in self._topics.get(signal.topic, ()):
            inbox.put_signal(signal)

    async def _follow(self) -> None:
        alone = False
        while True:
            batch = None
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS if alone else SILENCE_SECONDS):
                    batch = await self._batches.get()
            if batch is not None:
                self._heard_at = time.monotonic()
            try:
                if batch is not None and batch.begin <= self.position and batch.end.epoch == self.position.epoch:
                    alone = False
                    if batch.end > self.position:
                        await self._hand_out([e for e in batch.events if e.cursor > self.position], batch.end)
                else:
                    alone = batch is None
                    await self._catch_up()
            except AWAY as error:
                log.warning("the hub lost the database: %s", error)
                await asyncio.sleep(RETRY_SECONDS)
            except Exception:  # a hub that stops would leave every reader waiting, and nobody would know
                log.exception("the hub stumbled and reads this stretch again")
                await asyncio.sleep(RETRY_SECONDS)

    async def _catch_up(self) -> None:
        self.catch_ups += 1
        while True:
            events, place = await read_log(self.position, CATCH_UP_EVENTS)
            if place.epoch != self.position.epoch:
                log.warning("the log has another epoch: every reader starts anew")
                self._start_anew((await log_state()).head)
                return
            if place > self.position:
                await self._hand_out(events, place)
            if len(events) < CATCH_UP_EVENTS:
                return

    def _start_anew(self, place: Cursor) -> None:
        for inbox in {inbox for inboxes in self._topics.values() for inbox in inboxes}:
            inbox.overflow()
        self.position = place
        if self.company is not None:
            self.company.start_anew(place)

    async def _hand_out(self, events: Sequence[Event], place: Cursor) -> None:
        if events and self.prepare is not None:
            await self.prepare(events)
        self.events += len(events)
        for event in events:
            heard: set[Inbox] = set()
            for topic in event.topics:
                heard |= self._topics.get(topic, set())
                if self.route is not None:
                    heard.update(self.route(topic))
                for hear in self._taps.get(topic, ()):
                    hear(event)
            together: list[Inbox] = []
            for inbox in heard:
                if inbox.since is not None:
                    if event.cursor <= inbox.since:
                        continue
                    inbox.since = None
                if inbox.member is None:
                    inbox.put(event)
                else:
                    together.append(inbox)
            if together and self.company is not None:
                self.company.take(event, together)
        if self.company is not None:
            self.company.reach(place)
        async with self._moved:
            self.position = place
            self._moved.notify_all()
