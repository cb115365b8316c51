"""Trends: a formula that cannot be bought with accounts, per language, for each reader what they may and want to see."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Sequence
from typing import Any

import pytest

from discovery import trend
from discovery.weighing import Voice, strongest, weight_of
from models import node_id
from models.database import fetch, fetch_value
from models.facet import folded
from tests.people import Person, Refused, Town

TRENDS = """query($language: String, $first: Int, $after: String) { trends(language: $language) { language workedOutAt
    hashtags { accountCount hashtag { name } }
    posts(first: $first, after: $after) { edges { cursor node { id author { handle } } } pageInfo { hasNextPage endCursor } } } }"""
_numbers = itertools.count(1)


async def crowd(size: int, days: int) -> list[int]:
    """So many accounts that were opened so many days ago."""
    mark = f"crowd_{os.getpid()}_{next(_numbers)}_"
    rows = await fetch(
        """WITH made AS (INSERT INTO users (id, handle, display_name, bio, location, website, pronouns, joined_at)
            SELECT fresque_id(), $1 || n, 'One of many', '', '', '', '', now() - make_interval(days => $3) FROM generate_series(1, $2) AS n
            RETURNING id
        ), counted AS (INSERT INTO user_counts (subject_id) SELECT id FROM made) SELECT id FROM made""",
        mark,
        size,
        days,
    )
    return [row["id"] for row in rows]


async def heard_by(people: Sequence[int], followers: Sequence[int]) -> None:
    """Each of the one follows each of the others, but nobody themselves."""
    await fetch(
        "INSERT INTO follows (follower_id, followee_id, created_at) SELECT a.id, b.id, now() FROM unnest($1::bigint[]) AS a (id),"
        " unnest($2::bigint[]) AS b (id) WHERE a.id <> b.id ON CONFLICT DO NOTHING",
        list(followers),
        list(people),
    )


async def use(tag: str, people: Sequence[int], text: str = "Look at this", *, hours: float = 0.0) -> list[int]:
    """Each of them posts under the hashtag."""
    rows = await fetch(
        """WITH made AS (INSERT INTO posts (id, author_id, text, conversation_id, facets, mentioned_ids, visibility, reply_policy,
                quote_policy, remix_policy, created_at)
            SELECT fresque_id() - (($4 * 3600000)::bigint << 16), a.id, $3 || ' #' || $1, 0,
                jsonb_build_array(jsonb_build_object('kind', 'hashtag', 'value', $1::text, 'start', 0, 'end', 1, 'user_id', NULL)),
                '{}', 'PUBLIC', 'EVERYONE', 'EVERYONE', 'NOBODY', now() FROM unnest($2::bigint[]) AS a (id) RETURNING id
        ), counted AS (INSERT INTO post_counts (subject_id) SELECT id FROM made
        ), borne AS (INSERT INTO post_hashtags (hashtag, post_id) SELECT $5, id FROM made) SELECT id FROM made""",
        tag,
        list(people),
        text,
        hours,
        folded(tag),
    )
    return [row["id"] for row in rows]


async def like(post: int, people: Sequence[int]) -> None:
    """Each of them likes the post."""
    await fetch(
        "INSERT INTO likes (user_id, post_id, created_at) SELECT id, $1, now() FROM unnest($2::bigint[]) AS a (id)",
        post,
        list(people),
    )


async def turn() -> None:
    """A turn, now, with everybody weighed before: one go weighs so many, and other tests' people may be first."""
    await fetch("UPDATE trend_turns SET claimed_at = '-infinity'")
    await fetch("UPDATE account_weights SET weighed_at = '-infinity'")
    while await trend.weigh(trend.id_at(time.time() - trend.WINDOW_HOURS * 3_600)):
        pass
    await trend.turn()


async def tags(reader: Person | Town, language: str | None = None) -> dict[str, int]:
    """The hashtags that trend for a reader, and how many people are behind each."""
    found = (await reader.ask(TRENDS, language=language))["trends"]["hashtags"]
    return {one["hashtag"]["name"]: one["accountCount"] for one in found}


async def posts(reader: Person | Town, **given: Any) -> list[str]:
    """The posts that trend for a reader."""
    return [edge["node"]["id"] for edge in (await reader.ask(TRENDS, first=50, **given))["trends"]["posts"]["edges"]]


def new_tag(word: str) -> str:
    """A hashtag that nobody used before."""
    return f"{word}{os.getpid()}x{next(_numbers)}"


def test_the_formula_is_what_is_written() -> None:
    grown = [Voice(n, 1.0, 16, 1.0, 0.0) for n in range(4)]
    assert weight_of(grown, 4.0, {}) == pytest.approx(4.0)
    assert weight_of([Voice(n, 1.0, 16, 1.0, 4.0) for n in range(4)], 4.0, {}) == pytest.approx(2.0), "a half-life"
    assert weight_of([Voice(n, 0.0, 16, 1.0, 0.0) for n in range(100)], 4.0, {}) == 0, "a hundred came today"
    ring = [Voice(n, 1.0, 99, 1.0, 0.0) for n in range(100)]
    assert weight_of(ring, 4.0, dict.fromkeys(range(100), 99)) == 0, "a hundred follow one another"
    half = weight_of([*ring[:50], *[Voice(n, 1.0, 0, 1.0, 0.0) for n in range(200, 250)]], 4.0, {})
    assert half == pytest.approx(50.0), "who reaches nobody adds nothing"
    assert len(strongest(ring * 3, 4.0)) == 100
    assert trend.score(4.0, 1.0, 4) == pytest.approx(9.0)
    assert trend.score(4.0, 0.0, 4) == pytest.approx(32.0)
    assert trend.score(4.0, 4.0, 4) == trend.score(4.0, 1.0, 2) == trend.score(0.9, 0.1, 9) == 0


