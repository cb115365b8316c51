"""Editing: what a post says and shows is changed by its author, and every version it ever had is kept beside it.

Versions are for whoever may see the post, as it is now. A post that was never edited has none; the first edit writes down what
was published first, too. What changes nothing is no edit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from asyncpg import Record

from errors import BadInput, Conflict, Forbidden, QuotaExceeded
from models import audience, card, counter, facet, gallery, hashtag, held_down, link, phrasing, poll, remix
from models.card import FacetRow, ImageRow
from models.database import fetch, fetch_one
from models.disclosure import declare
from models.event import Kind, record
from models.facet import Facet, FacetKind
from models.phrasing import Given
from models.poll import PollDraft
from models.post import PostImage, seen
from models.publishing import Attachment, checked_attachments, checked_text, checked_warning, stored_facets
from models.timeline import Window
from models.visibility import Visibility

MOST_EDITS = 99


class Keep(Enum):
    """What is left as it is."""

    AS_IT_IS = "AS_IT_IS"


KEEP = Keep.AS_IT_IS


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody wants to be otherwise in a post of theirs."""

    text: str | Keep = KEEP
    facets: Sequence[Given] | None = None  # None: found by the server, in a text that is another
    content_warning: str | Keep | None = KEEP
    attachments: Sequence[Attachment] | Keep = KEEP
    poll: PollDraft | Keep | None = KEEP
    expected_edits: int | None = None


@dataclass(frozen=True, slots=True)
class VersionImageRow:
    """A picture of a version; None where its owner deleted it."""

    image: ImageRow | None
    alt_text: str


@dataclass(frozen=True, slots=True)
class VersionPollRow:
    """What a version asked."""

    options: list[str]
    multiple: bool


@dataclass(slots=True)
class VersionRow:
    """What a post was from `created_at` until the next version."""

    key: int
    number: int
    text: str
    content_warning: str | None
    created_at: datetime
    facets: list[FacetRow] = field(default_factory=list)
    images: list[VersionImageRow] = field(default_factory=list)
    poll: VersionPollRow | None = None


async def edit(author_id: int, post_id: int, change: Change) -> bool:
    """Change a post of one's own; False when nothing is otherwise. The caller holds the transaction.

    Raises NotFound, Forbidden (another's), Conflict (edited meanwhile; pictures of one that waits for its pictures),
    BadInput (too long, empty), QuotaExceeded after `MOST_EDITS`.
    """
    row = await seen(author_id, post_id, "postId", to_change=True)
    if row["author_id"] != author_id:
        raise Forbidden("Only its author edits a post.", ["postId"])
    held_down.check_free(row)
    if change.expected_edits is not None and change.expected_edits != row["edit_count"]:
        raise Conflict("This post was edited meanwhile. Look at it as it is now first.", ["expectedEditCount"])
    text = row["text"] if change.text is KEEP else checked_text(change.text)
    warning = row["content_warning"]
    if change.content_warning is not KEEP:
        warning = checked_warning(change.content_warning)
    facets = await _phrased(row, change, text)
    had = [(each["image_id"], each["alt_text"]) for each in await _pictures(post_id)]
    has = had
    if change.attachments is not KEEP:
        attached = await checked_attachments(author_id, change.attachments)
        await declare(author_id, {one.image_id: one.made_with_ai for one in change.attachments if one.made_with_ai})
        has = [(one.image_id, alt_text) for one, alt_text in attached]
        shown = {image_id for image_id, _ in had}
        await remix.check_published([image_id for image_id, _ in has if image_id not in shown])
    asked = await poll.stored(row["poll_id"])
    asks = None if change.poll is None or change.poll is KEEP else poll.checked(change.poll)
    if not text and not has and not await _awaits_pictures(post_id):
        raise BadInput("A post has text or an image.", ["text"])
    other_question = change.poll is not KEEP and _question(asks) != _stored_question(asked)
    other_manners = asks is not None and asked is not None and asks.hides_results != asked["hides_results"]
    other_names = facets is not None and stored_facets(facets) != row["facets"]
    same = (text, warning, has) == (row["text"], row["content_warning"], had)
    if same and not (other_names or other_question or other_manners):
        return False
    if has != had and await _awaits_pictures(post_id):
        raise Conflict("The pictures of this post are being made. Change them when they are there.", ["images"])
    if row["edit_count"] >= MOST_EDITS:
        raise QuotaExceeded(f"A post can be edited {MOST_EDITS} times.", ["postId"])
    if row["edit_count"] == 0:
        await _note(post_id, 1, row["created_at"])
    await _write_text(row, text, facets, warning)
    if has != had:
        await PostImage.filter(post_id=post_id).delete()
        for position, (image_id, alt_text) in enumerate(has):
            await PostImage.create(post_id=post_id, image_id=image_id, position=position, alt_text=alt_text)
        await remix.settle(post_id, author_id)
        await remix.tell_remixes([post_id], author_id)
    await _follow_link(row, facets, has)
    if other_question:
        await poll.forget(post_id)
        if asks is not None:
            await poll.begin(post_id, asks)
    elif other_manners and asks is not None:
        await fetch("UPDATE polls SET hides_results = $2 WHERE id = $1", row["poll_id"], asks.hides_results)
    await _note(post_id, row["edit_count"] + 2, None)
    await counter.count_post(post_id)
    await record(Kind.POST_EDITED, [f"post:{post_id}"], actor_id=author_id, post_id=post_id)
    return True


