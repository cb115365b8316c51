"""Checks before and after making, and on uploads, from the outside: what is refused, blocked, held, decided, and refunded."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from dev.stack import Stack
from generation import review_desk
from models import node_id, review
from models.database import fetch, fetch_value
from models.engine import announce
from models.job import Failure
from models.job_end import Ending
from models.lease import NewImage, claim, finish
from models.review import Decision, decide, hold_output
from realtime.wire import Wire
from settings import Settings
from storage.bucket import Bucket
from storage.key import preview_prefix
from storage.picture import object_key
from tests.conftest import Serving
from tests.gallery import Gallery, forbid
from tests.jobs import HERE
from tests.ledger import check_ledger
from tests.people import PATIENCE_SECONDS, Person, Town
from tests.working import at_work
from work.picture import sweep_pictures
from work.sweep import sweep_reviews

JOB = """query($id: ID!) { node(id: $id) { ... on GenerationJob { id version state finishedAt failure { code stage categories }
    outputs { index state image { id url } failure { code message stage categories } } thread { id cover { id } }
    timeline(first: 50) { edges { node { kind outputIndex state credits failure { code stage categories } } } } } } }"""
GENERATE = """mutation($input: GenerateImagesInput!) { generateImages(input: $input) { job { id } userErrors { code path message } } }"""
LIVE = """subscription($id: ID!) { generationJob(id: $id) { __typename cursor ... on JobProgressed { previewUrl outputIndex }
    ... on JobChanged { job { id state outputs { index state image { id } failure { code stage categories } } } } } }"""
MINE = """{ viewer { images(first: 50) { edges { node { id sensitive } } } generationThreads(first: 9) { edges { node { cover { id } } } }
    credits { balance held } } }"""
CONTINUE = """mutation($input: ContinueGenerationInput!) { continueGeneration(input: $input) { job { id } userErrors { code path } } }"""
EDIT = """mutation($input: EditImageInput!) { editImage(input: $input) { job { id } userErrors { code path } } }"""
ENHANCE = """mutation($input: EnhancePromptInput!) { enhancePrompt(input: $input) { enhancement { prompt } userErrors { code path } } }"""
SEED = 7
NEVER_ASKED = "a naked child"
LOOKED_AT = "Emma Watson nude on a beach"
ENDED = ("SUCCEEDED", "PARTIAL", "FAILED", "BLOCKED", "IN_REVIEW")
BLIND: dict[str, Any] = {"check_pictures": False, "check_bans": False, "check_text": "none"}
"""Settings with which nobody looks at pictures: what only words are about is quicker so."""
_names = itertools.count(1)


@dataclass
class House:
    """A running Fresque with a worker whose engine is this test's own."""

    told: Settings
    bucket: Bucket
    wire: Wire
    engine: Gallery

    async def ask(self, person: Person, prompt: str = "a picture", count: int = 1) -> str:
        """A new job; its id."""
        given = {"prompt": prompt, "engine": self.engine.name, "count": count, "seed": str(SEED)}
        done = (await person.ask(GENERATE, input=given))["generateImages"]
        assert done["userErrors"] == []
        found: str = done["job"]["id"]
        return found

    async def made(self, person: Person, prompt: str = "a picture", count: int = 1, **told: Any) -> dict[str, Any]:
        """A new job as its owner sees it once a worker with these settings is through with it."""
        job = await self.ask(person, prompt, count)
        async with (
            person.live(LIVE, id=job) as feed,
            at_work(replace(self.told, **told), self.wire, self.bucket, self.engine),
        ):
            shown = feed.first
            while shown["__typename"] != "JobChanged" or shown["job"]["state"] not in ENDED:
                shown = await feed.next()
        return await seen(person, job)


async def seen(person: Person, job: str) -> dict[str, Any]:
    found: dict[str, Any] = (await person.ask(JOB, id=job))["node"]
    return found


