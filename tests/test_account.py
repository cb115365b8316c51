"""Accounts: signing up, in and out, cookies and tokens, the list of sessions and what revoking one does."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import orjson
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.conftest import Serving
from tests.people import OPERATIONS, PASSWORD, PATIENCE_SECONDS, Person, Town
from tests.selection import REVOKE, REVOKE_OTHERS

SESSIONS = "{ viewer { user { handle } sessions(first: 50) { edges { node { id device bearer isCurrent } } } } }"
LOG_OUT = (
    "mutation($input: LogOutInput!) { logOut(input: $input) { revokedSessionIds userErrors { code message path } } }"
)


async def sign_up(town: Town, handle: str, **more: Any) -> dict[str, Any]:
    """The payload of signing up by this handle."""
    given = {
        "handle": handle,
        "email": f"{handle.strip('@ ').lower()}@example.org",
        "password": PASSWORD,
        "bearer": True,
    }
    done = await town.ask("SignUp", input={**given, **more})
    found: dict[str, Any] = done["signUp"]
    return found


def refused(payload: dict[str, Any]) -> list[tuple[str, list[str] | None]]:
    """Codes and paths of a payload's refusals."""
    return [(error["code"], error["path"]) for error in payload["userErrors"]]


async def fresh(town: Town) -> str:
    """A handle nobody has."""
    return (await town.person("seed")).handle + "x"


class Browser:
    """A browser on our own page: it keeps cookies and says where it comes from."""

    def __init__(self, running: Serving, origin: str | None = None) -> None:
        self.client = httpx.AsyncClient(base_url=running.url, headers={"Origin": origin or running.url})

    async def __aenter__(self) -> Browser:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.aclose()

    async def send(self, query: str, name: str | None = None, **variables: Any) -> httpx.Response:
        """The whole answer to one operation, by cookie."""
        body = {"query": query, "variables": variables, "operationName": name}
        return await self.client.post("/graphql", json=body)

    async def sign_up(self, handle: str) -> httpx.Response:
        """Sign up without a bearer token."""
        given = {"handle": handle, "email": f"{handle}@example.org", "password": PASSWORD}
        return await self.send(OPERATIONS, "SignUp", input=given)


async def test_signing_up_signs_in(town: Town) -> None:
    handle = await fresh(town)
    payload = await sign_up(town, f"@{handle.upper()} ", displayName="  Ada   L. ")
    assert payload["viewer"]["user"]["handle"] == handle
    ada = Person(town, handle, payload["viewer"]["user"]["id"], payload["token"])
    assert (await ada.ask("Viewer"))["viewer"]["user"]["displayName"] == "Ada L."
    assert (await town.ask("Viewer"))["viewer"] is None


@pytest.mark.parametrize("handle", ["", "a b", "ä", "a" * 31, "a-b", "a.b", "@", "a\u0000b", "Ａda"])
async def test_handles_are_thirty_of_a_few_characters(town: Town, handle: str) -> None:
    payload = await sign_up(town, handle, email="somebody@example.org")
    assert refused(payload) == [("BAD_USER_INPUT", ["handle"])]
    assert payload["viewer"] is payload["token"] is None


@pytest.mark.parametrize("handle", ["admin", "Fresque", "@api", "me"])
async def test_reserved_handles_are_nobody_s(town: Town, handle: str) -> None:
    assert refused(await sign_up(town, handle)) == [("BAD_USER_INPUT", ["handle"])]


async def test_handles_and_addresses_are_unique_whatever_the_case(town: Town) -> None:
    handle = await fresh(town)
    await sign_up(town, handle)
    taken = await sign_up(town, handle.upper(), email="other-" + handle + "@example.org")
    assert refused(taken) == [("CONFLICT", ["handle"])]
    twice = await sign_up(town, handle + "y", email=f"{handle.upper()}@Example.ORG")
    assert refused(twice) == [("CONFLICT", ["email"])]
    assert (await town.ask("UserPage", handle=handle + "y"))["user"] is None, "nothing half-written"


