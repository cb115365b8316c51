"""Voting in polls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import strawberry

from models import poll
from resolvers.context import Info
from resolvers.node import number_in
from resolvers.outcome import perform
from resolvers.payload import PostPayloadRow
from resolvers.post import shown
from resolvers.user import KEY_HELP


@strawberry.input(description="A vote.")
class VotePollInput:
    poll_id: strawberry.ID = strawberry.field(
        description="The poll of a post the viewer may see. A poll whose answers were edited is another."
    )
    choices: list[int] = strawberry.field(description="The `index` of each answer chosen; one, unless several may be.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


async def vote_poll(info: Info, input: VotePollInput) -> PostPayloadRow:
    """Vote, once; nobody else learns what was chosen."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("poll", input.poll_id, "pollId")
        return {"post": await poll.vote(viewer_id, number, input.choices[: poll.MOST_OPTIONS + 1])}

    return await shown(info, await perform(info.context, "votePoll", input, act))
