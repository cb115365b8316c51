"""Every page, on a phone and a desktop, light and dark, in both languages: accessible, whole, translated, quiet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.automating import CREATE, START, words
from tests.browser.site import Site
from tests.browser.test_moderation import employ, staffed
from tests.browser.test_styles import made
from tests.browser.visitor import DESKTOP, PHONE, Visitor, visiting
from tests.feeds import PIN
from tests.feeds import made as made_feed
from tests.moderating import APPEAL, OPEN, act_about, report
from tests.people import Person
from tests.selection import BOOKMARK, UPDATE_PROFILE, mutation

DICTIONARIES = Path(__file__).parents[2] / "web" / "source" / "i18n"
# What stands on a page as text, and what only a screen reader or a waiting pointer gets to know.
WORDS = """() => {
    const found = new Set();
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) found.add(walk.currentNode.data.trim());
    for (const one of document.querySelectorAll('[aria-label], [title], [placeholder], [alt]'))
        for (const name of ['aria-label', 'title', 'placeholder', 'alt']) found.add(one.getAttribute(name) ?? '');
    return [...found].filter(Boolean);
}"""


# How far things moved by themselves since the page was opened, as a part of the window (Cumulative Layout Shift), and what did.
SHIFT = """() => new Promise((done) => {
    let sum = 0;
    const moved = [];
    const name = ({node, previousRect: from, currentRect: to}) =>
        `${node?.outerHTML?.slice(0, 80) ?? node?.data} ${from.x},${from.y} -> ${to.x},${to.y}`;
    new PerformanceObserver((list) => list.getEntries().filter((one) => !one.hadRecentInput).forEach((one) => {
        sum += one.value;
        moved.push(...one.sources.map(name));
    })).observe({type: 'layout-shift', buffered: true});
    setTimeout(() => done([sum, moved]), 20);  // what was noted before is told in a task of its own
})"""
MOST_SHIFT = 0.05


@dataclass(frozen=True, slots=True)
class Town:
    """Somebody with everything a page can show."""

    ada: Person
    addresses: Mapping[str, str]


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def furnished(site: Site) -> Town:
    """A person with a filled profile, posts with pictures, answers, a quote, a warning, a bookmark, and pictures made in the studio."""
    ada, bob = await site.town.person("ada"), await site.town.person("bob")
    await ada.follow(bob)
    face, wall = await site.picture(bob, "salmon", (64, 64)), await site.picture(bob, "navy", (320, 96))
    await bob.do(
        UPDATE_PROFILE, avatarImageId=face, bannerImageId=wall, bio="Ultramarine.", website="https://example.org",
        location="Lyon", pronouns="il",
    )  # fmt: skip
    pictures = [{"imageId": await site.picture(bob, colour)} for colour in ("gold", "plum")]
    post = await bob.write(f"@{ada.handle} #azur https://example.org/a", images=pictures)
    await ada.write("Azur?", replyToId=post, quotedPostId=post)
    await bob.write("Attention", contentWarning="Phobie")
    await ada.do(BOOKMARK, postId=post)
    output = await made(ada, "generateImages", prompt="un renard sous la pluie", width=256, height=256, style="flat")
    await made(ada, "editImage", imageId=output["image"]["id"], prompt="plus bleu, et un phare")
    board = (await ada.do(mutation("createBoard"), name="Azurs", audience="PUBLIC"))["board"]["id"]
    await ada.do(mutation("addToBoard"), boardId=board, postId=post)
    people = (await ada.do(mutation("createList"), name="Artistes", isPrivate=False))["list"]["id"]
    await ada.do(mutation("addToList"), userListId=people, userId=bob.id)
    await ada.do(mutation("saveSearch"), text="azur", name="Azurs", byMeaning=True)
    feed = await made_feed(ada, {"hashtag": "azur"}, {"userListId": people}, filters={"languages": ["fr"]})
    weighed = await made_feed(ada, {"circle": "FOLLOWED"}, order="RANKED", weights=[{"signal": "LIKES", "weight": 2}])
    await ada.do(PIN, feedId=feed)
    hook = await ada.do(mutation("createWebhook"), url="https://hooks.example.org/fresque")
    seen = await at_desk(site, ada, bob)
    addresses = {
        "desk": "/desk",
        "case": f"/desk/case/{seen['case']}",
        "appeals": "/desk/appeals",
        "held pictures": "/desk/held",
        "decided": "/desk/closed",
        "rules": "/desk/rules",
        "rule": f"/desk/rules/{seen['rule']}",
        "new rule": "/desk/rules/new",
        "log": "/desk/log",
        "team": "/desk/team",
        "moderation": "/moderation",
        "figures": "/transparency",
        "home": "/",
        "explore": "/explore",
        "trends": "/explore?view=trends",
        "picked": "/?tab=picked",
        "search": "/search",
        "what is found": "/search?q=%23azur",
        "the best found": "/search?q=azur&tab=best",
        "what looks alike": f"/similar/{pictures[0]['imageId']}",
        "people found": f"/search?q={bob.handle}&tab=people",
        "what is not understood": "/search?q=azur%20has:ailes",
        "conversation": f"/post/{post}",
        "profile": f"/@{bob.handle}",
        "pictures of a profile": f"/@{bob.handle}/media",
        "own profile": f"/@{ada.handle}",
        "studio": "/studio",
        "bookmarks": "/bookmarks",
        "drafts": "/drafts",
        "notifications": "/notifications",
        "what one hears of": "/settings/notifications",
        "board": f"/boards/{board}",
        "lists": "/lists",
        "list": f"/lists/{people}",
        "people of a list": f"/lists/{people}/people",
        "feeds": "/feeds",
        "feed": f"/feeds/{feed}",
        "feed in the home": f"/?tab={feed}",
        "a new feed": "/feeds/new",
        "building a feed": f"/feeds/{weighed}/edit",
        "no feed": "/feeds/feed_garbage",
        "suggestions": "/suggestions",
        "settings": "/settings",
        "security": "/settings/security",
        "credits": "/settings/credits",
        "labels": "/settings/labels",
        "webhooks": "/settings/webhooks",
        "webhook": f"/settings/webhooks/{hook['webhook']['id']}",
        "no webhook": "/settings/webhooks/webhook_garbage",
        "nobody": "/@nobody_at_all",
        "nowhere": "/no/such/page",
        "no post": "/post/post_garbage",
        "log-in": "/login",
        "sign-up": "/signup",
        "sign-up by an invitation": "/signup#a-code",
        "forgotten password": "/forgot",
        "new password": "/reset#a-token",
        "confirming an address": "/verify-email#a-token",
        "account": "/settings/account",
        "invitations": "/settings/invitations",
    }
    return Town(ada, addresses)


async def at_desk(site: Site, ada: Person, bob: Person) -> dict[str, str]:
    """A case, something that was decided about her, and an appeal; she is an administrator."""
    post = await bob.write("Mots vilains")
    await report(ada, "HARASSMENT", "Encore lui.", postId=post)
    judge = await staffed(site)
    await act_about(judge, "WARN", "SPAM", {"note": "Moins souvent."}, userId=ada.id)
    warned = await act_about(judge, "WARN", "SPAM", userId=bob.id)
    await bob.do(APPEAL, actionId=warned, text="Je n'ai rien fait.")
    await employ(site, ada, "ADMINISTRATOR")
    rule = (await ada.do(CREATE, rule=words("vilains")))["rule"]["id"]
    await ada.do(START, ruleId=rule)
    return {"case": (await ada.do(OPEN, postId=post))["case"]["id"], "rule": rule}


def texts(language: str) -> set[str]:
    """The plain texts of a language's dictionaries."""
    source = "".join(path.read_text() for path in DICTIONARIES.glob(f"*{language}.ts"))
    return {
        found for found in re.findall(r"""['"`]([^'"`\n$#]{3,})['"`]""", source) if re.search(r"[A-Za-z]{3}", found)
    }


