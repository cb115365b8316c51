"""Who reads whom: going private, asking and being let in, muted words, lists of people; by mouse, by key, in both languages."""

from __future__ import annotations

import os

from playwright.async_api import Browser, expect

from tests.browser.site import Site
from tests.browser.visitor import PHONE, Visitor, visiting
from tests.selection import mutation


async def look(visitor: Visitor, name: str) -> None:
    """Nothing on the page is wrong for who cannot see it; kept as a picture where a folder is named."""
    assert await visitor.audit() == [], name
    if folder := os.environ.get("FRESQUE_LOOKS"):
        await visitor.page.screenshot(path=f"{folder}/{name}.png")


async def test_a_private_account_lets_people_in(site: Site, browser: Browser) -> None:
    ada, bob = await site.town.person("ada"), await site.town.person("bob")
    post = await ada.write("For those I know")
    async with visiting(browser, site.url) as owner, visiting(browser, site.url, viewport=PHONE) as guest:
        await owner.be(ada)
        await guest.be(bob)
        await owner.go("/settings/privacy")
        await owner.named("button", "Private").click()
        await expect(owner.named("button", "Private")).to_have_attribute("aria-pressed", "true")
        await owner.page.get_by_text("Your account is private.", exact=True).wait_for()
        await look(owner, "privacy")
        await owner.go("/settings/requests")
        await owner.named("heading", "Nobody waits").wait_for()
        await owner.hears("followRequests")
        await guest.go(f"/@{ada.handle}")
        await guest.named("heading", "These posts are protected").wait_for()
        await guest.hears("userTimeline")
        await guest.named("button", f"Follow @{ada.handle}").press("Enter")
        await guest.named("button", f"Requested @{ada.handle}").wait_for()
        await look(guest, "protected")
        await owner.named("button", f"Accept @{bob.handle}").wait_for()
        await look(owner, "requests")
        await owner.named("button", f"Accept @{bob.handle}").click()
        await owner.named("heading", "Nobody waits").wait_for()
        await guest.named("button", f"Following @{ada.handle}").wait_for()
        await guest.post(post).wait_for()
        await owner.go(f"/@{ada.handle}/followers")
        await owner.page.get_by_role("link", name=bob.handle).first.wait_for()
        await look(owner, "followers")


async def test_words_and_people_are_muted_and_heard_again(site: Site, browser: Browser) -> None:
    ada, bob = await site.town.person("ada"), await site.town.person("bob")
    await ada.follow(bob)
    fox = await bob.write("A fox at night")
    async with visiting(browser, site.url) as visitor:
        await visitor.be(ada)
        await visitor.go("/settings/words")
        await visitor.page.get_by_label("Word, phrase or #tag").fill("fox")
        await visitor.page.get_by_label("What happens").select_option("WARN")
        await visitor.page.get_by_label("Word, phrase or #tag").press("Enter")
        row = visitor.page.get_by_role("listitem").filter(has_text="fox")
        await row.wait_for()
        await look(visitor, "words")
        await visitor.go("/")
        await visitor.post(fox).get_by_text("Folded: it says “fox”, which you mute.").wait_for()
        await expect(visitor.post(fox).get_by_text("A fox at night")).to_have_count(0)
        await look(visitor, "folded")
        await visitor.post(fox).get_by_role("button", name="Show", exact=True).click()
        await visitor.post(fox).get_by_text("A fox at night").wait_for()
        await visitor.go("/settings/words")
        await visitor.named("button", "Mute no longer: fox").click()
        await visitor.page.get_by_text("You mute no words.").wait_for()
        await visitor.go(f"/@{bob.handle}")
        await visitor.page.get_by_role("main").get_by_role("button", name="More", exact=True).first.click()
        await look(visitor, "menu")
        await visitor.named("menuitem", "Mute for a while…").click()
        await visitor.page.get_by_label("For how long").select_option("d7")
        await look(visitor, "mute")
        await visitor.page.get_by_role("dialog").get_by_role("button", name="Mute").click()
        await visitor.page.get_by_text(f"@{bob.handle} is muted.", exact=True).wait_for()
        await visitor.go("/settings/muted")
        await visitor.named("button", f"Unmute @{bob.handle}").wait_for()
        await look(visitor, "muted")
        await visitor.named("button", f"Unmute @{bob.handle}").click()
        await visitor.named("button", f"Mute @{bob.handle}").wait_for()
    await ada.do(mutation("blockUser"), userId=bob.id)
    async with visiting(browser, site.url, locale="fr-FR", dark=True) as visitor:
        await visitor.be(ada)
        await visitor.go("/settings/blocked")
        await visitor.named("heading", "Comptes bloqués").wait_for()
        await visitor.page.get_by_role("link", name=bob.handle).first.wait_for()
        await look(visitor, "blocked")
