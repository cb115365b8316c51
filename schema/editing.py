"""Mutations of what was published: edits, audiences, votes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry

from resolvers import edit as edits
from resolvers import narrowing as narrowings
from resolvers import poll as polls
from schema.narrowing import PostNarrowing
from schema.node import UserError
from schema.payload import LazyQuery, errors_field, query_field
from schema.post import Post

POST = "The post as it is now; null when refused."


@strawberry.type(description="What editing a post came to.")
class EditPostPayload:
    post: Post | None = strawberry.field(description=POST)
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What changing the audience of a post came to.")
class UpdatePostVisibilityPayload:
    post: Post | None = strawberry.field(description=POST)
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What voting came to.")
class VotePollPayload:
    post: Post | None = strawberry.field(description="The post with the poll as it is now; null when refused.")
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What asking for that came to.")
class NarrowOldPostsPayload:
    narrowing: PostNarrowing | None = strawberry.field(description="How far it is; null when refused.")
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


def _mutation(resolver: Callable[..., Any], kind: type, description: str) -> Any:
    return strawberry.mutation(resolver=resolver, graphql_type=kind, description=description)


@strawberry.type(description="What is done with posts that are published.")
class EditingMutation:
    edit_post: EditPostPayload = _mutation(
        edits.edit_post,
        EditPostPayload,
        "Change a post of one's own: text, content warning, pictures, poll. Every version stays to be seen, at most"
        " 100; what changes nothing is no edit.",
    )
    update_post_visibility: UpdatePostVisibilityPayload = _mutation(
        narrowings.update_post_visibility,
        UpdatePostVisibilityPayload,
        "Make a post of one's own for more or fewer people. Screens of those who may see it no longer lose it at once.",
    )
    narrow_old_posts: NarrowOldPostsPayload = _mutation(
        narrowings.narrow_old_posts,
        NarrowOldPostsPayload,
        "Make all one's posts older than a moment for fewer people. It takes a while; one at a time.",
    )
    vote_poll: VotePollPayload = _mutation(
        polls.vote_poll,
        VotePollPayload,
        "Vote in a poll, once and for good. Nobody else learns what was chosen.",
    )
