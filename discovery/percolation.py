"""Percolation: new posts are held against what people saved, out of the event log, exactly once, whoever reads it and whatever dies.

A post is tried against those saved queries alone that share a key with it (`cover.py`), each of them once however many people saved
it; what is saved by meaning is found by nearness, at most `MOST_NEAR` of it. That a query found a post is a row, put down in the
transaction that moves the reader's place; whom it is for is asked when it is told and counted (`saved_search.MATCHES`).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from asyncpg import Record

from discovery.cover import BROAD, LONGEST_BEGINNING
from discovery.meaning import FARTHEST
from discovery.saved_search import MATCHES, PROMPTED
from models import notification_spread
from models.checkpoint import checkpoint
from models.database import fetch
from models.event import Event, Kind, record_finds
from models.log_reader import LogReader
from models.notification_kind import NotificationKind
from models.notification_move import Fact
from models.transaction import transaction

EVENTS_AT_ONCE = 500
NEWS_AT_ONCE = 50
MOST_NEAR = 200
MOST_KEPT = 200  # of what a query found, the newest
_READER = LogReader("saved searches")
TELLING = LogReader("notifications")
_WRITTEN = frozenset({Kind.POST_CREATED, Kind.POST_EDITED, Kind.POST_AUDIENCE})
_TURNED = frozenset({Kind.POST_EDITED, Kind.POST_AUDIENCE, Kind.POST_DELETED})
log = logging.getLogger(__name__)

_BROAD = " AND ".join(f"l.lexeme NOT LIKE '{beginning}%'" for beginning in BROAD)
_HOLDS = """(asked.words IS NULL OR new.words @@ asked.words::tsquery)
    AND (asked.prompt IS NULL OR coalesce(new.prompts @@ asked.prompt::tsquery, false))
    AND (asked.older_than IS NULL OR new.post_id < asked.older_than) AND (asked.newer_than IS NULL OR new.post_id > asked.newer_than)"""
_NEW = """new AS MATERIALIZED (
    SELECT w.post_id, w.words, w.prompts, p.author_id FROM post_words w JOIN posts p ON p.id = w.post_id
    WHERE w.post_id = ANY($1::bigint[]) AND p.deleted_at IS NULL
)"""
# OFFSET 0 keeps each key a look into the index, whatever the planner thinks of how many there are.
TRY = f"""WITH {_NEW}, words AS MATERIALIZED (
    SELECT new.post_id, '' AS side, l.lexeme FROM new, unnest(new.words) AS l WHERE {_BROAD}
    UNION ALL SELECT new.post_id, '{PROMPTED}', l.lexeme FROM new, unnest(new.prompts) AS l
), keys AS MATERIALIZED (
    SELECT post_id, side || lexeme AS key FROM words
    UNION SELECT post_id, side || left(lexeme, n) || '*' FROM words, generate_series(1, least(length(lexeme), {LONGEST_BEGINNING})) AS n
        WHERE lexeme !~ '^[a-z][a-z]:'
), tried AS MATERIALIZED (
    SELECT DISTINCT k.query_id, keys.post_id FROM keys, LATERAL (SELECT query_id FROM saved_query_keys k WHERE k.key = keys.key OFFSET 0) AS k
) SELECT tried.query_id, tried.post_id, new.author_id,
    ({_HOLDS}) AND (asked.said IS NULL OR new.words @@ asked.said::tsquery) AS found
