"""Authenticator apps: one secret of a person's, sealed; another that waits for its first code while it is being set up.

A code counts once: whoever comes second with it, or with one before it, is refused. Time is the database's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.database import fetch, fetch_one, fetch_value
from safety import otp
from safety.seal import Unsealable, opened, sealed

PURPOSE = "totp"
WAITING_MINUTES = 60
_STEP = f"floor(extract(epoch FROM now()) / {otp.STEP_SECONDS})::bigint"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A secret that waits for its first code."""

    secret: bytes
    kept: bytes


async def enabled_at(user_id: int) -> datetime | None:
    """Since when the person's app counts; None when they have none."""
    found: datetime | None = await fetch_value("SELECT confirmed_at FROM totp_factors WHERE user_id = $1", user_id)
    return found


async def begin(user_id: int, secret_key: str) -> None:
    """Make a secret for a new app. The one they have counts until this one is confirmed. The caller holds the transaction."""
    await fetch(
        """INSERT INTO totp_factors (user_id, next_sealed, next_at) VALUES ($1, $2, now())
        ON CONFLICT (user_id) DO UPDATE SET next_sealed = excluded.next_sealed, next_at = excluded.next_at""",
        user_id,
        sealed(otp.new_secret(), user_id, PURPOSE, secret_key),
    )


async def waiting(user_id: int, secret_key: str) -> Waiting | None:
    """The secret that waits for its first code; None when there is none, or its time is over."""
    kept = await fetch_value(
        "SELECT next_sealed FROM totp_factors WHERE user_id = $1 AND next_at > now() - make_interval(mins => $2)",
        user_id,
        WAITING_MINUTES,
    )
    try:
        return None if kept is None else Waiting(opened(bytes(kept), user_id, PURPOSE, secret_key), bytes(kept))
    except Unsealable:
        return None


async def confirm(user_id: int, given: Waiting, code: str) -> bool:
    """Let the secret that waits count, if this is its code, which is used up by it. The caller holds the transaction."""
    step = otp.step_of(given.secret, code, await fetch_value(f"SELECT {_STEP}"))
    if step is None:
        return False
    rows = await fetch(
        """UPDATE totp_factors SET sealed = next_sealed, confirmed_at = now(), last_step = $3, next_sealed = NULL, next_at = NULL
        WHERE user_id = $1 AND next_sealed = $2 RETURNING user_id""",
        user_id,
        given.kept,
        step,
    )
    return bool(rows)


async def redeem(user_id: int, code: str, secret_key: str) -> bool:
    """Whether this is a code of the person's app that was not used before; it is from here on. The caller holds the transaction."""
    row = await fetch_one(
        f"SELECT sealed, last_step, {_STEP} AS step FROM totp_factors WHERE user_id = $1 AND sealed IS NOT NULL",
        user_id,
    )
    if row is None:
        return False
    try:
        secret = opened(bytes(row["sealed"]), user_id, PURPOSE, secret_key)
    except Unsealable:
        return False
    step = otp.step_of(secret, code, row["step"])
    if step is None:
        return False
    rows = await fetch(
        "UPDATE totp_factors SET last_step = $2 WHERE user_id = $1 AND sealed = $3 AND last_step < $2 RETURNING user_id",
        user_id,
        step,
        row["sealed"],
    )
    return bool(rows)


async def remove(user_id: int) -> bool:
    """Forget the person's app; True if they had one that counted. The caller holds the transaction."""
    rows = await fetch("DELETE FROM totp_factors WHERE user_id = $1 RETURNING sealed IS NOT NULL AS counted", user_id)
    return bool(rows) and bool(rows[0]["counted"])
