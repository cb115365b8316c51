"""What the job machine costs: `python -m bench.jobs`, on servers and processes of its own, removed in the end.

An engine that costs nothing (one ready picture of 64 × 64) shows what the machine itself takes: from asking to the engine's
start, from the engine's end to what its owner is told live, jobs a second, memory. The built-in engine shows what a person
waits for at 1024 × 1024: the first preview, and the end. Times are milliseconds, by the clock that all processes share.
"""

from __future__ import annotations

import asyncio
import io
import os
import statistics
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence

import httpx
import psutil
from PIL import Image

from bench.results import load_line
from generation.engine import Capabilities, Model, Picture, Request, Step
from generation.worker import serve
from settings import settings
from tests.forked import HERE
from tests.people import Person, Town
from tests.processes import Processes, own_stack

SINGLE_JOBS = 30
WARM_UP_JOBS = 5
PEOPLE, JOBS_EACH = 12, 10
ATELIER_JOBS = 6
MIB = 2**20
FOLLOW = """subscription Follow($id: ID!) { generationJob(id: $id) { __typename cursor
    ... on JobChanged { job { state } } ... on JobProgressed { previewUrl } } }"""
GENERATE = """mutation M($input: GenerateImagesInput!) { generateImages(input: $input) { job { id } userErrors { message } } }"""


class Blank:
    """An engine that has its picture ready, and prints when it was asked and when it had given all."""

    name = "blank"
    models: tuple[Model, ...] = (Model("blank-1", Capabilities(64, 64, 64, 4), 64, 64),)

    def __init__(self) -> None:
        kept = io.BytesIO()
        Image.new("RGB", (64, 64), "teal").save(kept, "PNG")
        self._data = kept.getvalue()

    async def start(self) -> None:
        """Nothing to load."""

    async def close(self) -> None:
        """Nothing to let go of."""

    async def available(self) -> bool:
        """Always."""
        return True

    async def generate(self, request: Request) -> AsyncIterator[Step]:
        """The picture."""
        began = time.monotonic()
        for index in request.wanted:
            made = time.monotonic()
            yield Picture(index, self._data, "image/png", 64, 64, request.seed)
        print(began, made, time.monotonic(), flush=True)


