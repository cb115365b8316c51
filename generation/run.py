"""One attempt at one job: the engine works, the heart beats, the screen is told, and one of several things ends it.

Bytes are in the bucket before a row says so, and every write names the lease: a run that lost it writes nothing. What a
crash leaves is taken up by `models.lease.reap`.
"""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

from errors import BadInput
from generation.asking import request_of
from generation.engine import (
    BLOCKED_CODES,
    Engine,
    EngineError,
    Failed,
    Partial,
    Picture,
    Progress,
    Refused,
    Request,
    Started,
    Step,
)
from generation.fact import UNKEPT, bounded
from generation.mask import obeyed
from generation.place import hold_place
from generation.proof import Proof, Traces
from generation.signals import Signals
from generation.watch import Watch, failure_of
from models import lease, node_id
from models.checkpoint import checkpoint
from models.job import Failure
from models.job_end import INCOMPLETE, Ending, Setback
from models.lease import DATABASE_FAULTS, Claimed, NewImage
from models.review import hold_output
from realtime.cancel import end_tasks
from realtime.wire import Wire
from safety.check import Concern
from safety.rule import Action
from settings import Settings
from storage.bucket import Bucket, StorageUnavailable
from storage.intake import IntakeFault, Taken
from storage.picture import Kept, keep, keep_source

BEATS_PER_LEASE = 3
SECONDS_BETWEEN_BEATS = 1.0  # a preview is a beat, too, but not each of many
STORE_PATIENCE_SECONDS = 20.0  # a picture that is made is not given up because the bucket is away for a moment
RETRY_SECONDS = 0.5
ENGINE_STOP_SECONDS = 3.0
ENGINE_ASK_AGAIN_SECONDS = 1.5  # what tidies up is left to do so
STOPPED = Failure("worker_stopped", "The worker was stopped.")
ENGINE_FAULT = Failure("engine_fault", "The engine stopped unexpectedly.")
LONGEST_CODE_CHARACTERS, LONGEST_MESSAGE_CHARACTERS, LONGEST_STAGE_CHARACTERS = 60, 500, 20
MOST_CATEGORIES, LONGEST_CATEGORY_CHARACTERS = 16, 60
T = TypeVar("T")
log = logging.getLogger(__name__)


class Verdict(Enum):
    """What ended the work."""

    MADE = "made"  # or the engine gave up
    CANCELLED = "cancelled"
    LOST = "lost"
    TIMED_OUT = "timed out"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Sized:
    """A picture in all its sizes, the name it is kept under, by what it is known again, and what a check has found."""

    taken: Taken
    name: bytes | None
    traces: Traces
    concern: Concern | None


class NotKept(EngineError):
    """A picture was made and could not be kept. Whoever makes it again pays again."""


class Unfinished(EngineError):
    """The engine works, and ended without some of the pictures."""


class LeaseLost(Exception):
    """Somebody else has the job now, or nobody."""


