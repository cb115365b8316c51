"""Creating in the open: a post is published at once, who may see it sees its pictures come, and nobody sees more than that."""

from __future__ import annotations

import asyncio
import itertools
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import orjson
import pytest

from models import node_id
from models.database import fetch, fetch_value
from models.engine import announce
from models.job import Failure
from models.job_end import Ending, Setback
from models.lease import Claimed, NewImage, claim, finish, keep_output, release
from realtime import topic
from realtime.wire import SIGNALS
from tests.conftest import Serving
from tests.people import Feed, Person, Refused, Town
from tests.selection import mutation
from tests.test_wish import LOOM

OPEN = """mutation($input: GenerateImagesInput!) { generateImages(input: $input) { job { id post { id version text visibility
  contentWarning images { id } creation { state wanted showsPartials job { id } } } } userErrors { code message path } } }"""
POST = """query($id: ID!) { node(id: $id) { ... on Post { id version text images { id altText url generation { prompt } }
  creation { state wanted showsPartials job { id prompt seed } } } } }"""
LIVE = """subscription($ids: [ID!]!) { postsChanged(ids: $ids) { __typename cursor
  ... on PostChanged { post { id version images { id } creation { state job { id } } } }
  ... on PostProgressed { postId fraction previewUrl outputIndex } ... on PostRemoved { postId } ... on Reset { reason } } }"""
HOME = "{ viewer { homeTimeline(first: 5) { edges { node { id images { id } creation { state } } } } } }"
UNMADE = Failure("busy", "The engine had no time.")
_kilns = itertools.count(1)


@dataclass(slots=True)
class Kiln:
    """An engine of one test's own, so that nobody else's jobs are claimed."""

    name: str

    async def claimed(self) -> Claimed:
        """Its next job, which must be there."""
        found = await claim([self.name])
        assert found is not None
        return found

    async def kept(self, job: Claimed, index: int) -> int:
        """A picture kept for an output; its number."""
        image = NewImage(
            f"p/{self.name}/{job.id}/{index}/",
            "image/png",
            9,
            64,
            64,
            "L00000fQfQfQfQfQfQfQfQfQfQfQ",
            f"A fox, {index}",
        )
        number = await keep_output(job.id, job.token, index, image)
        assert number is not None
        return number


@pytest.fixture
async def kiln(town: Town) -> Kiln:
    found = Kiln(f"kiln_{next(_kilns)}")
    model = {"name": "one", "default_width": 64, "default_height": 64, "capabilities": LOOM}
    await announce(found.name, [model], True)
    return found


async def opened(
    author: Person, kiln: Kiln, text: str = "Watch this", count: int = 1, **publish: Any
) -> dict[str, Any]:
    """A job asked for in the open."""
    payload = await author.do(
        OPEN, prompt="a secret fox", engine=kiln.name, count=count, publish={"text": text, **publish}
    )
    found: dict[str, Any] = payload["job"]
    return found


async def seen(who: Person | Town, post: str) -> dict[str, Any] | None:
    """The post as somebody sees it."""
    found: dict[str, Any] | None = (await who.ask(POST, id=post))["node"]
    return found


async def test_pictures_come_into_the_post_as_they_are_kept(town: Town, kiln: Kiln) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    await bob.follow(ada)
    job = await opened(ada, kiln, count=2, altText="A fox of clay", contentWarning="Foxes")
    post = job["post"]
    assert (post["text"], post["contentWarning"], post["images"]) == ("Watch this", "Foxes", [])
    assert post["creation"] == {"state": "WAITING", "wanted": 2, "showsPartials": False, "job": {"id": job["id"]}}
    (edge,) = (await bob.home())["edges"]
    assert edge["node"]["id"] == post["id"]
    async with bob.live(LIVE, ids=[post["id"]]) as feed:
        work = await kiln.claimed()
        states, version = [], post["version"]
        changed = await feed.until("PostChanged")
        states.append(changed["post"]["creation"]["state"])
        first = await kiln.kept(work, 0)
        assert await keep_output(work.id, work.token, 0, NewImage("x/", "image/png", 9, 1, 1, "x", "x")) == first
        while not changed["post"]["images"]:
            changed = await feed.until("PostChanged")
        assert changed["post"]["version"] > version
        assert changed["post"]["creation"] == {"state": "MAKING", "job": None}  # the job is the author's alone
        second = await kiln.kept(work, 1)
        await finish(work.id, work.token, Ending.DONE)
        while changed["post"]["creation"] is not None:
            changed = await feed.until("PostChanged")
    pictures = [node_id.encode("image", number) for number in (first, second)]
    assert [image["id"] for image in changed["post"]["images"]] == pictures
    found = await seen(bob, post["id"])
    assert found is not None
    assert [(image["altText"], image["generation"]) for image in found["images"]] == [("A fox of clay", None)] * 2
    assert (await seen(ada, post["id"]) or {})["images"][0]["generation"] == {"prompt": "a secret fox"}
    (edge,) = (await bob.home())["edges"]
    assert [image["id"] for image in edge["node"]["images"]] == pictures


