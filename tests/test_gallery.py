"""Lists of pictures: one's own to choose from, and what somebody published."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from models import node_id
from models.database import fetch
from models.job import GenerationJob, GenerationOutput, JobState, OutputState
from tests.people import Person, Town
from tests.selection import BOOKMARK
from tests.test_profile_picture import picture

IMAGES = """query($first: Int, $after: String, $last: Int, $before: String) { viewer {
  images(first: $first, after: $after, last: $last, before: $before) {
    edges { cursor node { id width blurhash altText generated } } pageInfo { hasNextPage hasPreviousPage endCursor startCursor }
} } }"""
MEDIA = """query($handle: String!, $first: Int, $after: String) { user(handle: $handle) {
  media(first: $first, after: $after) { edges { node { id images { id } } repostedBy { id } } pageInfo { hasNextPage endCursor } liveCursor } } }"""


async def media(reader: Person | Town, author: Person, **page: Any) -> dict[str, Any]:
    """One page of an author's posts with pictures."""
    found: dict[str, Any] = (await reader.ask(MEDIA, handle=author.handle, **page))["user"]["media"]
    return found


def ids(page: dict[str, Any]) -> list[str]:
    """The ids of a page."""
    return [edge["node"]["id"] for edge in page["edges"]]


async def test_one_s_own_pictures_newest_first(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    names = {await picture(ada, f"Number {number}"): f"Number {number}" for number in range(5)}
    made = sorted(
        names, key=lambda image: node_id.number_of("image", image) or 0
    )  # ids of one millisecond have any order
    await picture(bob)
    page = (await ada.ask(IMAGES, first=2))["viewer"]["images"]
    assert ids(page) == [made[4], made[3]]
    assert page["edges"][0]["node"]["altText"] == names[made[4]]
    assert page["pageInfo"]["hasNextPage"] is True
    rest = (await ada.ask(IMAGES, first=10, after=page["pageInfo"]["endCursor"]))["viewer"]["images"]
    assert ids(rest) == [made[2], made[1], made[0]]
    assert rest["pageInfo"]["hasNextPage"] is False
    last = (await ada.ask(IMAGES, last=2))["viewer"]["images"]
    assert ids(last) == [made[1], made[0]]
    assert (await town.ask(IMAGES))["viewer"] is None


async def test_media_are_own_posts_with_pictures_as_far_as_one_may_see_them(town: Town) -> None:
    ada, bob, eve = [await town.person(name) for name in ("ada", "bob", "eve")]
    pictured = await ada.write("One", images=[{"imageId": await picture(ada)}])
    await ada.write("No picture")
    of_bob = await bob.write("Bob's", images=[{"imageId": await picture(bob)}])
    await ada.do("RepostPost", postId=of_bob)
    answer = await ada.write("See", images=[{"imageId": await picture(ada)}], replyToId=of_bob)
    hidden = await ada.write("Psst", images=[{"imageId": await picture(ada)}], visibility="FOLLOWERS")
    gone = await ada.write("Gone", images=[{"imageId": await picture(ada)}])
    await ada.do("DeletePost", postId=gone)
    assert ids(await media(ada, ada)) == [hidden, answer, pictured]
    assert ids(await media(town, ada)) == ids(await media(bob, ada)) == [answer, pictured]
    await bob.follow(ada)
    assert ids(await media(bob, ada)) == [hidden, answer, pictured]
    first = await media(bob, ada, first=2)
    assert first["pageInfo"]["hasNextPage"] is True
    assert ids(await media(bob, ada, first=2, after=first["pageInfo"]["endCursor"])) == [pictured]
    await ada.do("BlockUser", userId=eve.id)
    assert ids(await media(eve, ada)) == []


async def test_bookmarks_are_listed_for_oneself_alone(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    posts = [await bob.write(f"{number}") for number in range(3)]
    for post in reversed(posts):
        await ada.do(BOOKMARK, postId=post)
    document = "{ viewer { bookmarks(first: 10) { edges { node { id viewerHasBookmarked } } } } }"
    assert ids((await ada.ask(document))["viewer"]["bookmarks"]) == posts
    assert ids((await bob.ask(document))["viewer"]["bookmarks"]) == []
    await bob.do("DeletePost", postId=posts[0])
    assert ids((await ada.ask(document))["viewer"]["bookmarks"]) == posts[1:]


STORY = """query($id: ID!) { node(id: $id) { ... on Post {
  images { generated generation { prompt seed style background engine { name } } } } } }"""


async def test_how_a_picture_was_made_is_told_to_who_made_it_alone(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    made, taken = await picture(ada), await picture(ada)
    post = await ada.write("Two", images=[{"imageId": made}, {"imageId": taken}])
    number = node_id.number_of("image", made)
    owner = node_id.number_of("user", ada.id)
    await fetch("UPDATE images SET generated = true WHERE id = $1", number)
    job = await GenerationJob.create(
        owner_id=owner,
        state=JobState.SUCCEEDED,
        prompt="a heron",
        engine="easel",
        model="easel-1",
        width=512,
        height=512,
        seed=7,
        style="ink",
        background="transparent",
        start_by=datetime.now(UTC),
    )
    await GenerationOutput.create(job_id=job.id, index=0, state=OutputState.SUCCEEDED, image_id=number)
    story = {"prompt": "a heron", "seed": "7", "style": "ink", "background": "transparent", "engine": {"name": "easel"}}
    told = [{"generated": True, "generation": story}, {"generated": False, "generation": None}]
    assert (await ada.ask(STORY, id=post))["node"]["images"] == told
    for other in (bob, town):
        assert [image["generation"] for image in (await other.ask(STORY, id=post))["node"]["images"]] == [None, None]
