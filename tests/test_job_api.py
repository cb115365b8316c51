"""The job machine as its owner sees it: the timeline in pages and live, retries, places in line, engines at rest."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Any

import orjson
import pytest
import pytest_asyncio

from generation.signals import Line
from models import circuit, node_id
from models.database import fetch
from models.engine import announce
from models.job import Failure
from models.job_end import Ending, Setback
from models.lease import Claimed, claim, finish, keep_output, lose_output, release
from models.transaction import transaction
from realtime.wire import SIGNALS, Wire
from tests.conftest import Serving
from tests.jobs import IMAGE, Easel
from tests.people import Person, Town

ENGINE = "easel_of_the_api"
LINES = """query Lines($id: ID!, $first: Int, $after: String, $last: Int, $before: String) { node(id: $id) { ... on GenerationJob {
    version priority startBy finishBy retryAt cancelRequestedAt peopleAhead queuePosition retryOf { id }
    failure { code stage categories } outputs { index state failure { code message stage categories } }
    timeline(first: $first, after: $after, last: $last, before: $before) {
        edges { cursor node { id sequence version at kind attempt lease outputIndex state until credits failure { code message } } }
        pageInfo { hasNextPage hasPreviousPage endCursor } } } } }"""
FOLLOW = """subscription Follow($id: ID!, $after: String) { generationJob(id: $id, after: $after) { __typename cursor
    ... on JobChanged { job { version state timeline(last: 3) { edges { node { sequence kind } } } } }
    ... on JobProgressed { queuePosition peopleAhead fraction } } }"""
GENERATE = """mutation M($input: GenerateImagesInput!) { generateImages(input: $input) { job { id version priority }
    userErrors { code path } } }"""
RETRY = """mutation M($input: RetryGenerationInput!) { retryGeneration(input: $input) { job { id retryOf { id } outputs { index } }
    userErrors { code path } } }"""
ENGINES = "{ engines { name available reason restsUntil } }"


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def _easel(running: Serving) -> AsyncIterator[None]:
    await announce(ENGINE, [asdict(model) for model in Easel().models], True)
    yield
    await fetch("DELETE FROM engine_circuits WHERE engine = $1", ENGINE)
    await fetch("DELETE FROM engines WHERE name = $1", ENGINE)
    await fetch(
        "UPDATE generation_jobs SET state = 'CANCELLED' WHERE engine = $1 AND state IN ('QUEUED', 'RUNNING')", ENGINE
    )


async def generate(person: Person, **more: Any) -> str:
    given = {"prompt": "a fox", "engine": ENGINE, "seed": "7"} | more
    done = (await person.ask(GENERATE, input=given))["generateImages"]
    assert done["userErrors"] == []
    found: str = done["job"]["id"]
    return found


async def lines(person: Person, job: str, **window: Any) -> dict[str, Any] | None:
    found: dict[str, Any] | None = (await person.ask(LINES, id=job, **window))["node"]
    return found


async def claimed() -> Claimed:
    job = await claim([ENGINE])
    assert job is not None
    return job


async def test_the_timeline_is_read_in_pages(town: Town) -> None:
    ada = await town.person("ada")
    job = await generate(ada, count=2, priority="HIGH", startWithinSeconds=60, finishWithinSeconds=90)
    work = await claimed()
    await keep_output(work.id, work.token, 0, IMAGE)
    await lose_output(
        work.id, work.token, 1, Failure("content_blocked", "It is too much.", "output", ("gore",)), blocked=True
    )
    await finish(work.id, work.token, Ending.DONE)
    found = await lines(ada, job)
    assert found is not None
    nodes = [edge["node"] for edge in found["timeline"]["edges"]]
    line = nodes[0]["id"]
    again = "query($id: ID!) { node(id: $id) { id ... on GenerationJobEntry { sequence } } }"
    assert (await ada.ask(again, id=line))["node"] == {"id": line, "sequence": 1}
    for other in (await town.person("bob"), town):
        assert (await other.ask(again, id=line))["node"] is None
    assert [node["kind"] for node in nodes] == [
        *("ASKED", "QUEUED", "STARTED", "OUTPUT_MADE", "OUTPUT_BLOCKED", "REFUNDED", "ENDED")
    ]
    assert (nodes[2]["attempt"], nodes[2]["lease"]) == (1, str(work.token)[:8])
    assert (nodes[4]["outputIndex"], nodes[4]["failure"]["code"]) == (1, "content_blocked")
    assert (nodes[5]["credits"], nodes[6]["state"], nodes[6]["version"]) == (1, "PARTIAL", found["version"])
    assert found["failure"] == {"code": "content_blocked", "stage": "output", "categories": ["gore"]}
    assert [output["failure"] and output["failure"]["stage"] for output in found["outputs"]] == [None, "output"]
    assert found["priority"] == "HIGH"
    seen: list[int] = []
    after = None
    while True:
        page = await lines(ada, job, first=3, after=after)
        assert page is not None
        seen += [edge["node"]["sequence"] for edge in page["timeline"]["edges"]]
        after = page["timeline"]["pageInfo"]["endCursor"]
        if not page["timeline"]["pageInfo"]["hasNextPage"]:
            break
    assert seen == [1, 2, 3, 4, 5, 6, 7]
    end = await lines(ada, job, last=2)
    assert end is not None
    assert [edge["node"]["kind"] for edge in end["timeline"]["edges"]] == ["REFUNDED", "ENDED"]
    assert end["timeline"]["pageInfo"]["hasPreviousPage"]


async def test_a_timeline_is_its_owner_s(town: Town) -> None:
    ada, ben = await town.person("ada"), await town.person("ben")
    job = await generate(ada)
    assert await lines(ben, job) is None
    assert (await town.ask(LINES, id=job))["node"] is None
    done = (await ben.ask(RETRY, input={"jobId": job}))["retryGeneration"]
    assert (done["job"], done["userErrors"]) == (None, [{"code": "NOT_FOUND", "path": ["jobId"]}])
    out = (await town.ask(RETRY, input={"jobId": job}))["retryGeneration"]
    assert out["userErrors"][0]["code"] == "UNAUTHENTICATED"


async def test_a_late_reader_is_told_what_was_missed(town: Town) -> None:
    ada = await town.person("ada")
    job = await generate(ada, count=2)
    async with ada.live(FOLLOW, id=job) as feed:
        cursor = feed.first["cursor"]
    work = await claimed()
    await keep_output(work.id, work.token, 1, IMAGE)
    await release(work.id, work.token, Setback(Failure("busy", "It is busy.")))
    async with ada.live(FOLLOW, id=job, after=cursor) as feed:
        told = feed.first
        assert (told["job"]["version"], told["job"]["state"]) == (4, "QUEUED")
        kinds = [edge["node"]["kind"] for edge in told["job"]["timeline"]["edges"]]
        assert kinds == ["OUTPUT_MADE", "GIVEN_BACK", "QUEUED"]
        await fetch("UPDATE generation_jobs SET not_before = NULL WHERE id = $1", work.id)
        again = await claimed()
        told = await feed.until("JobChanged")
        assert told["job"]["version"] == 5
        await finish(again.id, again.token, Ending.FAILED)
        told = await feed.until("JobChanged")
        assert told["job"]["state"] == "PARTIAL"
        assert told["job"]["timeline"]["edges"][-1]["node"]["kind"] == "ENDED"


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"startWithinSeconds": 4}, "startWithinSeconds"),
        ({"startWithinSeconds": 86_401}, "startWithinSeconds"),
        ({"finishWithinSeconds": 0}, "finishWithinSeconds"),
        ({"finishWithinSeconds": 3_601}, "finishWithinSeconds"),
    ],
)
async def test_deadlines_are_bounded(town: Town, given: dict[str, int], path: str) -> None:
    ada = await town.person("ada")
    done = (await ada.ask(GENERATE, input={"prompt": "a fox", "engine": ENGINE} | given))["generateImages"]
    assert done["userErrors"] == [{"code": "BAD_USER_INPUT", "path": [path]}]


async def test_a_job_is_done_again_once(town: Town) -> None:
    ada = await town.person("ada")
    job = await generate(ada, count=3)
    early = (await ada.ask(RETRY, input={"jobId": job}))["retryGeneration"]
    assert early["userErrors"] == [{"code": "CONFLICT", "path": ["jobId"]}]
    work = await claimed()
    await keep_output(work.id, work.token, 1, IMAGE)
    await finish(work.id, work.token, Ending.FAILED)
    first = (await ada.ask(RETRY, input={"jobId": job, "idempotencyKey": "one"}))["retryGeneration"]["job"]
    assert (first["retryOf"]["id"], [output["index"] for output in first["outputs"]]) == (job, [0, 2])
    for key in ("one", "two"):
        other = (await ada.ask(RETRY, input={"jobId": job, "idempotencyKey": key}))["retryGeneration"]["job"]
        assert other["id"] == first["id"]


async def test_who_moves_up_is_told(town: Town, running: Serving) -> None:
    ada, ben = await town.person("ada"), await town.person("ben")
    await fetch("UPDATE generation_jobs SET state = 'CANCELLED' WHERE state = 'QUEUED'")  # what other tests have left
    ahead, job = await generate(ben), await generate(ada)
    number = node_id.number_of("job", job)
    found = await lines(ada, job)
    assert found is not None
    assert (found["queuePosition"], found["peopleAhead"]) == (2, 1)
    wire = Wire(running.settings.redis_url)
    try:
        async with ada.live(FOLLOW, id=job) as feed, ben.live(FOLLOW, id=ahead) as other:
            assert (feed.first["__typename"], other.first["__typename"]) == ("JobChanged", "JobChanged")
            line = Line(wire)
            work = await claimed()
            assert node_id.encode("job", work.id) == ahead
            line.moved()
            await line.tell()
            told = await feed.until("JobProgressed")
            assert (told["queuePosition"], told["peopleAhead"], told["fraction"]) == (1, 0, None)
            strange = {"topic": f"job:{number}", "owner": 1, "queuePosition": 9, "peopleAhead": 9}
            await wire.publish(SIGNALS, orjson.dumps(strange))  # somebody else's is not told
            await finish(work.id, work.token, Ending.FAILED)
            mine = await claimed()
            assert mine.id == number
            assert (await feed.until("JobChanged"))["job"]["state"] == "RUNNING"
    finally:
        await wire.close()


async def test_why_an_engine_is_not_there(town: Town) -> None:
    async def told() -> dict[str, Any]:
        return next(one for one in (await town.ask(ENGINES))["engines"] if one["name"] == ENGINE)

    assert await told() == {"name": ENGINE, "available": True, "reason": None, "restsUntil": None}
    async with transaction():
        await circuit.failed(ENGINE, "rate_limited", 30.0)
    resting = await told()
    assert (resting["available"], resting["restsUntil"] is not None) == (False, True)
    assert resting["reason"].endswith(".")
    await circuit.worked(ENGINE)
    await fetch("UPDATE engines SET heard_at = now() - interval '5 minutes' WHERE name = $1", ENGINE)
    gone = await told()
    assert (gone["available"], gone["restsUntil"]) == (False, None)
    assert "worker" in gone["reason"]
