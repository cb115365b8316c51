"""`python -m realtime.relay`: the tail of the log, said on Redis.

One relay leads (an advisory lock on a connection of its own); others stand by and take over when that connection ends. The
leader reads the log in order and publishes small batches, each saying the cursor it follows on from, and a beat twice
a second. It keeps no state: a hub that missed a batch sees the gap and reads the log itself.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from contextlib import suppress

import asyncpg

from models.database import AWAY, close_database, open_database
from models.event import log_state, read_log
from realtime.batch import Batch
from realtime.cancel import end_tasks
from realtime.wire import BATCHES, POKES, Wire
from settings import set_up_logging, settings

ADVISORY_LOCK = 4_603_218
BATCH_EVENTS = 500
IDLE_POLL_SECONDS = 0.25
EAGER_POLL_SECONDS = 0.02
EAGER_FOR_SECONDS = 1.0
BEAT_SECONDS = 0.5
STAND_BY_SECONDS = 0.5
CLOSE_SECONDS = 5.0
log = logging.getLogger(__name__)


class Relay:
    """Reads the log and publishes it, while it leads."""

    def __init__(self, wire: Wire, database_url: str) -> None:
        self._wire = wire
        self._database_url = database_url
        self._poked = asyncio.Event()

    async def run(self) -> None:
        """Lead, or stand by to lead, until cancelled. Losing PostgreSQL or Redis is survived."""
        ears = asyncio.create_task(self._hear_pokes())
        try:
            while True:
                try:
                    await self._lead()
                except AWAY as error:
                    log.warning("the relay lost the database: %s", error)
                    await asyncio.sleep(STAND_BY_SECONDS)
        finally:
            await end_tasks([ears], CLOSE_SECONDS)

    async def _hear_pokes(self) -> None:
        while True:
            async for _ in self._wire.listen(POKES):
                self._poked.set()
            await asyncio.sleep(STAND_BY_SECONDS)

    async def _lead(self) -> None:
        lock = await asyncpg.connect(self._database_url)
        try:
            while not await lock.fetchval("SELECT pg_try_advisory_lock($1)", ADVISORY_LOCK):  # noqa: ASYNC110  # the lock is PostgreSQL's
                await asyncio.sleep(STAND_BY_SECONDS)
            log.info("this relay leads")
            await self._tail(lock)
        finally:
            with suppress(*AWAY):
                await lock.close(timeout=1)

    async def _tail(self, lock: asyncpg.Connection) -> None:
        loop = asyncio.get_running_loop()
        place = (await log_state()).head
        beat_at = eager_until = 0.0
        while True:
            begin = place
            events, place = await read_log(place, BATCH_EVENTS)
            now = loop.time()
            if events or now >= beat_at:
                if now >= beat_at:
                    await lock.fetchval("SELECT 1")  # still the leader: the lock lives as long as this connection
                await self._wire.publish(BATCHES, Batch(begin, place, events).encode())
                beat_at = now + BEAT_SECONDS
            if len(events) == BATCH_EVENTS:
                continue
            if self._poked.is_set():
                self._poked.clear()
                eager_until = now + EAGER_FOR_SECONDS
            pause = EAGER_POLL_SECONDS if now < eager_until else IDLE_POLL_SECONDS
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._poked.wait()


async def main() -> None:
    """Run one relay on the process's settings until SIGTERM or SIGINT."""
    now = settings()
    await open_database(now.database_url, 2)
    wire = Wire(now.redis_url)
    work = asyncio.create_task(Relay(wire, now.database_url).run())
    asked = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, asked.set)
    waiting = asyncio.create_task(asked.wait())
    try:
        await asyncio.wait([work, waiting], return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            work.result()
    finally:
        await end_tasks([work, waiting], CLOSE_SECONDS)
        await wire.close()
        await close_database()


if __name__ == "__main__":
    set_up_logging()
    asyncio.run(main())