async def look(visitor: Visitor, address: str) -> None:
    """Open one page and hold it to what every page promises."""
    await visitor.go(address)
    width = await visitor.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width[0] <= width[1], f"{address} scrolls sideways: {width}"
    shift, moved = await visitor.page.evaluate(SHIFT)
    assert shift <= MOST_SHIFT, f"things move on {address}: {moved}"
    assert await visitor.audit() == [], address
    await expect(visitor.page.locator("h1"), f"{address} has one heading of the first order").to_have_count(1)
    await expect(visitor.page).to_have_title(re.compile("Fresque$"))
    visitor.forgive(
        f"status of 404 .*{re.escape(address)}"
    )  # an address that leads nowhere says so with its status too


@pytest.mark.parametrize("name", ["signed in", "signed out"])
async def test_every_page_on_a_desktop_in_english(site: Site, browser: Browser, furnished: Town, name: str) -> None:
    async with visiting(browser, site.url, viewport=DESKTOP) as visitor:
        if name == "signed in":
            await visitor.be(furnished.ada)
        for address in furnished.addresses.values():
            await look(visitor, address)
            assert await visitor.page.evaluate("document.documentElement.lang") == "en"


async def test_every_page_on_a_phone_in_the_dark_in_french(site: Site, browser: Browser, furnished: Town) -> None:
    english = texts("en") - texts("fr")
    assert len(english) > 100
    async with visiting(browser, site.url, viewport=PHONE, locale="fr-FR", dark=True) as visitor:
        await visitor.be(furnished.ada)
        for address in furnished.addresses.values():
            await look(visitor, address)
            assert await visitor.page.evaluate("document.documentElement.lang") == "fr"
            left = english & set(await visitor.page.evaluate(WORDS))
            assert left == set(), f"{address} is not all in French"
