"""How many SQL statements lists of people and of quotes cost: as many for a page of forty as for one of five."""

from __future__ import annotations

import pytest

from models import node_id
from models.database import fetch
from models.publishing import Draft, write
from models.transaction import transaction
from resolvers.context import Asker
from tests.conftest import Serving
from tests.people import Town
from tests.test_queries import listen, statements


@pytest.fixture
def listening(monkeypatch: pytest.MonkeyPatch) -> None:
    """As `listen`."""
    listen(monkeypatch)


NAMES = """query($id: ID!, $handle: String!, $n: Int!) { node(id: $id) { ... on Post {
    likedBy(first: $n) { edges { node { ...Row } } } repostedBy(first: $n) { edges { node { ...Row } } }
    quotes(first: $n) { edges { node { id author { ...Row } quotedPost { ... on Post { id } } } } } } }
    user(handle: $handle) { followers(first: $n) { edges { node { ...Row } } } boards(first: $n) { edges { node { id } } }
        lists(first: $n) { edges { node { id } } } }
    viewer { blockedUsers(first: $n) { edges { node { ...Row } } } mutedUsers(first: $n) { edges { node { ...Row viewerMute { expiresAt } } } }
        followRequests(first: $n) { edges { node { ...Row } } } mutedWords(first: $n) { edges { node { id } } } } }
    fragment Row on User { id handle bio avatar { url } viewerIsFollowing viewerIsFollowedBy }"""


async def test_names_and_quotes_cost_as_much_for_many_as_for_few(town: Town, running: Serving, listening: None) -> None:
    """Who likes, reposts, quotes, follows, asks, is blocked and muted: all of it in one operation, in pages of 5 and of 40."""
    found = []
    for count in (5, 40):
        ada = await town.person("ada")
        number, post = node_id.number_of("user", ada.id) or 0, await ada.write("Hello")
        people = await fetch(
            "INSERT INTO users (handle, display_name, bio, location, website, pronouns, joined_at)"
            " SELECT 'q' || fresque_id() || n, '', '', '', '', '', now() FROM generate_series(1, $1) AS n RETURNING id",
            count,
        )
        for table, columns in (
            ("likes", "user_id, post_id"),
            ("reposts", "user_id, post_id"),
            ("follows", "follower_id, followee_id"),
            ("mutes", "muted_id, muter_id"),
        ):
            await fetch(
                f"INSERT INTO {table} ({columns}, created_at) SELECT id, $2, now() FROM unnest($1::bigint[]) AS n (id)",
                [row["id"] for row in people],
                node_id.number_of("post", post) if "post_id" in columns else number,
            )
        others = [await town.person("other") for _ in range(2)]
        await fetch(
            "INSERT INTO follow_requests (requester_id, target_id) SELECT id, $2 FROM unnest($1::bigint[]) AS n (id)",
            [node_id.number_of("user", other.id) for other in others],
            number,
        )
        for _ in people:
            async with transaction():
                await write(number, Draft("See", quoted_post_id=node_id.number_of("post", post)))
        found.append(await statements(running, Asker(number), NAMES, id=post, handle=ada.handle, n=count))
    assert abs(len(found[0]) - len(found[1])) <= 2, (
        "people asked for in another turn of the loop are one statement more"
    )
    assert max(map(len, found)) <= 24, [one[:80] for one in found[1]]
