"""Everything by keyboard: posts one after another, what one does with them, dialogs that give focus back."""

from __future__ import annotations

import asyncio
import re

from playwright.async_api import Browser, Page, expect

from tests.browser.site import Site
from tests.browser.visitor import visiting

FOCUSED = "(id) => document.activeElement?.closest('article[data-post]')?.dataset.post === id"


async def has_focus(page: Page, post_id: str) -> None:
    """Wait until this post, itself or something in it, has focus."""
    await page.wait_for_function(FOCUSED, arg=post_id)


async def test_a_walk_without_a_pointer(site: Site, browser: Browser) -> None:
    reader, author = await site.town.person("reader"), await site.town.person("author")
    await reader.follow(author)
    posts = [await author.write(f"Post number {number}") for number in range(4)][::-1]
    async with visiting(browser, site.url) as visitor:
        await visitor.be(reader)
        await visitor.go("/")
        await visitor.post(posts[0]).wait_for()
        keyboard, page = visitor.page.keyboard, visitor.page
        for key, wanted in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
            await keyboard.press(key)
            await has_focus(page, posts[wanted])
            await expect(visitor.post(posts[wanted])).to_be_in_viewport()

        like = visitor.post(posts[1]).locator("[data-act=like]")
        await keyboard.press("l")
        await expect(like).to_have_attribute("aria-pressed", "true")
        await keyboard.press("l")
        await expect(like).to_have_attribute("aria-pressed", "false")
        await has_focus(page, posts[1])
        await keyboard.press("b")
        await expect(visitor.post(posts[1]).locator("[data-act=bookmark]")).to_have_attribute("aria-pressed", "true")

        await keyboard.press("?")
        await visitor.named("dialog", "Keyboard shortcuts").wait_for()
        await keyboard.press("j")
        await keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await has_focus(page, posts[1])

        await keyboard.press("r")
        field = page.get_by_role("dialog").get_by_role("textbox").first
        await expect(field).to_be_focused()
        await keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await has_focus(page, posts[1])

        await keyboard.press("n")
        await expect(field).to_be_focused()
        await keyboard.type("jlr?n/")
        await expect(field).to_have_value(re.compile(r"jlr\?n/"))  # keys are letters where one writes
        await keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await has_focus(page, posts[1])

        await keyboard.press("Enter")
        await page.wait_for_url(f"**/post/{posts[1]}")
        await page.go_back()
        await visitor.post(posts[0]).wait_for()  # which only the home shows
        await keyboard.press("/")
        await page.wait_for_url("**/search")
        await visitor.settled()
        await asyncio.gather(keyboard.press("g"), keyboard.press("e"))  # within a second, however slow what is between
        await page.wait_for_url("**/explore")


async def test_the_first_tab_leads_past_the_navigation(site: Site, browser: Browser) -> None:
    async with visiting(browser, site.url) as visitor:
        await visitor.go("/explore")
        await visitor.page.keyboard.press("Tab")
        await expect(visitor.named("link", "Skip to the content")).to_be_focused()
        await visitor.page.keyboard.press("Enter")
        await visitor.page.keyboard.press("Tab")
        # What comes next lies in the content.
        await visitor.page.wait_for_function("() => document.activeElement.closest('#content, aside') !== null")


async def test_focus_goes_to_the_heading_of_the_page_one_goes_to(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    async with visiting(browser, site.url) as visitor:
        await visitor.be(ada)
        await visitor.go("/explore")
        await visitor.named("link", "Bookmarks").first.click()
        heading = visitor.named("heading", "Bookmarks")
        await expect(heading).to_be_focused()
