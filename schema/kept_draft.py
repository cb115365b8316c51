"""Drafts."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from errors import ErrorCode
from models.consent import PromptVisibility, RemixPolicy
from models.disclosure import AiKind
from models.draft_content import PostContent
from models.job import JobPriority
from models.kept_draft import DraftProblemKind, DraftRow, DraftState
from models.policy import QuotePolicy, ReplyPolicy
from models.poll import PollDraft
from models.visibility import Visibility
from resolvers import kept_draft as resolve
from schema.image import Image
from schema.node import Node, PageInfo
from schema.preset import PresetSetting
from schema.scalar import _publish as publish

if TYPE_CHECKING:
    from schema.job import GenerationJob

LazyJob = Annotated["GenerationJob", strawberry.lazy("schema.job")]


publish(
    DraftState,
    "Where a draft is.",
    {
        DraftState.DRAFT: "It waits for nothing.",
        DraftState.SCHEDULED: "It is published at its time.",
        DraftState.MAKING: "Its pictures are being made; it is published when they are done.",
        DraftState.FAILED: "It was not published at its time; see `problem`. It can be changed and tried again.",
    },
)
publish(
    DraftProblemKind,
    "Why a draft was not published at its time.",
    {
        DraftProblemKind.LATE: "Its time passed more than a day ago while nothing could be published here.",
        DraftProblemKind.REFUSED: "It was refused, as it would have been by hand; see `errorCode`.",
        DraftProblemKind.NOT_MADE: "Not all of its pictures were made. Those that were stand in it.",
        DraftProblemKind.BROKEN: "Something broke here each time it was tried.",
    },
)


@strawberry.type(description="A picture in a draft.")
class DraftImage:
    image = strawberry.field(
        resolver=resolve.image,
        graphql_type=Image | None,
        description="The picture, the viewer's own; null when it is gone.",
    )
    alt_text: str | None = strawberry.field(
        description="What it is to say of itself in the post; null: what the picture says by itself."
    )
    made_with_ai: AiKind | None = strawberry.field(
        description="What is to be declared of it when it is published; null when nothing is."
    )


@strawberry.type(
    description="A poll in a draft, as it was typed: it may lack answers, and they may be empty or too long."
)
class DraftPoll:
    options: list[str] = strawberry.field(description="The answers, at most 4, in order.")
    minutes: int = strawberry.field(description="For how long it will be open once it is published.")
    multiple: bool = strawberry.field(description="Whether several answers may be chosen.")
    hides_results: bool = strawberry.field(
        description="Whether results will be shown only to those who voted, and to all when it is over."
    )

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, PollDraft)


@strawberry.type(description="One post of a draft.")
class DraftPost:
    text: str = strawberry.field(description="What it says; it may be too long for a post.")
    images = strawberry.field(
        resolver=resolve.images, graphql_type=list[DraftImage], description="Its pictures, at most 4, in order."
    )
    quoted_post_id = strawberry.field(
        resolver=resolve.quoted_post_id,
        graphql_type=strawberry.ID | None,
        description="The post it is to quote, whether or not that is there; null when it quotes none.",
    )
    content_warning: str | None = strawberry.field(
        description="To be shown instead of the content until asked for; null when there is none."
    )

    is_sensitive: bool = strawberry.field(description="Whether its pictures are to be covered until asked for.")
    poll: DraftPoll | None = strawberry.field(description="What it asks; null when it has no poll.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, PostContent)


@strawberry.type(description="Which picture of somebody's post a wish remixes.")
class DraftRemix:
    post_id: strawberry.ID = strawberry.field(description="The post.")
    image_id: strawberry.ID = strawberry.field(description="The picture in it.")


@strawberry.type(description="Pictures that are to be made for a draft: what `generateImages` will be asked for.")
class DraftWish:
    prompt: str = strawberry.field(description="What to make, in words; may be empty.")
    settings = strawberry.field(
        resolver=resolve.settings,
        graphql_type=list[PresetSetting],
        description="What is settled, each name once; all else is left to the engine.",
    )
    references = strawberry.field(
        resolver=resolve.references,
        graphql_type=list[Image],
        description="The pictures to learn from that are there, at most 16, in order.",
    )
    remix_of = strawberry.field(
        resolver=resolve.remix_of,
        graphql_type=DraftRemix | None,
        description="What it remixes, whether or not that is there; null when it remixes nothing.",
    )
    priority: JobPriority = strawberry.field(description="Its rank among the viewer's own jobs.")


@strawberry.type(description="Why a draft was not published at its time.")
class DraftProblem:
    kind: DraftProblemKind = strawberry.field(description="What went wrong.")
    error_code: ErrorCode | None = strawberry.field(
        description="The code of the refusal; null when nothing was refused."
    )
    message: str = strawberry.field(description="A full sentence for people.")
    path: list[str] = strawberry.field(
        description="Which part was refused, from `content` on as in `UserError.path`; empty when that is not known."
    )
    at: datetime = strawberry.field(description="When it was tried.")


@strawberry.type(
    description="Something the viewer keeps to say later: one post or a whole thread, with the wish for its pictures, and the time"
    " at which it is published. Nobody else sees it."
)
class Draft(Node):
    version: int = strawberry.field(
        description="Rises with every change; give it back as `expectedVersion`, so that no other device's change is lost."
    )
    state: DraftState = strawberry.field(description="Where it is.")
    posts: list[DraftPost] = strawberry.field(description="1 to 25; more than one are a thread.")
    visibility: Visibility = strawberry.field(description="Whom all of it is for.")
    reply_to_id: strawberry.ID | None = strawberry.field(
        description="The post it is to answer, whether or not that is there; null when it is no reply."
    )
    wish: DraftWish | None = strawberry.field(
        description="Pictures that are to be made for the first post before it is published; null when none are."
    )
    alt_text: str | None = strawberry.field(
        description="What those pictures will show; null: what the engine says of each."
    )
    reply_policy: ReplyPolicy | None = strawberry.field(
        description="Who may answer in the conversation that it begins; null: everybody."
    )
    quote_policy: QuotePolicy = strawberry.field(description="Who may quote it.")
    remix_policy: RemixPolicy | None = strawberry.field(
        description="Who may remix its pictures; null: as the viewer has settled when it is published."
    )
    prompt_visibility: PromptVisibility | None = strawberry.field(
        description="Who may see how its pictures were made; null: as the viewer has settled when it is published."
    )
    publish_at: datetime | None = strawberry.field(
        description="When it is published; null when that is not settled. Of a failed one, when it was to be."
    )
    in_the_open: bool = strawberry.field(
        description="Whether it appears before its pictures are made, and they come into it."
    )
    job = strawberry.field(
        resolver=resolve.job,
        graphql_type=LazyJob | None,
        description="The job that makes its pictures, or made fewer than were wanted; null otherwise.",
    )
    problem: DraftProblem | None = strawberry.field(description="Why it was not published; null unless it FAILED.")
    created_at: datetime = strawberry.field(description="When it was begun.")
    changed_at: datetime = strawberry.field(description="When it was last changed.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, DraftRow)


@strawberry.type(description="A draft in one of the viewer's lists.")
class DraftEdge:
    cursor: str = strawberry.field(description="Its place, for paging.")
    node: Draft = strawberry.field(description="The draft.")


@strawberry.type(description="Drafts of the viewer's.")
class DraftConnection:
    edges: list[DraftEdge] = strawberry.field(description="The drafts of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")
    live_cursor: str = strawberry.field(
        description="Give this to `draftsChanged` as `after`, so that nothing that happens after this page is missed."
    )
    total_count = strawberry.field(
        resolver=resolve.total_count, graphql_type=int, description="How many there are on all pages."
    )
