"""Personal access tokens: what a person's own programs show, each with its scopes and its end; only hashes are kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from asyncpg import Record

from errors import BadInput, NotFound, QuotaExceeded
from models import naming, node_id
from models.database import fetch, fetch_one, fetch_value
from models.event import Kind, record
from models.scope import Scope, checked_scopes
from models.token_text import TokenKind, hash_of, hint_of, new_token

MOST_TOKENS = 50
LONGEST_NAME = 60
LONGEST_DAYS = 366
SHOWN_AFTER_DAYS = 30


@dataclass(frozen=True, slots=True)
class TokenRow:
    """One token as its owner sees it: never its text."""

    id: int
    name: str
    hint: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    expires_at: datetime
    last_used_on: datetime | None

    @property
    def gid(self) -> str:
        """The global id."""
        return node_id.encode("token", self.id)


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who shows a token: the person, what its sockets are found by, its end and what it may do."""

    user_id: int
    token_id: int
    expires_at: datetime
    scopes: frozenset[str]
    suspended: bool


def _row(row: Record) -> TokenRow:
    return TokenRow(
        row["id"],
        row["name"],
        row["hint"],
        tuple(Scope(name) for name in row["scopes"]),
        row["created_at"],
        row["expires_at"],
        row["last_used_on"],
    )


async def tokens_of(owner_id: int) -> Sequence[TokenRow]:
    """A person's tokens, at most `MOST_TOKENS`, newest first; those whose time is over stay until they are taken out."""
    rows = await fetch("SELECT * FROM access_tokens WHERE user_id = $1 ORDER BY id DESC", owner_id)
    return [_row(row) for row in rows]


async def token_of(owner_id: int, token_id: int) -> TokenRow | None:
    """A token of this person's own."""
    row = await fetch_one("SELECT * FROM access_tokens WHERE id = $1 AND user_id = $2", token_id, owner_id)
    return None if row is None else _row(row)


async def create(owner_id: int, name: str, scopes: Iterable[Scope], days: int) -> tuple[int, str]:
    """A new token's id and its text, which is told once and kept nowhere. The caller holds the transaction.

    Raises BadInput, QuotaExceeded.
    """
    line = naming.name(name, LONGEST_NAME, what="The name of a token")
    if not 1 <= days <= LONGEST_DAYS:
        raise BadInput(f"A token is good for 1 to {LONGEST_DAYS} days.", ["expiresInDays"])
    names = checked_scopes(scopes)
    await fetch("SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE", owner_id)  # two at once count each other
    if await fetch_value("SELECT count(*) FROM access_tokens WHERE user_id = $1", owner_id) >= MOST_TOKENS:
        raise QuotaExceeded(f"At most {MOST_TOKENS} tokens. Revoke one that is not needed any more.")
    token = new_token(TokenKind.PERSONAL)
    number = await fetch_value(
        "INSERT INTO access_tokens (user_id, name, token_hash, hint, scopes, expires_at)"
        " VALUES ($1, $2, $3, $4, $5, now() + make_interval(days => $6)) RETURNING id",
        owner_id,
        line,
        hash_of(token),
        hint_of(token),
        names,
        days,
    )
    return int(number), token


async def revoke(owner_id: int, token_id: int) -> None:
    """End a token; its sockets close at once. The caller holds the transaction. Raises NotFound."""
    if not await _end(owner_id, token_id):
        raise NotFound("There is no such token of yours.", ["accessTokenId"])


async def revoke_all(owner_id: int) -> None:
    """End every token of a person. The caller holds the transaction."""
    await _end(owner_id, None)


async def shut_out(owner_id: int) -> None:
    """Close the sockets of a person's tokens, which stay: who they are is asked anew at the next. The caller holds the transaction."""
    for row in await fetch("SELECT id FROM access_tokens WHERE user_id = $1 AND expires_at > now()", owner_id):
        await _close(owner_id, row["id"])


async def identify(token: str) -> Bearer | None:
    """Whose token this is, or None when it is nobody's, expired or revoked. Notes the day of its use."""
    row = await fetch_one(
        "SELECT t.id, t.user_id, t.scopes, t.expires_at, u.suspended_at IS NOT NULL AS suspended,"
        " t.last_used_on IS DISTINCT FROM date_trunc('day', now(), 'UTC') AS stale"
        " FROM access_tokens t JOIN users u ON u.id = t.user_id"
        " WHERE t.token_hash = $1 AND t.expires_at > now() AND u.deactivated_at IS NULL",
        hash_of(token),
    )
    if row is None:
        return None
    if row["stale"]:
        await fetch("UPDATE access_tokens SET last_used_on = date_trunc('day', now(), 'UTC') WHERE id = $1", row["id"])
    return Bearer(row["user_id"], row["id"], row["expires_at"], frozenset(row["scopes"]), row["suspended"])


async def _end(owner_id: int, token_id: int | None) -> bool:
    rows = await fetch(
        "DELETE FROM access_tokens WHERE user_id = $1 AND ($2::bigint IS NULL OR id = $2) RETURNING id",
        owner_id,
        token_id,
    )
    for row in rows:
        await _close(owner_id, row["id"])
    return bool(rows)


async def _close(owner_id: int, token_id: int) -> None:
    await record(Kind.SESSION_REVOKED, ["sessions"], actor_id=owner_id, user_id=owner_id, subject_id=token_id)


async def forget_expired() -> None:
    """Take out the tokens whose time has been over for a while, in which their owner sees why a program stopped."""
    await fetch("DELETE FROM access_tokens WHERE expires_at < now() - make_interval(days => $1)", SHOWN_AFTER_DAYS)
