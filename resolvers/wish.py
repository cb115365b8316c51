"""Asking for pictures: each way to make one is a mutation of its own that puts a job into the queue."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import strawberry
from strawberry import UNSET

from errors import NotFound, Refusal
from models import creation, job_move, node_id, thread
from models.consent import PromptVisibility, RemixPolicy
from models.engine import known
from models.job import JobKind, JobPriority, jobs
from models.job_move import MOST_REFERENCES, WORK_WAITS
from models.publishing import Draft
from models.visibility import Visibility
from models.wish import Wish
from realtime.wire import WORK
from resolvers.context import Info
from resolvers.node import number_in
from resolvers.outcome import perform
from resolvers.payload import JobPayloadRow
from resolvers.post import PROMPTS, REMIX_POLICY
from resolvers.user import KEY_HELP

T = TypeVar("T")
ENGINE = "The name of an engine (see `engines`)."
MODEL = "The name of one of its models."
SIDE = "Pixels; within the model's bounds and steps."
COUNT = "How many pictures, 1 to 4."
SEED = "A whole number 0 to 2^63-1: the same seed and wish give the same picture."
STYLE = "One of the model's styles, or a style code where it takes them (`supportsStyleCodes`)."
BACKGROUND = "opaque or transparent."
QUALITY = "One of the model's `qualities`."
FORMAT = "One of the model's `outputFormats`."
NEGATIVE = "What not to show; at most 1,000 characters, where the model takes it."
REFERENCES = "Pictures of the viewer's own to learn from, at most 16 and no more than the model takes."
STRENGTH = "How far from the given picture: 0 keeps it, 1 forgets it."
PUBLISH = "A post to publish now, that the pictures are made for in the open. Left out, nothing is published."
PRIORITY = "Which of the viewer's own jobs comes first; it passes by nobody else's."
START = "When it is not started by then it expires; 5 to 86,400, an hour unless told."
FINISH = "When it is not finished so long after its first start it ends with what is made; 5 to 3,600, ten minutes unless told."
OWN_PICTURE = "A picture of the viewer's own, uploaded or made here."
SOURCE = "A picture of the viewer's own, uploaded or made here; or one in the post that `remixOf` names."
REMIX_OF = (
    "The post that the picture stands in, to remix it: the viewer sees that post and may remix it (`viewerCanRemix`)."
)


@strawberry.input(
    description="A post to publish at once, while its pictures are still being made: they come into it as they are kept. A job"
    " that ends without any leaves the post saying so (`Post.creation`), or takes it back where it has no text."
)
class PublishInput:
    text: str = strawberry.field(description="What the post says; as for `createPost`, or nothing.", default="")
    visibility: Visibility = strawberry.field(description="Whom the post is for.", default=Visibility.PUBLIC)
    content_warning: str | None = strawberry.field(
        description="To be shown instead of the content until asked for; at most 100 characters.", default=UNSET
    )
    reply_to_id: strawberry.ID | None = strawberry.field(description="The post that it answers.", default=UNSET)
    alt_text: str | None = strawberry.field(
        description="What the pictures show, for who cannot see them; at most 2,000 characters. Left out, what the engine"
        " says of each.",
        default=UNSET,
    )
    remix_policy: RemixPolicy | None = strawberry.field(description=REMIX_POLICY, default=UNSET)
    prompt_visibility: PromptVisibility | None = strawberry.field(description=PROMPTS, default=UNSET)
    show_partials: bool = strawberry.field(
        description="Whether whoever sees the post may watch the pictures appear (`PostProgressed`).", default=False
    )


@strawberry.input(description="A picture in somebody's post, to remix it.")
class RemixOfInput:
    post_id: strawberry.ID = strawberry.field(
        description="A post that the viewer sees and may remix (`viewerCanRemix`)."
    )
    image_id: strawberry.ID = strawberry.field(description="One of its pictures.")


@strawberry.input(
    description="Pictures to make. What is left out is the engine's choice; a seed left out is drawn by chance."
)
class GenerateImagesInput:
    prompt: str = strawberry.field(description="What to make, in words; 1 to 4,000 characters.")
    engine: str | None = strawberry.field(description=ENGINE, default=UNSET)
    model: str | None = strawberry.field(description=MODEL, default=UNSET)
    width: int | None = strawberry.field(description=SIDE, default=UNSET)
    height: int | None = strawberry.field(description=SIDE, default=UNSET)
    count: int = strawberry.field(description=COUNT, default=1)
    seed: str | None = strawberry.field(description=SEED, default=UNSET)
    style: str | None = strawberry.field(description=STYLE, default=UNSET)
    background: str | None = strawberry.field(description=BACKGROUND, default=UNSET)
    quality: str | None = strawberry.field(description=QUALITY, default=UNSET)
    output_format: str | None = strawberry.field(description=FORMAT, default=UNSET)
    negative_prompt: str | None = strawberry.field(description=NEGATIVE, default=UNSET)
    reference_ids: list[strawberry.ID] | None = strawberry.field(description=REFERENCES, default=UNSET)
    remix_of: RemixOfInput | None = strawberry.field(
        description="A picture in a post to learn from first, where the model takes pictures to learn from.",
        default=UNSET,
    )
    strength: float | None = strawberry.field(
        description="How far from the pictures to learn from: 0 keeps to them, 1 forgets them.", default=UNSET
    )
    publish: PublishInput | None = strawberry.field(description=PUBLISH, default=UNSET)
    priority: JobPriority = strawberry.field(description=PRIORITY, default=JobPriority.NORMAL)
    start_within_seconds: int | None = strawberry.field(description=START, default=UNSET)
    finish_within_seconds: int | None = strawberry.field(description=FINISH, default=UNSET)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="A picture to change. What is left out is the engine's choice; sides stay as they are.")
class EditImageInput:
    image_id: strawberry.ID = strawberry.field(description=SOURCE)
    remix_of: strawberry.ID | None = strawberry.field(description=REMIX_OF, default=UNSET)
    prompt: str = strawberry.field(description="What to change, in words; 1 to 4,000 characters.")
    mask_id: strawberry.ID | None = strawberry.field(
        description="A picture of the viewer's own, as wide and high, transparent where the picture may change: outside it"
        " every pixel stays. Left out, all of it may change.",
        default=UNSET,
    )
    guide_id: strawberry.ID | None = strawberry.field(
        description="A picture of the viewer's own, as wide and high, transparent but for what was drawn over the picture.",
        default=UNSET,
    )
    reference_ids: list[strawberry.ID] | None = strawberry.field(description=REFERENCES, default=UNSET)
    engine: str | None = strawberry.field(description=ENGINE, default=UNSET)
    model: str | None = strawberry.field(description=MODEL, default=UNSET)
    width: int | None = strawberry.field(description=SIDE, default=UNSET)
    height: int | None = strawberry.field(description=SIDE, default=UNSET)
    count: int = strawberry.field(description=COUNT, default=1)
    seed: str | None = strawberry.field(description=SEED, default=UNSET)
    style: str | None = strawberry.field(description=STYLE, default=UNSET)
    background: str | None = strawberry.field(description=BACKGROUND, default=UNSET)
    quality: str | None = strawberry.field(description=QUALITY, default=UNSET)
    output_format: str | None = strawberry.field(description=FORMAT, default=UNSET)
    negative_prompt: str | None = strawberry.field(description=NEGATIVE, default=UNSET)
    strength: float | None = strawberry.field(description=STRENGTH, default=UNSET)
    publish: PublishInput | None = strawberry.field(description=PUBLISH, default=UNSET)
    priority: JobPriority = strawberry.field(description=PRIORITY, default=JobPriority.NORMAL)
    start_within_seconds: int | None = strawberry.field(description=START, default=UNSET)
    finish_within_seconds: int | None = strawberry.field(description=FINISH, default=UNSET)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="A picture to make others of. What is left out is the engine's choice.")
class VaryImageInput:
    image_id: strawberry.ID = strawberry.field(description=SOURCE)
    remix_of: strawberry.ID | None = strawberry.field(description=REMIX_OF, default=UNSET)
    prompt: str | None = strawberry.field(
        description="Where to go with it, in words; at most 4,000 characters.", default=UNSET
    )
    engine: str | None = strawberry.field(description=ENGINE, default=UNSET)
    model: str | None = strawberry.field(description=MODEL, default=UNSET)
    count: int = strawberry.field(description=COUNT, default=1)
    seed: str | None = strawberry.field(description=SEED, default=UNSET)
    style: str | None = strawberry.field(description=STYLE, default=UNSET)
    background: str | None = strawberry.field(description=BACKGROUND, default=UNSET)
    quality: str | None = strawberry.field(description=QUALITY, default=UNSET)
    output_format: str | None = strawberry.field(description=FORMAT, default=UNSET)
    negative_prompt: str | None = strawberry.field(description=NEGATIVE, default=UNSET)
    strength: float | None = strawberry.field(description=STRENGTH, default=UNSET)
    publish: PublishInput | None = strawberry.field(description=PUBLISH, default=UNSET)
    priority: JobPriority = strawberry.field(description=PRIORITY, default=JobPriority.NORMAL)
    start_within_seconds: int | None = strawberry.field(description=START, default=UNSET)
    finish_within_seconds: int | None = strawberry.field(description=FINISH, default=UNSET)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="A picture to make larger. No side may become longer than 4,096 pixels.")
class UpscaleImageInput:
    image_id: strawberry.ID = strawberry.field(description=OWN_PICTURE)
    scale: int = strawberry.field(description="How many times as wide and high; one of the model's `upscaleFactors`.")
    engine: str | None = strawberry.field(description=ENGINE, default=UNSET)
    model: str | None = strawberry.field(description=MODEL, default=UNSET)
    output_format: str | None = strawberry.field(description=FORMAT, default=UNSET)
    priority: JobPriority = strawberry.field(description=PRIORITY, default=JobPriority.NORMAL)
    start_within_seconds: int | None = strawberry.field(description=START, default=UNSET)
    finish_within_seconds: int | None = strawberry.field(description=FINISH, default=UNSET)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="A picture to cut out of its background.")
class RemoveBackgroundInput:
    image_id: strawberry.ID = strawberry.field(description=OWN_PICTURE)
    engine: str | None = strawberry.field(description=ENGINE, default=UNSET)
    model: str | None = strawberry.field(description=MODEL, default=UNSET)
    output_format: str | None = strawberry.field(description=FORMAT, default=UNSET)
    priority: JobPriority = strawberry.field(description=PRIORITY, default=JobPriority.NORMAL)
    start_within_seconds: int | None = strawberry.field(description=START, default=UNSET)
    finish_within_seconds: int | None = strawberry.field(description=FINISH, default=UNSET)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(
    description="What to do next in a thread. What is left out is as it was before; sides stay where the picture is edited."
)
class ContinueGenerationInput:
    thread_id: strawberry.ID = strawberry.field(description="A thread of the viewer's own.")
    prompt: str = strawberry.field(description="What to change, in words: bluer, and at night.")
    from_image_id: strawberry.ID | None = strawberry.field(
        description="The picture of the thread to go on from, where it branches. Left out, the newest.", default=UNSET
    )
    mask_id: strawberry.ID | None = strawberry.field(
        description="Where that picture may change; see `editImage`.", default=UNSET
    )
    reference_ids: list[strawberry.ID] | None = strawberry.field(description=REFERENCES, default=UNSET)
    engine: str | None = strawberry.field(description=ENGINE, default=UNSET)
    model: str | None = strawberry.field(description=MODEL, default=UNSET)
    count: int = strawberry.field(description=COUNT, default=1)
    seed: str | None = strawberry.field(description=SEED, default=UNSET)
    style: str | None = strawberry.field(description=STYLE, default=UNSET)
    background: str | None = strawberry.field(description=BACKGROUND, default=UNSET)
    quality: str | None = strawberry.field(description=QUALITY, default=UNSET)
    output_format: str | None = strawberry.field(description=FORMAT, default=UNSET)
    negative_prompt: str | None = strawberry.field(description=NEGATIVE, default=UNSET)
    strength: float | None = strawberry.field(description=STRENGTH, default=UNSET)
    publish: PublishInput | None = strawberry.field(description=PUBLISH, default=UNSET)
    priority: JobPriority = strawberry.field(description=PRIORITY, default=JobPriority.NORMAL)
    start_within_seconds: int | None = strawberry.field(description=START, default=UNSET)
    finish_within_seconds: int | None = strawberry.field(description=FINISH, default=UNSET)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


async def generate_images(info: Info, input: GenerateImagesInput) -> JobPayloadRow:
    """Ask for pictures out of words."""
    return await _ask(info, "generateImages", input, _just(input, JobKind.GENERATE))


async def edit_image(info: Info, input: EditImageInput) -> JobPayloadRow:
    """Ask for a picture to be changed."""
    return await _ask(info, "editImage", input, _just(input, JobKind.EDIT))


async def vary_image(info: Info, input: VaryImageInput) -> JobPayloadRow:
    """Ask for others like a picture."""
    return await _ask(info, "varyImage", input, _just(input, JobKind.VARY))


async def upscale_image(info: Info, input: UpscaleImageInput) -> JobPayloadRow:
    """Ask for a picture to be made larger."""
    return await _ask(info, "upscaleImage", input, _just(input, JobKind.UPSCALE))


async def remove_background(info: Info, input: RemoveBackgroundInput) -> JobPayloadRow:
    """Ask for a picture without its background."""
    return await _ask(info, "removeBackground", input, _just(input, JobKind.REMOVE_BACKGROUND))


async def continue_generation(info: Info, input: ContinueGenerationInput) -> JobPayloadRow:
    """Ask for what comes next in a thread."""

    async def wish(viewer_id: int) -> Wish:
        number = number_in("thread", input.thread_id, "threadId")
        source = _picture(input, "from_image_id", "fromImageId")
        return await thread.continued(viewer_id, number, wish_of(input, JobKind.GENERATE), source, await known())

    return await _ask(info, "continueGeneration", input, wish)


Input = (
    GenerateImagesInput
    | EditImageInput
    | VaryImageInput
    | UpscaleImageInput
    | RemoveBackgroundInput
    | ContinueGenerationInput
)


def _just(given: Input, kind: JobKind) -> Callable[[int], Awaitable[Wish]]:
    async def wish(viewer_id: int) -> Wish:
        return wish_of(given, kind)

    return wish


async def _ask(info: Info, name: str, given: Input, wish: Callable[[int], Awaitable[Wish]]) -> JobPayloadRow:
    """The job waits in the queue until a worker takes it."""
    context = info.context

    async def act(viewer_id: int) -> Mapping[str, Any]:
        job_id = await job_move.ask(viewer_id, await wish(viewer_id))
        publish = _said(given, "publish", PublishInput)
        if publish is not None:
            await _publish(viewer_id, job_id, publish)
        return {"job": job_id}

    outcome = await perform(context, name, given, act)
    if not outcome.done:
        return JobPayloadRow(outcome.user_errors)
    context.house.wire.publish_soon(WORK, WORK_WAITS)
    return JobPayloadRow((), (await jobs([outcome.found["job"]], context.viewer_id)).get(outcome.found["job"]))


async def _publish(viewer_id: int, job_id: int, given: PublishInput) -> None:
    """Publish the post that the job makes the pictures of. A refusal's path leads into `publish`."""
    try:
        parent = number_in("post", given.reply_to_id, "replyToId") if isinstance(given.reply_to_id, str) else None
        draft = Draft(
            given.text,
            reply_to_id=parent,
            visibility=given.visibility,
            content_warning=given.content_warning or None,
            awaits_pictures=True,
            remix_policy=given.remix_policy or None,
            prompt_visibility=given.prompt_visibility or None,
        )
        alt_text = given.alt_text if isinstance(given.alt_text, str) else None
        await creation.begin(viewer_id, job_id, draft, alt_text, partials=given.show_partials)
    except Refusal as refusal:
        raise type(refusal)(refusal.message, ["publish", *refusal.path]) from refusal


