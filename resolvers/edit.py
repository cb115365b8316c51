"""Editing posts, and the versions they had."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import strawberry

from models import edit
from models.card import PostRow
from models.edit import KEEP, Change, VersionRow
from resolvers import draft, page
from resolvers.context import Info
from resolvers.node import number_in
from resolvers.outcome import perform
from resolvers.page import PageInfoRow
from resolvers.payload import PostPayloadRow
from resolvers.poll_input import PollInput, draft_of
from resolvers.post import shown
from resolvers.user import KEY_HELP


@strawberry.input(description="What is to be otherwise in a post of one's own. What is left out stays as it is.")
class EditPostInput:
    post_id: strawberry.ID = strawberry.field(description="A post of one's own.")
    text: str | None = strawberry.field(
        description="All of the new text, bounded as in `createPost`. Null is the same as an empty one.",
        default=strawberry.UNSET,
    )
    facets: list[draft.FacetInput] | None = strawberry.field(description=draft.FACETS, default=strawberry.UNSET)
    content_warning: str | None = strawberry.field(
        description="The new content warning, at most 100 characters; null takes it away.", default=strawberry.UNSET
    )
    images: list[draft.PostImageInput] | None = strawberry.field(
        description="All pictures it has then, at most 4, each once, in order; null takes all away. Refused as CONFLICT while"
        " its pictures are being made.",
        default=strawberry.UNSET,
    )
    poll: PollInput | None = strawberry.field(
        description="Its poll; null takes it away. Other answers, or another number that may be chosen, make it a new poll"
        " without votes, open from now on; else it stays as it is, whatever `minutes` says.",
        default=strawberry.UNSET,
    )
    expected_edit_count: int | None = strawberry.field(
        description="The `editCount` that the editor saw: another edit meanwhile is then a CONFLICT.",
        default=strawberry.UNSET,
    )
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@dataclass(frozen=True, slots=True)
class VersionEdgeRow:
    """A version in a post's list."""

    cursor: str
    node: VersionRow


@dataclass(frozen=True, slots=True)
class VersionsRow:
    """One page of the versions of a post."""

    edges: Sequence[VersionEdgeRow]
    page_info: PageInfoRow


async def edit_post(info: Info, input: EditPostInput) -> PostPayloadRow:
    """Change a post of one's own; what changes nothing is no edit and told to nobody."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("post", input.post_id, "postId")
        unset = strawberry.UNSET
        change = Change(
            KEEP if input.text is unset else input.text or "",
            None if input.facets is unset else draft.facets_of(input.facets),
            KEEP if input.content_warning is unset else input.content_warning,
            KEEP if input.images is unset else draft.attachments_of(input.images or ()),
            KEEP if input.poll is unset else None if input.poll is None else draft_of(input.poll),
            None if input.expected_edit_count is unset else input.expected_edit_count,
        )
        await edit.edit(viewer_id, number, change)
        return {"post": number}

    return await shown(info, await perform(info.context, "editPost", input, act))


async def edits(
    parent: strawberry.Parent[PostRow],
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> VersionsRow:
    """Every version of a post, newest first; none of one that was never edited."""
    question = page.asked(first, after, last, before)
    found: list[VersionRow] = []
    if parent.edit_count:
        found = await edit.versions(info.context.viewer_id, parent.id, question.window(newest_first=True))
    versions = page.page_of(question, found, lambda version: version.key)
    edges = [VersionEdgeRow(page.encode(version.key), version) for version in versions.items]
    return VersionsRow(edges, versions.page_info)
