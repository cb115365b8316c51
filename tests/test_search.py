"""Searching: what words and operators find, for whom, and what nobody finds out by it."""

from __future__ import annotations

import itertools
import os
from typing import Any

import pytest

from discovery import hashtag_search
from models import counter, node_id, standing
from models.transaction import transaction
from tests.making import Brush
from tests.people import Person, Refused, Town
from tests.selection import MUTE, mutation
from tests.test_wish import picture

FIND = """query($text: String!, $first: Int, $after: String, $last: Int, $before: String) { search(text: $text) {
  problem { code offset length message }
  posts(first: $first, after: $after, last: $last, before: $before) { edges { cursor node { id } } liveCursor
    pageInfo { hasNextPage hasPreviousPage endCursor startCursor } } } }"""
PICTURES = "query($text: String!) { search(text: $text) { pictures { edges { node { id } } } } }"
PEOPLE = """query($text: String!, $first: Int, $after: String) { search(text: $text) { people(first: $first, after: $after) {
  edges { cursor node { handle } } pageInfo { hasNextPage endCursor } } } }"""
TAGS = "query($text: String!) { search(text: $text) { hashtags { edges { node { name } postCount } } } }"
_numbers = itertools.count(os.getpid() * 1_000)


def new_word() -> str:
    """A word that nobody used before."""
    return f"zyx{next(_numbers)}q"


async def found(reader: Person | Town, text: str, **page: Any) -> list[str]:
    """The posts that a text finds, which must be understood."""
    answer = (await reader.ask(FIND, text=text, **page))["search"]
    assert answer["problem"] is None
    return [edge["node"]["id"] for edge in answer["posts"]["edges"]]


async def names(reader: Person | Town, text: str) -> list[str]:
    """The handles of the people that a text finds."""
    return [edge["node"]["handle"] for edge in (await reader.ask(PEOPLE, text=text))["search"]["people"]["edges"]]


async def test_words_are_found_in_any_form_order_and_script(town: Town) -> None:
    ada = await town.person("ada")
    mark = new_word()
    english = await ada.write(f"{mark} The foxes are RUNNING over the café's roof")
    french = await ada.write(f"{mark} Les chevaux sont dans la forêt")
    japanese = await ada.write(f"{mark} 夕焼けの海")
    assert await found(town, mark) == [japanese, french, english]
    for text in (
        "fox",
        "run roof",
        "CAFE",
        '"over the cafe"',
        "roo*",
        "roof fox",
        "(run OR walk)",
        "(fox OR cat) roof",
        "-cheval fox",
    ):
        assert await found(town, f"{mark} {text}") == [english], text
    for text in ("forets", "forêt", "lang:fr", "(cheval OR chevaux)"):
        assert french in await found(town, f"{mark} {text}"), text
    assert await found(town, f"{mark} 焼け") == [japanese]
    for text in ('"the over cafe"', "wolf", "-fox -forêt -夕焼け", "lang:de", '"fox running roof"'):
        assert await found(town, f"{mark} {text}") == [], text
    assert await found(town, "") == await found(town, ":) !!!") == await found(town, "* **") == []


