"""Where pictures come from and what came of them: a remix's source, and trees of remixes with typed holes."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import strawberry

from models import lineage as trees
from models.card import Hole, ImageRow, PostRow, UnavailableReason
from models.consent import RemixPermission
from models.job import JobKind
from models.lineage import DEEPEST, Place
from resolvers import page
from resolvers.context import Context, Info
from resolvers.page import PageInfoRow

_WORD = re.compile(r"\s*\S+")


class RemixUnavailableReason(Enum):
    """Why a picture in a line of remixes is not shown."""

    DELETED = "DELETED"
    BLOCKED = "BLOCKED"
    NOT_VISIBLE = "NOT_VISIBLE"
    REVOKED = "REVOKED"


class PromptChange(Enum):
    """What became of some words of a prompt."""

    KEPT = "KEPT"
    ADDED = "ADDED"
    REMOVED = "REMOVED"


@dataclass(frozen=True, slots=True)
class SourceRow:
    """What a picture was remixed from."""

    post: PostRow
    image: ImageRow


@dataclass(frozen=True, slots=True)
class SourceHoleRow:
    """What a picture was remixed from is not shown, and why."""

    reason: RemixUnavailableReason


@dataclass(frozen=True, slots=True)
class PromptPartRow:
    """Some words of a prompt, and what became of them."""

    change: PromptChange
    text: str


@dataclass(frozen=True, slots=True)
class StepRow:
    """A picture in a line of remixes; `source` is what it was remixed from, where the viewer may be told."""

    place: Place
    depth: int
    post: PostRow | None
    image: ImageRow | None
    reason: RemixUnavailableReason | None
    permission: RemixPermission | None
    source: Place | None = None


@dataclass(frozen=True, slots=True)
class LineageRow:
    """A picture with the line above it."""

    step: StepRow
    ancestors: Sequence[StepRow]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class StepEdgeRow:
    """A remix in its place among those of one picture."""

    cursor: str
    node: StepRow


@dataclass(frozen=True, slots=True)
class StepsRow:
    """One page of the remixes of a picture."""

    edges: Sequence[StepEdgeRow]
    page_info: PageInfoRow


async def remixed_from(parent: strawberry.Parent[ImageRow], info: Info) -> SourceRow | SourceHoleRow | None:
    """What a picture was remixed from."""
    return await source_of(info.context, parent) if parent.remixed else None


async def source_of(context: Context, image: ImageRow) -> SourceRow | SourceHoleRow | None:
    """What a picture was remixed from, or why that is not shown; None when it is no remix."""
    origin = await context.loaders.origins.load(image.id)
    if origin is None:
        return None
    if origin.taken_back:
        return SourceHoleRow(RemixUnavailableReason.REVOKED)
    found, picture = await _shown(context, origin.post_id, origin.image_id)
    if isinstance(found, PostRow) and picture is not None:
        return SourceRow(found, picture)
    return SourceHoleRow(_reason(found))


async def lineage(parent: strawberry.Parent[ImageRow], info: Info) -> LineageRow:
    """The line a picture comes from; what came of it hangs on its step."""
    context = info.context
    here = parent.post_id or await trees.shown_in(context.viewer_id, parent.id)
    above = await trees.ancestors(parent.id) if parent.remixed else []
    await context.loaders.posts.load_many([one.post_id for one in above[:DEEPEST] if not one.taken_back])  # at once
    steps: list[StepRow] = []
    for at, origin in enumerate(above[:DEEPEST]):
        further = above[at + 1] if at + 1 < len(above) else None
        source = None if further is None or further.taken_back else Place(further.image_id, further.post_id)
        permission = None if further is None else _permission(further.taken_back)
        place = Place(origin.image_id, origin.post_id)
        if origin.taken_back:
            steps.append(StepRow(place, -at - 1, None, None, RemixUnavailableReason.REVOKED, permission))
        else:
            steps.append(await _step(context, place, -at - 1, permission, source))
    nearest = above[0] if above else None
    source = None if nearest is None or nearest.taken_back else Place(nearest.image_id, nearest.post_id)
    permission = None if nearest is None else _permission(nearest.taken_back)
    post = await context.loaders.posts.load(here) if here is not None else None
    own = StepRow(
        Place(parent.id, here), 0, post if isinstance(post, PostRow) else None, parent, None, permission, source
    )
    return LineageRow(own, steps[::-1], len(above) > DEEPEST)


async def step_remixes(
    parent: strawberry.Parent[StepRow],
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> StepsRow:
    """What was remixed from the picture of this step, oldest first."""
    context = info.context
    question = page.asked(first, after, last, before)
    places = await context.loaders.children.load((parent.place.image_id, question.window(newest_first=False)))
    found = page.page_of(question, places, lambda place: place.image_id)
    await context.loaders.posts.load_many([one.post_id for one in found.items if one.post_id is not None])  # at once
    edges = []
    for place in found.items:
        source = None if place.taken_back or parent.post is None else parent.place
        step = await _step(context, place, parent.depth + 1, _permission(place.taken_back), source)
        edges.append(StepEdgeRow(page.encode(place.image_id), step))
    return StepsRow(edges, found.page_info)


async def step_kind(parent: strawberry.Parent[StepRow], info: Info) -> JobKind | None:
    """In what way the picture of a step was made."""
    made = None if parent.image is None else await info.context.loaders.makers.load(parent.place.image_id)
    return None if made is None else made.kind


async def prompt_change(parent: strawberry.Parent[StepRow], info: Info) -> Sequence[PromptPartRow] | None:
    """The prompt of this step as a change of that of the step before, where the viewer may know both."""
    source, place = parent.source, parent.place
    if source is None or parent.image is None:
        return None
    load = info.context.loaders.recipes.load
    before, now = await load((source.image_id, source.post_id)), await load((place.image_id, place.post_id))
    return None if before is None or now is None else compared(before.prompt, now.prompt)


def compared(before: str, now: str) -> list[PromptPartRow]:
    """The words of two prompts as what was kept, added and removed, in order."""
    old, new = _WORD.findall(before), _WORD.findall(now)
    parts: list[PromptPartRow] = []
    bare = [word.strip() for word in old], [word.strip() for word in new]
    for kind, start, end, place, until in difflib.SequenceMatcher(None, *bare, autojunk=False).get_opcodes():
        if kind == "equal":
            parts.append(PromptPartRow(PromptChange.KEPT, "".join(new[place:until]).strip()))
            continue
        if end > start:
            parts.append(PromptPartRow(PromptChange.REMOVED, "".join(old[start:end]).strip()))
        if until > place:
            parts.append(PromptPartRow(PromptChange.ADDED, "".join(new[place:until]).strip()))
    return parts


async def _step(
    context: Context, place: Place, depth: int, permission: RemixPermission | None, source: Place | None
) -> StepRow:
    post, image = await _shown(context, place.post_id, place.image_id)
    if isinstance(post, PostRow) and image is not None:
        return StepRow(place, depth, post, image, None, permission, source)
    return StepRow(place, depth, None, None, _reason(post), permission)


async def _shown(context: Context, post_id: int | None, image_id: int) -> tuple[PostRow | Hole | None, ImageRow | None]:
    """A post, or the hole in its place, and the picture in it."""
    post = None if post_id is None else await context.loaders.posts.load(post_id)
    images = post.images if isinstance(post, PostRow) else ()
    return post, next((image for image in images if image.id == image_id), None)


def _reason(found: PostRow | Hole | None) -> RemixUnavailableReason:
    """Why nothing is shown; a post that is there has the picture no more."""
    if isinstance(found, PostRow):
        return RemixUnavailableReason.DELETED
    reason = UnavailableReason.NOT_VISIBLE if found is None else found.reason
    return RemixUnavailableReason(reason.value)


def _permission(taken_back: bool) -> RemixPermission:
    return RemixPermission.TAKEN_BACK if taken_back else RemixPermission.GIVEN
