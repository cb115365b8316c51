"""Couriers: whoever takes what is due, out of an outbox or a list of pages to read, and sees to it, several at a time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from work.clock import FAULTS

LOOK_SECONDS = 1.0
Parcel = TypeVar("Parcel")
log = logging.getLogger(__name__)


class Courier(Generic[Parcel]):
    """Sends what is due, up to `most_at_once` at a time; who dawdles holds up nobody else.

    `claim(most)` takes parcels under leases; `send` sends one and notes what came of it, and raises nothing but what a database
    that is away does: then the lease ends, and the same is sent again.
    """

    def __init__(
        self,
        name: str,
        claim: Callable[[int], Awaitable[Sequence[Parcel]]],
        send: Callable[[Parcel], Awaitable[None]],
        most_at_once: int,
    ) -> None:
        self._name = name
        self._claim = claim
        self._send = send
        self._most_at_once = most_at_once
        self._sending: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Send until cancelled. What is on its way then is sent again by whoever comes after."""
        try:
            while True:
                if not await self.turn():
                    await asyncio.sleep(LOOK_SECONDS)
        finally:
            for task in self._sending:
                task.cancel()
            await asyncio.gather(*self._sending, return_exceptions=True)

    async def turn(self) -> bool:
        """Take what is due, and wait for a place when all are taken; whether anything was taken."""
        if len(self._sending) >= self._most_at_once:
            await asyncio.wait(self._sending, return_when=asyncio.FIRST_COMPLETED)
        try:
            parcels = await self._claim(self._most_at_once - len(self._sending))
        except FAULTS as fault:
            log.warning("taking %s did not work and is tried again: %s", self._name, fault)
            return False
        for parcel in parcels:
            task = asyncio.create_task(self._deliver(parcel))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)
        return bool(parcels)

    async def idle(self) -> None:
        """Wait until nothing is on its way."""
        while self._sending:
            await asyncio.wait(self._sending)

    async def _deliver(self, parcel: Parcel) -> None:
        try:
            await self._send(parcel)
        except FAULTS as fault:
            log.warning("sending %s did not work and is tried again: %s", self._name, fault)
