"""Pictures as strangers hand them in and reach for them: what lies in the bucket is a picture, and who may not have it does not get it."""

from __future__ import annotations

import hashlib
import hmac
import io
import time
import zipfile
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.conftest import Serving
from tests.people import PATIENCE_SECONDS, Person, Town

MARK = b"zq9tail"
SCRIPT = b"<script>window.__x=1</script>"
URLS = "query($id: ID!) { node(id: $id) { ... on Image { url(size: SMALL) medium: url(size: MEDIUM) large: url(size: LARGE) original: url(size: ORIGINAL) } } }"
STARTS = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff", "image/webp": b"RIFF"}


def picture(kind: str, **more: Any) -> bytes:
    """A small picture."""
    kept = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(kept, kind, **more)
    return kept.getvalue()


def archive() -> bytes:
    """A GIFAR's second half: an archive that is read from its end."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as packed:
        packed.writestr("a.class", MARK)
    return kept.getvalue()


def noted() -> PngInfo:
    """Texts in a picture."""
    info = PngInfo()
    info.add_text("Comment", (SCRIPT + MARK).decode())
    info.add_itxt("XML:com.adobe.xmp", (SCRIPT + MARK).decode())
    return info


HALF_PICTURES = {
    "a page behind a PNG": ("image/png", picture("PNG") + SCRIPT + MARK),
    "an archive behind a JPEG": ("image/jpeg", picture("JPEG") + archive()),
    "a page behind a WebP": ("image/webp", picture("WEBP") + SCRIPT + MARK),
    "texts in a PNG": ("image/png", picture("PNG", pnginfo=noted())),
    "a remark in a JPEG": ("image/jpeg", picture("JPEG", comment=SCRIPT + MARK)),
    "XMP in a WebP": ("image/webp", picture("WEBP", xmp=SCRIPT + MARK)),
    "a profile of colours that is none": ("image/png", picture("PNG", icc_profile=SCRIPT + MARK * 100)),
}
NO_PICTURES = {
    "an SVG as a PNG": ("image/png", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    "a page as a WebP": ("image/webp", b"<!doctype html>" + SCRIPT),
    "a page that begins as a GIF": ("image/png", b"GIF89a/*" + SCRIPT + b"*/=0;"),
    "a JPEG that says it is a PNG": ("image/png", picture("JPEG")),
    "PostScript": ("image/png", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n"),
    "a PDF": ("image/jpeg", b"%PDF-1.7\n" + SCRIPT),
    "half a picture": ("image/png", picture("PNG")[:60]),
}


async def uploaded(owner: Person, kind: str, data: bytes) -> dict[str, Any]:
    """The payload of completing an upload of these bytes, which are said to be of this type."""
    form = (await owner.do("CreateImageUpload", mimeType=kind, byteSize=len(data)))["upload"]
    fields = {field["name"]: field["value"] for field in form["fields"]}
    sent = await owner.town.http.post(form["url"], data=fields, files={"file": ("a.html", data, kind)})
    assert sent.status_code in (200, 201, 204), sent.text
    return await owner.attempt("CompleteImageUpload", uploadId=form["id"], altText="x")


@pytest.mark.parametrize("name", HALF_PICTURES)
async def test_whatever_is_uploaded_only_a_picture_is_served(town: Town, running: Serving, name: str) -> None:
    ada = await town.person("ada")
    kind, data = HALF_PICTURES[name]
    done = await uploaded(ada, kind, data)
    assert done["userErrors"] == []
    urls = (await ada.ask(URLS, id=done["image"]["id"]))["node"]
    for url in urls.values():
        led = await town.http.get(url)
        assert led.status_code == 302
        place = led.headers["location"]
        assert place.startswith(running.settings.bucket_url), "another origin than the pages'"
        answer = await town.http.get(place)
        media_type = answer.headers["content-type"]
        assert answer.content.startswith(STARTS[media_type])
        assert MARK not in answer.content
        assert b"<script" not in answer.content
        whole = Image.open(io.BytesIO(answer.content))
        whole.load()
        assert whole.get_format_mimetype() == media_type


@pytest.mark.parametrize("name", NO_PICTURES)
async def test_what_is_no_picture_is_refused(town: Town, name: str) -> None:
    ada = await town.person("ada")
    done = await uploaded(ada, *NO_PICTURES[name])
    assert done["image"] is None
    assert [error["code"] for error in done["userErrors"]] == ["BAD_USER_INPUT"]


async def test_a_private_picture_is_reached_for_a_minute_by_those_who_may(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    image = (await uploaded(ada, "image/png", picture("PNG")))["image"]["id"]
    url = (await ada.ask(URLS, id=image))["node"]["url"]
    assert (await bob.ask(URLS, id=image))["node"] is None
    bare = url.partition("?")[0]
    grant = dict(parse_qsl(urlsplit(url).query))["grant"]
    forged = f"{grant[:-3]}{'-' if grant[-3] != '-' else '_'}{grant[-2:]}"
    led = await town.http.get(url)
    assert led.status_code == 302
    assert "private" in led.headers["cache-control"]
    assert int(led.headers["cache-control"].rpartition("max-age=")[2]) <= 30
    query = dict(parse_qsl(urlsplit(led.headers["location"]).query))
    assert int(query["X-Amz-Expires"]) <= 60
    tries = [
        bare, f"{bare}?grant=", f"{bare}?grant={forged}", f"{bare}?grant={grant[:-1]}", f"{bare}?grant={grant}&grant=x", f"{bare}?Grant={grant}",
        bare.replace("/small", "/original") + f"?grant={grant}", bare.replace("/small", "/vector") + f"?grant={grant}", f"{bare}?grant={'9' * 5_000}",
        f"{bare}?grant=0.99999999999.{grant.rpartition('.')[2]}", f"{bare}?grant={grant.upper()}", f"{bare}?grant=%00",
    ]  # fmt: skip
    for address in tries:
        assert (await town.http.get(address)).status_code == 404, address
    where = urlsplit(led.headers["location"])
    for path in (
        "/",
        where.path.rpartition("/")[0] + "/",
        where.path,
        f"{where.path}?X-Amz-Signature=0",
        f"{where.path}?{where.query[:-1]}{'1' if where.query.endswith('0') else '0'}",
    ):
        answer = await town.http.get(f"{where.scheme}://{where.netloc}{path}")
        assert answer.status_code in (400, 403, 404), path
    other = (await uploaded(bob, "image/png", picture("PNG")))["image"]["id"]
    assert (await town.http.get(url.replace(image, other))).status_code == 404


async def test_an_unsigned_trailer_writes_nothing(running: Serving) -> None:
    """As MinIO took it once: headers that say the body is not signed, and an access key that is not secret."""
    told = running.settings
    path = f"/{told.s3_bucket}/uploads/planted"
    now = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    scope = f"{now[:8]}/{told.s3_region}/s3/aws4_request"
    wrong = hmac.new(b"no secret", b"x", hashlib.sha256).hexdigest()
    for content in ("STREAMING-UNSIGNED-PAYLOAD-TRAILER", "UNSIGNED-PAYLOAD"):
        headers = {
            "x-amz-content-sha256": content,
            "x-amz-date": now,
            "x-amz-decoded-content-length": "5",
            "content-encoding": "aws-chunked",
        }
        signed = {
            "Authorization": f"AWS4-HMAC-SHA256 Credential={told.s3_access_key}/{scope}, SignedHeaders=host, Signature={wrong}"
        }
        async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as client:
            for more in ({}, signed, {"Authorization": f"AWS {told.s3_access_key}:{wrong}"}):
                answer = await client.put(
                    f"{told.bucket_url}{path}", content=b"5\r\nhello\r\n0\r\n\r\n", headers={**headers, **more}
                )
                assert answer.status_code in (400, 403), (content, more)
