"""Second factors as somebody shows them, and what an account asks for."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import strawberry
from strawberry import UNSET

from errors import Unauthenticated
from models import known_device, passkey, recovery_code, second_factor, step_up, totp
from models.device import device_name
from models.passkey import PasskeyRow, handle_of
from models.second_factor import FactorNews, Place
from resolvers.context import Context, Info
from resolvers.viewer_row import ViewerRow
from safety.address import coarse
from safety.ceremony import Party, Worthless, asserted, named

LONGEST_CODE = 100
CODE_HELP = "Six digits of the authenticator app. Each counts once, and for about a minute."
RECOVERY_HELP = "One of the recovery codes, which is used up by it."
PASSKEY_HELP = "What `navigator.credentials.get` gave for the options of `beginPasskey`, as JSON text (`AuthenticationResponseJSON`)."


@strawberry.input(one_of=True, description="A second factor, shown: exactly one of these.")
class SecondFactorInput:
    code: str | None = strawberry.field(description=CODE_HELP, default=UNSET)
    recovery_code: str | None = strawberry.field(description=RECOVERY_HELP, default=UNSET)
    passkey: str | None = strawberry.field(description=PASSKEY_HELP, default=UNSET)


@dataclass(frozen=True, slots=True)
class Shown:
    """What was shown, whichever input it came by."""

    code: str | None = None
    recovery_code: str | None = None
    passkey: str | None = None


@dataclass(frozen=True, slots=True)
class SecurityRow:
    """What the viewer's account asks for, and what they have."""

    user_id: int
    session_id: int | None


def text(given: object) -> str | None:
    """A text that was given, else None."""
    return given if isinstance(given, str) else None


def place_of(context: Context) -> Place:
    """From where this is asked."""
    return Place(context.asker.session_id, device_name(context.device), coarse(context.host))


async def door(context: Context, user_id: int) -> str:
    """What wrong codes are counted for: the account, or a browser that knows the person, or the session that asks."""
    if context.asker.user_id == user_id and context.asker.session_id is not None:
        return f"{user_id}:session:{context.asker.session_id}"
    if context.browser and await known_device.is_known(user_id, context.browser):
        return f"{user_id}:{hashlib.sha256(context.browser.encode(errors='surrogatepass')).hexdigest()}"
    return str(user_id)


async def redeem(context: Context, user_id: int, shown: Shown, purpose: str) -> None:
    """Use up what was shown. Raises Unauthenticated when it is not this person's, or was used before.

    The caller holds the transaction, and counted the try.
    """
    told = context.house.settings
    if shown.code is not None:
        fits = len(shown.code) <= LONGEST_CODE and await totp.redeem(
            user_id, "".join(shown.code.split()), told.secret_key
        )
    elif shown.recovery_code is not None:
        fits = len(shown.recovery_code) <= LONGEST_CODE and await recovery_code.redeem(user_id, shown.recovery_code)
        if fits:
            await second_factor.tell(user_id, place_of(context), FactorNews.CODE_USED)
    else:
        fits = await used_passkey(context, shown.passkey or "", purpose) == user_id
    if not fits:
        raise Unauthenticated("This is wrong, was used before, or is over.", ["proof"])


async def used_passkey(context: Context, answer: str, purpose: str) -> int | None:
    """Whose passkey was used for this purpose, once; None when nothing was proven. The caller holds the transaction."""
    told = context.house.settings
    try:
        credential_id, handle = named(answer)
        key = await passkey.key_of(credential_id)
        if key is None or handle not in (None, handle_of(key.user_id)):
            return None
        found = asserted(
            Party.of(told),
            answer,
            purpose,
            int(time.time()),
            told.secret_key,
            public_key=key.public_key,
            sign_count=key.sign_count,
        )
    except Worthless:
        return None
    if not await passkey.spend(found.challenge) or not await passkey.note_use(key, found):
        return None
    return key.user_id


def security(parent: strawberry.Parent[ViewerRow], info: Info) -> SecurityRow:
    """What the viewer's account asks for."""
    return SecurityRow(parent.id, info.context.asker.session_id)


async def asks_second_factor(parent: strawberry.Parent[SecurityRow]) -> bool:
    """Whether the password alone does not let them in."""
    return await second_factor.is_asked(parent.user_id)


async def totp_enabled_at(parent: strawberry.Parent[SecurityRow]) -> datetime | None:
    """Since when their authenticator app counts."""
    return await totp.enabled_at(parent.user_id)


async def passkeys(parent: strawberry.Parent[SecurityRow]) -> Sequence[PasskeyRow]:
    """Their passkeys."""
    return await passkey.passkeys_of(parent.user_id)


async def recovery_codes_left(parent: strawberry.Parent[SecurityRow]) -> int:
    """How many recovery codes they have."""
    return await recovery_code.left(parent.user_id)


async def reauthenticated_until(parent: strawberry.Parent[SecurityRow]) -> datetime | None:
    """Until when this session counts as just proven."""
    return await step_up.until(parent.session_id)