async def test_a_hundred_accounts_cannot_fake_a_trend_and_four_people_can_make_one(town: Town) -> None:
    audience = await crowd(20, 90)
    people, fresh, ring = await crowd(4, 90), await crowd(100, 0), await crowd(100, 90)
    await heard_by(people, audience)
    await heard_by(fresh, [*fresh, *audience[:2]])
    await heard_by(ring, ring)
    honest, faked, ringed = new_tag("Honest"), new_tag("Faked"), new_tag("Ring")
    made = await use(honest, people)
    await use(faked, fresh)
    await use(ringed, ring)
    target = (await use(new_tag("Alone"), ring[:1]))[0]
    await like(target, fresh)
    await like(target, ring[1:])
    await like(made[0], people[1:])
    await turn()
    found, shown = await tags(town), await posts(town)
    assert found.get(honest) == 4
    assert not {faked, ringed} & found.keys()
    assert node_id.encode("post", made[0]) in shown
    assert node_id.encode("post", target) not in shown


async def test_what_is_always_said_does_not_trend_and_languages_are_apart(town: Town) -> None:
    audience, people = await crowd(20, 90), await crowd(5, 90)
    await heard_by(people, audience)
    usual, french = new_tag("Usual"), new_tag("Matin")
    for day in range(1, 8):
        await use(usual, people, hours=24.0 * day + 1)
    await use(usual, people[:3], hours=6.0)
    await use(french, people, "Le chat est dans la maison avec nous")
    await turn()
    assert usual not in await tags(town)
    assert (await tags(town))[french] == (await tags(town, "fr"))[french] == 5
    assert french not in await tags(town, "de")
    for language in ("xx", "", "FR", "klingon"):
        with pytest.raises(Refused, match="BAD_USER_INPUT"):
            await tags(town, language)


async def test_readers_see_only_what_they_may_and_want_to(town: Town) -> None:
    audience, people = await crowd(20, 90), await crowd(6, 90)
    await heard_by(people, audience)
    reader, other = await town.person("reader"), await town.person("other")
    tag = new_tag("Fox")
    made = await use(tag, people)
    for place, post in enumerate(made[:4]):
        await like(post, [one for one in people if one != people[place]])
    await fetch("UPDATE posts SET is_sensitive = true WHERE id = $1", made[1])
    await fetch("UPDATE posts SET visibility = 'FOLLOWERS' WHERE id = $1", made[2])
    await turn()
    assert (await tags(other))[tag] == 4, "nothing sensitive, nothing for followers"
    ids = [node_id.encode("post", post) for post in made]
    assert set(ids) & set(await posts(reader)) == {ids[0], ids[3]}, "nothing sensitive, nothing for followers"
    await fetch("UPDATE posts SET content_warning = 'Spiders' WHERE id = $1", made[3])
    assert set(ids) & set(await posts(reader)) == {ids[0]}, "what became sensitive goes at once"
    await fetch(
        "INSERT INTO blocks (blocker_id, blocked_id, created_at) VALUES ($1, $2, now())",
        people[0],
        node_id.number_of("user", reader.id),
    )
    assert set(ids) & set(await posts(reader)) == set(), "nothing of who blocks"
    assert set(ids) & set(await posts(other)) == {ids[0]}
    await other.do(
        "mutation($input: MuteWordInput!) { muteWord(input: $input) { userErrors { code path } } }",
        text=f"#{tag}",
        scope="EVERYWHERE",
    )
    assert tag not in await tags(other)
    assert tag in await tags(reader)
    await fetch("UPDATE users SET deactivated_at = now() WHERE id = ANY($1::bigint[])", people)
    assert tag not in await tags(town), "nothing is there to be read"


async def test_pages_of_trending_posts_and_two_turns_at_once(town: Town) -> None:
    audience, people = await crowd(20, 90), await crowd(5, 90)
    await heard_by(people, audience)
    made = await use(new_tag("Many"), people)
    for place, post in enumerate(made):
        await like(post, [one for one in people if one != people[place]][: 3 + place % 2])
    await turn()
    before = await fetch_value("SELECT done_at FROM trend_turns")
    assert await trend.turn() is False
    assert await fetch_value("SELECT done_at FROM trend_turns") == before, "it is somebody's turn already"
    whole, after, found = await posts(town), None, []
    while True:
        page = (await town.ask(TRENDS, first=2, after=after))["trends"]["posts"]
        found += [edge["node"]["id"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert found == whole
    assert {node_id.encode("post", post) for post in made} <= set(whole)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The fox is in the garden with you", "en"),
        ("Le renard est dans le jardin avec nous", "fr"),
        ("Der Fuchs ist nicht im Garten", "de"),
        ("El zorro no es muy grande pero corre", "es"),
        ("狐は庭にいる", "ja"),
        ("狐狸在花园里", "zh"),
        ("Лиса в саду", "ru"),
        ("여우가 정원에 있다", "ko"),
        ("#the @the https://the.example/the", "und"),
        ("🦊", "und"),
        ("", "und"),
    ],
)
async def test_languages_are_told_by_script_and_small_words(town: Town, text: str, language: str) -> None:
    assert await fetch_value("SELECT fresque_language($1)", text) == language
