"""Pages of people, hashtags and conversations in company: the same as alone, and one look for all of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest

from execution.groups import Groups
from models import database, outlook
from models.event import Cursor, log_state
from resolvers import stream
from tests.conftest import Serving
from tests.people import Person, Town
from tests.selection import MUTE, UNBLOCK, UNMUTE
from tests.test_groups import Pair, alone, settled

BEAT_SECONDS = 0.1
NODE = """id version text likeCount replyCount viewerHasLiked viewerHasReposted viewerHasBookmarked viewerCanReply viewerCanQuote
    author { id viewerIsFollowing viewerIsFollowedBy viewerIsBlocking viewerIsMuting } images { id url }
    quotedPost { __typename ... on UnavailablePost { reason } ... on Post { id viewerHasLiked author { viewerIsMuting } } }"""
EVENTS = "__typename cursor ... on PostRemoved { postId } ... on Reset { reason }"
EDGE = f"... on PostPublished {{ edge {{ cursor repostedBy {{ id viewerIsFollowing viewerIsMuting }} node {{ {NODE} }} }} }}"
PAGE = f"subscription($id: ID!) {{ userTimeline(id: $id) {{ {EVENTS} {EDGE} }} }}"
TAG = f"subscription($name: String!) {{ hashtagTimeline(name: $name) {{ {EVENTS} {EDGE} ... on AuthorRemoved {{ userId }} }} }}"
TALK = f"""subscription($id: ID!) {{ conversation(id: $id) {{ {EVENTS} ... on ReplyPublished {{ replyToId edge {{ cursor
    node {{ __typename ... on UnavailablePost {{ reason }} ... on Post {{ {NODE} }} }} }} }} }} }}"""


@pytest.fixture
def groups(running: Serving) -> Groups:
    found: Groups = running.application.state.groups
    return found


@pytest.fixture
def quick_heart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Heartbeats come soon: one says that everything up to its cursor has been told."""
    monkeypatch.setattr(stream, "HEARTBEAT_SECONDS", BEAT_SECONDS)


async def level(pairs: list[Pair]) -> None:
    """Hear every feed up to where the log stands now."""
    head = (await log_state()).head
    for pair in pairs:
        for feed, heard in zip((pair.together, pair.by_itself), pair.heard, strict=True):
            while True:
                event = await feed.next(heartbeats=True)
                if event["__typename"] != "LiveHeartbeat":
                    heard.append(event)
                    continue
                place = Cursor.parse(event["cursor"])
                if place is not None and place >= head:
                    break


