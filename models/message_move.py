"""Writing messages: sent, edited, reacted to, deleted for all or for oneself. Each is an event without content.

A chat's log is numbered without a gap: its writer holds the chat (`chat_member.hold`) until the transaction is over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex
from asyncpg import Record

from errors import BadInput, Conflict, Forbidden, NotFound, QuotaExceeded, RateLimited
from models import chat_rule, facet, image, phrasing
from models.chat import MOST_UNANSWERED
from models.chat_member import hold, tell
from models.chat_rule import SEEN
from models.database import fetch, fetch_one, fetch_value
from models.direct_message import MessageKind, place
from models.event import Kind
from models.post import seen
from models.publishing import stored_facets

LONGEST_GRAPHEMES = 2_000
LONGEST_BYTES = 12_000
MOST_IMAGES = 4
MOST_A_MINUTE = 60
EDIT_HOURS = 24
LONGEST_EMOJI_BYTES = 64
_EMOJI = regex.compile(
    r"(?:\p{Emoji_Presentation}|\p{Emoji}\ufe0f|\p{Regional_Indicator}{2}|[0-9#*]\ufe0f?\u20e3)"
    r"[\p{Emoji_Modifier}\p{Emoji}\u200d\ufe0f\U000e0020-\U000e007f]*"
)


@dataclass(frozen=True, slots=True)
class Letter:
    """What somebody wants to say."""

    text: str = ""
    image_ids: Sequence[int] = ()
    post_id: int | None = None
    shared_image_id: int | None = None


def checked_text(text: str) -> str:
    """The text as it is stored. Raises BadInput when it is too long."""
    kept = facet.kept(text, LONGEST_GRAPHEMES, LONGEST_BYTES)
    if kept is None:
        raise BadInput(f"A message has at most {LONGEST_GRAPHEMES:,} characters.", ["text"])
    return kept


def checked_emoji(text: str) -> str:
    """One emoji. Raises BadInput for anything else."""
    short = len(text.encode(errors="replace")) <= LONGEST_EMOJI_BYTES
    if not short or len(regex.findall(r"\X", text)) != 1 or not _EMOJI.fullmatch(text):
        raise BadInput("A reaction is one emoji.", ["emoji"])
    return text


async def send(sender_id: int, chat_id: int, letter: Letter) -> int:
    """Say something in a chat; gives the message's id. Whoever was asked into the chat takes part from then on.

    The caller holds the transaction. Raises BadInput (too long, empty, too many pictures), NotFound (chat, picture or post that
    the sender does not see), Forbidden (blocked, or gone), QuotaExceeded (not accepted yet), RateLimited.
    """
    text = checked_text(letter.text)
    if not (text or letter.image_ids or letter.post_id or letter.shared_image_id):
        raise BadInput("A message has text, a picture or a post.", ["text"])
    row = await hold(sender_id, chat_id)
    await _check_writable(sender_id, row)
    await check_pace(sender_id)
    pictures = await _own_pictures(sender_id, letter.image_ids)
    if letter.post_id is not None:
        await seen(sender_id, letter.post_id, "sharedPostId")
    if letter.shared_image_id is not None and await image.place_of(sender_id, letter.shared_image_id) is None:
        raise NotFound("There is no such picture.", ["sharedImageId"])
    facets = stored_facets(await phrasing.found(sender_id, text))
    message_id = await _write(
        row, sender_id, MessageKind.TEXT, None, text, facets, letter.post_id, letter.shared_image_id
    )
    for position, (number, alt_text) in enumerate(pictures):
        await fetch(
            "INSERT INTO direct_message_images (message_id, position, image_id, alt_text) VALUES ($1, $2, $3, $4)",
            message_id,
            position,
            number,
            alt_text,
        )
    await tell(Kind.MESSAGE_SENT, chat_id, sender_id, message_id)
    return message_id


async def note(chat: Record, actor_id: int, kind: MessageKind, subject_id: int | None = None, text: str = "") -> int:
    """Write down in its log what was done with a group, and tell whoever is in it. The caller holds the chat."""
    message_id = await _write(chat, actor_id, kind, subject_id, text, [], None, None)
    await tell(Kind.MESSAGE_SENT, chat["id"], actor_id, message_id)
    return message_id


async def _write(
    chat: Record,
    sender_id: int,
    kind: MessageKind,
    subject_id: int | None,
    text: str,
    facets: list[dict[str, object]],
    post_id: int | None,
    shared_image_id: int | None,
) -> int:
    sequence = await fetch_value(
        "UPDATE chats SET last_sequence = last_sequence + 1 WHERE id = $1 RETURNING last_sequence", chat["id"]
    )
    row = await fetch_one(
        """INSERT INTO direct_messages (chat_id, sequence, sender_id, kind, subject_id, text, facets, post_id, shared_image_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9) RETURNING id""",
        chat["id"],
        sequence,
        sender_id,
        kind.value,
        subject_id,
        text,
        facets,
        post_id,
        shared_image_id,
    )
    if row is None:
        raise RuntimeError("A message was not stored.")
    said = kind is MessageKind.TEXT
    await fetch(
        f"""UPDATE chat_members m SET moved = CASE WHEN $4 THEN $5 ELSE moved END, is_listed = is_listed OR $4,
            state = CASE WHEN $4 AND user_id = $2 THEN 'JOINED' ELSE state END,
            heard_sequence = CASE WHEN $4 AND user_id <> $2 THEN $3 ELSE heard_sequence END,
            read_sequence = CASE WHEN user_id = $2 THEN $3 ELSE read_sequence END
        WHERE chat_id = $1 AND state IN {chat_rule.PRESENT} AND {chat_rule.heard("$2::bigint")}""",
        chat["id"],
        sender_id,
        sequence,
        said,
        row["id"],
    )
    return int(row["id"])


async def _check_writable(sender_id: int, chat: Record) -> None:
    """Raises Forbidden where two people are apart, QuotaExceeded where the other has not accepted and was written to enough."""
    if chat["low_id"] is None:
        return
    other_id = chat["high_id"] if chat["low_id"] == sender_id else chat["low_id"]
    row = await fetch_one(
        f"""SELECT o.state, {chat_rule.gone("o.user_id")} OR {chat_rule.blocked("o.user_id", "$3::bigint")} AS apart
        FROM chat_members o WHERE o.chat_id = $1 AND o.user_id = $2""",
        chat["id"],
        other_id,
        sender_id,
    )
    if row is None or row["apart"]:
        raise Forbidden("You cannot write to this person.", ["chatId"])
    if row["state"] != "JOINED":
        written = await fetch_value(
            "SELECT count(*) FROM direct_messages WHERE chat_id = $1 AND sender_id = $2", chat["id"], sender_id
        )
        if written >= MOST_UNANSWERED:
            raise QuotaExceeded("Wait until they have accepted your messages.", ["chatId"])


async def check_pace(sender_id: int) -> None:
    """Raises RateLimited where somebody wrote too much within a minute, notices of what they did with groups included."""
    seconds = await fetch_value(
        f"""SELECT ceil(extract(epoch FROM min(created_at) + interval '1 minute' - now()))::int FROM (
            SELECT created_at FROM direct_messages WHERE sender_id = $1 AND created_at > now() - interval '1 minute'
            ORDER BY created_at DESC LIMIT {MOST_A_MINUTE}) AS last HAVING count(*) >= {MOST_A_MINUTE}""",
        sender_id,
    )
    if seconds is not None:
        raise RateLimited(f"At most {MOST_A_MINUTE} messages a minute.", retry_after=max(1, seconds))


async def _own_pictures(owner_id: int, image_ids: Sequence[int]) -> list[tuple[int, str]]:
    if len(image_ids) > MOST_IMAGES:
        raise BadInput(f"A message has at most {MOST_IMAGES} pictures.", ["imageIds"])
    if len(set(image_ids)) < len(image_ids):
        raise BadInput("A picture stands in a message once.", ["imageIds"])
    rows = await fetch(
        "SELECT id, alt_text FROM images WHERE owner_id = $1 AND id = ANY($2::bigint[]) AND deleted_at IS NULL FOR SHARE",
        owner_id,
        list(image_ids),
    )
    known = {row["id"]: row["alt_text"] for row in rows}
    if len(known) < len(image_ids):
        raise NotFound("There is no such picture among yours.", ["imageIds"])
    return [(number, known[number]) for number in image_ids]


async def _held(viewer_id: int, message_id: int) -> tuple[Record, Record]:
    """A message the viewer sees and its chat, both held. Raises NotFound otherwise, and for notices and what was deleted."""
    chat_id = await place(viewer_id, message_id)
    if chat_id is None:
        raise NotFound("There is no such message.", ["messageId"])
    chat = await hold(viewer_id, chat_id)
    row = await fetch_one(
        f"""SELECT d.* FROM direct_messages d JOIN chat_members m ON m.chat_id = d.chat_id
        WHERE d.id = $2 AND d.kind = 'TEXT' AND d.deleted_at IS NULL AND {SEEN} FOR UPDATE OF d""",
        viewer_id,
        message_id,
    )
    if row is None:
        raise NotFound("There is no such message.", ["messageId"])
    return chat, row


async def _own(viewer_id: int, message_id: int) -> tuple[Record, Record]:
    chat, row = await _held(viewer_id, message_id)
    if row["sender_id"] != viewer_id:
        raise Forbidden("Only who wrote a message may do this.", ["messageId"])
    return chat, row


async def _apart(viewer_id: int, chat: Record) -> bool:
    return chat["low_id"] is not None and bool(
        await fetch(f"SELECT 1 WHERE {chat_rule.blocked('$1::bigint', '$2::bigint')}", chat["low_id"], chat["high_id"])
    )


async def edit(viewer_id: int, message_id: int, text: str) -> None:
    """Say it otherwise; what changes nothing is no edit. Raises Forbidden for another's or where one is blocked, Conflict when
    it is too old."""
    kept = checked_text(text)
    chat, row = await _own(viewer_id, message_id)
    if await _apart(viewer_id, chat):
        raise Forbidden("You cannot write to this person.", ["messageId"])
    if kept == row["text"]:
        return
    has_more = row["post_id"] or row["shared_image_id"]
    if not (kept or has_more or await fetch("SELECT 1 FROM direct_message_images WHERE message_id = $1", message_id)):
        raise BadInput("A message has text, a picture or a post.", ["text"])
    done = await fetch(
        """UPDATE direct_messages SET text = $2, facets = $3::jsonb, edited_at = now(), version = version + 1
        WHERE id = $1 AND created_at > now() - make_interval(hours => $4) RETURNING id""",
        message_id,
        kept,
        stored_facets(await phrasing.found(viewer_id, kept)),
        EDIT_HOURS,
    )
    if not done:
        raise Conflict(f"A message can be changed for {EDIT_HOURS} hours.", ["messageId"])
    await tell(Kind.MESSAGE_CHANGED, chat["id"], viewer_id, message_id)


async def delete(viewer_id: int, message_id: int) -> None:
    """Take a message of one's own away from everybody; its place stays, without anything in it."""
    chat, _ = await _own(viewer_id, message_id)
    await fetch(
        """UPDATE direct_messages SET text = '', facets = '[]', post_id = NULL, shared_image_id = NULL, deleted_at = now(),
            version = version + 1 WHERE id = $1""",
        message_id,
    )
    for table in ("direct_message_images", "direct_message_reactions"):
        await fetch(f"DELETE FROM {table} WHERE message_id = $1", message_id)
    await tell(Kind.MESSAGE_CHANGED, chat["id"], viewer_id, message_id)


