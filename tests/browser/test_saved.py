"""Saved searches in the client: kept, heard of on every page, opened, called otherwise, moved; and pictures that look alike."""

from __future__ import annotations

import asyncio

from playwright.async_api import Browser, Route, expect

from tests.browser.site import Site
from tests.browser.visitor import PHONE, visiting
from tests.selection import mutation
from tests.test_search import new_word


async def test_a_search_is_kept_and_says_what_is_new_in_it(site: Site, browser: Browser) -> None:
    ada, bob = await site.town.person("ada"), await site.town.person("bob")
    word = new_word()
    await bob.write(f"{word} before")
    async with visiting(browser, site.url) as visitor:
        await visitor.be(ada)
        await visitor.go(f"/search?q={word}")
        page = visitor.page
        main = page.get_by_role("main")
        await main.get_by_role("button", name="Save search").click()
        await expect(main.get_by_role("button", name="Saved", pressed=True)).to_be_visible()
        await ada.do(mutation("saveSearch"), text="another")
        await visitor.go("/search")
        rows = main.get_by_role("region", name="Saved searches").get_by_role("listitem")
        await expect(rows).to_have_count(2)
        await visitor.hears("savedSearches")
        await bob.write(f"{word} fox")
        badge = page.get_by_role("navigation", name="Main").get_by_text("1 new post")
        await expect(badge).to_be_attached()
        await expect(rows.first.get_by_text("1 new post")).to_be_attached()
        assert await visitor.audit() == []
        await rows.first.get_by_role("button").press("Enter")
        await page.get_by_role("menuitem", name="Rename").press("Enter")
        name = page.get_by_role("dialog").get_by_role("textbox", name="Name")
        await name.fill("Foxes")
        await name.press("Enter")
        await expect(rows.first.get_by_role("link", name="Foxes")).to_be_visible()
        await rows.first.get_by_role("button").press("Enter")
        await page.get_by_role("menuitem", name="Move down").press("Enter")
        await expect(rows.last.get_by_role("link", name="Foxes")).to_be_visible()
        await rows.last.get_by_role("link").press("Enter")
        await expect(main.get_by_text(f"{word} fox")).to_be_visible()
        await expect(badge).not_to_be_attached()
        await main.get_by_role("link", name="Best").click()
        await expect(main.get_by_role("list", name="Best").get_by_text(f"{word} fox")).to_be_visible()
        await expect(main.get_by_role("button", name="Save search")).to_be_visible()
        await main.get_by_role("link", name="Posts").click()
        await main.get_by_role("button", name="Saved", pressed=True).click()
        await expect(main.get_by_role("button", name="Save search")).to_be_visible()


async def test_what_was_found_does_not_move_when_the_kept_searches_come_late(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    word = new_word()
    post = await ada.write(f"{word} fox")
    late = asyncio.Event()

    async def hold(route: Route) -> None:
        if "savedQuery" in (route.request.post_data or ""):
            await late.wait()
        await route.continue_()

    async with visiting(browser, site.url, viewport=PHONE) as visitor:
        await visitor.be(ada)
        await visitor.page.route("**/graphql", hold)
        await visitor.page.goto(f"{site.url}/search?q={word}")
        await visitor.post(post).wait_for()
        before = await visitor.place_of(post)
        button = visitor.page.get_by_role("button", name="Save search")
        await expect(button).to_have_count(0)
        late.set()
        await expect(button).to_be_visible()
        assert await visitor.place_of(post) == before


async def test_a_picture_leads_to_those_that_look_like_it(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    image = await site.picture(ada, "gold")
    post = await ada.write("Gold", images=[{"imageId": image}])
    async with visiting(browser, site.url, viewport=PHONE) as visitor:
        await visitor.be(ada)
        await visitor.go(f"/post/{post}")
        await visitor.post(post).get_by_role("button", name="More").first.click()
        await visitor.page.get_by_role("menuitem", name="More like this picture").click()
        await visitor.page.wait_for_url(f"**/similar/{image}")
        await expect(visitor.page.get_by_role("heading", name="More like this picture")).to_be_visible()
        assert await visitor.audit() == []
