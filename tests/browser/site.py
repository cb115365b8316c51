"""Fresque as people visit it: API, relay, picture worker and the rest of the work as real processes on a stack of their own, client built."""

from __future__ import annotations

import fcntl
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from PIL import Image
from playwright.async_api import Browser, async_playwright

from dev.chromium import FLAGS, MISSING, chromium
from dev.web_build import WEB, build
from tests.people import LIMITS, PATIENCE_SECONDS, Person, Town
from tests.processes import Api, Process, Processes, own_stack


@dataclass(slots=True)
class Site:
    """One running Fresque. `town` speaks to it as programs do, for what a test only needs to be there."""

    house: Processes
    api: Api
    worker: Process
    town: Town

    @property
    def url(self) -> str:
        """Its origin."""
        return self.api.url

    async def picture(self, owner: Person, colour: str = "teal", size: tuple[int, int] = (96, 64)) -> str:
        """The id of a picture of this colour that its owner uploaded."""
        kept = io.BytesIO()
        Image.new("RGB", size, colour).save(kept, "PNG")
        data = kept.getvalue()
        form = (await owner.do("CreateImageUpload", mimeType="image/png", byteSize=len(data), filename="a.png"))[
            "upload"
        ]
        fields = {field["name"]: field["value"] for field in form["fields"]}
        sent = await self.town.http.post(form["url"], data=fields, files={"file": ("a.png", data, "image/png")})
        assert sent.status_code in (200, 201, 204), sent.text
        done = await owner.do("CompleteImageUpload", uploadId=form["id"], altText=f"Something {colour}")
        found: str = done["image"]["id"]
        return found


def build_once() -> None:
    """Bring the web client up to date, as `make run` does; of those who come at the same time one builds."""
    with (WEB / "package.json").open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        build()


@asynccontextmanager
async def opened(name: str) -> AsyncIterator[Site]:
    """A site of its own, which ends with everything in it."""
    build_once()
    with own_stack(name, s3=True) as stack:
        house = Processes(stack)
        house.environment["OUTSIDE_LOOPBACK_HOSTS"] = "127.0.0.1"  # where the tests take webhooks
        api, relay, worker = house.api("api"), house.relay("relay"), house.worker("worker")
        work = Process("work", stack.home, "work", house.environment)
        house.all.append(work)
        try:
            await house.begin(api, relay, worker, work)
            async with httpx.AsyncClient(timeout=PATIENCE_SECONDS, limits=LIMITS) as client:
                yield Site(house, api, worker, Town(api.url, client))
        finally:
            house.end()


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """A headless Chromium. Fails with what to install where there is none."""
    path = chromium()
    assert path is not None, MISSING
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield browser
        finally:
            await browser.close()
