"""Posts: what may be written, who sees it, answers, quotes, reposts, likes, bookmarks, and what deleting leaves."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from models import node_id
from models.database import fetch, fetch_value
from tests.people import Person, Town
from tests.selection import BOOKMARK, UNBOOKMARK

POST = """query($id: ID!) { node(id: $id) { ... on Post {
  id text visibility contentWarning version createdAt editedAt likeCount repostCount replyCount quoteCount remixCount
  viewerHasLiked viewerHasReposted viewerHasBookmarked viewerCanReply viewerCanQuote viewerCanRemix
  author { handle } images { id altText url(size: SMALL) }
  facets { start end feature { __typename ... on MentionFacet { user { id } } ... on HashtagFacet { hashtag { name } } ... on LinkFacet { url } } }
  quotedPost { __typename ... on Post { id } ... on UnavailablePost { reason } }
  replyTo { __typename ... on Post { id } ... on UnavailablePost { reason } }
} } }"""
FAMILY = "👩‍👩‍👧‍👦"


async def shown(reader: Person | Town, post: str) -> dict[str, Any] | None:
    """A post as this reader sees it, or None."""
    found: dict[str, Any] | None = (await reader.ask(POST, id=post))["node"]
    return found


async def image(owner: Person, alt_text: str = "") -> str:
    """The id of a kept image of this person."""
    number = await fetch_value(
        "INSERT INTO images (owner_id, prefix, mime_type, byte_size, width, height, blurhash, alt_text)"
        " VALUES ($1, 'p/' || fresque_id(), 'image/png', 9, 8, 8, 'L00000fQfQfQfQfQfQfQfQfQfQfQ', $2) RETURNING id",
        node_id.number_of("user", owner.id),
        alt_text,
    )
    return node_id.encode("image", number)


async def test_a_post_is_what_was_written(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    text = f"Café {FAMILY} @{bob.handle.upper()} #Été https://example.org/a?b=c, @nobody_at_all"
    payload = await ada.do("CreatePost", text=f"  {text}\r\n ", contentWarning=" spoilers ")
    post = await shown(bob, payload["post"]["id"])
    assert post is not None
    assert (post["text"], post["contentWarning"], post["visibility"]) == (text, "spoilers", "PUBLIC")
    assert (post["version"], post["editedAt"], post["author"]["handle"]) == (1, None, ada.handle)
    raw = text.encode()
    found = [(raw[f["start"] : f["end"]].decode(), f["feature"]) for f in post["facets"]]
    assert found == [
        (f"@{bob.handle.upper()}", {"__typename": "MentionFacet", "user": {"id": bob.id}}),
        ("#Été", {"__typename": "HashtagFacet", "hashtag": {"name": "Été"}}),
        ("https://example.org/a?b=c", {"__typename": "LinkFacet", "url": "https://example.org/a?b=c"}),
    ]
    assert (post["viewerCanReply"], post["viewerCanQuote"], post["viewerCanRemix"]) == (True, True, False)
    signed_out = await shown(town, post["id"])
    assert signed_out is not None
    assert [signed_out[name] for name in signed_out if name.startswith("viewer")] == [False] * 6


@pytest.mark.parametrize(
    "text",
    ["x" * 500, FAMILY * 120, "https://example.org/" + "a" * 2_000 + " " + "x" * 476, "e\u0301" * 500, "नि" * 450],
    ids=["letters", "families of 25 bytes", "a link counts 23", "combining", "clusters"],
)
async def test_length_is_counted_as_people_count(town: Town, text: str) -> None:
    ada = await town.person("ada")
    assert await shown(ada, await ada.write(text)) is not None


@pytest.mark.parametrize(
    "text",
    ["x" * 501, FAMILY * 121, "https://example.org/" + "a" * 2_000 + " " + "x" * 477, "中" * 501, "", " \n\t\u0000"],
    ids=["letters", "bytes", "beside a link", "ideographs", "nothing", "nothing to be seen"],
)
async def test_what_is_too_long_or_empty_is_refused(town: Town, text: str) -> None:
    ada = await town.person("ada")
    before = await fetch_value("SELECT count(*) FROM events")
    assert await ada.refusal("CreatePost", text=text) == ("BAD_USER_INPUT", ["text"])
    assert await fetch_value("SELECT count(*) FROM events") == before
    page = (await ada.ask("UserPage", handle=ada.handle))["user"]
    assert (page["postCount"], page["posts"]["edges"]) == (0, [])


async def test_a_content_warning_is_short(town: Town) -> None:
    ada = await town.person("ada")
    assert await ada.refusal("CreatePost", text="x", contentWarning="x" * 101) == ("BAD_USER_INPUT", ["contentWarning"])
    post = await shown(ada, await ada.write("x", contentWarning=" "))
    assert post is not None
    assert post["contentWarning"] is None


async def test_signed_out_nobody_does_anything(town: Town) -> None:
    post = await (await town.person("ada")).write("Hello")
    nobody = Person(town, "", "", None)
    assert await nobody.refusal("CreatePost", text="x") == ("UNAUTHENTICATED", None)
    for verb in ("LikePost", "UnlikePost", "RepostPost", "UnrepostPost", "DeletePost", BOOKMARK, UNBOOKMARK):
        assert await nobody.refusal(verb, postId=post) == ("UNAUTHENTICATED", None)
    assert (await shown(town, post) or {})["likeCount"] == 0


async def test_pictures_are_one_s_own_four_at_most_each_once(town: Town) -> None:
    ada, eve = await town.person("ada"), await town.person("eve")
    mine = [await image(ada, f"Picture {number}") for number in range(5)]
    hers = await image(eve)

    async def refusal(*images: dict[str, Any]) -> tuple[str, list[str] | None]:
        return await ada.refusal("CreatePost", images=list(images))

    assert await refusal(*({"imageId": one} for one in mine)) == ("BAD_USER_INPUT", ["images"])
    assert await refusal({"imageId": mine[0]}, {"imageId": mine[0]}) == ("BAD_USER_INPUT", ["images"])
    assert await refusal({"imageId": mine[0]}, {"imageId": hers}) == ("NOT_FOUND", ["images", "1", "imageId"])
    assert await refusal({"imageId": "garbage"}) == ("NOT_FOUND", ["images", "0", "imageId"])
    long = {"imageId": mine[0], "altText": "x" * 2_001}
    assert await refusal(long) == ("BAD_USER_INPUT", ["images", "0", "altText"])
    asked = [{"imageId": mine[3]}, {"imageId": mine[1], "altText": "Another word"}, {"imageId": mine[0], "altText": ""}]
    payload = await ada.do("CreatePost", images=asked)
    assert [(one["id"], one["altText"]) for one in payload["post"]["images"]] == [
        (mine[3], "Picture 3"),
        (mine[1], "Another word"),
        (mine[0], ""),
    ]


async def test_each_sees_what_is_for_them(town: Town) -> None:
    ada, fan, named, stranger = [await town.person(name) for name in ("ada", "fan", "named", "stranger")]
    await fan.follow(ada)
    posts = {
        kind: await ada.write(f"@{named.handle} hi", visibility=kind)
        for kind in ("PUBLIC", "UNLISTED", "FOLLOWERS", "MENTIONED")
    }

    async def sees(reader: Person | Town) -> list[str]:
        return [kind for kind, post in posts.items() if await shown(reader, post)]

    assert await sees(ada) == await sees(named) == ["PUBLIC", "UNLISTED", "FOLLOWERS", "MENTIONED"]
    assert await sees(fan) == ["PUBLIC", "UNLISTED", "FOLLOWERS"]
    assert await sees(stranger) == await sees(town) == ["PUBLIC", "UNLISTED"]
    for verb in ("LikePost", "RepostPost", "DeletePost", BOOKMARK):
        assert await stranger.refusal(verb, postId=posts["FOLLOWERS"]) == ("NOT_FOUND", ["postId"]), (
            "hidden is not found"
        )
    assert await stranger.refusal("CreatePost", text="x", replyToId=posts["MENTIONED"]) == ("NOT_FOUND", ["replyToId"])
    assert await stranger.refusal("CreatePost", text="x", quotedPostId=posts["MENTIONED"]) == (
        "NOT_FOUND",
        ["quotedPostId"],
    )
    await ada.do("BlockUser", userId=named.id)
    assert await sees(named) == []
    await stranger.do("BlockUser", userId=ada.id)
    assert await sees(stranger) == []


@pytest.mark.parametrize(
    ("parent", "asked", "becomes"),
    [
        ("PUBLIC", "PUBLIC", "PUBLIC"),
        ("UNLISTED", "PUBLIC", "PUBLIC"),
        ("FOLLOWERS", "PUBLIC", "FOLLOWERS"),
        ("FOLLOWERS", "MENTIONED", "MENTIONED"),
        ("MENTIONED", "PUBLIC", "MENTIONED"),
        ("MENTIONED", "FOLLOWERS", "MENTIONED"),
        ("PUBLIC", "FOLLOWERS", "FOLLOWERS"),
    ],
)
async def test_an_answer_is_for_no_more_people_than_what_it_answers(
    town: Town, parent: str, asked: str, becomes: str
) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    await bob.follow(ada)
    post = await ada.write(f"@{bob.handle}", visibility=parent)
    answer = (await bob.do("CreatePost", text="Yes", replyToId=post, visibility=asked))["post"]
    assert answer["visibility"] == becomes
    reply = await shown(ada, answer["id"])
    assert reply is not None, "who is answered sees the answer, however narrow"
    assert reply["replyTo"] == {"__typename": "Post", "id": post}
    width = ["MENTIONED", "FOLLOWERS", "PUBLIC"]
    narrower = parent != "UNLISTED" and width.index(becomes) < width.index(parent)
    assert (await shown(ada, post) or {})["replyCount"] == (0 if narrower else 1)


async def test_quotes_and_reposts_are_of_what_is_for_everyone(town: Town) -> None:
    ada, fan = await town.person("ada"), await town.person("fan")
    await fan.follow(ada)
    for kind, others, own_repost in (
        ("PUBLIC", True, True),
        ("UNLISTED", True, True),
        ("FOLLOWERS", False, True),
        ("MENTIONED", False, False),
    ):
        post = await ada.write(f"@{fan.handle}", visibility=kind)
        assert (await shown(fan, post) or {})["viewerCanQuote"] is others
        if others:
            quote = await fan.write("Look", quotedPostId=post)
            assert (await shown(town, quote) or {})["quotedPost"] == {"__typename": "Post", "id": post}
            assert (await fan.do("RepostPost", postId=post))["post"]["repostCount"] == 1
        else:
            assert await fan.refusal("CreatePost", text="Look", quotedPostId=post) == ("FORBIDDEN", ["quotedPostId"])
            assert await fan.refusal("RepostPost", postId=post) == ("FORBIDDEN", ["postId"])
        quote = await ada.write("Mine", quotedPostId=post)
        seen = (await shown(town, quote) or {})["quotedPost"]
        assert seen == (
            {"__typename": "Post", "id": post} if others else {"__typename": "UnavailablePost", "reason": "NOT_VISIBLE"}
        )
        if own_repost:
            await ada.do("RepostPost", postId=post)
        else:
            assert await ada.refusal("RepostPost", postId=post) == ("FORBIDDEN", ["postId"])
        assert (await shown(ada, post) or {})["quoteCount"] == 1 + others


@pytest.mark.parametrize(
    ("do", "undo", "flag", "count"),
    [
        ("LikePost", "UnlikePost", "viewerHasLiked", "likeCount"),
        ("RepostPost", "UnrepostPost", "viewerHasReposted", "repostCount"),
        (BOOKMARK, UNBOOKMARK, "viewerHasBookmarked", None),
    ],
)
async def test_twice_is_the_same_as_once(town: Town, do: str, undo: str, flag: str, count: str | None) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    post = await ada.write("Hello")
    await asyncio.gather(*(bob.do(do, postId=post) for _ in range(4)))
    once = await shown(bob, post) or {}
    assert once[flag] is True
    assert (await shown(ada, post) or {})[flag] is False, "another's is one's own to know"
    assert count is None or once[count] == 1
    assert once["version"] == (1 if count is None else 2)
    await asyncio.gather(*(bob.do(undo, postId=post) for _ in range(4)))
    never = await shown(bob, post) or {}
    assert never[flag] is False
    assert count is None or never[count] == 0
    assert never["version"] == (1 if count is None else 3)


async def test_deleting_leaves_typed_holes_and_nothing_else(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    post = await ada.write("A secret", images=[{"imageId": await image(ada)}], contentWarning="Careful")
    reply, quote = await bob.write("So?", replyToId=post), await bob.write("Look", quotedPostId=post)
    for verb in ("LikePost", "RepostPost", BOOKMARK):
        await bob.do(verb, postId=post)
    assert await bob.refusal("DeletePost", postId=post) == ("FORBIDDEN", ["postId"])
    assert (await ada.do("DeletePost", postId=post))["deletedPostId"] == post
    assert await shown(ada, post) is await shown(bob, post) is None
    hole = {"__typename": "UnavailablePost", "reason": "DELETED"}
    assert (await shown(bob, reply) or {})["replyTo"] == hole
    assert (await shown(bob, quote) or {})["quotedPost"] == hole
    (row,) = await fetch(
        "SELECT text, content_warning, facets FROM posts WHERE id = $1", node_id.number_of("post", post)
    )
    assert tuple(row) == ("", None, []), "what was said is erased"
    for verb in ("DeletePost", "LikePost", "UnlikePost", "UnrepostPost", BOOKMARK):
        assert await ada.refusal(verb, postId=post) == ("NOT_FOUND", ["postId"])
    assert (await ada.ask("UserPage", handle=ada.handle))["user"]["postCount"] == 0
    bookmarks = "{ viewer { bookmarks(first: 5) { edges { node { id } } } } }"
    assert (await bob.ask(bookmarks))["viewer"]["bookmarks"]["edges"] == []
    await bob.do("DeletePost", postId=quote)
    await bob.do("DeletePost", postId=reply)
    assert (await bob.ask("UserPage", handle=bob.handle))["user"]["postCount"] == 0


async def test_counts_go_down_with_what_they_count(town: Town) -> None:
    ada = await town.person("ada")
    post = await ada.write("Hello")
    reply, quote = await ada.write("More", replyToId=post), await ada.write("Again", quotedPostId=post)
    assert [(await shown(ada, post) or {})[name] for name in ("replyCount", "quoteCount")] == [1, 1]
    await ada.do("DeletePost", postId=reply)
    await ada.do("DeletePost", postId=quote)
    assert [(await shown(ada, post) or {})[name] for name in ("replyCount", "quoteCount")] == [0, 0]


async def test_only_one_of_many_deletes(town: Town) -> None:
    ada = await town.person("ada")
    post = await ada.write("Hello")
    payloads = await asyncio.gather(*(ada.attempt("DeletePost", postId=post) for _ in range(6)))
    assert sorted(len(payload["userErrors"]) for payload in payloads) == [0] + [1] * 5
    assert (await ada.ask("UserPage", handle=ada.handle))["user"]["postCount"] == 0


async def test_a_mention_of_one_who_blocks_stays_plain_text(town: Town) -> None:
    ada, eve = await town.person("ada"), await town.person("eve")
    await ada.do("BlockUser", userId=eve.id)
    post = (await eve.do("CreatePost", text=f"@{ada.handle} hear me", visibility="MENTIONED"))["post"]
    assert post["facets"] == []
    assert await shown(ada, post["id"]) is None


async def test_steps_of_one_document_are_seen_by_the_next(town: Town) -> None:
    ada = await town.person("ada")
    post = await ada.write("Hello")
    done = await ada.ask(
        """mutation($p: ID!) {
          a: likePost(input: { postId: $p }) { post { likeCount viewerHasLiked version } }
          b: unlikePost(input: { postId: $p }) { post { likeCount viewerHasLiked version } query { node(id: $p) { ... on Post { likeCount } } } }
          c: likePost(input: { postId: $p }) { post { likeCount viewerHasLiked version } query { node(id: $p) { ... on Post { likeCount } } } }
        }""",
        p=post,
    )
    assert [tuple(done[step]["post"].values()) for step in "abc"] == [(1, True, 2), (0, False, 3), (1, True, 4)]
    assert [done[step]["query"]["node"]["likeCount"] for step in "bc"] == [0, 1]
