"""What an upload is looked at for: banned pictures are refused, sensitive ones are marked."""

from __future__ import annotations

from errors import ContentBlocked
from models.ban import banned
from provenance.likeness import looked_at
from safety.check import Checks, Stage
from storage.intake import Taken

BANNED = "This picture may not be here."


async def looks_sensitive(checks: Checks | None, taken: Taken) -> bool:
    """Whether an upload is to be marked as sensitive: by how it looks, and where that cannot be told (in time).

    Raises ContentBlocked for a banned picture.
    """
    if checks is None:
        return False
    if checks.knows_bans:
        likeness = await looked_at(taken.luma.data, taken.luma.width, taken.luma.height)
        if (ban := await banned(likeness.sought_any_way)) is not None:
            raise ContentBlocked(f"{BANNED} ({Stage.UPLOAD.value}: {ban.category})", ["uploadId"])
    return checks.looks_at_uploads and checks.is_sensitive(await checks.sight(taken.derivatives["medium"], None))
