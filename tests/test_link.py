"""Link cards: what becomes of a page, and that hostile ones harm nothing. Pages are served on this machine, by real servers."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from PIL import Image

from models import node_id
from models.database import fetch, fetch_value
from models.transaction import transaction
from outside.client import Client
from outside.preview import preview
from storage.bucket import Bucket
from tests.conftest import Serving
from tests.gallery import forbid, painting
from tests.pages import World, site_of_pages
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
FULL = """<!doctype html><html><head><title>No</title>
<meta property="og:title" content="The  Night&#10;Watch &amp; more"><meta name="description" content="A painting.">
<meta property="og:site_name" content="Museum"><meta name="author" content="Rembrandt">
<meta property="og:image" content="/picture.png"></head><body>…</body></html>"""


def png(width: int = 300, height: int = 200) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#204060").save(out, "PNG")
    return out.getvalue()


@pytest_asyncio.fixture(loop_scope="session")
async def world() -> AsyncIterator[World]:
    """A site on a free port."""
    async with site_of_pages() as found:
        yield found


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


async def test_a_banned_picture_is_on_no_card(town: Town, world: World, reader: Reader) -> None:
    ada = await town.person("ada")
    await forbid(60)
    world.put("/banned.jpg", painting(60, "JPEG"), "image/jpeg")
    url = world.put("/show", '<title>Show</title><meta property="og:image" content="/banned.jpg">')
    post = await ada.write(url)
    await read(reader)
    await fetch("DELETE FROM banned_pictures")
    found = await card(ada, post)
    assert found is not None
    assert (found["title"], found["image"]) == ("Show", None)


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


async def test_a_card_is_told_though_a_post_is_being_changed(town: Town, world: World, reader: Reader) -> None:
    """Whoever holds a post is waited for, and whoever dies between keeping a card and telling of it is made up for."""
    ada = await town.person("ada")
    url = world.put("/page", "<title>Told</title>")
    post = await ada.write(url)
    number = node_id.number_of("post", post)
    held, kept = asyncio.Event(), asyncio.Event()

    async def change() -> None:
        async with transaction():
            await fetch("SELECT 1 FROM posts WHERE id = $1 FOR UPDATE", number)
            held.set()
            await kept.wait()

    async with ada.live(LIVE, ids=[post]) as feed:
        changing = asyncio.create_task(change())
        await held.wait()
        assert await reader.turn()
        for _ in range(2_000):
            if await fetch_value("SELECT state = 'READY' FROM link_cards WHERE url = $1", url):
                break
            await asyncio.sleep(0.01)
        kept.set()
        await asyncio.gather(changing, reader.idle())
        assert (await feed.until("PostChanged"))["post"]["linkCard"]["title"] == "Told"
    await fetch(
        "UPDATE link_cards SET due_at = now(), tries = 1 WHERE url = $1", url
    )  # as it stands after a crash there
    async with ada.live(LIVE, ids=[post]) as feed:
        await read(reader)
        assert (await feed.until("PostChanged"))["post"]["linkCard"]["title"] == "Told"
    assert await fetch_value("SELECT due_at FROM link_cards WHERE url = $1", url) is None
