"""The guarded client: which addresses it asks, and how little it takes from whoever answers."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Sequence
from typing import Any

import pytest
from aiohttp import web
from yarl import URL

from outside.address import is_loopback, is_public
from outside.client import Answer, Client, Refused, Unreachable, resolve
from tests.people import PATIENCE_SECONDS
from tests.receiver import Receiver, receiving

LOCAL = "127.0.0.1"


async def post(client: Client, url: str, seconds: float = 5.0, most_bytes: int = 100) -> Answer:
    return await client.post(url, {"X-Test": "1"}, b"{}", seconds=seconds, most_bytes=most_bytes)


@pytest.mark.parametrize("text", ["8.8.8.8", "1.1.1.1", "93.184.216.34", "2606:4700::1111", "2a00:1450:4001::5"])
def test_the_world_is_public(text: str) -> None:
    assert is_public(text)


@pytest.mark.parametrize(
    "text",
    [
        "0.0.0.0",  # noqa: S104  # looked at
        "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.254", "127.0.0.1", "127.255.255.255", "169.254.169.254",
        "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.170", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1",
        "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1",
        "100::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:10::1", "2001:db8::1", "2002:7f00:1::", "2002:a00:1::1",
        "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "4000::1", "no address", "",
    ],
)  # fmt: skip
def test_what_is_not_the_world_is_not_public(text: str) -> None:
    assert not is_public(text)


def test_this_machine_is_known() -> None:
    assert is_loopback("127.9.9.9")
    assert is_loopback("::1")
    assert not is_loopback("10.0.0.1")
    assert not is_loopback("localhost")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://127.1/", "http://0/", "http://0x7f000001/", "http://2130706433/", "http://017700000001/",
        "http://[::]/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://localhost/",
        "http://169.254.169.254/latest/meta-data/", "https://10.1.2.3/", "http://[fd00:ec2::254]/", "http://[64:ff9b::7f00:1]/",
        "http://127.0.0.1:80@localhost/", "http://user:secret@example.org/", "http://example.org:22/", "https://example.org:8443/",
        "file:///etc/passwd", "gopher://example.org/", "ftp://example.org/", "//example.org/", "/hook", "", "https://", "http:///x",
        "https://exa mple.org/", "http://example.org:99999/", "http://[::1", "https://" + "a" * 3_000, "https://" + "b" * 70 + ".org/",
        "unix:///run/x.sock", "data:text/plain,x", "javascript:1",
    ],
)  # fmt: skip
async def test_what_is_not_asked(url: str) -> None:
    """With the system's own resolver: numbers in whatever spelling are what it reads them as."""
    with pytest.raises(Refused):
        await post(Client(), url)


async def test_a_dot_more_leads_nowhere_else() -> None:
    with pytest.raises(Unreachable):  # refused where it resolves at all
        await post(Client(), "http://localhost./")


