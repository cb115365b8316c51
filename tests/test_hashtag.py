"""Hashtags: their pages, and their pages live."""

from __future__ import annotations

import importlib
import itertools
from contextlib import suppress

import pytest

from models import node_id
from models.database import fetch, fetch_value
from models.transaction import transaction
from tests.people import Person, Refused, Town
from tests.selection import MUTE, UNMUTE
from tests.test_timeline import ARGUMENTS, PAGED, SELECTION, ids, page, whole

TAG = f"query($name: String!, {ARGUMENTS}) {{ hashtag(name: $name) {{ list: posts({PAGED}) {{ {SELECTION} }} }} }}"
_numbers = itertools.count(1)


def new_tag(person: Person) -> str:
    """A hashtag that nobody used before."""
    return f"Tag_{person.handle}_{next(_numbers)}"


async def test_a_hashtag_s_page_holds_what_is_public(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    tag = new_tag(ada)
    await bob.follow(ada)
    first = await ada.write(f"#{tag} and #{tag.upper()} once more")
    for audience in ("UNLISTED", "FOLLOWERS", "MENTIONED"):
        await ada.write(f"@{bob.handle} #{tag}", visibility=audience)
    answer = await bob.write(f"An answer #{tag.lower()}", replyToId=first)
    await ada.write(f"#{tag}2 is another, and so is https://example.org/#{tag}")
    for reader in (town, ada, bob):
        for name in (tag, f"#{tag}", f" ＃{tag.upper()} "):
            assert ids(await page(reader, TAG, name=name)) == [answer, first]
    await ada.do("DeletePost", postId=first)
    assert ids(await page(town, TAG, name=tag)) == [answer]


async def test_its_pages_neither_skip_nor_repeat(town: Town) -> None:
    ada, bob, reader = [await town.person(name) for name in ("ada", "bob", "reader")]
    tag = new_tag(ada)
    posts = [await person.write(f"#{tag}") for person in (ada, bob, ada, bob, ada)]
    for size in (1, 2, 5):
        assert await whole(town, TAG, size, name=tag) == posts[::-1]
        assert await whole(reader, TAG, size, backward=True, name=tag) == posts[::-1]
    await reader.do(MUTE, userId=bob.id)
    assert await whole(reader, TAG, 2, name=tag) == posts[4::-2], "pages are full without whom the reader mutes"
    await ada.do("BlockUser", userId=reader.id)
    assert await whole(reader, TAG, 2, name=tag) == []


@pytest.mark.parametrize("name", ["", "#", "two words", "12", "##x", "a#b", "x" * 101, "\0"])
async def test_what_can_be_no_hashtag_has_no_page(town: Town, name: str) -> None:
    assert (await town.ask("query($name: String!) { hashtag(name: $name) { name } }", name=name))["hashtag"] is None
    with pytest.raises(Refused, match="BAD_USER_INPUT"):
        async with town.live("HashtagLive", name=name):
            raise AssertionError("it began")


async def test_a_hashtag_is_followed_live(town: Town) -> None:
    ada, bob, eve = [await town.person(name) for name in ("ada", "bob", "eve")]
    tag = new_tag(ada)
    begin = (await page(town, TAG, name=tag))["liveCursor"]
    missed = await ada.write(f"Missed #{tag}")
    async with (
        town.live("HashtagLive", name=f"#{tag.upper()}", after=begin) as anybody,
        bob.live("HashtagLive", name=tag, after=begin) as blocked,
    ):
        for feed in (anybody, blocked):
            assert (await feed.next())["edge"]["node"]["id"] == missed
        await ada.do("BlockUser", userId=bob.id)
        event = await blocked.next()
        assert (event["__typename"], event["reason"]) == ("Reset", "RULES_CHANGED")
        await eve.do("BlockUser", userId=bob.id)  # who has nothing here
        hidden = await ada.write(f"#{tag}")
        await ada.write(f"Quiet #{tag}", visibility="UNLISTED")
        await ada.do("DeletePost", postId=hidden)
        wanted = await eve.write(f"#{tag}"), await bob.write(f"Heard #{tag}")
        assert (await blocked.next())["edge"]["node"]["id"] == wanted[1], (
            "nothing of who blocks, not even the end of it"
        )
        seen = [await anybody.next() for _ in range(4)]
    assert [event["__typename"] for event in seen] == ["PostPublished", "PostRemoved", "PostPublished", "PostPublished"]
    assert seen[1]["postId"] == seen[0]["edge"]["node"]["id"] == hidden
    assert tuple(event["edge"]["node"]["id"] for event in seen[2:]) == wanted


async def test_whom_one_mutes_leaves_a_hashtag_and_comes_back_with_a_reset(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    tag = new_tag(ada)
    await bob.write(f"#{tag}")
    async with ada.live("HashtagLive", name=tag) as feed, town.live("HashtagLive", name=tag) as witness:
        await ada.do(MUTE, userId=bob.id)
        # What was posted just before may come once more to who subscribed just then.
        assert (await feed.until("AuthorRemoved"))["userId"] == bob.id
        unheard = await bob.write(f"#{tag}")
        while (await witness.until("PostPublished"))["edge"]["node"]["id"] != unheard:
            pass  # it is judged while the mute stands
        await ada.do(UNMUTE, userId=bob.id)
        assert (await feed.next())["__typename"] == "Reset"


class _TakenBack(Exception):
    """Ends a transaction that is not meant to last."""


async def test_what_stood_before_there_was_a_table_is_found(town: Town) -> None:
    """The migration's own statement puts posts under the very names under which they are looked for."""
    ada = await town.person("ada")
    tags = [f"{name}{ada.handle}" for name in ("Straße", "ＷＩＤＥ", "İstanbul", "ΣΊΣΥΦΟΣ", "ﬁn", "plain", "日本語")]
    post = await ada.write(" ".join(f"#{tag}" for tag in tags))
    hidden = await ada.write(f"#{tags[0]}", visibility="FOLLOWERS")
    borne = """SELECT h.hashtag, h.post_id FROM post_hashtags h JOIN posts p ON p.id = h.post_id WHERE p.author_id = $1
        ORDER BY h.post_id, h.hashtag"""
    author = node_id.number_of("user", ada.id)
    kept = await fetch(borne, author)
    # Taken back at once: posts that other tests wrote straight into the tables bear names that their texts do not.
    with suppress(_TakenBack):
        async with transaction():
            await fetch("DELETE FROM post_hashtags")
            await fetch(importlib.import_module("models.migrations.0006_hashtags").FILL)
            assert await fetch(borne, author) == kept
            raise _TakenBack
    assert await fetch_value("SELECT count(*) FROM post_hashtags WHERE hashtag LIKE $1", f"%{ada.handle}") == len(tags)
    for tag in tags:
        assert ids(await page(ada, TAG, name=tag)) == [post] != [hidden]
