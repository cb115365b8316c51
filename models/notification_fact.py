"""What events mean to those they concern: asked of the rows as they are now, so the answer is the same however often it is asked.

Each question takes what a stretch of the log is about and gives facts that hold, and facts that do not (any more).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from asyncpg import Record

from models.database import fetch
from models.job import OPEN_STATES, JobState
from models.notification_kind import OF_POSTS, NotificationKind
from models.notification_move import Fact

REMIXES_AT_ONCE = 5
NEW_DAYS = 3  # as long as the log is kept: a post counts differently for other reasons than a like, which may be old
_SILENT = [state.value for state in OPEN_STATES] + [JobState.CANCELLED.value]


@dataclass(slots=True)
class Facts:
    """What is so, and what is not."""

    so: list[Fact] = field(default_factory=list)
    not_so: list[Fact] = field(default_factory=list)

    def add(self, rows: Iterable[Record]) -> None:
        """Rows that are facts; `holds` says which way."""
        for row in rows:
            fact = Fact(
                row["recipient_id"],
                NotificationKind(row["kind"]),
                row["at"],
                row["actor_id"] or 0,
                row["post_id"] or 0,
                row["subject_id"] or 0,
            )
            (self.so if row["holds"] else self.not_so).append(fact)


Pairs = Sequence[tuple[int, int]]
Question = Callable[[Facts, Pairs], object]


def _columns(pairs: Pairs) -> tuple[list[int], list[int]]:
    return [one for one, _ in pairs], [other for _, other in pairs]


async def follows(facts: Facts, pairs: Pairs) -> None:
    """Of follower and followee. Whoever let somebody in is not told that they follow: the one who asked is told."""
    facts.add(
        await fetch(
            """WITH pair AS (
                SELECT c.follower_id, c.followee_id, f.created_at, u.is_private OR asked.id IS NOT NULL AS let_in
                FROM unnest($1::bigint[], $2::bigint[]) AS c (follower_id, followee_id) JOIN users u ON u.id = c.followee_id
                LEFT JOIN follows f ON f.follower_id = c.follower_id AND f.followee_id = c.followee_id
                LEFT JOIN notification_items asked ON (asked.recipient_id, asked.kind, asked.actor_id, asked.post_id, asked.subject_id)
                    = (c.followee_id, 'FOLLOW_REQUEST', c.follower_id, 0, 0)
            ) SELECT followee_id AS recipient_id, 'FOLLOW' AS kind, coalesce(created_at, now()) AS at, follower_id AS actor_id,
                0 AS post_id, 0 AS subject_id, created_at IS NOT NULL AND NOT let_in AS holds FROM pair
            UNION ALL SELECT follower_id, 'FOLLOW_ACCEPTED', coalesce(created_at, now()), followee_id, 0, 0,
                created_at IS NOT NULL AND let_in FROM pair""",
            *_columns(pairs),
        )
    )


async def requests(facts: Facts, pairs: Pairs) -> None:
    """Of who asks to follow and who is asked."""
    facts.add(
        await fetch(
            """SELECT c.target_id AS recipient_id, 'FOLLOW_REQUEST' AS kind, coalesce(r.created_at, now()) AS at, c.requester_id AS actor_id,
                0 AS post_id, 0 AS subject_id, r.id IS NOT NULL AS holds
            FROM unnest($1::bigint[], $2::bigint[]) AS c (requester_id, target_id)
            LEFT JOIN follow_requests r ON r.requester_id = c.requester_id AND r.target_id = c.target_id""",
            *_columns(pairs),
        )
    )


async def likes(facts: Facts, pairs: Pairs) -> None:
    """Of somebody and a post that counts differently since them: they may like it now, or no longer."""
    await _marks(facts, pairs, "likes", NotificationKind.LIKE)


async def reposts(facts: Facts, pairs: Pairs) -> None:
    """Of somebody and a post they reposted, or no longer do."""
    await _marks(facts, pairs, "reposts", NotificationKind.REPOST)


async def _marks(facts: Facts, pairs: Pairs, table: str, kind: NotificationKind) -> None:
    facts.add(
        await fetch(
            f"""SELECT p.author_id AS recipient_id, '{kind.value}' AS kind, coalesce(m.created_at, now()) AS at, c.user_id AS actor_id,
                p.id AS post_id, 0 AS subject_id, m.id IS NOT NULL AS holds
            FROM unnest($1::bigint[], $2::bigint[]) AS c (user_id, post_id) JOIN posts p ON p.id = c.post_id AND p.author_id <> c.user_id
            LEFT JOIN {table} m ON m.user_id = c.user_id AND m.post_id = c.post_id
            WHERE m.id IS NULL OR m.created_at > now() - interval '{NEW_DAYS} days'""",
            *_columns(pairs),
        )
    )


async def remixes(facts: Facts, pairs: Pairs) -> None:
    """Of somebody and a post of another that they may have shown remixes of just now."""
    facts.add(
        await fetch(
            """SELECT s.author_id AS recipient_id, 'REMIX' AS kind, r.created_at AS at, c.user_id AS actor_id, r.id AS post_id,
                0 AS subject_id, true AS holds FROM unnest($1::bigint[], $2::bigint[]) AS c (user_id, post_id)
            JOIN posts s ON s.id = c.post_id AND s.author_id <> c.user_id CROSS JOIN LATERAL (
                SELECT p.id, p.created_at FROM remix_posts m JOIN posts p ON p.id = m.post_id AND p.author_id = c.user_id
                WHERE m.source_post_id = c.post_id AND p.deleted_at IS NULL ORDER BY p.id DESC LIMIT $3
            ) AS r WHERE NOT EXISTS (SELECT 1 FROM notification_items i WHERE i.recipient_id = s.author_id AND i.post_id = r.id)""",
            *_columns(pairs),
            REMIXES_AT_ONCE,
        )
    )


_CONCERNED = """SELECT DISTINCT ON (p.id, f.recipient_id) f.recipient_id, f.kind, p.created_at AS at, p.author_id AS actor_id,
    p.id AS post_id, 0 AS subject_id, true AS holds
