"""Pictures that nobody keeps leave the bucket when their grace is over."""

from __future__ import annotations

from models import loose_picture
from models.checkpoint import checkpoint
from models.database import held
from storage.bucket import Bucket

PICTURES_AT_ONCE = 50


async def sweep_pictures(bucket: Bucket) -> bool:
    """Remove what no image names any more, all sizes of it; True while there may be more.

    One process at a time: one that was stopped in the middle and goes on later must not remove what was written anew meanwhile.
    """
    async with held():
        if not await loose_picture.alone():
            return False
        try:
            gone = await loose_picture.take_due(PICTURES_AT_ONCE)
            for prefix in gone:
                await bucket.delete_prefix(prefix)
                checkpoint("picture.removed")
                await loose_picture.forget(prefix)
        finally:
            await loose_picture.not_alone()
    return len(gone) == PICTURES_AT_ONCE
