"""Saved searches: their owner's alone, in an order of their own, each with how many posts are new since its owner last looked.

What is asked is kept once, however many save it (`saved_queries`); what it found since is put beside it by `discovery/percolation.py`.
What may be counted for whom is asked when it is counted, by the same condition as searching itself: so nothing that is hidden is told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from asyncpg import Record

from discovery import post_search
from discovery.cover import cover
from discovery.grammar import parse
from discovery.meaning import FARTHEST
from discovery.post_search import Plan, asked_sql
from discovery.query import LONGEST_QUERY, Every, Phrase, Problem, Tag, Word, plain_words
from errors import BadInput, NotFound, QuotaExceeded
from models import facet, naming, node_id, notification_move, visibility
from models.consent import tells_prompt_sql
from models.database import fetch, fetch_one, fetch_value
from models.event import Kind, record
from models.notification_kind import NotificationKind

MOST_SAVED = 25
MOST_NEW = 50
LONGEST_NAME = 60

MATCHES = f"""{asked_sql("kept.owner_id", "asked.words", "asked.min_likes", "asked.below_likes", "asked.followed", "asked.prompt", "asked.no_prompt")}
    AND (asked.older_than IS NULL OR w.post_id < asked.older_than) AND (asked.newer_than IS NULL OR w.post_id > asked.newer_than)
    AND (asked.meaning IS NULL OR coalesce(w.words @@ asked.said::tsquery, false) OR EXISTS (SELECT 1 FROM post_meanings m
        WHERE m.post_id = w.post_id AND (m.said <=> asked.meaning < {FARTHEST}
            OR (m.prompt <=> asked.meaning < {FARTHEST} AND {tells_prompt_sql("p", "kept.owner_id")}))))
    AND p.author_id <> kept.owner_id AND {visibility.searched.sql("p", "kept.owner_id")}"""
"""The condition that what somebody saved (`kept`, which asks `asked`) finds the post `p` with the words `w` for them, now."""

_COLUMNS = f"""kept.id, kept.query_id, kept.name, kept.text, kept.by_meaning, kept.place, kept.version, kept.created_at,
    asked.prompt IS NULL AND asked.meaning IS NULL AS open,
    CASE WHEN asked.watched THEN (SELECT count(*) FROM (
        SELECT 1 FROM saved_query_finds f JOIN posts p ON p.id = f.post_id JOIN post_words w ON w.post_id = f.post_id
        WHERE f.query_id = kept.query_id AND f.post_id > kept.seen_until AND {MATCHES} LIMIT {MOST_NEW}) AS news) END AS news"""
_FROM = "FROM saved_searches kept JOIN saved_queries asked ON asked.id = kept.query_id"


@dataclass(frozen=True, slots=True)
class SavedSearchRow:
    """A saved search as its owner sees it. `new_post_count` is None where it is too broad to be watched; `is_open` where that it
    finds a post tells no more than the post itself says."""

    id: int
    query_id: int
    name: str
    text: str
    by_meaning: bool
    position: int
    version: int
    created_at: datetime
    is_open: bool
    new_post_count: int | None

    @property
    def gid(self) -> str:
        """The global id."""
        return node_id.encode("search", self.id)


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be saved: the text, its tree, and the vector of its words where it is asked by meaning."""

    text: str
    tree: Every
    vector: str | None = None


def question(text: str, *, by_meaning: bool) -> Question:
    """What a text asks. Raises BadInput where it is wrong, or has no words that could mean something."""
    kept = facet.clean(text) if len(text) <= LONGEST_QUERY else text
    found = parse(kept)
    if isinstance(found, Problem):
        raise BadInput(found.message, ["text"])
    if by_meaning and not plain_words(found).strip():
        raise BadInput("A search by meaning needs words.", ["text"])
    return Question(kept, found)


def _row(row: Record) -> SavedSearchRow:
    return SavedSearchRow(*row)


async def saved(owner_id: int) -> list[SavedSearchRow]:
    """All that somebody saved, in their order."""
    return [
        _row(row)
        for row in await fetch(f"SELECT {_COLUMNS} {_FROM} WHERE kept.owner_id = $1 ORDER BY kept.place", owner_id)
    ]


async def saved_search(owner_id: int, number: int) -> SavedSearchRow | None:
    """One of somebody's own."""
    row = await fetch_one(f"SELECT {_COLUMNS} {_FROM} WHERE kept.owner_id = $1 AND kept.id = $2", owner_id, number)
    return None if row is None else _row(row)


