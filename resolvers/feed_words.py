"""What a custom feed does, in a full English sentence or two: for whoever is about to read it, and for programs that show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models.feed_rules import FeedChoice, FeedOrder, FeedSourceKind, Filters, Rules, Source

HIDDEN = "something that is not there for you"
MOST_NAMED = 5  # people, of one source
_ALONE = {
    FeedSourceKind.EVERYONE: "from everybody",
    FeedSourceKind.FOLLOWED: "from people you follow",
}
_NAMED = {
    FeedSourceKind.LIST: "from people on the list “{}”",
    FeedSourceKind.BOARD: "on the board “{}”",
    FeedSourceKind.REMIXES: "that remix a post by {}",
}
_CHOICES = {
    "pictures": ("only with pictures", "without pictures"),
    "replies": ("only replies", "no replies to others"),
    "remixes": ("only remixes", "no remixes"),
    "ai": ("only with pictures by AI", "no pictures by AI"),
    "sensitive": ("only sensitive ones", "nothing sensitive"),
}

Names = Mapping[tuple[FeedSourceKind, int], str]
"""What people, lists, boards and the authors of posts are called, as far as the reader may know."""


def _list(parts: Sequence[str], word: str) -> str:
    *first, last = parts
    return f"{', '.join(first)} {word} {last}" if first else last


def of_source(source: Source | None, names: Names) -> str:
    """One source in words."""
    if source is None:
        return HIDDEN
    if source.kind in _ALONE:
        return _ALONE[source.kind]
    if source.kind is FeedSourceKind.HASHTAG:
        return f"with #{source.text}"
    if source.kind is FeedSourceKind.SEARCH:
        return f"that the search “{source.text}” finds"
    known = [names[source.kind, number] for number in source.ids if (source.kind, number) in names]
    if not known:
        return HIDDEN
    if source.kind is FeedSourceKind.PEOPLE:
        more = len(known) - MOST_NAMED
        shown = [*known[:MOST_NAMED], *([f"{more} more"] if more > 0 else [])]
        return f"by {_list(shown, 'and')}"
    return _NAMED[source.kind].format(known[0])


def _filters(filters: Filters) -> list[str]:
    found = []
    for name, (only, none) in _CHOICES.items():
        choice = getattr(filters, name)
        if choice is not FeedChoice.ALL:
            found.append(only if choice is FeedChoice.ONLY else none)
    if filters.languages:
        found.append(f"in {_list(filters.languages, 'or')}")
    if filters.models:
        found.append(f"made by {_list(filters.models, 'or')}")
    if filters.min_likes is not None:
        found.append(f"with at least {filters.min_likes:,} like{'' if filters.min_likes == 1 else 's'}")
    if filters.max_age_hours is not None:
        found.append(f"not older than {_hours(filters.max_age_hours)}")
    if filters.without_words:
        found.append(f"without {_list([f'“{word}”' for word in filters.without_words], 'or')}")
    if filters.without_hashtags:
        found.append(f"without {_list([f'#{name}' for name in filters.without_hashtags], 'or')}")
    if filters.without_people:
        many = len(filters.without_people)
        found.append(f"nothing by {many} {'person' if many == 1 else 'people'}")
    return found


def _hours(hours: int) -> str:
    number, word = (hours // 24, "day") if hours % 24 == 0 else (hours, "hour")
    return f"{number} {word}{'' if number == 1 else 's'}"


def explanation(rules: Rules, sources: Sequence[Source | None], names: Names) -> str:
    """What the rules show whom these sources are there for."""
    where = _list(list(dict.fromkeys(of_source(source, names) for source in sources)), "and")
    found = [f"Posts {where}, the {'best' if rules.order is FeedOrder.RANKED else 'newest'} first."]
    filters = _filters(rules.filters)
    if filters:
        sentence = f"{'; '.join(filters)}."
        found.append(sentence[0].upper() + sentence[1:])
    if rules.order is FeedOrder.RANKED:
        said = [
            f"{signal.value.lower()} count {'nothing' if weight == 0 else f'{weight:g} times'}"
            for signal, weight in rules.weights
            if weight != 1
        ]
        weighed = f"{_list(said, 'and')}; " if said else ""
        sentence = f"{weighed}a post counts half after {_hours(rules.half_life_hours)}."
        found.append(sentence[0].upper() + sentence[1:])
    return " ".join(found)
