"""Who may talk to whom: a thread, who may answer it, what is folded away, taken out and covered; lists of what others did."""

from __future__ import annotations

import re

import asyncpg
from playwright.async_api import Browser, expect

from tests.browser.site import Site
from tests.browser.visitor import Visitor, visiting
from tests.talking import mutation


async def menu(visitor: Visitor, post_id: str, item: str) -> None:
    """Choose something in the menu of a post."""
    await visitor.post(post_id).get_by_role("button", name="More", exact=True).click()
    await visitor.named("menuitem", item).click()


async def test_a_thread_with_its_terms_is_written_and_kept_meanwhile(site: Site, browser: Browser) -> None:
    ada = await site.town.person("ada")
    async with visiting(browser, site.url) as visitor:
        await visitor.be(ada)
        await visitor.go("/")
        await visitor.page.keyboard.press("n")
        dialog = visitor.named("dialog", "Post")
        await dialog.get_by_label("Text of the post").fill("The first of three")
        await dialog.get_by_label("Who may reply").select_option(label="Nobody may reply")
        add = dialog.get_by_role("button", name="Add another post")
        await add.click()
        await dialog.get_by_role("textbox", name="Post 2 of 2").fill("The second")
        await add.click()
        third = dialog.get_by_role("textbox", name="Post 3 of 3")
        await expect(third).to_be_focused()
        await expect(dialog.get_by_role("button", name="Post all 3")).to_be_disabled()
        await third.fill("The last")
        assert await visitor.audit() == []
        await visitor.page.reload()
        await visitor.settled()
        await visitor.page.keyboard.press("n")
        await expect(dialog.get_by_role("textbox", name="Post 3 of 3")).to_have_value("The last")
        await dialog.get_by_role("button", name="Post all 3").click()
        await expect(dialog).to_be_hidden()
        page = await ada.ask(
            "query P($handle: String!) { user(handle: $handle) { posts(first: 5) { edges { node { text replyPolicy } } } } }",
            handle=ada.handle,
        )
        nodes = [edge["node"] for edge in page["user"]["posts"]["edges"]]
        assert [node["text"] for node in nodes] == ["The last", "The second", "The first of three"]
        assert {node["replyPolicy"] for node in nodes} == {"NOBODY"}


async def test_a_conversation_is_kept_in_order_by_who_began_it(site: Site, browser: Browser) -> None:
    ada, bob = await site.town.person("ada"), await site.town.person("bob")
    began = await ada.write("What do you think?")
    rude = await bob.write("Nothing good", replyToId=began)
    kind = await bob.write("It is fine", replyToId=began)
    quote = await bob.write("Look at this", quotedPostId=began)
    await bob.do("LikePost", postId=began)
    async with visiting(browser, site.url) as mine, visiting(browser, site.url, locale="fr-FR") as theirs:
        await mine.be(ada)
        await theirs.be(bob)
        await mine.go(f"/post/{began}")
        await theirs.go(f"/post/{began}")
        await theirs.hears("postsChanged")
        await expect(theirs.page.get_by_label("Texte de la publication")).to_be_visible()
        await menu(mine, began, "Who may reply and quote…")
        await mine.page.get_by_label("Nobody may reply").check()
        await mine.page.keyboard.press("Escape")
        await expect(theirs.page.get_by_text("L’auteur n’accepte pas de réponse.")).to_be_visible()
        await expect(theirs.page.get_by_label("Texte de la publication")).to_be_hidden()

        await menu(mine, rude, "Hide the reply")
        fold = mine.page.get_by_text(re.compile("1 hidden reply"))
        await expect(fold).to_be_visible()
        await expect(mine.post(rude)).to_be_hidden()
        await expect(theirs.page.get_by_text(re.compile("1 réponse masquée"))).to_be_visible()
        await fold.click()
        await expect(mine.post(rude)).to_be_visible()
        assert await mine.audit() == []
        await menu(mine, rude, "Show the reply again")
        await expect(fold).to_be_hidden()
        await expect(mine.post(kind)).to_be_visible()

        await mine.named("link", "1 like").click()
        await expect(mine.page.get_by_role("link", name=bob.handle).first).to_be_visible()
        await mine.named("link", "Quotes").click()
        await expect(mine.post(quote)).to_be_visible()
        await theirs.go(f"/post/{quote}")
        await theirs.hears("postsChanged")
        await menu(mine, quote, "Take my post out of this quote")
        await expect(mine.page.get_by_text("Its author took this post out of the quote.")).to_be_visible()
        await expect(theirs.page.get_by_text("Son auteur a retiré cette publication de la citation.")).to_be_visible()


async def test_pictures_are_covered_and_links_have_cards(site: Site, browser: Browser) -> None:
    ada, bob = await site.town.person("ada"), await site.town.person("bob")
    picture = await site.picture(ada, "crimson", (300, 200))
    covered = await ada.write("Careful", images=[{"imageId": picture, "altText": "A wound"}], isSensitive=True)
    linked = await ada.write("Read this: https://example.org/night")
    connection = await asyncpg.connect(site.house.stack.environment()["DATABASE_URL"])
    try:
        await connection.execute(
            """UPDATE link_cards SET state = 'READY', title = 'The Night Watch', description = 'A painting by many names.', host = 'example.org',
                due_at = NULL, fetched_at = now() WHERE url = 'https://example.org/night'"""
        )
    finally:
        await connection.close()
    await bob.follow(ada)
    async with visiting(browser, site.url) as visitor:
        await visitor.be(bob)
        await visitor.go("/")
        look = visitor.post(covered).get_by_role("button", name="Look at them")
        await expect(look).to_be_visible()
        await expect(visitor.page.get_by_alt_text("A wound")).to_be_hidden()
        card = visitor.post(linked).get_by_role("link", name=re.compile("The Night Watch"))
        await expect(card).to_have_attribute("href", "https://example.org/night")
        assert await visitor.audit() == []
        await look.click()
        await expect(visitor.page.get_by_alt_text("A wound")).to_be_visible()
        await visitor.go("/settings")
        await visitor.named("group", "Show sensitive pictures at once").get_by_role("button", name="On").click()
        await visitor.answered()
        await visitor.go("/")
        await expect(visitor.page.get_by_alt_text("A wound")).to_be_visible()
        await ada.do(mutation("setPostSensitive"), postId=covered, isSensitive=False)
