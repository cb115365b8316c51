"""What engines say, and PostgreSQL does not keep."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from dev.stack import Stack
from generation.engine import Failed, Picture, Request, Step
from realtime.wire import Wire
from settings import Settings
from storage.bucket import Bucket
from tests.jobs import ANN, HERE, Easel, asked, job_world, outputs_of
from tests.working import Changes, at_work, changes_in_an_empty_queue


@pytest_asyncio.fixture(scope="module")
async def told(stack: Stack) -> AsyncIterator[Settings]:
    async with job_world(stack, "worker_words_test", PYTHONPATH=str(HERE)) as told:
        yield told


@pytest_asyncio.fixture
async def bucket(told: Settings) -> AsyncIterator[Bucket]:
    bucket = await Bucket.open(told)
    yield bucket
    await bucket.close()


@pytest_asyncio.fixture
async def wire(told: Settings) -> AsyncIterator[Wire]:
    wire = Wire(told.redis_url)
    yield wire
    await wire.close()


@pytest_asyncio.fixture
async def changes(told: Settings, monkeypatch: pytest.MonkeyPatch) -> Changes:
    """An empty queue in which a retry does not wait."""
    return await changes_in_an_empty_queue(monkeypatch)


class Mumbler(Easel):
    """Paints as the easel does and says what no database keeps: of its first picture, and of why there is no second."""

    async def generate(self, request: Request) -> AsyncIterator[Step]:
        """Its steps."""
        async for step in super().generate(request):
            if not isinstance(step, Picture):
                yield step
            elif step.index == 0:
                yield replace(step, facts={"said": "a\0b", "deep": [{"c\0": 1}], "half": "\ud800"})
            else:
                yield Failed(step.index, "odd\0", "It said \0 and \ud800.")


async def test_what_no_database_keeps_costs_no_picture(
    told: Settings, wire: Wire, bucket: Bucket, changes: Changes
) -> None:
    job_id = await asked(ANN, "two squares", count=2)
    engine = Mumbler()
    async with at_work(told, wire, bucket, engine):
        row = await changes.until(job_id)
    assert (row["state"], row["attempt"], len(engine.asked)) == ("PARTIAL", 1, 1)
    made, lost = await outputs_of(job_id)
    assert made["facts"] == {"said": "a\ufffdb", "deep": [{"c\ufffd": 1}], "half": "\ufffd"}
    assert (lost["failure_code"], lost["failure_message"]) == ("odd\ufffd", "It said \ufffd and \ufffd.")
