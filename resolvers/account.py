"""One's own account: who may read it, and closing it for a while."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import strawberry
from strawberry import UNSET

from errors import Refusal, Unauthenticated
from models import standing, user
from models.transaction import transaction
from resolvers import password
from resolvers.context import NOBODY, Info
from resolvers.outcome import perform, refused
from resolvers.payload import Payload, UserPayloadRow
from resolvers.session import forget_cookie
from resolvers.user import KEY_HELP


@strawberry.input(description="Who may read the account.")
class SetAccountPrivacyInput:
    is_private: bool = strawberry.field(
        description="True: what one posts is for accepted followers only, whatever else it says; who follows stays. False:"
        " whoever waits to follow is let in."
    )
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="To close the account for a while.")
class DeactivateAccountInput:
    password: str = strawberry.field(description="The password, once more.")


@dataclass(frozen=True, slots=True)
class DeactivatedRow(Payload):
    """Until when signing in brings the account back."""

    reactivatable_until: datetime | None = None


async def set_account_privacy(info: Info, input: SetAccountPrivacyInput) -> UserPayloadRow:
    """Go private, or public again; twice is the same as once."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        await standing.set_private(viewer_id, input.is_private)
        return {"user": viewer_id}

    outcome = await perform(info.context, "setAccountPrivacy", input, act)
    number = outcome.found.get("user")
    return UserPayloadRow(outcome.user_errors, await info.context.loaders.users.load(number) if number else None)


async def deactivate_account(info: Info, input: DeactivateAccountInput) -> DeactivatedRow:
    """Close one's account, and be signed out everywhere."""
    context = info.context
    try:
        viewer_id = context.require_viewer()
        await context.house.points.try_sign_in(context.host)
        credential = await user.Credential.get_or_none(user_id=viewer_id)
        known = credential.password_hash if credential else None
        if not await password.matches(known, input.password, context.house.settings):
            raise Unauthenticated("The password is wrong.", ["password"])
        async with transaction():
            await standing.deactivate(viewer_id)
            since = await standing.deactivated_at(viewer_id)
    except Refusal as refusal:
        return DeactivatedRow(refused(refusal).user_errors)
    if context.asker.by_cookie:
        forget_cookie(context)
    context.become(NOBODY)
    return DeactivatedRow((), None if since is None else since + timedelta(days=standing.GRACE_DAYS))
