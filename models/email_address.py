"""The address at which a person is written to: whether they have shown that they read mail there, and putting another in its place.

Another address counts once it is confirmed, and not before. Whether somebody else has it is told to nobody but whoever reads its mail.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from asyncpg import UniqueViolationError

from errors import BadInput, Conflict, NotFound, RateLimited
from models import letter, mail_link
from models.database import fetch, fetch_one, fetch_value
from models.letter import LetterKind
from models.mail_link import LinkPurpose
from models.transaction import transaction

MOST_TO_AN_ADDRESS = 5  # links a day that strangers may have sent to one address
_PENDING = """SELECT email, expires_at FROM mail_links WHERE user_id = $1 AND purpose = 'CHANGE' AND expires_at > now()
    ORDER BY created_at DESC, id DESC LIMIT 1"""
NO_LINK = "This link was used already, is too old, or was replaced. Ask for another one."


@dataclass(frozen=True, slots=True)
class EmailAddressRow:
    """Where a person is written to, and what is to become of it."""

    address: str | None
    confirmed_at: datetime | None
    pending_address: str | None = None
    pending_until: datetime | None = None


async def of_user(user_id: int) -> EmailAddressRow:
    """A person's address."""
    row = await fetch_one("SELECT email, confirmed_at FROM credentials WHERE user_id = $1", user_id)
    if row is None:
        return EmailAddressRow(None, None)
    pending = await fetch_one(_PENDING, user_id)
    if pending is None:
        return EmailAddressRow(row["email"], row["confirmed_at"])
    return EmailAddressRow(row["email"], row["confirmed_at"], pending["email"], pending["expires_at"])


async def ask_confirmation(user_id: int, secret_key: str) -> None:
    """Have a link sent to the address that waits to be confirmed: the new one, if there is one.

    Raises Conflict when none waits, RateLimited when a letter was sent just now. The caller holds the transaction.
    """
    found = await of_user(user_id)
    if found.pending_address is not None:
        await _send_change(user_id, found.pending_address, secret_key)
    elif found.address is None or found.confirmed_at is not None:
        raise Conflict("Your address is confirmed.")
    else:
        await mail_link.send(user_id, LinkPurpose.CONFIRM, found.address, secret_key)


async def change(user_id: int, email: str, secret_key: str) -> None:
    """Have a link sent to another address (checked already), and tell the one so far. It counts once the link is opened.

    Raises BadInput, RateLimited. The caller holds the transaction.
    """
    found = await of_user(user_id)
    if email == found.address:
        raise BadInput("This is the address that you have.", ["email"])
    await mail_link.forget(user_id, LinkPurpose.CHANGE)
    await _send_change(user_id, email, secret_key)
    if found.address is not None:
        facts: dict[str, object] = {"about": "CHANGING", "email": email}
        key = f"CHANGING:{await fetch_value('SELECT fresque_id()')}"
        await letter.put_kind(user_id, LetterKind.ACCOUNT, facts, key=key, address=found.address)


async def _send_change(user_id: int, email: str, secret_key: str) -> None:
    sent = await fetch_value(
        "SELECT count(*) FROM mail_links WHERE email = $1 AND purpose = 'CHANGE' AND created_at > now() - interval '1 day'",
        email,
    )
    if sent >= MOST_TO_AN_ADDRESS:
        raise RateLimited("Too many letters went to this address today.", ["email"], 86_400)
    owner = await fetch_one(
        "SELECT user_id FROM credentials WHERE email = $1 AND confirmed_at IS NOT NULL AND user_id <> $2",
        email,
        user_id,
    )
    await mail_link.send(user_id, LinkPurpose.CHANGE, email, secret_key, readable=owner is None)
    if owner is not None:
        await letter.put_kind(
            owner["user_id"], LetterKind.ACCOUNT, {"about": "TAKEN"}, key=f"TAKEN:{user_id}", address=email
        )


async def cancel_change(user_id: int) -> None:
    """Leave the address as it is. The caller holds the transaction."""
    await mail_link.forget(user_id, LinkPurpose.CHANGE)


async def confirm(token: str) -> str:
    """What whoever opens a link in a letter has shown: the address, which counts from now on.

    Raises NotFound for a link that does not work, Conflict when somebody else has confirmed the address meanwhile. The caller holds
    the transaction.
    """
    link = await mail_link.take(token, LinkPurpose.CONFIRM, LinkPurpose.CHANGE)
    if link is None:
        raise NotFound(NO_LINK, ["token"])
    if link.purpose is LinkPurpose.CONFIRM:
        if not await note_confirmed(link.user_id, link.email):
            raise NotFound(NO_LINK, ["token"])
        return link.email
    was: str | None = await fetch_value("SELECT email FROM credentials WHERE user_id = $1 FOR UPDATE", link.user_id)
    # Who never showed that they read it gives way to who did.
    await fetch(
        "UPDATE credentials SET email = NULL WHERE email = $1 AND confirmed_at IS NULL AND user_id <> $2",
        link.email,
        link.user_id,
    )
    try:
        async with transaction():
            await fetch(
                "UPDATE credentials SET email = $2, confirmed_at = now() WHERE user_id = $1", link.user_id, link.email
            )
    except UniqueViolationError as error:
        raise Conflict("There is another account with this address.", ["token"]) from error
    await mail_link.forget(link.user_id, *LinkPurpose)
    if was is not None:
        facts: dict[str, object] = {"about": "CHANGED", "email": link.email}
        await letter.put_kind(link.user_id, LetterKind.ACCOUNT, facts, key=f"CHANGED:{link.id}", address=was)
    return link.email


async def note_confirmed(user_id: int, email: str) -> bool:
    """Note that a person reads mail at this address, if it is theirs still. The caller holds the transaction."""
    rows = await fetch(
        "UPDATE credentials SET confirmed_at = coalesce(confirmed_at, now()) WHERE user_id = $1 AND email = $2 RETURNING 1",
        user_id,
        email,
    )
    if rows:
        await mail_link.forget(user_id, LinkPurpose.CONFIRM)
    return bool(rows)
