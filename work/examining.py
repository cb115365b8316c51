"""Pictures from before proofs were kept get theirs: how they look, and what is signed in them. An invisible mark they do not get:
it would change files that were given out.

`python -m work` does it slowly beside everything else. `python -m work.examining [--per-second N]` does it alone until none is
left, and can be stopped and begun again at any time.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections.abc import Sequence

from errors import BadInput, RateLimited
from models import unexamined
from models.database import close_database, open_database
from models.unexamined import Finding, Unexamined
from provenance.credential import credential_of
from provenance.examining import ExaminingFault, examined
from provenance.likeness import looked_at
from provenance.reading import Found, Standing
from settings import set_up_logging, settings
from storage.bucket import Bucket, NoSuchObject, TooLarge
from storage.intake import IntakeFault, look
from storage.picture import object_key

AT_ONCE = 1
PER_SECOND = 4.0
LARGEST_ORIGINAL_BYTES = 64 * 2**20
log = logging.getLogger(__name__)


async def examine(bucket: Bucket, anchors: str, limit: int = AT_ONCE) -> int:
    """Look at the next pictures, at most `limit`; how many that were.

    One whose original is gone, or is no picture, is left out with a word in the log. Raises StorageUnavailable.
    """
    found = await unexamined.waiting(limit)
    for picture in found:
        try:
            await unexamined.examined(picture.id, await _finding(bucket, picture, anchors))
        except (IntakeFault, RateLimited) as error:
            log.warning("picture %d is examined another time: %s", picture.id, type(error).__name__)
            await unexamined.failed(picture.id)
        except (NoSuchObject, TooLarge, BadInput) as error:
            log.warning("picture %d cannot be examined: %s", picture.id, type(error).__name__)
            await unexamined.examined(picture.id, None)
    return len(found)


async def _finding(bucket: Bucket, picture: Unexamined, anchors: str) -> Finding:
    key = object_key(picture.prefix, "original", picture.mime_type)
    data = await bucket.get(key, LARGEST_ORIGINAL_BYTES)
    luma = (await look(data)).luma
    kept = (await looked_at(luma.data, luma.width, luma.height)).kept
    try:
        said = await examined(data, picture.mime_type, anchors)
    except ExaminingFault:
        said = Found()
    if not picture.generated or said.standing is Standing.ABSENT:
        return Finding(kept)
    source_type = next(iter(said.source_types), said.declared)
    name = said.facts.get("picture") if said.standing is Standing.TRUSTED else None
    return Finding(
        kept, source_type, said.generator, said.standing.value, name if isinstance(name, str) and name else None
    )


def anchors() -> str:
    """The authorities whose signatures are believed here (PEM); empty where none is."""
    credential = credential_of(settings())
    return credential.anchors if credential else ""


async def main(given: Sequence[str]) -> None:
    """Look at all that is left, on the database and bucket of the process's settings."""
    parser = argparse.ArgumentParser(prog="python -m work.examining", description="Proofs for old pictures.")
    parser.add_argument("--per-second", type=float, default=PER_SECOND, help="how many pictures a second at most")
    pause = 1 / parser.parse_args(given).per_second
    told = settings()
    await open_database(told.database_url, 1)
    bucket = await Bucket.open(told)
    try:
        log.info("%d pictures are to be examined", await unexamined.left())
        believed = anchors()
        while await examine(bucket, believed):  # noqa: ASYNC110  # at a rate that leaves room for others
            await asyncio.sleep(pause)
    finally:
        await bucket.close()
        await close_database()


if __name__ == "__main__":
    set_up_logging()
    asyncio.run(main(sys.argv[1:]))
