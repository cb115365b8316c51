"""Images: their addresses, and taking in what people upload."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import Any
from weakref import WeakValueDictionary

import strawberry

from errors import BadInput, Conflict, NotFound, RateLimited, Refusal
from models import gallery, node_id
from models.card import ImageRow
from models.checkpoint import checkpoint
from models.disclosure import AiKind, declare, read
from models.image import Image, checked_alt_text, ids_of
from models.job import JobRow
from models.likeness import remember
from models.loose_picture import hold
from models.upload import Upload, UploadState, keep_upload, open_upload
from models.user import checked_line
from models.visibility import SIGNED_OUT
from provenance.reading import Found, Standing
from resolvers import page
from resolvers.context import House, Info
from resolvers.node import number_in
from resolvers.outcome import claim, earlier, perform, refused
from resolvers.page import PageInfoRow
from resolvers.payload import ImagePayloadRow, UploadPayloadRow
from resolvers.upload_check import looks_sensitive
from resolvers.upload_row import FormFieldRow, UploadRow
from resolvers.user import KEY_HELP
from resolvers.viewer_row import ViewerRow
from storage.address import media_url
from storage.bucket import NoSuchObject, StorageUnavailable, TooLarge
from storage.intake import IntakeFault, intake
from storage.key import upload_key
from storage.picture import Kept, keep
from storage.signature import UPLOAD_SECONDS, presigned_post

MIME_TYPES = ("image/png", "image/jpeg", "image/webp")
LONGEST_FILENAME = 200
MOST_AT_ONCE = 3  # pictures of one person that a process takes in at the same time
TAKING_SECONDS = 30
log = logging.getLogger(__name__)
_at_work: Counter[int] = Counter()
_locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()


class ImageSize(Enum):
    """How large a picture is wanted."""

    SMALL = "SMALL"
    MEDIUM = "MEDIUM"
    LARGE = "LARGE"
    ORIGINAL = "ORIGINAL"


@strawberry.input(description="A picture to upload.")
class CreateImageUploadInput:
    mime_type: str = strawberry.field(description="image/png, image/jpeg or image/webp.")
    byte_size: int = strawberry.field(description="How many bytes it has; the form takes no more.")
    filename: str | None = strawberry.field(
        description="Its name, for the uploader's own eyes; at most 200 characters.", default=strawberry.UNSET
    )
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


DECLARED = (
    "What its owner says that it owes to AI; shown on it wherever it stands. It adds to what is known of the picture or was read"
    " from its file, and never takes that away; what was declared once stays. Left out: nothing is declared."
)


@strawberry.input(description="An upload whose form was sent.")
class CompleteImageUploadInput:
    upload_id: strawberry.ID = strawberry.field(description="An upload of one's own.")
    alt_text: str | None = strawberry.field(
        description="What it shows; at most 2,000 characters.", default=strawberry.UNSET
    )
    made_with_ai: AiKind | None = strawberry.field(description=DECLARED, default=strawberry.UNSET)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


def url(parent: strawberry.Parent[ImageRow], info: Info, size: ImageSize = ImageSize.MEDIUM) -> str | None:
    """The stable address of a picture in a size; with a grant for this viewer when it is not open to all."""
    viewer_id = None if parent.viewer_id == SIGNED_OUT else parent.viewer_id
    told = info.context.house.settings
    return media_url(parent.gid, size.value, parent.open_to_all, viewer_id, time.time(), told)


async def generation(parent: strawberry.Parent[ImageRow], info: Info) -> JobRow | None:
    """The viewer's own job that made the picture."""
    if not parent.generated or info.context.viewer_id == SIGNED_OUT:
        return None
    return await info.context.loaders.stories.load(parent.id)


@dataclass(frozen=True, slots=True)
class ImageEdgeRow:
    """A picture in the viewer's list."""

    cursor: str
    node: ImageRow


@dataclass(frozen=True, slots=True)
class ImagesRow:
    """One page of the viewer's pictures."""

    edges: Sequence[ImageEdgeRow]
    page_info: PageInfoRow


