"""What AI made, as people see it: marked at first sight, and veiled or folded for who settled it so."""

from __future__ import annotations

import re

from playwright.async_api import Browser, FilePayload, expect

from models import node_id
from tests.browser.site import Site
from tests.browser.test_compose import compose, text_of
from tests.browser.visitor import visiting
from tests.gallery import painting


async def test_pictures_say_what_ai_did_and_are_shown_as_each_person_settles(site: Site, browser: Browser) -> None:
    ada, bob = await site.town.person("ada"), await site.town.person("bob")
    made, photo = await site.picture(ada, "teal"), await site.picture(ada, "purple")
    await site.house.sql(
        "UPDATE images SET ai_disclosure = 'MADE_HERE GENERATED' WHERE id = $1", node_id.number_of("image", made)
    )
    mixed = await ada.write("Two of a kind", images=[{"imageId": made}, {"imageId": photo}])
    alone = await ada.write("One alone", images=[{"imageId": made}])
    quote = await ada.write("See", quotedPostId=alone)
    warned = await ada.write("Eight legs", images=[{"imageId": photo}], contentWarning="Spiders")
    mind = await ada.write("Mind", quotedPostId=warned)
    async with visiting(browser, site.url) as visitor:
        page = visitor.page
        await visitor.be(bob)
        await visitor.go(f"/@{ada.handle}")
        mark = visitor.post(alone).locator("[data-ai=GENERATED]")
        await expect(mark).to_have_text("AI")
        await expect(
            visitor.post(alone).get_by_role("button", name="Something teal: Made with AI: made here")
        ).to_be_visible()
        await expect(visitor.post(mixed).locator("[data-ai]")).to_have_count(1)
        assert await visitor.audit() == []
        await visitor.go(f"/@{ada.handle}/media")
        await expect(page.locator("article [data-ai]")).to_have_count(2)
        assert await visitor.audit() == []

        await visitor.go(f"/post/{quote}")
        await expect(visitor.post(quote).get_by_role("img", name="Something teal")).to_be_visible()
        await expect(visitor.post(quote).locator("[data-ai=GENERATED]")).to_have_count(1)
        assert await visitor.audit() == []
        await visitor.go(f"/post/{mind}")
        await expect(visitor.post(mind).get_by_text("Content warning: Spiders")).to_be_visible()
        await expect(visitor.post(mind).get_by_text("Eight legs")).to_have_count(0)
        await expect(visitor.post(mind).get_by_role("img", name="Something purple")).to_have_count(0)

        await visitor.go("/settings")
        await visitor.named("button", "Blurred").click()
        await expect(visitor.named("button", "Blurred")).to_have_attribute("aria-pressed", "true")
        assert await visitor.audit() == []
        await visitor.go(f"/post/{quote}")
        await expect(visitor.post(quote).locator("[data-veiled]")).to_have_text("Made with AIAIMade with AI: made here")
        await expect(page.get_by_role("img", name="Something teal")).to_have_count(0)
        assert await visitor.audit() == []
        await visitor.go(f"/post/{alone}")
        veiled = page.get_by_role("button", name=re.compile("^Made with AI Show it"))
        await expect(page.get_by_role("img", name="Something teal")).to_have_count(0)
        assert await visitor.audit() == []
        await veiled.press("Enter")
        await expect(page.get_by_role("img", name="Something teal")).to_be_visible()

        await visitor.go("/settings")
        await expect(visitor.named("button", "Blurred")).to_have_attribute("aria-pressed", "true")
        await visitor.named("button", "Not at all").click()
        await expect(visitor.named("button", "Not at all")).to_have_attribute("aria-pressed", "true")
        await visitor.go(f"/@{ada.handle}")
        await expect(visitor.post(alone).get_by_text(" is hidden: made with AI")).to_be_visible()
        await expect(visitor.post(mixed).get_by_role("button", name="Hidden: made with AI Show it")).to_be_visible()
        await expect(visitor.post(mixed).get_by_role("img", name="Something purple")).to_be_visible()
        assert await visitor.audit() == []
        await visitor.post(alone).get_by_role("button", name="Show", exact=True).click()
        await expect(visitor.post(alone).get_by_role("img", name="Something teal")).to_be_visible()

    async with visiting(browser, site.url, locale="fr-FR") as visitor:
        await visitor.go("/settings")
        await visitor.named("button", "Avec une mention").click()
        await visitor.go(f"/post/{alone}")
        await expect(visitor.post(alone).get_by_text("Créée avec l’IA", exact=True)).to_be_visible()
        assert await visitor.audit() == []


async def test_an_author_says_what_ai_did(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    async with visiting(browser, site.url) as visitor:
        await visitor.be(ada)
        await visitor.go("/")
        dialog = await compose(visitor)
        await dialog.locator("input[type=file]").set_input_files(
            FilePayload(name="a.png", mimeType="image/png", buffer=painting(7300))
        )
        choice = dialog.get_by_label("Is AI in picture 1?")
        await choice.select_option("Changed with AI")
        assert await visitor.audit() == []
        await text_of(dialog).fill("A little help")
        await dialog.get_by_role("button", name="Post", exact=True).click()
        await expect(dialog).to_have_count(0)
        await expect(visitor.page.locator("article [data-ai=EDITED]").first).to_have_attribute(
            "title", "Changed with AI: its author says so"
        )
