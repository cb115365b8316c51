"""`kill -9` in the middle of a mutation: all or nothing stays, and the same call again gives the first answer."""

from __future__ import annotations

import io
import signal
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import pytest_asyncio
from PIL import Image

from dev.stack import Stack
from settings import Settings, read
from storage.address import SIZES
from storage.bucket import Bucket
from tests.people import PATIENCE_SECONDS, Person, Town
from tests.processes import Api, Process, Processes, own_stack

SIDES = (96, 64)
DONE = {"before_commit": False, "row_written": False, "bytes_kept": False, "after_commit": True, "before_reply": True}
POST_TRACES = """SELECT
    (SELECT count(*) FROM posts WHERE author_id = $1) AS posts,
    (SELECT count(*) FROM post_images i JOIN posts p ON p.id = i.post_id WHERE p.author_id = $1) AS images,
    (SELECT count(*) FROM post_counts c JOIN posts p ON p.id = c.subject_id WHERE p.author_id = $1) AS counters,
    (SELECT coalesce(sum(posts), 0)::int FROM user_count_deltas WHERE subject_id = $1) AS counted,
    (SELECT count(*) FROM events WHERE actor_id = $1 AND kind = 'post_created') AS events,
    (SELECT count(*) FROM idempotency_keys WHERE viewer_id = $1 AND mutation = 'createPost') AS keys"""
JOB_TRACES = """SELECT
    (SELECT count(*) FROM generation_jobs WHERE owner_id = $1) AS jobs,
    (SELECT count(*) FROM generation_outputs o JOIN generation_jobs j ON j.id = o.job_id WHERE j.owner_id = $1) AS outputs,
    (SELECT count(*) FROM credit_entries WHERE owner_id = $1 AND kind = 'RESERVE') AS lines,
    (SELECT held FROM credit_accounts WHERE owner_id = $1) AS held,
    (SELECT count(*) FROM events WHERE actor_id = $1 AND kind = 'job_changed') AS events,
    (SELECT count(*) FROM idempotency_keys WHERE viewer_id = $1 AND mutation = 'generateImages') AS keys"""
ENGINE = """INSERT INTO engines (name, models, available, heard_at) VALUES ('easel', '[{"name": "quick", "default_width": 64,
    "default_height": 64, "capabilities": {"min_side": 64, "max_side": 64, "max_count": 1}}]', true, now()) ON CONFLICT DO NOTHING"""
IMAGE_TRACES = """SELECT
    (SELECT count(*) FROM images WHERE owner_id = $1) AS images,
    (SELECT count(*) FROM uploads WHERE owner_id = $1 AND state = 'KEPT' AND image_id IS NOT NULL) AS kept,
    (SELECT count(*) FROM idempotency_keys WHERE viewer_id = $1 AND mutation = 'completeImageUpload') AS keys"""


