"""What an app has of a person it acts for: one line of tokens from each consent, that ends as a whole.

An access token lasts minutes. A refresh token is used once and gives the next; one that comes back later than an answer may get lost
shows that two have it, and ends the line (RFC 9700 §4.14.2). Only hashes are kept: the same successor is worked out again from the
token that asks and the key of the house.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from asyncpg import Record

from models.database import fetch, fetch_one, fetch_value
from models.event import Kind, record
from models.token_text import TokenKind, hash_of, new_token, successor

ACCESS_SECONDS = 900
IDLE_DAYS = 60  # without its refresh token being used, a line ends
LOST_ANSWER_SECONDS = 10  # in which the same refresh token gives the same successor once more
MOST_OF_A_GRANT = 20  # lines of one person and app; the oldest ends for a new one


@dataclass(frozen=True, slots=True)
class Tokens:
    """What an app is given."""

    access: str
    refresh: str
    scopes: tuple[str, ...]
    seconds: int = ACCESS_SECONDS


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who shows an access token of an app: for whom it acts, what its sockets are found by, its end and what it may do."""

    user_id: int
    session_id: int
    expires_at: datetime
    scopes: frozenset[str]
    suspended: bool


async def begin(grant_id: int, user_id: int, app_id: int, scopes: Sequence[str]) -> tuple[int, Tokens]:
    """A new line of tokens. The caller holds the transaction."""
    old = await fetch(
        "SELECT id FROM app_sessions WHERE grant_id = $1 ORDER BY id DESC OFFSET $2", grant_id, MOST_OF_A_GRANT - 1
    )
    for row in old:
        await end(row["id"])
    number = await fetch_value(
        "INSERT INTO app_sessions (grant_id, user_id, app_id, scopes, expires_at)"
        " VALUES ($1, $2, $3, $4, now() + make_interval(days => $5)) RETURNING id",
        grant_id,
        user_id,
        app_id,
        list(scopes),
        IDLE_DAYS,
    )
    refresh = new_token(TokenKind.REFRESH)
    await fetch("INSERT INTO app_refreshes (token_hash, session_id) VALUES ($1, $2)", hash_of(refresh), number)
    return int(number), Tokens(await _access(number, scopes), refresh, tuple(scopes))


async def renew(app_id: int, refresh: str, secret_key: str, scopes: Sequence[str] | None = None) -> Tokens | None:
    """The next tokens of a line, for fewer `scopes` where some are named; None when the token is none of this app's, and when it was
    used before: then the line has ended. The caller holds the transaction, and keeps it.
    """
    row = await fetch_one(
        "SELECT s.id, s.scopes, r.used_at, r.used_at > now() - make_interval(secs => $3) AS just,"
        " s.expires_at > now() AND u.deactivated_at IS NULL AS good"
        " FROM app_refreshes r JOIN app_sessions s ON s.id = r.session_id JOIN users u ON u.id = s.user_id"
        " WHERE r.token_hash = $1 AND s.app_id = $2 FOR UPDATE OF s, r",
        hash_of(refresh),
        app_id,
        float(LOST_ANSWER_SECONDS),
    )
    if row is None or not row["good"]:
        return None
    following = successor(refresh, TokenKind.REFRESH, secret_key)
    if row["used_at"] is not None:
        unused = await fetch(
            "SELECT 1 FROM app_refreshes WHERE token_hash = $1 AND used_at IS NULL", hash_of(following)
        )
        if not row["just"] or not unused:
            await end(row["id"])
            return None
    wanted = list(row["scopes"]) if scopes is None else list(scopes)
    if not set(wanted) <= set(row["scopes"]):
        return None
    if row["used_at"] is None:
        await fetch("UPDATE app_refreshes SET used_at = now() WHERE token_hash = $1", hash_of(refresh))
        await fetch("INSERT INTO app_refreshes (token_hash, session_id) VALUES ($1, $2)", hash_of(following), row["id"])
        await fetch(
            "UPDATE app_sessions SET expires_at = now() + make_interval(days => $2) WHERE id = $1", row["id"], IDLE_DAYS
        )
    return Tokens(await _access(row["id"], wanted), following, tuple(wanted))


