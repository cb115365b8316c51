"""How somebody wants to be told: how far they have read, what is filtered, which kinds they hear of, and who waits among requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from models import notification_move
from models.database import fetch, fetch_one, fetch_value
from models.event import Kind, record
from models.notification_kind import ASKED_FOR, QUIET, NotificationFilter, NotificationKind, NotificationSource
from models.notification_rule import actor_shown, post_shown
from models.timeline import NEWEST, Window

MOST_COUNTED = 100
MOST_WEIGHED = 2_000


@dataclass(frozen=True, slots=True)
class Filters:
    """What becomes of what strangers do."""

    not_following: NotificationFilter = NotificationFilter.ACCEPT
    not_followers: NotificationFilter = NotificationFilter.ACCEPT
    new_accounts: NotificationFilter = NotificationFilter.ACCEPT
    private_mentions: NotificationFilter = NotificationFilter.FILTER


@dataclass(frozen=True, slots=True)
class Switch:
    """Whether, and of whom, somebody hears of a kind, and whether their devices are told at once."""

    kind: NotificationKind
    source: NotificationSource
    pushes: bool


@dataclass(frozen=True, slots=True)
class Request:
    """What waits of one person: `key` is its newest item, `post_id` that item's post or 0."""

    key: int
    actor_id: int
    count: int
    latest_at: datetime
    post_id: int


async def filters(user_id: int) -> Filters:
    """What somebody settled, or what all begin with."""
    row = await fetch_one(
        "SELECT not_following, not_followers, new_accounts, private_mentions FROM notification_settings WHERE user_id = $1",
        user_id,
    )
    return Filters() if row is None else Filters(*map(NotificationFilter, row))


async def set_filters(user_id: int, changes: Mapping[str, NotificationFilter | None]) -> None:
    """Settle some of them, by the names of `Filters`; None leaves it. What waits already stays. The caller holds the transaction."""
    await fetch("INSERT INTO notification_settings (user_id) VALUES ($1) ON CONFLICT DO NOTHING", user_id)
    await fetch(
        """UPDATE notification_settings SET not_following = coalesce($2, not_following), not_followers = coalesce($3, not_followers),
        new_accounts = coalesce($4, new_accounts), private_mentions = coalesce($5, private_mentions) WHERE user_id = $1""",
        user_id,
        *(
            None if (found := changes.get(name)) is None else found.value
            for name in ("not_following", "not_followers", "new_accounts", "private_mentions")
        ),
    )


def _first(kind: NotificationKind) -> Switch:
    source = NotificationSource.NOBODY if kind in ASKED_FOR else NotificationSource.EVERYONE
    return Switch(kind, source, kind not in QUIET)


async def switches(user_id: int) -> list[Switch]:
    """Every kind as somebody settled it, or as it is at first."""
    rows = await fetch("SELECT kind, source, pushes FROM notification_switches WHERE user_id = $1", user_id)
    known = {row["kind"]: row for row in rows}
    return [
        Switch(kind, NotificationSource(row["source"]), row["pushes"])
        if (row := known.get(kind.value))
        else _first(kind)
        for kind in NotificationKind
    ]


async def set_switch(
    user_id: int, kind: NotificationKind, source: NotificationSource | None, pushes: bool | None
) -> None:
    """Settle one kind; None leaves it. The caller holds the transaction."""
    first = _first(kind)
    await fetch(
        """INSERT INTO notification_switches (user_id, kind, source, pushes) VALUES ($1, $2, coalesce($3::text, $5), coalesce($4::boolean, $6))
        ON CONFLICT (user_id, kind) DO UPDATE SET source = coalesce($3::text, notification_switches.source),
            pushes = coalesce($4::boolean, notification_switches.pushes)""",
        user_id,
        kind.value,
        None if source is None else source.value,
        pushes,
        first.source.value,
        first.pushes,
    )


async def mark_read(user_id: int, until: int) -> bool:
    """Everything up to this place is read, on all devices; True if that is new. It never goes back.

    A place that nothing of theirs has reached yet stands for the newest that has.
    """
    newest = await fetch_value(
        "SELECT newest FROM notification_groups WHERE recipient_id = $1 AND size > 0 ORDER BY newest DESC LIMIT 1",
        user_id,
    )
    rows = await fetch(
        """INSERT INTO notification_settings AS s (user_id, read_until) VALUES ($1, $2)
        ON CONFLICT (user_id) DO UPDATE SET read_until = excluded.read_until WHERE s.read_until < excluded.read_until RETURNING user_id""",
        user_id,
        min(until, newest or 0),
    )
    if rows:
        await record(Kind.NOTIFICATIONS_READ, [f"notifications:{user_id}"], actor_id=user_id, user_id=user_id)
    return bool(rows)


_WAITING = f"""SELECT i.actor_id, max(i.id) AS key, count(*) AS count, max(i.at) AS latest_at,
    (array_agg(i.post_id ORDER BY i.id DESC))[1] AS post_id FROM (SELECT * FROM notification_items i
        WHERE i.recipient_id = $1 AND i.group_id IS NULL AND NOT i.retracted ORDER BY i.id DESC LIMIT {MOST_WEIGHED}) AS i
    WHERE {actor_shown("i.actor_id", "$1")} AND {post_shown("i.post_id", "$1")} GROUP BY i.actor_id"""


async def requests(user_id: int, window: Window) -> list[Request]:
    """Whose doings wait to be let in or thrown away, the newest first."""
    rows = await fetch(
        f"SELECT * FROM ({_WAITING}) AS found WHERE key < $2 AND key > $3 ORDER BY key {window.direction} LIMIT $4",
        user_id,
        window.older_than,
        window.newer_than,
        window.limit,
    )
    found = [Request(row["key"], row["actor_id"], row["count"], row["latest_at"], row["post_id"]) for row in rows]
    return sorted(found, key=lambda one: one.key, reverse=True)


async def count_requests(user_id: int) -> int:
    """How many people wait, at most `MOST_COUNTED`."""
    return len(await requests(user_id, Window(MOST_COUNTED, NEWEST, 0)))


async def accept(user_id: int, actor_id: int) -> None:
    """Let what somebody does through all filters from now on, and put in place what waits of them."""
    await fetch(
        "INSERT INTO notification_permissions (user_id, actor_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        user_id,
        actor_id,
    )
    await notification_move.merge(user_id, actor_id)


async def dismiss(user_id: int, actor_id: int) -> None:
    """Throw away what waits of somebody, and let them through filters no more."""
    await fetch("DELETE FROM notification_permissions WHERE user_id = $1 AND actor_id = $2", user_id, actor_id)
    await notification_move.dismiss(user_id, actor_id)
