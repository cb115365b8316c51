"""Webhooks: made, changed, forgotten, given a new secret; what each was told, and sending it again. All of it the owner's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import strawberry

from models import delivery_move, step_up, webhook
from models.delivery import AttemptRow, DeliveryRow, attempt_page, deliveries, delivery_page
from models.job import JobRow
from models.webhook import TOLD_WHEN_ASKED, WebhookEvent, WebhookRow, salt_of, webhook_of, webhooks_of
from models.webhook_secret import secret_of
from resolvers import page
from resolvers.context import Context, Info
from resolvers.node import number_in
from resolvers.outcome import Outcome, perform
from resolvers.page import PageInfoRow
from resolvers.payload import Payload
from resolvers.user import KEY_HELP
from resolvers.viewer_row import ViewerRow

ALL_EVENTS = tuple(event for event in WebhookEvent if event is not TOLD_WHEN_ASKED)
URL_HELP = "Where to send: an https address with the name of a public host; at most 2,000 characters."
EVENTS_HELP = "What to be told; at least one, and not TEST."
OWN_WEBHOOK = "A webhook of the viewer's own."


@strawberry.input(description="An address that is to be told what becomes of the viewer's jobs.")
class CreateWebhookInput:
    url: str = strawberry.field(description=URL_HELP)
    events: list[WebhookEvent] | None = strawberry.field(
        description=f"{EVENTS_HELP} All of them when left out.", default=strawberry.UNSET
    )
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@strawberry.input(description="What to change of a webhook; what is left out stays.")
class UpdateWebhookInput:
    webhook_id: strawberry.ID = strawberry.field(description=OWN_WEBHOOK)
    url: str | None = strawberry.field(description=URL_HELP, default=strawberry.UNSET)
    events: list[WebhookEvent] | None = strawberry.field(description=EVENTS_HELP, default=strawberry.UNSET)
    is_enabled: bool | None = strawberry.field(
        description="False gives up what waits to be sent; true sends what happens from then on.",
        default=strawberry.UNSET,
    )
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@strawberry.input(description="A webhook to forget.")
class DeleteWebhookInput:
    webhook_id: strawberry.ID = strawberry.field(description=OWN_WEBHOOK)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@strawberry.input(description="A webhook that needs a new secret.")
class RotateWebhookSecretInput:
    webhook_id: strawberry.ID = strawberry.field(description=OWN_WEBHOOK)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@strawberry.input(description="A message to send again.")
class RedeliverWebhookInput:
    delivery_id: strawberry.ID = strawberry.field(description="A delivery of one of the viewer's webhooks.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@strawberry.input(description="A webhook to try.")
class TestWebhookInput:
    webhook_id: strawberry.ID = strawberry.field(description=OWN_WEBHOOK)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@dataclass(frozen=True, slots=True)
class WebhookPayloadRow(Payload):
    """A webhook as it is now, with its secret where it is told."""

    webhook: WebhookRow | None = None
    secret: str | None = None


@dataclass(frozen=True, slots=True)
class WebhookDeletedRow(Payload):
    """Which webhook is gone."""

    deleted_webhook_id: str | None = None


@dataclass(frozen=True, slots=True)
class DeliveryPayloadRow(Payload):
    """A delivery as it is now."""

    delivery: DeliveryRow | None = None


@dataclass(frozen=True, slots=True)
class DeliveryEdgeRow:
    """A delivery in a webhook's log."""

    cursor: str
    node: DeliveryRow


@dataclass(frozen=True, slots=True)
class DeliveriesRow:
    """One page of a webhook's log."""

    edges: Sequence[DeliveryEdgeRow]
    page_info: PageInfoRow


@dataclass(frozen=True, slots=True)
class AttemptEdgeRow:
    """A try in a delivery's log."""

    cursor: str
    node: AttemptRow


@dataclass(frozen=True, slots=True)
class AttemptsRow:
    """One page of a delivery's log."""

    edges: Sequence[AttemptEdgeRow]
    page_info: PageInfoRow


async def webhooks(parent: strawberry.Parent[ViewerRow], info: Info) -> Sequence[WebhookRow]:
    """The viewer's webhooks."""
    return await webhooks_of(parent.id)


