"""How a delivery moves: claimed by a sender, noted with what came of it, tried again later, asked for by its owner.

PENDING → DELIVERED, or FAILED after `MOST_TRIES`. A sender holds a lease while it sends, outside of any transaction: when it
dies there, the lease ends and another sends the same message again. So a message comes at least once, always with the same id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

import orjson

from errors import Conflict, NotFound, RateLimited
from models import node_id
from models.database import fetch, fetch_one, fetch_value
from models.delivery import DeliveryState, message_id
from models.pause import pause_after
from models.transaction import transaction
from models.webhook import TOLD_WHEN_ASKED, WebhookOffReason, disable, hold

PAUSES_SECONDS = (5, 15, 45, 120, 300, 600, 1_200, 1_800, 2_700)
"""How long is waited after each try but the last: ten tries in about two hours."""
MOST_TRIES = len(PAUSES_SECONDS) + 1
LEASE_SECONDS = 60.0
MOST_AT_ONCE_FOR_ONE = 2  # messages on their way to one webhook
MOST_AT_ONCE_FOR_OWNER = 4  # and to all of one person's: who has ten slow ones does not keep a sender to themselves
LOOKED_AT_ONCE = 2_000
DISABLED_AFTER_DAYS = 3
MOST_ASKED_A_MINUTE = 10
GONE = 410
LONGEST_ANSWER_BYTES = 2_048


@dataclass(frozen=True, slots=True)
class Parcel:
    """A delivery in a sender's hands: where it goes, what is sent, and the salts of the secrets to sign it with."""

    id: int
    token: UUID
    url: str
    body: bytes
    salts: tuple[bytes, ...]

    @property
    def message_id(self) -> str:
        """The `webhook-id`."""
        return message_id(self.id)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a try: a status and how the answer began, or a sentence on why there is none."""

    milliseconds: int
    status: int | None = None
    answer: bytes = b""
    failure: str | None = None
    retry_after_seconds: float | None = None
    hopeless: bool = False  # the address is none that is ever asked

    @property
    def is_taken(self) -> bool:
        """Whether the receiver has it."""
        return self.status is not None and 200 <= self.status < 300


def message(event: str, moment: str, data: Mapping[str, object]) -> str:
    """The body of a message; `moment` is RFC 3339."""
    return orjson.dumps({"type": event, "timestamp": moment, "data": dict(data)}).decode()


async def moment() -> str:
    """The transaction's time, as messages tell it."""
    return str(await fetch_value("""SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')"""))


