"""Pictures that are deleted: what refuses it, what is left to be seen, and that the bucket loses what nobody keeps and nothing else."""

from __future__ import annotations

import asyncio
import io
import itertools
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from PIL import Image

from models import loose_picture, node_id
from models.database import fetch, fetch_value
from models.transaction import transaction
from settings import Settings
from storage.bucket import Bucket, StorageUnavailable
from storage.intake import intake
from storage.picture import keep, keep_source, object_key
from tests.people import Person, Town
from work.picture import sweep_pictures

DELETE = (
    "mutation($input: DeleteImageInput!) { deleteImage(input: $input) { deletedImageId userErrors { code path } } }"
)
EDIT = "mutation($input: EditPostInput!) { editPost(input: $input) { userErrors { code } } }"
PROFILE = "mutation($input: UpdateProfileInput!) { updateProfile(input: $input) { userErrors { code path } } }"
MINE = "query { viewer { images { edges { node { id } } } } }"
SIZES = ("small", "medium", "large", "original")
_colours = itertools.count(1)


@pytest_asyncio.fixture(loop_scope="session")
async def bucket(told: Settings) -> AsyncIterator[Bucket]:
    bucket = await Bucket.open(told)
    yield bucket
    await bucket.close()


def painted() -> bytes:
    """A picture like no other here."""
    number = next(_colours) + 7_000
    kept = io.BytesIO()
    Image.new("RGB", (24, 16), (number >> 8, number & 255, 77)).save(kept, "PNG")
    return kept.getvalue()


async def uploaded(owner: Person, data: bytes) -> str:
    """The id of a picture that was uploaded."""
    form = (await owner.do("CreateImageUpload", mimeType="image/png", byteSize=len(data), filename="a.png"))["upload"]
    fields = {field["name"]: field["value"] for field in form["fields"]}
    sent = await owner.town.http.post(form["url"], data=fields, files={"file": ("a.png", data, "image/png")})
    assert sent.status_code in (200, 201, 204), sent.text
    found: str = (await owner.do("CompleteImageUpload", uploadId=form["id"], altText="A colour"))["image"]["id"]
    return found


async def prefix_of(image: str) -> str:
    """The folder of a picture."""
    found: str = await fetch_value("SELECT prefix FROM images WHERE id = $1", node_id.number_of("image", image))
    return found


async def later(bucket: Bucket, *prefixes: str) -> None:
    """The grace of these folders is over, and they are looked at."""
    await fetch("UPDATE loose_pictures SET look_at = now() - interval '1 s' WHERE prefix = ANY($1::text[])", prefixes)
    await sweep_pictures(bucket)


async def lies(bucket: Bucket, prefix: str) -> list[str]:
    """The sizes that are in the bucket."""
    return [size for size in SIZES if await bucket.head(object_key(prefix, size, "image/png")) is not None]


