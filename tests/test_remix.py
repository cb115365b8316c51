"""Remixing: who may, what shows of it, what counts, and what happens when permission is taken back."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from models import node_id
from models.consent import RemixPolicy, may_remix, may_remix_sql
from models.database import fetch, fetch_value
from models.visibility import visible
from tests.making import Brush, seen
from tests.people import Person, Town
from tests.selection import UPDATE_PROFILE, mutation
from tests.test_wish import picture

UPDATE = mutation("updateRemixPolicy")
REQUEST, ACCEPT, DECLINE = mutation("requestRemix"), mutation("acceptRemixRequest"), mutation("declineRemixRequest")
REVOKE, RESTORE = mutation("revokeRemix"), mutation("restoreRemix")
EDIT = """mutation($input: EditImageInput!) { editImage(input: $input) { job { id post { id } }
  userErrors { code message path } } }"""
OPEN = """mutation($input: GenerateImagesInput!) { generateImages(input: $input) { job { id post { id } }
  userErrors { code message path } } }"""
LIVE = """subscription($ids: [ID!]!) { postsChanged(ids: $ids) { __typename cursor
  ... on PostChanged { post { id version remixCount viewerCanRemix remixOf { __typename } } } } }"""
REQUESTS = """{ viewer { remixRequests { edges { node { id state message user { handle } post { ... on Post { id } } } } }
  sentRemixRequests { edges { node { state } } } } }"""
REQUESTS_LIVE = (
    "subscription { remixRequests { __typename cursor ... on RemixRequestChanged { request { id state message } } } }"
)
JOB = "query($id: ID!) { node(id: $id) { ... on GenerationJob { state inputs { role image { id } } post { id images { id } } } } }"


@pytest.fixture
async def brush(town: Town) -> Brush:
    return await Brush.new()


async def people(town: Town, *names: str) -> list[Person]:
    return [await town.person(name) for name in names]


async def test_a_remix_credits_what_it_was_made_from(town: Town, brush: Brush) -> None:
    ada, ben, eve = await people(town, "ada", "ben", "eve")
    source = await brush.post(ada)
    assert (await seen(ben, source[0]))["viewerCanRemix"] is True
    async with eve.live(LIVE, ids=[source[0]]) as feed:
        remix = await brush.remix(ben, source)
        changed = await feed.until("PostChanged")
        assert changed["post"]["remixCount"] == 1
    found = await seen(eve, remix[0])
    credit = {"__typename": "RemixSource", "post": {"id": source[0]}, "image": {"id": source[1]}}
    assert (found["remixOf"], found["images"][0]["remixedFrom"], found["images"][0]["remixed"]) == (
        credit,
        credit,
        True,
    )
    assert found["images"][0]["madeWith"] == {"engine": brush.name, "model": "one", "kind": "EDIT"}
    above = await seen(eve, source[0])
    assert (above["remixCount"], above["remixOf"]) == (1, None)
    assert above["remixes"]["edges"] == [{"permission": "GIVEN", "node": {"id": remix[0]}}]
    await ben.do("DeletePost", postId=remix[0])
    assert ((await seen(eve, source[0]))["remixCount"], (await seen(eve, source[0]))["remixes"]["edges"]) == (0, [])


async def test_what_is_made_of_a_remix_is_one(town: Town, brush: Brush) -> None:
    """Nobody loses the credit by editing once more in private, nor by learning from the remix."""
    ada, ben = await people(town, "ada", "ben")
    source = await brush.post(ada)
    first = await brush.edit(ben, source[1], remixOf=source[0])
    second = await brush.edit(ben, first, "and a hat")
    third = await brush.paint(ben, "like that", referenceIds=[second])
    post = await ben.write("All mine", images=[{"imageId": second}, {"imageId": third}])
    origins = [image["remixedFrom"]["post"]["id"] for image in (await seen(ada, post))["images"]]
    assert origins == [source[0]] * 2
    assert (await seen(ada, source[0]))["remixCount"] == 1, "a post counts once"


async def test_words_with_a_picture_to_learn_from_remix_it(town: Town, brush: Brush) -> None:
    ada, ben = await people(town, "ada", "ben")
    source = await brush.post(ada)
    job = (
        await ben.do(
            mutation("generateImages"), prompt="a fox too", engine=brush.name,
            remixOf={"postId": source[0], "imageId": source[1]},
        )
    )["job"]  # fmt: skip
    (image,) = await brush.made(await brush.claimed())
    post = await ben.write("Learnt", images=[{"imageId": image}])
    assert (await seen(ada, post))["remixOf"]["post"]["id"] == source[0]
    shown = (await ben.ask(JOB, id=job["id"]))["node"]["inputs"]
    assert shown == [{"role": "REFERENCE", "image": {"id": source[1]}}]
    await ada.do("DeletePost", postId=source[0])
    assert (await ben.ask(JOB, id=job["id"]))["node"]["inputs"] == [], "what is not shown any more is left out"


async def test_a_remix_is_on_no_profile_once_its_source_allows_none(town: Town, brush: Brush) -> None:
    ada, ben = await people(town, "ada", "ben")
    source = await brush.post(ada)
    image = await brush.edit(ben, source[1], remixOf=source[0])
    await ben.do(UPDATE_PROFILE, avatarImageId=image)
    await ada.do(mutation("updateRemixPolicy"), postId=source[0], policy="NOBODY")
    for field in ("avatarImageId", "bannerImageId"):
        assert await ben.refusal(UPDATE_PROFILE, **{field: image}) == ("FORBIDDEN", [field])
    await ben.do(UPDATE_PROFILE, avatarImageId=None)


async def test_who_may_not_is_refused(town: Town, brush: Brush) -> None:
    ada, ben, fan, foe = await people(town, "ada", "ben", "fan", "foe")
    await fan.follow(ada)
    await ada.do("BlockUser", userId=foe.id)
    other = await brush.post(ada)
    for policy, allowed in (("EVERYONE", (ben, fan)), ("FOLLOWERS", (fan,)), ("ASK", ()), ("NOBODY", ())):
        post, image = await brush.post(ada, remixPolicy=policy)
        for who in (ben, fan, foe, ada):
            may = who is ada or who in allowed
            payload = await who.attempt(EDIT, imageId=image, remixOf=post, prompt="x", engine=brush.name)
            codes = [error["code"] for error in payload["userErrors"]]
            assert codes == ([] if may else ["NOT_FOUND" if who is foe else "FORBIDDEN"]), (policy, who.handle)
            if who is not foe:
                assert (await seen(who, post))["viewerCanRemix"] is may
            if may:
                await brush.made(await brush.claimed())
            if who is not ada:  # without naming the post it is another's picture
                assert (await who.refusal(EDIT, imageId=image, prompt="x"))[0] == "NOT_FOUND"
        assert await ben.refusal(EDIT, imageId=other[1], remixOf=post, prompt="x", engine=brush.name) == (
            "NOT_FOUND",
            ["remixOf"],
        )
    hidden = await brush.post(ada, visibility="FOLLOWERS", remixPolicy="EVERYONE")
    refusal = await ben.refusal(EDIT, imageId=hidden[1], remixOf=hidden[0], prompt="x", engine=brush.name)
    assert refusal == ("NOT_FOUND", ["remixOf"])
    signed_out = await Person(town, "", "", None).refusal(EDIT, imageId=other[1], remixOf=other[0], prompt="x")
    assert signed_out[0] == "UNAUTHENTICATED"


async def test_posts_begin_as_their_author_settled(town: Town, brush: Brush) -> None:
    ada, ben = await people(town, "ada", "ben")
    sharing = "{ viewer { sharing { remixPolicy promptVisibility } } }"
    assert (await ada.ask(sharing))["viewer"]["sharing"] == {"remixPolicy": "EVERYONE", "promptVisibility": "NOBODY"}
    upload = await picture(ada)
    cut = await brush.edit(ada, upload, "without people")
    image = await brush.paint(ada)

    async def began(image: str | None, **given: Any) -> tuple[str, str]:
        post = await ada.write("x", **({"images": [{"imageId": image}]} if image else {}), **given)
        found = await seen(ada, post)
        return found["remixPolicy"], found["promptVisibility"]

    assert await began(image) == ("EVERYONE", "NOBODY")
    assert await began(upload) == ("NOBODY", "NOBODY"), "people in photographs never agreed"
    assert await began(cut) == ("NOBODY", "NOBODY"), "nor where one was worked on"
    assert await began(image, visibility="FOLLOWERS") == ("NOBODY", "NOBODY")
    assert await began(upload, remixPolicy="ASK", promptVisibility="EVERYONE") == ("ASK", "EVERYONE")
    await ada.do(mutation("updateSharing"), remixPolicy="FOLLOWERS")
    await ada.do(mutation("updateSharing"), promptVisibility="FOLLOWERS")
    assert await began(image) == ("FOLLOWERS", "FOLLOWERS")
    assert await began(image, remixPolicy="NOBODY") == ("NOBODY", "FOLLOWERS")
    assert await began(image, remixPolicy=None) == ("FOLLOWERS", "FOLLOWERS")
    assert (await ben.ask(sharing))["viewer"]["sharing"]["remixPolicy"] == "EVERYONE"
    opened = await ada.do(OPEN, prompt="x", engine=brush.name, referenceIds=[upload], publish={"text": "Soon"})
    assert (await seen(ada, opened["job"]["post"]["id"]))["remixPolicy"] == "NOBODY"
    await brush.made(await brush.claimed())


async def test_asking_and_answering_is_live_for_both(town: Town, brush: Brush) -> None:
    ada, ben, eve = await people(town, "ada", "ben", "eve")
    source = await brush.post(ada, remixPolicy="ASK")
    assert await eve.refusal(REQUEST, postId=(await brush.post(ada))[0]) == ("CONFLICT", ["postId"])
    assert await eve.refusal(REQUEST, postId=source[0], message="x" * 281) == ("BAD_USER_INPUT", ["message"])
    async with (
        ada.live(REQUESTS_LIVE) as asked,
        ben.live(REQUESTS_LIVE) as told,
        ben.live(LIVE, ids=[source[0]]) as feed,
    ):
        request = (await ben.do(REQUEST, postId=source[0], message="May I?"))["request"]
        assert (await ben.do(REQUEST, postId=source[0], message="Please?"))["request"]["id"] == request["id"]
        assert (await asked.until("RemixRequestChanged"))["request"] == {
            "id": request["id"], "state": "PENDING", "message": "May I?"
        }  # fmt: skip
        assert (await told.until("RemixRequestChanged"))["request"]["state"] == "PENDING"
        mine = (await ada.ask(REQUESTS))["viewer"]["remixRequests"]["edges"]
        assert [(edge["node"]["user"]["handle"], edge["node"]["post"]["id"]) for edge in mine] == [
            (ben.handle, source[0])
        ]
        for stranger in (ben, eve):
            assert await stranger.refusal(ACCEPT, requestId=request["id"]) == ("NOT_FOUND", ["requestId"])
        assert (await eve.ask("query($id: ID!) { node(id: $id) { id } }", id=request["id"]))["node"] is None
        assert (await seen(ben, source[0]))["viewerRemixRequest"] == {"state": "PENDING"}
        await ada.do(ACCEPT, requestId=request["id"])
        assert (await told.until("RemixRequestChanged"))["request"]["state"] == "ACCEPTED"
        assert (await feed.until("PostChanged"))["post"]["viewerCanRemix"] is True
    assert [(await seen(who, source[0]))["viewerCanRemix"] for who in (ben, eve)] == [True, False]
    remix = await brush.remix(ben, source)
    await ada.do(DECLINE, requestId=request["id"])
    assert (await seen(ben, source[0]))["viewerCanRemix"] is False
    assert (await seen(eve, remix[0]))["remixOf"]["__typename"] == "RemixSource", "what is there stays"
    assert await ben.refusal(REQUEST, postId=source[0]) == ("FORBIDDEN", ["postId"])
    await ada.do("BlockUser", userId=ben.id)
    assert (await ada.ask(REQUESTS))["viewer"]["remixRequests"]["edges"] == []


async def test_permission_is_asked_again_when_it_is_published(town: Town, brush: Brush) -> None:
    ada, ben = await people(town, "ada", "ben")
    source = await brush.post(ada)
    image = await brush.edit(ben, source[1], remixOf=source[0])
    later = (
        await ben.do(
            EDIT, imageId=source[1], remixOf=source[0], prompt="x", engine=brush.name, publish={"text": "Soon"}
        )
    )["job"]
    await ada.do(UPDATE, postId=source[0], policy="NOBODY")
    refusal = await ben.refusal("CreatePost", text="x", images=[{"imageId": image}])
    assert refusal == ("FORBIDDEN", ["images", "0", "imageId"])
    await brush.made(await brush.claimed())
    found = (await ben.ask(JOB, id=later["id"]))["node"]
    assert (found["state"], found["post"]["images"]) == ("SUCCEEDED", []), "it is kept, and not shown"
    assert (await seen(ada, source[0]))["remixCount"] == 0
    await ada.do(UPDATE, postId=source[0], policy="EVERYONE")
    await ben.write("Now", images=[{"imageId": image}])
    await ada.do("DeletePost", postId=source[0])
    assert (await ben.refusal("CreatePost", text="x", images=[{"imageId": image}]))[0] == "FORBIDDEN"


async def test_a_retry_asks_again(town: Town, brush: Brush) -> None:
    ada, ben = await people(town, "ada", "ben")
    source = await brush.post(ada)
    jobs = []
    for _ in range(2):
        jobs.append(
            (await ben.do(EDIT, imageId=source[1], remixOf=source[0], prompt="x", engine=brush.name))["job"]["id"]
        )
        await ben.do("CancelGeneration", jobId=jobs[-1])
    await ben.do(mutation("retryGeneration"), jobId=jobs[0])
    (image,) = await brush.made(await brush.claimed())
    assert await fetch_value("SELECT remix_post_id FROM images WHERE id = $1", node_id.number_of("image", image))
    await ada.do(UPDATE, postId=source[0], policy="NOBODY")
    assert (await ben.attempt(mutation("retryGeneration"), jobId=jobs[1]))["userErrors"][0]["code"] == "FORBIDDEN"


async def test_permission_taken_back_shows(town: Town, brush: Brush) -> None:
    ada, ben, cai, eve = await people(town, "ada", "ben", "cai", "eve")
    source = await brush.post(ada)
    remix, other = await brush.remix(ben, source), await brush.remix(cai, source)
    revoked = {"__typename": "UnavailableRemixSource", "reason": "REVOKED"}
    async with eve.live(LIVE, ids=[remix[0]]) as feed:
        await ada.do(REVOKE, postId=remix[0])
        assert (await feed.until("PostChanged"))["post"]["remixOf"] == {"__typename": "UnavailableRemixSource"}
    assert (await seen(eve, remix[0]))["remixOf"] == revoked
    assert (await seen(eve, other[0]))["remixOf"]["__typename"] == "RemixSource"
    assert [edge["permission"] for edge in (await seen(eve, source[0]))["remixes"]["edges"]] == ["GIVEN", "TAKEN_BACK"]
    assert [(await seen(who, source[0]))["viewerCanRemix"] for who in (ben, cai)] == [False, True]
    assert await ben.refusal(EDIT, imageId=source[1], remixOf=source[0], prompt="x") == ("FORBIDDEN", ["remixOf"])
    assert (await seen(eve, source[0]))["remixCount"] == 2, "they are there all the same"
    for who, post in ((ben, remix[0]), (eve, remix[0]), (ada, source[0])):
        assert (await who.refusal(REVOKE, postId=post))[0] in ("NOT_FOUND", "BAD_USER_INPUT")
    async with eve.live(LIVE, ids=[remix[0]]) as feed:
        await ada.do(RESTORE, postId=remix[0])
        assert (await feed.until("PostChanged"))["post"]["remixOf"] == {"__typename": "RemixSource"}
    async with eve.live(LIVE, ids=[remix[0], other[0]]) as feed:
        await ada.do(UPDATE, postId=source[0], policy="NOBODY")
        told = [await feed.until("PostChanged") for _ in range(2)]
        assert {one["post"]["id"] for one in told} == {remix[0], other[0]}
        assert {one["post"]["remixOf"]["__typename"] for one in told} == {"UnavailableRemixSource"}
    assert (await seen(eve, other[0]))["remixOf"] == revoked
    assert await ben.refusal(UPDATE, postId=source[0], policy="NOBODY") == ("FORBIDDEN", ["postId"])
    await ada.do("DeletePost", postId=source[0])
    assert (await seen(eve, other[0]))["remixOf"]["reason"] == "REVOKED"


async def test_a_source_that_is_gone_leaves_a_hole(town: Town, brush: Brush) -> None:
    ada, ben, eve = await people(town, "ada", "ben", "eve")
    source = await brush.post(ada)
    remix = await brush.remix(ben, source)
    await eve.do("BlockUser", userId=ada.id)
    assert (await seen(eve, remix[0]))["remixOf"]["reason"] == "BLOCKED"
    await eve.do(mutation("unblockUser"), userId=ada.id)
    async with eve.live(LIVE, ids=[remix[0]]) as feed:
        await ada.do("DeletePost", postId=source[0])
        assert (await feed.until("PostChanged"))["post"]["remixOf"] == {"__typename": "UnavailableRemixSource"}
    assert (await seen(eve, remix[0]))["remixOf"]["reason"] == "DELETED"


async def test_a_remix_for_few_counts_for_nobody(town: Town, brush: Brush) -> None:
    ada, ben, eve = await people(town, "ada", "ben", "eve")
    source = await brush.post(ada)
    await brush.remix(ben, source, visibility="FOLLOWERS")
    assert ((await seen(eve, source[0]))["remixCount"], (await seen(eve, source[0]))["remixes"]["edges"]) == (0, [])
    await eve.follow(ben)
    assert len((await seen(eve, source[0]))["remixes"]["edges"]) == 1


async def test_a_private_account_counts_for_nobody_else(town: Town, brush: Brush) -> None:
    ada, ben, eve = await people(town, "ada", "ben", "eve")
    source = await brush.post(ada)
    await brush.remix(ben, source)
    for private, count in ((True, 0), (False, 1), (True, 0)):
        async with eve.live(LIVE, ids=[source[0]]) as feed:
            await ben.do(mutation("setAccountPrivacy"), isPrivate=private)
            assert (await feed.until("PostChanged"))["post"]["remixCount"] == count
    await brush.remix(ben, source)
    assert (await seen(eve, source[0]))["remixCount"] == 0
    own = await brush.post(ben)
    assert (await seen(ben, own[0]))["remixPolicy"] == "NOBODY", "it is for few"
    await ben.do(mutation("setAccountPrivacy"), isPrivate=False)
    assert (await seen(eve, source[0]))["remixCount"] == 2


async def test_a_remix_made_in_the_open_counts_when_its_picture_comes(town: Town, brush: Brush) -> None:
    ada, ben = await people(town, "ada", "ben")
    source = await brush.post(ada)
    given = {
        "imageId": source[1],
        "remixOf": source[0],
        "prompt": "x",
        "engine": brush.name,
        "publish": {"text": "Soon"},
    }
    post = (await ben.do(EDIT, **given))["job"]["post"]["id"]
    assert ((await seen(ada, post))["remixOf"], (await seen(ada, source[0]))["remixCount"]) == (None, 0)
    await brush.made(await brush.claimed())
    assert (await seen(ada, post))["remixOf"]["post"]["id"] == source[0]
    assert (await seen(ada, source[0]))["remixCount"] == 1


async def test_home_says_the_same(town: Town, brush: Brush) -> None:
    """A home comes out of what is kept, live events out of what is shared; neither mixes up who may."""
    ada, ben, fan = await people(town, "ada", "ben", "fan")
    for who in (ben, fan):
        await who.follow(ada)
    asked = await brush.post(ada, remixPolicy="ASK")
    await ada.do(ACCEPT, requestId=(await ben.do(REQUEST, postId=asked[0]))["request"]["id"])

    async def can(who: Person) -> bool:
        for _ in range(3):
            (edge,) = (await who.home())["edges"]
        found: bool = edge["node"]["viewerCanRemix"]
        return found

    assert [await can(ben), await can(fan), await can(ben)] == [True, False, True]
    await ada.do(UPDATE, postId=asked[0], policy="FOLLOWERS")
    assert [await can(fan), await can(ben)] == [True, True]
    await ada.do(UPDATE, postId=asked[0], policy="NOBODY")
    assert [await can(fan), await can(ben)] == [False, False]
    remix = (await seen(ada, asked[0]))["remixPolicy"]
    assert remix == "NOBODY"


async def test_sql_and_python_agree_on_who_may(town: Town, brush: Brush) -> None:
    ada, ben = await people(town, "ada", "ben")
    post, _ = await brush.post(ada)
    number, author, me = (
        node_id.number_of(kind, one) for kind, one in (("post", post), ("user", ada.id), ("user", ben.id))
    )
    for policy, follows, permit in itertools.product(
        RemixPolicy, (False, True), (None, "PENDING", "ACCEPTED", "DECLINED", "REVOKED")
    ):
        await fetch("UPDATE posts SET remix_policy = $2 WHERE id = $1", number, policy.value)
        await fetch("DELETE FROM follows WHERE follower_id = $1", me)
        await fetch("DELETE FROM remix_permits WHERE post_id = $1", number)
        if follows:
            await fetch("INSERT INTO follows (follower_id, followee_id, created_at) VALUES ($1, $2, now())", me, author)
        if permit:
            await fetch(
                "INSERT INTO remix_permits (post_id, author_id, person_id, state) VALUES ($1, $2, $3, $4)",
                number, author, me, permit,
            )  # fmt: skip
        for viewer, own in ((me, False), (author, True)):
            said = await fetch_value(
                f"SELECT {may_remix_sql()} AND {visible.sql()} FROM posts p WHERE p.id = $2", viewer, number
            )
            mine = permit if not own else None
            assert said == may_remix(policy.value, own=own, follows=follows and not own, permit=mine), (
                policy,
                follows,
                permit,
            )
        assert (await seen(ben, post))["viewerCanRemix"] == may_remix(
            policy.value, own=False, follows=follows, permit=permit
        )
