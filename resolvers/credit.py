"""What the viewer has, every line of how it came to that, and what a job would cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import strawberry

from errors import Forbidden, NotFound
from models.credit import AccountRow, EntryRow
from models.credit import entries as lines
from models.credit_move import open_account
from models.credit_quote import QuoteRow, quote
from models.job import JobKind, JobRow
from models.wish import Wish
from resolvers import page
from resolvers.context import Info
from resolvers.node import number_in
from resolvers.page import PageInfoRow
from resolvers.viewer_row import ViewerRow

ANY_WORDS = "A picture."
"""Stands for the prompt of a quote: what is asked for in words costs nothing."""


@strawberry.input(
    description="What would be asked for, as far as its price depends on it. What is left out is the engine's choice."
)
class GenerationQuoteInput:
    kind: JobKind = strawberry.field(description="What the job would do.", default=JobKind.GENERATE)
    engine: str | None = strawberry.field(
        description="The name of an engine (see `engines`).", default=strawberry.UNSET
    )
    model: str | None = strawberry.field(description="The name of one of its models.", default=strawberry.UNSET)
    width: int | None = strawberry.field(
        description="Pixels; within the model's bounds and steps.", default=strawberry.UNSET
    )
    height: int | None = strawberry.field(
        description="Pixels; within the model's bounds and steps.", default=strawberry.UNSET
    )
    count: int = strawberry.field(description="How many pictures, 1 to 4.", default=1)
    quality: str | None = strawberry.field(description="One of the model's qualities.", default=strawberry.UNSET)
    image_id: strawberry.ID | None = strawberry.field(
        description="The viewer's picture to work on, for every kind but GENERATE.", default=strawberry.UNSET
    )
    remix_of: strawberry.ID | None = strawberry.field(
        description="The post that the picture stands in, where it is to be remixed.", default=strawberry.UNSET
    )
    scale: int | None = strawberry.field(
        description="For UPSCALE: how many times as wide and high it becomes.", default=strawberry.UNSET
    )


@dataclass(frozen=True, slots=True)
class EntryEdgeRow:
    """A line in the viewer's ledger."""

    cursor: str
    node: EntryRow


@dataclass(frozen=True, slots=True)
class EntriesRow:
    """One page of the viewer's ledger."""

    edges: Sequence[EntryEdgeRow]
    page_info: PageInfoRow


async def viewer_credits(parent: strawberry.Parent[ViewerRow], info: Info) -> AccountRow:
    """What the viewer has; who never had any is given the first month."""
    return await open_account(parent.id)


async def entries(
    parent: strawberry.Parent[AccountRow],
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> EntriesRow:
    """The lines of the ledger, newest first."""
    question = page.asked(first, after, last, before)
    found = await lines(parent.owner_id, question.window(newest_first=True))
    shown = page.page_of(question, found, lambda entry: entry.id)
    return EntriesRow([EntryEdgeRow(page.encode(entry.id), entry) for entry in shown.items], shown.page_info)


async def entry_job(parent: strawberry.Parent[EntryRow], info: Info) -> JobRow | None:
    """The job a line belongs to."""
    return await info.context.loaders.jobs.load(parent.job_id) if parent.job_id is not None else None


async def generation_quote(
    parent: strawberry.Parent[ViewerRow], info: Info, input: GenerationQuoteInput
) -> QuoteRow | None:
    """What a job would cost; None for work on a picture that is not theirs. Raises BadInput as asking for it would."""
    try:
        image = number_in("image", input.image_id, "imageId") if isinstance(input.image_id, str) else None
        remixed = number_in("post", input.remix_of, "remixOf") if isinstance(input.remix_of, str) else None
        wish = Wish(
            ANY_WORDS,
            input.engine or None,
            input.model or None,
            input.width if isinstance(input.width, int) else None,
            input.height if isinstance(input.height, int) else None,
            input.count,
            kind=input.kind,
            quality=input.quality or None,
            scale=input.scale if isinstance(input.scale, int) else None,
            image=image,
            remix_post_id=remixed,
            remix_image_id=None if remixed is None else image,
        )
        return await quote(parent.id, wish)
    except (NotFound, Forbidden):
        return None
