"""Home through the lists of a process = home from PostgreSQL, after any history, at every moment of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import card, glance, node_id, timeline
from models.event import Event, log_state, read_log
from models.timeline import Entry, Window
from realtime.hub import Hub
from resolvers import homes as lists
from resolvers.homes import HomePage, Homes
from tests.conftest import Serving
from tests.people import Person, Town
from tests.test_live_history import PEOPLE, PHASES, Deed, World

HISTORY = st.lists(
    st.tuples(
        st.builds(
            Deed,
            st.sampled_from(
                ["write"] * 8
                + ["repost", "unrepost", "delete", "follow", "audience", "edit"] * 3
                + ["unfollow", "block", "unblock", "mute", "unmute", "like", "unlike"]
                + ["repost", "unrepost", "delete", "follow"] * 3
                + ["unfollow", "block", "unblock", "mute", "unmute", "like", "unlike", "apart", "rejoin"]
            ),
            st.integers(0, PEOPLE - 1),
            st.integers(0, 12),
            st.sampled_from(["PUBLIC", "PUBLIC", "UNLISTED", "FOLLOWERS", "MENTIONED"]),
            st.booleans(),
            st.booleans(),
        ),
        st.integers(0, PEOPLE - 1),  # who does it
        st.booleans(),  # whether the hub has heard of it before the next look
    ),
    min_size=8,
    max_size=24,
)
WINDOWS = [Window(4), Window(50), Window(3, backward=True)]


def number(person: Person) -> int:
    """The number behind a person's id."""
    found = node_id.number_of("user", person.id)
    assert found is not None
    return found


async def level(hub: Hub) -> None:
    """The hub has heard of everything there is."""
    async with asyncio.timeout(60):
        await hub.reached((await log_state()).head)


def places(entries: Sequence[Entry]) -> list[tuple[int, int, int | None]]:
    """What stands where."""
    return [(entry.key, entry.post_id, entry.reposter_id) for entry in entries]


async def compare(homes: Homes, viewer_id: int, window: Window) -> HomePage:
    """The page of a window, which is what PostgreSQL says, and shows what is fetched anew."""
    page = await homes.page(viewer_id, window)
    fresh = await timeline.home(viewer_id, window)
    assert places(page.entries) == places(fresh.entries), window
    assert page.head <= fresh.head
    if page.cards is not None:
        people = {entry.reposter_id for entry in fresh.entries if entry.reposter_id is not None}
        wanted = await card.cards(viewer_id, [entry.post_id for entry in fresh.entries], people)
        for entry in page.entries:
            assert page.cards.posts[entry.post_id] == wanted.posts[entry.post_id]
            if entry.reposter_id is not None:
                assert page.cards.users[entry.reposter_id] == wanted.users[entry.reposter_id]
    return page


async def compare_all(homes: Homes, viewer_id: int) -> None:
    """Some windows of a home, at the top, at the end, and in between."""
    for window in WINDOWS:
        page = await compare(homes, viewer_id, window)
        if page.entries and not window.backward:
            key = page.entries[-1].key
            await compare(homes, viewer_id, Window(3, older_than=key))
            await compare(homes, viewer_id, Window(3, newer_than=key, backward=True))


@dataclass
class Ears:
    """What else hears the log in this process beside the application's own homes."""

    homes: list[Homes] = field(default_factory=list)


@pytest.fixture
def ears(running: Serving, monkeypatch: pytest.MonkeyPatch) -> Ears:
    """Further homes that hear the log as the application's do."""
    found = Ears()
    hub = running.application.state.house.hub
    prepare = hub.prepare

    async def heard(events: Sequence[Event]) -> None:
        await prepare(events)
        for homes in found.homes:
            homes.take(events)

    monkeypatch.setattr(hub, "prepare", heard)
    return found


async def opened(running: Serving, ears: Ears) -> Homes:
    """New homes that hear the log from here on."""
    hub = running.application.state.house.hub
    await level(hub)
    homes = Homes(100)
    homes.start(hub.position)
    ears.homes.append(homes)
    return homes


@settings(
    max_examples=8,
    deadline=None,
    phases=PHASES,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)
@given(history=HISTORY, small=st.booleans())
async def test_after_any_history_a_home_is_what_postgresql_says(
    town: Town, running: Serving, ears: Ears, history: list[tuple[Deed, int, bool]], small: bool
) -> None:
    people = [await town.person(name) for name in ("ada", "bob", "cleo", "dan")]
    await people[0].follow(*people[1:3])
    homes = await opened(running, ears)
    world = World(people)
    with pytest.MonkeyPatch.context() as patch:
        if small:  # lists that end soon, so that pages go beyond them
            patch.setattr(lists, "SPARE_ENTRIES", 0)
            patch.setattr("models.home.MOST_ENTRIES", 4)
        for deed, actor, heard in history:
            await world.do(people[actor], deed)
            if heard:
                await level(running.application.state.house.hub)
            await compare_all(homes, number(people[0]))
            await compare(homes, number(people[actor]), Window(6))
        await level(running.application.state.house.hub)
        for person in people:
            await compare_all(homes, number(person))
            await compare_all(homes, number(person))
    assert homes.tally["glanced"] > homes.tally["read"] or small, homes.tally
    ears.homes.remove(homes)


async def circle(town: Town) -> tuple[Person, Person, Person, str]:
    """A reader who follows one of two others, with a home to read."""
    reader, ada, bob = [await town.person(name) for name in ("reader", "ada", "bob")]
    await reader.follow(ada)
    await reader.write("Mine")
    return reader, ada, bob, await ada.write("Hers")


