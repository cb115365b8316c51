"""Web Push: browsers that are told at once, and are told no more. All of it the viewer's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import strawberry
from strawberry import UNSET

from errors import Conflict, Unauthenticated
from models import push_subscription
from models.preference import InterfaceLanguage
from models.push_subscription import SubscriptionRow, subscription_of, subscriptions_of
from resolvers.context import Info
from resolvers.node import number_in
from resolvers.notification_setting import NotificationSettingsRow
from resolvers.outcome import perform
from resolvers.payload import Payload
from resolvers.user import KEY_HELP
from resolvers.viewer_row import ViewerRow


@strawberry.input(description="A browser that is to be told at once, as its `PushSubscription` says of itself.")
class SubscribeToPushInput:
    endpoint: str = strawberry.field(
        description="Where it hears: an https address at a public name, at most 2,000 characters."
    )
    p256dh: str = strawberry.field(description="Its public key: 65 bytes in URL-safe base64.")
    auth: str = strawberry.field(description="The secret it shares with whoever may write to it: 16 bytes, likewise.")
    language: InterfaceLanguage | None = strawberry.field(
        description="The language it is told in; that of `Viewer.language` when left out.", default=UNSET
    )
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="A browser that is to be told no more.")
class UnsubscribeFromPushInput:
    push_subscription_id: strawberry.ID = strawberry.field(description="A subscription of the viewer's own.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@dataclass(frozen=True, slots=True)
class SubscribedRow(Payload):
    """A browser as it is now, and all of them."""

    push_subscription: SubscriptionRow | None = None
    viewer: ViewerRow | None = None


@dataclass(frozen=True, slots=True)
class UnsubscribedRow(Payload):
    """Which browser was forgotten."""

    deleted_push_subscription_id: str | None = None
    viewer: ViewerRow | None = None


async def push_key(parent: strawberry.Parent[NotificationSettingsRow], info: Info) -> str | None:
    """What browsers subscribe with."""
    return info.context.house.push_key


async def push_subscriptions(
    parent: strawberry.Parent[NotificationSettingsRow], info: Info
) -> Sequence[SubscriptionRow]:
    """The viewer's browsers."""
    return await subscriptions_of(info.context.viewer_id, info.context.asker.session_id)


async def subscribe_to_push(info: Info, input: SubscribeToPushInput) -> SubscribedRow:
    """Tell this browser from now on."""
    context = info.context

    async def act(viewer_id: int) -> Mapping[str, Any]:
        if context.house.push_key is None:
            raise Conflict("Nothing is pushed here: whoever runs this place has not set it up.")
        if context.asker.session_id is None:
            raise Unauthenticated("Sign in first.")
        number = await push_subscription.subscribe(
            viewer_id, context.asker.session_id, input.endpoint, input.p256dh, input.auth, input.language or None
        )
        return {"viewer": viewer_id, "subscription": number}

    outcome = await perform(context, "subscribeToPush", input, act)
    number, viewer = outcome.found.get("subscription"), outcome.found.get("viewer")
    if not number or not viewer:
        return SubscribedRow(outcome.user_errors)
    row = await subscription_of(viewer, context.asker.session_id, number)
    return SubscribedRow(outcome.user_errors, row, ViewerRow(viewer))


async def unsubscribe_from_push(info: Info, input: UnsubscribeFromPushInput) -> UnsubscribedRow:
    """Tell a browser no more."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("push", input.push_subscription_id, "pushSubscriptionId")
        await push_subscription.unsubscribe(viewer_id, number)
        return {"viewer": viewer_id, "subscription": input.push_subscription_id}

    outcome = await perform(info.context, "unsubscribeFromPush", input, act)
    viewer = outcome.found.get("viewer")
    return UnsubscribedRow(
        outcome.user_errors, outcome.found.get("subscription"), ViewerRow(viewer) if viewer else None
    )
