"""Whole threads published at once: all or none, in order, once."""

from __future__ import annotations

import asyncio

import pytest

from tests.people import Town
from tests.talking import POST, THREAD

EXPLORE = "subscription E($after: String) { exploreTimeline(after: $after) { __typename cursor ... on PostPublished { edge { node { id author { handle } } } } } }"
COUNT = "query C($handle: String!) { user(handle: $handle) { postCount posts(first: 50) { edges { node { id } } } } }"


async def test_each_answers_the_one_before_and_all_are_told_in_order(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    async with bob.live(EXPLORE) as feed:
        texts = [f"{number}/25" for number in range(25)]
        made = await ada.do(THREAD, posts=[{"text": text} for text in texts], replyPolicy="NOBODY")
        posts = made["posts"]
        assert [post["text"] for post in posts] == texts
        assert [post["replyTo"] and post["replyTo"]["id"] for post in posts] == [
            None,
            *[post["id"] for post in posts[:-1]],
        ]
        assert {post["replyPolicy"] for post in posts} == {"NOBODY"}
        assert [edge["node"]["id"] for edge in made["edges"]] == [post["id"] for post in posts]
        told: list[str] = []
        while len(told) < len(posts):
            node = (await feed.until("PostPublished"))["edge"]["node"]
            if node["author"]["handle"] == ada.handle:
                told.append(node["id"])
        assert told == [post["id"] for post in posts]
    found = (await bob.ask(COUNT, handle=ada.handle))["user"]
    assert found["postCount"] == 25
    assert (await bob.ask(POST, id=posts[3]["id"]))["node"]["replyCount"] == 1


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"posts": []}, "BAD_USER_INPUT", ["posts"]),
        ({"posts": [{"text": "x"}] * 26}, "BAD_USER_INPUT", ["posts"]),
        ({"posts": [{"text": "a"}, {"text": "b"}, {"text": ""}]}, "BAD_USER_INPUT", ["posts", "2", "text"]),
        ({"posts": [{"text": "a"}, {"text": "x" * 501}]}, "BAD_USER_INPUT", ["posts", "1", "text"]),
        (
            {"posts": [{"text": "a"}, {"text": "b", "images": [{"imageId": "image_zzz"}]}]},
            "NOT_FOUND",
            ["posts", "1", "images", "0", "imageId"],
        ),
        ({"posts": [{"text": "a"}, {"text": "b", "quotedPostId": "post_zzz"}]}, "NOT_FOUND", ["posts", "1", "quotedPostId"]),
        ({"posts": [{"text": "a"}], "replyToId": "post_zzz"}, "NOT_FOUND", ["replyToId"]),
        (
            {"posts": [{"text": "a"}, {"text": "b", "facets": [{"start": 0, "end": 9, "feature": {"link": "https://a.example"}}]}]},
            "BAD_USER_INPUT",
            ["posts", "1", "facets", "0", "end"],
        ),
    ],
)  # fmt: skip
async def test_one_wrong_post_and_there_is_none(
    town: Town, given: dict[str, object], code: str, path: list[str]
) -> None:
    ada = await town.person("ada")
    assert await ada.refusal(THREAD, **given) == (code, path)
    found = (await ada.ask(COUNT, handle=ada.handle))["user"]
    assert (found["postCount"], found["posts"]["edges"]) == (0, [])


async def test_a_surprising_mention_names_the_post_it_is_in(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    posts = [{"text": "a"}, {"text": f"@{bob.handle}"}]
    assert await ada.refusal(THREAD, posts=posts, allowedMentionIds=[]) == ("BAD_USER_INPUT", ["posts", "1", "text"])


async def test_one_key_publishes_once(town: Town) -> None:
    ada = await town.person("ada")
    posts = [{"text": "one"}, {"text": "two"}]
    made = await asyncio.gather(*(ada.do(THREAD, posts=posts, idempotencyKey="k") for _ in range(20)))
    assert len({tuple(post["id"] for post in one["posts"]) for one in made}) == 1
    assert (await ada.ask(COUNT, handle=ada.handle))["user"]["postCount"] == 2
    assert (await ada.refusal(THREAD, posts=posts[:1], idempotencyKey="k"))[0] == "CONFLICT"


async def test_a_thread_goes_on_from_a_post_where_one_may_answer(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    began = await ada.write("Hello", replyPolicy="NOBODY")
    posts = [{"text": "one"}, {"text": "two"}]
    assert await bob.refusal(THREAD, posts=posts, replyToId=began) == ("FORBIDDEN", ["replyToId"])
    made = await ada.do(THREAD, posts=posts, replyToId=began, visibility="FOLLOWERS")
    assert made["posts"][0]["replyTo"]["id"] == began
    assert {post["visibility"] for post in made["posts"]} == {"FOLLOWERS"}
    signed_out = (await town.ask(THREAD, input={"posts": posts}))["createThread"]
    assert signed_out["userErrors"][0]["code"] == "UNAUTHENTICATED"
