"""What is written for later: kept on the server, scheduled by the reader's clock, changed, mended when it was refused, posted once."""

from __future__ import annotations

import os
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Locator, ViewportSize, expect

from tests.browser.site import Site
from tests.browser.test_compose import MADE_MS, compose, text_of
from tests.browser.visitor import PHONE, Visitor, visiting
from tests.scheduling import SAVE, SCHEDULE, ahead, content, drafts, scheduled

SHOTS = os.environ.get("SHOTS")  # a folder for whoever wants to look
TALL: ViewportSize = {"width": 390, "height": 844}


async def shot(visitor: Visitor, name: str) -> None:
    """What the page looks like now, where somebody wants to look."""
    if SHOTS:
        await visitor.page.screenshot(path=Path(SHOTS) / f"{name}.png")


def summer_begins() -> date:
    """The next day on which Paris passes over the hour after two."""
    now = datetime.now(UTC).date()
    for year in (now.year, now.year + 1):
        last = date(year, 3, 31)
        day = last - timedelta(days=(last.weekday() + 1) % 7)
        if day > now:
            return day
    raise AssertionError("there is one within a year")


async def due(site: Site, draft: dict[str, Any]) -> None:
    """Let the time of a scheduled draft have come."""
    await site.house.sql(
        "UPDATE drafts SET publish_at = now() WHERE state = 'SCHEDULED' AND content::text LIKE $1",
        f"%{draft['posts'][0]['text']}%",
    )


def row(visitor: Visitor, words: str) -> Locator:
    """The draft that says this."""
    return visitor.page.get_by_role("main").get_by_role("listitem").filter(has_text=words)


async def test_what_is_written_is_kept_scheduled_and_posted(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    async with visiting(browser, site.url) as visitor:
        await visitor.be(ada)
        await visitor.go("/")
        dialog = await compose(visitor)
        await text_of(dialog).fill("For a morning in spring")
        await shot(visitor, "composer")
        await dialog.get_by_role("button", name="Drafts and scheduled posts").click()
        await expect(row(visitor, "For a morning in spring")).to_be_visible()
        assert await visitor.audit() == []
        await shot(visitor, "drafts")
        await row(visitor, "For a morning").get_by_role("button", name="Edit").click()
        dialog = visitor.named("dialog", "Post")
        await expect(text_of(dialog)).to_have_value("For a morning in spring")
        await text_of(dialog).fill("For the first morning of summer time")
        await dialog.get_by_role("button", name="Schedule", exact=True).click()
        picker = visitor.named("dialog", "Schedule")
        day = summer_begins()
        await picker.get_by_label("Date and time").fill(f"{day}T02:30")
        said = picker.get_by_role("status")
        await expect(said).to_contain_text(f"{day.day} March {day.year} at 03:30 (Central European Summer Time)")
        assert await visitor.audit() == []
        await shot(visitor, "picker")
        await picker.get_by_role("button", name="Tomorrow morning").click()
        await expect(said).to_contain_text("at 09:00")
        await picker.get_by_label("Date and time").fill(f"{day}T02:30")
        await picker.get_by_role("button", name="Schedule").click()
        await expect(dialog).to_have_count(0)
        waiting = row(visitor, "For the first morning of summer time")
        await expect(waiting).to_contain_text("at 03:30")
        (kept,) = await scheduled(ada)
        assert datetime.fromisoformat(kept["publishAt"]) == datetime(day.year, 3, day.day, 1, 30, tzinfo=UTC)
        assert await drafts(ada) == [], "what was a draft is the one that is scheduled"
        await waiting.get_by_role("button", name="Edit").click()
        change = visitor.named("dialog", "Change the draft")
        await change.get_by_label("Text").fill("At last")
        await shot(visitor, "change")
        await change.get_by_role("button", name="Save").click()
        await expect(change).to_have_count(0)
        (kept,) = await scheduled(ada)
        assert kept["posts"][0]["text"] == "At last"
        await expect(row(visitor, "At last")).to_be_visible()
        await due(site, kept)
        await expect(row(visitor, "At last")).to_have_count(0)
        post = (await ada.home())["edges"][0]["node"]
        assert post["text"] == "At last"


async def test_what_was_refused_is_mended_where_it_stands(site: Site, browser: Browser) -> None:
    ada, bob = await site.town.person("ada"), await site.town.person("bob")
    post = await bob.write("Soon gone")
    said = {
        "posts": [{"text": "Look at this", "quotedPostId": post, "poll": {"options": ["Yes", "No"], "minutes": 60}}]
    }
    draft = (await ada.do(SCHEDULE, content=said, publishAt=ahead(hours=1)))["draft"]
    await ada.do(SAVE, content=content("", wish={"prompt": "a lighthouse at night", "width": 64, "count": 2}))
    await bob.do("DeletePost", postId=post)
    async with visiting(browser, site.url, viewport=PHONE, dark=True, locale="fr-FR") as visitor:
        await visitor.be(ada)
        await visitor.go("/drafts")
        await visitor.hears("draftsChanged")
        await shot(visitor, "phone-before")
        await due(site, draft)
        # Where it stands now: there is a moment when it is no longer scheduled and not yet among the others.
        back = visitor.named("region", "Sans date").get_by_role("listitem").filter(has_text="Look at this")
        await expect(back).to_contain_text("La publication qu’il cite n’est plus là")
        assert await visitor.audit() == []
        await shot(visitor, "phone-refused")
        await back.get_by_role("button", name="Le garder sans la citation").click()
        await expect(back.get_by_role("button", name="Programmer")).to_be_visible()
        await back.get_by_role("button", name="Programmer").click()
        await shot(visitor, "phone-picker")
        assert await visitor.audit() == []
        await visitor.page.keyboard.press("Escape")
        await back.get_by_role("button", name="Publier maintenant").click()
        await expect(back).to_have_count(0)
        assert (await ada.home())["edges"][0]["node"]["text"] == "Look at this"
        wish = row(visitor, "a lighthouse at night")
        await wish.get_by_role("button", name="Modifier").click()
        change = visitor.named("dialog", "Modifier le brouillon")
        await change.get_by_label("Que doit montrer l’image ?").fill("a lighthouse by day")
        await shot(visitor, "phone-change")
        await change.get_by_role("button", name="Enregistrer").click()
        await expect(change).to_have_count(0)
        (kept,) = await drafts(ada)
        assert kept["wish"]["prompt"] == "a lighthouse by day"
        assert {one["name"]: one["value"] for one in kept["wish"]["settings"]} == {"WIDTH": "64", "COUNT": "2"}


async def test_the_studio_makes_and_posts_later(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    async with visiting(browser, site.url, viewport=TALL) as visitor:
        await visitor.be(ada)
        await visitor.go("/studio")
        await visitor.page.get_by_role("textbox", name="What should it show?").fill("a field of poppies")
        await shot(visitor, "studio")
        await visitor.named("button", "Make and post later").click()
        dialog = visitor.named("dialog", "Make and post later")
        await dialog.get_by_label(re.compile("What the post says")).fill("Good morning")
        assert await visitor.audit() == []
        await shot(visitor, "studio-later")
        await dialog.get_by_role("button", name="Schedule").click()
        await expect(dialog).to_have_count(0)
        (kept,) = await scheduled(ada)
        await due(site, kept)
        await visitor.go("/drafts")
        await shot(visitor, "studio-drafts")
        await expect(row(visitor, "Good morning")).to_have_count(0, timeout=MADE_MS)
        post = (await ada.home())["edges"][0]["node"]
        assert (post["text"], len(post["images"])) == ("Good morning", 1)
