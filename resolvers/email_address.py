"""The viewer's address: what they see of it, confirming it, putting another in its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import strawberry
from strawberry import UNSET

from errors import Conflict, Refusal
from models import email_address, user
from models.transaction import transaction
from resolvers.context import Context, Info
from resolvers.outcome import perform, refused
from resolvers.payload import Payload, ViewerPayloadRow
from resolvers.step_up import prove
from resolvers.user import KEY_HELP
from resolvers.viewer_row import ViewerRow
from settings import Settings

NO_MAIL = "No mail is sent here: whoever runs this place has not set it up."


@strawberry.input(description="To have the letter sent again that confirms the address.")
class RequestEmailConfirmationInput:
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="What came in a letter.")
class ConfirmEmailInput:
    token: str = strawberry.field(description="What stands in the link after the #.")


@strawberry.input(description="Another address in the place of the one so far.")
class ChangeEmailInput:
    email: str = strawberry.field(description="The new address. It counts once the link that is sent there was opened.")
    password: str = strawberry.field(description="The password, once more.")


@strawberry.input(description="To leave the address as it is.")
class CancelEmailChangeInput:
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@dataclass(frozen=True, slots=True)
class EmailRow:
    """The viewer's address, for themselves."""

    address: str | None
    is_confirmed: bool
    pending_address: str | None
    pending_until: datetime | None


@dataclass(frozen=True, slots=True)
class EmailConfirmedRow(Payload):
    """Which address was confirmed."""

    email: str | None = None


def need_mail(told: Settings) -> None:
    """Raises Conflict where no letter with a link can be sent."""
    if not told.sends_links:
        raise Conflict(NO_MAIL)


async def email(parent: strawberry.Parent[ViewerRow], info: Info) -> EmailRow:
    """The viewer's address."""
    found = await email_address.of_user(parent.id)
    return EmailRow(found.address, found.confirmed_at is not None, found.pending_address, found.pending_until)


async def request_email_confirmation(info: Info, input: RequestEmailConfirmationInput) -> ViewerPayloadRow:
    """Send the link once more."""
    context, told = info.context, info.context.house.settings

    async def act(viewer_id: int) -> Mapping[str, Any]:
        need_mail(told)
        await context.house.points.ask_letter(context.host)
        await email_address.ask_confirmation(viewer_id, told.secret_key)
        return {"viewer": viewer_id}

    outcome = await perform(context, "requestEmailConfirmation", input, act)
    number = outcome.found.get("viewer")
    return ViewerPayloadRow(outcome.user_errors, ViewerRow(number) if number else None)


async def cancel_email_change(info: Info, input: CancelEmailChangeInput) -> ViewerPayloadRow:
    """Leave the address as it is; what was sent to the other one works no more."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        await email_address.cancel_change(viewer_id)
        return {"viewer": viewer_id}

    outcome = await perform(info.context, "cancelEmailChange", input, act)
    number = outcome.found.get("viewer")
    return ViewerPayloadRow(outcome.user_errors, ViewerRow(number) if number else None)


async def change_email(info: Info, input: ChangeEmailInput) -> ViewerPayloadRow:
    """Ask for another address, by the password. Whether somebody else has it cannot be told from the answer."""
    context, told = info.context, info.context.house.settings
    try:
        context.require_writer()
        need_mail(told)
        wanted = user.checked_email(input.email)
        viewer_id = (await prove(context, input.password, "password")).user_id
        await context.house.points.ask_letter(context.host)
        async with transaction():
            await email_address.change(viewer_id, wanted, told.secret_key)
    except Refusal as refusal:
        return ViewerPayloadRow(refused(refusal).user_errors)
    return ViewerPayloadRow((), ViewerRow(viewer_id))


async def confirm_email(info: Info, input: ConfirmEmailInput) -> EmailConfirmedRow:
    """Confirm the address that a link was sent to, signed in or not."""
    context: Context = info.context
    try:
        await context.house.points.try_sign_in(context.host)
        async with transaction():
            confirmed = await email_address.confirm(input.token)
    except Refusal as refusal:
        return EmailConfirmedRow(refused(refusal).user_errors)
    return EmailConfirmedRow((), confirmed)
