"""Delivery in company: told together means the same as told alone, costs once, and never gives anybody another's view."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest

from execution.groups import Groups
from models import database, node_id, outlook
from models.event import log_state
from realtime.hub import Hub
from resolvers.audience import Audience
from tests.conftest import Serving
from tests.people import PATIENCE_SECONDS, Feed, Person, Town
from tests.selection import BOOKMARK, MUTE, UNBLOCK, UNMUTE

EVERYTHING = """subscription($after: String) { homeTimeline(after: $after) { __typename cursor
    ... on PostPublished { edge { cursor
        repostedBy { id viewerIsFollowing viewerIsFollowedBy viewerIsMuting }
        node { id version text visibility likeCount repostCount quoteCount replyCount
            viewerHasLiked viewerHasReposted viewerHasBookmarked viewerCanReply viewerCanQuote viewerCanRemix
            author { id viewerIsFollowing viewerIsFollowedBy viewerIsBlocking viewerIsMuting }
            images { id url(size: SMALL) }
            facets { feature { ... on MentionFacet { user { id viewerIsFollowedBy viewerIsFollowing } } } }
            quotedPost { __typename ... on UnavailablePost { reason }
                ... on Post { id viewerHasLiked author { id viewerIsFollowing viewerIsMuting } images { url } } } } } }
    ... on PostRemoved { postId } ... on AuthorRemoved { userId } ... on Reset { reason } } }"""
EXPLORE_EVERYTHING = EVERYTHING.replace("homeTimeline", "exploreTimeline")
PLAIN = """subscription($after: String) { exploreTimeline(after: $after) { __typename cursor
    ... on PostPublished { edge { cursor node { id text author { handle } images { url } } } }
    ... on PostRemoved { postId } ... on AuthorRemoved { userId } ... on Reset { reason } } }"""
ON_SCREEN = """subscription($ids: [ID!]!, $after: String) { postsChanged(ids: $ids, after: $after) { __typename cursor
    ... on PostChanged { post { id version likeCount viewerHasLiked viewerCanReply author { viewerIsFollowing } } }
    ... on PostRemoved { postId } ... on Reset { reason } } }"""
HOLDS_A_REPLY = """subscription { exploreTimeline { __typename cursor
    ... on PostPublished { edge { node { id replyTo { __typename } } } } } }"""


@pytest.fixture
def groups(running: Serving) -> Groups:
    found: Groups = running.application.state.groups
    return found


@asynccontextmanager
async def alone(groups: Groups) -> AsyncIterator[None]:
    """Whoever subscribes in here is told by their own source."""
    groups.open = False
    try:
        yield
    finally:
        groups.open = True


async def settled(running: Serving, groups: Groups) -> None:
    """Wait until everything that has happened was handed out, and told to all who are in company."""
    hub: Hub = running.application.state.house.hub
    await hub.reached((await log_state()).head)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not groups.idle:  # noqa: ASYNC110  # a tick tells nobody when it is done
            await asyncio.sleep(0.01)  # a tick, which tells nobody when it is done


@dataclass(slots=True)
class Pair:
    """Two subscriptions of one viewer to the same feed: in company, and alone."""

    who: str
    together: Feed
    by_itself: Feed
    heard: tuple[list[Any], list[Any]] = field(default_factory=lambda: ([], []))

    async def take(self, until: str) -> None:
        """Hear both feeds up to the post with this id."""
        for feed, heard in zip((self.together, self.by_itself), self.heard, strict=True):
            while True:
                event = await feed.next()
                heard.append(event)
                if event.get("edge", {}).get("node", {}).get("id") == until:
                    break


async def test_told_together_is_told_the_same_as_alone(town: Town, running: Serving, groups: Groups) -> None:
    names = ("ada", "bob", "cleo", "dan", "eve", "fay", "gil")
    people = [await town.person(name) for name in names]
    ada, bob, cleo, dan, eve, fay, crier = people
    for viewer in people[:-1]:
        await viewer.follow(crier)
    await bob.follow(ada, cleo)
    await cleo.follow(ada, bob)
    await dan.follow(ada, eve)
    await eve.follow(ada, bob, dan)
    await fay.follow(ada, bob, cleo, dan, eve)
    await eve.do(MUTE, userId=bob.id)
    await ada.follow(bob)
    before = groups.executions
    async with AsyncExitStack() as stack:
        pairs: list[Pair] = []
        for viewer in [*people, Person(town, "", "", None)]:
            for document in (EVERYTHING, EXPLORE_EVERYTHING, PLAIN):
                if not viewer.token and document == EVERYTHING:
                    continue
                together = await stack.enter_async_context(viewer.live(document))
                async with alone(groups):
                    by_itself = await stack.enter_async_context(viewer.live(document))
                pairs.append(Pair(viewer.handle, together, by_itself))
        posts: dict[str, str] = {}

        async def write(author: Person, text: str, **more: Any) -> None:
            posts[text] = await author.write(text, **more)

        history: list[Callable[[], Awaitable[object]]] = [
            lambda: write(ada, "for all"),
            lambda: write(ada, "for followers", visibility="FOLLOWERS"),
            lambda: write(ada, f"for @{dan.handle}", visibility="MENTIONED"),
            lambda: write(ada, "quiet", visibility="UNLISTED"),
            lambda: bob.do("LikePost", postId=posts["for all"]),
            lambda: bob.do(BOOKMARK, postId=posts["for all"]),
            lambda: cleo.do("RepostPost", postId=posts["for all"]),
            lambda: dan.do("RepostPost", postId=posts["for all"]),
            lambda: write(bob, "quoting a secret", quotedPostId=posts["for all"]),
            lambda: write(ada, "quoting my own", quotedPostId=posts["for followers"]),
            lambda: write(bob, f"naming @{eve.handle} and @{dan.handle}"),
            lambda: write(cleo, "an answer", replyToId=posts["for all"]),
            lambda: bob.do("RepostPost", postId=posts["an answer"]),
            lambda: fay.do("BlockUser", userId=bob.id),
            lambda: write(bob, "not for fay"),
            lambda: write(dan, "quoting bob", quotedPostId=posts["not for fay"]),
            lambda: cleo.do("UnrepostPost", postId=posts["for all"]),
            lambda: dan.do(MUTE, userId=ada.id),
            lambda: write(ada, "not for dan"),
            lambda: bob.do("UnfollowUser", userId=ada.id),
            lambda: write(ada, "still public"),
            lambda: ada.do("DeletePost", postId=posts["for all"]),
            lambda: ada.do("DeletePost", postId=posts["for followers"]),
            lambda: fay.do(UNBLOCK, userId=bob.id),
            lambda: write(bob, "for fay again"),
            lambda: dan.do(UNMUTE, userId=ada.id),
        ]
        for number, deed in enumerate(history):
            await deed()
            mark = await crier.write(f"mark {number}")
            for pair in pairs:
                await pair.take(mark)
    for pair in pairs:
        assert pair.heard[0] == pair.heard[1], pair.who
    assert sum(len(pair.heard[0]) for pair in pairs) > 500, "there was something to compare"
    assert groups.executions > before


async def test_counters_told_together_are_those_told_alone(town: Town, groups: Groups) -> None:
    author, *viewers = [await town.person(name) for name in ("ada", "bob", "cleo", "dan")]
    await viewers[0].follow(author)
    ids = [await author.write(f"Post {number}") for number in range(2)]
    await viewers[1].do("LikePost", postId=ids[0])
    async with AsyncExitStack() as stack:
        pairs: list[Pair] = []
        for viewer in (author, *viewers, Person(town, "", "", None)):
            together = await stack.enter_async_context(viewer.live(ON_SCREEN, ids=ids))
            async with alone(groups):
                by_itself = await stack.enter_async_context(viewer.live(ON_SCREEN, ids=ids))
            pairs.append(Pair(viewer.handle, together, by_itself))
        for deed, who in (("LikePost", 0), ("LikePost", 2), ("UnlikePost", 1), ("RepostPost", 1)):
            await viewers[who].do(deed, postId=ids[0])
        await viewers[0].do("BlockUser", userId=author.id)
        await author.do("DeletePost", postId=ids[0])
        for pair in pairs:
            last: list[Any] = []
            for feed in (pair.together, pair.by_itself):
                shown: dict[str, Any] = {}
                versions: list[int] = []
                while (event := await feed.next())["__typename"] != "PostRemoved":
                    if event["__typename"] == "PostChanged":
                        versions.append(event["post"]["version"])
                        shown[event["post"]["id"]] = event["post"]
                    else:
                        shown["reset"] = event["reason"]
                assert versions == sorted(set(versions))
                last.append(shown.get("reset"))
            assert last[0] == last[1], pair.who


async def test_fifty_subscribers_of_explore_cost_one_execution(town: Town, running: Serving, groups: Groups) -> None:
    author, *readers = [await town.person(name) for name in ("ada", "bob", "cleo")]
    await readers[0].follow(author)
    async with AsyncExitStack() as stack:
        feeds = [await stack.enter_async_context(town.live("ExploreLive")) for _ in range(30)]
        for reader in readers:
            feeds += [await stack.enter_async_context(reader.live("ExploreLive")) for _ in range(10)]
        await settled(running, groups)
        before = groups.executions, groups.asides
        post = await author.write("Once")
        for feed in feeds:
            assert (await feed.until("PostPublished"))["edge"]["node"]["id"] == post
        assert (groups.executions, groups.asides) == (before[0] + 1, before[1])


async def test_home_costs_one_execution_for_each_distinct_view(town: Town, running: Serving, groups: Groups) -> None:
    author = await town.person("ada")
    readers = [await town.person("bob") for _ in range(6)]
    for reader in readers:
        await reader.follow(author)
    for reader in readers[:2]:
        await author.follow(reader)  # these see `viewerIsFollowedBy`
    async with AsyncExitStack() as stack:
        feeds = [await stack.enter_async_context(reader.live(EVERYTHING)) for reader in readers]
        await settled(running, groups)
        before = groups.executions
        await author.write("Twice")
        views = [(await feed.next())["edge"]["node"]["author"]["viewerIsFollowedBy"] for feed in feeds]
        assert views == [True] * 2 + [False] * 4
        assert groups.executions == before + 2


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements of the look that is taken for all."""
    heard: list[str] = []

    async def fetch(sql: str, *arguments: object) -> Any:
        heard.append(sql)
        return await database.fetch(sql, *arguments)

    monkeypatch.setattr(outlook, "fetch", fetch)
    return heard


