"""Apps and tokens at a screen: an app asks and is let in or not, and what was allowed is taken back."""

from __future__ import annotations

import re

from playwright.async_api import Browser, Route, expect

from tests.apps import Program, made, told
from tests.browser.site import Site
from tests.browser.test_security import forget
from tests.browser.visitor import PHONE, visiting
from tests.people import PASSWORD, Person
from tests.tokens import code_of

ME = "{ viewer { user { handle } } }"


async def back(route: Route) -> None:
    await route.fulfill(body="<!doctype html><title>Back</title><p>Back at the app</p>", content_type="text/html")


async def test_an_app_is_let_in_and_shown_out(site: Site, browser: Browser) -> None:
    dev, ada = await site.town.person("dev"), await site.town.person("ada")
    app = await made(dev)
    asking = f"/authorize?{app.parameters(scope='read write:posts')}"
    async with visiting(browser, site.url) as visitor:
        page, main = visitor.page, visitor.page.get_by_role("main")
        await visitor.context.route("https://app.example.org/**", back)
        await visitor.go(asking)
        await expect(main).to_contain_text("A reader wants to act for you")
        await expect(visitor.named("button", "Allow")).to_have_count(0)
        await main.get_by_role("link", name="Log in").click()
        await visitor.named("textbox", "Handle or e-mail").fill(ada.handle)
        await page.get_by_label("Password", exact=True).fill(PASSWORD)
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/authorize?*")
        await visitor.settled()
        await expect(main).to_contain_text(f"@{dev.handle}")
        await expect(main).to_contain_text("Post, reply, repost, like, keep and delete for you")
        await expect(main).to_contain_text("You are then sent to app.example.org.")
        assert await visitor.audit() == []

        await visitor.named("button", "No").click()
        await page.wait_for_url("https://app.example.org/**")
        assert told(page.url)["error"] == "access_denied"

        await visitor.go(asking)
        await page.get_by_label("Do not ask me again when it wants the same").check()
        await visitor.named("button", "Allow").click()
        await page.wait_for_url("https://app.example.org/**")
        answer = told(page.url)
        assert answer["iss"] == site.url
        tokens = (await app.exchange(answer["code"])).json()
        acting = Person(site.town, ada.handle, ada.id, tokens["access_token"])
        assert (await acting.ask(ME))["viewer"]["user"]["handle"] == ada.handle

        await page.goto(site.url + asking)  # what was remembered goes on by itself
        await page.wait_for_url("https://app.example.org/**")
        assert (await app.exchange(told(page.url)["code"])).status_code == 200

        await visitor.go("/settings/apps")
        await expect(main.get_by_role("listitem").filter(has_text="A reader").first).to_contain_text("2 permissions")
        assert await visitor.audit() == []
        await visitor.named("button", "End what A reader may do").click()
        await page.get_by_role("dialog").get_by_role("button", name="End").click()
        await expect(main).to_contain_text("No app acts for you")
        assert await code_of(acting, ME) == "UNAUTHENTICATED"


