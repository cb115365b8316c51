"""Somebody at a screen: one browser profile with one page, every complaint of which is noted."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Frame,
    Locator,
    Page,
    Request,
    ViewportSize,
    WebSocket,
)

from tests.people import PASSWORD, PATIENCE_SECONDS, Person

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
PHONE: ViewportSize = {"width": 320, "height": 640}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
LOOK_SECONDS = 0.02
STREAM = re.compile(r'"data":\{"(\w+)":\{"__typename":"(\w+)"')
ASKING = ("POST", "/graphql")
DEED = re.compile(r'"operationName":"\w+Mutation"')
SERIOUS = ("serious", "critical")
LOG_IN = "mutation($input: LogInInput!) { logIn(input: $input) { userErrors { code } } }"
SETTLED = """() => document.querySelector('main h1')
    && ![...document.querySelectorAll('[role=status]')].some((one) => /^(Loading|Chargement)/.test(one.textContent.trim())
        && one.getBoundingClientRect().top < innerHeight)
    && [...document.images].every((one) => one.complete || !one.getClientRects().length
        || one.getBoundingClientRect().top > innerHeight)"""
# React's effects (listeners for keys among them) come after the paint.
EFFECTS = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => setTimeout(done))))"
# Whatever the policy of the page refuses is told to the page itself, also where no console line is written.
WATCH_POLICY = """addEventListener('securitypolicyviolation', (event) =>
    console.error(`policy: ${event.violatedDirective} refuses ${event.blockedURI || event.sourceFile}`))"""


@dataclass(slots=True)
class Visitor:
    """One page of a fresh profile. `complaints` are console errors, uncaught exceptions and refusals by the policy;
    `streams` are what has spoken on the line that the page has now: subscriptions by their fields and by their names, and the
    types of what they said. `asked` are the operations that wait for an answer."""

    context: BrowserContext
    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)
    streams: set[str] = field(default_factory=set)
    asked: set[Request] = field(default_factory=set)

    async def be(self, person: Person) -> None:
        """Carry this person's session cookie from now on."""
        given = {"query": LOG_IN, "variables": {"input": {"login": person.handle, "password": PASSWORD}}}
        async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as client:
            answer = await client.post(f"{self.url}/graphql", json=given)
        assert not answer.json()["data"]["logIn"]["userErrors"], answer.text
        await self.context.add_cookies(
            [
                {"name": one.name, "value": one.value or "", "url": self.url, "httpOnly": True, "sameSite": "Lax"}
                for one in client.cookies.jar
            ]
        )

    async def go(self, path: str) -> None:
        """Open a path and wait until the page shows what it came with: nothing in it says that it is loading.

        What was done on the page before is answered first: much shows at once, and leaving would break it off.
        """
        with suppress(Error):  # the page may be on its way elsewhere
            await self.page.evaluate("0")  # it tells in order: what the last click asked for is known then
        await self._until(lambda: not any(DEED.search(one.post_data or "") for one in self.asked))
        await self.page.goto(self.url + path)
        await self.settled()

    async def settled(self) -> None:
        """Wait until the page has its heading, nothing in sight is loading, no picture either."""
        await self.page.wait_for_function(SETTLED)
        await self.page.evaluate(EFFECTS)

    async def hears(self, stream: str) -> None:
        """Wait until the page follows a stream (a subscription's field, or its name), or has heard of a type of event."""
        await self._until(lambda: stream in self.streams)

    async def answered(self) -> None:
        """Wait until the server has answered all that the page asked: much is shown at once, before it is kept, and is
        lost where the page is left too soon."""
        await self.page.evaluate(EFFECTS)
        await self._until(lambda: not self.asked)

    async def _until(self, so: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not so():  # noqa: ASYNC110  # it is a browser that tells
                await asyncio.sleep(LOOK_SECONDS)

    async def strike(self, *keys: str) -> None:
        """Press keys one after another as a hand does, which does not wait for what the page does about each."""
        await asyncio.gather(*(self.page.keyboard.press(key) for key in keys))

    def named(self, role: Any, name: str | re.Pattern[str], **more: Any) -> Locator:
        """What has this role and name for a screen reader."""
        exact = isinstance(name, str)
        return self.page.get_by_role(role, name=name, exact=exact, **more)

    def post(self, post_id: str) -> Locator:
        """The post with this id, where the page shows it."""
        return self.page.locator(f'article[data-post="{post_id}"]').first

    async def posts(self) -> list[str]:
        """The ids of the posts on the page, from top to bottom."""
        found: list[str] = await self.page.locator("article[data-post]").evaluate_all(
            "(all) => all.map((one) => one.dataset.post)"
        )
        return found

    async def place_of(self, post_id: str) -> float:
        """How many pixels below the window's upper edge a post begins."""
        box = await self.post(post_id).bounding_box()
        assert box is not None, f"{post_id} is not drawn"
        return box["y"]

    async def audit(self) -> list[str]:
        """What axe-core finds serious or critical on the page as it is now: rule, impact and where."""
        await self.page.evaluate(AXE.read_text() + "; 0")
        found = await self.page.evaluate(
            "axe.run(document, {resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',"
            " 'best-practice']}).then((result) => result.violations.map(({id, impact, nodes}) =>"
            " ({id, impact, where: nodes.map((node) => node.target.join(' ') + ': ' + node.html.slice(0, 120))})))"
        )
        return [
            f"{one['impact']} {one['id']}: {'; '.join(one['where'][:3])}" for one in found if one["impact"] in SERIOUS
        ]

    def forgive(self, pattern: str) -> None:
        """Take back the complaints that a test brings about itself, such as lines about a server that it killed."""
        self.complaints[:] = [line for line in self.complaints if not re.search(pattern, line)]


@asynccontextmanager
async def visiting(
    browser: Browser,
    url: str,
    *,
    viewport: ViewportSize = DESKTOP,
    locale: str = "en-GB",
    dark: bool = False,
) -> AsyncIterator[Visitor]:
    """A fresh profile with one page, without animations. Fails at the end when the page complained about anything."""
    context = await browser.new_context(
        viewport=viewport,
        locale=locale,
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
        timezone_id="Europe/Paris",
        has_touch=viewport["width"] < 600,
    )
    context.set_default_timeout(PATIENCE_SECONDS * 1000)
    await context.add_init_script(WATCH_POLICY)
    page = await context.new_page()
    visitor = Visitor(context, page, url)

    def heard(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            visitor.complaints.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    def broke(error: Error) -> None:
        visitor.complaints.append(f"uncaught: {error}")

    def opened(socket: WebSocket) -> None:
        streams, names = set[str](), dict[str, str]()  # of this line: the next has others
        visitor.streams = streams

        def sent(frame: str | bytes) -> None:
            message = orjson.loads(frame)
            if message["type"] == "subscribe":
                names[message["id"]] = message["payload"]["operationName"]

        def received(frame: str | bytes) -> None:
            if heard := STREAM.findall(str(frame)):
                streams.update(*heard, {names[orjson.loads(frame)["id"]]})

        socket.on("framesent", sent)
        socket.on("framereceived", received)

    leaving: set[Request] = set()

    def begun(request: Request) -> None:
        if request.is_navigation_request():
            leaving.add(request)
        elif (request.method, urlsplit(request.url).path) == ASKING:
            visitor.asked.add(request)

    def ended(request: Request) -> None:
        visitor.asked.discard(request)
        leaving.discard(request)  # a download, or one that another took the place of

    def moved(frame: Frame) -> None:
        if leaving and frame.parent_frame is None:  # to another document, not within this one
            leaving.clear()
            visitor.streams, visitor.asked = set(), set()

    page.on("request", begun)
    page.on("requestfinished", lambda request: visitor.asked.discard(request))
    page.on("requestfailed", ended)
    page.on("framenavigated", moved)
    page.on("websocket", opened)
    page.on("console", heard)
    page.on("pageerror", broke)
    try:
        yield visitor
        assert visitor.complaints == [], orjson.dumps(visitor.complaints, option=orjson.OPT_INDENT_2).decode()
    finally:
        await context.close()
