"""Polls: one vote each, exact counts, results shown when they may be, an end by the clock that is told once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from models import node_id, standing
from models.counter import POLLS, fold
from models.database import fetch, fetch_value
from models.recount import recount
from models.transaction import transaction
from tests.people import Person, Town
from tests.test_edit import EDIT
from work.poll import end_polls

POLL = """poll { id multiple hidesResults hasEnded endsAt voterCount viewerChoices viewerCanVote options { index text voteCount } }"""
POST = f"query($id: ID!) {{ node(id: $id) {{ id ... on Post {{ version {POLL} }} }} }}"
VOTE = f"mutation($input: VotePollInput!) {{ votePoll(input: $input) {{ post {{ id version {POLL} }} userErrors {{ code path }} }} }}"
LIVE = f"""subscription($ids: [ID!]!, $after: String) {{ postsChanged(ids: $ids, after: $after) {{ __typename cursor
    ... on PostChanged {{ post {{ id version {POLL} }} }} }} }}"""
HOME = f"query {{ viewer {{ homeTimeline {{ edges {{ node {{ id {POLL} }} }} }} }} }}"
DRAFT: dict[str, Any] = {"options": ["Tea", "Coffee", "Water"], "minutes": 60}


async def poll_of(reader: Person | Town, post: str) -> dict[str, Any]:
    """The poll of a post as this reader sees it."""
    found: dict[str, Any] = (await reader.ask(POST, id=post))["node"]["poll"]
    return found


def counts(poll: dict[str, Any]) -> list[int | None]:
    """How often each answer was chosen."""
    return [option["voteCount"] for option in poll["options"]]


async def ask(author: Person, **more: Any) -> tuple[str, str]:
    """A post with a poll; the ids of both."""
    post = await author.write("Which?", poll={**DRAFT, **more})
    return post, (await poll_of(author, post))["id"]


async def over(post: str) -> None:
    """The time of a post's poll is over."""
    await fetch(
        "UPDATE polls SET ends_at = now() - interval '1 second' WHERE post_id = $1", node_id.number_of("post", post)
    )


async def test_a_vote_is_cast_once_and_seen_by_all_but_not_whose_it_was(town: Town) -> None:
    ada, bob, cyd = [await town.person(name) for name in ("ada", "bob", "cyd")]
    post, poll = await ask(ada)
    seen = await poll_of(bob, post)
    assert (counts(seen), seen["viewerCanVote"], seen["viewerChoices"]) == ([0, 0, 0], True, [])
    done = (await bob.do(VOTE, pollId=poll, choices=[1]))["post"]["poll"]
    assert (counts(done), done["viewerChoices"], done["viewerCanVote"], done["voterCount"]) == (
        [0, 1, 0],
        [1],
        False,
        1,
    )
    await bob.do(VOTE, pollId=poll, choices=[1])
    assert await bob.refusal(VOTE, pollId=poll, choices=[0]) == ("CONFLICT", ["choices"])
    assert await ada.refusal(VOTE, pollId=poll, choices=[0]) == ("FORBIDDEN", ["pollId"])
    assert await Person(town, "", "", None).refusal(VOTE, pollId=poll, choices=[0]) == ("UNAUTHENTICATED", None)
    for reader in (ada, cyd, town):
        found = await poll_of(reader, post)
        assert (counts(found), found["voterCount"], found["viewerChoices"]) == ([0, 1, 0], 1, [])
    assert not (await poll_of(town, post))["viewerCanVote"]
    actors = await fetch(
        "SELECT 1 FROM events WHERE post_id = $1 AND actor_id = $2",
        node_id.number_of("post", post),
        node_id.number_of("user", bob.id),
    )
    assert not actors
    assert (await town.ask("query($id: ID!) { node(id: $id) { id ... on Poll { voterCount } } }", id=poll))["node"] == {
        "id": poll,
        "voterCount": 1,
    }


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"options": ["Only"]}, ["poll", "options"]),
        ({"options": list("abcde")}, ["poll", "options"]),
        ({"options": ["a", " "]}, ["poll", "options", "1"]),
        ({"options": ["a", "x" * 51]}, ["poll", "options", "1"]),
        ({"options": ["Same", "same "]}, ["poll", "options", "1"]),
        ({"minutes": 4}, ["poll", "minutes"]),
        ({"minutes": 10_081}, ["poll", "minutes"]),
    ],
)
async def test_polls_are_bounded(town: Town, more: dict[str, Any], path: list[str]) -> None:
    ada = await town.person("ada")
    assert await ada.refusal("CreatePost", text="Which?", poll={**DRAFT, **more}) == ("BAD_USER_INPUT", path)
    assert await ada.refusal("CreatePost", text="", poll=DRAFT) == ("BAD_USER_INPUT", ["text"])


