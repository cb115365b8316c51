"""Secrets that we must be able to read again, sealed with AES-256-GCM under a key that is derived from `SECRET_KEY`.

What is sealed belongs to one purpose and one owner: put beside another's row it does not open. The database alone opens nothing.
"""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12
KEY_BYTES = 32
SHORTEST_KEY_CHARACTERS = 32


class Unsealable(Exception):
    """It was sealed with another key, for another owner, or is damaged."""


def derived(secret_key: str, purpose: str) -> bytes:
    """The key for one purpose. Raises ValueError for a `SECRET_KEY` that is too short."""
    if len(secret_key) < SHORTEST_KEY_CHARACTERS:
        raise ValueError(f"SECRET_KEY needs at least {SHORTEST_KEY_CHARACTERS} characters.")
    return HKDF(SHA256(), KEY_BYTES, None, f"fresque {purpose}".encode()).derive(secret_key.encode())


def sealed(secret: bytes, owner: int, purpose: str, secret_key: str) -> bytes:
    """The secret as it is kept."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(derived(secret_key, purpose)).encrypt(nonce, secret, str(owner).encode())


def opened(kept: bytes, owner: int, purpose: str, secret_key: str) -> bytes:
    """The secret that was sealed. Raises Unsealable."""
    try:
        return AESGCM(derived(secret_key, purpose)).decrypt(kept[:NONCE_BYTES], kept[NONCE_BYTES:], str(owner).encode())
    except (InvalidTag, ValueError) as error:
        raise Unsealable("This was sealed with another key.") from error
