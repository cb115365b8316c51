"""What is changed after it was published: a poll that is voted in, an edit with its history, another audience, a picture deleted."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.async_api import Browser, expect

from tests.browser.site import Site
from tests.browser.test_compose import compose, text_of
from tests.browser.visitor import PHONE, Visitor, visiting

SHOTS = os.environ.get("SHOTS")  # a folder for whoever wants to look


async def shot(visitor: Visitor, name: str) -> None:
    """What the page looks like now, where somebody wants to look."""
    if SHOTS:
        await visitor.page.screenshot(path=Path(SHOTS) / f"{name}.png")


async def test_a_poll_is_asked_answered_and_changed(site: Site, browser: Browser) -> None:
    ada, bob = await site.town.person("ada"), await site.town.person("bob")
    await bob.follow(ada)
    async with visiting(browser, site.url) as author, visiting(browser, site.url, viewport=PHONE) as voter:
        await author.be(ada)
        await author.go("/")
        dialog = await compose(author)
        await text_of(dialog).fill("Which is the better wall?")
        await dialog.get_by_role("button", name="Add a poll").click()
        submit = dialog.locator("button[type=submit]")
        await dialog.get_by_label("Answer 1", exact=True).fill("Plaster")
        await expect(submit).to_be_disabled()
        await dialog.get_by_label("Answer 2", exact=True).fill("Concrete")
        await dialog.get_by_label("Show results only after one voted").check()
        assert await author.audit() == []
        await shot(author, "poll-maker")
        await submit.click()
        await expect(dialog).to_have_count(0)
        post = (await ada.home())["edges"][0]["node"]["id"]

        await voter.be(bob)
        await voter.go("/")
        card = voter.post(post)
        await expect(card.get_by_text("Results show when you voted")).to_be_visible()
        await card.get_by_role("radio", name="Concrete").focus()
        await voter.page.keyboard.press("Space")
        await shot(voter, "poll-ask")
        for screen in (author, voter):
            await screen.hears("postsChanged")
        await card.get_by_role("button", name="Vote").click()
        await expect(card.get_by_text("1 person voted")).to_be_visible()
        await expect(card.get_by_text("100%, 1 vote")).to_be_attached()
        assert await voter.audit() == []
        await shot(voter, "poll-voted")
        await expect(author.post(post).get_by_text("1 person voted")).to_be_visible()
        await shot(author, "poll-author")

        await author.post(post).get_by_role("button", name="More").click()
        await author.named("menuitem", "Edit").click()
        edit = author.named("dialog", "Edit the post")
        await expect(text_of(edit)).to_have_value("Which is the better wall?")
        await text_of(edit).fill("Which is the nicer wall?")
        await shot(author, "edit")
        await edit.locator("button[type=submit]").click()
        await expect(edit).to_have_count(0)
        await expect(voter.post(post).get_by_text("Which is the nicer wall?")).to_be_visible()
        await voter.post(post).get_by_role("button", name="Edited: show the history").click()
        history = voter.named("dialog", "What was edited")
        await expect(history.locator("del")).to_contain_text("better")
        await expect(history.locator("ins")).to_contain_text("nicer")
        assert await voter.audit() == []
        await shot(voter, "history")
        await voter.page.keyboard.press("Escape")

        await author.post(post).get_by_role("button", name="More").click()
        await author.named("menuitem", "Change who may see it").click()
        audience = author.named("dialog", "Who may see this post")
        await audience.get_by_role("radio", name="Only who is mentioned").check()
        assert await author.audit() == []
        await shot(author, "audience")
        await audience.get_by_role("button", name="Save").click()
        await expect(audience).to_have_count(0)
        await expect(voter.post(post)).to_have_count(0)


async def test_own_pictures_are_deleted_and_old_posts_narrowed(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    kept, shown = await site.picture(ada, "teal"), await site.picture(ada, "orange")
    await ada.write("Look", images=[{"imageId": shown}])
    async with visiting(browser, site.url) as visitor:
        await visitor.be(ada)
        await visitor.go("/settings")
        await visitor.named("button", "Look through them").click()
        gallery = visitor.named("dialog", "Your pictures")
        pictures = gallery.get_by_role("listitem")
        await expect(pictures).to_have_count(2)
        assert await visitor.audit() == []
        await shot(visitor, "gallery")
        for name, left in (("Something orange", 2), ("Something teal", 1)):
            await gallery.get_by_role("button", name=f"Delete this picture: {name}").click()
            await visitor.named("dialog", "Delete this picture?").get_by_role("button", name="Delete").click()
            await expect(visitor.page.get_by_role("dialog")).to_have_count(1)
            await expect(pictures).to_have_count(left)
        assert (await ada.ask("query($id: ID!) { node(id: $id) { id } }", id=kept))["node"] is None
        await visitor.page.keyboard.press("Escape")
        await visitor.named("button", "Change old posts").scroll_into_view_if_needed()
        await shot(visitor, "old-posts")
        await visitor.named("button", "Change old posts").click()
        await visitor.named("dialog", "Change all of them?").get_by_role("button", name="Change old posts").click()
        await expect(visitor.page.get_by_text("0 posts were changed.")).to_be_visible()
