"""The one way to an address that somebody else named: webhooks, and whatever is fetched for people.

The name is resolved once, every address it has is looked at, and only these are connected to: a name that leads elsewhere
a moment later leads nowhere. Where somebody is only read, redirects are followed and looked at anew each time. No cookies, no proxies of the environment, no kept connections; time and what is
read of the answer are bounded. Only http on 80 and https on 443, without a password in the address.

`OUTSIDE_LOOPBACK_HOSTS` names hosts that may be this machine itself, on any port: for development and tests.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
import time
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from outside.address import is_loopback, is_public

LONGEST_URL_CHARACTERS = 2_000
PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[A-Za-z0-9._:-]+")
MOST_REDIRECTS = 4
READ_BYTES = 64 * 1024  # at a time
ANSWER_GRACE_SECONDS = 2.0  # for the rest of an answer whose status is known

MOST_RESOLVED_AT_ONCE = 64
# Names of strangers: a question that nobody waits for any more holds its thread until the resolver gives up, and must not
# hold one of the few that the process has for everything else.
_RESOLVING = ThreadPoolExecutor(MOST_RESOLVED_AT_ONCE, thread_name_prefix="resolve")

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


class Unreachable(Exception):
    """There is no answer, and a sentence says why; it tells nothing of what lies behind a refused address."""


class Refused(Unreachable):
    """The address is none that is asked from here; trying again does not help."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, the first bytes of the body as they were sent, and how long it took."""

    status: int
    start: bytes
    seconds: float
    retry_after: str | None = None

    @property
    def retry_after_seconds(self) -> float | None:
        """How long it asks to be left alone, where it says so in seconds."""
        wait = self.retry_after
        return float(wait) if wait is not None and wait.isascii() and wait.isdigit() and len(wait) < 10 else None


@dataclass(frozen=True, slots=True)
class Page:
    """What was read: where it was found in the end, the status, the type as its headers say it, and the body, decompressed."""

    url: str
    status: int
    content_type: str
    charset: str | None
    body: bytes


async def resolve(host: str, port: int) -> Sequence[str]:
    """The numeric addresses of a host, by the system's resolver."""
    found = await asyncio.get_running_loop().run_in_executor(_RESOLVING, _look_up, host, port)
    return [str(one[4][0]) for one in found]


def _look_up(host: str, port: int) -> Sequence[tuple[object, object, object, object, tuple[object, ...]]]:
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


