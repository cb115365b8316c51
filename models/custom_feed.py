"""Custom feeds: their owner's alone or public, with rules that are data; and who has which of them among the tabs of their home."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from asyncpg import Record

from errors import BadInput, NotFound, QuotaExceeded
from models import feed_rules, feed_source, naming, node_id
from models.database import fetch, fetch_one, fetch_value
from models.event import Kind, record
from models.feed_rules import Rules
from models.timeline import Window
from models.visibility import lets_in

MOST_FEEDS = 50
MOST_PINNED = 10
LONGEST_NAME = 50
LONGEST_DESCRIPTION = 300
NO_SUCH_FEED = "There is no such feed."


@dataclass(frozen=True, slots=True)
class FeedRow:
    """A feed as somebody sees it who may."""

    id: int
    owner_id: int
    name: str
    description: str
    is_private: bool
    rules: Rules
    viewer_is_owner: bool
    viewer_has_pinned: bool
    created_at: datetime
    changed_at: datetime

    @property
    def gid(self) -> str:
        """The global id."""
        return node_id.encode("feed", self.id)


# A feed under alias `c` is there for its owner, and while it is public for whoever sees what is on the owner's page.
SEEN = f"(c.owner_id = $1 OR (NOT c.is_private AND {lets_in('c.owner_id', '$1')}))"
_ROWS = """SELECT c.*, EXISTS (SELECT 1 FROM pinned_feeds e WHERE e.user_id = $1 AND e.feed_id = c.id) AS pinned FROM custom_feeds c"""


def _row(row: Record, viewer_id: int) -> FeedRow:
    return FeedRow(
        row["id"],
        row["owner_id"],
        row["name"],
        row["description"],
        row["is_private"],
        feed_rules.read(row["rules"]),
        row["owner_id"] == viewer_id,
        row["pinned"],
        row["created_at"],
        row["changed_at"],
    )


async def feeds(viewer_id: int, feed_ids: Sequence[int]) -> dict[int, FeedRow]:
    """Feeds by id, those that are there for this viewer."""
    rows = await fetch(f"{_ROWS} WHERE c.id = ANY($2::bigint[]) AND {SEEN}", viewer_id, list(feed_ids))
    return {row["id"]: _row(row, viewer_id) for row in rows}


async def feeds_of(viewer_id: int, owner_id: int, window: Window) -> list[FeedRow]:
    """A person's feeds in a window, newest first, as far as they are there for the viewer."""
    rows = await fetch(
        f"{_ROWS} WHERE c.owner_id = $5 AND {SEEN} AND c.id < $2 AND c.id > $3 ORDER BY c.id {window.direction} LIMIT $4",
        viewer_id,
        window.older_than,
        window.newer_than,
        window.limit,
        owner_id,
    )
    return sorted((_row(row, viewer_id) for row in rows), key=lambda row: -row.id)


async def pinned(viewer_id: int) -> list[FeedRow]:
    """What somebody has among the tabs of their home, as far as it is there for them, in the order in which it was put there."""
    rows = await fetch(
        f"SELECT c.*, true AS pinned FROM pinned_feeds n JOIN custom_feeds c ON c.id = n.feed_id WHERE n.user_id = $1 AND {SEEN} ORDER BY n.id",
        viewer_id,
    )
    return [_row(row, viewer_id) for row in rows]


# -- verbs, each in a transaction of the caller's


async def create(owner_id: int, name: str, description: str, rules: Rules, *, private: bool) -> int:
    """Make a feed; gives its id. Raises BadInput, NotFound for what its rules name, QuotaExceeded."""
    checked = feed_rules.checked(rules)
    await feed_source.require(owner_id, checked)
    return await _insert(owner_id, name, description, checked, private=private)


async def _insert(owner_id: int, name: str, description: str, rules: Rules, *, private: bool) -> int:
    # Two at once count each other only when the second counts after the first has committed.
    await fetch("SELECT pg_advisory_xact_lock(hashtextextended('feeds of ' || $1::bigint, 0))", owner_id)
    if await fetch_value("SELECT count(*) FROM custom_feeds WHERE owner_id = $1", owner_id) >= MOST_FEEDS:
        raise QuotaExceeded(f"You have {MOST_FEEDS} feeds; delete one to make another.")
    number: int = await fetch_value(
        "INSERT INTO custom_feeds (owner_id, name, description, is_private, rules) VALUES ($1, $2, $3, $4, $5) RETURNING id",
        owner_id,
        naming.name(name, LONGEST_NAME),
        naming.description(description, LONGEST_DESCRIPTION),
        private,
        feed_rules.stored(rules),
    )
    return number


