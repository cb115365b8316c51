"""Working out what posts mean and how pictures look, in a child: the newest first, and everything older when there is nothing new.

What is due is a row (`meanings_due`), taken away with the result in one statement: broken off, it is done again; done twice, it is
the same. A post at which the child dies is kept without a meaning.
"""

from __future__ import annotations

import asyncio
import ctypes
import logging
import multiprocessing
import os
import resource
import signal
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from PIL import UnidentifiedImageError

from discovery import encoder, meaning
from discovery.meaning import Due
from storage.bucket import Bucket, NoSuchObject, TooLarge
from storage.picture import DERIVATIVE_MIME_TYPE, object_key

MEMORY_BYTES = 4 * 1024**3  # of addresses; what is used stays below 0.5 GiB
PR_SET_PDEATHSIG = 1
CALLS_OF_A_CHILD = 2_000
LARGEST_SMALL_BYTES = 512 * 1024
log = logging.getLogger(__name__)
Given = TypeVar("Given")


def _bound(parent: int) -> None:
    """Go with the parent, which may be killed, and use no more than the limits: a pool's children wait for ever else."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)  # it went before we asked to go with it
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    os.nice(10)


class Muse:
    """Works out what is due, a few posts at a time, in one child that it keeps."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket
        self._child: ProcessPoolExecutor | None = None
        self._one_by_one = False

    async def turn(self) -> bool:
        """Work out some of what is due; True when there may be more."""
        found = await meaning.due()
        for some in [[one] for one in found] if self._one_by_one else [found] if found else []:
            try:
                await self._work(some)
            except BrokenProcessPool:
                self._drop()
                if len(some) > 1:
                    self._one_by_one = True
                    return True
                log.warning("what post %d means cannot be worked out", some[0].post_id)
                await self._give_up(some[0])
        self._one_by_one = False
        return bool(found)

    def close(self) -> None:
        """End the child."""
        self._drop()

    async def _work(self, some: Sequence[Due]) -> None:
        for image_id, prefix in {picture for one in some for picture in one.pictures}:
            try:
                data = await self._bucket.get(object_key(prefix, "small", DERIVATIVE_MIME_TYPE), LARGEST_SMALL_BYTES)
                (looks,) = await self._ask(encoder.pictures, [data])
            except (NoSuchObject, TooLarge, UnidentifiedImageError, ValueError):
                await meaning.keep_picture(image_id, None)
            else:
                await meaning.keep_picture(image_id, looks)
        wanted = list(dict.fromkeys(text for one in some for text in (one.said, one.prompt) if text))
        known = dict(zip(wanted, await self._ask(encoder.texts, wanted), strict=True)) if wanted else {}
        for one in some:
            await meaning.keep(one, known.get(one.said), known.get(one.prompt))

    async def _give_up(self, one: Due) -> None:
        for image_id, _ in one.pictures:
            await meaning.keep_picture(image_id, None)
        await meaning.keep(one, None, None)

    async def _ask(self, work: Callable[[Sequence[Given]], list[str]], given: Sequence[Given]) -> list[str]:
        if self._child is None:
            self._child = ProcessPoolExecutor(
                1, multiprocessing.get_context("spawn"), _bound, (os.getpid(),), max_tasks_per_child=CALLS_OF_A_CHILD
            )
        return await asyncio.get_running_loop().run_in_executor(self._child, work, given)

    def _drop(self) -> None:
        if self._child is not None:
            self._child.shutdown(wait=False, cancel_futures=True)
            self._child = None
