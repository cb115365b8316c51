"""Which addresses are the world's. What is not known to be public is not: a list of what is refused always lacks one."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_PUBLIC_V6 = ip_network("2000::/3")
_NOT_PUBLIC_V6 = [ip_network(one) for one in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")]
"""Of the global part: Teredo, ORCHID and the like, documentation, 6to4 (which leads to IPv4 addresses of any kind)."""
_NOT_PUBLIC_V4 = [
    ip_network(one)
    for one in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
    )
]


def is_public(text: str) -> bool:
    """Whether a numeric address is one of the world's. IPv4 inside IPv6 (mapped, NAT64, 6to4, Teredo) is never."""
    address = _parsed(text)
    if isinstance(address, IPv4Address):
        return address.is_global and not any(address in network for network in _NOT_PUBLIC_V4)
    if isinstance(address, IPv6Address):
        return address in _PUBLIC_V6 and not any(address in network for network in _NOT_PUBLIC_V6)
    return False


def is_loopback(text: str) -> bool:
    """Whether a numeric address is this machine itself."""
    address = _parsed(text)
    return address is not None and address.is_loopback


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
