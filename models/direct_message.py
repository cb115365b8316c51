"""Messages of chats as one member sees them, and finding them again. Rows are made in two statements, whatever their number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

import regex
from asyncpg import Record

from errors import BadInput
from models import card, chat_rule, node_id
from models.card import FacetRow, ImageRow, UserRow, facet_row
from models.chat_rule import MEMBER, SEEN
from models.database import fetch, fetch_value
from models.disclosure import STORED
from models.timeline import Window

LONGEST_QUERY = 200
MOST_WORDS = 20
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}\p{So}_]+")


class MessageKind(Enum):
    """What stands in a chat's log: what somebody said, or a notice of what was done with the group."""

    TEXT = "TEXT"
    CREATED = "CREATED"
    RENAMED = "RENAMED"
    ADDED = "ADDED"
    LEFT = "LEFT"
    REMOVED = "REMOVED"
    PROMOTED = "PROMOTED"
    DEMOTED = "DEMOTED"


@dataclass(slots=True)
class ReactionRow:
    """One emoji on a message, and who put it there."""

    emoji: str
    user_ids: list[int]
    viewer_has_reacted: bool

    @property
    def count(self) -> int:
        """How many people put it there."""
        return len(self.user_ids)


@dataclass(slots=True)
class MessageRow:
    """A message as one viewer sees it. Of one that was deleted nothing is left but its place."""

    id: int
    chat_id: int
    sequence: int
    kind: MessageKind
    sender: UserRow | None
    subject: UserRow | None
    text: str
    created_at: datetime
    edited_at: datetime | None
    is_deleted: bool
    version: int
    post_id: int | None
    shared_image_id: int | None
    facets: list[FacetRow] = field(default_factory=list)
    images: list[ImageRow] = field(default_factory=list)
    reactions: list[ReactionRow] = field(default_factory=list)

    @property
    def gid(self) -> str:
        """The global id."""
        return node_id.encode("message", self.id)


@dataclass(frozen=True, slots=True)
class MessagePlace:
    """A place in a list of messages: its key and which it is."""

    key: int
    message_id: int


_MESSAGES = f"""SELECT d.*, pictures.list AS images, reactions.list AS reactions
FROM direct_messages d JOIN chat_members m ON m.chat_id = d.chat_id
LEFT JOIN LATERAL (
    SELECT json_agg(json_build_array(i.id::text, i.prefix, i.mime_type, i.width, i.height, i.blurhash, di.alt_text, i.generated,
        i.sensitive, i.remix_post_id IS NOT NULL, i.ai_disclosure) ORDER BY di.position) AS list
    FROM direct_message_images di JOIN images i ON i.id = di.image_id AND i.deleted_at IS NULL WHERE di.message_id = d.id
) AS pictures ON true
LEFT JOIN LATERAL (
    SELECT json_agg(json_build_array(r.emoji, r.user_id::text) ORDER BY r.reacted_at, r.user_id) AS list
    FROM direct_message_reactions r JOIN chat_members o ON o.chat_id = d.chat_id AND o.user_id = r.user_id
    WHERE r.message_id = d.id AND o.state IN {chat_rule.PRESENT} AND {chat_rule.heard("r.user_id")}
) AS reactions ON true
WHERE d.id = ANY($2::bigint[]) AND {SEEN}"""


async def messages(viewer_id: int, message_ids: Sequence[int]) -> dict[int, MessageRow]:
    """Messages by id, those that this viewer may see."""
    if not message_ids or not viewer_id:
        return {}
    rows = await fetch(_MESSAGES, viewer_id, list(message_ids))
    people = {number for row in rows for number in _named(row)}
    known = await card.users(viewer_id, people)
    return {row["id"]: _row(row, known, viewer_id) for row in rows}


def _named(row: Record) -> list[int]:
    named = [facet["user_id"] for facet in row["facets"] if facet["user_id"] is not None]
    return [*named, row["sender_id"], *([] if row["subject_id"] is None else [row["subject_id"]])]


