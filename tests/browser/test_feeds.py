"""Custom feeds as people use them: built with what they show beside, kept, read live, found in the home, made one's own; by keys too."""

from __future__ import annotations

from playwright.async_api import Browser, expect

from tests.browser.site import Site
from tests.browser.visitor import visiting
from tests.feeds import made
from tests.test_trend import new_tag


async def test_a_feed_is_built_kept_and_read_live_in_the_home(site: Site, browser: Browser) -> None:
    ada, bob = await site.town.person("ada"), await site.town.person("bob")
    tag = new_tag("Blue")
    plain = await bob.write(f"plain #{tag}")
    shown = await bob.write(f"shown #{tag}", images=[{"imageId": await site.picture(bob)}])
    async with visiting(browser, site.url) as visitor:
        page = visitor.page
        await visitor.be(ada)
        await visitor.go("/feeds")
        await visitor.named("link", "New feed").click()
        await page.get_by_label("Name of the feed").fill("Blue hours")
        await page.get_by_label("Kind of source").select_option("HASHTAG")
        await page.get_by_label("Hashtag", exact=True).fill(f"#{tag}")
        await page.keyboard.press("Enter")
        await visitor.post(plain).wait_for()
        await page.get_by_role("group", name="With pictures").get_by_role("button", name="Only these").click()
        await visitor.post(plain).wait_for(state="detached")
        await visitor.post(shown).wait_for()
        await expect(page.get_by_role("region", name="What it shows now")).to_contain_text(f"Posts with #{tag}")
        await expect(visitor.post(shown).locator("..")).to_contain_text("Because of #")
        assert await visitor.audit() == []
        await visitor.named("button", "Keep the feed").click()
        await page.wait_for_url("**/feeds/feed_*")
        feed = page.url.rpartition("/")[2]
        await visitor.post(shown).wait_for()
        await expect(page.locator("main")).to_contain_text("Only with pictures")
        await visitor.named("button", "Add to home").click()
        await visitor.named("button", "In your home").wait_for()
        await page.get_by_text(
            "Blue hours is among the tabs of your home.", exact=True
        ).wait_for()  # it says so before it is
        await visitor.go("/")
        tab = page.get_by_role("button", name="Blue hours")
        await tab.focus()
        await page.keyboard.press("Enter")
        await visitor.post(shown).wait_for()
        await visitor.hears("customFeedTimeline")
        late = await bob.write(f"late #{tag}", images=[{"imageId": await site.picture(bob)}])
        await page.get_by_role("button", name="1 new post").click()
        await visitor.post(late).wait_for()
        await visitor.go(f"/feeds/{feed}/edit")
        await page.get_by_role("group", name="Order", exact=True).last.get_by_role("button", name="Ranked").click()
        slider = page.get_by_role("slider", name="Likes")
        await slider.focus()
        await page.keyboard.press("End")
        await expect(page.get_by_role("region", name="What it shows now")).to_contain_text("Likes × 10")
        await visitor.named("button", "Keep the feed").click()
        await page.get_by_text("the best first").wait_for()


async def test_the_feed_of_somebody_else_is_made_one_s_own(site: Site, browser: Browser) -> None:
    ada, bob = await site.town.person("ada"), await site.town.person("bob")
    post = await bob.write("By bob")
    feed = await made(bob, {"people": [bob.id]})
    async with visiting(browser, site.url) as visitor:
        await visitor.go(f"/feeds/{feed}")
        await visitor.post(post).wait_for()
        await visitor.be(ada)
        await visitor.go(f"/feeds/{feed}")
        await visitor.named("button", "Use as my own").click()
        await visitor.page.wait_for_url("**/edit")
        await visitor.page.get_by_label("Name of the feed").fill("Bob's")
        await visitor.named("button", "Keep the feed").click()
        await visitor.named("heading", "Bob's").wait_for()
        await visitor.named("button", "More").first.click()
        await visitor.named("menuitem", "Delete feed").click()
        await visitor.named("button", "Delete feed").click()
        await visitor.page.wait_for_url("**/feeds")
        await visitor.page.get_by_text("Make a timeline of your own").wait_for()
