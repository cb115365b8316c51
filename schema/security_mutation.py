"""Mutations about who one is and how one proves it, with what they answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import strawberry

from resolvers import passkey, pending_login, step_up, totp
from schema.node import UserError
from schema.payload import LazyQuery, errors_field, query_field
from schema.second_factor import Passkey
from schema.viewer import Viewer

ONCE = "told this once and kept only as hashes; null when refused, when none were made, and when the same key was answered before."


def _viewer() -> Any:
    return strawberry.field(description="The viewer as they are now; null when refused.")


def _codes() -> Any:
    return strawberry.field(description=f"10 recovery codes, each good for one time, {ONCE}")


def _ended() -> Any:
    return strawberry.field(
        description="The sessions that ended with it: none, or all of the viewer's but the one that asks."
    )


def _signed_in() -> Any:
    return strawberry.field(description="Who is signed in now; null when refused.")


def _token() -> Any:
    return strawberry.field(description="The bearer token, told once; null when none was asked for and when refused.")


@strawberry.type(description="What the second step of a login came to.")
class CompleteLogInPayload:
    viewer: Viewer | None = _signed_in()
    token: str | None = _token()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What signing in by a passkey came to.")
class LogInWithPasskeyPayload:
    viewer: Viewer | None = _signed_in()
    token: str | None = _token()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What asking for a passkey came to.")
class BeginPasskeyPayload:
    options: str | None = strawberry.field(
        description="What the browser is asked, as JSON text: `PublicKeyCredentialCreationOptionsJSON` to register, else"
        " `PublicKeyCredentialRequestOptionsJSON`. Its challenge is good once, and for 5 minutes; null when refused."
    )
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What saying once more who one is came to.")
class ReauthenticatePayload:
    reauthenticated_until: datetime | None = strawberry.field(
        description="Until when this session counts as just proven; null when refused."
    )
    viewer: Viewer | None = _viewer()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What beginning to set up an authenticator app came to.")
class BeginTotpPayload:
    secret: str | None = strawberry.field(
        description="The secret in base32, to be typed into the app; null when refused, and when it was confirmed since."
    )
    address: str | None = strawberry.field(
        description="The same as an `otpauth:` address (TOTP, SHA-1, 6 digits, 30 seconds); null when it was refused."
    )
    qr_code: str | None = strawberry.field(
        description="The same as a QR code: an SVG document. Null when it was refused."
    )
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What confirming an authenticator app came to.")
class ConfirmTotpPayload:
    recovery_codes: list[str] | None = _codes()
    revoked_session_ids: list[strawberry.ID] = _ended()
    viewer: Viewer | None = _viewer()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What taking the authenticator app away came to.")
class RemoveTotpPayload:
    revoked_session_ids: list[strawberry.ID] = _ended()
    viewer: Viewer | None = _viewer()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What making new recovery codes came to.")
class RenewRecoveryCodesPayload:
    recovery_codes: list[str] | None = _codes()
    viewer: Viewer | None = _viewer()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What adding a passkey came to.")
class AddPasskeyPayload:
    passkey: Passkey | None = strawberry.field(
        description="The passkey; null when refused, and when it was removed since."
    )
    recovery_codes: list[str] | None = _codes()
    revoked_session_ids: list[strawberry.ID] = _ended()
    viewer: Viewer | None = _viewer()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What naming a passkey came to.")
class RenamePasskeyPayload:
    passkey: Passkey | None = strawberry.field(description="The passkey as it is now; null when refused.")
    viewer: Viewer | None = _viewer()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What taking a passkey away came to.")
class RemovePasskeyPayload:
    removed_passkey_id: strawberry.ID | None = strawberry.field(
        description="The passkey that is gone; null when refused."
    )
    revoked_session_ids: list[strawberry.ID] = _ended()
    viewer: Viewer | None = _viewer()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


def _mutation(resolver: Callable[..., Any], kind: type, description: str) -> Any:
    return strawberry.mutation(resolver=resolver, graphql_type=kind, description=description)


RECENT = "Needs a recent proof of who asks."


@strawberry.type(description="What can be done about how one proves who one is.")
class SecurityMutations:
    complete_log_in: CompleteLogInPayload = _mutation(
        pending_login.complete_log_in,
        CompleteLogInPayload,
        "Complete a login that waits for a second factor. Each proof counts once, and so does the login.",
    )
    log_in_with_passkey: LogInWithPasskeyPayload = _mutation(
        pending_login.log_in_with_passkey,
        LogInWithPasskeyPayload,
        "Sign in by a passkey alone; no second factor is asked for, since it is two in one.",
    )
    begin_passkey: BeginPasskeyPayload = _mutation(
        passkey.begin_passkey,
        BeginPasskeyPayload,
        "What to ask a browser for, before one of its passkeys is shown or made.",
    )
    reauthenticate: ReauthenticatePayload = _mutation(
        step_up.reauthenticate,
        ReauthenticatePayload,
        "Say once more who one is: for 15 minutes this session may make sensitive changes. Signing in counts, too.",
    )
    begin_totp: BeginTotpPayload = _mutation(
        totp.begin_totp,
        BeginTotpPayload,
        f"Set up an authenticator app; it counts once `confirmTotp` has its first code. One that is there counts until then. {RECENT}",
    )
    confirm_totp: ConfirmTotpPayload = _mutation(
        totp.confirm_totp,
        ConfirmTotpPayload,
        f"Ask for codes of the app from now on. Every other session ends; with the first second factor come recovery codes. {RECENT}",
    )
    remove_totp: RemoveTotpPayload = _mutation(
        totp.remove_totp,
        RemoveTotpPayload,
        f"Ask for codes of the app no more. Every other session ends; recovery codes go with the last second factor. {RECENT}",
    )
    renew_recovery_codes: RenewRecoveryCodesPayload = _mutation(
        totp.renew_recovery_codes,
        RenewRecoveryCodesPayload,
        f"Make new recovery codes; the old ones are worth nothing then. {RECENT}",
    )
    add_passkey: AddPasskeyPayload = _mutation(
        passkey.add_passkey,
        AddPasskeyPayload,
        "Add a passkey, of at most 20. If it is the first second factor, every other session ends and recovery codes are made."
        f" {RECENT}",
    )
    rename_passkey: RenamePasskeyPayload = _mutation(
        passkey.rename_passkey, RenamePasskeyPayload, "Call a passkey otherwise."
    )
    remove_passkey: RemovePasskeyPayload = _mutation(
        passkey.remove_passkey,
        RemovePasskeyPayload,
        f"Take a passkey away. Every other session ends; recovery codes go with the last second factor. {RECENT}",
    )
