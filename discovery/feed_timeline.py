"""What stands in a custom feed, newest first, as far as its reader may see and wants to see it; and which feeds a post stands in.

Each branch is a stream that an index answers from its newest end; the streams are merged by id, in one statement. What they
give is read in stretches, and of each stretch what the rules let through is kept, until a page is full (as `discovery/post_search.py`).
The statement depends on how many streams of each sort there are and on nothing else, so a process knows few of them.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from asyncpg import QueryCanceledError

from discovery.feed_plan import Branch, FeedPlan
from discovery.post_search import LARGEST_STRETCH, LONGEST_SECONDS, STATEMENT_TIMEOUT_MS, arguments, asked_sql
from errors import BadInput
from models import visibility
from models.database import fetch
from models.feed_rules import FeedSourceKind
from models.timeline import Window
from models.transaction import transaction

TOO_BROAD = "This feed looks through too much. Give it narrower sources, or ask less of its posts."
RULE = visibility.searched
"""What of a feed's posts somebody gets: what is listed, and of the rest what is for them, without what they do not want to read."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A post in a feed, and the first of the feed's sources that has it."""

    post_id: int
    place: int


_BY_WORDS, _BY_PEOPLE, _BY_GATHERING = 0, 1, 2
_SORTS = {
    FeedSourceKind.FOLLOWED: _BY_PEOPLE,
    FeedSourceKind.PEOPLE: _BY_PEOPLE,
    FeedSourceKind.LIST: _BY_PEOPLE,
    FeedSourceKind.BOARD: _BY_GATHERING,
    FeedSourceKind.REMIXES: _BY_GATHERING,
}
_WIDTHS = (
    9,
    12,
    11,
)  # how many parameters a stream of each sort has: place, older, newer, the six of `asked_sql`, its own


def _sort(branch: Branch) -> int:
    return _SORTS.get(branch.kind, _BY_WORDS)


def _given(branch: Branch, window: Window) -> tuple[object, ...]:
    asked = branch.asked
    older = min(window.older_than, asked.older_than or window.older_than)
    newer = max(window.newer_than, asked.newer_than or 0)
    common = (branch.place, older, newer, *arguments(asked))
    if _sort(branch) == _BY_PEOPLE:
        return (*common, list(branch.people), branch.reader_id if branch.follows else None, branch.list_id)
    return (*common, branch.board_id, branch.source_post_id) if _sort(branch) == _BY_GATHERING else common


def _asked(n: int) -> str:
    """The condition for the six `arguments` of a plan, from `$n` on."""
    return asked_sql(
        "$1",
        f"${n}::text",
        f"${n + 1}::int",
        f"${n + 2}::int",
        f"${n + 3}::boolean",
        f"${n + 4}::text",
        f"${n + 5}::text",
    )


def _by_words(n: int, order: str) -> tuple[str, str]:
    return (
        "",
        f"""SELECT w.post_id AS id, ${n}::int AS place FROM post_words w
        WHERE w.post_id < ${n + 1}::bigint AND w.post_id > ${n + 2}::bigint AND {_asked(n + 3)} ORDER BY w.post_id {order} LIMIT $2""",
    )


def _by_people(n: int, order: str) -> tuple[str, str]:
    """As a home finds its page: the nearest few of each author say how far it is enough to look (`models/timeline.py`)."""
    near = "min(key) - 1" if order == "DESC" else "max(key) + 1"
    low, high = f"${n + 2}::bigint", f"${n + 1}::bigint"
    edge = f"CASE WHEN count(*) >= $2 THEN {near} ELSE {low if order == 'DESC' else high} END"
    span = f"{edge} AS low, {high} AS high" if order == "DESC" else f"{low} AS low, {edge} AS high"

    def of(author: str, low: str, high: str, limit: str) -> str:
        return f"""SELECT q.id FROM posts q JOIN post_words w ON w.post_id = q.id WHERE q.author_id = {author} AND q.deleted_at IS NULL
            AND q.id > {low} AND q.id < {high} AND {_asked(n + 3)} ORDER BY q.id {order} LIMIT {limit}"""

    tables = f"""people_{n} AS MATERIALIZED (
        SELECT unnest(${n + 9}::bigint[]) AS id
        UNION ALL SELECT followee_id FROM follows WHERE follower_id = ${n + 10}::bigint
        UNION ALL SELECT user_id FROM list_members WHERE list_id = ${n + 11}::bigint
    ), nearest_{n} AS MATERIALIZED (
        SELECT people_{n}.id, found.id AS key FROM people_{n}, LATERAL (
            {of(f"people_{n}.id", low, high, f"1 + 2 * $2 / (SELECT greatest(count(*), 1) FROM people_{n})")}) AS found
        ORDER BY found.id {order} LIMIT $2
    ), span_{n} AS MATERIALIZED (SELECT {span} FROM nearest_{n}),"""
    stream = f"""SELECT found.id, ${n}::int AS place FROM (SELECT DISTINCT id FROM nearest_{n}) AS author, LATERAL (
            {of("author.id", f"(SELECT low FROM span_{n})", f"(SELECT high FROM span_{n})", "$2")}) AS found ORDER BY 1 {order} LIMIT $2"""
    return tables, stream


def _by_gathering(n: int, order: str) -> tuple[str, str]:
    def of(table: str, column: str, value: str) -> str:
        return f"""(SELECT w.post_id AS id, ${n}::int AS place FROM {table} g JOIN post_words w ON w.post_id = g.post_id
            WHERE g.{column} = {value}::bigint AND g.post_id < ${n + 1}::bigint AND g.post_id > ${n + 2}::bigint AND {_asked(n + 3)}
            ORDER BY g.post_id {order} LIMIT $2)"""

    boards, remixes = (
        of("board_posts", "board_id", f"${n + 9}"),
        of("remix_posts", "source_post_id", f"${n + 10}"),
    )
    return "", f"{boards} UNION ALL {remixes}"


_STREAMS = (_by_words, _by_people, _by_gathering)


@lru_cache(maxsize=256)
def statement(sorts: tuple[int, ...], order: str) -> str:
    """The statement for streams of these sorts, in their order. $1 is the reader, $2 how many posts; then the streams' own."""
    first, tables, streams = 3, [], []
    for sort in sorts:
        table, stream = _STREAMS[sort](first, order)
        tables.append(table)
        streams.append(f"({stream})")
        first += _WIDTHS[sort]
    return f"""WITH {" ".join(tables)} found AS MATERIALIZED (
        SELECT id, min(place) AS place FROM ({" UNION ALL ".join(streams)}) AS streams GROUP BY id ORDER BY id {order} LIMIT $2
    ) SELECT p.id, found.place, {RULE.sql()} AS allowed FROM found JOIN posts p ON p.id = found.id ORDER BY p.id {order}"""


