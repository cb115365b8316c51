"""Web Push: lines of the notifications go to browsers that are not open, sealed for each, until they are taken or given up."""

from __future__ import annotations

import logging

import orjson

from discovery.notification_line import NotificationRow, rows_of
from models import notification, push
from models.checkpoint import checkpoint
from models.node_id import digits
from models.notification_kind import QUIET, NotificationKind
from models.outbox import Fate, Outcome
from models.push import Parcel
from outside.client import Client, Refused, Unreachable
from outside.push import BadKey, Browser, Herald, Push, Urgency
from work.courier import Courier
from work.sentence import excerpt, path_of, sentence

MOST_AT_ONCE = 20
SECONDS_OF_USE = 24 * 3_600
NO_MORE = frozenset({404, 410})
SPEAKING = frozenset({NotificationKind.MENTION, NotificationKind.REPLY, NotificationKind.QUOTE})
TOO_MANY = 429
log = logging.getLogger(__name__)


def urgency_of(kind: NotificationKind) -> Urgency:
    """How soon a device that sleeps should wake for it."""
    if kind in QUIET:
        return Urgency.LOW
    return Urgency.HIGH if kind in SPEAKING else Urgency.NORMAL


async def push_of(parcel: Parcel) -> Push | None:
    """What there is to say of a line to whoever it is for, as they may see it now; None when they have read it or nothing is left."""
    entry = await notification.entry(parcel.user_id, parcel.group_id)
    if entry is None or not entry.is_unread:
        return None
    (row,) = await rows_of(parcel.user_id, [entry])
    return Push(await _text(parcel, row), SECONDS_OF_USE, urgency_of(row.kind), f"n{digits(parcel.group_id)}")


async def _text(parcel: Parcel, row: NotificationRow) -> bytes:
    """JSON that web/public/push.js reads."""
    return orjson.dumps(
        {
            "title": sentence(row, parcel.language),
            "body": excerpt(row),
            "path": path_of(row),
            "tag": row.gid,
            "unread": await notification.unread(parcel.user_id),
            "language": parcel.language.value.lower(),
        }
    )


async def send(client: Client, herald: Herald, parcel: Parcel) -> None:
    """Send a push once, and note what came of it."""
    said = await push_of(parcel)
    if said is None:
        await push.note(parcel, Outcome(Fate.DROPPED))
        return
    try:
        answer = await herald.send(client, Browser(parcel.endpoint, parcel.key, parcel.auth), said)
    except (Refused, BadKey) as reason:  # it is never asked again
        log.info("a browser is forgotten: %s", reason)
        await push.note(parcel, Outcome(Fate.FAILED), gone=True)
        return
    except Unreachable as reason:
        await push.note(parcel, Outcome(Fate.AGAIN, str(reason)))
        return
    checkpoint("push.sent")
    if answer.status in NO_MORE:
        await push.note(parcel, Outcome(Fate.FAILED), gone=True)
        return
    taken = 200 <= answer.status < 300
    again = answer.status == TOO_MANY or answer.status >= 500
    fate = Fate.SENT if taken else Fate.AGAIN if again else Fate.FAILED
    failure = None if taken else f"The push service answered {answer.status}."
    await push.note(parcel, Outcome(fate, failure, answer.retry_after_seconds))


def courier(client: Client, herald: Herald) -> Courier[Parcel]:
    """Who sends pushes by this client."""

    async def one(parcel: Parcel) -> None:
        await send(client, herald, parcel)

    return Courier("pushes", push.claim, one, MOST_AT_ONCE)
