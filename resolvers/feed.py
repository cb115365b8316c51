"""Feeds: what a stretch of events means to everybody who follows one, asked once for all of them.

Each feed here means the same as the answers of its subscription in `resolvers/live.py`, which go on to serve those who are
alone: those catching up, those falling behind, and events that concern few (changes of rules). A test holds the two
together. Who may see is asked for each viewer, by the same table of rules.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from models import node_id, timeline, visibility
from models.event import Cursor, Event, Kind
from models.outlook import Outlook, Part, outlook
from models.timeline import Entry
from models.visibility import PostFacts, Rule
from realtime.level import Asked, Listener, Told
from resolvers import page
from resolvers.audience import Reader
from resolvers.live_row import EdgeRow, HeartbeatRow, PostChangedRow, PostPublishedRow, PostRemovedRow

REPOSTS = frozenset({Kind.REPOST_CREATED, Kind.REPOST_DELETED, Kind.REPOST_RECONSIDERED})

Means = Callable[[Event, Listener], object | None]


@dataclass(frozen=True, slots=True)
class Watch:
    """Who watches posts, and the version of each that was told already."""

    reader: Reader
    told: dict[int, int] = field(default_factory=dict)


def counted(event: Event) -> int | None:
    """The post whose counters moved: of these events only the latest counts."""
    return event.post_id if event.kind is Kind.POST_COUNTED else None


class ExploreFeed:
    """Everything public as it is posted. A listener's seat is its `Reader`."""

    kinds = frozenset({Kind.POST_CREATED, Kind.POST_DELETED})

    def knows(self, event: Event) -> bool:
        """What concerns everybody."""
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
        known = await _look(asked, _reader_id)
        return [_sort(event, listeners, self._means(event, known)) for event, listeners in asked]

    def _means(self, event: Event, known: Outlook) -> Means:
        return _published(event, known, visibility.explore) if event.kind is Kind.POST_CREATED else _ended(event, known)


class HomeFeed:
    """Homes as they move. A listener's seat is its `Reader`."""

    kinds = REPOSTS | {Kind.POST_CREATED, Kind.POST_DELETED}

    def knows(self, event: Event) -> bool:
        """What concerns all followers of somebody."""
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
        entries = dict(
            zip(
                [event.cursor for event, _ in asked if event.kind in REPOSTS],
                await asyncio.gather(
                    *(
                        timeline.home_entries(event.post_id or 0, list({_reader_id(one) for one in listeners}))
                        for event, listeners in asked
                        if event.kind in REPOSTS
                    )
                ),
                strict=True,
            )
        )
        people = {e.reposter_id for found in entries.values() for e in found.values() if e.reposter_id is not None}
        known = await _look(asked, _reader_id, people)
        told = []
        for event, listeners in asked:
            if event.kind is Kind.POST_CREATED:
                means = _published(event, known, visibility.home_original)
            elif event.kind is Kind.POST_DELETED:
                means = _ended(event, known)
            else:
                means = _reposted(event, known, entries[event.cursor])
            told.append(_sort(event, listeners, means))
        return told


class PostsFeed:
    """What happens to posts on screen. A listener's seat is its `Watch`."""

    kinds = frozenset({Kind.POST_COUNTED, Kind.POST_DELETED})

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
        known = await _look(asked, lambda listener: _watch(listener).reader.relations.viewer_id)
        told: list[Sequence[tuple[object, Sequence[Listener]]]] = []
        for event, listeners in asked:
            if event.kind is Kind.POST_DELETED:
                told.append([(_removed(event), listeners)])
            else:
                told.append(_sort(event, listeners, _changed(event, known)))
        return told


EXPLORE = ExploreFeed()
HOME = HomeFeed()
POSTS = PostsFeed()


def _reader_id(listener: Listener) -> int:
    reader: Reader = listener.seat
    return reader.relations.viewer_id


def _watch(listener: Listener) -> Watch:
    watch: Watch = listener.seat
    return watch


async def _look(asked: Asked, viewer_id: Callable[[Listener], int], people: Iterable[int] = ()) -> Outlook:
    """The posts of all these events, with the state of those who want to see theirs."""
    wanted = {
        viewer_id(listener)
        for event, listeners in asked
        if event.kind is not Kind.POST_DELETED
        for listener in listeners
        if Part.STATE in listener.marks
    }
    return await outlook([event.post_id for event, _ in asked if event.post_id is not None], wanted, people)


