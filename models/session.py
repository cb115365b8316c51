"""Sessions: a secret that a browser (cookie) or a program (bearer token) shows; only its hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from models import access_token, app_session, pending_login
from models.database import fetch, fetch_one
from models.event import Kind, record

TOKEN_BYTES = 32
LONGEST_DEVICE = 200
SEEN_EVERY_SECONDS = 300


class Session(Model):
    """One signed-in device or program. `bearer` tells a program's token from a browser's cookie."""

    id = fields.BigIntField(primary_key=True, generated=True)
    user_id = fields.BigIntField(db_index=True)
    token_hash = fields.CharField(max_length=64, unique=True)
    bearer = fields.BooleanField()
    device = fields.TextField(default="")
    network = fields.TextField(default="")
    created_at = fields.DatetimeField(auto_now_add=True)
    last_used_at = fields.DatetimeField(auto_now_add=True)
    expires_at = fields.DatetimeField()
    proven_at = fields.DatetimeField(null=True)

    class Meta:
        table = "sessions"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is asking, as proven by a session's secret."""

    user_id: int
    session_id: int
    bearer: bool
    expires_at: datetime
    suspended: bool = False


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


async def start_session(user_id: int, bearer: bool, device: str, days: int, network: str = "") -> tuple[int, str]:
    """A new session's id and its secret, which is told once and kept nowhere. Whoever begins one has just proven who they are."""
    token = "frq_" + secrets.token_urlsafe(TOKEN_BYTES)
    row = await fetch_one(
        "INSERT INTO sessions (user_id, token_hash, bearer, device, created_at, last_used_at, proven_at, expires_at, network)"
        " VALUES ($1, $2, $3, $4, now(), now(), now(), now() + make_interval(days => $5), $6) RETURNING id",
        user_id,
        _hash(token),
        bearer,
        device[:LONGEST_DEVICE],
        days,
        network,
    )
    if row is None:
        raise RuntimeError("A session was not stored.")
    return row["id"], token


async def identify(token: str, *, bearer: bool, network: str = "") -> Identity | None:
    """Whose secret this is, or None when it is nobody's, expired, revoked, or of the other kind (a program's token is no
    cookie, and the reverse). Notes the use, and from where, every few minutes."""
    row = await fetch_one(
        "SELECT s.id, s.user_id, s.bearer, s.expires_at, s.last_used_at < now() - make_interval(secs => $2) AS stale,"
        " u.suspended_at IS NOT NULL AS suspended FROM sessions s JOIN users u ON u.id = s.user_id"
        " WHERE s.token_hash = $1 AND s.expires_at > now() AND s.bearer = $3 AND u.deactivated_at IS NULL",
        _hash(token),
        float(SEEN_EVERY_SECONDS),
        bearer,
    )
    if row is None:
        return None
    if row["stale"]:
        await fetch("UPDATE sessions SET last_used_at = now(), network = $2 WHERE id = $1", row["id"], network)
    return Identity(row["user_id"], row["id"], row["bearer"], row["expires_at"], row["suspended"])


async def revoke(user_id: int, session_id: int | None = None, *, but: int | None = None) -> list[int]:
    """End one session of this person, or all, or all `but` one; open sockets hear of it. Gives the ids of those that ended.
    With more than one, the logins that wait for a second factor end, too.

    The caller holds the transaction.
    """
    rows = await fetch(
        "DELETE FROM sessions WHERE user_id = $1 AND ($2::bigint IS NULL OR id = $2)"
        " AND id IS DISTINCT FROM $3::bigint RETURNING id",
        user_id,
        session_id,
        but,
    )
    if session_id is None:
        await pending_login.end_all(user_id)
    for row in rows:
        await record(Kind.SESSION_REVOKED, ["sessions"], actor_id=user_id, user_id=user_id, subject_id=row["id"])
    return [row["id"] for row in rows]


async def shut_out(user_id: int, *, for_good: bool) -> None:
    """Close the open sockets of a person, who is told anew who they are at the next; `for_good` ends the sessions and tokens, too."""
    if for_good:
        await revoke(user_id)
        await access_token.revoke_all(user_id)
        await app_session.end_of_user(user_id)
        return
    await access_token.shut_out(user_id)
    await app_session.shut_out(user_id)
    for row in await fetch("SELECT id FROM sessions WHERE user_id = $1", user_id):
        await record(Kind.SESSION_REVOKED, ["sessions"], actor_id=user_id, user_id=user_id, subject_id=row["id"])


async def forget_expired() -> None:
    """Take out the sessions whose time is over."""
    await fetch("DELETE FROM sessions WHERE expires_at < now()")
