"""One attempt at one job: the engine works, the heart beats, the screen is told, and one of several things ends it.

Bytes are in the bucket before a row says so, and every write names the lease: a run that lost it writes nothing. What a
crash leaves is taken up by `models.lease.reap`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from enum import Enum
from typing import Any, TypeVar

import orjson

from errors import BadInput
from generation.asking import request_of
from generation.engine import Engine, EngineError, Partial, Picture, Progress, Request, Started
from generation.mask import obeyed
from generation.proof import Proof
from generation.signals import Signals
from models import lease, node_id
from models.checkpoint import checkpoint
from models.job_move import INCOMPLETE, Ending, Failure
from models.lease import DATABASE_FAULTS, Claimed, NewImage
from realtime.cancel import end_tasks
from realtime.wire import Wire
from settings import Settings
from storage.bucket import Bucket, StorageUnavailable
from storage.intake import IntakeFault, derive
from storage.picture import keep, keep_source

BEATS_PER_LEASE = 3
RETRY_SECONDS = 0.5
ENGINE_STOP_SECONDS = 3.0
ENGINE_ASK_AGAIN_SECONDS = 1.5  # what tidies up is left to do so
BLOCKED_CODES = frozenset({"content_blocked", "moderation_blocked"})
STOPPED = Failure("worker_stopped", "The worker was stopped.")
ENGINE_FAULT = Failure("engine_fault", "The engine stopped unexpectedly.")
LARGEST_FACTS_BYTES = 64 * 2**10
T = TypeVar("T")
log = logging.getLogger(__name__)


class Verdict(Enum):
    """What ended the work."""

    MADE = "made"  # or the engine gave up
    CANCELLED = "cancelled"
    LOST = "lost"
    TIMED_OUT = "timed out"
    STOPPED = "stopped"


class LeaseLost(Exception):
    """Somebody else has the job now, or nobody."""


class Run:
    """One attempt at a claimed job with the engine it names. `run` returns when nothing is left to do for it here."""

    def __init__(self, job: Claimed, engine: Engine, wire: Wire, bucket: Bucket, told: Settings, proof: Proof) -> None:
        self.job = job
        self._engine = engine
        self._bucket = bucket
        self._told = told
        self._proof = proof
        self._signals = Signals(job, wire, bucket)
        self._look = asyncio.Event()
        self._stop = asyncio.Event()
        self._ours_until = asyncio.get_running_loop().time() + told.job_lease_seconds

    def look(self) -> None:
        """Ask the row now whether the job is still wanted, instead of at the next beat."""
        self._look.set()

    def stop(self) -> None:
        """Give the job back and end."""
        self._stop.set()

    async def run(self) -> None:
        """Make what is wanted and write down how it went. Raises nothing that the job or its engine did."""
        making = asyncio.create_task(self._make(), name=f"make job {self.job.id}")
        beating = asyncio.create_task(self._beat())
        telling = asyncio.create_task(self._signals.run())
        stopping = asyncio.create_task(self._stop.wait())
        ends: tuple[asyncio.Task[Any], ...] = (making, beating, stopping)
        try:
            await asyncio.wait(ends, timeout=self.job.seconds_left, return_when=asyncio.FIRST_COMPLETED)
            verdict = self._verdict(making, beating)
            making.cancel()
            telling.cancel()
            with suppress(LeaseLost):
                await self._settle(verdict, making)
        finally:
            stuck = await end_tasks((beating, stopping, telling), ENGINE_STOP_SECONDS)
            stuck |= await end_tasks([making], ENGINE_STOP_SECONDS, ENGINE_ASK_AGAIN_SECONDS)
            for task in stuck:
                log.error("%s does not stop", task.get_name())
            if telling.done() and not telling.cancelled():
                log.error("job %d: nothing was told any more", self.job.id, exc_info=telling.exception())

    def _verdict(self, making: asyncio.Task[None], beating: asyncio.Task[Verdict]) -> Verdict:
        if making.done():
            return Verdict.LOST if isinstance(making.exception(), LeaseLost) else Verdict.MADE
        if beating.done():
            return beating.result()
        return Verdict.STOPPED if self._stop.is_set() else Verdict.TIMED_OUT

    async def _settle(self, verdict: Verdict, making: asyncio.Task[None]) -> None:
        job_id, token = self.job.id, self.job.token
        if verdict is Verdict.STOPPED:
            await self._written(lambda: lease.release(job_id, token, STOPPED, counted=False))
        if verdict in (Verdict.STOPPED, Verdict.LOST):
            self._say("given back: the worker stops" if verdict is Verdict.STOPPED else "the lease is lost")
            await self._signals.clear(ours_alone=True)
            return
        failure = self._failure(making.exception()) if verdict is Verdict.MADE else None
        if failure is not None and failure[1]:
            self._say((await self._written(lambda: lease.release(job_id, token, failure[0]))).value, failure[0].code)
            await self._signals.clear(ours_alone=True)
            return
        if failure is None:
            ending = {Verdict.MADE: Ending.DONE, Verdict.CANCELLED: Ending.CANCELLED}.get(verdict, Ending.TIMED_OUT)
        else:
            ending = Ending.BLOCKED if failure[0].code in BLOCKED_CODES else Ending.FAILED
        await self._signals.clear(ours_alone=False)
        checkpoint("worker.before_finish")
        state = await self._written(lambda: lease.finish(job_id, token, ending, failure[0] if failure else None))
        self._say(state.value, failure[0].code if failure else "")
        checkpoint("worker.finished")

    def _say(self, what: str, why: str = "") -> None:
        gid = node_id.encode("job", self.job.id)
        log.info("%s, attempt %d: %s%s", gid, self.job.attempt, what, f" ({why})" if why else "")

    def _failure(self, error: BaseException | None) -> tuple[Failure, bool] | None:
        """What to say of an error, and whether another attempt may go better."""
        if error is None:
            return None
        if isinstance(error, EngineError):
            return Failure(error.code, error.message), error.retryable
        log.error("job %d: %s failed", self.job.id, self.job.engine, exc_info=error)
        return ENGINE_FAULT, True

    async def _make(self) -> None:
        job = self.job
        missing = set(job.wanted)
        request = await request_of(job, self._bucket, self._told.secret_key)
        steps = obeyed(self._engine, request)
        try:
            async for step in steps:
                if isinstance(step, Progress):
                    self._signals.progressed(step.fraction, step.phase)
                elif isinstance(step, Partial):
                    self._signals.previewed(step)
                elif isinstance(step, Started):
                    await self._note(step.upstream_id)
                elif step.index in missing:
                    checkpoint("worker.engine_done")
                    await self._keep(step, request)
                    missing.remove(step.index)
        finally:
            await steps.aclose()
        if missing:
            raise EngineError(INCOMPLETE.code, INCOMPLETE.message, retryable=True)

    async def _note(self, upstream_id: str) -> None:
        if not await self._written(lambda: lease.note_upstream(self.job.id, self.job.token, upstream_id)):
            raise LeaseLost

    async def _keep(self, picture: Picture, request: Request) -> None:
        try:
            taken, name = await self._proof.seal(await derive(picture.data), picture, self.job, request)
            kept = await keep(self._bucket, taken, self._told, name)
            if picture.as_it_came:
                await keep_source(self._bucket, kept.prefix, picture.data)
        except BadInput as error:
            raise EngineError(
                "bad_picture", f"The engine's picture was refused: {error.message}", retryable=True
            ) from error
        except (IntakeFault, StorageUnavailable) as error:
            log.warning("a picture of job %d was not kept: %s", self.job.id, error)
            raise EngineError("storage_failed", "The picture could not be stored.", retryable=True) from error
        checkpoint("worker.bytes_kept")
        image = NewImage(
            prefix=kept.prefix,
            mime_type=kept.mime_type,
            byte_size=kept.byte_size,
            width=kept.width,
            height=kept.height,
            blurhash=kept.blurhash,
            alt_text=picture.alt_text,
            seed=picture.seed,
            facts=_bounded(picture.facts),
        )
        await self._written(lambda: lease.keep_output(self.job.id, self.job.token, picture.index, image))
        checkpoint("worker.output_kept")

    async def _beat(self) -> Verdict:
        """Keep the lease until it is lost or the job is not wanted any more. A lease that could not be renewed is lost."""
        clock = asyncio.get_running_loop().time
        lease_seconds = self._told.job_lease_seconds
        pause = lease_seconds / BEATS_PER_LEASE
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._look.wait()
            self._look.clear()
            asked_at = clock()
            try:
                async with asyncio.timeout_at(self._ours_until):
                    beat = await lease.beat(self.job.id, self.job.token, self._signals.phase, self._signals.fraction)
            except DATABASE_FAULTS as error:
                log.warning("job %d: no beat: %r", self.job.id, error)
                if clock() >= self._ours_until:
                    return Verdict.LOST
                pause = RETRY_SECONDS
                continue
            if not beat.kept:
                return Verdict.LOST
            if beat.cancel:
                return Verdict.CANCELLED
            self._ours_until = asked_at + lease_seconds
            pause = lease_seconds / BEATS_PER_LEASE

    async def _written(self, write: Callable[[], Awaitable[T | None]]) -> T:
        """What a write under the lease gives, tried again while the database is away. Raises LeaseLost."""
        while True:
            try:
                answer = await write()
            except DATABASE_FAULTS as error:
                if asyncio.get_running_loop().time() >= self._ours_until:
                    raise LeaseLost from error
                log.warning("job %d: not written yet: %r", self.job.id, error)
                await asyncio.sleep(RETRY_SECONDS)
                continue
            if answer is None:
                raise LeaseLost
            return answer


def _bounded(facts: Mapping[str, object]) -> Mapping[str, object] | None:
    """The facts as they are kept; None when there are none, or more than is kept."""
    size = len(orjson.dumps(facts))
    if size > LARGEST_FACTS_BYTES:
        log.warning("%d bytes of facts were not kept", size)
        return None
    return facts or None
