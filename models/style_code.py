"""Style codes: the manner of a picture under a name. Their owner's alone, or for whoever has the code while it is shared.

What an engine is told of a manner stays here: others paint by the code, and once it is taken back they cannot any more.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from asyncpg import Record

from errors import BadInput, Forbidden, NotFound, QuotaExceeded, TakenBack
from models import naming, node_id
from models.database import fetch, fetch_one, fetch_value
from models.drawing import OWN_LINE
from models.timeline import Window

MOST_STYLE_CODES = 100
LONGEST_NAME = 60
CODE_CHARACTERS = 12  # 60 bits: nobody finds one by trying
PREFIX = "fs-"
PATTERN = rf"{PREFIX}[{node_id.ALPHABET}]{{{CODE_CHARACTERS}}}"
_CODE = re.compile(PATTERN)


@dataclass(frozen=True, slots=True)
class StyleCodeRow:
    """A style code as somebody sees it who may use it. `image_id` is the picture it was taken from."""

    id: int
    code: str
    name: str
    image_id: int
    is_shared: bool
    viewer_can_edit: bool
    created_at: datetime

    @property
    def gid(self) -> str:
        """The global id."""
        return node_id.encode("style", self.id)


@dataclass(frozen=True, slots=True)
class Painted:
    """By which style code a job is painted: what the engine is told (None: nothing new), and the code's id."""

    manner: str | None = None
    style_code_id: int | None = None


def usable(viewer: str) -> str:
    """SQL: may this viewer (`$1`) paint by style code `s`?"""
    there = "NOT EXISTS (SELECT 1 FROM users u WHERE u.id = s.owner_id AND u.gone)"
    return f"(s.deleted_at IS NULL AND (s.owner_id = {viewer} OR s.shared AND {there}))"


def lost(viewer: str, style: str) -> str:
    """SQL: is this text a style code that the viewer may not paint by (any more)?"""
    return (
        f"coalesce({style} ~ '^{PATTERN}$' AND NOT EXISTS (SELECT 1 FROM style_codes s WHERE s.code = {style}"
        f" AND {usable(viewer)}), false)"
    )


def _row(row: Record, viewer_id: int) -> StyleCodeRow:
    own = row["owner_id"] == viewer_id
    return StyleCodeRow(row["id"], row["code"], row["name"], row["image_id"], row["shared"], own, row["created_at"])


def is_code(text: str | None) -> bool:
    """Whether a text looks like a style code of a row here."""
    return _CODE.fullmatch(text or "") is not None


async def style_code_of(viewer_id: int, style_code_id: int) -> StyleCodeRow | None:
    """A style code by its number, for whom it is there."""
    row = await fetch_one(f"SELECT * FROM style_codes s WHERE s.id = $1 AND {usable('$2')}", style_code_id, viewer_id)
    return None if row is None else _row(row, viewer_id)


async def style_code_by(viewer_id: int, code: str) -> StyleCodeRow | None:
    """A style code by its text, for whom it is there."""
    if not is_code(code):
        return None
    row = await fetch_one(f"SELECT * FROM style_codes s WHERE s.code = $1 AND {usable('$2')}", code, viewer_id)
    return None if row is None else _row(row, viewer_id)


async def style_codes_of(owner_id: int, window: Window) -> list[StyleCodeRow]:
    """A person's own style codes in a window, newest first."""
    rows = await fetch(
        "SELECT * FROM style_codes WHERE owner_id = $1 AND deleted_at IS NULL AND id < $2 AND id > $3"
        f" ORDER BY id {window.direction} LIMIT $4",
        owner_id,
        window.older_than,
        window.newer_than,
        window.limit,
    )
    return sorted((_row(row, owner_id) for row in rows), key=lambda row: row.id, reverse=True)


