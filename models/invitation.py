"""Invitations: somebody opens the door to a few others, for a while.

A code is worked out of its row, so that no table has it. A person gives away so many places in 30 days: what an invitation that was
taken back or is over left unused comes back to them. Who invited whom is known to the two, and to whoever runs this place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from asyncpg import Record

from errors import BadInput, Forbidden, NotFound, QuotaExceeded
from models import facet, node_id
from models.database import fetch, fetch_one, fetch_value
from models.timeline import Window
from safety.derived import hash_of, new_nonce, secret_of

MOST_USES = 25
MOST_USES_OF_THE_HOUSE = 10_000
MOST_DAYS = 90
LONGEST_NOTE = 100
BUDGET_DAYS = 30
YOUNG_HOURS = 24  # who came later than that invites nobody yet: a row of new accounts does not invite itself
MOST_LIVE = 50
CODE_CHARACTERS = 24  # of 6 bits
_LIVE = "i.revoked_at IS NULL AND i.expires_at > now() AND i.used < i.uses"


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation, for whoever gave it."""

    id: int
    gid: str
    note: str
    nonce: str
    uses: int
    used: int
    is_open: bool
    expires_at: datetime
    revoked_at: datetime | None
    created_at: datetime


def _row(row: Record) -> InvitationRow:
    return InvitationRow(
        row["id"],
        node_id.encode("invitation", row["id"]),
        row["note"],
        row["nonce"],
        row["uses"],
        row["used"],
        row["is_open"],
        row["expires_at"],
        row["revoked_at"],
        row["created_at"],
    )


def code_of(nonce: str, secret_key: str) -> str:
    """What is passed on. Raises ValueError when `SECRET_KEY` is short."""
    return secret_of(secret_key, "invitation", nonce)[:CODE_CHARACTERS]


async def create(
    inviter_id: int | None, uses: int, days: int, note: str, secret_key: str, budget: int | None = None
) -> int:
    """A new invitation; its id. Without an inviter it is given by whoever runs this place, who has no budget.

    Raises BadInput, Forbidden for who is new here, QuotaExceeded. The caller holds the transaction.
    """
    if not 1 <= uses <= (MOST_USES if inviter_id is not None else MOST_USES_OF_THE_HOUSE):
        raise BadInput(f"An invitation is for 1 to {MOST_USES} people.", ["uses"])
    if not 1 <= days <= MOST_DAYS:
        raise BadInput(f"An invitation holds for 1 to {MOST_DAYS} days.", ["days"])
    kept = facet.kept(note, LONGEST_NOTE, LONGEST_NOTE * 12)
    if kept is None:
        raise BadInput(f"A note has at most {LONGEST_NOTE} characters.", ["note"])
    if inviter_id is not None:
        await _may_invite(inviter_id, uses, budget or 0)
    nonce = new_nonce()
    number: int = await fetch_value(
        """INSERT INTO invitations (inviter_id, note, nonce, code_hash, uses, expires_at)
        VALUES ($1, $2, $3, $4, $5, now() + make_interval(days => $6)) RETURNING id""",
        inviter_id,
        " ".join(kept.split()),
        nonce,
        hash_of(code_of(nonce, secret_key)),
        uses,
        days,
    )
    return number


async def _may_invite(inviter_id: int, uses: int, budget: int) -> None:
    young = await fetch_value(
        "SELECT joined_at > now() - make_interval(hours => $2) FROM users WHERE id = $1", inviter_id, YOUNG_HOURS
    )
    if budget <= 0:
        raise Forbidden("Invitations are given by whoever runs this place.")
    if young:
        raise Forbidden(f"You can invite others {YOUNG_HOURS} hours after you came.")
    # Two at once count each other only when the second counts after the first has committed.
    await fetch("SELECT pg_advisory_xact_lock(hashtextextended('invitations of ' || $1::bigint, 0))", inviter_id)
    if (
        await fetch_value(f"SELECT count(*) FROM invitations i WHERE i.inviter_id = $1 AND {_LIVE}", inviter_id)
        >= MOST_LIVE
    ):
        raise QuotaExceeded(f"You have {MOST_LIVE} open invitations. Take one back first.")
    left = await places_left(inviter_id, budget)
    if uses > left:
        raise QuotaExceeded(
            f"You can give away {left} more place{'' if left == 1 else 's'}; of {budget} in {BUDGET_DAYS} days.",
            ["uses"],
        )


