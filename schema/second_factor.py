"""What an account asks for beside the password: authenticator app, passkeys, recovery codes."""

from __future__ import annotations

from datetime import datetime

import strawberry

from models.passkey import PasskeyRow
from models.second_factor import FactorKind
from resolvers import second_factor as resolve
from resolvers.passkey import PasskeyPurpose
from resolvers.payload import PendingLoginRow
from schema.node import Node
from schema.scalar import publish

publish(
    FactorKind,
    "By what a login that waits can be completed.",
    {
        FactorKind.TOTP: "A code of the authenticator app.",
        FactorKind.PASSKEY: "A passkey.",
        FactorKind.RECOVERY_CODE: "A recovery code.",
    },
)
publish(
    PasskeyPurpose,
    "What a passkey is wanted for.",
    {
        PasskeyPurpose.LOG_IN: "To sign in by it alone (`logInWithPasskey`); nobody needs to be signed in.",
        PasskeyPurpose.COMPLETE_LOG_IN: "To complete a login that waits (`completeLogIn`); takes its `loginToken`.",
        PasskeyPurpose.REAUTHENTICATE: "To say once more who one is (`reauthenticate`).",
        PasskeyPurpose.REGISTER: "To make a new one (`addPasskey`); needs a recent proof of who asks.",
    },
)


@strawberry.type(
    description="A passkey (WebAuthn) of the viewer's; nobody else sees it. It signs in by itself, and stands in for the second factor."
)
class Passkey(Node):
    name: str = strawberry.field(description="What its owner calls it.")
    is_synced: bool = strawberry.field(
        description="Whether it is kept by more than one device, such as by a password manager's account."
    )
    created_at: datetime = strawberry.field(description="When it was added.")
    last_used_at: datetime | None = strawberry.field(description="When it was last used; null when it was not yet.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, PasskeyRow)


@strawberry.type(description="What the viewer's account asks for when they sign in; nobody else sees it.")
class AccountSecurity:
    asks_second_factor = strawberry.field(
        resolver=resolve.asks_second_factor,
        description="Whether the password alone does not let them in: there is an authenticator app or a passkey.",
    )
    totp_enabled_at = strawberry.field(
        resolver=resolve.totp_enabled_at,
        description="Since when codes of their authenticator app count; null when there is none.",
    )
    passkeys = strawberry.field(
        resolver=resolve.passkeys, graphql_type=list[Passkey], description="Their passkeys, oldest first; at most 20."
    )
    recovery_codes_left = strawberry.field(
        resolver=resolve.recovery_codes_left, description="How many of their 10 recovery codes are unused."
    )
    reauthenticated_until = strawberry.field(
        resolver=resolve.reauthenticated_until,
        description="Until when the session that asks counts as just proven, as sensitive changes want it; null when it does not.",
    )


@strawberry.type(
    description="A login whose password was right and that waits for a second factor. It is no session: nothing can be read by it."
)
class PendingLogin:
    token: str = strawberry.field(
        description="What `completeLogIn` and `beginPasskey` take as `loginToken`; told once. Tried 5 times, it is over."
    )
    factors: list[FactorKind] = strawberry.field(description="By what it can be completed; at least one.")
    expires_at: datetime = strawberry.field(description="When it is over by itself.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, PendingLoginRow)