async def images(
    parent: strawberry.Parent[ViewerRow],
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> ImagesRow:
    """The viewer's own pictures, newest first."""
    question = page.asked(first, after, last, before)
    numbers = await ids_of(parent.id, question.window(newest_first=True))
    found = page.page_of(question, numbers, lambda number: number)
    rows = await gallery.images(parent.id, found.items)
    return ImagesRow([ImageEdgeRow(page.encode(number), rows[number]) for number in found.items], found.page_info)


async def create_image_upload(info: Info, input: CreateImageUploadInput) -> UploadPayloadRow:
    """A form with which a browser sends a picture straight to the bucket, for five minutes."""
    context = info.context
    settings = context.house.settings

    async def act(viewer_id: int) -> Mapping[str, Any]:
        if input.mime_type not in MIME_TYPES:
            raise BadInput("A picture is image/png, image/jpeg or image/webp.", ["mimeType"])
        if not 0 < input.byte_size <= settings.upload_max_bytes:
            raise BadInput(f"A picture has 1 to {settings.upload_max_bytes} bytes.", ["byteSize"])
        filename = checked_line(input.filename or "", LONGEST_FILENAME, "filename", "A file name")
        number, _ = await open_upload(viewer_id, upload_key(), input.mime_type, input.byte_size, filename)
        return {"upload": number}

    outcome = await perform(context, "createImageUpload", input, act)
    if not outcome.done:
        return UploadPayloadRow(outcome.user_errors)
    row = await Upload.get_or_none(id=outcome.found["upload"])
    seconds = 0 if row is None else int(row.expires_at.timestamp() - time.time())
    if row is None or seconds <= 0:
        return UploadPayloadRow(refused(Conflict("The time of this upload is over: ask for another.")).user_errors)
    form = presigned_post(row.key, row.mime_type, row.byte_size, time.time(), settings, min(seconds, UPLOAD_SECONDS))
    fields = [FormFieldRow(name, value) for name, value in form.fields.items()]
    return UploadPayloadRow((), UploadRow(node_id.encode("upload", row.id), form.url, "POST", fields, row.expires_at))


async def complete_image_upload(info: Info, input: CompleteImageUploadInput) -> ImagePayloadRow:
    """Check an uploaded picture, keep it, and give the image. Completing twice gives the same image.

    The slow part (fetching, decoding, keeping the bytes) comes before the transaction, and is harmless when repeated; calls
    for one upload wait for each other.
    """
    context = info.context
    try:
        viewer_id = context.require_writer()
        known = await earlier(claim(context, "completeImageUpload", input))
        if known is not None:
            return await _image_payload(info, known.found.get("image"), known.user_errors)
        alt_text = checked_alt_text(input.alt_text or "", ["altText"])
        number = number_in("upload", input.upload_id, "uploadId")
        async with _locks.setdefault(number, asyncio.Lock()):
            return await _complete(info, input, viewer_id, number, alt_text)
    except Refusal as refusal:
        return ImagePayloadRow(refused(refusal).user_errors)


async def _complete(
    info: Info, given: CompleteImageUploadInput, viewer_id: int, number: int, alt_text: str
) -> ImagePayloadRow:
    house = info.context.house
    upload = await Upload.get_or_none(id=number, owner_id=viewer_id)
    if upload is None:
        raise NotFound("There is no such upload of yours.", ["uploadId"])
    arrival = await _taken(house, upload) if upload.state is UploadState.PENDING else None
    checkpoint("completeImageUpload.bytes_kept")

    async def act(owner_id: int) -> Mapping[str, Any]:
        image = None if arrival is None else _image_of(owner_id, arrival, alt_text)
        image_id = await keep_upload(owner_id, number, image)
        if arrival is not None and arrival.likeness is not None:
            await remember(image_id, arrival.likeness)
        if given.made_with_ai:
            await declare(owner_id, {image_id: given.made_with_ai})
        return {"image": image_id}

    outcome = await perform(info.context, "completeImageUpload", given, act)
    if outcome.done and arrival is not None:
        with suppress(StorageUnavailable):  # the sweep of old uploads takes it later
            await house.bucket.delete(upload.key)
    checkpoint("completeImageUpload.before_reply")
    return await _image_payload(info, outcome.found.get("image"), outcome.user_errors)


@dataclass(frozen=True, slots=True)
class Arrival:
    """An upload that was taken in: where it is kept, what its file said of itself, how it looks (None: too plain)."""

    kept: Kept
    said: Found
    likeness: bytes | None
    sensitive: bool


async def _taken(house: House, upload: Upload) -> Arrival:
    """The bytes of an upload, checked and kept.

    Raises ContentBlocked, BadInput, Conflict, or RateLimited when it cannot be done now.
    """
    if _at_work[upload.owner_id] >= MOST_AT_ONCE:
        raise RateLimited(f"{MOST_AT_ONCE} of your pictures are being taken in already. Try again in a moment.")
    _at_work[upload.owner_id] += 1
    try:
        async with asyncio.timeout(TAKING_SECONDS):
            data = await house.bucket.get(upload.key, upload.byte_size)
            taken = await intake(data, upload.mime_type)
            sensitive = await looks_sensitive(house.checks, taken)
            said, alike = await house.examination.said_and_alike(data, upload.mime_type, taken.luma)
            kept = await keep(house.bucket, taken, house.settings, hold=hold)
            return Arrival(kept, said, alike, sensitive)
    except NoSuchObject as error:
        raise Conflict(
            "Nothing was uploaded with this form yet. Send the file to its `url` first.", ["uploadId"]
        ) from error
    except TooLarge as error:
        raise BadInput(
            "The upload is larger than was said. Ask for a new form with its true `byteSize`.", ["uploadId"]
        ) from error
    except (StorageUnavailable, IntakeFault, TimeoutError) as error:
        log.warning("an upload was not taken in: %s", type(error).__name__)
        raise RateLimited("Pictures cannot be taken in just now. Try again in a moment.") from error
    finally:
        _at_work[upload.owner_id] -= 1
        if not _at_work[upload.owner_id]:
            del _at_work[upload.owner_id]


def _image_of(owner_id: int, arrival: Arrival, alt_text: str) -> Image:
    kept, said = arrival.kept, arrival.said
    return Image(
        source_type=next(iter(said.source_types), said.declared),
        claim_generator=said.generator,
        claim_standing=None if said.standing is Standing.ABSENT else said.standing.value,
        owner_id=owner_id,
        prefix=kept.prefix,
        mime_type=kept.mime_type,
        byte_size=kept.byte_size,
        width=kept.width,
        height=kept.height,
        blurhash=kept.blurhash,
        alt_text=alt_text,
        sensitive=arrival.sensitive,
        ai_disclosure=read((*said.source_types, said.declared)),
    )


async def _image_payload(info: Info, number: int | None, user_errors: Any) -> ImagePayloadRow:
    row = await info.context.loaders.images.load(number) if number else None
    return ImagePayloadRow(user_errors, row)
