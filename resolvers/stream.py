"""Subscribe, replay, follow: how every live stream runs, whatever it carries.

One subscription has one inbox and one reader. It joins the hub first, replays the log from the client's cursor up to where
the hub stood then, and goes on with what the inbox holds: one order, no seam, nothing twice. What an event means to this
subscription is asked of `answer`, in the present: an event that no longer matters gives nothing.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from models.event import Cursor, Event, log_state, replay
from realtime.hub import Hub
from realtime.inbox import Inbox, Signal
from realtime.level import Feed, Level
from resolvers.live_row import HeartbeatRow, ResetReason, ResetRow
from resolvers.pace import Pace

MOST_REPLAYED_EVENTS = 1_000
HEARTBEAT_SECONDS = 30

Row = TypeVar("Row")
Answer = Callable[[Event], Awaitable[Row | None]]


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a subscription sits when it follows a feed together with others: the feed, and what the feed knows it by."""

    feed: Feed
    place: Any


async def follow(
    hub: Hub,
    inbox: Inbox,
    after: str | None,
    answer: Answer[Row],
    tell: Callable[[Signal, str], Row | None] | None = None,
    pace: Pace | None = None,
    seat: Seat | None = None,
) -> AsyncGenerator[Row | ResetRow | HeartbeatRow]:
    """The stream of an inbox that has joined the hub just now: heartbeat, what was missed, then what comes.

    `answer` turns an event into a row or nothing; a row of `ResetRow` asks the client to fetch anew. `tell` does so for
    signals, which carry the cursor of the last stored event. `pace` gathers events of which only the latest counts. With
    a `seat` it may go on in company: it yields a `Level` (which is no row, and for the driver of the stream alone) when it
    has caught up. The caller takes the inbox out of the hub.
    """
    joined = hub.position
    place, missed, reason = await _resume(inbox, after, joined)
    if reason is not None:
        yield ResetRow(str(place), reason)
    else:
        yield HeartbeatRow(str(place))
    for event in missed if pace is None else pace.latest(missed):
        row = await answer(event)
        if row is not None:
            yield row
    place = max(place, joined)
    if place > hub.position:  # the hub has yet to hear of what the client knows, and would tell it in company
        inbox.since = place
    level = None if seat is None else Level(inbox, seat.feed, seat.place, answer, HEARTBEAT_SECONDS)
    while True:
        if level is not None and not level.refused and inbox.empty:
            level.told_at = 0.0 if pace is None else pace.told_at
            yield cast(Row, level)
            if pace is not None:
                pace.floor = level.told_at
        if not await inbox.arrived(HEARTBEAT_SECONDS):
            place = max(place, hub.position_of(inbox))
            yield HeartbeatRow(str(place))
            continue
        if inbox.overflowed:
            inbox.overflowed = False
            place = hub.position_of(inbox)
            yield ResetRow(str(place), ResetReason.TOO_SLOW)
            continue
        events = inbox.drain()
        if pace is not None:
            events = await pace.gather(inbox, events)
        for event in events:
            if event.cursor > place:
                row = await answer(event)
                if row is not None:
                    yield row
                place = event.cursor
        if tell is not None:
            while inbox.signals:
                signal = inbox.signals.pop(next(iter(inbox.signals)))
                told = tell(signal, str(place))
                if told is not None:
                    yield told


async def _resume(inbox: Inbox, after: str | None, joined: Cursor) -> tuple[Cursor, list[Event], ResetReason | None]:
    """Where the client stands, what it missed up to where the hub stood, or why it has to fetch anew."""
    state = await log_state()
    if not isinstance(after, str):  # left out or null: from now on, also where the hub has yet to hear of now
        return max(joined, state.head), [], None
    cursor = Cursor.parse(after)
    if cursor is None or cursor.epoch != state.head.epoch or cursor > state.head:
        return joined, [], ResetReason.UNKNOWN_CURSOR
    if cursor < state.floor:
        return joined, [], ResetReason.TOO_OLD
    if cursor >= joined:
        return cursor, [], None
    topics = sorted(inbox.topics if inbox.replayed is None else inbox.replayed())
    missed = await replay(topics, cursor, joined, MOST_REPLAYED_EVENTS + 1)
    if len(missed) > MOST_REPLAYED_EVENTS:
        return joined, [], ResetReason.TOO_OLD
    return cursor, list(missed), None
