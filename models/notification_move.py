"""How notifications come to be, go and come back: items in groups. The caller holds the transaction everywhere.

A group is one line of the list. An item joins the group of its kind and post that began last before it, at most `SPAN` ago (what
was held back may join one that began soon after it), else it begins one. What is taken back (a like) is only marked: done again within the span it stands where it stood and is not news.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from asyncpg import Record

from models import push
from models.database import fetch
from models.event import record_notified
from models.notification_kind import GROUPED, OF_SUBJECTS, NotificationKind
from models.notification_rule import JUDGED
from models.push import News
from settings import settings

SPAN = timedelta(hours=12)
MOST_WAITING = 50  # items of one person among the requests of another
MOST_TOUCHED = 1_000


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened to somebody. 0 stands for nobody and nothing."""

    recipient_id: int
    kind: NotificationKind
    at: datetime
    actor_id: int = 0
    post_id: int = 0
    subject_id: int = 0


@dataclass(frozen=True, slots=True)
class _Item:
    """A fact that gets a place in a group."""

    id: int
    recipient_id: int
    kind: NotificationKind
    actor_id: int
    post_id: int
    subject_id: int
    at: datetime

    @property
    def key(self) -> tuple[int, str, int]:
        """What the items of a group share."""
        return self.recipient_id, self.kind.value, self.about[0] or self.about[1]

    @property
    def about(self) -> tuple[int, int]:
        """The post and the subject that the items of a group share: one of them, the other is 0."""
        return (0, self.subject_id) if self.kind in OF_SUBJECTS else (self.post_id, 0)


async def put(facts: Iterable[Fact]) -> None:
    """Tell of what happened, each fact once, as the rules and the recipients' own filters allow.

    What is older than notifications are kept was told once, and forgotten.
    """
    kept = settings().notification_days
    oldest = datetime.now(UTC) - timedelta(days=kept) if kept > 0 else datetime.min.replace(tzinfo=UTC)
    wanted = [fact for fact in dict.fromkeys(facts) if fact.at > oldest]
    if not wanted:
        return
    rows = await fetch(
        JUDGED,
        [fact.recipient_id for fact in wanted],
        [fact.kind.value for fact in wanted],
        [fact.actor_id for fact in wanted],
        [fact.post_id for fact in wanted],
        [fact.subject_id for fact in wanted],
        [fact.at for fact in wanted],
    )
    revived: list[Record] = []
    fresh: list[Record] = []
    for row in sorted(rows, key=lambda row: (row["at"], row["place"])):
        if row["verdict"] == "DROP":
            continue
        again = row["known_id"] is not None and row["at"] - row["known_at"] < SPAN
        (revived if again and row["known_group"] is not None else fresh).append(row)
    await _revive(revived)
    await _insert(fresh)


async def _revive(rows: Sequence[Record]) -> None:
    """What was taken back is there again, where it was."""
    if rows:
        await fetch(
            "UPDATE notification_items SET retracted = false WHERE id = ANY($1::bigint[])",
            [row["known_id"] for row in rows],
        )
        await _settle(Counter(row["known_group"] for row in rows))


async def _insert(rows: Sequence[Record]) -> None:
    if not rows:
        return
    await fetch(
        "DELETE FROM notification_items WHERE id = ANY($1::bigint[])",
        [row["known_id"] for row in rows if row["known_id"] is not None],
    )
    numbers = await _numbers(len(rows))
    items = [(_item(number, row), row["verdict"] == "FILTER") for number, row in zip(numbers, rows, strict=True)]
    groups = await _groups([item for item, waits in items if not waits])
    await fetch(
        """INSERT INTO notification_items (id, recipient_id, kind, actor_id, post_id, subject_id, at, group_id)
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::timestamptz[],
            $8::bigint[])""",
        [item.id for item, _ in items],
        [item.recipient_id for item, _ in items],
        [item.kind.value for item, _ in items],
        [item.actor_id for item, _ in items],
        [item.post_id for item, _ in items],
        [item.subject_id for item, _ in items],
        [item.at for item, _ in items],
        [groups.get(item.id) for item, _ in items],
    )
    await _settle(Counter(groups.values()))
    await push.put(
        News(item.recipient_id, item.kind, groups[item.id], item.id, item.at) for item, waits in items if not waits
    )
    await _let_wait([item for item, waits in items if waits])


async def _numbers(count: int) -> list[int]:
    """New ids, in order: what comes later stands above, within a millisecond too."""
    rows = await fetch("SELECT fresque_id() AS id FROM generate_series(1, $1::int)", count)
    return sorted(row["id"] for row in rows)


def _item(number: int, row: Record) -> _Item:
    return _Item(
        number,
        row["recipient_id"],
        NotificationKind(row["kind"]),
        row["actor_id"],
        row["post_id"],
        row["subject_id"],
        row["at"],
    )


