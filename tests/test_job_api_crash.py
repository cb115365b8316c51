"""An API process is killed and paused while it takes, repeats, cancels and tells of a job: one job, held and paid once.

It kills or stops itself at its checkpoints, so that the fault comes exactly there; the client repeats its call with the same
key at another process. The protection (a key is written in the transaction of what it stands for) is taken out in a process
of its own (`tests/unsafe_process.py`), where the same scenario is seen to go wrong.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import psutil
import pytest
import pytest_asyncio
from tortoise.context import TortoiseContext
from websockets.exceptions import ConnectionClosed

from dev.stack import Stack
from models import node_id
from models.database import fetch, fetch_value, tortoise_config
from models.job_entry import JobEntryKind
from settings import read
from storage.bucket import Bucket
from tests.forked import LOOK_SECONDS
from tests.jobs import POOL_SIZE, fresh_queue, row_of, timeline_of
from tests.ledger import check_ledger
from tests.people import Feed, Person, Town
from tests.processes import Api, Process, Processes, own_stack
from tests.working import LEASE_SECONDS, OPEN

PATIENCE_SECONDS = 60
RETRY = """mutation($input: RetryGenerationInput!) { retryGeneration(input: $input) { job { id version state }
    userErrors { code message path } } }"""
OPERATIONS = {"generateImages": "GenerateImages", "retryGeneration": RETRY, "cancelGeneration": "CancelGeneration"}
WAITS_FOR_A_KEY = """SELECT EXISTS (SELECT 1 FROM pg_stat_activity
    WHERE wait_event_type = 'Lock' AND query LIKE 'INSERT INTO idempotency_keys%')"""
GIVE_UP_SLEEPERS = """SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE state = 'idle in transaction' AND query LIKE 'UPDATE idempotency_keys%'"""


@dataclass(slots=True)
class Scene:
    """A Fresque on servers of its own with one API process that stays well."""

    house: Processes
    well: Api
    http: httpx.AsyncClient

    async def person(self) -> Person:
        """Somebody new, who speaks to the process that is well."""
        return await Town(self.well.url, self.http).person("ada")

    def at(self, api: Api, person: Person) -> Person:
        """The same person, who speaks to this process."""
        return Person(Town(api.url, self.http), person.handle, person.id, person.token)

    @asynccontextmanager
    async def another(self, checkpoint: str = "", variant: str = "") -> AsyncIterator[Api]:
        """An API process that kills or stops itself at the checkpoint; gone afterwards."""
        api = self.house.api("dying", variant, CHECKPOINT=checkpoint)
        try:
            await self.house.begin(api)
            yield api
        finally:
            api.kill()

    @asynccontextmanager
    async def worker(self, checkpoint: str = "") -> AsyncIterator[Process]:
        """A worker whose engine is the easel."""
        told = {
            **self.house.environment,
            "CHECKPOINT": checkpoint,
            "JOB_LEASE_SECONDS": "60" if checkpoint else str(LEASE_SECONDS),
        }
        worker = Process("worker", self.house.stack.home, "tests.worker_process", told)
        self.house.all.append(worker)
        try:
            worker.start()
            yield worker
        finally:
            worker.kill()


@pytest.fixture(scope="module")
def own() -> Iterator[Stack]:
    with own_stack("job-api", s3=True) as stack:
        yield stack


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def opened(own: Stack) -> AsyncIterator[Scene]:
    house = Processes(own)
    bucket = await Bucket.open(read(own.environment()))
    try:
        await bucket.ensure()
        well = house.api("well")
        await house.begin(house.relay("relay"), well)
        async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as http, TortoiseContext() as world:
            await world.init(config=tortoise_config(own.postgres.url, POOL_SIZE))
            yield Scene(house, well, http)
    finally:
        house.end()
        await bucket.close()


@pytest_asyncio.fixture(loop_scope="session")
async def scene(opened: Scene) -> Scene:
    """The scene with an empty queue and an engine that was just heard of."""
    await fresh_queue()
    return opened


async def stopped(process: Process) -> None:
    """Wait until a process has stopped itself."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while psutil.Process(process.pid).status() != psutil.STATUS_STOPPED:  # noqa: ASYNC110  # it tells in no other way
            await asyncio.sleep(LOOK_SECONDS)