async def test_who_was_away_says_who_they_are_before_an_app_acts_for_them(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    app = await made(await site.town.person("dev"))
    async with visiting(browser, site.url, viewport=PHONE, locale="fr-FR") as visitor:
        await visitor.context.route("https://app.example.org/**", back)
        await visitor.be(ada)
        await visitor.go(f"/authorize?{app.parameters()}")
        await forget(site, ada)
        await visitor.named("button", "Autoriser").click()
        dialog = visitor.page.get_by_role("dialog")
        await dialog.get_by_label("Mot de passe", exact=True).wait_for()
        await visitor.page.keyboard.press("Escape")
        await expect(dialog).to_have_count(0)
        await expect(visitor.page.get_by_role("main").get_by_role("alert")).to_contain_text("il faut prouver à nouveau")
        await visitor.named("button", "Autoriser").click()
        await dialog.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
        assert await visitor.audit() == []
        await dialog.get_by_role("button", name="Continuer").click()
        await visitor.page.wait_for_url("https://app.example.org/**")
        assert (await app.exchange(told(visitor.page.url)["code"])).status_code == 200


async def test_what_is_wrong_leads_nowhere(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    app = await made(ada)
    async with visiting(browser, site.url, viewport=PHONE) as visitor:
        main = visitor.page.get_by_role("main")
        await visitor.be(ada)
        for wrong in (
            app.parameters(redirect_uri="https://evil.example/"),
            Program(site.town, "app_x").parameters(),
            "",
        ):
            await visitor.go(f"/authorize?{wrong}")
            await expect(main).to_contain_text("This request cannot be answered")
            await expect(main.get_by_role("link")).to_have_count(0)
            await expect(visitor.named("button", "Allow")).to_have_count(0)
        await visitor.go(f"/authorize?{app.parameters(code_challenge=None)}")
        link = main.get_by_role("link", name="Back to app.example.org")
        assert told(await link.get_attribute("href") or "")["error"] == "invalid_request"
        assert visitor.page.url.startswith(site.url), "nobody is sent on by themselves"
        answer = await site.town.http.get(f"{site.url}/authorize", headers={"Accept": "text/html"})
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-frame-options"] == "DENY"


async def test_an_app_that_registered_itself_is_shown_as_such(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    body = {
        "redirect_uris": ["http://127.0.0.1/back"],
        "client_name": "<b>Bank</b>",
        "token_endpoint_auth_method": "none",
    }
    client = (await site.town.http.post(f"{site.url}/oauth/register", json=body)).json()["client_id"]
    app = Program(site.town, client, "http://127.0.0.1:1/back")
    async with visiting(browser, site.url, viewport=PHONE, locale="fr-FR", dark=True) as visitor:
        await visitor.be(ada)
        await visitor.go(f"/authorize?{app.parameters()}")
        main = visitor.page.get_by_role("main")
        await expect(main).to_contain_text("<b>Bank</b> veut agir pour vous")
        await expect(main).to_contain_text("s’est inscrite elle-même")
        await expect(main).to_contain_text("un programme de cet appareil")
        await expect(visitor.page.get_by_role("checkbox")).to_have_count(0)
        assert await visitor.audit() == []


async def test_a_developer_makes_an_app(site: Site, browser: Browser) -> None:
    dev = await site.town.person("dev")
    async with visiting(browser, site.url) as visitor:
        page, main = visitor.page, visitor.page.get_by_role("main")
        await visitor.be(dev)
        await visitor.go("/settings")
        await visitor.named("link", "Show your apps").click()
        await visitor.named("textbox", "Name of the app").fill("Reader")
        await visitor.named("textbox", "Where it is answered").fill("javascript:alert(1)")
        await visitor.named("button", "Make the app").click()
        await expect(visitor.named("textbox", "Where it is answered")).to_have_attribute("aria-invalid", "true")
        await visitor.named("textbox", "Where it is answered").fill(
            "https://app.example.org/back\nhttp://localhost/back"
        )
        await page.get_by_label("It runs on a server and can keep a secret").check()
        await visitor.named("button", "Make the app").click()
        dialog = page.get_by_role("dialog")
        secret = await dialog.get_by_label("Secret", exact=True).inner_text()
        assert re.fullmatch(r"fresque_sec_[0-9A-Za-z]{49}", secret)
        await dialog.get_by_role("button", name="I have kept it").click()
        row = main.get_by_role("listitem").filter(has_text="client_id").first
        await expect(row).to_contain_text("http://localhost/back")
        assert await visitor.audit() == []
        await row.get_by_role("button", name="New secret").click()
        await dialog.get_by_role("button", name="New secret").click()
        assert await dialog.get_by_label("Secret", exact=True).inner_text() != secret
        await dialog.get_by_role("button", name="I have kept it").click()
        await row.get_by_role("button", name="Delete Reader").click()
        await dialog.get_by_role("button", name="Delete").click()
        await expect(main.get_by_text("client_id")).to_have_count(0)


async def test_a_token_from_its_name_to_its_end(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    async with visiting(browser, site.url) as visitor:
        page, main = visitor.page, visitor.page.get_by_role("main")
        await visitor.be(ada)
        await visitor.go("/settings/tokens")
        await expect(main).to_contain_text("No token yet")
        await visitor.named("textbox", "Name").fill("My script")
        await page.get_by_label("Make pictures with your credits, and see what you asked for").check()
        assert await visitor.audit() == []
        await visitor.named("button", "Make the token").click()
        dialog = page.get_by_role("dialog")
        token = await dialog.get_by_label("Token", exact=True).inner_text()
        assert await visitor.audit() == []
        program = Person(site.town, ada.handle, ada.id, token)
        assert (await program.ask(ME))["viewer"]["user"]["handle"] == ada.handle
        await dialog.get_by_role("button", name="I have kept it").click()
        await expect(dialog).to_have_count(0)
        assert token not in await page.content(), "it is told once"
        row = main.get_by_role("listitem").filter(has_text="My script").first
        await expect(row).to_contain_text("2 permissions")
        await visitor.named("button", "Revoke My script").click()
        await dialog.get_by_role("button", name="Revoke").click()
        await expect(main).to_contain_text("No token yet")
        assert await code_of(program, ME) == "UNAUTHENTICATED"