async def _groups(items: Sequence[_Item]) -> dict[int, int]:
    """The group of each item, those that were missing made."""
    known = await _open_groups([item for item in items if item.kind in GROUPED])
    begun: dict[tuple[int, str, int], list[tuple[datetime, int]]] = {}
    found: dict[int, int] = {}
    missing: list[_Item] = []
    for item in items:
        of_key = begun.setdefault(item.key, [])
        if item.id in known:
            of_key.append(known[item.id])
        near = [(at <= item.at, -abs(item.at - at), number) for at, number in of_key if abs(item.at - at) < SPAN]
        if item.kind in GROUPED and near:
            found[item.id] = max(near)[2]
        else:
            missing.append(item)
            of_key.append((item.at, -item.id))
            found[item.id] = -item.id
    numbers = dict(zip((-item.id for item in missing), await _numbers(len(missing)), strict=True))
    await fetch(
        """INSERT INTO notification_groups (id, recipient_id, kind, post_id, subject_id, opened_at, newest)
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::bigint[], $6::timestamptz[], $7::bigint[])""",
        list(numbers.values()),
        [item.recipient_id for item in missing],
        [item.kind.value for item in missing],
        [item.about[0] for item in missing],
        [item.about[1] for item in missing],
        [item.at for item in missing],
        [item.id for item in missing],
    )
    return {item_id: numbers.get(group_id, group_id) for item_id, group_id in found.items()}


async def _open_groups(items: Sequence[_Item]) -> Mapping[int, tuple[datetime, int]]:
    """When the group began that each of these items belongs in, and its id; nothing for those that have none yet."""
    if not items:
        return {}
    rows = await fetch(
        """SELECT c.id AS item_id, g.opened_at, g.id FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::timestamptz[], $7::bigint[])
            AS c (id, recipient_id, kind, post_id, at, subject_id) JOIN LATERAL (
            SELECT g.id, g.opened_at FROM notification_groups g WHERE g.recipient_id = c.recipient_id AND g.kind = c.kind
            AND g.post_id = c.post_id AND g.subject_id = c.subject_id
            AND g.opened_at > c.at - $6::interval AND g.opened_at < c.at + $6::interval
            ORDER BY g.opened_at <= c.at DESC, abs(extract(epoch FROM g.opened_at - c.at)) LIMIT 1
        ) AS g ON true""",
        [item.id for item in items],
        [item.recipient_id for item in items],
        [item.kind.value for item in items],
        [item.about[0] for item in items],
        [item.at for item in items],
        SPAN,
        [item.about[1] for item in items],
    )
    return {row["item_id"]: (row["opened_at"], row["id"]) for row in rows}


async def _settle(changes: Mapping[int, int]) -> None:
    """So many items more (or fewer) are in these groups: their sizes and places follow, and whoever looks is told."""
    if not changes:
        return
    rows = await fetch(
        """UPDATE notification_groups g SET size = g.size + d.change, version = g.version + 1, newest = coalesce((
            SELECT i.id FROM notification_items i WHERE i.group_id = g.id AND NOT i.retracted ORDER BY i.id DESC LIMIT 1), g.newest)
        FROM unnest($1::bigint[], $2::int[]) AS d (id, change) WHERE g.id = d.id RETURNING g.id, g.recipient_id""",
        list(changes),
        list(changes.values()),
    )
    await record_notified([(row["recipient_id"], row["id"]) for row in rows])


async def _let_wait(items: Sequence[_Item]) -> None:
    """Keep what waits among requests within bounds, and tell whose requests they are."""
    if not items:
        return
    people = list({(item.recipient_id, item.actor_id) for item in items})
    await fetch(
        """DELETE FROM notification_items WHERE id IN (SELECT old.id FROM unnest($1::bigint[], $2::bigint[]) AS c (recipient_id, actor_id)
            CROSS JOIN LATERAL (SELECT i.id FROM notification_items i WHERE i.recipient_id = c.recipient_id AND i.actor_id = c.actor_id
                AND i.group_id IS NULL ORDER BY i.id DESC OFFSET $3) AS old)""",
        [recipient_id for recipient_id, _ in people],
        [actor_id for _, actor_id in people],
        MOST_WAITING,
    )
    await record_notified([(recipient_id, 0) for recipient_id in {recipient_id for recipient_id, _ in people}])


async def retract(facts: Iterable[Fact]) -> None:
    """What was told of these is so no longer."""
    wanted = list(facts)
    if not wanted:
        return
    await _gone(
        await fetch(
            """UPDATE notification_items i SET retracted = true
            FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[]) AS c (recipient_id, kind, actor_id, post_id, subject_id)
            WHERE (i.recipient_id, i.kind, i.actor_id, i.post_id, i.subject_id)
                = (c.recipient_id, c.kind, c.actor_id, c.post_id, c.subject_id) AND NOT i.retracted
            RETURNING i.group_id, i.recipient_id""",
            [fact.recipient_id for fact in wanted],
            [fact.kind.value for fact in wanted],
            [fact.actor_id for fact in wanted],
            [fact.post_id for fact in wanted],
            [fact.subject_id for fact in wanted],
        )
    )


