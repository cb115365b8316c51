"""What became of a job: what happened to it, and doing it again."""

from __future__ import annotations

from playwright.async_api import Browser, expect

from tests.browser.site import Site
from tests.browser.visitor import visiting


async def test_a_stopped_job_says_what_happened_and_is_done_again(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    async with visiting(browser, site.url) as visitor:
        page = visitor.page
        await visitor.be(ada)
        await visitor.go("/studio")
        site.worker.pause()
        try:
            await visitor.named("textbox", "What should it show?").fill("A quiet harbour")
            await visitor.named("button", "Make").click()
            await visitor.named("button", "Stop").click()
            stopped = page.locator('[data-state="CANCELLED"]')
            await stopped.wait_for()
        finally:
            site.worker.go_on()
        await visitor.named("button", "What happened").press("Enter")
        told = page.get_by_role("dialog").get_by_role("listitem")
        await expect(told.first).to_contain_text("Asked for")
        await expect(told.filter(has_text="Given back")).to_contain_text("1 credit")
        assert await visitor.audit() == []
        await page.get_by_role("dialog").get_by_role("button", name="Close").press("Enter")
        await expect(visitor.named("button", "What happened")).to_be_focused()

        await visitor.named("button", "Try again").click()
        made = page.locator('[data-state="SUCCEEDED"]')
        await made.wait_for()
        await expect(page.locator("[data-job]")).to_have_count(2)
        await made.get_by_role("button", name="Open the picture").click()
        await page.get_by_role("dialog").get_by_text("What happened").click()
        await expect(page.get_by_role("dialog").get_by_role("listitem").first).to_contain_text("Asked for")
        assert await visitor.audit() == []
