"""Delivery in company: each event is looked up and rendered once for all subscriptions that give the same answer.

Subscriptions that are level (`realtime/level.py`) are members here. The hub hands over each event with the inboxes it is
for. One task takes what has come, at most once in `TICK_SECONDS`: it asks each feed once what the whole stretch means to
whom, runs each distinct payload once per group of like operations, and gives every outlet its frames in one piece. So a
single event goes out at once, and those of a burst together.

Whoever cannot be told together is told alone, by its own source, which asks everything by itself: a member whose peer has
yet to take what it was sent; one for whom the feed, or a field, failed; and all when too much waits. Its events then go
into its inbox, in order, until it is level again. So the way together may fail in any manner and nothing is lost.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict, deque
from collections.abc import Sequence
from heapq import heappop, heappush
from itertools import count
from math import ceil
from time import perf_counter

from graphql import GraphQLSchema

from execution.frame import Rendered
from execution.mark import ALONE
from execution.masking import present_result
from execution.member import Group, Key, Member, Outlet, Shapes, State
from execution.source import Source, result_of
from execution.stretch import Work, add, ask, by_group
from realtime import inbox as boxes
from realtime.inbox import Inbox
from realtime.level import Cursor, Event, Feed, Level

TICK_SECONDS = 0.02
APART_SECONDS = 0.5  # of what is paced: twice a second
SHARED_SECONDS = 0.1  # what is held goes out at multiples of this, so that many are told together
LONGEST_BEAT_SECONDS = 30.0
MOST_WAITING = 10_000  # events; more, and everybody starts anew
MOST_AT_ONCE = 250  # events of one tick
TURN_SECONDS = 0.004  # how long the loop is held at a stretch
BETWEEN_LOOKS = 64  # outlets or members handled between looks at the clock
log = logging.getLogger("fresque.delivery")


class Groups:
    """The company of one process. `open` is whether new members are taken in."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.place = Cursor(0, 0)
        self.open = True
        self.executions = 0  # events run for a group
        self.delivered = 0  # events told to one member
        self.asides = 0  # times a member had to go on alone
        self.shapes = Shapes(schema)
        self._groups: dict[Key, Group] = {}
        self._members: set[Member] = set()
        self._queue: deque[tuple[Event, list[Inbox]] | Cursor] = deque()
        self._waiting = 0
        self._due: list[tuple[float, int, Member]] = []
        self._numbers = count()
        self._arrived = asyncio.Event()
        self._beat_seconds = LONGEST_BEAT_SECONDS
        self._beat_at = 0.0
        self._era = 0
        self._busy = False
        self._held_since = 0.0
        self.dirty: list[Outlet] = []  # outlets that were offered something since the last flush

    def __len__(self) -> int:
        return len(self._members)

    @property
    def group_count(self) -> int:
        """How many groups of like operations there are."""
        return len(self._groups)

    @property
    def waiting(self) -> int:
        """How many events wait to be told."""
        return self._waiting

    @property
    def idle(self) -> bool:
        """Whether everything that was taken has been told."""
        return not self._queue and not self._busy and not self._due

    # -- members

    def join(self, level: Level, source: Source, outlet: Outlet, operation_id: str = "") -> Member | None:
        """Takes in a subscription that is level; None when it has to go on alone."""
        if not self.open or not level.inbox.empty or not outlet.clear:
            return None
        try:
            key, marks = self.shapes.of(source.operation)
        except TypeError:
            return None
        if ALONE in marks:
            return None
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = Group(key, source.shared(), marks, source.request_id)
        group.count += 1
        now = asyncio.get_running_loop().time()
        member = Member(group, level, source, outlet, operation_id, now)
        self._members.add(member)
        source.rest()
        level.inbox.member = member
        if level.told_at + APART_SECONDS > now:
            self._hold(member)
        if level.heartbeat_seconds < self._beat_seconds:
            self._beat_seconds, self._beat_at = level.heartbeat_seconds, 0.0
            self._arrived.set()
        return member

    def rejoin(self, member: Member) -> bool:
        """Takes a member back that went on alone and is level again; whether it may."""
        if member.state is not State.ASIDE or not member.level.inbox.empty or not member.outlet.clear:
            return False
        member.state, member.ready = State.TOGETHER, True
        member.source.rest()
        member.told_at = asyncio.get_running_loop().time()
        if member.level.told_at + APART_SECONDS > member.told_at:
            self._hold(member)
        return True

    def leave(self, member: Member) -> None:
        """The subscription has ended; its source is closed by whoever drives it."""
        if member.state is State.GONE:
            return
        member.state, member.ready, member.held = State.GONE, False, None
        member.level.inbox.member = None
        self._members.discard(member)
        member.group.count -= 1
        if member.group.count == 0:
            del self._groups[member.group.key]

    # -- the hub's side

    def take(self, event: Event, inboxes: list[Inbox]) -> None:
        """The next event, and whose it is."""
        self._queue.append((event, inboxes))
        self._waiting += 1
        if self._waiting > MOST_WAITING:
            log.warning("%d events wait to be told: everybody starts anew", self._waiting)
            self.start_anew(self.place)
        self._arrived.set()

    def reach(self, place: Cursor) -> None:
        """Everything up to `place` has been taken."""
        if self._queue or self._busy:
            if self._queue and isinstance(self._queue[-1], Cursor):
                self._queue.pop()
            self._queue.append(place)
        else:
            self.place = place

    def start_anew(self, place: Cursor) -> None:
        """Forget what waits; every member asks its own source what to do, which is to begin again."""
        self._queue.clear()
        self._waiting = 0
        self._era += 1
        self.place = place
        for member in list(self._members):
            member.level.inbox.overflow()
            self._aside(member)

    # -- telling

    async def run(self) -> None:
        """Tell, until cancelled."""
        loop = asyncio.get_running_loop()
        ticked = 0.0
        while True:
            await self._something()
            pause = ticked + TICK_SECONDS - loop.time()
            if pause > 0:
                await asyncio.sleep(pause)
            ticked = loop.time()
            self._busy = True
            try:
                await self._turn(ticked)
            except Exception:  # nobody knows who has heard what: everybody begins again
                log.exception("a tick of the delivery failed")
                self.start_anew(self.place)
            self._busy = False

    async def _turn(self, now: float) -> None:
        """One tick: what has come, what is due, heartbeats."""
        self._held_since = perf_counter()
        work, place = self._gather(now)
        if work:
            await self._tell(work, now)
        if place is not None:
            self.place = place
        if now >= self._beat_at:
            await self._beat(now)

    async def _something(self) -> None:
        """Wait until an event has come, something held is due, or heartbeats are."""
        loop = asyncio.get_running_loop()
        while not self._queue:
            now = loop.time()
            due = min(self._due[0][0] if self._due else self._beat_at, self._beat_at)
            if due <= now:
                return
            self._arrived.clear()
            timer = loop.call_at(due, self._arrived.set)
            try:
                await self._arrived.wait()
            finally:
                timer.cancel()

    def _gather(self, now: float) -> tuple[Work, Cursor | None]:
        """The events of this tick with those whom they concern, in order, and the place that is then reached."""
        found: dict[Cursor, tuple[Event, list[Member]]] = {}
        latest: dict[tuple[Member, int], Cursor] = {}  # of what is paced
        place = None
        while self._due and self._due[0][0] <= now:
            _, _, member = heappop(self._due)
            held, member.held = member.held, None
            member.ready = member.state is State.TOGETHER
            for event in held or ():  # nothing, when the member left or went aside meanwhile
                add(found, latest, event, member)
        taken = 0
        while self._queue and (taken < MOST_AT_ONCE or isinstance(self._queue[0], Cursor)):
            entry = self._queue.popleft()
            if isinstance(entry, Cursor):
                place = entry
                continue
            taken += 1
            event, ready = entry[0], []
            for inbox in entry[1]:
                listener = inbox.member
                if not isinstance(listener, Member):
                    continue  # it left
                if listener.ready and not listener.paced:
                    ready.append(listener)
                elif listener.state is State.ASIDE:
                    inbox.put(event)
                elif listener.held is not None:
                    self._keep(listener, event)
                elif listener.level.told_at + APART_SECONDS > now and listener.level.feed.subject(event) is not None:
                    self._hold(listener)
                    self._keep(listener, event)
                else:
                    add(found, latest, event, listener)
            if event.cursor in found:
                found[event.cursor][1].extend(ready)
            elif ready:
                found[event.cursor] = (event, ready)
        self._waiting -= taken
        for member, _ in latest:
            member.level.told_at = now
        return sorted(found.values(), key=lambda one: one[0].cursor), place

    def _hold(self, member: Member) -> None:
        """What comes for this member waits until it may be told of paced things again, at a moment others share."""
        until = ceil((member.level.told_at + APART_SECONDS) / SHARED_SECONDS) * SHARED_SECONDS
        member.held, member.ready = [], False
        heappush(self._due, (until, next(self._numbers), member))

    def _keep(self, member: Member, event: Event) -> None:
        assert member.held is not None
        member.held.append(event)
        if len(member.held) > boxes.MOST_EVENTS:
            member.level.inbox.overflow()
            self._aside(member)

    def _aside(self, member: Member, *events: Event) -> None:
        """From here on the member is told alone, first of what it held, then of these."""
        if member.state is State.TOGETHER:
            member.state, member.ready = State.ASIDE, False
            self.asides += 1
            held, member.held = member.held or (), None
            for event in held:
                member.level.inbox.put(event)
            member.outlet.alone(member)
        if member.state is State.ASIDE:
            for event in events:
                member.level.inbox.put(event)

    async def _tell(self, work: Work, now: float) -> None:
        """Ask what the events mean, render that, and offer it, in their order."""
        era = self._era
        meant = await ask(work)
        if era != self._era:
            return
        deliveries: list[tuple[Event, object, Rendered | None, Sequence[Member]]] = []
        known: dict[tuple[Group, int], Rendered | None] = {}
        for (event, _), told in zip(work, meant, strict=True):
            for payload, members in told:
                if len(members) == 1 and payload is not None:  # made for one alone, so it is rendered once anyway
                    deliveries.append((event, payload, await self._render(members[0].group, payload), members))
                    if perf_counter() - self._held_since > TURN_SECONDS:
                        await self._breathe()
                    continue
                for group, some in by_group(members).items():
                    key = (group, id(payload))
                    if key not in known:
                        known[key] = None if payload is None else await self._render(group, payload)
                        await self._breathe()  # groups may be as many as documents that strangers write
                    deliveries.append((event, payload, known[key], some))
        for event, payload, rendered, members in deliveries:
            if era != self._era:
                return
            if len(members) == 1:
                self._offer_one(event, payload, rendered, members[0], now)
                if perf_counter() - self._held_since > TURN_SECONDS:
                    await self._breathe()
            else:
                await self._offer(event, payload, rendered, members, now)
        await self._flush()

    async def _render(self, group: Group, payload: object) -> Rendered | None:
        """The bytes of one payload for a group; None when something in it must be asked for each viewer."""
        self.executions += 1
        try:
            result = await result_of(group.executor, payload, group.executor.context_value)
            return None if result.errors else Rendered(present_result(result, group.request_id))
        except Exception:
            log.exception("a payload of %s could not be rendered for a group", type(payload).__name__)
            return None

    async def _offer(
        self, event: Event | None, payload: object, rendered: Rendered | None, members: Sequence[Member], now: float
    ) -> None:
        """Give the members a rendering; those who cannot have it go on alone with the event, if there is one."""
        refused: list[Member] = []
        for start in range(0, len(members), BETWEEN_LOOKS):
            for member in members[start : start + BETWEEN_LOOKS]:
                if rendered is not None and member.ready and member.outlet.offer(member, rendered):
                    member.told_at = now
                else:
                    refused.append(member)
            await self._breathe()
        if event is None:
            return
        for member in refused:
            self._aside(member, event)
        others = set(refused)
        taken = [member for member in members if member not in others] if refused else members
        self.delivered += len(taken)
        if taken:
            taken[0].level.feed.passed_on(payload, taken)

    def _offer_one(self, event: Event, payload: object, rendered: Rendered | None, member: Member, now: float) -> None:
        """The same for one member, of which there may be very many."""
        if rendered is not None and member.ready and member.outlet.offer(member, rendered):
            member.told_at = now
            self.delivered += 1
            member.level.feed.passed_on(payload, (member,))
        else:
            self._aside(member, event)

    async def _flush(self) -> None:
        dirty, self.dirty = self.dirty, []
        for number, outlet in enumerate(dirty, 1):
            outlet.flush()
            if number % BETWEEN_LOOKS == 0:
                await self._breathe()

    async def _breathe(self) -> None:
        """Let others have the loop, when it was held long enough."""
        now = perf_counter()
        if now - self._held_since > TURN_SECONDS:
            await asyncio.sleep(0)
            self._held_since = perf_counter()

    async def _beat(self, now: float) -> None:
        """Heartbeats, for members who have heard nothing for a while."""
        silent: dict[tuple[Feed, Group], list[Member]] = defaultdict(list)
        for member in self._members:
            quiet = now - member.told_at >= member.level.heartbeat_seconds
            if quiet and member.state is State.TOGETHER and member.held is None:
                silent[member.level.feed, member.group].append(member)
        payloads = {feed: feed.heartbeat(self.place) for feed, _ in silent}
        for (feed, group), members in silent.items():
            rendered = await self._render(group, payloads[feed])
            await self._breathe()
            await self._offer(None, payloads[feed], rendered, members, now)
        await self._flush()
        self._beat_seconds = min((m.level.heartbeat_seconds for m in self._members), default=LONGEST_BEAT_SECONDS)
        self._beat_at = now + self._beat_seconds / 4
