"""Addresses as they are counted: who asks without a name is known by the network they ask from."""

from __future__ import annotations

from ipaddress import IPv6Address, IPv6Network, ip_address

IPV6_PREFIX_BITS = 64  # the least that one household gets: single addresses of it cost nothing


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
