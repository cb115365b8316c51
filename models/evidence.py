"""What a report hands over: the thing that was reported, as its reporter sees it at that moment, and nothing else of its owner's.

It is kept with the case, so that it is judged as it was, whatever becomes of it. Of a message that is the message itself and the
two before it, as far as the reporter sees them; the desk never reads a chat.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from errors import NotFound
from models import card, direct_message, gallery
from models.card import PostRow
from models.database import fetch, fetch_value
from models.direct_message import MessageRow
from models.labeler import labelers
from models.subject import ReportSubjectKind, Subject

CONTEXT_MESSAGES = 2
MOST_KEPT = 5  # versions of a thing in one case: the first, and the newest


@dataclass(frozen=True, slots=True)
class Evidence:
    """Whose it is, what it said, and the pictures in it."""

    person_id: int
    said: Mapping[str, Any]
    image_ids: Sequence[int] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Said:
    """One message beside the reported one."""

    person_id: int
    text: str
    at: datetime


_PATHS = {
    ReportSubjectKind.POST: "postId",
    ReportSubjectKind.USER: "userId",
    ReportSubjectKind.IMAGE: "imageId",
    ReportSubjectKind.MESSAGE: "messageId",
}


async def gather(viewer_id: int, subject: Subject) -> Evidence:
    """The thing as this viewer sees it. Raises NotFound when they do not."""
    found = await _GATHER[subject.kind](viewer_id, subject.id)
    if found is None:
        raise NotFound(f"There is no such {subject.kind.value.lower()}.", [_PATHS[subject.kind]])
    return found


async def _post(viewer_id: int, number: int) -> Evidence | None:
    row = (await card.cards(viewer_id, [number])).posts.get(number)
    if not isinstance(row, PostRow):
        return None
    pictures = [image.id for image in row.images]
    return Evidence(row.author.id, _told(row.text, row.created_at, pictures, warning=row.content_warning), pictures)


async def _user(viewer_id: int, number: int) -> Evidence | None:
    row = (await card.users(viewer_id, [number])).get(number)
    if row is None:
        return None
    shown = [row.display_name, row.bio, row.location, row.website]
    if (labeler := (await labelers(viewer_id, [number])).get(number)) is not None:
        words = [each for one in labeler.labels for each in one.wordings]
        shown += [labeler.description, *(part for each in words for part in (each.name, each.description))]
    text = "\n".join(part for part in shown if part)
    pictures = [one for one in (row.avatar.id if row.avatar else None, row.banner_id) if one is not None]
    return Evidence(number, _told(text, row.joined_at, pictures), pictures)


async def _image(viewer_id: int, number: int) -> Evidence | None:
    row = (await gallery.images(viewer_id, [number])).get(number)
    if row is None:
        return None
    owner = await fetch("SELECT owner_id, created_at FROM images WHERE id = $1", number)
    return Evidence(owner[0]["owner_id"], _told(row.alt_text, owner[0]["created_at"], [number]), [number])


async def _message(viewer_id: int, number: int) -> Evidence | None:
    row = (await direct_message.messages(viewer_id, [number])).get(number)
    if row is None or row.is_deleted or row.sender is None:
        return None
    before = await fetch(
        "SELECT id FROM direct_messages WHERE chat_id = $1 AND sequence < $2 AND kind = 'TEXT' ORDER BY sequence DESC LIMIT $3",
        row.chat_id,
        row.sequence,
        CONTEXT_MESSAGES,
    )
    seen = await direct_message.messages(viewer_id, [one["id"] for one in before])
    context = [_line(one) for one in sorted(seen.values(), key=lambda one: one.sequence) if not one.is_deleted]
    pictures = [image.id for image in row.images]
    said = {**_told(row.text, row.created_at, pictures), "context": context}
    return Evidence(row.sender.id, said, pictures)


def _line(row: MessageRow) -> dict[str, Any]:
    sender = 0 if row.sender is None else row.sender.id
    return {"person": str(sender), "text": row.text, "at": row.created_at.isoformat()}


def _told(text: str, at: datetime, pictures: Sequence[int], warning: str | None = None) -> dict[str, Any]:
    return {
        "text": text,
        "at": at.isoformat(),
        "warning": warning,
        "images": [str(one) for one in pictures],
        "context": [],
    }


_GATHER = {
    ReportSubjectKind.POST: _post,
    ReportSubjectKind.USER: _user,
    ReportSubjectKind.IMAGE: _image,
    ReportSubjectKind.MESSAGE: _message,
}


async def keep(case_id: int, found: Evidence) -> None:
    """Put what was handed over to a case, where it is not there yet; the caller holds the case."""
    known = list(await fetch_value("SELECT evidence FROM moderation_cases WHERE id = $1", case_id))
    if dict(found.said) not in known:
        kept = [*known, dict(found.said)]
        if len(kept) > MOST_KEPT:
            kept = [kept[0], *kept[-(MOST_KEPT - 1) :]]
        await fetch("UPDATE moderation_cases SET evidence = $2::jsonb WHERE id = $1", case_id, kept)
    if found.image_ids:
        await fetch(
            "INSERT INTO case_images (case_id, image_id) SELECT $1, id FROM unnest($2::bigint[]) AS n (id) ON CONFLICT DO NOTHING",
            case_id,
            list(found.image_ids),
        )
