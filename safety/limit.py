"""Budgets of points that refill steadily, kept in Redis so that all processes share them.

A budget is a debt: taking points adds to it, time pays it back at `points` per `seconds`, and it never exceeds `burst`. One
small script does it in one round trip, on the clock of Redis, in whole numbers: a point is `seconds` in microseconds, and each
microsecond pays back `points`, so that nothing is lost by rounding. A budget that is whole again is forgotten.

The client retries nothing: a call that got no answer may have been counted, and is never counted twice.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import math
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, cast

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import NoScriptError, RedisError
from redis.maint_notifications import MaintNotificationsConfig

ANSWER_SECONDS = 1.0  # longer than that, and Redis is taken to be away
AWAY_SECONDS = 1.0  # so long is nobody made to wait for a Redis that is away; then one call tries again
MAX_CONNECTIONS = 16
MAX_LOCAL_KEYS = 10_000
PREFIX = "fresque:points:"
MICROSECONDS = 1_000_000
log = logging.getLogger(__name__)

# Strings by %.0f, since Lua writes large numbers as 1e+15. All numbers are below 2^53, where doubles are exact.
SCRIPT = """
local rate, window, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local cost, now = tonumber(ARGV[4]), tonumber(ARGV[5])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end
local debt, at = string.match(redis.call('GET', KEYS[1]) or '0 0', '^(%d+) (%d+)$')
debt = math.max(0, tonumber(debt) - math.max(0, now - tonumber(at)) * rate)
local room, want = burst * window - debt, cost * window
local allowed = want <= room
if allowed then
  debt, room = debt + want, room - want
end
if cost > 0 and debt > 0 then
  redis.call('SET', KEYS[1], string.format('%.0f %.0f', debt, now), 'PX', string.format('%.0f', debt / rate / 1000 + 1000))
