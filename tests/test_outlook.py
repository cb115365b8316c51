"""Posts as many see them, looked up once, are the rows that each would have been given alone."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from models import visibility
from models.card import Hole, PostRow, cards
from models.database import fetch, fetch_value
from models.ids import Ids
from models.outlook import GRANT, HOLE, STATE, View, outlook
from models.visibility import SIGNED_OUT
from tests.graph import Plan, World, build, plans

# What fails is reported as it is, not shrunk: each example is hundreds of statements.
PHASES = (Phase.explicit, Phase.generate)
EXAMPLES = settings(
    max_examples=15, deadline=None, phases=PHASES, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
ALL = frozenset({STATE, HOLE, GRANT})
RULES = (
    visibility.visible,
    visibility.shown,
    visibility.explore,
    visibility.home_original,
    visibility.home_reposted,
    visibility.profile,
    visibility.hashtag,
    visibility.answer,
)

pytestmark = pytest.mark.usefixtures("running")


async def embellish(world: World) -> None:
    """Posts quote each other and are liked and kept; everything is counted."""
    posts = sorted(world.posts)
    for table, subjects in (("post_counts", posts), ("user_counts", world.people)):
        await fetch(
            f"INSERT INTO {table} (subject_id) SELECT unnest($1::bigint[]) ON CONFLICT DO NOTHING", list(subjects)
        )
    for number, post in enumerate(posts):
        if number % 2:  # only what was there before
            await fetch("UPDATE posts SET quoted_post_id = $2 WHERE id = $1", post, posts[number * 5 % number])
        image = await fetch_value(
            "INSERT INTO images (owner_id, prefix, mime_type, byte_size, width, height, blurhash)"
            " VALUES (1, 'p/' || fresque_id(), 'image/png', 9, 9, 9, 'L00000fQfQfQfQfQfQfQfQfQfQfQ') RETURNING id"
        )
        await fetch(
            "INSERT INTO post_images (post_id, image_id, position, alt_text) VALUES ($1, $2, 0, '')", post, image
        )
        policy = ("EVERYONE", "FOLLOWERS", "ASK", "NOBODY")[number % 4]
        await fetch("UPDATE posts SET remix_policy = $2 WHERE id = $1", post, policy)
        await fetch(  # of the first post of a conversation it is asked who began it and whom that mentions
            "UPDATE posts SET reply_policy = $2, quote_policy = $3, is_detached = $4, conversation_id = $5 WHERE id = $1",
            post,
            ("EVERYONE", "FOLLOWING", "MENTIONED", "NOBODY", "FOLLOWING")[number % 5],
            ("EVERYONE", "FOLLOWERS", "NOBODY")[number % 3],
            number % 7 == 1,
            posts[number * 3 % (number + 1)],
        )
        for place, person in enumerate(world.people):
            if (number + place) % 3 == 1:
                await fetch(
                    "INSERT INTO remix_permits (post_id, author_id, person_id, state) VALUES ($1, $2, $3, $4)",
                    post,
                    world.posts[post].author_id,
                    person,
                    ("PENDING", "ACCEPTED", "DECLINED", "REVOKED")[(number + 2 * place) % 4],
                )
            for table, every in (("likes", 3), ("bookmarks", 4)):
                if (number + place) % every == 0:
                    await fetch(
                        f"INSERT INTO {table} (user_id, post_id, created_at) VALUES ($1, $2, now())", person, post
                    )


def shared(found: PostRow | Hole) -> PostRow | Hole:
    """The row with open pictures as everybody is given them: their addresses are for nobody in particular."""
    for row in (found, found.quoted) if isinstance(found, PostRow) else ():
        for image in row.images if isinstance(row, PostRow) else ():
            if image.open_to_all:
                image.viewer_id = SIGNED_OUT
    return found


@EXAMPLES
@given(plan=plans())
async def test_each_sees_what_they_would_have_been_given_alone(plan: Plan) -> None:
    world = await build(plan)
    await embellish(world)
    posts = sorted(world.posts)
    known = await outlook(posts, [me.viewer_id for me in world.viewers])
    plain = await outlook(posts)
    for me in world.viewers:
        for post in posts:
            row = known.row(post, me, ALL)
            wanted = shared((await cards(me.viewer_id, [post])).posts[post])
            assert row == (None if isinstance(wanted, Hole) else wanted), (post, me)
            modest = plain.row(post, me, frozenset())
            assert (modest is None) == (row is None), "who may see does not depend on what is selected"
            if isinstance(modest, PostRow) and isinstance(wanted, PostRow):
                assert (modest.text, modest.like_count, modest.version) == (
                    wanted.text,
                    wanted.like_count,
                    wanted.version,
                )
    rows = [plain.row(post, me, frozenset()) for post in posts for me in world.viewers]
    assert len({id(row) for row in rows if row is not None}) <= len(posts), "one object for all who see the same"


@EXAMPLES
@given(plan=plans())
async def test_who_is_alike_to_a_post_is_judged_alike(plan: Plan) -> None:
    world = await build(plan)
    await embellish(world)
    posts = sorted(world.posts)
    known = await outlook(posts, world.people)
    for post in posts:
        facts = known.facts(post)
        assert facts is not None
        for rule in RULES:
            view = View(known, post, rule)
            for me in world.viewers:
                assert view.holds(me) == rule.holds(facts, me)
                row = known.row(post, me, ALL) if rule.holds(facts, me) else None
                assert view.row(me, ALL) is row
                if view.everybody is not None and view.is_anybody(me):
                    plain = view.row(me, frozenset({HOLE}))
                    anybody = view.row(view.everybody.viewer, frozenset({HOLE}))
                    assert plain is anybody, "who is a stranger to its people sees what everybody sees"
                assert known.sole(post, me, ALL, rule) == row, "made for one alone it is the same"


@given(ids=st.sets(st.integers(1, 2**62)), other=st.integers(0, 2**62))
def test_ids_are_a_set(ids: set[int], other: int) -> None:
    compact = Ids(ids)
    assert set(compact) == ids
    assert len(compact) == len(ids)
    assert (other in compact) is (other in ids)
    assert all(one in compact for one in ids)
    assert None not in compact
    assert compact.isdisjoint({other}) is (other not in ids)


async def test_nobody_is_looked_up_for_nobody() -> None:
    known = await outlook([], [SIGNED_OUT])
    assert known.facts(1) is None
    assert known.row(1, visibility.Relations(SIGNED_OUT), ALL) is None
    assert known.user(1, visibility.Relations(SIGNED_OUT), ALL) is None
