"""Kept styles and drawings in the studio: saved from a picture, shared by a code, taken back; and what an edit did not do."""

from __future__ import annotations

import asyncio
from typing import Any

from playwright.async_api import Browser, expect

from tests.browser.site import Site
from tests.browser.test_compose import MADE_MS
from tests.browser.test_studio import done
from tests.browser.visitor import visiting
from tests.people import Person
from tests.selection import mutation

ENDED = "query($id: ID!) { node(id: $id) { ... on GenerationJob { state outputs { image { id } styleCode } } } }"


async def made(person: Person, name: str, **wish: Any) -> dict[str, Any]:
    """The one output of a job of atelier's once it is there."""
    job = (await person.do(mutation(name), engine="atelier", **wish))["job"]["id"]
    async with asyncio.timeout(MADE_MS / 1000), person.live("JobLive", id=job) as feed:
        event = feed.first
        while event["__typename"] != "JobChanged" or event["job"]["finishedAt"] is None:
            event = await feed.next()
    found = (await person.ask(ENDED, id=job))["node"]
    assert found["state"] == "SUCCEEDED"
    output: dict[str, Any] = found["outputs"][0]
    return output


async def test_a_style_is_kept_shared_by_a_code_and_taken_back(site: Site, browser: Browser) -> None:
    ada, bob = await site.town.person("ada"), await site.town.person("bob")
    learned = await site.picture(ada, "orange")
    small = {"width": 256, "height": 256}
    output = await made(ada, "generateImages", prompt="a fox", referenceIds=[learned], **small)
    await made(ada, "editImage", imageId=output["image"]["id"], prompt="at night, and sparklier glimmings")
    async with visiting(browser, site.url) as owner, visiting(browser, site.url) as other:
        await owner.be(ada)
        await owner.go("/studio")
        await expect(done(owner.page)).to_have_count(2)
        await expect(owner.page.get_by_text("Not done:")).to_be_visible()
        await owner.named("button", "Download").first.click()
        async with owner.page.expect_download() as saved:
            await owner.named("menuitem", "The drawing (SVG)").click()
        file = await (await saved.value).path()
        assert (await saved.value).suggested_filename.endswith(".svg")
        drawing = file.read_text()
        assert drawing.startswith("<svg")
        assert "<script" not in drawing

        await owner.named("button", "Go on with this picture").last.click()
        await owner.named("menuitem", "Keep its style").click()
        form = owner.named("dialog", "Keep its style")
        await form.get_by_label("Name").fill("Ember")
        assert await owner.audit() == []
        await form.get_by_role("button", name="Keep the style").click()
        await expect(form).to_have_count(0)
        await owner.named("button", "Your styles").click()
        box = owner.named("dialog", "Your styles")
        share = box.get_by_role("button", name="Share Ember by a code")
        await share.click()
        code = await box.get_by_role("button", name="Copy the code of Ember").inner_text()
        assert await owner.audit() == []

        await other.be(bob)
        await other.go("/studio")
        await other.named("button", "Your styles").click()
        theirs = other.named("dialog", "Your styles")
        await theirs.get_by_label("A code somebody gave you").fill(code)
        await theirs.get_by_role("button", name="Use it").click()
        style = other.page.get_by_role("combobox", name="Style")
        await expect(style).to_have_value(code)
        await expect(style.locator("option:checked")).to_have_text("Ember")
        await other.named("button", "Presets").click()
        presets = other.named("dialog", "Presets")
        await presets.get_by_label("Name", exact=True).fill("Like hers")
        await presets.get_by_role("button", name="Keep these settings").click()
        await expect(presets.get_by_text("A kept style")).to_be_visible()
        await other.page.keyboard.press("Escape")

        await box.get_by_role("button", name="Take Ember back").click()
        await expect(share).to_be_visible()
        # The notice about it lies above the dialog, and takes no Escape from it.
        await expect(owner.page.get_by_text("Others can paint nothing more in it.").first).to_be_visible()
        await owner.page.keyboard.press("Escape")
        await expect(box).to_have_count(0)

        await other.page.get_by_role("textbox", name="What should it show?").fill("a heron")
        await other.named("button", "Make").click()
        await expect(
            other.page.get_by_text("This was taken back by whoever shared it. Choose another.")
        ).to_be_visible()
        await other.named("button", "Presets").click()
        await expect(presets.get_by_text("Its style was taken back")).to_be_visible()
        assert await other.audit() == []
        await other.page.keyboard.press("Escape")

        await owner.named("button", "Your styles").click()
        await box.get_by_role("button", name="Paint in Ember").click()
        await owner.page.get_by_role("textbox", name="What should it show?").fill("an owl")
        await owner.named("button", "Make").click()
        await expect(done(owner.page)).to_have_count(3, timeout=MADE_MS)