def kinds(job: dict[str, Any]) -> list[str]:
    return [edge["node"]["kind"] for edge in job["timeline"]["edges"]]


def states(job: dict[str, Any]) -> list[str]:
    return [output["state"] for output in job["outputs"]]


@pytest_asyncio.fixture(loop_scope="session")
async def house(running: Serving, town: Town) -> AsyncIterator[House]:
    engine = Gallery(f"gallery{next(_names)}")
    await announce(engine.name, [asdict(model) for model in engine.models], True)
    bucket, wire = await Bucket.open(running.settings), Wire(running.settings.redis_url)
    yield House(running.settings, bucket, wire, engine)
    await bucket.close()
    await wire.close()
    await fetch("DELETE FROM engines WHERE name = $1", engine.name)
    await fetch("DELETE FROM banned_pictures")


async def test_a_prompt_is_refused_before_anything_is_set_aside(house: House, town: Town) -> None:
    ada = await town.person("ada")
    before = (await ada.ask(MINE))["viewer"]
    jobs = await fetch_value("SELECT count(*) FROM generation_jobs")
    given = {"prompt": NEVER_ASKED, "engine": house.engine.name}
    refused = (await ada.ask(GENERATE, input=given))["generateImages"]
    (error,) = refused["userErrors"]
    assert (refused["job"], error["code"], error["path"]) == (None, "CONTENT_BLOCKED", ["prompt"])
    assert "sexual_minors" in error["message"]
    wrong = (await ada.ask(ENHANCE, input={"prompt": NEVER_ASKED}))["enhancePrompt"]
    assert wrong == {"enhancement": None, "userErrors": [{"code": "CONTENT_BLOCKED", "path": ["prompt"]}]}
    assert (await ada.ask(MINE))["viewer"] == before
    assert await fetch_value("SELECT count(*) FROM generation_jobs") == jobs
    fine = given | {"negativePrompt": None, "prompt": "children on a beach"}
    assert (await ada.ask(GENERATE, input=fine))["generateImages"]["userErrors"] == []


async def test_turns_and_names_of_pictures_are_read_with_the_prompt(house: House, town: Town) -> None:
    ada = await town.person("ada")
    job = await house.made(ada, "a child with a kite", **BLIND)
    thread = job["thread"]["id"]
    turn = (await ada.ask(CONTINUE, input={"threadId": thread, "prompt": "now nude"}))["continueGeneration"]
    if turn["job"] is None:  # an engine that cannot edit is told all turns together
        assert turn["userErrors"] == [{"code": "CONTENT_BLOCKED", "path": ["prompt"]}]
    image = node_id.number_of("image", job["outputs"][0]["image"]["id"])
    await fetch("UPDATE images SET alt_text = 'A child at the sea' WHERE id = $1", image)
    given = {"imageId": job["outputs"][0]["image"]["id"], "prompt": "make it nude", "engine": house.engine.name}
    edit = (await ada.ask(EDIT, input=given))["editImage"]
    assert edit == {"job": None, "userErrors": [{"code": "CONTENT_BLOCKED", "path": ["imageId"]}]}


async def test_a_safe_picture_passes_every_check_and_is_charged(house: House, town: Town) -> None:
    ada = await town.person("ada")
    job = await house.made(ada, count=2, check_text="all")
    assert (job["state"], states(job)) == ("SUCCEEDED", ["SUCCEEDED", "SUCCEEDED"])
    assert "OUTPUT_HELD" not in kinds(job)
    await check_ledger(node_id.number_of("user", ada.id))


