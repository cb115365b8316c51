"""`python -m generation.review_desk`: pictures that wait for a person's look, for operators.

    list                            what waits, oldest first
    show NUMBER [--save FILE]       why it was held, and of whom; the picture is written to a file
    approve NUMBER --by NAME        its owner gets it, at no cost
    refuse NUMBER --by NAME         nobody ever sees it: `python -m work` takes its bytes away within a minute

A decision reaches the job's owner at once. What nobody decides within REVIEW_DAYS is refused (`python -m work` does that).
"""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys
from collections.abc import Sequence
from pathlib import Path

from errors import Refusal
from models import node_id
from models.checkpoint import checkpoint
from models.database import close_database, open_database
from models.review import Decision, ReviewRow, decide, review, waiting
from settings import settings
from storage.bucket import Bucket, NoSuchObject, StorageUnavailable
from storage.picture import object_key

MOST_BYTES = 64 * 2**20
LONGEST_LINE = 60


def _arguments(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m generation.review_desk", description="Held pictures, for operators."
    )
    deeds = parser.add_subparsers(dest="deed", required=True)
    deeds.add_parser("list", help="what waits")
    show = deeds.add_parser("show", help="one of them")
    show.add_argument("number", type=int)
    show.add_argument("--save", help="where to write the picture", type=Path)
    for name, help_text in (("approve", "let its owner have it"), ("refuse", "let nobody ever see it")):
        deed = deeds.add_parser(name, help=help_text)
        deed.add_argument("number", type=int)
        deed.add_argument("--by", default=getpass.getuser(), help="who decides; it is kept")
    return parser.parse_args(given)


async def run(given: Sequence[str], bucket: Bucket) -> int:
    """Do what the arguments say, on an open database and bucket; the exit code."""
    told = _arguments(given)
    try:
        if told.deed == "list":
            for row in await waiting():
                print(_line(row))
        elif told.deed == "show":
            row = await review(told.number)
            print(_line(row))
            print(f"{row.engine}: {row.prompt}")
            if row.decision is not None:
                print(f"{row.decision.value.lower()} by {row.decided_by}")
            if told.save is not None:
                data = await bucket.get(object_key(row.image.prefix, "original", row.image.mime_type), MOST_BYTES)
                await asyncio.to_thread(told.save.write_bytes, data)
        else:
            decision = Decision.APPROVED if told.deed == "approve" else Decision.REFUSED
            row = await decide(told.number, decision, told.by)
            checkpoint("review.decided")
            print(f"{row.id}: {decision.value.lower()}.")
    except Refusal as refusal:
        print(refusal.message, file=sys.stderr)
        return 1
    except (NoSuchObject, StorageUnavailable, OSError) as error:
        print(f"The picture's bytes: {error!r}", file=sys.stderr)
        return 1
    return 0


def _line(row: ReviewRow) -> str:
    prompt = " ".join(row.prompt.split())
    cut = prompt if len(prompt) <= LONGEST_LINE else f"{prompt[:LONGEST_LINE]}…"
    job = f"{node_id.encode('job', row.job_id)} #{row.output_index}"
    return f"{row.id}  {row.created_at:%Y-%m-%d %H:%M}  {row.stage}: {row.category}  @{row.owner}  {job}  {cut}"


async def main(given: Sequence[str]) -> int:
    """Run on the database and bucket of the process's settings."""
    await open_database(settings().database_url, 1)
    bucket = await Bucket.open(settings())
    try:
        return await run(given, bucket)
    finally:
        await bucket.close()
        await close_database()


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
