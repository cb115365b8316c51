"""`python -m models.account_desk`: what whoever runs this place does about an account.

    show HANDLE       how it stands
    suspend HANDLE    nobody sees it or its posts any more, and it can write nothing
    restore HANDLE    it is back, with everything
    unlock HANDLE     for whoever has lost every second factor: they are taken away, and all sessions end
    reset HANDLE      a link for a new password, to be handed over: where no mail goes out, or to who lost their address
    invite            a link by which people come in (--uses, --days)
    role HANDLE ROLE  what they are from now on: member, moderator or administrator

Doing it twice is the same as once.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence

from errors import Refusal
from models import decision, invitation, password_reset, role, second_factor, standing
from models.database import close_database, fetch_one, fetch_value, open_database
from models.role import Role
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
        ("reset", "a link for a new password, to hand over"),
    ):
        deeds.add_parser(name, help=help_text).add_argument("handle")
    inviting = deeds.add_parser("invite", help="a link by which people come in")
    inviting.add_argument("--uses", type=int, default=1)
    inviting.add_argument("--days", type=int, default=14)
    inviting.add_argument("--note", default="")
    giving = deeds.add_parser("role", help="who works at the moderators' desk")
    giving.add_argument("handle")
    giving.add_argument("role", type=str.upper, choices=[one.value for one in Role])
    return parser.parse_args(given)


async def run(given: Sequence[str]) -> int:
    """Do what the arguments say, on an open database; the exit code."""
    told = _arguments(given)
    if told.deed == "invite":
        return await _invite(told.uses, told.days, told.note)
    handle = told.handle.removeprefix("@").lower()
    found = await fetch_one("SELECT id FROM users WHERE handle = $1", handle)
    if found is None:
        print(f"There is nobody called {told.handle}.", file=sys.stderr)
        return 1
    if told.deed == "reset":
        async with transaction():
            token = await password_reset.hand_over(found["id"], settings().secret_key)
        print(f"{settings().base_url}/reset#{token}\nIt works once, for an hour. Hand it to nobody but @{handle}.")
        return 0
    if told.deed == "role":
        async with transaction():
            if not await role.give(None, found["id"], Role(told.role)):
                print("It was so already; nothing changes.")
    elif told.deed != "show":
        acts = {"suspend": standing.suspend, "restore": standing.restore, "unlock": second_factor.reset}
        async with transaction():
            if not await acts[told.deed](found["id"]):
                print("It was so already; nothing changes.")
            elif told.deed != "unlock":
                await decision.by_command(found["id"], suspended=told.deed == "suspend")
    row = await fetch_one(
        "SELECT role, is_private, limited_at, suspended_at, deactivated_at FROM users WHERE id = $1", found["id"]
    )
    if row is None:
        return 1
    since = [
        f"{word} since {row[column]:%Y-%m-%d %H:%M} UTC"
        for word, column in (
            ("limited", "limited_at"),
            ("suspended", "suspended_at"),
            ("deactivated", "deactivated_at"),
        )
        if row[column] is not None
    ]
    inviter_id = await invitation.inviter_of(found["id"])
    by = await fetch_value("SELECT handle FROM users WHERE id = $1", inviter_id)
    came = f"; invited by @{by}" if by else ""
    print(
        f"@{handle}: {', '.join(since) or 'there'}; {'private' if row['is_private'] else 'public'}; {row['role'].lower()}{came}."
    )
    return 0


async def _invite(uses: int, days: int, note: str) -> int:
    secret_key = settings().secret_key
    try:
        async with transaction():
            number = await invitation.create(None, uses, days, note, secret_key)
            nonce = await fetch_value("SELECT nonce FROM invitations WHERE id = $1", number)
    except Refusal as refusal:
        print(refusal.message, file=sys.stderr)
        return 1
    print(f"{settings().base_url}/signup#{invitation.code_of(nonce, secret_key)}")
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
