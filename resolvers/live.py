"""The live feeds: what an event of the log means to one subscription, asked in the present.

Each generator joins the hub, follows (`resolvers/stream.py`) and leaves. Who may see is asked per event: by the viewer's sets
(current by the log) and again by the query that makes the row.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TypeAlias

import strawberry

from errors import BadInput, NotFound
from models import card, creation, node_id, reason, timeline, visibility
from models.card import PostRow
from models.event import RULE_KINDS, Event, Kind
from models.job import JobRow, jobs
from models.post import among, facts
from models.timeline import Entry
from models.visibility import Relations
from realtime import topic
from realtime.inbox import Signal
from resolvers import shift
from resolvers.context import Context, House, Info
from resolvers.feed import CHANGES, EXPLORE, HOME, POSTS, Watch, counted
from resolvers.live_row import (
    AuthorRemovedRow,
    HeartbeatRow,
    JobChangedRow,
    JobProgressedRow,
    PostChangedRow,
    PostProgressedRow,
    PostPublishedRow,
    PostRemovedRow,
    ResetReason,
    ResetRow,
)
from resolvers.pace import Pace
from resolvers.presence import present, published, removed, turned
from resolvers.stream import Seat, follow
from storage.signature import presigned_get

MOST_POSTS = 100
SEEN_ANEW = CHANGES | {Kind.POST_AUDIENCE}
PREVIEW_SECONDS = 300
PARTIAL_SECONDS = 60  # of a picture on its way to a post: who may see it is asked for each

TimelineRow: TypeAlias = PostPublishedRow | PostRemovedRow | AuthorRemovedRow | ResetRow | HeartbeatRow
PostsRow: TypeAlias = PostChangedRow | PostProgressedRow | PostRemovedRow | ResetRow | HeartbeatRow
JobStreamRow: TypeAlias = JobChangedRow | JobProgressedRow | ResetRow | HeartbeatRow


async def home_timeline(info: Info, after: str | None = strawberry.UNSET) -> AsyncGenerator[TimelineRow]:
    """The viewer's home as it moves. Raises Unauthenticated when nobody is signed in."""
    context = info.context
    del info  # it holds the whole operation, and the stream may be quiet for hours
    viewer_id = context.require_viewer()
    async with present(context, [topic.HOME], home=True) as (reader, inbox):

        async def answer(event: Event) -> TimelineRow | None:
            if event.kind in RULE_KINDS or event.kind is Kind.STANDING_CHANGED:
                return await _home_rules(event, viewer_id)
            if event.post_id is None:
                return None
            if event.kind is Kind.POST_CREATED:
                known = await facts(event.post_id)
                stands = known is not None and visibility.home_original.holds(known, reader.relations)
                return await published(context, event, Entry(event.post_id, event.post_id) if stands else None)
            if event.kind is Kind.POST_DELETED:
                return await removed(event, reader.relations)
            if event.kind is Kind.POST_AUDIENCE:
                return await shift.at_home(context, event, reader.relations)
            if event.kind is Kind.REPLIES_ORPHANED:
                orphans = await timeline.has_orphans_at_home(viewer_id, event.post_id)
                return ResetRow(str(event.cursor), ResetReason.RULES_CHANGED) if orphans else None
            return await _reposted(context, event, event.post_id, reader.relations)

        rows: AsyncGenerator[TimelineRow] = follow(context.house.hub, inbox, after, answer, seat=Seat(HOME, reader))
        async with aclosing(rows):
            async for row in rows:
                yield row


async def _home_rules(event: Event, viewer_id: int) -> ResetRow | None:
    """A change of rules by the viewer always resets their home; one by somebody else only where it can show there."""
    other = event.actor_id
    if other == viewer_id and event.kind is Kind.STANDING_CHANGED:
        return None  # one's own posts stand in one's own home whatever one's standing
    if (
        other not in (None, viewer_id)
        and event.kind in (Kind.BLOCKED, Kind.UNBLOCKED, Kind.STANDING_CHANGED)
        and not await timeline.may_stand_at_home(viewer_id, other)
    ):
        return None
    return ResetRow(str(event.cursor), ResetReason.RULES_CHANGED)


