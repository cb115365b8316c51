"""What mutations about making pictures answer: jobs, threads, prompts, presets."""

from __future__ import annotations

from typing import Any

import strawberry

from models.job_move import CancelOutcome
from schema.job import GenerationJob
from schema.node import UserError
from schema.payload import LazyQuery, errors_field, query_field
from schema.preset import Preset
from schema.prompt import PromptEnhancement
from schema.thread import GenerationThread


def _job() -> Any:
    return strawberry.field(description="The job in the queue; null when refused. Follow it with `generationJob`.")


def _thread() -> Any:
    return strawberry.field(description="The thread as it is now; null when refused.")


@strawberry.type(description="What asking for pictures came to.")
class GenerateImagesPayload:
    job: GenerationJob | None = _job()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What asking to edit a picture came to.")
class EditImagePayload:
    job: GenerationJob | None = _job()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What asking for variations came to.")
class VaryImagePayload:
    job: GenerationJob | None = _job()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What asking for a larger picture came to.")
class UpscaleImagePayload:
    job: GenerationJob | None = _job()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What asking for a picture without its background came to.")
class RemoveBackgroundPayload:
    job: GenerationJob | None = _job()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What going on with a thread came to.")
class ContinueGenerationPayload:
    job: GenerationJob | None = _job()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What renaming a thread came to.")
class RenameGenerationThreadPayload:
    thread: GenerationThread | None = _thread()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What putting a thread away came to.")
class ArchiveGenerationThreadPayload:
    thread: GenerationThread | None = _thread()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What deleting a thread came to.")
class DeleteGenerationThreadPayload:
    deleted_thread_id: strawberry.ID | None = strawberry.field(
        description="The thread that is gone; null when refused."
    )
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What asking for more of a prompt came to.")
class EnhancePromptPayload:
    enhancement: PromptEnhancement | None = strawberry.field(
        description="The prompt that says more; null when refused."
    )
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What forgetting a prompt came to.")
class DeletePastPromptPayload:
    deleted_prompt_id: strawberry.ID | None = strawberry.field(
        description="The prompt that is gone; null when refused."
    )
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What doing a job again came to.")
class RetryGenerationPayload:
    job: GenerationJob | None = strawberry.field(
        description="The job that makes what the other did not; a retry of it that waits, runs or has succeeded is given again."
        " Null when refused."
    )
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What keeping a preset came to.")
class CreatePresetPayload:
    preset: Preset | None = strawberry.field(description="The preset; null when refused.")
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What changing a preset came to.")
class UpdatePresetPayload:
    preset: Preset | None = strawberry.field(description="The preset as it is now; null when refused.")
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What deleting a preset came to.")
class DeletePresetPayload:
    deleted_preset_id: strawberry.ID | None = strawberry.field(
        description="The preset that is gone; null when refused."
    )
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What cancelling came to.")
class CancelGenerationPayload:
    job: GenerationJob | None = strawberry.field(description="The job as it is now; null when refused.")
    outcome: CancelOutcome | None = strawberry.field(description="What cancelling did; null when refused.")
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()
