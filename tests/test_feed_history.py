"""State + events = fresh fetch, for a person's page, a hashtag and a conversation, signed in and signed out."""

from __future__ import annotations

import asyncio
import operator
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import node_id
from models.database import fetch
from models.event import Cursor
from resolvers import stream
from tests.people import Feed, Person, Town
from tests.test_live_history import PEOPLE, PHASES, Deed, Places, World

BEAT_SECONDS = 0.2
EVENTS = "__typename cursor ... on PostRemoved { postId } ... on Reset { reason }"
EDGE = "edge { node { id author { id } } repostedBy { id } }"
PAGE_LIVE = f"subscription($id: ID!, $after: String) {{ userTimeline(id: $id, after: $after) {{ {EVENTS} ... on PostPublished {{ {EDGE} }} }} }}"
TAG_LIVE = f"subscription($name: String!, $after: String) {{ hashtagTimeline(name: $name, after: $after) {{ {EVENTS} ... on PostPublished {{ {EDGE} }} ... on AuthorRemoved {{ userId }} }} }}"
NODE = "__typename ... on Post { id } ... on UnavailablePost { reason }"
TALK_LIVE = f"subscription($id: ID!, $after: String) {{ conversation(id: $id, after: $after) {{ {EVENTS} ... on ReplyPublished {{ replyToId edge {{ cursor node {{ {NODE} }} }} }} }} }}"
LIST = "posts(first: 100) { edges { node { id author { id } } repostedBy { id } } liveCursor }"
PAGE = f"query($handle: String!) {{ user(handle: $handle) {{ {LIST} }} }}"
TAG = f"query($name: String!) {{ hashtag(name: $name) {{ {LIST} }} }}"
TALK = f"query($id: ID!) {{ node(id: $id) {{ ... on Post {{ replies(first: 100) {{ edges {{ cursor node {{ {NODE} }} }} liveCursor }} }} }} }}"
HEAD = "{ exploreTimeline(first: 1) { liveCursor } }"


# What opens and closes these lists, more of it than happens in a home's history.
DEEDS = st.builds(
    Deed,
    st.sampled_from(
        ["write"] * 9
        + ["repost", "unrepost", "delete", "follow", "block", "edit", "audience"] * 3
        + ["unfollow", "unblock", "mute", "unmute"]
    ),
    st.sampled_from([0, 1, 1, *range(PEOPLE)]),
    st.integers(0, 12),
    st.sampled_from(["PUBLIC", "PUBLIC", "UNLISTED", "FOLLOWERS", "MENTIONED"]),
    st.booleans(),
    st.booleans(),
)
MOSTLY = st.sampled_from([True, True, True, False])
HISTORIES = st.lists(st.lists(DEEDS, min_size=6, max_size=12), min_size=PEOPLE, max_size=PEOPLE)


@dataclass
class Talkative(World):
    """A world in which everybody deletes only what is their own."""

    mine: dict[str, list[str]] = field(default_factory=dict)

    async def do(self, actor: Person, deed: Deed) -> str | None:
        own = self.mine.setdefault(actor.id, [])
        if deed.what == "delete":
            if own:
                await actor.do("DeletePost", postId=own.pop(deed.post % len(own)))
            return None
        written = await super().do(actor, deed)
        if written is not None:
            own.append(written)
        return written


@pytest.fixture(scope="module")
def quick_heart() -> Iterator[None]:
    """Heartbeats come soon: one says that everything up to its cursor has been told."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stream, "HEARTBEAT_SECONDS", BEAT_SECONDS)
        yield


def place(cursor: str) -> Cursor:
    """A cursor as a place in the log."""
    found = Cursor.parse(cursor)
    assert found is not None
    return found


async def listed(reader: Person | Town, document: str, **given: Any) -> tuple[dict[tuple[str, str | None], str], str]:
    """Who wrote each (post, reposter) of a page, and where to follow it from."""
    (data,) = (await reader.ask(document, **given)).values()
    edges = data["posts"]["edges"]
    assert len(edges) < 100, "the whole list is on the page"
    return {place_of(edge): edge["node"]["author"]["id"] for edge in edges}, data["posts"]["liveCursor"]


def place_of(edge: dict[str, Any]) -> tuple[str, str | None]:
    return edge["node"]["id"], edge["repostedBy"] and edge["repostedBy"]["id"]


async def hold_list(
    reader: Person | Town, feed: Feed, end: asyncio.Future[Cursor], document: str, **given: Any
) -> Places:
    """What a client holds of a list that applies every event up to the end."""
    held, _ = await listed(reader, document, **given)
    held = held if feed.first["__typename"] == "Reset" else {}
    while True:
        event = await feed.next(heartbeats=True)
        match event["__typename"]:
            case "PostPublished":
                held[place_of(event["edge"])] = event["edge"]["node"]["author"]["id"]
            case "PostRemoved":
                held = {where: author for where, author in held.items() if where[0] != event["postId"]}
            case "AuthorRemoved":
                held = {where: author for where, author in held.items() if author != event["userId"]}
            case "Reset":
                held, _ = await listed(reader, document, **given)
            case "LiveHeartbeat":
                if end.done() and place(event["cursor"]) >= end.result():
                    return set(held)


Answers = dict[tuple[str, str], str]  # parent and cursor of an edge → the post, or why it is not shown


async def answers(reader: Person | Town, world: World) -> tuple[Answers, set[str]]:
    """Every reply of the first post's conversation that can be fetched, and the posts under which that is so."""
    found: Answers = {}
    seen = set()
    root = node_id.number_of("post", world.posts[0])
    rows = await fetch("SELECT id FROM posts WHERE conversation_id = $1", root)
    for parent in [node_id.encode("post", row["id"]) for row in rows]:
        node = (await reader.ask(TALK, id=parent))["node"]
        if node is not None:
            seen.add(parent)
            for edge in node["replies"]["edges"]:
                found[parent, edge["cursor"]] = shown(edge)
    return found, seen


