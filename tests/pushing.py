"""A browser that is told at once: its keys, what it opens of what comes, and who sends it (RFC 8291 as a receiver reads it)."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from asyncpg import Record
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from models import node_id
from models.database import fetch
from models.push import Parcel
from outside.client import Client
from outside.push import Herald
from tests.people import Person
from tests.receiver import Got
from tests.selection import mutation
from work import push
from work.courier import Courier

HOST = "127.0.0.1"
SUBSCRIBE = mutation("subscribeToPush")
UNSUBSCRIBE = mutation("unsubscribeFromPush")
_numbers = itertools.count(1)


def text_of(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def bytes_of(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _hmac(key: bytes, data: bytes) -> bytes:
    return hmac.digest(key, data, hashlib.sha256)


@dataclass(slots=True)
class Receiving:
    """One browser's subscription. `open` gives what was sealed for it; whoever else seals or is sealed for cannot."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: os.urandom(16))
    endpoint: str = field(
        default_factory=lambda: f"https://push.example.org/{next(_numbers)}/{text_of(os.urandom(12))}"
    )

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )

    @property
    def given(self) -> dict[str, str]:
        """The input of `subscribeToPush`."""
        return {"endpoint": self.endpoint, "p256dh": text_of(self.public), "auth": text_of(self.auth)}

    def open(self, body: bytes) -> bytes:
        """The text of a message of one record, by HMAC alone, step by step as RFC 8291 §3.4 and RFC 8188 §2 have it."""
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        theirs, sealed = body[21 : 21 + length], body[21 + length :]
        assert len(body) <= 4_096
        assert len(sealed) <= size
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
        mixed = _hmac(self.auth, shared)
        secret = _hmac(mixed, b"WebPush: info\0" + self.public + theirs + b"\x01")
        root = _hmac(salt, secret)
        sealing = _hmac(root, b"Content-Encoding: aes128gcm\0\x01")[:16]
        nonce = _hmac(root, b"Content-Encoding: nonce\0\x01")[:12]
        text = AESGCM(sealing).decrypt(nonce, sealed, None).rstrip(b"\0")
        assert text[-1:] == b"\x02", "the last record"
        return text[:-1]

    def said(self, got: Got) -> dict[str, Any]:
        """What a request says."""
        found: dict[str, Any] = orjson.loads(self.open(got.body))
        return found


def inputs_of_telling() -> dict[str, dict[str, Any]]:
    """Inputs of every mutation about what one is told of, that are good or name nothing."""
    return {
        "markNotificationsRead": {"until": "k5"},
        "updateNotificationFilters": {"newAccounts": "ACCEPT"},
        "updateNotificationSwitch": {"kind": "LIKE"},
        "updateDigest": {"frequency": "DAILY"},
        "subscribeToPush": Receiving().given,
        "unsubscribeFromPush": {"pushSubscriptionId": node_id.encode("push", 5)},
    }


def check_ticket(header: str, public_key: str) -> dict[str, Any]:
    """What a VAPID ticket claims. Fails when it is not signed with this key."""
    scheme, _, rest = header.partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    assert scheme == "vapid"
    assert parts["k"] == public_key
    head, claims, signature = parts["t"].split(".")
    raw = bytes_of(signature)
    pair = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bytes_of(public_key))
    try:
        key.verify(pair, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as wrong:
        raise AssertionError("somebody else signed this") from wrong
    assert orjson.loads(bytes_of(head)) == {"typ": "JWT", "alg": "ES256"}
    found: dict[str, Any] = orjson.loads(bytes_of(claims))
    return found


async def _nowhere(host: str, port: int) -> Sequence[str]:
    return [HOST] if host == HOST else []


def courier(herald: Herald) -> Courier[Parcel]:
    """A sender that reaches this machine alone."""
    return push.courier(Client([HOST], _nowhere), herald)


async def sent(herald: Herald) -> None:
    """Send what is due, once."""
    one = courier(herald)
    while await one.turn():
        await one.idle()


async def subscribe(person: Person, browser: Receiving, url: str) -> str:
    """Have somebody's browser told, which listens on this machine; the subscription's id."""
    number: str = (await person.do(SUBSCRIBE, **browser.given))["pushSubscription"]["id"]
    # The API takes public names alone; where one leads is asked when something is sent.
    await fetch("UPDATE push_subscriptions SET endpoint = $2 WHERE endpoint = $1", browser.endpoint, url)
    browser.endpoint = url
    return number


async def pushes_of(endpoint: str) -> Sequence[Record]:
    """What a browser is to be told, in order."""
    return await fetch(
        "SELECT p.* FROM pushes p JOIN push_subscriptions s ON s.id = p.subscription_id WHERE s.endpoint = $1 ORDER BY p.id",
        endpoint,
    )


async def make_due(endpoint: str) -> None:
    """Let every pause and every lease of a browser's pushes be over."""
    await fetch(
        """UPDATE pushes SET due_at = now() - interval '1 second', lease_until = lease_until - interval '1 hour'
        WHERE state = 'WAITING' AND subscription_id IN (SELECT id FROM push_subscriptions WHERE endpoint = $1)""",
        endpoint,
    )
