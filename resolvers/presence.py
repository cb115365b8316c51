"""Being there for a live feed: in the audience and in the hub; and the edges that a timeline's events carry."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager

from models import card, node_id, visibility
from models.card import PostRow
from models.event import Event
from models.post import facts
from models.standing import CLOSED
from models.timeline import Entry
from models.visibility import SIGNED_OUT, Relations
from realtime import topic
from realtime.inbox import Inbox
from resolvers import page
from resolvers.audience import Reader
from resolvers.context import Context
from resolvers.live_row import AuthorRemovedRow, EdgeRow, PostPublishedRow, PostRemovedRow, ResetReason, ResetRow


@asynccontextmanager
async def present(
    context: Context,
    topics: Sequence[str],
    *,
    rules: bool = True,
    home: bool = False,
    replayed: Callable[[], Iterable[str]] | None = None,
) -> AsyncGenerator[tuple[Reader, Inbox]]:
    """The viewer is in the audience and an inbox for these topics has joined the hub, for as long as the block lasts.

    With `rules` it hears what changes between the viewer and others, too; with `home`, whom the viewer's home hears.
    `replayed` are the topics to replay where they are others than those that are joined.
    """
    house = context.house
    reader = await house.audience.enter(context.viewer_id)
    try:
        own = [topic.viewer(context.viewer_id)] if rules and context.viewer_id != SIGNED_OUT else []
        inbox = house.hub.join([*topics, *own], reader.home_topics if home else replayed)
        if home:
            house.audience.open_home(reader, inbox)
        try:
            yield reader, inbox
        finally:
            house.hub.leave(inbox)
            if home:
                house.audience.close_home(reader, inbox)
    finally:
        house.audience.leave(reader)


def counterpart(event: Event, viewer_id: int) -> int | None:
    """The other person of a change of rules: whom the viewer did it to, or who did it to the viewer."""
    return event.user_id if event.actor_id == viewer_id else event.actor_id


def turned(event: Event) -> AuthorRemovedRow | ResetRow:
    """What a change of somebody's standing means where strangers read them: everything of theirs leaves, or may come back."""
    if (event.subject_id or 0) & CLOSED:
        return AuthorRemovedRow(str(event.cursor), node_id.encode("user", event.actor_id or 0))
    return ResetRow(str(event.cursor), ResetReason.RULES_CHANGED)


async def published(context: Context, event: Event, entry: Entry | None) -> PostPublishedRow | None:
    """The entry as the viewer sees it now; nothing when there is none, or its post is no longer to be seen."""
    if entry is None:
        return None
    people = () if entry.reposter_id is None else (entry.reposter_id,)
    found = await card.cards(context.viewer_id, [entry.post_id], people)
    row = found.posts.get(entry.post_id)
    if not isinstance(row, PostRow):
        return None
    reposter = found.users.get(entry.reposter_id) if entry.reposter_id is not None else None
    return PostPublishedRow(str(event.cursor), EdgeRow(page.encode(entry.key), row, reposter))


async def removed(event: Event, relations: Relations) -> PostRemovedRow | None:
    """The end of a post that this viewer could have seen: of others not even the id is told."""
    known = await facts(event.post_id) if event.post_id is not None else None
    if known is None or not visibility.shown.holds(known, relations):
        return None
    return PostRemovedRow(str(event.cursor), node_id.encode("post", known.id))
