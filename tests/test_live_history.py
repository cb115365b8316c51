"""State + events = fresh fetch: after any history, in parallel too, what a client holds is what it would fetch anew."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.people import Feed, Person, Town
from tests.selection import mutation

PEOPLE = 4
VISIBILITIES = ("PUBLIC", "UNLISTED", "FOLLOWERS", "MENTIONED")
UNBLOCK = "mutation($input: UnblockUserInput!) { unblockUser(input: $input) { userErrors { code } } }"
MUTE = "mutation($input: MuteUserInput!) { muteUser(input: $input) { userErrors { code } } }"
UNMUTE = "mutation($input: UnmuteUserInput!) { unmuteUser(input: $input) { userErrors { code } } }"
EDIT = "mutation($input: EditPostInput!) { editPost(input: $input) { userErrors { code } } }"
AUDIENCE = """mutation($input: UpdatePostVisibilityInput!) { updatePostVisibility(input: $input) {
    userErrors { code } } }"""
ABOUT_PEOPLE = {
    "follow": "FollowUser",
    "unfollow": "UnfollowUser",
    "block": "BlockUser",
    "unblock": UNBLOCK,
    "mute": MUTE,
    "unmute": UNMUTE,
}
ABOUT_POSTS = {
    "repost": "RepostPost",
    "unrepost": "UnrepostPost",
    "delete": "DeletePost",
    "like": "LikePost",
    "unlike": "UnlikePost",
}


@dataclass(frozen=True)
class Deed:
    """One thing somebody does: to a person, to a post, or writing one (mentioning a person, answering a post)."""

    what: str
    person: int
    post: int
    visibility: str
    mentions: bool
    answers: bool


DEEDS = st.builds(
    Deed,
    st.sampled_from(
        ["write"] * 8
        + ["repost"] * 5
        + ["follow"] * 4
        + ["audience"] * 4
        + ["edit"] * 3
        + [*ABOUT_PEOPLE, *ABOUT_POSTS, "apart", "rejoin"]
    ),
    st.integers(0, PEOPLE - 1),
    st.integers(0, 30),
    st.sampled_from(VISIBILITIES),
    st.booleans(),
    st.booleans(),
)
# Each example is a conversation of seconds: what fails is reported as it is, not shrunk.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
HISTORIES = st.lists(st.lists(DEEDS, min_size=2, max_size=10), min_size=PEOPLE, max_size=PEOPLE)


@dataclass
class World:
    """The people of one history and every post there ever was in it."""

    people: Sequence[Person]
    posts: list[str] = field(default_factory=list)
    tag: str = ""
    lists: dict[str, str] = field(default_factory=dict)

    @property
    def the_end(self) -> str:
        """What the last post of this history says, and no other."""
        return f"The end of {self.people[0].handle}"

    async def do(self, actor: Person, deed: Deed) -> str | None:
        """Do it; a refusal (blocked, gone, not allowed) is as good as an end. The id of what was written."""
        other = self.people[deed.person]
        if deed.what in ABOUT_PEOPLE:
            await actor.attempt(ABOUT_PEOPLE[deed.what], userId=other.id)
        elif deed.what in ("apart", "rejoin"):
            await self._set_apart(actor, other, "addToList" if deed.what == "apart" else "removeFromList")
        elif deed.what == "write":
            text = (f"Hello @{other.handle}" if deed.mentions else "Hello") + self.tag
            given: dict[str, Any] = {"text": text, "visibility": deed.visibility}
            if deed.answers and self.posts:
                given["replyToId"] = self.posts[deed.post % len(self.posts)]
            payload = await actor.attempt("CreatePost", **given)
            if payload["post"]:
                self.posts.append(payload["post"]["id"])
                return self.posts[-1]
        elif self.posts and deed.what in ("edit", "audience"):
            given = {"postId": self.posts[deed.post % len(self.posts)]}
            if deed.what == "audience":
                await actor.attempt(AUDIENCE, **given, visibility=deed.visibility)
            else:
                await actor.attempt(EDIT, **given, text=(f"Hi @{other.handle}" if deed.mentions else "Hi") + self.tag)
        elif self.posts:
            await actor.attempt(ABOUT_POSTS[deed.what], postId=self.posts[deed.post % len(self.posts)])
        return None

    async def _set_apart(self, actor: Person, other: Person, verb: str) -> None:
        """Put somebody on an exclusive list of the actor's, or take them off it."""
        if actor.handle not in self.lists:
            made = await actor.do(mutation("createList", 1), name="Apart", isExclusive=True)
            self.lists[actor.handle] = made["list"]["id"]
        await actor.attempt(mutation(verb, 0), userListId=self.lists[actor.handle], userId=other.id)


Places = set[tuple[str, str | None]]


