"""Messages: two people and a group write to each other live, with requests, pictures, reactions and edits; on a desktop and a phone."""

from __future__ import annotations

import asyncio
import os

from playwright.async_api import Browser, Route, ViewportSize, expect

from tests.browser.site import Site
from tests.browser.visitor import PHONE, Visitor, visiting
from tests.chatting import OPEN, REACT, SEND, grouped, opened, said
from tests.people import PATIENCE_SECONDS, Person

NARROW: ViewportSize = {"width": 390, "height": 640}


WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('main *')]
    .filter((one) => one.getBoundingClientRect().right > innerWidth).map((one) => one.outerHTML.slice(0, 120))"""


async def look(visitor: Visitor, name: str) -> None:
    """Nothing on the page is wrong for who cannot see it; kept as a picture where a folder is named."""
    assert await visitor.audit() == [], name
    wide = await visitor.page.evaluate(WIDE)
    assert wide == [], f"{name} is wider than the window"
    if folder := os.environ.get("FRESQUE_LOOKS"):
        await visitor.page.screenshot(path=f"{folder}/{name}.png")


async def write(visitor: Visitor, text: str) -> None:
    field = visitor.page.get_by_label("Your message")
    await field.fill(text)
    await field.press("Enter")


async def test_two_people_write_to_each_other(site: Site, browser: Browser) -> None:
    ada, bob = await site.town.person("ada"), await site.town.person("bob")
    await ada.follow(bob)
    await bob.follow(ada)
    post = await bob.write("A fox at night")
    async with visiting(browser, site.url) as hers, visiting(browser, site.url, viewport=PHONE) as his:
        await hers.be(ada)
        await his.be(bob)
        await hers.go("/messages")
        await hers.named("heading", "No messages yet").wait_for()
        await look(hers, "messages-none")
        await hers.go(f"/@{bob.handle}")
        await hers.named("button", f"Message @{bob.handle}").click()
        await hers.page.get_by_label("Your message").wait_for()
        await his.go("/messages")
        await his.hears("chats")
        await write(hers, "Hello *there*")
        row = his.page.get_by_role("link").filter(has_text="Hello *there*")
        await row.wait_for()
        await his.named("img", "1 unread message").wait_for()
        await look(his, "messages-phone")
        await row.click()
        log = his.named("list", "Messages of this chat")
        await log.get_by_text("Hello *there*").wait_for()
        await his.hears("chat")
        await hers.hears("chat")
        await hers.page.get_by_text("Seen", exact=True).wait_for()
        await asyncio.gather(  # it is said for some seconds only
            hers.page.get_by_text("is writing…").wait_for(),
            his.page.get_by_label("Your message").press_sequentially("Hi"),
        )
        await his.page.get_by_label("Your message").press("Enter")
        theirs = hers.named("list", "Messages of this chat").locator("[data-message]").filter(has_text="Hi")
        await theirs.wait_for()
        await theirs.get_by_role("button", name="React").click()
        await hers.page.get_by_role("menuitem").filter(has_text="🎨").click()
        await his.named("button", "🎨 1 person").wait_for()
        await look(his, "messages-chat-phone")
        await write(hers, "Not quit right")
        await hers.page.locator("[data-message]").filter(has_text="Not quit right").wait_for()
        await expect(hers.page.locator("[aria-busy=true]")).to_have_count(0)
        await hers.page.get_by_label("Your message").press("ArrowUp")
        await write(hers, "Not quite right")
        await log.get_by_text("Not quite right").wait_for()
        await log.get_by_text("· edited").wait_for()
        mine = hers.page.locator("[data-message]").filter(has_text="Not quite right")
        await mine.hover()
        await mine.get_by_role("button", name="Options of the message by You").click()
        await hers.named("menuitem", "Delete for everybody").click()
        await hers.named("button", "Delete for everybody").click()
        await log.get_by_text("This message was deleted.").wait_for()
        await look(hers, "messages-chat")
        await hers.go(f"/post/{post}")
        await hers.post(post).get_by_role("button", name="More").click()
        await hers.named("menuitem", "Send by message").click()
        await hers.page.get_by_role("dialog").get_by_role("list", name="Your chats").get_by_role("button").first.click()
        await log.get_by_role("link").filter(has_text="A fox at night").wait_for()


async def test_what_does_not_leave_is_sent_again_once(site: Site, browser: Browser) -> None:
    ada, bob = await site.town.person("ada"), await site.town.person("bob")
    chat = await opened(ada, bob)
    await said(bob, chat, "Are you there?")
    image = await site.picture(bob, "teal")
    await said(bob, chat, "", imageIds=[image])
    async with visiting(browser, site.url) as visitor:
        await visitor.be(ada)
        await visitor.go(f"/messages/{chat}")
        await visitor.page.get_by_label("Your message").wait_for()
        lost = 0

        async def lose(route: Route) -> None:
            nonlocal lost
            if lost < 1 and "Yes, once" in (route.request.post_data or ""):
                lost += 1
                await route.fetch()  # it arrives, its answer does not
                await route.abort()
            else:
                await route.continue_()

        await visitor.page.route("**/graphql", lose)
        await write(visitor, "Yes, once")
        log = visitor.named("list", "Messages of this chat")
        await log.locator("[data-message]").filter(has_text="Yes, once").wait_for()
        await expect(log.locator("[aria-busy=true]")).to_have_count(0)
        await expect(log.get_by_text("Yes, once")).to_have_count(1)
        assert lost == 1
        visitor.forgive("ERR_FAILED")
        await expect(log.get_by_role("img", name="Something teal")).to_be_visible()
        await look(visitor, "messages-picture")
    found = await ada.ask(
        "query L($id: ID!) { node(id: $id) { ... on Chat { messages { edges { node { text } } } } } }", id=chat
    )
    texts = [edge["node"]["text"] for edge in found["node"]["messages"]["edges"]]
    assert texts.count("Yes, once") == 1


async def test_what_the_stream_brought_is_edited_before_its_answer_comes(site: Site, browser: Browser) -> None:
    ada, bob = await site.town.person("ada"), await site.town.person("bob")
    chat = await opened(ada, bob)
    async with visiting(browser, site.url) as visitor:
        await visitor.be(ada)
        await visitor.go(f"/messages/{chat}")
        field = visitor.page.get_by_label("Your message")
        await field.wait_for()
        on = asyncio.Event()

        async def hold(route: Route) -> None:
            answer = await route.fetch(timeout=PATIENCE_SECONDS * 1000)
            await on.wait()
            await route.fulfill(response=answer)

        await visitor.page.route("**/graphql", hold)
        await write(visitor, "Not quit right")
        await visitor.page.locator("[data-message]").filter(has_text="Not quit right").wait_for()
        await field.press("ArrowUp")
        await expect(field).to_have_value("Not quit right")
        on.set()
        await write(visitor, "Not quite right")
        await visitor.page.get_by_text("· edited").wait_for()
        await visitor.answered()


async def test_requests_and_groups(site: Site, browser: Browser) -> None:
    ada, bob, eve = [await site.town.person(name) for name in ("ada", "bob", "eve")]
    asking = (await eve.do(OPEN, userId=ada.id))["chat"]["id"]
    await eve.do(SEND, chatId=asking, text="Do you know me?")
    await bob.follow(ada)
    async with visiting(browser, site.url, viewport=NARROW, locale="fr-FR") as visitor:
        await visitor.be(ada)
        await visitor.go("/messages?requests")
        await visitor.page.get_by_role("link").filter(has_text="Do you know me?").click()
        await visitor.named("button", "Accepter").wait_for()
        await look(visitor, "messages-request-fr")
        await visitor.named("button", "Accepter").click()
        await visitor.page.get_by_label("Votre message").wait_for()
        await visitor.go("/messages")
        await visitor.named("button", "Nouveau message").click()
        await choose(visitor, bob)
        await choose(visitor, eve)
        await visitor.page.get_by_label("Nom du groupe").fill("Peintres")
        await look(visitor, "messages-new-fr")
        await visitor.named("button", "Commencer").click()
        await visitor.named("heading", "Peintres").wait_for()
        await visitor.named("list", "Messages de cette discussion").get_by_text("début du groupe Peintres").wait_for()
        await visitor.named("button", "Options de cette discussion").click()
        await visitor.named("menuitem", "Groupe").click()
        await visitor.page.get_by_role("dialog").get_by_text("dirige").wait_for()
        await look(visitor, "messages-group-fr")
        await visitor.page.keyboard.press("Escape")
        await visitor.go("/messages?requests")
        await visitor.named("heading", "Aucune demande").wait_for()


async def choose(visitor: Visitor, person: Person) -> None:
    await visitor.page.get_by_label("À").fill(person.handle)
    await visitor.page.get_by_role("dialog").get_by_role("button").filter(has_text=person.handle).first.click()


async def test_a_group_s_list_is_alive_in_the_dark(site: Site, browser: Browser) -> None:
    ada, bob, carl = [await site.town.person(name) for name in ("ada", "bob", "carl")]
    group = await grouped(ada, bob, carl, name="Cinnabar")
    async with visiting(browser, site.url, dark=True) as visitor:
        await visitor.be(bob)
        await visitor.go("/messages")
        await visitor.hears("chats")
        first = await said(ada, group, "One")
        await said(carl, group, "Two")
        await visitor.named("img", "2 unread messages").wait_for()
        await visitor.page.get_by_role("link").filter(has_text="Cinnabar").click()
        await visitor.page.locator(f'[data-message="{first}"]').wait_for()
        await carl.do(REACT, messageId=first, emoji="🎨")
        await visitor.named("button", "🎨 1 person").wait_for()
        await look(visitor, "messages-group-dark")
