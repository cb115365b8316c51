"""How many SQL statements an operation costs: few, and as many for a hundred posts as for twenty."""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from typing import Any

import pytest
from asyncpg import Connection

from execution.documents import Documents
from execution.executor import Runner
from execution.request import Request
from models import board, board_order, node_id, user_list
from models.board import BoardAudience
from models.database import PlainConnection, fetch, fetch_value
from models.edit import Change, edit
from models.event import log_state
from models.poll import PollDraft
from models.publishing import Draft, write
from models.transaction import transaction
from models.user_list import ListReplies
from resolvers.context import Asker, Context
from schema.build import build
from tests.chatting import CHAT, MESSAGE, REACT, opened, said
from tests.conftest import Serving
from tests.feeds import made
from tests.people import OPERATIONS, PATIENCE_SECONDS, Person, Town
from tests.scheduling import SAVE, picture
from tests.selection import mutation
from tests.telling import LIST, caught_up

MOST_FOR_HOME = 8
_heard: ContextVar[list[str] | None] = ContextVar("heard", default=None)


@pytest.fixture
def listening(monkeypatch: pytest.MonkeyPatch) -> None:
    """As `listen`."""
    listen(monkeypatch)


def listen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Statements of this task, and of those it starts, are noted in `_heard`; nobody else's are."""
    prepared, plain = Connection._execute, Connection.execute

    async def _execute(self: Any, query: str, *arguments: Any, **more: Any) -> Any:
        _note(query)
        return await prepared(self, query, *arguments, **more)

    async def execute(self: Any, query: str, *arguments: Any, **more: Any) -> Any:
        if not arguments:
            _note(query)
        return await plain(self, query, *arguments, **more)

    monkeypatch.setattr(PlainConnection, "_execute", _execute, raising=False)
    monkeypatch.setattr(PlainConnection, "execute", execute, raising=False)


def _note(query: str) -> None:
    heard = _heard.get()
    if heard is not None:
        heard.append(query)


async def statements(running: Serving, asker: Asker, name: str, /, **variables: Any) -> list[str]:
    """The statements of one core operation (by name) or of a document, run as the transports run it (looking up who asks is one more)."""
    schema = build()
    runner = Runner(schema, Documents(schema._schema))
    asked = Request(name, None, variables) if "{" in name else Request(OPERATIONS, name, variables)
    operation = runner.prepare(asked, asker.user_id is not None)
    token = _heard.set([])
    try:
        result = await runner.run(operation, Context(running.application.state.house, asker), "here")
        heard = _heard.get()
    finally:
        _heard.reset(token)
    assert "errors" not in result, result
    assert heard is not None
    return heard


async def grow(author: int, other: int, count: int) -> list[int]:
    """Posts with all there is to look up: mentions, quotes, pictures, reposts, replies, likes."""
    posts: list[int] = []
    handle = await fetch_value("SELECT handle FROM users WHERE id = $1", other)
    for number in range(count):
        async with transaction():
            quoted = posts[-1] if posts and number % 2 else None
            post = await write(author, Draft(f"@{handle} #tag {number}", quoted_post_id=quoted))
            await write(other, Draft("An answer", reply_to_id=posts[0] if posts else post))
        posts.append(post)
    await fetch(
        "WITH made AS (INSERT INTO images (owner_id, prefix, mime_type, byte_size, width, height, blurhash)"
        " SELECT $1, 'q/' || fresque_id(), 'image/png', 9, 8, 8, 'L00000fQfQfQfQfQfQfQfQfQfQfQ' FROM unnest($2::bigint[])"
        " RETURNING id) INSERT INTO post_images (post_id, image_id, position, alt_text)"
        " SELECT p.id, m.id, 0, '' FROM (SELECT id, row_number() OVER () AS n FROM made) m"
        " JOIN unnest($2::bigint[]) WITH ORDINALITY AS p (id, n) ON p.n = m.n",
        author,
        posts,
    )
    for table in ("likes", "reposts"):
        await fetch(
            f"INSERT INTO {table} (user_id, post_id, created_at) SELECT $1, id, now() FROM unnest($2::bigint[]) AS p (id)",
            other,
            posts[::3],
        )
    return posts


