"""Drafts and schedules: what somebody keeps to say later, on all their devices, and when it is published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import strawberry
from strawberry import UNSET

from errors import BadInput, ErrorCode
from models import kept_draft, node_id, schedule
from models.card import ImageRow, PostRow
from models.draft_content import PostContent
from models.job import JobRow
from models.job_move import WORK_WAITS
from models.kept_draft import DraftRow
from models.preset import PresetSettingName, PresetSettingRow
from models.publishing import Attachment
from models.wish import Wish
from realtime.wire import WORK
from resolvers import page
from resolvers.context import Info
from resolvers.draft_input import (
    DeleteDraftInput,
    DraftContentInput,
    PublishDraftInput,
    SaveDraftInput,
    SchedulePostInput,
    UnscheduleDraftInput,
    content_of,
)
from resolvers.node import number_in
from resolvers.outcome import Outcome, perform
from resolvers.page import PageInfoRow
from resolvers.payload import Payload
from resolvers.timeline import log_cursor
from resolvers.viewer_row import ViewerRow


@dataclass(frozen=True, slots=True)
class DraftPayloadRow(Payload):
    """A draft as it is now; beside a CONFLICT, too."""

    draft: DraftRow | None = None


@dataclass(frozen=True, slots=True)
class DraftDeletedRow(Payload):
    """Which draft is gone."""

    deleted_draft_id: str | None = None


@dataclass(frozen=True, slots=True)
class DraftPublishedPayloadRow(Payload):
    """The first post, or the draft whose pictures are being made."""

    post: PostRow | None = None
    draft: DraftRow | None = None


@dataclass(frozen=True, slots=True)
class RemixRow:
    """Which picture of which post is remixed."""

    post_id: str
    image_id: str


@dataclass(frozen=True, slots=True)
class DraftEdgeRow:
    """A draft in a list."""

    cursor: str
    node: DraftRow


@dataclass(frozen=True, slots=True)
class DraftsRow:
    """One page of the viewer's drafts; `waiting` is which of the two lists it is of, `live_cursor` a place in the log not after the
    moment the page was read."""

    owner_id: int
    waiting: bool
    edges: Sequence[DraftEdgeRow]
    page_info: PageInfoRow
    live_cursor: str


async def drafts(
    parent: strawberry.Parent[ViewerRow],
    info: Info,
    first: int | None = UNSET,
    after: str | None = UNSET,
    last: int | None = UNSET,
    before: str | None = UNSET,
) -> DraftsRow:
    """The viewer's drafts that wait for nothing, last changed first."""
    question = page.asked(first, after, last, before)
    live_cursor = await log_cursor()
    rows = await kept_draft.drafts_of(parent.id, question.window(newest_first=True))
    found = page.page_of(question, rows, lambda row: row.place)
    edges = [DraftEdgeRow(page.encode(row.place), row) for row in found.items]
    return DraftsRow(parent.id, False, edges, found.page_info, live_cursor)


async def scheduled_drafts(
    parent: strawberry.Parent[ViewerRow],
    info: Info,
    first: int | None = UNSET,
    after: str | None = UNSET,
    last: int | None = UNSET,
    before: str | None = UNSET,
) -> DraftsRow:
    """The viewer's drafts that have a time, soonest first."""
    question = page.asked(first, after, last, before)
    live_cursor = await log_cursor()
    rows = await kept_draft.scheduled_of(parent.id, question.window(newest_first=False))
    found = page.page_of(question, rows, lambda item: item[0])
    edges = [DraftEdgeRow(page.encode(key), row) for key, row in found.items]
    return DraftsRow(parent.id, True, edges, found.page_info, live_cursor)


async def total_count(parent: strawberry.Parent[DraftsRow], info: Info) -> int:
    """How many there are on all pages."""
    return await kept_draft.counted(parent.owner_id, waiting=parent.waiting)


def quoted_post_id(parent: strawberry.Parent[PostContent]) -> strawberry.ID | None:
    """The id of that post, whether or not it is there."""
    number = parent.quoted_post_id
    return None if number is None else strawberry.ID(node_id.encode("post", number))


def images(parent: strawberry.Parent[PostContent]) -> Sequence[Attachment]:
    """The pictures of one post of a draft."""
    return parent.attachments


async def image(parent: strawberry.Parent[Attachment], info: Info) -> ImageRow | None:
    """A picture of a draft."""
    return await info.context.loaders.images.load(parent.image_id)


async def references(parent: strawberry.Parent[Wish], info: Info) -> Sequence[ImageRow]:
    """The pictures that a wish learns from, those that are there."""
    given = [number for number in parent.references if number != parent.remix_image_id]
    found = await info.context.loaders.images.load_many(given)
    return [row for row in found if row is not None]


