"""The home as it moves: nothing that is read is moved, nothing is missed, whatever happens to the line."""

from __future__ import annotations

import asyncio

from playwright.async_api import Browser, Route, expect

from tests.browser.site import Site
from tests.browser.visitor import LOOK_SECONDS, PHONE, Visitor, visiting
from tests.people import PATIENCE_SECONDS, Person

POSTS = 24
READ_NOW = """[...document.querySelectorAll('main [data-entry]')]
    .find((one) => one.getBoundingClientRect().bottom > innerHeight / 4).dataset.cursor"""
OF_THE_LINE = r"WebSocket|net::ERR_"  # however it breaks
FIRST_READ = """[...document.querySelectorAll('article[data-post]')]
    .find((one) => one.getBoundingClientRect().top > 60).dataset.post"""
# A turn of the wheel goes on for a while, longer where the machine is busy.
STANDS = (
    "() => { window.stands = false; addEventListener('scrollend', () => { window.stands = true; }, { once: true }); }"
)
STILL_PIXELS = 1  # scroll positions are whole pixels, heights are not


async def settle_in(site: Site, visitor: Visitor, posts: int = POSTS) -> tuple[Person, Person, list[str]]:
    """A reader at home, who follows an author of so many posts, newest last."""
    reader, author = await site.town.person("reader"), await site.town.person("author")
    await reader.follow(author)
    written = [await author.write(f"Line {number}\n\nand some more") for number in range(posts)]
    await visitor.be(reader)
    await visitor.go("/")
    await visitor.post(written[-1]).wait_for()
    return reader, author, written


async def scroll(visitor: Visitor) -> str:
    """Turn the wheel a good way down; the id of the first post that is read there."""
    await visitor.page.evaluate(STANDS)
    await visitor.page.mouse.move(150, 300)
    await visitor.page.mouse.wheel(0, 1500)
    await visitor.page.wait_for_function("() => stands && scrollY > 1000")
    await visitor.settled()
    found: str = await visitor.page.evaluate(FIRST_READ)
    return found


