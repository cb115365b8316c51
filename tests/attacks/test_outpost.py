"""A whole Fresque of real processes on the open internet, so it believes, with a canary in everything that is secret: what it tells by
https, and that none of them is in any log, answer or metric, whatever is done and whatever fails."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx
import pytest_asyncio
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from execution.transports.armour import HSTS
from tests.people import PATIENCE_SECONDS
from tests.processes import Api, Process, Processes, own_stack
from tests.pushing import Receiving

PUBLIC = "https://fresque.example"
WHO = "{ viewer { user { handle } } }"
SIGN_UP = "mutation($input: SignUpInput!) { signUp(input: $input) { token viewer { user { id } } userErrors { code message } } }"
LOG_IN = "mutation($input: LogInInput!) { logIn(input: $input) { token userErrors { code message } } }"


def canary(name: str) -> str:
    """Something that nobody else says."""
    return f"canary{name}{secrets.token_hex(12)}"


def saying(document: str, text: str) -> str:
    """The document with this text in its place."""
    return document.replace("$$", text)


@dataclass(slots=True)
class Outpost:
    """The running processes, what is secret there by what it is, and everything that was ever answered."""

    house: Processes
    api: Api
    client: httpx.AsyncClient
    ours: dict[str, str]  # of whoever runs this place
    theirs: dict[str, str] = field(default_factory=dict)  # of people
    heard: list[str] = field(default_factory=list)

    async def send(self, method: str, path: str, **more: Any) -> httpx.Response | None:
        """One request, as a browser behind the proxy sends it; None where no answer came."""
        try:
            answer = await self.client.request(method, self.api.url + path, **more)
        except httpx.TransportError:
            return None
        self.client.cookies.clear()
        self.heard.append(f"{answer.status_code} {answer.headers} {answer.text}")
        return answer

    async def ask(
        self, query: str, given: dict[str, Any] | None = None, headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """The answer to one document, {} where none came."""
        body = {"query": query, "variables": given or {}}
        answer = await self.send("POST", "/graphql", json=body, headers=headers)
        if answer is None:
            return {}
        found: dict[str, Any] = answer.json()
        return found

    def logs(self) -> dict[str, str]:
        """Everything that any process of it has said, servers included."""
        places = [*self.house.stack.home.rglob("*.log"), *self.house.stack.home.glob("logs/*")]
        return {place.name: place.read_text(errors="replace") for place in places if place.is_file()}


def infrastructure(environment: dict[str, str]) -> dict[str, str]:
    """The secrets in the environment of the processes."""
    found = {
        name: environment[name]
        for name in ("SECRET_KEY", "WATERMARK_KEY", "METRICS_TOKEN", "VAPID_KEY", "S3_SECRET_KEY", "TEXT_MODEL_KEY")
    }
    for name in ("DATABASE_URL", "REDIS_URL", "SMTP_URL"):
        found[name] = unquote(urlsplit(environment[name]).password or "")
    return found


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def outpost() -> AsyncIterator[Outpost]:
    """One for all tests of this file."""
    with own_stack("outpost", s3=True) as stack:
        house = Processes(stack)
        dead = "127.0.0.1:9"  # where nobody listens
        house.environment |= {
            "PUBLIC_URL": PUBLIC,
            "SECRET_KEY": canary("secretkey") * 2,
            "WATERMARK_KEY": canary("watermark") * 2,
            "METRICS_TOKEN": canary("metrics"),
            "SMTP_URL": f"smtp://post:{canary('smtp')}@{dead}?tls=never",
            "TEXT_MODEL_URL": f"http://{dead}/v1",
            "TEXT_MODEL_KEY": canary("model"),
            "TEXT_MODEL_NAME": "m",
            "OUTSIDE_LOOPBACK_HOSTS": "127.0.0.1",
        }
        house.environment.pop("DEVELOPMENT", None)
        work = Process("work", stack.home, "work", house.environment)
        api, relay, worker = house.api("api"), house.relay("relay"), house.worker("worker")
        house.all.append(work)
        try:
            await house.begin(api, relay, worker, work)
            async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as client:
                yield Outpost(house, api, client, infrastructure(house.environment))
        finally:
            house.end()


# -- by https


async def test_by_https_browsers_are_told_to_come_by_no_other_way(outpost: Outpost) -> None:
    for path in ("/", "/healthz", "/nothing", "/graphql?query={__typename}", "/metrics"):
        answer = await outpost.send("GET", path)
        assert answer is not None
        assert answer.headers["strict-transport-security"] == HSTS, path


async def come_in(outpost: Outpost, name: str) -> tuple[str, dict[str, Any]]:
    """Somebody new in a browser: their handle, and the cookies that they were given."""
    handle = f"{name}_{secrets.token_hex(4)}"
    given = {"handle": handle, "email": f"{canary('mail')}@example.org", "password": canary("password")}
    outpost.theirs |= {f"password of {handle}": given["password"], f"address of {handle}": given["email"]}
    answer = await outpost.client.post(
        f"{outpost.api.url}/graphql", json={"query": SIGN_UP, "variables": {"input": given}}
    )
    outpost.client.cookies.clear()
    cookies = {key: one for line in answer.headers.get_list("set-cookie") for key, one in SimpleCookie(line).items()}
    outpost.theirs |= {f"{key} of {handle}": one.value for key, one in cookies.items()}
    return handle, cookies


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


async def live_through(outpost: Outpost) -> str:
    """Whatever people do here that has a secret in it, well and badly; gives the token of somebody."""
    theirs = outpost.theirs
    handle = f"eve_{secrets.token_hex(4)}"
    given: dict[str, Any] = {
        "handle": handle,
        "email": f"{canary('mail')}@example.org",
        "password": canary("password"),
        "bearer": True,
    }
    token = (
        await outpost.client.post(f"{outpost.api.url}/graphql", json={"query": SIGN_UP, "variables": {"input": given}})
    ).json()["data"]["signUp"]["token"]
    theirs |= {"password": given["password"], "address": given["email"], "token": token}
    mine = {"Authorization": f"Bearer {token}"}
    theirs["wrong password"], theirs["new password"] = canary("wrong"), canary("new")
    await outpost.ask(SIGN_UP, {"input": {**given, "handle": handle}})  # it is taken
    await outpost.ask(SIGN_UP, {"input": {**given, "handle": "x!", "password": theirs["new password"]}})
    await outpost.ask(LOG_IN, {"input": {"login": handle, "password": theirs["wrong password"]}})
    await outpost.ask(LOG_IN, {"input": {"login": given["email"], "password": theirs["wrong password"]}})
    await outpost.ask(
        "mutation($input: ChangePasswordInput!) { changePassword(input: $input) { userErrors { code message } } }",
        {"input": {"currentPassword": theirs["wrong password"], "newPassword": theirs["new password"]}},
        headers=mine,
    )
    for name in ("letter", "prompt", "post", "key", "draft", "search"):
        theirs[name] = canary(name)
    await outpost.ask(
        saying('mutation { createPost(input: { text: "$$", visibility: MENTIONED }) { post { id } } }', theirs["post"]),
        headers=mine,
    )
    await outpost.ask(
        saying('mutation { generateImages(input: { prompt: "a cat $$" }) { job { id } } }', theirs["prompt"]),
        headers=mine,
    )
    await outpost.ask(
        saying('mutation { enhancePrompt(input: { prompt: "$$" }) { __typename } }', theirs["prompt"]), headers=mine
    )
    await outpost.ask(
        saying('mutation { saveSearch(input: { text: "$$" }) { __typename } }', theirs["search"]), headers=mine
    )
    await outpost.ask(
        saying('mutation { createPost(input: { text: "x", idempotencyKey: "$$" }) { post { id } } }', theirs["key"]),
        headers=mine,
    )
    hook = "mutation($u: String!) { createWebhook(input: { url: $u }) { secret webhook { id } userErrors { code } } }"
    theirs["place of a webhook"] = canary("hook")
    made = (await outpost.client.post(
        f"{outpost.api.url}/graphql",
        json={"query": hook, "variables": {"u": f"http://127.0.0.1:9/{theirs['place of a webhook']}"}},
        headers=mine,
    )).json()["data"]["createWebhook"]  # fmt: skip
    if made["secret"]:
        theirs["secret of a webhook"] = made["secret"]
        await outpost.ask(
            "mutation($id: ID!) { testWebhook(input: { webhookId: $id }) { __typename } }",
            {"id": made["webhook"]["id"]},
            headers=mine,
        )
    device = Receiving()
    device.endpoint = f"https://push.example.org/{canary('push')}"
    theirs |= {"place of a device": device.endpoint, "secret of a device": device.given["auth"]}
    await outpost.ask(
        "mutation($input: SubscribeToPushInput!) { subscribeToPush(input: $input) { __typename } }",
        {"input": device.given},
        headers=mine,
    )
    await outpost.ask("mutation { updateDigest(input: { frequency: DAILY }) { __typename } }", headers=mine)
    await badly(outpost, token)
    return str(token)


async def badly(outpost: Outpost, token: str) -> None:
    """What is wrong in itself, with something secret in it."""
    theirs = outpost.theirs
    for name in ("bad token", "bad cookie", "bad grant", "bad ticket", "bad literal", "bad body"):
        theirs[name] = canary(name.partition(" ")[2])
    for authorization in (f"Bearer {theirs['bad token']}", f"Basic {theirs['bad token']}", f"Bearer {token}x"):
        await outpost.ask(WHO, headers={"Authorization": authorization})
    await outpost.ask(
        WHO, headers={"Cookie": f"__Host-fresque_session={theirs['bad cookie']}; fresque_device={theirs['bad cookie']}"}
    )
    await outpost.ask(saying('{ node(id: "$$" ) { nope } }', theirs["bad literal"]))
    await outpost.ask(saying('{ node(id: "$$" ', theirs["bad literal"]))
    paths = (
        f"/media/image_0000000000001/SMALL?grant=1.9999999999.{theirs['bad grant']}", f"/mail/stop/{theirs['bad ticket']}", f"/graphql/{theirs['bad ticket']}",
        f"/graphql?query={{__typename}}&access_token={theirs['bad token']}", f"/nothing?token={theirs['bad token']}", f"/{theirs['bad token']}/",
        "/metrics", "/readyz", f"/verify?image={theirs['bad ticket']}",
    )  # fmt: skip
    for path in paths:
        await outpost.send("POST" if path.startswith(("/verify", "/mail")) else "GET", path)
    await outpost.send(
        "POST",
        "/graphql",
        content=f'{{"query": "{theirs["bad body"]}'.encode(),
        headers={"content-type": "application/json"},
    )
    await outpost.send("POST", "/verify", content=theirs["bad body"].encode())
    await outpost.send("GET", "/metrics", headers={"Authorization": f"Bearer {outpost.ours['METRICS_TOKEN']}"})
    address = outpost.api.url.replace("http", "ws", 1) + "/graphql"
    shown: list[Any] = [f"Bearer {theirs['bad token']}", f"Bearer {token}", 5, None]
    for one in shown:
        with contextlib.suppress(ConnectionClosed, InvalidStatus, OSError):
            async with connect(address, subprotocols=["graphql-transport-ws"]) as socket:  # type: ignore[list-item]
                await socket.send(json.dumps({"type": "connection_init", "payload": {"authorization": one}}))
                outpost.heard.append(str(await socket.recv()))
                await socket.send(theirs["bad body"])
                outpost.heard.append(str(await socket.recv()))


def found(texts: dict[str, str], secret: dict[str, str]) -> list[str]:
    """Where something secret stands that must not."""
    return [
        f"{what} in {place}: …{text[max(0, at - 120) : at + len(value)]}"
        for place, text in texts.items()
        for what, value in secret.items()
        if value and (at := text.find(value)) >= 0
    ]


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


async def live_through_the_dark(outpost: Outpost, token: str) -> None:
    """Everything is asked for while there is no database: each is told so, in a way that can be waited for."""
    await badly(outpost, token)
    for method, path in (
        ("GET", "/media/image_0000000000001/SMALL"),
        ("GET", "/readyz"),
        ("POST", "/mail/stop/x"),
        ("GET", "/healthz"),
    ):
        answer = await outpost.send(method, path)
        assert answer is not None, path
        assert answer.status_code in (200, 302, 404, 503), (path, answer.status_code)
    masked = await outpost.ask(WHO, headers={"Authorization": f"Bearer {token}"})
    assert {error["message"] for error in masked["errors"]} == {"Something went wrong on our side."}


async def test_the_client_s_code_holds_no_secret(outpost: Outpost) -> None:
    built = Path(__file__).parents[2] / "web" / "dist"
    texts = {
        place.name: place.read_text(errors="replace")
        for place in built.rglob("*")
        if place.suffix in (".js", ".html", ".json", ".css")
    }
    assert found(texts, outpost.ours) == []