async def test_alt_text_is_proposed_from_what_was_made(town: Town, kiln: Kiln) -> None:
    ada = await town.person("ada")
    job = await opened(ada, kiln)
    await kiln.kept(await kiln.claimed(), 0)
    assert [image["altText"] for image in (await seen(ada, job["post"]["id"]) or {})["images"]] == ["A fox, 0"]
    refusal = await ada.refusal(OPEN, prompt="x", engine=kiln.name, publish={"text": "x", "altText": "x" * 2_001})
    assert refusal == ("BAD_USER_INPUT", ["publish", "altText"])


async def test_a_worker_that_dies_leaves_each_picture_once(town: Town, kiln: Kiln) -> None:
    ada = await town.person("ada")
    job = await opened(ada, kiln, count=2)
    work = await kiln.claimed()
    first = await kiln.kept(work, 0)
    await release(work.id, work.token, Setback(UNMADE, counted=False))
    assert (await seen(ada, job["post"]["id"]) or {})["creation"]["state"] == "WAITING"
    later = await kiln.claimed()
    assert later.wanted == (1,)
    assert await keep_output(work.id, work.token, 1, NewImage("x/", "image/png", 9, 1, 1, "x", "x")) is None  # too late
    second = await kiln.kept(later, 1)
    await finish(later.id, later.token, Ending.DONE)
    found = await seen(ada, job["post"]["id"])
    assert found is not None
    assert [image["id"] for image in found["images"]] == [node_id.encode("image", one) for one in (first, second)]
    assert found["creation"] is None


@pytest.mark.parametrize("ending", [Ending.FAILED, Ending.BLOCKED, Ending.TIMED_OUT])
async def test_without_a_picture_the_post_says_so_or_goes(town: Town, kiln: Kiln, ending: Ending) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    said, bare = await opened(ada, kiln), await opened(ada, kiln, text="")
    for _ in range(2):
        work = await kiln.claimed()
        await finish(work.id, work.token, ending, UNMADE)
    found = await seen(bob, said["post"]["id"])
    assert found is not None
    assert (found["creation"]["state"], found["creation"]["job"], found["images"]) == ("FAILED", None, [])
    assert await seen(bob, bare["post"]["id"]) is None
    assert await seen(ada, bare["post"]["id"]) is None
    assert (await ada.ask(f'{{ user(handle: "{ada.handle}") {{ postCount }} }}'))["user"]["postCount"] == 1


async def test_what_was_made_before_it_was_cancelled_stays(town: Town, kiln: Kiln) -> None:
    ada = await town.person("ada")
    job = await opened(ada, kiln, text="", count=2)
    work = await kiln.claimed()
    waiting = await opened(ada, kiln)
    await kiln.kept(work, 1)
    await ada.do("CancelGeneration", jobId=job["id"])
    await finish(work.id, work.token, Ending.CANCELLED)
    found = await seen(ada, job["post"]["id"])
    assert found is not None
    assert (len(found["images"]), found["creation"]) == (1, None)
    await ada.do("CancelGeneration", jobId=waiting["id"])
    assert (await seen(ada, waiting["post"]["id"]) or {})["creation"]["state"] == "FAILED"


async def test_a_deleted_post_gets_no_picture(town: Town, kiln: Kiln) -> None:
    ada = await town.person("ada")
    job = await opened(ada, kiln)
    work = await kiln.claimed()
    await ada.do("DeletePost", postId=job["post"]["id"])
    image = await kiln.kept(work, 0)
    await finish(work.id, work.token, Ending.DONE)
    assert await fetch_value("SELECT count(*) FROM post_images WHERE image_id = $1", image) == 0
    assert await seen(ada, job["post"]["id"]) is None
    alone = await ada.ask(
        "query($id: ID!) { node(id: $id) { ... on GenerationJob { state post { id } } } }", id=job["id"]
    )
    assert alone["node"] == {"state": "SUCCEEDED", "post": None}


