"""Webhooks: programs that are told what becomes of their owner's jobs."""

from __future__ import annotations

from datetime import datetime

import strawberry

from models.delivery import AttemptRow, DeliveryRow, DeliveryState
from models.webhook import WebhookEvent, WebhookOffReason, WebhookRow
from resolvers import webhook as resolve
from schema.job import GenerationJob
from schema.node import Node, PageInfo
from schema.nullability import FALLIBLE


@strawberry.type(description="One try to hand a message over. Only the webhook's owner sees it.")
class WebhookAttempt(Node):
    at: datetime = strawberry.field(description="When it was over.")
    status: int | None = strawberry.field(
        description="The HTTP status that came back; 200 to 299 is taken. Null when no answer came."
    )
    milliseconds: int = strawberry.field(description="How long it took.")
    answer: str = strawberry.field(description="How the body of the answer began, at most 2,048 bytes of it.")
    failure: str | None = strawberry.field(
        description="A sentence on why no answer came; null when one did, whatever it was."
    )

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, AttemptRow)


@strawberry.type(description="A try in a delivery's log.")
class WebhookAttemptEdge:
    cursor: str = strawberry.field(description="Its place, for paging.")
    node: WebhookAttempt = strawberry.field(description="The try.")


@strawberry.type(description="The tries of a delivery, newest first.")
class WebhookAttemptConnection:
    edges: list[WebhookAttemptEdge] = strawberry.field(description="The tries of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")


@strawberry.type(
    description="One message to one webhook. Its `id` is the `webhook-id` header of every try: who has seen it may pass over"
    " what comes again. Kept for 30 days; only the webhook's owner sees it."
)
class WebhookDelivery(Node):
    event: WebhookEvent = strawberry.field(description="What it tells.")
    state: DeliveryState = strawberry.field(description="Whether it was taken.")
    job = strawberry.field(
        resolver=resolve.delivery_job,
        graphql_type=GenerationJob | None,
        description="The job it tells of; null when it tells of none.",
    )
    sequence: int = strawberry.field(
        description="Which message about this job it is, 1 for the first: retries may bring them out of order."
    )
    body: str = strawberry.field(description="What is sent, as it is signed: JSON.")
    tries: int = strawberry.field(description="How often it was tried since it was last asked for.")
    next_try_at: datetime | None = strawberry.field(
        description="When it is tried next; null when it was taken or given up."
    )
    created_at: datetime = strawberry.field(description="When it was made.")
    attempts = strawberry.field(
        resolver=resolve.attempts,
        graphql_type=WebhookAttemptConnection | None,
        directives=FALLIBLE,
        description="Every try and what came back, newest first.",
    )

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, DeliveryRow)


@strawberry.type(description="A delivery in a webhook's log.")
class WebhookDeliveryEdge:
    cursor: str = strawberry.field(description="Its place, for paging.")
    node: WebhookDelivery = strawberry.field(description="The delivery.")


@strawberry.type(description="What a webhook was told, newest first.")
class WebhookDeliveryConnection:
    edges: list[WebhookDeliveryEdge] = strawberry.field(description="The deliveries of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")


@strawberry.type(
    description="An address that is told what becomes of its owner's jobs, signed after Standard Webhooks. Each message comes"
    " at least once. Only its owner sees it."
)
class Webhook(Node):
    url: str = strawberry.field(description="Where messages are sent.")
    events: list[WebhookEvent] = strawberry.field(description="What it is told.")
    is_enabled: bool = strawberry.field(
        description="Whether anything is sent. It is turned off when it has taken nothing for three days, and when it answers 410."
    )
    disabled_reason: str | None = strawberry.field(
        description="A sentence on why it is turned off; null while it is on."
    )
    disabled_code: WebhookOffReason | None = strawberry.field(
        description="Why it is turned off, for programs; null while it is on."
    )
    failing_since: datetime | None = strawberry.field(
        description="Since when every try has failed; null when the last one did not."
    )
    created_at: datetime = strawberry.field(description="When it was made.")
    deliveries = strawberry.field(
        resolver=resolve.webhook_deliveries,
        graphql_type=WebhookDeliveryConnection | None,
        directives=FALLIBLE,
        description="What it was told, newest first.",
    )

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, WebhookRow)
