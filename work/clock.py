"""Clocks: what has to happen now and then. Each runs in every `work` process; all of it is harmless when done twice."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from models.database import AWAY
from storage.bucket import StorageUnavailable

FAULTS = (*AWAY, StorageUnavailable)
FAILED_SECONDS = 5.0
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Clock:
    """`act` every `seconds`; when it says True there is more to do and it runs again at once."""

    name: str
    seconds: float
    act: Callable[[], Awaitable[bool]]

    async def run(self) -> None:
        """Tick until cancelled. A fault is logged and the next tick tries again; so is what nobody foresaw, which is to stop
        no other clock."""
        while True:
            more = False
            try:
                more = await self.act()
            except FAULTS as fault:
                log.warning("%s did not work and is tried again: %s", self.name, fault)
            except Exception:
                log.exception("%s failed and is tried again", self.name)
                await asyncio.sleep(FAILED_SECONDS)
            if not more:
                await asyncio.sleep(self.seconds)
