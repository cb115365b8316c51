"""Remixing: who may, what a post shows of it, and taking permission back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import strawberry
from strawberry import UNSET

from models import remix, sharing
from models.card import PostRow
from models.consent import PromptVisibility, RemixPermission, RemixPolicy
from models.sharing import Sharing
from resolvers import page
from resolvers.context import Info
from resolvers.lineage import SourceHoleRow, SourceRow, source_of
from resolvers.node import number_in
from resolvers.outcome import perform
from resolvers.page import PageInfoRow
from resolvers.payload import PostPayloadRow, ViewerPayloadRow
from resolvers.user import KEY_HELP
from resolvers.viewer_row import ViewerRow

OWN_POST = "A post of the viewer's own."
REMIX_POST = "Somebody's post that shows a remix of a post of the viewer's."


@strawberry.input(description="Who may remix a post from now on.")
class UpdateRemixPolicyInput:
    post_id: strawberry.ID = strawberry.field(description=OWN_POST)
    policy: RemixPolicy = strawberry.field(
        description="Who may, of those who see it. NOBODY also takes back what was allowed before."
    )
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="Who may see from now on how the pictures of a post were made.")
class UpdatePromptVisibilityInput:
    post_id: strawberry.ID = strawberry.field(description=OWN_POST)
    visibility: PromptVisibility = strawberry.field(description="Who may, of those who see the post.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="What the viewer's posts begin with from now on; what is left out stays.")
class UpdateSharingInput:
    remix_policy: RemixPolicy | None = strawberry.field(
        description="Who may remix them, where they are for everyone and no uploaded picture is in them.", default=UNSET
    )
    prompt_visibility: PromptVisibility | None = strawberry.field(
        description="Who may see how their pictures were made.", default=UNSET
    )
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="A remix to stand by no longer.")
class RevokeRemixInput:
    post_id: strawberry.ID = strawberry.field(description=REMIX_POST)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="A remix to stand by again.")
class RestoreRemixInput:
    post_id: strawberry.ID = strawberry.field(description=REMIX_POST)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@dataclass(frozen=True, slots=True)
class RemixEdgeRow:
    """A post that shows a remix, in its place."""

    cursor: str
    node: PostRow
    permission: RemixPermission


@dataclass(frozen=True, slots=True)
class RemixesRow:
    """One page of the posts that show remixes of a post."""

    edges: Sequence[RemixEdgeRow]
    page_info: PageInfoRow


async def remix_of(parent: strawberry.Parent[PostRow], info: Info) -> SourceRow | SourceHoleRow | None:
    """What the first remix among the pictures of a post was made from."""
    first = next((image for image in parent.images if image.remixed), None)
    return None if first is None else await source_of(info.context, first)


async def remixes(
    parent: strawberry.Parent[PostRow],
    info: Info,
    first: int | None = UNSET,
    after: str | None = UNSET,
    last: int | None = UNSET,
    before: str | None = UNSET,
) -> RemixesRow:
    """The posts that show remixes of a post, newest first."""
    context = info.context
    question = page.asked(first, after, last, before)
    rows = await remix.remixes_of(context.viewer_id, parent.id, question.window(newest_first=True))
    found = page.page_of(question, rows, lambda row: row[0])
    posts = await context.loaders.posts.load_many([number for number, _ in found.items])
    edges = [
        RemixEdgeRow(page.encode(number), post, RemixPermission.TAKEN_BACK if taken else RemixPermission.GIVEN)
        for (number, taken), post in zip(found.items, posts, strict=True)
        if isinstance(post, PostRow)
    ]
    return RemixesRow(edges, found.page_info)


async def viewer_sharing(parent: strawberry.Parent[ViewerRow], info: Info) -> Sharing:
    """What the viewer's posts begin with."""
    return await sharing.settled(parent.id)


async def update_remix_policy(info: Info, input: UpdateRemixPolicyInput) -> PostPayloadRow:
    """Say who may remix a post of one's own."""
    return await _about(info, "updateRemixPolicy", input, lambda me, post: remix.set_policy(me, post, input.policy))


async def update_prompt_visibility(info: Info, input: UpdatePromptVisibilityInput) -> PostPayloadRow:
    """Say who may see how the pictures of a post of one's own were made."""
    return await _about(
        info, "updatePromptVisibility", input, lambda me, post: remix.set_prompts(me, post, input.visibility)
    )


async def revoke_remix(info: Info, input: RevokeRemixInput) -> PostPayloadRow:
    """Take back what somebody was allowed."""
    return await _about(info, "revokeRemix", input, lambda me, post: remix.take_back(me, post, taken=True))


async def restore_remix(info: Info, input: RestoreRemixInput) -> PostPayloadRow:
    """Allow again what was taken back."""
    return await _about(info, "restoreRemix", input, lambda me, post: remix.take_back(me, post, taken=False))


async def update_sharing(info: Info, input: UpdateSharingInput) -> ViewerPayloadRow:
    """Settle what one's posts begin with."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        policy = input.remix_policy if isinstance(input.remix_policy, RemixPolicy) else None
        prompts = input.prompt_visibility if isinstance(input.prompt_visibility, PromptVisibility) else None
        await sharing.settle(viewer_id, policy, prompts)
        return {"viewer": viewer_id}

    outcome = await perform(info.context, "updateSharing", input, act)
    number = outcome.found.get("viewer")
    return ViewerPayloadRow(outcome.user_errors, ViewerRow(number) if number else None)


async def _about(info: Info, name: str, given: Any, verb: Callable[[int, int], Awaitable[None]]) -> PostPayloadRow:
    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("post", given.post_id, "postId")
        await verb(viewer_id, number)
        return {"post": number}

    outcome = await perform(info.context, name, given, act)
    number = outcome.found.get("post")
    row = await info.context.loaders.posts.load(number) if number else None
    return PostPayloadRow(outcome.user_errors, row if isinstance(row, PostRow) else None)
