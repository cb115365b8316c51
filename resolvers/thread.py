"""Threads: going on with one, its list, its turns, its title, putting it away and forgetting it. All of it the owner's own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import strawberry

from models import thread
from models.card import ImageRow
from models.job import JobRow, jobs
from models.thread import ThreadRow
from resolvers import page
from resolvers.context import Info
from resolvers.job import JobEdgeRow, JobsRow
from resolvers.node import number_in
from resolvers.outcome import Outcome, perform
from resolvers.page import PageInfoRow
from resolvers.payload import Payload
from resolvers.user import KEY_HELP
from resolvers.viewer_row import ViewerRow

OWN_THREAD = "A thread of the viewer's own."


@strawberry.input(description="A thread that gets another title.")
class RenameGenerationThreadInput:
    thread_id: strawberry.ID = strawberry.field(description=OWN_THREAD)
    title: str = strawberry.field(description="One line of 1 to 80 characters.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@strawberry.input(description="A thread to put away, or back.")
class ArchiveGenerationThreadInput:
    thread_id: strawberry.ID = strawberry.field(description=OWN_THREAD)
    archived: bool = strawberry.field(description="False puts it back among the others.", default=True)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@strawberry.input(description="A thread to forget.")
class DeleteGenerationThreadInput:
    thread_id: strawberry.ID = strawberry.field(description=OWN_THREAD)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@dataclass(frozen=True, slots=True)
class ThreadPayloadRow(Payload):
    """A thread as it is now."""

    thread: ThreadRow | None = None


@dataclass(frozen=True, slots=True)
class ThreadDeletedRow(Payload):
    """Which thread is gone."""

    deleted_thread_id: str | None = None


@dataclass(frozen=True, slots=True)
class ThreadEdgeRow:
    """A thread in the viewer's list."""

    cursor: str
    node: ThreadRow


@dataclass(frozen=True, slots=True)
class ThreadsRow:
    """One page of the viewer's threads."""

    edges: Sequence[ThreadEdgeRow]
    page_info: PageInfoRow


async def thread_of(parent: strawberry.Parent[JobRow], info: Info) -> ThreadRow | None:
    """The thread a job is a turn of."""
    return None if parent.thread_id is None else await info.context.loaders.threads.load(parent.thread_id)


async def cover(parent: strawberry.Parent[ThreadRow], info: Info) -> ImageRow | None:
    """The newest picture of a thread."""
    return None if parent.cover_id is None else await info.context.loaders.images.load(parent.cover_id)


async def turns(
    parent: strawberry.Parent[ThreadRow],
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> JobsRow:
    """The jobs of a thread, oldest first."""
    question = page.asked(first, after, last, before)
    numbers = await thread.turn_ids(parent.id, question.window(newest_first=False))
    found = page.page_of(question, numbers, lambda number: number)
    rows = await jobs(found.items, info.context.viewer_id)
    return JobsRow([JobEdgeRow(page.encode(number), rows[number]) for number in found.items], found.page_info)


async def generation_threads(
    parent: strawberry.Parent[ViewerRow],
    info: Info,
    archived: bool = False,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> ThreadsRow:
    """The viewer's threads, the one with the newest turn first."""
    question = page.asked(first, after, last, before)
    rows = await thread.threads_of(parent.id, archived, question.window(newest_first=True))
    found = page.page_of(question, rows, lambda row: row.last_job_id)
    return ThreadsRow([ThreadEdgeRow(page.encode(row.last_job_id), row) for row in found.items], found.page_info)


async def rename_generation_thread(info: Info, input: RenameGenerationThreadInput) -> ThreadPayloadRow:
    """Give a thread another title."""

    async def deed(viewer_id: int, number: int) -> None:
        await thread.rename(viewer_id, number, input.title)

    return await _shown(info, await _changed(info, "renameGenerationThread", input, deed))


async def archive_generation_thread(info: Info, input: ArchiveGenerationThreadInput) -> ThreadPayloadRow:
    """Put a thread away, or back."""

    async def deed(viewer_id: int, number: int) -> None:
        await thread.put_away(viewer_id, number, input.archived)

    return await _shown(info, await _changed(info, "archiveGenerationThread", input, deed))


async def delete_generation_thread(info: Info, input: DeleteGenerationThreadInput) -> ThreadDeletedRow:
    """Forget a thread."""
    outcome = await _changed(info, "deleteGenerationThread", input, thread.delete)
    return ThreadDeletedRow(outcome.user_errors, input.thread_id if outcome.done else None)


Input = RenameGenerationThreadInput | ArchiveGenerationThreadInput | DeleteGenerationThreadInput


async def _changed(info: Info, name: str, given: Input, deed: Callable[[int, int], Awaitable[None]]) -> Outcome:
    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("thread", given.thread_id, "threadId")
        await deed(viewer_id, number)
        return {"thread": number}

    return await perform(info.context, name, given, act)


async def _shown(info: Info, outcome: Outcome) -> ThreadPayloadRow:
    if not outcome.done:
        return ThreadPayloadRow(outcome.user_errors)
    return ThreadPayloadRow((), await info.context.loaders.threads.load(outcome.found["thread"]))