class Run:
    """One attempt at a claimed job with the engine it names. `run` returns when nothing is left to do for it here."""

    def __init__(
        self, job: Claimed, engine: Engine, wire: Wire, bucket: Bucket, told: Settings, proof: Proof, watch: Watch
    ) -> None:
        self.job = job
        self._engine = engine
        self._bucket = bucket
        self._told = told
        self._proof = proof
        self._watch = watch
        self._words = watch.words(job.prompt)
        self._signals = Signals(job, wire, bucket, self._shows)
        self._look = asyncio.Event()
        self._stop = asyncio.Event()
        self._beaten_at = asyncio.get_running_loop().time()
        self._ours_until = self._beaten_at + job.lease_seconds

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
        if verdict is Verdict.LOST:
            self._say("the lease is lost")
            await self._signals.clear(ours_alone=True)
            return
        error = making.exception() if verdict is Verdict.MADE else None
        failure = None if error is None else _failure(error)
        setback = Setback(STOPPED, counted=False) if verdict is Verdict.STOPPED else self._setback(error)
        if setback is not None:
            checkpoint("worker.before_release")
            state = await self._written(lambda: lease.release(job_id, token, setback))
            self._say(state.value, setback.failure.code)
            await self._signals.clear(ours_alone=True)
            return
        if failure is None:
            ending = {Verdict.MADE: Ending.DONE, Verdict.CANCELLED: Ending.CANCELLED}.get(verdict, Ending.TIMED_OUT)
        else:
            ending = Ending.BLOCKED if failure.code in BLOCKED_CODES else Ending.FAILED
        await self._signals.clear(ours_alone=False)
        checkpoint("worker.before_finish")
        state = await self._written(lambda: lease.finish(job_id, token, ending, failure))
        self._say(state.value, failure.code if failure else "")
        checkpoint("worker.finished")

    def _say(self, what: str, why: str = "") -> None:
        gid = node_id.encode("job", self.job.id)
        log.info("%s, attempt %d: %s%s", gid, self.job.attempt, what, f" ({why})" if why else "")

    def _setback(self, error: BaseException | None) -> Setback | None:
        """What to give the job back with, where another attempt may go better."""
        if error is None:
            return None
        if not isinstance(error, EngineError):
            log.error("job %d: %s failed", self.job.id, self.job.engine, exc_info=error)
            return Setback(ENGINE_FAULT, engine_failed=True)
        if not error.retryable:
            return None
        kept = not isinstance(error, NotKept)
        return Setback(
            _failure(error),
            retry_after=error.retry_after,
            engine_failed=kept and not isinstance(error, Unfinished),
            known=True,
            safe=kept,
        )

    async def _make(self) -> None:
        job = self.job
        missing = set(job.wanted)
        later: Failed | None = None
        if self._words is not None and self._words.action is Action.BLOCK:
            told = failure_of(self._words)
            raise EngineError(told.code, told.message, stage=told.stage, categories=told.categories)
        request = await request_of(job, self._bucket, self._told.secret_key)
        steps = obeyed(self._engine, request, functools.partial(self._proof.tile, job.id))
        try:
            async for step in steps:
                if isinstance(step, Picture | Refused | Failed):
                    if step.index not in missing:
                        continue
                    missing.remove(step.index)
                    if isinstance(step, Failed) and step.retryable:
                        later = step
                    else:
                        await self._settled(step, request)
                else:
                    await self._hear(step)
        finally:
            await steps.aclose()
        if later is not None:
            raise Unfinished(later.code, later.message, retryable=True)
        if missing:
            raise Unfinished(INCOMPLETE.code, INCOMPLETE.message, retryable=True)

    async def _hear(self, step: Step) -> None:
        """What an engine says before a picture is made or lost."""
        if isinstance(step, Progress):
            self._signals.progressed(step.fraction, step.phase)
        elif isinstance(step, Partial):
            self._signals.previewed(step)
            if asyncio.get_running_loop().time() - self._beaten_at > SECONDS_BETWEEN_BEATS:
                self.look()
        elif isinstance(step, Started):
            checkpoint("worker.before_note")
            write = lease.note_upstream
            job_id, token = self.job.id, self.job.token
            if not await self._written(lambda: write(job_id, token, step.upstream_id, resumable=step.resumable)):
                raise LeaseLost
            checkpoint("worker.noted")

    async def _settled(self, step: Picture | Refused | Failed, request: Request) -> None:
        """What became of one output."""
        if isinstance(step, Picture):
            checkpoint("worker.engine_done")
            await self._keep(step, request)
            return
        blocked = isinstance(step, Refused)
        told = _told(step.code, step.message, *((step.stage, step.categories) if isinstance(step, Refused) else ()))
        write = lease.lose_output
        await self._written(lambda: write(self.job.id, self.job.token, step.index, told, blocked=blocked))
        checkpoint("worker.output_lost")

    async def _shows(self, partial: Partial) -> bool:
        """Whether a partial picture may be shown: of what a person looks at first, none is."""
        return self._words is None and await self._watch.shows(partial.data)

    async def _sized(self, picture: Picture, request: Request) -> Sized:
        """The picture in all its sizes, marked, signed and looked at, which goes on side by side."""
        taken = await self._proof.derived(picture, self.job, request)

        async def looked() -> tuple[Concern | None]:
            return (await self._watch.picture(taken, self.job.engine, self._words),)

        traces = await self._proof.traces(taken, picture, self.job, request)
        sealed, found = await asyncio.gather(self._proof.seal(taken, picture, self.job, request), self._written(looked))
        return Sized(*sealed, traces, *found)

    async def _store(self, picture: Picture, request: Request) -> tuple[Kept | None, Sized]:
        """The picture in the bucket, unless it is blocked; and what a check has found. One that is made is tried to be kept for
        a while, whatever the bucket does meanwhile."""
        until = asyncio.get_running_loop().time() + STORE_PATIENCE_SECONDS
        sized = None
        while True:
            try:
                sized = sized or await self._sized(picture, request)
                if sized.concern is not None and sized.concern.action is Action.BLOCK:
                    return None, sized
                kept = await keep(self._bucket, sized.taken, self._told, sized.name, hold_place)
                if picture.as_it_came:
                    await keep_source(self._bucket, kept.prefix, picture.data)
                return kept, sized
            except (IntakeFault, StorageUnavailable) as error:
                log.warning("a picture of job %d is not kept yet: %s", self.job.id, error)
                if asyncio.get_running_loop().time() >= until:
                    raise
            await asyncio.sleep(RETRY_SECONDS)

    async def _keep(self, picture: Picture, request: Request) -> None:
        try:
            kept, sized = await self._store(picture, request)
        except BadInput as error:
            raise NotKept(
                "bad_picture", f"The engine's picture was refused: {error.message}", retryable=True
            ) from error
        except (IntakeFault, StorageUnavailable) as error:
            raise NotKept("storage_failed", "The picture could not be stored.", retryable=True) from error
        job_id, token = self.job.id, self.job.token
        why = None if sized.concern is None else failure_of(sized.concern)
        if why is not None:
            await self._signals.withdraw(picture.index)
        if kept is None:
            assert why is not None
            await self._written(lambda: lease.lose_output(job_id, token, picture.index, why, blocked=True))
            return
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
            facts=bounded(picture.facts),
            name=sized.traces.name or None,
            mark=sized.traces.mark,
            likeness=sized.traces.likeness,
            source_type=sized.traces.source_type,
        )
        if why is not None:
            await self._written(lambda: hold_output(job_id, token, picture.index, image, why))
            checkpoint("worker.output_held")
            return
        await self._written(lambda: lease.keep_output(job_id, token, picture.index, image))
        checkpoint("worker.output_kept")

    async def _beat(self) -> Verdict:
        """Keep the lease until it is lost or the job is not wanted any more. A lease that could not be renewed is lost."""
        clock = asyncio.get_running_loop().time
        lease_seconds = self.job.lease_seconds
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
            self._beaten_at = asked_at
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


def _failure(error: BaseException) -> Failure:
    """What is said of an error."""
    if isinstance(error, EngineError):
        return _told(error.code, error.message, error.stage, error.categories)
    return ENGINE_FAULT


def _told(code: str, message: str, stage: str | None = None, categories: Sequence[str] = ()) -> Failure:
    """An engine's words as far as they are kept."""
    return Failure(
        UNKEPT.sub("\ufffd", code)[:LONGEST_CODE_CHARACTERS],
        UNKEPT.sub("\ufffd", message)[:LONGEST_MESSAGE_CHARACTERS],
        stage[:LONGEST_STAGE_CHARACTERS] if stage else None,
        tuple(category[:LONGEST_CATEGORY_CHARACTERS] for category in categories[:MOST_CATEGORIES]),
    )
