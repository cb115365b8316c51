"""Reading what strangers serve: slow, endless and packed pages, redirects, names; nothing of it reaches what it should not."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import web

from outside.client import Client, Refused, Unreachable
from tests.pages import Serve, World, site_of_pages


@pytest_asyncio.fixture(loop_scope="session")
async def world() -> AsyncIterator[World]:
    """A site on a free port."""
    async with site_of_pages() as found:
        yield found


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


async def test_names_in_every_script_are_asked_for_as_dns_knows_them(world: World) -> None:
    """And what only looks like another name is none."""
    asked: list[str] = []

    async def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    world.put("/page", "<title>пример</title>")
    port = world.url.rpartition(":")[2]
    page = await Client(["xn--e1afmkfd.example"], resolve).get(
        f"http://пример.example:{port}/page", {}, seconds=5, most_bytes=1_000
    )
    assert (asked, page.url) == (["xn--e1afmkfd.example"], f"http://xn--e1afmkfd.example:{port}/page")
    for address in ("http://１２７.0.0.1/", "http://127。0。0。1/", "http://ⓛocalhost/", "http://[::ffff:7f00:1]/"):
        with pytest.raises(Refused):
            await Client().get(address, {}, seconds=5, most_bytes=1_000)
