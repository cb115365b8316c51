"""Idempotency keys: the same key gives the same outcome once, in parallel too.

The key is a row in the transaction that makes the change: a parallel call with the same key waits at the insert until the
first has committed and then reads its outcome. What is kept is the outcome (ids, refusals), not the answer: that is
rendered anew for whoever asks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from errors import BadInput, Conflict
from models.database import fetch, fetch_one

KEPT_HOURS = 24
LONGEST_KEY = 128


@dataclass(frozen=True, slots=True)
class Claim:
    """One key of one viewer for one mutation, with a hash of the input it came with."""

    viewer_id: int
    mutation: str
    key: str
    input_hash: bytes


def claim_of(viewer_id: int, mutation: str, key: str, given: Mapping[str, Any]) -> Claim:
    """The claim of a call. Raises BadInput for a key that is empty, over-long or holds control characters."""
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        raise BadInput(f"An idempotency key has 1 to {LONGEST_KEY} printable characters.", ["idempotencyKey"])
    text = orjson.dumps(given, option=orjson.OPT_SORT_KEYS, default=str)
    return Claim(viewer_id, mutation, key, hashlib.sha256(text).digest())


async def outcome_of(claim: Claim) -> dict[str, Any] | None:
    """The kept outcome of an earlier call with this key, or None. Raises Conflict when the input was another."""
    row = await fetch_one(
        "SELECT input_hash, outcome FROM idempotency_keys WHERE viewer_id = $1 AND mutation = $2 AND key = $3"
        " AND created_at > now() - make_interval(hours => $4)",
        claim.viewer_id,
        claim.mutation,
        claim.key,
        KEPT_HOURS,
    )
    if row is None:
        return None
    if bytes(row["input_hash"]) != claim.input_hash:
        raise Conflict(
            "This idempotency key was used with another input. Take a new key for a new input.", ["idempotencyKey"]
        )
    return dict(row["outcome"])


async def take(claim: Claim) -> bool:
    """Make the key this transaction's own; waits for a parallel call with the same key. False when it was taken before."""
    return bool(
        await fetch(
            "INSERT INTO idempotency_keys (viewer_id, mutation, key, input_hash) VALUES ($1, $2, $3, $4)"
            " ON CONFLICT (viewer_id, mutation, key) DO UPDATE SET input_hash = excluded.input_hash, outcome = '{}',"
            " created_at = now() WHERE idempotency_keys.created_at <= now() - make_interval(hours => $5) RETURNING 1",
            claim.viewer_id,
            claim.mutation,
            claim.key,
            claim.input_hash,
            KEPT_HOURS,
        )
    )


async def keep(claim: Claim, outcome: Mapping[str, Any]) -> None:
    """Store the outcome, in the transaction that took the key."""
    await fetch(
        "UPDATE idempotency_keys SET outcome = $4::jsonb WHERE viewer_id = $1 AND mutation = $2 AND key = $3",
        claim.viewer_id,
        claim.mutation,
        claim.key,
        dict(outcome),
    )


async def forget_old() -> int:
    """Drop the keys whose time is over. Returns how many."""
    return len(
        await fetch(
            "DELETE FROM idempotency_keys WHERE created_at <= now() - make_interval(hours => $1) RETURNING 1",
            KEPT_HOURS,
        )
    )
