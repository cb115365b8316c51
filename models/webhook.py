"""Webhooks: addresses of programs that their owner wants told what becomes of jobs. Nobody else knows of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from ipaddress import ip_address
from urllib.parse import urlsplit

from asyncpg import Record

from errors import BadInput, NotFound, QuotaExceeded
from models import node_id
from models.database import fetch, fetch_one, fetch_value
from models.webhook_secret import new_salt
from settings import settings

MOST_WEBHOOKS = 10
LONGEST_URL_CHARACTERS = 2_000
OVERLAP_HOURS = 24  # in which messages are signed with the old secret, too
_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+", re.IGNORECASE)
_UNSEEN = re.compile(r"[\s\x00-\x1f\x7f]")
OFF_BY_OWNER = "Its owner turned it off."


class WebhookEvent(Enum):
    """What a webhook may be told; the values are the `type` of its messages."""

    GENERATION_OUTPUT_KEPT = "generation.output_kept"
    GENERATION_SUCCEEDED = "generation.succeeded"
    GENERATION_PARTIAL = "generation.partial"
    GENERATION_FAILED = "generation.failed"
    GENERATION_BLOCKED = "generation.blocked"
    GENERATION_CANCELLED = "generation.cancelled"
    GENERATION_EXPIRED = "generation.expired"
    GENERATION_TIMED_OUT = "generation.timed_out"
    TEST = "webhook.test"


class WebhookOffReason(Enum):
    """Why a webhook is turned off, for programs."""

    BY_OWNER = "BY_OWNER"
    GONE = "GONE"
    SILENT = "SILENT"


TOLD_WHEN_ASKED = WebhookEvent.TEST
"""What is sent only when its owner asks for it; no webhook is made for it."""


@dataclass(frozen=True, slots=True)
class WebhookRow:
    """One webhook as its owner sees it. `rotation` counts its secrets; `disabled_reason` is a sentence."""

    id: int
    owner_id: int
    url: str
    events: tuple[WebhookEvent, ...]
    rotation: int
    is_enabled: bool
    disabled_reason: str | None
    disabled_code: WebhookOffReason | None
    failing_since: datetime | None
    created_at: datetime

    @property
    def gid(self) -> str:
        """The global id."""
        return node_id.encode("webhook", self.id)


def _row(row: Record) -> WebhookRow:
    return WebhookRow(
        row["id"],
        row["owner_id"],
        row["url"],
        tuple(WebhookEvent(name) for name in row["events"]),
        row["rotation"],
        row["enabled"],
        row["disabled_reason"],
        None if row["disabled_code"] is None else WebhookOffReason(row["disabled_code"]),
        row["failing_since"],
        row["created_at"],
    )


async def webhooks_of(owner_id: int) -> Sequence[WebhookRow]:
    """A person's webhooks, at most `MOST_WEBHOOKS`, in the order they were made."""
    return [_row(row) for row in await fetch("SELECT * FROM webhooks WHERE owner_id = $1 ORDER BY id", owner_id)]


async def webhook_of(owner_id: int, webhook_id: int) -> WebhookRow | None:
    """A webhook of this person's own."""
    row = await fetch_one("SELECT * FROM webhooks WHERE id = $1 AND owner_id = $2", webhook_id, owner_id)
    return None if row is None else _row(row)


async def salt_of(webhook_id: int) -> bytes:
    """The salt of the secret it has now."""
    return bytes(await fetch_value("SELECT salt FROM webhooks WHERE id = $1", webhook_id))


def checked_url(text: str, what: str = "A webhook", path: Sequence[str] = ("url",)) -> str:
    """An address that can be a webhook's (or what else is asked by POST). Raises BadInput; where its name leads is asked when something is sent.

    https, a name with a dot and no number, port 443, nobody's password. Hosts of `OUTSIDE_LOOPBACK_HOSTS` may be anything.
    """
    wanted = text.strip()
    sentence = f"{what} is an https address with the name of a public host, such as https://hooks.example.org/fresque."
    if len(wanted) > LONGEST_URL_CHARACTERS or not wanted.isascii() or _UNSEEN.search(wanted) or "\\" in wanted:
        raise BadInput(sentence, list(path))
    try:
        parts = urlsplit(wanted)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise BadInput(sentence, list(path)) from error
    if "@" in parts.netloc:
        raise BadInput(f"{what} carries no name or password.", list(path))
    if host in (one.strip().lower() for one in settings().outside_loopback_hosts.split(",") if one.strip()):
        if parts.scheme in ("http", "https"):
            return wanted
        raise BadInput(sentence, list(path))
    if parts.scheme != "https" or port not in (None, 443) or not _HOST.fullmatch(host) or _is_number(host):
        raise BadInput(sentence, list(path))
    return wanted


