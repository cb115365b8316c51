"""A job under any history and any race: it ends once, its version counts its events, an output is kept once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any
from uuid import UUID

import pytest_asyncio
from asyncpg import Record
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from dev.stack import Stack
from models.database import fetch
from models.job import JobState
from models.job_end import Setback
from models.job_move import CancelOutcome, Ending
from models.lease import beat, claim, finish, keep_output, reap, release
from settings import Settings
from tests.jobs import (
    ANN,
    BUSY,
    EASEL,
    IMAGE,
    asked,
    cancel,
    claimed,
    end_lease,
    end_pause,
    end_time,
    events_of,
    fresh_queue,
    job_world,
    outputs_of,
    row_of,
)
from tests.ledger import check_ledger

TERMINAL = frozenset(JobState) - {JobState.QUEUED, JobState.RUNNING, JobState.IN_REVIEW}
MOVES = [
    "ask",
    "claim",
    "beat",
    "keep",
    "finish",
    "release",
    "hand_back",
    "cancel",
    "reap",
    "lease",
    "pause",
    "deadline",
]
RACERS = [move for move in MOVES if move not in ("ask", "pause")]
ENDINGS = [Ending.DONE, Ending.FAILED, Ending.BLOCKED, Ending.CANCELLED, Ending.TIMED_OUT]
STEP = st.tuples(
    st.sampled_from([*MOVES, "claim", "claim", "keep", "keep", "reap"]),
    st.integers(0, 7),
    st.integers(0, 2),
    st.sampled_from(ENDINGS),
)


@pytest_asyncio.fixture(scope="module")
async def told(stack: Stack) -> AsyncIterator[Settings]:
    async with job_world(stack, "job_history_test") as told:
        yield told


class History:
    """Jobs and every lease there ever was, moved at random, and what must hold after each move."""

    def __init__(self) -> None:
        self.jobs: list[int] = []
        self.leases: list[tuple[int, UUID]] = []
        self.seen: dict[int, tuple[Record, list[Record]]] = {}

    async def move(self, what: str, which: int, index: int, ending: Ending) -> None:
        """Do one thing; who does not hold the lease must be told so, and who does must not be refused."""
        if what == "ask" or not self.jobs:
            self.jobs.append(await asked(ANN + which % 2, count=1 + index))
            return
        job_id = self.jobs[which % len(self.jobs)]
        if what == "claim":
            found = await claim([EASEL])
            if found is not None:
                self.leases.append((found.id, found.token))
        elif what == "reap":
            await reap()
        elif what == "cancel":
            owner = (await row_of(job_id))["owner_id"]
            before = JobState((await row_of(job_id))["state"])
            expected = {JobState.QUEUED: CancelOutcome.REMOVED, JobState.RUNNING: CancelOutcome.STOPPING}
            assert await cancel(owner, job_id) is expected.get(before, CancelOutcome.ALREADY_FINISHED)
        elif what in ("lease", "pause", "deadline"):
            await {"lease": end_lease, "pause": end_pause, "deadline": end_time}[what](job_id)
        elif self.leases:
            await self._under_lease(what, *self.leases[which % len(self.leases)], index, ending)

    async def _under_lease(self, what: str, job_id: int, token: UUID, index: int, ending: Ending) -> None:
        holds = (await row_of(job_id))["lease_token"] == token
        if what == "beat":
            done = (await beat(job_id, token, "painting", 0.5)).kept
        elif what == "keep":
            done = await keep_output(job_id, token, index % len(await outputs_of(job_id)), IMAGE) is not None
        elif what == "finish":
            done = await finish(job_id, token, ending) is not None
        else:
            done = await release(job_id, token, Setback(BUSY, counted=what == "release")) is not None
        assert done == holds

    async def check(self, told: Settings) -> None:
        """What must hold whatever happened."""
        for job_id in self.jobs:
            row, outputs = await row_of(job_id), list(await outputs_of(job_id))
            state = JobState(row["state"])
            assert row["version"] == await events_of(job_id)
            assert (row["lease_token"] is not None) == (state is JobState.RUNNING)
            assert (row["finished_at"] is not None) == (state in TERMINAL)
            assert row["attempt"] - row["handed_back"] <= told.job_max_attempts
            assert all((output["image_id"] is not None) == (output["state"] == "SUCCEEDED") for output in outputs)
            kept = {output["state"] for output in outputs}
            assert (state is JobState.SUCCEEDED) == (kept == {"SUCCEEDED"} and state in TERMINAL)
            assert state not in TERMINAL or "PENDING" not in kept
            if job_id in self.seen:
                before, outputs_before = self.seen[job_id]
                assert row["version"] >= before["version"]
                assert row["attempt"] >= before["attempt"]
                if JobState(before["state"]) in TERMINAL:
                    assert (row["state"], row["version"], outputs) == (
                        before["state"],
                        before["version"],
                        outputs_before,
                    )
                for output, output_before in zip(outputs, outputs_before, strict=True):
                    assert output_before["image_id"] in (None, output["image_id"])
            self.seen[job_id] = row, outputs
        images = await fetch("SELECT id FROM images")
        used = [output["image_id"] for _, outputs in self.seen.values() for output in outputs if output["image_id"]]
        assert sorted(used) == sorted(image["id"] for image in images)


@given(st.lists(STEP, min_size=15, max_size=50))
@hypothesis_settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
async def test_any_history(told: Settings, steps: list[tuple[str, int, int, Ending]]) -> None:
    await fresh_queue()
    history = History()
    for step in steps:
        await history.move(*step)
        await history.check(told)
    await check_ledger()


@given(
    st.lists(st.tuples(st.sampled_from(RACERS), st.integers(0, 1), st.sampled_from(ENDINGS)), min_size=3, max_size=8)
)
@hypothesis_settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
async def test_any_race(told: Settings, steps: list[tuple[str, int, Ending]]) -> None:
    """Everything at once on one running job: one winner, and the rows agree with each other."""
    await fresh_queue()
    history = History()
    history.jobs.append(await asked(ANN, count=2))
    job = await claimed()

    def move(what: str, index: int, ending: Ending) -> Coroutine[Any, Any, object]:
        moves: dict[str, Callable[[], Coroutine[Any, Any, object]]] = {
            "claim": lambda: claim([EASEL]),
            "beat": lambda: beat(job.id, job.token, None, 0.7),
            "keep": lambda: keep_output(job.id, job.token, index, IMAGE),
            "finish": lambda: finish(job.id, job.token, ending),
            "release": lambda: release(job.id, job.token, Setback(BUSY)),
            "hand_back": lambda: release(job.id, job.token, Setback(BUSY, counted=False)),
            "cancel": lambda: cancel(ANN, job.id),
            "reap": reap,
            "lease": lambda: end_lease(job.id),
            "deadline": lambda: end_time(job.id),
        }
        return moves[what]()

    await asyncio.gather(*(move(what, index, ending) for what, index, ending in steps))
    await history.check(told)
    await finish(job.id, job.token, Ending.DONE)
    await history.check(told)