async def test_pages_told_together_are_those_told_alone(
    town: Town, running: Serving, groups: Groups, quick_heart: None
) -> None:
    people = [await town.person(name) for name in ("ada", "bob", "cleo", "dan", "eve")]
    ada, bob, cleo, dan, eve = people
    tag = f"t{ada.handle}"
    await bob.follow(ada, cleo)
    await cleo.follow(ada)
    await ada.follow(bob)
    posts = {"root": await ada.write("the root"), "other": await eve.write("another's")}

    async def write(author: Person, text: str, **more: Any) -> None:
        posts[text] = await author.write(f"{text} #{tag}", **more)

    def answer(author: Person, text: str, to: str, **more: Any) -> Callable[[], Awaitable[object]]:
        return lambda: write(author, text, replyToId=posts[to], **more)

    history: list[Callable[[], Awaitable[object]]] = [
        lambda: write(ada, "for all"),
        lambda: write(ada, "for followers", visibility="FOLLOWERS"),
        lambda: write(ada, f"for @{dan.handle}", visibility="MENTIONED"),
        lambda: write(ada, "quiet", visibility="UNLISTED"),
        answer(ada, "a thread", "root"),
        answer(bob, "an answer", "root"),
        answer(ada, "to an answer", "an answer"),
        answer(cleo, "for few", "root", visibility="FOLLOWERS"),
        answer(eve, "under what few see", "root"),
        lambda: ada.do("RepostPost", postId=posts["other"]),
        lambda: ada.do("RepostPost", postId=posts["for all"]),
        lambda: ada.do("RepostPost", postId=posts["for followers"]),
        lambda: ada.do("UnrepostPost", postId=posts["for all"]),
        lambda: bob.do("LikePost", postId=posts["root"]),
        lambda: write(ada, "quoting", quotedPostId=posts["for followers"]),
        lambda: dan.do("BlockUser", userId=eve.id),
        answer(eve, "not for dan", "root"),
        lambda: eve.do("DeletePost", postId=posts["not for dan"]),
        answer(eve, "and then gone", "an answer"),
        lambda: write(eve, "under the tag alone"),
        lambda: cleo.do(MUTE, userId=eve.id),
        answer(eve, "by one whom cleo mutes", "for all"),
        lambda: ada.do("BlockUser", userId=cleo.id),
        answer(ada, "not for cleo", "root"),
        lambda: ada.do("UnrepostPost", postId=posts["other"]),
        lambda: ada.do("DeletePost", postId=posts["for all"]),
        lambda: ada.do(UNBLOCK, userId=cleo.id),
        lambda: cleo.do(UNMUTE, userId=eve.id),
        lambda: dan.do(UNBLOCK, userId=eve.id),
        answer(eve, "for dan again", "root"),
        lambda: write(ada, "at last"),
    ]
    before = groups.executions
    async with AsyncExitStack() as stack:
        pairs: list[Pair] = []
        for viewer in [*people, Person(town, "", "", None)]:
            for document, given in (
                (PAGE, {"id": ada.id}),
                (PAGE, {"id": eve.id}),
                (TAG, {"name": tag}),
                (TALK, {"id": posts["root"]}),
            ):
                together = await stack.enter_async_context(viewer.live(document, **given))
                async with alone(groups):
                    by_itself = await stack.enter_async_context(viewer.live(document, **given))
                pairs.append(Pair(f"{viewer.handle}: {document[:60]}", together, by_itself))
        for deed in history:
            await deed()
            await level(pairs)
    for pair in pairs:
        assert pair.heard[0] == pair.heard[1], pair.who
    told = [event for pair in pairs for event in pair.heard[0]]
    assert len(told) > 200, "there was something to compare"
    reasons = {
        e["edge"]["node"]["reason"]
        for e in told
        if e["__typename"] == "ReplyPublished" and "reason" in e["edge"]["node"]
    }
    assert reasons == {"BLOCKED"}
    assert any(e["__typename"] == "PostPublished" and e["edge"]["repostedBy"] for e in told)
    assert groups.executions > before


async def test_all_feeds_of_an_event_share_one_look(
    town: Town, running: Serving, groups: Groups, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A home, explore, the author's page and a hashtag, several viewers each: one statement for posts, people and state."""
    heard: list[str] = []

    async def fetch(sql: str, *arguments: object) -> Any:
        heard.append(sql)
        return await database.fetch(sql, *arguments)

    monkeypatch.setattr(outlook, "fetch", fetch)
    author = await town.person("ada")
    tag = f"t{author.handle}"
    async with AsyncExitStack() as stack:
        feeds = []
        for _ in range(3):
            reader = await town.person("bob")
            await reader.follow(author)
            for document, given in (
                ("HomeLive", {}),
                ("ExploreLive", {}),
                (PAGE, {"id": author.id}),
                (TAG, {"name": tag}),
            ):
                feeds.append(await stack.enter_async_context(reader.live(document, **given)))
        await settled(running, groups)
        heard.clear()
        before = groups.asides
        post = await author.write(f"Once #{tag}")
        for feed in feeds:
            assert (await feed.until("PostPublished"))["edge"]["node"]["id"] == post
        assert len(heard) == 3
        assert groups.asides == before


async def test_listeners_of_different_tags_are_one_group(town: Town, running: Serving, groups: Groups) -> None:
    async with AsyncExitStack() as stack:
        before = groups.group_count
        for number in range(5):
            await stack.enter_async_context(town.live(TAG, name=f"{before}tag{number}"))
        await settled(running, groups)
        assert groups.group_count == before + 1
