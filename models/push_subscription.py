"""Browsers that want to be told at once: where each hears and what is needed to write to it. Each belongs to a session and ends with it."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from asyncpg import Record

from errors import BadInput, Conflict, NotFound
from models import node_id
from models.database import fetch, fetch_one, fetch_value
from models.preference import InterfaceLanguage
from models.webhook import checked_url

MOST_OF_SESSION = 3
MOST_OF_PERSON = 20
KEY_BYTES = 65
AUTH_BYTES = 16
LONGEST_KEY_CHARACTERS = 200
GIVEN_UP_AFTER_DAYS = 7


@dataclass(frozen=True, slots=True)
class SubscriptionRow:
    """One browser, as its owner sees it."""

    id: int
    session_id: int
    device: str
    created_at: datetime
    last_sent_at: datetime | None
    is_current: bool

    @property
    def gid(self) -> str:
        """The global id."""
        return node_id.encode("push", self.id)


_ROW = """SELECT p.id, p.session_id, s.device, p.created_at, p.last_sent_at FROM push_subscriptions p
    JOIN sessions s ON s.id = p.session_id AND s.expires_at > now() WHERE p.user_id = $1"""


def _row(row: Record, session_id: int | None) -> SubscriptionRow:
    return SubscriptionRow(
        row["id"],
        row["session_id"],
        row["device"],
        row["created_at"],
        row["last_sent_at"],
        row["session_id"] == session_id,
    )


async def subscriptions_of(user_id: int, session_id: int | None) -> Sequence[SubscriptionRow]:
    """A person's browsers, at most `MOST_OF_PERSON`, in the order in which they came; those of `session_id` are marked."""
    return [_row(row, session_id) for row in await fetch(f"{_ROW} ORDER BY p.id", user_id)]


async def subscription_of(user_id: int, session_id: int | None, subscription_id: int) -> SubscriptionRow | None:
    """One of this person's own."""
    row = await fetch_one(f"{_ROW} AND p.id = $2", user_id, subscription_id)
    return None if row is None else _row(row, session_id)


def _raw(text: str, size: int, name: str) -> bytes:
    """A key as browsers write it: URL-safe base64, padded or not. Raises BadInput."""
    try:
        if len(text) > LONGEST_KEY_CHARACTERS or not text.isascii() or set(text) & set("+/"):
            raise ValueError
        bare = text.rstrip("=")
        found = urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
        if len(found) != size:
            raise ValueError
    except ValueError as error:
        raise BadInput(f"This is not {size} bytes in URL-safe base64, as browsers give them.", [name]) from error
    return found


async def subscribe(
    user_id: int, session_id: int, endpoint: str, p256dh: str, auth: str, language: InterfaceLanguage | None
) -> int:
    """Tell this browser from now on; gives its id. Named again it is the same one, of the session that names it last.

    The oldest give way where a session or a person has too many. The caller holds the transaction. Raises BadInput; Conflict for the
    address of somebody else's browser, unless the secret that it alone has is shown: then it changed hands.
    """
    url = checked_url(endpoint, "The address of a browser", ["endpoint"])
    key, secret = _raw(p256dh, KEY_BYTES, "p256dh"), _raw(auth, AUTH_BYTES, "auth")
    if key[0] != 4:
        raise BadInput("This is no uncompressed point, as browsers give them.", ["p256dh"])
    await fetch("SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE", user_id)  # two at once count each other
    await fetch(
        "DELETE FROM push_subscriptions WHERE endpoint = $1 AND user_id <> $2 AND auth = $3", url, user_id, secret
    )
    number = await fetch_value(
        """INSERT INTO push_subscriptions AS p (user_id, session_id, endpoint, p256dh, auth, language) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (endpoint) DO UPDATE SET session_id = excluded.session_id, p256dh = excluded.p256dh, auth = excluded.auth,
            language = excluded.language, failing_since = NULL WHERE p.user_id = excluded.user_id RETURNING id""",
        user_id,
        session_id,
        url,
        key,
        secret,
        None if language is None else language.value,
    )
    if number is None:
        raise Conflict("This address is another browser's.", ["endpoint"])
    await fetch(
        f"""DELETE FROM push_subscriptions WHERE id IN (SELECT id FROM (SELECT id,
            row_number() OVER (PARTITION BY session_id ORDER BY id = $2 DESC, id DESC) AS of_session,
            row_number() OVER (ORDER BY id = $2 DESC, id DESC) AS of_person FROM push_subscriptions WHERE user_id = $1) AS found
            WHERE of_session > {MOST_OF_SESSION} OR of_person > {MOST_OF_PERSON})""",
        user_id,
        number,
    )
    return int(number)


async def unsubscribe(user_id: int, subscription_id: int) -> None:
    """Tell this browser no more, and forget it. The caller holds the transaction. Raises NotFound."""
    if not await fetch(
        "DELETE FROM push_subscriptions WHERE id = $1 AND user_id = $2 RETURNING 1", subscription_id, user_id
    ):
        raise NotFound("There is no such subscription.", ["pushSubscriptionId"])


async def end(subscription_id: int) -> None:
    """Forget a browser that is no more."""
    await fetch("DELETE FROM push_subscriptions WHERE id = $1", subscription_id)


async def judge(subscription_id: int, *, taken: bool) -> None:
    """Note that it took something, or did not; one that has taken nothing for `GIVEN_UP_AFTER_DAYS` is forgotten."""
    if taken:
        await fetch(
            "UPDATE push_subscriptions SET failing_since = NULL, last_sent_at = now() WHERE id = $1", subscription_id
        )
        return
    await fetch(
        "UPDATE push_subscriptions SET failing_since = now() WHERE id = $1 AND failing_since IS NULL", subscription_id
    )
    await fetch(
        "DELETE FROM push_subscriptions WHERE id = $1 AND failing_since < now() - make_interval(days => $2)",
        subscription_id,
        GIVEN_UP_AFTER_DAYS,
    )