async def claim(most: int) -> Sequence[Parcel]:
    """Up to so many deliveries that are due, each under a lease of its own.

    At most `MOST_AT_ONCE_FOR_ONE` are on their way to one webhook and `MOST_AT_ONCE_FOR_OWNER` to one person's; what tells of a job later waits until what tells of it
    earlier was tried.
    """
    rows = await fetch(
        f"""WITH busy AS (
            SELECT w.owner_id, l.webhook_id, count(*) AS sending, sum(count(*)) OVER (PARTITION BY w.owner_id) AS of_owner
            FROM webhook_deliveries l JOIN webhooks w ON w.id = l.webhook_id
            WHERE l.state = 'PENDING' AND l.lease_until > now() GROUP BY w.owner_id, l.webhook_id
        ), ready AS (
            SELECT d.id, d.next_try_at, d.owner_id, coalesce(b.sending, 0) + row_number() OVER (
                PARTITION BY d.webhook_id ORDER BY d.next_try_at, d.sequence, d.id) AS place
            FROM (SELECT p.*, w.owner_id FROM webhook_deliveries p JOIN webhooks w ON w.id = p.webhook_id AND w.enabled
                    AND NOT EXISTS (SELECT 1 FROM users u WHERE u.id = w.owner_id AND u.gone)
                WHERE p.state = 'PENDING' AND p.next_try_at <= now() AND (p.lease_until IS NULL OR p.lease_until <= now())
                AND w.owner_id NOT IN (SELECT owner_id FROM busy WHERE of_owner >= {MOST_AT_ONCE_FOR_OWNER})
                AND w.id NOT IN (SELECT webhook_id FROM busy WHERE sending >= {MOST_AT_ONCE_FOR_ONE})
                ORDER BY p.next_try_at LIMIT {LOOKED_AT_ONCE}) AS d
            LEFT JOIN busy b ON b.webhook_id = d.webhook_id
            WHERE NOT EXISTS (SELECT 1 FROM webhook_deliveries e WHERE e.webhook_id = d.webhook_id AND e.job_id = d.job_id
                AND e.sequence < d.sequence AND e.state = 'PENDING' AND (e.tries = 0 OR e.lease_until > now()))
        ), due AS (
            SELECT r.id, r.next_try_at, r.place, coalesce((SELECT max(of_owner) FROM busy b WHERE b.owner_id = r.owner_id), 0)
                + row_number() OVER (PARTITION BY r.owner_id ORDER BY r.next_try_at, r.id) AS place_of_owner
            FROM ready r WHERE r.place <= {MOST_AT_ONCE_FOR_ONE}
        ), picked AS (
            SELECT d.id FROM webhook_deliveries d JOIN due ON due.id = d.id
            WHERE due.place_of_owner <= {MOST_AT_ONCE_FOR_OWNER} AND d.state = 'PENDING'
                AND (d.lease_until IS NULL OR d.lease_until <= now())
            ORDER BY due.next_try_at LIMIT $1 FOR UPDATE OF d SKIP LOCKED
        ) UPDATE webhook_deliveries d SET tries = d.tries + 1, lease_token = $2,
            lease_until = now() + make_interval(secs => $3)
        FROM picked, webhooks w WHERE d.id = picked.id AND w.id = d.webhook_id
        RETURNING d.id, d.lease_token, w.url, d.body, w.salt, CASE WHEN w.old_until > now() THEN w.old_salt END AS old_salt""",
        most,
        uuid4(),
        LEASE_SECONDS,
    )
    return [
        Parcel(
            row["id"],
            row["lease_token"],
            row["url"],
            row["body"].encode(),
            tuple(bytes(salt) for salt in (row["salt"], row["old_salt"]) if salt is not None),
        )
        for row in rows
    ]


async def note(parcel: Parcel, outcome: Outcome) -> DeliveryState | None:
    """Write down a try and what follows from it; gives the state then, None when the delivery is gone or another's by now.

    What is not taken is tried again after a pause (or as long as the receiver asked for), and given up after `MOST_TRIES`. A
    webhook that answers 410, or has taken nothing for `DISABLED_AFTER_DAYS` when a message is given up, is turned off.
    """
    async with transaction():
        # The webhook before its deliveries, as whoever turns it off does: two tries that end together would wait for each other.
        await fetch(
            "SELECT 1 FROM webhooks WHERE id = (SELECT webhook_id FROM webhook_deliveries WHERE id = $1) FOR NO KEY UPDATE",
            parcel.id,
        )
        row = await fetch_one("SELECT * FROM webhook_deliveries WHERE id = $1 FOR UPDATE", parcel.id)
        if row is None:
            return None
        await fetch(
            "INSERT INTO webhook_attempts (delivery_id, status, milliseconds, answer, failure) VALUES ($1, $2, $3, $4, $5)",
            parcel.id,
            outcome.status,
            outcome.milliseconds,
            outcome.answer[:LONGEST_ANSWER_BYTES].decode(errors="replace").replace("\0", "\ufffd"),
            outcome.failure,
        )
        if row["lease_token"] != parcel.token:
            return None
        state = _state_after(row["tries"], row["state"], outcome)
        waits = state is DeliveryState.PENDING
        pause = pause_after(row["tries"], PAUSES_SECONDS, outcome.retry_after_seconds) if waits else None
        await fetch(
            """UPDATE webhook_deliveries SET state = $2, lease_token = NULL, lease_until = NULL,
                next_try_at = now() + make_interval(secs => $3) WHERE id = $1""",
            parcel.id,
            state.value,
            pause,
        )
        await _judge(row["webhook_id"], state, outcome)
        return state


