"""Lists of people: their owner's alone or public, with a timeline of their own; exclusive ones leave the owner's home.

Being put on a list is told to nobody. Neither of two people between whom there is a block stands on a list of the other's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from asyncpg import Record

from errors import Forbidden, NotFound, QuotaExceeded
from models import naming, node_id
from models.database import fetch, fetch_one, fetch_value
from models.event import Kind, record
from models.ids import Ids
from models.relation import hold_pair
from models.timeline import Window
from models.visibility import lets_in

MOST_LISTS = 100
MOST_MEMBERS = 5_000
LONGEST_NAME = 50
LONGEST_DESCRIPTION = 300
NO_SUCH_LIST = "There is no such list of yours."


class ListReplies(Enum):
    """Which replies a list's timeline shows, beside those to their own authors and to the reader."""

    NONE = "NONE"
    LIST = "LIST"
    FOLLOWED = "FOLLOWED"


@dataclass(frozen=True, slots=True)
class ListRow:
    """A list as somebody sees it who may."""

    id: int
    owner_id: int
    name: str
    description: str
    is_private: bool
    exclusive: bool
    replies: ListReplies
    member_count: int
    viewer_is_owner: bool
    created_at: datetime

    @property
    def gid(self) -> str:
        """The global id."""
        return node_id.encode("list", self.id)

    @property
    def is_exclusive(self) -> bool | None:
        """Whether its members leave the home, for its owner to know."""
        return self.exclusive if self.viewer_is_owner else None


@dataclass(frozen=True, slots=True)
class MemberRow:
    """Somebody on a list; `key` is their place."""

    key: int
    user_id: int
    added_at: datetime


# A list under alias `l` is there for its owner, and while it is public for whoever sees what is on the owner's page.
SEEN = f"(l.owner_id = $1 OR (NOT l.is_private AND {lets_in('l.owner_id', '$1')}))"


def _row(row: Record, viewer_id: int) -> ListRow:
    return ListRow(
        row["id"],
        row["owner_id"],
        row["name"],
        row["description"],
        row["is_private"],
        row["is_exclusive"],
        ListReplies(row["replies"]),
        row["size"],
        row["owner_id"] == viewer_id,
        row["created_at"],
    )


async def lists(viewer_id: int, list_ids: Sequence[int]) -> dict[int, ListRow]:
    """Lists by id, those that are there for this viewer."""
    rows = await fetch(f"SELECT l.* FROM lists l WHERE l.id = ANY($2::bigint[]) AND {SEEN}", viewer_id, list(list_ids))
    return {row["id"]: _row(row, viewer_id) for row in rows}


async def lists_of(viewer_id: int, owner_id: int, window: Window) -> list[ListRow]:
    """A person's lists in a window, newest first, as far as they are there for the viewer."""
    rows = await fetch(
        f"SELECT l.* FROM lists l WHERE l.owner_id = $5 AND {SEEN} AND l.id < $2 AND l.id > $3"
        f" ORDER BY l.id {window.direction} LIMIT $4",
        viewer_id,
        window.older_than,
        window.newer_than,
        window.limit,
        owner_id,
    )
    return sorted((_row(row, viewer_id) for row in rows), key=lambda row: -row.id)


# Member m of a list, who is user u, is named to a viewer unless they are gone, or a block parts the two.
_NAMED = """NOT u.gone
    AND NOT EXISTS (SELECT 1 FROM blocks b WHERE (b.blocker_id, b.blocked_id) IN ((m.user_id, $1), ($1, m.user_id)))"""


async def members(viewer_id: int, list_id: int, window: Window) -> list[MemberRow]:
    """Who stands on a list, last added first; not who is gone, nor across a block."""
    rows = await fetch(
        f"""SELECT m.id, m.user_id, m.added_at FROM list_members m JOIN users u ON u.id = m.user_id
        WHERE m.list_id = $5 AND m.id < $2 AND m.id > $3 AND {_NAMED}
        ORDER BY m.id {window.direction} LIMIT $4""",
        viewer_id,
        window.older_than,
        window.newer_than,
        window.limit,
        list_id,
    )
    return sorted((MemberRow(row["id"], row["user_id"], row["added_at"]) for row in rows), key=lambda row: -row.key)


