"""New passwords for who forgot theirs, by a link in a letter.

Whoever asks is answered alike and as fast whether anybody has the address or not: what they ask is written down, and `work` looks.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from errors import NotFound, RateLimited
from models import email_address, known_device, letter, mail_link, session
from models.database import fetch, fetch_one
from models.letter import LetterKind
from models.mail_link import LinkPurpose
from models.standing import GRACE_DAYS
from models.transaction import transaction

MOST_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Forgetful:
    """Whose link somebody holds: what a new password is measured against."""

    user_id: int
    handle: str
    display_name: str
    email: str


async def ask(email: str) -> None:
    """Write down that somebody wants a new password for the account with this address (checked already)."""
    await fetch("INSERT INTO reset_wishes (email) VALUES ($1)", email)


async def turn(secret_key: str) -> bool:
    """Have links sent to those who asked and are there; True while there may be more."""
    async with transaction():
        rows = await fetch(
            """DELETE FROM reset_wishes WHERE id IN (SELECT id FROM reset_wishes ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED)
            RETURNING email""",
            MOST_AT_ONCE,
        )
        for email in sorted({row["email"] for row in rows}):
            found = await fetch_one(
                """SELECT c.user_id, c.password_hash FROM credentials c JOIN users u ON u.id = c.user_id WHERE c.email = $1
                AND (u.deactivated_at IS NULL OR u.deactivated_at > now() - make_interval(days => $2))""",
                email,
                GRACE_DAYS,
            )
            if found is None:
                continue
            with suppress(RateLimited):  # the letter before this one has a link that works
                await mail_link.send(
                    found["user_id"], LinkPurpose.RESET, email, secret_key, state=found["password_hash"]
                )
    return len(rows) == MOST_AT_ONCE


async def holder(token: str) -> Forgetful:
    """Whose link this is; it is not used up. Raises NotFound for one that does not work."""
    link = await mail_link.look(token, LinkPurpose.RESET)
    row = None
    if link is not None:
        row = await fetch_one("SELECT handle, display_name FROM users WHERE id = $1", link.user_id)
    if link is None or row is None:
        raise NotFound(email_address.NO_LINK, ["token"])
    return Forgetful(link.user_id, row["handle"], row["display_name"], link.email)


async def reset(token: str, password_hash: str) -> None:
    """Another password for whom a link was sent to, who is signed out everywhere and told so. The caller holds the transaction.

    Raises NotFound when the link does not work, or was made for an earlier password or address.
    """
    link = await mail_link.take(token, LinkPurpose.RESET)
    row = None
    if link is not None:
        row = await fetch_one(
            "SELECT email, password_hash FROM credentials WHERE user_id = $1 FOR UPDATE", link.user_id
        )
    if link is None or row is None or link.email not in ("", row["email"]) or not link.is_of(row["password_hash"]):
        raise NotFound(email_address.NO_LINK, ["token"])
    await fetch("UPDATE credentials SET password_hash = $2 WHERE user_id = $1", link.user_id, password_hash)
    if link.email:
        await email_address.note_confirmed(link.user_id, link.email)
    await session.shut_out(
        link.user_id, for_good=True
    )  # tokens and apps, too: whoever stole the account may have made some
    await settle(link.user_id)


async def hand_over(user_id: int, secret_key: str) -> str:
    """A token for a new password, for whoever runs this place to hand over. The caller holds the transaction."""
    row = await fetch_one("SELECT password_hash FROM credentials WHERE user_id = $1", user_id)
    if row is None:
        raise NotFound("This account has no password.")
    return (await mail_link.make(user_id, LinkPurpose.RESET, "", secret_key, row["password_hash"]))[1]


async def settle(user_id: int, *, but_session: int | None = None) -> list[int]:
    """What follows from another password: no other session goes on, no browser is known, no link works, and a letter tells of it.

    Gives the sessions that ended. The caller holds the transaction.
    """
    ended = await session.revoke(user_id, but=but_session)
    await known_device.forget_all(user_id)
    await mail_link.forget(user_id, LinkPurpose.RESET, LinkPurpose.CHANGE)
    row = await fetch_one("SELECT email, fresque_id() AS number FROM credentials WHERE user_id = $1", user_id)
    if row is not None and row["email"] is not None:
        facts: dict[str, object] = {"about": "PASSWORD"}
        key = f"PASSWORD:{row['number']}"
        await letter.put_kind(user_id, LetterKind.ACCOUNT, facts, key=key, address=row["email"])
    return ended
