"""What actions do to posts and messages, and how it is undone.

A post that is taken down stays its author's alone: its audience becomes nobody, by the rules that every read and every live feed
ask anyway, and `moderated` keeps its author from changing that. What it was is given back as `undo`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asyncpg import Record

from errors import BadInput, Conflict, NotFound
from models import audience
from models.chat_member import tell as tell_chat
from models.database import fetch, fetch_one
from models.event import Kind
from models.held_down import DOWN, Moderated
from models.publishing import WIDTH
from models.transaction import transaction
from models.visibility import Visibility

Undo = dict[str, Any]


async def _held(post_id: int) -> Record:
    row = await fetch_one("SELECT * FROM posts WHERE id = $1 AND deleted_at IS NULL FOR UPDATE", post_id)
    if row is None:
        raise Conflict("This post was deleted.", ["caseId"])
    return row


async def limit_post(post_id: int) -> Undo:
    """Take a post out of everybody's lists; who has its address or follows its author still sees it. Raises Conflict."""
    row = await _held(post_id)
    if row["moderated"] is not None:
        raise Conflict("This post is held down already.", ["kind"])
    if row["visibility"] == Visibility.PUBLIC.value:
        await audience.change(row["author_id"], post_id, Visibility.UNLISTED)
    await fetch("UPDATE posts SET moderated = 'LIMITED' WHERE id = $1", post_id)
    return {"visibility": row["visibility"], "mentioned": None, "moderated": None}


async def close_post(post_id: int, how: Moderated) -> Undo:
    """Take a post away from everybody but its author. Raises Conflict where that is done."""
    row = await _held(post_id)
    if row["moderated"] in DOWN:
        raise Conflict("This post is taken down already.", ["kind"])
    await fetch("UPDATE posts SET moderated = NULL WHERE id = $1", post_id)
    if not await audience.change(row["author_id"], post_id, Visibility.MENTIONED):
        await audience.tell(row, _topics(row))
    await fetch("UPDATE posts SET moderated = $2, mentioned_ids = '{}' WHERE id = $1", post_id, how.value)
    mentioned = [str(number) for number in row["mentioned_ids"]]
    return {"visibility": row["visibility"], "mentioned": mentioned, "moderated": row["moderated"]}


async def reopen_post(post_id: int, undo: Mapping[str, Any]) -> None:
    """Give a post back to whom it was for, as far as what it answers lets it; one that its author deleted stays so."""
    row = await fetch_one("SELECT * FROM posts WHERE id = $1 AND deleted_at IS NULL FOR UPDATE", post_id)
    if row is None:
        return
    named = row["mentioned_ids"] if undo["mentioned"] is None else [int(one) for one in undo["mentioned"]]
    was = Visibility(undo["visibility"])
    await fetch("UPDATE posts SET moderated = NULL, mentioned_ids = $2::bigint[] WHERE id = $1", post_id, named)
    if Visibility(row["visibility"]) is was:
        await audience.tell(row, _topics(row))
    for wanted in reversed(WIDTH[: WIDTH.index(was) + 1]):
        try:
            async with transaction():
                await audience.change(row["author_id"], post_id, wanted)
            break
        except BadInput:
            continue
    if undo["moderated"] is not None:
        await fetch("UPDATE posts SET moderated = $2 WHERE id = $1", post_id, undo["moderated"])


def _topics(row: Record) -> list[str]:
    author_id, post_id = row["author_id"], row["id"]
    return ["posts", f"author:{author_id}", f"post:{post_id}", f"conversation:{row['conversation_id']}"]


async def remove_message(message_id: int) -> Undo:
    """Take a message away from everybody in its chat; its place stays. Raises Conflict where it is gone."""
    row = await fetch_one(
        "SELECT * FROM direct_messages WHERE id = $1 AND deleted_at IS NULL AND kind = 'TEXT' FOR UPDATE", message_id
    )
    if row is None:
        raise Conflict("This message was deleted.", ["caseId"])
    pictures = await fetch("DELETE FROM direct_message_images WHERE message_id = $1 RETURNING *", message_id)
    await fetch(
        """UPDATE direct_messages SET text = '', facets = '[]', post_id = NULL, shared_image_id = NULL, deleted_at = now(),
            version = version + 1 WHERE id = $1""",
        message_id,
    )
    await tell_chat(Kind.MESSAGE_CHANGED, row["chat_id"], row["sender_id"], message_id)
    return {
        "text": row["text"],
        "facets": row["facets"],
        "post": None if row["post_id"] is None else str(row["post_id"]),
        "image": None if row["shared_image_id"] is None else str(row["shared_image_id"]),
        "images": [[str(one["image_id"]), one["position"], one["alt_text"]] for one in pictures],
    }


async def restore_message(message_id: int, undo: Mapping[str, Any]) -> None:
    """Bring a message back as it was."""
    row = await fetch_one(
        """UPDATE direct_messages SET text = $2, facets = $3::jsonb, post_id = $4, shared_image_id = $5, deleted_at = NULL,
            version = version + 1 WHERE id = $1 RETURNING chat_id, sender_id""",
        message_id,
        undo["text"],
        undo["facets"],
        None if undo["post"] is None else int(undo["post"]),
        None if undo["image"] is None else int(undo["image"]),
    )
    if row is None:
        raise NotFound("This message is gone.", ["actionId"])
    for image_id, position, alt_text in undo["images"]:
        await fetch(
            "INSERT INTO direct_message_images (message_id, image_id, position, alt_text) VALUES ($1, $2, $3, $4)",
            message_id,
            int(image_id),
            position,
            alt_text,
        )
    await tell_chat(Kind.MESSAGE_CHANGED, row["chat_id"], row["sender_id"], message_id)