FROM tried JOIN saved_queries asked ON asked.id = tried.query_id JOIN new ON new.post_id = tried.post_id"""
_NEAR = f"""WITH {_NEW}, near AS MATERIALIZED (
    SELECT DISTINCT new.post_id, n.id FROM new JOIN post_meanings m ON m.post_id = new.post_id,
        LATERAL (SELECT m.said AS vector UNION ALL SELECT m.prompt) AS meant,
        LATERAL (SELECT q.id, q.meaning <=> meant.vector AS far FROM saved_queries q WHERE q.meaning IS NOT NULL AND meant.vector IS NOT NULL
            ORDER BY q.meaning <=> meant.vector LIMIT {MOST_NEAR}) AS n WHERE n.far < {FARTHEST}
) SELECT near.id AS query_id, near.post_id, new.author_id, {_HOLDS} AS found
FROM near JOIN saved_queries asked ON asked.id = near.id JOIN new ON new.post_id = near.post_id"""


@dataclass(frozen=True, slots=True)
class Percolated:
    """How many times a query was tried against a post, how often it found it, and of how many finds nobody knew before."""

    tried: int = 0
    found: int = 0
    new: int = 0


async def percolate() -> bool:
    """Hold the next stretch of the log, then some of what means something since, against what is saved; True while there may be
    more. Safe in parallel."""
    more = await _READER.follow(_hear)
    return await _meant() if more is None else more


async def _hear(events: Sequence[Event]) -> None:
    former: dict[int, int | None] = {}
    for event in events:
        if event.kind in _TURNED and event.post_id is not None:
            before = event.subject_id if event.kind is Kind.POST_AUDIENCE else None
            former[event.post_id] = before or former.get(event.post_id)
    if former:
        await _tell_moved(former)
    if written := list(dict.fromkeys(e.post_id for e in events if e.kind in _WRITTEN and e.post_id is not None)):
        await keep(await fetch(TRY, written))
    if gone := [e.post_id for e in events if e.kind is Kind.POST_DELETED]:
        await fetch("DELETE FROM saved_query_finds WHERE post_id = ANY($1::bigint[])", gone)
    if turned := list(dict.fromkeys(e.actor_id for e in events if e.kind is Kind.STANDING_CHANGED and e.actor_id)):
        rows = await fetch(
            "SELECT DISTINCT query_id, author_id FROM saved_query_finds WHERE author_id = ANY($1::bigint[])", turned
        )
        await record_finds(Kind.SAVED_SEARCH_MOVED, [(row["query_id"], row["author_id"], None, None) for row in rows])
    checkpoint("percolation.found")


_SAVERS = f"""SELECT kept.id, kept.owner_id, p.author_id, p.created_at AS at, p.id > kept.seen_until AND {MATCHES} AS found FROM (
        SELECT s.* FROM saved_searches s JOIN notification_switches n ON n.user_id = s.owner_id AND n.kind = $5 AND n.source <> 'NOBODY'
        WHERE s.query_id = $2 AND s.id > $3 ORDER BY s.id LIMIT $4
    ) AS kept JOIN saved_queries asked ON asked.id = kept.query_id JOIN posts p ON p.id = $1
    JOIN post_words w ON w.post_id = p.id ORDER BY kept.id"""


async def tell_savers() -> bool:
    """Tell the next of those who want to hear of what their saved searches find, where it is for them; True while there may be
    more. Under the lock of whoever tells people, so that notifications stand in the order of their ids."""
    if not await notification_spread.is_waiting(saved=True):
        return False
    async with transaction():
        if not await TELLING.hold(await TELLING.place()):
            return False
        row = await notification_spread.oldest(saved=True)
        if row is None:
            return False
        people = await fetch(
            _SAVERS,
            row["post_id"],
            row["subject_id"],
            row["last_id"],
            notification_spread.PEOPLE_AT_ONCE,
            notification_spread.SAVED,
        )
        facts = [
            Fact(one["owner_id"], NotificationKind.SAVED_SEARCH, one["at"], one["author_id"], row["post_id"], one["id"])
            for one in people
            if one["found"]
        ]
        await notification_spread.tell(row, facts, [one["id"] for one in people])
        checkpoint("percolation.told")
    return True


async def _meant() -> bool:
    """Hold posts whose meaning is known since just now against what is saved by meaning."""
    if not await fetch("SELECT 1 FROM meaning_news LIMIT 1"):
        return False
    async with transaction():
        await fetch("SELECT set_config('hnsw.ef_search', $1, true)", str(MOST_NEAR))
        news = await fetch(
            """DELETE FROM meaning_news WHERE post_id IN (SELECT post_id FROM meaning_news ORDER BY post_id LIMIT $1 FOR UPDATE SKIP LOCKED)
            RETURNING post_id""",
            NEWS_AT_ONCE,
        )
        await keep(await fetch(_NEAR, [row["post_id"] for row in news]))
        checkpoint("percolation.meant")
    return len(news) == NEWS_AT_ONCE


async def keep(tried: Sequence[Record]) -> Percolated:
    """Put down what was found, and tell of what is new. The caller holds the transaction."""
    found = [row for row in tried if row["found"]]
    if not found:
        return Percolated(len(tried))
    new = await fetch(
        """INSERT INTO saved_query_finds (query_id, post_id, author_id) SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[])
        ON CONFLICT DO NOTHING RETURNING query_id, post_id, author_id""",
        [row["query_id"] for row in found],
        [row["post_id"] for row in found],
        [row["author_id"] for row in found],
    )
    await fetch(
        f"""DELETE FROM saved_query_finds f USING unnest($1::bigint[]) AS n (id), LATERAL (SELECT post_id FROM saved_query_finds
            WHERE query_id = n.id ORDER BY post_id DESC OFFSET {MOST_KEPT}) AS old WHERE f.query_id = n.id AND f.post_id = old.post_id""",
        list({row["query_id"] for row in new}),
    )
    await record_finds(
        Kind.SAVED_SEARCH_FOUND, [(row["query_id"], row["author_id"], row["post_id"], None) for row in new]
    )
    await notification_spread.begin_finds([(row["post_id"], row["query_id"]) for row in new])
    return Percolated(len(tried), len(found), len(new))


async def _tell_moved(former: Mapping[int, int | None]) -> None:
    """What was found is other than it was; for whom it was before stands beside it, where that is other, too."""
    rows = await fetch(
        "SELECT query_id, post_id, author_id FROM saved_query_finds WHERE post_id = ANY($1::bigint[])", list(former)
    )
    await record_finds(
        Kind.SAVED_SEARCH_MOVED,
        [(row["query_id"], row["author_id"], row["post_id"], former[row["post_id"]]) for row in rows],
    )
