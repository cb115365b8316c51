"""Pictures that are taken down, with all that was made of them: nobody sees one any more, its owner included, but the desk.

A taken picture counts as deleted wherever pictures are asked for (`images.deleted_at`); its bytes are kept, so that it can be
given back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asyncpg import Record

from models import ban, counter, remix, takedown
from models.database import fetch, fetch_one, fetch_value
from models.event import Kind, record
from models.held_down import DOWN, Moderated
from models.likeness import BITS
from models.takedown import Undo

# What was remixed from it, what its owners made of it themselves, and the same bytes kept by somebody else.
_BELOW = """SELECT id FROM (
    (SELECT i.id FROM images i WHERE i.remix_image_id = $1 AND i.id > $2 ORDER BY i.id LIMIT $3)
    UNION (SELECT i.id FROM images t JOIN images i ON i.prefix = t.prefix AND i.deleted_at IS NULL
        WHERE t.id = $1 AND i.id <> $1 AND i.id > $2 ORDER BY i.id LIMIT $3)
    UNION (SELECT o.image_id FROM generation_inputs g JOIN generation_outputs o ON o.job_id = g.job_id
        WHERE g.image_id = $1 AND g.role = 'IMAGE' AND o.image_id > $2 ORDER BY o.image_id LIMIT $3)
) AS found ORDER BY id LIMIT $3"""


async def below(image_id: int, after: int, most: int) -> list[int]:
    """What hangs right below a picture in the tree of what was made of it, in the order of their numbers, after this one."""
    return [row["id"] for row in await fetch(_BELOW, image_id, after, most)]


async def standing_owner(image_id: int) -> int | None:
    """Whose picture this is, held for the rest of the transaction; None where it is taken down, or there is none."""
    row = await fetch_one("SELECT owner_id FROM images WHERE id = $1 AND taken_at IS NULL FOR UPDATE", image_id)
    return None if row is None else int(row["owner_id"])


async def source_taken(job: Record) -> bool:
    """Whether what a job makes its pictures of was taken down. The caller makes a picture of it in this transaction: nobody takes
    one down meanwhile, and who does afterwards finds what was made."""
    rows = await fetch(
        """SELECT taken_at FROM images WHERE id = $2
            OR id IN (SELECT image_id FROM generation_inputs WHERE job_id = $1 AND role = 'IMAGE') ORDER BY id FOR KEY SHARE""",
        job["id"],
        job["remix_image_id"],
    )
    return any(row["taken_at"] is not None for row in rows)


async def take(image_id: int) -> Undo:
    """Take one picture out of everything that shows it. The caller holds the transaction."""
    row = await fetch_one("SELECT owner_id, deleted_at FROM images WHERE id = $1 FOR UPDATE", image_id)
    if row is None:
        return {}
    await fetch(
        "UPDATE images SET taken_at = now(), deleted_at = coalesce(deleted_at, now()) WHERE id = $1 AND taken_at IS NULL",
        image_id,
    )
    shown = await fetch("DELETE FROM post_images WHERE image_id = $1 RETURNING post_id, position, alt_text", image_id)
    closed: dict[str, Undo] = {}
    for post_id in sorted({one["post_id"] for one in shown}):
        undo = await _look_again(post_id)
        if undo is not None:
            closed[str(post_id)] = undo
    profiles = await _off_profiles(image_id)
    await fetch("DELETE FROM draft_images WHERE image_id = $1", image_id)
    await fetch("UPDATE link_cards SET image_id = NULL WHERE image_id = $1", image_id)
    return {
        "deleted": row["deleted_at"] is not None,
        "posts": [[str(one["post_id"]), one["position"], one["alt_text"]] for one in shown],
        "closed": closed,
        "profiles": profiles,
    }


async def give_back(image_id: int, undo: Mapping[str, Any]) -> None:
    """Put a picture back where it was, as far as its place is free."""
    await fetch(
        "UPDATE images SET taken_at = NULL, deleted_at = CASE WHEN $2 THEN deleted_at END WHERE id = $1",
        image_id,
        undo.get("deleted", False),
    )
    for post_id, position, alt_text in undo.get("posts", ()):
        await fetch(
            """INSERT INTO post_images (post_id, image_id, position, alt_text) SELECT p.id, $2, $3, $4 FROM posts p
            WHERE p.id = $1 AND p.deleted_at IS NULL ON CONFLICT DO NOTHING""",
            int(post_id),
            image_id,
            position,
            alt_text,
        )
        if str(post_id) in undo["closed"]:
            await takedown.reopen_post(int(post_id), undo["closed"][str(post_id)])
        await _changed(int(post_id))
    for user_id, column in undo.get("profiles", ()):
        if column in ("avatar_id", "banner_id"):
            await fetch(f"UPDATE users SET {column} = $2 WHERE id = $1 AND {column} IS NULL", int(user_id), image_id)
            await record(Kind.USER_CHANGED, [f"user:{user_id}"], actor_id=int(user_id), user_id=int(user_id))


async def ban_it(image_id: int, category: str) -> bool:
    """Let nobody bring this picture, or one that looks like it, again; False where it has no likeness to know it by."""
    bits = await fetch_value("SELECT hash::text FROM image_likenesses WHERE image_id = $1 LIMIT 1", image_id)
    if bits is None:
        return False
    await ban.add(int(bits, 2).to_bytes(BITS // 8), category, "by the desk")
    return True


async def _look_again(post_id: int) -> Undo | None:
    """A post lost a picture. One that says nothing else is taken down with it; what is to be undone of that."""
    row = await fetch_one(
        """SELECT p.*, p.text = '' AND p.quoted_post_id IS NULL AND p.poll_id IS NULL
            AND NOT EXISTS (SELECT 1 FROM post_images pi WHERE pi.post_id = p.id) AS empty
        FROM posts p WHERE p.id = $1 AND p.deleted_at IS NULL FOR UPDATE""",
        post_id,
    )
    if row is None:
        return None
    undo = None
    if row["empty"] and row["moderated"] not in DOWN:
        undo = await takedown.close_post(post_id, Moderated.REMOVED)
    await _changed(post_id)
    return undo


async def _changed(post_id: int) -> None:
    author_id = await fetch_value("SELECT author_id FROM posts WHERE id = $1", post_id)
    await counter.count_post(post_id)
    await remix.settle(post_id, author_id)
    await remix.tell_remixes([post_id], author_id)
    await record(Kind.POST_EDITED, [f"post:{post_id}"], actor_id=author_id, post_id=post_id)


async def _off_profiles(image_id: int) -> list[list[str]]:
    found = []
    for column in ("avatar_id", "banner_id"):
        for row in await fetch(f"UPDATE users SET {column} = NULL WHERE {column} = $1 RETURNING id", image_id):
            found.append([str(row["id"]), column])
            await record(Kind.USER_CHANGED, [f"user:{row['id']}"], actor_id=row["id"], user_id=row["id"])
    return found