async def identify(token: str) -> Bearer | None:
    """For whom an app shows this access token, or None when it is nobody's, expired or revoked. Notes the day of its use."""
    row = await fetch_one(
        "SELECT s.id, s.user_id, s.grant_id, t.scopes, t.expires_at, u.suspended_at IS NOT NULL AS suspended,"
        " g.last_used_on IS DISTINCT FROM date_trunc('day', now(), 'UTC') AS stale"
        " FROM app_tokens t JOIN app_sessions s ON s.id = t.session_id JOIN app_grants g ON g.id = s.grant_id"
        " JOIN users u ON u.id = s.user_id JOIN apps a ON a.id = s.app_id LEFT JOIN users o ON o.id = a.owner_id"
        " WHERE t.token_hash = $1 AND t.expires_at > now() AND u.deactivated_at IS NULL AND NOT coalesce(o.gone, false)",
        hash_of(token),
    )
    if row is None:
        return None
    if row["stale"]:
        await fetch(
            "UPDATE app_grants SET last_used_on = date_trunc('day', now(), 'UTC') WHERE id = $1", row["grant_id"]
        )
    return Bearer(row["user_id"], row["id"], row["expires_at"], frozenset(row["scopes"]), row["suspended"])


async def revoke(app_id: int, token: str) -> None:
    """End the line that this token, access or refresh, is of, if it is this app's (RFC 7009). The caller holds the transaction."""
    rows = await fetch(
        "SELECT s.id FROM app_sessions s WHERE s.app_id = $2 AND (s.id IN (SELECT session_id FROM app_tokens WHERE token_hash = $1)"
        " OR s.id IN (SELECT session_id FROM app_refreshes WHERE token_hash = $1))",
        hash_of(token),
        app_id,
    )
    for row in rows:
        await end(row["id"])


async def end(session_id: int) -> None:
    """End one line; its sockets close at once. The caller holds the transaction."""
    await _closed(await fetch("DELETE FROM app_sessions WHERE id = $1 RETURNING id, user_id", session_id))


async def end_of_grant(grant_id: int) -> None:
    """End what an app has of one person. The caller holds the transaction."""
    await _closed(await fetch("DELETE FROM app_sessions WHERE grant_id = $1 RETURNING id, user_id", grant_id))


async def end_of_app(app_id: int) -> None:
    """End what an app has of anybody. The caller holds the transaction."""
    await _closed(await fetch("DELETE FROM app_sessions WHERE app_id = $1 RETURNING id, user_id", app_id))


async def end_of_user(user_id: int) -> None:
    """End what any app has of a person. The caller holds the transaction."""
    await _closed(await fetch("DELETE FROM app_sessions WHERE user_id = $1 RETURNING id, user_id", user_id))


async def shut_out(user_id: int) -> None:
    """Close the sockets that apps have open for a person, whose tokens stay. The caller holds the transaction."""
    await _closed(await fetch("SELECT id, user_id FROM app_sessions WHERE user_id = $1", user_id))


async def forget_expired() -> None:
    """Take out lines, tokens and codes whose time is over."""
    await fetch("DELETE FROM app_sessions WHERE expires_at < now()")
    await fetch("DELETE FROM app_tokens WHERE expires_at < now()")
    await fetch(
        "DELETE FROM app_codes WHERE expires_at < now() - interval '1 day'"
    )  # till then a second use is noticed


async def _access(session_id: int, scopes: Sequence[str]) -> str:
    access = new_token(TokenKind.ACCESS)
    await fetch(
        "INSERT INTO app_tokens (token_hash, session_id, scopes, expires_at)"
        " SELECT $1, id, $3, least(expires_at, now() + make_interval(secs => $4)) FROM app_sessions WHERE id = $2",
        hash_of(access),
        session_id,
        list(scopes),
        float(ACCESS_SECONDS),
    )
    return access


async def _closed(rows: Sequence[Record]) -> None:
    for row in rows:
        user_id = row["user_id"]
        await record(Kind.SESSION_REVOKED, ["sessions"], actor_id=user_id, user_id=user_id, subject_id=row["id"])
