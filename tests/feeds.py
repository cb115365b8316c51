"""Custom feeds as tests make and read them; and what the mutations about them are given by tests that call every mutation there is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models import node_id
from tests.people import Person, Town
from tests.selection import mutation

CREATE, UPDATE, DELETE = mutation("createFeed"), mutation("updateFeed"), mutation("deleteFeed")
COPY, PIN, UNPIN = mutation("copyFeed"), mutation("pinFeed"), mutation("unpinFeed")
EVERYBODY: dict[str, Any] = {"sources": [{"circle": "EVERYONE"}]}
FEED = """query($id: ID!, $first: Int, $after: String, $last: Int, $before: String) { node(id: $id) { ... on CustomFeed {
    name description isPrivate viewerIsOwner viewerHasPinned owner { handle } explanation
    rules { order halfLifeHours weights { signal weight } filters { pictures replies languages minLikes withoutWords withoutPeople { id } }
        sources { kind search people { id } list { id } board { id } hashtag { name } remixesOf { id } } }
    timeline(first: $first, after: $after, last: $last, before: $before) { liveCursor
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        edges { cursor node { id } reason { kind sourceIndex signals hashtag { name } } } } } } }"""
PREVIEW = """query($rules: FeedRulesInput!) { viewer { feedPreview(rules: $rules) { explanation problem { message path }
    edges { node { id } reason { kind sourceIndex signals } } } } }"""
LIVE = """subscription($id: ID!, $after: String) { customFeedTimeline(id: $id, after: $after) { __typename cursor
    ... on PostPublished { edge { node { id } reason { kind sourceIndex } } } ... on PostRemoved { postId }
    ... on AuthorRemoved { userId } ... on Reset { reason } } }"""


async def made(owner: Person, *sources: Mapping[str, Any], public: bool = True, **rules: Any) -> str:
    """A feed of somebody's with these sources; its id."""
    given = {"name": "Mine", "isPrivate": not public, "rules": {"sources": list(sources), **rules}}
    found: str = (await owner.do(CREATE, **given))["feed"]["id"]
    return found


async def looked_at(who: Person | Town, feed_id: str, **page: Any) -> dict[str, Any] | None:
    """The feed as somebody sees it."""
    found: dict[str, Any] | None = (await who.ask(FEED, id=feed_id, **page))["node"]
    return found


async def posts(who: Person | Town, feed_id: str, **page: Any) -> list[str]:
    """The posts of a page of it."""
    found = await looked_at(who, feed_id, **page)
    assert found is not None
    return [edge["node"]["id"] for edge in found["timeline"]["edges"]]


def feed_inputs(feed: str) -> dict[str, dict[str, Any]]:
    """An input for each mutation by its name, about this feed."""
    about = {"feedId": feed}
    return {
        "createFeed": {"name": "x", "rules": EVERYBODY},
        "updateFeed": about,
        "deleteFeed": {"feedId": node_id.encode("feed", 5)},
        "copyFeed": about,
        "pinFeed": about,
        "unpinFeed": about,
    }


def wrong_rules(texts: list[Any], ids: list[Any], numbers: list[Any]) -> list[Any]:
    """Rules that are wrong somewhere, or all but."""
    return [
    {}, [], None, "x", {"sources": []}, {"sources": [{}]}, {"sources": None}, {"sources": [{"circle": "NOBODY"}]},
    {"sources": [{"hashtag": "a", "search": "b"}]}, {"sources": [{"hashtag": None}]}, {"sources": [{"circle": "EVERYONE"}] * 9},
    *({"sources": [{label: value}]} for label in ("hashtag", "search", "boardId", "userListId") for value in (*texts, *ids)),
    *({"sources": [{"people": value}]} for value in ([], ids, ids * 9, "x", None)),
    *({**EVERYBODY, "halfLifeHours": value} for value in numbers),
    *({**EVERYBODY, "filters": {"minLikes": value, "maxAgeHours": value}} for value in numbers),
    *({**EVERYBODY, "filters": {"languages": [value], "withoutWords": [value], "models": [value]}} for value in texts),
    *({**EVERYBODY, "order": "RANKED", "weights": [{"signal": "LIKES", "weight": value}]} for value in numbers),
    {**EVERYBODY, "weights": [{"signal": "LIKES", "weight": 1}] * 2}, {**EVERYBODY, "filters": {"languages": ["en"] * 6}},
    ]  # fmt: skip