async def test_one_blocked_of_four_is_refunded_and_the_others_are_there(house: House, town: Town) -> None:
    ada = await town.person("ada")
    await forbid(SEED + 2)
    before = (await ada.ask(MINE))["viewer"]["credits"]["balance"]
    job = await house.made(ada, count=4)
    assert (job["state"], states(job)) == ("PARTIAL", ["SUCCEEDED", "SUCCEEDED", "BLOCKED", "SUCCEEDED"])
    assert job["outputs"][2]["image"] is None
    blocked = {"code": "content_blocked", "stage": "picture", "categories": ["gore"]}
    assert {name: job["outputs"][2]["failure"][name] for name in blocked} == blocked
    assert job["failure"] == blocked
    mine = (await ada.ask(MINE))["viewer"]
    assert (mine["credits"]["balance"], mine["credits"]["held"], len(mine["images"]["edges"])) == (before - 3, 0, 3)
    lines = [edge["node"] for edge in job["timeline"]["edges"]]
    assert [(line["kind"], line["outputIndex"]) for line in lines if line["failure"]][:1] == [("OUTPUT_BLOCKED", 2)]
    assert [line["credits"] for line in lines if line["kind"] == "REFUNDED"] == [1]
    await check_ledger(node_id.number_of("user", ada.id))