class _Pinned(AbstractResolver):
    """Gives the addresses that were looked at, whatever is asked."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self._addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in self._addresses
        ]

    async def close(self) -> None:
        """Nothing is held."""


class Client:
    """Asks addresses of the world. Has no state: one for a process, or one for each request."""

    def __init__(self, loopback_hosts: Sequence[str] = (), resolver: Resolve = resolve) -> None:
        self._loopback_hosts = frozenset(host.strip().lower() for host in loopback_hosts if host.strip())
        self._resolve = resolver

    async def post(
        self, address: str, headers: Mapping[str, str], body: bytes, *, seconds: float, most_bytes: int
    ) -> Answer:
        """Send a body and wait at most `seconds` for an answer, of which `most_bytes` are read.

        Raises Refused for an address that is not the world's, Unreachable when no answer comes.
        """
        url = self._looked_at(address)
        began = time.monotonic()
        async with _bounded(seconds):
            addresses = await self._addresses(url)
            return await self._post(url, addresses, headers, body, most_bytes, began)

    async def get(
        self, address: str, headers: Mapping[str, str], *, seconds: float, most_bytes: int, until: bytes | None = None
    ) -> Page:
        """Read what is at an address, through at most `MOST_REDIRECTS` redirects and `seconds` in all.

        With `until` the body ends where these bytes have come or there are `most_bytes`; without, a longer one is
        Unreachable. Raises as `post` does, for each address on the way.
        """
        async with _bounded(seconds):
            for _ in range(MOST_REDIRECTS + 1):
                url = self._looked_at(address)
                found = await self._get(url, await self._addresses(url), headers, most_bytes, until)
                if isinstance(found, Page):
                    return found
                address = str(url.join(URL(found)))
        raise Unreachable("It leads from one address to the next without end.")

    async def _get(
        self, url: URL, addresses: Sequence[str], headers: Mapping[str, str], most_bytes: int, until: bytes | None
    ) -> Page | str:
        """The page, or where it is said to be instead."""
        async with (
            _session(addresses) as session,
            session.get(url, headers={"Accept-Encoding": "identity", **headers}, allow_redirects=False) as answer,
        ):
            try:
                location = answer.headers.get("Location")
                if answer.status in (301, 302, 303, 307, 308) and location:
                    return location
                packing = answer.headers.get("Content-Encoding", "").strip().lower()
                body = b""
                if answer.status == HTTPStatus.OK:
                    body = await _whole(answer.content, packing, most_bytes, until)
                return Page(str(url), answer.status, answer.content_type, answer.charset, body)
            finally:
                answer.close()  # whatever else it has to say

    def _looked_at(self, address: str) -> URL:
        """The address, parsed as it will be asked. Raises Refused."""
        if len(address) > LONGEST_URL_CHARACTERS:
            raise Refused("The address is too long.")
        try:
            url = URL(address)
            host, port = url.raw_host, url.port  # as it is asked for: a name of other letters in those of DNS
        except ValueError as error:
            raise Refused("This is no address.") from error
        if (
            url.scheme not in PORTS
            or not host
            or not _HOST.fullmatch(host)
            or url.user is not None
            or url.password is not None
        ):
            raise Refused("An address begins with https:// and carries no name or password.")
        if port != PORTS[url.scheme] and host.lower() not in self._loopback_hosts:
            raise Refused("Only the usual ports are asked: 443 for https, 80 for http.")
        return url

    async def _addresses(self, url: URL) -> Sequence[str]:
        """Every address of the host, once. Raises Refused when one of them is not to be asked."""
        host, port = url.raw_host or "", url.port or 0
        try:
            found = list(dict.fromkeys(await self._resolve(host, port)))
        except UnicodeError as error:
            raise Refused("This is no address.") from error
        allowed = is_loopback if host.lower() in self._loopback_hosts else is_public
        if not found or not all(map(allowed, found)):
            raise Refused("This name leads to an address that is not public.")
        return found

    async def _post(
        self,
        url: URL,
        addresses: Sequence[str],
        headers: Mapping[str, str],
        body: bytes,
        most_bytes: int,
        began: float,
    ) -> Answer:
        async with (
            _session(addresses) as session,
            session.post(
                url, data=body, headers={"Accept-Encoding": "identity", **headers}, allow_redirects=False
            ) as answer,
        ):
            start = await _start(answer.content, most_bytes)
            seconds = time.monotonic() - began
            answer.close()  # whatever else it has to say
            return Answer(answer.status, start, seconds, answer.headers.get("Retry-After"))


@asynccontextmanager
async def _bounded(seconds: float) -> AsyncIterator[None]:
    """At most so long, and whatever goes wrong on the way is Unreachable."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise Unreachable(f"No answer came within {seconds:g} seconds.") from error
    except aiohttp.ClientSSLError as error:
        raise Unreachable("The connection could not be made secure: its certificate is not good.") from error
    except (aiohttp.ClientConnectionError, OSError, ssl.SSLError) as error:
        raise Unreachable("No connection could be made, or it broke off.") from error
    except (aiohttp.ClientError, ValueError) as error:
        raise Unreachable("What came back was no HTTP.") from error


def _session(addresses: Sequence[str]) -> aiohttp.ClientSession:
    """One that asks these addresses, whatever the name, and remembers nothing."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(resolver=_Pinned(addresses), use_dns_cache=False, force_close=True),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None),
        auto_decompress=False,
        trust_env=False,
    )


async def _whole(content: aiohttp.StreamReader, packing: str, most_bytes: int, until: bytes | None) -> bytes:
    """A body, unpacked, of which never more than `most_bytes` and a part are held, packed or not."""
    if packing not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise Unreachable("It is packed in a way that was not asked for.")
    packed = packing not in ("", "identity")
    unpacker = zlib.decompressobj(wbits=47 if "gzip" in packing else 15)  # 47: gzip or zlib, as it says itself
    found, taken = bytearray(), 0
    while part := await content.read(READ_BYTES):
        taken += len(part)
        if packed:
            try:
                part = unpacker.decompress(part, most_bytes + 1 - len(found))
            except zlib.error as error:
                raise Unreachable("What came back was packed badly.") from error
        place = max(0, len(found) - len(until or b""))
        found += part
        if until is not None:
            if until in found[place:].lower() or len(found) > most_bytes or taken > most_bytes:
                return bytes(found[:most_bytes])
        elif len(found) > most_bytes or taken > most_bytes:
            raise Unreachable("It is too large.")
    return bytes(found)


async def _start(content: aiohttp.StreamReader, most_bytes: int) -> bytes:
    """The first bytes of a body; what does not come soon, or breaks off, is left out: the status is the answer."""
    found = bytearray()
    try:
        async with asyncio.timeout(ANSWER_GRACE_SECONDS):
            while len(found) < most_bytes:
                part = await content.read(most_bytes - len(found))
                if not part:
                    break
                found += part
    except (TimeoutError, aiohttp.ClientError):
        pass
    return bytes(found)
