"""What nobody may learn from the side: who blocks them, what was hidden from them, when it was deleted."""

from __future__ import annotations

from tests.people import Town

REPLIES = """query($id: ID!) { node(id: $id) { ... on Post { replyCount quoteCount version
    ancestors { edges { cursor node { __typename ... on UnavailablePost { reason } } } }
    replies(first: 20) { edges { cursor node { __typename } } } } } }"""


async def test_a_deleted_secret_answer_leaves_no_hole_for_strangers(town: Town) -> None:
    ada, bob, stranger = [await town.person(name) for name in ("ada", "bob", "eve")]
    post = await ada.write("Hello")
    before = (await stranger.ask(REPLIES, id=post))["node"]
    secret = await bob.write("Psst", replyToId=post, visibility="MENTIONED")
    assert (await stranger.ask(REPLIES, id=post))["node"] == before, "not even a number moves"
    assert len((await ada.ask(REPLIES, id=post))["node"]["replies"]["edges"]) == 1
    await bob.do("DeletePost", postId=secret)
    assert (await stranger.ask(REPLIES, id=post))["node"] == before
    assert len((await ada.ask(REPLIES, id=post))["node"]["replies"]["edges"]) == 1, "who saw it sees the hole"


async def test_the_cursor_of_a_hidden_ancestor_is_not_its_id(town: Town) -> None:
    ada, bob, stranger = [await town.person(name) for name in ("ada", "bob", "eve")]
    await bob.follow(ada)
    hidden = await ada.write("For followers", visibility="FOLLOWERS")
    answer = await bob.write(f"@{stranger.handle} look", replyToId=hidden)
    (edge,) = (await stranger.ask(REPLIES, id=answer))["node"]["ancestors"]["edges"]
    assert edge["node"] == {"__typename": "UnavailablePost", "reason": "NOT_VISIBLE"}
    assert edge["cursor"].removeprefix("k") != hidden.removeprefix("post_")


async def test_the_end_of_a_hidden_post_is_told_to_nobody_else(town: Town) -> None:
    ada, reader = await town.person("ada"), await town.person("bob")
    await reader.follow(ada)
    async with reader.live("HomeLive", after=(await reader.home())["liveCursor"]) as feed:
        secret = await ada.write("Not for you", visibility="MENTIONED")
        await ada.do("DeletePost", postId=secret)
        shown = await ada.write("For you")
        event = await feed.next()
        assert (event["__typename"], event["edge"]["node"]["id"]) == ("PostPublished", shown)


async def test_whoever_is_blocked_is_not_told_by_whom(town: Town) -> None:
    ada, blocked = await town.person("ada"), await town.person("bob")
    async with blocked.live("ExploreLive") as explore, blocked.live("HomeLive") as home:
        await ada.do("BlockUser", userId=blocked.id)  # somebody who never posted
        await ada.write("And now a post")
        seen = await (eve := await town.person("eve")).write("Something else")
        event = await explore.until("PostPublished")
        while event["edge"]["node"]["id"] != seen:
            assert event["edge"]["node"]["author"]["id"] != ada.id
            event = await explore.until("PostPublished")
        own = await blocked.write("Mine")
        event = await home.next()
        assert (event["__typename"], event["edge"]["node"]["id"]) == ("PostPublished", own), "nothing changed at home"
        await eve.do("BlockUser", userId=blocked.id)  # somebody who stands in explore: it changes, but no name is told
        assert (await explore.until("Reset"))["reason"] == "RULES_CHANGED"


async def test_what_one_did_can_be_undone_behind_a_block(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    post = await ada.write("Hello")
    for deed in ("LikePost", "RepostPost"):
        await bob.do(deed, postId=post)
    await ada.do("BlockUser", userId=bob.id)
    for undo in ("UnlikePost", "UnrepostPost"):
        assert await bob.attempt(undo, postId=post) == {"post": None, "userErrors": []}
        assert await bob.refusal(undo, postId=post) == ("NOT_FOUND", ["postId"])
    node = (await ada.ask("Conversation", id=post))["node"]
    assert (node["likeCount"], node["repostCount"]) == (0, 0)


async def test_a_cookie_s_secret_is_no_bearer_token(town: Town) -> None:
    ada = await town.person("ada")
    headers = {"Cookie": f"fresque_session={ada.token}"}
    asked = {"query": "{ viewer { user { id } } }"}
    answer = await town.http.post(f"{town.url}/graphql", json=asked, headers=headers)
    assert answer.json()["data"] == {"viewer": None}