async def saved_searches(owner_id: int, numbers: Sequence[int]) -> dict[int, SavedSearchRow]:
    """Those of somebody's own among these, by number."""
    rows = await fetch(
        f"SELECT {_COLUMNS} {_FROM} WHERE kept.owner_id = $1 AND kept.id = ANY($2::bigint[])", owner_id, list(numbers)
    )
    return {row["id"]: _row(row) for row in rows}


async def asking(owner_id: int, query_id: int) -> list[SavedSearchRow]:
    """What somebody saved that asks this."""
    rows = await fetch(f"SELECT {_COLUMNS} {_FROM} WHERE kept.owner_id = $1 AND kept.query_id = $2", owner_id, query_id)
    return [_row(row) for row in rows]


async def finds(owner_id: int, query_id: int, post_id: int) -> bool:
    """Whether this post is found for somebody, now, by what they saved that asks this."""
    return bool(
        await fetch(
            f"""SELECT 1 {_FROM} JOIN posts p ON p.id = $3 JOIN post_words w ON w.post_id = p.id
            WHERE kept.owner_id = $1 AND kept.query_id = $2 AND {MATCHES}""",
            owner_id,
            query_id,
            post_id,
        )
    )


async def save(owner_id: int, asked: Question, name: str | None) -> int:
    """Keep a search at the end of the list; its id. One that asks the same stays, under this name where one is given.

    The caller holds the transaction. Raises BadInput, QuotaExceeded.
    """
    # Two at once count each other only when the second counts after the first has committed.
    await fetch("SELECT pg_advisory_xact_lock(hashtextextended('saved searches of ' || $1::bigint, 0))", owner_id)
    query_id = await _query(owner_id, asked)
    called = naming.name(" ".join(asked.text.split())[:LONGEST_NAME] if name is None else name, LONGEST_NAME)
    known = await fetch_value("SELECT id FROM saved_searches WHERE owner_id = $1 AND query_id = $2", owner_id, query_id)
    if known is not None:
        if name is not None:
            await rename(owner_id, known, name)
        return int(known)
    if await fetch_value("SELECT count(*) FROM saved_searches WHERE owner_id = $1", owner_id) >= MOST_SAVED:
        raise QuotaExceeded(f"You have {MOST_SAVED} saved searches; delete one to keep another.")
    number: int = await fetch_value(
        """INSERT INTO saved_searches (owner_id, query_id, name, text, by_meaning, place, seen_until) SELECT $1, $2, $3, $4, $5,
            coalesce((SELECT max(place) + 1 FROM saved_searches WHERE owner_id = $1), 0), fresque_id() RETURNING id""",
        owner_id,
        query_id,
        called,
        asked.text,
        asked.vector is not None,
    )
    await _told(owner_id, number)
    return number


async def _query(owner_id: int, asked: Question) -> int:
    """What it asks, as it is kept for all who ask so."""
    whole = await post_search.plan(owner_id, asked.tree)
    if whole.asks_nothing:
        raise BadInput("There is nothing to look for.", ["text"])
    plan, said = whole, None
    if asked.vector is not None:
        narrow = tuple(part for part in asked.tree.parts if not isinstance(part, Word | Phrase | Tag))
        plan, said = await post_search.plan(owner_id, replace(asked.tree, parts=narrow)), whole.words
    identity = hashlib.sha256(repr((plan, said, asked.vector)).encode()).hexdigest()
    keys = await _keys(plan, said)
    query_id: int = await fetch_value(
        """INSERT INTO saved_queries (identity, words, prompt, no_prompt, newer_than, older_than, min_likes, below_likes, followed,
            said, meaning, watched) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::text::vector, $12)
        ON CONFLICT (identity) DO UPDATE SET watched = excluded.watched RETURNING id""",
        identity,
        plan.words,
        plan.prompt,
        plan.no_prompt,
        plan.newer_than,
        plan.older_than,
        plan.min_likes,
        plan.below_likes,
        plan.followed,
        said,
        asked.vector,
        bool(keys) or asked.vector is not None,
    )
    await fetch(
        "INSERT INTO saved_query_keys (key, query_id) SELECT key, $2 FROM unnest($1::text[]) AS n (key) ON CONFLICT DO NOTHING",
        keys,
        query_id,
    )
    return query_id


PROMPTED = "prompt "
"""What the keys of words of prompts begin with."""


async def _keys(plan: Plan, said: str | None) -> list[str]:
    rows = await fetch(
        """SELECT attname, n.word, n.share FROM pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs) AS n (word, share)
        WHERE schemaname = current_schema() AND tablename = 'post_words' AND n.word IS NOT NULL"""
    )
    found = cover(said or plan.words, {row["word"]: row["share"] for row in rows if row["attname"] == "words"})
    told = cover(plan.prompt, {row["word"]: row["share"] for row in rows if row["attname"] == "prompts"})
    if told is not None and (found is None or sum(told.values()) < sum(found.values())):
        return [PROMPTED + key for key in told]
    return list(found or ())


