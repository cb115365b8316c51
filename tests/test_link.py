"""Link cards: what becomes of a page, and that hostile ones harm nothing. Pages are served on this machine, by real servers."""

from __future__ import annotations

import asyncio
import gzip
import io
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from PIL import Image

from models.database import fetch, fetch_value
from outside.client import Client, Refused, Unreachable
from outside.preview import preview
from storage.bucket import Bucket
from tests.conftest import Serving
from tests.people import Person, Town
from work.link import Reader

CARD = """
query Card($id: ID!) { node(id: $id) { ... on Post { version linkCard {
  url title description site author host image { url(size: MEDIUM) width height altText }
} } } }
"""
LIVE = """
subscription L($ids: [ID!]!) { postsChanged(ids: $ids) { __typename cursor
  ... on PostChanged { post { id linkCard { title image { width } } } } } }
"""
REMOVE = """
mutation R($input: RemoveLinkCardInput!) { removeLinkCard(input: $input) { post { linkCard { title } }
  userErrors { code path } } }
"""
Serve = Callable[[web.Request], Awaitable[web.StreamResponse]]
FULL = """<!doctype html><html><head><title>No</title>
<meta property="og:title" content="The  Night&#10;Watch &amp; more"><meta name="description" content="A painting.">
<meta property="og:site_name" content="Museum"><meta name="author" content="Rembrandt">
<meta property="og:image" content="/picture.png"></head><body>…</body></html>"""


def png(width: int = 300, height: int = 200) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#204060").save(out, "PNG")
    return out.getvalue()


