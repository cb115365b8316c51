"""A person asks the running Fresque for pictures of an engine, and a real worker with that engine makes them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Any

from generation.engine import Engine
from models.database import fetch
from models.engine import announce
from realtime.wire import Wire
from storage.bucket import Bucket
from tests.conftest import Serving
from tests.people import Person
from tests.working import at_work


@asynccontextmanager
async def workshop(running: Serving, engine: Engine) -> AsyncIterator[Bucket]:
    """A worker that runs this engine for the running Fresque, which knows of it; gives the bucket."""
    wire, bucket = Wire(running.settings.redis_url), await Bucket.open(running.settings)
    await announce(engine.name, [asdict(model) for model in engine.models], True)
    try:
        async with at_work(running.settings, wire, bucket, engine):
            yield bucket
    finally:
        await fetch("DELETE FROM engines WHERE name = $1", engine.name)
        await bucket.close()
        await wire.close()


async def watched(person: Person, **wish: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A job as it ends, and what its live feed told from asking to end."""
    job = (await person.do("GenerateImages", **wish))["job"]
    told: list[dict[str, Any]] = []
    async with person.live("JobLive", id=job["id"]) as feed:
        event = feed.first
        while True:
            told.append(event)
            if event["__typename"] == "JobChanged" and event["job"]["finishedAt"] is not None:
                return event["job"], told
            event = await feed.next()


async def bytes_of(person: Person, job: dict[str, Any]) -> list[bytes]:
    """The original of each picture of a job, as its owner fetches it."""
    found = []
    for output in job["outputs"]:
        answer = await person.town.http.get(output["image"]["url"], follow_redirects=True)
        assert answer.status_code == 200, answer.text
        found.append(answer.content)
    return found