Step = tuple[str, str]
STEPS: list[Step] = [
    ("bob", "FollowUser"),
    ("ada", "write"),
    ("ada", "RepostPost"),
    ("ada", "UnrepostPost"),
    ("ada", "DeletePost"),
    ("reader", "write"),
    ("bob", "UnfollowUser"),
    ("ada", "BlockUser"),
]


async def step(reader: Person, ada: Person, bob: Person, posts: list[str], what: Step) -> None:
    """One thing that changes the reader's home."""
    who, deed = what
    actor, other = {"ada": (ada, ada), "bob": (reader, bob), "reader": (reader, ada)}[who]
    if deed == "write":
        posts.append(await actor.write("New"))
    elif deed in ("RepostPost", "UnrepostPost"):
        await actor.do(deed, postId=posts[1])
    elif deed == "DeletePost":
        await actor.do(deed, postId=posts[0])
    else:
        await actor.do(deed, userId=reader.id if deed == "BlockUser" else other.id)


@pytest.mark.parametrize("deaf", ["to the log", "to what is pending"])
async def test_without_what_keeps_them_true_homes_would_be_wrong(
    town: Town, running: Serving, ears: Ears, monkeypatch: pytest.MonkeyPatch, deaf: str
) -> None:
    """Each half is needed: a list that hears nothing is saved by the glance, and a glance that looks away lets it lie."""
    reader, ada, bob, post = await circle(town)
    posts = [post, await bob.write("His")]
    homes = await opened(running, ears)
    for _ in range(3):
        await compare(homes, number(reader), Window(9))
    assert homes.tally["glanced"] == 2
    if deaf == "to the log":
        ears.homes.remove(homes)
        for what in STEPS:
            await step(reader, ada, bob, posts, what)
            await compare(homes, number(reader), Window(9))
        return
    told = glance.SQL.replace("FROM log CROSS JOIN standing", "FROM log CROSS JOIN (SELECT true AS level) AS standing")
    assert told != glance.SQL
    monkeypatch.setattr(glance, "SQL", told)
    ears.homes.remove(homes)
    await ada.write("New")
    with pytest.raises(AssertionError):
        await compare(homes, number(reader), Window(9))


async def test_rules_that_change_while_a_page_is_looked_at_are_known_to_the_next(
    town: Town, running: Serving, ears: Ears, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hub hears of a follow between the glance that finds it pending and the reading anew."""
    reader, _, bob, _ = await circle(town)
    homes = await opened(running, ears)
    for _ in range(3):
        await compare(homes, number(reader), Window(9))
    ears.homes.remove(homes)  # it hears when it is told to

    async def hear() -> None:
        homes.take((await read_log(homes._place, 500))[0])

    async def slow(*given: Any) -> glance.Glance:
        found = await glance.glance(*given)
        await hear()
        return found

    monkeypatch.setattr(lists, "glance", slow)
    await reader.follow(bob)
    for _ in range(2):
        await compare(homes, number(reader), Window(9))
    await bob.write("His")
    await hear()
    await compare(homes, number(reader), Window(9))


async def test_a_profile_that_changes_is_new_in_the_next_home(town: Town, running: Serving) -> None:
    reader, ada, _, _ = await circle(town)
    update = "mutation($name: String!) { updateProfile(input: { displayName: $name }) { userErrors { code } } }"
    for name in ("One", "Two", "Three"):
        await ada.ask(update, name=name)
        for _ in range(2):
            edges = (await reader.home())["edges"]
            assert {e["node"]["author"]["displayName"] for e in edges if e["node"]["author"]["id"] == ada.id} == {name}


async def test_what_one_sees_another_does_not(town: Town) -> None:
    """Copies are shared, what depends on the viewer is not."""
    ada, bob, fan = [await town.person(name) for name in ("ada", "bob", "fan")]
    for one in (bob, fan):
        await one.follow(ada)
    await ada.follow(fan)
    secret = await ada.write(f"For @{fan.handle} alone", visibility="MENTIONED")
    post = await ada.write("For all", quotedPostId=await ada.write("Quoted"))
    await fan.do("LikePost", postId=post)
    for _ in range(3):
        seen: dict[str, dict[str, Any]] = {}
        for one in (ada, bob, fan):
            edges = (await one.home())["edges"]
            seen[one.handle] = {edge["node"]["id"]: edge["node"] for edge in edges}
        assert [secret in seen[one.handle] for one in (ada, bob, fan)] == [True, False, True]
        assert [seen[one.handle][post]["viewerHasLiked"] for one in (ada, bob, fan)] == [False, False, True]
        assert [seen[one.handle][post]["author"]["viewerIsFollowing"] for one in (ada, bob, fan)] == [False, True, True]
    await ada.do("DeletePost", postId=node_id.encode("post", node_id.number_of("post", secret) or 0))
    await ada.do("BlockUser", userId=bob.id)
    assert [len((await one.home())["edges"]) for one in (ada, bob, fan)] == [2, 0, 2]


async def test_lists_and_tape_are_bounded(
    town: Town, running: Serving, ears: Ears, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MOST_ON_TAPE", 3)
    reader, ada, _, _ = await circle(town)
    homes = await opened(running, ears)
    homes._most_readers = 2
    for one in (number(reader), number(ada), 1, 2):
        await homes.page(one, Window(5))
    assert list(homes._lists) == [1, 2]
    for _ in range(2):
        await compare(homes, number(reader), Window(5))
    for count in range(20):
        await ada.write(str(count))
    await level(running.application.state.house.hub)
    assert len(homes._tape) <= 6
    before = homes.tally["read"]
    await compare(homes, number(reader), Window(5))
    assert homes.tally["read"] == before + 1, "what the tape has forgotten is read anew"
    none = Homes(0)
    for _ in range(3):
        await compare(none, number(reader), Window(5))
    assert not none._lists
