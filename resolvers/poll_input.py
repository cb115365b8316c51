"""What is given for a poll, in a new post and in an edit."""

from __future__ import annotations

import strawberry

from models.poll import PollDraft

POLL = "A question with answers to choose from. The post has text or images, too."


@strawberry.input(description="A poll to put into a post.")
class PollInput:
    options: list[str] = strawberry.field(
        description="2 to 4 answers of at most 50 characters, no two alike, in order."
    )
    minutes: int = strawberry.field(description="For how long it is open: 5 minutes to 7 days (10,080).")
    multiple: bool = strawberry.field(description="Whether several answers may be chosen.", default=False)
    hides_results: bool = strawberry.field(
        description="Whether results are shown only to those who voted, and to all when it is over.", default=False
    )


def draft_of(given: PollInput) -> PollDraft:
    """The poll that an input asks for, unchecked."""
    return PollDraft(given.options, given.minutes, given.multiple, given.hides_results)
