"""A custom feed that is newest first, live: new posts that stand in it, as they are published.

Everybody who follows such a feed is asked for at once: new posts are held against all distinct branches in one statement.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from typing import TypeAlias

import strawberry

from discovery import feed_plan, feed_timeline
from discovery.feed_plan import Branch, FeedPlan
from errors import BadInput, NotFound
from models import custom_feed, node_id, timeline
from models.event import RULE_KINDS, Event, Kind
from models.feed_rules import FeedOrder
from models.outlook import Outlook
from models.post import facts
from models.timeline import Entry
from models.visibility import Relations
from realtime import topic
from realtime.inbox import Inbox
from realtime.level import Asked, Listener, Told
from resolvers import meaning, shift
from resolvers.audience import Reader
from resolvers.context import Context, Info
from resolvers.custom_feed import reason
from resolvers.feed import Shared
from resolvers.live_row import (
    AuthorRemovedRow,
    HeartbeatRow,
    PostPublishedRow,
    PostRemovedRow,
    ResetReason,
    ResetRow,
)
from resolvers.presence import present, published, removed, turned
from resolvers.stream import Seat, follow

FeedTimelineRow: TypeAlias = PostPublishedRow | PostRemovedRow | AuthorRemovedRow | ResetRow | HeartbeatRow
_GONE = frozenset({Kind.FEED_CHANGED, Kind.LIST_CHANGED, Kind.BOARD_CHANGED})
FOLLOWS = frozenset({Kind.FOLLOWED, Kind.UNFOLLOWED})
BRINGS_BACK = frozenset({Kind.UNMUTED, Kind.FILTERS_CHANGED})


class FeedSeat:
    """Who follows which feed, by its plan: None while it is not there for them, or in another order."""

    __slots__ = ("feed_id", "plan", "reader")

    def __init__(self, reader: Reader, feed_id: int) -> None:
        self.reader = reader
        self.feed_id = feed_id
        self.plan: FeedPlan | None = None

    @property
    def relations(self) -> Relations:
        """The viewer's sets, as they are now."""
        return self.reader.relations

    async def learn(self) -> None:
        """How the feed is now, for this reader."""
        viewer_id = self.relations.viewer_id
        row = (await custom_feed.feeds(viewer_id, [self.feed_id])).get(self.feed_id)
        is_newest_first = row is not None and row.rules.order is FeedOrder.NEWEST
        self.plan = await feed_plan.plan_of(viewer_id, row) if row is not None and is_newest_first else None

    def topics(self) -> Iterable[str]:
        """What the feed hears of beside all posts: itself, its lists and its boards."""
        yield topic.custom_feed(self.feed_id)
        for branch in () if self.plan is None else self.plan.branches:
            if branch.list_id is not None:
                yield topic.user_list(branch.list_id)
            if branch.board_id is not None:
                yield topic.board(branch.board_id)


async def custom_feed_timeline(
    info: Info, id: strawberry.ID, after: str | None = strawberry.UNSET
) -> AsyncGenerator[FeedTimelineRow]:
    """A feed as it moves. Raises NotFound when there is no such feed for the viewer, BadInput for a ranked one."""
    context = info.context
    del info  # it holds the whole operation, and the stream may be quiet for hours
    feed_id = node_id.number_of("feed", id) or 0
    row = (await custom_feed.feeds(context.viewer_id, [feed_id])).get(feed_id)
    if row is None:
        raise NotFound(custom_feed.NO_SUCH_FEED, ["id"])
    if row.rules.order is FeedOrder.RANKED:
        raise BadInput("A ranked feed is fetched anew; it is not live.", ["id"])
    async with present(context, [topic.POSTS, topic.EXPLORE, topic.custom_feed(feed_id)]) as (reader, inbox):
        seat = FeedSeat(reader, feed_id)
        await seat.learn()
        context.house.hub.widen(inbox, seat.topics())

        async def answer(event: Event) -> FeedTimelineRow | None:
            return await _answer(context, event, seat, inbox)

        rows: AsyncGenerator[FeedTimelineRow] = follow(context.house.hub, inbox, after, answer, seat=Seat(FEEDS, seat))
        async with aclosing(rows):
            async for each in rows:
                yield each


