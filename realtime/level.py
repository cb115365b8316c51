"""Level: a subscription that has caught up with its inbox, so that it may be told of things together with others.

Its source yields a `Level` where it would wait for the next event. Whoever drives the source may put the subscription into
a company (`execution/groups.py`) and leave the source where it stands; or set `refused`, and go on asking it. Events of a
subscription in company no longer come into its inbox, unless it has to go on alone: then they do, and the source is asked
again until it is level once more.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from models.event import Cursor, Event
from realtime.inbox import Inbox

__all__ = ["Asked", "Company", "Cursor", "Event", "Feed", "Level", "Listener", "Told"]


class Listener(Protocol):
    """A subscription in company, as its feed sees it."""

    @property
    def seat(self) -> Any:
        """What the feed itself put into the `Level`."""

    @property
    def marks(self) -> frozenset[object]:
        """What the subscription selects that depends on the viewer, by the marks of the fields."""


Asked = Sequence[tuple[Event, Sequence[Listener]]]
Told = Sequence[Sequence[tuple[object, Sequence[Listener]]]]


class Feed(Protocol):
    """What a stretch of events means to all who follow one feed. Feeds are compared by identity."""

    @property
    def paced(self) -> bool:
        """Whether there are events of which only the latest counts."""

    def knows(self, event: Event) -> bool:
        """Whether `answers` speaks of such events; of others each subscription is asked by itself."""

    def subject(self, event: Event) -> int | None:
        """What the event is the latest of, where only the latest counts; None for an event that counts by itself."""

    async def answers(self, asked: Asked) -> Told:
        """For each event in order, what it means in the present: payloads, each with all listeners who get that very object.

        Listeners for whom the event means nothing are left out. Two listeners get the same object only if every field that
        either of them selects has the same value for both.
        """

    def passed_on(self, payload: object, listeners: Sequence[Listener]) -> None:
        """These listeners have been given a payload of `answers`."""

    def heartbeat(self, place: Cursor) -> object:
        """The payload that says that nothing happened up to `place`."""


class Level:
    """A subscription that is level. `told_at` is when it was told of something paced last (clock of the loop, s)."""

    __slots__ = ("answer", "feed", "heartbeat_seconds", "inbox", "refused", "seat", "told_at")

    def __init__(
        self,
        inbox: Inbox,
        feed: Feed,
        seat: Any,
        answer: Callable[[Event], Awaitable[object]],
        heartbeat_seconds: float,
    ) -> None:
        self.inbox = inbox
        self.feed = feed
        self.seat = seat
        self.answer = answer
        self.heartbeat_seconds = heartbeat_seconds
        self.told_at = 0.0
        self.refused = False


class Company(Protocol):
    """Who takes the events of inboxes that have a `member`. `place` is how far all of them have been told."""

    place: Cursor

    def take(self, event: Event, inboxes: list[Inbox]) -> None:
        """The next event, and whose it is."""

    def reach(self, place: Cursor) -> None:
        """Everything up to `place` has been taken."""

    def start_anew(self, place: Cursor) -> None:
        """The log has another epoch: everybody overflowed."""
