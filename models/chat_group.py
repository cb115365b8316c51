"""Beginning chats, and what is done with groups: a name, members who come, go and are removed, and who leads them.

Who is added without following whoever adds them, or was in the group before, is asked first: it lies among their requests until
they accept.
"""

from __future__ import annotations

from collections.abc import Sequence

from asyncpg import Record

from errors import BadInput, Conflict, Forbidden, NotFound, QuotaExceeded, RateLimited
from models import facet
from models.chat_member import hold, tell
from models.chat_rule import PRESENT
from models.chat_setting import welcomes
from models.database import fetch, fetch_one, fetch_value
from models.direct_message import MessageKind
from models.event import Kind
from models.message_move import check_pace, note
from models.relation import hold_pair

MOST_MEMBERS = 50
LONGEST_NAME = 60
MOST_BEGUN_A_DAY = 100
ADDED = "Somebody of these cannot be added: they are gone, blocked, or take no messages from you."


async def open_pair(viewer_id: int, other_id: int) -> int:
    """The one chat of two people, begun where there is none. The other hears of it with the first message.

    The caller holds the transaction. Raises BadInput for oneself, Forbidden for whoever takes no messages from the viewer.
    """
    if viewer_id == other_id:
        raise BadInput("A chat is with somebody else.", ["userId"])
    await hold_pair(viewer_id, other_id)
    low, high = min(viewer_id, other_id), max(viewer_id, other_id)
    row = await fetch_one(
        "SELECT c.id, m.state FROM chats c JOIN chat_members m ON m.chat_id = c.id AND m.user_id = $3"
        " WHERE c.low_id = $1 AND c.high_id = $2",
        low,
        high,
        viewer_id,
    )
    if row is not None:
        if row["state"] == "DECLINED":
            await fetch(
                "UPDATE chat_members SET state = 'JOINED' WHERE chat_id = $1 AND user_id = $2", row["id"], viewer_id
            )
        return int(row["id"])
    welcome = (await welcomes(viewer_id, [other_id])).get(other_id)
    if welcome is None:
        raise Forbidden("This person takes no messages from you.", ["userId"])
    chat_id = await _begin(viewer_id, "", low, high)
    await _enter(chat_id, viewer_id, "JOINED", 0, pair=True, listed=False)
    await _enter(chat_id, other_id, "JOINED" if welcome else "ASKED", 0, pair=True, listed=False)
    return chat_id


async def create(viewer_id: int, name: str, user_ids: Sequence[int]) -> int:
    """Begin a group, which its maker leads. Raises BadInput (name, nobody, too many) and Forbidden as `add` does."""
    kept = checked_name(name)
    people = list(dict.fromkeys(number for number in user_ids if number != viewer_id))
    if not people:
        raise BadInput("A group has somebody else in it.", ["userIds"])
    chat_id = await _begin(viewer_id, kept, None, None)
    await _enter(chat_id, viewer_id, "JOINED", 0, admin=True)
    chat = await hold(viewer_id, chat_id)
    await _invite(chat, viewer_id, people, 0)
    await note(chat, viewer_id, MessageKind.CREATED, text=kept)
    return chat_id


def checked_name(name: str) -> str:
    """A group's name, one line. Raises BadInput when it is too long."""
    kept = facet.kept(name, LONGEST_NAME, LONGEST_NAME * 12)
    if kept is None:
        raise BadInput(f"A name has at most {LONGEST_NAME} characters.", ["name"])
    return " ".join(kept.split())


async def rename(viewer_id: int, chat_id: int, name: str) -> None:
    """Name a group. Raises Forbidden to who does not lead it."""
    kept = checked_name(name)
    chat = await _led(viewer_id, chat_id)
    if chat["name"] != kept:
        await fetch("UPDATE chats SET name = $2 WHERE id = $1", chat_id, kept)
        await note(chat, viewer_id, MessageKind.RENAMED, text=kept)


async def add(viewer_id: int, chat_id: int, user_ids: Sequence[int]) -> None:
    """Add people to a group; who is in it already stays as they are. Everybody who takes part may.

    Raises Forbidden where one of them cannot be added, QuotaExceeded where they would be too many.
    """
    chat = await _group(viewer_id, chat_id)
    await check_pace(viewer_id)
    if chat["state"] != "JOINED":
        raise Forbidden("Accept to be in this group first.", ["chatId"])
    rows = await fetch(f"SELECT user_id FROM chat_members WHERE chat_id = $1 AND state IN {PRESENT}", chat_id)
    there = {row["user_id"] for row in rows}
    people = [number for number in dict.fromkeys(user_ids) if number not in there]
    await _invite(chat, viewer_id, people, len(there) - 1)
    for number in people:
        await note(chat, viewer_id, MessageKind.ADDED, number)


async def remove(viewer_id: int, chat_id: int, user_id: int) -> None:
    """Remove somebody from a group; they see nothing of it any more. Raises Forbidden to who does not lead it, NotFound where
    they are not in it."""
    chat = await _led(viewer_id, chat_id)
    if user_id == viewer_id:
        raise BadInput("To go oneself, leave.", ["userId"])
    await _go(chat, user_id)
    await note(chat, viewer_id, MessageKind.REMOVED, user_id)


