"""Views: each person counts once a day, refreshing and programs do not; nothing is lost that was written down."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson
import pytest

from models import node_id, standing, view
from models.database import fetch, fetch_one, fetch_value
from models.transaction import transaction
from realtime import views as counting
from realtime.views import Views, today
from tests.conftest import Serving
from tests.people import Person, Town
from tests.selection import mutation
from work.views import write_views

VIEW = mutation("recordViews")
COUNT = "query($id: ID!) { node(id: $id) { ... on Post { viewCount version } } }"
INSIGHTS = """query($id: ID!) { node(id: $id) { ... on Post { insights { views likes reposts quotes replies remixes bookmarks
    days { startsAt views likes reposts quotes replies bookmarks } } } } }"""
BROWSERS = {
    "firefox": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "chrome": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36",
    "bot": "Mozilla/5.0 (compatible; Googlebot/2.1)",
    "program": "python-httpx/0.28",
}


async def count(who: Person, post: str) -> int:
    """How often a post was seen, as it is told."""
    found: int = (await who.ask(COUNT, id=post))["node"]["viewCount"]
    return found


async def written(running: Serving) -> None:
    """`work` has written down what there is."""
    while await write_views(running.application.state.house.views):
        pass


async def looks(town: Town, post: str, browser: str) -> None:
    """A stranger looks at a post."""
    body = {"query": VIEW, "variables": {"input": {"postIds": [post]}}}
    answer = await town.http.post(f"{town.url}/graphql", json=body, headers={"User-Agent": BROWSERS[browser]})
    assert orjson.loads(answer.content)["data"]["recordViews"]["userErrors"] == []


async def test_each_person_counts_once_and_the_author_never(town: Town, running: Serving) -> None:
    ada, bob, cleo = [await town.person(name) for name in ("ada", "bob", "cleo")]
    post, secret = await ada.write("Look"), await ada.write("Not for bob", visibility="FOLLOWERS")
    version = (await ada.ask(COUNT, id=post))["node"]["version"]
    for who in (ada, bob, bob, cleo):
        await who.do(VIEW, postIds=[post, post, secret, "garbage"])
    await bob.do(VIEW, postIds=[post], idempotencyKey="k")
    await bob.do(VIEW, postIds=[post], idempotencyKey="k")
    assert await count(ada, post) == 0
    await written(running)
    assert (await ada.ask(COUNT, id=post))["node"] == {"viewCount": 2, "version": version + 1}
    assert await count(ada, secret) == 0
    await bob.do(VIEW, postIds=[post])
    await written(running)
    assert (await ada.ask(COUNT, id=post))["node"] == {"viewCount": 2, "version": version + 1}, "nothing changed"


async def test_strangers_count_by_browser_and_network_and_programs_do_not(town: Town, running: Serving) -> None:
    ada = await town.person("ada")
    post = await ada.write("Look")
    for browser in (*BROWSERS, "firefox", "chrome"):
        await looks(town, post, browser)
    await written(running)
    assert await count(ada, post) == 2


async def test_what_is_asked_is_bounded(town: Town, running: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    post, other = await ada.write("Look"), await ada.write("And here")
    assert await bob.refusal(VIEW, postIds=[post] * 101) == ("BAD_USER_INPUT", ["postIds"])
    monkeypatch.setattr(counting, "MOST_A_MINUTE", 1)
    await bob.do(VIEW, postIds=[post])
    await bob.do(VIEW, postIds=[other])
    await written(running)
    assert [await count(ada, one) for one in (post, other)] == [1, 0], "nobody looks at so much in a minute"


async def test_a_count_that_is_lost_keeps_what_was_written_down(town: Town, running: Serving) -> None:
    ada = await town.person("ada")
    post = node_id.number_of("post", await ada.write("Look")) or 0
    for name, seen, shown in (("one", 5, 5), ("one", 4, 5), ("one", 7, 7), ("two", 2, 9), ("two", 3, 10)):
        await view.store(today(), name, [(post, seen), (0, 3)])
        assert await fetch_value("SELECT views FROM post_counts WHERE subject_id = $1", post) == shown
    old = today() - timedelta(days=view.KEPT_DAYS + 1)
    await view.store(old, "old", [(post, 30)])
    for _ in range(2):
        await view.gather_old()
        days = await fetch(
            "SELECT day, settled + running AS views FROM post_views WHERE post_id = $1 ORDER BY day", post
        )
        assert [tuple(row) for row in days] == [(view.BEFORE, 30), (today(), 10)]
    assert await fetch_value("SELECT views FROM post_counts WHERE subject_id = $1", post) == 40


async def test_what_was_taken_and_not_written_down_is_given_again(town: Town, running: Serving) -> None:
    ada, bob, cleo = [await town.person(name) for name in ("ada", "bob", "cleo")]
    post = await ada.write("Look")
    await written(running)
    house = running.application.state.house
    await bob.do(VIEW, postIds=[post])
    first = await house.views.counted(today(), 10)
    assert first is not None
    assert [number for number, _ in first.views] == [node_id.number_of("post", post)]
    await cleo.do(VIEW, postIds=[post])
    await written(running)
    await written(running)
    assert await count(ada, post) == 2
    assert await house.views.counted(today(), 10) is None


async def test_without_redis_nothing_is_counted_and_nobody_is_refused(town: Town) -> None:
    lost = Views("redis://127.0.0.1:1/0", "x" * 32)
    assert not await lost.note("somebody", [1], today())
    assert await lost.counted(today(), 10) is None
    await lost.settled(today(), [1])
    await lost.close()


async def test_insights_are_the_author_s(town: Town, running: Serving) -> None:
    ada, bob, cleo = [await town.person(name) for name in ("ada", "bob", "cleo")]
    post = await ada.write("Look")
    for who in (bob, cleo):
        await who.do("LikePost", postId=post)
        await who.do(VIEW, postIds=[post])
    await bob.do("RepostPost", postId=post)
    await bob.do(mutation("bookmarkPost"), postId=post)
    await bob.write("Answer", replyToId=post)
    await bob.write("To her alone", replyToId=post, visibility="MENTIONED")
    await bob.write("Quote", quotedPostId=post)
    await written(running)
    found: dict[str, Any] = (await ada.ask(INSIGHTS, id=post))["node"]["insights"]
    days = found.pop("days")
    assert found == {"views": 2, "likes": 2, "reposts": 1, "quotes": 1, "replies": 1, "remixes": 0, "bookmarks": 1}
    assert len(days) == 30
    last = days[-1]
    assert last.pop("startsAt").startswith(str(today()))
    assert last == {"views": 2, "likes": 2, "reposts": 1, "quotes": 1, "replies": 1, "bookmarks": 1}
    assert not any(value for day in days[:-1] for name, value in day.items() if name != "startsAt")
    for other in (bob, Person(town, "", "", None)):
        assert (await other.ask(INSIGHTS, id=post))["node"]["insights"] is None
    row = await fetch_one("SELECT views FROM post_counts WHERE subject_id = $1", node_id.number_of("post", post))
    assert row is not None
    assert row["views"] == 2
    await cleo.do(mutation("setAccountPrivacy"), isPrivate=True)
    await cleo.write("Between us", quotedPostId=post)
    async with transaction():
        await standing.suspend(node_id.number_of("user", bob.id) or 0)
    found = (await ada.ask(INSIGHTS, id=post))["node"]["insights"]
    last = found.pop("days")[-1]
    wanted = {"views": 2, "likes": 1, "reposts": 0, "quotes": 0, "replies": 0, "bookmarks": 0}
    assert found == {**wanted, "remixes": 0}, (
        "who is gone counts nowhere, and a private account's words in their own numbers"
    )
    assert {name: last[name] for name in wanted} == wanted, "and the days say the same"
