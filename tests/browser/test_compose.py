"""Writing and making: from signing up to a picture that somebody else sees arrive; drafts that nothing takes away."""

from __future__ import annotations

import io
import re

from PIL import Image
from playwright.async_api import Browser, Locator, Request, Route, expect

from tests.browser.site import Site
from tests.browser.visitor import PHONE, Visitor, visiting
from tests.people import PASSWORD, Person

MADE_MS = 60_000  # a picture is made within, on a machine that is busy with tests


def text_of(place: Visitor | Locator) -> Locator:
    """The field in which a post is written."""
    return (place.page if isinstance(place, Visitor) else place).get_by_label("Text of the post")


async def compose(visitor: Visitor) -> Locator:
    """Open the composer over the page; its dialog."""
    await visitor.page.keyboard.press("n")
    dialog = visitor.named("dialog", "Post")
    await expect(text_of(dialog)).to_be_focused()
    return dialog


async def drawn(picture: Locator) -> None:
    """Wait until a picture is really there, from the bucket."""
    await expect(picture).to_have_js_property("complete", True)
    await expect(picture).not_to_have_js_property("naturalWidth", 0)


async def test_from_signing_up_to_a_picture_that_another_sees_arrive(site: Site, browser: Browser) -> None:
    watcher = await site.town.person("watcher")
    handle = f"new_{watcher.handle}"
    async with visiting(browser, site.url, viewport=PHONE) as visitor, visiting(browser, site.url) as other:
        await visitor.go("/signup")
        await visitor.page.get_by_label("Handle").fill(handle)
        await visitor.page.get_by_label("E-mail").fill(f"{handle}@example.org")
        await visitor.page.get_by_label("Password", exact=True).fill(PASSWORD)
        await visitor.named("button", "Create an account").click()
        await visitor.page.wait_for_url(f"{site.url}/")

        number = (await site.town.ask("UserPage", handle=handle))["user"]["id"]
        await watcher.follow(Person(site.town, handle, number, None))
        await other.be(watcher)
        await other.go("/")
        await other.hears("homeTimeline")

        await visitor.named("button", "Post").last.click()
        dialog = visitor.named("dialog", "Post")
        await dialog.get_by_role("button", name="Make a picture").click()
        await dialog.get_by_role("textbox", name="What should it show?").fill("a fox in the snow")
        await dialog.get_by_role("button", name="Make", exact=True).click()
        made = dialog.get_by_role("button", name=re.compile("^Put into the post"))
        await expect(made).to_be_visible(timeout=MADE_MS)
        await made.click()
        await text_of(dialog).fill("My first picture")
        await expect(dialog.get_by_role("textbox", name="What picture 1 shows")).not_to_have_value("")
        await dialog.locator("button[type=submit]").click()
        await expect(dialog).to_have_count(0)
        await visitor.page.get_by_text("Your post is on the wall.").first.wait_for()

        await other.page.get_by_role("button", name="1 new post").click()
        post = other.page.get_by_role("article").filter(has_text="My first picture")
        await drawn(post.locator("img[src*='/media/']").first)
        own = visitor.page.get_by_role("article").filter(has_text="My first picture")
        await drawn(own.locator("img[src*='/media/']").first)


async def test_what_is_typed_outlives_news_and_a_reload(site: Site, browser: Browser) -> None:
    reader, author = await site.town.person("reader"), await site.town.person("author")
    await reader.follow(author)
    await author.write("Something to read")
    async with visiting(browser, site.url) as visitor:
        await visitor.be(reader)
        await visitor.go("/")
        await visitor.hears("homeTimeline")
        dialog = await compose(visitor)
        await visitor.page.keyboard.type("Half a thought")
        for _ in range(5):
            await visitor.page.keyboard.press("ArrowLeft")
        for number in range(3):
            await author.write(f"News {number}")
        await expect(visitor.page.locator("[data-fresh]")).to_have_attribute("data-fresh", "3")
        await visitor.page.keyboard.type("good ")
        await expect(text_of(dialog)).to_have_value("Half a th" + "good " + "ought")
        await visitor.page.reload()
        await visitor.settled()
        dialog = await compose(visitor)
        await expect(text_of(dialog)).to_have_value("Half a thgood ought")
        await visitor.page.keyboard.press("Control+Enter")
        await expect(dialog).to_have_count(0)
        await visitor.page.get_by_role("article").filter(has_text="Half a thgood ought").wait_for()
        await visitor.page.reload()
        await visitor.settled()
        await expect(text_of(await compose(visitor))).to_have_value("")


async def test_a_lost_answer_is_asked_for_again_and_posts_once(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    async with visiting(browser, site.url) as visitor:
        await visitor.be(ada)
        await visitor.go("/")
        lost: list[Request] = []

        async def lose(route: Route) -> None:
            if "usePublishMutation" in (route.request.post_data or "") and not lost:
                lost.append(route.request)
                await route.fetch()
                await route.abort()
            else:
                await route.continue_()

        await visitor.page.route("**/graphql", lose)
        dialog = await compose(visitor)
        await visitor.page.keyboard.type("Only once")
        await visitor.page.keyboard.press("Control+Enter")
        await expect(dialog).to_have_count(0)
        await expect(visitor.page.get_by_role("article").filter(has_text="Only once")).to_have_count(1)
        assert len(lost) == 1
        assert len((await ada.home())["edges"]) == 1
        visitor.forgive("ERR_FAILED")


async def test_a_picture_of_one_s_own_goes_along_with_what_it_shows(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    kept = io.BytesIO()
    Image.new("RGB", (640, 400), "orange").save(kept, "PNG")
    async with visiting(browser, site.url) as visitor:
        await visitor.be(ada)
        await visitor.go("/")
        dialog = await compose(visitor)
        async with visitor.page.expect_file_chooser() as chosen:
            await dialog.get_by_role("button", name="Add pictures").click()
        picked = await chosen.value
        await picked.set_files({"name": "wall.png", "mimeType": "image/png", "buffer": kept.getvalue()})
        await dialog.get_by_role("textbox", name="What picture 1 shows").fill("An orange wall")
        send = dialog.locator("button[type=submit]")
        await expect(send).to_be_enabled()
        await send.click()
        await expect(dialog).to_have_count(0)
        picture = visitor.page.get_by_role("article").get_by_role("img", name="An orange wall").first
        await drawn(picture)
        assert await picture.evaluate("(one) => one.naturalWidth / one.naturalHeight") == 1.6


async def test_a_picture_made_in_the_studio_can_be_watched_stopped_and_posted(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    async with visiting(browser, site.url) as visitor:
        await visitor.be(ada)
        await visitor.go("/studio")
        wish = visitor.page.get_by_role("textbox", name="What should it show?")
        await wish.fill("a lighthouse in a storm")
        await visitor.page.get_by_role("button", name="Make", exact=True).click()
        made = visitor.page.get_by_role("button", name=re.compile("^Open the picture"))
        await expect(made).to_be_visible(timeout=MADE_MS)
        await made.click()
        box = visitor.page.get_by_role("dialog")
        await box.get_by_text("a lighthouse in a storm").first.wait_for()
        assert await visitor.audit() == []
        await box.get_by_role("button", name="Post it").click()
        dialog = visitor.named("dialog", "Post")
        await dialog.locator("button[type=submit]").click()
        await expect(dialog).to_have_count(0)
        (edge,) = (await ada.home())["edges"]
        assert edge["node"]["images"][0]["altText"]
        await visitor.page.reload()
        await expect(made).to_be_visible()