async def until(job_id: int, *states: str) -> None:
    """Wait until another process has brought a job into one of these states (any end, unless told)."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            state = (await row_of(job_id))["state"]
            if state in states or (not states and state not in OPEN):
                return
            await asyncio.sleep(LOOK_SECONDS)


async def generate(person: Person, prompt: str) -> str:
    """The id of a new job."""
    payload = await person.do("GenerateImages", prompt=prompt, engine="easel")
    found: str = payload["job"]["id"]
    return found


def number(job: str) -> int:
    found = node_id.number_of("job", job)
    assert found is not None
    return found


async def input_of(owner: Person, mutation: str) -> dict[str, Any]:
    """What the mutation is called with: a wish, or a job that waits, or one that ended without its picture."""
    if mutation == "generateImages":
        return {"prompt": "a square", "engine": "easel", "idempotencyKey": "one"}
    job = await generate(owner, "a square")
    if mutation == "retryGeneration":
        await owner.do("CancelGeneration", jobId=job)
    return {"jobId": job, "idempotencyKey": "one"}


async def check_once(owner: Person, mutation: str, payload: dict[str, Any]) -> None:
    """What the mutation was asked for has been done, and once."""
    row, owner_id = await row_of(number(payload["job"]["id"])), node_id.number_of("user", owner.id)
    jobs = [
        job["id"] for job in await fetch("SELECT id FROM generation_jobs WHERE owner_id = $1 ORDER BY id", owner_id)
    ]
    held = await fetch("SELECT job_id FROM credit_entries WHERE owner_id = $1 AND kind = 'RESERVE'", owner_id)
    assert sorted(line["job_id"] for line in held) == jobs, "each job is held for once"
    assert (len(jobs), row["id"]) == (2 if mutation == "retryGeneration" else 1, jobs[-1])
    kinds = [line.kind for line in await timeline_of(row["id"])]
    free = await fetch_value("SELECT held = 0 FROM credit_accounts WHERE owner_id = $1", owner_id)
    if mutation == "cancelGeneration":
        assert (payload["outcome"], row["state"], free) == ("REMOVED", "CANCELLED", True)
        assert kinds.count(JobEntryKind.ENDED) == 1
    else:
        assert (row["state"], row["version"], free) == ("QUEUED", 1, False)
        assert kinds == [JobEntryKind.ASKED, JobEntryKind.QUEUED]
    told = await fetch_value("SELECT count(*) FROM events WHERE kind = 'job_changed' AND subject_id = $1", row["id"])
    assert told == row["version"]
    await check_ledger()


# --- killed ---


async def killed(
    scene: Scene, owner: Person, mutation: str, step: str, given: dict[str, Any], variant: str = ""
) -> None:
    """A call at a process that kills itself at this step."""
    async with scene.another(f"{mutation}.{step}", variant) as api:
        with pytest.raises(httpx.TransportError):
            await scene.at(api, owner).do(OPERATIONS[mutation], **given)
        assert await api.ended() == -signal.SIGKILL


async def drained(feed: Feed) -> None:
    """Read what was on its way, signals alone, until the line breaks."""
    while True:
        assert (await feed.next())["__typename"] == "JobProgressed"


@pytest.mark.parametrize("step", ["before_commit", "after_commit"])
@pytest.mark.parametrize("mutation", OPERATIONS)
async def test_what_died_with_its_process_is_done_once(scene: Scene, mutation: str, step: str) -> None:
    owner = await scene.person()
    given = await input_of(owner, mutation)
    await killed(scene, owner, mutation, step, given)
    first = await owner.do(OPERATIONS[mutation], **given)
    await check_once(owner, mutation, first)
    assert await owner.do(OPERATIONS[mutation], **given) == first
    await check_once(owner, mutation, first)


async def test_with_a_key_of_its_own_transaction_there_would_be_two_jobs(scene: Scene) -> None:
    owner = await scene.person()
    given = await input_of(owner, "generateImages")
    await killed(scene, owner, "generateImages", "after_commit", given, "late")
    payload = await owner.do("GenerateImages", **given)
    with pytest.raises(AssertionError):
        await check_once(owner, "generateImages", payload)
    assert await fetch_value("SELECT count(*) FROM generation_jobs") == 2
    assert await fetch_value("SELECT count(*) FROM credit_entries WHERE kind = 'RESERVE'") == 2


async def test_a_job_that_no_worker_was_told_of_is_made(scene: Scene) -> None:
    owner = await scene.person()
    given = await input_of(owner, "generateImages")
    async with scene.worker():
        await until(number(await generate(owner, "the first")))  # it is at work
        await killed(scene, owner, "generateImages", "after_commit", given)
        job_id = await fetch_value("SELECT max(id) FROM generation_jobs")
        await until(job_id)
    payload = await owner.do("GenerateImages", **given)
    assert (number(payload["job"]["id"]), payload["job"]["state"]) == (job_id, "SUCCEEDED")
    kinds = await fetch("SELECT kind FROM credit_entries WHERE job_id = $1 ORDER BY id", job_id)
    assert [line["kind"] for line in kinds] == ["RESERVE", "SETTLE"]
    await check_ledger()


async def test_a_running_job_stops_though_its_worker_was_not_told(scene: Scene) -> None:
    owner = await scene.person()
    job = await generate(owner, "forever")
    given = {"jobId": job, "idempotencyKey": "one"}
    async with scene.worker():
        await until(number(job), "RUNNING")
        await killed(scene, owner, "cancelGeneration", "after_commit", given)
        await until(number(job))
    again = await owner.do("CancelGeneration", **given)
    assert (again["outcome"], again["job"]["state"]) == ("STOPPING", "CANCELLED")
    kinds = [line.kind for line in await timeline_of(number(job))]
    assert (kinds.count(JobEntryKind.CANCEL_REQUESTED), kinds.count(JobEntryKind.ENDED)) == (1, 1)
    await check_ledger()


# --- paused ---


@pytest.mark.parametrize("mutation", OPERATIONS)
async def test_who_asks_again_while_the_first_is_paused_gets_its_answer(scene: Scene, mutation: str) -> None:
    """Before its commit the second call waits for the first; after it, it need not."""
    owner = await scene.person()
    given = await input_of(owner, mutation)
    async with scene.another(f"{mutation}.before_commit:stop") as api, asyncio.TaskGroup() as calls:
        slow = calls.create_task(scene.at(api, owner).do(OPERATIONS[mutation], **given))
        await stopped(api)
        second = calls.create_task(owner.do(OPERATIONS[mutation], **given))
        await scene.house.until(WAITS_FOR_A_KEY)
        api.go_on()
    assert slow.result() == second.result()
    await check_once(owner, mutation, second.result())


@pytest.mark.parametrize("mutation", OPERATIONS)
async def test_who_is_paused_after_the_commit_answers_the_same_late(scene: Scene, mutation: str) -> None:
    owner = await scene.person()
    given = await input_of(owner, mutation)
    async with scene.another(f"{mutation}.after_commit:stop") as api, asyncio.TaskGroup() as calls:
        slow = calls.create_task(scene.at(api, owner).do(OPERATIONS[mutation], **given))
        await stopped(api)
        second = await owner.do(OPERATIONS[mutation], **given)
        await check_once(owner, mutation, second)
        api.go_on()
    assert slow.result() == second
    await check_once(owner, mutation, second)


@pytest.mark.parametrize("mutation", OPERATIONS)
async def test_who_slept_for_too_long_commits_nothing(scene: Scene, mutation: str) -> None:
    """The database gives a transaction up whose process is silent; the second call does what the first has not."""
    owner = await scene.person()
    given = await input_of(owner, mutation)
    async with scene.another(f"{mutation}.before_commit:stop") as api, asyncio.TaskGroup() as calls:
        slow = calls.create_task(scene.at(api, owner).answer(OPERATIONS[mutation], input=given))
        await stopped(api)
        assert await scene.house.value(GIVE_UP_SLEEPERS) == 1
        second = await owner.do(OPERATIONS[mutation], **given)
        await check_once(owner, mutation, second)
        api.go_on()
    assert slow.result()["errors"], "what was not committed is not called done"
    await check_once(owner, mutation, second)


# --- a live reader ---


class Reader:
    """What somebody who follows a job has been told of it: each version, in order."""

    def __init__(self) -> None:
        self.versions: list[int] = []
        self.job: dict[str, Any] = {}

    def heard(self, told: dict[str, Any]) -> None:
        """Take a change in; how a job stands at the beginning of a connection may be known already."""
        assert told["__typename"] == "JobChanged", told
        self.job = told["job"]
        self.versions.append(told["job"]["version"])

    async def follow(self, feed: Feed, version: int) -> None:
        """Listen until this version has been told."""
        while self.versions[-1] < version:
            self.heard(await feed.until("JobChanged"))


async def next_step(worker: Process, job_id: int) -> int:
    """Let a worker go on to its next checkpoint; the version of the job there."""
    worker.go_on()
    await stopped(worker)
    return int((await row_of(job_id))["version"])


@pytest.mark.parametrize("fault", ["killed", "paused"])
@pytest.mark.parametrize("steps", [0, 2, 4], ids=["claimed", "bytes_kept", "before_finish"])
async def test_a_reader_goes_on_at_another_process(scene: Scene, fault: str, steps: int) -> None:
    """The worker takes one step while nobody tells of it; every version is told, none is told as a change twice."""
    owner = await scene.person()
    job = await generate(owner, "a square")
    job_id, reader = number(job), Reader()
    async with (
        scene.another() as api,
        scene.at(api, owner).live("JobLive", id=job) as feed,
        scene.worker("*:stop") as worker,
    ):
        reader.heard(feed.first)
        await stopped(worker)
        await reader.follow(feed, int((await row_of(job_id))["version"]))
        for _ in range(steps):
            await reader.follow(feed, await next_step(worker, job_id))
        if fault == "killed":
            api.kill()
            with pytest.raises(ConnectionClosed):
                await drained(feed)
        else:
            api.pause()
        missed = await next_step(worker, job_id)
        async with owner.live("JobLive", id=job, after=feed.cursor) as other:
            known = reader.versions.pop()
            reader.heard(other.first)
            assert reader.versions[-1] == missed >= known
            if missed > known:
                reader.versions.insert(-1, known)
            while (await row_of(job_id))["state"] in OPEN:
                await reader.follow(other, await next_step(worker, job_id))
            assert reader.job == (await owner.ask("GenerationJob", id=job))["node"]
        assert reader.versions == list(range(1, reader.versions[-1] + 1))
        assert (reader.job["state"], reader.job["outputs"][0]["state"]) == ("SUCCEEDED", "SUCCEEDED")
        if fault == "paused":  # who wakes up tells the same end
            api.go_on()
            late = await feed.until("JobChanged")
            while late["job"]["version"] < reader.versions[-1]:
                late = await feed.until("JobChanged")
            assert late["job"] == (await scene.at(api, owner).ask("GenerationJob", id=job))["node"]
    assert await fetch_value("SELECT count(*) FROM credit_entries WHERE job_id = $1 AND kind = 'SETTLE'", job_id) == 1
    await check_ledger()
