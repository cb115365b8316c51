"""What the viewer is told of, a page at a time, and what waits among requests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import strawberry
from strawberry import UNSET

from discovery.notification_line import NotificationRow as NotificationRow
from discovery.notification_line import rows_of
from errors import BadInput
from models import card, notification, notification_setting
from models.card import PostRow, UserRow
from models.notification_kind import NotificationKind
from resolvers import page
from resolvers.context import Info
from resolvers.page import PageInfoRow
from resolvers.timeline import log_cursor
from resolvers.viewer_row import ViewerRow

MOST_KINDS = 20


@dataclass(frozen=True, slots=True)
class NotificationEdgeRow:
    """A notification in its place."""

    cursor: str
    node: NotificationRow


@dataclass(frozen=True, slots=True)
class NotificationsRow:
    """One page. `live_cursor` is a place in the log not after the moment the page was read."""

    edges: Sequence[NotificationEdgeRow]
    page_info: PageInfoRow
    live_cursor: str


@dataclass(frozen=True, slots=True)
class RequestEdgeRow:
    """Somebody whose doings wait."""

    cursor: str
    node: UserRow
    notification_count: int
    latest_at: datetime
    latest_post: PostRow | None


@dataclass(frozen=True, slots=True)
class RequestsRow:
    """One page of those whose doings wait."""

    edges: Sequence[RequestEdgeRow]
    page_info: PageInfoRow


async def notification_of(viewer_id: int, number: int) -> NotificationRow | None:
    """One of the viewer's own, where there is anything of it to be seen."""
    entry = await notification.entry(viewer_id, number)
    return None if entry is None else (await rows_of(viewer_id, [entry]))[0]


async def notifications(
    parent: strawberry.Parent[ViewerRow],
    info: Info,
    kinds: list[NotificationKind] | None = UNSET,
    first: int | None = UNSET,
    after: str | None = UNSET,
    last: int | None = UNSET,
    before: str | None = UNSET,
) -> NotificationsRow:
    """What the viewer is told of, the newest first. Raises BadInput for too many kinds."""
    question = page.asked(first, after, last, before)
    wanted = kinds if isinstance(kinds, list) else []
    if len(wanted) > MOST_KINDS:
        raise BadInput(f"At most {MOST_KINDS} kinds are named.", ["kinds"])
    live_cursor = await log_cursor()
    entries = await notification.page(parent.id, wanted, question.window(newest_first=True))
    found = page.page_of(question, entries, lambda entry: entry.key)
    rows = await rows_of(parent.id, found.items)
    edges = [NotificationEdgeRow(page.encode(entry.key), row) for entry, row in zip(found.items, rows, strict=True)]
    return NotificationsRow(edges, found.page_info, live_cursor)


async def notification_requests(
    parent: strawberry.Parent[ViewerRow],
    info: Info,
    first: int | None = UNSET,
    after: str | None = UNSET,
    last: int | None = UNSET,
    before: str | None = UNSET,
) -> RequestsRow:
    """Whose doings wait, the newest first."""
    question = page.asked(first, after, last, before)
    rows = await notification_setting.requests(parent.id, question.window(newest_first=True))
    found = page.page_of(question, rows, lambda one: one.key)
    shown = await card.cards(
        parent.id, [one.post_id for one in found.items if one.post_id], [one.actor_id for one in found.items]
    )
    edges = []
    for one in found.items:
        user, post = shown.users.get(one.actor_id), shown.posts.get(one.post_id)
        if user is not None:
            seen = post if isinstance(post, PostRow) else None
            edges.append(RequestEdgeRow(page.encode(one.key), user, one.count, one.latest_at, seen))
    return RequestsRow(edges, found.page_info)


async def unread_notification_count(parent: strawberry.Parent[ViewerRow], info: Info) -> int:
    """How many notifications the viewer has not read."""
    return await notification.unread(parent.id)


async def notification_request_count(parent: strawberry.Parent[ViewerRow], info: Info) -> int:
    """How many people wait."""
    return await notification_setting.count_requests(parent.id)
