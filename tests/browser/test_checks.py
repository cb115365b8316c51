"""Checks as people meet them: words that are refused, a picture that a person looks at first, a picture behind a veil."""

from __future__ import annotations

import asyncio
import subprocess
import sys

from playwright.async_api import Browser, expect

from models import node_id
from tests.browser.site import Site
from tests.browser.test_compose import MADE_MS
from tests.browser.visitor import visiting
from tests.jobs import HERE
from tests.people import Person


async def decide(site: Site, owner: Person, *deeds: str) -> None:
    """Each picture of somebody's that waits is decided, the oldest first, with a command for each deed."""
    waiting = await site.house.sql(
        """SELECT reviews.id FROM reviews JOIN generation_jobs ON generation_jobs.id = job_id
        WHERE decision IS NULL AND generation_jobs.owner_id = $1 ORDER BY reviews.id""",
        node_id.number_of("user", owner.id),
    )
    for row, deed in zip(waiting, deeds, strict=True):
        command = [sys.executable, "-m", "generation.review_desk", deed, str(row["id"]), "--by", "carol"]
        await asyncio.to_thread(subprocess.run, command, cwd=HERE, env=site.house.environment, check=True)


async def test_words_are_refused_and_a_held_picture_is_told_decided_and_refunded(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    async with visiting(browser, site.url) as visitor:
        await visitor.be(ada)
        await visitor.go("/studio")
        prompt = visitor.page.get_by_role("textbox", name="What should it show?")
        await prompt.fill("a naked child")
        await visitor.named("button", "Make").click()
        await expect(visitor.page.get_by_text("The safety check did not let this through.")).to_be_visible()

        await prompt.fill("Emma Watson nude on a beach")
        await visitor.page.get_by_role("radio", name="2", exact=True).check(force=True)
        await visitor.named("button", "Make 2 pictures").click()
        card = visitor.page.locator('[data-job][data-state="IN_REVIEW"]')
        await expect(card).to_have_count(1, timeout=MADE_MS)
        await expect(card.get_by_text("A person looks at it first")).to_have_count(2)
        await expect(
            card.get_by_text("The words: a named person and nudity. Its credits are given back.")
        ).to_have_count(2)
        assert await visitor.audit() == []
        await card.get_by_role("button", name="What happened").click()
        dialog = visitor.page.get_by_role("dialog")
        await expect(dialog.get_by_text("Made; a person decides what is held")).to_be_visible()
        await visitor.page.keyboard.press("Escape")

        await decide(site, ada, "approve", "refuse")
        card = visitor.page.locator('[data-job][data-state="PARTIAL"]')
        await expect(card).to_have_count(1)
        await expect(card.get_by_role("button", name="Open the picture")).to_have_count(1)
        await expect(card.get_by_text("Refused by the safety check")).to_be_visible()


async def test_a_sensitive_picture_is_seen_when_it_is_asked_for(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    image = await site.picture(ada, "purple")
    await site.house.sql("UPDATE images SET sensitive = true WHERE id = $1", node_id.number_of("image", image))
    post = await ada.write("Look closely", images=[{"imageId": image}])
    async with visiting(browser, site.url, locale="fr-FR") as visitor:
        await visitor.go(f"/post/{post}")
        veiled = visitor.page.get_by_role("button", name="Image sensible")
        await expect(veiled).to_be_visible()
        await expect(visitor.page.get_by_role("img", name="Something purple")).to_have_count(0)
        assert await visitor.audit() == []
        await veiled.click()
        await expect(visitor.page.get_by_role("img", name="Something purple")).to_be_visible()
