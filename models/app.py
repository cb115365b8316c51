"""Apps: programs of others that people may let act for them (OAuth clients), made by their developer or registered by themselves."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from asyncpg import Record

from errors import BadInput, NotFound, QuotaExceeded
from models import naming, node_id
from models.app_session import end_of_app
from models.database import fetch, fetch_one, fetch_value
from models.redirect import checked_redirects
from models.token_text import TokenKind, hash_of, kind_of, new_token
from models.user import checked_website

MOST_APPS = 20
LONGEST_NAME = 60
OVERLAP_HOURS = 24  # in which the secret before is taken, too
UNUSED_DAYS = 2  # after so many, an app that registered itself and that nobody allowed anything is forgotten


@dataclass(frozen=True, slots=True)
class AppRow:
    """An app as its developer sees it; `rotation` counts its secrets."""

    id: int
    owner_id: int | None
    client_id: str
    name: str
    website: str
    redirect_uris: tuple[str, ...]
    confidential: bool
    rotation: int
    created_at: datetime

    @property
    def gid(self) -> str:
        """The global id."""
        return node_id.encode("app", self.id)


def row_of(row: Record) -> AppRow:
    """A row of the table as an app."""
    return AppRow(
        row["id"],
        row["owner_id"],
        row["client_id"],
        row["name"],
        row["website"],
        tuple(row["redirect_uris"]),
        row["confidential"],
        row["rotation"],
        row["created_at"],
    )


async def apps_of(owner_id: int) -> Sequence[AppRow]:
    """A developer's apps, at most `MOST_APPS`, oldest first."""
    return [row_of(row) for row in await fetch("SELECT * FROM apps WHERE owner_id = $1 ORDER BY id", owner_id)]


async def app_of(owner_id: int, app_id: int) -> AppRow | None:
    """An app of this developer's own."""
    row = await fetch_one("SELECT * FROM apps WHERE id = $1 AND owner_id = $2", app_id, owner_id)
    return None if row is None else row_of(row)


async def by_id(app_id: int) -> AppRow:
    """An app that is there, whoever's it is."""
    row = await fetch_one("SELECT * FROM apps WHERE id = $1", app_id)
    if row is None:
        raise NotFound("There is no such app.")
    return row_of(row)


async def client(client_id: str) -> AppRow | None:
    """The app that calls itself so; none whose developer is gone."""
    row = await fetch_one(
        "SELECT a.* FROM apps a LEFT JOIN users u ON u.id = a.owner_id"
        " WHERE a.client_id = $1 AND (a.owner_id IS NULL OR NOT u.gone)",
        client_id,
    )
    return None if row is None else row_of(row)


async def proves(app: AppRow, secret: str | None) -> bool:
    """Whether whoever speaks for the app shows what it needs: a confidential one its secret, a public one none."""
    if not app.confidential:
        return secret is None
    if secret is None or kind_of(secret) is not TokenKind.SECRET:
        return False
    row = await fetch_one(
        "SELECT secret_hash, CASE WHEN old_secret_until > now() THEN old_secret_hash END AS old FROM apps WHERE id = $1",
        app.id,
    )
    if row is None:
        return False
    shown = hash_of(secret)
    return any([hmac.compare_digest(shown, kept) for kept in (row["secret_hash"], row["old"]) if kept])


async def create(
    owner_id: int | None, name: str, website: str, redirect_uris: Sequence[str], confidential: bool
) -> tuple[int, str | None]:
    """A new app's id, and its secret if it has one, told once and kept nowhere; nobody's when it registers itself.

    The caller holds the transaction. Raises BadInput, QuotaExceeded.
    """
    line, uris = _checked(name, redirect_uris)
    if owner_id is not None:
        await fetch("SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE", owner_id)  # two at once count each other
        if await fetch_value("SELECT count(*) FROM apps WHERE owner_id = $1", owner_id) >= MOST_APPS:
            raise QuotaExceeded(f"At most {MOST_APPS} apps. Delete one that is not needed any more.")
    secret = new_token(TokenKind.SECRET) if confidential else None
    number = await fetch_value(
        "INSERT INTO apps (owner_id, client_id, name, website, redirect_uris, confidential, secret_hash)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
        owner_id,
        f"app_{secrets.token_hex(16)}",
        line,
        checked_website(website),
        uris,
        confidential,
        None if secret is None else hash_of(secret),
    )
    return int(number), secret


async def update(owner_id: int, app_id: int, name: str, website: str, redirect_uris: Sequence[str]) -> None:
    """Change what it says of itself. The caller holds the transaction. Raises NotFound, BadInput."""
    await _hold(owner_id, app_id)
    line, uris = _checked(name, redirect_uris)
    await fetch(
        "UPDATE apps SET name = $2, website = $3, redirect_uris = $4 WHERE id = $1",
        app_id,
        line,
        checked_website(website),
        uris,
    )


async def rotate(owner_id: int, app_id: int) -> str:
    """A new secret, told once; the one before is taken for `OVERLAP_HOURS` more. The caller holds the transaction.

    Raises NotFound, BadInput for a public app.
    """
    app = await _hold(owner_id, app_id)
    if not app["confidential"]:
        raise BadInput("A public app has no secret: it could keep none.", ["appId"])
    secret = new_token(TokenKind.SECRET)
    await fetch(
        "UPDATE apps SET old_secret_hash = secret_hash, old_secret_until = now() + make_interval(hours => $3), secret_hash = $2,"
        " rotation = rotation + 1 WHERE id = $1",
        app_id,
        hash_of(secret),
        OVERLAP_HOURS,
    )
    return secret


async def delete(owner_id: int, app_id: int) -> None:
    """Forget an app: whoever allowed it something allows it nothing any more. The caller holds the transaction. Raises NotFound."""
    await _hold(owner_id, app_id)
    await end_of_app(app_id)
    await fetch("DELETE FROM apps WHERE id = $1", app_id)


async def forget_unused() -> None:
    """Take out the apps that registered themselves and that nobody uses."""
    await fetch(
        "DELETE FROM apps a WHERE a.owner_id IS NULL AND a.created_at < now() - make_interval(days => $1)"
        " AND NOT EXISTS (SELECT 1 FROM app_grants g WHERE g.app_id = a.id)",
        UNUSED_DAYS,
    )


def _checked(name: str, redirect_uris: Sequence[str]) -> tuple[str, list[str]]:
    return naming.name(name, LONGEST_NAME, what="The name of an app"), checked_redirects(redirect_uris)


async def _hold(owner_id: int, app_id: int) -> Record:
    row = await fetch_one("SELECT * FROM apps WHERE id = $1 AND owner_id = $2 FOR UPDATE", app_id, owner_id)
    if row is None:
        raise NotFound("There is no such app of yours.", ["appId"])
    return row
