"""What an engine is asked: a claimed job with the bytes of the pictures it was given."""

from __future__ import annotations

import hashlib
import hmac
from uuid import UUID

from generation.engine import EngineError, Request
from models.job import InputRole
from models.lease import Claimed, Given
from storage.bucket import Bucket, NoSuchObject, StorageUnavailable, TooLarge
from storage.key import secret
from storage.picture import object_key

LARGEST_INPUT_BYTES = 64 * 2**20


async def request_of(job: Claimed, bucket: Bucket, secret_key: str) -> Request:
    """The request for what is still wanted of a job. Raises EngineError when a picture cannot be read."""
    pictures: dict[InputRole, list[bytes]] = {role: [] for role in InputRole}
    for given in job.given:
        pictures[given.role].append(await _read(bucket, given))
    subject = next((given for given in job.given if given.role is InputRole.IMAGE), None)
    return Request(
        prompt=job.prompt,
        model=job.model,
        width=job.width,
        height=job.height,
        count=job.count,
        seed=job.seed,
        kind=job.kind.value,
        style=job.style,
        background=job.background,
        quality=job.quality,
        output_format=job.output_format or "png",
        negative_prompt=job.negative_prompt,
        strength=job.strength,
        scale=job.scale,
        image=next(iter(pictures[InputRole.IMAGE]), None),
        mask=next(iter(pictures[InputRole.MASK]), None),
        guide=next(iter(pictures[InputRole.GUIDE]), None),
        references=tuple(pictures[InputRole.REFERENCE]),
        facts=subject.facts if subject is not None else {},
        job=str(_name(secret_key, "job", job.id)),
        person=_name(secret_key, "person", job.owner_id).hex,
        upstream_id=job.upstream_id,
        only=job.wanted,
    )


async def _read(bucket: Bucket, given: Given) -> bytes:
    try:
        return await bucket.get(object_key(given.prefix, "original", given.mime_type), LARGEST_INPUT_BYTES)
    except StorageUnavailable as error:
        raise EngineError("storage_failed", "A picture given to this job could not be read.", retryable=True) from error
    except (NoSuchObject, TooLarge) as error:
        raise EngineError("input_missing", "A picture given to this job is not there any more.") from error


def _name(secret_key: str, of: str, number: int) -> UUID:
    """A name for the world outside that tells nothing, always the same for the same thing."""
    digest = hmac.digest(secret(secret_key), f"fresque {of} outside\0{number}".encode(), hashlib.sha256)
    return UUID(bytes=digest[:16], version=4)
