"""`python -m models.credit_desk`: what whoever runs this place does about credits, one person at a time.

    show HANDLE                             what they have
    grant HANDLE CREDITS [--note] [--key]   give some
    adjust HANDLE CREDITS [--note] [--key]  put something right, up or (-20) down
    tier HANDLE TIER                        put them into a tier
    recount [--repair]                      compare every account with its lines; exit code 1 when one differs

A key makes a command harmless to repeat: it is done once, whoever runs it again.
"""

from __future__ import annotations

import argparse
import asyncio
import secrets
import sys
from collections.abc import Sequence

from errors import Refusal
from models.credit import differences, recount
from models.credit_move import adjust, grant, open_account, set_tier
from models.database import close_database, fetch_value, open_database
from models.tier import Tier
from models.transaction import transaction
from settings import settings


def _arguments(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m models.credit_desk", description="Credits, for operators.")
    deeds = parser.add_subparsers(dest="deed", required=True)
    deeds.add_parser("show", help="what somebody has").add_argument("handle")
    for name, help_text in (("grant", "give credits"), ("adjust", "put right what was wrong, up or down")):
        deed = deeds.add_parser(name, help=help_text)
        deed.add_argument("handle")
        deed.add_argument("credits", type=int)
        deed.add_argument("--note", help="why; its owner reads it")
        deed.add_argument("--key", help="done once for each key; chance when left out")
    tier = deeds.add_parser("tier", help="put somebody into a tier")
    tier.add_argument("handle")
    tier.add_argument("tier", choices=[tier.value for tier in Tier])
    deeds.add_parser("recount", help="compare accounts with their lines").add_argument("--repair", action="store_true")
    return parser.parse_args(given)


async def run(given: Sequence[str]) -> int:
    """Do what the arguments say, on an open database; the exit code."""
    told = _arguments(given)
    if told.deed == "recount":
        return await _recount(told.repair)
    owner_id = await fetch_value("SELECT id FROM users WHERE handle = $1", told.handle.removeprefix("@").lower())
    if owner_id is None:
        print(f"There is nobody called {told.handle}.", file=sys.stderr)
        return 1
    try:
        if told.deed == "tier":
            await set_tier(owner_id, Tier(told.tier))
        elif told.deed != "show":
            put = grant if told.deed == "grant" else adjust
            if not await put(owner_id, told.credits, told.key or secrets.token_hex(8), told.note):
                print("This was done before, under the same key; nothing changes.")
    except Refusal as refusal:
        print(refusal.message, file=sys.stderr)
        return 1
    account = await open_account(owner_id)
    print(
        f"@{told.handle.removeprefix('@')}: {account.tier.value}, {account.balance:,} credits, {account.held:,} of them held;"
        f" {account.monthly_grant:,} a month, next on {account.next_grant_at:%Y-%m-%d %H:%M} UTC."
    )
    return 0


async def _recount(repair: bool) -> int:
    found = await differences()
    for one in found:
        print(
            f"Person {one.owner_id}: balance {one.balance} and held {one.held},"
            f" but the lines come to {one.counted_balance} and {one.counted_held}."
        )
        if repair:
            async with transaction():
                await recount(one.owner_id)
    if not found:
        print("Every account is what its lines come to.")
    return 1 if found and not repair else 0


async def main(given: Sequence[str]) -> int:
    """Run on the database of the process's settings."""
    await open_database(settings().database_url, 1)
    try:
        return await run(given)
    finally:
        await close_database()


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