@dataclass(slots=True)
class Scene:
    """A Fresque on servers of its own with one API process that stays well."""

    house: Processes
    well: Api
    http: httpx.AsyncClient
    bucket: Bucket

    async def person(self) -> Person:
        """Somebody new, who speaks to the process that is well."""
        return await Town(self.well.url, self.http).person("ada")

    def at(self, api: Api, person: Person) -> Person:
        """The same person, who speaks to this process."""
        return Person(Town(api.url, self.http), person.handle, person.id, person.token)

    async def crash(self, person: Person, operation: str, checkpoint: str, variant: str = "", **given: Any) -> Api:
        """Make a call at a process of its own that kills itself at the checkpoint; the process, dead."""
        api = self.house.api("dying", variant, CHECKPOINT=checkpoint)
        await self.house.begin(api)
        with pytest.raises(httpx.TransportError):
            await self.at(api, person).do(operation, **given)
        assert await api.ended() == -signal.SIGKILL
        return api

    async def again(self, api: Api) -> None:
        """Start a process that killed itself, which does not do so again."""
        del api.environment["CHECKPOINT"]
        await self.house.begin(api)

    async def traces(self, sql: str, person: Person) -> dict[str, int]:
        """How many rows of each kind this person's call has left."""
        number = await self.house.value("SELECT id FROM users WHERE handle = $1", person.handle)
        (row,) = await self.house.sql(sql, number)
        return dict(row)

    async def uploaded(self, person: Person, colour: str = "teal") -> str:
        """An upload whose form was sent to the bucket, not yet completed."""
        kept = io.BytesIO()
        Image.new("RGB", SIDES, colour).save(kept, "PNG")
        data = kept.getvalue()
        payload = await person.do("CreateImageUpload", mimeType="image/png", byteSize=len(data), filename="a.png")
        form = payload["upload"]
        fields = {field["name"]: field["value"] for field in form["fields"]}
        answer = await self.http.post(form["url"], data=fields, files={"file": ("a.png", data, "image/png")})
        assert answer.status_code in (200, 201, 204), answer.text
        found: str = form["id"]
        return found

    async def check_picture(self, image: dict[str, Any]) -> None:
        """The picture is there, whole, in every size."""
        answer = await self.http.get(image["url"], follow_redirects=True)
        assert answer.status_code == 200
        with Image.open(io.BytesIO(answer.content)) as picture:
            assert picture.size == SIDES == (image["width"], image["height"])
        for size in SIZES:
            address = image["url"].replace("ORIGINAL", size)
            assert (await self.http.get(address)).status_code == 302, size


@pytest.fixture(scope="module")
def own() -> Iterator[Stack]:
    with own_stack("crash", s3=True) as stack:
        yield stack


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def scene(own: Stack) -> AsyncIterator[Scene]:
    house = Processes(own)
    told: Settings = read(own.environment())
    bucket = await Bucket.open(told)
    try:
        await bucket.ensure()
        well = house.api("well")
        await house.begin(well)
        async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as http:
            yield Scene(house, well, http, bucket)
    finally:
        house.end()
        await bucket.close()


async def kept_image(scene: Scene, person: Person) -> str:
    payload = await person.do("CompleteImageUpload", uploadId=await scene.uploaded(person))
    found: str = payload["image"]["id"]
    return found


# --- createPost ---


@pytest.mark.parametrize("checkpoint", ["row_written", "before_commit", "after_commit", "before_reply"])
async def test_a_post_is_written_whole_and_once(scene: Scene, checkpoint: str) -> None:
    author = await scene.person()
    image = await kept_image(scene, author)
    given: dict[str, Any] = {"text": "Hear #this", "images": [{"imageId": image}], "idempotencyKey": "one"}
    await scene.crash(author, "CreatePost", f"createPost.{checkpoint}", **given)
    left = await scene.traces(POST_TRACES, author)
    assert set(left.values()) == {int(DONE[checkpoint])}, left
    first = await author.do("CreatePost", **given)
    second = await author.do("CreatePost", **given)
    assert first["post"]["id"] == second["post"]["id"]
    assert set((await scene.traces(POST_TRACES, author)).values()) == {1}
    page = await author.home()
    assert [edge["node"]["id"] for edge in page["edges"]] == [first["post"]["id"]]
    assert [shown["id"] for shown in page["edges"][0]["node"]["images"]] == [image]


async def test_without_a_key_the_same_call_posts_twice(scene: Scene) -> None:
    author = await scene.person()
    await scene.crash(author, "CreatePost", "createPost.after_commit", text="Hear this")
    await author.do("CreatePost", text="Hear this")
    assert (await scene.traces(POST_TRACES, author))["posts"] == 2


async def test_without_the_transaction_a_half_stays(scene: Scene) -> None:
    author = await scene.person()
    given = {"text": "Hear this", "idempotencyKey": "one"}
    await scene.crash(author, "CreatePost", "createPost.row_written", "piecemeal", **given)
    left = await scene.traces(POST_TRACES, author)
    assert (left["posts"], left["keys"]) == (1, 1)
    answer = await author.answer("CreatePost", input=given)
    assert answer["errors"], "the post is there and its outcome is not: nobody ever gets the first answer"


