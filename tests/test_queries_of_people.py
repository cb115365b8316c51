"""How many SQL statements lists of people and of quotes cost: as many for a page of forty as for one of five."""

from __future__ import annotations

import pytest

from models import node_id
from models.database import fetch
from models.publishing import Draft, write
from models.transaction import transaction
from resolvers.context import Asker
from tests.conftest import Serving
from tests.labeling import SUBSCRIBE, label, labeler
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


LABELLED = """query($n: Int!) { viewer { homeTimeline(first: $n) { edges { node { id
    viewerLabels { ...Said } author { viewerLabels { ...Said } } images { viewerLabels { ...Said } } } } } } }
    fragment Said on GivenLabel { labeler { handle } definition { identifier viewerChoice } }"""
BARE = "query($n: Int!) { viewer { homeTimeline(first: $n) { edges { node { id } } } viewing { hasLabelers } } }"


async def test_labels_cost_as_much_for_many_posts_as_for_few_and_nothing_without_labelers(
    town: Town, running: Serving, listening: None
) -> None:
    """One statement for posts, people and pictures each, and one for who says so; hiding adds none."""
    found = []
    for count in (5, 40):
        reader, ada = await town.person("reader"), await town.person("ada")
        await reader.follow(ada)
        labs = [await labeler(town, label("x"), label("y", "HIDE")) for _ in range(3)]
        asker, author = Asker(node_id.number_of("user", reader.id)), node_id.number_of("user", ada.id) or 0
        for number in range(count):
            async with transaction():
                await write(author, Draft(str(number)))
        bare = [len(await statements(running, asker, BARE, n=count)) for _ in range(3)]
        for lab in labs:
            await reader.do(SUBSCRIBE, userId=lab.id)
            await fetch(
                "INSERT INTO given_labels (labeler_id, definition_id, subject_kind, subject_id) SELECT d.labeler_id, d.id, 'POST', p.id"
                " FROM label_definitions d, posts p WHERE d.labeler_id = $1 AND d.identifier = 'x' AND p.author_id = $2",
                node_id.number_of("user", lab.id),
                author,
            )
        heard = [len(await statements(running, asker, BARE, n=count)) for _ in range(3)]
        found.append((bare[0], heard[-1], len(await statements(running, asker, LABELLED, n=count))))
    assert found[0] == found[1]
    bare_first, hiding, labelled = found[0]
    assert hiding <= bare_first
    assert labelled <= bare_first + 3
