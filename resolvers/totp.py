"""Authenticator apps and recovery codes: set up, confirmed, taken away, made anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import segno
import strawberry
from strawberry import UNSET

from errors import BadInput, Conflict, NotFound
from models import node_id, recovery_code, second_factor, step_up, totp
from models.second_factor import FactorNews
from resolvers.context import Info
from resolvers.outcome import perform
from resolvers.payload import Payload
from resolvers.second_factor import CODE_HELP, LONGEST_CODE, place_of
from resolvers.user import KEY_HELP
from resolvers.viewer_row import ViewerRow
from safety import otp
from safety.ceremony import PLACE


@strawberry.input(description="To set up an authenticator app.")
class BeginTotpInput:
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="The first code of an authenticator app, which shows that it is set up.")
class ConfirmTotpInput:
    code: str = strawberry.field(description=CODE_HELP)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="To do without the authenticator app.")
class RemoveTotpInput:
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="To have new recovery codes.")
class RenewRecoveryCodesInput:
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@dataclass(frozen=True, slots=True)
class TotpBegunRow(Payload):
    """What an app is told."""

    secret: str | None = field(default=None, repr=False)
    address: str | None = field(default=None, repr=False)
    qr_code: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class FactorsRow(Payload):
    """What followed from a change of factors."""

    recovery_codes: Sequence[str] | None = field(default=None, repr=False)
    revoked_session_ids: Sequence[str] = ()
    viewer: ViewerRow | None = None


def sessions_of(found: Mapping[str, Any]) -> Sequence[str]:
    """The ids of the sessions that ended."""
    return [node_id.encode("session", number) for number in found.get("ended", ())]


def qr_code(address: str) -> str:
    """A QR code as an SVG document, dark on white."""
    kept = BytesIO()
    segno.make(address, error="m", micro=False).save(
        kept, kind="svg", xmldecl=False, nl=False, omitsize=True, light="#fff", svgclass=None, lineclass=None
    )
    return kept.getvalue().decode()


async def begin_totp(info: Info, input: BeginTotpInput) -> TotpBegunRow:
    """A secret for a new app; it counts from its first code on."""
    context = info.context
    secret_key = context.house.settings.secret_key

    async def act(viewer_id: int) -> Mapping[str, Any]:
        await step_up.require(context.asker.session_id)
        await totp.begin(viewer_id, secret_key)
        return {"viewer": viewer_id}

    outcome = await perform(context, "beginTotp", input, act)
    viewer_id = outcome.found.get("viewer")
    waiting = await totp.waiting(viewer_id, secret_key) if viewer_id else None
    person = await context.loaders.users.load(viewer_id) if viewer_id else None
    if waiting is None or person is None:
        return TotpBegunRow(outcome.user_errors)
    address = otp.address_of(waiting.secret, person.handle, PLACE)
    return TotpBegunRow(outcome.user_errors, otp.written(waiting.secret), address, qr_code(address))


async def confirm_totp(info: Info, input: ConfirmTotpInput) -> FactorsRow:
    """Let the app count from now on."""
    context = info.context
    codes: Sequence[str] | None = None

    async def act(viewer_id: int) -> Mapping[str, Any]:
        nonlocal codes
        await step_up.require(context.asker.session_id)
        await second_factor.hold(viewer_id)
        waiting = await totp.waiting(viewer_id, context.house.settings.secret_key)
        if waiting is None:
            raise Conflict("No app is being set up, or it took too long. Begin again.")
        first = not await second_factor.is_asked(viewer_id)
        if len(input.code) > LONGEST_CODE or not await totp.confirm(viewer_id, waiting, "".join(input.code.split())):
            raise BadInput(
                "This is not the app's code. Look at the time of its device, and try the next one.", ["code"]
            )
        turned = await second_factor.added(
            viewer_id, place_of(context), FactorNews.TOTP_ADDED, first=first, ends_others=True
        )
        codes = turned.codes
        return {"viewer": viewer_id, "ended": list(turned.ended)}

    outcome = await perform(context, "confirmTotp", input, act)
    viewer_id = outcome.found.get("viewer")
    return FactorsRow(
        outcome.user_errors, codes, sessions_of(outcome.found), ViewerRow(viewer_id) if viewer_id else None
    )


async def remove_totp(info: Info, input: RemoveTotpInput) -> FactorsRow:
    """Ask for the app no more."""
    context = info.context

    async def act(viewer_id: int) -> Mapping[str, Any]:
        await step_up.require(context.asker.session_id)
        await second_factor.hold(viewer_id)
        if not await totp.remove(viewer_id):
            raise NotFound("There is no authenticator app on this account.")
        turned = await second_factor.removed(viewer_id, place_of(context), FactorNews.TOTP_REMOVED)
        return {"viewer": viewer_id, "ended": list(turned.ended)}

    outcome = await perform(context, "removeTotp", input, act)
    viewer_id = outcome.found.get("viewer")
    return FactorsRow(
        outcome.user_errors, None, sessions_of(outcome.found), ViewerRow(viewer_id) if viewer_id else None
    )


async def renew_recovery_codes(info: Info, input: RenewRecoveryCodesInput) -> FactorsRow:
    """New codes in the place of the old ones."""
    context = info.context
    codes: Sequence[str] | None = None

    async def act(viewer_id: int) -> Mapping[str, Any]:
        nonlocal codes
        await step_up.require(context.asker.session_id)
        await second_factor.hold(viewer_id)
        if not await second_factor.is_asked(viewer_id):
            raise Conflict("Recovery codes stand in for a second factor. Add one first.")
        codes = await recovery_code.make(viewer_id)
        await second_factor.tell(viewer_id, place_of(context), FactorNews.CODES_RENEWED)
        return {"viewer": viewer_id}

    outcome = await perform(context, "renewRecoveryCodes", input, act)
    viewer_id = outcome.found.get("viewer")
    return FactorsRow(outcome.user_errors, codes, (), ViewerRow(viewer_id) if viewer_id else None)
