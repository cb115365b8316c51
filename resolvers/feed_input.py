"""Rules of a custom feed as they are given, and as they are checked before anything is done with them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

import strawberry
from strawberry import UNSET

from discovery.feed_plan import check_searches
from errors import BadInput
from models import feed_rules
from models.feed_rules import (
    HALF_LIFE_HOURS,
    MOST_PEOPLE,
    FeedChoice,
    FeedOrder,
    FeedSignal,
    FeedSourceKind,
    Filters,
    Rules,
    Source,
)
from resolvers.node import number_in


class FeedCircle(Enum):
    """Whose posts a source has, where it names nobody."""

    EVERYONE = "EVERYONE"
    FOLLOWED = "FOLLOWED"


@strawberry.input(one_of=True, description="One source of a feed: exactly one of these.")
class FeedSourceInput:
    circle: FeedCircle | None = strawberry.field(
        description="Whose posts: everybody's, or those of whom the reader follows.", default=UNSET
    )
    people: list[strawberry.ID] | None = strawberry.field(
        description="What these people post; 1 to 50, whom no block parts from the owner.", default=UNSET
    )
    user_list_id: strawberry.ID | None = strawberry.field(
        description="What the people on a list post. A private list counts for its owner alone.", default=UNSET
    )
    board_id: strawberry.ID | None = strawberry.field(
        description="What stands on a board. It counts for whom the board is there.", default=UNSET
    )
    hashtag: str | None = strawberry.field(
        description="What bears a hashtag, in any case, with or without #.", default=UNSET
    )
    search: str | None = strawberry.field(
        description="What a text finds, in the words of `Query.search`; `me` and `is:followed` are the reader's.",
        default=UNSET,
    )
    remixes_of_post_id: strawberry.ID | None = strawberry.field(
        description="What remixes the pictures of a post.", default=UNSET
    )


@strawberry.input(description="What a post must be to stand in the feed; all of it holds.")
class FeedFiltersInput:
    pictures: FeedChoice = strawberry.field(description="Posts with pictures.", default=FeedChoice.ALL)
    replies: FeedChoice = strawberry.field(
        description="Replies to others; NONE leaves threads of one author whole.", default=FeedChoice.NONE
    )
    remixes: FeedChoice = strawberry.field(description="Posts that show remixes.", default=FeedChoice.ALL)
    ai: FeedChoice = strawberry.field(
        description="Posts with pictures that AI made or changed, as far as that is told.", default=FeedChoice.ALL
    )
    sensitive: FeedChoice = strawberry.field(description="Posts that are marked as sensitive.", default=FeedChoice.ALL)
    languages: list[str] | None = strawberry.field(
        description="Only posts in one of these languages (ISO 639-1), at most 5; empty for all.", default=UNSET
    )
    models: list[str] | None = strawberry.field(
        description="Only posts with a picture by an engine or model whose name begins so, at most 5; empty for all.",
        default=UNSET,
    )
    min_likes: int | None = strawberry.field(
        description="Only posts with so many likes, 1 to 1,000,000; null for all.", default=UNSET
    )
    max_age_hours: int | None = strawberry.field(
        description="Only posts at most so old, 1 to 8,760 hours; null for all.", default=UNSET
    )
    without_words: list[str] | None = strawberry.field(
        description="No posts that say one of these words or phrases, just so but for case and accents; at most 20.",
        default=UNSET,
    )
    without_hashtags: list[str] | None = strawberry.field(
        description="No posts with one of these hashtags, at most 20.", default=UNSET
    )
    without_people: list[strawberry.ID] | None = strawberry.field(
        description="No posts of these people, at most 50.", default=UNSET
    )


@strawberry.input(description="How much a signal counts in a ranked feed.")
class FeedWeightInput:
    signal: FeedSignal = strawberry.field(description="Which one; each once.")
    weight: float = strawberry.field(
        description="How many times it counts as it does in what is picked for somebody: 0 not at all, 1 as much, at most 10."
    )


@strawberry.input(
    description="What a feed shows: the posts of any of its sources, which all filters let through, in an order. It shows posts"
    " themselves, each once: reposts bring nothing. Who reads it gets what they may see and want to read, as in a search."
)
class FeedRulesInput:
    sources: list[FeedSourceInput] = strawberry.field(description="Where posts come from, 1 to 8.")
    filters: FeedFiltersInput | None = strawberry.field(
        description="What they must be; left out, everything but replies to others.", default=UNSET
    )
    order: FeedOrder = strawberry.field(description="In which order they stand.", default=FeedOrder.NEWEST)
    weights: list[FeedWeightInput] | None = strawberry.field(
        description="What counts more, or less, in a ranked feed; what is left out counts once.", default=UNSET
    )
    half_life_hours: int = strawberry.field(
        description="After how many hours a post counts half in a ranked feed, 1 to 720.", default=HALF_LIFE_HOURS
    )


_FIELDS = {
    "circle": "circle",
    "people": "people",
    "user_list_id": "userListId",
    "board_id": "boardId",
    "hashtag": "hashtag",
    "search": "search",
    "remixes_of_post_id": "remixesOfPostId",
}


def rules_of(given: FeedRulesInput) -> Rules:
    """The rules that are given, checked but for what they name. Raises BadInput, NotFound, with the way into the rules."""
    if len(given.sources) > feed_rules.MOST_SOURCES:
        raise BadInput(f"A feed has 1 to {feed_rules.MOST_SOURCES} sources.", ["rules", "sources"])
    sources = tuple(_source(one, f"rules.sources.{place}") for place, one in enumerate(given.sources))
    chosen = given.filters if isinstance(given.filters, FeedFiltersInput) else FeedFiltersInput()
    without_people = chosen.without_people or []
    if len(without_people) > MOST_PEOPLE:
        raise BadInput(f"At most {MOST_PEOPLE} are named here.", ["rules", "filters", "withoutPeople"])
    without = (
        number_in("user", one, f"rules.filters.withoutPeople.{place}") for place, one in enumerate(without_people)
    )
    filters = Filters(
        chosen.pictures,
        chosen.replies,
        chosen.remixes,
        chosen.ai,
        chosen.sensitive,
        tuple(chosen.languages or ()),
        tuple(chosen.models or ()),
        tuple(chosen.without_words or ()),
        tuple(chosen.without_hashtags or ()),
        tuple(without),
        chosen.min_likes if isinstance(chosen.min_likes, int) else None,
        chosen.max_age_hours if isinstance(chosen.max_age_hours, int) else None,
    )
    weights = tuple((one.signal, one.weight) for one in given.weights or ())
    rules = feed_rules.checked(Rules(sources, filters, given.order, weights, given.half_life_hours))
    check_searches(rules)
    return rules


def _source(given: FeedSourceInput, path: str) -> Source:
    values: Mapping[str, Any] = {
        name: value for name in _FIELDS if (value := getattr(given, name)) is not UNSET and value is not None
    }
    if len(values) != 1:
        raise BadInput("A source is exactly one thing.", path.split("."))
    ((name, value),) = values.items()
    at = f"{path}.{_FIELDS[name]}"
    if name == "circle":
        return Source(FeedSourceKind[value.name])
    if name == "people":
        if len(value) > MOST_PEOPLE:
            raise BadInput(f"A source names 1 to {MOST_PEOPLE} people.", at.split("."))
        return Source(FeedSourceKind.PEOPLE, tuple(number_in("user", one, at) for one in value))
    if name == "hashtag":
        return Source(FeedSourceKind.HASHTAG, text=value)
    if name == "search":
        return Source(FeedSourceKind.SEARCH, text=value)
    kind, label = {
        "user_list_id": (FeedSourceKind.LIST, "list"),
        "board_id": (FeedSourceKind.BOARD, "board"),
        "remixes_of_post_id": (FeedSourceKind.REMIXES, "post"),
    }[name]
    return Source(kind, (number_in(label, value, at),))
