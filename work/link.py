"""Link cards: the pages that posts link to are read, a few at a time, each by the one guarded client."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from http import HTTPStatus
from urllib.parse import urlsplit

import orjson

from errors import BadInput
from models import link
from models.ban import banned
from models.link import Due, Said, Thumbnail
from models.loose_picture import hold
from outside.client import Client, Page, Refused, Unreachable
from outside.preview import Preview, preview
from provenance.likeness import looked_at
from settings import Settings
from storage.bucket import Bucket
from storage.intake import IntakeFault, Luma, derive
from storage.picture import keep
from work.courier import Courier

PAGE_SECONDS, PAGE_BYTES = 10.0, 512 * 1024
OEMBED_SECONDS, OEMBED_BYTES = 5.0, 64 * 1024
PICTURE_SECONDS, PICTURE_BYTES = 10.0, 8 * 1024 * 1024
HEAD_ENDS = b"</head"
MOST_AT_ONCE = 8
HTML = ("text/html", "application/xhtml+xml")
HEADERS = {"User-Agent": "Fresque-Cards/1", "Accept-Language": "en, *;q=0.5"}
PASSING = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)  # with 5xx: worth another try
log = logging.getLogger(__name__)


class NoCard(Exception):
    """The page gives none, now (`passing`) or ever."""

    def __init__(self, *, passing: bool = False) -> None:
        super().__init__()
        self.passing = passing


class Reader:
    """Reads what is due, up to `MOST_AT_ONCE` pages at a time; a slow one holds up nobody else."""

    def __init__(self, client: Client, bucket: Bucket, told: Settings) -> None:
        self._client = client
        self._bucket = bucket
        self._settings = told
        self._courier = Courier("links", link.claim, self._read, MOST_AT_ONCE)

    async def run(self) -> None:
        """Read until cancelled. What is being read then is read again by whoever comes after."""
        await self._courier.run()

    async def turn(self) -> bool:
        """Take what is due, and wait for a place when all are taken; whether anything was taken."""
        return await self._courier.turn()

    async def idle(self) -> None:
        """Wait until nothing is being read."""
        await self._courier.idle()

    async def _read(self, due: Due) -> None:
        try:
            said, thumbnail = await self._card(due)
        except NoCard as none:
            await link.give_up(due.id, hopeless=not none.passing)
            return
        except Unreachable as reason:
            await link.give_up(due.id, hopeless=isinstance(reason, Refused))
            return
        await link.keep(due.id, said, thumbnail)

    async def _card(self, due: Due) -> tuple[Said, Thumbnail | None]:
        page = await self._client.get(
            due.url,
            {**HEADERS, "Accept": ", ".join(HTML)},
            seconds=PAGE_SECONDS,
            most_bytes=PAGE_BYTES,
            until=HEAD_ENDS,
        )
        if page.status != HTTPStatus.OK:
            raise NoCard(passing=page.status in PASSING or page.status >= HTTPStatus.INTERNAL_SERVER_ERROR)
        if page.content_type not in HTML:
            raise NoCard
        found = await self._with_oembed(await asyncio.to_thread(preview, page.body, page.charset, page.url))
        title = link.line(found.title, link.LONGEST_TITLE)
        if not title:
            raise NoCard
        said = Said(
            title,
            link.line(found.description, link.LONGEST_DESCRIPTION),
            link.line(found.site, link.LONGEST_NAME),
            link.line(found.author, link.LONGEST_NAME),
            link.line(urlsplit(page.url).hostname or "", link.LONGEST_NAME),
        )
        return said, await self._thumbnail(found.image) if found.image else None

    async def _with_oembed(self, found: Preview) -> Preview:
        """What the page says, and where it is silent what the address says that it names for that."""
        if not found.oembed or (found.title and found.author and found.image):
            return found
        try:
            page = await self._client.get(found.oembed, HEADERS, seconds=OEMBED_SECONDS, most_bytes=OEMBED_BYTES)
            told = orjson.loads(page.body) if page.status == HTTPStatus.OK else None
        except (Unreachable, orjson.JSONDecodeError):
            return found
        if not isinstance(told, dict):
            return found
        words = {name: value for name, value in told.items() if isinstance(value, str)}
        return replace(
            found,
            title=found.title or words.get("title", ""),
            author=found.author or words.get("author_name", ""),
            site=found.site or words.get("provider_name", ""),
            image=found.image or words.get("thumbnail_url", ""),
        )

    async def _thumbnail(self, address: str) -> Thumbnail | None:
        """The picture, taken in like one that a stranger uploaded; None where it is none, cannot be had, or may not be here."""
        try:
            page: Page = await self._client.get(
                address, {**HEADERS, "Accept": "image/*"}, seconds=PICTURE_SECONDS, most_bytes=PICTURE_BYTES
            )
            if page.status != HTTPStatus.OK:
                return None
            taken = await derive(page.body)
            if self._settings.check_bans and await _is_banned(taken.luma):
                return None
            kept = await keep(self._bucket, taken, self._settings, hold=hold)
        except (Unreachable, BadInput, IntakeFault):
            return None
        return Thumbnail(kept.prefix, kept.mime_type, kept.byte_size, kept.width, kept.height, kept.blurhash)


async def _is_banned(luma: Luma) -> bool:
    return await banned((await looked_at(luma.data, luma.width, luma.height)).sought_any_way) is not None