async def posts(viewer_id: int, plan: FeedPlan, window: Window) -> list[Standing]:
    """The posts of a window, newest first. Raises BadInput when looking for them takes too long."""
    branches = sorted(plan.branches, key=_sort)
    if not branches:
        return []
    sql = statement(tuple(map(_sort, branches)), window.direction)
    older, newer = window.older_than, max(window.newer_than, plan.newer_than())
    found: list[Standing] = []
    stretch = window.limit * 2
    until = time.monotonic() + LONGEST_SECONDS
    try:
        async with transaction():
            # What a feed asks decides how it is best answered; a plan that is made for any would walk through all posts.
            await fetch(
                f"SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('statement_timeout', '{STATEMENT_TIMEOUT_MS}', true)"
            )
            while True:
                part = Window(stretch, older, newer)
                given = [value for branch in branches for value in _given(branch, part)]
                rows = await fetch(sql, viewer_id, stretch, *given)
                found += [Standing(row["id"], row["place"]) for row in rows if row["allowed"]]
                if len(found) >= window.limit or len(rows) < stretch:
                    break
                if time.monotonic() > until:
                    raise BadInput(TOO_BROAD)
                if window.direction == "DESC":
                    older = rows[-1]["id"]
                else:
                    newer = rows[-1]["id"]
                stretch = min(stretch * 4, LARGEST_STRETCH)
    except QueryCanceledError:
        raise BadInput(TOO_BROAD) from None
    return sorted(found[: window.limit], key=lambda one: -one.post_id)


_MATCHING = f"""SELECT w.post_id, asks.number FROM unnest($2::text[], $3::int[], $4::int[], $5::bigint[], $6::bigint[], $7::boolean[], $8::text[],
        $9::text[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[])
    WITH ORDINALITY AS asks (words, least, below, older, newer, followed, prompt, no_prompt, reader, list_id, board_id, source_id, number)
    CROSS JOIN unnest($1::bigint[]) AS new (id) JOIN post_words w ON w.post_id = new.id JOIN posts p ON p.id = new.id
    WHERE {asked_sql("asks.reader", "asks.words", "asks.least", "asks.below", "asks.followed", "asks.prompt", "asks.no_prompt")}
    AND (asks.older IS NULL OR w.post_id < asks.older) AND (asks.newer IS NULL OR w.post_id > asks.newer)
    AND (asks.list_id IS NULL OR EXISTS (SELECT 1 FROM list_members e WHERE e.list_id = asks.list_id AND e.user_id = p.author_id))
    AND (asks.board_id IS NULL OR EXISTS (SELECT 1 FROM board_posts e WHERE e.board_id = asks.board_id AND e.post_id = p.id))
    AND (asks.source_id IS NULL OR EXISTS (SELECT 1 FROM remix_posts e WHERE e.source_post_id = asks.source_id AND e.post_id = p.id))"""


def _words(branch: Branch) -> str | None:
    people = " | ".join(f"'from:{number}'" for number in branch.people)
    return (
        " & ".join([*([f"({people})"] if people else []), *([branch.asked.words] if branch.asked.words else [])])
        or None
    )


async def matching(post_ids: Iterable[int], branches: Iterable[Branch]) -> set[tuple[int, Branch]]:
    """Which of these branches have which of these posts now: one statement. Who may see them, and age, are not asked."""
    wanted, asked = sorted(set(post_ids)), list(dict.fromkeys(branches))
    if not wanted or not asked:
        return set()
    rows = await fetch(
        _MATCHING,
        wanted,
        [_words(one) for one in asked],
        [one.asked.min_likes for one in asked],
        [one.asked.below_likes for one in asked],
        [one.asked.older_than for one in asked],
        [one.asked.newer_than for one in asked],
        [True if one.follows else one.asked.followed for one in asked],
        [one.asked.prompt for one in asked],
        [one.asked.no_prompt for one in asked],
        [one.reader_id for one in asked],
        [one.list_id for one in asked],
        [one.board_id for one in asked],
        [one.source_post_id for one in asked],
    )
    return {(row["post_id"], asked[row["number"] - 1]) for row in rows}


def first_of(plan: FeedPlan, post_id: int, matched: set[tuple[int, Branch]]) -> Branch | None:
    """The first of a feed's branches that has a post."""
    return next((branch for branch in plan.branches if (post_id, branch) in matched), None)


async def standing(plan: FeedPlan, post_id: int) -> Branch | None:
    """The first of a feed's branches that has this post now, None where none has."""
    if post_id <= plan.newer_than():
        return None
    return first_of(plan, post_id, await matching([post_id], plan.branches))
