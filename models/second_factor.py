"""What an account asks for beside the password: an authenticator app, passkeys, and recovery codes for when they are lost.

Recovery codes are made with the first factor and go with the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from models import letter, passkey, pending_login, recovery_code, session, totp
from models.database import fetch_one, fetch_value
from models.letter import LetterKind


class FactorKind(Enum):
    """By what a login that waits can be completed."""

    TOTP = "TOTP"
    PASSKEY = "PASSKEY"
    RECOVERY_CODE = "RECOVERY_CODE"


class FactorNews(Enum):
    """What somebody is written about."""

    TOTP_ADDED = "TOTP_ADDED"
    TOTP_REMOVED = "TOTP_REMOVED"
    PASSKEY_ADDED = "PASSKEY_ADDED"
    PASSKEY_REMOVED = "PASSKEY_REMOVED"
    CODES_RENEWED = "CODES_RENEWED"
    CODE_USED = "CODE_USED"
    RESET = "RESET"


@dataclass(frozen=True, slots=True)
class Turned:
    """What followed from a factor that came or went: new recovery codes, and the sessions that ended."""

    codes: Sequence[str] | None
    ended: Sequence[int]


@dataclass(frozen=True, slots=True)
class Place:
    """From where something is done: the session that stays, what the browser says that it is, and its network, coarsely."""

    session_id: int | None
    device: str
    network: str


async def kinds_of(user_id: int) -> Sequence[FactorKind]:
    """By what this person's logins are completed; empty when the password is enough."""
    row = await fetch_one(
        """SELECT EXISTS (SELECT 1 FROM totp_factors WHERE user_id = $1 AND sealed IS NOT NULL) AS totp,
            EXISTS (SELECT 1 FROM passkeys WHERE user_id = $1) AS passkey,
            EXISTS (SELECT 1 FROM recovery_codes WHERE user_id = $1 AND used_at IS NULL) AS code""",
        user_id,
    )
    if row is None or not (row["totp"] or row["passkey"]):
        return []
    found = (("passkey", FactorKind.PASSKEY), ("totp", FactorKind.TOTP), ("code", FactorKind.RECOVERY_CODE))
    return [kind for column, kind in found if row[column]]


async def is_asked(user_id: int) -> bool:
    """Whether the password alone does not let this person in."""
    return bool(await kinds_of(user_id))


async def hold(user_id: int) -> None:
    """One change of a person's factors at a time. The caller holds the transaction."""
    await fetch_one("SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE", user_id)


async def added(
    user_id: int, place: Place, news: FactorNews, name: str = "", *, first: bool, ends_others: bool
) -> Turned:
    """What follows from a new factor: recovery codes with the `first`, and the end of sessions that were opened without it.

    The caller holds the transaction.
    """
    codes = await recovery_code.make(user_id) if first else None
    ended = await session.revoke(user_id, but=place.session_id) if ends_others else []
    await tell(user_id, place, news, name)
    return Turned(codes, ended)


async def removed(user_id: int, place: Place, news: FactorNews, name: str = "") -> Turned:
    """What follows from a factor that went: every other session ends, and with the last one the recovery codes go.

    The caller holds the transaction.
    """
    if not await is_asked(user_id):
        await recovery_code.forget(user_id)
    ended = await session.revoke(user_id, but=place.session_id)
    await tell(user_id, place, news, name)
    return Turned(None, ended)


async def tell(user_id: int, place: Place, news: FactorNews, name: str = "") -> None:
    """Write to the person, at the address that they have now. The caller holds the transaction."""
    row = await fetch_one("SELECT email, now() AS at FROM credentials WHERE user_id = $1", user_id)
    if row is None:
        return
    at: datetime = row["at"]
    facts: dict[str, object] = {
        "news": news.value,
        "name": name,
        "device": place.device,
        "network": place.network,
        "at": at.isoformat(timespec="seconds"),
    }
    key = await fetch_value("SELECT gen_random_uuid()::text")
    await letter.put_kind(user_id, LetterKind.SECURITY, facts, key=key, address=row["email"])


async def reset(user_id: int) -> bool:
    """Take every factor away from somebody who has lost them, as an operator does; True if they had any. All sessions end.

    The caller holds the transaction.
    """
    await hold(user_id)
    had = [await totp.remove(user_id), bool(await passkey.remove_all(user_id))]
    await recovery_code.forget(user_id)
    await pending_login.end_all(user_id)
    if not any(had):
        return False
    await session.revoke(user_id)
    await tell(user_id, Place(None, "", ""), FactorNews.RESET)
    return True
