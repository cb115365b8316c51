"""Standing: whether an account is open, private, limited, suspended or deactivated, and what turns when that changes.

Posts stay as they are: the rules ask for the standing of their author (`visibility.author_open`). What is counted of others
(likes, reposts, replies, quotes, votes, follows) follows whoever is gone, and comes back with them.
"""

from __future__ import annotations

from datetime import datetime

from errors import NotFound
from models import counter, follow_request, poll, remix, session
from models.chat_rule import PRESENT
from models.database import fetch, fetch_one, fetch_value
from models.event import Kind, record, record_of_posts
from models.relation import hold_standing

GRACE_DAYS = 30
"""How long a deactivated account can be taken up again by signing in."""
MOST_TOLD_POSTS = 1_000  # of an author whose standing changes: the newest
MOST_ROUTED_REPOSTERS = 2_000
PASSED_ON, CLOSED = 1, 2  # bits of a change's `subject_id`

# What a private account says moves the numbers of its own posts alone, and what is for fewer people than the other post none
# (`publishing._count`).
_WIDTH = "array_position(ARRAY['MENTIONED', 'FOLLOWERS', 'UNLISTED', 'PUBLIC'], {}.visibility::text)"
_MOVES = f"(p.visibility IN ('PUBLIC', 'UNLISTED') OR {_WIDTH.format('p')} >= {_WIDTH.format('o')})"
_OTHERS = "o.author_id <> p.author_id"


def _answers(condition: str) -> str:
    return f"""SELECT p.reply_to_id AS id, 0 AS likes, 0 AS reposts, $2 AS replies, 0 AS quotes
        FROM posts p JOIN posts o ON o.id = p.reply_to_id WHERE p.author_id = $1 AND p.deleted_at IS NULL AND {_MOVES} AND {condition}
    UNION ALL SELECT p.quoted_post_id, 0, 0, 0, $2
        FROM posts p JOIN posts o ON o.id = p.quoted_post_id WHERE p.author_id = $1 AND p.deleted_at IS NULL AND NOT p.is_detached
        AND {_MOVES} AND {condition}"""


def _moved(rows: str) -> str:
    return f"""WITH moved AS ({rows}), written AS (
        INSERT INTO post_count_deltas (subject_id, likes, reposts, replies, quotes, remixes)
        SELECT id, sum(likes), sum(reposts), sum(replies), sum(quotes), 0 FROM moved GROUP BY id
    ) SELECT DISTINCT id FROM moved ORDER BY id DESC LIMIT {MOST_TOLD_POSTS}"""


_PRIVATE_COUNTS = _moved(_answers(_OTHERS))
_GONE_COUNTS = _moved(
    f"""SELECT post_id AS id, $2::int AS likes, 0 AS reposts, 0 AS replies, 0 AS quotes FROM likes WHERE user_id = $1
    UNION ALL SELECT post_id, 0, $2, 0, 0 FROM reposts WHERE user_id = $1
    UNION ALL {_answers(f"(NOT {_OTHERS} OR NOT (SELECT is_private FROM users WHERE id = $1))")}"""
)
_GONE_FOLLOWS = """INSERT INTO user_count_deltas (subject_id, followers, followings, posts)
    SELECT followee_id, $2::int, 0, 0 FROM follows WHERE follower_id = $1
    UNION ALL SELECT follower_id, 0, $2, 0 FROM follows WHERE followee_id = $1"""

_TOPICS = f"""WITH mine AS (
    SELECT id, conversation_id, visibility, reply_to_author_id FROM posts WHERE author_id = $1 AND deleted_at IS NULL
    ORDER BY id DESC LIMIT {MOST_TOLD_POSTS}
), passed AS (
    SELECT DISTINCT r.user_id FROM mine JOIN reposts r ON r.post_id = mine.id AND r.user_id <> $1 LIMIT {MOST_ROUTED_REPOSTERS + 1}
), many AS (SELECT count(*) > {MOST_ROUTED_REPOSTERS} AS so FROM passed)
SELECT 'post:' || id AS topic FROM mine UNION SELECT 'conversation:' || conversation_id FROM mine
UNION SELECT 'hashtag:' || h.hashtag FROM mine JOIN post_hashtags h ON h.post_id = mine.id
UNION SELECT 'explore' FROM mine WHERE visibility = 'PUBLIC' AND (reply_to_author_id IS NULL OR reply_to_author_id = $1)
UNION SELECT 'author:' || user_id FROM passed, many WHERE NOT many.so
UNION SELECT 'home' FROM many WHERE many.so
UNION (SELECT 'chats:' || o.user_id FROM chat_members m JOIN chat_members o ON o.chat_id = m.chat_id AND o.user_id <> $1
    WHERE m.user_id = $1 AND m.state IN {PRESENT} AND o.state IN {PRESENT} LIMIT {MOST_TOLD_POSTS})"""

_PASSED = """SELECT EXISTS (SELECT 1 FROM posts p JOIN reposts r ON r.post_id = p.id
    WHERE p.author_id = $1 AND p.deleted_at IS NULL AND r.user_id <> $1)"""