async def hold_home(reader: Person, feed: Feed, world: World, held: Places) -> Places:
    """What a client holds that applies every event to its home until the last post has come."""
    while True:
        event = await feed.next()
        kind = event["__typename"]
        if kind == "PostPublished":
            edge = event["edge"]
            held.add((edge["node"]["id"], edge["repostedBy"] and edge["repostedBy"]["id"]))
            if edge["node"]["text"] == world.the_end:
                return held
        elif kind == "PostRemoved":
            held = {place for place in held if place[0] != event["postId"]}
        elif kind == "Reset":
            newest = (await reader.home(first=1))["edges"]
            held = await reader.home_set()
            if newest and newest[0]["node"]["text"] == world.the_end:
                return held
        else:
            raise AssertionError(event)


async def explored(reader: Person, world: World) -> set[str]:
    """The posts of this history that stand in explore."""
    edges = (await reader.ask("Explore", first=100))["exploreTimeline"]["edges"]
    return {edge["node"]["id"] for edge in edges} & set(world.posts)


async def hold_explore(reader: Person, feed: Feed, world: World) -> set[str]:
    """The same for explore; authors are remembered, since everything of one may leave at once."""
    held: dict[str, str] = {}
    while True:
        event = await feed.next()
        kind = event["__typename"]
        if kind == "PostPublished":
            held[event["edge"]["node"]["id"]] = event["edge"]["node"]["author"]["id"]
            if event["edge"]["node"]["text"] == world.the_end:
                return set(held)
        elif kind == "PostRemoved":
            held.pop(event["postId"], None)
        elif kind == "AuthorRemoved":
            held = {post: author for post, author in held.items() if author != event["userId"]}
        elif kind == "Reset":
            edges = (await reader.ask("Explore", first=100))["exploreTimeline"]["edges"]
            held = {edge["node"]["id"]: edge["node"]["author"]["id"] for edge in edges}
            if edges and edges[0]["node"]["text"] == world.the_end:
                return set(held)
        else:
            raise AssertionError(event)


EXPLORE_WITH_AUTHORS = """subscription { exploreTimeline { __typename cursor
    ... on PostPublished { edge { node { id text author { id } } } } ... on PostRemoved { postId }
    ... on AuthorRemoved { userId } ... on Reset { reason } } }"""


@settings(
    max_examples=25,
    deadline=None,
    phases=PHASES,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(histories=HISTORIES, parallel=st.booleans())
async def test_a_page_and_its_events_are_a_fresh_fetch(town: Town, histories: list[list[Deed]], parallel: bool) -> None:
    people = [await town.person(name) for name in ("ada", "bob", "cleo", "dan")]
    world, reader = World(people), people[0]
    for other in people[1:3]:
        await reader.follow(other)
    page = await reader.home(first=100)
    async with (
        reader.live("HomeLive", after=page["liveCursor"]) as home,
        reader.live(EXPLORE_WITH_AUTHORS) as explore,
        asyncio.TaskGroup() as group,
    ):
        at_home = group.create_task(hold_home(reader, home, world, await reader.home_set()))
        outside = group.create_task(hold_explore(reader, explore, world))

        async def live_through(actor: Person, deeds: list[Deed]) -> None:
            for deed in deeds:
                await world.do(actor, deed)

        if parallel:
            await asyncio.gather(*(live_through(*one) for one in zip(people, histories, strict=True)))
        else:
            for actor, deeds in zip(people, histories, strict=True):
                await live_through(actor, deeds)
        world.posts.append(await reader.write(world.the_end))
        held, seen = await at_home, await outside
    assert held == await reader.home_set()
    assert seen & set(world.posts) == await explored(reader, world)


@settings(max_examples=10, deadline=None, phases=PHASES, suppress_health_check=[HealthCheck.too_slow])
@given(
    deeds=st.lists(st.tuples(st.integers(1, 3), st.sampled_from(sorted(ABOUT_POSTS)), st.integers(0, 2)), max_size=25)
)
async def test_posts_on_screen_follow_what_happens_to_them(town: Town, deeds: list[tuple[int, str, int]]) -> None:
    people = [await town.person(name) for name in ("ada", "bob", "cleo", "dan")]
    posts = [await people[0].write(f"Post {number}") for number in range(3)]
    shown: dict[str, tuple[int, int, int]] = {}
    async with people[1].live("PostsLive", ids=posts) as feed:
        for actor, what, post in deeds:
            if what != "delete":
                await people[actor].attempt(ABOUT_POSTS[what], postId=posts[post])
        await people[0].do("DeletePost", postId=posts[2])
        while True:
            event = await feed.next()
            if event["__typename"] == "PostRemoved":
                break
            post = event["post"]
            assert post["version"] > shown.get(post["id"], (0, 0, 0))[0]
            shown[post["id"]] = (post["version"], post["likeCount"], post["repostCount"])
    for number in posts[:2]:
        node = (await people[1].ask("Conversation", id=number))["node"]
        assert shown.get(number, (1, 0, 0)) == (node["version"], node["likeCount"], node["repostCount"])
