"""One's own account: who may read it, and closing it for a while."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import strawberry
from strawberry import UNSET

from errors import BadInput, Refusal
from models import node_id, password_reset, standing, user
from models.transaction import transaction
from resolvers import password
from resolvers.context import NOBODY, Info
from resolvers.outcome import perform, refused
from resolvers.payload import Payload, SessionsEndedRow, UserPayloadRow
from resolvers.session import forget_cookie, remember_browser
from resolvers.step_up import prove
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


@strawberry.input(description="A new password in the place of the old one.")
class ChangePasswordInput:
    current_password: str = strawberry.field(description="The password so far.")
    new_password: str = strawberry.field(description="At least 8 characters, and none that is easy to guess.")


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


async def change_password(info: Info, input: ChangePasswordInput) -> SessionsEndedRow:
    """Another password from now on; every other session ends, and no other browser is known any more."""
    context, told = info.context, info.context.house.settings
    try:
        credential = await prove(context, input.current_password, "currentPassword")
        person = await context.loaders.users.load(credential.user_id)
        about = [credential.email or "", *((person.handle, person.display_name) if person else ())]
        chosen = await password.sound(input.new_password, *about, path="newPassword")
        if await password.matches(credential.password_hash, chosen, told):
            raise BadInput("This is the password that you have.", ["newPassword"])
        secret = await password.hashed(chosen, told)
        async with transaction():
            await user.set_password(credential, secret)
            ended = await password_reset.settle(credential.user_id, but_session=context.asker.session_id)
            if context.asker.by_cookie and context.browser:
                await remember_browser(context, credential.user_id)
    except Refusal as refusal:
        return SessionsEndedRow(refused(refusal).user_errors)
    return SessionsEndedRow((), [node_id.encode("session", number) for number in ended])


async def deactivate_account(info: Info, input: DeactivateAccountInput) -> DeactivatedRow:
    """Close one's account, and be signed out everywhere."""
    context = info.context
    try:
        viewer_id = (await prove(context, input.password, "password")).user_id
        async with transaction():
            await standing.deactivate(viewer_id)
            since = await standing.deactivated_at(viewer_id)
    except Refusal as refusal:
        return DeactivatedRow(refused(refusal).user_errors)
    if context.asker.by_cookie:
        forget_cookie(context)
    context.become(NOBODY)
    return DeactivatedRow((), None if since is None else since + timedelta(days=standing.GRACE_DAYS))