def _row(row: Record, known: dict[int, UserRow], viewer_id: int) -> MessageRow:
    deleted = row["deleted_at"] is not None
    return MessageRow(
        row["id"],
        row["chat_id"],
        row["sequence"],
        MessageKind(row["kind"]),
        known.get(row["sender_id"]),
        known.get(row["subject_id"]),
        row["text"],
        row["created_at"],
        row["edited_at"],
        deleted,
        row["version"],
        row["post_id"],
        row["shared_image_id"],
        [facet_row(item, known) for item in row["facets"]],
        [_picture(item, viewer_id) for item in row["images"] or ()],
        _reactions(row["reactions"] or (), viewer_id),
    )


def _picture(item: Sequence[object], viewer_id: int) -> ImageRow:
    """A picture of a message: never open to all here, so that its address has a grant for this viewer."""
    number, prefix, mime, width, height, blurhash, alt_text, generated, sensitive, remixed, disclosed = item
    return ImageRow(
        int(str(number)),
        str(prefix),
        str(mime),
        int(str(width)),
        int(str(height)),
        str(blurhash),
        str(alt_text),
        bool(generated),
        False,
        viewer_id,
        bool(sensitive),
        bool(remixed),
        None if disclosed is None else STORED.get(str(disclosed)),
    )


def _reactions(pairs: Sequence[tuple[str, str]], viewer_id: int) -> list[ReactionRow]:
    found: dict[str, ReactionRow] = {}
    for emoji, person in pairs:
        row = found.setdefault(emoji, ReactionRow(emoji, [], False))
        row.user_ids.append(int(person))
        row.viewer_has_reacted = row.viewer_has_reacted or int(person) == viewer_id
    return list(found.values())


async def places(viewer_id: int, chat_id: int, window: Window) -> list[MessagePlace]:
    """The messages of a chat that the viewer may see, in the order of its log."""
    rows = await fetch(
        f"""SELECT d.id, d.sequence FROM chat_members m JOIN direct_messages d ON d.chat_id = m.chat_id
        WHERE m.chat_id = $5 AND d.sequence < $2::bigint AND d.sequence > $3::bigint AND {SEEN}
        ORDER BY d.sequence {window.direction} LIMIT $4""",
        viewer_id,
        window.older_than,
        window.newer_than,
        window.limit,
        chat_id,
    )
    return sorted((MessagePlace(row["sequence"], row["id"]) for row in rows), key=lambda place: place.key)


async def place(viewer_id: int, message_id: int) -> int | None:
    """The chat of a message that the viewer may see."""
    found: int | None = await fetch_value(
        f"SELECT d.chat_id FROM direct_messages d JOIN chat_members m ON m.chat_id = d.chat_id WHERE d.id = $2 AND {SEEN}",
        viewer_id,
        message_id,
    )
    return found


async def search(viewer_id: int, said: str, chat_id: int | None, window: Window) -> list[MessagePlace]:
    """The viewer's messages that have all these words, the last as a beginning too, newest first; none for no word at all.

    Raises BadInput for more than `LONGEST_QUERY` characters.
    """
    if len(said) > LONGEST_QUERY:
        raise BadInput(f"What is searched for has at most {LONGEST_QUERY} characters.", ["words"])
    folded = await fetch_value("SELECT fresque_folded($1)", said.replace("\0", " "))
    words = _WORD.findall(folded or "")[:MOST_WORDS]
    if not words:
        return []
    query = " & ".join([*(f"'{word}'" for word in words[:-1]), f"'{words[-1]}':*"])
    rows = await fetch(
        f"""SELECT found.id FROM chat_members m CROSS JOIN LATERAL (
            SELECT d.id FROM direct_messages d WHERE d.chat_id = m.chat_id AND d.words @@ to_tsquery('simple', $5)
            AND d.id < $2 AND d.id > $3 AND {SEEN} ORDER BY d.id {window.direction} LIMIT $4
        ) AS found WHERE {MEMBER} AND ($6::bigint IS NULL OR m.chat_id = $6) ORDER BY found.id {window.direction} LIMIT $4""",
        viewer_id,
        window.older_than,
        window.newer_than,
        window.limit,
        query,
        chat_id,
    )
    return sorted((MessagePlace(row["id"], row["id"]) for row in rows), key=lambda one: -one.key)
