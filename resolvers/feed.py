"""Feeds: what a stretch of events means to everybody who follows one, asked once for all of them.

Each feed means the same as the answers of its subscription, which go on to serve those who are alone: those catching up,
those falling behind, and events that concern few (changes of rules). A test holds the two together. A new subscription
is in company once it says what its events mean (`Shared`, of parts in `resolvers/meaning.py`) and gives `follow` a `Seat`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from models import reason, timeline, visibility
from models.event import Cursor, Event, Kind
from models.outlook import Outlook, View
from models.timeline import Entry
from models.visibility import Relations
from realtime.level import Asked, Listener, Told
from resolvers import page
from resolvers.audience import Reader
from resolvers.live_row import EdgeRow, HeartbeatRow, PostChangedRow, PostPublishedRow, ResetReason, ResetRow
from resolvers.meaning import Answer, entered, look, removed, rows, sort, told, viewer_of

REPOSTS = frozenset({Kind.REPOST_CREATED, Kind.REPOST_DELETED, Kind.REPOST_RECONSIDERED})


@dataclass(frozen=True, slots=True)
class Watch:
    """Who watches posts, and the version of each that was told already."""

    reader: Reader
    told: dict[int, int] = field(default_factory=dict)

    @property
    def relations(self) -> Relations:
        """The viewer's sets, as they are now."""
        return self.reader.relations


CHANGES = frozenset({Kind.POST_COUNTED, Kind.POST_EDITED, Kind.POLL_ENDED})
"""What gives a post on screen other values."""


def counted(event: Event) -> int | None:
    """The post that looks different: of these events only the latest counts, since each tells all there is."""
    return event.post_id if event.kind in CHANGES else None


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """A feed of which every event counts and nothing is remembered. A listener's seat is a `Reader`, or has its sets.

    `kinds` are what it can say the meaning of; of other events each subscription is asked by itself.
    """

    kinds: frozenset[Kind]
    meaning: Callable[[Asked], Awaitable[Told]]

    @property
    def paced(self) -> bool:
        """Every event counts."""
        return False

    def knows(self, event: Event) -> bool:
        """What means something to many."""
        return event.kind in self.kinds and event.post_id is not None

    def subject(self, event: Event) -> int | None:
        """Every event counts."""
        return None

    def passed_on(self, payload: object, listeners: Sequence[Listener]) -> None:
        """Nothing is remembered."""

    def heartbeat(self, place: Cursor) -> object:
        """Nothing happened."""
        return HeartbeatRow(str(place))

    async def answers(self, asked: Asked) -> Told:
        """See `Feed.answers`."""
        return await self.meaning(asked)


class PostsFeed:
    """What happens to posts on screen. A listener's seat is its `Watch`."""

    paced = True
    kinds = CHANGES | {Kind.POST_DELETED}

    def knows(self, event: Event) -> bool:
        """What concerns everybody who has the post on screen."""
        return event.kind in self.kinds and event.post_id is not None

    def subject(self, event: Event) -> int | None:
        """Of a post's counters only the latest count."""
        return counted(event)

    def passed_on(self, payload: object, listeners: Sequence[Listener]) -> None:
        """Their versions are remembered: the same one is not told again."""
        if isinstance(payload, PostChangedRow):
            for listener in listeners:
                _watch(listener).told[payload.post.id] = payload.post.version

    def heartbeat(self, place: Cursor) -> object:
        """Nothing happened."""
        return HeartbeatRow(str(place))

    async def answers(self, asked: Asked) -> Told:
        """See `Feed.answers`."""
        known = await look(asked)
        return [
            [(removed(event), listeners)] if event.kind is Kind.POST_DELETED else _changed(event, listeners, known)
            for event, listeners in asked
        ]


async def _explore(asked: Asked) -> Told:
    """Everything public as it is posted."""
    known = await look(asked)
    return await told(asked, partial(entered, known, visibility.explore))


async def _home(asked: Asked) -> Told:
    """Homes as they move."""
    reposts = [(event, listeners) for event, listeners in asked if event.kind in REPOSTS]
    found = await asyncio.gather(
        *(
            timeline.home_entries(
                event.post_id or 0,
                list({viewer_of(one).viewer_id for one in listeners}),
                reason.since(event.kind, event.subject_id or 0),
            )
            for event, listeners in reposts
        )
    )
    entries = {event.cursor: some for (event, _), some in zip(reposts, found, strict=True)}
    people = {
        one.reposter_id for some in found for places in some.values() for one in places if one.reposter_id is not None
    }
    known = await look(asked, people)

    def means(event: Event, listeners: Sequence[Listener]) -> Answer:
        if event.kind in REPOSTS:
            return reposted(event, listeners, known, entries[event.cursor])
        return entered(known, visibility.home_original, event, listeners)

    return await told(asked, means)


EXPLORE = Shared(frozenset({Kind.POST_CREATED, Kind.POST_DELETED}), _explore)
HOME = Shared(REPOSTS | {Kind.POST_CREATED, Kind.POST_DELETED}, _home)
POSTS = PostsFeed()


def _watch(listener: Listener) -> Watch:
    watch: Watch = listener.seat
    return watch


def reposted(
    event: Event, listeners: Sequence[Listener], known: Outlook, entries: Mapping[int, Sequence[Entry]]
) -> Answer:
    """What a repost, or its end, means to homes and lists (`models/reason.py`)."""
    repost_id = event.subject_id or 0
    reset = ResetRow(str(event.cursor), ResetReason.RULES_CHANGED)
    shown = View(known, event.post_id or 0, visibility.shown)
    gone = removed(event)
    edges: dict[tuple[int, int | None, int, int], PostPublishedRow] = {}

    def edge(entry: Entry, relations: Relations, marks: frozenset[object]) -> object | None:
        row = known.row(entry.post_id, relations, marks)
        if row is None:
            return None
        who = None if entry.reposter_id is None else known.user(entry.reposter_id, relations, marks)
        key = (entry.key, entry.reposter_id, id(row), id(who))
        if key not in edges:
            edges[key] = PostPublishedRow(str(event.cursor), EdgeRow(page.encode(entry.key), row, who))
        return edges[key]

    def means(listener: Listener) -> object | None:
        relations = viewer_of(listener)
        places = {entry.key: entry for entry in entries.get(relations.viewer_id, ())}
        turn = reason.turn(event.kind, repost_id, list(places))
        if turn is reason.Turn.LEAVES:
            return gone if shown.holds(relations) else None
        if turn is reason.Turn.RESETS:
            return reset
        return None if turn is None else edge(places[turn], relations, listener.marks)

    return sort((listener, means(listener)) for listener in listeners)


def _changed(event: Event, listeners: Sequence[Listener], known: Outlook) -> Answer:
    """New values of a post, for those who were not told of them already."""
    view = View(known, event.post_id or 0, visibility.visible)
    answer: list[tuple[object, Sequence[Listener]]] = []
    for row, some in rows(view, listeners):
        news = [listener for listener in some if row.version > _watch(listener).told.get(row.id, 0)]
        answer.append((PostChangedRow(str(event.cursor), row), news))
    return answer
