"""Boards: who looks at them, who fills them, their order, what each viewer finds on them, and live."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest

from models import board, board_order, node_id
from models.database import fetch_value
from tests.people import Person, Town
from tests.selection import mutation

CREATE, UPDATE, DELETE = mutation("createBoard"), mutation("updateBoard"), mutation("deleteBoard")
ADD, REMOVE, MOVE = mutation("addToBoard"), mutation("removeFromBoard"), mutation("moveOnBoard")
SHARE, UNSHARE, BLOCK = mutation("shareBoard"), mutation("unshareBoard"), mutation("blockUser")
BOARD = """query($id: ID!, $first: Int, $after: String, $last: Int, $before: String) { node(id: $id) { ... on Board {
    name description audience postCount viewerIsOwner viewerCanAdd members { id } covers { id }
    posts(first: $first, after: $after, last: $last, before: $before) { liveCursor pageInfo { hasNextPage endCursor }
        edges { cursor node { id text } addedBy { id } } } } } }"""
LIVE = """subscription($id: ID!, $after: String) { boardChanged(id: $id, after: $after) { __typename cursor
    ... on BoardChanged { board { name postCount } } ... on Reset { reason } } }"""
NODE = "query($id: ID!) { node(id: $id) { id } }"
MINE = "query($post: ID!) { viewer { boards { edges { node { id hasPost(postId: $post) } } } } }"


async def made(owner: Person, *posts: str, **more: Any) -> str:
    """A board with these posts on it, the last on top; its id."""
    found: str = (await owner.do(CREATE, **{"name": "Blue", **more}))["board"]["id"]
    for post in posts:
        await owner.do(ADD, boardId=found, postId=post)
    return found


async def looked_at(who: Person, board_id: str, **page: Any) -> dict[str, Any]:
    """The board as somebody sees it who may."""
    found: dict[str, Any] | None = (await who.ask(BOARD, id=board_id, **page))["node"]
    assert found is not None
    return found


async def order(who: Person, board_id: str, **page: Any) -> list[str]:
    """The posts on it, topmost first."""
    return [edge["node"]["id"] for edge in (await looked_at(who, board_id, **page))["posts"]["edges"]]


async def test_a_board_is_made_filled_and_put_in_order(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    a, b, c, d = [await bob.write(name) for name in "abcd"]
    mine = await made(ada, a, b, c, d, description="Skies")
    assert await order(ada, mine) == [d, c, b, a]
    await ada.do(ADD, boardId=mine, postId=b)
    assert await order(ada, mine) == [d, c, b, a], "what is there stays where it is"
    await ada.do(MOVE, boardId=mine, postId=a)
    await ada.do(MOVE, boardId=mine, postId=d, belowPostId=c)
    assert await order(ada, mine) == [a, c, d, b]
    await ada.do(MOVE, boardId=mine, postId=c, belowPostId=b)
    assert await order(ada, mine) == [a, d, b, c]
    assert await order(ada, mine, first=2) == [a, d]
    assert await order(ada, mine, last=2) == [b, c]
    page = await looked_at(ada, mine, first=1)
    assert await order(ada, mine, first=2, after=page["posts"]["pageInfo"]["endCursor"]) == [d, b]
    assert [e["node"]["hasPost"] for e in (await ada.ask(MINE, post=a))["viewer"]["boards"]["edges"]] == [True]
    await ada.do(REMOVE, boardId=mine, postId=a)
    await ada.do(REMOVE, boardId=mine, postId=a)
    seen = await looked_at(ada, mine)
    assert ([edge["node"]["id"] for edge in seen["posts"]["edges"]], seen["postCount"]) == ([d, b, c], 3)
    assert await ada.refusal(MOVE, boardId=mine, postId=a) == ("NOT_FOUND", ["postId"])
    assert await ada.refusal(MOVE, boardId=mine, postId=b, belowPostId=a) == ("NOT_FOUND", ["belowPostId"])
    assert await ada.refusal(MOVE, boardId=mine, postId=b, belowPostId=b) == ("BAD_USER_INPUT", ["belowPostId"])
    assert (await ada.do(DELETE, boardId=mine))["deletedBoardId"] == mine
    assert (await ada.ask(NODE, id=mine))["node"] is None
    assert (await ada.ask(NODE, id=b))["node"] is not None


@pytest.mark.parametrize(
    ("given", "path"),
    [({"name": " "}, "name"), ({"name": "x" * 51}, "name"), ({"description": "x" * 301}, "description")],
)
async def test_what_a_board_is_called_is_bounded(town: Town, given: dict[str, str], path: str) -> None:
    ada = await town.person("ada")
    assert await ada.refusal(CREATE, **{"name": "x", **given}) == ("BAD_USER_INPUT", [path])
    mine = await made(ada)
    assert await ada.refusal(UPDATE, boardId=mine, **given) == ("BAD_USER_INPUT", [path])


async def test_boards_posts_and_members_are_bounded(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "MOST_BOARDS", 2)
    monkeypatch.setattr(board, "MOST_MEMBERS", 1)
    monkeypatch.setattr(board_order, "MOST_POSTS", 2)
    ada = await town.person("ada")
    outcomes = await asyncio.gather(*(ada.attempt(CREATE, name=str(n)) for n in range(4)))
    assert sorted([error["code"] for one in outcomes for error in one["userErrors"]]) == ["QUOTA_EXCEEDED"] * 2
    mine = next(one["board"]["id"] for one in outcomes if one["board"])
    posts = [await ada.write(str(n)) for n in range(4)]
    outcomes = await asyncio.gather(*(ada.attempt(ADD, boardId=mine, postId=post) for post in posts))
    assert sorted([error["code"] for one in outcomes for error in one["userErrors"]]) == ["QUOTA_EXCEEDED"] * 2
    assert len(await order(ada, mine)) == 2
    people = [await town.person("bob") for _ in range(2)]
    await ada.do(SHARE, boardId=mine, userId=people[0].id)
    assert await ada.refusal(SHARE, boardId=mine, userId=people[1].id) == ("QUOTA_EXCEEDED", ["boardId"])
    assert await ada.refusal(SHARE, boardId=mine, userId=ada.id) == ("BAD_USER_INPUT", ["userId"])


async def test_moves_made_at_once_come_to_one_order(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without room between neighbours they are spread out on the way; nothing is lost, and all see the same."""
    monkeypatch.setattr(board_order, "GAP", 4)
    ada, bob = await town.person("ada"), await town.person("bob")
    posts = [await ada.write(str(n)) for n in range(6)]
    mine = await made(ada, *posts, audience="SHARED")
    await ada.do(SHARE, boardId=mine, userId=bob.id)
    draw = random.Random(7)
    moves = [draw.sample(posts, 2) for _ in range(40)]
    payloads = await asyncio.gather(
        *(
            (ada, bob)[n % 2].do(MOVE, boardId=mine, postId=one, belowPostId=other)
            for n, (one, other) in enumerate(moves)
        )
    )
    assert all(payload["board"] for payload in payloads)
    found = await order(ada, mine)
    assert sorted(found) == sorted(posts)
    assert await order(bob, mine) == found
    number = node_id.number_of("board", mine)
    assert await fetch_value("SELECT count(DISTINCT rank) FROM board_posts WHERE board_id = $1", number) == 6
    last = found[-1]
    for _ in range(8):  # again and again between the same two
        await ada.do(MOVE, boardId=mine, postId=last, belowPostId=found[0])
        found = await order(ada, mine)
        assert found[1] == last
        last = found[-1]