async def test_one_of_many_gets_the_handle(town: Town) -> None:
    handle = await fresh(town)
    payloads = await asyncio.gather(*(sign_up(town, handle, email=f"{n}-{handle}@example.org") for n in range(8)))
    assert sorted(len(payload["userErrors"]) for payload in payloads) == [0] + [1] * 7
    assert all(refused(payload) == [("CONFLICT", ["handle"])] for payload in payloads if payload["userErrors"])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "nobody"),
        ("email", "a@b"),
        ("email", "a b@example.org"),
        ("email", "a@example.org\u0000"),
        ("email", "a" * 250 + "@example.org"),
        ("password", "short12"),
        ("password", "é" * 513),
        ("displayName", "x" * 51),
    ],
)
async def test_bad_fields_are_named(town: Town, field: str, value: str) -> None:
    payload = await sign_up(town, await fresh(town), **{field: value})
    assert refused(payload) == [("BAD_USER_INPUT", [field])]


async def test_logging_in_by_handle_or_address(town: Town) -> None:
    ada = await town.person("ada")
    for login in (ada.handle, ada.handle.upper(), f"@{ada.handle}", f" {ada.handle}@EXAMPLE.org "):
        payload = (await town.ask("LogIn", input={"login": login, "password": PASSWORD, "bearer": True}))["logIn"]
        assert payload["viewer"]["user"]["id"] == ada.id
        assert payload["token"] not in (None, ada.token)


async def test_a_wrong_password_and_a_wrong_name_look_alike(town: Town) -> None:
    ada = await town.person("ada")
    wrong = [
        (await town.ask("LogIn", input={"login": login, "password": password}))["logIn"]
        for login, password in (
            (ada.handle, "not the password"),
            ("nobody_here", PASSWORD),
            ("", ""),
            ("\u0000@x", "é" * 9_000),
        )
    ]
    assert all(payload == wrong[0] for payload in wrong)
    assert refused(wrong[0]) == [("UNAUTHENTICATED", ["password"])]


async def test_a_cookie_is_for_browsers_and_unreadable_to_scripts(town: Town, running: Serving) -> None:
    async with Browser(running) as browser:
        handle = await fresh(town)
        answer = await browser.sign_up(handle)
        assert answer.json()["data"]["signUp"]["token"] is None
        cookie = answer.headers["set-cookie"]
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; ")), cookie
        assert (await browser.send(SESSIONS)).json()["data"]["viewer"]["user"]["handle"] == handle
        (session,) = (await browser.send(SESSIONS)).json()["data"]["viewer"]["sessions"]["edges"]
        assert (session["node"]["bearer"], session["node"]["isCurrent"]) == (False, True)
        assert session["node"]["device"] == "python-httpx"
        gone = await browser.send(LOG_OUT, input={})
        assert "Max-Age=0" in gone.headers["set-cookie"]
        assert (await browser.send(SESSIONS)).json()["data"]["viewer"] is None
        browser.client.cookies.set("fresque_session", cookie.split(";")[0].partition("=")[2])
        assert (await browser.send(SESSIONS)).json()["data"]["viewer"] is None, "the secret itself is worth nothing now"


async def test_a_bearer_token_sets_no_cookie(town: Town, running: Serving) -> None:
    async with Browser(running) as browser:
        handle = await fresh(town)
        given = {"handle": handle, "email": f"{handle}@example.org", "password": PASSWORD, "bearer": True}
        answer = await browser.send(OPERATIONS, "SignUp", input=given)
        assert "set-cookie" not in answer.headers
        assert answer.json()["data"]["signUp"]["token"].startswith("frq_")


async def test_another_site_s_page_cannot_use_the_cookie(town: Town, running: Serving) -> None:
    async with Browser(running) as browser:
        await browser.sign_up(await fresh(town))
        browser.client.headers["Origin"] = "https://evil.example"
        answer = await browser.send(OPERATIONS, "CreatePost", input={"text": "not by me"})
        assert answer.status_code == 403
        assert answer.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
        address = running.url.replace("http", "ws", 1) + "/graphql"
        cookie = "; ".join(f"{name}={value}" for name, value in browser.client.cookies.items())
        async with connect(
            address,
            subprotocols=["graphql-transport-ws"],  # type: ignore[list-item]
            additional_headers={"Cookie": cookie, "Origin": "https://evil.example"},
        ) as socket:
            await socket.send('{"type": "connection_init"}')
            with pytest.raises(ConnectionClosed) as closed:
                await socket.recv()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 4403


