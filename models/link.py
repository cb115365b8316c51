"""Link cards: what the page says of itself that a post links to. The row is the queue: it says when it is fetched next.

A card is of an address, and all posts with that address show it. It is fetched when the first of them is published, and
again when one is after `FRESH_DAYS`; what gave no card is asked again after `NEGATIVE_MINUTES` at the earliest. Pictures of
cards are kept here like any other, belong to nobody, and everybody may see them: the page showed them to the world.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import regex
from asyncpg import Record

from errors import Forbidden
from models import facet, gate
from models.checkpoint import checkpoint
from models.database import fetch, fetch_value
from models.facet import Facet, FacetKind
from models.post import seen
from models.transaction import transaction

FRESH_DAYS = 14
NEGATIVE_MINUTES = 60
LEASE_SECONDS = 120  # a fetch that is not over by then is begun anew by whoever comes
RETRY_SECONDS = (60, 600)
MOST_TRIES = 8  # of a page whose readers never come to an end
MOST_TOLD = 100  # posts on open screens that hear of a card when it comes
LONGEST_TITLE, LONGEST_DESCRIPTION, LONGEST_NAME = 200, 400, 100
NOBODY = 0
_GRAPHEME = regex.compile(r"\X")


@dataclass(frozen=True, slots=True)
class Due:
    """An address to be fetched now."""

    id: int
    url: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a page says of itself, as it is kept: plain text of one line each."""

    title: str
    description: str
    site: str
    author: str
    host: str


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A picture that is in the bucket already."""

    prefix: str
    mime_type: str
    byte_size: int
    width: int
    height: int
    blurhash: str


COLUMNS = """CASE WHEN link.id IS NOT NULL THEN json_build_array(link.url, link.title, link.description, link.site, link.author,
    link.host, thumb.id::text, thumb.prefix, thumb.mime_type, thumb.width, thumb.height, thumb.blurhash) END AS link"""
JOINS = """LEFT JOIN link_cards link ON link.id = p.link_card_id AND link.state = 'READY'
    LEFT JOIN images thumb ON thumb.id = link.image_id"""
"""What `card.post_row` reads, beside posts `p`."""


def line(text: str, longest: int) -> str:
    """Text of a stranger's page as one line of at most so many characters."""
    kept = " ".join(facet.clean(text[: longest * 50]).split())
    whole = [found.group() for found in _GRAPHEME.finditer(kept)]
    return kept if len(whole) <= longest else "".join(whole[: longest - 1]).rstrip() + "…"


async def follow(post_id: int, facets: Sequence[Facet]) -> None:
    """Have a new post show the card of its first link, if it has one: at once where it is known, else when it comes.

    Not for one with pictures or a quote. The caller holds the transaction.
    """
    links = [found.value for found in facets if found.kind is FacetKind.LINK]
    if links:
        card_id = await _card_of(links[0].partition("#")[0])
        await fetch("UPDATE posts SET link_card_id = $2 WHERE id = $1", post_id, card_id)


async def _card_of(url: str) -> int:
    digest = hashlib.sha256(url.encode()).digest()
    rows = await fetch(
        """SELECT id, due_at IS NULL AND fetched_at < now() - CASE state WHEN 'READY' THEN make_interval(days => $2)
            ELSE make_interval(mins => $3) END AS stale FROM link_cards WHERE digest = $1""",
        digest,
        FRESH_DAYS,
        NEGATIVE_MINUTES,
    )
    if rows:
        if rows[0]["stale"]:
            await fetch("UPDATE link_cards SET due_at = now(), tries = 0 WHERE id = $1", rows[0]["id"])
        return int(rows[0]["id"])
    return int(
        await fetch_value(
            "INSERT INTO link_cards (digest, url, due_at) VALUES ($1, $2, now())"
            " ON CONFLICT (digest) DO UPDATE SET url = excluded.url RETURNING id",
            digest,
            url,
        )
    )


async def claim(limit: int) -> list[Due]:
    """Take what is due; nobody else gets it while the lease lasts."""
    rows = await fetch(
        """UPDATE link_cards SET due_at = now() + make_interval(secs => $2), tries = tries + 1 WHERE id IN (
            SELECT id FROM link_cards WHERE due_at <= now() AND tries < $3 ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED
        ) RETURNING id, url""",
        limit,
        LEASE_SECONDS,
        MOST_TRIES,
    )
    return [Due(row["id"], row["url"]) for row in rows]


