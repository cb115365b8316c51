"""Who of us is who at an outside provider: linked by their own proof of both, never by an e-mail address alone."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from asyncpg import UniqueViolationError

from errors import Conflict, NotFound, Refusal
from models import node_id, user
from models.database import fetch, fetch_one, fetch_value
from models.transaction import transaction

NO_PASSWORD = "!"  # noqa: S105  # no hash is this: nobody signs in by it
_OUTSIDE_HANDLES = re.compile(r"[^a-z0-9_]+")


@dataclass(frozen=True, slots=True)
class IdentityRow:
    """One link of the viewer's."""

    id: int
    issuer: str
    created_at: datetime

    @property
    def gid(self) -> str:
        """The global id."""
        return node_id.encode("identity", self.id)


async def user_of(issuer: str, subject: str) -> int | None:
    """Whose this identity is here."""
    found = await fetch_value(
        "SELECT user_id FROM external_identities WHERE issuer = $1 AND subject = $2", issuer, subject
    )
    return None if found is None else int(found)


async def identities_of(user_id: int) -> Sequence[IdentityRow]:
    """A person's links, oldest first."""
    rows = await fetch("SELECT * FROM external_identities WHERE user_id = $1 ORDER BY id", user_id)
    return [IdentityRow(row["id"], row["issuer"], row["created_at"]) for row in rows]


async def identity_of(user_id: int, number: int) -> IdentityRow | None:
    """One of them, if it is this person's."""
    return next((row for row in await identities_of(user_id) if row.id == number), None)


async def link(user_id: int, issuer: str, subject: str) -> None:
    """Link an identity to a person who is signed in. The caller holds the transaction. Raises Conflict when it is another's, or they
    have one of this provider already."""
    try:
        async with transaction():
            await fetch(
                "INSERT INTO external_identities (user_id, issuer, subject) VALUES ($1, $2, $3)",
                user_id,
                issuer,
                subject,
            )
    except UniqueViolationError as error:
        if await user_of(issuer, subject) == user_id:
            return
        raise Conflict("It is linked to another account, or this one is linked already.") from error


async def unlink(user_id: int, number: int) -> None:
    """Take a link away. The caller holds the transaction. Raises NotFound, Conflict when there would be no way in any more."""
    row = await fetch_one(
        "SELECT i.id, c.password_hash = $3 AS only_way FROM external_identities i LEFT JOIN credentials c ON c.user_id = i.user_id"
        " WHERE i.user_id = $1 AND i.id = $2 FOR UPDATE OF i",
        user_id,
        number,
        NO_PASSWORD,
    )
    if row is None:
        raise NotFound("There is no such link of yours.", ["identityId"])
    if row["only_way"]:
        raise Conflict("This account has no password: without the link nobody could sign in.", ["identityId"])
    await fetch("DELETE FROM external_identities WHERE id = $1", number)


async def open_account(issuer: str, subject: str, email: str, name: str, nickname: str) -> int:
    """A new account without a password for somebody with a verified address. The caller holds the transaction.

    Raises Conflict when the address is somebody's: they sign in as they do, and link it themselves.
    """
    address = user.checked_email(email)
    wish = _OUTSIDE_HANDLES.sub("_", (nickname or address.partition("@")[0]).lower()).strip("_")[:20] or "person"
    for handle in (wish, *(f"{wish}_{secrets.token_hex(3)}" for _ in range(4))):
        try:
            handle = user.checked_handle(handle)
            if await fetch_value("SELECT EXISTS (SELECT 1 FROM users WHERE handle = $1)", handle):
                continue
            line = user.checked_line(
                name[: user.LONGEST_DISPLAY_NAME], user.LONGEST_DISPLAY_NAME, "displayName", "A name"
            )
            person = await user.sign_up(handle, address, NO_PASSWORD, line)
        except Conflict:
            raise
        except Refusal:  # a reserved handle
            continue
        await link(person.id, issuer, subject)
        return int(person.id)
    raise Conflict("There is no handle left that is like yours.")
