"""Views of posts: taken from whoever looks, and told to the author in detail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import strawberry
from strawberry import UNSET

from errors import BadInput, Refusal
from models import insight, node_id, view
from models.card import PostRow
from models.device import device_name
from models.insight import InsightsRow
from models.visibility import SIGNED_OUT
from realtime.views import today
from resolvers.context import Context, Info
from resolvers.outcome import Outcome, perform, refused
from resolvers.payload import Payload
from resolvers.user import KEY_HELP

MOST_POSTS = 100


@strawberry.input(description="Which posts were looked at.")
class RecordViewsInput:
    post_ids: list[strawberry.ID] = strawberry.field(
        description="At most 100 posts that were on screen long enough to be seen. Garbage, one's own and what one may not see"
        " count for nothing."
    )
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@dataclass(frozen=True, slots=True)
class ViewsPayloadRow(Payload):
    """Nothing but refusals: whether a view counted is nobody's to know."""


async def record_views(info: Info, input: RecordViewsInput) -> ViewsPayloadRow:
    """Take note of what somebody looked at, signed in or not."""
    context = info.context

    async def act(viewer_id: int) -> Mapping[str, Any]:
        return {"posts": await view.countable(viewer_id, _numbers(input))}

    if context.viewer_id == SIGNED_OUT:
        try:
            outcome = Outcome(await act(SIGNED_OUT))
        except Refusal as refusal:
            outcome = refused(refusal)
    else:
        outcome = await perform(context, "recordViews", input, act)
    who = _who(context)
    if outcome.done and who is not None:
        await context.house.views.note(who, outcome.found.get("posts", ()), today())
    return ViewsPayloadRow(outcome.user_errors)


def _numbers(given: RecordViewsInput) -> list[int]:
    if len(given.post_ids) > MOST_POSTS:
        raise BadInput(f"At most {MOST_POSTS} posts are looked at at once.", ["postIds"])
    return [number for text in given.post_ids if (number := node_id.number_of("post", text)) is not None]


def _who(context: Context) -> str | None:
    """As whom somebody counts: a person as themselves, a stranger as a kind of browser in a network; a program not at all."""
    if context.viewer_id != SIGNED_OUT:
        return f"person {context.viewer_id}"
    browser = device_name(context.device)
    return f"{browser} in {context.stranger}" if " on " in browser else None


async def insights(parent: strawberry.Parent[PostRow], info: Info) -> InsightsRow | None:
    """What a post of the viewer's own has come to."""
    return await insight.insights(parent.id) if parent.author.id == info.context.viewer_id else None
