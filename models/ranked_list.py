"""Ranked lists: what was picked for a person once, in an order that stays, so that pages of it neither skip nor repeat.

A list keeps ids and why each was found. Who may see what is asked when a page is read: what is hidden by then takes no place, and
the page is filled with what comes behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models import opinion, visibility
from models.database import fetch, fetch_value
from models.reason import heard

KEPT_HOURS = 24
MOST_LISTS = 10  # of one person, of each feed
FRESH_SECONDS = 20
"""For how long who asks for a new list is given the one that was just made."""
SEEN_DAYS = 30
LATEST = 2**63 - 1
SWEPT_AT_ONCE = 5_000

FEED = visibility.home_reposted & visibility.searched
"""What a custom feed still shows of a list that was ranked before: its rule, and the mutes of homes."""
FOR_YOU = (visibility.home_original | (visibility.explore & visibility.home_reposted)) & ~visibility.own
"""What may be picked for a reader: what their home would show of those they follow, and what explore shows of anybody, without
posts that name people they do not want to read."""


@dataclass(frozen=True, slots=True)
class Pick:
    """A post that was found for a reader, and why. `through_id` reposted it; 0 and '' where there is nobody, and no hashtag.
    `signals` are the names of what counted most, with blanks between, where that is kept."""

    post_id: int
    source: str
    through_id: int = 0
    hashtag: str = ""
    signals: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A pick at its place in a list."""

    place: int
    pick: Pick


async def keep(viewer_id: int, feed_id: int, picks: Sequence[Pick]) -> int:
    """Keep a new list; its id. Of older ones the newest few stay."""
    found: int = await fetch_value(
        """INSERT INTO ranked_lists (viewer_id, feed_id, post_ids, sources, through_ids, hashtags, signals)
        VALUES ($1, $2, $3::bigint[], $4::text[], $5::bigint[], $6::text[], $7::text[]) RETURNING id""",
        viewer_id,
        feed_id,
        [pick.post_id for pick in picks],
        [pick.source for pick in picks],
        [pick.through_id for pick in picks],
        [pick.hashtag for pick in picks],
        [pick.signals for pick in picks],
    )
    await fetch(
        f"""DELETE FROM ranked_lists WHERE viewer_id = $1 AND feed_id = $2 AND id < (
            SELECT min(id) FROM (SELECT id FROM ranked_lists WHERE viewer_id = $1 AND feed_id = $2 ORDER BY id DESC LIMIT {MOST_LISTS}) AS kept)""",
        viewer_id,
        feed_id,
    )
    return found


async def newest(viewer_id: int, feed_id: int) -> int | None:
    """The list that was made for this person just now; None when there is none."""
    found: int | None = await fetch_value(
        f"""SELECT id FROM ranked_lists WHERE viewer_id = $1 AND feed_id = $2
        AND created_at > now() - interval '{FRESH_SECONDS} seconds' ORDER BY id DESC LIMIT 1""",
        viewer_id,
        feed_id,
    )
    return found


async def is_kept(viewer_id: int, feed_id: int, list_id: int) -> bool:
    """Whether there is such a list of theirs."""
    return bool(
        await fetch(
            "SELECT 1 FROM ranked_lists WHERE id = $1 AND viewer_id = $2 AND feed_id = $3", list_id, viewer_id, feed_id
        )
    )


def _page_sql(order: str, rule: str) -> str:
    return f"""SELECT picked.place, picked.post_id, picked.source, picked.hashtag, coalesce(picked.signals, '') AS signals, coalesce((
            SELECT r.user_id FROM reposts r WHERE r.post_id = p.id AND r.user_id = picked.through_id
            AND {heard("r.user_id", "$1")}), 0) AS through_id
        FROM ranked_lists l, unnest(l.post_ids, l.sources, l.through_ids, l.hashtags, l.signals)
            WITH ORDINALITY AS picked (post_id, source, through_id, hashtag, signals, place)
        JOIN posts p ON p.id = picked.post_id
        WHERE l.id = $2 AND l.viewer_id = $1 AND picked.place > $3 AND picked.place < $4 AND {rule} AND NOT {opinion.unwanted()}
        ORDER BY picked.place {order} LIMIT $5"""


_PAGES = {
    (backward, everybody): _page_sql("DESC" if backward else "ASC", (FEED if everybody else FOR_YOU).sql())
    for backward in (False, True)
    for everybody in (False, True)
}


async def page(
    viewer_id: int, list_id: int, after: int, before: int, limit: int, *, backward: bool = False, own_too: bool = False
) -> list[Placed]:
    """At most `limit` picks with after < place < before that this person may see and still wants to, in order: the first of them,
    or the last if `backward`. A custom feed has `own_too`."""
    rows = await fetch(_PAGES[backward, own_too], viewer_id, list_id, after, before, limit)
    found = [
        Placed(row["place"], Pick(row["post_id"], row["source"], row["through_id"], row["hashtag"], row["signals"]))
        for row in rows
    ]
    return found[::-1] if backward else found


async def note_seen(viewer_id: int, post_ids: Sequence[int]) -> None:
    """These posts were shown to this person."""
    if post_ids:
        await fetch(
            "INSERT INTO seen_posts (viewer_id, post_id) SELECT $1, id FROM unnest($2::bigint[]) AS shown (id) ON CONFLICT DO NOTHING",
            viewer_id,
            sorted(post_ids),
        )


async def forget(viewer_id: int) -> None:
    """Keep nothing of what was picked for this person."""
    await fetch("DELETE FROM ranked_lists WHERE viewer_id = $1", viewer_id)
    await fetch("DELETE FROM seen_posts WHERE viewer_id = $1", viewer_id)


async def sweep() -> bool:
    """Take out lists and marks whose time is over; True while there may be more."""
    lists = await fetch(
        f"""DELETE FROM ranked_lists WHERE id IN (SELECT id FROM ranked_lists WHERE created_at < now() - interval '{KEPT_HOURS} hours'
            ORDER BY created_at LIMIT {SWEPT_AT_ONCE}) RETURNING 1"""
    )
    seen = await fetch(
        f"""DELETE FROM seen_posts WHERE (viewer_id, post_id) IN (SELECT viewer_id, post_id FROM seen_posts
            WHERE seen_at < now() - interval '{SEEN_DAYS} days' ORDER BY seen_at LIMIT {SWEPT_AT_ONCE}) RETURNING 1"""
    )
    return max(len(lists), len(seen)) >= SWEPT_AT_ONCE
