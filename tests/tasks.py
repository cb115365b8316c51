"""Tasks of this process, which others use, too."""

from __future__ import annotations

import asyncio

from tests.people import PATIENCE_SECONDS


async def no_more_tasks(count: int) -> None:
    """Wait until no more tasks than so many are there; those of whatever else runs in this process come and go."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len(asyncio.all_tasks()) > count:  # noqa: ASYNC110  # a task that ends tells nobody
            await asyncio.sleep(0)
