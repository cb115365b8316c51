"""Every outside engine through the whole house: asked for by a person, made by a worker, watched, fetched, and never twice."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest_asyncio
from PIL import Image

from generation.engine import Model
from generation.engines.compatible import USUAL, Compatible, Dialect, Offer
from generation.engines.remote import Remote
from models.database import fetch, fetch_value
from models.node_id import number_of
from storage.picture import source_key
from tests.conftest import Serving
from tests.engines.comfy_server import NEW, OLD, ComfyServer
from tests.engines.images_server import ImagesServer
from tests.engines.loopback import served
from tests.engines.making import bytes_of, watched, workshop
from tests.engines.test_comfyui import made as comfy
from tests.engines.test_openai_images import made
from tests.people import PATIENCE_SECONDS, Town


@pytest_asyncio.fixture
async def images() -> AsyncIterator[tuple[ImagesServer, str]]:
    """A server that speaks the Images API, and its address."""
    server = ImagesServer()
    async with served(server.application()) as address:
        server.url_base = address
        yield server, f"{address}/v1"


async def test_openai(running: Serving, town: Town, images: tuple[ImagesServer, str]) -> None:
    server, address = images
    ann, ben = await town.person("ann"), await town.person("ben")
    async with workshop(running, made(address)) as bucket:
        (known,) = [
            engine
            for engine in (
                await ann.ask("{ engines { name available models { name capabilities { maxReferences } } } }")
            )["engines"]
            if engine["name"] == "openai"
        ]
        assert known["models"][0] == {"name": "painter", "capabilities": {"maxReferences": 15}}
        job, told = await watched(ann, prompt="two foxes", engine="openai", count=2)
        assert (job["state"], job["engine"]["name"], job["model"]["name"]) == ("SUCCEEDED", "openai", "painter")
        assert [event["previewUrl"] for event in told if event["__typename"] == "JobProgressed" and event["previewUrl"]]
        for data in await bytes_of(ann, job):
            with Image.open(io.BytesIO(data)) as picture:
                assert picture.size == (1024, 1024)
        rows = await fetch(
            "SELECT i.prefix, o.facts FROM generation_outputs o JOIN images i ON i.id = o.image_id WHERE o.job_id = $1",
            number_of("job", job["id"]),
        )
        assert len(rows) == 2
        for row in rows:
            assert await bucket.get(source_key(row["prefix"]), 10**8) == server.picture
            assert row["facts"]["request_id"]
        names = {asked.fields["safety_identifier"] for asked in server.asked}
        assert len(names) == 1  # of ann, whose id it does not tell
        assert str(number_of("user", ann.id)) not in names
        await watched(ben, prompt="a fox", engine="openai")
        assert server.asked[-1].fields["safety_identifier"] not in names


async def test_what_openai_refuses_is_told_and_what_it_lost_is_not_asked_again(
    running: Serving, town: Town, images: tuple[ImagesServer, str]
) -> None:
    server, address = images
    ann = await town.person("ann")
    async with workshop(running, made(address)):
        for word, state, code, asked in (
            ("input", "BLOCKED", "moderation_blocked", 1),
            ("cut", "FAILED", "answer_lost", 1),
            ("once", "SUCCEEDED", None, 2),  # a refusal before any work is tried again
        ):
            server.asked.clear()
            job, _ = await watched(ann, prompt=f"a fox {word}", engine="openai")
            failure = job["failure"]
            assert (job["state"], failure and failure["code"], len(server.asked)) == (state, code, asked)


async def test_a_compatible_server(running: Serving, town: Town, images: tuple[ImagesServer, str]) -> None:
    _, address = images
    ann = await town.person("ann")
    offer = Offer(Model("tiny", replace(USUAL, supports_seeds=True), 512, 512), "sd-cpp-local", Dialect(seed="sd_cpp"))
    engine = Compatible("local", (offer,), Remote(address, "", 20.0), parallel=1, paid=False)
    async with workshop(running, engine):
        job, _ = await watched(ann, prompt="a fox url", engine="local", seed="9")
        assert (job["state"], job["seed"], job["outputs"][0]["image"]["width"]) == ("SUCCEEDED", "9", 1024)
        assert len(await bytes_of(ann, job)) == 1
    assert await fetch_value("SELECT count(*) FROM engines WHERE name = 'local'") == 0


async def test_comfyui_old_and_new(running: Serving, town: Town, tmp_path: Path) -> None:
    ann = await town.person("ann")
    for version in (NEW, OLD):
        server = ComfyServer(version)
        async with served(server.application()) as address, workshop(running, comfy(address, tmp_path)):
            job, told = await watched(ann, prompt="a fox", engine="comfyui", model="tiny", seed="9", count=2)
            assert (job["state"], job["engine"]["name"]) == ("SUCCEEDED", "comfyui")
            assert {event["__typename"] for event in told} >= {"JobProgressed", "JobChanged"}
            assert len(await bytes_of(ann, job)) == 2
            assert len(server.handed_in) == 2
            job, _ = await watched(ann, prompt="a fox fail", engine="comfyui")
            assert (job["state"], job["failure"]["code"]) == ("FAILED", "engine_failed")
            assert "KSampler" in job["failure"]["message"]


async def test_cancelling_reaches_comfyui(running: Serving, town: Town, tmp_path: Path) -> None:
    ann, server = await town.person("ann"), ComfyServer()
    async with served(server.application()) as address, workshop(running, comfy(address, tmp_path)):
        job = (await ann.do("GenerateImages", prompt="a fox hold", engine="comfyui"))["job"]
        async with asyncio.timeout(PATIENCE_SECONDS):
            await server.at_work.wait()
            assert (await ann.do("CancelGeneration", jobId=job["id"]))["outcome"] == "STOPPING"
            await server.cancelled.wait()
        assert server.work == {}
