"""The live feed of the viewer's own drafts."""

from __future__ import annotations

import strawberry

from resolvers import drafts_live
from schema.kept_draft import Draft
from schema.live_event import LiveEvent
from schema.post import Post


@strawberry.interface(description="What the subscription to the viewer's own drafts delivers.")
class DraftsEvent(LiveEvent):
    pass


@strawberry.type(description="A draft is new, or has new values; scheduling and what came of it are told so, too.")
class DraftChanged(DraftsEvent):
    draft: Draft = strawberry.field(description="The draft as it is now: keep the higher version.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, drafts_live.DraftChangedRow)


@strawberry.type(description="A draft was deleted.")
class DraftRemoved(DraftsEvent):
    draft_id: strawberry.ID = strawberry.field(description="The draft that is gone.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, drafts_live.DraftRemovedRow)


@strawberry.type(description="A draft became a post, at its time or because the viewer published it.")
class DraftPublished(DraftsEvent):
    draft_id: strawberry.ID = strawberry.field(description="The draft that is gone.")
    post: Post | None = strawberry.field(description="The post, the first of a thread; null when it is deleted again.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, drafts_live.DraftPublishedRow)
