"""Automod rules at the desk: written, tried on what is there while one looks on, turned on, and what they hold."""

from __future__ import annotations

from playwright.async_api import Browser, expect

from tests.browser.site import Site
from tests.browser.test_moderation import employ, staffed
from tests.browser.visitor import PHONE, visiting


async def test_a_rule_is_written_tried_and_turned_on(site: Site, browser: Browser) -> None:
    boss, ada, mod = await site.town.person("boss"), await site.town.person("ada"), await staffed(site)
    await employ(site, boss, "ADMINISTRATOR")
    word = f"w{ada.id[-8:]}"
    await ada.write(f"Buy {word} coins")
    async with visiting(browser, site.url) as desk, visiting(browser, site.url, viewport=PHONE) as reader:
        await desk.be(boss)
        await desk.go("/desk/rules")
        await desk.named("link", "Write a rule").click()
        await desk.page.get_by_label("Name").fill("Coins")
        await desk.page.get_by_label("What follows").select_option("HOLD")
        await desk.named("button", "Keep").click()
        await expect(desk.page.get_by_role("alert").first).to_contain_text("Say when it matches")
        await desk.page.get_by_label("Phrases, one a line").fill(f"{word} coins\nfree money")
        assert await desk.audit() == []
        await desk.named("button", "Keep").click()
        await desk.page.get_by_text("The rule is kept.", exact=True).wait_for()
        await desk.named("button", "Try it").click()
        await desk.page.get_by_text("Done", exact=True).wait_for()
        await desk.page.get_by_text(f"Buy {word} coins", exact=True).wait_for()
        assert await desk.audit() == []
        await desk.named("button", "Let it count").click()
        await desk.named("button", "Turn it on").click()
        await desk.named("button", "Turn it off").wait_for()
        post = await ada.write(f"Buy {word} coins again")
        await reader.be(ada)
        await reader.go(f"/post/{post}")
        await reader.named("link", "Moderators took this down: only you see it.").wait_for()
        await reader.context.clear_cookies()
        await reader.be(mod)
        await reader.go("/desk/rules")
        await reader.named("link", "Coins").click()
        await reader.page.get_by_text("Administrators change rules; you can read them.", exact=True).wait_for()
        await expect(reader.named("button", "Turn it off")).to_have_count(0)
        await desk.named("button", "Turn it off").click()
        await desk.named("button", "Delete the rule").click()
        await desk.page.get_by_text("The rule is deleted.", exact=True).wait_for()
