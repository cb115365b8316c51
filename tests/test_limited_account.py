"""Accounts that moderators limited: in no list of strangers, told of to nobody who does not follow them, and else as before."""

from __future__ import annotations

from tests.chatting import GROUP, opened
from tests.chatting import OPEN as CHAT
from tests.feeds import made, posts
from tests.making import Brush
from tests.moderating import ACT, OPEN, REVERSE, act_about, actions, mine, staff
from tests.people import Person, Town
from tests.selection import mutation
from tests.telling import kinds
from tests.test_search import new_word
from tests.test_suggestion import SUGGEST

REMIX = mutation("requestRemix")
SEARCH = """subscription($text: String!) { searchTimeline(text: $text) { __typename cursor ... on AuthorRemoved { userId }
  ... on PostPublished { edge { node { id } } } } }"""

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


async def test_a_limited_account_is_offered_to_no_stranger_who_writes(town: Town) -> None:
    ada, fan, stranger, mod = [await town.person(name) for name in ("lim", "fan", "stranger")] + [await staff(town)]
    await fan.follow(ada)
    await act_about(mod, "LIMIT", userId=ada.id)

    async def suggested(who: Person, prefix: str) -> bool:
        return ada.id in {one["id"] for one in (await who.ask(SUGGEST, prefix=prefix))["viewer"]["userSuggestions"]}

    begun = ada.handle[:-1]
    assert [await suggested(who, begun) for who in (fan, stranger)] == [True, False]
    assert await suggested(stranger, ada.handle), "by the whole handle"


async def test_a_limited_account_asks_nothing_of_strangers(town: Town) -> None:
    ada, fan, stranger, mod = [await town.person(name) for name in ("ada", "fan", "stranger")] + [await staff(town)]
    await fan.follow(ada)
    brush = await Brush.new()
    pictures = {one.id: (await brush.post(one, remixPolicy="ASK"))[0] for one in (fan, stranger)}
    friend = await town.person("friend")
    known = await opened(ada, friend)
    await friend.do(mutation("unfollowUser"), userId=ada.id)
    await act_about(mod, "LIMIT", userId=ada.id)
    can = "query($id: ID!) { node(id: $id) { ... on User { viewerCanMessage } } }"
    for one, welcome in ((fan, True), (stranger, False), (friend, True)):
        assert (await ada.ask(can, id=one.id))["node"]["viewerCanMessage"] is welcome
    assert await ada.refusal(CHAT, userId=stranger.id) == ("FORBIDDEN", ["userId"])
    assert (await ada.attempt(GROUP, name="x", userIds=[stranger.id]))["userErrors"][0]["code"] == "FORBIDDEN"
    assert (await ada.do(CHAT, userId=friend.id))["chat"]["id"] == known
    await ada.do(CHAT, userId=fan.id)
    assert await ada.refusal(REMIX, postId=pictures[stranger.id]) == ("FORBIDDEN", ["postId"])
    await ada.do(REMIX, postId=pictures[fan.id])
    board = (await ada.do(mutation("createBoard"), name="Look at this", audience="SHARED"))["board"]["id"]
    share = mutation("shareBoard")
    assert await ada.refusal(share, boardId=board, userId=stranger.id) == ("FORBIDDEN", ["userId"])
    await ada.do(share, boardId=board, userId=fan.id)
    await stranger.do(CHAT, userId=ada.id)
    await ada.do(CHAT, userId=stranger.id)


async def test_a_followers_live_search_goes_on_finding_a_limited_account(town: Town) -> None:
    ada, fan, stranger, mod = [await town.person(name) for name in ("ada", "fan", "stranger")] + [await staff(town)]
    await fan.follow(ada)
    tag = new_word()
    await ada.write(f"{tag} before")
    async with (
        fan.live(SEARCH, text=tag) as following,
        ada.live(SEARCH, text=tag) as own,
        stranger.live(SEARCH, text=tag) as strange,
    ):
        limit = await act_about(mod, "LIMIT", userId=ada.id)
        assert (await following.next())["__typename"] == "Reset", "a search of theirs finds what it found"
        assert (await own.next())["__typename"] == "Reset"
        assert (await strange.next())["userId"] == ada.id
        later = await ada.write(f"{tag} later")
        for feed in (following, own):
            assert (await feed.next())["edge"]["node"]["id"] == later
        await mod.do(REVERSE, actionId=limit)
        assert (await strange.next())["__typename"] == "Reset"


async def test_what_was_ranked_before_leaves_a_strangers_feed(town: Town) -> None:
    ada, fan, stranger, mod = [await town.person(name) for name in ("ada", "fan", "stranger")] + [await staff(town)]
    await fan.follow(ada)
    tag = new_word()
    post = await ada.write(f"#{tag}")
    feed = await made(fan, {"hashtag": tag}, order="RANKED")
    for one in (fan, stranger):
        assert await posts(one, feed) == [post]
    await act_about(mod, "LIMIT", userId=ada.id)
    assert [await posts(one, feed) for one in (fan, stranger)] == [[post], []], "the order is kept for a while"
