"""Browsers from which a person has signed in before: what a crowd of guesses at their password does not shut out.

A browser has a random name of its own in a cookie, whoever signs in with it; only its hash is kept, with each person that did.
"""

from __future__ import annotations

import hashlib
import secrets

from models.database import fetch, fetch_value

NAME_BYTES = 24
LONGEST_NAME = 64
MOST_OF_A_PERSON = 20
KEPT_DAYS = 365


def new_name() -> str:
    """A name for a browser that has none."""
    return secrets.token_urlsafe(NAME_BYTES)


def _hash(name: str) -> str:
    return hashlib.sha256(name[:LONGEST_NAME].encode(errors="surrogatepass")).hexdigest()


async def is_known(user_id: int, name: str) -> bool:
    """Whether the person signed in from this browser within a year. Nobody has the id 0."""
    return bool(
        await fetch_value(
            "SELECT count(*) FROM known_devices WHERE user_id = $1 AND name_hash = $2"
            " AND last_used_at > now() - make_interval(days => $3)",
            user_id,
            _hash(name),
            KEPT_DAYS,
        )
    )


async def remember(user_id: int, name: str) -> None:
    """Note that the person signed in from it; of more than `MOST_OF_A_PERSON` the ones unused for longest are forgotten.

    The caller holds the transaction.
    """
    await fetch(
        """INSERT INTO known_devices (user_id, name_hash) VALUES ($1, $2)
        ON CONFLICT (user_id, name_hash) DO UPDATE SET last_used_at = now()""",
        user_id,
        _hash(name),
    )
    await fetch(
        """DELETE FROM known_devices WHERE user_id = $1 AND name_hash NOT IN (
            SELECT name_hash FROM known_devices WHERE user_id = $1 ORDER BY last_used_at DESC, name_hash LIMIT $2)""",
        user_id,
        MOST_OF_A_PERSON,
    )


async def forget_all(user_id: int) -> None:
    """Forget a person's browsers. The caller holds the transaction."""
    await fetch("DELETE FROM known_devices WHERE user_id = $1", user_id)


async def forget_old() -> None:
    """Take out what was not used for a year."""
    await fetch("DELETE FROM known_devices WHERE last_used_at < now() - make_interval(days => $1)", KEPT_DAYS)