async def leave(viewer_id: int, chat_id: int) -> None:
    """Leave a group. Where nobody leads it any more, whoever has been there longest does. Raises BadInput for a pair's chat."""
    chat = await _group(viewer_id, chat_id)
    await note(chat, viewer_id, MessageKind.LEFT)
    await _go(chat, viewer_id)
    await fetch(
        """UPDATE chat_members SET is_admin = true WHERE id = (
            SELECT min(id) FROM chat_members WHERE chat_id = $1 AND state = 'JOINED'
        ) AND NOT EXISTS (SELECT 1 FROM chat_members WHERE chat_id = $1 AND state = 'JOINED' AND is_admin)""",
        chat_id,
    )
    await tell(Kind.CHAT_CHANGED, chat_id, viewer_id, viewer_id)


async def set_admin(viewer_id: int, chat_id: int, user_id: int, *, admin: bool) -> None:
    """Let somebody who takes part lead a group, or no longer. Raises Conflict where nobody would lead it."""
    chat = await _led(viewer_id, chat_id)
    rows = await fetch("SELECT user_id, is_admin FROM chat_members WHERE chat_id = $1 AND state = 'JOINED'", chat_id)
    leads = {row["user_id"]: row["is_admin"] for row in rows}
    if user_id not in leads:
        raise NotFound("They do not take part in this group.", ["userId"])
    if leads[user_id] == admin:
        return
    if not admin and sum(leads.values()) == 1:
        raise Conflict("Somebody leads a group: name another first.", ["userId"])
    await fetch("UPDATE chat_members SET is_admin = $3 WHERE chat_id = $1 AND user_id = $2", chat_id, user_id, admin)
    await note(chat, viewer_id, MessageKind.PROMOTED if admin else MessageKind.DEMOTED, user_id)


async def _begin(creator_id: int, name: str, low: int | None, high: int | None) -> int:
    begun = await fetch_value(
        "SELECT count(*) FROM chats WHERE creator_id = $1 AND created_at > now() - interval '1 day'", creator_id
    )
    if begun >= MOST_BEGUN_A_DAY:
        raise RateLimited(f"At most {MOST_BEGUN_A_DAY} new chats a day.")
    return int(
        await fetch_value(
            "INSERT INTO chats (creator_id, name, low_id, high_id) VALUES ($1, $2, $3, $4) RETURNING id",
            creator_id,
            name,
            low,
            high,
        )
    )


async def _enter(
    chat_id: int, user_id: int, state: str, since: int, *, pair: bool = False, admin: bool = False, listed: bool = True
) -> None:
    await fetch(
        """INSERT INTO chat_members (chat_id, user_id, is_pair, state, is_admin, is_listed, since_sequence, read_sequence)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT (chat_id, user_id) DO UPDATE SET state = excluded.state,
            is_admin = false, is_listed = excluded.is_listed, since_sequence = excluded.since_sequence,
            read_sequence = excluded.read_sequence, heard_sequence = 0, moved = fresque_id()""",
        chat_id,
        user_id,
        pair,
        state,
        admin,
        listed,
        since,
    )


async def _invite(chat: Record, viewer_id: int, people: Sequence[int], others: int) -> None:
    if others + len(people) + 1 > MOST_MEMBERS:
        raise QuotaExceeded(f"A group has at most {MOST_MEMBERS} people.", ["userIds"])
    welcome = await welcomes(viewer_id, people)
    if len(welcome) < len(people):
        raise Forbidden(ADDED, ["userIds"])
    since = await fetch_value("SELECT last_sequence FROM chats WHERE id = $1", chat["id"])
    rows = await fetch("SELECT user_id FROM chat_members WHERE chat_id = $1", chat["id"])
    were = {row["user_id"] for row in rows}  # whoever left, declined or was removed is asked
    for number in people:
        known = welcome[number] and number not in were
        await _enter(chat["id"], number, "JOINED" if known else "ASKED", since)


async def _go(chat: Record, user_id: int) -> None:
    rows = await fetch(
        f"""UPDATE chat_members SET state = 'LEFT', is_listed = false, is_admin = false
        WHERE chat_id = $1 AND user_id = $2 AND state IN {PRESENT} RETURNING id""",
        chat["id"],
        user_id,
    )
    if not rows:
        raise NotFound("They do not take part in this group.", ["userId"])
    await tell(Kind.CHAT_LEFT, chat["id"], user_id, user_id, [user_id])


async def _group(viewer_id: int, chat_id: int) -> Record:
    chat = await hold(viewer_id, chat_id)
    if chat["low_id"] is not None:
        raise BadInput("This is no group.", ["chatId"])
    return chat


async def _led(viewer_id: int, chat_id: int) -> Record:
    chat = await _group(viewer_id, chat_id)
    if not chat["is_admin"]:
        raise Forbidden("Only who leads a group may do this.", ["chatId"])
    await check_pace(viewer_id)
    return chat