async def painted(owner_id: int, style: str | None, image_id: int | None) -> Painted:
    """What a job is painted by: the style code it names, else that of the picture it works on.

    Raises TakenBack for a code that others may not use any more, NotFound for one that never was there for this person.
    """
    if not is_code(style):
        inherited = await fetch_value(
            "SELECT j.style_code_id FROM generation_outputs o JOIN generation_jobs j ON j.id = o.job_id"
            " WHERE o.image_id = $1 AND j.owner_id = $2 AND j.style_code_id IS NOT NULL LIMIT 1",
            image_id,
            owner_id,
        )
        return Painted(None, inherited)
    row = await fetch_one(f"SELECT *, {usable('$2')} AS usable FROM style_codes s WHERE s.code = $1", style, owner_id)
    if row is None or not (row["usable"] or row["was_shared"]):
        raise NotFound("There is no such style code.", ["style"])
    if not row["usable"]:
        raise TakenBack("This style was taken back: nothing more is painted in it. Choose another.", ["style"])
    return Painted(row["manner"], row["id"])


async def create(owner_id: int, image_id: int, name: str, *, shared: bool) -> int:
    """Keep the manner of a picture that a job of the owner's made; gives the style code's id. The caller holds the transaction.

    Raises NotFound for a picture that is not theirs, BadInput for one that has no manner of its own, Forbidden for one that
    is painted in somebody else's, QuotaExceeded.
    """
    kept = naming.name(name, LONGEST_NAME)
    row = await fetch_one(
        f"""SELECT CASE WHEN {OWN_LINE} THEN o.facts ->> 'style_code' END AS manner, s.owner_id AS other
        FROM images i LEFT JOIN generation_outputs o ON o.image_id = i.id
        LEFT JOIN generation_jobs j ON j.id = o.job_id AND j.owner_id = i.owner_id
        LEFT JOIN style_codes s ON s.id = j.style_code_id WHERE i.id = $1 AND i.owner_id = $2 ORDER BY o.id LIMIT 1""",
        image_id,
        owner_id,
    )
    if row is None:
        raise NotFound("There is no such picture of yours.", ["imageId"])
    if row["manner"] is None:
        raise BadInput(
            "This picture has no manner of its own to keep: it was not painted after other pictures.", ["imageId"]
        )
    if row["other"] not in (None, owner_id):
        raise Forbidden("This picture is painted in a style of somebody else's.", ["imageId"])
    # Two at once count each other only when the second counts after the first has committed.
    await fetch("SELECT pg_advisory_xact_lock(hashtextextended('style codes of ' || $1::bigint, 0))", owner_id)
    counted = await fetch_value("SELECT count(*) FROM style_codes WHERE owner_id = $1 AND deleted_at IS NULL", owner_id)
    if counted >= MOST_STYLE_CODES:
        raise QuotaExceeded(f"You have {MOST_STYLE_CODES} style codes; delete one to keep another.")
    number: int = await fetch_value(
        "INSERT INTO style_codes (owner_id, code, name, manner, image_id, shared, was_shared)"
        " VALUES ($1, $2, $3, $4, $5, $6, $6) RETURNING id",
        owner_id,
        PREFIX + "".join(secrets.choice(node_id.ALPHABET) for _ in range(CODE_CHARACTERS)),
        kept,
        row["manner"],
        image_id,
        shared,
    )
    return number


async def change(owner_id: int, style_code_id: int, *, name: str | None = None, shared: bool | None = None) -> None:
    """Rename one's own style code, share it or take it back; None stays as it is. Raises NotFound, BadInput."""
    row = await fetch_one(
        """UPDATE style_codes SET name = coalesce($3, name), shared = coalesce($4, shared),
            was_shared = was_shared OR coalesce($4, false)
        WHERE id = $1 AND owner_id = $2 AND deleted_at IS NULL RETURNING id""",
        style_code_id,
        owner_id,
        None if name is None else naming.name(name, LONGEST_NAME),
        shared,
    )
    if row is None:
        raise NotFound("There is no such style code of yours.", ["styleCodeId"])


async def delete(owner_id: int, style_code_id: int) -> None:
    """Delete one's own style code: nobody paints by it any more. Raises NotFound."""
    row = await fetch_one(
        "UPDATE style_codes SET deleted_at = now(), shared = false, name = ''"
        " WHERE id = $1 AND owner_id = $2 AND deleted_at IS NULL RETURNING id",
        style_code_id,
        owner_id,
    )
    if row is None:
        raise NotFound("There is no such style code of yours.", ["styleCodeId"])
