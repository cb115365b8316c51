"""An OpenID Connect provider on this machine: discovery, keys, codes with PKCE, identities with real signatures; and its faults."""

from __future__ import annotations

import secrets
import time
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from aiohttp import web
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from tests.engines.loopback import served

CLIENT, SECRET = "fresque", "a secret/with+signs"


@dataclass(slots=True)
class OidcServer:
    """The provider. `claims` are put into the next identity over what is right; `key` signs, `published` is told."""

    issuer: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "first", "use": "sig"}))
    published: list[RSAKey] = field(default_factory=list)
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    symmetric: str = ""  # signs with this and HS256 in place of its key
    status: int = 200
    waiting: dict[str, dict[str, str]] = field(default_factory=dict)
    asked_keys: int = 0

    def visited(self, url: str, subject: str, **claims: Any) -> dict[str, str]:
        """What a browser comes back with whose person proved here to be `subject`."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert url.startswith(f"{self.issuer}/authorize?")
        assert (asked["response_type"], asked["client_id"], asked["code_challenge_method"]) == ("code", CLIENT, "S256")
        assert "openid" in asked["scope"].split(" ")
        code = secrets.token_urlsafe(16)
        self.waiting[code] = {**asked, "sub": subject}
        self.claims = claims
        return {"code": code, "state": asked["state"], "iss": self.issuer}

    async def about(self, request: web.Request) -> web.Response:
        return web.json_response(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            }
        )

    async def keys(self, request: web.Request) -> web.Response:
        self.asked_keys += 1
        return web.json_response({"keys": [key.as_dict(private=False) for key in self.published or [self.key]]})

    async def token(self, request: web.Request) -> web.Response:
        form = await request.post()
        shown = b64decode(request.headers["Authorization"].removeprefix("Basic ")).decode()
        assert shown == f"{CLIENT}:{urlencode({'': SECRET})[1:].replace('+', '%20')}"
        kept = self.waiting.pop(str(form["code"]), None)
        if kept is None or self.status != 200:
            return web.json_response({"error": "invalid_grant"}, status=400 if self.status == 200 else self.status)
        assert create_s256_code_challenge(str(form["code_verifier"])) == kept["code_challenge"]
        assert form["redirect_uri"] == kept["redirect_uri"]
        now = int(time.time())
        told = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": kept["sub"],
            "iat": now,
            "exp": now + 300,
            "nonce": kept["nonce"],
        }
        told = {name: value for name, value in (told | self.claims).items() if value is not None}
        header = {"alg": "RS256", "kid": "first"} | self.header
        if header["alg"] == "HS256":
            signed = jwt.encode(header, told, OctKey.import_key(self.symmetric), ["HS256"])
        elif header["alg"] == "none":
            signed = jwt.encode({"alg": "none"}, told, None, ["none"])  # type: ignore[arg-type]
        else:
            signed = jwt.encode(header, told, self.key)
        return web.json_response({"access_token": "x", "token_type": "Bearer", "id_token": signed})


@asynccontextmanager
async def oidc() -> AsyncIterator[OidcServer]:
    """One, running."""
    server = OidcServer()
    application = web.Application()
    application.add_routes(
        [
            web.get("/.well-known/openid-configuration", server.about),
            web.get("/keys", server.keys),
            web.post("/token", server.token),
        ]
    )
    async with served(application) as url:
        server.issuer = url
        yield server