async def _follow_link(row: Record, facets: list[Facet] | None, pictures: Sequence[object]) -> None:
    """Show the card of another first link, or none: not beside pictures or a quote, as in a new post."""
    other_link = facets is not None and _first_link(stored_facets(facets)) != _first_link(row["facets"])
    if other_link or (pictures and row["link_card_id"] is not None):
        await fetch("UPDATE posts SET link_card_id = NULL WHERE id = $1", row["id"])
    if other_link and facets is not None and not pictures and row["quoted_post_id"] is None:
        await link.follow(row["id"], facets)


def _question(asks: PollDraft | None) -> tuple[list[str], bool] | None:
    return None if asks is None else (list(asks.options), asks.multiple)


def _stored_question(asked: Record | None) -> tuple[list[str], bool] | None:
    return None if asked is None else (list(asked["options"]), asked["multiple"])


async def _pictures(post_id: int) -> Sequence[Record]:
    return await fetch("SELECT image_id, alt_text FROM post_images WHERE post_id = $1 ORDER BY position", post_id)


async def _awaits_pictures(post_id: int) -> bool:
    return bool(await fetch("SELECT 1 FROM creations WHERE post_id = $1 AND NOT done AND NOT failed", post_id))


async def _phrased(row: Record, change: Change, text: str) -> list[Facet] | None:
    """What the text names then; None where that stays as it is."""
    if change.facets is not None:
        return await phrasing.said(
            row["author_id"], row["text"] if change.text is KEEP else change.text, text, change.facets
        )
    return None if text == row["text"] else await phrasing.found(row["author_id"], text)


def _first_link(facets: Sequence[Mapping[str, Any]]) -> object:
    return next((one["value"] for one in facets if one["kind"] == FacetKind.LINK.value), None)


async def _write_text(row: Record, text: str, found: list[Facet] | None, warning: str | None) -> None:
    """Store what the post says, whom it names and what it is about; tell those for whom that makes it come or go."""
    post_id, author_id = row["id"], row["author_id"]
    facets, mentioned = list(row["facets"]), set(row["mentioned_ids"])
    if found is not None:
        facets = stored_facets(found)
        mentioned = {one.user_id for one in found if one.user_id is not None} | {row["reply_to_author_id"] or author_id}
        mentioned.discard(author_id)
    await fetch(
        "UPDATE posts SET text = $2, facets = $3::jsonb, mentioned_ids = $4::bigint[], content_warning = $5,"
        " edit_count = edit_count + 1, edited_at = now() WHERE id = $1",
        post_id,
        text,
        facets,
        sorted(mentioned),
        warning,
    )
    topics: list[str] = []
    if row["visibility"] == Visibility.PUBLIC.value and found is not None:
        was, tags = set(await hashtag.take(post_id)), facet.hashtags_stored(facets)
        if tags:
            await hashtag.put(post_id, tags)
        topics += [f"hashtag:{tag}" for tag in sorted(was.symmetric_difference(tags))]
    if mentioned != set(row["mentioned_ids"]):
        topics += ["posts", f"author:{author_id}", f"post:{post_id}", f"conversation:{row['conversation_id']}"]
        topics += await audience.reposters(post_id)
    await audience.tell(row, topics)


async def _note(post_id: int, number: int, created_at: datetime | None) -> None:
    """Write down the post as it is as a version."""
    row = await fetch_one(
        """INSERT INTO post_versions (post_id, number, text, facets, content_warning, poll, created_at)
        SELECT p.id, $2, p.text, p.facets, p.content_warning,
            (SELECT jsonb_build_object('options', q.options, 'multiple', q.multiple) FROM polls q WHERE q.id = p.poll_id),
            coalesce($3, now()) FROM posts p WHERE p.id = $1 RETURNING id""",
        post_id,
        number,
        created_at,
    )
    assert row is not None
    await fetch(
        "INSERT INTO post_version_images (version_id, position, post_id, image_id, alt_text)"
        " SELECT $2, position, post_id, image_id, alt_text FROM post_images WHERE post_id = $1",
        post_id,
        row["id"],
    )


async def versions(viewer_id: int, post_id: int, window: Window) -> list[VersionRow]:
    """The versions of a post that the viewer sees, newest first; three statements, whatever their number."""
    rows = await fetch(
        f"""SELECT v.*, pictures.list AS pictures FROM post_versions v LEFT JOIN LATERAL (
            SELECT json_agg(json_build_array(i.image_id::text, i.alt_text) ORDER BY i.position) AS list
            FROM post_version_images i WHERE i.version_id = v.id
        ) AS pictures ON true WHERE v.post_id = $1 AND v.number < $2::bigint AND v.number > $3::bigint
        ORDER BY v.number {window.direction} LIMIT $4""",
        post_id,
        window.older_than,
        window.newer_than,
        window.limit,
    )
    rows = sorted(rows, key=lambda row: -row["number"])
    named = {number for row in rows for one in row["facets"] if (number := one["user_id"]) is not None}
    people = await card.users(viewer_id, named)
    shown = {int(number) for row in rows for number, _ in row["pictures"] or ()}
    pictures = await gallery.images(viewer_id, sorted(shown)) if shown else {}
    return [_version(row, people, pictures) for row in rows]


def _version(row: Record, people: Mapping[int, Any], pictures: Mapping[int, ImageRow]) -> VersionRow:
    asked = row["poll"]
    return VersionRow(
        row["number"],
        row["number"],
        row["text"],
        row["content_warning"],
        row["created_at"],
        [card.facet_row(one, people) for one in row["facets"]],
        [VersionImageRow(pictures.get(int(number)), alt_text) for number, alt_text in row["pictures"] or ()],
        None if asked is None else VersionPollRow(list(asked["options"]), asked["multiple"]),
    )
