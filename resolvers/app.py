"""Apps of a developer: made, changed, given a new secret, deleted; and apps that act for the viewer, taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import strawberry

from models import app, app_grant, step_up
from models.app import AppRow, app_of, apps_of
from models.app_grant import GrantRow, grants_of
from resolvers.context import Context, Info
from resolvers.node import number_in
from resolvers.outcome import Outcome, perform
from resolvers.payload import Payload
from resolvers.user import KEY_HELP
from resolvers.viewer_row import ViewerRow

NAME_HELP = "What people are told it is called: one line of 1 to 60 characters."
WEBSITE_HELP = "Where people read more of it: an http or https address, or nothing."
REDIRECTS_HELP = (
    "Where it may be answered, 1 to 10: https, or http on 127.0.0.1, [::1] or localhost (with any port at the time), or a scheme of"
    " its own such as org.example.app:/back. Compared letter by letter."
)
OWN_APP = "An app of the viewer's own."


@strawberry.input(description="An app that is to act for people who let it.")
class CreateAppInput:
    name: str = strawberry.field(description=NAME_HELP)
    redirect_uris: list[str] = strawberry.field(description=REDIRECTS_HELP)
    website: str = strawberry.field(description=WEBSITE_HELP, default="")
    is_confidential: bool = strawberry.field(
        description="Whether it can keep a secret: a server can, what runs in a browser, on a phone or a desktop cannot.",
        default=False,
    )
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@strawberry.input(description="What an app says of itself from now on.")
class UpdateAppInput:
    app_id: strawberry.ID = strawberry.field(description=OWN_APP)
    name: str = strawberry.field(description=NAME_HELP)
    redirect_uris: list[str] = strawberry.field(description=REDIRECTS_HELP)
    website: str = strawberry.field(description=WEBSITE_HELP, default="")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@strawberry.input(description="An app that needs a new secret.")
class RotateAppSecretInput:
    app_id: strawberry.ID = strawberry.field(description=OWN_APP)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@strawberry.input(description="An app to delete.")
class DeleteAppInput:
    app_id: strawberry.ID = strawberry.field(description=OWN_APP)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@strawberry.input(description="An app that is to act for the viewer no longer.")
class DisconnectAppInput:
    connected_app_id: strawberry.ID = strawberry.field(description="One of the viewer's `connectedApps`.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@dataclass(frozen=True, slots=True)
class AppPayloadRow(Payload):
    """An app as it is now, with its secret where it is told."""

    app: AppRow | None = None
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class AppDeletedRow(Payload):
    """Which app is gone."""

    deleted_app_id: str | None = None


@dataclass(frozen=True, slots=True)
class AppDisconnectedRow(Payload):
    """Which app acts for the viewer no longer."""

    disconnected_app_id: str | None = None


async def apps(parent: strawberry.Parent[ViewerRow], info: Info) -> Sequence[AppRow]:
    """The viewer's own apps."""
    return await apps_of(parent.id)


async def connected_apps(parent: strawberry.Parent[ViewerRow], info: Info) -> Sequence[GrantRow]:
    """The apps that act for the viewer."""
    return await grants_of(parent.id)


async def create_app(info: Info, input: CreateAppInput) -> AppPayloadRow:
    """A new app. A call that is repeated under its key gets the same app and not its secret, which is kept nowhere."""
    told: str | None = None

    async def act(viewer_id: int) -> Mapping[str, Any]:
        nonlocal told
        number, told = await app.create(
            viewer_id, input.name, input.website, input.redirect_uris, input.is_confidential
        )
        return {"app": number}

    outcome = await perform(info.context, "createApp", input, act)
    return await _app(info.context, outcome, told)


async def update_app(info: Info, input: UpdateAppInput) -> AppPayloadRow:
    """Change an app."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("app", input.app_id, "appId")
        known = await app_of(viewer_id, number)
        if known is not None and not set(input.redirect_uris) <= set(known.redirect_uris):
            await step_up.require(
                info.context.asker.session_id
            )  # people's codes go there, also those that are not asked again
        await app.update(viewer_id, number, input.name, input.website, input.redirect_uris)
        return {"app": number}

    return await _app(info.context, await perform(info.context, "updateApp", input, act))


async def rotate_app_secret(info: Info, input: RotateAppSecretInput) -> AppPayloadRow:
    """A new secret for an app."""
    told: str | None = None

    async def act(viewer_id: int) -> Mapping[str, Any]:
        nonlocal told
        await step_up.require(info.context.asker.session_id)
        number = number_in("app", input.app_id, "appId")
        told = await app.rotate(viewer_id, number)
        return {"app": number}

    outcome = await perform(info.context, "rotateAppSecret", input, act)
    return await _app(info.context, outcome, told)


async def delete_app(info: Info, input: DeleteAppInput) -> AppDeletedRow:
    """Delete an app; nobody's tokens of it open anything any more."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        await app.delete(viewer_id, number_in("app", input.app_id, "appId"))
        return {}

    outcome = await perform(info.context, "deleteApp", input, act)
    return AppDeletedRow(outcome.user_errors, input.app_id if outcome.done else None)


async def disconnect_app(info: Info, input: DisconnectAppInput) -> AppDisconnectedRow:
    """Take back what an app was allowed; its sockets close at once."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        await app_grant.revoke(viewer_id, number_in("grant", input.connected_app_id, "connectedAppId"))
        return {}

    outcome = await perform(info.context, "disconnectApp", input, act)
    return AppDisconnectedRow(outcome.user_errors, input.connected_app_id if outcome.done else None)


async def _app(context: Context, outcome: Outcome, secret: str | None = None) -> AppPayloadRow:
    if not outcome.done:
        return AppPayloadRow(outcome.user_errors)
    return AppPayloadRow((), await app_of(context.viewer_id, outcome.found["app"]), secret)
