"""Accounts that moderators limited: in no list of strangers, told of to nobody who does not follow them, and else as before."""

from __future__ import annotations

from tests.moderating import ACT, OPEN, REVERSE, act_about, actions, mine, staff
from tests.people import Person, Town
from tests.selection import mutation
from tests.telling import kinds
from tests.test_search import new_word

NODE = "query($id: ID!) { node(id: $id) { id } }"
LISTS = """query($tag: String!, $text: String!) { exploreTimeline(first: 50) { edges { node { id } } }
  hashtag(name: $tag) { posts(first: 10) { edges { node { id } } } }
  search(text: $text) { posts(first: 10) { edges { node { id } } } people(first: 10) { edges { node { id } } } } }"""
PEOPLE = "query($text: String!) { search(text: $text) { people(first: 10) { edges { node { id } } } } }"
EXPLORE = "subscription { exploreTimeline { __typename cursor ... on AuthorRemoved { userId } ... on PostPublished { edge { node { id } } } } }"
HOME = "subscription { homeTimeline { __typename cursor ... on PostPublished { edge { node { id } } } } }"


async def lists(who: Person | Town, tag: str, post: str, person: Person) -> list[bool]:
    """Whether a post stands in explore, under its hashtag and in a search, and its author in a search for their name."""
    found = await who.ask(LISTS, tag=tag, text=tag)
    posts = (found["exploreTimeline"], found["hashtag"]["posts"], found["search"]["posts"])
    people = await who.ask(PEOPLE, text=f"{tag} named")
    return [post in {edge["node"]["id"] for edge in each["edges"]} for each in posts] + [
        person.id in {edge["node"]["id"] for edge in people["search"]["people"]["edges"]}
    ]


async def test_a_limited_account_is_in_no_list_of_strangers_and_comes_back(town: Town) -> None:
    ada, fan, stranger, mod = [await town.person(name) for name in ("ada", "fan", "stranger")] + [await staff(town)]
    await fan.follow(ada)
    tag = new_word()
    await ada.do(mutation("updateProfile"), displayName=f"{tag} named")
    post = await ada.write(f"#{tag} before")
    for who in (fan, stranger, ada, town):
        assert await lists(who, tag, post, ada) == [True] * 4
    async with stranger.live(EXPLORE) as exploring, fan.live(HOME) as at_home:
        limit = await act_about(mod, "LIMIT", userId=ada.id)
        assert (await exploring.until("AuthorRemoved"))["userId"] == ada.id
        await at_home.until("Reset")
        later = await ada.write(f"#{tag} later")
        open_ = await mod.write(f"#{tag} by another")
        assert (await at_home.until("PostPublished"))["edge"]["node"]["id"] == later
        assert (await exploring.until("PostPublished"))["edge"]["node"]["id"] == open_
        for who in (stranger, town):
            assert await lists(who, tag, post, ada) == [False] * 4
        assert await lists(fan, tag, post, ada) == [False, False, True, True], "followers find what they follow"
        assert (await stranger.ask(PEOPLE, text=ada.handle))["search"]["people"]["edges"], "by the whole handle"
        for who in (fan, stranger, town):
            assert (await who.ask(NODE, id=post))["node"]
            assert (await who.ask(NODE, id=ada.id))["node"]
        assert post in {one for one, _ in await fan.home_set()}
        assert (await mine(ada))["strikes"] == 1
        assert [one["kind"] for one in await actions(ada)] == ["LIMIT"]
        again = (await mod.do(OPEN, userId=ada.id))["case"]["id"]
        assert await mod.refusal(ACT, caseId=again, kind="LIMIT", rule="SPAM") == ("CONFLICT", ["kind"])
        await mod.do(REVERSE, actionId=limit)
        await exploring.until("Reset")
    for who in (fan, stranger, town):
        assert await lists(who, tag, post, ada) == [True] * 4
    assert (await mine(ada))["strikes"] == 0


async def test_strangers_are_told_of_nothing_that_a_limited_account_does(town: Town) -> None:
    ada, fan, stranger, mod = [await town.person(name) for name in ("ada", "fan", "stranger")] + [await staff(town)]
    await fan.follow(ada)
    posts = {one.id: await one.write("Mine") for one in (fan, stranger)}
    await act_about(mod, "LIMIT", userId=ada.id)
    for one in (fan, stranger):
        await ada.do("LikePost", postId=posts[one.id])
        await ada.write("An answer", replyToId=posts[one.id])
        await ada.write(f"@{one.handle} hello")
    await ada.follow(stranger)
    assert await kinds(stranger) == []
    assert await kinds(fan) == ["MENTION", "REPLY", "LIKE"]
    await stranger.follow(ada)
    await ada.write(f"@{stranger.handle} now?")
    assert await kinds(stranger) == ["MENTION"]