async def _answer(context: Context, event: Event, seat: FeedSeat, inbox: Inbox) -> FeedTimelineRow | None:
    relations = seat.relations
    if event.kind in _GONE:
        if event.kind is Kind.FEED_CHANGED and event.subject_id != seat.feed_id:
            return None
        return await _anew(context, event, seat, inbox)
    if event.kind is Kind.STANDING_CHANGED or event.kind in RULE_KINDS:
        return await _ruled(context, event, seat, inbox)
    plan = seat.plan
    if plan is None or event.post_id is None:
        return None
    if event.kind is Kind.POST_CREATED:
        known = await facts(event.post_id)
        branch = await feed_timeline.standing(plan, event.post_id)
        if branch is None or known is None or not feed_timeline.RULE.holds(known, relations):
            return None
        return _because(await published(context, event, Entry(event.post_id, event.post_id)), plan, branch)
    if event.kind is Kind.POST_DELETED:
        return await removed(event, relations)
    if event.kind is Kind.POST_AUDIENCE:
        moved = await shift.shift_of(event, relations)
        if moved is None or moved.holds(feed_timeline.RULE) == moved.held(feed_timeline.RULE):
            return None
        if not moved.holds(feed_timeline.RULE):
            return shift.gone(event, moved)
        branch = await feed_timeline.standing(plan, event.post_id)
        if branch is None:
            return None
        return _because(await published(context, event, Entry(event.post_id, event.post_id)), plan, branch)
    return None


async def _ruled(context: Context, event: Event, seat: FeedSeat, inbox: Inbox) -> AuthorRemovedRow | ResetRow | None:
    """What a change of rules means: sources may be there or not, and posts come and go."""
    viewer_id = seat.relations.viewer_id
    own = event.actor_id == viewer_id
    if event.kind in (Kind.FOLLOW_CHANGED, Kind.APART_CHANGED) or (event.kind in FOLLOWS and not own):
        return None
    if event.kind in BRINGS_BACK or event.kind in FOLLOWS:
        return await _anew(context, event, seat, inbox)
    before = seat.plan
    if event.kind is Kind.STANDING_CHANGED and (before is None or event.actor_id not in before.owners):
        return turned(event)
    reset = await _anew(context, event, seat, inbox)
    if seat.plan != before or event.kind is Kind.STANDING_CHANGED:
        return reset
    if own and event.kind in (Kind.BLOCKED, Kind.MUTED):
        return AuthorRemovedRow(str(event.cursor), node_id.encode("user", event.user_id or 0))
    # Whoever is blocked is not told by whom, and not at all by somebody who stands in no public list.
    return reset if not own and await timeline.stands_in_explore(event.actor_id) else None


async def _anew(context: Context, event: Event, seat: FeedSeat, inbox: Inbox) -> ResetRow:
    await seat.learn()
    context.house.hub.widen(inbox, seat.topics())
    return ResetRow(str(event.cursor), ResetReason.RULES_CHANGED)


def _because(row: PostPublishedRow | None, plan: FeedPlan, branch: Branch) -> PostPublishedRow | None:
    if row is not None:
        row.edge.reason = reason(plan, branch.place)
    return row


async def _feeds(asked: Asked) -> Told:
    """The same for all who follow feeds."""
    known = await meaning.look(asked)
    new = {event.post_id for event, _ in asked if event.kind is Kind.POST_CREATED and event.post_id is not None}
    plans: list[FeedPlan] = [one.seat.plan for _, listeners in asked for one in listeners if one.seat.plan is not None]
    matched = await feed_timeline.matching(new, [branch for plan in plans for branch in plan.branches])

    def means(event: Event, listeners: Sequence[Listener]) -> meaning.Answer:
        return _entered(known, matched, event, listeners)

    return await meaning.told(asked, means)


def _entered(
    known: Outlook, matched: set[tuple[int, Branch]], event: Event, listeners: Sequence[Listener]
) -> meaning.Answer:
    if event.kind is not Kind.POST_CREATED:
        return meaning.ended(event, [one for one in listeners if one.seat.plan is not None], known)
    post_id = event.post_id or 0
    alike: dict[object, tuple[FeedPlan, Branch, list[Listener]]] = {}
    for one in listeners:
        plan: FeedPlan | None = one.seat.plan
        branch = None if plan is None else feed_timeline.first_of(plan, post_id, matched)
        if plan is not None and branch is not None:
            why = (branch.place, plan.rules.sources[branch.place])
            alike.setdefault(why, (plan, branch, []))[2].append(one)
    told: list[tuple[object, Sequence[Listener]]] = []
    for plan, branch, some in alike.values():
        for payload, who in meaning.published(event, some, known, feed_timeline.RULE):
            told.append((_because(payload, plan, branch), who))
    return told


FEEDS = Shared(frozenset({Kind.POST_CREATED, Kind.POST_DELETED}), _feeds)
