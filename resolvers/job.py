"""Making pictures: engines, asking for a job, cancelling it, and the list of one's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import strawberry

from models import job_move
from models.card import ImageRow
from models.engine import KnownEngine, KnownModel, known, made_with
from models.job import JobRow, OutputRow, job_ids, jobs
from models.job_move import WORK_WAITS, CancelOutcome, cancel_word
from models.wish import Wish
from realtime.wire import WORK
from resolvers import page
from resolvers.context import Info
from resolvers.node import number_in
from resolvers.outcome import perform
from resolvers.page import PageInfoRow
from resolvers.payload import JobPayloadRow
from resolvers.user import KEY_HELP
from resolvers.viewer_row import ViewerRow


@strawberry.input(
    description="Pictures to make. What is left out is the engine's choice; a seed left out is drawn by chance."
)
class GenerateImagesInput:
    prompt: str = strawberry.field(description="What to make, in words; 1 to 4,000 characters.")
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
    seed: str | None = strawberry.field(
        description="A whole number 0 to 2^63-1: the same seed and wish give the same picture.",
        default=strawberry.UNSET,
    )
    style: str | None = strawberry.field(description="One of the model's styles.", default=strawberry.UNSET)
    background: str | None = strawberry.field(description="opaque or transparent.", default=strawberry.UNSET)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@strawberry.input(description="A job to stop.")
class CancelGenerationInput:
    job_id: strawberry.ID = strawberry.field(description="A job of the viewer's own.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@dataclass(frozen=True, slots=True)
class FailureRow:
    """Why a job did not succeed: a word for programs, a sentence for people."""

    code: str
    message: str


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


async def engines(info: Info) -> Sequence[KnownEngine]:
    """Every engine known here, whether it takes jobs now or not."""
    return await known()


async def engine(parent: strawberry.Parent[JobRow], info: Info) -> KnownEngine:
    """The engine a job is for, as it is now."""
    return made_with(await info.context.loaders.engines(), parent.engine, parent.model)[0]


async def model(parent: strawberry.Parent[JobRow], info: Info) -> KnownModel:
    """The model a job is for, as it is now."""
    return made_with(await info.context.loaders.engines(), parent.engine, parent.model)[1]


def failure(parent: strawberry.Parent[JobRow]) -> FailureRow | None:
    """Why a job did not (wholly) succeed."""
    if parent.failure_code is None:
        return None
    return FailureRow(parent.failure_code, parent.failure_message or "It did not work.")


async def image(parent: strawberry.Parent[OutputRow], info: Info) -> ImageRow | None:
    """The picture an output became."""
    return await info.context.loaders.images.load(parent.image_id) if parent.image_id is not None else None


async def generate_images(info: Info, input: GenerateImagesInput) -> JobPayloadRow:
    """Ask for pictures; the job waits in the queue until a worker takes it."""
    context = info.context
    wish = Wish(
        input.prompt,
        input.engine or None,
        input.model or None,
        input.width if isinstance(input.width, int) else None,
        input.height if isinstance(input.height, int) else None,
        input.count,
        input.seed if isinstance(input.seed, str) else None,
        input.style or None,
        input.background or None,
    )

    async def act(viewer_id: int) -> Mapping[str, Any]:
        return {"job": await job_move.ask(viewer_id, wish)}

    outcome = await perform(context, "generateImages", input, act)
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