async def keep(card_id: int, said: Said, thumbnail: Thumbnail | None) -> None:
    """The page was read; posts that show it are told where it says something new.

    These are two transactions, since writers hold a post and then look at a card. Whoever reads a post after the first finds the
    card, all others are told by the second; it comes due again until that is done.
    """
    async with transaction():
        news = await _write(card_id, said, thumbnail)
    checkpoint("link.kept")
    async with transaction():
        if news:
            await _tell(card_id)
        await fetch("UPDATE link_cards SET fetched_at = now(), due_at = NULL, tries = 0 WHERE id = $1", card_id)


async def _write(card_id: int, said: Said, thumbnail: Thumbnail | None) -> bool:
    """Whether posts have to be told: it says something new, or whoever wrote it down before may not have come to that."""
    image_id = await _kept_picture(thumbnail) if thumbnail else None
    changed = await fetch(
        """UPDATE link_cards SET state = 'READY', title = $2, description = $3, site = $4, author = $5, host = $6, image_id = $7
        WHERE id = $1 AND (state, title, description, site, author, host, image_id) IS DISTINCT FROM
            ('READY', $2, $3, $4, $5, $6, $7::bigint) RETURNING id""",
        card_id,
        said.title,
        said.description,
        said.site,
        said.author,
        said.host,
        image_id,
    )
    return bool(changed) or int(await fetch_value("SELECT tries FROM link_cards WHERE id = $1", card_id)) > 1


async def _kept_picture(thumbnail: Thumbnail) -> int:
    known = await fetch_value("SELECT id FROM images WHERE owner_id = $1 AND prefix = $2", NOBODY, thumbnail.prefix)
    return int(
        known
        or await fetch_value(
            """INSERT INTO images (id, owner_id, prefix, mime_type, byte_size, width, height, blurhash)
            VALUES (fresque_id(), $1, $2, $3, $4, $5, $6, $7) RETURNING id""",
            NOBODY,
            thumbnail.prefix,
            thumbnail.mime_type,
            thumbnail.byte_size,
            thumbnail.width,
            thumbnail.height,
            thumbnail.blurhash,
        )
    )


async def give_up(card_id: int, *, hopeless: bool) -> None:
    """There is no card now. Unless that is hopeless it is tried again soon, and then not for a while.

    One that is there stays: a page that was away for a day is not forgotten.
    """
    await fetch(
        """UPDATE link_cards SET due_at = CASE WHEN tries <= $3 AND NOT $2 THEN now() + make_interval(secs => ($4::int[])[tries]) END,
            state = CASE WHEN state = 'PENDING' AND (tries > $3 OR $2) THEN 'NONE' ELSE state END,
            fetched_at = CASE WHEN tries > $3 OR $2 THEN now() ELSE fetched_at END
        WHERE id = $1""",
        card_id,
        hopeless,
        len(RETRY_SECONDS),
        list(RETRY_SECONDS),
    )


async def remove(viewer_id: int, post_id: int) -> None:
    """Take the card off a post of one's own. The caller holds the transaction. Raises NotFound, Forbidden."""
    row = await seen(viewer_id, post_id, "postId", to_change=True)
    if row["author_id"] != viewer_id:
        raise Forbidden("Only its author takes the card off a post.", ["postId"])
    if row["link_card_id"] is not None:
        await fetch("UPDATE posts SET link_card_id = NULL WHERE id = $1", post_id)
        await gate.tell(viewer_id, post_id)


async def _tell(card_id: int) -> None:
    posts = await fetch(
        # Written anew, since what is kept of a post is kept by the stamp of its row.
        """UPDATE posts SET link_card_id = link_card_id WHERE id IN (
            SELECT id FROM posts WHERE link_card_id = $1 AND deleted_at IS NULL ORDER BY id DESC LIMIT $2 FOR UPDATE
        ) RETURNING id, author_id""",
        card_id,
        MOST_TOLD,
    )
    for post in posts:
        await gate.tell(post["author_id"], post["id"])


@dataclass(slots=True)
class LinkCardRow:
    """The card of a link as everybody sees it; `image` is an `ImageRow` or None."""

    url: str
    title: str
    description: str
    site: str
    author: str
    host: str
    image: Any


def card_of(row: Record | Mapping[str, Any], picture: Callable[..., Any]) -> LinkCardRow | None:
    """The card of a row that has `COLUMNS`; `picture` makes an `ImageRow`, which everybody may see."""
    found: Sequence[Any] | None = row["link"]
    if found is None:
        return None
    number, prefix, mime_type, width, height, blurhash = found[6:]
    shown = None
    if number is not None:
        shown = picture(int(number), prefix, mime_type, width, height, blurhash, "", False, True, NOBODY)
    url, title, description, site, author, host = found[:6]
    return LinkCardRow(url, title, description, site, author, host, shown)