@dataclass(slots=True)
class World:
    """A site on this machine: what it answers by path, and what it was asked."""

    url: str = ""
    pages: dict[str, Serve] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Whatever was put there."""
        self.asked.append(request.path)
        serve = self.pages.get(request.path)
        return await serve(request) if serve else web.Response(status=404)

    def put(self, path: str, body: str | bytes, content_type: str = "text/html; charset=utf-8", **headers: str) -> str:
        """Something at a path; its address."""

        async def serve(request: web.Request) -> web.StreamResponse:
            raw = body.encode() if isinstance(body, str) else body
            return web.Response(body=raw, headers={"Content-Type": content_type, **headers})

        self.pages[path] = serve
        return self.url + path


@pytest_asyncio.fixture(loop_scope="session")
async def world() -> AsyncIterator[World]:
    """A site on a free port."""
    site = World()
    application = web.Application()
    application.router.add_route("*", "/{rest:.*}", site.answer)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    site.url = f"http://localhost:{runner.addresses[0][1]}"
    try:
        yield site
    finally:
        await runner.cleanup()


@pytest_asyncio.fixture(loop_scope="session")
async def reader(running: Serving) -> AsyncIterator[Reader]:
    """What reads pages in `work`, let at this machine."""
    bucket = await Bucket.open(running.settings)
    yield Reader(Client(["localhost"]), bucket, running.settings)
    await bucket.close()


async def read(reader: Reader) -> None:
    """Everything that is due."""
    while await reader.turn():
        await reader.idle()


async def card(who: Person | Town, post_id: str) -> dict[str, Any] | None:
    """The card that a post shows."""
    found: dict[str, Any] | None = (await who.ask(CARD, id=post_id))["node"]["linkCard"]
    return found


async def test_a_page_becomes_a_card_while_the_post_is_on_screen(town: Town, world: World, reader: Reader) -> None:
    ada = await town.person("ada")
    world.put("/picture.png", png(), "image/png")
    url = world.put("/page", FULL)
    async with ada.live(LIVE, ids=[post := await ada.write(f"Look: {url}#part and https://other.example/")]) as feed:
        assert await card(ada, post) is None
        await read(reader)
        told = (await feed.until("PostChanged"))["post"]
        assert told == {"id": post, "linkCard": {"title": "The Night Watch & more", "image": {"width": 300}}}
    found = await card(town, post)
    assert found is not None
    image = found.pop("image")
    assert found == {
        "url": url,
        "title": "The Night Watch & more",
        "description": "A painting.",
        "site": "Museum",
        "author": "Rembrandt",
        "host": "localhost",
    }
    assert image["url"].startswith(town.url), "readers never ask the site"
    assert (await town.http.get(image["url"], follow_redirects=True)).headers["content-type"] == "image/webp"
    asked = len(world.asked)
    again = await ada.write(f"Again {url}")
    assert await card(ada, again) is not None, "known at once"
    await read(reader)
    assert len(world.asked) == asked, "and not asked again"


async def test_who_has_pictures_or_a_quote_shows_none_and_the_author_takes_it_off(
    town: Town, world: World, reader: Reader
) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    url = world.put("/plain", "<title>Plain</title>")
    post = await ada.write(url)
    quote = await ada.write(url, quotedPostId=post)
    await read(reader)
    assert await card(ada, quote) is None
    assert (await card(ada, post) or {})["title"] == "Plain"
    assert await bob.refusal(REMOVE, postId=post) == ("FORBIDDEN", ["postId"])
    assert (await ada.do(REMOVE, postId=post))["post"]["linkCard"] is None
    assert (await ada.do(REMOVE, postId=post))["post"]["linkCard"] is None
    assert await card(bob, post) is None
    hidden = await ada.write(url, visibility="MENTIONED")
    assert (await bob.refusal(REMOVE, postId=hidden))[0] == "NOT_FOUND"


async def test_it_is_read_again_after_two_weeks_and_stays_where_the_page_is_away(
    town: Town, world: World, reader: Reader
) -> None:
    ada = await town.person("ada")
    url = world.put("/old", "<title>Then</title>")
    post = await ada.write(url)
    await read(reader)
    world.put("/old", "<title>Now</title>")
    await fetch("UPDATE link_cards SET fetched_at = now() - interval '15 days' WHERE url = $1", url)
    await ada.write(url)
    await read(reader)
    assert (await card(ada, post) or {})["title"] == "Now"
    del world.pages["/old"]
    await fetch("UPDATE link_cards SET fetched_at = now() - interval '15 days' WHERE url = $1", url)
    await ada.write(url)
    await read(reader)
    assert (await card(ada, post) or {})["title"] == "Now"


async def test_what_gave_no_card_is_not_asked_at_once_again(town: Town, world: World, reader: Reader) -> None:
    ada = await town.person("ada")
    url = f"{world.url}/nothing"
    for _ in range(3):
        post = await ada.write(url)
        await read(reader)
    assert world.asked.count("/nothing") == 1
    await fetch("UPDATE link_cards SET fetched_at = now() - interval '2 hours' WHERE url = $1", url)
    world.put("/nothing", "<title>Here</title>")
    await ada.write(url)
    await read(reader)
    assert (await card(ada, post) or {})["title"] == "Here"


async def test_a_page_in_trouble_is_tried_three_times(town: Town, world: World, reader: Reader) -> None:
    async def trouble(request: web.Request) -> web.StreamResponse:
        return web.Response(status=503)

    ada = await town.person("ada")
    world.pages["/trouble"] = trouble
    url = f"{world.url}/trouble"
    await ada.write(url)
    for tries in (1, 2, 3, 3):
        await read(reader)
        assert world.asked.count("/trouble") == tries
        await fetch("UPDATE link_cards SET due_at = now() WHERE url = $1 AND due_at IS NOT NULL", url)
    assert await fetch_value("SELECT state FROM link_cards WHERE url = $1", url) == "NONE"


async def test_where_the_page_is_silent_its_oembed_speaks(town: Town, world: World, reader: Reader) -> None:
    ada = await town.person("ada")
    world.put("/picture.png", png(), "image/png")
    told = f'{{"title": "Song", "author_name": "Singer", "provider_name": "Tube", "thumbnail_url": "{world.url}/picture.png", "html": "<script>1</script>"}}'
    world.put("/oembed", told, "application/json")
    link = '<link rel="alternate" type="application/json+oembed" href="/oembed">'
    post = await ada.write(world.put("/video", f"<html><head>{link}</head>"))
    await read(reader)
    found = await card(ada, post) or {}
    assert (found["title"], found["author"], found["site"]) == ("Song", "Singer", "Tube")
    assert found["image"]["width"] == 300
    for number, broken in enumerate(("[1]", "{", '{"title": {"a": 1}}', '{"title": "' + "x" * 100_000 + '"}')):
        world.put("/oembed", broken, "application/json")
        post = await ada.write(world.put(f"/broken{number}", f"<title>Own</title>{link}"))
        await read(reader)
        assert (await card(ada, post) or {})["title"] == "Own"


SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("picture", "content_type"),
    [
        (SVG, "image/svg+xml"),
        (SVG, "image/png"),
        (b"GIF89a" + b"\0" * 50, "image/gif"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "image/png"),
        (b"x" * (9 * 1024 * 1024), "image/png"),
        ("", "image/png"),
    ],
)
async def test_a_picture_that_is_none_leaves_the_card_without(
    town: Town, world: World, reader: Reader, picture: str | bytes, content_type: str
) -> None:
    ada = await town.person("ada")
    world.put("/picture.png", picture, content_type)
    post = await ada.write(world.put("/page", FULL))
    await read(reader)
    found = await card(ada, post) or {}
    assert (found["title"], found["image"]) == ("The Night Watch & more", None)


async def never(request: web.Request) -> web.StreamResponse:
    """A page without end."""
    answer = web.StreamResponse(headers={"Content-Type": "text/html"})
    await answer.prepare(request)
    while True:
        await answer.write(b"<!-- more -->" * 1_000)


async def drip(request: web.Request) -> web.StreamResponse:
    """A page that comes a byte at a time."""
    answer = web.StreamResponse(headers={"Content-Type": "text/html"})
    await answer.prepare(request)
    while True:
        await answer.write(b"<")
        await asyncio.sleep(0.02)


async def silent(request: web.Request) -> web.StreamResponse:
    """Nothing at all."""
    await asyncio.sleep(60)
    return web.Response()


@pytest.mark.parametrize("serve", [drip, silent])
async def test_a_slow_page_is_given_up(world: World, serve: Serve) -> None:
    world.pages["/slow"] = serve
    with pytest.raises(Unreachable, match="No answer came"):
        await Client(["localhost"]).get(f"{world.url}/slow", {}, seconds=0.3, most_bytes=1_000_000, until=b"</head")


async def test_a_page_without_end_is_read_no_further_than_its_bound(world: World) -> None:
    world.pages["/never"] = never
    client = Client(["localhost"])
    page = await client.get(f"{world.url}/never", {}, seconds=10, most_bytes=100_000, until=b"</head")
    assert len(page.body) == 100_000
    with pytest.raises(Unreachable, match="too large"):
        await client.get(f"{world.url}/never", {}, seconds=10, most_bytes=100_000)


async def test_a_packed_bomb_is_unpacked_no_further_than_its_bound(world: World) -> None:
    bomb = gzip.compress(b"\0" * 200_000_000, compresslevel=9)
    url = world.put("/bomb", bomb, **{"Content-Encoding": "gzip"})
    client = Client(["localhost"])
    tracemalloc.start()
    try:
        page = await client.get(url, {}, seconds=10, most_bytes=500_000, until=b"</head")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(page.body) == 500_000
    assert peak < 20_000_000
    with pytest.raises(Unreachable, match="too large"):
        await client.get(url, {}, seconds=10, most_bytes=500_000)
    for packing, body in (("br", b"abc"), ("gzip", b"no gzip"), ("gzip, gzip", bomb)):
        with pytest.raises(Unreachable, match="packed"):
            await client.get(world.put("/odd", body, **{"Content-Encoding": packing}), {}, seconds=5, most_bytes=1_000)
    packed = world.put("/packed", gzip.compress(b"<title>Fine</title></head>"), **{"Content-Encoding": "gzip"})
    assert b"Fine" in (await client.get(packed, {}, seconds=5, most_bytes=1_000, until=b"</head")).body


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:{port}/secret", "http://169.254.169.254/latest/meta-data/", "http://[::1]:{port}/secret",
        "http://0x7f000001:{port}/secret", "file:///etc/passwd", "http://10.0.0.1/", "//127.0.0.1:{port}/secret",
        "http://user:password@localhost:{port}/secret", "http://localhost:22/",
    ],
)  # fmt: skip
async def test_a_redirect_to_where_nobody_may_go_is_not_followed(world: World, target: str) -> None:
    """The first address is let in by name; wherever it leads is looked at anew, and this machine's numbers are not let in."""
    where = target.format(port=world.url.rpartition(":")[2])

    async def redirect(request: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": where})

    world.pages["/away"] = redirect
    with pytest.raises(Unreachable) as refusal:
        await Client(["localhost"]).get(f"{world.url}/away", {}, seconds=5, most_bytes=1_000)
    assert isinstance(refusal.value, Refused) or "connection" in str(refusal.value)
    assert "/secret" not in world.asked


async def test_redirects_are_followed_and_not_for_ever(world: World) -> None:
    async def on(request: web.Request) -> web.StreamResponse:
        left = int(request.path.rpartition("/")[2])
        return web.Response(status=301, headers={"Location": f"/on/{left - 1}" if left > 1 else "/there"})

    world.pages |= {f"/on/{number}": on for number in range(9)}
    world.put("/there", "<title>There</title>")
    client = Client(["localhost"])
    page = await client.get(f"{world.url}/on/4", {}, seconds=5, most_bytes=1_000, until=b"</head")
    assert page.url == f"{world.url}/there"
    with pytest.raises(Unreachable, match="without end"):
        await client.get(f"{world.url}/on/5", {}, seconds=5, most_bytes=1_000)


async def test_this_machine_is_not_read_unless_it_is_named(world: World) -> None:
    for url in (world.url, world.url.replace("localhost", "127.0.0.1")):
        with pytest.raises(Refused):
            await Client().get(f"{url}/page", {}, seconds=5, most_bytes=1_000)
    assert world.asked == []


@pytest.mark.parametrize(
    ("body", "charset", "title"),
    [
        ("<title>caf\u00e9</title>".encode("latin-1"), "iso-8859-1", "caf\u00e9"),
        ("<meta charset=windows-1251><title>\u041c\u0438\u0440</title>".encode("cp1251"), None, "\u041c\u0438\u0440"),
        ("<meta charset=utf-8><title>日本</title>".encode(), "x-bogus", "日本"),
        ("<title>日本</title>".encode("shift_jis"), "Shift_JIS", "日本"),
        ("<title>한국</title>".encode("euc-kr"), "euc-kr", "한국"),
        ("<title>中国</title>".encode("gbk"), "gb2312", "中国"),
        (b"<meta charset=unicode_escape><title>a\\x41</title>", "unicode_escape", "a\\x41"),
        ("<title>日本</title>".encode("utf-16"), None, "日本"),
        (b"<title>a\xff\xfeb</title>", "utf-8", "a\ufffd\ufffdb"),
        (b"<title><script>alert(1)</script>x</title>", None, "<script>alert(1)</script>x"),
        (b"<svg><title>no</title></svg><p>", None, ""),
        (b"<script>'<title>no</title>'</script><title>yes</title>", None, "yes"),
        (b"<title>no end", None, "no end"),
        (b"<meta property=og:title content='<b>x'><title>no</title>", None, "<b>x"),
        (b"", None, ""),
        (b"<" * 100_000, None, ""),
    ],
)
def test_whatever_a_page_says_is_plain_text(body: bytes, charset: str | None, title: str) -> None:
    assert preview(body, charset, "https://a.example/").title == title


def test_addresses_of_a_page_are_absolute_and_of_the_web() -> None:
    for image, found in (
        ("/a.png", "https://a.example/a.png"), ("//b.example/c", "https://b.example/c"), ("javascript:alert(1)", ""),
        ("data:image/png;base64,xx", ""), ("http://[::1", ""), ("file:///etc/passwd", ""),
    ):  # fmt: skip
        page = f'<meta property="og:image" content="{image}"><meta name=author content="https://a.example/me">'
        said = preview(page.encode(), "utf-8", "https://a.example/b/")
        assert (said.image, said.author) == (found, "")
