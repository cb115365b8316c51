"""What an upload is looked at for: banned pictures are refused, sensitive ones are marked."""

from __future__ import annotations

import asyncio

from errors import ContentBlocked
from models.ban import banned
from provenance.likeness import of_luma
from safety.check import Checks, Stage
from safety.eye import Sight
from storage.intake import Taken

BANNED = "This picture may not be here."


async def looks_sensitive(checks: Checks | None, taken: Taken) -> bool:
    """Whether an upload is to be marked as sensitive: by how it looks, and where that cannot be told (in time).

    Raises ContentBlocked for a banned picture. Where looking fails the ban list cannot be asked, and the upload is taken.
    """
    if checks is None or not (checks.looks_at_uploads or checks.knows_bans):
        return False
    sight = await checks.sight(taken.derivatives["medium"], None)
    if sight is not None and checks.knows_bans:
        await _refuse_banned(sight)
    return checks.looks_at_uploads and checks.is_sensitive(sight)


async def _refuse_banned(sight: Sight) -> None:
    likeness = await asyncio.to_thread(of_luma, sight.luma, sight.width, sight.height)
    ban = await banned(likeness.all) if likeness.telling else None
    if ban is not None:
        raise ContentBlocked(f"{BANNED} ({Stage.UPLOAD.value}: {ban.category})", ["uploadId"])
