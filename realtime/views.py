"""Views on their way: who saw which post today, counted in Redis so that each person counts once, and never by name.

One HyperLogLog for each post and day takes a few bytes for each viewer, 12 KiB at most, and is gone after two days; what it
counts is off by less than a hundredth. Which posts have news is a set, emptied by `work`. The counts have a name that is lost
with them, so that whoever reads them knows when they began anew. Without Redis nothing is counted, and nobody is refused.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, ResponseError

KEPT_SECONDS = 2 * 24 * 3_600
MOST_A_MINUTE = 600  # posts that one viewer can have looked at
NAME = "fresque:views:name"
TIMEOUT_SECONDS = 1.0
AWAY = (RedisError, OSError, TimeoutError)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many saw each post of a day so far, by post, under the name of this count."""

    name: str
    views: Sequence[tuple[int, int]]


def today() -> date:
    """The day that views count for."""
    return datetime.now(UTC).date()


class Views:
    """Takes views, and gives what they come to. `secret` keeps who looked from being told by a copy of Redis."""

    def __init__(self, url: str, secret: str) -> None:
        self._secret = secret.encode()
        self._redis: Redis = Redis.from_url(
            url,
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )

    async def note(self, who: str, post_ids: Iterable[int], day: date) -> bool:
        """Somebody saw these posts; the same again on a day counts for nothing. False when Redis was not reached, or it is more
        than anybody can look at."""
        wanted = list(post_ids)
        if not wanted:
            return True
        digest = hmac.new(self._secret, f"views {day} {who}".encode(), hashlib.sha256).digest()[:16]
        minute = f"fresque:views:pace:{digest.hex()}:{int(datetime.now(UTC).timestamp()) // 60}"
        try:
            async with self._redis.pipeline(transaction=False) as pipe:
                pipe.incrby(minute, len(wanted))
                pipe.expire(minute, 120)
                if int((await pipe.execute())[0]) > MOST_A_MINUTE:
                    return False
            async with self._redis.pipeline(transaction=False) as pipe:
                pipe.set(NAME, secrets.token_hex(8), nx=True)
                for post_id in wanted:
                    key = _key(day, post_id)
                    pipe.pfadd(key, digest)
                    pipe.expire(key, KEPT_SECONDS)
                pipe.sadd(_news(day), *wanted)
                pipe.expire(_news(day), KEPT_SECONDS)
                await pipe.execute()
        except AWAY as error:
            log.debug("views were not counted: %s", error)
            return False
        return True

    async def counted(self, day: date, most: int) -> Counted | None:
        """Some of the posts of a day that have news; None when there are none, or Redis is away. They are given again until
        they are `settled`."""
        try:
            if not await self._redis.exists(_taken(day)):
                try:
                    await self._redis.rename(_news(day), _taken(day))
                except ResponseError:  # there are none
                    return None
            posts = [int(number) for number in await self._redis.srandmember(_taken(day), most)]  # type: ignore[union-attr]
            name = await self._redis.get(NAME)
            if not posts or name is None:
                return None
            async with self._redis.pipeline(transaction=False) as pipe:
                for post_id in posts:
                    pipe.pfcount(_key(day, post_id))
                found = await pipe.execute()
        except AWAY as error:
            log.debug("views could not be read: %s", error)
            return None
        return Counted(
            name.decode() if isinstance(name, bytes) else name, list(zip(posts, map(int, found), strict=True))
        )

    async def settled(self, day: date, post_ids: Iterable[int]) -> None:
        """These were written down."""
        try:
            await self._redis.srem(_taken(day), *post_ids)
        except AWAY as error:
            log.debug("views are written down once more: %s", error)

    async def close(self) -> None:
        """Let go of every connection."""
        await self._redis.aclose()


def _key(day: date, post_id: int) -> str:
    return f"fresque:views:{day}:{post_id}"


def _news(day: date) -> str:
    return f"fresque:views:news:{day}"


def _taken(day: date) -> str:
    return f"fresque:views:taken:{day}"
