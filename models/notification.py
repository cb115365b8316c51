"""What somebody is told of, as they may see it now: groups of items, the newest first, and how many of them are unread.

A page is one statement with the rules in it, so pages are full and a group shows only those who may be shown: of a large one the
newest `MOST_WEIGHED` are weighed one by one, and those before them count as they are.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from asyncpg import Record

from models import node_id
from models.database import fetch, fetch_one, fetch_value
from models.notification_kind import NotificationKind
from models.notification_rule import item_shown, post_shown
from models.timeline import Window

MOST_ACTORS = 8
MOST_WEIGHED = 200
MOST_UNREAD = 1_000
JOB_KINDS = frozenset({NotificationKind.GENERATION_FINISHED, NotificationKind.MODERATION})
PERMIT_KINDS = frozenset({NotificationKind.REMIX_REQUEST, NotificationKind.REMIX_ANSWERED})


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: `key` is its place, `actor_ids` the newest of those behind it, `subject_id` that of the newest item."""

    id: int
    key: int
    version: int
    kind: NotificationKind
    post_id: int
    subject_id: int
    actor_ids: tuple[int, ...]
    size: int
    oldest_at: datetime
    latest_at: datetime
    is_unread: bool

    @property
    def gid(self) -> str:
        """The global id."""
        return node_id.encode("notification", self.id)


_WEIGHED = f"""LATERAL (
    SELECT count(*) AS shown, (array_agg(i.actor_id ORDER BY i.id DESC) FILTER (WHERE i.actor_id <> 0))[1:{MOST_ACTORS}] AS actors,
        min(i.at) AS oldest, max(i.at) AS latest, (array_agg(i.subject_id ORDER BY i.id DESC))[1] AS subject,
        (array_agg(i.post_id ORDER BY i.id DESC))[1] AS post
    FROM (SELECT * FROM notification_items i WHERE i.group_id = g.id AND NOT i.retracted ORDER BY i.id DESC LIMIT {MOST_WEIGHED}) AS i
    WHERE {item_shown("i", "$1")}
)"""
_SEEN = post_shown("g.post_id", "$1")
_READ = "coalesce((SELECT read_until FROM notification_settings WHERE user_id = $1), 0)"
_COLUMNS = f"""g.id, g.newest, g.version, g.kind, CASE WHEN g.subject_id = 0 THEN g.post_id ELSE w.post END AS post_id, g.opened_at, w.subject, w.actors,
    w.shown + greatest(g.size - {MOST_WEIGHED}, 0) AS size, CASE WHEN g.size > {MOST_WEIGHED} THEN g.opened_at ELSE w.oldest END AS oldest,
    w.latest, g.newest > {_READ} AS unread"""


def _entry(row: Record) -> Entry:
    return Entry(
        row["id"],
        row["newest"],
        row["version"],
        NotificationKind(row["kind"]),
        row["post_id"],
        row["subject"],
        tuple(row["actors"] or ()),
        row["size"],
        row["oldest"],
        row["latest"],
        row["unread"],
    )


async def page(viewer_id: int, kinds: Collection[NotificationKind], window: Window) -> list[Entry]:
    """A page of what the viewer is told of, the newest first; of these kinds, or of all where none is named."""
    rows = await fetch(
        f"""SELECT {_COLUMNS} FROM notification_groups g CROSS JOIN {_WEIGHED} AS w
        WHERE g.recipient_id = $1 AND g.newest < $2 AND g.newest > $3 AND g.size > 0 AND w.shown > 0 AND {_SEEN}
        AND (cardinality($5::text[]) = 0 OR g.kind = ANY($5::text[])) ORDER BY g.newest {window.direction} LIMIT $4""",
        viewer_id,
        window.older_than,
        window.newer_than,
        window.limit,
        [kind.value for kind in kinds],
    )
    return sorted(map(_entry, rows), key=lambda entry: entry.key, reverse=True)


async def entry(viewer_id: int, group_id: int) -> Entry | None:
    """One of the viewer's notifications, or None when there is nothing of it to be seen now."""
    row = await fetch_one(
        f"""SELECT {_COLUMNS} FROM notification_groups g CROSS JOIN {_WEIGHED} AS w
        WHERE g.recipient_id = $1 AND g.id = $2 AND g.size > 0 AND w.shown > 0 AND {_SEEN}""",
        viewer_id,
        group_id,
    )
    return None if row is None else _entry(row)


async def version_of(group_id: int) -> int:
    """How often a group changed, whatever is to be seen of it; 0 when there is none."""
    return int(await fetch_value("SELECT version FROM notification_groups WHERE id = $1", group_id) or 0)


async def unread(viewer_id: int) -> int:
    """How many lines of the viewer's notifications are new since they read them: exact below `MOST_UNREAD`, which stands for more."""
    return int(
        await fetch_value(
            f"""SELECT count(*) FROM (SELECT 1 FROM notification_groups g
            WHERE g.recipient_id = $1 AND g.newest > {_READ} AND g.size > 0 AND {_SEEN}
            AND EXISTS (SELECT 1 FROM notification_items i WHERE i.group_id = g.id AND NOT i.retracted
                AND {item_shown("i", "$1")})
            ORDER BY g.newest DESC LIMIT {MOST_UNREAD}) AS news""",
            viewer_id,
        )
    )


async def decided_jobs(viewer_id: int, review_ids: Collection[int]) -> dict[int, int]:
    """The viewer's jobs that these decisions were about, by decision."""
    rows = await fetch(
        "SELECT r.id, r.job_id FROM reviews r JOIN generation_jobs j ON j.id = r.job_id AND j.owner_id = $1 WHERE r.id = ANY($2::bigint[])",
        viewer_id,
        list(review_ids),
    )
    return {row["id"]: row["job_id"] for row in rows}