async def test_statements_do_not_grow_with_subscribers(
    town: Town, running: Serving, groups: Groups, statements: list[str]
) -> None:
    author = await town.person("ada")
    found = []
    for count in (2, 12):
        readers = [await town.person("bob") for _ in range(count)]
        for reader in readers:
            await reader.follow(author)
        async with AsyncExitStack() as stack:
            feeds = [await stack.enter_async_context(reader.live(EVERYTHING)) for reader in readers]
            await settled(running, groups)
            statements.clear()
            await author.write("Counted")
            for feed in feeds:
                await feed.until("PostPublished")
            found.append(len(statements))
    assert found[0] == found[1] == 3, "posts, people, and what all viewers did"


async def test_nobody_gets_the_view_of_another(town: Town, groups: Groups) -> None:
    """The author of a hidden post, who follows and is followed back, blocks and likes, shares a document with strangers."""
    author, friend, stranger, named = [await town.person(name) for name in ("ada", "bob", "eve", "dan")]
    await friend.follow(author)
    await stranger.follow(author)
    await named.follow(author)
    await author.follow(friend)
    secret = await author.write("secret", visibility="MENTIONED")
    async with AsyncExitStack() as stack:
        feeds = {
            person.handle: await stack.enter_async_context(person.live(EVERYTHING))
            for person in (author, friend, stranger, named)
        }
        hidden = await author.write(f"@{named.handle} only", visibility="MENTIONED", quotedPostId=secret)
        shown = await author.write("for all", quotedPostId=hidden)
        nodes: dict[str, list[Any]] = {}
        for handle, feed in feeds.items():
            nodes[handle] = []
            while not nodes[handle] or nodes[handle][-1]["id"] != shown:
                nodes[handle].append((await feed.until("PostPublished"))["edge"]["node"])
        assert [node["id"] for node in nodes[friend.handle]] == [shown]
        assert [node["id"] for node in nodes[stranger.handle]] == [shown]
        assert [node["id"] for node in nodes[named.handle]] == [hidden, shown]
        assert nodes[named.handle][0]["quotedPost"] == {"__typename": "UnavailablePost", "reason": "NOT_VISIBLE"}
        assert nodes[author.handle][0]["quotedPost"]["id"] == secret
        for handle, sees in (
            (author.handle, True),
            (named.handle, True),
            (friend.handle, False),
            (stranger.handle, False),
        ):
            assert ("id" in nodes[handle][-1]["quotedPost"]) is sees
        assert [nodes[one.handle][-1]["author"]["viewerIsFollowedBy"] for one in (friend, stranger)] == [True, False]
        assert [nodes[one.handle][-1]["viewerCanQuote"] for one in (author, stranger)] == [True, True]