def settings(parent: strawberry.Parent[Wish]) -> Sequence[PresetSettingRow]:
    """What a wish settles, as presets say it."""
    return [
        PresetSettingRow(name, str(value))
        for name in PresetSettingName
        if (value := getattr(parent, name.value.lower())) is not None
    ]


def remix_of(parent: strawberry.Parent[Wish]) -> RemixRow | None:
    """The picture that a wish remixes."""
    if parent.remix_post_id is None or parent.remix_image_id is None:
        return None
    return RemixRow(node_id.encode("post", parent.remix_post_id), node_id.encode("image", parent.remix_image_id))


async def job(parent: strawberry.Parent[DraftRow], info: Info) -> JobRow | None:
    """The job that makes a draft's pictures."""
    return None if parent.job_id is None else await info.context.loaders.jobs.load(parent.job_id)


async def save_draft(info: Info, input: SaveDraftInput) -> DraftPayloadRow:
    """Keep a draft, or change one."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        return {"draft": await _saved(viewer_id, input.draft_id, input.expected_version, input.content)}

    return await _shown(info, await perform(info.context, "saveDraft", input, act), input.draft_id)


async def schedule_post(info: Info, input: SchedulePostInput) -> DraftPayloadRow:
    """Have a draft, or something new, published at a time."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        if isinstance(input.content, DraftContentInput):
            number = await _saved(viewer_id, input.draft_id, input.expected_version, input.content)
        elif input.draft_id:
            number = number_in("draft", input.draft_id, "draftId")
            await kept_draft.held(viewer_id, number, _expected(input.expected_version))
        else:
            raise BadInput("Say which draft is to be published, or what.", ["draftId"])
        await schedule.schedule(viewer_id, number, input.publish_at, in_the_open=input.in_the_open)
        return {"draft": number}

    return await _shown(info, await perform(info.context, "schedulePost", input, act), input.draft_id)


async def unschedule_draft(info: Info, input: UnscheduleDraftInput) -> DraftPayloadRow:
    """Take the time from a draft."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("draft", input.draft_id, "draftId")
        await schedule.unschedule(viewer_id, number)
        return {"draft": number}

    return await _shown(info, await perform(info.context, "unscheduleDraft", input, act), None)


async def delete_draft(info: Info, input: DeleteDraftInput) -> DraftDeletedRow:
    """Forget a draft."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        await kept_draft.delete(viewer_id, number_in("draft", input.draft_id, "draftId"))
        return {"draft": input.draft_id}

    outcome = await perform(info.context, "deleteDraft", input, act)
    return DraftDeletedRow(outcome.user_errors, outcome.found.get("draft"))


async def publish_draft(info: Info, input: PublishDraftInput) -> DraftPublishedPayloadRow:
    """Publish a draft now, or have its pictures made now."""
    context = info.context

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("draft", input.draft_id, "draftId")
        done = await schedule.publish_now(viewer_id, number, _expected(input.expected_version))
        return {"draft": number, "posts": done.post_ids, "job": done.job_id}

    outcome = await perform(context, "publishDraft", input, act)
    if not outcome.done:
        newer = await _newer(info, outcome, input.draft_id)
        return DraftPublishedPayloadRow(outcome.user_errors, draft=newer)
    if outcome.found["job"]:
        context.house.wire.publish_soon(WORK, WORK_WAITS)
    if not outcome.found["posts"]:
        return DraftPublishedPayloadRow((), draft=await kept_draft.draft_of(context.viewer_id, outcome.found["draft"]))
    row = await context.loaders.posts.load(outcome.found["posts"][0])
    return DraftPublishedPayloadRow((), row if isinstance(row, PostRow) else None)


async def _saved(viewer_id: int, draft_id: str | None, expected: int | None, given: DraftContentInput) -> int:
    content = content_of(given)
    if not draft_id:
        return await kept_draft.create(viewer_id, content)
    number = number_in("draft", draft_id, "draftId")
    await kept_draft.change(viewer_id, number, content, _expected(expected))
    return number


def _expected(version: int | None) -> int | None:
    return version if isinstance(version, int) else None


async def _shown(info: Info, outcome: Outcome, draft_id: str | None) -> DraftPayloadRow:
    if not outcome.done:
        return DraftPayloadRow(outcome.user_errors, await _newer(info, outcome, draft_id))
    return DraftPayloadRow((), await kept_draft.draft_of(info.context.viewer_id, outcome.found["draft"]))


async def _newer(info: Info, outcome: Outcome, draft_id: str | None) -> DraftRow | None:
    """The draft as it is now, for whoever did not know of it."""
    number = node_id.number_of("draft", draft_id) if draft_id else None
    if number is None or all(error.code is not ErrorCode.CONFLICT for error in outcome.user_errors):
        return None
    return await kept_draft.draft_of(info.context.viewer_id, number)