async def holding(viewer_id: int, pairs: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    """Those of the pairs of a list and a person where the person stands on the list, as `members` shows them to this viewer."""
    wanted = list(pairs)
    rows = await fetch(
        f"""SELECT m.list_id, m.user_id FROM unnest($2::bigint[], $3::bigint[]) AS asked (list_id, user_id)
        JOIN list_members m ON m.list_id = asked.list_id AND m.user_id = asked.user_id JOIN users u ON u.id = m.user_id
        WHERE {_NAMED}""",
        viewer_id,
        [list_id for list_id, _ in wanted],
        [user_id for _, user_id in wanted],
    )
    return {(row["list_id"], row["user_id"]) for row in rows}


@dataclass(frozen=True, slots=True)
class Roll:
    """What a list's timeline is made by: whose it is, who stands on it, which replies it shows."""

    owner_id: int
    is_private: bool
    replies: ListReplies
    member_ids: Ids
    owner_private: bool
    owner_gone: bool


async def rolls(list_ids: Sequence[int]) -> Mapping[int, Roll]:
    """The rolls of lists; one that is gone is left out."""
    rows = await fetch(
        "SELECT l.id, l.owner_id, l.is_private, l.replies, u.is_private AS owner_private, u.gone AS owner_gone,"
        " ARRAY(SELECT m.user_id FROM list_members m WHERE m.list_id = l.id) AS members"
        " FROM lists l JOIN users u ON u.id = l.owner_id WHERE l.id = ANY($1::bigint[])",
        list(list_ids),
    )
    return {
        row["id"]: Roll(
            row["owner_id"],
            row["is_private"],
            ListReplies(row["replies"]),
            Ids(row["members"]),
            row["owner_private"],
            row["owner_gone"],
        )
        for row in rows
    }


# -- verbs, each in a transaction of the caller's


async def create(
    owner_id: int, name: str, description: str, *, private: bool, exclusive: bool, replies: ListReplies
) -> int:
    """Make a list; gives its id. Raises BadInput, QuotaExceeded."""
    # Two at once count each other only when the second counts after the first has committed.
    await fetch("SELECT pg_advisory_xact_lock(hashtextextended('lists of ' || $1::bigint, 0))", owner_id)
    if await fetch_value("SELECT count(*) FROM lists WHERE owner_id = $1", owner_id) >= MOST_LISTS:
        raise QuotaExceeded(f"You have {MOST_LISTS} lists; delete one to make another.")
    number: int = await fetch_value(
        "INSERT INTO lists (owner_id, name, description, is_private, is_exclusive, replies)"
        " VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
        owner_id,
        naming.name(name, LONGEST_NAME),
        naming.description(description, LONGEST_DESCRIPTION),
        private,
        exclusive,
        replies.value,
    )
    return number


async def change(
    owner_id: int,
    list_id: int,
    *,
    name: str | None = None,
    description: str | None = None,
    private: bool | None = None,
    exclusive: bool | None = None,
    replies: ListReplies | None = None,
) -> None:
    """Change one's own list; None stays as it is. Raises NotFound, BadInput."""
    before = await _own(owner_id, list_id)
    await fetch(
        """UPDATE lists SET name = coalesce($2, name), description = coalesce($3, description),
            is_private = coalesce($4, is_private), is_exclusive = coalesce($5, is_exclusive), replies = coalesce($6, replies)
        WHERE id = $1""",
        list_id,
        None if name is None else naming.name(name, LONGEST_NAME),
        None if description is None else naming.description(description, LONGEST_DESCRIPTION),
        private,
        exclusive,
        None if replies is None else replies.value,
    )
    if exclusive is not None and exclusive != before["is_exclusive"]:
        await fetch("UPDATE list_members SET exclusive = $2 WHERE list_id = $1", list_id, exclusive)
        await _tell_home(owner_id)
    await _tell(owner_id, list_id)


async def delete(owner_id: int, list_id: int) -> None:
    """Delete one's own list. Raises NotFound."""
    before = await _own(owner_id, list_id)
    await fetch("DELETE FROM lists WHERE id = $1", list_id)
    if before["is_exclusive"]:
        await _tell_home(owner_id)
    await _tell(owner_id, list_id)


async def add(owner_id: int, list_id: int, user_id: int) -> bool:
    """Put somebody on one's own list; True if that is new. Raises NotFound, Forbidden where a block parts them, QuotaExceeded."""
    await hold_pair(owner_id, user_id)  # before the list, as a block takes them too
    found = await _own(owner_id, list_id)
    if await fetch_value(
        "SELECT EXISTS (SELECT 1 FROM blocks WHERE (blocker_id, blocked_id) IN (($1, $2), ($2, $1)))", owner_id, user_id
    ):
        raise Forbidden("You cannot put this person on a list.", ["userId"])
    rows = await fetch(
        "INSERT INTO list_members (list_id, user_id, owner_id, exclusive) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT DO NOTHING RETURNING id",
        list_id,
        user_id,
        owner_id,
        found["is_exclusive"],
    )
    if rows:
        if found["size"] >= MOST_MEMBERS:
            raise QuotaExceeded(f"A list holds {MOST_MEMBERS:,} people.", ["userListId"])
        await _moved(owner_id, list_id, 1, exclusive=found["is_exclusive"])
    return bool(rows)


async def remove(owner_id: int, list_id: int, user_id: int) -> bool:
    """Take somebody off one's own list; True if they stood there. Raises NotFound."""
    found = await _own(owner_id, list_id)
    rows = await fetch("DELETE FROM list_members WHERE list_id = $1 AND user_id = $2 RETURNING id", list_id, user_id)
    if rows:
        await _moved(owner_id, list_id, -1, exclusive=found["is_exclusive"])
    return bool(rows)


async def part(one_id: int, other_id: int) -> None:
    """Take each off every list of the other's, because of a block; the caller holds the pair."""
    rows = await fetch(
        """SELECT l.id, l.owner_id, l.is_exclusive, m.user_id FROM list_members m JOIN lists l ON l.id = m.list_id
        WHERE (m.user_id, m.owner_id) IN (($1, $2), ($2, $1)) ORDER BY l.id FOR UPDATE OF l""",
        one_id,
        other_id,
    )
    for row in rows:
        gone = await fetch(
            "DELETE FROM list_members WHERE list_id = $1 AND user_id = $2 RETURNING id", row["id"], row["user_id"]
        )
        if gone:
            await _moved(row["owner_id"], row["id"], -1, exclusive=row["is_exclusive"])


async def _own(owner_id: int, list_id: int) -> Record:
    row = await fetch_one("SELECT * FROM lists WHERE id = $1 AND owner_id = $2 FOR UPDATE", list_id, owner_id)
    if row is None:
        raise NotFound(NO_SUCH_LIST, ["userListId"])
    return row


async def _moved(owner_id: int, list_id: int, by: int, *, exclusive: bool) -> None:
    await fetch("UPDATE lists SET size = size + $2 WHERE id = $1", list_id, by)
    if exclusive:
        await _tell_home(owner_id)
    await _tell(owner_id, list_id)


async def _tell(owner_id: int, list_id: int) -> None:
    await record(Kind.LIST_CHANGED, [f"list:{list_id}"], actor_id=owner_id, subject_id=list_id)


async def _tell_home(owner_id: int) -> None:
    await record(Kind.APART_CHANGED, [f"viewer:{owner_id}"], actor_id=owner_id)
