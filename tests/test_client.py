"""The web client's files as they are served: what may be kept, what is packed, what the page may do."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from execution.transports.client import PAGES, Client
from tests.conftest import Serving
from tests.people import PATIENCE_SECONDS

BUCKET = "https://bucket.example"
SCRIPT = b"console.log('a wall')\n"


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>Fresque</title>")
    (tmp_path / "theme.js").write_text("// theme")
    (tmp_path / "assets" / "index-a1b2.js").write_bytes(SCRIPT)
    (tmp_path / "assets" / "index-a1b2.js.gz").write_bytes(gzip.compress(SCRIPT))
    (tmp_path / "assets" / "index-a1b2.js.br").write_bytes(b"packed tighter")
    return tmp_path


def visit(folder: Path) -> httpx.AsyncClient:
    client = Client(folder, BUCKET)

    async def not_found(request: Request, error: Exception) -> Response:
        return client.missing(request) or PlainTextResponse("nothing", 404)

    app = Starlette(routes=client.routes(), exception_handlers={HTTPException: not_found})
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://fresque.example")


async def test_every_address_of_the_client_is_its_page_and_never_kept_unasked(built: Path) -> None:
    async with visit(built) as browser:
        for path in PAGES:
            answer = await browser.get(
                path.format(id="post_1", handle="ada", tab="media", part="sessions", name="cats", list="likes")
            )
            assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")
            assert answer.headers["content-type"] == "text/html; charset=utf-8"
            assert "Fresque" in answer.text


async def test_whatever_the_client_has_a_page_for_is_there(built: Path) -> None:
    router = (Path(__file__).parent.parent / "web" / "source" / "routing" / "router.tsx").read_text()
    paths = [path for path in re.findall(r"path: '([^']+)'", router) if path != "*"]
    assert len(paths) > 20
    async with visit(built) as browser:
        for path in paths:
            address = "/" + path.replace(":at", "@ada").replace(":", "")
            assert (await browser.get(address)).status_code == 200, address


async def test_the_page_may_do_nothing_inline_and_nothing_elsewhere_but_the_bucket(built: Path) -> None:
    async with visit(built) as browser:
        policy = (await browser.get("/")).headers["content-security-policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["form-action"] == "'self'"
    assert rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert rules["img-src"].split() == ["'self'", "blob:", BUCKET]
    assert "unsafe" not in policy


async def test_the_page_names_what_its_address_needs_so_that_it_loads_at_once(built: Path) -> None:
    (built / "pages.json").write_text('{"/explore": ["assets/ExplorePage-c3.js", "assets/Wall-d4.css"]}')
    async with visit(built) as browser:
        link = (await browser.get("/explore")).headers["link"]
        assert "link" not in (await browser.get("/studio")).headers
        assert (await browser.get("/pages.json")).status_code == 404
    assert link == (
        "</assets/ExplorePage-c3.js>; rel=modulepreload, </assets/Wall-d4.css>; rel=preload; as=style; crossorigin"
    )


async def test_what_carries_its_hash_is_kept_for_a_year_and_the_rest_is_asked_for_again(built: Path) -> None:
    async with visit(built) as browser:
        hashed, plain = await browser.get("/assets/index-a1b2.js"), await browser.get("/theme.js")
        assert "immutable" in hashed.headers["cache-control"]
        assert plain.headers["cache-control"] == "no-cache"
        again = await browser.get("/theme.js", headers={"if-none-match": plain.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        weak = await browser.get("/theme.js", headers={"if-none-match": f"W/{plain.headers['etag']}"})
        assert weak.status_code == 304


@pytest.mark.parametrize(
    ("accepted", "encoding"), [("gzip, br", "br"), ("gzip;q=0.8", "gzip"), ("identity", None), ("", None)]
)
async def test_a_browser_gets_the_tightest_packing_that_it_takes(
    built: Path, accepted: str, encoding: str | None
) -> None:
    async with (
        visit(built) as browser,
        browser.stream("GET", "/assets/index-a1b2.js", headers={"accept-encoding": accepted}) as answer,
    ):
        body = b"".join([piece async for piece in answer.aiter_raw()])
    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["vary"] == "Accept-Encoding"
    assert body == {"br": b"packed tighter", None: SCRIPT}.get(encoding, body)
    assert encoding != "gzip" or gzip.decompress(body) == SCRIPT


async def test_nothing_of_the_build_is_served_by_another_name(built: Path) -> None:
    async with visit(built) as browser:
        for path in ("/index.html", "/assets/index-a1b2.js.br", "/assets/", "/assets/../index.html", "/nothing"):
            assert (await browser.get(path, headers={"accept": "application/json"})).status_code == 404


async def test_people_are_told_by_the_client_that_nothing_is_there_and_programs_are_not(built: Path) -> None:
    async with visit(built) as browser:
        person = await browser.get("/nothing", headers={"accept": "text/html,*/*"})
        program = await browser.get("/nothing")
        posted = await browser.post("/nothing", headers={"accept": "text/html"})
    assert (person.status_code, "Fresque" in person.text) == (404, True)
    assert "content-security-policy" in person.headers
    assert person.headers["vary"] == "Accept, Accept-Encoding", "a cache may not give people what programs are told"
    assert (program.text, posted.text) == ("nothing", "nothing")


async def test_what_programs_are_told_of_no_address_is_not_kept_for_people(running: Serving) -> None:
    async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as program:
        answer = await program.get(f"{running.url}/nothing")
    assert (answer.status_code, answer.json()) == (404, {"status": 404})
    assert (answer.headers["cache-control"], answer.headers["vary"]) == ("no-cache", "Accept")


async def test_without_a_build_there_is_no_client(tmp_path: Path) -> None:
    assert not Client(tmp_path / "nowhere", BUCKET)
    async with visit(tmp_path / "nowhere") as browser:
        assert (await browser.get("/", headers={"accept": "text/html"})).text == "nothing"