async def reader_of(town: Town, count: int) -> tuple[Person, Person, list[int]]:
    """Somebody who follows an author of so many posts."""
    reader, ada, bob = [await town.person(name) for name in ("reader", "ada", "bob")]
    await reader.follow(ada, bob)
    posts = await grow(node_id.number_of("user", ada.id) or 0, node_id.number_of("user", bob.id) or 0, count)
    return reader, ada, posts


async def test_reading_costs_as_much_for_a_hundred_as_for_twenty(town: Town, running: Serving, listening: None) -> None:
    found: dict[int, dict[str, int]] = {}
    for count in (20, 100):
        reader, ada, posts = await reader_of(town, count)
        asker = Asker(node_id.number_of("user", reader.id))
        asked: dict[str, dict[str, Any]] = {
            "Viewer": {},
            "Home": {"first": count},
            "UserPage": {"handle": ada.handle, "first": count},
            "Explore": {"first": count},
            "Hashtag": {"name": "tag", "first": count},
            "Conversation": {"id": node_id.encode("post", posts[0])},
            "Engines": {},
        }
        found[count] = {}
        for name, variables in asked.items():
            heard = await statements(running, asker, name, **variables)
            found[count][name] = len(heard)
    assert found[20] == found[100]
    assert 1 + found[20]["Home"] <= MOST_FOR_HOME
    assert max(found[20].values()) <= 12, found


