"""What is given to the mutations around getting in: addresses, forgotten passwords, invitations."""

from __future__ import annotations

from typing import Any

PASSWORD = "correct horse battery staple"  # noqa: S105  # everybody's, in tests
NOTHING_BUT_A_KEY = ("requestEmailConfirmation", "cancelEmailChange")


def entry_inputs(handle: str, invitation: str, password: str = PASSWORD) -> dict[str, dict[str, Any]]:
    """Inputs by the mutation's name, with which it would be all right but for the tokens, which come in letters."""
    return {
        **{name: {} for name in NOTHING_BUT_A_KEY},
        "signUp": {"handle": f"{handle}x", "email": f"{handle}x@example.org", "password": password, "bearer": True},
        "confirmEmail": {"token": "x"},
        "changeEmail": {"email": f"{handle}y@example.org", "password": password},
        "requestPasswordReset": {"email": f"{handle}@example.org"},
        "resetPassword": {"token": "x", "newPassword": "other words that nobody guesses"},
        "createInvitation": {"uses": 2},
        "revokeInvitation": {"invitationId": invitation},
    }
