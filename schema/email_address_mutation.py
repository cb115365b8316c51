"""What can be done about one's address and a forgotten password, and what that answers."""

from __future__ import annotations

from typing import Any

import strawberry

from resolvers import email_address as resolve
from resolvers import password_reset as resets
from schema.node import UserError
from schema.payload import LazyQuery, errors_field, query_field
from schema.viewer import Viewer


def _viewer() -> Any:
    return strawberry.field(description="The viewer as they are now; null when refused.")


@strawberry.type(description="What asking for the letter once more came to.")
class RequestEmailConfirmationPayload:
    viewer: Viewer | None = _viewer()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What confirming an address came to.")
class ConfirmEmailPayload:
    email: str | None = strawberry.field(description="The address that is confirmed now; null when refused.")
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What asking for another address came to.")
class ChangeEmailPayload:
    viewer: Viewer | None = _viewer()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What leaving the address as it is came to.")
class CancelEmailChangePayload:
    viewer: Viewer | None = _viewer()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(
    description="What asking for a new password came to: the same whether there is such an account or not."
)
class RequestPasswordResetPayload:
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What taking a new password by a link came to.")
class ResetPasswordPayload:
    handle: str | None = strawberry.field(description="Whose password it is, to sign in with; null when refused.")
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


def _mutation(resolver: Any, kind: type, description: str) -> Any:
    return strawberry.mutation(resolver=resolver, graphql_type=kind, description=description)


@strawberry.type(description="What can be done about one's address, and about a forgotten password.")
class EmailAddressMutations:
    request_email_confirmation: RequestEmailConfirmationPayload = _mutation(
        resolve.request_email_confirmation,
        RequestEmailConfirmationPayload,
        "Have the letter sent again that confirms one's address, or the new one that is to take its place.",
    )
    confirm_email: ConfirmEmailPayload = _mutation(
        resolve.confirm_email,
        ConfirmEmailPayload,
        "Confirm an address by what came in a letter, signed in or not. It works once, for 48 hours.",
    )
    change_email: ChangeEmailPayload = _mutation(
        resolve.change_email,
        ChangeEmailPayload,
        "Ask for another address. A link is sent there, and it counts once that was opened; the one so far is told.",
    )
    cancel_email_change: CancelEmailChangePayload = _mutation(
        resolve.cancel_email_change,
        CancelEmailChangePayload,
        "Leave one's address as it is: the link that was sent to another works no more.",
    )
    request_password_reset: RequestPasswordResetPayload = _mutation(
        resets.request_password_reset,
        RequestPasswordResetPayload,
        "Have a link sent to an address by which its account gets a new password. Whether there is one cannot be told.",
    )
    reset_password: ResetPasswordPayload = _mutation(
        resets.reset_password,
        ResetPasswordPayload,
        "Take a new password by what came in a letter. It works once, for an hour; every session ends, with its sockets.",
    )