def _sort(event: Event, listeners: Sequence[Listener], means: Means) -> Sequence[tuple[object, Sequence[Listener]]]:
    """The listeners by what the event means to them."""
    found: dict[int, tuple[object, list[Listener]]] = {}
    for listener in listeners:
        row = means(event, listener)
        if row is not None:
            found.setdefault(id(row), (row, []))[1].append(listener)
    return list(found.values())


def _once(
    of: Callable[[Reader, frozenset[object]], object | None], wrap: Callable[[Any], object]
) -> Callable[..., Any]:
    """`of` asked once per reader and marks, and `wrap` once per thing it gave."""
    asked: dict[tuple[int, frozenset[object]], object | None] = {}
    wrapped: dict[int, object] = {}

    def one(reader: Reader, marks: frozenset[object]) -> object | None:
        key = (reader.relations.viewer_id, marks)
        if key not in asked:
            found = of(reader, marks)
            if found is not None:
                found = wrapped.get(id(found)) or wrapped.setdefault(id(found), wrap(found))
            asked[key] = found
        return asked[key]

    return one


def _published(event: Event, known: Outlook, rule: Rule) -> Means:
    """A post enters where `rule` holds."""
    facts = known.facts(event.post_id or 0)

    def of(reader: Reader, marks: frozenset[object]) -> object | None:
        stands = facts is not None and rule.holds(facts, reader.relations)
        return known.row(facts.id, reader.relations, marks) if stands and facts is not None else None

    edge = page.encode(event.post_id or 0)
    one = _once(of, lambda row: PostPublishedRow(str(event.cursor), EdgeRow(edge, row)))
    return lambda _, listener: one(listener.seat, listener.marks)


def _reposted(event: Event, known: Outlook, entries: Any) -> Means:
    """A post stands in a home once, for its first reason."""
    facts = known.facts(event.post_id or 0)
    repost_id = event.subject_id or 0
    gone = _removed(event)
    edges: dict[tuple[int, int | None, int, int], PostPublishedRow] = {}

    def edge(entry: Entry, reader: Reader, marks: frozenset[object]) -> object | None:
        row = known.row(entry.post_id, reader.relations, marks)
        if row is None:
            return None
        who = None if entry.reposter_id is None else known.user(entry.reposter_id, reader.relations, marks)
        key = (entry.key, entry.reposter_id, id(row), id(who))
        if key not in edges:
            edges[key] = PostPublishedRow(str(event.cursor), EdgeRow(page.encode(entry.key), row, who))
        return edges[key]

    def means(_: Event, listener: Listener) -> object | None:
        reader: Reader = listener.seat
        entry: Entry | None = entries.get(reader.relations.viewer_id)
        if event.kind is Kind.REPOST_CREATED:
            return edge(entry, reader, listener.marks) if entry and entry.key == repost_id else None
        if event.kind is Kind.REPOST_DELETED:
            if entry is not None and entry.key <= repost_id:
                return None
            return gone if facts is not None and visibility.shown.holds(facts, reader.relations) else None
        return edge(entry, reader, listener.marks) if entry and entry.key > repost_id else None

    return means


def _ended(event: Event, known: Outlook) -> Means:
    """The end of a post is told to those who could have seen it."""
    facts: PostFacts | None = known.facts(event.post_id or 0)
    gone = _removed(event)

    def means(_: Event, listener: Listener) -> object | None:
        reader: Reader = listener.seat
        return gone if facts is not None and visibility.shown.holds(facts, reader.relations) else None

    return means


def _changed(event: Event, known: Outlook) -> Means:
    """New values of a post, if this listener was not told of them already."""

    def of(reader: Reader, marks: frozenset[object]) -> object | None:
        return known.row(event.post_id or 0, reader.relations, marks)

    one = _once(of, lambda row: PostChangedRow(str(event.cursor), row))

    def means(_: Event, listener: Listener) -> object | None:
        watch = _watch(listener)
        changed = one(watch.reader, listener.marks)
        if not isinstance(changed, PostChangedRow) or changed.post.version <= watch.told.get(changed.post.id, 0):
            return None
        return changed

    return means


def _removed(event: Event) -> PostRemovedRow:
    return PostRemovedRow(str(event.cursor), node_id.encode("post", event.post_id or 0))
