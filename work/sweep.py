"""Sweeps: what is over and in nobody's way is taken out."""

from __future__ import annotations

from contextlib import suppress

from errors import Conflict
from models import (
    access_token,
    app,
    app_session,
    audience,
    delivery,
    idempotency,
    known_device,
    letter,
    mail_link,
    mute,
    muted_word,
    passkey,
    pending_login,
    push,
    review,
    session,
    upload,
    view,
)
from models.partition import drop_old_partitions, make_partitions
from models.transaction import transaction
from storage.bucket import Bucket

UPLOADS_AT_ONCE = 100
REVIEWS_AT_ONCE = 20


async def sweep_uploads(bucket: Bucket) -> bool:
    """Take the objects and rows of uploads that were never completed, an hour after their form stopped working."""
    old = await upload.forgotten(UPLOADS_AT_ONCE)
    for number, key in old:
        await bucket.delete(key)
        await upload.forget(number)
    return len(old) == UPLOADS_AT_ONCE


async def sweep_reviews(days: int) -> bool:
    """Refuse the pictures that nobody has looked at for so many days; `work.picture` takes their bytes away."""
    old = await review.overdue(days, REVIEWS_AT_ONCE)
    for number in old:
        with suppress(Conflict):  # somebody has decided it just now
            await review.decide(number, review.Decision.REFUSED, "nobody, in time")
    return len(old) == REVIEWS_AT_ONCE


async def sweep_rows() -> bool:
    """Take idempotency keys, sessions, webhooks' deliveries, letters and pushes whose time is over; put old days of views together."""
    await idempotency.forget_old()
    await session.forget_expired()
    await access_token.forget_expired()
    await app_session.forget_expired()
    await app.forget_unused()
    await known_device.forget_old()
    await pending_login.forget_over()
    await passkey.forget_spent()
    await mail_link.forget_old()
    await delivery.forget_old()
    await letter.OUTBOX.forget_old(letter.KEPT_DAYS)
    await push.OUTBOX.forget_old(push.KEPT_DAYS)
    await audience.forget_old()
    await view.gather_old()
    return False


async def end_mutes() -> bool:
    """Take out mutes of people and words that are over, and tell whoever has a screen open that they end."""
    async with transaction():
        more = [await mute.forget_over(), await muted_word.forget_over()]
    return any(more)


async def turn_partitions() -> bool:
    """Make the log's partitions of the days ahead, drop those whose time is over."""
    await make_partitions()
    await drop_old_partitions()
    return False
