"""What a person settles about messages: who may begin to write to them, and whether others learn how far they read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from models import chat_rule, visibility
from models.database import fetch, fetch_one


class MessagesFrom(Enum):
    """Who may begin a chat with somebody."""

    EVERYONE = "EVERYONE"
    FOLLOWING = "FOLLOWING"
    NOBODY = "NOBODY"


@dataclass(frozen=True, slots=True)
class ChatSettingRow:
    """What is settled."""

    messages_from: MessagesFrom = MessagesFrom.EVERYONE
    shows_reading: bool = True


async def settings_of(user_id: int) -> ChatSettingRow:
    """What a person settled, or what everybody begins with."""
    row = await fetch_one("SELECT messages_from, shows_reading FROM chat_settings WHERE user_id = $1", user_id)
    return ChatSettingRow() if row is None else ChatSettingRow(MessagesFrom(row["messages_from"]), row["shows_reading"])


async def settle(user_id: int, messages_from: MessagesFrom | None, shows_reading: bool | None) -> None:
    """Settle; None leaves as it is. Chats that are there stay."""
    before = await settings_of(user_id)
    await fetch(
        """INSERT INTO chat_settings (user_id, messages_from, shows_reading) VALUES ($1, $2, $3) ON CONFLICT (user_id) DO UPDATE
        SET messages_from = excluded.messages_from, shows_reading = excluded.shows_reading""",
        user_id,
        (messages_from or before.messages_from).value,
        before.shows_reading if shows_reading is None else shows_reading,
    )


_STANDING = f"""SELECT u.id, coalesce(s.messages_from, 'EVERYONE') AS messages_from,
    EXISTS (SELECT 1 FROM follows e WHERE e.follower_id = u.id AND e.followee_id = $1) AS follows,
    EXISTS (SELECT 1 FROM chats c JOIN chat_members m ON m.chat_id = c.id AND m.user_id = u.id
        WHERE (c.low_id, c.high_id) = (least(u.id, $1), greatest(u.id, $1)) AND m.state = 'JOINED') AS knows,
    {visibility.kept_from("$1::bigint", "u.id")} AS kept
FROM users u LEFT JOIN chat_settings s ON s.user_id = u.id
WHERE u.id = ANY($2::bigint[]) AND u.id <> $1 AND NOT u.gone AND NOT {chat_rule.blocked("u.id", "$1::bigint")}"""


async def welcomes(asker_id: int, user_ids: Sequence[int]) -> dict[int, bool]:
    """Whom of these people the asker may begin a chat with, and whether they are in it at once (else they are asked first).

    In at once is whoever follows the asker, or talks with them already. Whom moderators limited asks nobody else.
    """
    found: dict[int, bool] = {}
    if not asker_id:
        return found
    for row in await fetch(_STANDING, asker_id, list(user_ids)):
        setting = MessagesFrom(row["messages_from"])
        known = row["knows"] or (row["follows"] and setting is not MessagesFrom.NOBODY)
        if known or (setting is MessagesFrom.EVERYONE and not row["kept"]):
            found[row["id"]] = known
    return found
