"""Deliveries: what a webhook is told, and every try to tell it. `delivery_move.py` moves them, `delivery_news.py` makes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from asyncpg import Record

from models import node_id
from models.database import fetch, fetch_one
from models.timeline import Window
from models.webhook import WebhookEvent

KEPT_DAYS = 30


class DeliveryState(Enum):
    """Where a delivery is: to be sent (again), taken by the receiver, or given up."""

    PENDING = "PENDING"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One message to one webhook. Its global id is the `webhook-id` of every try; `tries` counts since it was last asked for."""

    id: int
    webhook_id: int
    event: WebhookEvent
    state: DeliveryState
    tries: int
    next_try_at: datetime | None
    job_id: int | None
    sequence: int
    body: str
    created_at: datetime

    @property
    def gid(self) -> str:
        """The global id."""
        return message_id(self.id)


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One try: the status that came back, or a sentence on why none did; `answer` is how the body began."""

    id: int
    at: datetime
    status: int | None
    milliseconds: int
    answer: str
    failure: str | None

    @property
    def gid(self) -> str:
        """The global id."""
        return node_id.encode("attempt", self.id)


def message_id(delivery_id: int) -> str:
    """The `webhook-id` of a message: the same in every try."""
    return node_id.encode("delivery", delivery_id)


def _row(row: Record) -> DeliveryRow:
    return DeliveryRow(
        row["id"],
        row["webhook_id"],
        WebhookEvent(row["event"]),
        DeliveryState(row["state"]),
        row["tries"],
        row["next_try_at"],
        row["job_id"],
        row["sequence"],
        row["body"],
        row["created_at"],
    )


async def deliveries(owner_id: int, ids: Sequence[int]) -> dict[int, DeliveryRow]:
    """Those of the deliveries that went to this person's webhooks, by id."""
    rows = await fetch(
        "SELECT d.* FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id"
        " WHERE d.id = ANY($1::bigint[]) AND w.owner_id = $2",
        list(ids),
        owner_id,
    )
    return {row["id"]: _row(row) for row in rows}


async def delivery_page(webhook_id: int, window: Window) -> Sequence[DeliveryRow]:
    """What a webhook was told, in a window, newest first."""
    rows = await fetch(
        f"""SELECT * FROM webhook_deliveries WHERE webhook_id = $1 AND id < $2 AND id > $3
        ORDER BY id {window.direction} LIMIT $4""",
        webhook_id,
        window.older_than,
        window.newer_than,
        window.limit,
    )
    return sorted(map(_row, rows), key=lambda row: row.id, reverse=True)


async def attempt_page(delivery_id: int, window: Window) -> Sequence[AttemptRow]:
    """The tries of a delivery, in a window, newest first."""
    rows = await fetch(
        f"""SELECT * FROM webhook_attempts WHERE delivery_id = $1 AND id < $2 AND id > $3
        ORDER BY id {window.direction} LIMIT $4""",
        delivery_id,
        window.older_than,
        window.newer_than,
        window.limit,
    )
    return sorted(map(_attempt, rows), key=lambda row: row.id, reverse=True)


async def attempt_of(owner_id: int, attempt_id: int) -> AttemptRow | None:
    """A try to hand something to one of this person's webhooks."""
    row = await fetch_one(
        """SELECT a.* FROM webhook_attempts a JOIN webhook_deliveries d ON d.id = a.delivery_id
        JOIN webhooks w ON w.id = d.webhook_id WHERE a.id = $1 AND w.owner_id = $2""",
        attempt_id,
        owner_id,
    )
    return None if row is None else _attempt(row)


def _attempt(row: Record) -> AttemptRow:
    return AttemptRow(row["id"], row["at"], row["status"], row["milliseconds"], row["answer"], row["failure"])


async def forget_old() -> int:
    """Drop deliveries that came to their end longer ago than they are kept. Returns how many."""
    return len(
        await fetch(
            """DELETE FROM webhook_deliveries WHERE id IN (SELECT id FROM webhook_deliveries WHERE state <> 'PENDING'
                AND created_at < now() - make_interval(days => $1) LIMIT 10000) RETURNING 1""",
            KEPT_DAYS,
        )
    )