# --- generateImages ---


@pytest.mark.parametrize("checkpoint", ["row_written", "before_commit", "after_commit"])
async def test_a_job_is_asked_for_and_its_credits_are_held_once(scene: Scene, checkpoint: str) -> None:
    await scene.house.sql(ENGINE)
    owner = await scene.person()
    given: dict[str, Any] = {"prompt": "A fox", "engine": "easel", "idempotencyKey": "one"}
    await scene.crash(owner, "GenerateImages", f"generateImages.{checkpoint}", **given)
    left = await scene.traces(JOB_TRACES, owner)
    assert set(left.values()) == {int(DONE[checkpoint])}, left
    first = await owner.do("GenerateImages", **given)
    second = await owner.do("GenerateImages", **given)
    assert first["job"]["id"] == second["job"]["id"]
    assert set((await scene.traces(JOB_TRACES, owner)).values()) == {1}


# --- completeImageUpload ---


@pytest.mark.parametrize("checkpoint", ["bytes_kept", "before_commit", "after_commit", "before_reply"])
async def test_an_upload_becomes_one_image(scene: Scene, checkpoint: str) -> None:
    owner = await scene.person()
    given = {"uploadId": await scene.uploaded(owner), "altText": "Teal", "idempotencyKey": "one"}
    await scene.crash(owner, "CompleteImageUpload", f"completeImageUpload.{checkpoint}", **given)
    wanted = {"images": 1, "kept": 1, "keys": 1}
    left = await scene.traces(IMAGE_TRACES, owner)
    assert left == (wanted if DONE[checkpoint] else dict.fromkeys(wanted, 0))
    first = await owner.do("CompleteImageUpload", **given)
    second = await owner.do("CompleteImageUpload", **given)
    third = await owner.do("CompleteImageUpload", uploadId=given["uploadId"])
    assert first["image"]["id"] == second["image"]["id"] == third["image"]["id"]
    assert await scene.traces(IMAGE_TRACES, owner) == wanted
    await scene.check_picture(first["image"])


async def test_who_does_not_ask_what_became_of_an_upload_makes_two_images(scene: Scene) -> None:
    owner = await scene.person()
    given = {"uploadId": await scene.uploaded(owner)}
    checkpoint = "completeImageUpload.after_commit"
    api = await scene.crash(owner, "CompleteImageUpload", checkpoint, "forgetful", **given)
    await scene.again(api)
    await scene.at(api, owner).do("CompleteImageUpload", **given)
    assert (await scene.traces(IMAGE_TRACES, owner))["images"] == 2
    api.kill()


async def test_what_crashes_leave_in_the_bucket_is_swept(scene: Scene) -> None:
    """An upload that was completed, but whose process died before it could take the object away, and one never completed."""
    owner = await scene.person()
    await scene.uploaded(owner, "red")
    given = {"uploadId": await scene.uploaded(owner, "plum"), "idempotencyKey": "one"}
    await scene.crash(owner, "CompleteImageUpload", "completeImageUpload.after_commit", **given)
    image = (await owner.do("CompleteImageUpload", **given))["image"]
    keys = [row["key"] for row in await scene.house.sql("SELECT key FROM uploads ORDER BY id DESC LIMIT 2")]
    assert all([await scene.bucket.head(key) for key in keys])
    await scene.house.sql("UPDATE uploads SET expires_at = now() - interval '2 hours'")
    work = Process("work", scene.house.stack.home, "work", scene.house.environment)
    scene.house.all.append(work)
    work.start()
    await scene.house.until("SELECT count(*) = 0 FROM uploads")
    work.stop()
    assert await scene.bucket.delete_prefix("uploads/") == 0
    await scene.check_picture(image)