async def test_who_looks_at_a_board_and_who_fills_it(town: Town) -> None:
    ada, bob, eve = [await town.person(name) for name in ("ada", "bob", "eve")]
    nobody = Person(town, "", "", None)
    post, other = await ada.write("Hers"), await eve.write("Another")
    mine = await made(ada, post)
    await ada.do(SHARE, boardId=mine, userId=bob.id)

    async def there() -> list[bool]:
        return [(await who.ask(NODE, id=mine))["node"] is not None for who in (ada, bob, eve, nobody)]

    assert await there() == [True, False, False, False], "private: its owner's alone, whomever it was shared with"
    assert await bob.refusal(ADD, boardId=mine, postId=other) == ("NOT_FOUND", ["boardId"])
    await ada.do(UPDATE, boardId=mine, audience="SHARED")
    assert await there() == [True, True, False, False]
    await bob.do(ADD, boardId=mine, postId=other)
    assert await bob.refusal(REMOVE, boardId=mine, postId=post) == ("FORBIDDEN", ["postId"])
    await bob.do(MOVE, boardId=mine, postId=post)
    seen = await looked_at(bob, mine)
    assert (seen["viewerIsOwner"], seen["viewerCanAdd"], [one["id"] for one in seen["members"]]) == (
        False,
        True,
        [bob.id],
    )
    assert [edge["addedBy"]["id"] for edge in seen["posts"]["edges"]] == [ada.id, bob.id]
    await ada.do(UPDATE, boardId=mine, audience="PUBLIC")
    assert await there() == [True] * 4
    seen = await looked_at(eve, mine)
    assert (seen["viewerCanAdd"], seen["members"]) == (False, []), "whom it is shared with is told to them alone"
    assert [edge["addedBy"] and edge["addedBy"]["id"] for edge in seen["posts"]["edges"]] == [ada.id, None]
    assert await eve.refusal(ADD, boardId=mine, postId=post) == ("NOT_FOUND", ["boardId"])
    assert await eve.refusal(UNSHARE, boardId=mine, userId=bob.id) == ("NOT_FOUND", ["boardId"])
    await bob.do(UNSHARE, boardId=mine, userId=bob.id)
    assert await bob.refusal(ADD, boardId=mine, postId=other) == ("NOT_FOUND", ["boardId"])
    await ada.do(SHARE, boardId=mine, userId=bob.id)
    await bob.do(BLOCK, userId=ada.id)
    assert await there() == [True, False, True, True]
    assert (await looked_at(ada, mine))["members"] == [], "a block ends sharing"
    assert await ada.refusal(SHARE, boardId=mine, userId=bob.id) == ("FORBIDDEN", ["userId"])


