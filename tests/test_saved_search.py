"""Saved searches: their owner's alone, ordered, counted exactly as the rules say, found by keys, told of where it is wanted."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from discovery import percolation
from discovery.cover import cover
from discovery.percolation import TRY, keep
from discovery.saved_search import MOST_NEW, MOST_SAVED
from models import node_id, standing
from models.database import fetch, fetch_value
from models.transaction import transaction
from tests.making import Brush
from tests.people import Person, Town
from tests.saving import DELETE, LIST, MOVE, RENAME, SAVE, SEEN, news, percolated, save, saved
from tests.selection import MUTE, mutation
from tests.telling import LIST as NOTIFICATIONS
from tests.telling import SWITCH
from tests.test_search import FIND, new_word

ONE = "query($id: ID!) { node(id: $id) { id ... on SavedSearch { name newPostCount search { posts { edges { node { id } } } } } } }"
GONE = node_id.encode("search", 5)


def number(gid: str) -> int:
    return int((node_id.decode(gid) or ("", 0))[1])


async def test_a_search_is_saved_called_ordered_and_deleted(town: Town) -> None:
    ada = await town.person("ada")
    mark = new_word()
    post = await (await town.person("bob")).write(f"{mark} fox")
    first = await save(ada, f"  {mark} fox ")
    (one,) = await saved(ada)
    assert (one["name"], one["text"], one["position"], one["newPostCount"]) == (f"{mark} fox", f"{mark} fox", 0, 0)
    assert (await ada.ask(ONE, id=first))["node"]["search"]["posts"]["edges"] == [{"node": {"id": post}}]
    second, third = await save(ada, "cats", name="Cats"), await save(ada, "dogs")
    assert await save(ada, "(cats)", name="All cats") == second, "what asks the same is saved once"
    assert [one["name"] for one in await saved(ada)] == [f"{mark} fox", "All cats", "dogs"]
    await ada.do(MOVE, savedSearchId=third, position=0)
    await ada.do(RENAME, savedSearchId=first, name="Foxes")
    rows = await saved(ada)
    assert [(one["id"], one["position"]) for one in rows] == [(third, 0), (first, 1), (second, 2)]
    assert rows[1]["name"] == "Foxes"
    assert rows[1]["version"] > one["version"]
    page = (await ada.ask(LIST, first=2))["viewer"]["savedSearches"]
    rest = (await ada.ask(LIST, first=2, after=page["pageInfo"]["endCursor"]))["viewer"]["savedSearches"]
    assert [len(part["edges"]) for part in (page, rest)] == [2, 1]
    assert page["pageInfo"]["hasNextPage"]
    assert (await ada.do(DELETE, savedSearchId=third))["deletedSavedSearchId"] == third
    assert [(one["id"], one["position"]) for one in await saved(ada)] == [(first, 0), (second, 1)]


async def test_what_is_wrong_or_too_much_is_refused(town: Town) -> None:
    ada = await town.person("ada")
    for text in ("", " :) ", "has:wings", '"open', "x" * 401):
        assert await ada.refusal(SAVE, text=text) == ("BAD_USER_INPUT", ["text"]), text
    assert await ada.refusal(SAVE, text="has:image", byMeaning=True) == ("BAD_USER_INPUT", ["text"])
    for name in ("", "a\nb", "x" * 61):
        assert await ada.refusal(SAVE, text="fox", name=name) == ("BAD_USER_INPUT", ["name"])
    one = await save(ada, "fox0")
    assert await ada.refusal(MOVE, savedSearchId=one, position=-1) == ("BAD_USER_INPUT", ["position"])
    await asyncio.gather(*(ada.attempt(SAVE, text=f"fox{n}") for n in range(1, MOST_SAVED + 5)))
    assert len(await saved(ada)) == MOST_SAVED, "in parallel, too"
    assert (await ada.refusal(SAVE, text="another"))[0] == "QUOTA_EXCEEDED"
    assert await save(ada, "fox0") == one


async def test_they_are_nobody_elses(town: Town) -> None:
    ada, eve = await town.person("ada"), await town.person("eve")
    mine = await save(ada, new_word(), name="Secret")
    assert (await eve.ask(ONE, id=mine))["node"] is None
    assert (await town.ask(ONE, id=mine))["node"] is None
    assert (await town.ask(LIST))["viewer"] is None
    assert await saved(eve) == []
    for change, more in ((RENAME, {"name": "x"}), (MOVE, {"position": 0}), (SEEN, {}), (DELETE, {})):
        for which in (mine, GONE, "garbage"):
            assert await eve.refusal(change, savedSearchId=which, **more) == ("NOT_FOUND", ["savedSearchId"])
    signed_out = Person(town, "", "", None)
    assert (await signed_out.refusal(SAVE, text="fox"))[0] == "UNAUTHENTICATED"
    assert [one["name"] for one in await saved(ada)] == ["Secret"]


async def test_new_posts_count_until_they_are_seen(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    mark = new_word()
    await bob.write(f"{mark} before")
    one = await save(ada, f"{mark} -dog")
    await save(ada, f"{mark}* from:{bob.handle} has:hashtag")
    await ada.write(f"{mark} her own")
    first = await bob.write(f"{mark} foxes #x")
    await bob.write(f"{mark} dog")
    last = await bob.write(f"{mark} last")
    assert await news(ada) == [2, 1]
    edges = (await ada.ask(FIND, text=f"{mark} foxes"))["search"]["posts"]["edges"]
    assert edges[0]["node"]["id"] == first
    assert (await ada.do(SEEN, savedSearchId=one, until=edges[0]["cursor"]))["savedSearch"]["newPostCount"] == 1
    await bob.do(mutation("editPost"), postId=last, text="something else")
    assert await news(ada) == [0, 1]
    await bob.do(mutation("editPost"), postId=last, text=f"{mark} again")
    assert await news(ada) == [1, 1]
    await ada.do(SEEN, savedSearchId=one)
    await ada.do(SEEN, savedSearchId=one, until=edges[0]["cursor"])
    assert await news(ada) == [0, 1], "it never goes back"
    for n in range(MOST_NEW + 3):
        await bob.write(f"{mark} {n}")
    assert await news(ada) == [MOST_NEW, 1]


@pytest.mark.parametrize("text", ["-cat", "has:image", "lang:en is:reply", "min_likes:3", "cat OR -dog", "since:7d"])
async def test_what_would_be_tried_against_every_post_is_saved_and_not_watched(town: Town, text: str) -> None:
    ada = await town.person("ada")
    await save(ada, text)
    assert await news(ada) == [None]


async def test_nothing_hidden_is_counted(town: Town) -> None:
    ada, bob, carl, dora = [await town.person(name) for name in ("ada", "bob", "carl", "dora")]
    mark = new_word()
    await save(ada, mark)
    await bob.write(mark, visibility="FOLLOWERS")
    await bob.write(mark, visibility="MENTIONED")
    await bob.write(mark, visibility="UNLISTED")
    assert await news(ada) == [0]
    named = await bob.write(f"@{ada.handle} {mark}", visibility="MENTIONED")
    plain = await bob.write(mark)
    others = [await carl.write(mark), await dora.write(f"{mark} fish")]
    assert await news(ada) == [4]
    await ada.follow(bob)
    assert await news(ada) == [6], "what is for followers, and what is listed nowhere, is for her now"
    await ada.do(mutation("muteWord"), text="fish", scope="EVERYWHERE")
    assert await news(ada) == [5]
    await ada.do(MUTE, userId=carl.id)
    assert await news(ada) == [4]
    await bob.do("DeletePost", postId=named)
    await bob.do(mutation("updatePostVisibility"), postId=plain, visibility="MENTIONED")
    assert await news(ada) == [2]
    await bob.do(mutation("blockUser"), userId=ada.id)
    assert await news(ada) == [0]
    await ada.do(mutation("unmuteUser"), userId=carl.id)
    assert await news(ada) == [1]
    assert others
    async with transaction():
        await standing.suspend(number(carl.id))
    assert await news(ada) == [0]


@pytest.mark.parametrize("audience", ["EVERYONE", "FOLLOWERS", "NOBODY"])
async def test_what_a_prompt_says_counts_for_those_who_may_know_it(town: Town, audience: str) -> None:
    ada, fan, stranger = [await town.person(name) for name in ("ada", "fan", "stranger")]
    await fan.follow(ada)
    secret, brush = new_word(), await Brush.new()
    for who in (fan, stranger):
        await save(who, f"prompt:{secret}")
        await save(who, f"from:{ada.handle} -prompt:{secret}")
    await ada.write("Look", images=[{"imageId": await brush.paint(ada, f"a {secret} fox")}], promptVisibility=audience)
    assert await news(fan) == ([1, 0] if audience != "NOBODY" else [0, 1])
    assert await news(stranger) == ([1, 0] if audience == "EVERYONE" else [0, 1])


async def test_whom_one_follows_and_who_is_called_so_now(town: Town) -> None:
    ada, bob, carl = [await town.person(name) for name in ("ada", "bob", "carl")]
    mark = new_word()
    await ada.follow(bob)
    await save(ada, f"{mark} is:followed")
    likes = await save(ada, f"{mark} min_likes:1")
    coming = await save(ada, f"from:later_{carl.handle}")
    post = await bob.write(mark)
    await carl.write(mark)
    assert await news(ada) == [1, 0, 0]
    await carl.do("LikePost", postId=post)
    assert await news(ada) == [1, 1, 0], "likes are asked when it is counted"
    await fetch("UPDATE users SET handle = $2 WHERE id = $1", number(carl.id), f"later_{carl.handle}"[:30])
    if f"later_{carl.handle}" == f"later_{carl.handle}"[:30]:
        await ada.do(SEEN, savedSearchId=coming)
        await carl.write("Hello")
        assert (await news(ada))[2] == 1
    await ada.do(SEEN, savedSearchId=likes)
    assert (await news(ada))[1] == 0


def test_covers_are_the_cheapest_words_that_every_find_has() -> None:
    shares = {"cat": 0.2, "the": 0.9}
    for asked, wanted in {
        "('the') & ('cat')": {"cat"},
        "(('the') | ('cat')) & ('fox')": {"fox"},
        "('fox') | ('cat')": {"fox", "cat"},
        "('fox') | !('cat')": None,
        "!('fox') & ('owl')": {"owl"},
        "!(('fox') & ('owl'))": None,
        "'has:image' & 'tag:cats'": {"tag:cats"},
        "'has:image' & 'lang:en'": None,
        "'model:fluxschnell':*": {"model:fluxsc*"},
        r"('o''clock' <-> 'a\\b')": {"o'clock"},
        "('a' <-> 'lighthouse')": {"lighthouse"},
    }.items():
        found = cover(asked, shares)
        assert (None if found is None else set(found)) == wanted, asked
    assert cover(None, shares) is None


async def test_a_post_is_tried_against_few_of_very_many_saved_searches(town: Town) -> None:
    """Ten thousand searches of as many people: a post meets those that share its rarest word, and nobody's else."""
    ada, bob = await town.person("ada"), await town.person("bob")
    mark, common = new_word(), new_word()  # nobody else saved either
    await save(ada, f"{mark} {common}")
    await fetch(
        """WITH q AS (INSERT INTO saved_queries (identity, words, watched)
            SELECT $1 || n, '''' || $2 || ''' & ''' || $1 || 'n' || n || '''', true FROM generate_series(1, 10000) AS n RETURNING id, identity)
        INSERT INTO saved_query_keys (key, query_id) SELECT $1 || 'n' || substr(identity, length($1) + 1), id FROM q""",
        mark,
        common,
    )
    texts = [f"{mark} {common}", f"{mark}n7 {common} {mark}n8", f"{common} " * 20, f"{mark}n9"]
    posts = [number(await bob.write(text)) for text in texts]
    found = {}
    for text, post in zip(texts, posts, strict=True):
        async with transaction():
            rows = [row for row in await fetch(TRY, [post]) if row["found"] or mark in text]
            counts = await keep(rows)
        found[text] = (counts.tried, counts.found, counts.new)
    assert list(found.values()) == [(1, 1, 1), (2, 2, 2), (0, 0, 0), (1, 0, 0)]
    plan = await fetch("EXPLAIN (ANALYZE, FORMAT JSON, TIMING OFF) " + TRY, posts)
    looked = [node for node in nodes(plan[0][0][0]["Plan"]) if node.get("Relation Name") == "saved_query_keys"]
    assert looked
    assert all(node["Node Type"] != "Seq Scan" for node in looked), "the keys are looked up, not read"
    await fetch("DELETE FROM saved_queries WHERE identity LIKE $1 || '%'", mark)


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """A plan and all below it."""
    return [plan, *(node for child in plan.get("Plans", ()) for node in nodes(child))]


