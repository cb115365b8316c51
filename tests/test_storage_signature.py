"""Signed addresses: the same bytes as botocore's, and what a real server refuses."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import aioboto3
import httpx
import pytest
import pytest_asyncio
from botocore.config import Config

from dev.stack import Stack
from settings import Settings, read
from storage.bucket import Bucket
from storage.key import upload_key
from storage.signature import Form, presigned_get, presigned_post
from tests.people import PATIENCE_SECONDS

SIGNING = Config(signature_version="s3v4", s3={"addressing_style": "path"})
KEYS = ("a", "pictures/ab/abcd/small.webp", "a b/ü~(1)+&=?#%.png", "uploads/x_-.y")
PLACES = (
    "http://127.0.0.1:8333",
    "https://media.example",
    "https://media.example:443",
    "http://media.example:80",
    "https://media.example:8443",
    "https://media.example/below",
)
ELSEWHERE = Settings(s3_access_key="AK/ID+1", s3_secret_key="s/+" * 9, s3_region="eu-west-3")
LONG_AGO = 1_500_000_000.0


def seconds_of(stamp: str) -> float:
    return time.mktime(time.strptime(stamp + " UTC", "%Y%m%dT%H%M%SZ %Z")) - time.timezone


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("key", KEYS)
async def test_get_is_what_botocore_signs(key: str, place: str) -> None:
    told = replace(ELSEWHERE, s3_endpoint_url=place)
    everything = {
        "ResponseCacheControl": "private, max-age=60",
        "ResponseContentDisposition": 'inline; filename="a b.png"',
        "ResponseContentType": "image/png",
    }
    async with _botocore(told) as client:
        for extra in ({}, everything):
            params = {"Bucket": told.s3_bucket, "Key": key, **extra}
            theirs = await client.generate_presigned_url("get_object", Params=params, ExpiresIn=60)
            now = seconds_of(parse_qs(urlsplit(theirs).query)["X-Amz-Date"][0])
            ours = presigned_get(
                key,
                now,
                told,
                60,
                extra.get("ResponseContentType"),
                extra.get("ResponseContentDisposition"),
                extra.get("ResponseCacheControl"),
            )
            assert ours == theirs


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("key", KEYS)
async def test_post_is_what_botocore_signs(key: str, place: str) -> None:
    told = replace(ELSEWHERE, s3_endpoint_url=place)
    async with _botocore(told) as client:
        for _ in range(3):  # botocore reads the clock twice, and a second may end in between
            theirs = await client.generate_presigned_post(
                told.s3_bucket,
                key,
                Fields={"Content-Type": "image/png"},
                Conditions=[{"Content-Type": "image/png"}, ["content-length-range", 1, 500]],
                ExpiresIn=300,
            )
            now = seconds_of(theirs["fields"]["x-amz-date"])
            ours = presigned_post(key, "image/png", 500, now, told)
            if ours.fields == theirs["fields"]:
                break
        assert (ours.url, ours.fields) == (theirs["url"], theirs["fields"])


def test_the_public_endpoint_is_signed() -> None:
    told = Settings(s3_public_endpoint_url="https://media.example")
    assert presigned_get("a", 0, told).startswith("https://media.example/fresque/a?")
    assert presigned_post("a", "image/png", 1, 0, told).url == "https://media.example/fresque"


@pytest.mark.parametrize("seconds", [0, -1, 301])
def test_nothing_lives_longer_than_five_minutes(seconds: int) -> None:
    with pytest.raises(ValueError, match="1 to 300 seconds"):
        presigned_get("a", 0, Settings(), seconds)
    with pytest.raises(ValueError, match="1 to 300 seconds"):
        presigned_post("a", "image/png", 1, 0, Settings(), seconds)


@pytest.fixture(scope="module")
def told(stack: Stack) -> Settings:
    return replace(read(stack.environment()), s3_bucket="signature-test")


@pytest_asyncio.fixture(scope="module")
async def bucket(told: Settings) -> AsyncIterator[Bucket]:
    bucket = await Bucket.open(told)
    await bucket.ensure()
    yield bucket
    await bucket.close()


@pytest_asyncio.fixture(scope="module")
async def browser() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as client:
        yield client


async def send(browser: httpx.AsyncClient, form: Form, body: bytes, mime_type: str = "image/png") -> httpx.Response:
    return await browser.post(form.url, data=form.fields, files={"file": ("p.png", body, mime_type)})


async def test_a_form_stores_what_it_says(bucket: Bucket, told: Settings, browser: httpx.AsyncClient) -> None:
    key = upload_key()
    form = presigned_post(key, "image/png", 1_000, time.time(), told)
    assert (await send(browser, form, b"x" * 1_000)).status_code in (200, 201, 204)
    assert await bucket.get(key, 1_000) == b"x" * 1_000
    answer = await browser.get(presigned_get(key, time.time(), told))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")


async def test_a_body_out_of_bounds_is_refused(bucket: Bucket, told: Settings, browser: httpx.AsyncClient) -> None:
    for body in (b"", b"x" * 1_001, b"x" * 3_000_000):
        key = upload_key()
        form = presigned_post(key, "image/png", 1_000, time.time(), told)
        assert 400 <= (await send(browser, form, body)).status_code < 500
        assert await bucket.head(key) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("key", "uploads/of-somebody-else"),
        ("key", "pictures/ab/evil/small.webp"),
        ("key", "uploads/${filename}"),
        ("Content-Type", "text/html"),
        ("x-amz-signature", "0" * 64),
        ("x-amz-date", "20200101T000000Z"),
    ],
)
async def test_a_changed_form_is_refused(
    bucket: Bucket, told: Settings, browser: httpx.AsyncClient, field: str, value: str
) -> None:
    key = upload_key()
    form = presigned_post(key, "image/png", 1_000, time.time(), told)
    changed = Form(form.url, {**form.fields, field: value})
    assert 400 <= (await send(browser, changed, b"x")).status_code < 500
    assert await bucket.head(key) is None
    assert await bucket.head("uploads/p.png") is None
    if field == "key":
        assert await bucket.head(value) is None


@pytest.mark.parametrize(
    ("field", "value"), [("acl", "public-read"), ("acl", "public-read-write"), ("bucket", "other")]
)
async def test_a_field_beside_the_form_opens_nothing(
    bucket: Bucket, told: Settings, browser: httpx.AsyncClient, field: str, value: str
) -> None:
    """SeaweedFS lets a field pass that the policy does not name (S3 itself refuses it)."""
    key = upload_key()
    form = presigned_post(key, "image/png", 1_000, time.time(), told)
    await send(browser, Form(form.url, {**form.fields, field: value}), b"x")
    assert (await browser.get(f"{form.url}/{key}")).status_code == 403
    assert (await browser.put(f"{form.url}/{key}", content=b"y")).status_code == 403
    assert (await browser.get(f"{told.bucket_url}/other/{key}")).status_code in (403, 404)


async def test_a_form_is_for_one_bucket(bucket: Bucket, told: Settings, browser: httpx.AsyncClient) -> None:
    elsewhere = await Bucket.open(replace(told, s3_bucket="signature-other"))
    await elsewhere.ensure()
    key = upload_key()
    form = presigned_post(key, "image/png", 1_000, time.time(), told)
    assert (await send(browser, Form(f"{told.bucket_url}/signature-other", form.fields), b"x")).status_code == 403
    assert await elsewhere.head(key) is None
    await elsewhere.close()


async def test_a_form_that_is_over_is_refused(bucket: Bucket, told: Settings, browser: httpx.AsyncClient) -> None:
    key = upload_key()
    form = presigned_post(key, "image/png", 1_000, time.time() - 301, told)
    assert 400 <= (await send(browser, form, b"x")).status_code < 500
    assert await bucket.head(key) is None


async def test_get_with_headers_of_ours(bucket: Bucket, told: Settings, browser: httpx.AsyncClient) -> None:
    await bucket.put("a b/ü+&.png", b"x", "image/png", "public")
    url = presigned_get("a b/ü+&.png", time.time(), told, 60, "image/webp", 'inline; filename="a b"', "private")
    answer = await browser.get(url)
    assert (answer.status_code, answer.content) == (200, b"x")
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["content-disposition"] == 'inline; filename="a b"'
    assert answer.headers["cache-control"] == "private"


async def test_get_changed_or_over_is_refused(bucket: Bucket, told: Settings, browser: httpx.AsyncClient) -> None:
    await bucket.put("one", b"1", "image/png")
    await bucket.put("two", b"2", "image/png")
    url = presigned_get("one", time.time(), told)
    assert (await browser.get(url)).status_code == 200
    assert (await browser.get(url.replace("/one?", "/two?"))).status_code == 403
    assert (await browser.get(url.replace("Expires=60", "Expires=300"))).status_code == 403
    assert (await browser.get(url + "&response-content-type=text%2Fhtml")).status_code == 403
    assert (await browser.put(url, content=b"y")).status_code == 403
    assert (await browser.get(presigned_get("one", time.time() - 61, told))).status_code == 403
    assert (await browser.get(presigned_get("one", LONG_AGO, told))).status_code == 403
    assert await bucket.get("one", 10) == b"1"


def _botocore(told: Settings):  # type: ignore[no-untyped-def]  # aioboto3 has no types
    return aioboto3.Session().client(
        "s3",
        endpoint_url=told.s3_endpoint_url,
        aws_access_key_id=told.s3_access_key,
        aws_secret_access_key=told.s3_secret_key,
        region_name=told.s3_region,
        config=SIGNING,
    )
