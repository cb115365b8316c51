"""An app asks to act for the viewer: what it asks for, and the viewer's answer. Only who has signed in by themselves gets here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import strawberry

from errors import BadInput, Forbidden
from models import app_grant, authorization, step_up
from models.authorization import Asking, AuthorizationProblem
from models.card import UserRow
from models.redirect import is_claimed, is_loopback, place_of
from models.scope import Scope, ordered
from resolvers.context import Context, Info
from resolvers.outcome import perform
from resolvers.payload import Payload
from resolvers.user import KEY_HELP

PARAMETERS_HELP = (
    "The query string with which the app sent the viewer to `/authorize`, as it came; at most 8,000 characters."
)


@strawberry.input(description="The viewer's answer to an app that asks to act for them.")
class AuthorizeAppInput:
    parameters: str = strawberry.field(description=PARAMETERS_HELP)
    ticket: str = strawberry.field(description="The `ticket` of the `authorizationRequest` that the viewer was shown.")
    allow: bool = strawberry.field(description="True: it may; false: it may not.")
    remember: bool = strawberry.field(
        description="Whether the viewer need not be asked when it asks for the same again.", default=False
    )
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@dataclass(frozen=True, slots=True)
class AuthorizationRow:
    """A request as the viewer is shown it."""

    problem: AuthorizationProblem | None = None
    app_name: str | None = None
    website: str | None = None
    developer_id: int | None = None
    destination: str | None = None
    is_on_device: bool = False
    scopes: Sequence[Scope] = ()
    granted_scopes: Sequence[Scope] = ()
    is_remembered: bool = False
    refusal_uri: str | None = None
    ticket: str | None = None


@dataclass(frozen=True, slots=True)
class AuthorizedRow(Payload):
    """Where the viewer goes from here."""

    redirect_uri: str | None = None


async def authorization_request(info: Info, parameters: str) -> AuthorizationRow:
    """What an app asks for."""
    context = info.context
    asking = await authorization.read(parameters, context.house.settings.base_url)
    if isinstance(asking, AuthorizationProblem):
        return AuthorizationRow(asking)
    shown = AuthorizationRow(
        None,
        asking.app.name,
        asking.app.website or None,
        asking.app.owner_id,
        place_of(asking.redirect_uri),
        is_loopback(asking.redirect_uri),
        asking.scopes,
    )
    issuer = context.house.settings.base_url
    if asking.error is not None:
        return replace(shown, refusal_uri=asking.refused(issuer, *asking.error))
    session_id = context.asker.session_id
    if context.asker.user_id is None or session_id is None:
        return shown
    before = await app_grant.kept(context.viewer_id, asking.app.id)
    granted = ordered(scope for scope in asking.scopes if scope.value in before.scopes)
    return replace(
        shown,
        granted_scopes=granted,
        is_remembered=await _is_remembered(context.viewer_id, asking),
        ticket=authorization.ticket(context.house.settings.secret_key, session_id, parameters),
    )


async def developer(parent: strawberry.Parent[AuthorizationRow], info: Info) -> UserRow | None:
    """Who made the app."""
    number = parent.developer_id
    return None if number is None else await info.context.loaders.users.load(number)


async def authorize_app(info: Info, input: AuthorizeAppInput) -> AuthorizedRow:
    """Answer the app. A call that is repeated under its key is told nothing, since the code is kept nowhere."""
    told: str | None = None
    context = info.context

    async def act(viewer_id: int) -> Mapping[str, Any]:
        nonlocal told
        asking = await _looked_at(context, input)
        issuer = context.house.settings.base_url
        if not input.allow:
            told = asking.refused(issuer)
            return {}
        if not await _is_remembered(viewer_id, asking):
            await step_up.require(context.asker.session_id)
        remember = input.remember and not is_loopback(asking.redirect_uri) and is_claimed(asking.redirect_uri)
        code = await app_grant.allow(
            viewer_id, asking.app.id, asking.scopes, asking.redirect_uri, asking.challenge, remember
        )
        told = asking.granted(issuer, code)
        return {}

    outcome = await perform(context, "authorizeApp", input, act)
    return AuthorizedRow(outcome.user_errors, told if outcome.done else None)


async def _looked_at(context: Context, input: AuthorizeAppInput) -> Asking:
    session_id, key = context.asker.session_id, context.house.settings.secret_key
    if session_id is None or not authorization.is_good(input.ticket, key, session_id, input.parameters):
        raise Forbidden("This was not what you were asked, or too long ago. Look at it again.", ["ticket"])
    asking = await authorization.read(input.parameters, context.house.settings.base_url)
    if isinstance(asking, AuthorizationProblem) or asking.error is not None:
        raise BadInput("This request cannot be answered.", ["parameters"])
    return asking


async def _is_remembered(viewer_id: int, asking: Asking) -> bool:
    """Whether the person said yes to all of this before, and that they need not be asked again."""
    before = await app_grant.kept(viewer_id, asking.app.id)
    everything = before.scopes.issuperset(scope.value for scope in asking.scopes)
    return before.remembered and everything and _may_be_remembered(asking)


def _may_be_remembered(asking: Asking) -> bool:
    """Whether nobody but the app can be answered there (RFC 8252 §8.6), and it does not want the person to be asked."""
    return is_claimed(asking.redirect_uri) and not asking.asks_again
