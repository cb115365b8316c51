"""What is told to very many (a post to those who asked for it, the end of a poll to those who voted, a decision to those who
reported): some at a time.

A spread is a row that knows how far it came; it moves in the transaction that tells the next ones. The caller holds the transaction.
"""

from __future__ import annotations

from collections.abc import Sequence

from asyncpg import Record

from models.database import fetch, fetch_one
from models.notification_kind import NotificationKind
from models.notification_move import Fact, put

PEOPLE_AT_ONCE = 500
SAVED = NotificationKind.SAVED_SEARCH.value

_POST = """SELECT f.follower_id AS id, p.author_id, p.created_at AS at FROM posts p JOIN follows f ON f.followee_id = p.author_id
    AND f.notifies_on_post AND f.follower_id > $3 WHERE p.id = $1 AND $2 = 0 AND p.deleted_at IS NULL
    AND f.follower_id <> ALL (p.mentioned_ids)
    AND NOT EXISTS (SELECT 1 FROM posts q WHERE q.id = p.quoted_post_id AND q.author_id = f.follower_id)
    ORDER BY f.follower_id LIMIT $4"""
_POLL = """SELECT v.user_id AS id, p.author_id, q.ends_at AS at FROM poll_votes v JOIN polls q ON q.id = v.poll_id
    JOIN posts p ON p.id = q.post_id AND p.id = $1 AND p.deleted_at IS NULL
    WHERE v.poll_id = $2 AND v.user_id > $3 ORDER BY v.user_id LIMIT $4"""


_REPORTS = """SELECT id, reporter_id, closed_at AS at FROM reports WHERE case_id = $1 AND id > $2 AND state <> 'OPEN'
    ORDER BY id LIMIT $3"""


async def begin_posts(post_ids: Sequence[int]) -> None:
    """Tell those who want to know whenever the authors post; of posts that answer nobody else."""
    await fetch(
        """INSERT INTO notification_spreads (kind, post_id) SELECT $2, p.id FROM posts p WHERE p.id = ANY($1::bigint[])
        AND (p.reply_to_id IS NULL OR p.reply_to_author_id = p.author_id)
        AND EXISTS (SELECT 1 FROM follows f WHERE f.followee_id = p.author_id AND f.notifies_on_post) ON CONFLICT DO NOTHING""",
        list(post_ids),
        NotificationKind.POST.value,
    )


async def begin_polls(pairs: Sequence[tuple[int, int]]) -> None:
    """Tell those who voted in these polls (post and poll) that they are over."""
    await fetch(
        """INSERT INTO notification_spreads (kind, post_id, subject_id) SELECT $3, c.post_id, c.poll_id
        FROM unnest($1::bigint[], $2::bigint[]) AS c (post_id, poll_id)
        WHERE EXISTS (SELECT 1 FROM poll_votes v WHERE v.poll_id = c.poll_id) ON CONFLICT DO NOTHING""",
        [post_id for post_id, _ in pairs],
        [poll_id for _, poll_id in pairs],
        NotificationKind.POLL_ENDED.value,
    )


async def begin_reports(case_ids: Sequence[int]) -> None:
    """Tell those who reported what these cases are about that it is decided."""
    await fetch(
        """INSERT INTO notification_spreads (kind, post_id, subject_id) SELECT $2, 0, id FROM unnest($1::bigint[]) AS c (id)
        ON CONFLICT DO NOTHING""",
        list(case_ids),
        NotificationKind.REPORT_DECIDED.value,
    )


async def begin_finds(finds: Sequence[tuple[int, int]]) -> None:
    """Tell those who saved these searches (post and what is asked) that there is a new post, as far as they want to hear of it."""
    await fetch(
        f"""INSERT INTO notification_spreads (kind, post_id, subject_id) SELECT '{SAVED}', c.post_id, c.query_id
        FROM unnest($1::bigint[], $2::bigint[]) AS c (post_id, query_id) WHERE EXISTS (SELECT 1 FROM saved_searches s
            JOIN notification_switches n ON n.user_id = s.owner_id AND n.kind = '{SAVED}' AND n.source <> 'NOBODY'
            WHERE s.query_id = c.query_id AND s.seen_until < c.post_id) ON CONFLICT DO NOTHING""",
        [post_id for post_id, _ in finds],
        [query_id for _, query_id in finds],
    )


async def is_waiting(*, saved: bool = False) -> bool:
    """Whether anything is to be told to very many; finds of saved searches apart, or those alone."""
    return bool(await fetch("SELECT 1 FROM notification_spreads WHERE (kind = $1) = $2 LIMIT 1", SAVED, saved))


async def oldest(*, saved: bool = False) -> Record | None:
    """The spread that goes on next, of the same."""
    order = "post_id, id" if saved else "id"
    return await fetch_one(
        f"SELECT * FROM notification_spreads WHERE (kind = $1) = $2 ORDER BY {order} LIMIT 1", SAVED, saved
    )


async def step() -> bool:
    """Tell the next `PEOPLE_AT_ONCE` of the oldest spread; whether there may be more."""
    row = await oldest()
    if row is None:
        return False
    kind = NotificationKind(row["kind"])
    if kind is NotificationKind.REPORT_DECIDED:
        found = await fetch(_REPORTS, row["subject_id"], row["last_id"], PEOPLE_AT_ONCE)
        decided = [Fact(one["reporter_id"], kind, one["at"], subject_id=one["id"]) for one in found]
        await tell(row, decided, [one["id"] for one in found])
        return True
    people = await fetch(
        _POST if kind is NotificationKind.POST else _POLL,
        row["post_id"],
        row["subject_id"],
        row["last_id"],
        PEOPLE_AT_ONCE,
    )
    facts = [Fact(one["id"], kind, one["at"], one["author_id"], row["post_id"], row["subject_id"]) for one in people]
    await tell(row, facts, [one["id"] for one in people])
    return True


async def tell(row: Record, facts: Sequence[Fact], ids: Sequence[int]) -> None:
    """Tell these facts of a spread, which goes on behind the last of these ids; with fewer than `PEOPLE_AT_ONCE` it is over."""
    await put(facts)
    if len(ids) < PEOPLE_AT_ONCE:
        await fetch("DELETE FROM notification_spreads WHERE id = $1", row["id"])
    else:
        await fetch("UPDATE notification_spreads SET last_id = $2 WHERE id = $1", row["id"], ids[-1])
