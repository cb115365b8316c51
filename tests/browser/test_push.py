"""Being told outside of the page: this device, others, kinds at once, mail; and the worker that shows what was sealed and sent."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, expect

from tests.browser.site import Site
from tests.browser.visitor import PHONE, Visitor, visiting
from tests.people import PATIENCE_SECONDS
from tests.pushing import SUBSCRIBE, Receiving
from tests.receiver import receiving

SHOWN = """async () => (await registration.getNotifications()).map(({ title, body, tag, data }) => ({ title, body, tag, path: data.path }))"""


async def look(visitor: Visitor, name: str) -> None:
    """Nothing on the page is wrong for who cannot see it; kept as a picture where a folder is named."""
    assert await visitor.audit() == [], name
    if folder := os.environ.get("FRESQUE_LOOKS"):
        await visitor.page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@asynccontextmanager
async def pushing(visitor: Visitor) -> AsyncIterator[Any]:
    """Gives what hands a message to the worker as the browser does when its push service brings one."""
    session = await visitor.context.new_cdp_session(visitor.page)
    known: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def updated(event: dict[str, Any]) -> None:
        for one in event["registrations"]:
            if not known.done() and not one["isDeleted"]:
                known.set_result(one["registrationId"])

    session.on("ServiceWorker.workerRegistrationUpdated", updated)
    await session.send("ServiceWorker.enable")
    async with asyncio.timeout(PATIENCE_SECONDS):
        number = await known

    async def deliver(text: str) -> None:
        given = {"origin": visitor.url, "registrationId": number, "data": text}
        await session.send("ServiceWorker.deliverPushMessage", given)

    yield deliver
    await session.detach()


async def test_devices_kinds_and_mail_are_settled_and_a_push_is_shown(site: Site, browser: Browser) -> None:
    ada, bob = await site.town.person("ada"), await site.town.person("bob")
    post = await ada.write("A fox")
    async with receiving() as receiver, visiting(browser, site.url) as visitor:
        phone = Receiving(endpoint=receiver.url)
        await ada.do(SUBSCRIBE, **phone.given)
        await visitor.be(ada)
        await visitor.context.grant_permissions(["notifications"], origin=site.url)
        await visitor.go("/settings/notifications")
        await expect(visitor.page.locator("[data-push]")).to_have_attribute("data-push", "off")
        await look(visitor, "push-settings")
        await visitor.page.get_by_label("Likes: tell my devices at once").check()
        await visitor.named("button", "Weekly").click()
        await expect(visitor.named("button", "Weekly")).to_have_attribute("aria-pressed", "true")
        await visitor.answered()
        await visitor.page.reload()
        await expect(visitor.page.get_by_label("Likes: tell my devices at once")).to_be_checked()
        await expect(visitor.named("button", "Weekly")).to_have_attribute("aria-pressed", "true")
        # This browser has no push service to reach (headless, no account): it says so, and its worker is there all the same.
        await visitor.named("button", "Tell me on this device").click()
        await (
            visitor.page.get_by_text("could not reach its push service")
            .or_(visitor.page.get_by_text("was not allowed to tell you"))
            .first.wait_for()
        )
        visitor.forgive("(?i)incognito|push (api|service)")  # Chromium says why
        worker = next(iter(visitor.context.service_workers), None) or await visitor.context.wait_for_event(
            "serviceworker"
        )
        assert worker.url == f"{site.url}/push.js"
        await bob.write("What a fox", replyToId=post)
        (got,) = await receiver.until(1)
        said = phone.said(got)
        assert said["title"] == f"{bob.handle} replied to you"
        async with pushing(visitor) as deliver:
            await visitor.page.goto("about:blank")
            await deliver(phone.open(got.body).decode())
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not (shown := await worker.evaluate(SHOWN)):  # noqa: ASYNC110  # it is a browser that tells
                    await asyncio.sleep(0.02)
        assert shown == [{"title": said["title"], "body": "What a fox", "tag": said["tag"], "path": said["path"]}]
        await visitor.go("/settings/notifications")
        await visitor.page.get_by_role("button", name="Stop on").click()
        await expect(visitor.page.get_by_role("button", name="Stop on")).to_have_count(0)
    async with visiting(browser, site.url, viewport=PHONE, locale="fr-FR") as visitor:
        await visitor.be(ada)
        await visitor.go("/settings/notifications")
        await expect(visitor.named("button", "Par semaine")).to_have_attribute("aria-pressed", "true")
        await look(visitor, "push-settings-phone")
