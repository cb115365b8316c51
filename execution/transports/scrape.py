"""`/metrics` for those who may: from the addresses of a list, or with a token. To all others there is no such path."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from execution.metrics import CONTENT_TYPE, Metric, exposition

FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")
SHORTEST_TOKEN_CHARACTERS = 16

Networks = tuple[IPv4Network | IPv6Network, ...]


@dataclass(frozen=True, slots=True)
class Access:
    """Who may look. `proxied` is whether there is a proxy whose word on addresses is believed."""

    networks: Networks
    token: str = ""
    proxied: bool = False

    def allows(self, request: Request) -> bool:
        """Whether this one may."""
        shown = request.headers.get("authorization", "")
        if self.token and hmac.compare_digest(shown.encode(), f"Bearer {self.token}".encode()):
            return True
        if not self.proxied and any(name in request.headers for name in FORWARDED):
            return False  # it comes from somewhere else, by a proxy that nobody told us of: its address says nothing
        try:
            address = ip_address((request.client.host if request.client else "").partition("%")[0])
        except ValueError:
            return False
        if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        return any(address in network for network in self.networks)


def access(networks: str, token: str, proxied: bool) -> Access:
    """What the settings say. Stops the process with a sentence that names what cannot be read."""
    try:
        known = tuple(ip_network(one.strip()) for one in networks.split(",") if one.strip())
    except ValueError as error:
        raise SystemExit(f"METRICS_FROM cannot be read: {error}.") from error
    if token and len(token) < SHORTEST_TOKEN_CHARACTERS:
        raise SystemExit(f"METRICS_TOKEN needs at least {SHORTEST_TOKEN_CHARACTERS} characters.")
    return Access(known, token, proxied)


class Scrape:
    """The endpoint. `collect` reads the metrics when it is asked."""

    def __init__(self, collect: Callable[[], Awaitable[Iterable[Metric]]], who: Access) -> None:
        self.collect = collect
        self.who = who

    async def answer(self, request: Request) -> Response:
        """All metrics as text; 404 for those who may not look."""
        if not self.who.allows(request):
            raise HTTPException(404)
        headers = {"cache-control": "no-store"}
        return Response(exposition(await self.collect()), 200, headers, CONTENT_TYPE)
