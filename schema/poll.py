"""Polls."""

from __future__ import annotations

from datetime import datetime

import strawberry

from models.poll import PollRow
from resolvers.mark import STATE
from schema.node import Node


@strawberry.type(description="One answer of a poll.")
class PollOption:
    index: int = strawberry.field(description="Its place, 0 for the first: what `votePoll` is given.")
    text: str = strawberry.field(description="The answer, at most 50 characters.")
    vote_count: int | None = strawberry.field(
        description="How many people chose it; null as long as results are hidden from the viewer.", metadata=STATE
    )


@strawberry.type(
    description="A question that a post asks. Who sees the post sees it and may vote, once. Counts are exact and rise with the"
    " post's `version`; who chose what is told to nobody. Edited answers make another poll, with another `id` and no votes."
)
class Poll(Node):
    options: list[PollOption] = strawberry.field(description="The answers, 2 to 4, in order.")
    multiple: bool = strawberry.field(description="Whether several answers may be chosen.")
    hides_results: bool = strawberry.field(
        description="Whether results are shown only to those who voted (and the author), and to all when it is over."
    )
    ends_at: datetime = strawberry.field(description="From then on nobody votes.")
    has_ended: bool = strawberry.field(
        description="Whether it is over. `postsChanged` tells of the end by a PostChanged of its post, within seconds."
    )
    voter_count: int = strawberry.field(description="How many people voted.")
    viewer_choices: list[int] = strawberry.field(
        description="The `index` of each answer the viewer chose; empty before they vote, and when signed out.",
        metadata=STATE,
    )
    viewer_can_vote: bool = strawberry.field(
        description="Whether the viewer may vote: not the author, not twice, not when it is over; false when signed out.",
        metadata=STATE,
    )

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, PollRow)
