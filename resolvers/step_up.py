"""Step-up: saying once more who one is, before changes that would lock one out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import strawberry
from strawberry import UNSET

from errors import BadInput, Forbidden, Refusal, Unauthenticated
from models import second_factor, step_up, user
from models.transaction import transaction
from resolvers import password
from resolvers.context import Context, Info
from resolvers.outcome import refused
from resolvers.payload import Payload
from resolvers.second_factor import CODE_HELP, PASSKEY_HELP, RECOVERY_HELP, Shown, door, redeem, text
from resolvers.viewer_row import ViewerRow


@strawberry.input(one_of=True, description="A proof of who asks: exactly one of these.")
class IdentityProofInput:
    password: str | None = strawberry.field(
        description="The password; not enough for an account that has a second factor.", default=UNSET
    )
    code: str | None = strawberry.field(description=CODE_HELP, default=UNSET)
    recovery_code: str | None = strawberry.field(description=RECOVERY_HELP, default=UNSET)
    passkey: str | None = strawberry.field(description=PASSKEY_HELP, default=UNSET)


@strawberry.input(description="To say once more who one is.")
class ReauthenticateInput:
    proof: IdentityProofInput = strawberry.field(description="The proof.")


@dataclass(frozen=True, slots=True)
class ReauthenticatedRow(Payload):
    """Until when the session counts as just proven."""

    reauthenticated_until: datetime | None = None
    viewer: ViewerRow | None = None


def purpose_of(session_id: int) -> str:
    """What a passkey that proves who has this session is asked for."""
    return f"reauthenticate {session_id}"


async def reauthenticate(info: Info, input: ReauthenticateInput) -> ReauthenticatedRow:
    """Say once more who one is: good for this session, and for some minutes."""
    context = info.context
    given = input.proof
    try:
        viewer_id, session_id = context.require_viewer(), context.asker.session_id
        if session_id is None:
            raise Forbidden("Only a session of one's own can be proven.")
        said = text(given.password)
        if said is not None:
            if await second_factor.is_asked(viewer_id):
                raise BadInput(
                    "This account has a second factor: show that one, or a recovery code.", ["proof", "password"]
                )
            await said_password(context, said, ["proof", "password"])
            async with transaction():
                await step_up.note(session_id)
        else:
            at = await door(context, viewer_id)
            await context.house.points.try_sign_in(context.host)
            await context.house.points.try_factor(at)
            async with transaction():
                shown = Shown(text(given.code), text(given.recovery_code), text(given.passkey))
                await redeem(context, viewer_id, shown, purpose_of(session_id))
                await step_up.note(session_id)
            await context.house.points.factor_fits(at)
    except Refusal as refusal:
        return ReauthenticatedRow(refused(refusal).user_errors)
    return ReauthenticatedRow((), await step_up.until(session_id), ViewerRow(viewer_id))


async def said_password(context: Context, said: str, path: list[str]) -> user.Credential:
    """The viewer's credential, once they said its password. Raises Unauthenticated or RateLimited.

    Wrong ones are counted for the session: whoever has stolen one shuts nobody out of the others.
    """
    viewer_id = context.require_viewer()
    at = f"{viewer_id}:{context.asker.session_id}"
    points = context.house.points
    await points.try_sign_in(context.host)
    await points.try_password(at)
    credential = await user.Credential.get_or_none(user_id=viewer_id)
    known = credential.password_hash if credential else None
    if not await password.matches(known, said, context.house.settings) or credential is None:
        raise Unauthenticated("The password is wrong.", path)
    await points.password_fits(at)
    return credential


async def prove(context: Context, said: str, path: str) -> user.Credential:
    """The viewer's credential, for a change whose input says the password: that is proof enough where there is no second
    factor, else the session must have been proven lately, too. Raises ReauthenticationRequired, Unauthenticated, RateLimited."""
    if await second_factor.is_asked(context.require_viewer()):
        await step_up.require(context.asker.session_id)
    return await said_password(context, said, [path])
