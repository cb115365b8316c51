"""Signing in with an outside provider: the way there, the way back, and the links between them and us.

What belongs to one try (`state`, `nonce`, the verifier, where to go afterwards) is in a cookie of the browser that began it, sealed with
our key: nobody is signed in by an answer that another browser asked for. Linking is begun by a mutation of a signed-in page, and ends
in the same session.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import strawberry

from errors import BadInput, Conflict, Forbidden, NotFound, Refusal, Unauthenticated
from models import email_address, external_identity, step_up, user
from models.external_identity import IdentityRow, identities_of
from models.transaction import transaction
from resolvers.context import Claims, Context, Info
from resolvers.node import number_in
from resolvers.outcome import perform, refused
from resolvers.payload import Payload
from resolvers.session import admit
from resolvers.user import KEY_HELP
from resolvers.viewer_row import ViewerRow

COOKIE = "fresque_external"
COOKIE_PATH = "/login/external"
TRY_SECONDS = 600
LONGEST_NEXT = 2_000
NONE_NAMED = "Nobody outside is named here with whom one could sign in."

logger = logging.getLogger("fresque.external_login")


@strawberry.input(description="To sign in with the outside provider, or to link it to the account that is signed in.")
class StartExternalLoginInput:
    next: str = strawberry.field(description="Where to go afterwards: a path of this place.", default="/")
    link: bool = strawberry.field(
        description="True: whoever is signed in links their identity there to this account.", default=False
    )


@strawberry.input(description="A link to an outside provider that is to end.")
class UnlinkIdentityInput:
    identity_id: strawberry.ID = strawberry.field(description="One of the viewer's `externalIdentities`.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@dataclass(frozen=True, slots=True)
class ProviderRow:
    """The provider, as people are told of it."""

    name: str


@dataclass(frozen=True, slots=True)
class ExternalStartRow(Payload):
    """Where to go to prove who one is."""

    url: str | None = None


@dataclass(frozen=True, slots=True)
class UnlinkedRow(Payload):
    """Which link is gone."""

    unlinked_identity_id: str | None = None


@dataclass(frozen=True, slots=True)
class Back:
    """What becomes of a browser that comes back: where it goes, with which cookies."""

    location: str
    cookies: Sequence[tuple[str, str]] = ()


async def login_provider(info: Info) -> ProviderRow | None:
    """With whom one may sign in."""
    told = info.context.house.settings
    if info.context.house.provider is None:
        return None
    return ProviderRow(told.oidc_name or urlsplit(told.oidc_issuer).hostname or told.oidc_issuer)


async def external_identities(parent: strawberry.Parent[ViewerRow], info: Info) -> Sequence[IdentityRow]:
    """The viewer's links."""
    return await identities_of(parent.id)


async def start_external_login(info: Info, input: StartExternalLoginInput) -> ExternalStartRow:
    """The way to the provider."""
    context = info.context
    provider = context.house.provider
    try:
        if provider is None:
            raise NotFound(NONE_NAMED)
        session_id = None
        if input.link:
            context.require_writer()
            session_id = context.asker.session_id
            await step_up.require(session_id)
        elif context.asker.user_id is not None:
            raise BadInput("Somebody is signed in already.", ["link"])
        await context.house.points.try_sign_in(context.host)
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        url = await provider.address(state, nonce, verifier)
    except Refusal as refusal:
        return ExternalStartRow(refused(refusal).user_errors)
    told = {
        "state": state,
        "nonce": nonce,
        "verifier": verifier,
        "next": safe_next(input.next),
        "link": session_id,
        "until": int(time.time()) + TRY_SECONDS,
    }
    context.response_headers.append(
        ("Set-Cookie", _cookie(seal(told, context.house.settings.secret_key), TRY_SECONDS, context.secure))
    )
    return ExternalStartRow((), url)