async def test_choices_are_answers_of_the_poll(town: Town) -> None:
    ada, bob, eve = [await town.person(name) for name in ("ada", "bob", "eve")]
    _, single = await ask(ada)
    several_in, several = await ask(ada, multiple=True)
    for choices in ([], [3], [-1], [0, 0], [0, 1]):
        assert await bob.refusal(VOTE, pollId=single, choices=choices) == ("BAD_USER_INPUT", ["choices"])
    await bob.do(VOTE, pollId=several, choices=[2, 0])
    found = await poll_of(bob, several_in)
    assert (counts(found), found["voterCount"], found["viewerChoices"]) == ([1, 0, 1], 1, [0, 2])
    hidden = await ada.write("For few", visibility="FOLLOWERS", poll=DRAFT)
    poll = (await poll_of(ada, hidden))["id"]
    assert await eve.refusal(VOTE, pollId=poll, choices=[0]) == ("NOT_FOUND", ["pollId"])
    assert (await eve.ask("query($id: ID!) { node(id: $id) { id } }", id=poll))["node"] is None
    assert await eve.refusal(VOTE, pollId="garbage", choices=[0]) == ("NOT_FOUND", ["pollId"])


async def test_hidden_results_show_after_one_s_vote_to_the_author_and_at_the_end(town: Town) -> None:
    ada, bob, cyd = [await town.person(name) for name in ("ada", "bob", "cyd")]
    post, poll = await ask(ada, hidesResults=True)
    await cyd.follow(ada)
    hidden, shown = [None] * 3, [1, 0, 0]
    assert counts((await bob.do(VOTE, pollId=poll, choices=[0]))["post"]["poll"]) == shown
    assert [counts(await poll_of(reader, post)) for reader in (ada, bob, cyd, town)] == [shown, shown, hidden, hidden]
    for _ in range(2):  # the second is out of what the process holds
        assert counts((await cyd.ask(HOME))["viewer"]["homeTimeline"]["edges"][0]["node"]["poll"]) == hidden
    await over(post)
    found = (await cyd.ask(HOME))["viewer"]["homeTimeline"]["edges"][0]["node"]["poll"]
    assert (counts(found), found["hasEnded"], found["viewerCanVote"]) == (shown, True, False)
    assert await cyd.refusal(VOTE, pollId=poll, choices=[0]) == ("CONFLICT", ["pollId"])


async def test_fifty_votes_at_once_are_fifty(town: Town) -> None:
    ada = await town.person("ada")
    post, poll = await ask(ada)
    voters = await asyncio.gather(*(town.person("voter") for _ in range(10)))
    tries = [(voter, choice) for voter in voters for choice in (0, 1, 2, 0, 1)]
    done = await asyncio.gather(*(voter.attempt(VOTE, pollId=poll, choices=[choice]) for voter, choice in tries))
    assert {error["code"] for one in done for error in one["userErrors"]} == {"CONFLICT"}
    before = await poll_of(town, post)
    chosen = [
        row["choices"][0] for row in await fetch("SELECT choices FROM poll_votes WHERE poll_id = $1", number(poll))
    ]
    assert (before["voterCount"], counts(before)) == (10, [chosen.count(index) for index in range(3)])
    await fold(POLLS)
    assert await poll_of(town, post) == before


def number(poll: str) -> int:
    """The number in a poll's id."""
    found = node_id.number_of("poll", poll)
    assert found is not None
    return found


