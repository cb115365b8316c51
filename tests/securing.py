"""Second factors in tests: an authenticator app, and an authenticator of passkeys, written apart from what checks them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import struct
import time
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from models import node_id
from models.database import fetch, fetch_value
from tests.people import PASSWORD, Person, Town
from tests.selection import mutation

UP, UV, BE, BS, AT = 0x01, 0x04, 0x08, 0x10, 0x40
KEY_ALONE = ("revokeOtherSessions", "beginTotp", "removeTotp", "renewRecoveryCodes")
"""Mutations whose input has nothing but the key."""
SIGNING_LISTS = {
    "AccountSecurity.passkeys",
    "PendingLogin.factors",
    *(f"{name}Payload.recoveryCodes" for name in ("ConfirmTotp", "RenewRecoveryCodes", "AddPasskey")),
    *(f"{name}Payload.revokedSessionIds" for name in ("AddPasskey", "ConfirmTotp", "RemoveTotp", "RemovePasskey")),
}
"""Lists that are short by a rule of the house."""
SECURITY = """{ viewer { security { asksSecondFactor totpEnabledAt recoveryCodesLeft reauthenticatedUntil
    passkeys { id name isSynced createdAt lastUsedAt } } } }"""
LOG_IN = """mutation($input: LogInInput!) { logIn(input: $input) { viewer { user { id } } token
    pendingLogin { token factors expiresAt } userErrors { code message path } } }"""


def security_inputs(passkey: str) -> dict[str, dict[str, Any]]:
    """Inputs of the mutations about second factors that take a key."""
    return {
        "beginTotp": {},
        "confirmTotp": {"code": "000000"},
        "removeTotp": {},
        "renewRecoveryCodes": {},
        "addPasskey": {"credential": "{}", "name": "x"},
        "renamePasskey": {"passkeyId": passkey, "name": "y"},
        "removePasskey": {"passkeyId": passkey},
    }


def signing_inputs() -> dict[str, dict[str, Any]]:
    """Inputs of those that take none."""
    return {
        "completeLogIn": {"loginToken": "garbage", "proof": {"code": "000000"}},
        "logInWithPasskey": {"passkey": "{}"},
        "beginPasskey": {"purpose": "LOG_IN"},
        "reauthenticate": {"proof": {"password": "wrong"}},
    }


async def passkey_row(owner: Person) -> str:
    """A passkey of somebody's that no authenticator has."""
    number = await fetch_value(
        """INSERT INTO passkeys (user_id, credential_id, public_key, sign_count, transports, is_synced, name)
        VALUES ($1, $2, '\\x00', 0, '{}', false, 'Mine') RETURNING id""",
        node_id.number_of("user", owner.id),
        secrets.token_bytes(16),
    )
    return node_id.encode("passkey", number)


async def forget_proof(person: Person) -> None:
    """An hour goes by since anybody proved who has this person's sessions."""
    number = node_id.number_of("user", person.id)
    await fetch("UPDATE sessions SET proven_at = now() - interval '1 hour' WHERE user_id = $1", number)


async def forget_step(person: Person) -> None:
    """Time goes by since a code was last used, so that the next need not be waited for."""
    await fetch("UPDATE totp_factors SET last_step = 0 WHERE user_id = $1", node_id.number_of("user", person.id))


async def security(person: Person) -> dict[str, Any]:
    """What the person's account asks for."""
    found: dict[str, Any] = (await person.ask(SECURITY))["viewer"]["security"]
    return found


async def log_in(town: Town, login: str, password: str = PASSWORD, *, bearer: bool = True) -> dict[str, Any]:
    """The payload of signing in."""
    found: dict[str, Any] = (await town.ask(LOG_IN, input={"login": login, "password": password, "bearer": bearer}))[
        "logIn"
    ]
    return found


async def complete(town: Town, token: str, **proof: str) -> dict[str, Any]:
    """The payload of the second step."""
    done = await town.ask(mutation("completeLogIn"), input={"loginToken": token, "proof": proof})
    found: dict[str, Any] = done["completeLogIn"]
    return found


@dataclass(slots=True)
class App:
    """An authenticator app."""

    secret: str = field(repr=False)

    def code(self, later: int = 0) -> str:
        """The code of this half minute, or of one `later`."""
        padded = self.secret + "=" * (-len(self.secret) % 8)
        step = int(time.time()) // 30 + later
        mac = hmac.new(base64.b32decode(padded), struct.pack(">Q", step), hashlib.sha1).digest()
        place = mac[19] & 15
        return str((struct.unpack(">I", mac[place : place + 4])[0] & 0x7FFFFFFF) % 1_000_000).zfill(6)


async def with_app(person: Person) -> tuple[App, list[str]]:
    """Set up an app; it and the recovery codes that came with it."""
    begun = await person.do(mutation("beginTotp"))
    app = App(begun["secret"])
    done = await person.do(mutation("confirmTotp"), code=app.code())
    await forget_step(person)
    return app, done["recoveryCodes"] or []


def text64(data: bytes) -> str:
    """URL-safe base64 without padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


@dataclass(slots=True)
class Key:
    """An authenticator with one passkey, and the browser around it."""

    origin: str
    domain: str
    flags: int = UP | UV
    count: int = 0
    steps: int = 1  # by which the count goes on; 0 for one that does not count
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    handle: bytes = b""

    @classmethod
    def of(cls, town: Town, **more: Any) -> Key:
        """One in a browser on our own page."""
        return cls(town.url, town.url.split("//")[1].split(":")[0], **more)

    def _said(self, kind: str, options: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _data(self, more: bytes = b"", flags: int = 0) -> bytes:
        self.count += self.steps
        return hashlib.sha256(self.domain.encode()).digest() + struct.pack(">BI", self.flags | flags, self.count) + more

    def create(self, options: str) -> str:
        """What `navigator.credentials.create` gives."""
        asked = json.loads(options)
        self.handle = base64.urlsafe_b64decode(asked["user"]["id"] + "==")
        numbers = self.private.public_key().public_numbers()
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})
        kept = bytes(16) + struct.pack(">H", len(self.id)) + self.id + public
        statement = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": self._data(kept, AT)})
        response = {
            "clientDataJSON": text64(self._said("webauthn.create", asked)),
            "attestationObject": text64(statement),
            "transports": ["internal"],
        }
        return self._answer(response)

    def get(self, options: str) -> str:
        """What `navigator.credentials.get` gives."""
        said = self._said("webauthn.get", json.loads(options))
        data = self._data()
        signature = self.private.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": text64(said),
            "authenticatorData": text64(data),
            "signature": text64(signature),
            "userHandle": text64(self.handle),
        }
        return self._answer(response)

    def _answer(self, response: dict[str, Any]) -> str:
        return json.dumps({"id": text64(self.id), "rawId": text64(self.id), "type": "public-key", "response": response})


async def options(person: Person, purpose: str, **more: str) -> str:
    """What a browser is asked for this purpose."""
    found: str = (await person.do(mutation("beginPasskey"), purpose=purpose, **more))["options"]
    return found


async def with_passkey(person: Person, key: Key | None = None, name: str = "Laptop") -> tuple[Key, dict[str, Any]]:
    """Add a passkey; its authenticator, and the payload."""
    key = key or Key.of(person.town)
    made = key.create(await options(person, "REGISTER"))
    return key, await person.do(mutation("addPasskey"), credential=made, name=name)