class Works:
    """A worker process with one engine, and what it prints."""

    def __init__(self, house: Processes, module: str, *arguments: str) -> None:
        self._command = (sys.executable, "-m", module, *arguments)
        self._environment = house.environment
        self.process: Process | None = None

    async def __aenter__(self) -> Works:
        self.process = await asyncio.create_subprocess_exec(
            *self._command, cwd=HERE, env=self._environment, stdout=PIPE
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self.process is not None
        self.process.terminate()
        await self.process.wait()

    async def times(self) -> tuple[float, float, float]:
        """The next line: when an engine began, when it had its last picture, and when that was kept."""
        assert self.process is not None
        assert self.process.stdout is not None
        began, made, kept = map(float, (await self.process.stdout.readline()).split())
        return began, made, kept

    def memory(self) -> tuple[float, float]:
        """What the process and what its children take, in MiB."""
        assert self.process is not None
        own = psutil.Process(self.process.pid)
        return own.memory_info().rss / MIB, sum(child.memory_info().rss for child in own.children(True)) / MIB


async def asked(person: Person, engine: str, prompt: str) -> str:
    """A job in the queue; its id."""
    given = {"prompt": prompt, "engine": engine}
    done = (await person.ask(GENERATE, input=given))["generateImages"]
    if done["userErrors"]:
        raise RuntimeError(done["userErrors"])
    found: str = done["job"]["id"]
    return found


async def followed(person: Person, job: str) -> tuple[float | None, float]:
    """When the first preview of a job was told, and when its success was."""
    preview = None
    async with person.live(FOLLOW, id=job) as feed:
        found = feed.first
        while found["__typename"] != "JobChanged" or found["job"]["state"] in ("QUEUED", "RUNNING"):
            if found["__typename"] == "JobProgressed" and found["previewUrl"] and preview is None:
                preview = time.monotonic()
            found = await feed.next()
        return preview, time.monotonic()


def shown(what: str, seconds: Sequence[float]) -> None:
    """One line of the table."""
    ordered = sorted(1_000 * one for one in seconds)
    last = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    print(f"{what}: p50 {statistics.median(ordered):.1f} ms, p95 {last:.1f} ms of {len(ordered)}")


async def ready(house: Processes, engine: str) -> None:
    """Wait until a worker says that it runs the engine."""
    await house.until("SELECT count(*) > 0 FROM engines WHERE name = $1 AND available", engine)


async def overhead(house: Processes, town: Town) -> None:
    """One job after the other through an engine that costs nothing."""
    async with Works(house, "bench.jobs", "worker") as works:
        await ready(house, "blank")
        starts, keeps, ends, whole = [], [], [], []
        person = await town.person("one")
        for number in range(SINGLE_JOBS + WARM_UP_JOBS):
            if number % 15 == 0:
                person = await town.person("one")
            began = time.monotonic()
            job = await asked(person, "blank", f"job {number}")
            told, (started, made, kept) = await asyncio.gather(followed(person, job), works.times())
            if number >= WARM_UP_JOBS:
                starts.append(started - began)
                keeps.append(kept - made)
                ends.append(told[1] - kept)
                whole.append(told[1] - began)
        shown("asked → engine starts", starts)
        shown("engine ends → picture kept (checked, sized, signed, in the bucket)", keeps)
        shown("picture kept → told live", ends)
        shown("asked → told live", whole)


async def rate(house: Processes, town: Town) -> None:
    """Many jobs of many people."""
    people = [await town.person("many") for _ in range(PEOPLE)]
    for number in range(JOBS_EACH):
        await asyncio.gather(*(asked(person, "blank", f"job {number}") for person in people))
    async with Works(house, "bench.jobs", "worker") as works:
        first, _, _ = await works.times()
        before = works.memory()
        for _ in range(PEOPLE * JOBS_EACH - 1):
            await works.times()
        await house.until("SELECT count(*) = 0 FROM generation_jobs WHERE state IN ('QUEUED', 'RUNNING')")
        took = time.monotonic() - first
        after = works.memory()
    print(
        f"jobs a second through it: {PEOPLE * JOBS_EACH / took:.1f}, 4 at once in one worker, {PEOPLE * JOBS_EACH} jobs"
    )
    print(f"memory of that worker: {before[0]:.0f} MiB at the first job, {after[0]:.0f} MiB after the last")


async def atelier(house: Processes, town: Town) -> None:
    """What somebody waits for at the built-in engine."""
    async with Works(house, "generation.worker") as works:
        await ready(house, "atelier")
        firsts, ends = [], []
        for number in range(ATELIER_JOBS):
            person = await town.person("paints")
            began = time.monotonic()
            job = await asked(person, "atelier", f"two foxes under the moon, {number}")
            preview, over = await followed(person, job)
            if preview is not None:
                firsts.append(preview - began)
            ends.append(over - began)
        own, children = works.memory()
    shown("atelier, asked → first preview told", firsts)
    shown("atelier, asked → done told", ends)
    print(f"memory of the worker with atelier: {own:.0f} MiB, and {children:.0f} MiB of its child")


async def main() -> None:
    """Print everything."""
    print(load_line())
    with own_stack("bench-jobs", s3=True) as stack:
        house = Processes(stack)
        house.environment |= {"WORKER_CONCURRENCY": "4", "JOB_RUNNING_CAP": "20", "DEVELOPMENT": "true"}
        try:
            api = house.api("api")
            await house.begin(house.relay("relay"), api)
            async with httpx.AsyncClient(timeout=60) as http:
                town = Town(api.url, http)
                await overhead(house, town)
                await rate(house, town)
                await atelier(house, town)
        finally:
            house.end()
    print(load_line())


if __name__ == "__main__":
    if sys.argv[1:] == ["worker"]:
        asyncio.run(serve([Blank()], settings()))
    else:
        os.environ.pop("DATABASE_URL", None)
        asyncio.run(main())
