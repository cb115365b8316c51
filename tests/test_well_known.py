"""What is looked for at fixed addresses: to whom a hole is reported (RFC 9116), and where a password is changed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

import app
from execution.transports.client import PAGES
from execution.transports.well_known import WellKnown, contacts
from settings import Settings
from tests.people import Town

HERE = Path(__file__).parent.parent
SECURITY, PASSWORD = "/.well-known/security.txt", "/.well-known/change-password"
NAMED = "mailto:security@fresque.example, https://fresque.example/report"


def visit(place: WellKnown) -> httpx.AsyncClient:
    found = Starlette(routes=place.routes)
    return httpx.AsyncClient(transport=httpx.ASGITransport(found), base_url="https://fresque.example")


async def test_a_hole_is_reported_to_who_runs_this_place(told: Settings) -> None:
    """By the whole application, on settings that name somebody."""
    named = replace(told, security_contact=NAMED, public_url="https://fresque.example")
    transport = httpx.ASGITransport(app.create_app(named))
    async with httpx.AsyncClient(transport=transport, base_url="https://fresque.example") as visitor:
        answer = await visitor.get(SECURITY)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    lines = answer.text.splitlines()
    fields = [(name, value) for name, _, value in (line.partition(": ") for line in lines)]
    assert [value for name, value in fields if name == "Contact"] == [one.strip() for one in NAMED.split(",")]
    assert ("Canonical", f"https://fresque.example{SECURITY}") in fields
    (until,) = [datetime.fromisoformat(value) for name, value in fields if name == "Expires"]
    assert timedelta(days=1) < until - datetime.now(UTC) < timedelta(days=366), "RFC 9116 §2.5.5"
    assert answer.text.endswith("\n")
    assert all(re.fullmatch(r"[A-Z][a-z-]+: \S+", line) for line in lines)


async def test_where_nobody_is_named_there_is_no_such_file(town: Town) -> None:
    assert (await town.http.get(town.url + SECURITY)).status_code == 404
    assert WellKnown([], "https://fresque.example", "").routes == []


async def test_by_http_it_names_no_address_of_its_own() -> None:
    async with visit(WellKnown(["tel:+1-201-555-0123"], "http://127.0.0.1:8000", "")) as visitor:
        assert "Canonical" not in (await visitor.get(SECURITY)).text


@pytest.mark.parametrize(
    "said",
    ["security@fresque.example", "http://fresque.example", "mailto:", "mailto:a@b\nExpires: never", "mailto:a b@c",
     "javascript:alert(1)", "mailto:a@b, nobody", "mailto:é@fresque.example"],
)  # fmt: skip
def test_what_is_no_contact_stops_the_process(said: str) -> None:
    with pytest.raises(SystemExit, match="SECURITY_CONTACT"):
        contacts(said)


async def test_password_managers_are_led_to_the_page_where_a_password_is_changed() -> None:
    """https://w3c.github.io/webappsec-change-password-url/: a redirect by 302, 303 or 307, to a page that is there."""
    async with visit(WellKnown([], "https://fresque.example", app.SECURITY_PAGE)) as visitor:
        answer = await visitor.get(PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, app.SECURITY_PAGE)
    assert app.SECURITY_PAGE in PAGES
    page = (HERE / "web" / "source" / "security" / "SecurityPage.tsx").read_text()
    assert "<ChangePassword />" in page, "and has the form"


async def test_nothing_else_there_is_answered_as_if_it_were(town: Town) -> None:
    """How a password manager finds out whether a 200 means anything at this place."""
    path = "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200"
    for accept in ("*/*", "text/html"):
        assert (await town.http.get(town.url + path, headers={"Accept": accept})).status_code == 404


def test_the_repository_says_how_a_hole_in_the_software_is_reported() -> None:
    said = (HERE / "SECURITY.md").read_text()
    assert "/.well-known/security.txt" in said
    assert "privately" in said
    assert "docs/threats.md" in said
