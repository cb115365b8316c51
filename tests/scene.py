"""Everybody whom the rules tell apart, a post of every kind by authors of every standing, and the oracle of who sees it.

The oracle is written from the rules (docs/decisions/0017) and knows nothing of `models/visibility.py`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from models import follow, node_id, standing
from models.block import block
from models.database import fetch
from models.mute import mute
from models.publishing import Draft, write
from models.transaction import transaction
from tests.people import Person, Town

STANDINGS = ("open", "private", "suspended", "deactivated")
VISIBILITIES = ("PUBLIC", "UNLISTED", "FOLLOWERS", "MENTIONED")
VIEWERS = ("follower", "requested", "stranger", "blocks", "blocked", "mutes", "mentioned", "signed out")
TAG = "cells"
Kinds = tuple[str, str]  # standing of the author, visibility
Cell = tuple[str, str, str]  # relation, standing, visibility
Told = dict[Cell, str]


def sees(relation: str, kind: Kinds) -> bool:
    """The rules of one's own posts, whoever is gone, blocks, mentions, followers, private accounts; in that order."""
    author, visibility = kind
    if relation == "self":
        return True
    if author in ("suspended", "deactivated") or relation in ("blocks", "blocked"):
        return False
    if relation == "mentioned":
        return True
    if visibility == "MENTIONED":
        return False
    if relation in ("follower", "mutes"):
        return True
    return visibility != "FOLLOWERS" and author == "open"


@dataclass
class Scene:
    """Everybody, and a post of every kind with what points at it; all by global id."""

    town: Town
    friend: Person
    authors: dict[str, Person]
    viewers: dict[str, Person] = field(default_factory=dict)
    posts: dict[Kinds, str] = field(default_factory=dict)
    images: dict[Kinds, str] = field(default_factory=dict)
    replies: dict[Kinds, str] = field(default_factory=dict)  # by the author, to `root`
    answers: dict[Kinds, str] = field(default_factory=dict)  # to the post, by a friend of all
    quotes: dict[Kinds, str] = field(default_factory=dict)
    root: str = ""

    def askers(self) -> Iterable[tuple[str, Person, list[Kinds]]]:
        """Who looks, and at which posts: each viewer at all, authors that are signed in at their own."""
        for relation, viewer in self.viewers.items():
            yield relation, viewer, list(self.posts)
        for author in ("open", "private", "suspended"):
            yield "self", self.authors[author], [kind for kind in self.posts if kind[0] == author]


def number(gid: str) -> int:
    """The number in an id."""
    return int((node_id.decode(gid) or ("", 0))[1])


async def post(author: Person, draft: Draft) -> str:
    """Publish; the global id."""
    async with transaction():
        return node_id.encode("post", await write(number(author.id), draft))


async def set_scene(town: Town) -> Scene:
    """Written while all are open; then people are blocked, muted, and accounts change."""
    authors = {name: await town.person(name) for name in STANDINGS}
    found = Scene(town, await town.person("friend"), authors)
    found.viewers = {name: await town.person(name.replace(" ", "_")) for name in VIEWERS}
    found.viewers["signed out"] = Person(town, "", "", None)
    people = {name: number(one.id) for name, one in found.viewers.items() if one.id}
    friend = number(found.friend.id)
    named = f"@{found.viewers['mentioned'].handle} @{found.friend.handle} #{TAG}"
    async with transaction():
        for author in authors.values():
            for who in (friend, people["follower"], people["mutes"]):
                await follow.follow(who, number(author.id))
        for who in people.values():
            await follow.follow(who, friend)
    found.root = await post(found.friend, Draft("Root"))
    for kind in itertools.product(STANDINGS, VISIBILITIES):
        author = authors[kind[0]]
        draft = Draft(f"{kind} {named}")
        draft = Draft(draft.text, visibility=type(draft.visibility)(kind[1]))
        found.posts[kind] = await post(author, draft)
        found.replies[kind] = await post(
            author, Draft(draft.text.replace("#", ""), visibility=draft.visibility, reply_to_id=number(found.root))
        )
        found.answers[kind], found.quotes[kind] = [await post(found.friend, Draft(word)) for word in ("So", "See")]
        target = number(found.posts[kind])
        await fetch(
            "UPDATE posts SET reply_to_id = $2, reply_to_author_id = $3, conversation_id = $2 WHERE id = $1",
            number(found.answers[kind]),
            target,
            number(author.id),
        )
        await fetch("UPDATE posts SET quoted_post_id = $2 WHERE id = $1", number(found.quotes[kind]), target)
        (row,) = await _pictured(number(author.id), target)
        found.images[kind] = node_id.encode("image", row["image_id"])
    kept = [number(one) for one in found.posts.values()]
    for who in [*people.values(), *(number(one.id) for one in authors.values())]:
        await fetch(
            "INSERT INTO bookmarks (user_id, post_id, created_at) SELECT $1, id, now() FROM unnest($2::bigint[]) AS n (id)",
            who,
            kept,
        )
    async with transaction():
        for author in authors.values():
            await block(people["blocks"], number(author.id))
            await block(number(author.id), people["blocked"])
            await mute(people["mutes"], number(author.id))
        await standing.set_private(number(authors["private"].id), True)
        await follow.follow(people["requested"], number(authors["private"].id))
        await standing.suspend(number(authors["suspended"].id))
        await standing.deactivate(number(authors["deactivated"].id))
    return found


async def _pictured(owner_id: int, post_id: int) -> Any:
    (image,) = await fetch(
        "INSERT INTO images (owner_id, prefix, mime_type, byte_size, width, height, blurhash)"
        " VALUES ($1, $2, 'image/png', 9, 8, 8, 'L00000fQfQfQfQfQfQfQfQfQfQfQ') RETURNING id",
        owner_id,
        f"m/{post_id}",
    )
    return await fetch(
        "INSERT INTO post_images (post_id, image_id, position, alt_text) VALUES ($1, $2, 0, '') RETURNING image_id",
        post_id,
        image["id"],
    )
