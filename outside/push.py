"""Web Push: a message to a browser, sealed for it alone (RFC 8291, aes128gcm of RFC 8188) and signed by us (VAPID, RFC 8292).

The address of a browser is one that a stranger named: it is asked by the guarded client like any other. `python -m outside.push` prints
a new key for `VAPID_KEY`.
"""

from __future__ import annotations

import os
import re
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from enum import Enum
from urllib.parse import urlsplit

import orjson
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from outside.client import Answer, Client
from settings import Settings

POINT_BYTES = 65  # of a public key, uncompressed
AUTH_BYTES = 16
SCALAR_BYTES = 32
SALT_BYTES = 16
RECORD_BYTES = 4_096
MOST_TEXT_BYTES = 3_000  # a push service takes 4,096 sealed
PADDED_TO_BYTES = 256  # how long a message is tells less
TICKET_SECONDS = 12 * 3_600  # 24 hours at most, and clocks differ
SECONDS_FOR_AN_ANSWER = 10.0
MOST_ANSWER_BYTES = 512
_LAST = b"\x02"


class Urgency(Enum):
    """How soon a device that sleeps should hear of it."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class BadKey(Exception):
    """A key that is none; the message does not repeat it."""


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a browser hears, its public key and the secret it shares with whoever may write to it."""

    endpoint: str
    key: bytes
    auth: bytes


@dataclass(frozen=True, slots=True)
class Push:
    """What is sent: the text, how long it is of use, how soon, and under which topic it takes the place of what waits there."""

    text: bytes
    seconds: int
    urgency: Urgency
    topic: str


def text_of(raw: bytes) -> str:
    """Base64 as the web writes keys: URL-safe, without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def bytes_of(text: str) -> bytes:
    """The same, read. Raises BadKey."""
    try:
        if not text.isascii() or set(text) & set("+/ \n\r\t"):
            raise ValueError
        return urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
    except ValueError as error:
        raise BadKey("This is no key in URL-safe base64.") from error


def new_key() -> str:
    """A new private key, as `VAPID_KEY` has it."""
    return text_of(
        ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value.to_bytes(SCALAR_BYTES, "big")
    )


def seal(
    browser: Browser, text: bytes, *, salt: bytes | None = None, key: ec.EllipticCurvePrivateKey | None = None
) -> bytes:
    """The text, sealed for this browser in one record; `salt` and `key` are made anew each time but in tests. Raises BadKey."""
    ours = key or ec.generate_private_key(ec.SECP256R1())
    salt = salt or os.urandom(SALT_BYTES)
    public = _point(ours)
    shared = ours.exchange(ec.ECDH(), _public(browser.key))
    secret = _derived(shared, browser.auth, b"WebPush: info\0" + browser.key + public, 32)
    sealing = _derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", 12)
    head = salt + RECORD_BYTES.to_bytes(4, "big") + bytes([len(public)]) + public
    return head + AESGCM(sealing).encrypt(nonce, text + _LAST, None)


def padded(text: bytes) -> bytes:
    """The text with blanks at its end, which JSON does not mind, so that its length tells less. Raises ValueError when it is too long."""
    if len(text) > MOST_TEXT_BYTES:
        raise ValueError(f"At most {MOST_TEXT_BYTES} bytes are pushed.")
    return text.ljust(-(-len(text) // PADDED_TO_BYTES) * PADDED_TO_BYTES)


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def _point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def _public(raw: bytes) -> ec.EllipticCurvePublicKey:
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
    except ValueError as error:
        raise BadKey("This is no point on P-256.") from error


class Herald:
    """Who sends: our key, and how whoever runs a push service reaches us (`mailto:` or https)."""

    def __init__(self, key: str, contact: str) -> None:
        raw = bytes_of(key)
        if len(raw) != SCALAR_BYTES:
            raise BadKey("VAPID_KEY has 32 bytes; make one with `python -m outside.push`.")
        try:
            self._key = ec.derive_private_key(int.from_bytes(raw, "big"), ec.SECP256R1())
        except ValueError as error:
            raise BadKey("VAPID_KEY is no key; make one with `python -m outside.push`.") from error
        self._contact = contact

    @property
    def public_key(self) -> str:
        """What browsers subscribe with (`applicationServerKey`)."""
        return text_of(_point(self._key))

    def ticket(self, endpoint: str, now: float) -> str:
        """The value of `Authorization` for a push service: good there alone, and for hours."""
        parts = urlsplit(endpoint)
        said = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": int(now) + TICKET_SECONDS, "sub": self._contact}
        signed = f"{text_of(orjson.dumps({'typ': 'JWT', 'alg': 'ES256'}))}.{text_of(orjson.dumps(said))}"
        r, s = decode_dss_signature(self._key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
        signature = text_of(r.to_bytes(SCALAR_BYTES, "big") + s.to_bytes(SCALAR_BYTES, "big"))
        return f"vapid t={signed}.{signature}, k={self.public_key}"

    async def send(self, client: Client, browser: Browser, push: Push) -> Answer:
        """Send a message once; the answer of the push service. Raises Refused and Unreachable as the client does, BadKey."""
        headers = {
            "Authorization": self.ticket(browser.endpoint, time.time()),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(push.seconds),
            "Urgency": push.urgency.value,
            "Topic": push.topic,
        }
        body = seal(browser, padded(push.text))
        return await client.post(
            browser.endpoint, headers, body, seconds=SECONDS_FOR_AN_ANSWER, most_bytes=MOST_ANSWER_BYTES
        )


def herald_of(told: Settings) -> Herald | None:
    """Who sends by these settings; None without `VAPID_KEY`. Raises BadKey."""
    if not told.vapid_key:
        return None
    found = re.search(r"[^\s<>]+@[^\s<>]+", told.mail_from)
    return Herald(told.vapid_key, f"mailto:{found[0]}" if found else told.base_url)


def public_key_of(told: Settings) -> str | None:
    """What browsers subscribe with; None where nothing is pushed. Raises BadKey."""
    herald = herald_of(told)
    return None if herald is None else herald.public_key


if __name__ == "__main__":
    print(new_key())
