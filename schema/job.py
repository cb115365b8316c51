"""Engines and generation jobs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from models.job import InputRole, JobKind, JobRow, JobState, OutputState
from resolvers import job as resolve
from resolvers import thread as threads
from schema.image import Image
from schema.node import Node, PageInfo

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
    available: bool = strawberry.field(description="Whether a worker runs it now; jobs for it wait otherwise.")
    models: list[EngineModel] = strawberry.field(description="Its models.")


@strawberry.type(description="Why a job did not succeed.")
class JobFailure:
    code: str = strawberry.field(description="For programs: lower case, with underscores.")
    message: str = strawberry.field(description="A full sentence for people.")


@strawberry.type(description="One wanted picture of a job.")
class GenerationOutput:
    index: int = strawberry.field(description="0 for the first.")
    state: OutputState = strawberry.field(description="What became of it.")
    image = strawberry.field(
        resolver=resolve.image,
        graphql_type=Image | None,
        description="The kept picture, ready to be posted; null until it is made.",
    )
    seed: str | None = strawberry.field(
        description="The seed it was made with, its own where a job has several; null until it is made, and when the engine"
        " has none."
    )


@strawberry.type(description="A picture that was given to a job.")
class GenerationInput:
    role: InputRole = strawberry.field(description="What it is for.")
    image = strawberry.field(
        resolver=resolve.given_image, graphql_type=Image, description="The picture, the viewer's own."
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
    prompt: str = strawberry.field(
        description="What was asked for; empty where a picture was worked on without a word."
    )
    seed: str | None = strawberry.field(
        description="Give it again for the same pictures; null when the engine has none."
    )
    attempt: int = strawberry.field(description="How often it was started.")
    width: int = strawberry.field(description="Of its pictures, in pixels.")
    height: int = strawberry.field(description="Of its pictures, in pixels.")
    style: str | None = strawberry.field(description="The style asked for; null when none was.")
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
    failure = strawberry.field(
        resolver=resolve.failure,
        graphql_type=JobFailure | None,
        description="Why it did not (wholly) succeed; null when it did, and until its end.",
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
