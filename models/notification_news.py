"""What people are told of: made out of the event log, in its order, exactly once, whoever reads it and whatever dies.

The place in the log moves in the transaction that makes the notifications. What an event means is asked of the rows as they are
now (`models/notification_fact.py`), and what was told is not told again. When the log no longer has what happened since (`work`
was down for days, a restore), the reader goes on from now.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from models import notification_fact, notification_spread
from models.checkpoint import checkpoint
from models.event import Event, Kind
from models.log_reader import LogReader
from models.notification_fact import Facts
from models.notification_move import forget_between, put, retract, touch, touch_between
from models.transaction import transaction

EVENTS_AT_ONCE = 500
_READER = LogReader("notifications")
_WRITTEN = frozenset({Kind.POST_CREATED, Kind.POST_EDITED, Kind.POST_AUDIENCE})
_TURNED = frozenset({Kind.POST_AUDIENCE, Kind.POST_DELETED})
_REQUESTS = frozenset({Kind.FOLLOW_REQUESTED, Kind.FOLLOW_REQUEST_ENDED})
_FOLLOWS = frozenset({Kind.FOLLOWED, Kind.UNFOLLOWED})
_REPOSTS = frozenset({Kind.REPOST_CREATED, Kind.REPOST_DELETED, Kind.REPOST_RECONSIDERED})
log = logging.getLogger(__name__)


async def tell_people() -> bool:
    """Make the notifications of the next stretch of the log; True while there may be more. Safe in parallel."""
    more = await _READER.follow(_tell)
    return await _spread() if more is None else more


async def _spread() -> bool:
    """One step of what is told to very many, under the same lock: whoever reads on sees notifications in the order of their ids."""
    if not await notification_spread.is_waiting():
        return False
    async with transaction():
        return await _READER.hold(await _READER.place()) and await notification_spread.step()


async def _tell(events: Sequence[Event]) -> None:
    facts = Facts()
    if pairs := _pairs(events, _FOLLOWS, lambda event: event.user_id):
        await notification_fact.follows(facts, pairs)
    if pairs := _pairs(events, _REQUESTS, lambda event: event.user_id):
        await notification_fact.requests(facts, pairs)
    if pairs := _pairs(events, {Kind.POST_COUNTED}, lambda event: event.post_id):
        await notification_fact.likes(facts, pairs)
        await notification_fact.remixes(facts, pairs)
    if pairs := _pairs(events, _REPOSTS, lambda event: event.post_id):
        await notification_fact.reposts(facts, pairs)
    if numbers := _numbers(events, _WRITTEN, lambda event: event.post_id):
        await notification_fact.posts(facts, numbers)
    if pairs := [(e.post_id, e.subject_id) for e in events if e.kind is Kind.POLL_ENDED and e.post_id and e.subject_id]:
        await notification_fact.polls(facts, pairs)
        await notification_spread.begin_polls(pairs)
    if numbers := _numbers(events, {Kind.JOB_CHANGED}, lambda event: event.subject_id):
        await notification_fact.jobs(facts, numbers)
    if numbers := _numbers(events, {Kind.REMIX_PERMIT_CHANGED}, lambda event: event.subject_id):
        await notification_fact.permits(facts, numbers)
    if numbers := _numbers(events, {Kind.MODERATED}, lambda event: event.subject_id):
        await notification_fact.moderated(facts, numbers)
    if numbers := _numbers(events, {Kind.CASE_CLOSED}, lambda event: event.subject_id):
        await notification_spread.begin_reports(numbers)
    if numbers := _numbers(events, {Kind.POST_CREATED}, lambda event: event.post_id):
        await notification_spread.begin_posts(numbers)
    await retract(facts.not_so)
    await put(facts.so)
    if pairs := _pairs(events, {Kind.BLOCKED}, lambda event: event.user_id):
        await forget_between(pairs)
    await touch_between(_pairs(events, _FOLLOWS, lambda event: event.user_id))
    await touch(
        _numbers(events, _TURNED, lambda event: event.post_id),
        _numbers(events, {Kind.STANDING_CHANGED}, lambda event: event.actor_id),
    )
    checkpoint("notifications.told")


def _pairs(
    events: Sequence[Event], kinds: frozenset[Kind] | set[Kind], other: Callable[[Event], int | None]
) -> list[tuple[int, int]]:
    """Who did it and what it is about, each pair once."""
    found = ((event.actor_id, other(event)) for event in events if event.kind in kinds)
    return list(dict.fromkeys((actor, about) for actor, about in found if actor and about))


def _numbers(
    events: Sequence[Event], kinds: frozenset[Kind] | set[Kind], which: Callable[[Event], int | None]
) -> list[int]:
    return list(dict.fromkeys(number for event in events if event.kind in kinds and (number := which(event))))