async def test_who_wants_to_be_told_is_told_once_for_each_search(town: Town) -> None:
    ada, bob, carl, quiet = [await town.person(name) for name in ("ada", "bob", "carl", "quiet")]
    mark = new_word()
    one = await save(ada, mark, name="Foxes")
    await save(quiet, mark)
    await ada.do(SWITCH, kind="SAVED_SEARCH", source="EVERYONE")
    posts = [await bob.write(mark), await carl.write(mark)]
    await bob.write(mark, visibility="FOLLOWERS")
    await asyncio.gather(percolated(), percolated())
    line = "notifications(first: 5) { edges { node { kind count isUnread actors { id } post { id } savedSearch { id name newPostCount } } } }"
    asked = f"{{ viewer {{ unreadNotificationCount {line} }} }}"
    viewer = (await ada.ask(asked))["viewer"]
    (edge,) = viewer["notifications"]["edges"]
    assert edge["node"] == {
        "kind": "SAVED_SEARCH", "count": 2, "isUnread": True, "actors": [{"id": carl.id}, {"id": bob.id}], "post": {"id": posts[1]},
        "savedSearch": {"id": one, "name": "Foxes", "newPostCount": 2},
    }  # fmt: skip
    assert viewer["unreadNotificationCount"] == 1
    assert (await quiet.ask(NOTIFICATIONS))["viewer"]["notifications"]["edges"] == [], "off until it is switched on"
    await carl.do("DeletePost", postId=posts[1])
    await percolated()
    (edge,) = (await ada.ask(asked))["viewer"]["notifications"]["edges"]
    assert (edge["node"]["count"], edge["node"]["post"]) == (1, {"id": posts[0]})
    await bob.do(mutation("updatePostVisibility"), postId=posts[0], visibility="MENTIONED")
    await percolated()
    viewer = (await ada.ask(asked))["viewer"]
    assert (viewer["notifications"]["edges"], viewer["unreadNotificationCount"]) == ([], 0)
    await bob.write(f"{mark} once more")
    await percolated()
    assert len((await ada.ask(asked))["viewer"]["notifications"]["edges"]) == 1
    await ada.do(DELETE, savedSearchId=one)
    assert (await ada.ask(asked))["viewer"]["notifications"]["edges"] == []
    assert await fetch_value("SELECT count(*) FROM notification_items WHERE subject_id = $1", number(one)) == 0


async def test_what_breaks_off_is_found_again_and_once(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    mark = new_word()
    await save(ada, mark)
    await percolated()
    await bob.write(mark)

    def dies(name: str) -> None:
        if name == "percolation.found":
            raise RuntimeError(name)

    with monkeypatch.context() as patch:
        patch.setattr(percolation, "checkpoint", dies)
        with pytest.raises(RuntimeError):
            await percolated()
    kept = "SELECT count(*) FROM saved_query_finds f JOIN saved_searches s ON s.query_id = f.query_id WHERE s.owner_id = $1"
    assert await fetch_value(kept, number(ada.id)) == 0, "nothing was written down"
    await asyncio.gather(*(percolated() for _ in range(3)))
    assert await fetch_value(kept, number(ada.id)) == 1
    told = "SELECT count(*) FROM events e JOIN saved_searches s ON s.query_id = e.subject_id WHERE e.kind = 'saved_search_found' AND s.owner_id = $1"
    assert await fetch_value(told, number(ada.id)) == 1