def wish_of(given: Input, kind: JobKind) -> Wish:
    """What an input wishes for; what it has no field for, and what is left out or null, is open. Raises NotFound."""
    post, image = _remixed(given)
    learnt = () if image is None or kind is not JobKind.GENERATE else (image,)
    return Wish(
        prompt=_said(given, "prompt", str) or "",
        engine=_said(given, "engine", str) or None,
        model=_said(given, "model", str) or None,
        width=_said(given, "width", int),
        height=_said(given, "height", int),
        count=getattr(given, "count", 1),
        seed=_said(given, "seed", str),
        style=_said(given, "style", str) or None,
        background=_said(given, "background", str) or None,
        kind=kind,
        quality=_said(given, "quality", str) or None,
        output_format=_said(given, "output_format", str) or None,
        negative_prompt=_said(given, "negative_prompt", str),
        strength=_said(given, "strength", float),
        scale=_said(given, "scale", int),
        image=_picture(given, "image_id", "imageId"),
        mask=_picture(given, "mask_id", "maskId"),
        guide=_picture(given, "guide_id", "guideId"),
        references=(*learnt, *_references(_said(given, "reference_ids", list))),
        remix_post_id=post,
        remix_image_id=image,
        priority=given.priority,
        start_within_seconds=_said(given, "start_within_seconds", int),
        finish_within_seconds=_said(given, "finish_within_seconds", int),
    )


def _said(given: Input, name: str, kind: type[T]) -> T | None:
    value = getattr(given, name, None)
    return value if isinstance(value, kind) else None


def _remixed(given: Input) -> tuple[int | None, int | None]:
    """The post and the picture in it that a remix is made of. Raises NotFound."""
    named = _said(given, "remix_of", RemixOfInput)
    if named is not None:
        post = number_in("post", named.post_id, "remixOf.postId")
        return post, number_in("image", named.image_id, "remixOf.imageId")
    text = _said(given, "remix_of", str)
    return (
        (None, None) if text is None else (number_in("post", text, "remixOf"), _picture(given, "image_id", "imageId"))
    )


def _picture(given: Input, name: str, path: str) -> int | None:
    text = _said(given, name, str)
    return None if text is None else number_in("image", text, path)


def _references(texts: list[str] | None) -> tuple[int, ...]:
    """Numbers of pictures to learn from; one too many is enough to be refused by. Raises NotFound for what is no picture."""
    found = []
    for at, text in enumerate((texts or [])[: MOST_REFERENCES + 1]):
        number = node_id.number_of("image", text)
        if number is None:
            raise NotFound("There is no such picture of yours.", ["referenceIds", str(at)])
        found.append(number)
    return tuple(found)
