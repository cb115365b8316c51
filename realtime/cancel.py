"""Cancelling that takes no once for an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

ASK_AGAIN_SECONDS = 0.2


async def end_tasks(
    tasks: Iterable[asyncio.Task[Any]], patience_seconds: float, again_seconds: float = ASK_AGAIN_SECONDS
) -> set[asyncio.Task[Any]]:
    """Cancel the tasks, every `again_seconds`, until they have ended; gives those that outlast the patience.

    Cancelling once is not enough: `asyncio.wait_for` of Python 3.11, which redis-py sends with, loses a cancellation that
    comes in the moment its work is done, and the task goes on.
    """
    running = {task for task in tasks if not task.done()}
    until = asyncio.get_running_loop().time() + patience_seconds
    while running and asyncio.get_running_loop().time() < until:
        for task in running:
            task.cancel()
        _, running = await asyncio.wait(running, timeout=again_seconds)
    return running
