"""Logins that wait for a second factor: the password was right, and nobody is signed in yet.

Whoever has the token may try a few times and for a few minutes. It is no session: nothing can be read or done with it.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from models.database import fetch, fetch_one

TOKEN_BYTES = 32
PREFIX = "frl_"
GOOD_MINUTES = 10
MOST_TRIES = 5
MOST_OF_PERSON = 20


@dataclass(frozen=True, slots=True)
class PendingLogin:
    """Whose login it is, and what it is to become."""

    id: int
    user_id: int
    bearer: bool


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()


async def open_login(user_id: int, *, bearer: bool) -> tuple[str, datetime]:
    """A new one's token, which is told once and kept nowhere, and when it is over; of many the oldest give way.

    The caller holds the transaction.
    """
    token = PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
    rows = await fetch(
        """INSERT INTO pending_logins (user_id, token_hash, bearer, expires_at)
        VALUES ($1, $2, $3, now() + make_interval(mins => $4)) RETURNING expires_at""",
        user_id,
        _hash(token),
        bearer,
        GOOD_MINUTES,
    )
    await fetch(
        """DELETE FROM pending_logins WHERE user_id = $1
        AND id NOT IN (SELECT id FROM pending_logins WHERE user_id = $1 ORDER BY expires_at DESC, id DESC LIMIT $2)""",
        user_id,
        MOST_OF_PERSON,
    )
    return token, rows[0]["expires_at"]


async def look(token: str) -> PendingLogin | None:
    """The login of this token, if it may still be tried."""
    row = await fetch_one(
        "SELECT id, user_id, bearer FROM pending_logins WHERE token_hash = $1 AND expires_at > now() AND tries < $2",
        _hash(token),
        MOST_TRIES,
    )
    return None if row is None else PendingLogin(row["id"], row["user_id"], row["bearer"])


async def count_try(pending: PendingLogin) -> bool:
    """Count one try at it, before it is looked at; False when there were too many."""
    rows = await fetch(
        "UPDATE pending_logins SET tries = tries + 1 WHERE id = $1 AND expires_at > now() AND tries < $2 RETURNING id",
        pending.id,
        MOST_TRIES,
    )
    return bool(rows)


async def close(pending: PendingLogin) -> bool:
    """End it, because it is completed; False when it was completed or ended meanwhile. The caller holds the transaction."""
    return bool(await fetch("DELETE FROM pending_logins WHERE id = $1 RETURNING id", pending.id))


async def end_all(user_id: int) -> None:
    """End all of a person's: what they began with counts no more. The caller holds the transaction."""
    await fetch("DELETE FROM pending_logins WHERE user_id = $1", user_id)


async def forget_over() -> None:
    """Take out those whose time is over."""
    await fetch("DELETE FROM pending_logins WHERE expires_at < now()")
