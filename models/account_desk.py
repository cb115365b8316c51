"""`python -m models.account_desk`: what whoever runs this place does about an account.

    show HANDLE       how it stands
    suspend HANDLE    nobody sees it or its posts any more, and it can write nothing
    restore HANDLE    it is back, with everything
    unlock HANDLE     for whoever has lost every second factor: they are taken away, and all sessions end

Doing it twice is the same as once.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence

from models import second_factor, standing
from models.database import close_database, fetch_one, open_database
from models.transaction import transaction
from settings import settings


def _arguments(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m models.account_desk", description="Accounts, for operators.")
    deeds = parser.add_subparsers(dest="deed", required=True)
    for name, help_text in (
        ("show", "how an account stands"),
        ("suspend", "take an account and its posts away from everybody"),
        ("restore", "bring a suspended account back"),
        ("unlock", "take every second factor off an account whose owner has lost them, and end its sessions"),
    ):
        deeds.add_parser(name, help=help_text).add_argument("handle")
    return parser.parse_args(given)


async def run(given: Sequence[str]) -> int:
    """Do what the arguments say, on an open database; the exit code."""
    told = _arguments(given)
    handle = told.handle.removeprefix("@").lower()
    found = await fetch_one("SELECT id FROM users WHERE handle = $1", handle)
    if found is None:
        print(f"There is nobody called {told.handle}.", file=sys.stderr)
        return 1
    if told.deed != "show":
        acts = {"suspend": standing.suspend, "restore": standing.restore, "unlock": second_factor.reset}
        async with transaction():
            if not await acts[told.deed](found["id"]):
                print("It was so already; nothing changes.")
    row = await fetch_one("SELECT is_private, suspended_at, deactivated_at FROM users WHERE id = $1", found["id"])
    if row is None:
        return 1
    since = [
        f"{word} since {row[column]:%Y-%m-%d %H:%M} UTC"
        for word, column in (("suspended", "suspended_at"), ("deactivated", "deactivated_at"))
        if row[column] is not None
    ]
    print(f"@{handle}: {', '.join(since) or 'there'}; {'private' if row['is_private'] else 'public'}.")
    return 0


async def main(given: Sequence[str]) -> int:
    """Run on the database of the process's settings."""
    await open_database(settings().database_url, 1)
    try:
        return await run(given)
    finally:
        await close_database()


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
