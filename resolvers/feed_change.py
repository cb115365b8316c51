"""What is done to custom feeds: made, changed, deleted, copied, put among the tabs of one's home and taken away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import strawberry
from strawberry import UNSET

from models import custom_feed
from models.custom_feed import FeedRow
from resolvers.context import Info
from resolvers.feed_input import FeedRulesInput, rules_of
from resolvers.node import number_in
from resolvers.outcome import Outcome, perform
from resolvers.payload import Payload
from resolvers.user import KEY_HELP

NAME = "One line of 1 to 50 characters."
DESCRIPTION = "What it is for, at most 300 characters; may be empty."
PRIVATE = "Whether it is there for its owner alone; else for everybody whom no block parts from them."
RULES = "What it shows."
OWN_FEED = "A feed of the viewer's own."
OPEN_FEED = "A feed that is there for the viewer."


@strawberry.input(description="A feed to make; at most 50 a person.")
class CreateFeedInput:
    name: str = strawberry.field(description=NAME)
    rules: FeedRulesInput = strawberry.field(description=RULES)
    description: str = strawberry.field(description=DESCRIPTION, default="")
    is_private: bool = strawberry.field(description=PRIVATE, default=True)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="What to change of a feed; what is left out stays. Rules are given whole.")
class UpdateFeedInput:
    feed_id: strawberry.ID = strawberry.field(description=OWN_FEED)
    name: str | None = strawberry.field(description=NAME, default=UNSET)
    description: str | None = strawberry.field(description=DESCRIPTION, default=UNSET)
    is_private: bool | None = strawberry.field(description=PRIVATE, default=UNSET)
    rules: FeedRulesInput | None = strawberry.field(description=RULES, default=UNSET)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="A feed to delete.")
class DeleteFeedInput:
    feed_id: strawberry.ID = strawberry.field(description=OWN_FEED)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="A feed to make one's own out of.")
class CopyFeedInput:
    feed_id: strawberry.ID = strawberry.field(description=OPEN_FEED)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="A feed to have among the tabs of one's home; at most 10.")
class PinFeedInput:
    feed_id: strawberry.ID = strawberry.field(description=OPEN_FEED)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="A feed to take away from the tabs of one's home.")
class UnpinFeedInput:
    feed_id: strawberry.ID = strawberry.field(description="A feed that is there, or among the tabs though it is not.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@dataclass(frozen=True, slots=True)
class FeedPayloadRow(Payload):
    """A feed as it is now."""

    feed: FeedRow | None = None


@dataclass(frozen=True, slots=True)
class FeedDeletedRow(Payload):
    """Which feed is gone."""

    deleted_feed_id: str | None = None


async def create_feed(info: Info, input: CreateFeedInput) -> FeedPayloadRow:
    """Make a feed."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        rules = rules_of(input.rules)
        number = await custom_feed.create(viewer_id, input.name, input.description, rules, private=input.is_private)
        return {"feed": number}

    return await _shown(info, await perform(info.context, "createFeed", input, act))


async def update_feed(info: Info, input: UpdateFeedInput) -> FeedPayloadRow:
    """Change a feed of one's own."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("feed", input.feed_id, "feedId")
        await custom_feed.change(
            viewer_id,
            number,
            name=input.name if isinstance(input.name, str) else None,
            description=input.description if isinstance(input.description, str) else None,
            private=input.is_private if isinstance(input.is_private, bool) else None,
            rules=rules_of(input.rules) if isinstance(input.rules, FeedRulesInput) else None,
        )
        return {"feed": number}

    return await _shown(info, await perform(info.context, "updateFeed", input, act))


async def delete_feed(info: Info, input: DeleteFeedInput) -> FeedDeletedRow:
    """Delete a feed of one's own."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        await custom_feed.delete(viewer_id, number_in("feed", input.feed_id, "feedId"))
        return {"feed": input.feed_id}

    outcome = await perform(info.context, "deleteFeed", input, act)
    return FeedDeletedRow(outcome.user_errors, outcome.found.get("feed"))


async def copy_feed(info: Info, input: CopyFeedInput) -> FeedPayloadRow:
    """Make a feed of one's own out of another."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        return {"feed": await custom_feed.copy(viewer_id, number_in("feed", input.feed_id, "feedId"))}

    return await _shown(info, await perform(info.context, "copyFeed", input, act))


async def pin_feed(info: Info, input: PinFeedInput) -> FeedPayloadRow:
    """Have a feed among the tabs of one's home; twice is the same as once."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("feed", input.feed_id, "feedId")
        await custom_feed.pin(viewer_id, number)
        return {"feed": number}

    return await _shown(info, await perform(info.context, "pinFeed", input, act))


async def unpin_feed(info: Info, input: UnpinFeedInput) -> FeedPayloadRow:
    """Have it there no longer; twice is the same as once."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("feed", input.feed_id, "feedId")
        await custom_feed.unpin(viewer_id, number)
        return {"feed": number}

    return await _shown(info, await perform(info.context, "unpinFeed", input, act))


async def _shown(info: Info, outcome: Outcome) -> FeedPayloadRow:
    if not outcome.done:
        return FeedPayloadRow(outcome.user_errors)
    return FeedPayloadRow((), await info.context.loaders.feeds.load(outcome.found["feed"]))
