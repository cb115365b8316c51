"""The answers of the OAuth addresses: tokens for codes and for refresh tokens, revoking, registering, and what all of it can do.

Each gives a status and a JSON object, as RFC 6749, 7009, 7591, 8414 and 9728 have them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from authlib.oauth2.rfc8414 import AuthorizationServerMetadata

from errors import BadInput, RateLimited
from models import app, app_grant, app_session
from models.app import AppRow
from models.app_session import Tokens
from models.redirect import place_of
from models.scope import NAMES, scopes_in
from models.transaction import transaction
from resolvers.context import House

Answer = tuple[int, dict[str, Any]]
Basic = tuple[str, str] | None
"""Name and secret of a client in `Authorization: Basic`."""

Shared = Callable[[], House]
"""What the process shares, once it has started."""

LONGEST_CODE = 200
POINTS = 5  # of the address that asks, whoever it speaks for
METHODS = ("none", "client_secret_basic", "client_secret_post")
GRANTS = ("authorization_code", "refresh_token")
WRONG_GRANT: Answer = (400, {"error": "invalid_grant", "error_description": "It is not good, or not any more."})
WRONG_CLIENT: Answer = (
    401,
    {"error": "invalid_client", "error_description": "The client is unknown or its secret is wrong."},
)


def failed(error: str, why: str, status: int = 400) -> Answer:
    """An error as OAuth has them."""
    return status, {"error": error, "error_description": why}


async def token(shared: Shared, form: Mapping[str, str], basic: Basic, host: str) -> Answer:
    """Tokens for a code, or for a refresh token. Raises RateLimited."""
    await _charge(shared(), host)
    client = await _client(form, basic)
    if not isinstance(client, AppRow):
        return client
    kind = form.get("grant_type")
    if kind == "authorization_code":
        code, verifier = form.get("code", ""), form.get("code_verifier", "")
        if not code or not verifier:
            return failed("invalid_request", "A code needs its code_verifier.")
        async with transaction():
            found = await app_grant.exchange(
                client.id, code[:LONGEST_CODE], verifier[:LONGEST_CODE], form.get("redirect_uri")
            )
        return _told(found)
    if kind == "refresh_token":
        scopes = None
        if form.get("scope"):
            read = scopes_in(form["scope"])
            if read is None:
                return failed("invalid_scope", "One of the scopes is none of ours.")
            scopes = [scope.value for scope in read]
        async with transaction():
            found = await app_session.renew(
                client.id, form.get("refresh_token", "")[:LONGEST_CODE], shared().settings.secret_key, scopes
            )
        return _told(found)
    return failed("unsupported_grant_type", "Only authorization_code and refresh_token are taken.")


async def revoke(shared: Shared, form: Mapping[str, str], basic: Basic, host: str) -> Answer:
    """End what a token is of. What is no token of this client's is answered alike. Raises RateLimited."""
    await _charge(shared(), host)
    client = await _client(form, basic)
    if not isinstance(client, AppRow):
        return client
    if not form.get("token"):
        return failed("invalid_request", "Name the token.")
    async with transaction():
        await app_session.revoke(client.id, form["token"][:LONGEST_CODE])
    return 200, {}


async def register(shared: Shared, body: bytes, host: str) -> Answer:
    """A new app that nobody stands for. Raises RateLimited."""
    house = shared()
    if house.settings.app_registrations <= 0:
        return failed("access_denied", "Apps are made by signed-in developers here: see the settings.", 403)
    await house.points.register_app(host)
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        return failed("invalid_client_metadata", "The body is one JSON object.")
    uris, name, website = given.get("redirect_uris"), given.get("client_name"), given.get("client_uri", "")
    method = given.get("token_endpoint_auth_method", "client_secret_basic")
    if not isinstance(uris, list) or not all(isinstance(one, str) for one in uris):
        return failed("invalid_redirect_uri", "redirect_uris is a list of addresses.")
    if method not in METHODS:
        return failed("invalid_client_metadata", f"token_endpoint_auth_method is one of {', '.join(METHODS)}.")
    if not _subset(given.get("grant_types"), GRANTS) or not _subset(given.get("response_types"), ("code",)):
        return failed("invalid_client_metadata", "Only codes and refresh tokens are given here.")
    if not isinstance(website, str) or not isinstance(name, str | None):
        return failed("invalid_client_metadata", "client_name and client_uri are texts.")
    try:
        async with transaction():
            number, secret = await app.create(None, name or _nameless(uris), website, uris, method != "none")
            made = await app.by_id(number)
    except BadInput as refusal:
        wrong = "invalid_redirect_uri" if refusal.path == ("redirectUris",) else "invalid_client_metadata"
        return failed(wrong, refusal.message)
    answer: dict[str, Any] = {
        "client_id": made.client_id,
        "client_id_issued_at": int(made.created_at.timestamp()),
        "client_name": made.name,
        "redirect_uris": list(made.redirect_uris),
        "token_endpoint_auth_method": method,
        "grant_types": list(GRANTS),
        "response_types": ["code"],
    }
    if secret is not None:
        answer |= {"client_secret": secret, "client_secret_expires_at": 0}
    return 201, answer


