"""A conversation, live: every reply in it as the viewer may see it, a hole where they may not, and what is deleted."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import TypeAlias

import strawberry

from errors import NotFound
from models import card, conversation, node_id, visibility
from models.event import Event, Kind
from models.post import facts
from models.visibility import Relations
from realtime import topic
from resolvers import page
from resolvers.context import Context, Info
from resolvers.conversation import ConversationEdgeRow
from resolvers.live_row import HeartbeatRow, PostRemovedRow, ResetReason, ResetRow
from resolvers.presence import counterpart, present, removed
from resolvers.profile_live import RULES
from resolvers.stream import follow


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
                by_viewer = event.actor_id == context.viewer_id
                other_id = counterpart(event, context.viewer_id)
                if await conversation.touches(context.viewer_id, root_id, other_id, by_viewer):
                    return ResetRow(str(event.cursor), ResetReason.RULES_CHANGED)
                return None
            if event.kind is Kind.POST_CREATED:
                return await _answered(context, event, reader.relations)
            if event.kind is Kind.POST_DELETED:
                return await removed(event, reader.relations)
            return None

        rows: AsyncGenerator[ConversationLiveRow] = follow(context.house.hub, inbox, after, answer)
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
