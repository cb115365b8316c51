"""Signing in safely: passkeys by a virtual authenticator, an app's codes, recovery codes, and saying once more who one is."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest_asyncio
from playwright.async_api import Browser, CDPSession, expect

from models import node_id
from tests.browser.site import Site
from tests.browser.visitor import PHONE, Visitor, visiting
from tests.people import PASSWORD, PATIENCE_SECONDS, Person
from tests.processes import Api
from tests.securing import App
from tests.selection import mutation


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def domain(site: Site) -> AsyncIterator[str]:
    """The same Fresque at a name: browsers make no passkeys for bare addresses."""
    api: Api = site.house.api("named")
    api.environment["PUBLIC_URL"] = f"http://localhost:{api.port}"
    await site.house.begin(api)
    yield api.environment["PUBLIC_URL"]


async def authenticator(visitor: Visitor) -> tuple[CDPSession, str]:
    """A passkey provider in this browser, as if it were built into the device: it opens whenever it is asked."""
    session = await visitor.context.new_cdp_session(visitor.page)
    await session.send("WebAuthn.enable", {"enableUI": False})
    built_in: dict[str, Any] = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    added = await session.send("WebAuthn.addVirtualAuthenticator", {"options": built_in})
    return session, added["authenticatorId"]


async def forget(site: Site, person: Person) -> None:
    """An hour goes by since anybody proved who has this person's sessions, or used a code."""
    number = node_id.number_of("user", person.id)
    await site.house.sql("UPDATE sessions SET proven_at = now() - interval '1 hour' WHERE user_id = $1", number)
    await site.house.sql("UPDATE totp_factors SET last_step = 0 WHERE user_id = $1", number)


async def look(visitor: Visitor, name: str) -> None:
    """Nothing on the page is wrong for who cannot see it; kept as a picture where a folder is named."""
    assert await visitor.audit() == [], name
    if folder := os.environ.get("FRESQUE_LOOKS"):
        await visitor.page.screenshot(path=f"{folder}/{name}.png", full_page=True)


async def fill_in(visitor: Visitor, login: str) -> None:
    """Log in by name and password, on the page for it."""
    await visitor.go("/login")
    await visitor.page.get_by_label("Handle or e-mail").fill(login)
    await visitor.page.get_by_label("Password", exact=True).fill(PASSWORD)
    await visitor.named("button", "Log in").click()


async def test_a_passkey_is_made_and_opens_the_account(site: Site, browser: Browser, domain: str) -> None:
    ada = await site.town.person("ada")
    async with visiting(browser, domain) as visitor:
        session, number = await authenticator(visitor)
        await visitor.be(ada)
        await visitor.go("/settings/security")
        await visitor.named("button", "Add a passkey").click()
        dialog = visitor.page.get_by_role("dialog")
        await dialog.get_by_label("Name").fill("My laptop")
        await look(visitor, "passkey-name")
        await dialog.get_by_role("button", name="Add a passkey").click()
        codes = dialog.get_by_role("list", name="Your recovery codes").get_by_role("listitem")
        await expect(codes).to_have_count(10)
        await look(visitor, "recovery-codes")
        recovery = await codes.first.inner_text()
        await dialog.get_by_role("button", name="I have kept them").click()
        row = visitor.page.get_by_role("listitem").filter(has_text="My laptop")
        await expect(row).to_contain_text("not used yet")
        await expect(visitor.page.get_by_text("10 codes are left.")).to_be_visible()
        await look(visitor, "security")
        # A passkey alone, by the button.
        await session.send("WebAuthn.setAutomaticPresenceSimulation", {"authenticatorId": number, "enabled": False})
        await visitor.context.clear_cookies()
        await visitor.go("/login")
        await look(visitor, "login-with-passkey")
        await session.send("WebAuthn.setAutomaticPresenceSimulation", {"authenticatorId": number, "enabled": True})
        await visitor.named("button", "Log in with a passkey").click()
        await visitor.page.wait_for_url(f"{domain}/")
        await visitor.go("/settings/security")
        await expect(row).to_contain_text("last used")
        # After the password, as second factor; and a recovery code in its place.
        await session.send("WebAuthn.setAutomaticPresenceSimulation", {"authenticatorId": number, "enabled": False})
        await visitor.context.clear_cookies()
        await fill_in(visitor, ada.handle)
        await visitor.named("button", "Use a passkey").wait_for()
        await look(visitor, "second-step-passkey")
        await session.send("WebAuthn.setAutomaticPresenceSimulation", {"authenticatorId": number, "enabled": True})
        await visitor.named("button", "Use a passkey").click()
        await visitor.page.wait_for_url(f"{domain}/")
        await session.send("WebAuthn.setAutomaticPresenceSimulation", {"authenticatorId": number, "enabled": False})
        await visitor.context.clear_cookies()
        await fill_in(visitor, ada.handle)
        await visitor.named("button", "Use a recovery code").click()
        await visitor.page.get_by_label("Recovery code").fill(recovery)
        await visitor.named("button", "Continue").click()
        await visitor.page.wait_for_url(f"{domain}/")
        await visitor.go("/settings/security")
        await expect(visitor.page.get_by_text("9 codes are left.")).to_be_visible()
        await visitor.named("button", "Rename My laptop").click()
        await visitor.page.get_by_role("dialog").get_by_label("Name").fill("Old laptop")
        await visitor.page.get_by_role("dialog").get_by_role("button", name="Rename").click()
        await visitor.named("button", "Remove Old laptop").click()
        await visitor.page.get_by_role("dialog").get_by_role("button", name="Remove").click()
        await visitor.page.get_by_text("You have none yet.").wait_for()
        visitor.forgive("WebSocket")


