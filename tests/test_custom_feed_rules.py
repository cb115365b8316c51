"""The rules of custom feeds against a small oracle, in any world: what pages hold, in both directions, and which source has what."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discovery import feed_plan, feed_timeline
from discovery.feed_plan import FeedPlan
from models import feed_rules, timeline
from models.feed_rules import FeedChoice, FeedOrder, FeedSignal, FeedSourceKind, Filters, Rules, Source
from models.timeline import Window
from models.visibility import PostFacts, Relations
from tests.graph import PEOPLE, Plan, World, build, plans

pytestmark = pytest.mark.usefixtures("running")
EXAMPLES = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
_people = st.frozensets(st.integers(0, PEOPLE - 1), min_size=1, max_size=3).map(lambda some: tuple(sorted(some)))
_choice = st.sampled_from([FeedChoice.ALL, FeedChoice.ALL, FeedChoice.ONLY, FeedChoice.NONE])
_sources = st.one_of(
    st.sampled_from([Source(FeedSourceKind.EVERYONE), Source(FeedSourceKind.FOLLOWED), Source(FeedSourceKind.SEARCH, text="fox")]),
    st.builds(Source, st.just(FeedSourceKind.SEARCH), text=st.sampled_from(["owls -fox", "is:followed", "fox OR owls", "from:me"])),
    st.builds(Source, st.just(FeedSourceKind.PEOPLE), _people),
    st.builds(Source, st.just(FeedSourceKind.LIST), st.integers(0, PEOPLE - 1).map(lambda number: (number,))),
)  # fmt: skip
_filters = st.builds(
    Filters,
    pictures=_choice,
    replies=_choice,
    ai=_choice,
    without_words=st.sampled_from([(), (), ("fox",), ("a fox", "owls")]),
    without_people=st.sampled_from([(), (), (0,), (1, 2)]),
    max_age_hours=st.sampled_from([None, None, 100_000]),
)
_rules = st.builds(Rules, st.lists(_sources, min_size=1, max_size=4, unique=True).map(tuple), _filters)


def said(post: PostFacts, text: str) -> bool:
    return f" {text} " in post.folded


def chosen(choice: FeedChoice, fits: bool) -> bool:
    return choice is FeedChoice.ALL or fits is (choice is FeedChoice.ONLY)


def brings(source: Source, world: World, owner: int, me: Relations, post: PostFacts) -> bool:
    """Whether a source has a post, for a reader."""
    apart = me.blocks | me.blocked_by | world.relations[owner].blocks | world.relations[owner].blocked_by
    match source.kind:
        case FeedSourceKind.EVERYONE:
            return True
        case FeedSourceKind.FOLLOWED:
            return post.author_id in me.follows
        case FeedSourceKind.PEOPLE:
            return post.author_id in source.ids and post.author_id not in apart | world.gone
        case FeedSourceKind.LIST:  # they are all private
            listed = next((who for who, number in world.lists.items() if (number,) == source.ids), None)
            return listed is not None and listed == me.viewer_id and post.author_id in me.apart
    return {
        "fox": said(post, "fox") or said(post, "foxes"),
        "owls -fox": said(post, "owls") and not (said(post, "fox") or said(post, "foxes")),
        "is:followed": post.author_id in me.follows,
        "fox OR owls": said(post, "fox") or said(post, "foxes") or said(post, "owls"),
        "from:me": post.author_id == me.viewer_id,
    }[source.text]


def passes(filters: Filters, world: World, post: PostFacts) -> bool:
    """Whether the filters let a post through."""
    answer = post.reply_to_author_id is not None
    to_another = answer and post.reply_to_author_id != post.author_id
    pictures = world.pictures[post.id]
    return (
        chosen(filters.pictures, bool(pictures))
        and chosen(filters.ai, "a" in pictures)
        and (answer if filters.replies is FeedChoice.ONLY else filters.replies is FeedChoice.ALL or not to_another)
        and not any(said(post, word) for word in filters.without_words)
        and post.author_id not in filters.without_people
    )


def named(rules: Rules, world: World) -> Rules:
    """The rules with the real ids of this world's people and lists, kept and read again."""
    lists = [world.lists.get(number, 5) for number in world.people]

    def real(source: Source) -> Source:
        ids = lists if source.kind is FeedSourceKind.LIST else world.people
        return Source(source.kind, tuple(ids[number] for number in source.ids), source.text)

    without = tuple(world.people[number] for number in rules.filters.without_people)
    body: dict[str, Any] = feed_rules.stored(Rules(tuple(map(real, rules.sources)), rules.filters))
    body["filters"]["without_people"] = list(without)
    return feed_rules.read(body)


async def whole(viewer_id: int, plan: FeedPlan, size: int, *, backward: bool) -> dict[int, int]:
    """A whole feed in windows of `size`: the first source of each post, newest first."""
    found: list[tuple[int, int]] = []
    older, newer = timeline.NEWEST, 0
    while True:
        window = [
            (one.post_id, one.place)
            for one in await feed_timeline.posts(viewer_id, plan, Window(size, older, newer, backward))
        ]
        assert window == sorted(window, reverse=True)
        found = [*window, *found] if backward else [*found, *window]
        if len(window) < size:
            assert len(found) == len(dict(found)), "each post once"
            return dict(found)
        older, newer = (timeline.NEWEST, window[0][0]) if backward else (window[-1][0], 0)


@EXAMPLES
@given(world_plan=plans(), rules=_rules, owner=st.integers(0, PEOPLE - 1))
async def test_feeds_hold_what_their_rules_say(world_plan: Plan, rules: Rules, owner: int) -> None:
    world = await build(world_plan)
    real, whose = named(rules, world), world.people[owner]
    for me in world.viewers:
        plan = await feed_plan.plan(me.viewer_id, whose, real)
        wanted = {
            post.id: place
            for post in world.posts.values()
            if feed_timeline.RULE.holds(post, me) and passes(real.filters, world, post)
            for place in [next((n for n, one in enumerate(real.sources) if brings(one, world, whose, me, post)), None)]
            if place is not None
        }
        for size, backward in ((50, False), (2, False), (3, True)):
            found = await whole(me.viewer_id, plan, size, backward=backward)
            # Feeds of everybody hold what other tests wrote meanwhile, too.
            assert {number: place for number, place in found.items() if number in world.posts} == wanted, (me, real)
            if Source(FeedSourceKind.EVERYONE) in real.sources:
                break
        matched = await feed_timeline.matching(world.posts, plan.branches)
        there = {
            post.id: branch.place
            for post in world.posts.values()
            if feed_timeline.RULE.holds(post, me)
            and (branch := feed_timeline.first_of(plan, post.id, matched)) is not None
        }
        assert there == wanted, (me, real)


@given(
    rules=_rules,
    order=st.sampled_from(FeedOrder),
    weights=st.dictionaries(st.sampled_from(FeedSignal), st.floats(0, 10)),
)
def test_rules_are_read_as_they_were_kept(rules: Rules, order: FeedOrder, weights: dict[FeedSignal, float]) -> None:
    known = Rules(rules.sources, rules.filters, order, tuple(weights.items()), 24)
    assert feed_rules.read(feed_rules.stored(known)) == known


def test_rules_of_a_later_version_are_not_guessed_at() -> None:
    with pytest.raises(ValueError, match="version 2"):
        feed_rules.read({**feed_rules.stored(Rules((Source(FeedSourceKind.EVERYONE),))), "version": 2})
