"""How the viewer wants to be told: filters, switches, what waits, and how far they have read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import strawberry
from strawberry import UNSET

from errors import NotFound
from models import notification_setting
from models.notification_kind import NotificationFilter, NotificationKind, NotificationSource
from models.notification_setting import Switch
from models.standing import is_there
from resolvers import page
from resolvers.context import Info
from resolvers.node import number_in
from resolvers.outcome import perform
from resolvers.payload import ViewerPayloadRow
from resolvers.user import KEY_HELP
from resolvers.viewer_row import ViewerRow


@strawberry.input(description="How far the viewer has read.")
class MarkNotificationsReadInput:
    until: str = strawberry.field(
        description="The `cursor` of the newest notification that was on screen: it and all before it are read. It never goes back."
    )
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(
    description="What becomes of what strangers do; what is left out stays. What waits among the requests already stays there."
)
class UpdateNotificationFiltersInput:
    not_following: NotificationFilter | None = strawberry.field(
        description="Of people whom the viewer does not follow.", default=UNSET
    )
    not_followers: NotificationFilter | None = strawberry.field(
        description="Of people who do not follow the viewer, or for less than 3 days.", default=UNSET
    )
    new_accounts: NotificationFilter | None = strawberry.field(
        description="Of accounts younger than 30 days.", default=UNSET
    )
    private_mentions: NotificationFilter | None = strawberry.field(
        description="Posts for those they mention alone, by people whom the viewer neither follows nor wrote to first.",
        default=UNSET,
    )
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(
    description="Whether the viewer hears of a kind; what is left out stays. What they were told of stays, too."
)
class UpdateNotificationSwitchInput:
    kind: NotificationKind = strawberry.field(description="The kind. MODERATION cannot be switched off in the list.")
    source: NotificationSource | None = strawberry.field(description="Of whom.", default=UNSET)
    pushes: bool | None = strawberry.field(description="Whether their devices are told at once.", default=UNSET)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="Whom to let through all filters.")
class AcceptNotificationRequestInput:
    user_id: strawberry.ID = strawberry.field(description="Whose doings wait, or may in the future.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="Whose doings to throw away.")
class DismissNotificationRequestInput:
    user_id: strawberry.ID = strawberry.field(description="Whose doings wait.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@dataclass(frozen=True, slots=True)
class NotificationSettingsRow:
    """How somebody wants to be told."""

    not_following: NotificationFilter
    not_followers: NotificationFilter
    new_accounts: NotificationFilter
    private_mentions: NotificationFilter
    switches: Sequence[Switch]


async def notification_settings(parent: strawberry.Parent[ViewerRow], info: Info) -> NotificationSettingsRow:
    """How the viewer wants to be told."""
    found = await notification_setting.filters(parent.id)
    return NotificationSettingsRow(
        found.not_following,
        found.not_followers,
        found.new_accounts,
        found.private_mentions,
        await notification_setting.switches(parent.id),
    )


async def _settle(info: Info, name: str, given: Any, verb: Callable[[int], Awaitable[object]]) -> ViewerPayloadRow:
    async def act(viewer_id: int) -> Mapping[str, Any]:
        await verb(viewer_id)
        return {"viewer": viewer_id}

    outcome = await perform(info.context, name, given, act)
    number = outcome.found.get("viewer")
    return ViewerPayloadRow(outcome.user_errors, ViewerRow(number) if number else None)


async def mark_notifications_read(info: Info, input: MarkNotificationsReadInput) -> ViewerPayloadRow:
    """Remember how far one has read, on all devices."""

    async def verb(viewer_id: int) -> None:
        await notification_setting.mark_read(viewer_id, page.decode(input.until, "until"))

    return await _settle(info, "markNotificationsRead", input, verb)


async def update_notification_filters(info: Info, input: UpdateNotificationFiltersInput) -> ViewerPayloadRow:
    """Settle what becomes of what strangers do."""
    names = ("not_following", "not_followers", "new_accounts", "private_mentions")
    changes = {name: getattr(input, name) or None for name in names}
    return await _settle(
        info,
        "updateNotificationFilters",
        input,
        lambda viewer_id: notification_setting.set_filters(viewer_id, changes),
    )


async def update_notification_switch(info: Info, input: UpdateNotificationSwitchInput) -> ViewerPayloadRow:
    """Settle whether one hears of a kind."""
    pushes = input.pushes if isinstance(input.pushes, bool) else None
    return await _settle(
        info,
        "updateNotificationSwitch",
        input,
        lambda viewer_id: notification_setting.set_switch(viewer_id, input.kind, input.source or None, pushes),
    )


async def accept_notification_request(info: Info, input: AcceptNotificationRequestInput) -> ViewerPayloadRow:
    """Let somebody through all filters."""

    async def verb(viewer_id: int) -> None:
        number = number_in("user", input.user_id, "userId")
        if not await is_there(number):
            raise NotFound("There is no such person.", ["userId"])
        await notification_setting.accept(viewer_id, number)

    return await _settle(info, "acceptNotificationRequest", input, verb)


async def dismiss_notification_request(info: Info, input: DismissNotificationRequestInput) -> ViewerPayloadRow:
    """Throw away what waits of somebody."""

    async def verb(viewer_id: int) -> None:
        await notification_setting.dismiss(viewer_id, number_in("user", input.user_id, "userId"))

    return await _settle(info, "dismissNotificationRequest", input, verb)
