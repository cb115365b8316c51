"""Invitations: one's own, who came by them, and by whom one came oneself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import strawberry
from strawberry import UNSET

from errors import Conflict
from models import invitation
from models.card import UserRow
from models.invitation import InvitationRow
from models.sign_up_mode import SignUpMode, mode_of
from resolvers import page
from resolvers.context import Context, Info
from resolvers.node import number_in
from resolvers.outcome import Outcome, perform
from resolvers.page import PageInfoRow
from resolvers.payload import Payload
from resolvers.user import KEY_HELP
from resolvers.viewer_row import ViewerRow

SIGN_UP_PATH = "/signup#"
USUAL_DAYS = 14


@strawberry.input(description="Whom to let in, and for how long.")
class CreateInvitationInput:
    uses: int = strawberry.field(description="How many people may come by it, 1 to 25.", default=1)
    days: int = strawberry.field(description="For how many days it holds, 1 to 90.", default=USUAL_DAYS)
    note: str = strawberry.field(
        description="Whom it is for, at most 100 characters; nobody but the viewer sees it.", default=""
    )
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="An invitation to take back.")
class RevokeInvitationInput:
    invitation_id: strawberry.ID = strawberry.field(description="An invitation of the viewer's own.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@dataclass(frozen=True, slots=True)
class InvitationPayloadRow(Payload):
    """An invitation as it is now."""

    invitation: InvitationRow | None = None


@dataclass(frozen=True, slots=True)
class InvitationEdgeRow:
    """An invitation in the viewer's list."""

    cursor: str
    node: InvitationRow


@dataclass(frozen=True, slots=True)
class InvitationsRow:
    """One page of the viewer's invitations."""

    edges: Sequence[InvitationEdgeRow]
    page_info: PageInfoRow


async def code(parent: strawberry.Parent[InvitationRow], info: Info) -> str:
    """What is passed on."""
    return invitation.code_of(parent.nonce, info.context.house.settings.secret_key)


async def url(parent: strawberry.Parent[InvitationRow], info: Info) -> str:
    """The page on which somebody signs up by it; the code stands behind the #, which browsers tell to no server."""
    told = info.context.house.settings
    return f"{told.base_url}{SIGN_UP_PATH}{invitation.code_of(parent.nonce, told.secret_key)}"


async def invitees(parent: strawberry.Parent[InvitationRow], info: Info) -> list[UserRow]:
    """Who came by it, as far as the viewer may see them."""
    found = await info.context.loaders.users.load_many([*await invitation.invited_by(parent.id)])
    return [row for row in found if row is not None]


async def invitations(
    parent: strawberry.Parent[ViewerRow],
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> InvitationsRow:
    """The viewer's invitations, newest first."""
    question = page.asked(first, after, last, before)
    rows = await invitation.of_inviter(parent.id, question.window(newest_first=True))
    found = page.page_of(question, rows, lambda row: row.id)
    return InvitationsRow([InvitationEdgeRow(page.encode(row.id), row) for row in found.items], found.page_info)


async def invitation_places_left(parent: strawberry.Parent[ViewerRow], info: Info) -> int:
    """How many the viewer may invite yet."""
    return await invitation.places_left(parent.id, info.context.house.settings.invitation_budget)


async def invited_by(parent: strawberry.Parent[ViewerRow], info: Info) -> UserRow | None:
    """Who invited the viewer."""
    number = await invitation.inviter_of(parent.id)
    return None if number is None else await info.context.loaders.users.load(number)


async def create_invitation(info: Info, input: CreateInvitationInput) -> InvitationPayloadRow:
    """Let somebody in."""
    context, told = info.context, info.context.house.settings

    async def act(viewer_id: int) -> Mapping[str, Any]:
        if mode_of(told.sign_up_mode) is SignUpMode.CLOSED:
            raise Conflict("Nobody can sign up here at the moment.")
        number = await invitation.create(
            viewer_id, input.uses, input.days, input.note, told.secret_key, told.invitation_budget
        )
        return {"invitation": number}

    return await _payload(context, await perform(context, "createInvitation", input, act))


async def revoke_invitation(info: Info, input: RevokeInvitationInput) -> InvitationPayloadRow:
    """Take an invitation back."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("invitation", input.invitation_id, "invitationId")
        await invitation.revoke(viewer_id, number)
        return {"invitation": number}

    return await _payload(info.context, await perform(info.context, "revokeInvitation", input, act))


async def _payload(context: Context, outcome: Outcome) -> InvitationPayloadRow:
    number = outcome.found.get("invitation")
    row = await invitation.one_of(context.viewer_id, number) if number else None
    return InvitationPayloadRow(outcome.user_errors, row)
