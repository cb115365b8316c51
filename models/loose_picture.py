"""Loose pictures: folders of the bucket that may be named by no row, and are looked at again when their time has come.

A picture that waits for a person's look names its folder like an image. Whoever writes a picture holds its folder first, so
what was written and never got a row is found as well. A folder that is being removed cannot be held: the writer tries again,
and writes anew. So a folder goes only when no image names it and nobody who holds it may still make one that does.
"""

from __future__ import annotations

from collections.abc import Sequence

from errors import Conflict, NotFound
from models.database import fetch, fetch_one, fetch_value
from models.transaction import transaction

GRACE_HOURS = 24  # from the last use of a picture until its objects go; far longer than writing one takes
ADVISORY_LOCK = 4_603_231


async def hold(prefix: str) -> bool:
    """Keep a folder from being removed while a picture is written to it and gets its row. False while it is being removed."""
    return bool(
        await fetch(
            """INSERT INTO loose_pictures AS known (prefix, look_at) VALUES ($1, now() + make_interval(hours => $2))
            ON CONFLICT (prefix) DO UPDATE SET look_at = excluded.look_at WHERE NOT known.removing RETURNING prefix""",
            prefix,
            GRACE_HOURS,
        )
    )


async def let_go(prefix: str) -> None:
    """Have a folder looked at now, instead of when its grace is over. The caller holds the transaction that takes a name away.

    Who holds it just now to make a row of the same picture is told so by `confirm`, and writes it anew.
    """
    await fetch(
        """INSERT INTO loose_pictures (prefix, look_at) VALUES ($1, now())
        ON CONFLICT (prefix) DO UPDATE SET look_at = excluded.look_at""",
        prefix,
    )


async def confirm(prefix: str) -> bool:
    """Whether what was written to a folder under `hold` still lies there: it is held, or another image names it. The caller holds
    the transaction in which a row names it, too."""
    return bool(
        await fetch("SELECT 1 FROM loose_pictures WHERE prefix = $1 AND NOT removing FOR UPDATE", prefix)
        or await fetch("SELECT 1 FROM images WHERE prefix = $1 AND deleted_at IS NULL LIMIT 1", prefix)
    )


async def delete_image(owner_id: int, image_id: int) -> None:
    """Delete a picture of one's own; its objects go after a while. The caller holds the transaction.

    Raises NotFound when it is no picture of theirs, Conflict while a post, a message or their profile shows it, or a draft has it. In older versions of
    edited posts, and in jobs that made or used it, a hole stays.
    """
    row = await fetch_one(
        "SELECT prefix FROM images WHERE id = $1 AND owner_id = $2 AND deleted_at IS NULL FOR UPDATE",
        image_id,
        owner_id,
    )
    if row is None:
        raise NotFound("There is no such picture of yours.", ["imageId"])
    if await fetch("SELECT 1 FROM post_images WHERE image_id = $1 LIMIT 1", image_id):
        raise Conflict(
            "A post of yours shows this picture. Take it out of the post first, or delete the post.", ["imageId"]
        )
    if await fetch("SELECT 1 FROM direct_message_images WHERE image_id = $1 LIMIT 1", image_id):
        raise Conflict("A message of yours shows this picture. Delete the message first.", ["imageId"])
    if await fetch("SELECT 1 FROM users WHERE avatar_id = $1 OR banner_id = $1 LIMIT 1", image_id):
        raise Conflict("Your profile shows this picture. Choose another one there first.", ["imageId"])
    if await fetch("SELECT 1 FROM draft_images WHERE image_id = $1 LIMIT 1", image_id):
        raise Conflict(
            "A draft of yours has this picture. Take it out of the draft first, or delete the draft.", ["imageId"]
        )
    await fetch("UPDATE images SET deleted_at = now(), alt_text = '' WHERE id = $1", image_id)
    await fetch("UPDATE post_version_images SET alt_text = '' WHERE image_id = $1", image_id)
    await hold(row["prefix"])


async def take_due(limit: int) -> Sequence[str]:
    """The folders, at most `limit`, that are to be removed now: nothing names them, and from here on nobody can hold them.

    Those that are named are forgotten: whoever takes the last name away notes them again. What was taken and not removed, since
    somebody died, is taken again.
    """
    async with transaction():
        rows = await fetch(
            "SELECT prefix FROM loose_pictures WHERE look_at < now() ORDER BY look_at LIMIT $1 FOR UPDATE SKIP LOCKED",
            limit,
        )
        due = [row["prefix"] for row in rows]
        await fetch(
            """DELETE FROM loose_pictures l WHERE l.prefix = ANY($1::text[])
            AND (EXISTS (SELECT 1 FROM images i WHERE i.prefix = l.prefix AND (i.deleted_at IS NULL OR i.taken_at IS NOT NULL))
                OR EXISTS (SELECT 1 FROM reviews r WHERE r.picture ->> 'prefix' = l.prefix AND r.decision IS NULL))""",
            due,
        )
        gone = await fetch(
            "UPDATE loose_pictures SET removing = true WHERE prefix = ANY($1::text[]) RETURNING prefix", due
        )
    return [row["prefix"] for row in gone]


async def forget(prefix: str) -> None:
    """A folder is removed: whoever writes the same picture begins anew."""
    await fetch("DELETE FROM loose_pictures WHERE prefix = $1 AND removing", prefix)


async def alone() -> bool:
    """Be the only one that removes, until `not_alone`, on the connection that the caller has `held`; False where another is."""
    return bool(await fetch_value("SELECT pg_try_advisory_lock($1)", ADVISORY_LOCK))


async def not_alone() -> None:
    """Others may remove."""
    await fetch("SELECT pg_advisory_unlock($1)", ADVISORY_LOCK)
