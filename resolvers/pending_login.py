"""Logins in their second step: completed by a second factor, or in one step by a passkey."""

from __future__ import annotations

import strawberry

from errors import Refusal, Unauthenticated
from models import pending_login
from models.transaction import transaction
from resolvers.context import Info
from resolvers.outcome import refused
from resolvers.payload import AuthRow
from resolvers.second_factor import PASSKEY_HELP, SecondFactorInput, Shown, door, redeem, text, used_passkey
from resolvers.session import enter, signed_in

PASSKEY_LOGIN = "log-in"
OVER = "This login is over. Begin again with the password."


@strawberry.input(description="The second step of a login.")
class CompleteLogInInput:
    login_token: str = strawberry.field(description="The `token` of the `pendingLogin` that `logIn` answered with.")
    proof: SecondFactorInput = strawberry.field(
        description="The second factor; a passkey for options that `beginPasskey` gave with the same `loginToken`."
    )


@strawberry.input(description="A passkey that says who one is.")
class LogInWithPasskeyInput:
    passkey: str = strawberry.field(description=PASSKEY_HELP)
    bearer: bool = strawberry.field(description="True: answer with a bearer token and set no cookie.", default=False)


def purpose_of(pending: pending_login.PendingLogin) -> str:
    """What a passkey that completes this login is asked for."""
    return f"complete {pending.id}"


async def complete_log_in(info: Info, input: CompleteLogInInput) -> AuthRow:
    """The session that a login which waits was for. It can be completed once, and tried a few times."""
    context = info.context
    points = context.house.points
    shown = Shown(text(input.proof.code), text(input.proof.recovery_code), text(input.proof.passkey))
    try:
        await points.try_sign_in(context.host)
        pending = await pending_login.look(input.login_token)
        if pending is None:
            raise Unauthenticated(OVER, ["loginToken"])
        at = await door(context, pending.user_id)
        await points.try_factor(at)
        if not await pending_login.count_try(pending):
            raise Unauthenticated(OVER, ["loginToken"])
        async with transaction():
            await redeem(context, pending.user_id, shown, purpose_of(pending))
            if not await pending_login.close(pending):
                raise Unauthenticated(OVER, ["loginToken"])
            session_id, token = await enter(context, pending.user_id, bearer=pending.bearer)
        await points.factor_fits(at)
    except Refusal as refusal:
        return AuthRow(refused(refusal).user_errors)
    return signed_in(context, pending.user_id, session_id, token, pending.bearer)


async def log_in_with_passkey(info: Info, input: LogInWithPasskeyInput) -> AuthRow:
    """A new session by a passkey alone, which is two factors in one: the device, and what opens it."""
    context = info.context
    try:
        await context.house.points.try_sign_in(context.host)
        async with transaction():
            user_id = await used_passkey(context, input.passkey, PASSKEY_LOGIN)
            if user_id is None:
                raise Unauthenticated("This passkey opens no account here, or took too long.", ["passkey"])
            session_id, token = await enter(context, user_id, bearer=input.bearer)
    except Refusal as refusal:
        return AuthRow(refused(refusal).user_errors)
    return signed_in(context, user_id, session_id, token, input.bearer)