async def rename(owner_id: int, number: int, name: str) -> None:
    """Call it otherwise. The caller holds the transaction. Raises NotFound, BadInput."""
    await _own(owner_id, number)
    await fetch(
        "UPDATE saved_searches SET name = $2, version = version + 1 WHERE id = $1",
        number,
        naming.name(name, LONGEST_NAME),
    )
    await _told(owner_id, number)


async def move(owner_id: int, number: int, position: int) -> None:
    """Put it at this place of the list, from 0; beyond the end is at the end. The caller holds the transaction. Raises NotFound."""
    await _own(owner_id, number)
    if position < 0:
        raise BadInput("A place is 0 or more.", ["position"])
    order = [
        row["id"]
        for row in await fetch("SELECT id FROM saved_searches WHERE owner_id = $1 ORDER BY place FOR UPDATE", owner_id)
    ]
    order.remove(number)
    order.insert(position, number)
    await _arrange(owner_id, order)


async def _arrange(owner_id: int, order: Sequence[int]) -> None:
    moved = await fetch(
        """UPDATE saved_searches s SET place = n.place - 1, version = s.version + 1 FROM unnest($2::bigint[]) WITH ORDINALITY AS n (id, place)
        WHERE s.owner_id = $1 AND s.id = n.id AND s.place <> n.place - 1 RETURNING s.id""",
        owner_id,
        list(order),
    )
    for row in moved:
        await _told(owner_id, row["id"])


async def look(owner_id: int, number: int, until: int | None) -> None:
    """Everything that is found is seen, up to the post `until` where it is given; it never goes back. What the text asks is read
    anew (somebody it names may be called so only now). The caller holds the transaction. Raises NotFound."""
    row = await _own(owner_id, number)
    if not row["by_meaning"]:
        query_id = await _query(owner_id, question(row["text"], by_meaning=False))
        twin = "SELECT 1 FROM saved_searches WHERE owner_id = $1 AND query_id = $2"
        if query_id != row["query_id"] and not await fetch(twin, owner_id, query_id):
            await fetch("UPDATE saved_searches SET query_id = $2 WHERE id = $1", number, query_id)
            await _forget(row["query_id"])
    rows = await fetch(
        """UPDATE saved_searches SET seen_until = least(coalesce($2, n.id), n.id) FROM (SELECT fresque_id() AS id) AS n
        WHERE saved_searches.id = $1 AND seen_until < least(coalesce($2, n.id), n.id) RETURNING saved_searches.id""",
        number,
        until,
    )
    if rows:
        await _told(owner_id, number)


async def delete(owner_id: int, number: int) -> None:
    """Keep it no longer; what was told of it goes, too. The caller holds the transaction. Raises NotFound."""
    row = await _own(owner_id, number)
    await fetch("DELETE FROM saved_searches WHERE id = $1", number)
    await _forget(row["query_id"])
    rest = await fetch("SELECT id FROM saved_searches WHERE owner_id = $1 ORDER BY place", owner_id)
    await _arrange(owner_id, [each["id"] for each in rest])
    await notification_move.forget_subject(owner_id, NotificationKind.SAVED_SEARCH, number)
    await _told(owner_id, number)


async def _forget(query_id: int) -> None:
    """What nobody asks any more goes, with its keys and what it found. Who saves it at the same time is waited for, then seen."""
    await fetch("SELECT 1 FROM saved_queries WHERE id = $1 FOR UPDATE", query_id)
    await fetch(
        "DELETE FROM saved_queries q WHERE q.id = $1 AND NOT EXISTS (SELECT 1 FROM saved_searches s WHERE s.query_id = q.id)",
        query_id,
    )


async def _own(owner_id: int, number: int) -> Record:
    await fetch("SELECT pg_advisory_xact_lock(hashtextextended('saved searches of ' || $1::bigint, 0))", owner_id)
    row = await fetch_one("SELECT * FROM saved_searches WHERE id = $1 AND owner_id = $2", number, owner_id)
    if row is None:
        raise NotFound("There is no such saved search of yours.", ["savedSearchId"])
    return row


async def _told(owner_id: int, number: int) -> None:
    await record(Kind.SAVED_SEARCH_CHANGED, [f"saved_searches:{owner_id}"], actor_id=owner_id, subject_id=number)