async def test_a_picture_that_nobody_shows_is_deleted_with_all_its_sizes(town: Town, bucket: Bucket) -> None:
    ada, eve = await town.person("ada"), await town.person("eve")
    data = painted()
    image, same = await uploaded(ada, data), await uploaded(eve, data)
    prefix = await prefix_of(image)
    assert await prefix_of(same) == prefix
    post = await ada.write("Look", images=[{"imageId": image, "altText": "Said here"}])
    await ada.do(PROFILE, avatarImageId=image)
    assert await ada.refusal(DELETE, imageId=image) == ("CONFLICT", ["imageId"])
    await ada.do(EDIT, postId=post, images=[], text="Nothing to see")
    assert await ada.refusal(DELETE, imageId=image) == ("CONFLICT", ["imageId"])
    await ada.do(PROFILE, avatarImageId=None)
    assert await eve.refusal(DELETE, imageId=image) == ("NOT_FOUND", ["imageId"])
    assert await Person(town, "", "", None).refusal(DELETE, imageId=image) == ("UNAUTHENTICATED", None)
    gone = await ada.do(DELETE, imageId=image, idempotencyKey="once")
    assert gone["deletedImageId"] == image
    assert await ada.do(DELETE, imageId=image, idempotencyKey="once") == gone
    assert await ada.refusal(DELETE, imageId=image) == ("NOT_FOUND", ["imageId"])
    assert (await ada.ask(MINE))["viewer"]["images"]["edges"] == []
    for reader in (ada, eve, town):
        assert (await reader.ask("query($id: ID!) { node(id: $id) { id } }", id=image))["node"] is None
        history = "query($id: ID!) { node(id: $id) { ... on Post { edits { edges { node { images { altText image { id } } } } } } } }"
        versions = (await reader.ask(history, id=post))["node"]["edits"]["edges"]
        assert versions[1]["node"]["images"] == [{"altText": "", "image": None}]
    assert (await ada.refusal("CreatePost", images=[{"imageId": image}]))[0] == "NOT_FOUND"
    assert (await ada.refusal(PROFILE, bannerImageId=image))[0] == "NOT_FOUND"
    await later(bucket, prefix)
    assert await lies(bucket, prefix) == list(SIZES), "somebody else has the same picture"
    await eve.do(DELETE, imageId=same)
    await sweep_pictures(bucket)
    assert await lies(bucket, prefix) == list(SIZES), "its time is not over"
    await later(bucket, prefix)
    assert await lies(bucket, prefix) == []
    assert not await fetch("SELECT 1 FROM loose_pictures WHERE prefix = $1", prefix)
    await prefix_of(await uploaded(ada, data))
    assert await lies(bucket, prefix) == list(SIZES)


async def test_what_is_being_removed_is_written_anew_afterwards(bucket: Bucket, told: Settings, town: Town) -> None:
    taken = await intake(painted(), "image/png")
    kept = await keep(bucket, taken, told, hold=loose_picture.hold)
    await keep_source(bucket, kept.prefix, b"as it came")
    await fetch("UPDATE loose_pictures SET look_at = now() - interval '1 s' WHERE prefix = $1", kept.prefix)
    assert kept.prefix in await loose_picture.take_due(1_000), "it was written, and never got a row"
    with pytest.raises(StorageUnavailable):
        await keep(bucket, taken, told, hold=loose_picture.hold)
    async with transaction():
        assert not await loose_picture.confirm(kept.prefix)
    await asyncio.gather(*(sweep_pictures(bucket) for _ in range(3)))  # whoever took it died: others go on
    await sweep_pictures(bucket)
    assert await bucket.delete_prefix(kept.prefix) == 0
    async with transaction():
        assert not await loose_picture.confirm(kept.prefix), "it was written before it was removed"
    assert await keep(bucket, taken, told, hold=loose_picture.hold) == kept
    assert await lies(bucket, kept.prefix) == list(SIZES)


async def test_what_waits_for_a_person_s_look_stays(town: Town, bucket: Bucket) -> None:
    ada = await town.person("ada")
    prefix = f"held/{ada.handle}/"
    await bucket.put(f"{prefix}original.png", b"held", "image/png")
    review = await fetch_value(
        """WITH job AS (
            INSERT INTO generation_jobs (owner_id, prompt, engine, model, width, height, count, seed, start_by, state)
            VALUES ($1, 'x', 'gone', 'gone', 8, 8, 1, 1, now(), 'IN_REVIEW') RETURNING id
        ) INSERT INTO reviews (job_id, output_index, stage, category, picture)
        SELECT id, 0, 'output', 'x', jsonb_build_object('prefix', $2::text) FROM job RETURNING id""",
        node_id.number_of("user", ada.id),
        prefix,
    )
    assert await loose_picture.hold(prefix)
    await later(bucket, prefix)
    assert await bucket.head(f"{prefix}original.png") is not None
    await fetch("UPDATE reviews SET decision = 'REFUSED' WHERE id = $1", review)
    assert await loose_picture.hold(prefix)
    await later(bucket, prefix)
    assert await bucket.head(f"{prefix}original.png") is None


