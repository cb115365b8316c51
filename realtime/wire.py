"""The wire to Redis: what is said on it may be lost, so nothing that must arrive is only said here.

Channels: `POKES` (the log has news), `BATCHES` (the relay's ordered batches of the log), `SIGNALS` (progress of a job and the
like, never stored), `WORK` (a job waits). One client per process; commands are never retried by the client, since a retried
command can run twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import suppress
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

POKES = "fresque:pokes"
BATCHES = "fresque:batches"
SIGNALS = "fresque:signals"
WORK = "fresque:work"
COMMAND_TIMEOUT_SECONDS = 1.0
CONNECT_TIMEOUT_SECONDS = 1.0
HEALTH_CHECK_SECONDS = 5
log = logging.getLogger(__name__)


class Wire:
    """Publishing and listening. Losing Redis raises nothing out of `publish`; `listen` ends and may be called again."""

    def __init__(self, url: str) -> None:
        self._redis: Redis = Redis.from_url(
            url,
            socket_timeout=COMMAND_TIMEOUT_SECONDS,
            socket_connect_timeout=CONNECT_TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 0),
            health_check_interval=HEALTH_CHECK_SECONDS,
        )
        self._tasks: set[asyncio.Task[Any]] = set()

    async def publish(self, channel: str, message: bytes) -> bool:
        """Say something to whoever listens. False when Redis was not reached."""
        try:
            await self._redis.publish(channel, message)
        except (RedisError, OSError, TimeoutError) as error:
            log.debug("redis did not take a message on %s: %s", channel, error)
            return False
        return True

    def publish_soon(self, channel: str, message: bytes) -> None:
        """The same without waiting; for hooks that must not block."""
        self._spawn(self.publish(channel, message))

    def _spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def listen(self, *channels: str) -> AsyncIterator[tuple[str, bytes] | None]:
        """Messages of the channels, as (channel, bytes). None says that the subscription (again) stands: what was said before
        it is lost. The iterator ends when Redis is lost; whoever listens reads the truth elsewhere and calls again."""
        pubsub: PubSub = self._redis.pubsub()
        try:
            await pubsub.subscribe(*channels)
            standing = 0
            async for message in pubsub.listen():
                if message["type"] == "subscribe":
                    standing += 1
                    if standing % len(channels) == 0:
                        yield None
                elif message["type"] == "message":
                    yield message["channel"].decode(), message["data"]
        except (RedisError, OSError, TimeoutError) as error:
            log.debug("redis is lost: %s", error)
        finally:
            with suppress(RedisError, OSError, TimeoutError):
                await pubsub.aclose()  # type: ignore[no-untyped-call]

    async def ping(self) -> bool:
        """Whether Redis answers now."""
        try:
            return bool(await self._redis.ping())
        except (RedisError, OSError, TimeoutError):
            return False

    async def close(self) -> None:
        """Let go of every connection; messages on their way are given up."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._redis.aclose()
