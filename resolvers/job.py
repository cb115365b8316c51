"""Engines, and jobs: what they are made of, cancelling one, and the list of one's own."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import strawberry

from models import job_move, job_retry, node_id
from models.card import ImageRow, PostRow
from models.creation import CreationRow
from models.engine import KnownCapabilities, KnownEngine, KnownModel, known, made_with
from models.job import InputRow, JobRow, OutputRow, job_ids, jobs
from models.job_entry import EntryRow, entries
from models.job_move import WORK_WAITS, CancelOutcome, cancel_word
from realtime.wire import WORK
from resolvers import page
from resolvers.context import Info
from resolvers.node import number_in
from resolvers.outcome import perform
from resolvers.page import PageInfoRow
from resolvers.payload import JobPayloadRow
from resolvers.user import KEY_HELP
from resolvers.viewer_row import ViewerRow
from storage.address import VECTOR, media_url


@strawberry.input(description="A job to do again.")
class RetryGenerationInput:
    job_id: strawberry.ID = strawberry.field(
        description="A job of the viewer's own that failed, was cancelled, came too late or was made in part."
    )
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@strawberry.input(description="A job to stop.")
class CancelGenerationInput:
    job_id: strawberry.ID = strawberry.field(description="A job of the viewer's own.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@dataclass(frozen=True, slots=True)
class ParentRow:
    """What a job continues: an earlier job, and which of its pictures (None: none in particular)."""

    job: JobRow
    output_index: int | None


@dataclass(frozen=True, slots=True)
class JobEdgeRow:
    """A job in the viewer's list."""

    cursor: str
    node: JobRow


@dataclass(frozen=True, slots=True)
class JobsRow:
    """One page of the viewer's jobs."""

    edges: Sequence[JobEdgeRow]
    page_info: PageInfoRow


@dataclass(frozen=True, slots=True)
class EntryEdgeRow:
    """A line of a job's timeline at its place."""

    cursor: str
    node: EntryRow


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """A stretch of a job's timeline."""

    edges: Sequence[EntryEdgeRow]
    page_info: PageInfoRow


async def engines(info: Info) -> Sequence[KnownEngine]:
    """Every engine known here, whether it takes jobs now or not."""
    return await known()


async def engine(parent: strawberry.Parent[JobRow], info: Info) -> KnownEngine:
    """The engine a job is for, as it is now."""
    return made_with(await info.context.loaders.engines(), parent.engine, parent.model)[0]


async def model(parent: strawberry.Parent[JobRow], info: Info) -> KnownModel:
    """The model a job is for, as it is now."""
    return made_with(await info.context.loaders.engines(), parent.engine, parent.model)[1]


async def retry_of(parent: strawberry.Parent[JobRow], info: Info) -> JobRow | None:
    """The job that this one does again."""
    return None if parent.retry_of_id is None else await info.context.loaders.jobs.load(parent.retry_of_id)


async def timeline(
    parent: strawberry.Parent[JobRow],
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> TimelineRow:
    """What happened to a job of the viewer's, oldest first."""
    question = page.asked(first, after, last, before)
    window = question.window(newest_first=False)
    found = page.page_of(question, await entries(parent.id, info.context.viewer_id, window), lambda row: row.sequence)
    return TimelineRow([EntryEdgeRow(page.encode(row.sequence), row) for row in found.items], found.page_info)


async def image(parent: strawberry.Parent[OutputRow], info: Info) -> ImageRow | None:
    """The picture an output became."""
    return await info.context.loaders.images.load(parent.image_id) if parent.image_id is not None else None


def vector_url(parent: strawberry.Parent[OutputRow], info: Info) -> str | None:
    """Where the drawing of an output is downloaded, with a grant for the viewer."""
    if parent.image_id is None or not parent.drawn:
        return None
    told = info.context.house.settings
    gid = node_id.encode("image", parent.image_id)
    return media_url(gid, VECTOR, public=False, viewer_id=info.context.viewer_id, now=time.time(), told=told)


async def given_image(parent: strawberry.Parent[InputRow], info: Info) -> ImageRow | None:
    """A picture that was given to a job; None when it is gone."""
    return await info.context.loaders.images.load(parent.image_id)


async def parent(parent: strawberry.Parent[JobRow], info: Info) -> ParentRow | None:
    """The job that this one goes on from."""
    found = None if parent.parent_id is None else await info.context.loaders.jobs.load(parent.parent_id)
    return None if found is None else ParentRow(found, parent.parent_index)


async def post(parent: strawberry.Parent[JobRow], info: Info) -> PostRow | None:
    """The post that a job makes the pictures of."""
    found = None if parent.post_id is None else await info.context.loaders.posts.load(parent.post_id)
    return found if isinstance(found, PostRow) else None


async def own_job(parent: strawberry.Parent[CreationRow], info: Info) -> JobRow | None:
    """The job behind a post in the making, for its owner."""
    return await info.context.loaders.jobs.load(parent.job_id)


def max_pixels(parent: strawberry.Parent[KnownCapabilities]) -> int:
    """The most pixels of one picture: what the sides allow where there is no bound of its own."""
    return parent.max_pixels or parent.max_side**2


def max_aspect(parent: strawberry.Parent[KnownCapabilities]) -> float:
    """How many times as long as the shorter side the longer one may be: what the sides allow where it is not bounded."""
    return parent.max_aspect or parent.max_side / max(parent.min_side, 1)


async def retry_generation(info: Info, input: RetryGenerationInput) -> JobPayloadRow:
    """Do an ended job of one's own again, as far as it was not made."""
    context = info.context

    async def act(viewer_id: int) -> Mapping[str, Any]:
        return {"job": await job_retry.retry(viewer_id, number_in("job", input.job_id, "jobId"))}

    outcome = await perform(context, "retryGeneration", input, act)
    if not outcome.done:
        return JobPayloadRow(outcome.user_errors)
    context.house.wire.publish_soon(WORK, WORK_WAITS)
    return JobPayloadRow((), (await jobs([outcome.found["job"]], context.viewer_id)).get(outcome.found["job"]))


async def cancel_generation(info: Info, input: CancelGenerationInput) -> JobPayloadRow:
    """Stop a job of one's own: at once if it waits, as soon as its worker hears of it if it runs."""
    context = info.context

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("job", input.job_id, "jobId")
        return {"job": number, "did": (await job_move.request_cancel(viewer_id, number)).value}

    outcome = await perform(context, "cancelGeneration", input, act)
    if not outcome.done:
        return JobPayloadRow(outcome.user_errors)
    number, did = outcome.found["job"], CancelOutcome(outcome.found["did"])
    if did is CancelOutcome.STOPPING:
        context.house.wire.publish_soon(WORK, cancel_word(number))
    return JobPayloadRow((), (await jobs([number], context.viewer_id)).get(number), did)


async def generation_jobs(
    parent: strawberry.Parent[ViewerRow],
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> JobsRow:
    """The viewer's jobs, newest first."""
    question = page.asked(first, after, last, before)
    window = question.window(newest_first=True)
    found = page.page_of(question, await job_ids(parent.id, window), lambda number: number)
    rows = await jobs(found.items, parent.id)
    return JobsRow([JobEdgeRow(page.encode(number), rows[number]) for number in found.items], found.page_info)
