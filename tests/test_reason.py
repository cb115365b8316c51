"""A post that rests in a home, and comes up again when it is reposted long after: in pages and live."""

from __future__ import annotations

from contextlib import AsyncExitStack

from models import node_id
from models.database import fetch
from models.reason import RESTS
from tests.people import Feed, Person, Town

Place = tuple[str, str | None]


async def home(reader: Person) -> list[Place]:
    """What stands in a home, newest first: posts, and who brought them."""
    edges = (await reader.home(first=100))["edges"]
    return [(edge["node"]["id"], edge["repostedBy"] and edge["repostedBy"]["id"]) for edge in edges]


async def long_ago(post: str) -> None:
    """Everything about a post happened before it would come up again by now."""
    number = node_id.number_of("post", post)
    await fetch("UPDATE reposts SET id = id - $2 WHERE post_id = $1", number, RESTS)


async def told(feed: Feed) -> object:
    """The next event: what stands where now, the post that left, or that all has to be fetched anew."""
    event = await feed.next()
    if event["__typename"] == "PostPublished":
        edge = event["edge"]
        return edge["node"]["id"], edge["repostedBy"] and edge["repostedBy"]["id"]
    return event["postId"] if event["__typename"] == "PostRemoved" else event["__typename"]


async def test_what_is_reposted_long_after_comes_up_again(town: Town) -> None:
    reader, other, ada, bob, cleo, stranger = [
        await town.person(name) for name in ("reader", "other", "ada", "bob", "cleo", "stranger")
    ]
    for one in (reader, other):  # two readers, so that they are told in company
        await one.follow(ada, bob, cleo)
    post = await stranger.write("An old one")
    await ada.do("RepostPost", postId=post)
    await long_ago(post)
    between = await ada.write("Since then")
    page = await reader.home()
    async with AsyncExitStack() as stack:
        feeds = [
            await stack.enter_async_context(one.live("HomeLive", after=page["liveCursor"])) for one in (reader, other)
        ]

        async def happens(*wanted: object) -> None:
            for feed in feeds:
                assert [await told(feed) for _ in wanted] == list(wanted)

        await bob.do("RepostPost", postId=post)
        await happens((post, bob.id))
        assert await home(reader) == [(post, bob.id), (between, None), (post, ada.id)]
        await cleo.do("RepostPost", postId=post)  # rests: bob's has just been
        await bob.do("UnrepostPost", postId=post)
        await happens("Reset", (post, cleo.id))
        assert await home(reader) == [(post, cleo.id), (between, None), (post, ada.id)]
        await ada.do("UnrepostPost", postId=post)
        await happens("Reset")
        assert await home(reader) == [(post, cleo.id), (between, None)]
        await cleo.do("UnrepostPost", postId=post)
        await happens(post)
        assert await home(reader) == [(between, None)]
        await bob.do("RepostPost", postId=between)  # rests: it has just been written
        last = await ada.write("The last")
        await happens((last, None))
        assert await home(reader) == [(last, None), (between, None)]


async def test_a_page_holds_a_post_twice_and_pages_go_on_in_between(town: Town) -> None:
    reader, ada, bob = [await town.person(name) for name in ("reader", "ada", "bob")]
    await reader.follow(ada, bob)
    post = await old_post(ada)
    between = await bob.write("Since then")
    await bob.do("RepostPost", postId=post)
    wanted: list[Place] = [(post, bob.id), (between, None), (post, None)]
    assert await home(reader) == wanted
    assert await home(reader) == wanted, "out of the list that was kept, too"
    found: list[Place] = []
    after = None
    for _ in wanted:
        page = await reader.home(first=1, after=after)
        found += [(edge["node"]["id"], edge["repostedBy"] and edge["repostedBy"]["id"]) for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
    assert found == wanted
    assert not page["pageInfo"]["hasNextPage"]


async def old_post(author: Person) -> str:
    """A post that was written before it would come up again by now."""
    post = node_id.number_of("post", await author.write("An old one"))
    assert post is not None
    await fetch("DELETE FROM post_words WHERE post_id = $1", post)
    await fetch("UPDATE posts SET id = id - $2, conversation_id = id - $2 WHERE id = $1", post, RESTS)
    await fetch("UPDATE post_counts SET subject_id = subject_id - $2 WHERE subject_id = $1", post, RESTS)
    return node_id.encode("post", post - RESTS)
