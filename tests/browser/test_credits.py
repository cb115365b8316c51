"""What making costs before it is asked for, what one has, and every line of where it went."""

from __future__ import annotations

import asyncio
import re
import sys

from playwright.async_api import Browser, expect

from tests.browser.site import Site
from tests.browser.visitor import PHONE, visiting
from tests.people import Person


async def all_taken(site: Site, person: Person) -> None:
    """Leave somebody without credits, as an operator can."""
    arguments = ("adjust", person.handle, "--note", "Spent elsewhere", "--", "-1000")
    desk = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "models.credit_desk", *arguments, env=site.house.environment
    )
    assert await desk.wait() == 0


async def test_the_cost_is_told_before_the_run_and_read_in_the_ledger_after(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    async with visiting(browser, site.url) as visitor:
        await visitor.be(ada)
        await visitor.go("/studio")
        cost = visitor.named("status", "What it costs")
        await expect(cost).to_contain_text("1 credit")
        await expect(cost).to_contain_text("of 1,000 available")
        await visitor.named("radio", "2").press("Space")
        await expect(cost).to_contain_text("2 credits")
        await visitor.page.get_by_role("textbox", name="What should it show?").fill("Two boats")
        await visitor.named("button", "Make 2 pictures").click()
        await visitor.page.locator('[data-state="SUCCEEDED"]').wait_for()
        await expect(cost).to_contain_text("of 998 available")
        await visitor.go("/settings")
        await visitor.named("link", "Show your credits").click()
        await visitor.settled()
        await expect(visitor.page.get_by_role("main")).to_contain_text("998")
        lines = visitor.page.get_by_role("main").get_by_role("listitem")
        await expect(lines).to_have_count(4)  # given, set aside, and two that were kept
        await expect(lines.first).to_contain_text("Spent · picture 2")
        await expect(lines.first).to_contain_text("−1")
        await expect(lines.last).to_contain_text("+1,000")
        await lines.first.get_by_role("link", name="For: Two boats").press("Enter")
        await visitor.page.wait_for_url(re.compile("/studio/thread/"))
        await visitor.settled()


async def test_what_is_missing_is_told_and_until_when(site: Site, browser: Browser) -> None:
    poor = await site.town.person("poor")
    await all_taken(site, poor)
    async with visiting(browser, site.url, viewport=PHONE, locale="fr-FR") as visitor:
        await visitor.be(poor)
        await visitor.go("/studio")
        cost = visitor.named("status", "Ce que cela coûte")
        await expect(cost).to_contain_text("Il manque 1 crédit")
        await expect(cost).to_contain_text(re.compile(r"les prochains arrivent le \d+"))
        await visitor.page.get_by_role("textbox", name="Que doit montrer l’image ?").fill("Un phare")
        await visitor.named("button", "Créer").click()
        await expect(visitor.page.get_by_role("alert").filter(has_text="crédits")).to_be_visible()
        assert await visitor.audit() == []
