"""Feeds: what a stretch of events means to everybody who follows one, asked once for all of them.

Each feed here means the same as the answers of its subscription in `resolvers/live.py`, which go on to serve those who are
alone: those catching up, those falling behind, and events that concern few (changes of rules). A test holds the two
together. Who may see is asked for each viewer, by the same table of rules.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from models import node_id, timeline, visibility
from models.card import PostRow
from models.event import Cursor, Event, Kind
from models.outlook import GRANT, STATE, Outlook, Parts, View, outlook
from models.timeline import Entry
from models.visibility import Relations, Rule
from realtime.level import Asked, Listener, Told
from resolvers import page
from resolvers.audience import Reader
from resolvers.live_row import EdgeRow, HeartbeatRow, PostChangedRow, PostPublishedRow, PostRemovedRow

REPOSTS = frozenset({Kind.REPOST_CREATED, Kind.REPOST_DELETED, Kind.REPOST_RECONSIDERED})

Answer = Sequence[tuple[object, Sequence[Listener]]]


@dataclass(frozen=True, slots=True)
class Watch:
    """Who watches posts, and the version of each that was told already."""

    reader: Reader
    told: dict[int, int] = field(default_factory=dict)

    @property
    def relations(self) -> Relations:
        """The viewer's sets, as they are now."""
        return self.reader.relations


def counted(event: Event) -> int | None:
    """The post whose counters moved: of these events only the latest counts."""
    return event.post_id if event.kind is Kind.POST_COUNTED else None


class ExploreFeed:
    """Everything public as it is posted. A listener's seat is its `Reader`."""

    paced = False
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
        known = await _look(asked)
        return [
            _published(event, listeners, known, visibility.explore)
            if event.kind is Kind.POST_CREATED
            else _ended(event, listeners, known)
            for event, listeners in asked
        ]


class HomeFeed:
    """Homes as they move. A listener's seat is its `Reader`."""

    paced = False
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
        known = await _look(asked, people)
        told: list[Answer] = []
        for event, listeners in asked:
            if event.kind is Kind.POST_CREATED:
                told.append(_published(event, listeners, known, visibility.home_original))
            elif event.kind is Kind.POST_DELETED:
                told.append(_ended(event, listeners, known))
            else:
                told.append(_reposted(event, listeners, known, entries[event.cursor]))
        return told


class PostsFeed:
    """What happens to posts on screen. A listener's seat is its `Watch`."""

    paced = True
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
        known = await _look(asked)
        told: list[Answer] = []
        for event, listeners in asked:
            if event.kind is Kind.POST_DELETED:
                told.append([(_removed(event), listeners)])
            else:
                told.append(_changed(event, listeners, known))
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


async def _look(asked: Asked, people: Iterable[int] = ()) -> Outlook:
    """The posts of all these events, with the state of those who want to see theirs."""
    wanted: set[int] = set()
    for event, listeners in asked:
        if event.kind is not Kind.POST_DELETED:
            wanted.update([one.seat.relations.viewer_id for one in listeners if STATE in one.marks])
    return await outlook([event.post_id for event, _ in asked if event.post_id is not None], wanted, people)


def _sort(payloads: Iterable[tuple[Listener, object | None]]) -> Answer:
    """The listeners of each payload; those who get none are left out."""
    found: dict[int, tuple[object, list[Listener]]] = {}
    for listener, payload in payloads:
        if payload is not None:
            known = found.get(id(payload))
            if known is None:
                known = found[id(payload)] = (payload, [])
            known[1].append(listener)
    return list(found.values())


def _rows(view: View, listeners: Sequence[Listener]) -> Iterable[tuple[PostRow, list[Listener]]]:
    """The rows of a view, each with those who see it so. This is done for every listener of every event, so it is plain."""
    kinds = view.kinds
    alike: dict[Parts, dict[object, list[Listener]]] = {}
    for listener in listeners:
        relations = listener.seat.relations
        kind = kinds.get(relations.viewer_id)
        if kind is None:
            kind = view.kind(relations)
        some = alike.get(listener.marks)
        if some is None:
            some = alike[listener.marks] = {}
        same = some.get(kind)
        if same is None:
            some[kind] = [listener]
        else:
            same.append(listener)
    found: dict[int, tuple[PostRow, list[Listener]]] = {}
    for parts, some in alike.items():
        for same in some.values():
            private = view.is_private and GRANT in parts
            for viewer, who in (
                [(one.seat.relations, [one]) for one in same] if private else [(same[0].seat.relations, same)]
            ):
                row = view.row(viewer, parts)
                if row is not None:
                    found.setdefault(id(row), (row, []))[1].extend(who)
    return found.values()


def _published(event: Event, listeners: Sequence[Listener], known: Outlook, rule: Rule) -> Answer:
    """A post enters where `rule` holds."""
    edge = page.encode(event.post_id or 0)
    rows = _rows(View(known, event.post_id or 0, rule), listeners)
    return [(PostPublishedRow(str(event.cursor), EdgeRow(edge, row)), some) for row, some in rows]


def _reposted(event: Event, listeners: Sequence[Listener], known: Outlook, entries: Mapping[int, Entry]) -> Answer:
    """A post stands in a home once, for its first reason."""
    repost_id = event.subject_id or 0
    ended = View(known, event.post_id or 0, visibility.shown)
    gone = _removed(event)
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
        relations: Relations = listener.seat.relations
        entry = entries.get(relations.viewer_id)
        if event.kind is Kind.REPOST_DELETED:
            stays = entry is not None and entry.key <= repost_id
            return gone if not stays and ended.holds(relations) else None
        if entry is None:
            return None
        news = entry.key == repost_id if event.kind is Kind.REPOST_CREATED else entry.key > repost_id
        return edge(entry, relations, listener.marks) if news else None

    return _sort((listener, means(listener)) for listener in listeners)


def _ended(event: Event, listeners: Sequence[Listener], known: Outlook) -> Answer:
    """The end of a post is told to those who could have seen it."""
    view = View(known, event.post_id or 0, visibility.shown)
    return [(_removed(event), [listener for listener in listeners if view.holds(listener.seat.relations)])]


def _changed(event: Event, listeners: Sequence[Listener], known: Outlook) -> Answer:
    """New values of a post, for those who were not told of them already."""
    view = View(known, event.post_id or 0, visibility.visible)
    answer: list[tuple[object, Sequence[Listener]]] = []
    for row, some in _rows(view, listeners):
        news = [listener for listener in some if row.version > _watch(listener).told.get(row.id, 0)]
        answer.append((PostChangedRow(str(event.cursor), row), news))
    return answer


def _removed(event: Event) -> PostRemovedRow:
    return PostRemovedRow(str(event.cursor), node_id.encode("post", event.post_id or 0))
