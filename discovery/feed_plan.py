"""Plans of custom feeds: rules as what is asked of posts, for one reader. Each source becomes a branch with the filters in it.

Nearly everything that rules say is a word of a `tsquery` over the words of posts (`discovery/post_search.py`), so that feeds and
searches find by one index and mean the same by the same words.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from discovery import post_search
from discovery.grammar import parse
from discovery.post_search import Plan
from discovery.query import (
    Either,
    Every,
    Has,
    HasPart,
    Is,
    IsKind,
    Language,
    MinLikes,
    Model,
    Node,
    Not,
    Phrase,
    Problem,
    Span,
    Tag,
)
from errors import BadInput
from models import feed_source
from models.custom_feed import FeedRow
from models.feed_rules import FeedChoice, FeedSourceKind, Filters, Rules, Source

_NOWHERE = Span(0, 0)
ANYTHING = Plan()


@dataclass(frozen=True, slots=True)
class Branch:
    """One source: what it asks of a post, and whose or which posts. `reader_id` is who reads where that matters, else 0."""

    place: int
    kind: FeedSourceKind
    asked: Plan
    people: tuple[int, ...] = ()
    list_id: int | None = None
    board_id: int | None = None
    source_post_id: int | None = None
    hashtag: str = ""
    reader_id: int = 0

    @property
    def follows(self) -> bool:
        """Whether it is what the reader's followed people post."""
        return self.kind is FeedSourceKind.FOLLOWED


@dataclass(frozen=True, slots=True)
class FeedPlan:
    """A feed for one reader. `owners` are those whose standing decides what of it is there."""

    rules: Rules
    branches: tuple[Branch, ...]
    owners: frozenset[int] = frozenset()

    def newer_than(self, otherwise_hours: int | None = None) -> int:
        """The id below which nothing of the feed lies, now; where its rules say no age, posts are at most `otherwise_hours` old."""
        hours = self.rules.filters.max_age_hours or otherwise_hours
        return 0 if hours is None else max(0, int((time.time() - hours * 3_600) * 1_000)) << 16


def check_searches(rules: Rules, path: tuple[str, ...] = ("rules",)) -> None:
    """Raises BadInput, with its path, for a search among the sources that is wrong or asks nothing."""
    for place, source in enumerate(rules.sources):
        if source.kind is FeedSourceKind.SEARCH:
            found = parse(source.text)
            if isinstance(found, Problem):
                raise BadInput(found.message, [*path, "sources", str(place), "search"])
            if not found.parts:
                raise BadInput("There is nothing to look for.", [*path, "sources", str(place), "search"])


async def plan_of(viewer_id: int, row: FeedRow) -> FeedPlan:
    """A feed as this reader gets it."""
    return await plan(viewer_id, row.owner_id, row.rules)


async def plan(viewer_id: int, owner_id: int, rules: Rules) -> FeedPlan:
    """The plan of rules of `owner_id` for this reader: few statements, whatever they are."""
    (there,) = await feed_source.opened(viewer_id, [(owner_id, rules.sources)])
    filters = await _filtering(viewer_id, rules.filters)
    branches = []
    for place, source in enumerate(there.sources):
        if source is not None and (source.kind is not FeedSourceKind.FOLLOWED or viewer_id):
            branches.append(await _branch(viewer_id, place, source, filters))
    return FeedPlan(rules, tuple(branches), there.owners | {owner_id})


def _chosen(choice: FeedChoice, node: Node) -> list[Node]:
    if choice is FeedChoice.ALL:
        return []
    return [node if choice is FeedChoice.ONLY else Not(_NOWHERE, node)]


async def _filtering(viewer_id: int, filters: Filters) -> Plan:
    answer = IsKind(_NOWHERE, Is.REPLY)
    # A reply to oneself goes on a thread: nobody means that by replies.
    replies: Node = Every(_NOWHERE, (answer, Not(_NOWHERE, IsKind(_NOWHERE, Is.THREAD))))
    parts = [
        *_chosen(filters.pictures, HasPart(_NOWHERE, Has.IMAGE)),
        *_chosen(filters.replies, answer if filters.replies is FeedChoice.ONLY else replies),
        *_chosen(filters.remixes, IsKind(_NOWHERE, Is.REMIX)),
        *_chosen(filters.ai, IsKind(_NOWHERE, Is.AI)),
        *_chosen(filters.sensitive, IsKind(_NOWHERE, Is.SENSITIVE)),
        *(Not(_NOWHERE, Phrase(_NOWHERE, word)) for word in filters.without_words),
        *(Not(_NOWHERE, Tag(_NOWHERE, name)) for name in filters.without_hashtags),
    ]
    for several in (
        tuple(Language(_NOWHERE, code) for code in filters.languages),
        tuple(Model(_NOWHERE, name) for name in filters.models),
    ):
        if several:
            parts.append(Either(_NOWHERE, several))
    if filters.min_likes is not None:
        parts.append(MinLikes(_NOWHERE, filters.min_likes))
    found = await post_search.plan(viewer_id, Every(_NOWHERE, tuple(parts)))
    return _with(found, *(f"!{_by(number)}" for number in filters.without_people))


def _by(user_id: int) -> str:
    return f"'from:{user_id}'"


def _with(asked: Plan, *words: str) -> Plan:
    return replace(asked, words=" & ".join([*([asked.words] if asked.words else []), *words]) or None)


async def _branch(viewer_id: int, place: int, source: Source, filters: Plan) -> Branch:
    kind = source.kind
    if kind is FeedSourceKind.SEARCH:
        tree = parse(source.text)
        if isinstance(tree, Problem):  # what was understood once and is no longer finds nothing
            return Branch(place, kind, _with(ANYTHING, _by(0)))
        asked = _both(await post_search.plan(viewer_id, tree), filters)
        return Branch(place, kind, asked, reader_id=0 if asked.is_for_all else viewer_id)
    if kind is FeedSourceKind.HASHTAG:
        tag = await post_search.plan(viewer_id, Every(_NOWHERE, (Tag(_NOWHERE, source.text),)))
        return Branch(place, kind, _both(tag, filters), hashtag=source.text)
    if kind is FeedSourceKind.FOLLOWED:
        return Branch(place, kind, filters, reader_id=viewer_id)
    if kind is FeedSourceKind.PEOPLE:
        return Branch(place, kind, filters, people=source.ids)
    if kind is FeedSourceKind.LIST:
        return Branch(place, kind, filters, list_id=source.ids[0])
    if kind is FeedSourceKind.BOARD:
        return Branch(place, kind, filters, board_id=source.ids[0])
    if kind is FeedSourceKind.REMIXES:
        return Branch(place, kind, filters, source_post_id=source.ids[0])
    return Branch(place, kind, filters)


def _both(asked: Plan, filters: Plan) -> Plan:
    """What both ask; only the first knows prompts, times and who is followed."""
    found = _with(asked, *([filters.words] if filters.words else []))
    if filters.min_likes is not None:
        found = replace(found, min_likes=max(filters.min_likes, found.min_likes or 0))
    return found