def answering(
    shared: Shared,
) -> tuple[
    Callable[[Mapping[str, str], Basic, str], Awaitable[Answer]],
    Callable[[Mapping[str, str], Basic, str], Awaitable[Answer]],
    Callable[[bytes, str], Awaitable[Answer]],
]:
    """Who answers what is sent, in the order in which the addresses take them."""
    return partial(token, shared), partial(revoke, shared), partial(register, shared)


def metadata(issuer: str, registers: bool) -> dict[str, Any]:
    """What this authorization server can do (RFC 8414)."""
    found = AuthorizationServerMetadata(
        {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/oauth/token",
            "revocation_endpoint": f"{issuer}/oauth/revoke",
            **({"registration_endpoint": f"{issuer}/oauth/register"} if registers else {}),
            "scopes_supported": list(NAMES),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": list(GRANTS),
            "token_endpoint_auth_methods_supported": list(METHODS),
            "revocation_endpoint_auth_methods_supported": list(METHODS),
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
            "ui_locales_supported": ["en", "fr"],
        }
    )
    return dict(found)


def resource(issuer: str, path: str = "") -> dict[str, Any]:
    """Where tokens for a resource of ours come from (RFC 9728)."""
    return {
        "resource": issuer + path,
        "authorization_servers": [issuer],
        "scopes_supported": list(NAMES),
        "bearer_methods_supported": ["header"],
        "resource_name": "Fresque",
    }


def published(issuer: str, registers: bool) -> dict[str, dict[str, Any]]:
    """What stands under which address."""
    place = "/.well-known/oauth-protected-resource"
    return {
        "/.well-known/oauth-authorization-server": metadata(issuer, registers),
        place: resource(issuer),
        f"{place}/graphql": resource(issuer, "/graphql"),
    }


def challenge(issuer: str) -> str:
    """What a request with a bad token is told: that it is bad, and where good ones come from."""
    return f'Bearer error="invalid_token", resource_metadata="{issuer}/.well-known/oauth-protected-resource/graphql"'


async def _charge(house: House, host: str) -> None:
    standing = await house.points.charge(None, None, host, POINTS)
    if standing is not None and not standing.allowed:
        raise RateLimited("Too much was asked from here.", retry_after=math.ceil(standing.retry_after))


async def _client(form: Mapping[str, str], basic: Basic) -> AppRow | Answer:
    if basic is not None and ("client_secret" in form or form.get("client_id", basic[0]) != basic[0]):
        return failed("invalid_request", "A client says who it is in one way.")
    name, secret = basic or (form.get("client_id", ""), form.get("client_secret"))
    known = await app.client(name[:LONGEST_CODE])
    if known is None or not await app.proves(known, secret or None):
        return WRONG_CLIENT
    return known


def _told(tokens: Tokens | None) -> Answer:
    if tokens is None:
        return WRONG_GRANT
    return 200, {
        "access_token": tokens.access,
        "token_type": "Bearer",
        "expires_in": tokens.seconds,
        "refresh_token": tokens.refresh,
        "scope": " ".join(tokens.scopes),
    }


def _subset(given: object, known: tuple[str, ...]) -> bool:
    return given is None or (isinstance(given, list) and all(one in known for one in given))


def _nameless(uris: list[str]) -> str:
    return place_of(uris[0])[:60] if uris else "App"
