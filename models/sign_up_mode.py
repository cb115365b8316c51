"""Who may open an account here."""

from __future__ import annotations

from enum import Enum


class SignUpMode(Enum):
    """Anybody, who has an invitation, or nobody."""

    OPEN = "OPEN"
    INVITE = "INVITE"
    CLOSED = "CLOSED"


def mode_of(told: str) -> SignUpMode:
    """What `SIGN_UP_MODE` says. Raises SystemExit for what it cannot say: a door is not left open by a slip of the pen."""
    try:
        return SignUpMode(told.strip().upper())
    except ValueError:
        raise SystemExit("SIGN_UP_MODE is open, invite or closed.") from None
