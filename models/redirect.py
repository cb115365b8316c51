"""Where an app may be answered: addresses that it named beforehand, compared letter by letter.

https anywhere; http on this machine's own addresses, with any port at the time (RFC 8252 §7.3: native apps take a free one); or a scheme
of the app's own that is a domain of its maker's turned round (`org.example.app:/back`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import SplitResult, urlencode, urlsplit

from errors import BadInput

MOST_REDIRECTS = 10
LONGEST_CHARACTERS = 2_000
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_OWN_SCHEME = re.compile(r"[a-z][a-z0-9-]*(\.[a-z0-9-]+)+")
_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:]+\]", re.IGNORECASE)
_PLAIN = re.compile(r"[!$%&'()*+,./0-9:;=?@A-Z\[\]_a-z~-]+")
SENTENCE = (
    "An address to go back to is https, or http on 127.0.0.1, [::1] or localhost, or has a scheme of the app's own such as"
    " org.example.app:/back; without fragment, name and password."
)


def checked_redirects(uris: Sequence[str], path: str = "redirectUris") -> list[str]:
    """The addresses as they are kept, each once. Raises BadInput for none, too many, and one that cannot be such."""
    kept = list(dict.fromkeys(uris))
    if not 0 < len(kept) <= MOST_REDIRECTS:
        raise BadInput(f"An app has 1 to {MOST_REDIRECTS} addresses to go back to.", [path])
    if not all(map(_is_one, kept)):
        raise BadInput(SENTENCE, [path])
    return kept


def matches(registered: Sequence[str], wanted: str) -> bool:
    """Whether this is one of the addresses that were named; of a loopback address any port will do."""
    if wanted in registered:
        return True
    if not _is_one(wanted) or not is_loopback(wanted):
        return False
    return any(is_loopback(one) and _without_port(one) == _without_port(wanted) for one in registered)


def is_loopback(uri: str) -> bool:
    """Whether it leads to the person's own machine, where any program may listen."""
    parts = urlsplit(uri)
    return parts.scheme == "http" and parts.hostname in LOOPBACK


def is_claimed(uri: str) -> bool:
    """Whether nobody else can be answered there: an https address is its owner's."""
    return urlsplit(uri).scheme == "https"


def place_of(uri: str) -> str:
    """What people are told of where they go: the host, or the scheme of an app's own."""
    parts = urlsplit(uri)
    return parts.netloc if parts.scheme in ("https", "http") else f"{parts.scheme}:"


def answered(uri: str, parameters: Sequence[tuple[str, str]]) -> str:
    """The address with these parameters after those it has."""
    return f"{uri}{'&' if '?' in uri else '?'}{urlencode(parameters)}"


def _is_one(uri: str) -> bool:
    if len(uri) > LONGEST_CHARACTERS or not _PLAIN.fullmatch(uri):
        return False
    try:
        parts = urlsplit(uri)
        port = parts.port
    except ValueError:
        return False
    if uri != parts.geturl() or "@" in parts.netloc or "/." in parts.path or port == 0:
        return False
    if parts.scheme in ("https", "http"):
        host = parts.hostname or ""
        written = f"[{host}]" if ":" in host else host
        if not _HOST.fullmatch(written) or parts.netloc not in (written, f"{written}:{port}"):
            return False
        return parts.scheme == "https" or host in LOOPBACK
    return bool(_OWN_SCHEME.fullmatch(parts.scheme)) and not parts.netloc and parts.path.startswith("/")


def _without_port(uri: str) -> SplitResult:
    parts = urlsplit(uri)
    host = parts.hostname or ""
    return parts._replace(netloc=f"[{host}]" if ":" in host else host)