async def test_nothing_is_asked_for_where_nothing_may_be_published(town: Town, kiln: Kiln) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    for publish, refusal in (
        ({"text": "x" * 10_000}, ("BAD_USER_INPUT", ["publish", "text"])),
        ({"contentWarning": "x" * 101}, ("BAD_USER_INPUT", ["publish", "contentWarning"])),
        ({"replyToId": "x"}, ("NOT_FOUND", ["publish", "replyToId"])),
        ({"replyToId": await bob.write("for few", visibility="MENTIONED")}, ("NOT_FOUND", ["publish", "replyToId"])),
    ):
        assert await ada.refusal(OPEN, prompt="x", engine=kiln.name, publish=publish) == refusal
    owner = node_id.number_of("user", ada.id)
    assert await fetch_value("SELECT count(*) FROM generation_jobs WHERE owner_id = $1", owner) == 0
    again = {"prompt": "x", "engine": kiln.name, "publish": {"text": "once"}, "idempotencyKey": "once"}
    assert (await ada.do(OPEN, **again))["job"]["post"]["id"] == (await ada.do(OPEN, **again))["job"]["post"]["id"]
    assert await fetch_value("SELECT count(*) FROM posts WHERE author_id = $1", owner) == 1


async def progress(running: Serving, job: Claimed, fraction: float) -> None:
    """What a worker tells while it works, with all it knows."""
    word = {
        "topic": topic.job(job.id), "owner": job.owner_id, "fraction": fraction, "phase": "secret words",
        "outputIndex": 0, "previewKey": f"previews/{job.id}/1/0-1.webp",
    }  # fmt: skip
    await running.application.state.house.wire.publish(SIGNALS, orjson.dumps(word))


@pytest.mark.parametrize(("visibility", "shown"), [("PUBLIC", {"fan", "stranger", "nobody"}), ("FOLLOWERS", {"fan"})])
async def test_who_may_see_the_post_sees_it_appear(
    town: Town, running: Serving, kiln: Kiln, visibility: str, shown: set[str]
) -> None:
    ada = await town.person("ada")
    cast = {name: await town.person(name) for name in ("fan", "stranger", "blocked")}
    cast["nobody"] = Person(town, "", "", None)
    await cast["fan"].follow(ada)
    await ada.do("BlockUser", userId=cast["blocked"].id)
    job = await opened(ada, kiln, visibility=visibility, showPartials=True)
    post = job["post"]["id"]
    work = await kiln.claimed()
    for name, who in cast.items():
        found = await seen(who, post)
        assert (found is not None) is (name in shown), name
        if found is not None:
            assert found["creation"] == {"state": "MAKING", "wanted": 1, "showsPartials": True, "job": None}
    async with AsyncExitStack() as stack:
        feeds: dict[str, Feed] = {
            name: await stack.enter_async_context(who.live(LIVE, ids=[post]))
            for name, who in (cast | {"ada": ada}).items()
        }
        await progress(running, work, 0.5)
        for name in (*shown, "ada"):
            told = await feeds[name].until("PostProgressed")
            assert set(told) == {"__typename", "cursor", "postId", "fraction", "previewUrl", "outputIndex"}
            assert (told["postId"], told["fraction"], told["outputIndex"]) == (post, 0.5, 0)
            assert f"previews/{work.id}/1/0-1.webp" in told["previewUrl"]
        for name in set(cast) - shown:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):
                    await feeds[name].next()


async def test_who_is_blocked_meanwhile_sees_no_more_of_it(town: Town, running: Serving, kiln: Kiln) -> None:
    ada, fan, other = [await town.person(name) for name in ("ada", "fan", "other")]
    job = await opened(ada, kiln, showPartials=True)
    work = await kiln.claimed()
    async with fan.live(LIVE, ids=[job["post"]["id"]]) as one, other.live(LIVE, ids=[job["post"]["id"]]) as two:
        await progress(running, work, 0.25)
        assert (await one.until("PostProgressed"))["fraction"] == 0.25
        await two.until("PostProgressed")
        await ada.do("BlockUser", userId=fan.id)
        await one.until("Reset")
        await progress(running, work, 0.75)
        assert (await two.until("PostProgressed"))["fraction"] == 0.75
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await one.until("PostProgressed")


async def test_of_a_post_that_was_deleted_nobody_is_told_any_more(town: Town, running: Serving, kiln: Kiln) -> None:
    ada, fan = await town.person("ada"), await town.person("fan")
    kept, deleted = [await opened(ada, kiln, text, showPartials=True) for text in ("stays", "regretted")]
    works = {node_id.encode("job", work.id): work for work in (await kiln.claimed(), await kiln.claimed())}
    async with fan.live(LIVE, ids=[kept["post"]["id"], deleted["post"]["id"]]) as feed:
        await progress(running, works[deleted["id"]], 0.25)
        assert (await feed.until("PostProgressed"))["postId"] == deleted["post"]["id"]
        await ada.do("DeletePost", postId=deleted["post"]["id"])
        assert (await feed.until("PostRemoved"))["postId"] == deleted["post"]["id"]
        await progress(running, works[deleted["id"]], 0.75)
        await progress(running, works[kept["id"]], 0.5)
        told = await feed.until("PostProgressed")
        assert (told["postId"], told["fraction"]) == (kept["post"]["id"], 0.5)


