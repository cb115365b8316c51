"""Passwords: argon2id, hashed outside of any transaction and off the event loop, two at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from errors import BadInput, RateLimited
from settings import Settings

SHORTEST = 8
LONGEST_BYTES = 1_024
MOST_WAITING = 40
HASHED = "$argon2"  # how every hash begins
LEAST_SCORE = 2  # of 4: a million guesses do not find it
LONGEST_GUESSED = 72  # characters that are looked at; what is longer is not known to anybody's list
_AT_ONCE = asyncio.Semaphore(2)
_waiting = 0


@cache
def _hasher(told: Settings) -> PasswordHasher:
    return PasswordHasher(time_cost=told.argon2_time_cost, memory_cost=told.argon2_memory_kib, parallelism=1)


@cache
def _nobody(told: Settings) -> str:
    return _hasher(told).hash("nobody has this password")


def checked(password: str, *about: str, path: str = "password") -> str:
    """The password, if it may be one. Raises BadInput when it is too short or too long, or easy to guess: it is on the lists of
    leaked passwords that every guesser has, or made of such, of a row of keys, or of what is known `about` the person."""
    if len(password) < SHORTEST or len(password.encode(errors="surrogatepass")) > LONGEST_BYTES:
        raise BadInput(f"A password has at least {SHORTEST} characters and at most {LONGEST_BYTES} bytes.", [path])
    if zxcvbn(password[:LONGEST_GUESSED], user_inputs=[word for word in about if word])["score"] < LEAST_SCORE:
        raise BadInput(
            "This password is among the first that are guessed. Take several words, or let a password manager make one.",
            [path],
        )
    return password


async def sound(password: str, *about: str, path: str = "password") -> str:
    """`checked`, off the event loop, as guessing takes up to a tenth of a second. Raises RateLimited when too many wait."""
    async with _place():
        return await asyncio.to_thread(checked, password, *about, path=path)


@asynccontextmanager
async def _place() -> AsyncIterator[None]:
    """A place to work in, or RateLimited when too many wait for one: who waits for seconds asks again by themselves."""
    global _waiting
    if _waiting >= MOST_WAITING:
        raise RateLimited("Too many people sign in at this moment. Try again in a few seconds.")
    _waiting += 1
    try:
        async with _AT_ONCE:
            yield
    finally:
        _waiting -= 1


async def hashed(password: str, told: Settings) -> str:
    """The argon2id hash to keep. Raises RateLimited when too many wait."""
    async with _place():
        return await asyncio.to_thread(_hasher(told).hash, password)


async def matches(password_hash: str | None, password: str, told: Settings) -> bool:
    """Whether this is the password. Without a hash (nobody by that name, or somebody who signs in elsewhere) it takes as long and
    is False.

    Raises RateLimited when too many wait.
    """
    async with _place():
        return await asyncio.to_thread(_matches, password_hash, password, told)


def _matches(password_hash: str | None, password: str, told: Settings) -> bool:
    if len(password.encode(errors="surrogatepass")) > LONGEST_BYTES:
        password = ""
    known = password_hash is not None and password_hash.startswith(HASHED)
    try:
        return _hasher(told).verify(password_hash if known and password_hash else _nobody(told), password) and known
    except (VerificationError, InvalidHashError):
        return False


async def renewed(password_hash: str, password: str, told: Settings) -> str | None:
    """The hash of this password (which fits) at today's cost; None where the one that is kept has it. Raises RateLimited."""
    return await hashed(password, told) if _hasher(told).check_needs_rehash(password_hash) else None
