"""The studio beyond the first picture: going on with one, where it may change, whole conversations, making in the open."""

from __future__ import annotations

import io
import re
from typing import cast

import httpx
from PIL import Image, ImageChops
from playwright.async_api import Browser, Locator, Page, expect

from tests.browser.site import Site
from tests.browser.test_compose import MADE_MS, drawn
from tests.browser.visitor import PHONE, Visitor, visiting
from tests.people import PATIENCE_SECONDS, Person

JOBS = """{ viewer { generationJobs(first: 5) { edges { node {
    kind state prompt thread { id turnCount } inputs { role } parent { outputIndex }
    outputs { image { url(size: ORIGINAL) width height } }
} } } } }"""


async def newest(person: Person) -> dict[str, object]:
    """The person's newest job."""
    answer = await person.ask(JOBS)
    found: dict[str, object] = answer["viewer"]["generationJobs"]["edges"][0]["node"]
    return found


async def picture_of(job: dict[str, object]) -> Image.Image:
    """The first picture of a job, as it is kept."""
    (output,) = cast("list[dict[str, dict[str, str]]]", job["outputs"])
    async with httpx.AsyncClient(follow_redirects=True, timeout=PATIENCE_SECONDS) as client:
        answer = await client.get(output["image"]["url"])
    return Image.open(io.BytesIO(answer.content)).convert("RGB")


async def make(visitor: Visitor, words: str) -> None:
    """Make one picture out of words and wait until it is there."""
    await visitor.page.get_by_role("textbox", name="What should it show?").fill(words)
    await visitor.named("button", "Make").click()
    await expect(done(visitor.page)).to_have_count(1, timeout=MADE_MS)


def done(page: Page) -> Locator:
    """The jobs on the page that succeeded."""
    return page.locator('[data-job][data-state="SUCCEEDED"]')


async def test_a_picture_is_changed_where_it_was_painted_and_nowhere_else(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    async with visiting(browser, site.url) as visitor:
        await visitor.be(ada)
        await visitor.go("/studio")
        await make(visitor, "a house in a meadow")
        before = await picture_of(await newest(ada))

        await visitor.named("button", "Go on with this picture").click()
        await visitor.named("menuitem", "Change").click()
        await visitor.named("button", "Choose where").click()
        glass = visitor.page.get_by_role("application", name="Choose where")
        await glass.wait_for()
        still = "() => Promise.all(document.getAnimations().filter((one) => one.playState === 'running'"
        await visitor.page.evaluate(
            f"{still} && one.effect.getTiming().iterations !== Infinity).map((one) => one.finished))"
        )
        box = await glass.bounding_box()
        assert box is not None
        await visitor.page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.2)
        await visitor.page.mouse.down()
        await visitor.page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.2, steps=8)
        await visitor.page.mouse.up()
        assert await visitor.audit() == []
        await visitor.named("button", "Done").click()
        await expect(visitor.named("button", "Let it change everywhere")).to_be_visible(timeout=MADE_MS)
        await visitor.page.get_by_role("textbox", name="What should change?").fill("at night")
        await visitor.page.keyboard.press("Control+Enter")
        await expect(done(visitor.page)).to_have_count(2, timeout=MADE_MS)
        job = await newest(ada)
        assert job["kind"] == "EDIT"
        assert [given["role"] for given in job["inputs"]] == ["IMAGE", "MASK"]  # type: ignore[attr-defined]
        after = await picture_of(job)
        assert after.size == before.size
        changed = ImageChops.difference(before, after).convert("L").point(lambda value: 255 if value else 0)
        area = changed.getbbox()
        assert area is not None, "nothing changed"
        width, height = after.size
        # The brush is 8 % of the longer side wide: around the stroke, and nowhere else.
        assert area[0] > width * 0.14
        assert area[2] < width * 0.56
        assert area[1] > height * 0.14
        assert area[3] < height * 0.26


