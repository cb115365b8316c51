"""Passkeys: what a browser is asked, and keeping, naming and forgetting them."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import strawberry
from strawberry import UNSET

from errors import BadInput, Conflict, Refusal, Unauthenticated
from models import passkey, pending_login, second_factor, step_up
from models.passkey import PasskeyRow, passkey_of
from models.second_factor import FactorNews
from resolvers.context import Context, Info
from resolvers.node import number_in
from resolvers.outcome import perform, refused
from resolvers.payload import Payload
from resolvers.pending_login import OVER, PASSKEY_LOGIN
from resolvers.pending_login import purpose_of as of_login
from resolvers.second_factor import place_of, text
from resolvers.step_up import purpose_of as of_session
from resolvers.totp import sessions_of
from resolvers.user import KEY_HELP
from resolvers.viewer_row import ViewerRow
from safety import ceremony
from safety.ceremony import Known, Party, Worthless

OWN = "A passkey of the viewer's own."
NAME_HELP = "What its owner calls it, after the device that has it; at most 50 characters."


class PasskeyPurpose(Enum):
    """What a passkey is wanted for."""

    LOG_IN = "LOG_IN"
    COMPLETE_LOG_IN = "COMPLETE_LOG_IN"
    REAUTHENTICATE = "REAUTHENTICATE"
    REGISTER = "REGISTER"


@strawberry.input(description="What a passkey is wanted for.")
class BeginPasskeyInput:
    purpose: PasskeyPurpose = strawberry.field(description="What for.")
    login_token: str | None = strawberry.field(
        description="For COMPLETE_LOG_IN: the `token` of the `pendingLogin`.", default=UNSET
    )


@strawberry.input(description="A new passkey.")
class AddPasskeyInput:
    credential: str = strawberry.field(
        description="What `navigator.credentials.create` gave for the options of `beginPasskey`, as JSON text"
        " (`RegistrationResponseJSON`)."
    )
    name: str = strawberry.field(description=NAME_HELP)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="Another name for a passkey.")
class RenamePasskeyInput:
    passkey_id: strawberry.ID = strawberry.field(description=OWN)
    name: str = strawberry.field(description=NAME_HELP)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="A passkey to forget.")
class RemovePasskeyInput:
    passkey_id: strawberry.ID = strawberry.field(description=OWN)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@dataclass(frozen=True, slots=True)
class PasskeyBegunRow(Payload):
    """What a browser is to ask for."""

    options: str | None = None


@dataclass(frozen=True, slots=True)
class PasskeyPayloadRow(Payload):
    """A passkey as it is now, and what followed from adding it."""

    passkey: PasskeyRow | None = None
    recovery_codes: Sequence[str] | None = field(default=None, repr=False)
    revoked_session_ids: Sequence[str] = ()
    viewer: ViewerRow | None = None


@dataclass(frozen=True, slots=True)
class PasskeyRemovedRow(Payload):
    """Which passkey is gone, and what followed."""

    removed_passkey_id: str | None = None
    revoked_session_ids: Sequence[str] = ()
    viewer: ViewerRow | None = None


def _of_registration(viewer_id: int, session_id: int | None) -> str:
    return f"register {viewer_id} {session_id}"


async def begin_passkey(info: Info, input: BeginPasskeyInput) -> PasskeyBegunRow:
    """The options for a browser, with a challenge that is good once and for some minutes."""
    context = info.context
    try:
        if input.purpose is PasskeyPurpose.REGISTER:
            return PasskeyBegunRow((), await _registration(context))
        purpose, known = await _asked(context, input)
    except Refusal as refusal:
        return PasskeyBegunRow(refused(refusal).user_errors)
    told = context.house.settings
    challenge = ceremony.new_challenge(purpose, int(time.time()), told.secret_key)
    return PasskeyBegunRow((), ceremony.request(Party.of(told), challenge, known))


async def _asked(context: Context, given: BeginPasskeyInput) -> tuple[str, Sequence[Known]]:
    """The purpose in full, and the passkeys that may serve it (none named: any)."""
    if given.purpose is PasskeyPurpose.LOG_IN:
        return PASSKEY_LOGIN, ()
    if given.purpose is PasskeyPurpose.COMPLETE_LOG_IN:
        pending = await pending_login.look(text(given.login_token) or "")
        if pending is None:
            raise Unauthenticated(OVER, ["loginToken"])
        purpose, user_id = of_login(pending), pending.user_id
    else:
        user_id, session_id = context.require_viewer(), context.asker.session_id
        purpose = of_session(session_id or 0)
    known = await passkey.known(user_id)
    if not known:
        raise Conflict("There is no passkey on this account.", ["purpose"])
    return purpose, known


async def _registration(context: Context) -> str:
    viewer_id, session_id = context.require_writer(), context.asker.session_id
    await step_up.require(session_id)
    person = await context.loaders.users.load(viewer_id)
    if person is None:
        raise Unauthenticated("Sign in to do this.")
    told = context.house.settings
    purpose = _of_registration(viewer_id, session_id)
    challenge = ceremony.new_challenge(purpose, int(time.time()), told.secret_key)
    known = await passkey.known(viewer_id)
    name, handle = person.display_name or person.handle, passkey.handle_of(viewer_id)
    return ceremony.registration(Party.of(told), challenge, handle, person.handle, name, known)


async def add_passkey(info: Info, input: AddPasskeyInput) -> PasskeyPayloadRow:
    """Keep a new passkey: it lets its owner in by itself, and stands beside the password as second factor."""
    context = info.context
    told = context.house.settings
    codes: Sequence[str] | None = None

    async def act(viewer_id: int) -> Mapping[str, Any]:
        nonlocal codes
        session_id = context.asker.session_id
        await step_up.require(session_id)
        name = passkey.checked_name(input.name)
        purpose = _of_registration(viewer_id, session_id)
        try:
            given = ceremony.attested(Party.of(told), input.credential, purpose, int(time.time()), told.secret_key)
        except Worthless as error:
            raise BadInput("This is no new passkey for this account, or it took too long.", ["credential"]) from error
        if not await passkey.spend(given.challenge):
            raise BadInput("This passkey was shown before. Begin again.", ["credential"])
        await second_factor.hold(viewer_id)
        first = not await second_factor.is_asked(viewer_id)
        number = await passkey.add(viewer_id, name, given)
        turned = await second_factor.added(
            viewer_id, place_of(context), FactorNews.PASSKEY_ADDED, name, first=first, ends_others=first
        )
        codes = turned.codes
        return {"viewer": viewer_id, "passkey": number, "ended": list(turned.ended)}

    outcome = await perform(context, "addPasskey", input, act)
    viewer_id, number = outcome.found.get("viewer"), outcome.found.get("passkey")
    if not viewer_id or not number:
        return PasskeyPayloadRow(outcome.user_errors)
    row = await passkey_of(viewer_id, number)
    return PasskeyPayloadRow(outcome.user_errors, row, codes, sessions_of(outcome.found), ViewerRow(viewer_id))


async def rename_passkey(info: Info, input: RenamePasskeyInput) -> PasskeyPayloadRow:
    """Call a passkey otherwise."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("passkey", input.passkey_id, "passkeyId")
        await passkey.rename(viewer_id, number, passkey.checked_name(input.name))
        return {"viewer": viewer_id, "passkey": number}

    outcome = await perform(info.context, "renamePasskey", input, act)
    viewer_id, number = outcome.found.get("viewer"), outcome.found.get("passkey")
    row = await passkey_of(viewer_id, number) if viewer_id and number else None
    return PasskeyPayloadRow(outcome.user_errors, row, None, (), ViewerRow(viewer_id) if viewer_id else None)


async def remove_passkey(info: Info, input: RemovePasskeyInput) -> PasskeyRemovedRow:
    """Let a passkey open the account no more."""
    context = info.context

    async def act(viewer_id: int) -> Mapping[str, Any]:
        await step_up.require(context.asker.session_id)
        await second_factor.hold(viewer_id)
        name = await passkey.remove(viewer_id, number_in("passkey", input.passkey_id, "passkeyId"))
        turned = await second_factor.removed(viewer_id, place_of(context), FactorNews.PASSKEY_REMOVED, name)
        return {"viewer": viewer_id, "passkey": input.passkey_id, "ended": list(turned.ended)}

    outcome = await perform(context, "removePasskey", input, act)
    viewer_id = outcome.found.get("viewer")
    return PasskeyRemovedRow(
        outcome.user_errors,
        outcome.found.get("passkey"),
        sessions_of(outcome.found),
        ViewerRow(viewer_id) if viewer_id else None,
    )