end
local whole = math.max(0, math.floor(room / window))
local next = debt > 0 and ((whole + 1) * window - room) / rate or 0
local wait = allowed and 0 or (want - room) / rate
return {allowed and 1 or 0, whole, math.ceil(wait), math.ceil(next), math.ceil(debt / rate)}
"""
DIGEST = hashlib.sha1(SCRIPT.encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much somebody may take: `points` in every `seconds`, and `burst` points at once after a rest."""

    points: int
    seconds: int
    burst: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A budget after somebody asked: whether it was granted, and what is left. Times are in seconds from now."""

    allowed: bool
    limit: int  # points of a whole budget
    remaining: int
    retry_after: float  # until the same would be granted; 0 when it was
    next_point: float  # until there is one more point; 0 when the budget is whole
    whole_again: float  # until the budget is whole
    rate: int  # points that come back in `window`
    window: int


class Limit:
    """Budgets by key. Losing Redis raises nothing: it is told in the log once, and counted in `uncounted`."""

    def __init__(self, url: str, answer_seconds: float = ANSWER_SECONDS) -> None:
        self._answer_seconds = answer_seconds
        # A pool that waits: without a bound, a thousand requests at once open a thousand connections.
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=MAX_CONNECTIONS,
            timeout=answer_seconds,
            socket_timeout=answer_seconds,
            socket_connect_timeout=answer_seconds,
            retry=Retry(NoBackoff(), 0),
            # With them on, redis-py does not look whether a connection out of the pool was closed meanwhile: after a restart
            # of Redis each of them would fail one call.
            maint_notifications_config=MaintNotificationsConfig(enabled=False),
        )
        self._redis: Redis = Redis.from_pool(pool)
        self._asking: set[asyncio.Task[list[int] | None]] = set()
        self._away_until = 0.0
        self._local: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self.away = False
        self.uncounted = 0  # calls that Redis did not count, since the process started

    async def take(
        self, key: str, cost: int, allowance: Allowance, now_microseconds: int | None = None
    ) -> Standing | None:
        """Take `cost` points (0: only look) of the budget `key`, all or none. None when Redis is away.

        The clock is that of Redis; `now_microseconds` stands in for it in tests.
        """
        found = await self._ask(
            key,
            allowance.points,
            allowance.seconds * MICROSECONDS,
            allowance.burst,
            cost,
            "" if now_microseconds is None else now_microseconds,
        )
        if found is None:
            self.uncounted += 1
            return None
        allowed, remaining, wait, next_point, whole = found
        return _standing(allowance, bool(allowed), remaining, wait, next_point, whole)

    async def take_anyhow(self, key: str, cost: int, allowance: Allowance) -> Standing:
        """The same for what must never go uncounted: while Redis is away, this process counts by itself."""
        found = await self.take(key, cost, allowance)
        return self._take_here(key, cost, allowance) if found is None else found

    async def forget(self, key: str) -> None:
        """Make the budget `key` whole. While Redis is away it stays what it was there."""
        self._local.pop(key, None)
        try:
            await self._redis.delete(PREFIX + key)
        except (RedisError, OSError, TimeoutError) as error:
            log.debug("redis did not forget a budget: %s", error)

    async def close(self) -> None:
        """Let go of every connection."""
        for task in self._asking:
            task.cancel()
        await asyncio.gather(*self._asking, return_exceptions=True)
        await self._redis.aclose()
        await self._redis.connection_pool.disconnect()

    async def _ask(self, key: str, *arguments: int | str) -> list[int] | None:
        loop = asyncio.get_running_loop()
        if self.away:
            if loop.time() < self._away_until:
                return None
            self._away_until = loop.time() + self._answer_seconds + AWAY_SECONDS  # this call tries, others go on
        # In a task of its own: a cancelled caller must not cut a connection in the middle of an answer.
        task = loop.create_task(self._evaluate(PREFIX + key, arguments))
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)
        return await asyncio.shield(task)

    async def _evaluate(self, key: str, arguments: tuple[int | str, ...]) -> list[int] | None:
        redis = cast(Any, self._redis)
        try:
            try:
                found = await redis.evalsha(DIGEST, 1, key, *arguments)
            except NoScriptError:  # the first call of a new Redis; nothing was counted
                found = await redis.eval(SCRIPT, 1, key, *arguments)
        except (RedisError, OSError, TimeoutError) as error:
            self._lost(error)
            return None
        if self.away:
            self.away = False
            log.warning("redis counts points again; %d calls went uncounted so far", self.uncounted)
        return [int(number) for number in found]

    def _lost(self, error: Exception) -> None:
        if not self.away:
            log.warning("redis does not count points, which are not limited meanwhile: %s", error)
        self.away = True
        self._away_until = asyncio.get_running_loop().time() + AWAY_SECONDS

    def _take_here(self, key: str, cost: int, allowance: Allowance) -> Standing:
        now = asyncio.get_running_loop().time()
        window = allowance.seconds * MICROSECONDS
        debt, at = self._local.pop(key, (0, now))
        debt = max(0, debt - int((now - at) * MICROSECONDS) * allowance.points)
        room, want = allowance.burst * window - debt, cost * window
        allowed = want <= room
        if allowed:
            debt, room = debt + want, room - want
        self._local[key] = (debt, now)
        while len(self._local) > MAX_LOCAL_KEYS:
            self._local.popitem(last=False)
        whole = max(0, room // window)
        wait = 0 if allowed else math.ceil((want - room) / allowance.points)
        next_point = math.ceil(((whole + 1) * window - room) / allowance.points) if debt else 0
        return _standing(allowance, allowed, whole, wait, next_point, math.ceil(debt / allowance.points))


def _standing(told: Allowance, allowed: bool, remaining: int, wait: int, next_point: int, whole: int) -> Standing:
    seconds = (wait / MICROSECONDS, next_point / MICROSECONDS, whole / MICROSECONDS)
    return Standing(allowed, told.burst, remaining, *seconds, told.points, told.seconds)
