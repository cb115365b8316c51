"""Recovery codes: what lets somebody in who has lost their second factor. Told once, kept as hashes, each good for one time.

A code has 80 random bits, so its hash needs neither salt nor slowness.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence

from models.database import fetch, fetch_value
from models.node_id import ALPHABET

MOST = 10
GROUPS, OF_GROUP = 4, 4
_READ_AS = str.maketrans({"o": "0", "i": "1", "l": "1"})  # as Crockford reads what people write


def _new() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(OF_GROUP)) for _ in range(GROUPS))


def _hash(user_id: int, code: str) -> str:
    kept = "".join(one for one in code.lower() if one.isalnum()).translate(_READ_AS)
    return hashlib.sha256(f"{user_id} {kept}".encode(errors="surrogatepass")).hexdigest()


async def make(user_id: int) -> Sequence[str]:
    """New codes in the place of all there were; this is the only time that they are told. The caller holds the transaction."""
    codes = [_new() for _ in range(MOST)]
    await fetch("DELETE FROM recovery_codes WHERE user_id = $1", user_id)
    await fetch(
        "INSERT INTO recovery_codes (user_id, code_hash) SELECT $1, unnest($2::text[])",
        user_id,
        [_hash(user_id, code) for code in codes],
    )
    return codes


async def left(user_id: int) -> int:
    """How many of the person's codes are unused."""
    return int(await fetch_value("SELECT count(*) FROM recovery_codes WHERE user_id = $1 AND used_at IS NULL", user_id))


async def redeem(user_id: int, code: str) -> bool:
    """Whether this is an unused code of the person's; it is used from here on. The caller holds the transaction."""
    rows = await fetch(
        "UPDATE recovery_codes SET used_at = now() WHERE user_id = $1 AND code_hash = $2 AND used_at IS NULL RETURNING user_id",
        user_id,
        _hash(user_id, code),
    )
    return bool(rows)


async def forget(user_id: int) -> None:
    """No codes any more. The caller holds the transaction."""
    await fetch("DELETE FROM recovery_codes WHERE user_id = $1", user_id)
