"""A whole Fresque of real processes on the open internet, so it believes, with a canary in everything that is secret: what it tells by
https, and that none of them is in any log, answer or metric, whatever is done and whatever fails."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from pathlib import Path
from urllib.parse import quote, urlencode

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from execution.transports.armour import HSTS
from tests.attacks.canary import (
    LOG_IN,
    PUBLIC,
    SIGN_UP,
    WHO,
    Outpost,
    badly,
    below,
    come_in,
    found,
    live_through,
    live_through_the_dark,
    outpost,
)

__all__ = ["outpost"]  # a fixture of this module, too


# -- by https


async def test_by_https_browsers_are_told_to_come_by_no_other_way(outpost: Outpost) -> None:
    for path in ("/", "/healthz", "/nothing", "/graphql?query={__typename}", "/metrics"):
        answer = await outpost.send("GET", path)
        assert answer is not None
        assert answer.headers["strict-transport-security"] == HSTS, path


async def test_by_https_cookies_are_bound_to_this_host(outpost: Outpost) -> None:
    handle, cookies = await come_in(outpost, "ada")
    assert set(cookies) == {"__Host-fresque_session", "__Host-fresque_device"}
    for one in cookies.values():
        flags = (one["secure"], one["httponly"], one["path"], one["domain"], one["samesite"])
        assert flags == (True, True, "/", "", "Lax")
    value = cookies["__Host-fresque_session"].value
    bound = await outpost.ask(WHO, headers={"Cookie": f"__Host-fresque_session={value}"})
    assert bound["data"]["viewer"]["user"]["handle"] == handle
    planted = await outpost.ask(WHO, headers={"Cookie": f"fresque_session={value}"})
    assert planted["data"]["viewer"] is None, "a neighbour of this host can plant cookies without the prefix"


async def test_by_https_a_page_of_ours_is_one_by_https(outpost: Outpost) -> None:
    _, cookies = await come_in(outpost, "ada")
    cookie = f"__Host-fresque_session={cookies['__Host-fresque_session'].value}"
    origins = [
        PUBLIC, "http://fresque.example", f"{PUBLIC}:8443", f"{PUBLIC}.evil.example", "https://evil.example", "null", "HTTPS://FRESQUE.EXAMPLE",
        "https://fresque.example@evil.example", "https://sub.fresque.example", "",
    ]  # fmt: skip
    good = {PUBLIC, "HTTPS://FRESQUE.EXAMPLE"}
    for origin in origins:
        headers = {"Cookie": cookie, "Origin": origin, "Sec-Fetch-Site": "cross-site"}
        answer = await outpost.send("POST", "/graphql", json={"query": WHO}, headers=headers)
        assert answer is not None
        assert answer.status_code == (200 if origin in good else 403), origin
        address = outpost.api.url.replace("http", "ws", 1) + "/graphql"
        async with connect(address, subprotocols=["graphql-transport-ws"], additional_headers=headers) as socket:  # type: ignore[list-item]
            await socket.send('{"type": "connection_init"}')
            if origin in good:
                assert json.loads(await socket.recv())["type"] == "connection_ack"
            else:
                with contextlib.suppress(ConnectionClosed):
                    assert json.loads(await socket.recv())["type"] != "connection_ack"
                assert socket.close_code == 4403, origin


# -- canaries


async def test_nothing_that_opens_a_door_is_kept_in_clear(outpost: Outpost) -> None:
    """Who reads the database, a backup of it or Redis is signed in as nobody, and signs nothing."""
    handle, _ = await come_in(outpost, "ida")
    await live_through(outpost)
    doors = {
        what: value
        for what, value in outpost.theirs.items()
        if what.startswith(("password", "wrong", "new", "token", "secret of a webhook", "__Host", "bad t", "bad c"))
    }
    assert len(doors) >= 8
    held = await below(outpost)
    assert any(handle in text for text in held.values()), "it was looked at"
    assert held["Redis"], "there, too"
    assert found(held, doors) == []
    assert found(held, outpost.ours) == []


async def test_nobody_writes_a_line_of_a_log(outpost: Outpost) -> None:
    """D5, from outside: line breaks and colours in everything that a stranger names."""
    forged = "ERROR forged: the disk is full"
    ugly = f"x\r\n{forged}\x1b[31m\u2028{forged}"
    plain = quote(ugly)
    for path in (
        f"/{plain}",
        f"/media/{plain}/SMALL?grant={plain}",
        f"/mail/stop/{plain}",
        f"/graphql/{plain}?query={plain}",
        f"/oauth/{plain}",
    ):
        await outpost.send("GET", path, headers={"User-Agent": f"x {forged}", "Referer": plain})
    await outpost.ask("query($v: ID!) { node(id: $v) { id } }", {"v": ugly})
    await outpost.ask(LOG_IN, {"input": {"login": ugly, "password": ugly}})
    await outpost.ask(SIGN_UP, {"input": {"handle": ugly, "email": ugly, "password": ugly, "displayName": ugly}})
    await outpost.send("POST", "/oauth/register", json={"client_name": ugly, "redirect_uris": [ugly]})
    await outpost.send("POST", "/oauth/token", data={"grant_type": ugly, "client_id": ugly, "code": ugly})
    await outpost.send("POST", "/verify", content=ugly.encode(), headers={"Content-Type": "image/png"})
    await outpost.send("GET", f"/login/external/back?{urlencode({'state': ugly, 'error': ugly})}")
    logs = {
        place: text for place, text in outpost.logs().items() if "\0" not in text
    }  # others are a store's, and no lines
    assert {"api.log", "work.log"} <= set(logs)
    for place, text in logs.items():
        assert "\x1b" not in text, place
        assert [line for line in text.splitlines() if line.startswith(("ERROR forged", forged))] == [], place


async def test_the_role_of_the_database_rules_no_server(outpost: Outpost) -> None:
    """Whoever could say a statement would reach this database, and neither the others', nor files, nor programs."""
    rights = "rolsuper OR rolcreaterole OR rolreplication OR rolbypassrls"
    assert await outpost.house.value(f"SELECT {rights} FROM pg_roles WHERE rolname = current_user") is False
    for role in ("pg_execute_server_program", "pg_read_server_files", "pg_write_server_files", "pg_read_all_data"):
        assert await outpost.house.value("SELECT pg_has_role(current_user, $1, 'MEMBER')", role) is False, role


