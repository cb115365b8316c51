"""Addresses as they are counted: who asks without a name is known by the network they ask from."""

from __future__ import annotations

from ipaddress import IPv6Address, IPv6Network, ip_address, ip_network

IPV6_PREFIX_BITS = 64  # the least that one household gets: single addresses of it cost nothing
IPV6_NEIGHBOURHOOD_BITS = 48  # the most that a line is usually given
IPV4_NEIGHBOURHOOD_BITS = 24


def network_of(host: str) -> str:
    """The address itself (IPv4, also when written as IPv6), or its /64 (IPv6); any other text as it is."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host[:64]
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(IPv6Network((int(address), IPV6_PREFIX_BITS), strict=False))


def coarse(host: str) -> str:
    """The neighbourhood of an address, as much of it as is kept; empty for any other text."""
    return _around(host) or ""


def neighbourhood_of(host: str) -> str:
    """What lies around a network: its /24 (IPv4) or /48 (IPv6), of which one line or one machine may have all; other text as it is."""
    return _around(host) or host[:64]


def _around(host: str) -> str | None:
    try:
        address = ip_address(network_of(host).partition("/")[0])
    except ValueError:
        return None
    bits = IPV6_NEIGHBOURHOOD_BITS if isinstance(address, IPv6Address) else IPV4_NEIGHBOURHOOD_BITS
    return str(ip_network(f"{address}/{bits}", strict=False))
