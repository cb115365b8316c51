"""A server that cannot be reached while somebody goes somewhere: what stands there says so, and goes by itself."""

from __future__ import annotations

from playwright.async_api import Browser, expect

from tests.browser.site import Site
from tests.browser.visitor import visiting

GRAPHQL = "**/graphql"
OURS = r"ERR_FAILED|Unreachable|WebSocket"


async def test_a_page_gone_to_without_a_line_comes_back_with_it(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    async with visiting(browser, site.url) as visitor:
        await visitor.be(ada)
        await visitor.go("/settings")
        await visitor.page.route(GRAPHQL, lambda route: route.abort())
        await visitor.named("link", "Bookmarks").first.click()
        await expect(visitor.page.get_by_role("alert")).to_contain_text("Fresque cannot be reached")
        await visitor.page.unroute(GRAPHQL)
        await visitor.named("heading", "Nothing kept yet").wait_for()
        visitor.forgive(OURS)


async def test_a_first_page_without_a_line_comes_back_with_it(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    async with visiting(browser, site.url) as visitor:
        await visitor.be(ada)
        await visitor.page.route(GRAPHQL, lambda route: route.abort())
        await visitor.page.goto(f"{site.url}/settings")
        await expect(visitor.page.get_by_role("alert")).to_contain_text("Fresque cannot be reached")
        await visitor.page.unroute(GRAPHQL)
        await visitor.named("heading", "Settings").wait_for()
        visitor.forgive(OURS)


async def test_a_page_opened_by_its_address_begins_at_its_top(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    for number in range(12):
        await ada.write(f"Post number {number}")
    async with visiting(browser, site.url) as visitor:
        await visitor.be(ada)
        await visitor.go("/")
        await visitor.page.evaluate("scrollTo(0, 600)")
        await visitor.go(f"/@{ada.handle}")
        assert await visitor.page.evaluate("scrollY") == 0
