"""What is hidden is reached by no way round: boards, lists, quotes, versions, names, numbers, and by nothing one does to it.

The same people and posts as in `tests/test_matrix.py`, cell by cell, over the paths that gather posts or act on them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from models import board_order, node_id, poll, user_list, view
from models.board import BoardAudience, create
from models.database import fetch
from models.event import Kind, record
from models.poll import PollDraft
from models.transaction import transaction
from models.user_list import ListReplies
from tests.people import Person, Town
from tests.scene import Cell, Kinds, Scene, number, sees, set_scene
from tests.selection import mutation

NOWHERE = node_id.encode("post", 2**40)
BOARD = """query($id: ID!, $posts: Int!) { node(id: $id) { ... on Board { postCount covers { id }
    posts(first: $posts) { edges { node { id } addedBy { id } } } } } }"""
LIST = """query($id: ID!) { node(id: $id) { ... on UserList { members(first: 50) { edges { node { id } } }
    timeline(first: 100) { edges { node { id } } } } } }"""
QUOTES = "query($id: ID!) { node(id: $id) { ... on Post { quotes(first: 100) { edges { node { id } } } } } }"
NAMES = """query($id: ID!) { node(id: $id) { ... on Post { likeCount repostCount likedBy(first: 50) { edges { node { id } } }
    repostedBy(first: 50) { edges { node { id } } } } } }"""
LIST_LIVE = "subscription($id: ID!) { userListTimeline(id: $id) { __typename cursor ... on PostPublished { edge { node { id } } } } }"


class Gathered:
    """The scene, with everything of it on a board and its authors on a list, both for everyone and by a friend of all."""

    def __init__(self, scene: Scene, board: str, people: str) -> None:
        self.scene, self.board, self.people = scene, board, people
        self.polls: dict[Kinds, str] = {}


@pytest.fixture
async def gathered(town: Town) -> Gathered:
    """Gathered while the friend sees all of it, then closed as the scene closes things."""
    scene = await set_scene(town)
    friend = number(scene.friend.id)
    async with transaction():
        board_id = await create(friend, "All", "", BoardAudience.PUBLIC)
        list_id = await user_list.create(friend, "All", "", private=False, exclusive=False, replies=ListReplies.NONE)
        for author in scene.authors.values():
            await user_list.add(friend, list_id, number(author.id))
    found = Gathered(scene, node_id.encode("board", board_id), node_id.encode("list", list_id))
    for place, (kind, gid) in enumerate(scene.posts.items()):
        async with transaction():
            found.polls[kind] = node_id.encode("poll", await poll.begin(number(gid), PollDraft(["a", "b"], 60)))
            await fetch(
                "INSERT INTO board_posts (board_id, post_id, added_by, rank) VALUES ($1, $2, $3, $4)",
                board_id,
                number(gid),
                friend,
                board_order.FIRST_RANK + place * board_order.GAP,
            )
            await fetch("UPDATE boards SET size = size + 1 WHERE id = $1", board_id)
    return found


def in_list(relation: str, kind: Kinds) -> bool:
    """What one sees, without whom one mutes."""
    return relation != "mutes" and sees(relation, kind)


def named(relation: str, standing: str) -> bool:
    """Whether a person of this standing is told by name of what they did: where their page would tell it."""
    if relation == "self":
        return True
    if standing in ("suspended", "deactivated") or relation in ("blocks", "blocked"):
        return False
    return standing == "open" or relation in ("follower", "mutes")


def ids(connection: dict[str, Any]) -> set[str]:
    return {edge["node"]["id"] for edge in connection["edges"]}


async def differing(
    gathered: Gathered, rule: Callable[[str, Kinds], bool], look: Callable[[Person, list[Kinds]], Any]
) -> tuple[int, dict[Cell, bool]]:
    """How many cells there were, and those where what was told is not what the rule says."""
    cells, wrong = 0, {}
    for relation, asker, kinds in gathered.scene.askers():
        there = await look(asker, kinds)
        for kind in kinds:
            cells += 1
            if (kind in there) is not rule(relation, kind):
                wrong[(relation, *kind)] = kind in there
    return cells, wrong


async def test_gathered_posts_are_there_for_whom_the_rules_say(gathered: Gathered) -> None:
    scene = gathered.scene
    kind_of = {gid: kind for kind, gid in scene.posts.items()}

    async def on_board(asker: Person, kinds: list[Kinds]) -> set[Kinds]:
        found = (await asker.ask(BOARD, id=gathered.board, posts=100))["node"]
        there = ids(found["posts"])
        assert found["postCount"] == len(there), "what is not seen is not counted"
        first = (await asker.ask(BOARD, id=gathered.board, posts=3))["node"]["posts"]["edges"]
        assert len(first) == min(3, len(there)), "pages are full"
        pictures = {scene.images[kind_of[gid]] for gid in there}
        assert {one["id"] for one in found["covers"]} <= pictures
        held = "{ " + " ".join(
            f'n{n}: node(id: "{gathered.board}") {{ ... on Board {{ hasPost(postId: "{scene.posts[kind]}") }} }}'
            for n, kind in enumerate(kinds)
        )
        answers = [one["hasPost"] for one in (await asker.ask(held + " }")).values()]
        assert {kind for kind, has in zip(kinds, answers, strict=True) if has} == {kind_of[one] for one in there} & set(
            kinds
        )
        return {kind_of[gid] for gid in there}

    async def on_list(asker: Person, kinds: list[Kinds]) -> set[Kinds]:
        found = (await asker.ask(LIST, id=gathered.people))["node"]
        return {kind_of[gid] for gid in ids(found["timeline"]) if gid in kind_of}

    async def counted(asker: Person, kinds: list[Kinds]) -> set[Kinds]:
        asked = {number(scene.posts[kind]): kind for kind in kinds}
        seen = await view.countable(number(asker.id) if asker.id else 0, list(asked))
        own = {kind for kind in kinds if scene.authors[kind[0]].id == asker.id}
        return {asked[one] for one in seen} | own

    total = 0
    for rule, look in ((sees, on_board), (in_list, on_list), (sees, counted)):
        cells, wrong = await differing(gathered, rule, look)
        assert wrong == {}, look.__name__
        total += cells
    assert total > 400


async def test_what_names_or_quotes_is_told_to_whom_the_rules_say(gathered: Gathered) -> None:
    scene = gathered.scene
    quoted, root = await scene.friend.write("Quote me"), number(scene.root)
    kind_of = {gid: kind for kind, gid in scene.replies.items()}
    await fetch(
        "UPDATE posts SET quoted_post_id = $2 WHERE id = ANY($1::bigint[])",
        [number(one) for one in kind_of],
        number(quoted),
    )

    async def quoting(asker: Person, kinds: list[Kinds]) -> set[Kinds]:
        return {kind_of[gid] for gid in ids((await asker.ask(QUOTES, id=quoted))["node"]["quotes"])}

    cells, wrong = await differing(gathered, sees, quoting)
    assert (wrong, cells > 100) == ({}, True)
    for table in ("likes", "reposts"):
        await fetch(
            f"INSERT INTO {table} (user_id, post_id, created_at) SELECT id, $2, now() FROM unnest($1::bigint[]) AS n (id)",
            [number(author.id) for author in scene.authors.values()],
            root,
        )
    for relation, asker, _ in scene.askers():
        found = (await asker.ask(NAMES, id=scene.root))["node"]
        for standing, author in scene.authors.items():
            role = "self" if author.id == asker.id else relation if relation != "self" else "stranger"
            for list_name in ("likedBy", "repostedBy"):
                assert (author.id in ids(found[list_name])) is named(role, standing), (list_name, relation, standing)


async def test_nothing_can_be_done_to_what_is_hidden_and_it_is_as_if_it_were_not_there(gathered: Gathered) -> None:
    """Each deed is refused for a hidden post as it is for one there never was, word for word; cell by cell."""
    scene = gathered.scene
    deeds = {
        "likePost": "postId: {p}",
        "repostPost": "postId: {p}",
        "bookmarkPost": "postId: {p}",
        "muteConversation": "postId: {p}",
        "votePoll": "pollId: {q}, choices: [0]",
        "createPost": 'text: "x", replyToId: {p}',
        "addToBoard": "boardId: {b}, postId: {p}",
    }
    cells = 0
    for relation, asker, kinds in scene.askers():
        if asker.token is None or asker is scene.authors["suspended"]:
            continue
        board = (await asker.do(mutation("createBoard"), name="Mine"))["board"]["id"]

        def told(deed: str, post: str, question: str, board: str = board) -> str:
            given = deeds[deed].replace("{p}", f'"{post}"').replace("{q}", f'"{question}"').replace("{b}", f'"{board}"')
            return f"{deed}(input: {{ {given} }}) {{ userErrors {{ code message path }} }}"

        for deed in deeds:
            parts = [f"n{n}: {told(deed, scene.posts[kind], gathered.polls[kind])}" for n, kind in enumerate(kinds)]
            parts.append(f"never: {told(deed, NOWHERE, node_id.encode('poll', 2**40))}")
            answers = await asker.ask("mutation { " + " ".join(parts) + " }")
            (never,) = answers.pop("never")["userErrors"]
            assert never["code"] == "NOT_FOUND"
            for kind, answer in zip(kinds, answers.values(), strict=True):
                hidden = answer["userErrors"] == [never]
                assert hidden is not sees(relation, kind), (deed, relation, kind, answer)
                cells += 1
    assert cells > 700


async def test_live_lists_tell_each_what_the_rules_say(gathered: Gathered) -> None:
    scene = gathered.scene
    kind_of = {gid: kind for kind, gid in scene.posts.items()}
    async with transaction():
        await user_list.add(
            number(scene.friend.id), node_id.number_of("list", gathered.people) or 0, number(scene.friend.id)
        )
    for relation, viewer in scene.viewers.items():
        async with viewer.live(LIST_LIVE, id=gathered.people) as feed:
            async with transaction():  # as if all were published now
                for kind, gid in scene.posts.items():
                    author = number(scene.authors[kind[0]].id)
                    await record(Kind.POST_CREATED, [f"author:{author}"], actor_id=author, post_id=number(gid))
            last = await scene.friend.write("The last")
            there: set[str] = set()
            while last not in there:
                there.add((await feed.until("PostPublished"))["edge"]["node"]["id"])
        wanted = {kind for kind in scene.posts if in_list(relation, kind)}
        assert {kind_of[gid] for gid in there if gid in kind_of} == wanted, relation
