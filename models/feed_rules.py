"""The rules of a custom feed: where its posts come from, which of them it shows, and in which order; kept as JSON with a version.

Rules say nothing of who reads: whom *followed* means, what a list holds and what may be seen is asked of the reader.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import Enum
from typing import Any

from errors import BadInput
from models import facet
from models.language import known as known_language

VERSION = 1
MOST_SOURCES = 8
MOST_PEOPLE = 50
MOST_LANGUAGES = 5
MOST_MODELS = 5
MOST_WORDS = 20
MOST_HASHTAGS = 20
LONGEST_WORD = 50
LONGEST_MODEL = 60
MOST_LIKES = 1_000_000
MOST_AGE_HOURS = 8_760
LARGEST_WEIGHT = 10.0
HALF_LIFE_HOURS = 18
LONGEST_HALF_LIFE_HOURS = 720


class FeedSourceKind(Enum):
    """Where posts of a feed come from."""

    EVERYONE = "EVERYONE"
    FOLLOWED = "FOLLOWED"
    PEOPLE = "PEOPLE"
    LIST = "LIST"
    BOARD = "BOARD"
    HASHTAG = "HASHTAG"
    SEARCH = "SEARCH"
    REMIXES = "REMIXES"


class FeedChoice(Enum):
    """What to do with posts of a kind."""

    ALL = "ALL"
    ONLY = "ONLY"
    NONE = "NONE"


class FeedOrder(Enum):
    """The order of a feed."""

    NEWEST = "NEWEST"
    RANKED = "RANKED"


class FeedSignal(Enum):
    """What a ranked feed may weigh: the signals of `discovery/signal.py`, but for that which every post has."""

    REMIXES = "REMIXES"
    SAVES = "SAVES"
    REPLIES = "REPLIES"
    QUOTES = "QUOTES"
    REPOSTS = "REPOSTS"
    LIKES = "LIKES"
    AFFINITY = "AFFINITY"
    FOLLOWED = "FOLLOWED"
    FRIENDS = "FRIENDS"
    HASHTAGS = "HASHTAGS"
    TASTE = "TASTE"
    MEANING = "MEANING"
    TRENDING = "TRENDING"
    NEWCOMER = "NEWCOMER"
    PICTURE = "PICTURE"


@dataclass(frozen=True, slots=True)
class Source:
    """One place where posts come from. `ids` are its people, or the one list, board or post; `text` its hashtag or search."""

    kind: FeedSourceKind
    ids: tuple[int, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a post must be to be shown; all of them hold."""

    pictures: FeedChoice = FeedChoice.ALL
    replies: FeedChoice = FeedChoice.NONE
    remixes: FeedChoice = FeedChoice.ALL
    ai: FeedChoice = FeedChoice.ALL
    sensitive: FeedChoice = FeedChoice.ALL
    languages: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    without_words: tuple[str, ...] = ()
    without_hashtags: tuple[str, ...] = ()
    without_people: tuple[int, ...] = ()
    min_likes: int | None = None
    max_age_hours: int | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """All of a feed. `weights` say how many times a signal counts as it does in what is picked for somebody; others once."""

    sources: tuple[Source, ...]
    filters: Filters = Filters()
    order: FeedOrder = FeedOrder.NEWEST
    weights: tuple[tuple[FeedSignal, float], ...] = ()
    half_life_hours: int = HALF_LIFE_HOURS


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def stored(rules: Rules) -> dict[str, Any]:
    """The rules as they are kept."""
    found: dict[str, Any] = _plain(asdict(rules))
    return {"version": VERSION, **found}


def read(body: Mapping[str, Any]) -> Rules:
    """The rules that were kept so. Raises ValueError for those of a version that is not known here."""
    if body["version"] != VERSION:
        raise ValueError(f"Rules of version {body['version']} are not known here.")
    filters: dict[str, Any] = dict(body["filters"])
    filters |= {name: FeedChoice(filters[name]) for name in CHOICES}
    filters |= {name: tuple(filters[name]) for name in LISTS}
    return Rules(
        tuple(Source(FeedSourceKind(one["kind"]), tuple(one["ids"]), one["text"]) for one in body["sources"]),
        Filters(**filters),
        FeedOrder(body["order"]),
        tuple((FeedSignal(name), float(weight)) for name, weight in body["weights"]),
        body["half_life_hours"],
    )


CHOICES = ("pictures", "replies", "remixes", "ai", "sensitive")
LISTS = ("languages", "models", "without_words", "without_hashtags", "without_people")


