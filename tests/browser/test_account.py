"""What one decides about oneself: the profile with its pictures, sessions, theme and language, the way out."""

from __future__ import annotations

import io

from PIL import Image
from playwright.async_api import Browser, FilePayload, expect

from tests.browser.site import Site
from tests.browser.visitor import visiting

FACE = "query($handle: String!) { user(handle: $handle) { bio website avatar { width height } } }"


def picture() -> FilePayload:
    body = io.BytesIO()
    Image.new("RGB", (240, 160), "#2a7648").save(body, "PNG")
    return {"name": "face.png", "mimeType": "image/png", "buffer": body.getvalue()}


async def test_a_profile_is_edited_where_it_is_seen(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    async with visiting(browser, site.url) as visitor:
        page = visitor.page
        await visitor.be(ada)
        await visitor.go(f"/@{ada.handle}")
        await visitor.named("button", "Edit profile").click()
        await page.get_by_label("About you").fill("I paint with sentences.")
        await page.get_by_label("Website").fill("example.org")
        await visitor.named("button", "Save").click()
        await expect(page.get_by_label("Website")).to_be_focused()
        await expect(page.get_by_role("alert")).to_have_text("An address begins with https:// or http://.")
        assert await visitor.audit() == []

        await page.get_by_label("Website").fill("https://example.org/ada")
        await page.get_by_label("Profile picture: Upload a picture").set_input_files(picture())
        await visitor.named("button", "Save").click()
        await page.get_by_text("Your profile is saved.", exact=True).wait_for()
        await expect(visitor.named("button", "Edit profile")).to_be_focused()
        await page.get_by_role("main").get_by_text("I paint with sentences.").wait_for()
        await visitor.named("link", "example.org/ada").wait_for()
    user = (await ada.ask(FACE, handle=ada.handle))["user"]
    assert user["bio"] == "I paint with sentences."
    assert user["avatar"] == {"width": 240, "height": 160}


async def test_half_an_edit_is_asked_about_and_survives_a_reload(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    async with visiting(browser, site.url) as visitor:
        await visitor.be(ada)
        await visitor.go(f"/@{ada.handle}")
        await visitor.named("button", "Edit profile").click()
        await visitor.page.get_by_label("About you").fill("Half a sent")
        await visitor.named("button", "Close").click()
        await visitor.page.get_by_text("Discard the changes?").wait_for()
        await visitor.go(f"/@{ada.handle}")
        await visitor.named("button", "Edit profile").click()
        await expect(visitor.page.get_by_label("About you")).to_have_value("Half a sent")
        await visitor.named("button", "Close").click()
        await visitor.named("button", "Discard").click()
        await visitor.named("button", "Edit profile").click()
        await expect(visitor.page.get_by_label("About you")).to_have_value("")


async def test_all_other_sessions_are_ended_and_this_one_by_logging_out(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    async with visiting(browser, site.url) as visitor, visiting(browser, site.url) as other:
        await visitor.be(ada)
        await other.be(ada)
        await other.go("/")
        await visitor.go("/settings/security")
        await visitor.named("button", "End all others").click()
        await visitor.page.get_by_role("dialog").get_by_role("button", name="End all others").click()
        await visitor.page.get_by_text("All other sessions are ended.", exact=True).wait_for()
        await expect(visitor.page.get_by_text("This device")).to_be_visible()
        await expect(visitor.named("button", "End all others")).to_have_count(0)
        await other.page.wait_for_url("**/login?*why=ended*")
        other.forgive("WebSocket")
        await visitor.go("/settings")
        await visitor.named("button", "Log out").click()
        await visitor.page.wait_for_url(f"{site.url}/")
        await visitor.named("heading", "Describe it. Watch it appear. Hang it on the wall.").wait_for()
        assert await visitor.audit() == []


async def test_theme_and_language_stay_as_they_were_chosen(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    async with visiting(browser, site.url) as visitor:
        await visitor.be(ada)
        await visitor.go("/settings")
        await visitor.named("button", "Dark").click()
        await visitor.page.get_by_role("main").get_by_role("button", name="Français").click()
        await visitor.named("heading", "Réglages").wait_for()
        await visitor.go("/settings")
        await visitor.named("heading", "Réglages").wait_for()
        shown = await visitor.page.evaluate("[document.documentElement.lang, document.documentElement.dataset.theme]")
        assert shown == ["fr", "dark"]
        await expect(visitor.named("button", "Sombre")).to_have_attribute("aria-pressed", "true")
