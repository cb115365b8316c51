"""The pictures of the README: `python -m dev.attach python -m dev.screens` takes them of the town that `make run` seeds.

Needs Chromium, as the browser tests do. Writes `docs/screens/*.webp`, each of at most `LARGEST_BYTES`. What happens in the town
shows in them, so a fresh `FRESQUE_HOME` gives the same scenes each time, in other strokes.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from PIL import Image
from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

from dev.chromium import FLAGS, MISSING, chromium
from dev.home import HERE
from dev.people import PASSWORD
from settings import settings

FOLDER = HERE / "docs" / "screens"
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP_PIXELS = 960  # how wide a picture is kept
PHONE_PIXELS = 390
LARGEST_BYTES = 120_000
QUALITIES = (84, 76, 68, 60, 50)
PATIENCE_MILLISECONDS = 20_000
DRAWN = """() => document.querySelector('main h1')
    && [...document.images].every((one) => one.complete || !one.getClientRects().length
        || one.getBoundingClientRect().top > innerHeight)
    && document.getAnimations().every((one) => one.playState !== 'running')"""
WISH = "a whale and two sailing boats at sunset"


async def nothing(page: Page) -> None:
    """The page as it opens."""


async def first_post(page: Page) -> None:
    """Open the first post that others have answered."""
    await page.locator("article[data-post]").first.wait_for()
    answered = page.locator("article[data-post]").filter(has=page.locator("[data-act=reply]", has_text="1"))
    await answered.first.locator("time").first.click()
    await page.wait_for_url("**/post/*")


async def make_wish(page: Page) -> None:
    """Describe a picture without asking for it: the studio's history stays as it is."""
    await page.get_by_role("textbox").first.fill(WISH)


async def first_picture(page: Page) -> None:
    """Open the lightbox on the first picture, with its story."""
    await page.locator("article[data-post] button:has(img)").first.click()
    await expect(page.get_by_role("dialog").locator("img").first).to_be_visible()


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture: who looks (nobody: signed out), at which address, what they do there, and with what."""

    name: str
    path: str
    who: str | None = "ada"
    act: Callable[[Page], Awaitable[None]] = nothing
    phone: bool = False
    locale: str = "en-GB"
    dark: bool = False


SCENES = (
    Scene("front", "/", who=None),
    Scene("home", "/"),
    Scene("explore-dark", "/explore", dark=True),
    Scene("studio", "/studio", act=make_wish),
    Scene("conversation", "/", act=first_post, dark=True),
    Scene("lightbox", "/@cleo", act=first_picture),
    Scene("profile-phone-fr", "/@cleo", phone=True, locale="fr-FR"),
    Scene("explore-phone-fr", "/explore", phone=True, locale="fr-FR", dark=True),
)


async def taken(browser: Browser, url: str, scene: Scene) -> bytes:
    """The scene as PNG. Raises playwright's errors when something it needs does not appear."""
    context = await browser.new_context(
        viewport=PHONE if scene.phone else DESKTOP,
        locale=scene.locale,
        color_scheme="dark" if scene.dark else "light",
        reduced_motion="reduce",
        timezone_id="Europe/Paris",
        device_scale_factor=2,
    )
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    page = await context.new_page()
    try:
        if scene.who:
            await page.goto(f"{url}/login")
            await page.locator("input[autocomplete=username]").fill(scene.who)
            await page.locator("input[type=password]").fill(PASSWORD)
            await page.locator("form button[type=submit]").click()
            await page.wait_for_url(f"{url}/")
        await page.goto(url + scene.path)
        await page.wait_for_function(DRAWN)
        await scene.act(page)
        await page.evaluate("document.activeElement.blur()")
        await page.mouse.move(0, 0)
        await page.wait_for_load_state("networkidle" if scene.who is None else "load")
        await page.wait_for_function(DRAWN)
        return await page.screenshot()
    finally:
        await context.close()


def packed(png: bytes, width: int) -> bytes:
    """The picture as WebP of this width, in the best quality that `LARGEST_BYTES` allow."""
    with Image.open(io.BytesIO(png)) as opened:
        small = opened.convert("RGB").resize(
            (width, round(opened.height * width / opened.width)), Image.Resampling.LANCZOS
        )
    for quality in QUALITIES:
        kept = io.BytesIO()
        small.save(kept, "WEBP", quality=quality, method=6)
        if kept.tell() <= LARGEST_BYTES:
            break
    return kept.getvalue()


async def main(url: str) -> None:
    """Take every scene anew."""
    path = chromium()
    if path is None:
        raise SystemExit(MISSING)
    FOLDER.mkdir(exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            for scene in SCENES:
                kept = packed(await taken(browser, url, scene), PHONE_PIXELS if scene.phone else DESKTOP_PIXELS)
                (FOLDER / f"{scene.name}.webp").write_bytes(kept)
                print(f"{scene.name:<18} {len(kept) / 1000:6.1f} kB", flush=True)
        finally:
            await browser.close()


if __name__ == "__main__":
    asyncio.run(main(settings().base_url))
