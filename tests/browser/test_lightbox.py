"""Pictures in full: one after another by keys, their story, and back to where one was."""

from __future__ import annotations

from playwright.async_api import Browser, expect

from tests.browser.site import Site
from tests.browser.visitor import DESKTOP, PHONE, visiting


async def test_pictures_are_looked_at_one_after_another(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    images = [{"imageId": await site.picture(ada, colour, (640, 480))} for colour in ("teal", "gold")]
    post = await ada.write("Two walls", images=images)
    for viewport in (DESKTOP, PHONE):
        async with visiting(browser, site.url, viewport=viewport) as visitor:
            await visitor.go(f"/post/{post}")
            opener = visitor.post(post).get_by_role("button").filter(has=visitor.page.get_by_role("img")).first
            await opener.click()
            box = visitor.page.get_by_role("dialog")
            await expect(box.get_by_role("img", name="Something teal")).to_be_visible()
            assert await visitor.audit() == []
            await visitor.page.keyboard.press("ArrowRight")
            await expect(box.get_by_text("2 of 2")).to_be_visible()
            await expect(box.get_by_role("img", name="Something gold")).to_be_visible()
            await visitor.page.keyboard.press("+")
            await expect(box.get_by_role("button", name="Zoom out")).to_be_enabled()
            await visitor.page.keyboard.press("Escape")
            await expect(box).to_have_count(0)
            await expect(opener).to_be_focused()
