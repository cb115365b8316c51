"""Signing in with somebody else: an OpenID Connect provider that whoever runs this place names. We are its client.

The code flow with PKCE, `state` and `nonce`; the identity token is believed when its signature is by a key of the provider, it is from it
and for us, not over, and of this very try. Everything is asked through the client that reaches no address that is not the world's.
"""

from __future__ import annotations

import asyncio
import json
import time
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from errors import Unauthenticated
from outside.client import Client, Unreachable
from settings import Settings

ALGORITHMS = [
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
]  # none is "none", none is symmetric
SECONDS = 15.0
MOST_BYTES = 256 * 1024
KEPT_SECONDS = 3_600
KEYS_AGAIN_SECONDS = 60  # between two looks at the keys for one that is not known
LEEWAY_SECONDS = 60
LONGEST_SUBJECT = 255
SCOPE = "openid email profile"


class NotProven(Unauthenticated):
    """Who somebody is was not proven; the sentence is for our log, and holds nothing of theirs."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What the provider says of somebody."""

    subject: str
    email: str | None
    email_verified: bool
    name: str
    nickname: str


@dataclass(slots=True)
class Provider:
    """One provider. What it publishes of itself is asked once an hour, its keys when one is not known."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    client: Client
    _about: tuple[float, Mapping[str, Any]] | None = None
    _keys: tuple[float, KeySet] | None = None
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @classmethod
    def of(cls, told: Settings) -> Provider | None:
        """The provider of these settings, if they name one."""
        if not told.oidc_issuer or not told.oidc_client_id:
            return None
        client = Client(told.outside_loopback_hosts.split(","))
        back = f"{told.base_url}/login/external/back"
        return cls(told.oidc_issuer.rstrip("/"), told.oidc_client_id, told.oidc_client_secret, back, client)

    async def address(self, state: str, nonce: str, verifier: str) -> str:
        """Where a person goes to prove who they are. Raises NotProven when the provider cannot be asked."""
        about = await self._metadata()
        parameters = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": SCOPE,
            "state": state,
            "nonce": nonce,
            "code_challenge": create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
        }
        place = str(about["authorization_endpoint"])
        return f"{place}{'&' if '?' in place else '?'}{urlencode(parameters)}"

    async def prove(self, code: str, nonce: str, verifier: str) -> Claims:
        """Who the person is that came back with this code. Raises NotProven."""
        about = await self._metadata()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": verifier,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        if self.client_secret:
            basic = f"{quote(self.client_id, safe='')}:{quote(self.client_secret, safe='')}"
            headers["Authorization"] = f"Basic {b64encode(basic.encode()).decode()}"
        else:
            form["client_id"] = self.client_id
        try:
            answer = await self.client.post(
                str(about["token_endpoint"]), headers, urlencode(form).encode(), seconds=SECONDS, most_bytes=MOST_BYTES
            )
        except Unreachable as error:
            raise NotProven("The provider gave no answer for the code.") from error
        given = _object(answer.start) if answer.status == 200 else {}
        token = given.get("id_token")
        if not isinstance(token, str):
            raise NotProven(f"The provider gave no identity for the code (status {answer.status}).")
        return await self._read(token, nonce)

    async def _read(self, token: str, nonce: str) -> Claims:
        about = await self._metadata()
        try:
            try:
                decoded = jwt.decode(token, await self._key_set(about), ALGORITHMS)
            except ValueError:  # no key by that name: it may be new
                decoded = jwt.decode(token, await self._key_set(about, again=True), ALGORITHMS)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise NotProven(f"The identity is not signed as it must be ({type(error).__name__}).") from error
        wanted = {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": self.client_id},
            "nonce": {"essential": True, "value": nonce},
            "sub": {"essential": True},
            "exp": {"essential": True},
            "iat": {"essential": True},
        }
        claims = CodeIDToken(decoded.claims, decoded.header, wanted, {"client_id": self.client_id, "nonce": nonce})
        try:
            claims.validate(leeway=LEEWAY_SECONDS)
        except Exception as error:  # authlib's and joserfc's errors have no one ancestor
            raise NotProven(f"The identity is not for this try ({type(error).__name__}).") from error
        subject = decoded.claims["sub"]
        if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
            raise NotProven("The identity has no subject.")
        email = decoded.claims.get("email")
        verified = decoded.claims.get("email_verified") is True
        return Claims(
            subject,
            email if isinstance(email, str) else None,
            verified,
            _text(decoded.claims.get("name")),
            _text(decoded.claims.get("preferred_username") or decoded.claims.get("nickname")),
        )

    async def _metadata(self) -> Mapping[str, Any]:
        async with self._lock:
            if self._about is not None and self._about[0] > time.monotonic():
                return self._about[1]
            about = await self._get(f"{self.issuer}/.well-known/openid-configuration")
            if str(about.get("issuer", "")).rstrip("/") != self.issuer:
                raise NotProven("The provider says it is another.")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                if urlsplit(str(about.get(name, ""))).scheme not in ("https", "http"):
                    raise NotProven(f"The provider has no {name}.")
            self._about = time.monotonic() + KEPT_SECONDS, about
            return about

    async def _key_set(self, about: Mapping[str, Any], again: bool = False) -> KeySet:
        async with self._lock:
            now = time.monotonic()
            if self._keys is not None:
                age = now - self._keys[0]
                if age < KEYS_AGAIN_SECONDS or (not again and age < KEPT_SECONDS):
                    return self._keys[1]
            found = KeySet.import_key_set(await self._get(str(about["jwks_uri"])))  # type: ignore[arg-type]
            self._keys = now, found
            return found

    async def _get(self, address: str) -> Mapping[str, Any]:
        try:
            page = await self.client.get(
                address, {"Accept": "application/json"}, seconds=SECONDS, most_bytes=MOST_BYTES
            )
        except Unreachable as error:
            raise NotProven("The provider cannot be asked.") from error
        if page.status != 200:
            raise NotProven(f"The provider answered with {page.status}.")
        return _object(page.body)


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise NotProven("What the provider said cannot be read.")
    return found


def _text(given: object) -> str:
    return given[:200] if isinstance(given, str) else ""
