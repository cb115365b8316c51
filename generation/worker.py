"""`python -m generation.worker`: makes pictures.

Claims jobs for the engines of `generation/table.py`, `worker_concurrency` at once; a word on the wire wakes it and polling
is the safety net. It tells what its engines can do, and with every other worker looks after jobs nobody looks after.
SIGTERM or SIGINT: what runs goes back to the queue at once, and the process ends within ten seconds.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import asdict

from generation import table
from generation.engine import Engine
from generation.proof import Proof
from generation.run import Run
from generation.signals import Line, clear_previews
from generation.watch import Watch
from models.checkpoint import checkpoint
from models.database import close_database, open_database
from models.engine import HEARTBEAT_SECONDS, announce
from models.job_move import WORK_WAITS, cancelled_job
from models.lease import DATABASE_FAULTS, Claimed, claim, reap
from models.transaction import on_commit
from realtime.cancel import end_tasks
from realtime.wire import POKES, WORK, Wire
from settings import Settings, set_up_logging, settings
from storage.bucket import Bucket

POLL_SECONDS = 1.5
REAP_SECONDS = 3.0
LISTEN_AGAIN_SECONDS = 1.0
STOP_SECONDS = 5.0
CLOSE_SECONDS = 1.5
log = logging.getLogger(__name__)


class Worker:
    """Runs jobs with these engines until `stop` is called. Losing PostgreSQL, Redis or the bucket is survived."""

    def __init__(self, engines: Sequence[Engine], wire: Wire, bucket: Bucket, told: Settings) -> None:
        self._engines = {engine.name: engine for engine in engines}
        self._wire = wire
        self._bucket = bucket
        self._told = told
        self._proof = Proof.of(told)
        self._watch = Watch(told)
        self._runs: dict[asyncio.Task[None], Run] = {}
        self._wake = asyncio.Event()
        self._line = Line(wire)
        self._stopping = False

    def stop(self) -> None:
        """Claim nothing more, give back what runs, end."""
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Work until stopped. Raises what an engine raises when it cannot start."""
        try:
            await self._watch.start()
            for engine in self._engines.values():
                await engine.start()
            async with asyncio.TaskGroup() as group:
                loops = [
                    group.create_task(self._listen()),
                    group.create_task(self._repeat(self._announce, HEARTBEAT_SECONDS)),
                    group.create_task(self._repeat(self._reap, REAP_SECONDS)),
                    group.create_task(self._repeat(self._line.tell, 0.0)),
                ]
                try:
                    await self._claim()
                finally:
                    await self._give_back()
                    await end_tasks(loops, CLOSE_SECONDS)
        finally:
            await self._watch.close()
            for engine in self._engines.values():
                try:
                    async with asyncio.timeout(CLOSE_SECONDS):
                        await engine.close()
                except TimeoutError:
                    log.error("%s does not close", engine.name)

    async def _claim(self) -> None:
        while not self._stopping:
            self._wake.clear()
            job = await self._next() if len(self._runs) < self._told.worker_concurrency else None
            if job is not None:
                self._begin(job)
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await self._wake.wait()

    async def _next(self) -> Claimed | None:
        names = [name for name, engine in self._engines.items() if await engine.available()]
        try:
            return await claim(names) if names else None
        except DATABASE_FAULTS as error:
            log.warning("no job could be claimed: %r", error)
            # A wake that came meanwhile would make this a tight loop.
            await asyncio.sleep(LISTEN_AGAIN_SECONDS)
            return None

    def _begin(self, job: Claimed) -> None:
        checkpoint("worker.claimed")
        self._line.moved()
        run = Run(job, self._engines[job.engine], self._wire, self._bucket, self._told, self._proof, self._watch)
        task = asyncio.create_task(run.run(), name=f"job {job.id}")
        self._runs[task] = run
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._runs[task]
        self._wake.set()
        if not task.cancelled() and task.exception() is not None:
            log.error("%s broke off and is left to whoever reaps it", task.get_name(), exc_info=task.exception())

    async def _give_back(self) -> None:
        for run in self._runs.values():
            run.stop()
        if self._runs:
            _, late = await asyncio.wait(tuple(self._runs), timeout=STOP_SECONDS)
            for task in late:
                log.error("%s was not given back in time", task.get_name())
                task.cancel()
            await self._wire.publish(WORK, WORK_WAITS)

    async def _listen(self) -> None:
        while True:
            async for message in self._wire.listen(WORK):
                self._line.moved()
                job_id = cancelled_job(message[1]) if message else None
                if job_id is None:
                    self._wake.set()
                for run in self._runs.values():
                    if run.job.id == job_id:
                        run.look()
            await asyncio.sleep(LISTEN_AGAIN_SECONDS)

    async def _repeat(self, duty: Callable[[], Awaitable[None]], pause_seconds: float) -> None:
        while True:
            try:
                await duty()
            except DATABASE_FAULTS as error:
                log.warning("the database is away: %r", error)
                await asyncio.sleep(LISTEN_AGAIN_SECONDS)
            await asyncio.sleep(pause_seconds)

    async def _announce(self) -> None:
        for name, engine in self._engines.items():
            await announce(name, [asdict(model) for model in engine.models], await engine.available())

    async def _reap(self) -> None:
        reaped = await reap()
        for job_id in reaped.ended:
            await clear_previews(self._bucket, job_id)
        if reaped.ended:
            self._line.moved()
        if reaped.queued:
            await self._wire.publish(WORK, WORK_WAITS)
            self._wake.set()


async def serve(engines: Sequence[Engine], told: Settings) -> None:
    """Compose the process around these engines and work until SIGTERM or SIGINT."""
    await open_database(told.database_url, told.database_pool_size)
    wire = Wire(told.redis_url)
    on_commit(lambda: wire.publish_soon(POKES, b""))
    bucket = await Bucket.open(told)
    worker = Worker(engines, wire, bucket, told)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, worker.stop)
    try:
        await worker.run()
    finally:
        await bucket.close()
        await wire.close()
        await close_database()


if __name__ == "__main__":
    set_up_logging()
    asyncio.run(serve(table.engines(settings()), settings()))
