"""Whether a client is still there while its query runs: looked at only when the query takes a while, as few do."""

from __future__ import annotations

import asyncio

from starlette.types import Receive

PATIENCE_SECONDS = 0.03


class Watch:
    """Cancels the task that made it, and then is `gone`, when the client goes away before `end`.

    After `end` it cancels nothing any more. The task takes the cancellation back by `uncancel`.
    """

    def __init__(self, receive: Receive) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.task = task
        self.receive = receive
        self.gone = False
        self.watching: asyncio.Task[None] | None = None
        self.timer = asyncio.get_running_loop().call_later(PATIENCE_SECONDS, self._begin)

    def end(self) -> None:
        """The query has ended, one way or the other."""
        self.timer.cancel()
        if self.watching is not None:
            self.watching.cancel()

    def _begin(self) -> None:
        self.watching = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        while (await self.receive())["type"] != "http.disconnect":
            pass
        self.gone = True
        self.task.cancel()
