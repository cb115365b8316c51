"""What is picked for one: its tab, why a post is there, less of it and back, the settings; and the page of trends."""

from __future__ import annotations

from playwright.async_api import Browser, expect

from tests.browser.site import Site
from tests.browser.test_people import look
from tests.browser.visitor import visiting


async def test_posts_are_picked_and_corrected(site: Site, browser: Browser) -> None:
    ada, bob = await site.town.person("ada"), await site.town.person("bob")
    await ada.follow(bob)
    picture = await site.picture(bob, "teal")
    post = await bob.write("A teal wall", images=[{"imageId": picture}])
    async with visiting(browser, site.url) as visitor:
        await visitor.be(ada)
        await visitor.go("/")
        await visitor.named("button", "For you").click()
        await visitor.post(post).wait_for()
        await expect(visitor.post(post).locator("[data-why=FOLLOWED]")).to_have_text("By someone you follow")
        await look(visitor, "picked")
        await visitor.post(post).get_by_role("button", name="More").click()
        await visitor.page.get_by_role("menuitem", name="See less of this person").click()
        await expect(visitor.post(post)).to_have_count(0)
        await visitor.page.get_by_role("button", name="Undo").click()
        await visitor.post(post).wait_for()
        await visitor.post(post).get_by_role("button", name="More").click()
        await visitor.page.get_by_role("menuitem", name="See less like this").click()
        await expect(visitor.post(post)).to_have_count(0)
        await visitor.page.get_by_text("You will see less like this.").first.wait_for()
        await visitor.answered()
        await visitor.go("/settings")
        await visitor.named("heading", "What you asked for").wait_for()
        await look(visitor, "picked-settings")
        await visitor.page.get_by_role("button", name="Take back").click()
        await expect(visitor.page.get_by_role("heading", name="What you asked for")).to_have_count(0)
        off = visitor.page.get_by_role("group", name="Pick posts for me").get_by_role("button", name="Off")
        await off.click()
        await expect(off).to_have_attribute("aria-pressed", "true")
        await visitor.page.get_by_text("Nothing is picked, and nothing is kept for it.").wait_for()
        await visitor.answered()
        await visitor.go("/?tab=picked")
        await visitor.post(post).wait_for()
        await expect(visitor.page.get_by_role("button", name="For you")).to_have_count(0)
        await visitor.go("/explore?view=trends")
        await visitor.page.get_by_label("Language").select_option("fr")
        await visitor.page.get_by_text("How this is worked out").wait_for()
        await look(visitor, "trends")