async def unlink_identity(info: Info, input: UnlinkIdentityInput) -> UnlinkedRow:
    """End a link."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        await step_up.require(info.context.asker.session_id)
        await external_identity.unlink(viewer_id, number_in("identity", input.identity_id, "identityId"))
        return {}

    outcome = await perform(info.context, "unlinkIdentity", input, act)
    return UnlinkedRow(outcome.user_errors, input.identity_id if outcome.done else None)


async def come_back(context: Context, given: Mapping[str, str], cookie: str) -> Back:
    """Whoever comes back from the provider is signed in, or linked, or told on our page why not."""
    forgotten = ("Set-Cookie", _cookie("", 0, context.secure))
    try:
        location = await _came_back(context, given, opened(cookie, context.house.settings.secret_key))
    except Conflict as refusal:
        taken = refusal.path == ("email",)
        return Back(f"/login?why={'external_taken' if taken else 'external_linked'}", [forgotten])
    except Refusal as refusal:
        logger.warning("signing in with the provider did not work: %s", refusal.message)
        closed = isinstance(refusal, Forbidden)
        return Back(f"/login?why={'external_closed' if closed else 'external_failed'}", [forgotten])
    return Back(location, [*context.response_headers, forgotten])


async def _came_back(context: Context, given: Mapping[str, str], kept: Mapping[str, Any] | None) -> str:
    provider = context.house.provider
    if provider is None or kept is None:
        raise Unauthenticated("Nothing was begun in this browser, or too long ago.")
    if not hmac.compare_digest(given.get("state", "").encode(), str(kept["state"]).encode()):
        raise Unauthenticated("The answer is to another try.")
    if given.get("iss", provider.issuer).rstrip("/") != provider.issuer:
        raise Unauthenticated("The answer is another provider's.")
    if "error" in given or not given.get("code"):
        raise Unauthenticated("The provider said no.")
    claims = await provider.prove(given["code"], str(kept["nonce"]), str(kept["verifier"]))
    if kept["link"] is not None:
        if context.asker.session_id != kept["link"] or not context.asker.by_cookie:
            raise Unauthenticated("Whoever began to link is not signed in any more.")
        async with transaction():
            await external_identity.link(context.require_writer(), provider.issuer, claims.subject)
        return str(kept["next"])
    return await _let_in(context, provider.issuer, claims, str(kept["next"]))


async def _let_in(context: Context, issuer: str, claims: Claims, onward: str) -> str:
    """Where somebody goes whom the provider has proven: on, or to the second factor that their account asks for."""
    user_id = await external_identity.user_of(issuer, claims.subject)
    if user_id is None:
        user_id = await _opened_account(context, issuer, claims)
    entered = await admit(context, user_id, bearer=False)
    waiting = entered.pending_login
    if waiting is None:
        return onward
    # Behind the `#`, which no server and no log is shown.
    told = urlencode({"pending": waiting.token, "factors": ",".join(factor.value for factor in waiting.factors)})
    return f"/login?{urlencode({'next': onward})}#{told}"


async def _opened_account(context: Context, issuer: str, claims: Claims) -> int:
    if context.house.settings.sign_up_mode != "open":
        raise Forbidden("Sign-up is closed here.")
    if claims.email is None or not claims.email_verified:
        raise Unauthenticated("The provider knows no verified address.")
    await context.house.points.sign_up(context.host)
    async with transaction():
        user_id = await external_identity.open_account(
            issuer, claims.subject, claims.email, claims.name, claims.nickname
        )
        await email_address.note_confirmed(user_id, user.checked_email(claims.email))
    return user_id


def safe_next(wanted: str) -> str:
    """A path of ours, or home: never an address that leads elsewhere."""
    fine = len(wanted) <= LONGEST_NEXT and wanted.isascii() and wanted.isprintable() and "\\" not in wanted
    if not fine or not wanted.startswith("/") or wanted.startswith("//") or " " in wanted:
        return "/"
    return wanted


def seal(told: Mapping[str, Any], secret_key: str) -> str:
    """A text that nobody else can have made."""
    body = urlsafe_b64encode(json.dumps(told).encode()).decode()
    return f"{body}.{_mac(body, secret_key)}"


def opened(text: str, secret_key: str) -> Mapping[str, Any] | None:
    """What was sealed; None for anything else, and when its time is over."""
    body, _, mac = text.partition(".")
    if not hmac.compare_digest(mac.encode(), _mac(body, secret_key).encode()):
        return None
    told: dict[str, Any] = json.loads(urlsafe_b64decode(body))
    return told if told["until"] > time.time() else None


def _mac(body: str, secret_key: str) -> str:
    return hmac.digest(secret_key.encode(), b"fresque external login\0" + body.encode(), hashlib.sha256).hex()


def _cookie(value: str, seconds: int, secure: bool) -> str:
    parts = [f"{COOKIE}={value}", f"Path={COOKIE_PATH}", "HttpOnly", "SameSite=Lax", f"Max-Age={seconds}"]
    return "; ".join([*parts, "Secure"] if secure else parts)
