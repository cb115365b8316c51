"""Conversations: the chain above a post, the answers below it, and the holes in both."""

from __future__ import annotations

from typing import Any

from tests.people import Person, Town

THREAD = """query($id: ID!, $last: Int, $before: String, $first: Int, $after: String, $lastReplies: Int) { node(id: $id) { ... on Post {
  ancestors(last: $last, before: $before) { ...Page }
  replies(first: $first, after: $after, last: $lastReplies) { ...Page }
} } }
fragment Page on ConversationConnection {
  edges { cursor node { __typename ... on Post { id } ... on UnavailablePost { reason } } }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
}"""


def nodes(connection: dict[str, Any]) -> list[str]:
    """Ids of posts, reasons of holes."""
    return [edge["node"].get("id") or edge["node"]["reason"] for edge in connection["edges"]]


async def thread(reader: Person | Town, post: str, **page: Any) -> tuple[list[str], list[str]]:
    """What stands above a post and below it."""
    found = (await reader.ask(THREAD, id=post, **page))["node"]
    return nodes(found["ancestors"]), nodes(found["replies"])


async def chain(author: Person, length: int) -> list[str]:
    """Posts that answer each other."""
    posts = [await author.write("0")]
    for number in range(1, length):
        posts.append(await author.write(str(number), replyToId=posts[-1]))
    return posts


async def test_a_conversation_reads_from_top_to_bottom(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    first, second, third = await chain(ada, 3)
    answers = [await bob.write(str(number), replyToId=third) for number in range(3)]
    below = await ada.write("deeper", replyToId=answers[1])
    for reader in (ada, bob, town):
        assert await thread(reader, third) == ([first, second], answers)
        assert await thread(reader, below) == ([first, second, third, answers[1]], [])
        assert await thread(reader, first) == ([], [second]), "direct replies only"


async def test_a_chain_is_read_upwards_in_pages(town: Town) -> None:
    ada = await town.person("ada")
    posts = await chain(ada, 9)
    found: list[str] = []
    before = None
    while True:
        above = (await ada.ask(THREAD, id=posts[-1], last=3, before=before))["node"]["ancestors"]
        found = nodes(above) + found
        if not above["pageInfo"]["hasPreviousPage"]:
            break
        before = above["pageInfo"]["startCursor"]
    assert found == posts[:-1]


FROM_THE_TOP = """query($id: ID!, $first: Int, $after: String) { node(id: $id) { ... on Post {
  ancestors(first: $first, after: $after) { edges { node { ... on Post { id } } } pageInfo { hasNextPage endCursor } }
} } }"""


async def test_a_chain_is_read_downwards_in_pages(town: Town) -> None:
    ada = await town.person("ada")
    posts = await chain(ada, 9)
    found: list[str] = []
    after = None
    while True:
        above = (await ada.ask(FROM_THE_TOP, id=posts[-1], first=3, after=after))["node"]["ancestors"]
        found += nodes(above)
        after = above["pageInfo"]["endCursor"]
        if not above["pageInfo"]["hasNextPage"]:
            break
    assert found == posts[:-1]
    rest = (await ada.ask(FROM_THE_TOP, id=posts[-1], after=(await cursors(ada, posts[-1]))[5]))["node"]["ancestors"]
    assert nodes(rest) == posts[6:-1], "after a cursor alone, what follows it"


async def cursors(reader: Person, post: str) -> list[str]:
    """The cursors of the chain above a post."""
    above = (await reader.ask(THREAD, id=post))["node"]["ancestors"]
    return [edge["cursor"] for edge in above["edges"]]
    assert above["pageInfo"]["hasNextPage"] is True


async def test_answers_are_read_in_pages_both_ways(town: Town) -> None:
    ada = await town.person("ada")
    post = await ada.write("Ask me")
    answers = [await ada.write(str(number), replyToId=post) for number in range(7)]
    found: list[str] = []
    after = None
    while True:
        below = (await ada.ask(THREAD, id=post, first=3, after=after))["node"]["replies"]
        found += nodes(below)
        if not below["pageInfo"]["hasNextPage"]:
            break
        after = below["pageInfo"]["endCursor"]
    assert found == answers
    last = (await ada.ask(THREAD, id=post, lastReplies=2))["node"]["replies"]
    assert (nodes(last), last["pageInfo"]["hasPreviousPage"]) == (answers[-2:], True)


async def test_a_deleted_post_leaves_a_hole_above_and_below(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    first, second, third = await chain(ada, 3)
    await ada.do("DeletePost", postId=second)
    for reader in (ada, bob, town):
        assert await thread(reader, third) == ([first, "DELETED"], [])
        assert await thread(reader, first) == ([], ["DELETED"])


async def test_who_blocks_sees_the_hole_and_who_is_blocked_is_not_told(town: Town) -> None:
    ada, eve, bob = [await town.person(name) for name in ("ada", "eve", "bob")]
    first = await ada.write("Hello")
    second = await eve.write("Boo", replyToId=first)
    third = await bob.write("Don't", replyToId=second)
    await ada.do("BlockUser", userId=eve.id)
    assert await thread(ada, third) == ([first, "BLOCKED"], [])
    assert await thread(ada, first) == ([], ["BLOCKED"])
    assert await thread(eve, third) == (["NOT_VISIBLE", second], [])
    assert (await eve.ask(THREAD, id=first))["node"] is None
    assert await thread(bob, third) == await thread(town, third) == ([first, second], [])


async def test_what_is_not_for_the_reader_is_a_hole_above_and_nothing_below(town: Town) -> None:
    ada, bob, eve = [await town.person(name) for name in ("ada", "bob", "eve")]
    await bob.follow(ada)
    first = await ada.write("Hello")
    second = await ada.write("Only followers", replyToId=first, visibility="FOLLOWERS")
    third = await bob.write(f"@{eve.handle} look", replyToId=second)
    assert await thread(bob, third) == ([first, second], [])
    assert await thread(eve, third) == ([first, "NOT_VISIBLE"], [])
    assert await thread(eve, first) == ([], [])
    assert await thread(bob, first) == ([], [second])
    assert (await town.ask(THREAD, id=third))["node"] is None


async def test_a_direct_answer_of_one_who_is_blocked_leaves_no_trace(town: Town) -> None:
    """A hole would tell that there was a private word about the post."""
    ada, eve = await town.person("ada"), await town.person("eve")
    first = await eve.write("Hello")
    await eve.write("To nobody", replyToId=first, visibility="MENTIONED")
    watcher = await town.person("watcher")
    quiet = await watcher.write("Mine", replyToId=first)
    await ada.do("BlockUser", userId=watcher.id)
    assert await thread(ada, first) == ([], ["BLOCKED"])
    assert await thread(watcher, first) == ([], [quiet])


async def test_bad_pages_are_told(town: Town) -> None:
    ada = await town.person("ada")
    post = await ada.write("Hello")
    for page in (
        {"last": 0},
        {"last": 101},
        {"before": "x"},
        {"first": -1},
        {"after": ""},
        {"first": 1, "lastReplies": 1},
    ):
        answer = await ada.answer(THREAD, id=post, **page)
        (error,) = answer["errors"]
        assert error["extensions"]["code"] == "BAD_USER_INPUT"
        assert error["path"] == ["node", "ancestors" if {"last", "before"} & set(page) else "replies"]