async def test_a_home_shows_the_pictures_that_came(town: Town, kiln: Kiln) -> None:
    ada, fan = await town.person("ada"), await town.person("fan")
    await fan.follow(ada)
    made, failed = [await opened(ada, kiln, text) for text in ("made", "failed")]
    works = {node_id.encode("job", work.id): work for work in (await kiln.claimed(), await kiln.claimed())}

    async def home() -> dict[str, tuple[int, str | None]]:
        found: dict[str, tuple[int, str | None]] = {}
        for _ in range(3):  # the first time it is read, then it comes out of what is kept
            edges = (await fan.ask(HOME))["viewer"]["homeTimeline"]["edges"]
            nodes = [edge["node"] for edge in edges]
            found = {
                node["id"]: (len(node["images"]), node["creation"] and node["creation"]["state"]) for node in nodes
            }
        return found

    assert await home() == {made["post"]["id"]: (0, "MAKING"), failed["post"]["id"]: (0, "MAKING")}
    await kiln.kept(works[made["id"]], 0)
    assert (await home())[made["post"]["id"]] == (1, "MAKING")
    for job, ending in ((made, Ending.DONE), (failed, Ending.FAILED)):
        await finish(works[job["id"]].id, works[job["id"]].token, ending)
    assert await home() == {made["post"]["id"]: (1, None), failed["post"]["id"]: (0, "FAILED")}


async def test_without_leave_no_partial_is_shown(town: Town, running: Serving, kiln: Kiln) -> None:
    ada, fan = await town.person("ada"), await town.person("fan")
    job = await opened(ada, kiln)
    work = await kiln.claimed()
    async with fan.live(LIVE, ids=[job["post"]["id"]]) as feed:
        await progress(running, work, 0.5)
        told = await feed.until("PostProgressed")
    assert (told["fraction"], told["previewUrl"], told["outputIndex"]) == (0.5, None, None)
    assert "secret" not in str(told)


async def test_the_job_itself_stays_its_owners(town: Town, kiln: Kiln) -> None:
    ada, fan = await town.person("ada"), await town.person("fan")
    job = await opened(ada, kiln)
    assert (await fan.ask("GenerationJob", id=job["id"]))["node"] is None
    with pytest.raises(Refused):
        async with fan.live("JobLive", id=job["id"]):
            pass
    whole = await fan.answer(POST, id=job["post"]["id"])
    assert "secret" not in str(whole)
    assert (await ada.ask(POST, id=job["post"]["id"]))["node"]["creation"]["job"]["prompt"] == "a secret fox"


async def test_every_way_of_making_can_be_in_the_open(town: Town, kiln: Kiln) -> None:
    ada = await town.person("ada")
    first = await opened(ada, kiln)
    work = await kiln.claimed()
    image = node_id.encode("image", await kiln.kept(work, 0))
    await finish(work.id, work.token, Ending.DONE)
    thread = await ada.ask(
        "query($id: ID!) { node(id: $id) { ... on GenerationJob { thread { id } } } }", id=first["id"]
    )
    for name, given in (
        ("editImage", {"imageId": image, "prompt": "bluer", "engine": kiln.name}),
        ("varyImage", {"imageId": image, "engine": kiln.name}),
        ("continueGeneration", {"threadId": thread["node"]["thread"]["id"], "prompt": "bluer"}),
    ):
        job = (await ada.do(mutation(name, 2), **given, publish={"text": name}))["job"]
        assert job["post"]["text"] == name
    await fetch("UPDATE generation_jobs SET state = 'CANCELLED' WHERE engine = $1 AND state = 'QUEUED'", kiln.name)


async def test_what_was_made_becomes_an_avatar_and_a_banner(town: Town, kiln: Kiln) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    await ada.do(OPEN, prompt="me as a fox", engine=kiln.name)
    image = node_id.encode("image", await kiln.kept(await kiln.claimed(), 0))
    update = mutation("updateProfile")
    await ada.do(update, avatarImageId=image, bannerImageId=image)
    asked = f'{{ user(handle: "{ada.handle}") {{ avatar {{ id generated }} banner {{ id generation {{ id }} }} }} }}'
    assert (await bob.ask(asked))["user"] == {
        "avatar": {"id": image, "generated": True},
        "banner": {"id": image, "generation": None},
    }
    assert (await bob.refusal(update, avatarImageId=image))[0] == "NOT_FOUND"