async def test_what_one_is_told_costs_as_much_for_a_hundred_as_for_five(
    town: Town, running: Serving, listening: None
) -> None:
    found: list[int] = []
    await caught_up()  # also where another test took away what was to be told from
    for count in (5, 100):
        _, ada, _ = await reader_of(town, count // 3)
        await caught_up()
        asker = Asker(node_id.number_of("user", ada.id))
        found.append(len(await statements(running, asker, LIST, first=count)))
    assert found[0] == found[1] <= 6, found


async def test_a_home_that_is_known_costs_one_statement(town: Town, running: Serving, listening: None) -> None:
    """However many posts, and whom the reader follows; after a post of somebody they hear, three."""
    for count in (5, 40):
        reader, ada, _ = await reader_of(town, count)
        asker = Asker(node_id.number_of("user", reader.id))
        found = [len(await statements(running, asker, "Home", first=20)) for _ in range(4)]
        assert found[0] == 3, "ids, posts, people"
        assert found[-1] == 1, found
        await ada.write("New")
        hub = running.application.state.house.hub
        async with asyncio.timeout(PATIENCE_SECONDS):
            await hub.reached((await log_state()).head)
        found = [len(await statements(running, asker, "Home", first=20)) for _ in range(3)]
        assert found[0] == 3, "where it stands, a glance, the new post"
        assert found[-1] == 1, found


async def test_signed_out_it_costs_no_more(town: Town, running: Serving, listening: None) -> None:
    _, ada, _ = await reader_of(town, 5)
    assert len(await statements(running, Asker(), "Explore", first=50)) <= MOST_FOR_HOME
    assert len(await statements(running, Asker(), "UserPage", handle=ada.handle)) <= MOST_FOR_HOME
    assert len(await statements(running, Asker(), "Hashtag", name="tag", first=50)) <= MOST_FOR_HOME


PERSON = "fragment Person on User { id handle avatar { url } banner { url } }"
LISTS = {
    "images": "query($n: Int!) { viewer { images(first: $n) { edges { node { id url altText } } } } }",
    "media": "query($n: Int!, $handle: String!) { user(handle: $handle) { ...Person media(first: $n) {"
    " edges { node { id images { url } author { ...Person } } } } } } " + PERSON,
    "bookmarks": "query($n: Int!) { viewer { bookmarks(first: $n) { edges { node { id author { ...Person } } } } } } "
    + PERSON,
    "threads": "query($n: Int!) { viewer { generationThreads(first: $n) { edges { node { id title cover { url } } } } } }",
    "turns": "query($n: Int!) { viewer { generationJobs(first: $n) { edges { node { id parent { outputIndex job { id } }"
    " thread { id title } post { id creation { state } } } } } } }",
    "history": "query($n: Int!) { viewer { promptHistory(first: $n) { edges { node { id text } } } } }",
    "suggestions": "query($handle: String!) { viewer { userSuggestions(prefix: $handle) { ...Person } } } " + PERSON,
}


async def conversations(owner: int, posts: list[int]) -> None:
    """For each post a thread of two jobs, of which the first makes the post's picture in the open, and a prompt."""
    for post in posts:
        await fetch(
            """WITH thread AS (
                INSERT INTO generation_threads (owner_id, title, last_job_id) VALUES ($1, 'x', $2) RETURNING id
            ), one AS (
                INSERT INTO generation_jobs (owner_id, prompt, engine, model, width, height, count, seed, start_by, state, thread_id)
                SELECT $1, 'x', 'gone', 'gone', 8, 8, 1, 1, now(), 'FAILED', id FROM thread RETURNING id, thread_id
            ), two AS (
                INSERT INTO generation_jobs (owner_id, prompt, engine, model, width, height, count, seed, start_by, state,
                    thread_id, parent_id)
                SELECT $1, 'x', 'gone', 'gone', 8, 8, 1, 1, now(), 'FAILED', thread_id, id FROM one RETURNING id
            ), outputs AS (
                INSERT INTO generation_outputs (job_id, index, image_id)
                SELECT one.id, 0, (SELECT max(id) FROM images WHERE owner_id = $1) FROM one UNION ALL SELECT two.id, 0, NULL FROM two
            ), prompts AS (
                INSERT INTO past_prompts (owner_id, digest, text, last_job_id) SELECT $1, $2::bigint::text::bytea, $2::bigint::text, id FROM two
            ) INSERT INTO creations (post_id, job_id, wanted, partials, failed) SELECT $2, id, 1, true, true FROM one""",
            owner,
            post,
        )


async def test_lists_of_pictures_and_people_cost_as_much_for_many_as_for_few(
    town: Town, running: Serving, listening: None
) -> None:
    found: list[dict[str, int]] = []
    for count in (5, 50):
        _, ada, posts = await reader_of(town, count)
        number = node_id.number_of("user", ada.id)
        await fetch(
            "INSERT INTO bookmarks (user_id, post_id, created_at) SELECT $1, id, now() FROM unnest($2::bigint[]) AS p (id)",
            number,
            posts,
        )
        await fetch(
            "UPDATE users SET avatar_id = i.id, banner_id = i.id FROM (SELECT max(id) AS id FROM images WHERE owner_id = $1) i WHERE users.id = $1",
            number,
        )
        await conversations(number or 0, posts)
        counts = {}
        for name, document in LISTS.items():
            known = {"n": count, "handle": ada.handle}
            variables = {one: value for one, value in known.items() if f"${one}" in document}
            counts[name] = len(await statements(running, Asker(number), document, **variables))
        found.append(counts)
    assert found[0] == found[1]
    assert max(found[0].values()) <= MOST_FOR_HOME, found


GATHERED = """query($list: ID!, $board: ID!, $first: Int) { viewer { boards(first: $first) { edges { node { id postCount
    owner { id } covers { id } } } } lists(first: $first) { edges { node { id memberCount owner { id } } } }
    followSuggestions(count: 10) { user { id } followedBy { id } } }
    list: node(id: $list) { ... on UserList { timeline(first: $first) { edges { node { id author { id } } } }
        members(first: $first) { edges { node { id } } } } }
    board: node(id: $board) { ... on Board { posts(first: $first) { edges { node { id } addedBy { id } } } } } }"""


async def test_boards_and_lists_cost_as_much_for_many_as_for_few(town: Town, running: Serving, listening: None) -> None:
    found = []
    for count in (5, 40):
        reader, ada, posts = await reader_of(town, count)
        number, author = node_id.number_of("user", reader.id) or 0, node_id.number_of("user", ada.id) or 0
        async with transaction():
            boards = [await board.create(number, str(n), "", BoardAudience.PRIVATE) for n in range(count)]
            people = [
                await user_list.create(number, str(n), "", private=True, exclusive=False, replies=ListReplies.LIST)
                for n in range(count)
            ]
            for post in posts:
                await board_order.add(number, boards[0], post)
            await user_list.add(number, people[0], author)
        variables = {"list": node_id.encode("list", people[0]), "board": node_id.encode("board", boards[0])}
        found.append(await statements(running, Asker(number), GATHERED, **variables, first=count))
    # People are asked for by several parts at once: those that come in another turn of the loop are one statement more.
    assert abs(len(found[0]) - len(found[1])) <= 2
    assert max(map(len, found)) <= 20, [one[:80] for one in found[1]]


FEEDS = """query($newest: ID!, $ranked: ID!, $rules: FeedRulesInput!, $first: Int) { viewer { pinnedFeeds { id }
        feeds(first: $first) { edges { node { id explanation owner { id } rules { sources { kind people { id } list { id } } } } } }
        feedPreview(rules: $rules) { explanation edges { node { id } } } }
    newest: node(id: $newest) { ... on CustomFeed { timeline(first: $first) { edges { node { id author { id } } reason { sourceIndex } } } } }
    ranked: node(id: $ranked) { ... on CustomFeed { timeline(first: $first) { edges { node { id } reason { signals } } } } } }"""


async def test_feeds_cost_as_much_for_many_as_for_few(town: Town, running: Serving, listening: None) -> None:
    found = []
    for count in (5, 30):
        reader, ada, _ = await reader_of(town, count)
        people = (await reader.do(mutation("createList"), name="x"))["list"]["id"]
        rules = {"sources": [{"people": [ada.id]}, {"userListId": people}, {"circle": "FOLLOWED"}, {"search": "hello"}]}
        for _ in range(count):
            newest = await made(reader, *rules["sources"])
        ranked = await made(reader, *rules["sources"], order="RANKED")
        asker = Asker(node_id.number_of("user", reader.id))
        variables = {"newest": newest, "ranked": ranked, "rules": rules, "first": count}
        found.append(await statements(running, asker, FEEDS, **variables))
    # Names are asked for by several parts at once: those that come in another turn of the loop are one statement more.
    assert abs(len(found[0]) - len(found[1])) <= 3
    assert max(map(len, found)) <= 60, [one[:80] for one in found[1]]


async def test_writing_costs_little(town: Town, running: Serving, listening: None) -> None:
    reader, _, posts = await reader_of(town, 2)
    asker = Asker(node_id.number_of("user", reader.id))
    found = {}
    for name, given in (
        ("CreatePost", {"text": "@nobody #tag"}),
        ("LikePost", {"postId": node_id.encode("post", posts[0])}),
        ("UnlikePost", {"postId": node_id.encode("post", posts[0])}),
    ):
        found[name] = len(await statements(running, asker, name, input=given))
    assert max(found.values()) <= 12, found


async def test_the_count_hears_everything(running: Serving, listening: None) -> None:
    """The ear itself: what goes through the pool is counted, what others do is not."""
    token = _heard.set([])
    try:
        await fetch("SELECT 1")
        assert await fetch_value("SELECT 2") == 2
        async with transaction():
            await fetch("SELECT 3")
        heard = _heard.get() or []
    finally:
        _heard.reset(token)
    await fetch("SELECT 4")
    assert [query for query in heard if query.startswith("SELECT")] == ["SELECT 1", "SELECT 2", "SELECT 3"]
    assert len(heard) == 5, "with BEGIN and COMMIT"


CHATS = f"query($n: Int!) {{ viewer {{ unreadChatCount chats(first: $n) {{ edges {{ node {{ {CHAT} }} }} }} }} }}"
WORDS = f'query($n: Int!) {{ viewer {{ messageSearch(words: "hello", first: $n) {{ edges {{ node {{ {MESSAGE} }} }} }} }} }}'
LOG = f"query($id: ID!, $n: Int!) {{ node(id: $id) {{ ... on Chat {{ id messages(last: $n) {{ edges {{ node {{ {MESSAGE} }} }} }} }} }} }}"


async def test_chats_and_messages_cost_as_much_for_many_as_for_few(
    town: Town, running: Serving, listening: None
) -> None:
    found: list[list[int]] = []
    for count in (3, 12):
        reader = await town.person("reader")
        shown = await reader.write("Passed on")
        for _ in range(count):
            friend = await town.person("friend")
            chat = await opened(reader, friend)
            message = await said(friend, chat, f"Hello @{reader.handle}", sharedPostId=shown)
            await reader.do(REACT, messageId=message, emoji="👍")
        for _ in range(count):
            await said(reader, chat, "Hello", sharedPostId=shown)
        asker = Asker(node_id.number_of("user", reader.id))
        heard = [len(await statements(running, asker, document, n=count)) for document in (CHATS, WORDS)]
        found.append([*heard, len(await statements(running, asker, LOG, id=chat, n=count))])
    assert found[0] == found[1]
    assert max(found[0]) <= 10, found


VERSIONS = """query($id: ID!, $n: Int!) { node(id: $id) { ... on Post { edits(first: $n) { edges { node {
    number text facets { feature { ... on MentionFacet { user { handle } } } } images { image { url } } poll { options } } } } } } }"""
POLLS = "query($n: Int!) { viewer { homeTimeline(first: $n) { edges { node { id poll { options { voteCount } viewerChoices } } } } } }"


async def test_versions_and_polls_cost_as_much_for_many_as_for_few(
    town: Town, running: Serving, listening: None
) -> None:
    found: list[list[int]] = []
    for count in (5, 40):
        reader, ada, _ = await reader_of(town, 3)
        author, asker = node_id.number_of("user", ada.id) or 0, Asker(node_id.number_of("user", reader.id))
        for number in range(count):
            async with transaction():
                await write(author, Draft("Which?", poll=PollDraft([f"a{number}", "b"], 60)))
        post = await ada.write("Once")
        for number in range(count):
            async with transaction():
                await edit(author, node_id.number_of("post", post) or 0, Change(f"@{reader.handle} {number}"))
        heard = [len(await statements(running, asker, VERSIONS, id=post, n=count))]
        heard += [len(await statements(running, asker, POLLS, n=count)) for _ in range(3)]
        found.append(heard)
    assert found[0] == found[1]
    assert max(found[0]) <= 6, found


DRAFTS = """query($n: Int!) { viewer { scheduledDrafts(first: $n) { totalCount } drafts(first: $n) { totalCount liveCursor edges { node {
    id posts { images { image { id url } } poll { options } } wish { references { id } } job { state } } } } } }"""


async def test_drafts_cost_as_much_for_many_as_for_few(town: Town, running: Serving, listening: None) -> None:
    found = []
    for count in (3, 30):
        ada = await town.person("ada")
        asker = Asker(node_id.number_of("user", ada.id))
        for _ in range(count):
            shown, learned = await picture(ada), await picture(ada)
            said = {"posts": [{"images": [{"imageId": shown}]}], "wish": {"prompt": "x", "referenceIds": [learned]}}
            await ada.do(SAVE, content=said)
        found.append(len(await statements(running, asker, DRAFTS, n=count)))
    assert found[0] == found[1] <= 9, found