async def forget_between(pairs: Iterable[tuple[int, int]]) -> None:
    """Nothing that either of these two did is told the other any more, nor comes back: one blocks the other."""
    both = [pair for one, other in pairs for pair in ((one, other), (other, one))]
    rows = await fetch(
        """DELETE FROM notification_items i USING unnest($1::bigint[], $2::bigint[]) AS c (recipient_id, actor_id)
        WHERE i.recipient_id = c.recipient_id AND i.actor_id = c.actor_id RETURNING i.group_id, i.recipient_id, i.retracted""",
        [recipient_id for recipient_id, _ in both],
        [actor_id for _, actor_id in both],
    )
    await _gone([row for row in rows if not row["retracted"]])


async def forget_subject(recipient_id: int, kind: NotificationKind, subject_id: int) -> None:
    """Nothing of this kind about this subject is told to somebody any more."""
    rows = await fetch(
        """DELETE FROM notification_items WHERE recipient_id = $1 AND kind = $2 AND subject_id = $3
        RETURNING group_id, recipient_id, retracted""",
        recipient_id,
        kind.value,
        subject_id,
    )
    await _gone([row for row in rows if not row["retracted"]])


async def _gone(rows: Sequence[Record]) -> None:
    await _settle({group: -count for group, count in Counter(_grouped(rows)).items()})
    waiting = {row["recipient_id"] for row in rows if row["group_id"] is None}
    await record_notified([(recipient_id, 0) for recipient_id in waiting])


def _grouped(rows: Sequence[Record]) -> list[int]:
    return [row["group_id"] for row in rows if row["group_id"] is not None]


async def touch(post_ids: Sequence[int], actor_ids: Sequence[int] = ()) -> None:
    """Something changed about who may be told of these posts, or of what these people do: the newest lines are looked at anew."""
    if post_ids or actor_ids:
        rows = await fetch(
            """SELECT id FROM ((SELECT id, newest FROM notification_groups WHERE post_id = ANY($1::bigint[]) AND size > 0)
            UNION (SELECT g.id, g.newest FROM notification_items i JOIN notification_groups g ON g.id = i.group_id
                WHERE i.post_id = ANY($1::bigint[]) AND i.kind = ANY($4::text[]) AND NOT i.retracted)
            UNION (SELECT g.id, g.newest FROM notification_items i JOIN notification_groups g ON g.id = i.group_id
                WHERE i.actor_id = ANY($2::bigint[]) AND NOT i.retracted)) AS found ORDER BY newest DESC LIMIT $3""",
            list(post_ids),
            list(actor_ids),
            MOST_TOUCHED,
            [kind.value for kind in OF_SUBJECTS],
        )
        await _settle({row["id"]: 0 for row in rows})


async def touch_between(pairs: Iterable[tuple[int, int]]) -> None:
    """These people (the first of each pair) may see more or less of what the others post: what they were told of it is looked at
    anew."""
    both = list(pairs)
    if both:
        rows = await fetch(
            """SELECT DISTINCT i.group_id FROM notification_items i JOIN unnest($1::bigint[], $2::bigint[]) AS c (recipient_id, actor_id)
            ON i.recipient_id = c.recipient_id AND i.actor_id = c.actor_id WHERE i.group_id IS NOT NULL AND i.post_id <> 0
            AND NOT i.retracted LIMIT $3""",
            [recipient_id for recipient_id, _ in both],
            [actor_id for _, actor_id in both],
            MOST_TOUCHED,
        )
        await _settle({row["group_id"]: 0 for row in rows})


async def merge(recipient_id: int, actor_id: int) -> None:
    """What waited of somebody takes its place among the notifications, each where it belongs by when it happened."""
    rows = await fetch(
        """SELECT * FROM notification_items WHERE recipient_id = $1 AND actor_id = $2 AND group_id IS NULL AND NOT retracted
        ORDER BY at, id FOR UPDATE""",
        recipient_id,
        actor_id,
    )
    groups = await _groups([_item(row["id"], row) for row in rows])
    await fetch(
        "UPDATE notification_items i SET group_id = c.group_id FROM unnest($1::bigint[], $2::bigint[]) AS c (id, group_id) WHERE i.id = c.id",
        list(groups),
        list(groups.values()),
    )
    await _settle(Counter(groups.values()))
    await record_notified([(recipient_id, 0)])


async def dismiss(recipient_id: int, actor_id: int) -> bool:
    """Throw away what waits of somebody; True if anything did. What they do next waits again."""
    rows = await fetch(
        """UPDATE notification_items SET retracted = true, dismissed = true WHERE recipient_id = $1 AND actor_id = $2 AND group_id IS NULL
        AND NOT retracted RETURNING id""",
        recipient_id,
        actor_id,
    )
    if rows:
        await record_notified([(recipient_id, 0)])
    return bool(rows)
