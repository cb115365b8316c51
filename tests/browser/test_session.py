"""Coming in and going out: sign-up, log-in and back, a session that ends under one's hands."""

from __future__ import annotations

import re

from playwright.async_api import Browser, expect

from tests.browser.site import Site
from tests.browser.visitor import visiting
from tests.people import PASSWORD
from tests.selection import REVOKE

SESSIONS = "{ viewer { sessions(first: 9) { edges { node { id device isCurrent } } } } }"


async def test_a_revoked_session_leads_to_the_log_in_and_back(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    async with visiting(browser, site.url) as visitor:
        await visitor.be(ada)
        await visitor.go("/bookmarks")
        await visitor.page.goto(f"{site.url}/")  # where something is live, it is noticed without a click
        await visitor.settled()
        await visitor.hears("homeTimeline")
        sessions = (await ada.ask(SESSIONS))["viewer"]["sessions"]["edges"]
        other = next(one["node"] for one in sessions if not one["node"]["isCurrent"])
        await ada.do(REVOKE, sessionId=other["id"])
        await visitor.page.wait_for_url("**/login?*")
        await visitor.page.get_by_text("Your session has ended").wait_for()
        await visitor.page.get_by_label("Handle or e-mail").fill(ada.handle)
        await visitor.page.get_by_label("Password", exact=True).fill("wrong password")
        await visitor.named("button", "Log in").click()
        await expect(visitor.page.get_by_role("alert")).to_have_text("The name or the password is not right.")
        await visitor.page.get_by_label("Password", exact=True).fill(PASSWORD)
        await visitor.named("button", "Log in").click()
        await visitor.page.wait_for_url(f"{site.url}/")
        await visitor.named("button", "Post").first.wait_for()
        visitor.forgive("WebSocket")


async def test_whoever_is_signed_out_is_asked_to_log_in_where_they_act(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    post = await ada.write("Like me")
    async with visiting(browser, site.url) as visitor:
        await visitor.go(f"/post/{post}")
        await visitor.post(post).locator("[data-act=like]").click()
        await visitor.page.wait_for_url("**/login?*")
        await visitor.page.get_by_label("Handle or e-mail").fill(ada.handle)
        await visitor.page.get_by_label("Password", exact=True).fill(PASSWORD)
        await visitor.page.keyboard.press("Enter")
        await visitor.page.wait_for_url(f"{site.url}/post/{post}")


async def test_no_secret_of_a_session_is_in_reach_of_a_script(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    async with visiting(browser, site.url) as visitor:
        await visitor.be(ada)
        await visitor.go("/")
        kept = await visitor.page.evaluate(
            "JSON.stringify({...localStorage}) + JSON.stringify({...sessionStorage}) + document.cookie"
        )
        assert "frq_" not in kept


async def test_what_a_sign_up_lacks_is_said_beside_its_field(site: Site, browser: Browser) -> None:
    taken = await site.town.person("ada")
    async with visiting(browser, site.url) as visitor:
        await visitor.go("/signup")
        handle = visitor.page.get_by_label("Handle")
        await handle.fill(taken.handle)
        await visitor.page.get_by_label("E-mail").fill(f"new{taken.handle}@example.org")
        await visitor.page.get_by_label("Password", exact=True).fill(PASSWORD)
        await visitor.named("button", "Create an account").click()
        await expect(handle).to_have_attribute("aria-invalid", "true")
        await expect(handle).to_have_accessible_description(re.compile("This handle is taken"))
        await handle.fill(f"{taken.handle}x")
        await visitor.page.keyboard.press("Enter")
        await visitor.page.wait_for_url(f"{site.url}/")