async def test_a_token_that_is_no_good_is_refused_and_a_cookie_is_nobody(town: Town, running: Serving) -> None:
    answer = await Person(town, "", "", "frq_nonsense").answer("Viewer")
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    async with Browser(running) as browser:
        browser.client.cookies.set("fresque_session", "frq_nonsense")
        assert (await browser.send(SESSIONS)).json()["data"] == {"viewer": None}


async def test_sessions_are_one_s_own_to_see_and_end(town: Town) -> None:
    ada, eve = await town.person("ada"), await town.person("eve")
    other = (await town.ask("LogIn", input={"login": ada.handle, "password": PASSWORD, "bearer": True}))["logIn"]
    listed = (await ada.ask(SESSIONS))["viewer"]["sessions"]["edges"]
    assert [edge["node"]["isCurrent"] for edge in listed] == [False, True], "newest first"
    session = listed[0]["node"]["id"]
    assert await eve.refusal(REVOKE, sessionId=session) == ("NOT_FOUND", ["sessionId"])
    assert await ada.refusal(REVOKE, sessionId=ada.id) == ("NOT_FOUND", ["sessionId"])
    done = await ada.do(REVOKE, sessionId=session)
    assert done["revokedSessionIds"] == [session]
    answer = await Person(town, ada.handle, ada.id, other["token"]).answer("Viewer")
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert len((await ada.ask(SESSIONS))["viewer"]["sessions"]["edges"]) == 1
    assert await ada.refusal(REVOKE, sessionId=session) == ("NOT_FOUND", ["sessionId"])


@pytest.mark.parametrize("way", ["revoke", "revoke the others", "log out", "log out everywhere"])
async def test_a_session_that_ends_closes_its_sockets_at_once(town: Town, way: str) -> None:
    ada = await town.person("ada")
    given = {"login": ada.handle, "password": PASSWORD, "bearer": True}
    elsewhere = Person(town, ada.handle, ada.id, (await town.ask("LogIn", input=given))["logIn"]["token"])
    async with ada.socket() as staying, elsewhere.socket() as ending:
        subscribe = {"id": "1", "type": "subscribe", "payload": {"query": "subscription { homeTimeline { cursor } }"}}
        await ending.send(orjson.dumps(subscribe).decode())
        await ending.recv()
        if way == "revoke":
            listed = (await ada.ask(SESSIONS))["viewer"]["sessions"]["edges"]
            await ada.do(REVOKE, sessionId=next(e["node"]["id"] for e in listed if not e["node"]["isCurrent"]))
        elif way == "revoke the others":
            assert len((await ada.do(REVOKE_OTHERS))["revokedSessionIds"]) == 1
        else:
            done = await elsewhere.do(LOG_OUT, everywhere=way.endswith("everywhere"))
            assert len(done["revokedSessionIds"]) == (2 if way.endswith("everywhere") else 1)
        async with asyncio.timeout(PATIENCE_SECONDS):
            await ending.wait_closed()
        assert (ending.close_code, ending.close_reason) == (4403, "The session has ended.")
        if not way.endswith("everywhere"):
            assert (await ada.ask("Viewer"))["viewer"] is not None
            await staying.send('{"type": "ping"}')
            assert orjson.loads(await staying.recv())["type"] == "pong"


async def test_all_others_means_nobody_else_s_and_not_this_one(town: Town) -> None:
    ada, eve = await town.person("ada"), await town.person("eve")
    given = {"login": ada.handle, "password": PASSWORD, "bearer": True}
    others = [(await town.ask("LogIn", input=given))["logIn"]["token"] for _ in range(2)]
    done = await ada.do(REVOKE_OTHERS, idempotencyKey="once")
    assert len(done["revokedSessionIds"]) == 2
    assert await ada.do(REVOKE_OTHERS, idempotencyKey="once") == done
    assert (await ada.do(REVOKE_OTHERS))["revokedSessionIds"] == []
    for token in others:
        answer = await Person(town, ada.handle, ada.id, token).answer("Viewer")
        assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    (edge,) = (await ada.ask(SESSIONS))["viewer"]["sessions"]["edges"]
    assert edge["node"]["isCurrent"] is True
    assert (await eve.ask("Viewer"))["viewer"] is not None
    assert await Person(town, "", "", None).refusal(REVOKE_OTHERS) == ("UNAUTHENTICATED", None)


async def test_logging_out_signed_out_is_refused(town: Town) -> None:
    assert refused((await town.ask(LOG_OUT, input={}))["logOut"]) == [("UNAUTHENTICATED", None)]
