"""People by what they are to each other: lists of them, requests to follow, and how one follows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import strawberry
from strawberry import UNSET

from errors import NotFound
from models import acquaintance, follow, follow_request
from models.acquaintance import Bond
from models.card import UserRow
from models.follow import FollowOptionsRow
from models.mute import MuteRow
from models.standing import is_there
from resolvers import page
from resolvers.context import Context, Info
from resolvers.node import number_in
from resolvers.outcome import perform
from resolvers.page import PageInfoRow
from resolvers.payload import UserPayloadRow
from resolvers.user import KEY_HELP
from resolvers.viewer_row import ViewerRow

Verb = Callable[[int, int], Awaitable[bool]]


@strawberry.input(description="Whose request to follow to accept.")
class AcceptFollowRequestInput:
    user_id: strawberry.ID = strawberry.field(description="Who asked.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="Whose request to follow to turn down.")
class DeclineFollowRequestInput:
    user_id: strawberry.ID = strawberry.field(description="Who asked.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="Which request of one's own to follow to take back.")
class CancelFollowRequestInput:
    user_id: strawberry.ID = strawberry.field(description="Who was asked.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="Who is to follow one no longer.")
class RemoveFollowerInput:
    user_id: strawberry.ID = strawberry.field(description="A follower.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="How to follow somebody; what is left out stays.")
class UpdateFollowInput:
    user_id: strawberry.ID = strawberry.field(description="Whom the viewer follows.")
    hides_reposts: bool | None = strawberry.field(
        description="Whether their reposts stay out of the viewer's home.", default=UNSET
    )
    notifies_on_post: bool | None = strawberry.field(
        description="Whether the viewer is to be told when they post.", default=UNSET
    )
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@dataclass(frozen=True, slots=True)
class UserEdgeRow:
    """A person in a list."""

    cursor: str
    node: UserRow


@dataclass(frozen=True, slots=True)
class UsersRow:
    """One page of a list of people."""

    edges: Sequence[UserEdgeRow]
    page_info: PageInfoRow


async def _people(context: Context, owner_id: int, bond: Bond, question: page.Asked) -> UsersRow:
    found = await acquaintance.people(context.viewer_id, owner_id, bond, question.window(newest_first=True))
    shown = page.page_of(question, found, lambda one: one.key)
    rows = await context.loaders.users.load_many([one.user_id for one in shown.items])
    edges = [
        UserEdgeRow(page.encode(one.key), row) for one, row in zip(shown.items, rows, strict=True) if row is not None
    ]
    return UsersRow(edges, shown.page_info)


async def followers(
    parent: strawberry.Parent[UserRow],
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> UsersRow:
    """Who follows them, the newest first."""
    return await _people(info.context, parent.id, Bond.FOLLOWERS, page.asked(first, after, last, before))


async def following(
    parent: strawberry.Parent[UserRow],
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> UsersRow:
    """Whom they follow, the newest first."""
    return await _people(info.context, parent.id, Bond.FOLLOWING, page.asked(first, after, last, before))


async def follow_requests(
    parent: strawberry.Parent[ViewerRow],
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> UsersRow:
    """Who asked to follow the viewer, the newest first."""
    return await _people(info.context, parent.id, Bond.ASKING, page.asked(first, after, last, before))


async def blocked_users(
    parent: strawberry.Parent[ViewerRow],
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> UsersRow:
    """Whom the viewer blocks, the newest first."""
    return await _people(info.context, parent.id, Bond.BLOCKED, page.asked(first, after, last, before))


async def muted_users(
    parent: strawberry.Parent[ViewerRow],
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> UsersRow:
    """Whom the viewer mutes, the newest first."""
    return await _people(info.context, parent.id, Bond.MUTED, page.asked(first, after, last, before))


async def follow_request_count(parent: strawberry.Parent[ViewerRow], info: Info) -> int:
    """How many wait to be let in."""
    return await follow_request.count(parent.id)


async def viewer_follow(parent: strawberry.Parent[UserRow], info: Info) -> FollowOptionsRow | None:
    """How the viewer follows them."""
    return await info.context.loaders.follow_options.load(parent.id) if parent.viewer_is_following else None


async def viewer_mute(parent: strawberry.Parent[UserRow], info: Info) -> MuteRow | None:
    """How the viewer mutes them."""
    return await info.context.loaders.mutes.load(parent.id) if parent.viewer_is_muting else None


async def viewer_is_requested_by(parent: strawberry.Parent[UserRow], info: Info) -> bool:
    """Whether they asked to follow the viewer."""
    return await info.context.loaders.asking.load(parent.id)


async def _about(info: Info, name: str, given: Any, verb: Verb, *, gone: bool = False) -> UserPayloadRow:
    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("user", given.user_id, "userId")
        if not (gone or await is_there(number)):
            raise NotFound("There is no such person.", ["userId"])
        await verb(viewer_id, number)
        return {"user": number}

    outcome = await perform(info.context, name, given, act)
    number = outcome.found.get("user")
    return UserPayloadRow(outcome.user_errors, await info.context.loaders.users.load(number) if number else None)


async def accept_follow_request(info: Info, input: AcceptFollowRequestInput) -> UserPayloadRow:
    """Let somebody follow; twice is the same as once."""
    return await _about(info, "acceptFollowRequest", input, follow_request.accept)


async def decline_follow_request(info: Info, input: DeclineFollowRequestInput) -> UserPayloadRow:
    """Turn a request down; twice is the same as once."""
    return await _about(info, "declineFollowRequest", input, follow_request.decline, gone=True)


async def cancel_follow_request(info: Info, input: CancelFollowRequestInput) -> UserPayloadRow:
    """Take a request of one's own back; twice is the same as once."""
    return await _about(info, "cancelFollowRequest", input, follow_request.withdraw, gone=True)


async def remove_follower(info: Info, input: RemoveFollowerInput) -> UserPayloadRow:
    """Have somebody follow one no longer; twice is the same as once."""
    return await _about(info, "removeFollower", input, follow.remove_follower)


async def update_follow(info: Info, input: UpdateFollowInput) -> UserPayloadRow:
    """Change how somebody is followed."""

    async def verb(viewer_id: int, user_id: int) -> bool:
        hides = input.hides_reposts if isinstance(input.hides_reposts, bool) else None
        notifies = input.notifies_on_post if isinstance(input.notifies_on_post, bool) else None
        return await follow.set_options(viewer_id, user_id, hides, notifies)

    return await _about(info, "updateFollow", input, verb)
