"""Posts: writing, deleting, liking, reposting, keeping."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import strawberry

from errors import Forbidden
from models import bookmark, like, node_id, repost
from models.card import PostRow
from models.checkpoint import checkpoint
from models.consent import PromptVisibility, RemixPolicy
from models.policy import QuotePolicy, ReplyPolicy
from models.post import may_repost, seen
from models.publishing import Draft, delete, write
from models.visibility import Visibility
from resolvers import draft
from resolvers.context import Info
from resolvers.node import number_in
from resolvers.outcome import Outcome, perform
from resolvers.payload import PostDeletedRow, PostPayloadRow
from resolvers.poll_input import POLL, PollInput, draft_of
from resolvers.timeline import edge_of
from resolvers.user import KEY_HELP

Verb = Callable[[int, int], Awaitable[bool]]
REMIX_POLICY = "Who may remix its pictures. Left out: as the viewer settled (`Viewer.sharing`)."
PROMPTS = "Who may see how its pictures were made. Left out: as the viewer settled (`Viewer.sharing`)."


@strawberry.input(description="A post to publish. It has text, images or both.")
class CreatePostInput:
    text: str = strawberry.field(description=draft.TEXT, default="")
    images: list[draft.PostImageInput] | None = strawberry.field(description=draft.IMAGES, default=strawberry.UNSET)
    reply_to_id: strawberry.ID | None = strawberry.field(
        description="The post this one answers.", default=strawberry.UNSET
    )
    quoted_post_id: strawberry.ID | None = strawberry.field(
        description="The post this one quotes.", default=strawberry.UNSET
    )
    visibility: Visibility = strawberry.field(
        description="Who may see it. A reply is never for more people than what it answers, if that is not for everyone.",
        default=Visibility.PUBLIC,
    )
    content_warning: str | None = strawberry.field(description=draft.CONTENT_WARNING, default=strawberry.UNSET)
    is_sensitive: bool = strawberry.field(description=draft.SENSITIVE, default=False)
    reply_policy: ReplyPolicy | None = strawberry.field(
        description="Who may answer in the conversation that it begins; left out or null: everybody. Not for a reply.",
        default=strawberry.UNSET,
    )
    quote_policy: QuotePolicy = strawberry.field(description="Who may quote it.", default=QuotePolicy.EVERYONE)
    facets: list[draft.FacetInput] | None = strawberry.field(description=draft.FACETS, default=strawberry.UNSET)
    allowed_mention_ids: list[strawberry.ID] | None = strawberry.field(
        description=draft.ALLOWED_MENTIONS, default=strawberry.UNSET
    )
    remix_policy: RemixPolicy | None = strawberry.field(description=REMIX_POLICY, default=strawberry.UNSET)
    prompt_visibility: PromptVisibility | None = strawberry.field(description=PROMPTS, default=strawberry.UNSET)
    poll: PollInput | None = strawberry.field(description=POLL, default=strawberry.UNSET)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@strawberry.input(description="A post to delete.")
class DeletePostInput:
    post_id: strawberry.ID = strawberry.field(description="A post of one's own.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@strawberry.input(description="A post to like.")
class LikePostInput:
    post_id: strawberry.ID = strawberry.field(description="A post the viewer may see.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@strawberry.input(description="A post to like no longer.")
class UnlikePostInput:
    post_id: strawberry.ID = strawberry.field(description="A post the viewer may see.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@strawberry.input(description="A post to put before one's own followers.")
class RepostPostInput:
    post_id: strawberry.ID = strawberry.field(description="A post for everyone, or one of one's own for followers.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@strawberry.input(description="A repost to take back.")
class UnrepostPostInput:
    post_id: strawberry.ID = strawberry.field(description="A post the viewer may see.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@strawberry.input(description="A post to keep for later.")
class BookmarkPostInput:
    post_id: strawberry.ID = strawberry.field(description="A post the viewer may see.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@strawberry.input(description="A post to keep no longer.")
class UnbookmarkPostInput:
    post_id: strawberry.ID = strawberry.field(description="A post the viewer may see.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


async def create_post(info: Info, input: CreatePostInput) -> PostPayloadRow:
    """Publish a post; gives it with its edge for timelines on screen."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        wanted = Draft(
            input.text,
            draft.attachments_of(input.images),
            number_in("post", input.reply_to_id, "replyToId") if input.reply_to_id else None,
            number_in("post", input.quoted_post_id, "quotedPostId") if input.quoted_post_id else None,
            input.visibility,
            input.content_warning or None,
            remix_policy=input.remix_policy or None,
            prompt_visibility=input.prompt_visibility or None,
            is_sensitive=input.is_sensitive,
            reply_policy=input.reply_policy or None,
            quote_policy=input.quote_policy,
            facets=draft.facets_of(input.facets),
            allowed_mention_ids=draft.allowed_of(input.allowed_mention_ids),
            poll=draft_of(input.poll) if input.poll else None,
        )
        return {"post": await write(viewer_id, wanted)}

    outcome = await perform(info.context, "createPost", input, act)
    if not outcome.done:
        return PostPayloadRow(outcome.user_errors)
    edge = await edge_of(info.context, outcome.found["post"])
    checkpoint("createPost.before_reply")
    return PostPayloadRow((), edge.node if edge else None, edge)