async def test_operators_ask_what_they_say(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    mark = new_word()
    plain = await ada.write(f"{mark} plain https://example.org/x")
    reply = await bob.write(f"{mark} reply #Tag{mark}", replyToId=plain)
    quote = await bob.write(f"{mark} quote", quotedPostId=plain, contentWarning="teeth")
    shown = await ada.write(
        f"{mark} shown @{bob.handle}", images=[{"imageId": await picture(ada), "altText": "An otter asleep"}]
    )
    await bob.do("LikePost", postId=shown)
    await ada.do("LikePost", postId=shown)
    await ada.follow(bob)
    asks = {
        f"from:{ada.handle}": [shown, plain],
        f"from:@{ada.handle.upper()} has:link": [plain],
        "from:nobody_has_this": [],
        f"to:{ada.handle}": [reply],
        f"to:{bob.handle}": [shown],
        "has:image": [shown],
        "otter": [shown],
        "teeth": [quote],
        "has:alt has:mention": [shown],
        "has:warning": [quote],
        "is:reply": [reply],
        "is:quote": [quote],
        f"#tag{mark}": [reply],
        "-is:reply -is:quote": [shown, plain],
        "(is:reply OR is:quote)": [quote, reply],
        "min_likes:2": [shown],
        "-min_likes:1": [quote, reply, plain],
        "since:1h": [shown, quote, reply, plain],
        "until:1h": [],
        "-since:1h": [],
        "since:2100-01-01": [],
        "is:followed": [],
        "is:ai": [],
    }
    for text, wanted in asks.items():
        assert await found(town, f"{mark} {text}") == wanted, text
    assert await found(ada, f"{mark} is:followed") == [quote, reply]
    assert await found(ada, f"{mark} from:me") == [shown, plain]
    answer = await town.ask(PICTURES, text=mark)
    assert [edge["node"]["id"] for edge in answer["search"]["pictures"]["edges"]] == [shown]


async def test_what_changes_is_found_as_it_is(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    first, second = new_word(), new_word()
    post = await ada.write(first)
    await ada.do(mutation("editPost"), postId=post, text=second)
    assert await found(town, first) == []
    assert await found(town, f"{second} is:edited") == [post]
    await ada.do(mutation("updatePostVisibility"), postId=post, visibility="FOLLOWERS")
    assert await found(bob, second) == []
    await bob.follow(ada)
    assert await found(bob, second) == [post]
    await ada.do("DeletePost", postId=post)
    assert await found(ada, second) == []


@pytest.mark.parametrize("audience", ["PUBLIC", "UNLISTED", "FOLLOWERS", "MENTIONED"])
async def test_nobody_finds_what_is_not_for_them(town: Town, audience: str) -> None:
    ada, fan, named, stranger, muter, blocked = [
        await town.person(name) for name in ("ada", "fan", "named", "stranger", "muter", "blocked")
    ]
    word, absent = new_word(), new_word()
    await fan.follow(ada)
    await muter.follow(ada)
    post = await ada.write(f"@{named.handle} {word}", visibility=audience)
    await muter.do(MUTE, userId=ada.id)
    await ada.do("BlockUser", userId=blocked.id)
    public = [post] if audience == "PUBLIC" else []
    wanted = [
        (ada, [post]),
        (named, [post]),
        (fan, [post] if audience != "MENTIONED" else []),
        (stranger, public),
        (muter, []),
        (blocked, []),
    ]
    for person, posts in wanted:
        for text in (word, f"{word[:-2]}* from:{ada.handle}", f'"{word}" OR {absent}', f"from:{ada.handle} -{absent}"):
            assert await found(person, text) == posts, (person.handle, text)
    assert await found(town, word) == public
    async with transaction():
        await standing.suspend(int((node_id.decode(ada.id) or ("", 0))[1]))
    for person in (named, fan, stranger):
        assert await found(person, word) == []
        assert ada.handle not in await names(person, ada.handle)


@pytest.mark.parametrize("audience", ["EVERYONE", "FOLLOWERS", "NOBODY"])
async def test_a_prompt_is_found_by_those_who_may_know_it(town: Town, audience: str) -> None:
    ada, fan, stranger = [await town.person(name) for name in ("ada", "fan", "stranger")]
    brush = await Brush.new()
    secret, mark = new_word(), new_word()
    await fan.follow(ada)
    image = await brush.paint(ada, f"{secret} walks in a forest")
    post = await ada.write(mark, images=[{"imageId": image}], promptVisibility=audience)
    knows = [(ada, True), (fan, audience != "NOBODY"), (stranger, audience == "EVERYONE")]
    for person, may in knows:
        wanted = [post] if may else []
        for text in (f"prompt:{secret}", f'prompt:"{secret} walks" {mark}', f"prompt:{secret} model:one"):
            assert await found(person, text) == wanted, (person.handle, text)
        assert await found(person, f"{mark} -prompt:{secret}") == ([] if may else [post]), (
            "leaving out tells nothing either"
        )
        assert await found(person, f"{mark} -prompt:other is:ai model:{brush.name}") == [post]
        assert await found(person, secret) == [], "a prompt is not what a post says"
    assert await found(town, f"prompt:{secret}") == ([post] if audience == "EVERYONE" else [])


async def test_pages_are_full_and_neither_skip_nor_repeat(town: Town) -> None:
    ada, bob, reader = [await town.person(name) for name in ("ada", "bob", "reader")]
    word = new_word()
    posts = [await (ada if number % 3 else bob).write(f"{word} {number}") for number in range(9)]
    await reader.do("BlockUser", userId=bob.id)
    wanted = [post for number, post in reversed(list(enumerate(posts))) if number % 3]
    for size in (1, 2, 5, 6):
        got: list[str] = []
        after = None
        while True:
            answer = (await reader.ask(FIND, text=word, first=size, **({"after": after} if after else {})))["search"][
                "posts"
            ]
            got += [edge["node"]["id"] for edge in answer["edges"]]
            after = answer["pageInfo"]["endCursor"]
            if not answer["pageInfo"]["hasNextPage"]:
                break
            assert len(answer["edges"]) == size
        assert got == wanted
    back = await reader.ask(FIND, text=word, last=2)
    assert [edge["node"]["id"] for edge in back["search"]["posts"]["edges"]] == wanted[-2:]
    with pytest.raises(Refused, match="BAD_USER_INPUT"):
        await reader.ask(FIND, text=word, first=0)


async def test_what_is_wrong_is_told_where_it_is(town: Town) -> None:
    answer = (await town.ask(FIND, text="cat has:wings dog"))["search"]
    problem = answer["problem"]
    assert (problem["code"], problem["offset"], problem["length"]) == ("UNKNOWN_VALUE", 4, 9)
    assert answer["posts"]["edges"] == []


@pytest.mark.parametrize(
    "attack",
    [
        "' | 'a",
        "a:*",
        "!a",
        "a & b",
        "a <-> b",
        "'); DROP TABLE posts; --",
        "\\' | \\",
        "a\\",
        "from:0",
        "tag:x",
        "'from':1",
        "\0",
        "a:A",
        "%",
        "_",
        "{a}",
        "\u202ea",
        "$1",
        "model:'|'",
        "model:\\",
        "#a'b",
        '"\'"',
        "prompt:\"') | ('\"",
    ],
)
async def test_nothing_typed_becomes_a_query_of_its_own(town: Town, attack: str) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    word = new_word()
    hidden = await ada.write(f"{word} secret", visibility="FOLLOWERS")
    open_post = await ada.write(word)
    got = (await bob.ask(FIND, text=f"{word} {attack}"))["search"]
    assert hidden not in [edge["node"]["id"] for edge in got["posts"]["edges"]]
    assert await found(bob, word) == [open_post]
    await bob.ask(PEOPLE, text=attack)
    await bob.ask(TAGS, text=attack)


async def test_people_stand_by_closeness_then_by_followers(town: Town) -> None:
    reader, friend = await town.person("reader"), await town.person("friend")
    stem = new_word()
    known, near, famous, other, gone, blocker = [
        await town.person(f"{stem}{name}") for name in ("k", "n", "f", "o", "g", "b")
    ]
    prefix = stem
    await reader.follow(friend, known)
    await friend.follow(near)
    for _ in range(3):
        await (await town.person("fan")).follow(famous)
    await blocker.do("BlockUser", userId=reader.id)
    async with transaction():
        await standing.suspend(int((node_id.decode(gone.id) or ("", 0))[1]))
    while await counter.fold(counter.USERS):
        pass
    wanted = [known.handle, near.handle, famous.handle, other.handle]
    assert await names(reader, prefix) == wanted
    assert await names(reader, f"@{other.handle}") == [other.handle]
    assert (await names(town, prefix))[0] == famous.handle
    pages: list[str] = []
    after = None
    for _ in wanted:
        page = (await reader.ask(PEOPLE, text=prefix, first=1, after=after))["search"]["people"]
        pages += [edge["node"]["handle"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
    assert pages == wanted
    assert not page["pageInfo"]["hasNextPage"]
    await other.do(mutation("updateProfile"), displayName="Ottoline Grünwald")
    assert await names(reader, "ottoline grun") == [other.handle]
    assert other.handle in await names(reader, "otoline grunwald"), "misspelt, where nobody is called so"


async def test_hashtags_are_found_by_what_is_seen_under_them(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    stem = new_word()
    for text, audience in (
        (f"#{stem}a", "PUBLIC"),
        (f"#{stem}b #{stem}", "PUBLIC"),
        (f"#{stem}b", "PUBLIC"),
        (f"#{stem}c", "FOLLOWERS"),
    ):
        await ada.write(text, visibility=audience)
    await hashtag_search.count_uses()

    async def tags(reader: Person, text: str) -> list[tuple[str, int]]:
        edges = (await reader.ask(TAGS, text=text))["search"]["hashtags"]["edges"]
        return [(edge["node"]["name"], edge["postCount"]) for edge in edges]

    assert await tags(bob, f"#{stem}") == [(stem, 1), (f"{stem}b", 2), (f"{stem}a", 1)]
    assert await tags(bob, stem[2:]) == [(f"{stem}b", 2), (stem, 1), (f"{stem}a", 1)], (
        "within names, the most used first"
    )
    await bob.do("BlockUser", userId=ada.id)
    assert await tags(bob, stem) == []
