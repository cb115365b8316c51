"""Getting in as people do: by an invitation, by a letter's link, with a new password for a forgotten one."""

from __future__ import annotations

import asyncio
import email
import email.policy
import re
from email.message import EmailMessage
from pathlib import Path

from playwright.async_api import Browser, expect

from tests.browser.site import Site
from tests.browser.visitor import visiting
from tests.people import PASSWORD, PATIENCE_SECONDS
from tests.selection import mutation

NEW = "entirely other words of mine"
SECRET = re.compile("#")


async def link(site: Site, address: str, path: str) -> str:
    """The link to this page out of a letter to this address, once it is there."""
    folder = Path(site.house.environment["MAIL_FOLDER"])
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            for message in letters(folder):
                text = str(next(iter(message.iter_parts())).get_content())
                if message["To"] == address and (found := re.search(rf"{path}#[\w-]+", text)):
                    return site.url + found[0]
            await asyncio.sleep(0.1)


def letters(folder: Path) -> list[EmailMessage]:
    """All that lie in the folder."""
    found = [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in folder.glob("*.eml")]
    return [one for one in found if isinstance(one, EmailMessage)]


async def test_an_address_is_confirmed_by_the_letter_s_link(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    address = await link(site, f"{ada.handle}@example.org", "/verify-email")
    async with visiting(browser, site.url) as visitor:
        await visitor.be(ada)
        await visitor.go("/settings/account")
        await expect(visitor.page.get_by_text("Not confirmed yet")).to_be_visible()
        await visitor.go(address.removeprefix(site.url))
        await expect(visitor.page).not_to_have_url(SECRET)  # it leaves the address, and with it the history
        await visitor.named("button", "Confirm the address").click()
        await visitor.named("link", "To my account").click()
        await expect(visitor.page.get_by_text("Confirmed", exact=True)).to_be_visible()
        await visitor.go(address.removeprefix(site.url))
        await visitor.named("button", "Confirm the address").click()
        await expect(visitor.page.get_by_role("alert").first).to_contain_text("used already")


async def test_a_forgotten_password_is_set_anew(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    mail = f"{ada.handle}@example.org"
    async with visiting(browser, site.url) as visitor:
        await visitor.go("/login")
        await visitor.named("link", "Forgot your password?").click()
        await visitor.page.get_by_label("E-mail", exact=True).fill(mail)  # not the field of the page one comes from
        await visitor.named("button", "Send me a link").click()
        await expect(visitor.page.get_by_role("status").filter(has_text="on its way")).to_be_visible()
        await visitor.go((await link(site, mail, "/reset")).removeprefix(site.url))
        await expect(visitor.page).not_to_have_url(SECRET)
        field = visitor.page.get_by_label("New password")
        await field.fill("password1")
        await visitor.named("button", "Set the password").click()
        await expect(visitor.page.get_by_role("alert").first).to_contain_text("too easy")
        await field.fill(NEW)
        await visitor.named("button", "Set the password").click()
        await visitor.page.get_by_role("main").get_by_role("link", name="Log in").click()
        await visitor.page.get_by_label("Handle or e-mail").fill(ada.handle)
        await visitor.page.get_by_label("Password", exact=True).fill(NEW)
        await visitor.page.get_by_role("main").get_by_role("button", name="Log in").click()
        await visitor.page.wait_for_url(f"{site.url}/")
    gone = await ada.answer("{ viewer { user { id } } }")
    assert gone["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED", "whoever was signed in is out"


async def test_the_address_is_changed_in_the_settings(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    new = f"new.{ada.handle}@example.org"
    async with visiting(browser, site.url) as visitor:
        await visitor.be(ada)
        await visitor.go("/settings/account")
        await visitor.named("button", "Change the address").click()
        dialog = visitor.page.get_by_role("dialog")
        await dialog.get_by_label("New address").fill(new)
        await dialog.get_by_label("Password", exact=True).fill(PASSWORD)
        await dialog.get_by_role("button", name="Change the address").click()
        await expect(visitor.page.get_by_text(f"{new} takes its place")).to_be_visible()
        assert await visitor.audit() == []
        await visitor.named("button", "Keep the address so far").click()
        await expect(visitor.page.get_by_text(f"{new} takes its place")).to_have_count(0)


async def test_the_invitations_page_says_who_may_not_yet(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    async with visiting(browser, site.url) as visitor:
        await visitor.be(ada)
        await visitor.go("/settings/invitations")
        await visitor.named("button", "Make an invitation").click()
        await expect(visitor.page.get_by_role("alert").first).to_contain_text("a day after you came")
        await visitor.go("/signup#no-such-code")
        assert (await ada.attempt(mutation("createInvitation")))["userErrors"][0]["code"] == "FORBIDDEN"
