"""Asking for leave to remix a post, and what becomes of it, live for both."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import strawberry
from strawberry import UNSET

from errors import NotFound
from models import permit
from models.card import Hole, PostRow, UnavailableReason, UserRow
from models.consent import RemixRequestState
from models.event import Event
from models.permit import PermitRow, permits
from realtime import topic
from resolvers import page
from resolvers.context import Info
from resolvers.live_row import HeartbeatRow, ResetRow
from resolvers.node import number_in
from resolvers.outcome import perform
from resolvers.page import PageInfoRow
from resolvers.payload import PermitPayloadRow
from resolvers.presence import present
from resolvers.stream import follow
from resolvers.user import KEY_HELP
from resolvers.viewer_row import ViewerRow

OWN_REQUEST = "A request about a post of the viewer's own."


@strawberry.input(description="A wish to remix a post whose author is to be asked.")
class RequestRemixInput:
    post_id: strawberry.ID = strawberry.field(description="A post with the policy ASK.")
    message: str = strawberry.field(
        description="What to say to the author; at most 280 characters, or nothing.", default=""
    )
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="A request to say yes to.")
class AcceptRemixRequestInput:
    request_id: strawberry.ID = strawberry.field(description=OWN_REQUEST)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="A request to say no to.")
class DeclineRemixRequestInput:
    request_id: strawberry.ID = strawberry.field(description=OWN_REQUEST)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@dataclass(frozen=True, slots=True)
class RequestEdgeRow:
    """A request in its place."""

    cursor: str
    node: PermitRow


@dataclass(frozen=True, slots=True)
class RequestsRow:
    """One page of requests."""

    edges: Sequence[RequestEdgeRow]
    page_info: PageInfoRow


@dataclass(frozen=True, slots=True)
class RequestChangedRow:
    """A request is new or was answered."""

    cursor: str
    request: PermitRow


async def remix_requests(
    parent: strawberry.Parent[ViewerRow],
    info: Info,
    state: RemixRequestState | None = UNSET,
    first: int | None = UNSET,
    after: str | None = UNSET,
    last: int | None = UNSET,
    before: str | None = UNSET,
) -> RequestsRow:
    """What the viewer is asked for, newest first."""
    return await _requests(parent.id, state, page.asked(first, after, last, before), sent=False)


async def sent_remix_requests(
    parent: strawberry.Parent[ViewerRow],
    info: Info,
    state: RemixRequestState | None = UNSET,
    first: int | None = UNSET,
    after: str | None = UNSET,
    last: int | None = UNSET,
    before: str | None = UNSET,
) -> RequestsRow:
    """What the viewer asked for, newest first."""
    return await _requests(parent.id, state, page.asked(first, after, last, before), sent=True)


async def _requests(
    viewer_id: int, state: RemixRequestState | None, question: page.Asked, *, sent: bool
) -> RequestsRow:
    wanted = state if isinstance(state, RemixRequestState) else None
    rows = await permit.requests_of(viewer_id, wanted, question.window(newest_first=True), sent=sent)
    found = page.page_of(question, rows, lambda row: row.id)
    return RequestsRow([RequestEdgeRow(page.encode(row.id), row) for row in found.items], found.page_info)


async def viewer_request(parent: strawberry.Parent[PostRow], info: Info) -> PermitRow | None:
    """The viewer's own request to remix a post."""
    return await info.context.loaders.own_permits.load(parent.id)


async def request_post(parent: strawberry.Parent[PermitRow], info: Info) -> PostRow | Hole:
    """What a request is about."""
    return await info.context.loaders.posts.load(parent.post_id) or Hole(UnavailableReason.NOT_VISIBLE)


async def request_user(parent: strawberry.Parent[PermitRow], info: Info) -> UserRow:
    """Who asked. Raises NotFound when they are gone."""
    found = await info.context.loaders.users.load(parent.person_id)
    if found is None:
        raise NotFound("This person is gone.")
    return found


async def request_remix(info: Info, input: RequestRemixInput) -> PermitPayloadRow:
    """Ask for leave; twice is the same as once."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("post", input.post_id, "postId")
        return {"request": await permit.ask(viewer_id, number, input.message)}

    return await _done(info, "requestRemix", input, act)


async def accept_remix_request(info: Info, input: AcceptRemixRequestInput) -> PermitPayloadRow:
    """Say yes."""
    return await _answered(info, "acceptRemixRequest", input, accept=True)


async def decline_remix_request(info: Info, input: DeclineRemixRequestInput) -> PermitPayloadRow:
    """Say no, or no longer yes."""
    return await _answered(info, "declineRemixRequest", input, accept=False)


async def _answered(info: Info, name: str, given: Any, *, accept: bool) -> PermitPayloadRow:
    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("permit", given.request_id, "requestId")
        await permit.answer(viewer_id, number, accept=accept)
        return {"request": number}

    return await _done(info, name, given, act)


async def _done(info: Info, name: str, given: Any, act: Any) -> PermitPayloadRow:
    outcome = await perform(info.context, name, given, act)
    number = outcome.found.get("request")
    row = (await permits(info.context.viewer_id, [number])).get(number) if number else None
    return PermitPayloadRow(outcome.user_errors, row)


RequestRow = RequestChangedRow | ResetRow | HeartbeatRow


async def remix_requests_live(info: Info, after: str | None = UNSET) -> AsyncGenerator[RequestRow]:
    """Requests that the viewer made or is asked by, as they come and are answered. Raises Unauthenticated."""
    context = info.context
    del info  # it holds the whole operation, and the stream may be quiet for hours
    viewer_id = context.require_viewer()
    async with present(context, [topic.permits(viewer_id)], rules=False) as (_, inbox):

        async def answer(event: Event) -> RequestRow | None:
            number = event.subject_id or 0
            row = (await permits(viewer_id, [number])).get(number)
            return None if row is None else RequestChangedRow(str(event.cursor), row)

        rows: AsyncGenerator[RequestRow] = follow(context.house.hub, inbox, after, answer)
        async with aclosing(rows):
            async for row in rows:
                yield row
