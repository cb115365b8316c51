"""A masked edit from the mutation to the bytes its owner fetches: outside the mask the original, signed and all."""

from __future__ import annotations

import numpy as np
import pytest

from models import node_id
from models.database import fetch_value
from storage.bucket import Bucket
from storage.intake import derive
from storage.picture import keep
from tests.conftest import Serving
from tests.engines.making import bytes_of, workshop
from tests.people import Person, Town
from tests.selection import mutation
from tests.test_mask import HEIGHT, WIDTH, Painting, blobs, file_of, mask_of, noise, read


async def given(running: Serving, bucket: Bucket, owner: Person, data: bytes) -> str:
    """A picture of somebody's, kept as an upload is; its id."""
    kept = await keep(bucket, await derive(data), running.settings)
    number = await fetch_value(
        "INSERT INTO images (owner_id, prefix, mime_type, byte_size, width, height, blurhash)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
        node_id.number_of("user", owner.id),
        kept.prefix,
        kept.mime_type,
        kept.byte_size,
        kept.width,
        kept.height,
        kept.blurhash,
    )
    return node_id.encode("image", number)


@pytest.mark.parametrize("form", ["png", "webp"])
async def test_from_the_mutation_to_the_bytes(running: Serving, town: Town, form: str) -> None:
    ann = await town.person("ann")
    original, inside = file_of(noise(1)), blobs(3, 0.5)
    async with workshop(running, Painting(file_of(noise(2, 2 * WIDTH, 2 * HEIGHT)))) as bucket:
        image, mask = await given(running, bucket, ann, original), await given(running, bucket, ann, mask_of(inside))
        asked = await ann.do(
            mutation("editImage"), prompt="anything", engine="painting", imageId=image, maskId=mask, outputFormat=form
        )
        async with ann.live("JobLive", id=asked["job"]["id"]) as feed:
            event = feed.first
            while event["__typename"] != "JobChanged" or event["job"]["finishedAt"] is None:
                event = await feed.next()
        job = event["job"]
        assert job["state"] == "SUCCEEDED"
        (data,) = await bytes_of(ann, job)
    out = read(data)
    assert out.shape[:2] == (HEIGHT, WIDTH)
    assert np.array_equal(out[~inside], read(original)[~inside])
    assert (out != read(original)).any(axis=2)[inside].mean() > 0.9
    facts = await fetch_value(
        "SELECT facts FROM generation_outputs WHERE job_id = $1", node_id.number_of("job", job["id"])
    )
    assert facts["mask"]["changed_after"] == 0
    assert facts["mask"]["changed_before"] > 0.9
    assert facts["mask"]["resized"]
