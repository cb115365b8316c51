"""A conversation, live: every reply in it as the viewer may see it, a hole where they may not, and what is deleted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import TypeAlias

import strawberry

from errors import NotFound
from models import card, conversation, node_id, visibility
from models.event import Event, Kind
from models.outlook import Outlook, View
from models.post import facts, parents_of
from models.visibility import PostFacts, Relations
from realtime import topic
from realtime.level import Asked, Listener, Told
from resolvers import meaning, page, shift
from resolvers.context import Context, Info
from resolvers.conversation import ConversationEdgeRow
from resolvers.feed import Shared
from resolvers.live_row import HeartbeatRow, PostRemovedRow, ResetReason, ResetRow
from resolvers.presence import counterpart, present, removed
from resolvers.profile_live import RULES
from resolvers.stream import Seat, follow


@dataclass(frozen=True, slots=True)
class ReplyPublishedRow:
    """A reply entered the conversation, under the post it answers."""

    cursor: str
    reply_to_id: str
    edge: ConversationEdgeRow


ConversationLiveRow: TypeAlias = ReplyPublishedRow | PostRemovedRow | ResetRow | HeartbeatRow


async def conversation_live(
    info: Info, id: strawberry.ID, after: str | None = strawberry.UNSET
) -> AsyncGenerator[ConversationLiveRow]:
    """The whole conversation that a post stands in. Raises NotFound when the viewer does not see that post."""
    context = info.context
    number = node_id.number_of("post", id)
    root_id = None if number is None else await conversation.conversation_of(context.viewer_id, number)
    if root_id is None:
        raise NotFound("There is no such post.", ["id"])
    async with present(context, [topic.conversation(root_id)]) as (reader, inbox):

        async def answer(event: Event) -> ConversationLiveRow | None:
            if event.kind in RULES:
                by_viewer = event.kind is Kind.STANDING_CHANGED or event.actor_id == context.viewer_id
                other_id = counterpart(event, context.viewer_id)
                if await conversation.touches(context.viewer_id, root_id, other_id, by_viewer):
                    return ResetRow(str(event.cursor), ResetReason.RULES_CHANGED)
                return None
            if event.kind is Kind.POST_CREATED:
                return await _answered(context, event, reader.relations)
            if event.kind is Kind.POST_DELETED:
                return await removed(event, reader.relations)
            if event.kind is Kind.POST_AUDIENCE:
                return await shift.in_conversation(event, reader.relations)
            return None

        rows: AsyncGenerator[ConversationLiveRow] = follow(
            context.house.hub, inbox, after, answer, seat=Seat(TALKS, reader)
        )
        async with aclosing(rows):
            async for row in rows:
                yield row


async def _answered(context: Context, event: Event, relations: Relations) -> ReplyPublishedRow | None:
    """The place of a new reply: the post, the hole where it is not shown, or nothing where it is not even told of."""
    known = await facts(event.post_id) if event.post_id is not None else None
    if known is None or not visibility.answer.holds(known, relations):
        return None
    parent_id = await conversation.parent_of(known.id)
    parent = None if parent_id is None else await facts(parent_id)
    if parent is None or not visibility.answer.holds(parent, relations):
        return None  # no list that this viewer can have holds it, and the id of what it answers is not theirs to know
    row = (await card.cards(context.viewer_id, [known.id])).posts[known.id]
    if isinstance(row, card.Hole) and row.reason is card.UnavailableReason.NOT_VISIBLE:
        return None  # the rules changed since: the query that makes the row has the last word
    edge = ConversationEdgeRow(page.encode(known.id), row)
    return ReplyPublishedRow(str(event.cursor), node_id.encode("post", parent.id), edge)


async def _talks(asked: Asked) -> Told:
    """The same for all who have conversations open."""
    new = [event.post_id for event, _ in asked if event.kind is Kind.POST_CREATED and event.post_id is not None]
    known, parents = await asyncio.gather(meaning.look(asked), parents_of(new))

    def means(event: Event, listeners: Sequence[Listener]) -> meaning.Answer:
        if event.kind is Kind.POST_CREATED:
            return _placed(event, listeners, known, parents.get(event.post_id or 0))
        return meaning.ended(event, listeners, known)

    return await meaning.told(asked, means)


def _placed(event: Event, listeners: Sequence[Listener], known: Outlook, parent: PostFacts | None) -> meaning.Answer:
    """The place of a new reply, as each may see it: see `_answered`."""
    if parent is None:
        return []
    post_id = event.post_id or 0
    view = View(known, post_id, visibility.answer)
    told = [
        listener
        for listener in listeners
        if view.holds(meaning.viewer_of(listener)) and visibility.answer.holds(parent, meaning.viewer_of(listener))
    ]
    cursor, parent_id, edge = str(event.cursor), node_id.encode("post", parent.id), page.encode(post_id)
    found: list[tuple[object, Sequence[Listener]]] = []
    missing = set(told)
    for row, some in meaning.rows(view, told):
        found.append((ReplyPublishedRow(cursor, parent_id, ConversationEdgeRow(edge, row)), some))
        missing.difference_update(some)
    holes: dict[card.UnavailableReason, list[Listener]] = {}
    for listener in told:
        if listener in missing:
            reason = known.hole(post_id, meaning.viewer_of(listener))
            if reason is not None and reason is not card.UnavailableReason.NOT_VISIBLE:
                holes.setdefault(reason, []).append(listener)
    for reason, some in holes.items():
        found.append((ReplyPublishedRow(cursor, parent_id, ConversationEdgeRow(edge, card.Hole(reason))), some))
    return found


TALKS = Shared(frozenset({Kind.POST_CREATED, Kind.POST_DELETED}), _talks)
