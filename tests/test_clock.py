"""Clocks: a fault, foreseen or not, is told and tried again, and stops no other clock."""

from __future__ import annotations

import asyncio

import pytest

from storage.bucket import StorageUnavailable
from work import clock
from work.clock import Clock


async def test_a_clock_goes_on_after_what_nobody_foresaw(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(clock, "FAILED_SECONDS", 0.0)
    left: list[Exception | bool] = [StorageUnavailable("away"), ZeroDivisionError("odd"), True, False]
    done = asyncio.Event()

    async def act() -> bool:
        if not left:
            done.set()
            return False
        answer = left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    ticking = asyncio.create_task(Clock("counting", 0, act).run())
    async with asyncio.timeout(10):
        await done.wait()
    assert not ticking.done()
    ticking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await ticking
    told = [(record.levelname, record.getMessage(), bool(record.exc_info)) for record in caplog.records]
    assert told == [
        ("WARNING", "counting did not work and is tried again: away", False),
        ("ERROR", "counting failed and is tried again", True),
    ]
