"""Links in letters: who opens one has shown that they read the mail of an address.

Each works once, for some hours, for the address it was sent to. A token is worked out of its row when the letter is sent, and stands in
no table; it is looked up by its hash.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from asyncpg import Record

from errors import RateLimited
from models import letter
from models.database import fetch, fetch_one
from models.letter import LetterKind
from safety.derived import hash_of, new_nonce, secret_of

LONGEST_TOKEN_CHARACTERS = 100


class LinkPurpose(Enum):
    """What a link is good for: confirming an address, putting it in the place of another, or a new password."""

    CONFIRM = "CONFIRM"
    CHANGE = "CHANGE"
    RESET = "RESET"


HOURS_GOOD = {LinkPurpose.CONFIRM: 48.0, LinkPurpose.CHANGE: 48.0, LinkPurpose.RESET: 1.0}
# The next letter comes no sooner than so long after the last, by how many there were within a day. The last pause is shorter than the
# time any link is good: whoever asks in somebody else's name neither floods a mailbox nor leaves it without a link that works.
PAUSES_MINUTES = (0, 5, 15, 45)


@dataclass(frozen=True, slots=True)
class MailLink:
    """A link that works."""

    id: int
    user_id: int
    purpose: LinkPurpose
    email: str
    nonce: str
    token_hash: str
    state_hash: str
    expires_at: datetime

    def is_of(self, state: str) -> bool:
        """Whether the link was made for a credential in this state."""
        return hmac.compare_digest(self.state_hash, hash_of(state))


def _row(row: Record) -> MailLink:
    return MailLink(
        row["id"],
        row["user_id"],
        LinkPurpose(row["purpose"]),
        row["email"],
        row["nonce"],
        row["token_hash"],
        row["state_hash"],
        row["expires_at"],
    )


def token_of(link: MailLink, secret_key: str) -> str:
    """What the link carries."""
    return secret_of(secret_key, f"mail link {link.purpose.value}", link.nonce)


async def pause_seconds(user_id: int, purpose: LinkPurpose) -> int:
    """After how many seconds the next letter of this sort may be sent to a person; 0 for now. The caller holds the person's lock."""
    row = await fetch_one(
        """SELECT count(*) AS sent, extract(epoch FROM now() - max(created_at))::float8 AS ago FROM letters
        WHERE user_id = $1 AND kind = $2 AND key LIKE $3 AND created_at > now() - interval '1 day'""",
        user_id,
        LetterKind.ACCOUNT.value,
        f"{purpose.value}:%",
    )
    if row is None or not row["sent"]:
        return 0
    pause = PAUSES_MINUTES[min(row["sent"], len(PAUSES_MINUTES) - 1)] * 60
    return max(0, int(pause - row["ago"]) + 1) if row["ago"] < pause else 0


async def hold(user_id: int) -> None:
    """Wait until nobody else changes this person's links. Until the transaction ends; the caller holds one."""
    await fetch("SELECT pg_advisory_xact_lock(hashtextextended('mail links of ' || $1::bigint, 0))", user_id)


async def send(
    user_id: int, purpose: LinkPurpose, email: str, secret_key: str, *, state: str = "", readable: bool = True
) -> None:
    """Make a link and have it sent to that address. Raises RateLimited when one was sent just now. The caller holds the transaction.

    A link that is not `readable` is sent to nobody: it stands where whoever asked shall not learn why.
    """
    await hold(user_id)
    wait = await pause_seconds(user_id, purpose)
    if wait:
        raise RateLimited("A letter was sent just now. Look for it, or ask again later.", retry_after=wait)
    number, _ = await make(user_id, purpose, email, secret_key, state)
    facts: dict[str, object] = {"about": purpose.value, "link": str(number)}
    await letter.put_kind(
        user_id,
        LetterKind.ACCOUNT,
        facts if readable else {},
        key=f"{purpose.value}:{number}",
        address=email,
        hours=HOURS_GOOD[purpose],
    )


async def make(user_id: int, purpose: LinkPurpose, email: str, secret_key: str, state: str) -> tuple[int, str]:
    """A link that is sent to nobody yet: its id and its token. Without an address it is handed over by whoever runs this place."""
    nonce = new_nonce()
    token = secret_of(secret_key, f"mail link {purpose.value}", nonce)
    row = await fetch_one(
        """INSERT INTO mail_links (user_id, purpose, email, nonce, token_hash, state_hash, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7)) RETURNING id""",
        user_id,
        purpose.value,
        email,
        nonce,
        hash_of(token),
        hash_of(state) if state else "",
        HOURS_GOOD[purpose] * 3_600,
    )
    if row is None:
        raise RuntimeError("A link was not stored.")
    return row["id"], token


async def by_id(link_id: int) -> MailLink | None:
    """A link that works still."""
    row = await fetch_one("SELECT * FROM mail_links WHERE id = $1 AND expires_at > now()", link_id)
    return None if row is None else _row(row)


async def look(token: str, *purposes: LinkPurpose) -> MailLink | None:
    """The link with this token, if it works; it is not used up."""
    row = await fetch_one(
        "SELECT * FROM mail_links WHERE token_hash = $1 AND purpose = ANY($2::text[]) AND expires_at > now()",
        hash_of(token[:LONGEST_TOKEN_CHARACTERS]),
        [one.value for one in purposes],
    )
    return None if row is None else _row(row)


async def take(token: str, *purposes: LinkPurpose) -> MailLink | None:
    """Use up the link with this token; of several who do so at once one gets it. The caller holds the transaction."""
    row = await fetch_one(
        "DELETE FROM mail_links WHERE token_hash = $1 AND purpose = ANY($2::text[]) AND expires_at > now() RETURNING *",
        hash_of(token[:LONGEST_TOKEN_CHARACTERS]),
        [one.value for one in purposes],
    )
    return None if row is None else _row(row)


async def forget(user_id: int, *purposes: LinkPurpose) -> None:
    """Have no link of these sorts work any more. The caller holds the transaction."""
    await fetch(
        "DELETE FROM mail_links WHERE user_id = $1 AND purpose = ANY($2::text[])",
        user_id,
        [one.value for one in purposes],
    )


async def forget_old() -> None:
    """Take out the links whose time is over, and what was asked for when nobody was there to look."""
    await fetch("DELETE FROM mail_links WHERE expires_at < now()")
    await fetch("DELETE FROM reset_wishes WHERE created_at < now() - interval '1 hour'")
