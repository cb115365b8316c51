"""Webhooks as somebody keeps them: added, tested, sent again, turned off, given a new secret, deleted."""

from __future__ import annotations

import re

from playwright.async_api import Browser, expect

from tests.browser.site import Site
from tests.browser.visitor import PHONE, visiting
from tests.receiver import receiving
from tests.selection import mutation

CREATE = mutation("createWebhook")


async def test_a_webhook_from_its_address_to_its_end(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    async with receiving() as receiver, visiting(browser, site.url) as visitor:
        page, main = visitor.page, visitor.page.get_by_role("main")
        await visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
        await visitor.be(ada)
        await visitor.go("/settings")
        await visitor.named("link", "Show your webhooks").press("Enter")
        await visitor.named("textbox", "Address").fill("http://example.org/")
        await visitor.named("button", "Add it").click()
        await expect(visitor.named("textbox", "Address")).to_have_attribute("aria-invalid", "true")

        await visitor.named("textbox", "Address").fill(receiver.url)
        await page.get_by_label("You stopped it").uncheck()
        await visitor.named("textbox", "Address").press("Enter")
        dialog = page.get_by_role("dialog")
        secret = await dialog.get_by_label("Secret", exact=True).inner_text()
        assert secret.startswith("whsec_")
        await dialog.get_by_role("button", name="Copy the secret").click()
        await page.get_by_text("The secret is in your clipboard.").first.wait_for()
        assert await page.evaluate("navigator.clipboard.readText()") == secret
        assert await visitor.audit() == []
        await dialog.get_by_role("button", name="I have kept it").click()
        await page.wait_for_url("**/settings/webhooks/*")
        await expect(dialog).to_have_count(0)
        await visitor.settled()
        assert secret not in await page.content(), "it is told once"
        await expect(page.get_by_label("You stopped it")).not_to_be_checked()

        await visitor.named("button", "Send a test").click()
        row = main.get_by_role("listitem").filter(has_text="A test").first
        await expect(row).to_contain_text("Taken")
        receiver.got[0].verify(secret)
        await row.get_by_text("What was sent and answered").click()
        await expect(row).to_contain_text("204")
        assert await visitor.audit() == []
        await row.get_by_role("button", name=re.compile("^Send again: A test")).click()
        await expect(row.get_by_text("204")).to_have_count(2)

        await visitor.named("button", "Make a new secret").click()
        await dialog.get_by_role("button", name="Make a new secret").click()
        renewed = await dialog.get_by_label("Secret", exact=True).inner_text()
        assert renewed != secret
        await dialog.get_by_role("button", name="I have kept it").press("Enter")
        await expect(dialog).to_have_count(0)

        await visitor.named("button", "Turn off").click()
        await expect(main).to_contain_text("You turned it off.")
        await expect(visitor.named("button", "Send a test")).to_be_disabled()
        await page.reload()
        await visitor.settled()
        await expect(main).to_contain_text("You turned it off.")

        await visitor.named("button", "Delete").click()
        await dialog.get_by_role("button", name="Delete").click()
        await page.wait_for_url("**/settings/webhooks")
        await expect(main).to_contain_text("No webhook yet")


async def test_another_persons_webhook_is_not_there(site: Site, browser: Browser) -> None:
    ada, eve = await site.town.person("ada"), await site.town.person("eve")
    made = await ada.do(CREATE, url="https://hooks.example.org/fresque")
    async with visiting(browser, site.url, viewport=PHONE) as visitor:
        await visitor.be(eve)
        await visitor.go(f"/settings/webhooks/{made['webhook']['id']}")
        await expect(visitor.page.get_by_role("main")).to_contain_text("no longer there")
        await visitor.go("/settings/webhooks")
        await expect(visitor.page.get_by_role("main")).to_contain_text("No webhook yet")