async def test_what_a_viewer_may_not_see_takes_no_place_and_no_number(town: Town) -> None:
    ada, bob, eve = [await town.person(name) for name in ("ada", "bob", "eve")]
    await ada.follow(bob)
    image = await fetch_value(
        "INSERT INTO images (owner_id, prefix, mime_type, byte_size, width, height, blurhash)"
        " VALUES ($1, 'p/board', 'image/png', 9, 8, 8, 'L00000fQfQfQfQfQfQfQfQfQfQfQ') RETURNING id",
        node_id.number_of("user", bob.id),
    )
    picture = node_id.encode("image", image)
    secret = await bob.write("For followers", visibility="FOLLOWERS", images=[{"imageId": picture}])
    gone, hated, loved = await bob.write("Gone"), await eve.write("Eve's"), await bob.write("For all")
    mine = await made(ada, loved, hated, gone, secret, audience="PUBLIC")
    await ada.do(UPDATE, boardId=mine, coverPostId=secret)
    await bob.do("DeletePost", postId=gone)
    await bob.do(BLOCK, userId=eve.id)
    seen = {who.handle: await looked_at(who, mine) for who in (ada, bob, eve)}
    posts = {name: [edge["node"]["id"] for edge in one["posts"]["edges"]] for name, one in seen.items()}
    assert posts == {ada.handle: [secret, hated, loved], bob.handle: [secret, loved], eve.handle: [hated]}
    assert [one["postCount"] for one in seen.values()] == [3, 2, 1]
    assert [[found["id"] for found in one["covers"]] for one in seen.values()] == [[picture], [picture], []]
    document = "query($id: ID!, $post: ID!) { node(id: $id) { ... on Board { hasPost(postId: $post) } } }"
    assert [(await who.ask(document, id=mine, post=secret))["node"]["hasPost"] for who in (ada, eve)] == [True, False]
    assert await eve.refusal(ADD, boardId=await made(eve), postId=secret) == ("NOT_FOUND", ["postId"])


async def test_a_board_is_followed_live(town: Town) -> None:
    ada, bob, eve = [await town.person(name) for name in ("ada", "bob", "eve")]
    post = await ada.write("x")
    mine = await made(ada, audience="SHARED")
    await ada.do(SHARE, boardId=mine, userId=bob.id)
    start = (await looked_at(bob, mine))["posts"]["liveCursor"]
    await ada.do(ADD, boardId=mine, postId=post)
    with pytest.raises(AssertionError):
        async with eve.live(LIVE, id=mine):
            pass
    async with bob.live(LIVE, id=mine, after=start) as feed:
        assert (await feed.next())["board"]["postCount"] == 1
        await bob.do(MOVE, boardId=mine, postId=post)
        assert (await feed.next())["__typename"] == "BoardChanged"
        await ada.do(UPDATE, boardId=mine, name="Red")
        assert (await feed.next())["board"]["name"] == "Red"
        await ada.do(UPDATE, boardId=mine, audience="PRIVATE")
        assert (await feed.next())["reason"] == "RULES_CHANGED"
        await ada.do(UPDATE, boardId=mine, name="Secret")
        await ada.do(UPDATE, boardId=mine, audience="SHARED")
        assert (await feed.next())["board"]["name"] == "Secret", "what happened while it was closed is told to nobody"
        await ada.do(DELETE, boardId=mine)
        last = await feed.next()
        if last["__typename"] == "BoardChanged":  # the change in between came by when it was open again
            assert last["board"]["name"] == "Secret"
            last = await feed.next()
        assert last["__typename"] == "Reset"
