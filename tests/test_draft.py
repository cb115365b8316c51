"""Drafts: kept whole on the server, the same on all devices, nobody else's business, and never written over unseen."""

from __future__ import annotations

import asyncio

import pytest

from models import node_id
from models.database import fetch, fetch_value
from models.kept_draft import MOST_DRAFTS
from tests.people import Person, Refused, Town
from tests.scheduling import (
    DELETE,
    LISTS,
    LIVE,
    NODE,
    PUBLISH,
    SAVE,
    SCHEDULE,
    UNSCHEDULE,
    ahead,
    asking,
    content,
    drafts,
    number_of,
    picture,
    posts_of,
)

DELETE_IMAGE = "mutation($input: DeleteImageInput!) { deleteImage(input: $input) { userErrors { code path } } }"


async def test_a_draft_says_again_all_that_was_said(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    post, fox, owl = await bob.write("Hello"), await picture(ada), await picture(ada)
    said = {
        "posts": [
            {"text": "x" * 2_000, "contentWarning": "Long", "images": [{"imageId": fox, "altText": "Mine", "madeWithAi": "EDITED"}, {"imageId": owl}]},
            {"text": "and more", "quotedPostId": post, "poll": {"options": ["Yes", "", "x" * 200], "minutes": 60, "multiple": True}},
        ],
        "replyToId": post,
        "visibility": "FOLLOWERS",
        "altText": "A fox of clay",
        "wish": {"prompt": "a fox", "engine": "none yet", "width": 128, "count": 2, "referenceIds": [owl], "priority": "HIGH"},
    }  # fmt: skip
    draft = (await ada.do(SAVE, content=said))["draft"]
    assert (draft["state"], draft["version"], draft["visibility"]) == ("DRAFT", 1, "FOLLOWERS")
    first, second = draft["posts"]
    assert (first["text"], first["contentWarning"]) == ("x" * 2_000, "Long")
    assert first["images"] == [
        {"altText": "Mine", "madeWithAi": "EDITED", "image": {"id": fox}},
        {"altText": None, "madeWithAi": None, "image": {"id": owl}},
    ]
    assert second["quotedPostId"] == post
    assert second["poll"] == {"options": ["Yes", "", "x" * 200], "minutes": 60, "multiple": True, "hidesResults": False}
    assert (draft["replyToId"], draft["altText"]) == (post, "A fox of clay")
    settled = {"ENGINE": "none yet", "WIDTH": "128", "COUNT": "2"}
    assert {one["name"]: one["value"] for one in draft["wish"].pop("settings")} == settled
    assert draft["wish"] == {"prompt": "a fox", "priority": "HIGH", "references": [{"id": owl}]}
    draft = (await ada.ask(NODE, id=draft["id"]))["node"]
    assert await drafts(ada) == [draft]
    await bob.do("DeletePost", postId=post)
    assert (await ada.ask(NODE, id=draft["id"]))["node"] == draft, "what it answers may go; the draft stays"
    assert (await ada.do(SAVE, draftId=draft["id"], content=said | {"visibility": "PUBLIC"}))["draft"]["version"] == 2


async def test_two_devices_do_not_write_over_each_other(town: Town) -> None:
    ada = await town.person("ada")
    draft = (await ada.do(SAVE, content=content("one")))["draft"]
    here = (await ada.do(SAVE, draftId=draft["id"], expectedVersion=1, content=content("here")))["draft"]
    assert (await ada.do(SAVE, draftId=draft["id"], expectedVersion=2, content=content("here")))["draft"] == here
    there = await ada.attempt(SAVE, draftId=draft["id"], expectedVersion=1, content=content("there"))
    assert [(error["code"], error["path"]) for error in there["userErrors"]] == [("CONFLICT", ["expectedVersion"])]
    assert there["draft"] == here, "beside the refusal stands what is there"
    both = [ada.attempt(SAVE, draftId=draft["id"], expectedVersion=2, content=content(f"{n}")) for n in range(8)]
    done = [answer for answer in await asyncio.gather(*both) if not answer["userErrors"]]
    assert len(done) == 1
    assert (await ada.ask(NODE, id=draft["id"]))["node"] == done[0]["draft"]
    stale = await ada.attempt(PUBLISH, draftId=draft["id"], expectedVersion=1)
    assert (stale["userErrors"][0]["code"], stale["draft"]) == ("CONFLICT", done[0]["draft"])
    assert await posts_of(ada) == []


async def test_a_draft_is_its_owner_s_alone(town: Town) -> None:
    ada, bob, nobody = await town.person("ada"), await town.person("bob"), Person(town, "", "", None)
    draft = (await ada.do(SAVE, content=content("secret")))["draft"]
    for who in (bob, nobody):
        assert (await who.ask(NODE, id=draft["id"]))["node"] is None
        assert (await who.ask("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=[draft["id"]]))["nodes"] == [None]
    given = {"draftId": draft["id"]}
    for document, more in ((SAVE, {"content": content()}), (DELETE, {}), (UNSCHEDULE, {}), (PUBLISH, {}), (SCHEDULE, {"publishAt": ahead(hours=1)})):  # fmt: skip
        assert await bob.refusal(document, **given, **more) == ("NOT_FOUND", ["draftId"])
        assert await nobody.refusal(document, **given, **more) == ("UNAUTHENTICATED", None)
        assert await ada.refusal(document, **more, draftId=node_id.encode("draft", 5)) == ("NOT_FOUND", ["draftId"])
    assert (await ada.ask(NODE, id=draft["id"]))["node"] == draft
    assert (await nobody.ask(LISTS))["viewer"] is None
    fox = await picture(ada)
    refusal = await bob.refusal(SAVE, content={"posts": [{"images": [{"imageId": fox}]}]})
    assert refusal == ("NOT_FOUND", ["content", "posts", "0", "images", "0", "imageId"])
    refusal = await bob.refusal(SAVE, content=content(wish={"prompt": "x", "referenceIds": [fox]}))
    assert refusal == ("NOT_FOUND", ["content", "wish", "referenceIds"])


async def test_drafts_are_bounded(town: Town) -> None:
    ada = await town.person("ada")
    for said, path in (
        ({"posts": []}, ["posts"]),
        ({"posts": [{"text": "x"}] * 26}, ["posts"]),
        (content("x" * 3_001), ["posts", "0", "text"]),
        (content("x", "y" * 18_001), ["posts", "1", "text"]),
        ({"posts": [{"contentWarning": "x" * 201}]}, ["posts", "0", "contentWarning"]),
        (content(altText="x" * 2_001), ["altText"]),
        (asking(*"abcde"), ["posts", "0", "poll", "options"]),
        (asking("x" * 201), ["posts", "0", "poll", "options", "0"]),
        (asking("x", minutes=4), ["posts", "0", "poll", "minutes"]),
        (content(wish={"prompt": "x" * 4_001}), ["wish", "prompt"]),
        (content(wish={"prompt": "x", "style": "x" * 201}), ["wish"]),
        (content(wish={"prompt": "x", "publish": {"text": "now"}}), ["wish"]),
        (content(*["ab" * 1_500 + "é" * 100] * 25), ["posts", "0", "text"]),
        (content(*["é" * 2_000] * 25), []),
    ):
        assert await ada.refusal(SAVE, content=said) == ("BAD_USER_INPUT", ["content", *path])
    owner = node_id.number_of("user", ada.id)
    await fetch(
        "INSERT INTO drafts (owner_id, content) SELECT $1, $2::jsonb FROM generate_series(1, $3)",
        owner,
        {"posts": [], "reply_to_id": None, "visibility": "PUBLIC", "wish": None, "alt_text": None},
        MOST_DRAFTS,
    )
    assert await ada.refusal(SAVE, content=content()) == ("QUOTA_EXCEEDED", None)
    await fetch(
        "DELETE FROM drafts WHERE owner_id = $1 AND id = (SELECT max(id) FROM drafts WHERE owner_id = $1)", owner
    )
    answers = await asyncio.gather(*(ada.attempt(SAVE, content=content(str(n))) for n in range(4)))
    assert sum(not answer["userErrors"] for answer in answers) == 1


async def test_the_list_begins_with_what_was_changed_last(town: Town) -> None:
    ada = await town.person("ada")
    kept = [(await ada.do(SAVE, content=content(name)))["draft"] for name in ("one", "two", "three")]
    await ada.do(SAVE, draftId=kept[0]["id"], content=content("one again"))
    page = (await ada.ask(LISTS, first=2))["viewer"]["drafts"]
    rest = (await ada.ask(LISTS, after=page["pageInfo"]["endCursor"]))["viewer"]["drafts"]
    texts = [edge["node"]["posts"][0]["text"] for edge in (*page["edges"], *rest["edges"])]
    assert (texts, page["totalCount"]) == (["one again", "three", "two"], 3)


async def test_a_call_that_is_repeated_keeps_one_draft(town: Town) -> None:
    ada = await town.person("ada")
    calls = [ada.do(SAVE, content=content("once"), idempotencyKey="k") for _ in range(10)]
    assert len({answer["draft"]["id"] for answer in await asyncio.gather(*calls)}) == 1
    (draft,) = await drafts(ada)
    calls = [ada.do(PUBLISH, draftId=draft["id"], idempotencyKey="p") for _ in range(10)]
    answers = await asyncio.gather(*calls)
    assert len({answer["post"]["id"] for answer in answers}) == 1 == len(await posts_of(ada))
    assert await ada.refusal(PUBLISH, draftId=draft["id"]) == ("NOT_FOUND", ["draftId"])


async def test_other_devices_hear_of_it(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    async with ada.live(LIVE) as feed, bob.live(LIVE) as others:
        draft = (await ada.do(SAVE, content=content("one")))["draft"]
        told = await feed.next()
        assert (told["draft"]["id"], told["draft"]["version"]) == (draft["id"], 1)
        place = told["cursor"]
        await ada.do(SAVE, draftId=draft["id"], content=content("two"))
        assert (await feed.next())["draft"]["version"] == 2
        await ada.do(DELETE, draftId=draft["id"])
        assert await feed.next() == {"__typename": "DraftRemoved", "cursor": feed.cursor, "draftId": draft["id"]}
        other = (await ada.do(SAVE, content=content("out")))["draft"]
        await feed.until("DraftChanged")
        post = (await ada.do(PUBLISH, draftId=other["id"]))["post"]
        told = await feed.next()
        assert (told["__typename"], told["draftId"], told["post"]) == ("DraftPublished", other["id"], post)
        hers = (await bob.do(SAVE, content=content("bob's")))["draft"]
        assert (await others.next())["draft"]["id"] == hers["id"], "of ada's nothing was told"
    async with ada.live(LIVE, after=place) as feed:
        missed = [await feed.next() for _ in range(4)]
    assert {one.get("draftId") for one in missed} == {draft["id"], other["id"]}, "what was missed is told again"
    for name, number in (("drafts", 1), ("scheduledDrafts", 2)):
        page = f"{{ viewer {{ {name}(first: 1) {{ liveCursor }} }} }}"
        place = (await ada.ask(page))["viewer"][name]["liveCursor"]
        draft = (await ada.do(SAVE, content=content(f"after the page {number}")))["draft"]
        async with ada.live(LIVE, after=place) as feed:
            assert (await feed.next())["draft"]["id"] == draft["id"], "between a page and its stream nothing is lost"
    with pytest.raises(Refused, match="UNAUTHENTICATED"):
        async with town.live(LIVE):
            pass


async def test_a_thread_is_published_whole(town: Town) -> None:
    ada = await town.person("ada")
    fox = await picture(ada)
    said = content("first", "second", "third")
    said["posts"][1]["images"] = [{"imageId": fox, "altText": "Mine"}]
    draft = (await ada.do(SAVE, content=said))["draft"]
    assert await fetch_value("SELECT count(*) FROM draft_images WHERE draft_id = $1", number_of(draft)) == 1
    await ada.do(PUBLISH, draftId=draft["id"])
    first, second, third = await posts_of(ada)
    assert (first["reply_to_id"], second["reply_to_id"], third["reply_to_id"]) == (None, first["id"], second["id"])
    assert await fetch_value("SELECT alt_text FROM post_images WHERE post_id = $1", second["id"]) == "Mine"
    assert await fetch_value("SELECT count(*) FROM draft_images WHERE draft_id = $1", number_of(draft)) == 0
    bad = (await ada.do(SAVE, content=content("fine", "x" * 600)))["draft"]
    assert await ada.refusal(PUBLISH, draftId=bad["id"]) == ("BAD_USER_INPUT", ["content", "posts", "1", "text"])
    assert len(await posts_of(ada)) == 3, "all of a thread or none of it"
    assert [one["id"] for one in await drafts(ada)] == [bad["id"]]


async def test_a_picture_in_a_draft_is_not_deleted(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    shown, given = await picture(ada), await picture(ada)
    said = {"posts": [{"text": "x", "images": [{"imageId": shown}]}], "wish": {"prompt": "x", "referenceIds": [given]}}
    draft = (await ada.do(SAVE, content=said))["draft"]
    for image in (shown, given):
        assert await ada.refusal(DELETE_IMAGE, imageId=image) == ("CONFLICT", ["imageId"])
        assert await bob.refusal(DELETE_IMAGE, imageId=image) == ("NOT_FOUND", ["imageId"])
        assert (await bob.ask("query($id: ID!) { node(id: $id) { id } }", id=image))["node"] is None
    await ada.do(SAVE, draftId=draft["id"], content=content("neither"))
    for image in (shown, given):
        await ada.do(DELETE_IMAGE, imageId=image)
    path = ["content", "posts", "0", "images", "0", "imageId"]
    assert await ada.refusal(SAVE, draftId=draft["id"], content=said) == ("NOT_FOUND", path)
