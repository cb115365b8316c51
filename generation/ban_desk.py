"""`python -m generation.ban_desk`: the pictures that may not be here, for operators. Kept are 256 bits of each, and no picture.

list                                    all of them
add FILE CATEGORY [--note]              ban a picture (PNG, JPEG or WebP), copies of it, and its flips
add-hash HEX CATEGORY [--note]          the same by its PDQ hash, as lists of others have it: 64 hexadecimal digits
remove NUMBER                           let it be shown again
check FILE                              whether a picture falls under a ban; exit code 1 when it does
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from errors import BadInput, Refusal
from models.ban import add, banned, bans, remove
from models.database import close_database, open_database
from provenance.likeness import Likeness, looked_at
from safety.eye import Eye, EyeFault
from settings import settings
from storage.intake import intake

LOOKING_SECONDS = 30.0


def _arguments(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m generation.ban_desk", description="Banned pictures, for operators."
    )
    deeds = parser.add_subparsers(dest="deed", required=True)
    deeds.add_parser("list", help="all that is banned")
    for name, what, help_text in (("add", "file", "ban a picture"), ("add-hash", "hash", "ban a picture by its hash")):
        deed = deeds.add_parser(name, help=help_text)
        deed.add_argument(what)
        deed.add_argument(
            "category", help="a word for programs, such as sexual_minors; whoever makes it again reads it"
        )
        deed.add_argument("--note", default="", help="for those who keep the list")
    deeds.add_parser("remove", help="let it be shown again").add_argument("number", type=int)
    deeds.add_parser("check", help="whether a picture falls under a ban").add_argument("file")
    return parser.parse_args(given)


async def run(given: Sequence[str]) -> int:
    """Do what the arguments say, on an open database; the exit code."""
    told = _arguments(given)
    try:
        if told.deed == "list":
            for ban in await bans():
                print(f"{ban.id}  {ban.hash}  {ban.category}  {ban.created_at:%Y-%m-%d}  {ban.note}".rstrip())
        elif told.deed == "remove":
            gone = await remove(told.number)
            print("It is shown again." if gone else "There is no such ban.")
            return 0 if gone else 1
        elif told.deed == "check":
            found = await banned((await _likeness(Path(told.file))).sought_any_way)
            print(f"Banned: {found.id}, {found.category}." if found else "It falls under no ban.")
            return 1 if found else 0
        else:
            hash_ = _hash(told.hash) if told.deed == "add-hash" else await _telling(Path(told.file))
            print("It is banned." if await add(hash_, told.category, told.note) else "It was banned before.")
    except (Refusal, EyeFault, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _hash(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise BadInput("A hash has 64 hexadecimal digits.") from error


async def _likeness(file: Path) -> Likeness:
    """How a file looks, taken in like an upload. Raises Refusal, EyeFault, OSError."""
    taken = await intake(await asyncio.to_thread(file.read_bytes), None)
    eye = Eye(LOOKING_SECONDS)
    try:
        sight = await eye.look(taken.derivatives["medium"], sexual=False)
    finally:
        await eye.close()
    return await looked_at(sight.luma, sight.width, sight.height)


async def _telling(file: Path) -> bytes:
    likeness = await _likeness(file)
    if not likeness.telling:
        raise BadInput("The picture is too plain to be known again: its hash would fit many others.")
    return likeness.hash


async def main(given: Sequence[str]) -> int:
    """Run on the database of the process's settings."""
    await open_database(settings().database_url, 1)
    try:
        return await run(given)
    finally:
        await close_database()


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
