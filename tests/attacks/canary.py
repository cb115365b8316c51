"""A whole Fresque of real processes with a canary in everything that is secret, and what people do there, well and badly."""

from __future__ import annotations

import contextlib
import json
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx
import pytest_asyncio
from redis.asyncio import Redis
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

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


async def below(outpost: Outpost) -> dict[str, str]:
    """Everything that the database and Redis hold."""
    tables = await outpost.house.value(
        "SELECT array_agg(quote_ident(tablename)) FROM pg_tables WHERE schemaname = 'public'"
    )
    every = " UNION ALL ".join(f"SELECT '{table}', string_agg(t::text, ' ') FROM {table} t" for table in tables)
    kept = {row[0]: row[1] or "" for row in await outpost.house.sql(every)}
    texts = []
    async with Redis.from_url(
        outpost.house.environment["REDIS_URL"], decode_responses=True, encoding_errors="replace"
    ) as redis:
        async for key in redis.scan_iter():
            kind = await redis.type(key)
            value = await (
                redis.hgetall(key) if kind == "hash" else redis.get(key) if kind == "string" else redis.dump(key)
            )
            texts.append(f"{key} {value!r}")
    return {**kept, "Redis": "\n".join(texts)}


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
