"""What a device needs to install the web client: its manifest, and icons drawn from the mark."""

from __future__ import annotations

import io
import json
from pathlib import Path

import httpx
import pytest
from PIL import Image
from starlette.applications import Starlette

from dev.web_icons import ICONS, PUBLIC, Icon, drawn
from execution.transports.client import Client


@pytest.mark.parametrize("icon", ICONS, ids=lambda icon: icon.name)
def test_an_icon_is_the_mark_as_it_is_drawn_today(icon: Icon) -> None:
    kept = (PUBLIC / icon.name).read_bytes()
    assert kept == drawn(icon), "The mark has changed: run `python -m dev.web_icons`."
    assert Image.open(io.BytesIO(kept)).size == (icon.side, icon.side)


def test_what_a_mask_cuts_off_is_ground() -> None:
    [icon] = [one for one in ICONS if "maskable" in one.name]
    picture = Image.open(io.BytesIO(drawn(icon))).convert("RGBA")
    ground = picture.getpixel((0, 0))
    middle = icon.side / 2
    outside = [
        picture.getpixel((x, y))
        for x in range(0, icon.side, 4)
        for y in range(0, icon.side, 4)
        if (x - middle) ** 2 + (y - middle) ** 2 > (0.4 * icon.side) ** 2
    ]
    assert ground == (246, 237, 225, 255)
    assert set(outside) == {ground}


async def test_the_manifest_names_files_that_are_served_as_what_they_are(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<!doctype html><title>Fresque</title>")
    for path in PUBLIC.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    app = Starlette(routes=Client(tmp_path, "https://bucket.example").routes())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://fresque.example") as browser:
        answer = await browser.get("/manifest.webmanifest")
        assert answer.headers["content-type"].startswith("application/manifest+json")
        assert answer.headers["cache-control"] == "no-cache"
        manifest = json.loads(answer.text)
        for icon in manifest["icons"]:
            picture = await browser.get(icon["src"])
            assert (picture.status_code, picture.headers["content-type"]) == (200, icon["type"])
            if icon["type"] == "image/png":
                width, height = Image.open(io.BytesIO(picture.content)).size
                assert icon["sizes"] == f"{width}x{height}"
        for entry in manifest["shortcuts"]:
            assert (await browser.get(entry["url"])).status_code == 200
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    assert manifest["display"] == "standalone"
