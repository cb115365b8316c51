"""Secrets that are worked out of `SECRET_KEY` and a row, so that no table has them: whoever reads the database alone can use none."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode

NONCE_BYTES = 16
SHORTEST_KEY_CHARACTERS = 32


def new_nonce() -> str:
    """What makes a row's secret another than that of any other row."""
    return secrets.token_hex(NONCE_BYTES)


def secret_of(secret_key: str, purpose: str, nonce: str) -> str:
    """The secret of a row: 43 characters that stand in an address as they are. Raises ValueError when `SECRET_KEY` is short."""
    if len(secret_key) < SHORTEST_KEY_CHARACTERS:
        raise ValueError(f"SECRET_KEY needs at least {SHORTEST_KEY_CHARACTERS} characters.")
    sign = hmac.digest(secret_key.encode(), f"fresque {purpose}\0{nonce}".encode(), hashlib.sha256)
    return urlsafe_b64encode(sign).decode().rstrip("=")


def hash_of(secret: str) -> str:
    """What a table keeps in its place, and looks it up by."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()
