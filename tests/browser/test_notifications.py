"""What one is told of, on screen: live without moving what is read, counted beside the bell and in the tab, read on all devices, held back."""

from __future__ import annotations

import os
import re

from playwright.async_api import Browser, expect

from tests.browser.site import Site
from tests.browser.visitor import PHONE, Visitor, visiting
from tests.telling import FILTERS


async def look(visitor: Visitor, name: str) -> None:
    """Nothing on the page is wrong for who cannot see it; kept as a picture where a folder is named."""
    assert await visitor.audit() == [], name
    if folder := os.environ.get("FRESQUE_LOOKS"):
        await visitor.page.screenshot(path=f"{folder}/{name}.png")


async def test_what_happens_is_told_counted_and_read(site: Site, browser: Browser) -> None:
    ada, bob, carl = [await site.town.person(name) for name in ("ada", "bob", "carl")]
    post = await ada.write("A fox at night")
    async with (
        visiting(browser, site.url) as desk,
        visiting(browser, site.url, viewport=PHONE, locale="fr-FR") as phone,
    ):
        await desk.be(ada)
        await phone.be(ada)
        await desk.go("/explore")
        await desk.hears("notifications")
        await bob.do("LikePost", postId=post)
        badge = desk.page.locator("[data-unread]").first
        await expect(badge).to_have_attribute("data-unread", "1")
        await expect(desk.page).to_have_title(re.compile(r"^\(1\) "))
        await desk.strike("g", "n")
        lines = desk.page.locator("main li[data-kind]")
        await expect(lines).to_have_count(1)
        await lines.first.get_by_text(f"{bob.handle} liked your post").wait_for()
        await expect(desk.page.locator("[data-unread]")).to_have_count(0)
        await phone.go("/notifications")
        await phone.page.get_by_text(f"{bob.handle} a aimé votre publication").wait_for()
        await phone.hears("notifications")
        reply = await bob.write("What a fox", replyToId=post)
        await carl.do("LikePost", postId=post)
        await carl.follow(ada)
        pill = desk.page.locator("[data-fresh]")
        await expect(pill).to_have_attribute("data-fresh", "2")
        await lines.first.get_by_text(f"{carl.handle} and {bob.handle} liked your post").wait_for()
        await expect(lines).to_have_count(1)
        await look(desk, "notifications-waiting")
        await desk.page.keyboard.press(".")
        await expect(lines).to_have_count(3)
        kinds = [await lines.nth(place).get_attribute("data-kind") for place in range(3)]
        assert kinds == ["FOLLOW", "LIKE", "REPLY"]
        await desk.post(reply).wait_for()
        await look(desk, "notifications")
        await phone.page.locator("[data-fresh]").click()
        await expect(phone.page.locator("main li[data-kind]")).to_have_count(3)
        await look(phone, "notifications-phone")
        await expect(phone.page.locator("[data-unread]")).to_have_count(0)
        await desk.named("link", "Mentions").click()
        await expect(lines).to_have_count(1)
        await bob.do("UnlikePost", postId=post)
        await bob.do("DeletePost", postId=reply)
        await expect(lines).to_have_count(0)


async def test_strangers_wait_until_they_are_let_in(site: Site, browser: Browser) -> None:
    ada, bob, carl = [await site.town.person(name) for name in ("ada", "bob", "carl")]
    async with visiting(browser, site.url) as visitor:
        await visitor.be(ada)
        await visitor.go("/settings/notifications")
        await visitor.page.get_by_label("People you do not follow").select_option("FILTER")
        await visitor.page.get_by_label("New followers", exact=True).select_option("NOBODY")
        await look(visitor, "notification-settings")
        await visitor.answered()
        await visitor.page.reload()
        await expect(visitor.page.get_by_label("People you do not follow")).to_have_value("FILTER")
        await expect(visitor.page.get_by_label("New followers", exact=True)).to_have_value("NOBODY")
        await bob.write(f"@{ada.handle} may I?")
        await carl.write(f"@{ada.handle} buy this")
        await visitor.go("/notifications/requests")
        await visitor.named("button", f"Let in @{bob.handle}").wait_for()
        await visitor.named("button", f"Dismiss @{carl.handle}").wait_for()
        await look(visitor, "notification-requests")
        await visitor.named("button", f"Let in @{bob.handle}").click()
        await visitor.named("button", f"Dismiss @{carl.handle}").click()
        await visitor.named("heading", "Nobody waits").wait_for()
        await visitor.answered()
        await visitor.named("link", "All").click()
        await expect(visitor.page.locator("main li[data-kind]")).to_have_count(1)
        await ada.do(FILTERS, notFollowing="ACCEPT")