async def hide(viewer_id: int, message_id: int) -> None:
    """Take a message away from oneself alone; twice is the same as once."""
    chat_id = await place(viewer_id, message_id)
    if chat_id is None:
        if await fetch(
            "SELECT 1 FROM direct_message_hides WHERE user_id = $1 AND message_id = $2", viewer_id, message_id
        ):
            return
        raise NotFound("There is no such message.", ["messageId"])
    await fetch(
        "INSERT INTO direct_message_hides (user_id, message_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        viewer_id,
        message_id,
    )
    await tell(Kind.MESSAGE_HIDDEN, chat_id, viewer_id, message_id, [viewer_id])


async def react(viewer_id: int, message_id: int, emoji: str | None) -> None:
    """Put one's one emoji on a message in place of the last, or take it back. Raises Forbidden where two people are apart,
    and to who has not accepted the chat."""
    wanted = None if emoji is None else checked_emoji(emoji)
    chat, _ = await _held(viewer_id, message_id)
    if chat["state"] != "JOINED":
        raise Forbidden("Accept to be in this chat first.", ["messageId"])
    if await _apart(viewer_id, chat):
        raise Forbidden("You cannot write to this person.", ["messageId"])
    if wanted is None:
        changed = await fetch(
            "DELETE FROM direct_message_reactions WHERE message_id = $1 AND user_id = $2 RETURNING emoji",
            message_id,
            viewer_id,
        )
    else:
        changed = await fetch(
            """INSERT INTO direct_message_reactions (message_id, user_id, emoji) VALUES ($1, $2, $3)
            ON CONFLICT (message_id, user_id) DO UPDATE SET emoji = excluded.emoji, reacted_at = excluded.reacted_at
            WHERE direct_message_reactions.emoji <> excluded.emoji RETURNING emoji""",
            message_id,
            viewer_id,
            wanted,
        )
    if changed:
        await fetch("UPDATE direct_messages SET version = version + 1 WHERE id = $1", message_id)
        await tell(Kind.MESSAGE_CHANGED, chat["id"], viewer_id, message_id)
