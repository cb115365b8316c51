"""Tickets: what was found in a picture, sealed, so that nothing of the picture has to be kept until somebody asks.

Whoever holds one cannot read it, since what is found may be more than they may be told; nor can they make one.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

LIFETIME_SECONDS = 900
LONGEST_CHARACTERS = 20_000


class BadTicket(Exception):
    """It is none of ours, or its time is over."""


class Tickets:
    """Seals by the secret of an installation, for all its processes."""

    def __init__(self, secret: bytes) -> None:
        key = hmac.digest(secret, b"fresque verification ticket\0", hashlib.sha256)
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def seal(self, found: dict[str, Any]) -> str:
        """A ticket for what was found; JSON alone."""
        return self._fernet.encrypt(json.dumps(found).encode()).decode().rstrip("=")

    def open(self, ticket: str) -> Any:
        """What was found. Raises BadTicket."""
        if len(ticket) > LONGEST_CHARACTERS or not ticket.isascii():
            raise BadTicket
        try:
            return json.loads(self._fernet.decrypt(ticket + "=" * (-len(ticket) % 4), LIFETIME_SECONDS))
        except (InvalidToken, ValueError) as error:
            raise BadTicket from error
