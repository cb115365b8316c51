"""What one may be told of: the rules of `models/visibility.py`, mutes and muted words, as SQL, when it happens and when it is read.

A block in either direction, a mute that says so, an account that is gone, a post one may not see (any more), a muted
conversation and a muted word keep something out. What keeps it out only when it happens (filters, switches, that moderators limited who
does it, and one does not follow them) is `judged`.
"""

from __future__ import annotations

from models import visibility
from models.notification_kind import ASKED_FOR, OF_SUBJECTS, UNFILTERED, NotificationKind

YOUNG_FOLLOW_DAYS = 3  # who follows for less counts as who does not
NEW_ACCOUNT_DAYS = 30
CHAIN_POSTS = 100  # so far up a conversation one's own private words are looked for


def actor_shown(actor: str, viewer: str) -> str:
    """The SQL condition that a viewer is told what somebody does; both are SQL expressions for ids, the actor's may be 0."""
    return f"""(NOT EXISTS (SELECT 1 FROM users e WHERE e.id = {actor} AND e.gone)
        AND NOT EXISTS (SELECT 1 FROM blocks e WHERE (e.blocker_id, e.blocked_id) IN (({viewer}, {actor}), ({actor}, {viewer})))
        AND NOT EXISTS (SELECT 1 FROM mutes e WHERE e.muter_id = {viewer} AND e.muted_id = {actor} AND e.mutes_notifications
            AND {visibility.lasting("e")}))"""


def post_shown(post_id: str, viewer: str) -> str:
    """The SQL condition that a viewer may be told of something about a post: both are SQL expressions, the post's may be 0."""
    said = visibility.SAID.replace("{p}", "p")
    held = f"""(SELECT array_agg(w.needle) FROM muted_words w WHERE w.owner_id = {viewer} AND w.hides AND w.scope <> 'HOME'
        AND {visibility.lasting("w")})"""
    return f"""({post_id} = 0 OR EXISTS (SELECT 1 FROM posts p WHERE p.id = {post_id} AND {visibility.visible.sql("p", viewer)}
        AND NOT {visibility.mutes_conversation.sql("p", viewer)}
        AND ({visibility.own.sql("p", viewer)} OR NOT coalesce(fresque_says({said}, {held}), false))))"""


def item_shown(item: str, viewer: str) -> str:
    """The SQL condition that a viewer may be told of an item: who did it, and the post where each item has one of its own."""
    kinds = ", ".join(f"'{kind.value}'" for kind in OF_SUBJECTS)
    return f"""(({item}.actor_id = 0 OR {actor_shown(f"{item}.actor_id", viewer)})
        AND ({item}.kind NOT IN ({kinds}) OR {post_shown(f"{item}.post_id", viewer)}))"""


_FREE = ", ".join(f"'{kind.value}'" for kind in UNFILTERED)
_FOLLOWS = "EXISTS (SELECT 1 FROM follows e WHERE e.follower_id = c.recipient_id AND e.followee_id = c.actor_id)"
_FOLLOWED = f"""EXISTS (SELECT 1 FROM follows e WHERE e.follower_id = c.actor_id AND e.followee_id = c.recipient_id
    AND e.created_at < now() - interval '{YOUNG_FOLLOW_DAYS} days')"""
_NEW = f"EXISTS (SELECT 1 FROM users e WHERE e.id = c.actor_id AND e.joined_at > now() - interval '{NEW_ACCOUNT_DAYS} days')"
# A private post answers one's own private words to its author somewhere above: then it is no stranger's.
_ASKED_FOR = f"""EXISTS (WITH RECURSIVE above AS (
        SELECT p.reply_to_id AS id, 1 AS height FROM posts p WHERE p.id = c.post_id
        UNION ALL SELECT p.reply_to_id, height + 1 FROM above JOIN posts p ON p.id = above.id WHERE height < {CHAIN_POSTS}
    ) SELECT 1 FROM above JOIN posts p ON p.id = above.id WHERE p.author_id = c.recipient_id AND p.visibility = 'MENTIONED'
    AND c.actor_id = ANY(p.mentioned_ids))"""
_LIMITED = visibility.kept_from("c.actor_id", "c.recipient_id")
_PRIVATE = f"""(c.kind IN ('{NotificationKind.MENTION.value}', '{NotificationKind.REPLY.value}', '{NotificationKind.QUOTE.value}')
    AND NOT {_FOLLOWS} AND EXISTS (SELECT 1 FROM posts p WHERE p.id = c.post_id AND p.visibility = 'MENTIONED') AND NOT {_ASKED_FOR})"""
_CONDITIONS = {
    "not_following": f"NOT {_FOLLOWS}",
    "not_followers": f"NOT {_FOLLOWED}",
    "new_accounts": _NEW,
    "private_mentions": _PRIVATE,
}
_QUIET = ", ".join(f"'{kind.value}'" for kind in ASKED_FOR)
_SOURCE = f"coalesce(w.source, CASE WHEN c.kind IN ({_QUIET}) THEN 'NOBODY' ELSE 'EVERYONE' END)"
_DEFAULTS = {"private_mentions": "FILTER"}


def _any(policy: str) -> str:
    """Whether one of the filters that are so set meets the candidate."""
    return " OR ".join(
        f"(coalesce(s.{column}, '{_DEFAULTS.get(column, 'ACCEPT')}') = '{policy}' AND {condition})"
        for column, condition in _CONDITIONS.items()
    )


_NOT_FREE = f"""(c.kind NOT IN ({_FREE}) AND NOT EXISTS (
    SELECT 1 FROM notification_permissions e WHERE e.user_id = c.recipient_id AND e.actor_id = c.actor_id))"""

JUDGED = f"""SELECT c.*, known.id AS known_id, known.group_id AS known_group, known.retracted AS known_retracted, known.at AS known_at,
    CASE WHEN NOT {actor_shown("c.actor_id", "c.recipient_id")} OR NOT {post_shown("c.post_id", "c.recipient_id")}
        OR (c.kind <> '{NotificationKind.MODERATION.value}' AND ({_SOURCE} = 'NOBODY' OR (w.source = 'FOLLOWING' AND c.actor_id <> 0 AND NOT {_FOLLOWS})))
        OR ({_NOT_FREE} AND ({_LIMITED} OR {_any("DROP")})) THEN 'DROP'
    WHEN {_NOT_FREE} AND ({_any("FILTER")}) THEN 'FILTER' ELSE 'ACCEPT' END AS verdict
FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::timestamptz[]) WITH ORDINALITY
    AS c (recipient_id, kind, actor_id, post_id, subject_id, at, place)
LEFT JOIN notification_items known ON (known.recipient_id, known.kind, known.actor_id, known.post_id, known.subject_id)
    = (c.recipient_id, c.kind, c.actor_id, c.post_id, c.subject_id)
LEFT JOIN notification_settings s ON s.user_id = c.recipient_id
LEFT JOIN notification_switches w ON w.user_id = c.recipient_id AND w.kind = c.kind
WHERE c.recipient_id <> c.actor_id AND (known.id IS NULL OR (known.retracted AND NOT known.dismissed))"""
"""Facts as columns $1 to $6 that are not told yet, with what the house rules and their recipients say to each: DROP, FILTER (it waits
among the requests) or ACCEPT; and what was told and retracted before."""
