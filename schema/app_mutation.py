"""Mutations about apps, and what they answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry

from resolvers import app as resolve
from resolvers import authorization
from schema.app import App
from schema.node import UserError
from schema.payload import LazyQuery, errors_field, query_field


def _app() -> Any:
    return strawberry.field(description="The app as it is now; null when refused.")


def _secret() -> Any:
    return strawberry.field(
        description="Its secret, told here once and kept nowhere. Null when it has none or is refused, and for a call that is repeated"
        " under its key."
    )


def _mutation(resolver: Callable[..., Any], kind: type, description: str) -> Any:
    return strawberry.mutation(resolver=resolver, graphql_type=kind, description=description)


@strawberry.type(description="What making an app came to.")
class CreateAppPayload:
    app: App | None = _app()
    secret: str | None = _secret()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What changing an app came to.")
class UpdateAppPayload:
    app: App | None = _app()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What giving an app a new secret came to.")
class RotateAppSecretPayload:
    app: App | None = _app()
    secret: str | None = _secret()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What deleting an app came to.")
class DeleteAppPayload:
    deleted_app_id: strawberry.ID | None = strawberry.field(description="The app that is gone; null when refused.")
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What taking an app's permissions back came to.")
class DisconnectAppPayload:
    disconnected_app_id: strawberry.ID | None = strawberry.field(
        description="The connected app that acts no longer; null when refused."
    )
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What answering an app came to.")
class AuthorizeAppPayload:
    redirect_uri: str | None = strawberry.field(
        description="Where the viewer goes from here: an address of the app's, with a code that is good for a minute or with its refusal."
        " Null when refused here, and for a call that is repeated under its key."
    )
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type
class AppMutations:
    create_app: CreateAppPayload = _mutation(
        resolve.create_app,
        CreateAppPayload,
        "Make an app that may act for people who let it. At most 20 for a person.",
    )
    update_app: UpdateAppPayload = _mutation(
        resolve.update_app,
        UpdateAppPayload,
        "Change what an app of one's own says of itself. Another address to be answered at needs a recent proof of who asks.",
    )
    rotate_app_secret: RotateAppSecretPayload = _mutation(
        resolve.rotate_app_secret,
        RotateAppSecretPayload,
        "Give an app a new secret. For 24 hours the one before is taken, too. Needs a recent proof of who asks.",
    )
    delete_app: DeleteAppPayload = _mutation(
        resolve.delete_app,
        DeleteAppPayload,
        "Delete an app of one's own: it acts for nobody any more, and its open sockets close at once.",
    )
    disconnect_app: DisconnectAppPayload = _mutation(
        resolve.disconnect_app,
        DisconnectAppPayload,
        "Let an app act for one no longer; its open sockets close at once.",
    )
    authorize_app: AuthorizeAppPayload = _mutation(
        authorization.authorize_app,
        AuthorizeAppPayload,
        "Answer an app that asks to act for one (`authorizationRequest`). To let it needs a recent proof of who asks, unless one said that one need not be asked again.",
    )