async def test_the_brush_goes_by_keys_and_what_was_painted_can_be_taken_back(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    async with visiting(browser, site.url, viewport=PHONE) as visitor:
        await visitor.be(ada)
        await visitor.go("/studio")
        await make(visitor, "a boat")
        await visitor.named("button", "Go on with this picture").click()
        await visitor.named("menuitem", "Change").click()
        await visitor.named("button", "Draw over it").click()
        glass = visitor.page.get_by_role("application", name="Draw over it")
        finish = visitor.named("button", "Done")
        await expect(finish).to_be_disabled()
        await glass.focus()
        for key in ("ArrowLeft", " ", "ArrowRight", "ArrowDown", " "):
            await visitor.page.keyboard.press(key)
        await expect(finish).to_be_enabled()
        painted = "(one) => one.getContext('2d').getImageData(0, 0, one.width, one.height).data.some((value) => value)"
        assert await glass.evaluate(painted)
        await visitor.named("button", "Undo").click()
        assert not await glass.evaluate(painted)
        await expect(finish).to_be_disabled()
        await visitor.named("button", "Redo").click()
        assert await glass.evaluate(painted)
        width = await visitor.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert width[0] <= width[1]
        visitor.forgive("willReadFrequently")  # it is this test that reads so often


async def test_a_conversation_about_a_picture_is_a_tree_that_goes_on(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    async with visiting(browser, site.url) as visitor:
        await visitor.be(ada)
        await visitor.go("/studio")
        await make(visitor, "a fox in a forest")
        await visitor.named("button", "Go on with this picture").click()
        await visitor.named("menuitem", "Change").click()
        await visitor.page.get_by_role("textbox", name="What should change?").fill("bluer, and at night")
        await visitor.page.keyboard.press("Control+Enter")
        await expect(done(visitor.page)).to_have_count(2, timeout=MADE_MS)
        await visitor.page.get_by_role("link", name="2 turns").first.click()
        await visitor.page.get_by_label("What next?").wait_for()
        await visitor.settled()
        assert await visitor.audit() == []
        await visitor.page.get_by_label("What next?").fill("add a moon")
        await visitor.named("button", "Change").click()
        await expect(done(visitor.page)).to_have_count(3, timeout=MADE_MS)
        # Each goes on from the one before: three deep.
        await expect(visitor.page.locator("li li li [data-job], li li li[data-job]")).not_to_have_count(0)
        job = await newest(ada)
        assert (job["prompt"], job["thread"]["turnCount"]) == ("add a moon", 3)  # type: ignore[index]
        await visitor.page.reload()
        await expect(done(visitor.page)).to_have_count(3)


async def test_followers_watch_a_picture_appear_in_a_post(site: Site, browser: Browser) -> None:
    ada, bob = await site.town.person("ada"), await site.town.person("bob")
    await bob.follow(ada)
    async with visiting(browser, site.url) as maker, visiting(browser, site.url) as watcher:
        await watcher.be(bob)
        await watcher.go("/")
        await watcher.hears("homeTimeline")
        await maker.be(ada)
        await maker.go("/studio")
        await maker.page.get_by_role("textbox", name="What should it show?").fill("a balloon over the mountains")
        await maker.page.get_by_label("Post it now, while it is being made").check()
        await maker.page.get_by_label("What the post says (may be left empty)").fill("Watch it rise")
        await maker.named("button", "Make").click()
        article = watcher.page.get_by_role("article").filter(has_text="Watch it rise")
        await expect(article.or_(watcher.page.get_by_role("button", name=re.compile("new post"))).first).to_be_visible(
            timeout=MADE_MS
        )
        fresh = watcher.page.get_by_role("button", name=re.compile("new post"))
        if await fresh.count():
            await fresh.first.click()
        picture = article.get_by_role("button", name=re.compile("^Open the picture")).get_by_role("img")
        await expect(picture).to_be_visible(timeout=MADE_MS)
        await drawn(picture)
        await expect(article.get_by_text(re.compile("^Being made|^Waiting"))).to_have_count(0)


async def test_words_are_helped_and_remembered(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    async with visiting(browser, site.url) as visitor:
        await visitor.be(ada)
        await visitor.go("/studio")
        field = visitor.page.get_by_role("textbox", name="What should it show?")
        await make(visitor, "a lantern in the fog")
        await field.fill("a heron")
        await visitor.named("button", "Say more of it").click()
        await expect(field).to_have_value(re.compile("^a heron, .+"))
        await visitor.named("button", "Undo").click()
        await expect(field).to_have_value("a heron")
        await visitor.named("button", "What you asked for before").click()
        box = visitor.named("dialog", "What you asked for before")
        await expect(box.get_by_role("button", name="a lantern in the fog")).to_be_visible()
        await box.evaluate("(one) => Promise.all(one.getAnimations().map((moving) => moving.finished))")
        assert await visitor.audit() == []
        await box.get_by_role("searchbox").fill("fog LANTERN")
        await box.get_by_role("button", name="a lantern in the fog").click()
        await expect(field).to_have_value("a lantern in the fog")
        await visitor.named("button", "What you asked for before").click()
        await box.get_by_role("button", name="Forget this").click()
        await expect(box.get_by_text("Nothing found.")).to_be_visible()


async def test_presets_are_kept_shared_by_a_code_and_taken_back(site: Site, browser: Browser) -> None:
    ada, bob = await site.town.person("ada"), await site.town.person("bob")
    async with visiting(browser, site.url) as owner, visiting(browser, site.url) as other:
        await owner.be(ada)
        await owner.go("/studio")
        await owner.page.get_by_role("combobox", name="Style").select_option("ink")
        await owner.named("button", "Presets").click()
        box = owner.named("dialog", "Presets")
        await box.get_by_label("Name", exact=True).fill("Night ink")
        await box.get_by_label("Words to go with it").fill("{prompt}, at night")
        await box.get_by_role("button", name="Keep these settings").click()
        share = box.get_by_role("button", name="Share Night ink by a code")
        await share.click()
        code = await box.get_by_role("button", name="Copy the code of Night ink").inner_text()
        assert await owner.audit() == []

        await other.be(bob)
        await other.go("/studio")
        field = other.page.get_by_role("textbox", name="What should it show?")
        await field.fill("a heron")
        await other.named("button", "Presets").click()
        theirs = other.named("dialog", "Presets")
        await theirs.get_by_label("A code somebody gave you").fill(code)
        await theirs.get_by_role("button", name="Use it").click()
        await expect(field).to_have_value("a heron, at night")
        await expect(other.page.get_by_role("combobox", name="Style")).to_have_value("ink")

        await box.get_by_role("button", name="Take Night ink back").click()
        await expect(share).to_be_visible()
        await other.named("button", "Presets").click()
        await theirs.get_by_label("A code somebody gave you").fill(code)
        await theirs.get_by_role("button", name="Use it").click()
        await expect(theirs.get_by_text("No preset has this code, or it was taken back.")).to_be_visible()