async def places_left(inviter_id: int, budget: int) -> int:
    """How many places somebody can give away yet."""
    given: int = await fetch_value(
        f"""SELECT coalesce(sum(CASE WHEN {_LIVE} THEN i.uses ELSE i.used END), 0) FROM invitations i
        WHERE i.inviter_id = $1 AND (i.created_at > now() - make_interval(days => $2) OR {_LIVE})""",
        inviter_id,
        BUDGET_DAYS,
    )
    return max(0, budget - given)


async def revoke(inviter_id: int, invitation_id: int) -> None:
    """Have nobody come in by an invitation any more; twice is the same as once. Raises NotFound for another's."""
    rows = await fetch(
        "UPDATE invitations SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1 AND inviter_id = $2 RETURNING 1",
        invitation_id,
        inviter_id,
    )
    if not rows:
        raise NotFound("There is no such invitation of yours.", ["invitationId"])


_CODE = f"""FROM invitations i LEFT JOIN users u ON u.id = i.inviter_id
    WHERE i.code_hash = $1 AND {_LIVE} AND (i.inviter_id IS NULL OR NOT u.gone)"""
NO_INVITATION = "This invitation is not valid: it was used up, is over, or was taken back. Ask for another one."


async def opens(code: str) -> bool:
    """Whether somebody can come in by this code."""
    return bool(await fetch_value(f"SELECT 1 {_CODE}", hash_of(code.strip()[: CODE_CHARACTERS * 2])))


async def use(code: str, user_id: int) -> None:
    """Let somebody new in by a code; of several for the last place one gets it. Raises NotFound. The caller holds the transaction."""
    row = await fetch_one(
        f"""UPDATE invitations SET used = used + 1 WHERE id = (SELECT i.id {_CODE} FOR UPDATE OF i) AND used < uses RETURNING id""",
        hash_of(code.strip()[: CODE_CHARACTERS * 2]),
    )
    if row is None:
        raise NotFound(NO_INVITATION, ["invitation"])
    await fetch("UPDATE users SET invitation_id = $2 WHERE id = $1", user_id, row["id"])


async def of_inviter(inviter_id: int, window: Window) -> list[InvitationRow]:
    """A person's invitations in a window, newest first."""
    rows = await fetch(
        f"SELECT i.*, {_LIVE} AS is_open FROM invitations i WHERE i.inviter_id = $1 AND i.id < $2 AND i.id > $3"
        f" ORDER BY i.id {window.direction} LIMIT $4",
        inviter_id,
        window.older_than,
        window.newer_than,
        window.limit,
    )
    return sorted((_row(row) for row in rows), key=lambda row: row.id, reverse=True)


async def one_of(inviter_id: int, invitation_id: int) -> InvitationRow | None:
    """An invitation of a person's own."""
    row = await fetch_one(
        f"SELECT i.*, {_LIVE} AS is_open FROM invitations i WHERE i.id = $1 AND i.inviter_id = $2",
        invitation_id,
        inviter_id,
    )
    return None if row is None else _row(row)


async def invited_by(invitation_id: int) -> Sequence[int]:
    """Who came by an invitation, in their order."""
    rows = await fetch("SELECT id FROM users WHERE invitation_id = $1 ORDER BY id LIMIT $2", invitation_id, MOST_USES)
    return [row["id"] for row in rows]


async def inviter_of(user_id: int) -> int | None:
    """Who invited a person; None when they came by themselves, or by whoever runs this place."""
    found: int | None = await fetch_value(
        "SELECT i.inviter_id FROM users u JOIN invitations i ON i.id = u.invitation_id WHERE u.id = $1", user_id
    )
    return found