async def _reposted(context: Context, event: Event, post_id: int, relations: Relations) -> TimelineRow | None:
    """What a repost, or its end, means to a home."""
    repost_id = event.subject_id or 0
    found = await timeline.home_entries(post_id, [context.viewer_id], reason.since(event.kind, repost_id))
    places = {entry.key: entry for entry in found.get(context.viewer_id, ())}
    turn = reason.turn(event.kind, repost_id, list(places))
    if turn is reason.Turn.LEAVES:
        return await removed(event, relations)
    if turn is reason.Turn.RESETS:
        return ResetRow(str(event.cursor), ResetReason.RULES_CHANGED)
    return None if turn is None else await published(context, event, places[turn])


async def explore_timeline(info: Info, after: str | None = strawberry.UNSET) -> AsyncGenerator[TimelineRow]:
    """Everything public as it is posted; open to all."""
    context = info.context
    del info  # it holds the whole operation, and the stream may be quiet for hours
    viewer_id = context.viewer_id
    async with present(context, [topic.EXPLORE]) as (reader, inbox):

        async def answer(event: Event) -> TimelineRow | None:
            if event.kind is Kind.POST_CREATED and event.post_id is not None:
                known = await facts(event.post_id)
                stands = known is not None and visibility.explore.holds(known, reader.relations)
                return await published(context, event, Entry(event.post_id, event.post_id) if stands else None)
            if event.kind is Kind.POST_DELETED:
                return await removed(event, reader.relations)
            if event.kind is Kind.POST_AUDIENCE:
                return await shift.by_rule(context, event, reader.relations, visibility.explore)
            if event.kind in (Kind.BLOCKED, Kind.MUTED) and event.actor_id == viewer_id and event.user_id is not None:
                return AuthorRemovedRow(str(event.cursor), node_id.encode("user", event.user_id))
            if event.kind in (Kind.BLOCKED, Kind.UNBLOCKED) and event.actor_id not in (None, viewer_id):
                # Whoever is blocked is not told by whom, and not at all by somebody who stands in no public list.
                if not await timeline.stands_in_explore(event.actor_id):
                    return None
                return ResetRow(str(event.cursor), ResetReason.RULES_CHANGED)
            if event.kind is Kind.STANDING_CHANGED and event.user_id is not None:
                return turned(event)
            if event.kind in (Kind.UNBLOCKED, Kind.UNMUTED, Kind.FILTERS_CHANGED):
                return ResetRow(str(event.cursor), ResetReason.RULES_CHANGED)
            return None

        rows: AsyncGenerator[TimelineRow] = follow(context.house.hub, inbox, after, answer, seat=Seat(EXPLORE, reader))
        async with aclosing(rows):
            async for row in rows:
                yield row


