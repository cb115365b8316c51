"""Lists of people: one's own, those of others, who stands on them, their timelines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import strawberry
from strawberry import UNSET

from errors import NotFound
from models import list_timeline, node_id, user_list
from models.card import UserRow
from models.database import held
from models.standing import is_there
from models.user_list import ListReplies, ListRow, MemberRow
from resolvers import page
from resolvers.context import Info
from resolvers.node import number_in
from resolvers.outcome import Outcome, perform
from resolvers.page import PageInfoRow
from resolvers.payload import Payload
from resolvers.timeline import TimelineRow, connection, entry_key
from resolvers.user import KEY_HELP
from resolvers.viewer_row import ViewerRow

NAME = "One line of 1 to 50 characters."
DESCRIPTION = "What it is for, at most 300 characters; may be empty."
PRIVATE = "Whether it is there for its owner alone. Who stands on it is never told of it."
EXCLUSIVE = "Whether its members leave the owner's home, and are read here alone."
REPLIES = "Which replies its timeline shows."
OWN_LIST = "A list of the viewer's own."


@strawberry.input(description="A list to make; at most 100 a person.")
class CreateListInput:
    name: str = strawberry.field(description=NAME)
    description: str = strawberry.field(description=DESCRIPTION, default="")
    is_private: bool = strawberry.field(description=PRIVATE, default=True)
    is_exclusive: bool = strawberry.field(description=EXCLUSIVE, default=False)
    replies: ListReplies = strawberry.field(description=REPLIES, default=ListReplies.LIST)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="What to change of a list; what is left out stays.")
class UpdateListInput:
    user_list_id: strawberry.ID = strawberry.field(description=OWN_LIST)
    name: str | None = strawberry.field(description=NAME, default=UNSET)
    description: str | None = strawberry.field(description=DESCRIPTION, default=UNSET)
    is_private: bool | None = strawberry.field(description=PRIVATE, default=UNSET)
    is_exclusive: bool | None = strawberry.field(description=EXCLUSIVE, default=UNSET)
    replies: ListReplies | None = strawberry.field(description=REPLIES, default=UNSET)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="A list to delete.")
class DeleteListInput:
    user_list_id: strawberry.ID = strawberry.field(description=OWN_LIST)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="Whom to put on which list; a list holds 5,000 people.")
class AddToListInput:
    user_list_id: strawberry.ID = strawberry.field(description=OWN_LIST)
    user_id: strawberry.ID = strawberry.field(description="A person; oneself, too.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="Whom to take off which list.")
class RemoveFromListInput:
    user_list_id: strawberry.ID = strawberry.field(description=OWN_LIST)
    user_id: strawberry.ID = strawberry.field(description="A person.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@dataclass(frozen=True, slots=True)
class ListPayloadRow(Payload):
    """A list as it is now, and whom it was about."""

    user_list: ListRow | None = None
    user: UserRow | None = None


@dataclass(frozen=True, slots=True)
class ListDeletedRow(Payload):
    """Which list is gone."""

    deleted_list_id: str | None = None


@dataclass(frozen=True, slots=True)
class ListEdgeRow:
    """A list among a person's."""

    cursor: str
    node: ListRow


@dataclass(frozen=True, slots=True)
class ListsRow:
    """One page of a person's lists."""

    edges: Sequence[ListEdgeRow]
    page_info: PageInfoRow


@dataclass(frozen=True, slots=True)
class MemberEdgeRow:
    """Somebody on a list."""

    cursor: str
    node: UserRow
    added_at: datetime


@dataclass(frozen=True, slots=True)
class MembersRow:
    """One page of who stands on a list."""

    edges: Sequence[MemberEdgeRow]
    page_info: PageInfoRow


async def _page(info: Info, owner_id: int, question: page.Asked) -> ListsRow:
    found = await user_list.lists_of(info.context.viewer_id, owner_id, question.window(newest_first=True))
    shown = page.page_of(question, found, _key)
    return ListsRow([ListEdgeRow(page.encode(row.id), row) for row in shown.items], shown.page_info)


def _key(row: ListRow) -> int:
    return row.id


def _place(row: MemberRow) -> int:
    return row.key


async def viewer_lists(
    parent: strawberry.Parent[ViewerRow],
    info: Info,
    first: int | None = UNSET,
    after: str | None = UNSET,
    last: int | None = UNSET,
    before: str | None = UNSET,
) -> ListsRow:
    """The viewer's own lists, newest first."""
    return await _page(info, parent.id, page.asked(first, after, last, before))


async def user_lists(
    parent: strawberry.Parent[UserRow],
    info: Info,
    first: int | None = UNSET,
    after: str | None = UNSET,
    last: int | None = UNSET,
    before: str | None = UNSET,
) -> ListsRow:
    """A person's lists, those that are there for the viewer."""
    return await _page(info, parent.id, page.asked(first, after, last, before))


