"""Labels: what moderators say of a post, a picture or an account, for all to see, and whether it is veiled until one asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from asyncpg import Record

from errors import BadInput
from models import counter
from models.database import fetch, fetch_value
from models.event import Kind, record
from models.subject import ReportSubjectKind, Subject


class LabelValue(Enum):
    """What is said."""

    ADULT = "ADULT"
    GRAPHIC = "GRAPHIC"
    MISLEADING = "MISLEADING"
    DEEPFAKE = "DEEPFAKE"
    SPAM = "SPAM"
    UNVERIFIED = "UNVERIFIED"


class LabelSeverity(Enum):
    """How loudly it is said."""

    INFORM = "INFORM"
    ALERT = "ALERT"


class LabelBlur(Enum):
    """What is veiled until one asks for it."""

    NONE = "NONE"
    MEDIA = "MEDIA"
    CONTENT = "CONTENT"


@dataclass(frozen=True, slots=True)
class LabelRow:
    """One label."""

    value: LabelValue
    severity: LabelSeverity
    blur: LabelBlur


COLUMNS = """(SELECT json_agg(json_build_object('value', l.value, 'severity', l.severity, 'blur', l.blur) ORDER BY l.id)
    FROM labels l WHERE l.subject_kind = 'POST' AND l.subject_id = p.id) AS labels, p.moderated"""
"""The labels of post p, and whether moderators hold it down."""


def label_of(row: Record | Mapping[str, Any]) -> LabelRow:
    """The label in a row."""
    return LabelRow(LabelValue(row["value"]), LabelSeverity(row["severity"]), LabelBlur(row["blur"]))


async def labels_of(kind: ReportSubjectKind, ids: Sequence[int]) -> dict[int, list[LabelRow]]:
    """The labels of these things, by their ids."""
    found: dict[int, list[LabelRow]] = {number: [] for number in ids}
    for row in await fetch(
        "SELECT * FROM labels WHERE subject_kind = $1 AND subject_id = ANY($2::bigint[]) ORDER BY id",
        kind.value,
        list(ids),
    ):
        found[row["subject_id"]].append(label_of(row))
    return found


async def put(subject: Subject, label: LabelRow, action_id: int) -> dict[str, Any]:
    """Label something, in place of the same label; what is to be undone. Raises BadInput for what takes no labels."""
    if subject.kind is ReportSubjectKind.MESSAGE:
        raise BadInput("Messages take no labels.", ["kind"])
    await fetch(
        """INSERT INTO labels (subject_kind, subject_id, value, severity, blur, action_id) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (subject_kind, subject_id, value) DO UPDATE SET severity = excluded.severity, blur = excluded.blur,
            action_id = excluded.action_id""",
        subject.kind.value,
        subject.id,
        label.value.value,
        label.severity.value,
        label.blur.value,
        action_id,
    )
    return {"label": label.value.value, "veiled": await _veil(subject, label.blur is not LabelBlur.NONE)}


async def take_off(subject: Subject, undo: Mapping[str, Any]) -> None:
    """Take a label off again, with its veil where there was none before."""
    await fetch(
        "DELETE FROM labels WHERE subject_kind = $1 AND subject_id = $2 AND value = $3",
        subject.kind.value,
        subject.id,
        undo["label"],
    )
    if undo["veiled"]:
        await fetch(f"UPDATE {_VEILED[subject.kind]} WHERE id = $1", subject.id, False)
    await _tell(subject)


_VEILED = {ReportSubjectKind.POST: "posts SET is_sensitive = $2", ReportSubjectKind.IMAGE: "images SET sensitive = $2"}


async def _veil(subject: Subject, wanted: bool) -> bool:
    """Veil what can be; whether it was not veiled before."""
    veiled = False
    if wanted and subject.kind in _VEILED:
        column = _VEILED[subject.kind].split()[-3]
        sql = f"UPDATE {_VEILED[subject.kind]} WHERE id = $1 AND NOT {column} RETURNING id"
        veiled = bool(await fetch(sql, subject.id, True))
    await _tell(subject)
    return veiled


async def _tell(subject: Subject) -> None:
    if subject.kind is ReportSubjectKind.USER:
        await record(Kind.USER_CHANGED, [f"user:{subject.id}"], actor_id=subject.id, user_id=subject.id)
        return
    posts = [subject.id]
    if subject.kind is ReportSubjectKind.IMAGE:
        posts = [
            row["post_id"] for row in await fetch("SELECT post_id FROM post_images WHERE image_id = $1", subject.id)
        ]
    for post_id in posts:
        author_id = await fetch_value("SELECT author_id FROM posts WHERE id = $1", post_id)
        await counter.count_post(post_id)
        await record(Kind.POST_COUNTED, [f"post:{post_id}"], actor_id=author_id, post_id=post_id)
