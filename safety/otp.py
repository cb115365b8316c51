"""One-time codes of an authenticator app: TOTP (RFC 6238) on HOTP (RFC 4226), six digits of SHA-1 every 30 seconds.

Those are the values that every app understands; some ignore any others that they are told.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import b32encode
from urllib.parse import quote, urlencode

SECRET_BYTES = 20
DIGITS = 6
STEP_SECONDS = 30
LEEWAY_STEPS = 1  # before and after: clocks differ, and people type slowly


def new_secret() -> bytes:
    """A secret for a new app: 160 random bits, as RFC 4226 asks for."""
    return secrets.token_bytes(SECRET_BYTES)


def code_of(secret: bytes, step: int) -> str:
    """The code of one step (Unix time divided by `STEP_SECONDS`)."""
    mac = hmac.digest(secret, step.to_bytes(8), hashlib.sha1)
    place = mac[-1] & 0xF
    number = int.from_bytes(mac[place : place + 4]) & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def step_of(secret: bytes, code: str, now: int) -> int | None:
    """The step, around that of `now`, whose code this is; None for a wrong one. Every candidate is compared, in constant time."""
    said = code.encode(errors="surrogatepass")
    found = None
    for step in range(max(0, now - LEEWAY_STEPS), now + LEEWAY_STEPS + 1):
        if hmac.compare_digest(code_of(secret, step).encode(), said):
            found = step
    return found


def written(secret: bytes) -> str:
    """The secret as people type it into an app: base32 without padding."""
    return b32encode(secret).decode().rstrip("=")


def address_of(secret: bytes, account: str, place: str) -> str:
    """The `otpauth:` address that a QR code carries."""
    label = quote(f"{place}:{account}", safe="@:")
    told = {"secret": written(secret), "issuer": place, "algorithm": "SHA1", "digits": DIGITS, "period": STEP_SECONDS}
    return f"otpauth://totp/{label}?{urlencode(told, quote_via=quote)}"