async def set_private(user_id: int, private: bool) -> bool:
    """Make an account private, or public again; True if it was not. Followers stay; who waits is let in when it opens,
    some at once and others soon (`follow_request.let_in_more`)."""
    await hold_standing(user_id)
    rows = await fetch(
        "UPDATE users SET is_private = $2 WHERE id = $1 AND is_private <> $2 RETURNING gone", user_id, private
    )
    if not rows:
        return False
    if not private:
        await follow_request.open_to_all(user_id)
    await _turned(user_id, _PRIVATE_COUNTS, -1 if private else 1, closed=private)
    return True


async def suspend(user_id: int) -> bool:
    """Suspend an account: nobody sees it or its posts, and it writes nothing; True if it was not."""
    return await _change(user_id, "suspended_at = now()", "suspended_at IS NULL")


async def restore(user_id: int) -> bool:
    """Lift a suspension; True if there was one."""
    return await _change(user_id, "suspended_at = NULL", "suspended_at IS NOT NULL")


async def limit(user_id: int) -> bool:
    """Keep an account out of every list of strangers; True if it was not. Who follows it, or has its address, sees it as before."""
    return await _limit(user_id, "limited_at = now()", "limited_at IS NULL", closed=True)


async def unlimit(user_id: int) -> bool:
    """Lift such a limit; True if there was one."""
    return await _limit(user_id, "limited_at = NULL", "limited_at IS NOT NULL", closed=False)


async def _limit(user_id: int, change: str, condition: str, *, closed: bool) -> bool:
    await hold_standing(user_id)
    if not await fetch(f"UPDATE users SET {change} WHERE id = $1 AND {condition} RETURNING id", user_id):
        return False
    await _tell(user_id, closed=closed)
    return True


async def deactivate(user_id: int) -> bool:
    """Close an account for now: nobody sees it or its posts, and it is signed out everywhere; True if it was open."""
    return await _change(user_id, "deactivated_at = now()", "deactivated_at IS NULL")


async def reactivate(user_id: int) -> bool:
    """Take an account up again; True if it was deactivated. Raises NotFound when that was too long ago."""
    row = await fetch_one(
        "SELECT deactivated_at < now() - make_interval(days => $2) AS over FROM users WHERE id = $1",
        user_id,
        GRACE_DAYS,
    )
    if row is None or row["over"]:
        raise NotFound("This account is closed.")
    if row["over"] is None:
        return False
    return await _change(user_id, "deactivated_at = NULL", "deactivated_at IS NOT NULL")


async def deactivated_at(user_id: int) -> datetime | None:
    """Since when an account is closed; None when it is not."""
    found: datetime | None = await fetch_value("SELECT deactivated_at FROM users WHERE id = $1", user_id)
    return found


async def is_closed(user_id: int) -> bool:
    """Whether strangers see nothing of what a person does: a private account, or one that is gone."""
    return bool(await fetch("SELECT 1 FROM users WHERE id = $1 AND (is_private OR gone)", user_id))


async def is_there(user_id: int) -> bool:
    """Whether there is such a person, and they are not gone."""
    return bool(await fetch("SELECT 1 FROM users WHERE id = $1 AND NOT gone", user_id))


async def _change(user_id: int, change: str, condition: str) -> bool:
    await hold_standing(user_id)
    was = await fetch_value("SELECT gone FROM users WHERE id = $1", user_id)
    rows = await fetch(f"UPDATE users SET {change} WHERE id = $1 AND {condition} RETURNING gone", user_id)
    if not rows:
        return False
    gone = rows[0]["gone"]
    if gone:
        await session.shut_out(user_id, for_good="deactivated_at = now()" in change)
    if gone != was:
        sign = -1 if gone else 1
        await fetch(_GONE_FOLLOWS, user_id, sign)
        await _turned(user_id, _GONE_COUNTS, sign, closed=gone)
    return True


async def _turned(user_id: int, counts: str, sign: int, *, closed: bool) -> None:
    """Move the numbers, and tell every screen that may show this person's posts."""
    moved = [row["id"] for row in await fetch(counts, user_id, sign)]
    if counts is _GONE_COUNTS:
        asked = await poll.turn_votes(user_id, sign)
        await counter.touch_posts(asked)
        moved = list(dict.fromkeys([*moved, *asked[:MOST_TOLD_POSTS]]))
    if moved:
        await record_of_posts(Kind.POST_COUNTED, moved, user_id)
    await remix.settle_all(user_id)
    await _tell(user_id, closed=closed)


async def _tell(user_id: int, *, closed: bool) -> None:
    passed = await fetch_value(_PASSED, user_id)
    topics = [row["topic"] for row in await fetch(_TOPICS, user_id)]
    await record(
        Kind.STANDING_CHANGED,
        dict.fromkeys([f"author:{user_id}", f"viewer:{user_id}", f"user:{user_id}", *topics]),
        actor_id=user_id,
        user_id=user_id,
        subject_id=(PASSED_ON if passed else 0) | (CLOSED if closed else 0),
    )