async def test_what_has_to_be_asked_for_each_is_told_alone(town: Town, running: Serving, groups: Groups) -> None:
    author = await town.person("ada")
    async with town.live(HOLDS_A_REPLY) as feed:
        await settled(running, groups)
        before = groups.executions
        post = await author.write("Alone")
        assert (await feed.until("PostPublished"))["edge"]["node"]["id"] == post
        assert groups.executions == before


async def test_a_fault_in_the_look_for_all_loses_nothing(
    town: Town, groups: Groups, monkeypatch: pytest.MonkeyPatch
) -> None:
    author, reader = await town.person("ada"), await town.person("bob")
    await reader.follow(author)
    async with reader.live("HomeLive") as home, town.live("ExploreLive") as explore:

        async def broken(*_: object) -> Any:
            raise RuntimeError("on purpose")

        with monkeypatch.context() as patched:
            patched.setattr("resolvers.look.outlook", broken)
            posts = [await author.write(f"Post {number}") for number in range(3)]
            for feed in (home, explore):
                assert [(await feed.next())["edge"]["node"]["id"] for _ in posts] == posts
        again = await author.write("And on")
        for feed in (home, explore):
            assert (await feed.next())["edge"]["node"]["id"] == again


async def test_nothing_is_left_when_subscribers_go(town: Town, running: Serving, groups: Groups) -> None:
    reader = await town.person("bob")
    audience: Audience = running.application.state.house.audience
    async with reader.socket() as socket:
        for number in range(20):
            payload = {"query": EVERYTHING, "variables": {}}
            await socket.send(orjson.dumps({"id": str(number), "type": "subscribe", "payload": payload}).decode())
            assert orjson.loads(await socket.recv())["type"] == "next"
        assert len(groups) >= 20
        for number in range(10):
            await socket.send(orjson.dumps({"id": str(number), "type": "complete"}).decode())
    async with asyncio.timeout(PATIENCE_SECONDS):
        while number_of(reader) in audience._readers or len(groups):  # noqa: ASYNC110  # nobody is told
            await asyncio.sleep(0.01)  # the server notices the end by itself
    assert groups.group_count == 0


def number_of(person: Person) -> int | None:
    return node_id.number_of("user", person.id)


async def test_between_groups_others_have_the_loop(
    town: Town, running: Serving, groups: Groups, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every document is a group of its own, and strangers may write as many as they have sockets for."""
    author = await town.person("ada")
    turns, seen = 0, []
    render = groups._render

    async def noted(*what: Any) -> Any:
        seen.append(turns)
        return await render(*what)

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async with AsyncExitStack() as stack:
        feeds = [
            await stack.enter_async_context(town.live(PLAIN.replace("cursor", f"cursor c{number}: cursor", 1)))
            for number in range(6)
        ]
        await settled(running, groups)
        monkeypatch.setattr("execution.groups.TURN_SECONDS", 0.0)
        monkeypatch.setattr(groups, "_render", noted)
        busy = asyncio.create_task(others())
        try:
            post = await author.write("Six times")
            for feed in feeds:
                assert (await feed.until("PostPublished"))["edge"]["node"]["id"] == post
        finally:
            busy.cancel()
    assert len(seen) == len(set(seen)) == 6
