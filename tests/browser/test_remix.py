"""Remixing at a screen: from somebody's picture to the studio, with credit, its line, and permission taken back while one looks."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Browser, expect

from tests.browser.site import Site
from tests.browser.visitor import DESKTOP, PHONE, visiting
from tests.people import Person
from tests.selection import mutation

JOB = """subscription($id: ID!) { generationJob(id: $id) { __typename cursor
  ... on JobChanged { job { state outputs { image { id } } } } } }"""


async def made(who: Person, name: str, **given: Any) -> str:
    """A picture that the built-in engine made; its id."""
    job = (await who.do(mutation(name), engine="atelier", **given))["job"]["id"]
    async with who.live(JOB, id=job) as feed:
        event = feed.first
        while event["__typename"] != "JobChanged" or event["job"]["state"] in ("QUEUED", "RUNNING"):
            event = await feed.next()
    assert event["job"]["state"] == "SUCCEEDED"
    found: str = event["job"]["outputs"][0]["image"]["id"]
    return found


async def remixed(who: Person, source: tuple[str, str], prompt: str) -> tuple[str, str]:
    """A post with a remix; the ids of post and picture."""
    image = await made(who, "editImage", imageId=source[1], remixOf=source[0], prompt=prompt)
    return await who.write("Remixed", images=[{"imageId": image}], promptVisibility="EVERYONE"), image


async def test_a_picture_is_remixed_credited_and_traced(site: Site, browser: Browser) -> None:
    ada, ben, cai = [await site.town.person(name) for name in ("ada", "ben", "cai")]
    first = await made(ada, "generateImages", prompt="a red fox in the forest", width=256, height=256)
    source = (await ada.write("A fox", images=[{"imageId": first}], promptVisibility="EVERYONE"), first)
    remix = await remixed(ben, source, "a red fox in the forest at night")
    async with visiting(browser, site.url) as visitor:
        await visitor.be(cai)
        await visitor.go(f"/post/{remix[0]}")
        credit = visitor.post(remix[0]).locator("[data-remix]")
        await expect(credit).to_have_text(f"Remix of a picture by {ada.handle}")
        await visitor.hears("postsChanged")
        await visitor.post(remix[0]).get_by_role("button", name="Open the picture").first.click()
        box = visitor.page.get_by_role("dialog")
        line = box.get_by_role("slider", name="How much of the picture before is shown")
        await line.press("ArrowRight")
        await expect(line).to_have_value("51")
        await expect(box.locator("blockquote")).to_have_text("a red fox in the forest at night")
        assert await visitor.audit() == []
        await box.get_by_role("link", name="Where it comes from").click()
        await visitor.settled()
        page = visitor.page
        steps = page.locator("article[data-step]")
        await expect(steps).to_have_count(2)
        await expect(page.locator("ins")).to_have_text("at night ")
        assert await visitor.audit() == []
        await visitor.hears("LineagePageSubscription")
        last = await remixed(cai, remix, "a red fox in the forest at night in snow")
        await expect(steps).to_have_count(3)
        await ada.do(mutation("revokeRemix"), postId=remix[0])
        await expect(page.get_by_text("Its author took permission back.")).to_be_visible()
        await visitor.go(f"/post/{last[0]}")
        await expect(visitor.post(last[0]).locator("[data-remix]")).to_have_text(f"Remix of a picture by {ben.handle}")
        await visitor.go(f"/post/{source[0]}")
        await visitor.post(source[0]).get_by_role("button", name="Open the picture").first.click()
        await page.get_by_role("dialog").get_by_role("button", name="Remix", exact=True).click()
        await visitor.settled()
        await expect(page.get_by_text("A remix of this picture by somebody else")).to_be_visible()

        await visitor.go(f"/post/{source[0]}")
        await visitor.post(source[0]).get_by_role("button", name="Open the picture").first.click()
        proofs = page.get_by_role("dialog").get_by_role("listitem").filter(has=page.get_by_label("It has this"))
        await expect(proofs.locator("strong")).to_have_text(
            ["Content Credentials", "Invisible mark", "Likeness", "IPTC source type"]
        )
        await page.get_by_role("dialog").get_by_role("button", name="Use this recipe").click()
        await visitor.settled()
        await expect(visitor.named("textbox", "What should it show?")).to_have_value("a red fox in the forest")
        await expect(page.get_by_text("Learns from this picture.")).to_be_visible()
        assert await visitor.audit() == []
    async with visiting(browser, site.url) as visitor:
        page = visitor.page
        await visitor.be(ada)
        await visitor.go(f"/lineage/{first}")
        await visitor.named("button", "Stand by it again").click()
        await expect(page.get_by_text("Permission was taken back")).to_have_count(0)
        await visitor.named("button", "Take permission back").click()
        await expect(page.get_by_text("Permission was taken back")).to_be_visible()
        assert await visitor.audit() == []


async def test_leave_to_remix_is_asked_and_given(site: Site, browser: Browser) -> None:
    ada, ben = [await site.town.person(name) for name in ("ada", "ben")]
    image = await made(ada, "generateImages", prompt="an owl", width=256, height=256)
    post = await ada.write("An owl", images=[{"imageId": image}], remixPolicy="ASK")
    async with (
        visiting(browser, site.url, viewport=PHONE) as author,
        visiting(browser, site.url, viewport=DESKTOP) as fan,
    ):
        await author.be(ada)
        await author.go("/settings/sharing")
        await expect(author.page.get_by_text("Nobody has asked you yet.")).to_be_visible()
        assert await author.audit() == []
        await author.hears("remixRequests")
        await fan.be(ben)
        await fan.go(f"/post/{post}")
        await fan.hears("postsChanged")
        await fan.post(post).get_by_role("button", name="Open the picture").first.click()
        await fan.page.get_by_role("dialog").get_by_role("button", name="Ask to remix").click()
        await expect(fan.page.get_by_text("You asked to remix this.")).to_be_visible()
        await author.page.get_by_role("button", name="Allow").click()
        await expect(author.page.get_by_text("Allowed", exact=True)).to_be_visible()
        await expect(fan.page.get_by_role("dialog").get_by_role("button", name="Remix", exact=True)).to_be_visible()
