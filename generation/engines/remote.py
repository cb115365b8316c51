"""Asking an outside server over HTTP: bounded in size and time, followed nowhere, and with faults that say how far it came."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import aiohttp
import orjson

from generation.engines.encoded import LARGEST_BASE64, LARGEST_PICTURE_BYTES
from generation.engines.refusal import bad_answer, lost, unreachable

CONNECT_SECONDS = 10.0
FETCH_SECONDS = 60.0
LARGEST_ANSWER_BYTES = LARGEST_BASE64 + 2**20
READ_BYTES = 2**18
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: status, headers (lower case) and the body, as JSON where it is that and else as text."""

    status: int
    headers: Mapping[str, str]
    body: object


class Remote:
    """One server by its address. `key`, where there is one, goes to that server alone, as a bearer token."""

    def __init__(self, address: str, key: str, timeout_seconds: float, picture_hosts: tuple[str, ...] = ()) -> None:
        self.address = address
        self._key = key
        self._timeout = aiohttp.ClientTimeout(total=timeout_seconds, sock_connect=CONNECT_SECONDS)
        self._picture_hosts = picture_hosts
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Open the client; nothing is asked yet."""
        # A connection is used once: one that the server closed meanwhile would look like a lost answer.
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(force_close=True), timeout=self._timeout, cookie_jar=aiohttp.DummyCookieJar()
        )

    async def close(self) -> None:
        """Close the client; what is under way ends."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    @property
    def is_open(self) -> bool:
        """Whether it can be asked."""
        return self._session is not None

    @property
    def session(self) -> aiohttp.ClientSession:
        """The client, for what is no plain request."""
        if self._session is None:
            raise unreachable()
        return self._session

    @property
    def headers(self) -> dict[str, str]:
        """What every request to this server carries."""
        return {"Authorization": f"Bearer {self._key}"} if self._key else {}

    async def get(self, path: str, *, seconds: float | None = None) -> Answer:
        """What is there. Raises EngineError."""
        return await self._ask("GET", path, None, seconds)

    async def post(
        self, path: str, body: Mapping[str, object] | aiohttp.FormData, *, seconds: float | None = None
    ) -> Answer:
        """What the server answers to JSON, or to a form. Raises EngineError."""
        return await self._ask("POST", path, body, seconds)

    async def _ask(
        self, method: str, path: str, body: Mapping[str, object] | aiohttp.FormData | None, seconds: float | None
    ) -> Answer:
        form = body if isinstance(body, aiohttp.FormData) else None
        data = form if form is not None or body is None else orjson.dumps(body)
        headers = self.headers | ({"Content-Type": "application/json"} if body is not None and form is None else {})
        async with faults(f"{method} {self.address}{path}"):
            timeout = (
                self._timeout if seconds is None else aiohttp.ClientTimeout(total=seconds, sock_connect=CONNECT_SECONDS)
            )
            async with self.session.request(
                method, self.address + path, data=data, headers=headers, allow_redirects=False, timeout=timeout
            ) as response:
                raw = await _read(response, LARGEST_ANSWER_BYTES)
                found = {name.lower(): value for name, value in response.headers.items()}
                return Answer(response.status, found, await asyncio.to_thread(_understood, raw))

    async def picture(self, address: str, params: Mapping[str, str] | None = None) -> bytes:
        """The bytes under an address that this server gave, or that it is asked under.

        Only the server itself and the hosts allowed for pictures are asked, and only the server gets the key. Raises
        EngineError: "bad_answer" for any other place, for a redirection, and for more than `LARGEST_PICTURE_BYTES`.
        """
        whole = urljoin(f"{self.address}/", address)
        own = origin(whole) == origin(self.address)
        if not own and origin(whole)[:2] not in [
            (scheme, host) for scheme in ("https", "http") for host in self._picture_hosts
        ]:
            raise bad_answer("its picture lies where none is fetched from")
        timeout = aiohttp.ClientTimeout(total=FETCH_SECONDS, sock_connect=CONNECT_SECONDS)
        async with (
            faults(f"GET a picture of {self.address}"),
            self.session.get(
                whole, params=params, headers=self.headers if own else {}, allow_redirects=False, timeout=timeout
            ) as response,
        ):
            if response.status != 200:
                raise bad_answer(f"its picture could not be fetched ({response.status})")
            return await _read(response, LARGEST_PICTURE_BYTES)


def origin(address: str) -> tuple[str, str, int | None]:
    """Scheme, host and port of an address; a port is None where it cannot be one."""
    parts = urlsplit(address)
    try:
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        port = None
    return parts.scheme, parts.hostname or "", port


@asynccontextmanager
async def faults(what: str) -> AsyncIterator[None]:
    """Turns the client's exceptions into EngineError: what never got a connection was never asked."""
    try:
        yield
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
        log.warning("%s: %r", what, error)
        raise unreachable() from error
    except (aiohttp.ClientError, TimeoutError, ConnectionError, ValueError) as error:
        log.warning("%s: %r", what, error)
        raise lost() from error


async def _read(response: aiohttp.ClientResponse, most_bytes: int) -> bytes:
    found = bytearray()
    async for piece in response.content.iter_chunked(READ_BYTES):
        found += piece
        if len(found) > most_bytes:
            raise bad_answer("it is too large")
    return bytes(found)


def _understood(raw: bytes) -> object:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        return raw.decode(errors="replace")
