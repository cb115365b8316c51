"""Webhooks: what happened becomes messages, and messages are sent until they are taken or given up."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress

from models import delivery_move
from models.checkpoint import checkpoint
from models.delivery_move import LONGEST_ANSWER_BYTES, Outcome, Parcel
from models.webhook_secret import can_sign, sign
from outside.client import Client, Refused, Unreachable
from work.clock import FAULTS

SECONDS_FOR_AN_ANSWER = 15.0
MOST_AT_ONCE = 20
LOOK_SECONDS = 1.0
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
    wait = answer.retry_after
    return Outcome(
        round(answer.seconds * 1000),
        answer.status,
        answer.start,
        retry_after_seconds=float(wait) if wait is not None and wait.isascii() and wait.isdigit() else None,
    )


class Courier:
    """Sends what is due, up to `MOST_AT_ONCE` messages at a time; who dawdles holds up nobody else."""

    def __init__(self, client: Client, secret_key: str) -> None:
        self._client = client
        self._secret_key = secret_key
        self._sending: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Send until cancelled. What is on its way then is sent again by whoever comes after."""
        if not can_sign(self._secret_key):
            log.warning("SECRET_KEY is not set here: no webhooks are sent by this process.")
            return
        try:
            while True:
                if not await self.turn():
                    await asyncio.sleep(LOOK_SECONDS)
        finally:
            for task in self._sending:
                task.cancel()
            await asyncio.gather(*self._sending, return_exceptions=True)

    async def turn(self) -> bool:
        """Take what is due, and wait for a place when all are taken; whether anything was taken."""
        if len(self._sending) >= MOST_AT_ONCE:
            await asyncio.wait(self._sending, return_when=asyncio.FIRST_COMPLETED)
        try:
            parcels = await delivery_move.claim(MOST_AT_ONCE - len(self._sending))
        except FAULTS as fault:
            log.warning("taking deliveries did not work and is tried again: %s", fault)
            return False
        for parcel in parcels:
            task = asyncio.create_task(self._send(parcel))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)
        return bool(parcels)

    async def idle(self) -> None:
        """Wait until nothing is on its way."""
        while self._sending:
            await asyncio.wait(self._sending)

    async def _send(self, parcel: Parcel) -> None:
        outcome = await deliver(self._client, self._secret_key, parcel)
        checkpoint("webhook.sent")
        with suppress(*FAULTS):  # the lease ends, and the message is sent again
            await delivery_move.note(parcel, outcome)
