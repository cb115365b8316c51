"""What one decides: how it looks, which language, who stays signed in."""

from __future__ import annotations

from playwright.async_api import Browser, expect

from tests.browser.site import Site
from tests.browser.visitor import visiting
from tests.people import PASSWORD

GROUND = "getComputedStyle(document.body).backgroundColor"


async def test_theme_and_language_are_switched_and_stay(site: Site, browser: Browser) -> None:
    async with visiting(browser, site.url) as visitor:
        await visitor.go("/settings")
        light = await visitor.page.evaluate(GROUND)
        await visitor.named("button", "Dark").click()
        await visitor.page.wait_for_function(f"(light) => {GROUND} !== light", arg=light)
        assert await visitor.audit() == []
        await visitor.page.get_by_role("main").get_by_role("button", name="Français").click()
        await visitor.named("heading", "Réglages").wait_for()
        await visitor.page.goto(f"{site.url}/explore")
        first = await visitor.page.evaluate("[document.documentElement.lang, document.documentElement.dataset.theme]")
        assert first == ["fr", "dark"], "before anything is drawn"
        await visitor.settled()
        await visitor.named("link", "Explorer").first.wait_for()
        assert await visitor.page.evaluate(GROUND) != light


async def test_all_others_are_signed_out_at_once(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    async with visiting(browser, site.url) as visitor, visiting(browser, site.url) as other:
        for one in (visitor, other):
            await one.be(ada)
        await other.go("/")
        await other.hears("homeTimeline")
        await visitor.go("/settings/security")
        rows = visitor.page.get_by_role("listitem").filter(has_text="Signed in on")
        await expect(rows).to_have_count(3)  # the third is the program that speaks for ada in these tests
        await expect(rows.first).to_contain_text("This device")
        await visitor.named("button", "End all others").click()
        await visitor.page.get_by_role("dialog").get_by_role("button", name="End all others").click()
        await other.page.wait_for_url("**/login?*")
        await expect(rows).to_have_count(1)
        await visitor.page.reload()
        await visitor.settled()
        await expect(rows).to_have_count(1)
        other.forgive("WebSocket")


async def test_logging_out_leaves_nothing_behind(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    async with visiting(browser, site.url) as visitor:
        await visitor.be(ada)
        await visitor.go("/")
        await visitor.page.keyboard.press("n")
        await visitor.page.get_by_role("dialog").get_by_label("Text of the post").fill("Nobody else's business")
        await visitor.page.keyboard.press("Escape")
        await visitor.go("/settings")
        await visitor.named("button", "Log out").click()
        await visitor.page.wait_for_url(f"{site.url}/")
        await visitor.settled()
        await visitor.named("link", "Log in").first.wait_for()
        assert "business" not in await visitor.page.evaluate("JSON.stringify({...localStorage})")
        # A name without meaning: in this browser its owner gets in, whoever guesses at the password elsewhere.
        assert [one["name"] for one in await visitor.context.cookies()] == ["fresque_device"]
        visitor.forgive("WebSocket")


async def test_the_password_is_changed_and_other_devices_are_out(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    async with visiting(browser, site.url) as visitor, visiting(browser, site.url) as other:
        for one in (visitor, other):
            await one.be(ada)
        await other.go("/")
        await other.hears("homeTimeline")
        await visitor.go("/settings/security")
        await visitor.named("button", "Change the password").click()
        dialog = visitor.page.get_by_role("dialog")
        await dialog.get_by_label("Current password").fill("not this one")
        await dialog.get_by_label("New password").fill("password1")
        await dialog.get_by_role("button", name="Change the password").click()
        await expect(dialog.get_by_label("Current password")).to_have_attribute("aria-invalid", "true")
        await dialog.get_by_label("Current password").fill(PASSWORD)
        await dialog.get_by_role("button", name="Change the password").click()
        await expect(dialog.get_by_label("New password")).to_have_attribute("aria-invalid", "true")
        assert await visitor.audit() == []
        await dialog.get_by_label("New password").fill("a lantern, nine otters")
        await dialog.get_by_label("New password").press("Enter")
        await visitor.page.get_by_text("The password is changed.").first.wait_for()
        await expect(dialog).to_have_count(0)
        await other.page.wait_for_url("**/login?*")
        await expect(visitor.page.get_by_role("listitem").filter(has_text="Signed in on")).to_have_count(1)
        other.forgive("WebSocket")
