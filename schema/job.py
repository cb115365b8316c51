"""Engines and generation jobs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from models.job import InputRole, JobKind, JobPriority, JobRow, JobState, OutputState
from models.job_entry import EntryRow, JobEntryKind
from resolvers import job as resolve
from resolvers import thread as threads
from schema.image import Image
from schema.node import Node, PageInfo
from schema.nullability import FALLIBLE

if TYPE_CHECKING:
    from schema.post import Post
    from schema.thread import GenerationThread


@strawberry.type(description="What a model can do. Sides are in pixels.")
class Capabilities:
    min_side: int = strawberry.field(description="The shortest side.")
    max_side: int = strawberry.field(description="The longest side.")
    side_step: int = strawberry.field(description="A side is a multiple of this.")
    max_count: int = strawberry.field(description="How many pictures a job may have.")
    supports_edits: bool = strawberry.field(description="Whether it changes a given picture.")
    supports_masks: bool = strawberry.field(description="Whether an edit may be bounded by a mask.")
    max_references: int = strawberry.field(description="How many reference pictures it takes.")
    supports_transparent_background: bool = strawberry.field(description="Whether the background may be transparent.")
    supports_seeds: bool = strawberry.field(description="Whether the same seed gives the same picture again.")
    max_partial_images: int = strawberry.field(
        description="How many previews of a picture are shown while it is being made."
    )
    output_formats: list[str] = strawberry.field(description="The formats it makes: png, webp, jpeg.")
    styles: list[str] = strawberry.field(
        description="The styles it knows by name; empty when style is said in the prompt."
    )
    qualities: list[str] = strawberry.field(
        description="The qualities it offers, in its own words; empty when it has but one."
    )
    supports_generation: bool = strawberry.field(description="Whether it makes a picture out of words alone.")
    supports_variations: bool = strawberry.field(description="Whether it makes others like a given picture.")
    supports_guides: bool = strawberry.field(description="Whether an edit may be shown by drawing over the picture.")
    supports_style_codes: bool = strawberry.field(
        description="Whether `style` may be a style code (`Viewer.styleCodes`, or one that somebody shares)."
    )
    supports_negative_prompts: bool = strawberry.field(description="Whether it can be told what not to show.")
    supports_background_removal: bool = strawberry.field(
        description="Whether it cuts what is shown out of its background."
    )
    upscale_factors: list[int] = strawberry.field(
        description="How many times as wide and high it makes a given picture; empty when it does not."
    )
    max_pixels = strawberry.field(
        resolver=resolve.max_pixels,
        description="The most pixels one picture may have, whatever its sides.",
    )
    max_aspect = strawberry.field(
        resolver=resolve.max_aspect,
        description="The longer side by the shorter, at most.",
    )
    sizes: list[str] = strawberry.field(
        description="The only sizes there are, as WIDTHxHEIGHT; empty when all within the bounds can be had."
    )
    credits_per_picture: int = strawberry.field(description="What one picture costs, in credits.")


@strawberry.type(description="One model of an engine.")
class EngineModel:
    name: str = strawberry.field(description="To be given as `model`.")
    capabilities: Capabilities = strawberry.field(description="What it can do; wishes beyond are refused.")
    default_width: int = strawberry.field(description="How wide it makes a picture unless told otherwise, in pixels.")
    default_height: int = strawberry.field(description="How high it makes a picture unless told otherwise, in pixels.")


@strawberry.type(description="A maker of pictures. Its first model is its default.")
class Engine:
    name: str = strawberry.field(description="To be given as `engine`.")
    available: bool = strawberry.field(description="Whether jobs go to it now; jobs for it wait otherwise.")
    reason: str | None = strawberry.field(
        description="Why it is not available, a full sentence for people; null when it is."
    )
    rests_until: datetime | None = strawberry.field(
        description="When it is tried again after it failed too often; null when it is not left alone for that."
    )
    models: list[EngineModel] = strawberry.field(description="Its models.")


@strawberry.type(
    description="Why a job, or one of its pictures, did not succeed, or not yet. Only the job's owner sees it."
)
class JobFailure:
    code: str = strawberry.field(description="For programs: lower case, with underscores.")
    message: str = strawberry.field(description="A full sentence for people.")
    stage: str | None = strawberry.field(
        description="Which check refused it or holds it back: prompt or picture where it was one of this place, input or output"
        " where it was the engine's. Null when the engine does not say, and for all other failures."
    )
    categories: list[str] = strawberry.field(
        description="What it was found to show or ask for, in the words of who refused; empty when that is not told."
    )


@strawberry.type(
    description="How a mask was obeyed. Outside of it the picture is put back to what it was, whatever the engine did; these figures"
    " say what it did."
)
class MaskFigures:
    edited_share: float = strawberry.field(description="How much of the picture the mask let change, 0 to 1.")
    changed_before: float = strawberry.field(
        description="How much of what lies outside the engine had changed all the same, 0 to 1."
    )
    mean_shift: float = strawberry.field(description="By how many levels of 0 to 255 it had moved them on average.")
    changed_after: float = strawberry.field(
        description="How much of what lies outside is another value in the kept picture, 0 to 1: 0 where `lossless`."
    )
    lossless: bool = strawberry.field(description="Whether the picture is kept without loss, to the pixel.")
    stretched: bool = strawberry.field(
        description="Whether the engine answered in another shape, so that its picture had to be stretched."
    )


@strawberry.type(description="What came of the words of an edit, as the engine tells it, in English.")
class EditReport:
    did: list[str] = strawberry.field(description="What it did.")
    undone: list[str] = strawberry.field(description="What it did not do: not understood, or not there to be changed.")
    varied: float | None = strawberry.field(
        description="How far a variation went from the picture, 0 to 1; null for an edit."
    )


@strawberry.type(description="One wanted picture of a job.")
class GenerationOutput:
    index: int = strawberry.field(
        description="0 for the first. A job that does another one again keeps the numbers of those it makes."
    )
    state: OutputState = strawberry.field(description="What became of it.")
    failure: JobFailure | None = strawberry.field(
        description="Why it was not made, or why it is held (`in_review`); null when it was made, while it may still be, and for"
        " a cancelled job's."
    )
    image = strawberry.field(
        resolver=resolve.image,
        graphql_type=Image | None,
        description="The kept picture, ready to be posted; null until it is made, and where its owner deleted it since.",
    )
    seed: str | None = strawberry.field(
        description="The seed it was made with, its own where a job has several; null until it is made, and when the engine"
        " has none."
    )
    mask: MaskFigures | None = strawberry.field(
        description="How the mask was obeyed; null without a mask, and until it is made."
    )
    edit: EditReport | None = strawberry.field(
        description="What an edit or a variation did; null for other kinds, for engines that do not tell, and until it is made."
    )
    style_code: str | None = strawberry.field(
        description="The manner it is painted in, where that is one of its own: give it as `style`, or keep it with"
        " `createStyleCode`. Null in a named style, in one of somebody else's, from engines without, and until it is made."
    )
    vector_url = strawberry.field(
        resolver=resolve.vector_url,
        description="Where the vector drawing can be downloaded that it was painted from: an SVG file, without the brush of its"
        " style and what was painted over. It holds for an hour or two, for the viewer alone. Null where there is none.",
    )


@strawberry.type(description="A picture that was given to a job.")
class GenerationInput:
    role: InputRole = strawberry.field(description="What it is for.")
    image = strawberry.field(
        resolver=resolve.given_image,
        graphql_type=Image | None,
        description="The picture, the viewer's own; null where they deleted it since.",
    )


LazyPost = Annotated["Post", strawberry.lazy("schema.post")]
LazyThread = Annotated["GenerationThread", strawberry.lazy("schema.thread")]
LazyGenerationJob = Annotated["GenerationJob", strawberry.lazy("schema.job")]


@strawberry.type(description="What a job continues.")
class GenerationParent:
    job: LazyGenerationJob = strawberry.field(description="The earlier job, the viewer's own.")
    output_index: int | None = strawberry.field(
        description="Which of its pictures is gone on with; null when none in particular is."
    )


@strawberry.type(description="One thing that happened to a job.")
class GenerationJobEntry(Node):
    sequence: int = strawberry.field(description="1 for the first; no number is left out.")
    version: int = strawberry.field(description="The job's version that came with it.")
    at: datetime = strawberry.field(description="When it happened.")
    kind: JobEntryKind = strawberry.field(description="What happened.")
    attempt: int | None = strawberry.field(
        description="Which attempt: of STARTED, TAKEN and GIVEN_BACK; null otherwise."
    )
    lease: str | None = strawberry.field(
        description="The beginning of the name of the lease that a worker STARTED it under; null otherwise."
    )
    output_index: int | None = strawberry.field(description="Which picture, where it is about one; null otherwise.")
    state: JobState | None = strawberry.field(description="What the job ENDED in; null otherwise.")
    until: datetime | None = strawberry.field(
        description="When it is tried again at the earliest, where that is known; null otherwise."
    )
    credits: int | None = strawberry.field(description="How many credits were REFUNDED; null otherwise.")
    failure: JobFailure | None = strawberry.field(
        description="What went wrong, where it tells of that; null otherwise."
    )

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, EntryRow)


@strawberry.type(description="A line of a job's timeline.")
class GenerationJobTimelineEdge:
    cursor: str = strawberry.field(description="Its place, for paging: `after` the last one seen is what is new.")
    node: GenerationJobEntry = strawberry.field(description="What happened.")


@strawberry.type(description="What happened to a job, oldest first.")
class GenerationJobTimelineConnection:
    edges: list[GenerationJobTimelineEdge] = strawberry.field(description="The lines of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")


@strawberry.type(description="A request for pictures, from asking to its one end. Only its owner sees it.")
class GenerationJob(Node):
    version: int = strawberry.field(description="Rises with every visible change; keep the higher one.")
    kind: JobKind = strawberry.field(description="What it does.")
    state: JobState = strawberry.field(description="Where it is.")
    phase: str | None = strawberry.field(
        description="The engine's own word for what it does now; null when it says none."
    )
    fraction: float | None = strawberry.field(description="How much is done, 0 to 1; null when that is not known.")
    queue_position: int | None = strawberry.field(
        description="Its place in the queue, 1 is next; null unless it waits."
    )
    people_ahead: int | None = strawberry.field(
        description="How many other people have a job that comes before it; null unless it waits."
    )
    retry_at: datetime | None = strawberry.field(
        description="When it is tried again at the earliest; null unless it waits for that."
    )
    priority: JobPriority = strawberry.field(description="Its rank among the viewer's own jobs.")
    start_by: datetime = strawberry.field(description="When it expires if it was not started by then.")
    finish_by: datetime | None = strawberry.field(
        description="When it ends with what is made by then; null while it was never started."
    )
    cancel_requested_at: datetime | None = strawberry.field(
        description="When stopping it was asked for while it ran; null when it was not."
    )
    prompt: str = strawberry.field(
        description="What was asked for; empty where a picture was worked on without a word."
    )
    seed: str | None = strawberry.field(
        description="Give it again for the same pictures; null when the engine has none."
    )
    attempt: int = strawberry.field(description="How often it was started.")
    width: int = strawberry.field(description="Of its pictures, in pixels.")
    height: int = strawberry.field(description="Of its pictures, in pixels.")
    style: str | None = strawberry.field(description="The style or style code asked for; null when none was.")
    background: str | None = strawberry.field(
        description="opaque or transparent, as asked for; null when it was the engine's choice."
    )
    quality: str | None = strawberry.field(description="The quality asked for; null when it was the engine's choice.")
    output_format: str | None = strawberry.field(
        description="png, webp or jpeg, as the engine hands it over; null when that was its choice."
    )
    negative_prompt: str | None = strawberry.field(description="What was not to be shown; null when nothing was said.")
    strength: float | None = strawberry.field(
        description="How far from the given picture, 0 to 1; null when it was the engine's choice."
    )
    scale: int | None = strawberry.field(
        description="How many times as wide and high as the given picture; null unless it upscales."
    )
    inputs: list[GenerationInput] = strawberry.field(
        description="The pictures it was given: to work on, the mask, the guide, then the references in order."
    )
    parent = strawberry.field(
        resolver=resolve.parent,
        graphql_type=GenerationParent | None,
        description="What it goes on from; null when it began with words alone or with an uploaded picture.",
    )
    instruction: str | None = strawberry.field(
        description="How going on was said, in `continueGeneration`; `prompt` says what the engine is told. Null for every other"
        " job."
    )
    thread = strawberry.field(
        resolver=threads.thread_of,
        graphql_type=LazyThread | None,
        description="The thread it is a turn of; null once that was deleted.",
    )
    post = strawberry.field(
        resolver=resolve.post,
        graphql_type=LazyPost | None,
        description="The post that was published for its pictures; null when none was, and when it is deleted.",
    )
    created_at: datetime = strawberry.field(description="When it was asked for.")
    started_at: datetime | None = strawberry.field(description="When it was first started; null while it never was.")
    finished_at: datetime | None = strawberry.field(description="When it came to its end; null until then.")
    engine = strawberry.field(resolver=resolve.engine, graphql_type=Engine, description="Which engine makes it.")
    model = strawberry.field(resolver=resolve.model, graphql_type=EngineModel, description="Which model makes it.")
    outputs: list[GenerationOutput] = strawberry.field(description="Its pictures, one place for each wanted, in order.")
    failure: JobFailure | None = strawberry.field(
        description="Why it did not (wholly) succeed; null when it did, and until its end."
    )
    retry_of = strawberry.field(
        resolver=resolve.retry_of,
        graphql_type=LazyGenerationJob | None,
        description="The job that this one does again; null when it is none's retry.",
    )
    timeline = strawberry.field(
        resolver=resolve.timeline,
        graphql_type=GenerationJobTimelineConnection | None,
        directives=FALLIBLE,
        description="What happened to it, oldest first: about a hundred lines are kept, and always its end and refunds.",
    )

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, JobRow)


@strawberry.type(description="A job in the viewer's list.")
class GenerationJobEdge:
    cursor: str = strawberry.field(description="Its place, for paging.")
    node: GenerationJob = strawberry.field(description="The job.")


@strawberry.type(description="The viewer's jobs, newest first.")
class GenerationJobConnection:
    edges: list[GenerationJobEdge] = strawberry.field(description="The jobs of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")