async def owner(parent: strawberry.Parent[ListRow], info: Info) -> UserRow:
    """Whose list it is. Raises NotFound when the account is gone."""
    row = await info.context.loaders.users.load(parent.owner_id)
    if row is None:
        raise NotFound("This account is gone.")
    return row


async def has_member(parent: strawberry.Parent[ListRow], info: Info, user_id: strawberry.ID) -> bool:
    """Whether a person stands on the list."""
    number = node_id.number_of("user", user_id)
    return number is not None and await info.context.loaders.listed.load((parent.id, number))


async def members(
    parent: strawberry.Parent[ListRow],
    info: Info,
    first: int | None = UNSET,
    after: str | None = UNSET,
    last: int | None = UNSET,
    before: str | None = UNSET,
) -> MembersRow:
    """Who stands on the list, last added first."""
    question = page.asked(first, after, last, before)
    found = await user_list.members(info.context.viewer_id, parent.id, question.window(newest_first=True))
    shown = page.page_of(question, found, _place)
    people = await info.context.loaders.users.load_many([row.user_id for row in shown.items])
    edges = [
        MemberEdgeRow(page.encode(row.key), who, row.added_at)
        for row, who in zip(shown.items, people, strict=True)
        if who is not None
    ]
    return MembersRow(edges, shown.page_info)


async def timeline(
    parent: strawberry.Parent[ListRow],
    info: Info,
    first: int | None = UNSET,
    after: str | None = UNSET,
    last: int | None = UNSET,
    before: str | None = UNSET,
) -> TimelineRow:
    """What the members post and repost, newest first."""
    question = page.asked(first, after, last, before)
    async with held():
        found = await list_timeline.posts(
            info.context.viewer_id, parent.id, parent.replies, question.window(newest_first=True)
        )
        return await connection(info.context, page.page_of(question, found.entries, entry_key), str(found.head))


async def create_list(info: Info, input: CreateListInput) -> ListPayloadRow:
    """Make a list."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = await user_list.create(
            viewer_id,
            input.name,
            input.description,
            private=input.is_private,
            exclusive=input.is_exclusive,
            replies=input.replies,
        )
        return {"list": number}

    return await _shown(info, await perform(info.context, "createList", input, act))


async def update_list(info: Info, input: UpdateListInput) -> ListPayloadRow:
    """Change a list of one's own."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("list", input.user_list_id, "userListId")
        await user_list.change(
            viewer_id,
            number,
            name=input.name if isinstance(input.name, str) else None,
            description=input.description if isinstance(input.description, str) else None,
            private=input.is_private if isinstance(input.is_private, bool) else None,
            exclusive=input.is_exclusive if isinstance(input.is_exclusive, bool) else None,
            replies=input.replies if isinstance(input.replies, ListReplies) else None,
        )
        return {"list": number}

    return await _shown(info, await perform(info.context, "updateList", input, act))


async def delete_list(info: Info, input: DeleteListInput) -> ListDeletedRow:
    """Delete a list of one's own."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        await user_list.delete(viewer_id, number_in("list", input.user_list_id, "userListId"))
        return {"list": input.user_list_id}

    outcome = await perform(info.context, "deleteList", input, act)
    return ListDeletedRow(outcome.user_errors, outcome.found.get("list"))


async def add_to_list(info: Info, input: AddToListInput) -> ListPayloadRow:
    """Put somebody on a list; twice is the same as once."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        list_id, user_id = await _both(input)
        await user_list.add(viewer_id, list_id, user_id)
        return {"list": list_id, "user": user_id}

    return await _shown(info, await perform(info.context, "addToList", input, act))


async def remove_from_list(info: Info, input: RemoveFromListInput) -> ListPayloadRow:
    """Take somebody off a list; twice is the same as once."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        list_id, user_id = await _both(input)
        await user_list.remove(viewer_id, list_id, user_id)
        return {"list": list_id, "user": user_id}

    return await _shown(info, await perform(info.context, "removeFromList", input, act))


async def _both(given: AddToListInput | RemoveFromListInput) -> tuple[int, int]:
    list_id = number_in("list", given.user_list_id, "userListId")
    user_id = number_in("user", given.user_id, "userId")
    if not (isinstance(given, RemoveFromListInput) or await is_there(user_id)):
        raise NotFound("There is no such person.", ["userId"])
    return list_id, user_id


async def _shown(info: Info, outcome: Outcome) -> ListPayloadRow:
    if not outcome.done:
        return ListPayloadRow(outcome.user_errors)
    user_id = outcome.found.get("user")
    return ListPayloadRow(
        (),
        await info.context.loaders.lists.load(outcome.found["list"]),
        None if user_id is None else await info.context.loaders.users.load(user_id),
    )