def shown(edge: dict[str, Any]) -> str:
    return str(edge["node"].get("id") or edge["node"]["reason"])


async def hold_talk(reader: Person | Town, feed: Feed, end: asyncio.Future[Cursor], world: World) -> Answers:
    """What a client holds of the conversation that applies every event up to the end."""
    held: Answers = {}
    while True:
        event = await feed.next(heartbeats=True)
        match event["__typename"]:
            case "ReplyPublished":
                held[event["replyToId"], event["edge"]["cursor"]] = shown(event["edge"])
            case "PostRemoved":
                held = {where: "DELETED" if what == event["postId"] else what for where, what in held.items()}
            case "Reset":
                held, _ = await answers(reader, world)
            case "LiveHeartbeat":
                if end.done() and place(event["cursor"]) >= end.result():
                    return held


@settings(
    max_examples=20,
    deadline=None,
    phases=PHASES,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)
@given(histories=HISTORIES, parallel=st.booleans(), signed_in=MOSTLY, late=MOSTLY.map(operator.not_))
async def test_every_open_list_is_a_fresh_fetch(
    town: Town, quick_heart: None, histories: list[list[Deed]], parallel: bool, signed_in: bool, late: bool
) -> None:
    people = [await town.person(name) for name in ("ada", "bob", "cleo", "dan")]
    host = await town.person("host")
    tag = f"T{host.handle}"
    world = Talkative(people, tag=f" #{tag}")
    world.posts.append(await host.write("The root"))
    reader: Person | Town = people[0] if signed_in else town
    owner = people[1]
    (_, page_from), (_, tag_from) = await listed(reader, PAGE, handle=owner.handle), await listed(reader, TAG, name=tag)
    talk_from = (await reader.ask(TALK, id=world.posts[0]))["node"]["replies"]["liveCursor"]

    async def live_through(actor: Person, deeds: list[Deed]) -> None:
        for deed in deeds:
            await world.do(actor, deed)

    async def history() -> None:
        if parallel:
            await asyncio.gather(*(live_through(*one) for one in zip(people, histories, strict=True)))
        else:
            for turn in zip_longest(*histories):
                for actor, deed in zip(people, turn, strict=True):
                    if deed is not None:
                        await world.do(actor, deed)

    if late:  # all of it is replayed then
        await history()
    end: asyncio.Future[Cursor] = asyncio.get_running_loop().create_future()
    async with (
        reader.live(PAGE_LIVE, id=owner.id, after=page_from) as page,
        reader.live(TAG_LIVE, name=tag.upper(), after=tag_from) as tagged,
        reader.live(TALK_LIVE, id=world.posts[0], after=talk_from) as talk,
        asyncio.TaskGroup() as group,
    ):
        of_page = group.create_task(hold_list(reader, page, end, PAGE, handle=owner.handle))
        of_tag = group.create_task(hold_list(reader, tagged, end, TAG, name=tag))
        of_talk = group.create_task(hold_talk(reader, talk, end, world))
        if not late:
            await history()
        end.set_result(place((await town.ask(HEAD))["exploreTimeline"]["liveCursor"]))
    assert of_page.result() == set((await listed(reader, PAGE, handle=owner.handle))[0])
    assert of_tag.result() == set((await listed(reader, TAG, name=tag))[0])
    fresh, seen = await answers(reader, world)
    assert {where: what for where, what in of_talk.result().items() if where[0] in seen} == fresh
