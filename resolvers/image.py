"""Images: their addresses, and taking in what people upload."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from enum import Enum
from typing import Any

import strawberry

from errors import BadInput, Conflict, NotFound, Refusal
from models import node_id
from models.card import ImageRow
from models.checkpoint import checkpoint
from models.image import Image, checked_alt_text
from models.upload import Upload, UploadState, keep_upload, open_upload
from models.user import checked_line
from models.visibility import SIGNED_OUT
from resolvers.context import Info
from resolvers.node import number_in
from resolvers.outcome import claim, earlier, perform, refused
from resolvers.payload import ImagePayloadRow, UploadPayloadRow
from resolvers.upload_row import FormFieldRow, UploadRow
from resolvers.user import KEY_HELP
from storage.address import media_url
from storage.bucket import NoSuchObject, StorageUnavailable, TooLarge
from storage.intake import intake
from storage.key import upload_key
from storage.picture import Kept, keep
from storage.signature import presigned_post

MIME_TYPES = ("image/png", "image/jpeg", "image/webp")
LONGEST_FILENAME = 200


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


@strawberry.input(description="An upload whose form was sent.")
class CompleteImageUploadInput:
    upload_id: strawberry.ID = strawberry.field(description="An upload of one's own.")
    alt_text: str | None = strawberry.field(
        description="What it shows; at most 2,000 characters.", default=strawberry.UNSET
    )
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


async def url(parent: strawberry.Parent[ImageRow], size: ImageSize = ImageSize.MEDIUM) -> str | None:
    """The stable address of a picture in a size; with a grant for this viewer when it is not open to all."""
    viewer_id = None if parent.viewer_id == SIGNED_OUT else parent.viewer_id
    return media_url(parent.gid, size.value, parent.open_to_all, viewer_id, time.time())


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
    row = await Upload.get(id=outcome.found["upload"])
    form = presigned_post(row.key, row.mime_type, row.byte_size, time.time(), settings)
    fields = [FormFieldRow(name, value) for name, value in form.fields.items()]
    return UploadPayloadRow((), UploadRow(node_id.encode("upload", row.id), form.url, "POST", fields, row.expires_at))


async def complete_image_upload(info: Info, input: CompleteImageUploadInput) -> ImagePayloadRow:
    """Check an uploaded picture, keep it, and give the image. Completing twice gives the same image.

    The slow part (fetching, decoding, keeping the bytes) comes before the transaction, and is harmless when repeated.
    """
    context = info.context
    bucket, settings = context.house.bucket, context.house.settings
    try:
        viewer_id = context.require_viewer()
        known = await earlier(claim(context, "completeImageUpload", input))
        if known is not None:
            return await _image_payload(info, known.found.get("image"), known.user_errors)
        upload = await Upload.get_or_none(id=number_in("upload", input.upload_id, "uploadId"), owner_id=viewer_id)
        if upload is None:
            raise NotFound("There is no such upload of yours.", ["uploadId"])
        alt_text = checked_alt_text(input.alt_text or "", ["altText"])
        kept = None
        if upload.state is UploadState.PENDING:
            try:
                data = await bucket.get(upload.key, upload.byte_size)
                kept = await keep(bucket, await intake(data, upload.mime_type), settings)
            except NoSuchObject as error:
                raise Conflict("Nothing was uploaded with this form yet.", ["uploadId"]) from error
            except TooLarge as error:
                raise BadInput("The upload is larger than was said.", ["uploadId"]) from error
        checkpoint("completeImageUpload.bytes_kept")
    except Refusal as refusal:
        return ImagePayloadRow(refused(refusal).user_errors)

    async def act(owner_id: int) -> Mapping[str, Any]:
        image = None if kept is None else _image_of(owner_id, kept, alt_text)
        return {"image": await keep_upload(owner_id, upload.id, image)}

    outcome = await perform(context, "completeImageUpload", input, act)
    if outcome.done:
        with suppress(StorageUnavailable):  # the sweep of old uploads takes it later
            await bucket.delete(upload.key)
    checkpoint("completeImageUpload.before_reply")
    return await _image_payload(info, outcome.found.get("image"), outcome.user_errors)


def _image_of(owner_id: int, kept: Kept, alt_text: str) -> Image:
    return Image(
        owner_id=owner_id,
        prefix=kept.prefix,
        mime_type=kept.mime_type,
        byte_size=kept.byte_size,
        width=kept.width,
        height=kept.height,
        blurhash=kept.blurhash,
        alt_text=alt_text,
    )


async def _image_payload(info: Info, number: int | None, user_errors: Any) -> ImagePayloadRow:
    row = await info.context.loaders.images.load(number) if number else None
    return ImagePayloadRow(user_errors, row)