def _is_number(host: str) -> bool:
    """Whether a host is an IPv4 address in any of the ways that resolvers read: its last part is a number."""
    last = host.rpartition(".")[2].lower()
    if last.isdigit() or last.startswith("0x"):
        return True
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def checked_events(events: Iterable[WebhookEvent]) -> list[str]:
    """Each once. Raises BadInput for none, and for what is sent only when asked for."""
    names = list(dict.fromkeys(event.value for event in events))
    if not names or TOLD_WHEN_ASKED.value in names:
        raise BadInput("Name at least one event of a generation; tests are sent when they are asked for.", ["events"])
    return names


async def create(owner_id: int, url: str, events: Iterable[WebhookEvent]) -> int:
    """A new webhook, turned on; gives its id. The caller holds the transaction. Raises BadInput, QuotaExceeded."""
    wanted, names = checked_url(url), checked_events(events)
    await fetch("SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE", owner_id)  # two at once count each other
    if await fetch_value("SELECT count(*) FROM webhooks WHERE owner_id = $1", owner_id) >= MOST_WEBHOOKS:
        raise QuotaExceeded(f"At most {MOST_WEBHOOKS} webhooks. Delete one, or change its address.")
    return int(
        await fetch_value(
            "INSERT INTO webhooks (owner_id, url, events, salt) VALUES ($1, $2, $3, $4) RETURNING id",
            owner_id,
            wanted,
            names,
            new_salt(),
        )
    )


async def update(
    owner_id: int,
    webhook_id: int,
    url: str | None = None,
    events: Sequence[WebhookEvent] | None = None,
    is_enabled: bool | None = None,
) -> None:
    """Change what is given. Turning it off gives up what waits; turning it on forgets its failures.

    The caller holds the transaction. Raises NotFound, BadInput.
    """
    await hold(owner_id, webhook_id)
    if url is not None:
        await fetch("UPDATE webhooks SET url = $2 WHERE id = $1", webhook_id, checked_url(url))
    if events is not None:
        await fetch("UPDATE webhooks SET events = $2 WHERE id = $1", webhook_id, checked_events(events))
    if is_enabled is False:
        await disable(webhook_id, WebhookOffReason.BY_OWNER, OFF_BY_OWNER)
    elif is_enabled:
        await fetch(
            "UPDATE webhooks SET enabled = true, disabled_reason = NULL, disabled_code = NULL, failing_since = NULL"
            " WHERE id = $1 AND NOT enabled",
            webhook_id,
        )


async def rotate(owner_id: int, webhook_id: int) -> int:
    """Give it a new secret; gives the number of its secrets so far. The old one signs beside it for `OVERLAP_HOURS`.

    The caller holds the transaction. Raises NotFound.
    """
    await hold(owner_id, webhook_id)
    return int(
        await fetch_value(
            "UPDATE webhooks SET old_salt = salt, old_until = now() + make_interval(hours => $3), salt = $2,"
            " rotation = rotation + 1 WHERE id = $1 RETURNING rotation",
            webhook_id,
            new_salt(),
            OVERLAP_HOURS,
        )
    )


async def delete(owner_id: int, webhook_id: int) -> None:
    """Forget it, and everything it was told. The caller holds the transaction. Raises NotFound."""
    await hold(owner_id, webhook_id)
    await fetch("DELETE FROM webhooks WHERE id = $1", webhook_id)


async def hold(owner_id: int, webhook_id: int) -> Record:
    """Its row, locked for the rest of the transaction. Raises NotFound for what is not this person's."""
    row = await fetch_one("SELECT * FROM webhooks WHERE id = $1 AND owner_id = $2 FOR UPDATE", webhook_id, owner_id)
    if row is None:
        raise NotFound("There is no such webhook.", ["webhookId"])
    return row


async def disable(webhook_id: int, code: WebhookOffReason, reason: str) -> None:
    """Turn it off, with a code and a sentence that say why, and give up what waits. The caller holds the transaction."""
    row = await fetch_one(
        "UPDATE webhooks SET enabled = false, disabled_reason = $2, disabled_code = $3 WHERE id = $1 AND enabled RETURNING id",
        webhook_id,
        reason,
        code.value,
    )
    if row is not None:
        await fetch(
            "UPDATE webhook_deliveries SET state = 'FAILED', next_try_at = NULL WHERE webhook_id = $1 AND state = 'PENDING'",
            webhook_id,
        )