def checked(rules: Rules, path: Sequence[str] = ("rules",)) -> Rules:
    """The rules as they are kept: bounded, each thing once. Raises BadInput with the way to what is wrong."""
    at = list(path)
    if not 1 <= len(rules.sources) <= MOST_SOURCES:
        raise BadInput(f"A feed has 1 to {MOST_SOURCES} sources.", [*at, "sources"])
    sources = tuple(_source(one, [*at, "sources", str(place)]) for place, one in enumerate(rules.sources))
    return Rules(
        tuple(dict.fromkeys(sources)),
        _filters(rules.filters, [*at, "filters"]),
        rules.order,
        _weights(rules.weights, [*at, "weights"]),
        _between(rules.half_life_hours, 1, LONGEST_HALF_LIFE_HOURS, "A half-life", [*at, "halfLifeHours"]),
    )


def _source(source: Source, path: list[str]) -> Source:
    if source.kind is FeedSourceKind.PEOPLE:
        ids = tuple(dict.fromkeys(source.ids))
        if not 1 <= len(ids) <= MOST_PEOPLE:
            raise BadInput(f"A source names 1 to {MOST_PEOPLE} people.", [*path, "people"])
        return Source(source.kind, ids)
    if source.kind is FeedSourceKind.HASHTAG:
        return Source(source.kind, text=_hashtag(source.text, [*path, "hashtag"]))
    return replace(source, text=facet.clean(source.text))


def _filters(given: Filters, path: list[str]) -> Filters:
    for name, most in (
        ("languages", MOST_LANGUAGES),
        ("models", MOST_MODELS),
        ("without_words", MOST_WORDS),
        ("without_hashtags", MOST_HASHTAGS),
        ("without_people", MOST_PEOPLE),
    ):
        if len(getattr(given, name)) > most:
            raise BadInput(f"At most {most} are named here.", [*path, _camel(name)])
    return replace(
        given,
        languages=_each(given.languages, "languages", path, known_language),
        models=_each(given.models, "models", path, _model),
        without_words=_each(given.without_words, "withoutWords", path, _word),
        without_hashtags=_each(given.without_hashtags, "withoutHashtags", path, _hashtag),
        without_people=tuple(dict.fromkeys(given.without_people)),
        min_likes=_maybe(given.min_likes, 1, MOST_LIKES, "A number of likes", [*path, "minLikes"]),
        max_age_hours=_maybe(given.max_age_hours, 1, MOST_AGE_HOURS, "An age", [*path, "maxAgeHours"]),
    )


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)


def _each(given: Sequence[str], name: str, path: list[str], check: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(check(one, [*path, name, str(place)]) for place, one in enumerate(given)))


def _model(text: str, path: list[str]) -> str:
    kept = facet.kept(text, LONGEST_MODEL, LONGEST_MODEL * 4)
    if not kept or "\n" in kept:
        raise BadInput(f"The name of an engine or a model has 1 to {LONGEST_MODEL} characters.", path)
    return kept.lower()


def _word(text: str, path: list[str]) -> str:
    kept = facet.kept(text, LONGEST_WORD, LONGEST_WORD * 12)
    if not kept or "\n" in kept:
        raise BadInput(f"A word or a phrase has 1 to {LONGEST_WORD} characters.", path)
    return kept


def _hashtag(text: str, path: list[str]) -> str:
    found = facet.hashtag_in(text)
    if found is None:
        raise BadInput("This cannot be a hashtag.", path)
    return facet.folded(found)


def _weights(given: Sequence[tuple[FeedSignal, float]], path: list[str]) -> tuple[tuple[FeedSignal, float], ...]:
    seen: set[FeedSignal] = set()
    for place, (signal, weight) in enumerate(given):
        if not (math.isfinite(weight) and 0 <= weight <= LARGEST_WEIGHT):
            raise BadInput(f"A weight is from 0 to {LARGEST_WEIGHT:.0f}.", [*path, str(place), "weight"])
        if signal in seen:
            raise BadInput("Each signal is weighed once.", [*path, str(place), "signal"])
        seen.add(signal)
    return tuple((signal, float(weight)) for signal, weight in given)


def _maybe(value: int | None, least: int, most: int, what: str, path: list[str]) -> int | None:
    return None if value is None else _between(value, least, most, what, path)


def _between(value: int, least: int, most: int, what: str, path: list[str]) -> int:
    if not least <= value <= most:
        raise BadInput(f"{what} is from {least} to {most:,}.", path)
    return value
