"""What the viewer is told of, live, and how far they have read, on every device of theirs."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import TypeAlias

import strawberry

from discovery.notification_line import rows_of
from models import node_id, notification, notification_setting
from models.event import Event, Kind
from realtime import topic
from resolvers import page
from resolvers.context import Info
from resolvers.live_row import HeartbeatRow, ResetReason, ResetRow
from resolvers.notification import NotificationEdgeRow
from resolvers.presence import present
from resolvers.stream import follow

_OWN_RULES = frozenset({Kind.MUTED, Kind.UNMUTED, Kind.FILTERS_CHANGED})


@dataclass(frozen=True, slots=True)
class NotificationChangedRow:
    """A notification is new, or other than it was."""

    cursor: str
    edge: NotificationEdgeRow
    unread_notification_count: int


@dataclass(frozen=True, slots=True)
class NotificationRemovedRow:
    """There is nothing of a notification to be seen any more."""

    cursor: str
    notification_id: str
    unread_notification_count: int


@dataclass(frozen=True, slots=True)
class NotificationsReadRow:
    """The viewer has read on."""

    cursor: str
    unread_notification_count: int


@dataclass(frozen=True, slots=True)
class NotificationRequestsChangedRow:
    """Others wait, or less."""

    cursor: str
    notification_request_count: int


NotificationsEventRow: TypeAlias = (
    NotificationChangedRow
    | NotificationRemovedRow
    | NotificationsReadRow
    | NotificationRequestsChangedRow
    | ResetRow
    | HeartbeatRow
)


async def notifications_live(info: Info, after: str | None = strawberry.UNSET) -> AsyncGenerator[NotificationsEventRow]:
    """The viewer's notifications as they move. Raises Unauthenticated when nobody is signed in."""
    context = info.context
    del info  # it holds the whole operation, and the stream may be quiet for hours
    viewer_id = context.require_viewer()
    told: dict[int, int] = {}  # the version of each notification that this stream has told

    async def changed(event: Event, number: int) -> NotificationChangedRow | NotificationRemovedRow | None:
        version = await notification.version_of(number)
        entry = await notification.entry(viewer_id, number)
        current = version if entry is None else max(version, entry.version)
        if current <= told.get(number, -1):
            return None  # an earlier message had this already: rows are read in the present
        told[number] = current
        unread = await notification.unread(viewer_id)
        if entry is None:
            return NotificationRemovedRow(str(event.cursor), node_id.encode("notification", number), unread)
        (row,) = await rows_of(viewer_id, [entry])
        return NotificationChangedRow(str(event.cursor), NotificationEdgeRow(page.encode(entry.key), row), unread)

    async with present(context, [topic.notifications(viewer_id)]) as (_, inbox):

        async def answer(event: Event) -> NotificationsEventRow | None:
            if event.kind is Kind.NOTIFIED and event.subject_id:
                return await changed(event, event.subject_id)
            if event.kind is Kind.NOTIFIED:
                count = await notification_setting.count_requests(viewer_id)
                return NotificationRequestsChangedRow(str(event.cursor), count)
            if event.kind is Kind.NOTIFICATIONS_READ:
                return NotificationsReadRow(str(event.cursor), await notification.unread(viewer_id))
            if event.kind in _OWN_RULES and event.actor_id == viewer_id:
                return ResetRow(str(event.cursor), ResetReason.RULES_CHANGED)
            return None

        rows: AsyncGenerator[NotificationsEventRow] = follow(context.house.hub, inbox, after, answer)
        async with aclosing(rows):
            async for row in rows:
                yield row
