"""One table of rules, rendered two ways: as SQL, over sets, and once more by an oracle of the tests' own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import list_timeline, timeline, visibility
from models.database import fetch
from models.home import places
from models.post import FACT_COLUMNS, Post, among, facts_of
from models.relation import relations_of
from models.timeline import Entry, Window
from models.user_list import ListReplies
from models.visibility import PostFacts, Relations, Rule
from tests.graph import Plan, World, build, plans

RULES = {
    "visible": visibility.visible,
    "home_original": visibility.home_original,
    "home_reposted": visibility.home_reposted,
    "explore": visibility.explore,
    "profile": visibility.profile,
    "hashtag": visibility.hashtag,
    "searched": visibility.searched,
    "answer": visibility.answer,
    "unwelcome": visibility.unwelcome,
}
EXAMPLES = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

pytestmark = pytest.mark.usefixtures("running")
Read = Callable[[Window], Awaitable[list[Entry]]]


async def holds_in_sql(rule: Rule, viewer_id: int, posts: Sequence[int]) -> set[int]:
    """Those of the posts for which the rule holds, asked of the database."""
    rows = await fetch(f"SELECT p.id FROM posts p WHERE p.id = ANY($2) AND {rule.sql()}", viewer_id, list(posts))
    return {row["id"] for row in rows}


async def everything(read: Read, size: int, *, backward: bool) -> list[Entry]:
    """A whole timeline, read in windows of `size`, newest first."""
    found: list[Entry] = []
    older, newer = timeline.NEWEST, 0
    while True:
        window = await read(Window(size, older, newer, backward))
        assert window == sorted(window, key=lambda entry: -entry.key)
        found = [*window, *found] if backward else [*found, *window]
        if len(window) < size:
            return found
        older, newer = (timeline.NEWEST, window[0].key) if backward else (window[-1].key, 0)


@EXAMPLES
@given(plan=plans())
async def test_sql_and_python_give_the_same_answers(plan: Plan) -> None:
    world = await build(plan)
    kept = {
        row["id"]: facts_of(row)
        for row in await fetch(f"SELECT {FACT_COLUMNS} FROM posts p WHERE p.id = ANY($1)", list(world.posts))
    }
    assert kept == world.posts
    found = await relations_of(world.people)
    assert {number for number, one in found.items() if one.until} == {who for who, kind in world.wary if kind != "S"}
    assert {number: replace(one, until=None) for number, one in found.items()} == {
        number: world.relations[number] for number in world.people
    }
    for me in world.viewers:
        for name, rule in RULES.items():
            here = {post.id for post in world.posts.values() if rule.holds(post, me)}
            assert await holds_in_sql(rule, me.viewer_id, list(world.posts)) == here, (name, me)
        seen = {post.id for post in world.posts.values() if world.visible(me, post)}
        assert {post.id for post in world.posts.values() if visibility.visible.holds(post, me)} == seen
        assert set(await among(me.viewer_id, list(world.posts))) == seen
        rows = await Post.visible_to(me.viewer_id).filter(id__in=list(world.posts))
        assert {row.id for row in rows} == seen


def by_post(entries: Sequence[Entry]) -> dict[int, list[tuple[int, int | None]]]:
    """The places of each post, oldest first."""
    found: dict[int, list[tuple[int, int | None]]] = {}
    for entry in sorted(entries, key=lambda entry: entry.key):
        found.setdefault(entry.post_id, []).append((entry.key, entry.reposter_id))
    return found


@EXAMPLES
@given(plan=plans())
async def test_homes_hold_what_the_rules_say(plan: Plan) -> None:
    world = await build(plan)
    wanted = {number: world.home(world.relations[number]) for number in world.people}
    for number in world.people:

        async def read(window: Window, number: int = number) -> list[Entry]:
            return (await timeline.home(number, window)).entries

        for size, backward in ((50, False), (2, False), (3, True)):
            found = await everything(read, size, backward=backward)
            assert by_post(found) == wanted[number]
    for post in world.posts:
        entries = await timeline.home_entries(post, world.people)
        assert {number: by_post(places)[post] for number, places in entries.items()} == {
            number: home[post] for number, home in wanted.items() if post in home
        }
    for number in world.people:
        for since in (0, *(repost.id - 1 for repost in world.reposts)):
            here = by_post(await places(number, world.posts, since))
            there = {post: [one for one in home if one[0] > since] for post, home in wanted[number].items()}
            assert here == {post: home for post, home in there.items() if home}


@EXAMPLES
@given(plan=plans(), replies=st.sampled_from(ListReplies))
async def test_lists_hold_what_the_rules_say(plan: Plan, replies: ListReplies) -> None:
    world = await build(plan)
    for owner, list_id in world.lists.items():
        members = set(world.relations[owner].apart)
        rule = list_timeline.original(replies, members)
        for me in world.viewers:
            wanted = world.listed(me, members, replies)

            async def read(window: Window, viewer: int = me.viewer_id, list_id: int = list_id) -> list[Entry]:
                return (await list_timeline.posts(viewer, list_id, replies, window)).entries

            for size, backward in ((50, False), (2, False), (3, True)):
                assert by_post(await everything(read, size, backward=backward)) == wanted, (me, replies)
            here = {post.id for post in world.posts.values() if rule.holds(post, me)}
            assert here == {post_id for post_id, places in wanted.items() if places[0][1] is None}
        for post_id in world.posts:
            places = await list_timeline.entries(post_id, list_id, replies, world.people)
            assert {who: by_post(found)[post_id] for who, found in places.items()} == {
                number: found
                for number in world.people
                if (found := world.listed(world.relations[number], members, replies).get(post_id)) is not None
            }


@EXAMPLES
@given(plan=plans())
async def test_explore_and_profiles_hold_what_the_rules_say(plan: Plan) -> None:
    world = await build(plan)
    for me in world.viewers:
        found = (await timeline.explore(me.viewer_id, Window(100_000, newer_than=min(world.people) - 1))).entries
        assert {entry.post_id for entry in found} & set(world.posts) == world.explore(me)
        for author in world.people:

            async def read(window: Window, viewer: int = me.viewer_id, author: int = author) -> list[Entry]:
                return await timeline.profile(viewer, author, window)

            whole = await everything(read, 50, backward=False)
            assert {(entry.key, entry.reposter_id) for entry in whole} == world.profile(me, author)
            assert await everything(read, 2, backward=True) == whole


@EXAMPLES
@given(plan=plans())
async def test_orphans_are_told_where_a_home_loses_replies(plan: Plan) -> None:
    """`has_orphans_at_home` says yes exactly where taking the parent away took something from the home."""
    world = await build(plan)
    for parent in [post for post in world.posts.values() if post.deleted]:
        children = await fetch("SELECT id FROM posts WHERE reply_to_id = $1", parent.id)
        for number in world.people:
            me = world.relations[number]
            lost = any(stood_before(world, me, world.posts[child["id"]]) for child in children)
            assert await timeline.has_orphans_at_home(number, parent.id) == lost


def stood_before(world: World, me: Relations, reply: PostFacts) -> bool:
    """Whether a reply of another stood in the home by itself as long as its parent was there."""
    whole = reply._replace(reply_to_deleted=False)
    return reply.author_id != me.viewer_id and world.original(me, whole)


async def test_every_rule_can_say_yes_and_no() -> None:
    """The graphs above decide nothing unless both answers occur: here is one of each, by hand."""
    me = Relations(1, follows={2}, blocks={3}, blocked_by={4}, mutes={5})
    friend, foe = PostFacts(10, 2, visibility.Visibility.PUBLIC), PostFacts(11, 3, visibility.Visibility.PUBLIC)
    for name in ("visible", "home_original", "home_reposted", "explore", "profile"):
        assert RULES[name].holds(friend, me), name
        assert not RULES[name].holds(foe, me), name
    assert visibility.unwelcome.holds(foe, me)
    assert not visibility.unwelcome.holds(friend, me)
    apart = Relations(1, follows={2}, apart={2})
    assert not visibility.home_original.holds(friend, apart)
    assert visibility.visible.holds(friend, apart)
    orphan = PostFacts(12, 2, visibility.Visibility.PUBLIC, reply_to_author_id=2, reply_to_deleted=True)
    assert not visibility.home_original.holds(orphan, me)
    assert visibility.visible.holds(orphan, me)