async def kept_place(reader: Person, visitor: Visitor) -> str:
    """The place that is read, once it is the one that is kept."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            found: str = await visitor.page.evaluate(READ_NOW)
            kept = (await reader.ask("{ viewer { homePlace { cursor } } }"))["viewer"]["homePlace"]
            if kept and kept["cursor"] == found:
                return found
            await asyncio.sleep(LOOK_SECONDS)


async def shown_after(visitor: Visitor, action: str) -> list[str]:
    """The ids on the page after going to the top by `action` (click the notice, or load afresh)."""
    if action == "notice":
        await visitor.page.get_by_role("button", name="new post").first.click()
    else:
        await visitor.go("/")
    return await visitor.posts()


async def test_what_is_read_does_not_move_while_others_write(site: Site, browser: Browser) -> None:
    async with visiting(browser, site.url) as visitor:
        _, author, written = await settle_in(site, visitor)
        read = await scroll(visitor)
        before, scrolled = await visitor.place_of(read), await visitor.page.evaluate("scrollY")
        fresh = [await author.write(f"News {number}") for number in range(3)]
        notice = visitor.page.get_by_role("button", name="3 new posts")
        await notice.wait_for()
        assert abs(await visitor.place_of(read) - before) <= STILL_PIXELS
        assert await visitor.page.evaluate("scrollY") == scrolled
        await notice.click()
        await expect(visitor.post(fresh[-1])).to_be_in_viewport()
        assert (await visitor.posts())[:4] == [*reversed(fresh), written[-1]]
        assert await visitor.page.evaluate("scrollY") < 200


async def test_what_is_deleted_above_does_not_move_what_is_read(site: Site, browser: Browser) -> None:
    async with visiting(browser, site.url, viewport=PHONE) as visitor:
        _, author, written = await settle_in(site, visitor)
        await visitor.hears("homeTimeline")
        read = await scroll(visitor)
        before = await visitor.place_of(read)
        await author.do("DeletePost", postId=written[-1])
        await expect(visitor.page.locator(f'[data-entry="{written[-1]}"]')).to_have_count(0)
        await visitor.settled()  # the browser keeps what is read in its place as it draws
        assert abs(await visitor.place_of(read) - before) <= STILL_PIXELS
        await visitor.page.evaluate("scrollTo(0, 0)")
        await visitor.post(written[-2]).wait_for()
        await expect(visitor.post(written[-1])).to_have_count(0)


async def test_a_server_that_went_away_and_came_back_left_no_gap(site: Site, browser: Browser) -> None:
    api = site.house.api("mortal")
    await site.house.begin(api)
    async with visiting(browser, api.url) as visitor:
        _, author, written = await settle_in(site, visitor, 6)
        api.kill()
        fresh = [await author.write(f"Meanwhile {number}") for number in range(3)]
        await author.do("DeletePost", postId=written[0])
        await visitor.page.get_by_text("Reconnecting").wait_for()
        await site.house.begin(api)
        await visitor.page.get_by_role("button", name="3 new posts").wait_for()
        await expect(visitor.page.get_by_text("Reconnecting")).to_have_count(0)
        await expect(visitor.page.locator(f'[data-entry="{written[0]}"]')).to_have_count(0)  # told last of all
        resumed = await shown_after(visitor, "notice")
        assert resumed[:4] == [*reversed(fresh), written[-1]]
        assert await shown_after(visitor, "fresh load") == resumed
        visitor.forgive(OF_THE_LINE)
    api.kill()


async def test_offline_and_back(site: Site, browser: Browser) -> None:
    async with visiting(browser, site.url) as visitor:
        _, author, _ = await settle_in(site, visitor, 3)
        await visitor.context.set_offline(True)
        await visitor.page.get_by_text("You are offline").wait_for()
        fresh = await author.write("While you were away")
        await visitor.context.set_offline(False)
        await visitor.page.get_by_role("button", name="1 new post").wait_for()
        assert (await shown_after(visitor, "notice"))[0] == fresh
        visitor.forgive(OF_THE_LINE)


async def test_two_at_once_see_each_other_s_likes(site: Site, browser: Browser) -> None:
    async with visiting(browser, site.url) as one, visiting(browser, site.url) as other:
        _, author, written = await settle_in(site, one, 2)
        await other.be(author)
        await other.go(f"/post/{written[0]}")
        for screen in (one, other):
            await screen.hears("postsChanged")
        button = one.post(written[0]).locator("[data-act=like]")
        await button.click()
        await expect(button).to_have_accessible_name("Take the like back. 1 like")
        await expect(other.post(written[0]).locator("[data-act=like]")).to_have_accessible_name("Like. 1 like")
        await (await site.town.person("third")).do("LikePost", postId=written[0])
        await expect(button).to_have_accessible_name("Take the like back. 2 likes")
        await button.click()
        await expect(other.post(written[0]).locator("[data-act=like]")).to_have_accessible_name("Like. 1 like")


async def test_a_like_shows_at_once_and_is_taken_back_when_refused(site: Site, browser: Browser) -> None:
    """The request is held on the wire until the like shows, and changed there, so that the server itself refuses it."""
    async with visiting(browser, site.url) as visitor:
        _, _, written = await settle_in(site, visitor, 2)
        button = visitor.post(written[0]).locator("[data-act=like]")

        async def hold(route: Route) -> None:
            body = route.request.post_data or ""
            if "LikeMutation" not in body:
                await route.continue_()
                return
            await expect(button).to_have_accessible_name("Take the like back. 1 like")
            await route.continue_(post_data=body.replace(written[0], "post_garbage"))

        await visitor.page.route("**/graphql", hold)
        await button.click()
        await visitor.page.get_by_text("That is no longer there.").first.wait_for()
        await expect(button).to_have_accessible_name("Like. 0 likes")
        await expect(button).to_have_attribute("aria-pressed", "false")


async def test_reading_goes_on_where_it_was_left(site: Site, browser: Browser) -> None:
    async with visiting(browser, site.url) as visitor, visiting(browser, site.url, viewport=PHONE) as phone:
        reader, author, _ = await settle_in(site, visitor)
        await visitor.page.mouse.move(150, 300)
        await visitor.page.mouse.wheel(0, 9_000)
        await visitor.page.wait_for_function("() => scrollY > 2000")
        place = await kept_place(reader, visitor)
        for number in range(30):
            await author.write(f"Meanwhile {number}")
        await phone.be(reader)
        await phone.go("/")
        entry = phone.page.locator(f'[data-cursor="{place}"]')
        await expect(entry).to_have_count(0)
        await phone.page.get_by_role("button", name="Go on where you stopped reading").click()
        await expect(entry).to_be_in_viewport()
        await expect(phone.page.get_by_role("button", name="Go on where")).to_have_count(0)
        assert await phone.audit() == []
        await visitor.page.reload()
        await expect(visitor.page.locator(f'[data-cursor="{place}"]')).to_be_in_viewport()
