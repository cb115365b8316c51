"""One's own page: edited where it is seen, shown to everybody."""

from __future__ import annotations

from playwright.async_api import Browser, expect

from tests.browser.site import Site
from tests.browser.visitor import PHONE, visiting


async def test_a_profile_is_edited_and_seen_by_others(site: Site, browser: Browser) -> None:
    ada, bob = await site.town.person("ada"), await site.town.person("bob")
    await site.picture(ada, "teal", (400, 400))
    async with visiting(browser, site.url) as visitor, visiting(browser, site.url, viewport=PHONE) as other:
        await visitor.be(ada)
        await other.be(bob)
        await visitor.go(f"/@{ada.handle}")
        await visitor.named("button", "Edit profile").click()
        dialog = visitor.named("dialog", "Edit profile")
        for what in ("Profile picture", "Banner"):
            await dialog.get_by_role("button", name=f"Change: {what}").click()
            await visitor.named("menuitem", "Choose one of your pictures").click()
            await visitor.named("dialog", "Your pictures").get_by_role("button", name="Something teal").click()
        await dialog.get_by_label("Name").fill("Ada L.")
        await dialog.get_by_label("About you").fill("Numbers, and poetry.")
        await dialog.get_by_label("Website").fill("example.org")
        assert await visitor.audit() == []
        await dialog.get_by_role("button", name="Save").click()
        website = dialog.get_by_label("Website")
        await expect(website).to_have_attribute("aria-invalid", "true")
        await website.fill("https://example.org/ada")
        await dialog.get_by_role("button", name="Save").click()
        await expect(dialog).to_have_count(0)
        for screen in (visitor, other):
            if screen is other:
                await screen.go(f"/@{ada.handle}")
            main = screen.page.get_by_role("main")
            await expect(main.get_by_text("Ada L.").first).to_be_visible()
            await expect(main.get_by_text("Numbers, and poetry.")).to_be_visible()
            pictures = main.locator("img[src*='/media/']")
            await expect(pictures).to_have_count(2)
            for picture in await pictures.all():
                await expect(picture).to_have_js_property("complete", True)
                await expect(picture).not_to_have_js_property("naturalWidth", 0)
            link = main.get_by_role("link", name="example.org/ada")
            assert "noopener" in (await link.get_attribute("rel") or "") or await link.get_attribute("target") is None


async def test_following_shows_at_once_and_lasts(site: Site, browser: Browser) -> None:
    ada, bob = await site.town.person("ada"), await site.town.person("bob")
    async with visiting(browser, site.url) as visitor:
        await visitor.be(ada)
        await visitor.go(f"/@{bob.handle}")
        await visitor.named("button", f"Follow @{bob.handle}").click()
        await expect(visitor.named("button", f"Following @{bob.handle}")).to_have_attribute("aria-pressed", "true")
        await expect(visitor.page.get_by_role("main")).to_contain_text("1 follower")
        await visitor.answered()
        await visitor.page.reload()
        await visitor.settled()
        await expect(visitor.named("button", f"Following @{bob.handle}")).to_have_attribute("aria-pressed", "true")
