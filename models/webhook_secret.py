"""Secrets of webhooks, and signatures after Standard Webhooks 1.0.

A secret is derived from `SECRET_KEY` and the salt of the webhook's row, so that the database alone signs nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import b64encode
from collections.abc import Sequence

SALT_BYTES = 24
SHORTEST_KEY_CHARACTERS = 32
PREFIX = "whsec_"


def can_sign(secret_key: str) -> bool:
    """Whether this is a `SECRET_KEY` that is long enough."""
    return len(secret_key) >= SHORTEST_KEY_CHARACTERS


def new_salt() -> bytes:
    """A salt for a new secret."""
    return secrets.token_bytes(SALT_BYTES)


def secret_of(salt: bytes, secret_key: str) -> str:
    """The secret as its owner is told it. Raises ValueError for a `SECRET_KEY` that is too short."""
    return PREFIX + b64encode(_key(salt, secret_key)).decode()


def sign(salts: Sequence[bytes], secret_key: str, message_id: str, seconds: int, body: bytes) -> str:
    """The value of `webhook-signature`: one signature for each secret that counts; `seconds` is Unix time."""
    told = f"{message_id}.{seconds}.".encode() + body
    made = (hmac.digest(_key(salt, secret_key), told, hashlib.sha256) for salt in salts)
    return " ".join(f"v1,{b64encode(one).decode()}" for one in made)


def _key(salt: bytes, secret_key: str) -> bytes:
    if not can_sign(secret_key):
        raise ValueError(f"SECRET_KEY needs at least {SHORTEST_KEY_CHARACTERS} characters.")
    return hmac.digest(secret_key.encode(), b"fresque webhook\0" + salt, hashlib.sha256)