@pytest.mark.parametrize("addresses", [["8.8.8.8", LOCAL], [LOCAL], ["10.0.0.1"], ["2606:4700::1111", "::1"], []])
async def test_every_address_of_a_name_must_be_public(addresses: list[str]) -> None:
    asked: list[str] = []

    async def both(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return addresses

    with pytest.raises(Refused, match="not public"):
        await post(Client(resolver=both), "https://hooks.example/")
    assert asked == ["hooks.example"]


async def test_a_name_is_resolved_once_and_that_is_where_it_goes() -> None:
    """A name that leads elsewhere at the second look is not looked at twice, and refused when it is asked for again."""
    async with receiving() as receiver:
        answers = [[LOCAL], ["169.254.169.254"], ["169.254.169.254"]]

        async def turning(host: str, port: int) -> Sequence[str]:
            return answers.pop(0)

        client = Client(["hooks.test"], turning)
        url = str(URL(receiver.url).with_host("hooks.test"))
        assert (await post(client, url)).status == 204
        assert len(answers) == 2, "asked once for one request"
        assert receiver.got[0].headers["host"].startswith("hooks.test:")
        with pytest.raises(Refused):
            await post(client, url)
        assert len(receiver.got) == 1


async def test_names_that_are_never_answered_hold_up_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    answered, usual = threading.Event(), socket.getaddrinfo

    def look_up(host: str, *arguments: Any, **more: Any) -> Any:
        if host.startswith("slow"):
            answered.wait(2 * PATIENCE_SECONDS)
            raise socket.gaierror("nobody knows")
        return usual(host, *arguments, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            given_up = [post(Client(), f"http://slow{number}.example.org/", 0.05) for number in range(40)]
            assert all(isinstance(one, Unreachable) for one in await asyncio.gather(*given_up, return_exceptions=True))
            assert LOCAL in await resolve("localhost", 80), "another name, while those are asked for"
            assert await asyncio.to_thread(lambda: 7) == 7, "and whatever else needs a thread"
    finally:
        answered.set()


async def test_loopback_is_for_the_names_that_are_listed() -> None:
    async with receiving() as receiver:
        assert (await post(Client([LOCAL]), receiver.url)).status == 204
        for names in ([], ["localhost"], ["127.0.0.2", " "]):
            with pytest.raises(Refused):
                await post(Client(names), receiver.url)
        assert len(receiver.got) == 1

        async def elsewhere(host: str, port: int) -> Sequence[str]:
            return ["10.0.0.1"]

        with pytest.raises(Refused):  # a listed name may be this machine, and nothing else
            await post(Client(["hooks.test"], elsewhere), "http://hooks.test:1234/")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_answers(status: int) -> None:
    async with receiving() as receiver, receiving() as other:

        async def away(request: web.Request) -> web.StreamResponse:
            return web.Response(status=status, headers={"Location": other.url})

        receiver.replies.append(away)
        assert (await post(Client([LOCAL]), receiver.url)).status == status
        assert other.got == []


async def test_of_a_long_answer_the_start_is_read() -> None:
    async with receiving() as receiver:

        async def endless(request: web.Request) -> web.StreamResponse:
            answer = web.StreamResponse()
            await answer.prepare(request)
            try:
                while True:
                    await answer.write(b"x" * 65_536)
            except ConnectionError:
                pass
            return answer

        receiver.replies.append(endless)
        answer = await post(Client([LOCAL]), receiver.url, most_bytes=2_048)
        assert (answer.status, answer.start) == (200, b"x" * 2_048)


async def test_a_body_is_not_unpacked_and_cookies_do_not_stay() -> None:
    async with receiving() as receiver:

        async def packed(request: web.Request) -> web.StreamResponse:
            return web.Response(body=b"\x1f\x8b no gzip", headers={"Content-Encoding": "gzip", "Set-Cookie": "a=b"})

        receiver.replies.append(packed)
        client = Client([LOCAL])
        assert (await post(client, receiver.url)).start == b"\x1f\x8b no gzip"
        await post(client, receiver.url)
        assert "cookie" not in receiver.got[1].headers
        assert receiver.got[1].headers["accept-encoding"] == "identity"


async def test_who_says_nothing_is_waited_for_no_longer_than_said(held: Receiver) -> None:
    with pytest.raises(Unreachable, match=r"within 0\.2 seconds"):
        await post(Client([LOCAL]), held.url, seconds=0.2)


@pytest.fixture
async def held() -> object:
    """A receiver that never answers."""
    async with receiving() as receiver:

        async def never(request: web.Request) -> web.StreamResponse:
            await asyncio.Event().wait()
            raise AssertionError

        receiver.replies.append(never)
        yield receiver


@pytest.mark.parametrize(
    "said", [b"", b"garbage\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000, b"HTTP/1.1 abc\r\n\r\n"]
)
async def test_what_is_no_http_is_no_answer(said: bytes) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(said)
        writer.close()

    server = await asyncio.start_server(serve, LOCAL, 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        with pytest.raises(Unreachable):
            await post(Client([LOCAL]), f"http://{LOCAL}:{port}/")


async def test_a_closed_port_and_a_certificate_that_is_not_good(held: Receiver) -> None:
    server = await asyncio.start_server(lambda _, __: None, LOCAL, 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    with pytest.raises(Unreachable, match="No connection"):
        await post(Client([LOCAL]), f"http://{LOCAL}:{port}/")
    with pytest.raises(Unreachable, match=r"secure|No connection"):  # it speaks no TLS at all
        await post(Client([LOCAL]), held.url.replace("http:", "https:"))


async def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    async with receiving() as receiver:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:9/")
        assert (await post(Client([LOCAL]), receiver.url)).status == 204