async def test_a_picture_is_not_deleted_under_a_post_that_takes_it(town: Town) -> None:
    ada = await town.person("ada")
    for _ in range(4):
        image = node_id.encode(
            "image",
            await fetch_value(
                "INSERT INTO images (owner_id, prefix, mime_type, byte_size, width, height, blurhash)"
                " VALUES ($1, 'race/' || fresque_id() || '/', 'image/png', 9, 8, 8, 'L00000fQfQfQfQfQfQfQfQfQfQfQ') RETURNING id",
                node_id.number_of("user", ada.id),
            ),
        )
        done = await asyncio.gather(
            ada.attempt("CreatePost", text="x", images=[{"imageId": image}]), ada.attempt(DELETE, imageId=image)
        )
        assert [bool(one["userErrors"]) for one in done] in ([True, False], [False, True])


# What somebody does (who, which picture of three): take it in, begin to and give up, show it, hide it, delete it; or time passes.
DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["take", "take", "give up", "show", "hide", "delete", "delete", "time", "sweep"]),
        st.integers(0, 1),
        st.integers(0, 2),
    ),
    min_size=10,
    max_size=40,
)


@settings(
    max_examples=12, deadline=None, phases=(Phase.explicit, Phase.generate), suppress_health_check=list(HealthCheck)
)
@given(deeds=DEEDS, parallel=st.booleans())
async def test_nothing_that_is_kept_is_ever_removed(
    town: Town, bucket: Bucket, deeds: list[tuple[str, int, int]], parallel: bool
) -> None:
    people = [await town.person(name) for name in ("ada", "bob")]
    story = f"stories/{people[0].handle}"
    places = [f"{story}/{picture}/" for picture in range(3)]
    posts: dict[tuple[int, int], str] = {}

    async def kept(who: int, what: int) -> int | None:
        found: int | None = await fetch_value(
            "SELECT min(id) FROM images WHERE owner_id = $1 AND prefix = $2 AND deleted_at IS NULL",
            node_id.number_of("user", people[who].id),
            places[what],
        )
        return found

    async def take(who: int, what: int, *, give_up: bool) -> None:
        if not await loose_picture.hold(places[what]):
            return
        if await bucket.head(f"{places[what]}original.png") is None:  # what is there is not written again
            await bucket.put(f"{places[what]}original.png", b"picture", "image/png")
        if not give_up:
            async with transaction():
                if await loose_picture.confirm(places[what]):
                    await fetch(
                        "INSERT INTO images (owner_id, prefix, mime_type, byte_size, width, height, blurhash)"
                        " VALUES ($1, $2, 'image/png', 7, 8, 8, 'L00000fQfQfQfQfQfQfQfQfQfQfQ')",
                        node_id.number_of("user", people[who].id),
                        places[what],
                    )

    async def do(what: str, who: int, which: int) -> None:
        image = await kept(who, which)
        if what in ("take", "give up"):
            await take(who, which, give_up=what == "give up")
        elif what == "sweep":
            await sweep_pictures(bucket)
        elif what == "time" and not parallel:  # a day is longer than anything that is under way beside it
            await later(bucket, *places)
        elif what == "hide" and (who, which) in posts:
            await people[who].attempt("DeletePost", postId=posts.pop((who, which)))
        elif image is not None and what == "delete":
            await people[who].attempt(DELETE, imageId=node_id.encode("image", image))
        elif image is not None and what == "show" and (who, which) not in posts:
            given: dict[str, Any] = {"images": [{"imageId": node_id.encode("image", image)}]}
            done = await people[who].attempt("CreatePost", **given)
            if done["post"]:
                posts[who, which] = done["post"]["id"]

    async def check() -> set[str]:
        rows = await fetch(
            "SELECT DISTINCT prefix FROM images WHERE prefix = ANY($1::text[]) AND deleted_at IS NULL", places
        )
        named = {row["prefix"] for row in rows}
        for prefix in named:
            assert await bucket.head(f"{prefix}original.png") is not None, "a row names what is not there"
        return named

    if parallel:
        for chunk in (deeds[start : start + 5] for start in range(0, len(deeds), 5)):
            await asyncio.gather(*(do(*deed) for deed in chunk))
            await later(bucket, *places)
            await check()
    else:
        for deed in deeds:
            await do(*deed)
            await check()
    await later(bucket, *places)
    named = await check()
    for prefix in set(places) - named:
        assert await bucket.head(f"{prefix}original.png") is None, "nobody keeps it, and its time is over"
