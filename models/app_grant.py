"""What a person allowed an app: consent, the code it is told by, and its end."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from asyncpg import Record
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from errors import NotFound, QuotaExceeded
from models import app_session, node_id
from models.app_session import Tokens
from models.database import fetch, fetch_one, fetch_value
from models.scope import Scope, ordered
from models.token_text import hash_of

CODE_SECONDS = 60
CODE_BYTES = 32
MOST_GRANTS = 200
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class GrantRow:
    """An app that a person allowed something."""

    id: int
    name: str
    website: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    last_used_on: datetime | None
    by_itself: bool  # it registered itself: nobody stands for its name

    @property
    def gid(self) -> str:
        """The global id."""
        return node_id.encode("grant", self.id)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is there of an earlier consent."""

    scopes: frozenset[str]
    remembered: bool


_GRANTS = (
    "SELECT g.*, a.name, a.website, a.owner_id IS NULL AS by_itself FROM app_grants g JOIN apps a ON a.id = g.app_id"
)


def _row(row: Record) -> GrantRow:
    scopes = tuple(ordered(Scope(name) for name in row["scopes"]))
    return GrantRow(
        row["id"], row["name"], row["website"], scopes, row["created_at"], row["last_used_on"], row["by_itself"]
    )


async def grants_of(user_id: int) -> Sequence[GrantRow]:
    """The apps that a person allowed something, at most `MOST_GRANTS`, the latest first."""
    return [_row(row) for row in await fetch(f"{_GRANTS} WHERE g.user_id = $1 ORDER BY g.id DESC", user_id)]


async def grant_of(user_id: int, grant_id: int) -> GrantRow | None:
    """One of them, if it is this person's."""
    row = await fetch_one(f"{_GRANTS} WHERE g.user_id = $1 AND g.id = $2", user_id, grant_id)
    return None if row is None else _row(row)


async def kept(user_id: int, app_id: int) -> Kept:
    """What this person allowed this app before."""
    row = await fetch_one(
        "SELECT scopes, remembered FROM app_grants WHERE user_id = $1 AND app_id = $2", user_id, app_id
    )
    return Kept(frozenset(), False) if row is None else Kept(frozenset(row["scopes"]), row["remembered"])


async def allow(
    user_id: int, app_id: int, scopes: Sequence[Scope], redirect_uri: str, challenge: str, remember: bool
) -> str:
    """Note what a person allows an app, beside what it was allowed before; gives the code that tells it so, kept as a hash.

    The caller holds the transaction and has looked at the request. Raises QuotaExceeded.
    """
    await fetch("SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE", user_id)  # two at once count each other
    others = await fetch_value("SELECT count(*) FROM app_grants WHERE user_id = $1 AND app_id <> $2", user_id, app_id)
    if others >= MOST_GRANTS:
        raise QuotaExceeded(f"At most {MOST_GRANTS} apps may act for a person. Take it back from one.")
    names = [scope.value for scope in ordered(scopes)]
    grant_id = await fetch_value(
        "INSERT INTO app_grants (user_id, app_id, scopes, remembered) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (user_id, app_id) DO UPDATE SET remembered = excluded.remembered,"
        " scopes = ARRAY(SELECT DISTINCT unnest(app_grants.scopes || excluded.scopes)) RETURNING id",
        user_id,
        app_id,
        names,
        remember,
    )
    code = secrets.token_urlsafe(CODE_BYTES)
    await fetch(
        "INSERT INTO app_codes (code_hash, grant_id, redirect_uri, challenge, scopes, expires_at)"
        " VALUES ($1, $2, $3, $4, $5, now() + make_interval(secs => $6))",
        hash_of(code),
        grant_id,
        redirect_uri,
        challenge,
        names,
        float(CODE_SECONDS),
    )
    return code


async def exchange(app_id: int, code: str, verifier: str, redirect_uri: str | None) -> Tokens | None:
    """The tokens that a code is good for, once: the second time ends what the first gave. None when it is good for none.

    The caller holds the transaction, and keeps it: a code is used up by a wrong verifier, too.
    """
    row = await fetch_one(
        "SELECT c.*, g.user_id, g.app_id, c.expires_at > now() AND u.deactivated_at IS NULL AS good"
        " FROM app_codes c JOIN app_grants g ON g.id = c.grant_id JOIN users u ON u.id = g.user_id"
        " WHERE c.code_hash = $1 FOR UPDATE OF c",
        hash_of(code),
    )
    if row is None or row["app_id"] != app_id:
        return None
    if row["used_at"] is not None:
        if row["session_id"] is not None:
            await app_session.end(row["session_id"])
        return None
    await fetch("UPDATE app_codes SET used_at = now() WHERE code_hash = $1", hash_of(code))
    if not row["good"] or not _verifies(verifier, row["challenge"]):
        return None
    if redirect_uri is not None and not hmac.compare_digest(redirect_uri.encode(), row["redirect_uri"].encode()):
        return None
    session_id, tokens = await app_session.begin(row["grant_id"], row["user_id"], app_id, row["scopes"])
    await fetch("UPDATE app_codes SET session_id = $2 WHERE code_hash = $1", hash_of(code), session_id)
    return tokens


async def revoke(user_id: int, grant_id: int) -> None:
    """Take back what an app was allowed; its sockets close at once. The caller holds the transaction. Raises NotFound."""
    if (
        await fetch_one("SELECT id FROM app_grants WHERE id = $1 AND user_id = $2 FOR UPDATE", grant_id, user_id)
        is None
    ):
        raise NotFound("There is no such app among those that act for you.", ["connectedAppId"])
    await app_session.end_of_grant(grant_id)
    await fetch("DELETE FROM app_grants WHERE id = $1", grant_id)


def _verifies(verifier: str, challenge: str) -> bool:
    """Whether this is what the challenge is the SHA-256 of (RFC 7636, S256 alone)."""
    if not _VERIFIER.fullmatch(verifier):
        return False
    return hmac.compare_digest(create_s256_code_challenge(verifier).encode(), challenge.encode())
