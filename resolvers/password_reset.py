"""A new password for who forgot theirs: asking for the link, and using it."""

from __future__ import annotations

from dataclasses import dataclass

import strawberry

from errors import Refusal
from models import password_reset, user
from models.transaction import transaction
from resolvers import password
from resolvers.context import Info
from resolvers.email_address import need_mail
from resolvers.outcome import refused
from resolvers.payload import Payload
from resolvers.session import name_of, remember_browser


@strawberry.input(description="Who wants a new password.")
class RequestPasswordResetInput:
    email: str = strawberry.field(
        description="The address of the account. Whether there is one cannot be told from the answer."
    )


@strawberry.input(description="A new password, by the link of a letter.")
class ResetPasswordInput:
    token: str = strawberry.field(description="What stands in the link after the #.")
    new_password: str = strawberry.field(description="At least 8 characters, and none that is easy to guess.")


@dataclass(frozen=True, slots=True)
class PasswordResetRow(Payload):
    """Whose password is another now."""

    handle: str | None = None


async def request_password_reset(info: Info, input: RequestPasswordResetInput) -> Payload:
    """Note that somebody asks; `work` sends a letter if there is such an account. The work done here is the same for any address."""
    context = info.context
    try:
        need_mail(context.house.settings)
        wanted = user.checked_email(input.email)
        await context.house.points.ask_letter(context.host)
        await password_reset.ask(wanted)
    except Refusal as refusal:
        return Payload(refused(refusal).user_errors)
    return Payload()


async def reset_password(info: Info, input: ResetPasswordInput) -> PasswordResetRow:
    """Another password; nobody is signed in by it, and everybody out who was."""
    context, told = info.context, info.context.house.settings
    try:
        await context.house.points.try_sign_in(context.host)
        holder = await password_reset.holder(input.token)
        chosen = await password.sound(
            input.new_password, holder.handle, holder.email, holder.display_name, path="newPassword"
        )
        secret = await password.hashed(chosen, told)
        async with transaction():
            await password_reset.reset(input.token, secret)
            if context.browser:  # guesses of others at the new password do not shut this one out
                await remember_browser(context, holder.user_id)
        for name in (holder.handle, holder.email):
            await context.house.points.password_fits(name_of(name))
    except Refusal as refusal:
        return PasswordResetRow(refused(refusal).user_errors)
    return PasswordResetRow((), holder.handle)