async def test_no_secret_is_in_any_log_or_answer_whatever_fails(outpost: Outpost) -> None:
    stack = outpost.house.stack
    token = await live_through(outpost)
    await outpost.house.until("SELECT EXISTS (SELECT FROM webhook_attempts)")  # in vain
    await asyncio.to_thread(stack.redis.kill)
    await badly(outpost, token)
    await asyncio.to_thread(stack.redis.start)
    await asyncio.to_thread(stack.s3.kill)
    upload = 'mutation { createImageUpload(input: { mimeType: "image/png", byteSize: 9 }) { upload { id } } }'
    begun = await outpost.ask(upload, headers={"Authorization": f"Bearer {token}"})
    one = (((begun.get("data") or {}).get("createImageUpload") or {}).get("upload") or {}).get("id", "x")
    complete = "mutation($id: ID!) { completeImageUpload(input: { uploadId: $id }) { userErrors { code message } } }"
    await outpost.ask(complete, {"id": one}, headers={"Authorization": f"Bearer {token}"})
    traced = [name for name, text in outpost.logs().items() if "Traceback" in text]
    assert traced == [], "what an outsider does is no fault of ours"
    await asyncio.to_thread(stack.postgres.kill)
    await live_through_the_dark(outpost, token)
    await asyncio.to_thread(stack.postgres.start)
    await outpost.api.ready()
    assert found({"an answer": "\n".join(outpost.heard)}, outpost.ours) == []
    kept = {
        what: value
        for what, value in outpost.theirs.items()
        if what.startswith(("password", "wrong", "new", "bad c", "bad t", "secret"))
    }
    assert found({"an answer": "\n".join(outpost.heard)}, kept) == []
    logs = outpost.logs()
    assert {"api.log", "work.log"} <= set(logs), set(logs)
    assert found(logs, outpost.ours) == []
    assert found(logs, outpost.theirs) == []
    inside = re.compile(r"site-packages|File \"|asyncpg|postgres://|redis://|SELECT |/[a-z]+/[a-z_]+\.py")
    told = [text for text in outpost.heard if inside.search(text)]
    assert told == [], told[0][:1_000]


async def test_the_client_s_code_holds_no_secret(outpost: Outpost) -> None:
    built = Path(__file__).parents[2] / "web" / "dist"
    texts = {
        place.name: place.read_text(errors="replace")
        for place in built.rglob("*")
        if place.suffix in (".js", ".html", ".json", ".css")
    }
    assert found(texts, outpost.ours) == []