async def test_an_app_is_set_up_and_asked_for(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    async with visiting(browser, site.url) as visitor:
        await visitor.be(ada)
        await visitor.go("/settings/security")
        await expect(visitor.page.get_by_text("This browser, or this address, knows no passkeys.")).to_be_visible()
        await visitor.named("button", "Set up an app").click()
        dialog = visitor.page.get_by_role("dialog")
        picture = dialog.get_by_role("img", name="QR code for your authenticator app")
        await expect(picture).to_have_js_property("complete", True)
        await expect(picture).not_to_have_js_property("naturalWidth", 0)
        secret = await dialog.get_by_label("No camera?").input_value()
        app = App(secret.replace(" ", ""))
        await look(visitor, "app")
        field = dialog.get_by_label("The code that the app shows")
        await field.fill("000000")
        await field.press("Enter")
        await expect(field).to_have_attribute("aria-invalid", "true")
        await field.fill(app.code())
        await field.press("Enter")
        await expect(dialog.get_by_role("list", name="Your recovery codes").get_by_role("listitem")).to_have_count(10)
        await dialog.get_by_role("button", name="I have kept them").click()
        await expect(visitor.page.get_by_text("On since")).to_be_visible()
        await visitor.context.clear_cookies()
        await fill_in(visitor, ada.handle)
        code = visitor.page.get_by_label("Code from your app")
        await code.fill("000000")
        await code.press("Enter")
        await expect(code).to_have_attribute("aria-invalid", "true")
        await look(visitor, "second-step-app")
        await code.fill(app.code(1))
        await code.press("Enter")
        await visitor.page.wait_for_url(f"{site.url}/")
        visitor.forgive("WebSocket")


async def test_who_was_away_says_once_more_who_they_are(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    async with visiting(browser, site.url, viewport=PHONE, locale="fr-FR", dark=True) as visitor:
        await visitor.be(ada)
        await forget(site, ada)
        await visitor.go("/settings/security")
        await visitor.named("button", "Configurer une application").click()
        dialog = visitor.page.get_by_role("dialog")
        await dialog.get_by_label("Mot de passe", exact=True).fill("pas celui-là")
        await dialog.get_by_role("button", name="Continuer").click()
        await expect(dialog.get_by_label("Mot de passe", exact=True)).to_have_attribute("aria-invalid", "true")
        await look(visitor, "step-up-phone-fr")
        await dialog.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
        await dialog.get_by_role("button", name="Continuer").click()
        await visitor.named("img", "Code QR pour votre application d’authentification").wait_for()
        await look(visitor, "app-phone-fr")
        await visitor.page.keyboard.press("Escape")
        await expect(dialog).to_have_count(0)
        await forget(site, ada)
        await visitor.named("button", "Configurer une application").click()
        await dialog.get_by_label("Mot de passe", exact=True).wait_for()
        await visitor.page.keyboard.press("Escape")
        await visitor.page.get_by_text("il faut prouver à nouveau que c’est vous").first.wait_for()
        await look(visitor, "security-phone-fr")


async def test_with_an_app_a_code_is_the_proof(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    app = App((await ada.do(mutation("beginTotp")))["secret"])
    codes = (await ada.do(mutation("confirmTotp"), code=app.code()))["recoveryCodes"]
    async with visiting(browser, site.url) as visitor:
        async with httpx.AsyncClient(base_url=site.url, timeout=PATIENCE_SECONDS) as client:
            query = "mutation($i: LogInInput!) { logIn(input: $i) { pendingLogin { token } } }"
            given = {"login": ada.handle, "password": PASSWORD}
            first = await client.post("/graphql", json={"query": query, "variables": {"i": given}})
            token = first.json()["data"]["logIn"]["pendingLogin"]["token"]
            second = {"loginToken": token, "proof": {"recoveryCode": codes[0]}}
            await client.post("/graphql", json={"query": mutation("completeLogIn"), "variables": {"input": second}})
            cookies = [{"name": one.name, "value": one.value or "", "url": site.url} for one in client.cookies.jar]
        await visitor.context.add_cookies(cookies)  # type: ignore[arg-type]  # as Playwright takes them
        await visitor.go("/settings/security")
        await forget(site, ada)
        await visitor.named("button", "Make new ones").click()
        await visitor.page.get_by_role("dialog").get_by_role("button", name="Make new ones").click()
        code = visitor.page.get_by_label("Code from your app")
        await code.fill(app.code())
        await code.press("Enter")
        shown = visitor.page.get_by_role("list", name="Your recovery codes").get_by_role("listitem")
        await expect(shown).to_have_count(10)
        assert codes[1] not in await shown.all_inner_texts()
