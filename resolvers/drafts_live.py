"""The live feed of the viewer's own drafts: every device hears what another one, or the clock, did with them."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import TypeAlias

import strawberry

from models import card, kept_draft, node_id
from models.card import PostRow
from models.event import Event, Kind
from models.kept_draft import DraftRow
from realtime import topic
from resolvers.context import Info
from resolvers.live_row import HeartbeatRow, ResetRow
from resolvers.presence import present
from resolvers.stream import follow


@dataclass(frozen=True, slots=True)
class DraftChangedRow:
    """A draft is new, or has new values."""

    cursor: str
    draft: DraftRow


@dataclass(frozen=True, slots=True)
class DraftRemovedRow:
    """A draft is gone."""

    cursor: str
    draft_id: str


@dataclass(frozen=True, slots=True)
class DraftPublishedRow:
    """A draft became a post."""

    cursor: str
    draft_id: str
    post: PostRow | None


DraftsRow: TypeAlias = DraftChangedRow | DraftRemovedRow | DraftPublishedRow | ResetRow | HeartbeatRow


async def drafts_changed(info: Info, after: str | None = strawberry.UNSET) -> AsyncGenerator[DraftsRow]:
    """What becomes of the viewer's drafts. Raises Unauthenticated when nobody is signed in."""
    context = info.context
    del info  # it holds the whole operation, and the stream may be quiet for hours
    viewer_id = context.require_viewer()
    told: dict[int, int] = {}  # the version of each that this stream has told
    async with present(context, [topic.drafts(viewer_id)], rules=False) as (_, inbox):

        async def answer(event: Event) -> DraftsRow | None:
            number = event.subject_id
            if number is None:
                return None
            gid = node_id.encode("draft", number)
            if event.kind is Kind.DRAFT_PUBLISHED and event.post_id is not None:
                told.pop(number, None)
                row = (await card.cards(viewer_id, [event.post_id])).posts.get(event.post_id)
                return DraftPublishedRow(str(event.cursor), gid, row if isinstance(row, PostRow) else None)
            if event.kind is not Kind.DRAFT_CHANGED:
                return None
            draft = await kept_draft.draft_of(viewer_id, number)
            if draft is None:
                told.pop(number, None)
                return DraftRemovedRow(str(event.cursor), gid)
            if draft.version <= told.get(number, 0):
                return None  # an earlier message had this already: rows are read in the present
            told[number] = draft.version
            return DraftChangedRow(str(event.cursor), draft)

        rows: AsyncGenerator[DraftsRow] = follow(context.house.hub, inbox, after, answer)
        async with aclosing(rows):
            async for row in rows:
                yield row
