"""Reasons: why a post stands in a home, and where. By itself, or brought by a repost of somebody the reader hears.

A post stands where its first reason is. Each further reason less than `RESTS` after another brings nothing new; one that comes
later brings the post up again, at a place of its own, and what was there stays where it was: nothing is skipped or repeated by
who reads on meanwhile. Whether a reason counts depends on the keys of the others alone, so homes need no memory of what they
showed.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from models import visibility
from models.event import Kind

RESTS = 12 * 3_600_000 << 16
"""How long a post rests in a home before a repost brings it up again (12 hours), as a distance between keys."""

# A reposter counts for a reader who follows them with their reposts (or is them), and neither mutes them nor reads them in
# exclusive lists alone; and is not gone.
_HEARD = f"""({{who}} = {{v}} OR (EXISTS (SELECT 1 FROM follows e WHERE e.follower_id = {{v}} AND e.followee_id = {{who}}
    AND NOT e.hides_reposts) AND NOT {visibility.muting("{v}", "{who}")}
    AND NOT EXISTS (SELECT 1 FROM list_members e WHERE e.owner_id = {{v}} AND e.user_id = {{who}} AND e.exclusive)
    AND NOT EXISTS (SELECT 1 FROM users e WHERE e.id = {{who}} AND e.gone)))"""


def heard(who: str, viewer: str) -> str:
    """The SQL condition that a reposter counts for a reader; both are SQL expressions for ids."""
    return _HEARD.replace("{who}", who).replace("{v}", viewer)


def rests(post: str, repost: str, original: str, hears: str) -> str:
    """The SQL condition that a repost brings nothing new: less than `RESTS` before it the post had a reason already, by itself
    (the condition `original`) or by an earlier repost that counts (`hears`, of `{who}`). `post` and `repost` are aliases of rows."""
    return f"""({post}.id > {repost}.id - {RESTS} AND {original}
        OR EXISTS (SELECT 1 FROM reposts earlier WHERE earlier.post_id = {repost}.post_id AND earlier.id < {repost}.id
            AND earlier.id > {repost}.id - {RESTS} AND {hears.replace("{who}", "earlier.user_id")}))"""


def places_sql(viewer: str, since: str, original: str = "", hears: str = "") -> str:
    """SQL for every place (key, reposter_id) with a key above `since` that post `p` has in a home, or in another timeline with
    these conditions (as in `rests`): where it came by itself, and
    each repost that counts and that no other reason is near before. Of the reposts it looks at those since `since` less `RESTS`."""
    original = original or visibility.home_original.sql("p", viewer)
    hears = hears or heard("{who}", viewer)
    return f"""SELECT reason.key, reason.reposter_id FROM (
            SELECT key, reposter_id, key - {RESTS} >= coalesce(lag(key) OVER (ORDER BY key), 0) AS counts FROM (
                SELECT p.id AS key, NULL::bigint AS reposter_id WHERE {original}
                UNION ALL
                SELECT r.id, r.user_id FROM reposts r WHERE r.post_id = p.id AND r.id > {since} - {RESTS}
                    AND {visibility.home_reposted.sql("p", viewer)} AND {hears.replace("{who}", "r.user_id")}
            ) AS reasons
        ) AS reason WHERE reason.counts AND reason.key > {since}"""


class Turn(Enum):
    """What the end of a repost may mean to a home, besides nothing."""

    LEAVES = "LEAVES"  # the post has no place any more, or gets another one in the next step
    RESETS = "RESETS"  # one of its places has gone


def since(kind: Kind, repost_id: int) -> int:
    """From where on the places of a post have to be known for `turn`."""
    return 0 if kind is Kind.REPOST_DELETED else repost_id - 1


def turn(kind: Kind, repost_id: int, keys: Sequence[int]) -> int | Turn | None:
    """What a repost (or its end, or the second step after that) means to a home where the post now has places with these keys:
    the key of the place that is new, or what the end means; None where nothing changes. Keys count up."""
    if kind is Kind.REPOST_CREATED:
        return repost_id if repost_id in keys else None
    if kind is Kind.REPOST_RECONSIDERED:  # the next reason rested because of the one that has gone
        return next((key for key in keys if repost_id < key < repost_id + RESTS), None)
    if any(repost_id - RESTS < key < repost_id for key in keys):
        return None  # it rested
    return Turn.LEAVES if all(repost_id < key < repost_id + RESTS for key in keys) else Turn.RESETS
