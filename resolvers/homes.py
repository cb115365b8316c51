"""Homes of readers who were here lately: lists of ids kept up to date by the log, so that a page is one statement.

The hub gives every stretch of events to `take`, which keeps what may change homes on a tape. A list is brought up to date
when its reader comes again: what happened since is looked through for those they hear, and the posts in question are asked
for anew. Then a `glance` says in the snapshot of the page whether anything that is visible by now is missing from that; if
so, and wherever a list does not reach, the page comes from `timeline.home`. So a page is never older than a fresh one: the
lists save work and are trusted in nothing.

Lists belong to a process and are bounded by number; a reader who has none, or was away for longer than the tape, costs what
a page costs without them.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from models import timeline
from models.card import Cards
from models.event import Cursor, Event, Kind
from models.glance import AUDIENCES, MUTUAL_RULES, OWN_RULES, POSTING, STANDING, Glance, glance
from models.home import HomeList, places
from models.shelf import Shelf
from models.standing import PASSED_ON
from models.timeline import Entry, Window

MOST_ON_TAPE = 4_096
MOST_ASKED_ANEW = 200  # posts of one list at a time; with more it is made anew
MOST_TURNS = 4  # of bringing one list up to date while others do the same
SPARE_ENTRIES = 20  # read beyond the first page, so that a few that go do not shorten the list below it
ON_TAPE = POSTING | OWN_RULES | MUTUAL_RULES | AUDIENCES | {Kind.POST_DELETED, STANDING}


@dataclass(frozen=True, slots=True)
class HomePage:
    """What a window holds and the head of the log then; `cards` are there when they came with it."""

    entries: list[Entry]
    head: Cursor
    cards: Cards | None = None


class Homes:
    """The lists of this process. `tally` counts the pages that were `glanced` at and those `read` from PostgreSQL."""

    def __init__(self, most_readers: int) -> None:
        self.tally: Counter[str] = Counter()
        self.shelf = Shelf()
        self._most_readers = most_readers
        self._lists: OrderedDict[int, HomeList] = OrderedDict()
        self._place = Cursor(0, 0)
        self._tape: list[Event] = []
        self._begins = 0  # how many events were on the tape before its first

    def start(self, place: Cursor) -> None:
        """Begin here; every event after this place will be given to `take`."""
        self._lists.clear()
        self._begins += len(self._tape)
        self._tape, self._place = [], place

    def take(self, events: Sequence[Event]) -> None:
        """The next events of the log; those that were taken already are passed over."""
        for event in events:
            if event.cursor.epoch != self._place.epoch:
                self.start(event.cursor)
            elif event.cursor > self._place:
                self._place = event.cursor
                if event.kind in ON_TAPE:
                    self._tape.append(event)
                elif event.kind is Kind.UNKNOWN:  # who knows what it changed
                    self.start(event.cursor)
        if len(self._tape) > 2 * MOST_ON_TAPE:
            self._begins += MOST_ON_TAPE
            del self._tape[:MOST_ON_TAPE]

    async def page(self, viewer_id: int, window: Window) -> HomePage:
        """A window of a reader's home. Raises what the database raises."""
        if self._most_readers <= 0:
            found = await timeline.home(viewer_id, window)
            return HomePage(found.entries, found.head)
        known = self._lists.get(viewer_id)
        if known is not None and known.level_at >= self._begins and known.edge < timeline.NEWEST:
            self._lists.move_to_end(viewer_id)
            # What a post shows changes without the list: it is edited, its pictures come, somebody labels it. Few hide any.
            if await self._catch_up(known) and known.relations is not None and not known.relations.spares:
                page = await self._glanced(known, window)
                if page is not None:
                    self.tally["glanced"] += 1
                    return page
        self.tally["read"] += 1
        return await self._read(viewer_id, window)

    async def _catch_up(self, known: HomeList) -> bool:
        """Bring a list up to date. False where it has to be made anew."""
        if known.relations is not None and known.relations.is_over(datetime.now(UTC)):
            known.forget()
            known.level_at = self._now
            return False
        for _ in range(MOST_TURNS):
            if known.relations is None:
                await known.learn_relations()
            if known.level_at < self._begins or known.relations is None:
                return False
            turn, now = known.turn, self._now
            touched = self._touched(known)
            if touched is None or len(touched) > MOST_ASKED_ANEW:
                known.forget()
                known.level_at = now
                return False
            if not touched:
                known.level_at = now
                return True
            found = await places(known.viewer_id, touched, known.edge)
            if known.turn == turn:
                known.place(touched, found)
                known.level_at = now
        return False

    def _touched(self, known: HomeList) -> set[int] | None:
        """The posts whose place may have changed since the list was level; None when the reader's rules did."""
        touched: set[int] = set()
        me = known.viewer_id
        for event in self._tape[known.level_at - self._begins :]:
            kind = event.kind
            if kind in POSTING:
                if known.hears(event.actor_id) and event.post_id is not None:
                    touched.add(event.post_id)
            elif kind is Kind.POST_DELETED or kind in AUDIENCES:
                comes = kind in AUDIENCES and known.hears(event.actor_id)
                if event.post_id is not None and (comes or event.post_id in known.posts):
                    touched.add(event.post_id)
            elif kind is STANDING:
                if (event.subject_id or 0) & PASSED_ON or known.hears(event.actor_id):
                    return None
            elif event.actor_id == me or (kind in MUTUAL_RULES and event.user_id == me):
                return None
        return touched

    async def _glanced(self, known: HomeList, window: Window) -> HomePage | None:
        """The page out of the list, when the list reaches so far and a glance finds that it is still so."""
        entries, relations = known.window(window), known.relations
        if entries is None or relations is None:
            return None
        people = {entry.reposter_id for entry in entries if entry.reposter_id is not None}
        posts = list(dict.fromkeys(entry.post_id for entry in entries))
        held = self.shelf.held(posts, people)
        seen = await glance(known.viewer_id, self._place, held.told_posts, held.told_people)
        if not seen.level:
            return None
        if any(_is_gone(entry, seen) for entry in entries):
            known.forget()
            return None
        return HomePage(entries, seen.head, await self.shelf.cards(relations, posts, people, held, seen))

    async def _read(self, viewer_id: int, window: Window) -> HomePage:
        """The page from PostgreSQL; what it says of the list is kept."""
        known = self._lists.get(viewer_id)
        if known is None or known.level_at < self._begins:
            known = self._lists[viewer_id] = HomeList(viewer_id, self._now)
            while len(self._lists) > self._most_readers:
                self._lists.popitem(last=False)
        turn, now = known.turn, self._now
        first = window.older_than == timeline.NEWEST and not window.backward
        wider = Window(window.limit + SPARE_ENTRIES, window.older_than, window.newer_than) if first else window
        found = await timeline.home(viewer_id, wider)
        if known.turn == turn and found.head.epoch == self._place.epoch:
            if first and known.level_at != now:  # what happened since was not looked through for changes of rules
                known.relations, known.level_at = None, now
            known.take(wider, found.entries)
        return HomePage(found.entries[: window.limit] if first else found.entries, found.head)

    @property
    def _now(self) -> int:
        return self._begins + len(self._tape)


def _is_gone(entry: Entry, seen: Glance) -> bool:
    """Whether a post may not stand in this place any more: deleted, hidden, or an answer to what is no more."""
    row = seen.posts.get(entry.post_id)
    return row is not None and (not row["seen"] or (row["orphan"] and entry.reposter_id is None))
