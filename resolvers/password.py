"""Passwords: argon2id, hashed outside of any transaction and off the event loop, two at a time."""

from __future__ import annotations

import asyncio
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from errors import BadInput
from settings import settings

SHORTEST = 8
LONGEST_BYTES = 1_024
_AT_ONCE = asyncio.Semaphore(2)


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher(
        time_cost=settings().argon2_time_cost, memory_cost=settings().argon2_memory_kib, parallelism=1
    )


@cache
def _nobody() -> str:
    return _hasher().hash("nobody has this password")


def checked(password: str) -> str:
    """The password, if it may be one. Raises BadInput when it is too short or too long."""
    if len(password) < SHORTEST or len(password.encode(errors="surrogatepass")) > LONGEST_BYTES:
        raise BadInput(
            f"A password has at least {SHORTEST} characters and at most {LONGEST_BYTES} bytes.", ["password"]
        )
    return password


async def hashed(password: str) -> str:
    """The argon2id hash to keep."""
    async with _AT_ONCE:
        return await asyncio.to_thread(_hasher().hash, password)


async def matches(password_hash: str | None, password: str) -> bool:
    """Whether this is the password. Without a hash (nobody by that name) it takes as long and is False."""
    async with _AT_ONCE:
        return await asyncio.to_thread(_matches, password_hash, password)


def _matches(password_hash: str | None, password: str) -> bool:
    if len(password.encode(errors="surrogatepass")) > LONGEST_BYTES:
        password = ""
    try:
        return _hasher().verify(password_hash or _nobody(), password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False
