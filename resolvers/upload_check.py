"""What an upload is looked at for: banned pictures are refused, sensitive ones are marked."""

from __future__ import annotations

import asyncio

from errors import ContentBlocked
from models.ban import banned
from provenance.likeness import of_luma
from safety.check import Checks, Stage
from storage.intake import Luma, Taken

BANNED = "This picture may not be here."


async def looks_sensitive(checks: Checks | None, taken: Taken) -> bool:
    """Whether an upload is to be marked as sensitive: by how it looks, and where that cannot be told (in time).

    Raises ContentBlocked for a banned picture.
    """
    if checks is None:
        return False
    if checks.knows_bans:
        await _refuse_banned(taken.luma)
    return checks.looks_at_uploads and checks.is_sensitive(await checks.sight(taken.derivatives["medium"], None))


async def _refuse_banned(luma: Luma) -> None:
    likeness = await asyncio.to_thread(of_luma, luma.data, luma.width, luma.height)
    ban = await banned(likeness.all) if likeness.telling else None
    if ban is not None:
        raise ContentBlocked(f"{BANNED} ({Stage.UPLOAD.value}: {ban.category})", ["uploadId"])
