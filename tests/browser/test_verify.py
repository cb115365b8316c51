"""The page that checks where a picture comes from: from the lightbox, and with a file, signed in and out."""

from __future__ import annotations

from playwright.async_api import Browser, FilePayload, expect

from tests.browser.site import Site
from tests.browser.visitor import PHONE, visiting
from tests.test_watermark import png, scene


async def test_a_picture_is_checked_from_the_lightbox_and_a_strange_file_by_anybody(
    site: Site, browser: Browser
) -> None:
    ada = await site.town.person("ada")
    async with visiting(browser, site.url) as visitor:
        await visitor.be(ada)
        await visitor.go("/studio")
        await visitor.page.get_by_role("textbox", name="What should it show?").fill("A boat at night")
        await visitor.named("button", "Make").click()
        done = visitor.page.locator('[data-job][data-state="SUCCEEDED"]')
        await done.wait_for()
        await done.get_by_role("button", name="Open the picture").click()
        await visitor.page.get_by_role("dialog").get_by_role("link", name="Check this picture").click()
        await expect(visitor.page.get_by_role("heading", name="Made with Fresque")).to_be_focused()
        main = visitor.page.get_by_role("main")
        await expect(main.get_by_text("Signature", exact=True)).to_be_visible()
        await expect(main.get_by_text("Invisible mark", exact=True)).to_be_visible()
        await expect(main.get_by_text("atelier · atelier-1")).to_be_visible()
        assert await visitor.audit() == []
        await visitor.named("button", "Check another picture").click()
        await expect(main.get_by_text("It is looked at and not kept.")).to_be_visible()
    async with visiting(browser, site.url, viewport=PHONE, locale="fr-FR") as visitor:
        await visitor.go("/verify")
        assert await visitor.audit() == []
        chooser = visitor.page.locator("input[type=file]")
        await chooser.set_input_files(FilePayload(name="a.png", mimeType="image/png", buffer=png(scene(9, 320, 240))))
        await expect(visitor.page.get_by_role("heading", name="On n’en sait rien")).to_be_focused()
        assert await visitor.audit() == []
        await visitor.named("button", "Vérifier une autre image").click()
        await chooser.set_input_files(FilePayload(name="a.txt", mimeType="text/plain", buffer=b"words"))
        await expect(visitor.page.get_by_role("alert")).to_contain_text("Seules les images PNG")
