"""What a run says while it works. It may be lost: what must be known of a job is in its row.

One message on the wire's SIGNALS channel, at most two a second and job:
`{"topic": "job:<id>", "owner": <id>, "fraction": 0…1, "phase": <word>, "outputIndex": <int or null>, "previewKey": <key or null>}`;
of a job that waits `{"topic": "job:<id>", "owner": <id>, "queuePosition": <int>, "peopleAhead": <int>}`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

import orjson

from generation.engine import Partial
from models.job_queue import Place, may_tell, next_in_line
from models.lease import Claimed
from realtime import topic
from realtime.wire import SIGNALS, Wire
from storage.bucket import Bucket, StorageUnavailable
from storage.key import preview_key, preview_prefix

SECONDS_BETWEEN = 0.5
CLEAR_SECONDS = 3.0
MOST_PLACES = 100
PREVIEW_CACHE_CONTROL = "private, max-age=60"
log = logging.getLogger(__name__)


class Signals:
    """The progress of one attempt, coalesced: the latest fraction and phase, the latest preview of each output."""

    def __init__(self, job: Claimed, wire: Wire, bucket: Bucket, shows: Callable[[Partial], Awaitable[bool]]) -> None:
        """`shows` says whether a preview may be shown."""
        self.fraction = 0.0
        self.phase = "starting"
        self._job = job
        self._wire = wire
        self._bucket = bucket
        self._shows = shows
        self._withdrawn: set[int] = set()
        self._keys: dict[int, list[str]] = {}
        self._previews: dict[int, Partial] = {}
        self._sent = 0
        self._news = asyncio.Event()

    def progressed(self, fraction: float, phase: str) -> None:
        """Note how far the job is; the fraction never falls."""
        self.fraction = max(self.fraction, min(1.0, fraction))
        self.phase = phase
        self._news.set()

    def previewed(self, partial: Partial) -> None:
        """Note a preview; one of the same output that was not told yet gives way to it."""
        self._previews[partial.index] = partial
        self.progressed(partial.fraction, partial.phase)

    async def run(self) -> None:
        """Tell what is new, until cancelled."""
        while True:
            await self._news.wait()
            self._news.clear()
            await self._say()
            if self._previews:
                self._news.set()
            await asyncio.sleep(SECONDS_BETWEEN)

    async def _say(self) -> None:
        index = next(iter(self._previews), None)
        key = None if index is None else await self._put(self._previews.pop(index))
        message = {
            "topic": topic.job(self._job.id),
            "owner": self._job.owner_id,
            "fraction": self.fraction,
            "phase": self.phase,
            "outputIndex": index,
            "previewKey": key,
        }
        await self._wire.publish(SIGNALS, orjson.dumps(message))

    async def _put(self, partial: Partial) -> str | None:
        if not await self._shows(partial) or partial.index in self._withdrawn:
            return None
        self._sent += 1
        key = preview_key(self._job.id, self._job.attempt, partial.index, self._sent)
        self._keys.setdefault(partial.index, []).append(key)
        try:
            await self._bucket.put(key, partial.data, partial.mime_type, PREVIEW_CACHE_CONTROL)
        except StorageUnavailable as error:
            log.warning("a preview of job %d was not stored: %s", self._job.id, error)
            return None
        if partial.index in self._withdrawn:
            await self._remove(partial.index)
            return None
        return key

    async def withdraw(self, index: int) -> None:
        """Show no preview of an output any more, and take away those that are shown. A store that fails keeps them, which is
        logged: they go with the job's others."""
        self._withdrawn.add(index)
        self._previews.pop(index, None)
        await self._remove(index)

    async def _remove(self, index: int) -> None:
        try:
            async with asyncio.timeout(CLEAR_SECONDS):
                for key in self._keys.pop(index, ()):
                    await self._bucket.delete(key)
        except (StorageUnavailable, TimeoutError) as error:
            log.warning("previews of job %d were not withdrawn: %r", self._job.id, error)

    async def clear(self, *, ours_alone: bool) -> None:
        """Remove the previews: all of the job, or those of this attempt when another one is under way."""
        if self._sent or not ours_alone:
            await clear_previews(self._bucket, self._job.id, self._job.attempt if ours_alone else None)


async def clear_previews(bucket: Bucket, job_id: int, attempt: int | None = None) -> None:
    """Remove the previews of a job, or of one attempt at it. A store that fails keeps them, which is logged."""
    folder = preview_prefix(job_id)
    try:
        async with asyncio.timeout(CLEAR_SECONDS):
            await bucket.delete_prefix(folder if attempt is None else f"{folder}{attempt}/")
    except (StorageUnavailable, TimeoutError) as error:
        log.warning("the previews of job %d were not removed: %r", job_id, error)


class Line:
    """The places of those who wait, told when they change: by all workers together at most once in `SECONDS_BETWEEN`."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._moved = asyncio.Event()
        self._told: dict[int, Place] = {}

    def moved(self) -> None:
        """The queue may look different now."""
        self._moved.set()

    async def tell(self) -> None:
        """Wait until the queue has moved, then say so to the first `MOST_PLACES` who wait. Raises `lease.DATABASE_FAULTS`."""
        await self._moved.wait()
        # What another worker has told lately was before this one's move.
        while not await may_tell(SECONDS_BETWEEN):  # noqa: ASYNC110  # the clock of all workers is in the database
            await asyncio.sleep(SECONDS_BETWEEN)
        self._moved.clear()
        found = await next_in_line(MOST_PLACES)
        for job_id, (owner_id, place) in found.items():
            if self._told.get(job_id) != place:
                message = {
                    "topic": topic.job(job_id),
                    "owner": owner_id,
                    "queuePosition": place.position,
                    "peopleAhead": place.people,
                }
                await self._wire.publish(SIGNALS, orjson.dumps(message))
        self._told = {job_id: place for job_id, (_, place) in found.items()}
