"""Threads of posts: several published at once, each answering the one before, all or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import strawberry
from strawberry import UNSET

from errors import BadInput, Refusal
from models import card
from models.card import PostRow
from models.consent import PromptVisibility, RemixPolicy
from models.policy import QuotePolicy, ReplyPolicy
from models.publishing import Draft, write
from models.visibility import Visibility
from resolvers import draft, page
from resolvers.context import Info
from resolvers.live_row import EdgeRow
from resolvers.node import number_in
from resolvers.outcome import perform
from resolvers.payload import Payload
from resolvers.poll_input import POLL, PollInput, draft_of
from resolvers.post import PROMPTS, REMIX_POLICY
from resolvers.user import KEY_HELP

MOST_POSTS = 25
OF_ALL = ("replyToId", "replyPolicy")
"""Paths of a post's refusals that are fields of the whole thread."""


@strawberry.input(description="One post of a thread to publish. It has text, images or both.")
class ThreadPostInput:
    text: str = strawberry.field(description=draft.TEXT, default="")
    images: list[draft.PostImageInput] | None = strawberry.field(description=draft.IMAGES, default=UNSET)
    quoted_post_id: strawberry.ID | None = strawberry.field(description="The post it quotes.", default=UNSET)
    content_warning: str | None = strawberry.field(description=draft.CONTENT_WARNING, default=UNSET)
    is_sensitive: bool = strawberry.field(description=draft.SENSITIVE, default=False)
    facets: list[draft.FacetInput] | None = strawberry.field(description=draft.FACETS, default=UNSET)
    poll: PollInput | None = strawberry.field(description=POLL, default=UNSET)


@strawberry.input(description="Posts to publish at once, each answering the one before.")
class CreateThreadInput:
    posts: list[ThreadPostInput] = strawberry.field(description="1 to 25, in order.")
    reply_to_id: strawberry.ID | None = strawberry.field(
        description="The post that the first one answers.", default=UNSET
    )
    visibility: Visibility = strawberry.field(
        description="Who may see all of it; as for a single post.", default=Visibility.PUBLIC
    )
    reply_policy: ReplyPolicy | None = strawberry.field(
        description="Who may answer in the conversation that it begins; left out or null: everybody. Not where it answers"
        " another post.",
        default=UNSET,
    )
    quote_policy: QuotePolicy = strawberry.field(description="Who may quote any of them.", default=QuotePolicy.EVERYONE)
    allowed_mention_ids: list[strawberry.ID] | None = strawberry.field(
        description=draft.ALLOWED_MENTIONS, default=UNSET
    )
    remix_policy: RemixPolicy | None = strawberry.field(description=REMIX_POLICY, default=UNSET)
    prompt_visibility: PromptVisibility | None = strawberry.field(description=PROMPTS, default=UNSET)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@dataclass(frozen=True, slots=True)
class ThreadPayloadRow(Payload):
    """The posts of a thread and their places, in order."""

    edges: Sequence[EdgeRow] | None = None

    @property
    def posts(self) -> Sequence[PostRow] | None:
        """The posts alone."""
        return None if self.edges is None else [edge.node for edge in self.edges]


async def create_thread(info: Info, input: CreateThreadInput) -> ThreadPayloadRow:
    """Publish all of the posts, or none."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        if not 1 <= len(input.posts) <= MOST_POSTS:
            raise BadInput(f"A thread has 1 to {MOST_POSTS} posts.", ["posts"])
        written: list[int] = []
        before = number_in("post", input.reply_to_id, "replyToId") if input.reply_to_id else None
        allowed = draft.allowed_of(input.allowed_mention_ids)
        for index, given in enumerate(input.posts):
            try:
                before = await write(viewer_id, _draft(input, given, before, index, allowed))
            except Refusal as refusal:
                refusal.path = _path(refusal.path, index)
                raise
            written.append(before)
        return {"posts": written}

    outcome = await perform(info.context, "createThread", input, act)
    if not outcome.done:
        return ThreadPayloadRow(outcome.user_errors)
    numbers: list[int] = outcome.found["posts"]
    rows = (await card.cards(info.context.viewer_id, numbers)).posts
    found = [(number, rows.get(number)) for number in numbers]
    return ThreadPayloadRow(
        (), [EdgeRow(page.encode(number), row) for number, row in found if isinstance(row, PostRow)]
    )


def _draft(
    whole: CreateThreadInput, given: ThreadPostInput, before: int | None, index: int, allowed: frozenset[int] | None
) -> Draft:
    return Draft(
        given.text,
        draft.attachments_of(given.images),
        before,
        number_in("post", given.quoted_post_id, "quotedPostId") if given.quoted_post_id else None,
        whole.visibility,
        given.content_warning or None,
        is_sensitive=given.is_sensitive,
        reply_policy=(whole.reply_policy or None) if index == 0 else None,
        quote_policy=whole.quote_policy,
        facets=draft.facets_of(given.facets),
        allowed_mention_ids=allowed,
        remix_policy=whole.remix_policy or None,
        prompt_visibility=whole.prompt_visibility or None,
        poll=draft_of(given.poll) if given.poll else None,
    )


def _path(path: tuple[str, ...], index: int) -> tuple[str, ...]:
    """The path of a post's refusal in the thread's input."""
    if path[:1] == ("allowedMentionIds",):
        return ("posts", str(index), "text")
    return path if path[:1] and path[0] in OF_ALL else ("posts", str(index), *path)
