"""Webhooks: what happened becomes messages, and messages are sent until they are taken or given up."""

from __future__ import annotations

import logging
import time

from models import delivery_move
from models.checkpoint import checkpoint
from models.delivery_move import LONGEST_ANSWER_BYTES, Outcome, Parcel
from models.webhook_secret import can_sign, sign
from outside.client import Client, Refused, Unreachable
from work.courier import Courier

SECONDS_FOR_AN_ANSWER = 15.0
MOST_AT_ONCE = 20
USER_AGENT = "Fresque-Webhooks/1"
log = logging.getLogger(__name__)


async def deliver(client: Client, secret_key: str, parcel: Parcel) -> Outcome:
    """Send a message once, signed; what came of it, whatever that is."""
    now, began = int(time.time()), time.monotonic()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        "webhook-id": parcel.message_id,
        "webhook-timestamp": str(now),
        "webhook-signature": sign(parcel.salts, secret_key, parcel.message_id, now, parcel.body),
    }
    try:
        answer = await client.post(
            parcel.url, headers, parcel.body, seconds=SECONDS_FOR_AN_ANSWER, most_bytes=LONGEST_ANSWER_BYTES
        )
    except Unreachable as reason:
        spent = round((time.monotonic() - began) * 1000)
        return Outcome(spent, failure=str(reason), hopeless=isinstance(reason, Refused))
    return Outcome(
        round(answer.seconds * 1000),
        answer.status,
        answer.start,
        retry_after_seconds=answer.retry_after_seconds,
    )


def courier(client: Client, secret_key: str) -> Courier[Parcel]:
    """Who sends webhooks' messages by this client."""

    async def send(parcel: Parcel) -> None:
        outcome = await deliver(client, secret_key, parcel)
        checkpoint("webhook.sent")
        await delivery_move.note(parcel, outcome)

    return Courier("deliveries", delivery_move.claim, send, MOST_AT_ONCE)


async def run(client: Client, secret_key: str) -> None:
    """Send until cancelled; a process that cannot sign sends nothing."""
    if not can_sign(secret_key):
        log.warning("SECRET_KEY is not set here: no webhooks are sent by this process.")
        return
    await courier(client, secret_key).run()