async def delete_post(info: Info, input: DeletePostInput) -> PostDeletedRow:
    """Take a post of one's own back, everywhere at once."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("post", input.post_id, "postId")
        await delete(viewer_id, number)
        return {"post": number}

    outcome = await perform(info.context, "deletePost", input, act)
    number = outcome.found.get("post")
    return PostDeletedRow(outcome.user_errors, node_id.encode("post", number) if number else None)


async def _about(info: Info, name: str, given: Any, verb: Verb, *, undo: bool = False) -> PostPayloadRow:
    """Do something about a post the viewer may see, and answer with it as it is then.

    What one did may be undone whether or not one still sees the post; the answer then has no post.
    """

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("post", given.post_id, "postId")
        if not (undo and await verb(viewer_id, number)):
            await seen(viewer_id, number, "postId")
        if not undo:
            await verb(viewer_id, number)
        return {"post": number}

    return await shown(info, await perform(info.context, name, given, act))


async def shown(info: Info, outcome: Outcome) -> PostPayloadRow:
    """The post that a mutation was about, as it is now."""
    if not outcome.done:
        return PostPayloadRow(outcome.user_errors)
    row = await info.context.loaders.posts.load(outcome.found["post"])
    return PostPayloadRow((), row if isinstance(row, PostRow) else None)


async def like_post(info: Info, input: LikePostInput) -> PostPayloadRow:
    """Like; doing it twice is the same as once."""
    return await _about(info, "likePost", input, like.like)


async def unlike_post(info: Info, input: UnlikePostInput) -> PostPayloadRow:
    """Like no longer."""
    return await _about(info, "unlikePost", input, like.unlike, undo=True)


async def repost_post(info: Info, input: RepostPostInput) -> PostPayloadRow:
    """Repost; doing it twice is the same as once."""

    async def verb(viewer_id: int, post_id: int) -> bool:
        if not may_repost(viewer_id, await seen(viewer_id, post_id, "postId")):
            raise Forbidden("This post is not for everyone, so it cannot be reposted.", ["postId"])
        return await repost.repost(viewer_id, post_id)

    return await _about(info, "repostPost", input, verb)


async def unrepost_post(info: Info, input: UnrepostPostInput) -> PostPayloadRow:
    """Take a repost back."""
    return await _about(info, "unrepostPost", input, repost.unrepost, undo=True)


async def bookmark_post(info: Info, input: BookmarkPostInput) -> PostPayloadRow:
    """Keep for later; nobody else learns of it."""
    return await _about(info, "bookmarkPost", input, bookmark.bookmark)


async def unbookmark_post(info: Info, input: UnbookmarkPostInput) -> PostPayloadRow:
    """Keep no longer."""
    return await _about(info, "unbookmarkPost", input, bookmark.unbookmark, undo=True)
