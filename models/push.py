"""Pushes: what somebody's browsers are to be told at once. One row for a browser and a line of their notifications.

A row is made in the transaction that makes the notification, so it is there exactly once; what it says is found when it is sent. More
of a line that waits changes nothing but what will be said; more of one that was sent is sent again, `SPACING_SECONDS` apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from asyncpg import Record

from models import push_subscription
from models.database import fetch, fetch_one
from models.notification_kind import QUIET, NotificationKind
from models.outbox import Fate, Hold, Outbox, Outcome
from models.preference import InterfaceLanguage

DELAY_SECONDS = 4.0  # who is reading already has read it by then
SPACING_SECONDS = 60.0
HOURS_GOOD = 24
KEPT_DAYS = 3
OUTBOX = Outbox("pushes", (10, 60, 300, 900, 1_800, 3_600), lease_seconds=60.0, spacing_seconds=SPACING_SECONDS)
_QUIET = ", ".join(f"'{kind.value}'" for kind in QUIET)


@dataclass(frozen=True, slots=True)
class News:
    """An item that took its place in a line."""

    recipient_id: int
    kind: NotificationKind
    group_id: int
    item_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Parcel:
    """A push in a sender's hands: which line, whose, and the browser it goes to."""

    hold: Hold
    subscription_id: int
    user_id: int
    group_id: int
    endpoint: str
    key: bytes
    auth: bytes
    language: InterfaceLanguage


async def put(news: Iterable[News]) -> None:
    """Have the browsers of these people told, where they want it and it has just happened. The caller holds the transaction.

    A browser that is being forgotten at this moment is passed over rather than waited for.
    """
    wanted = list(news)
    if not wanted:
        return
    await fetch(
        f"""WITH c AS (
            SELECT recipient_id, kind, group_id, max(item_id) AS item_id
            FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::timestamptz[]) AS c (recipient_id, kind, group_id, item_id, at)
            WHERE at > now() - make_interval(hours => {HOURS_GOOD}) GROUP BY recipient_id, kind, group_id
        ), told AS MATERIALIZED (
            SELECT s.id, s.user_id FROM push_subscriptions s WHERE s.user_id IN (SELECT recipient_id FROM c)
            ORDER BY s.id FOR KEY SHARE SKIP LOCKED
        ) INSERT INTO pushes AS p (subscription_id, user_id, group_id, item_id, due_at, expires_at)
        SELECT s.id, s.user_id, c.group_id, c.item_id, now() + make_interval(secs => $6), now() + make_interval(hours => {HOURS_GOOD})
        FROM c JOIN told s ON s.user_id = c.recipient_id
        LEFT JOIN notification_switches w ON w.user_id = c.recipient_id AND w.kind = c.kind
        WHERE coalesce(w.pushes, c.kind NOT IN ({_QUIET}))
        ON CONFLICT (subscription_id, group_id) DO UPDATE SET item_id = excluded.item_id, revision = p.revision + 1, state = 'WAITING',
            expires_at = excluded.expires_at, tries = CASE WHEN p.state = 'WAITING' THEN p.tries ELSE 0 END,
            due_at = CASE WHEN p.state = 'WAITING' THEN p.due_at
                ELSE greatest(excluded.due_at, p.due_at + make_interval(secs => {SPACING_SECONDS})) END""",
        [one.recipient_id for one in wanted],
        [one.kind.value for one in wanted],
        [one.group_id for one in wanted],
        [one.item_id for one in wanted],
        [one.at for one in wanted],
        DELAY_SECONDS,
    )


async def claim(most: int) -> Sequence[Parcel]:
    """Up to so many pushes that are due; those for nobody (any more) are dropped on the way."""
    found = []
    for hold, row in await OUTBOX.claim(most):
        browser = await _browser(row)
        if browser is None:
            await OUTBOX.note(hold, Outcome(Fate.DROPPED))
            continue
        said = browser["language"] or browser["spoken"]
        found.append(
            Parcel(
                hold,
                row["subscription_id"],
                row["user_id"],
                row["group_id"],
                browser["endpoint"],
                bytes(browser["p256dh"]),
                bytes(browser["auth"]),
                InterfaceLanguage(said) if said else InterfaceLanguage.EN,
            )
        )
    return found


async def _browser(row: Record) -> Record | None:
    """The browser a push goes to, if its session goes on, its owner is there, and they still want this kind."""
    return await fetch_one(
        f"""SELECT p.endpoint, p.p256dh, p.auth, p.language, f.language AS spoken FROM push_subscriptions p
        JOIN sessions s ON s.id = p.session_id AND s.expires_at > now()
        JOIN users u ON u.id = p.user_id AND NOT u.gone
        JOIN notification_groups g ON g.id = $2 AND g.recipient_id = p.user_id
        LEFT JOIN notification_switches w ON w.user_id = p.user_id AND w.kind = g.kind
        LEFT JOIN preferences f ON f.user_id = p.user_id
        WHERE p.id = $1 AND coalesce(w.pushes, g.kind NOT IN ({_QUIET}))""",
        row["subscription_id"],
        row["group_id"],
    )


async def note(parcel: Parcel, outcome: Outcome, *, gone: bool = False) -> Fate | None:
    """Write down what came of a try. A browser that is gone is forgotten with all that waits for it."""
    if gone:
        await push_subscription.end(parcel.subscription_id)
        return None
    if outcome.fate is not Fate.DROPPED:
        await push_subscription.judge(parcel.subscription_id, taken=outcome.fate is Fate.SENT)
    return await OUTBOX.note(parcel.hold, outcome)
