"""Avatars and banners: pictures of one's own that everybody sees for as long as the profile shows them."""

from __future__ import annotations

from typing import Any

import pytest

from models import node_id
from models.database import fetch
from tests.people import Person, Town
from tests.selection import mutation

CHANGE = mutation("updateProfile", 2)
PICTURES = """query($handle: String!) { user(handle: $handle) {
  avatar { id altText url(size: SMALL) } banner { id altText url(size: LARGE) } } }"""
IMAGE = "query($id: ID!) { node(id: $id) { ... on Image { id altText } } }"
BOTH = [("avatarImageId", "avatar"), ("bannerImageId", "banner")]


async def picture(owner: Person, alt_text: str = "") -> str:
    """An image that somebody owns, as if it had been uploaded."""
    (row,) = await fetch(
        "INSERT INTO images (owner_id, prefix, mime_type, byte_size, width, height, blurhash, alt_text)"
        " VALUES ($1, 'pp/' || fresque_id(), 'image/png', 9, 8, 8, 'L00000fQfQfQfQfQfQfQfQfQfQfQ', $2) RETURNING id",
        node_id.number_of("user", owner.id),
        alt_text,
    )
    return node_id.encode("image", row["id"])


async def pictures(reader: Person | Town, person: Person) -> dict[str, Any]:
    """Avatar and banner as this reader sees them."""
    found: dict[str, Any] = (await reader.ask(PICTURES, handle=person.handle))["user"]
    return found


async def served(town: Town, image: str) -> int:
    """The status with which a picture's plain address, without a grant, answers."""
    return (await town.http.get(f"{town.url}/media/{image}/medium", follow_redirects=False)).status_code


@pytest.mark.parametrize(("given", "field"), BOTH)
async def test_a_picture_on_a_profile_is_seen_by_all_until_it_is_taken_down(town: Town, given: str, field: str) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    one, other = await picture(ada, "A harbour"), await picture(ada)
    assert (await pictures(town, ada))[field] is None
    assert (await bob.ask(IMAGE, id=one))["node"] is None
    assert await served(town, one) == 404
    payload = await ada.do(CHANGE, **{given: one})
    assert payload["user"][field]["id"] == one
    for reader in (town, bob, ada):
        shown = (await pictures(reader, ada))[field]
        assert (shown["id"], shown["altText"]) == (one, "A harbour")
        assert shown["url"].endswith(("/small", "/large")), "stable, without a grant"
        node = (await reader.ask(IMAGE, id=one))["node"]
        assert (node["altText"], await served(town, one)) == ("A harbour", 302)
    await ada.do(CHANGE, bio="What is left out stays.")
    assert (await pictures(town, ada))[field]["id"] == one
    await ada.do(CHANGE, **{given: other})
    assert (await pictures(town, ada))[field]["id"] == other
    assert (await bob.ask(IMAGE, id=one))["node"] is None
    assert await served(town, one) == 404
    await ada.do(CHANGE, **{given: None})
    assert (await pictures(ada, ada))[field] is None
    assert (await ada.ask(IMAGE, id=one))["node"]["id"] == one, "the picture itself stays with its owner"


async def test_what_a_post_shows_stays_seen_when_the_profile_drops_it(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    open_one, secret = await picture(ada), await picture(ada)
    await ada.write("Look", images=[{"imageId": open_one}])
    await ada.write("Psst", images=[{"imageId": secret}], visibility="MENTIONED")
    await ada.do(CHANGE, avatarImageId=open_one, bannerImageId=secret)
    assert await served(town, secret) == 302, "its owner shows it to everybody now"
    await ada.do(CHANGE, avatarImageId=None, bannerImageId=None)
    assert (await bob.ask(IMAGE, id=open_one))["node"]["id"] == open_one
    assert await served(town, open_one) == 302
    assert (await bob.ask(IMAGE, id=secret))["node"] is None
    assert await served(town, secret) == 404


@pytest.mark.parametrize(("given", "field"), BOTH)
async def test_only_pictures_of_one_s_own(town: Town, given: str, field: str) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    seen, hidden = await picture(bob), await picture(bob)
    post = await bob.write("Look", images=[{"imageId": seen}])
    for other in (seen, hidden, post, "garbage", "", node_id.encode("image", 1)):
        assert await ada.refusal(CHANGE, bio="x", **{given: other}) == ("NOT_FOUND", [given])
    shown = await pictures(ada, ada)
    assert shown[field] is None
    own = await picture(ada)
    assert await Person(town, "", "", None).refusal(CHANGE, **{given: own}) == ("UNAUTHENTICATED", None)


async def test_one_picture_may_be_both_and_a_key_sets_it_once(town: Town) -> None:
    ada = await town.person("ada")
    one, other = await picture(ada), await picture(ada)
    await ada.do(CHANGE, avatarImageId=one, bannerImageId=one, idempotencyKey="k")
    await ada.do(CHANGE, bannerImageId=other)
    await ada.do(CHANGE, avatarImageId=one, bannerImageId=one, idempotencyKey="k")
    shown = await pictures(ada, ada)
    assert (shown["avatar"]["id"], shown["banner"]["id"]) == (one, other), "kept once, not done again"
    refused = await ada.refusal(CHANGE, avatarImageId=other, idempotencyKey="k")
    assert refused == ("CONFLICT", ["idempotencyKey"])


async def test_whoever_is_blocked_sees_of_a_profile_what_all_see(town: Town) -> None:
    ada, eve = await town.person("ada"), await town.person("eve")
    one = await picture(ada)
    await ada.do(CHANGE, avatarImageId=one, bannerImageId=one)
    await ada.do("BlockUser", userId=eve.id)
    assert await pictures(eve, ada) == await pictures(town, ada)
