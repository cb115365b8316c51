"""What can be done with drafts, and what that answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry

from resolvers import kept_draft as resolve
from schema.kept_draft import Draft
from schema.node import UserError
from schema.payload import LazyQuery, errors_field, query_field
from schema.post import Post

NEWER = "The draft as it is now, beside a CONFLICT, too; null for any other refusal."


@strawberry.type(description="What saving a draft came to.")
class SaveDraftPayload:
    draft: Draft | None = strawberry.field(description=NEWER)
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What scheduling came to.")
class SchedulePostPayload:
    draft: Draft | None = strawberry.field(description=NEWER)
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What taking the time from a draft came to.")
class UnscheduleDraftPayload:
    draft: Draft | None = strawberry.field(description="The draft as it is now; null when refused.")
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What publishing a draft came to.")
class PublishDraftPayload:
    post: Post | None = strawberry.field(
        description="The post, the first of a thread: the draft is gone then. Null when refused, and while its pictures are made first."
    )
    draft: Draft | None = strawberry.field(
        description="The draft whose pictures are being made first, or the newer one beside a CONFLICT; null otherwise."
    )
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What forgetting a draft came to.")
class DeleteDraftPayload:
    deleted_draft_id: strawberry.ID | None = strawberry.field(description="The draft that is gone; null when refused.")
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


def _mutation(resolver: Callable[..., Any], kind: type, description: str) -> Any:
    return strawberry.mutation(resolver=resolver, graphql_type=kind, description=description)


@strawberry.type(description="What can be done with drafts.")
class DraftMutations:
    save_draft: SaveDraftPayload = _mutation(
        resolve.save_draft,
        SaveDraftPayload,
        "Keep a draft, or say something else in one: all that it says is given. One that says it already stays as it is, one that is"
        " scheduled keeps its time.",
    )
    delete_draft: DeleteDraftPayload = _mutation(
        resolve.delete_draft, DeleteDraftPayload, "Forget a draft, scheduled or not."
    )
    schedule_post: SchedulePostPayload = _mutation(
        resolve.schedule_post,
        SchedulePostPayload,
        "Have a draft, or something new, published at a time, or at another than before. What could not be published now is refused."
        " What a wish costs is set aside when its pictures are made.",
    )
    unschedule_draft: UnscheduleDraftPayload = _mutation(
        resolve.unschedule_draft,
        UnscheduleDraftPayload,
        "Make a draft without a time again of what has one. Pictures that are being made lie with the viewer's own then.",
    )
    publish_draft: PublishDraftPayload = _mutation(
        resolve.publish_draft,
        PublishDraftPayload,
        "Publish a draft now. Where pictures are to be made first, that begins, and it is published when they are done.",
    )