async def test_votes_are_told_live_as_absolute_values_to_each_as_they_may_see(town: Town) -> None:
    ada, bob, cyd = [await town.person(name) for name in ("ada", "bob", "cyd")]
    post, poll = await ask(ada, hidesResults=True)
    async with (
        ada.live(LIVE, ids=[post]) as hers,
        cyd.live(LIVE, ids=[post]) as theirs,
        town.live(LIVE, ids=[post]) as out,
    ):
        await bob.do(VOTE, pollId=poll, choices=[2])
        for feed, reader in ((hers, ada), (theirs, cyd), (out, town)):
            told = await feed.until("PostChanged")
            assert told["post"] == (await reader.ask(POST, id=post))["node"]
        await cyd.do(VOTE, pollId=poll, choices=[0])
        assert counts((await theirs.until("PostChanged"))["post"]["poll"]) == [1, 0, 1]
        assert counts((await out.until("PostChanged"))["post"]["poll"]) == [None] * 3
        while await end_polls():
            pass  # those of other tests
        await over(post)
        assert await asyncio.gather(*(end_polls() for _ in range(3))) == [False] * 3
        for feed, reader in ((theirs, cyd), (out, town)):
            told = await feed.until("PostChanged")
            assert told["post"]["poll"]["hasEnded"]
            assert told["post"] == (await reader.ask(POST, id=post))["node"]
    ends = "SELECT count(*) FROM events WHERE kind = 'poll_ended' AND post_id = $1"
    assert await fetch_value(ends, node_id.number_of("post", post)) == 1


async def test_edited_answers_are_another_poll_without_votes(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    post, poll = await ask(ada)
    await bob.do(VOTE, pollId=poll, choices=[0])
    await ada.do(EDIT, postId=post, text="Which one?")
    await ada.do(EDIT, postId=post, poll={**DRAFT, "hidesResults": True})
    kept = await poll_of(bob, post)
    assert (kept["id"], counts(kept), kept["hidesResults"]) == (poll, [1, 0, 0], True)
    await ada.do(EDIT, postId=post, poll={"options": ["Tea", "Juice"], "minutes": 5})
    new = await poll_of(bob, post)
    assert new["id"] != poll
    assert (counts(new), new["voterCount"], new["viewerCanVote"], new["viewerChoices"]) == ([0, 0], 0, True, [])
    assert await bob.refusal(VOTE, pollId=poll, choices=[0]) == ("NOT_FOUND", ["pollId"])
    await bob.do(VOTE, pollId=new["id"], choices=[1])
    await ada.do("DeletePost", postId=post)
    assert not await fetch("SELECT 1 FROM polls WHERE post_id = $1", node_id.number_of("post", post))


async def test_votes_of_whoever_is_gone_count_nowhere_and_come_back(town: Town) -> None:
    ada, bob, cyd = [await town.person(name) for name in ("ada", "bob", "cyd")]
    post, poll = await ask(ada, multiple=True)
    await bob.do(VOTE, pollId=poll, choices=[0, 2])
    await cyd.do(VOTE, pollId=poll, choices=[2])
    before = await poll_of(ada, post)
    version = (await ada.ask(POST, id=post))["node"]["version"]
    async with ada.live(LIVE, ids=[post]) as feed:
        async with transaction():
            await standing.suspend(node_id.number_of("user", bob.id) or 0)
        told = (await feed.until("PostChanged"))["post"]
        assert (counts(told["poll"]), told["poll"]["voterCount"]) == ([0, 0, 1], 1)
        assert told["version"] > version
    await fold(POLLS)
    assert counts(await poll_of(cyd, post)) == [0, 0, 1]
    async with transaction():
        await standing.restore(node_id.number_of("user", bob.id) or 0)
    assert await poll_of(ada, post) == before
    assert await recount(POLLS, [number(poll)]) == []
    await fetch("UPDATE poll_counts SET second = second + 4 WHERE subject_id = $1", number(poll))
    assert [one.column for one in await recount(POLLS, [number(poll)], mend=True)] == ["second"]
    assert await poll_of(ada, post) == before
