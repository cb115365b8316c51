"""Personal access tokens: made, listed, revoked. Only who has signed in by themselves gets here (`schema/scope.py`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import strawberry

from models import access_token, step_up
from models.access_token import TokenRow, token_of, tokens_of
from models.scope import Scope
from resolvers.context import Info
from resolvers.node import number_in
from resolvers.outcome import perform
from resolvers.payload import Payload
from resolvers.user import KEY_HELP
from resolvers.viewer_row import ViewerRow


@strawberry.input(description="A token for a program of the viewer's own.")
class CreateAccessTokenInput:
    name: str = strawberry.field(description="What it is for: one line of 1 to 60 characters, for the viewer alone.")
    scopes: list[Scope] = strawberry.field(description="What it may do; at least one.")
    expires_in_days: int = strawberry.field(description="After how many days it ends, 1 to 366.", default=90)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@strawberry.input(description="A token to end.")
class RevokeAccessTokenInput:
    access_token_id: strawberry.ID = strawberry.field(description="A token of the viewer's own.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@dataclass(frozen=True, slots=True)
class AccessTokenCreatedRow(Payload):
    """A token, and its text where it is told."""

    access_token: TokenRow | None = None
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class AccessTokenRevokedRow(Payload):
    """Which token ended."""

    revoked_access_token_id: str | None = None


async def access_tokens(parent: strawberry.Parent[ViewerRow], info: Info) -> Sequence[TokenRow]:
    """The viewer's tokens."""
    return await tokens_of(parent.id)


async def create_access_token(info: Info, input: CreateAccessTokenInput) -> AccessTokenCreatedRow:
    """A new token. A call that is repeated under its key gets the same token and not its text, which is kept nowhere."""
    told: str | None = None

    async def act(viewer_id: int) -> Mapping[str, Any]:
        nonlocal told
        await step_up.require(info.context.asker.session_id)
        number, told = await access_token.create(viewer_id, input.name, input.scopes, input.expires_in_days)
        return {"token": number}

    outcome = await perform(info.context, "createAccessToken", input, act)
    if not outcome.done:
        return AccessTokenCreatedRow(outcome.user_errors)
    row = await token_of(info.context.viewer_id, outcome.found["token"])
    return AccessTokenCreatedRow((), row, told)


async def revoke_access_token(info: Info, input: RevokeAccessTokenInput) -> AccessTokenRevokedRow:
    """End a token; its sockets close at once."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        await access_token.revoke(viewer_id, number_in("token", input.access_token_id, "accessTokenId"))
        return {}

    outcome = await perform(info.context, "revokeAccessToken", input, act)
    return AccessTokenRevokedRow(outcome.user_errors, input.access_token_id if outcome.done else None)
