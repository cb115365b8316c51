"""Searching in the client: by the key, as one types, live, and where something is wrong."""

from __future__ import annotations

import asyncio
import re

from playwright.async_api import Browser, Route, expect

from tests.browser.site import Site
from tests.browser.visitor import visiting
from tests.test_search import new_word


async def test_somebody_looks_for_posts_people_and_hashtags(site: Site, browser: Browser) -> None:
    ada, bob = await site.town.person("ada"), await site.town.person("bob")
    word = new_word()
    await ada.write(f"{word} foxes on the roof #tag{word}")
    async with visiting(browser, site.url) as visitor:
        await visitor.be(bob)
        await visitor.go("/explore")
        page = visitor.page
        await page.keyboard.press("/")
        line = page.get_by_role("combobox", name="Search Fresque")
        await expect(line).to_be_visible()
        await expect(page.get_by_role("group").get_by_text("How to search")).to_be_visible()
        await page.keyboard.press("/")
        await expect(line).to_be_focused()
        await line.press_sequentially(f"tag{word}")
        await expect(page.get_by_role("option", name=f"#tag{word}")).to_be_visible()
        assert await visitor.audit() == []
        await line.fill(f"{word} fox")
        await line.press("Enter")
        main = page.get_by_role("main")
        posts = main.get_by_role("list", name="Posts")
        await expect(posts.get_by_text("foxes on the roof")).to_be_visible()
        await visitor.hears("searchTimeline")
        await ada.write(f"{word} one more fox")
        await main.get_by_role("button", name="1 new post").click()
        await expect(posts.get_by_text("one more fox")).to_be_visible()
        await line.fill(ada.handle)
        await line.press("ArrowDown")
        await line.press("Enter")
        await expect(page).to_have_title(
            re.compile(f"^{ada.handle} ")
        )  # until then the tabs are those of what was found before
        await main.get_by_role("link", name="People").click()
        await expect(main.get_by_role("list", name="People").get_by_text(f"@{ada.handle}")).to_be_visible()
        await line.fill("cat has:wings fox")
        await line.press("Enter")
        await expect(page.get_by_role("alert").locator("mark")).to_have_text("has:wings")
        assert await visitor.audit() == []
        await visitor.go("/search")
        await line.click()
        await expect(page.get_by_role("listbox", name="Recent searches").get_by_role("option")).to_have_count(3)


async def test_what_is_typed_while_the_answer_is_out_stays(site: Site, browser: Browser) -> None:
    word = new_word()
    async with visiting(browser, site.url) as visitor:
        await visitor.go("/search")
        on = asyncio.Event()

        async def hold(route: Route) -> None:
            await on.wait()
            await route.continue_()

        await visitor.page.route("**/graphql", hold)
        line = visitor.page.get_by_role("combobox", name="Search Fresque")
        await line.fill(word)
        await line.press("Enter")
        await line.fill(f"{word} and more")
        on.set()
        await expect(visitor.page).to_have_title(re.compile(f"^{word} "))
        await visitor.settled()
        await expect(line).to_have_value(f"{word} and more")
        await visitor.answered()