def _state_after(tries: int, before: str, outcome: Outcome) -> DeliveryState:
    if outcome.is_taken:
        return DeliveryState.DELIVERED
    over = tries >= MOST_TRIES or outcome.hopeless or outcome.status == GONE
    return DeliveryState.FAILED if over or before != DeliveryState.PENDING.value else DeliveryState.PENDING


async def _judge(webhook_id: int, state: DeliveryState, outcome: Outcome) -> None:
    """What a try says of the webhook as a whole."""
    if outcome.is_taken:
        await fetch("UPDATE webhooks SET failing_since = NULL WHERE id = $1 AND failing_since IS NOT NULL", webhook_id)
        return
    row = await fetch_one(
        """UPDATE webhooks SET failing_since = coalesce(failing_since, now()) WHERE id = $1
        RETURNING failing_since < now() - make_interval(days => $2) AS long""",
        webhook_id,
        DISABLED_AFTER_DAYS,
    )
    if outcome.status == GONE:
        await disable(webhook_id, WebhookOffReason.GONE, "The address answered 410: it is gone and wants nothing more.")
    elif row is not None and row["long"] and state is DeliveryState.FAILED:
        last = f"status {outcome.status}" if outcome.status is not None else outcome.failure or "no answer"
        reason = f"It took nothing for {DISABLED_AFTER_DAYS} days. The last try: {last}"
        await disable(webhook_id, WebhookOffReason.SILENT, reason)


async def send_test(owner_id: int, webhook_id: int) -> int:
    """A message that says nothing but that it is a test; gives its id. The caller holds the transaction.

    Raises NotFound, Conflict (it is turned off), RateLimited.
    """
    row = await hold(owner_id, webhook_id)
    await _asked_for(webhook_id, row["enabled"])
    body = message(TOLD_WHEN_ASKED.value, await moment(), {"webhookId": node_id.encode("webhook", webhook_id)})
    return int(
        await fetch_value(
            """INSERT INTO webhook_deliveries (webhook_id, event, key, sequence, body, asked_at)
            VALUES ($1, $2, $3, 1, $4, now()) RETURNING id""",
            webhook_id,
            TOLD_WHEN_ASKED.value,
            f"test:{uuid4()}",
            body,
        )
    )


async def redeliver(owner_id: int, delivery_id: int) -> None:
    """Send a message again, as it was and with its id, beginning a new round of tries. The caller holds the transaction.

    One that is still to be sent is sent at once; one that is on its way is left to arrive. Raises NotFound, Conflict (its webhook is turned off), RateLimited.
    """
    found = await fetch_one(
        "SELECT d.webhook_id FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id"
        " WHERE d.id = $1 AND w.owner_id = $2",
        delivery_id,
        owner_id,
    )
    if found is None:
        raise NotFound("There is no such delivery.", ["deliveryId"])
    row = await hold(owner_id, found["webhook_id"])
    await _asked_for(row["id"], row["enabled"])
    await fetch(
        "UPDATE webhook_deliveries SET state = 'PENDING', tries = 0, next_try_at = now(), asked_at = now() WHERE id = $1",
        delivery_id,
    )


async def _asked_for(webhook_id: int, enabled: bool) -> None:
    """Whether one more may be asked for by hand. The webhook's row is held."""
    if not enabled:
        raise Conflict("This webhook is turned off. Turn it on first.")
    asked = await fetch_value(  # one that is asked for again and again counts as often as it was sent
        """SELECT coalesce(sum(greatest(1, (SELECT count(*) FROM webhook_attempts a WHERE a.delivery_id = d.id
            AND a.at > now() - interval '1 minute'))), 0)::int
        FROM webhook_deliveries d WHERE d.webhook_id = $1 AND d.asked_at > now() - interval '1 minute'""",
        webhook_id,
    )
    if asked >= MOST_ASKED_A_MINUTE:
        raise RateLimited(
            f"At most {MOST_ASKED_A_MINUTE} tests and redeliveries a minute for one webhook. Wait a little.",
            retry_after=60,
        )