async def test_a_banned_picture_has_no_preview_and_leaves_no_bytes(
    house: House, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await town.person("ada")
    await forbid(SEED)
    put: list[str] = []
    keep = Bucket.put

    async def noted(self: Bucket, key: str, *rest: Any) -> None:
        put.append(key)
        await keep(self, key, *rest)

    monkeypatch.setattr(Bucket, "put", noted)
    job = await house.made(ada)
    assert (job["state"], states(job)) == ("BLOCKED", ["BLOCKED"])
    assert put == []


async def test_words_in_a_picture_are_read(house: House, town: Town) -> None:
    ada = await town.person("ada")
    house.engine.words = "Nak3d child"
    job = await house.made(ada)
    assert states(job) == ["BLOCKED"]
    assert job["failure"] == {"code": "content_blocked", "stage": "picture", "categories": ["sexual_minors"]}


async def test_rules_that_are_newer_than_a_job_hold_for_it(house: House, town: Town) -> None:
    ada = await town.person("ada")
    job = await house.ask(ada)
    await fetch("UPDATE generation_jobs SET prompt = $2 WHERE id = $1", node_id.number_of("job", job), NEVER_ASKED)
    async with at_work(replace(house.told, **BLIND), house.wire, house.bucket, house.engine):
        found = await ended(ada, job)
    assert found["failure"] == {"code": "content_blocked", "stage": "prompt", "categories": ["sexual_minors"]}
    assert house.engine.asked == []


async def ended(person: Person, job: str) -> dict[str, Any]:
    async with person.live(LIVE, id=job) as feed:
        shown = feed.first
        while shown["__typename"] != "JobChanged" or shown["job"]["state"] not in ENDED:
            shown = await feed.next()
    return await seen(person, job)


async def test_a_held_picture_is_nobody_s_until_it_is_approved_live(
    house: House, town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ada, ben = await town.person("ada"), await town.person("ben")
    last = await fetch_value("SELECT coalesce(max(id), 0) FROM images")
    before = (await ada.ask(MINE))["viewer"]["credits"]["balance"]
    job = await house.made(ada, "plain colours", count=2, check_review_percent=15)
    assert (job["state"], states(job), job["finishedAt"]) == ("IN_REVIEW", ["SUCCEEDED", "IN_REVIEW"], None)
    assert job["outputs"][1]["image"] is None
    held = {"code": "in_review", "stage": "picture", "categories": ["sexual"]}
    assert {name: job["outputs"][1]["failure"][name] for name in held} == held
    assert kinds(job)[-3:] == ["OUTPUT_HELD", "REFUNDED", "IN_REVIEW"]
    mine = (await ada.ask(MINE))["viewer"]
    assert (len(mine["images"]["edges"]), mine["credits"]) == (1, {"balance": before - 1, "held": 0})
    assert await fetch_value("SELECT count(*) FROM images WHERE id > $1", last) == 1, "there is no image to get at"
    async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as browser:
        shown = node_id.number_of("image", job["outputs"][0]["image"]["id"])
        assert shown is not None
        for number in range(shown + 1, shown + 4):
            held_id = node_id.encode("image", number)
            assert (await browser.get(f"{town.url}/media/{held_id}/original")).status_code == 404
            assert (await ada.ask("query($id: ID!) { node(id: $id) { id } }", id=held_id))["node"] is None
    number = node_id.number_of("job", job["id"]) or 0
    assert await house.bucket.delete_prefix(preview_prefix(number)) == 0
    assert await ben.ask(JOB, id=job["id"]) == {"node": None}
    (row,) = [one for one in await review.waiting() if one.job_id == number]
    assert await review_desk.run(["list"], house.bucket) == 0
    assert await review_desk.run(["show", str(row.id), "--save", str(tmp_path / "held")], house.bucket) == 0
    assert "picture: sexual" in capsys.readouterr().out
    assert (tmp_path / "held").stat().st_size == row.image.byte_size
    async with ada.live(LIVE, id=job["id"]) as feed:
        assert await review_desk.run(["approve", str(row.id), "--by", "carol"], house.bucket) == 0
        told = (await feed.until("JobChanged"))["job"]
        while told["state"] == "IN_REVIEW":
            told = (await feed.until("JobChanged"))["job"]
    assert (told["state"], [output["state"] for output in told["outputs"]]) == ("SUCCEEDED", ["SUCCEEDED"] * 2)
    assert told["outputs"][1]["failure"] is None
    done = await seen(ada, job["id"])
    assert done["outputs"][1]["image"]["url"]
    assert kinds(done)[-2:] == ["OUTPUT_MADE", "ENDED"]
    assert (await ada.ask(MINE))["viewer"]["credits"]["balance"] == before - 1, "what was held costs nothing"
    assert await review_desk.run(["refuse", str(row.id)], house.bucket) == 1, "it was decided"
    assert await review_desk.run(["show", str(row.id)], house.bucket) == 0
    assert "approved by carol" in capsys.readouterr().out
    assert await review_desk.run(["show", "0"], house.bucket) == 1


async def refused_by_a_desk_that_dies(stack: Stack, number: int) -> None:
    desk = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "generation.review_desk", "refuse", str(number), "--by", "carol",
        cwd=HERE, env={**os.environ, **stack.environment(), "CHECKPOINT": "review.decided"},
    )  # fmt: skip
    assert await desk.wait() == -signal.SIGKILL


async def test_a_prompt_that_makes_a_person_look_and_their_refusal(house: House, town: Town, stack: Stack) -> None:
    ada = await town.person("ada")
    before = (await ada.ask(MINE))["viewer"]["credits"]["balance"]
    job = await house.made(ada, LOOKED_AT, count=2, **BLIND)
    assert (job["state"], states(job)) == ("IN_REVIEW", ["IN_REVIEW", "IN_REVIEW"])
    assert job["outputs"][0]["failure"]["stage"] == "prompt"
    assert job["outputs"][0]["failure"]["categories"] == ["nude_person"]
    assert job["thread"]["cover"] is None
    number = node_id.number_of("job", job["id"])
    rows = [one for one in await review.waiting() if one.job_id == number]
    for at, row in enumerate(rows):
        assert (await seen(ada, job["id"]))["state"] == "IN_REVIEW"
        if at:
            await decide(row.id, Decision.REFUSED, "carol")
        else:
            await refused_by_a_desk_that_dies(stack, row.id)
        assert await house.bucket.head(object_key(row.image.prefix, "original", row.image.mime_type))
        await sweep_pictures(house.bucket)
        assert await house.bucket.delete_prefix(row.image.prefix) == 0
        assert states(await seen(ada, job["id"])) == ["BLOCKED"] * (at + 1) + ["IN_REVIEW"] * (1 - at)
    done = await seen(ada, job["id"])
    assert (done["state"], done["failure"]) == (
        "BLOCKED",
        {"code": "content_blocked", "stage": "prompt", "categories": ["nude_person"]},
    )
    assert (await ada.ask(MINE))["viewer"]["credits"] == {"balance": before, "held": 0}


async def test_what_nobody_decides_is_refused_in_time(house: House, town: Town) -> None:
    ada = await town.person("ada")
    job = await house.made(ada, LOOKED_AT, **BLIND)
    number = node_id.number_of("job", job["id"])
    await sweep_reviews(30)
    assert (await seen(ada, job["id"]))["state"] == "IN_REVIEW"
    await fetch("UPDATE reviews SET created_at = now() - interval '31 days' WHERE job_id = $1", number)
    await sweep_reviews(30)
    assert (await seen(ada, job["id"]))["state"] == "BLOCKED"


async def test_jobs_in_review_are_bounded_and_cannot_be_cancelled(house: House, town: Town, running: Serving) -> None:
    ada = await town.person("ada")
    job = await house.made(ada, LOOKED_AT, **BLIND)
    late = await ada.do("CancelGeneration", jobId=job["id"])
    assert (late["outcome"], late["job"]["state"]) == ("ALREADY_FINISHED", "IN_REVIEW")
    await fetch(
        """INSERT INTO generation_jobs (owner_id, state, prompt, engine, model, width, height, count, seed, start_by, created_at)
        SELECT owner_id, state, prompt, engine, model, width, height, count, seed, start_by, now() FROM generation_jobs,
        generate_series(1, 19) WHERE id = $1""",
        node_id.number_of("job", job["id"]),
    )
    given = {"prompt": "a picture", "engine": house.engine.name}
    refused = (await ada.ask(GENERATE, input=given))["generateImages"]
    assert refused["userErrors"][0]["code"] == "QUOTA_EXCEEDED"


@pytest.mark.parametrize(("fault", "state"), [("review", "IN_REVIEW"), ("allow", "SUCCEEDED"), ("block", "BLOCKED")])
async def test_a_check_that_takes_too_long_leads_to_what_settings_say(
    house: House, town: Town, fault: str, state: str
) -> None:
    ada = await town.person("ada")
    job = await house.made(ada, check_seconds=0, check_fault=fault)
    assert job["state"] == state
    if fault != "allow":
        assert job["outputs"][0]["failure"]["categories"] == ["unchecked"]
    if fault == "review":
        await decide((await review.waiting())[-1].id, Decision.APPROVED, "carol")
        assert (await seen(ada, job["id"]))["state"] == "SUCCEEDED"


async def test_a_hold_is_written_once_and_only_under_the_lease(house: House, town: Town) -> None:
    ada = await town.person("ada")
    job_id = await house.ask(ada, count=2)
    work = await claim([house.engine.name])
    assert work is not None
    image = NewImage("pictures/ee/ff/", "image/png", 1_000, 64, 64, "L00000fQfQfQfQfQfQfQfQfQfQfQ", "A red square.")
    why = Failure("in_review", "A person looks at it.", "picture", ("sexual",))
    assert await hold_output(work.id, work.token, 0, image, why) is True
    assert await hold_output(work.id, work.token, 0, image, why) is False
    (row,) = [one for one in await review.waiting() if one.job_id == work.id]
    await decide(row.id, Decision.APPROVED, "carol")
    job = await seen(ada, job_id)
    assert (job["state"], states(job)) == ("RUNNING", ["SUCCEEDED", "PENDING"]), "decided while the rest is made"
    await finish(work.id, work.token, Ending.FAILED, Failure("broken", "It broke."))
    assert await hold_output(work.id, work.token, 1, image, why) is None
    job = await seen(ada, job_id)
    assert (job["state"], states(job)) == ("PARTIAL", ["SUCCEEDED", "FAILED"])
    assert (await ada.ask(MINE))["viewer"]["credits"]["held"] == 0