FROM posts p CROSS JOIN LATERAL (
    SELECT a.author_id AS recipient_id, 'REPLY' AS kind, 1 AS rank FROM posts a WHERE a.id = p.reply_to_id
    UNION ALL SELECT q.author_id, 'QUOTE', 2 FROM posts q WHERE q.id = p.quoted_post_id AND NOT p.is_detached
    UNION ALL SELECT s.author_id, 'REMIX', 3 FROM remix_posts r JOIN posts s ON s.id = r.source_post_id WHERE r.post_id = p.id
    UNION ALL SELECT named.id, 'MENTION', 4 FROM unnest(p.mentioned_ids) AS named (id)
) AS f WHERE p.id = ANY($1::bigint[]) AND p.deleted_at IS NULL AND f.recipient_id <> p.author_id ORDER BY p.id, f.recipient_id, f.rank"""


async def posts(facts: Facts, post_ids: Sequence[int]) -> None:
    """Of posts that are new or other than they were: whom they answer, quote, remix and name, and whom no longer."""
    rows = await fetch(_CONCERNED, list(post_ids))
    facts.add(rows)
    still = {(row["recipient_id"], row["kind"], row["post_id"]) for row in rows}
    told = await fetch(
        """SELECT recipient_id, kind, at, actor_id, post_id, subject_id, false AS holds FROM notification_items
        WHERE post_id = ANY($1::bigint[]) AND kind = ANY($2::text[]) AND NOT retracted""",
        list(post_ids),
        [kind.value for kind in OF_POSTS],
    )
    facts.add(row for row in told if (row["recipient_id"], row["kind"], row["post_id"]) not in still)


async def polls(facts: Facts, pairs: Pairs) -> None:
    """Of posts and their polls that are over: to their authors. Who voted is told by a spread."""
    facts.add(
        await fetch(
            """SELECT p.author_id AS recipient_id, 'POLL_ENDED' AS kind, q.ends_at AS at, 0 AS actor_id, p.id AS post_id, q.id AS subject_id,
                true AS holds FROM unnest($1::bigint[], $2::bigint[]) AS c (post_id, poll_id)
            JOIN posts p ON p.id = c.post_id AND p.deleted_at IS NULL JOIN polls q ON q.id = c.poll_id AND q.post_id = p.id""",
            *_columns(pairs),
        )
    )


async def jobs(facts: Facts, job_ids: Sequence[int]) -> None:
    """Of jobs that moved: whether they are over (and not by their owner's wish), and what a person decided about their pictures."""
    facts.add(
        await fetch(
            """SELECT j.owner_id AS recipient_id, 'GENERATION_FINISHED' AS kind, j.finished_at AS at, 0 AS actor_id, 0 AS post_id,
                j.id AS subject_id, true AS holds FROM generation_jobs j
            WHERE j.id = ANY($1::bigint[]) AND j.finished_at IS NOT NULL AND NOT j.state = ANY($2::text[])
            AND NOT EXISTS (SELECT 1 FROM reviews r WHERE r.job_id = j.id)
            UNION ALL SELECT j.owner_id, 'MODERATION', r.decided_at, 0, 0, r.id, true FROM reviews r
            JOIN generation_jobs j ON j.id = r.job_id WHERE j.id = ANY($1::bigint[]) AND r.decided_at IS NOT NULL""",
            list(job_ids),
            _SILENT,
        )
    )


async def moderated(facts: Facts, action_ids: Sequence[int]) -> None:
    """Of what moderators did: to whom it concerns."""
    facts.add(
        await fetch(
            """SELECT a.person_id AS recipient_id, 'MODERATION' AS kind, a.created_at AS at, 0 AS actor_id, 0 AS post_id,
                a.id AS subject_id, true AS holds FROM moderation_actions a WHERE a.id = ANY($1::bigint[]) AND a.kind <> 'DISMISS'""",
            list(action_ids),
        )
    )


async def permits(facts: Facts, permit_ids: Sequence[int]) -> None:
    """Of requests to remix: to who is asked while it waits, then to who asked."""
    facts.add(
        await fetch(
            """SELECT m.author_id AS recipient_id, 'REMIX_REQUEST' AS kind, m.created_at AS at, m.person_id AS actor_id, m.post_id,
                m.id AS subject_id, m.asked AND m.state = 'PENDING' AS holds FROM remix_permits m WHERE m.id = ANY($1::bigint[])
            UNION ALL SELECT m.person_id, 'REMIX_ANSWERED', coalesce(m.decided_at, now()), m.author_id, m.post_id, m.id,
                m.asked AND m.state IN ('ACCEPTED', 'DECLINED') FROM remix_permits m WHERE m.id = ANY($1::bigint[])""",
            list(permit_ids),
        )
    )