async def webhook_deliveries(
    parent: strawberry.Parent[WebhookRow],
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> DeliveriesRow:
    """What a webhook was told, newest first."""
    question = page.asked(first, after, last, before)
    found = await delivery_page(parent.id, question.window(newest_first=True))
    shown = page.page_of(question, found, lambda row: row.id)
    return DeliveriesRow([DeliveryEdgeRow(page.encode(row.id), row) for row in shown.items], shown.page_info)


async def attempts(
    parent: strawberry.Parent[DeliveryRow],
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> AttemptsRow:
    """The tries of a delivery, newest first."""
    question = page.asked(first, after, last, before)
    found = await attempt_page(parent.id, question.window(newest_first=True))
    shown = page.page_of(question, found, lambda row: row.id)
    return AttemptsRow([AttemptEdgeRow(page.encode(row.id), row) for row in shown.items], shown.page_info)


async def delivery_job(parent: strawberry.Parent[DeliveryRow], info: Info) -> JobRow | None:
    """The job a message is about."""
    return await info.context.loaders.jobs.load(parent.job_id) if parent.job_id is not None else None


async def create_webhook(info: Info, input: CreateWebhookInput) -> WebhookPayloadRow:
    """A new webhook, and its secret."""
    events = input.events or ALL_EVENTS

    async def act(viewer_id: int) -> Mapping[str, Any]:
        await step_up.require(info.context.asker.session_id)
        return {"webhook": await webhook.create(viewer_id, input.url, events), "rotation": 1}

    return await _with_secret(info.context, await perform(info.context, "createWebhook", input, act))


async def rotate_webhook_secret(info: Info, input: RotateWebhookSecretInput) -> WebhookPayloadRow:
    """A new secret for a webhook."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        await step_up.require(info.context.asker.session_id)
        number = number_in("webhook", input.webhook_id, "webhookId")
        return {"webhook": number, "rotation": await webhook.rotate(viewer_id, number)}

    return await _with_secret(info.context, await perform(info.context, "rotateWebhookSecret", input, act))


async def _with_secret(context: Context, outcome: Outcome) -> WebhookPayloadRow:
    """The secret is worked out anew for a call that is repeated under its key, unless there is a newer one by now."""
    if not outcome.done:
        return WebhookPayloadRow(outcome.user_errors)
    row = await webhook_of(context.viewer_id, outcome.found["webhook"])
    if row is None or row.rotation != outcome.found["rotation"]:
        return WebhookPayloadRow((), row)
    return WebhookPayloadRow((), row, secret_of(await salt_of(row.id), context.house.settings.secret_key))


async def update_webhook(info: Info, input: UpdateWebhookInput) -> WebhookPayloadRow:
    """Change a webhook."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("webhook", input.webhook_id, "webhookId")
        if isinstance(input.url, str):
            await step_up.require(info.context.asker.session_id)
        await webhook.update(
            viewer_id,
            number,
            input.url if isinstance(input.url, str) else None,
            input.events if isinstance(input.events, list) else None,
            input.is_enabled if isinstance(input.is_enabled, bool) else None,
        )
        return {"webhook": number}

    outcome = await perform(info.context, "updateWebhook", input, act)
    if not outcome.done:
        return WebhookPayloadRow(outcome.user_errors)
    return WebhookPayloadRow((), await webhook_of(info.context.viewer_id, outcome.found["webhook"]))


async def delete_webhook(info: Info, input: DeleteWebhookInput) -> WebhookDeletedRow:
    """Forget a webhook."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        await webhook.delete(viewer_id, number_in("webhook", input.webhook_id, "webhookId"))
        return {}

    outcome = await perform(info.context, "deleteWebhook", input, act)
    return WebhookDeletedRow(outcome.user_errors, input.webhook_id if outcome.done else None)


async def test_webhook(info: Info, input: TestWebhookInput) -> DeliveryPayloadRow:
    """Send a test."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("webhook", input.webhook_id, "webhookId")
        return {"delivery": await delivery_move.send_test(viewer_id, number)}

    return await _delivery(info.context, await perform(info.context, "testWebhook", input, act))


async def redeliver_webhook(info: Info, input: RedeliverWebhookInput) -> DeliveryPayloadRow:
    """Send a message again."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("delivery", input.delivery_id, "deliveryId")
        await delivery_move.redeliver(viewer_id, number)
        return {"delivery": number}

    return await _delivery(info.context, await perform(info.context, "redeliverWebhook", input, act))


async def _delivery(context: Context, outcome: Outcome) -> DeliveryPayloadRow:
    if not outcome.done:
        return DeliveryPayloadRow(outcome.user_errors)
    number = outcome.found["delivery"]
    return DeliveryPayloadRow((), (await deliveries(context.viewer_id, [number])).get(number))