async def posts_changed(
    info: Info, ids: list[strawberry.ID], after: str | None = strawberry.UNSET
) -> AsyncGenerator[PostsRow]:
    """What happens to the posts on screen. Ids of nothing, or of what the viewer may not see, are passed over."""
    if len(ids) > MOST_POSTS:
        raise BadInput(f"At most {MOST_POSTS} posts can be watched at once.", ["ids"])
    context = info.context
    del info  # it holds the whole operation, and the stream may be quiet for hours
    numbers = {number for text in ids if (number := node_id.number_of("post", text)) is not None}
    watched = set(await among(context.viewer_id, sorted(numbers)))
    making = await creation.watched(sorted(watched))
    topics = [*(topic.post(number) for number in sorted(watched)), *map(topic.job, making)]
    async with present(context, topics) as (reader, inbox):
        watch = Watch(reader)
        told = watch.told  # the version of each post that this stream has told

        async def answer(event: Event) -> PostsRow | None:
            if event.kind is Kind.POST_DELETED and event.post_id is not None:
                for job_id in [one for one, (known, _) in making.items() if known.id == event.post_id]:
                    del making[job_id]  # the job goes on for its owner alone
                return PostRemovedRow(str(event.cursor), node_id.encode("post", event.post_id))
            if event.kind in SEEN_ANEW and event.post_id is not None:
                row = (await card.cards(context.viewer_id, [event.post_id])).posts.get(event.post_id)
                if event.kind is Kind.POST_AUDIENCE and not isinstance(row, PostRow):
                    change = await shift.shift_of(event, reader.relations)
                    return None if change is None else shift.gone(event, change)
                if not isinstance(row, PostRow) or row.version <= told.get(row.id, 0):
                    return None  # an earlier message had this already: rows are read in the present
                told[row.id] = row.version
                return PostChangedRow(str(event.cursor), row)
            if event.kind is Kind.FILTERS_CHANGED:
                return ResetRow(str(event.cursor), ResetReason.RULES_CHANGED)
            if event.kind in RULE_KINDS or event.kind is Kind.STANDING_CHANGED:
                still = set(await among(context.viewer_id, sorted(watched)))
                if still != watched:
                    return ResetRow(str(event.cursor), ResetReason.RULES_CHANGED)
            return None

        def tell(signal: Signal, cursor: str) -> PostsRow | None:
            known, partials = making.get(_job_of(signal), (None, False))
            if known is None or not visibility.visible.holds(known, reader.relations):
                return None
            return _progressed(context.house, known.id, signal, cursor, partials=partials)

        # Signals are passed on to each alone: what is being made is asked of the viewer's sets every time.
        seat = None if making else Seat(POSTS, watch)
        rows: AsyncGenerator[PostsRow] = follow(context.house.hub, inbox, after, answer, tell, Pace(counted), seat)
        async with aclosing(rows):
            async for row in rows:
                yield row


def _job_of(signal: Signal) -> int:
    prefix, _, number = signal.topic.rpartition(":")
    return int(number) if f"{prefix}:{number}" == signal.topic and number.isdigit() else 0


def _progressed(house: House, post_id: int, signal: Signal, cursor: str, *, partials: bool) -> PostProgressedRow:
    """What others may know of a job on its way: how far it is, and the picture so far where its author allows that."""
    body = signal.body
    key = body.get("previewKey") if partials else None
    shown = isinstance(key, str)
    return PostProgressedRow(
        cursor,
        node_id.encode("post", post_id),
        body.get("fraction"),
        presigned_get(key, time.time(), house.settings, PARTIAL_SECONDS) if isinstance(key, str) else None,
        body.get("outputIndex") if shown else None,
    )


async def generation_job(
    info: Info, id: strawberry.ID, after: str | None = strawberry.UNSET
) -> AsyncGenerator[JobStreamRow]:
    """The life of one of the viewer's jobs: how it stands, then every change, and its progress."""
    context = info.context
    viewer_id = context.require_viewer()
    number = node_id.number_of("job", id)
    house = context.house
    told = 0

    async def current() -> JobRow | None:
        return None if number is None else (await jobs([number], viewer_id)).get(number)

    async with present(context, [topic.job(number)] if number is not None else [], rules=False) as (_, inbox):
        standing = str(house.hub.position)
        row = await current()
        if row is None:
            raise NotFound("There is no such job.", ["id"])
        told = row.version
        yield JobChangedRow(standing, row)

        async def answer(event: Event) -> JobStreamRow | None:
            nonlocal told
            changed = await current()
            if changed is None or changed.version <= told:
                return None
            told = changed.version
            return JobChangedRow(str(event.cursor), changed)

        def tell(signal: Signal, cursor: str) -> JobStreamRow | None:
            body = signal.body
            if body.get("owner") != viewer_id:
                return None
            key = body.get("previewKey")
            preview = presigned_get(key, time.time(), house.settings, PREVIEW_SECONDS) if isinstance(key, str) else None
            return JobProgressedRow(
                cursor,
                body.get("fraction"),
                body.get("phase"),
                preview,
                body.get("outputIndex"),
                body.get("queuePosition"),
                body.get("peopleAhead"),
            )

        place = after if isinstance(after, str) else standing  # from where the row was read, not from now
        rows: AsyncGenerator[JobStreamRow] = follow(house.hub, inbox, place, answer, tell)
        async with aclosing(rows):
            async for step in rows:
                yield step
