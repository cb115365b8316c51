"""Passkeys: public keys whose private halves a person's devices hold."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from asyncpg import Record
from asyncpg.exceptions import UniqueViolationError
from tortoise.exceptions import IntegrityError

from errors import BadInput, Conflict, NotFound, QuotaExceeded
from models import node_id
from models.database import fetch, fetch_one, fetch_value
from models.transaction import transaction
from models.user import checked_line
from safety.ceremony import GOOD_SECONDS, Assertion, Attestation, Known

MOST_OF_PERSON = 20
LONGEST_NAME = 50
_COLUMNS = "id, user_id, name, is_synced, created_at, last_used_at, credential_id, public_key, sign_count, transports"


@dataclass(frozen=True, slots=True)
class PasskeyRow:
    """One passkey, as its owner sees it."""

    id: int
    user_id: int
    name: str
    is_synced: bool
    created_at: datetime
    last_used_at: datetime | None

    @property
    def gid(self) -> str:
        """The global id."""
        return node_id.encode("passkey", self.id)


@dataclass(frozen=True, slots=True)
class Key:
    """What is needed to check what a passkey signed."""

    id: int
    user_id: int
    public_key: bytes
    sign_count: int


def handle_of(user_id: int) -> bytes:
    """What an authenticator keeps to say whose a passkey is: the person's public id, which says nothing else of them."""
    return node_id.encode("user", user_id).encode()


def checked_name(name: str) -> str:
    """The name as it is kept. Raises BadInput when it is too long or empty."""
    wanted = checked_line(name, LONGEST_NAME, "name", "A passkey's name")
    if not wanted:
        raise BadInput("Name the passkey, after the device that has it.", ["name"])
    return wanted


def _row(row: Record) -> PasskeyRow:
    return PasskeyRow(row["id"], row["user_id"], row["name"], row["is_synced"], row["created_at"], row["last_used_at"])


async def passkeys_of(user_id: int) -> Sequence[PasskeyRow]:
    """A person's passkeys, at most `MOST_OF_PERSON`, oldest first."""
    return [
        _row(row) for row in await fetch(f"SELECT {_COLUMNS} FROM passkeys WHERE user_id = $1 ORDER BY id", user_id)
    ]


async def passkey_of(user_id: int, number: int) -> PasskeyRow | None:
    """One of a person's passkeys."""
    row = await fetch_one(f"SELECT {_COLUMNS} FROM passkeys WHERE user_id = $1 AND id = $2", user_id, number)
    return None if row is None else _row(row)


async def known(user_id: int) -> Sequence[Known]:
    """A person's passkeys as a browser is told of them."""
    rows = await fetch("SELECT credential_id, transports FROM passkeys WHERE user_id = $1 ORDER BY id", user_id)
    return [Known(bytes(row["credential_id"]), row["transports"]) for row in rows]


async def key_of(credential_id: bytes) -> Key | None:
    """The passkey that an authenticator calls so, whoever's it is."""
    row = await fetch_one(f"SELECT {_COLUMNS} FROM passkeys WHERE credential_id = $1", credential_id)
    return None if row is None else Key(row["id"], row["user_id"], bytes(row["public_key"]), row["sign_count"])


async def spend(challenge: bytes) -> bool:
    """Whether this challenge was not used before; it is from here on. The caller holds the transaction."""
    rows = await fetch(
        "INSERT INTO spent_challenges (challenge_hash) VALUES ($1) ON CONFLICT DO NOTHING RETURNING 1",
        hashlib.sha256(challenge).hexdigest(),
    )
    return bool(rows)


async def forget_spent() -> None:
    """Take out the challenges that are over by themselves."""
    await fetch("DELETE FROM spent_challenges WHERE spent_at < now() - make_interval(secs => $1)", 2.0 * GOOD_SECONDS)


async def add(user_id: int, name: str, given: Attestation) -> int:
    """Keep a new passkey; its number. Raises QuotaExceeded, or Conflict when it is kept already, by whomever.

    The caller holds the transaction, in which the challenge was spent.
    """
    await fetch(
        "SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE", user_id
    )  # one at a time, so that the bound holds
    if await fetch_value("SELECT count(*) FROM passkeys WHERE user_id = $1", user_id) >= MOST_OF_PERSON:
        raise QuotaExceeded(f"One has at most {MOST_OF_PERSON} passkeys. Remove one first.")
    try:
        async with transaction():
            number: int = await fetch_value(
                """INSERT INTO passkeys (user_id, credential_id, public_key, sign_count, transports, is_synced, name)
                VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id""",
                user_id,
                given.credential_id,
                given.public_key,
                given.sign_count,
                list(given.transports),
                given.is_synced,
                name,
            )
    except (IntegrityError, UniqueViolationError) as error:
        raise Conflict("This passkey is known already.", ["credential"]) from error
    return number


async def note_use(key: Key, given: Assertion) -> bool:
    """Note that a passkey was used; False when its count did not go on, as that of a copy would not.

    The caller holds the transaction, in which the challenge was spent.
    """
    rows = await fetch(
        """UPDATE passkeys SET sign_count = $2, is_synced = $3, last_used_at = now()
        WHERE id = $1 AND (sign_count < $2 OR (sign_count = 0 AND $2 = 0)) RETURNING id""",
        key.id,
        given.sign_count,
        given.is_synced,
    )
    return bool(rows)


async def rename(user_id: int, number: int, name: str) -> None:
    """Call it so from now on. Raises NotFound. The caller holds the transaction."""
    if not await fetch(
        "UPDATE passkeys SET name = $3 WHERE user_id = $1 AND id = $2 RETURNING id", user_id, number, name
    ):
        raise NotFound("There is no such passkey of yours.", ["passkeyId"])


async def remove(user_id: int, number: int) -> str:
    """Forget it; its name. Raises NotFound. The caller holds the transaction."""
    rows = await fetch("DELETE FROM passkeys WHERE user_id = $1 AND id = $2 RETURNING name", user_id, number)
    if not rows:
        raise NotFound("There is no such passkey of yours.", ["passkeyId"])
    name: str = rows[0]["name"]
    return name


async def remove_all(user_id: int) -> int:
    """Forget all of a person's; how many there were. The caller holds the transaction."""
    return len(await fetch("DELETE FROM passkeys WHERE user_id = $1 RETURNING id", user_id))