async def change(
    owner_id: int,
    feed_id: int,
    *,
    name: str | None = None,
    description: str | None = None,
    private: bool | None = None,
    rules: Rules | None = None,
) -> None:
    """Change one's own feed; None stays as it is. Raises NotFound, BadInput."""
    before = await _own(owner_id, feed_id)
    checked = None if rules is None else feed_rules.checked(rules)
    # What is named already may stay, though it is gone by now: it is no longer there for anybody.
    if checked is not None and checked.sources != feed_rules.read(before["rules"]).sources:
        await feed_source.require(owner_id, checked)
    await fetch(
        """UPDATE custom_feeds SET name = coalesce($2, name), description = coalesce($3, description),
            is_private = coalesce($4, is_private), rules = coalesce($5::jsonb, rules), changed_at = now() WHERE id = $1""",
        feed_id,
        None if name is None else naming.name(name, LONGEST_NAME),
        None if description is None else naming.description(description, LONGEST_DESCRIPTION),
        private,
        None if checked is None else feed_rules.stored(checked),
    )
    if checked is not None:  # a list that was just made is not given again
        await fetch("DELETE FROM ranked_lists WHERE viewer_id = $1 AND feed_id = $2", owner_id, feed_id)
    await _tell(owner_id, feed_id)


async def delete(owner_id: int, feed_id: int) -> None:
    """Delete one's own feed: nobody has it among their tabs any more. Raises NotFound."""
    await _own(owner_id, feed_id)
    await fetch("DELETE FROM custom_feeds WHERE id = $1", feed_id)
    await _tell(owner_id, feed_id)


async def copy(viewer_id: int, feed_id: int) -> int:
    """Make a private feed of one's own out of one that is there for one, without what is not, nor whom it leaves out: that is told to
    its owner alone. Gives its id.

    Raises NotFound, BadInput where nothing is left of it, QuotaExceeded.
    """
    found = await _there(viewer_id, feed_id)
    (there,) = await feed_source.opened(viewer_id, [(found.owner_id, found.rules.sources)])
    sources = tuple(source for source in there.sources if source is not None)
    if not sources:
        raise BadInput("Nothing of this feed's sources is there for you.", ["feedId"])
    filters = found.rules.filters if found.viewer_is_owner else replace(found.rules.filters, without_people=())
    rules = replace(found.rules, sources=sources, filters=filters)
    return await _insert(viewer_id, found.name, found.description, rules, private=True)


async def pin(viewer_id: int, feed_id: int) -> bool:
    """Have a feed among the tabs of one's home; True if that is new. Raises NotFound, QuotaExceeded."""
    await _there(viewer_id, feed_id)
    await fetch("SELECT pg_advisory_xact_lock(hashtextextended('pins of ' || $1::bigint, 0))", viewer_id)
    rows = await fetch(
        "INSERT INTO pinned_feeds (user_id, feed_id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id",
        viewer_id,
        feed_id,
    )
    if rows and await fetch_value("SELECT count(*) FROM pinned_feeds WHERE user_id = $1", viewer_id) > MOST_PINNED:
        raise QuotaExceeded(f"A home has {MOST_PINNED} feeds among its tabs; take one away first.", ["feedId"])
    return bool(rows)


async def unpin(viewer_id: int, feed_id: int) -> bool:
    """Have it there no longer, also where it is no longer there for one; True if it was. Raises NotFound where neither is so."""
    rows = await fetch(
        "DELETE FROM pinned_feeds WHERE user_id = $1 AND feed_id = $2 RETURNING feed_id", viewer_id, feed_id
    )
    if not rows:
        await _there(viewer_id, feed_id)
    return bool(rows)


async def _there(viewer_id: int, feed_id: int) -> FeedRow:
    found = (await feeds(viewer_id, [feed_id])).get(feed_id)
    if found is None:
        raise NotFound(NO_SUCH_FEED, ["feedId"])
    return found


async def _own(owner_id: int, feed_id: int) -> Record:
    row = await fetch_one("SELECT * FROM custom_feeds WHERE id = $1 AND owner_id = $2 FOR UPDATE", feed_id, owner_id)
    if row is None:
        raise NotFound("There is no such feed of yours.", ["feedId"])
    return row


async def _tell(owner_id: int, feed_id: int) -> None:
    await record(Kind.FEED_CHANGED, [f"feed:{feed_id}"], actor_id=owner_id, subject_id=feed_id)
