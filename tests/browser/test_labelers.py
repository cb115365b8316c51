"""Labelers, as people use them: becoming one, labelling, listening, choosing; what is veiled is, and what is hidden is folded."""

from __future__ import annotations

import os

from playwright.async_api import Browser, expect

from tests.browser.site import Site
from tests.browser.visitor import PHONE, Visitor, visiting
from tests.labeling import PUT, labeler, said
from tests.labeling import label as a_label


async def look(visitor: Visitor, name: str) -> None:
    """Nothing on the page is wrong for who cannot see it; kept as a picture where a folder is named."""
    assert await visitor.audit() == [], name
    if folder := os.environ.get("FRESQUE_LOOKS"):
        await visitor.page.screenshot(path=f"{folder}/{name}.png", full_page=True)


async def test_somebody_becomes_a_labeler_and_labels(site: Site, browser: Browser) -> None:
    ada, bob = await site.town.person("ada"), await site.town.person("bob")
    post = await ada.write("The gardener did it", images=[{"imageId": await site.picture(ada, "teal")}])
    async with visiting(browser, site.url) as visitor:
        page = visitor.page
        await visitor.be(bob)
        await visitor.go("/settings")
        await visitor.named("link", "Labels and choices").click()
        await visitor.named("heading", "Be a labeler").wait_for()
        await page.get_by_label("What you label, and why").fill("Endings")
        await visitor.named("button", "Add a label").click()
        await visitor.named("button", "Become a labeler").click()
        await expect(page.get_by_role("alert")).to_contain_text("An identifier begins with a letter")
        await page.get_by_label("Identifier").fill("spoiler")
        await page.get_by_label("Name in English").fill("Spoiler")
        await page.get_by_label("Name in French").fill("Révélation")
        await page.get_by_label("What it veils").select_option("MEDIA")
        await look(visitor, "be-labeler")
        await visitor.named("button", "Become a labeler").click()
        await visitor.named("heading", "What you say as a labeler").wait_for()
        await visitor.go(f"/post/{post}")
        await visitor.post(post).get_by_role("button", name="More").click()
        await page.get_by_role("menuitem", name="Label this").click()
        box = page.get_by_role("checkbox", name="Spoiler")
        await box.click()
        await expect(box).to_be_checked()
        await look(visitor, "label-this")
    await ada.do(
        "mutation($input: SubscribeToLabelerInput!) { subscribeToLabeler(input: $input) { userErrors { code } } }",
        userId=bob.id,
    )
    assert await said(ada, post) == [("spoiler", "WARN")]


async def test_a_person_listens_and_chooses(site: Site, browser: Browser) -> None:
    ada, bob = await site.town.person("ada"), await site.town.person("bob")
    lab = await labeler(
        site.town,
        a_label("spoiler", severity="ALERT", blur="MEDIA"),
        a_label("essay", "SHOW"),
        a_label("story", blur="CONTENT"),
    )
    post = await ada.write("Look", images=[{"imageId": await site.picture(ada, "teal")}])
    told = await ada.write("It was all a dream")
    await lab.do(PUT, postId=post, identifier="spoiler")
    await lab.do(PUT, postId=told, identifier="story")
    await lab.do(PUT, userId=ada.id, identifier="essay")
    async with visiting(browser, site.url) as visitor:
        page = visitor.page
        await visitor.be(bob)
        await visitor.go(f"/@{ada.handle}")
        await expect(visitor.post(post).get_by_role("img", name="Something teal")).to_be_visible()
        await expect(page.get_by_role("link", name=f"says @{lab.handle}")).to_have_count(0)
        await visitor.go(f"/@{lab.handle}")
        await look(visitor, "labeler")
        await visitor.named("button", f"Listen to @{lab.handle}").click()
        await visitor.named("button", f"Listening to @{lab.handle}").wait_for()
        await visitor.go(f"/@{ada.handle}")
        card = visitor.post(post)
        await expect(card.get_by_text("Spoiler", exact=True)).to_be_visible()
        await expect(card.get_by_text("Essay", exact=True)).to_be_visible()
        veiled = card.get_by_role("button", name=f"Spoiler, says @{lab.handle} Show it")
        await expect(veiled).to_be_visible()
        await expect(card.get_by_role("img", name="Something teal")).to_have_count(0)
        await expect(visitor.post(told).get_by_text("It was all a dream")).to_have_count(0)
        await look(visitor, "labelled")
        await veiled.click()
        await expect(card.get_by_role("img", name="Something teal")).to_be_visible()
        await visitor.post(told).get_by_role("button", name="Show", exact=True).click()
        await expect(visitor.post(told).get_by_text("It was all a dream")).to_be_visible()
        await visitor.go("/settings/labels")
        choice = page.get_by_role("group", name="What “Spoiler” does")
        await choice.get_by_role("button", name="Hide").click()
        await expect(choice.get_by_role("button", name="Hide")).to_have_attribute("aria-pressed", "true")
        await look(visitor, "labels")
        await visitor.go(f"/@{ada.handle}")
        await expect(visitor.post(post).get_by_text("is hidden: Spoiler")).to_be_visible()
        await visitor.post(post).get_by_role("button", name="Show", exact=True).click()
        await expect(
            visitor.post(post).get_by_role("button", name=f"Spoiler, says @{lab.handle} Show it")
        ).to_be_visible()
    async with visiting(browser, site.url, viewport=PHONE, locale="fr-FR") as visitor:
        await visitor.be(bob)
        await visitor.go("/settings/labels")
        await visitor.named("heading", "Les étiqueteurs que vous écoutez").wait_for()
        await look(visitor, "labels-phone-fr")
        await visitor.go(f"/@{ada.handle}")
        await expect(visitor.page.get_by_role("link", name=f"selon @{lab.handle}").first).to_be_visible()
        await look(visitor, "labelled-phone-fr")
        await visitor.go(f"/@{lab.handle}")
        await look(visitor, "labeler-phone-fr")
