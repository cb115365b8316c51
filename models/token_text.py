"""The texts of tokens: random, with a prefix and a checksum, so that scanners of leaked secrets know them; only hashes are kept.

`fresque_pat_` and 49 letters and digits: 43 at random (256 bits), 6 that are the CRC-32 of those before them. As a regular expression:
`fresque_(pat|app|ref|sec)_[0-9A-Za-z]{49}`.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from enum import Enum
from zlib import crc32

_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_RANDOM_CHARACTERS = 43
_SUM_CHARACTERS = 6
HINT_CHARACTERS = 4


class TokenKind(Enum):
    """What a token is for; the values are their prefixes."""

    PERSONAL = "fresque_pat_"
    ACCESS = "fresque_app_"
    REFRESH = "fresque_ref_"
    SECRET = "fresque_sec_"  # noqa: S105  # of an app


def new_token(kind: TokenKind) -> str:
    """A token that nobody guesses."""
    return _written(kind, secrets.randbits(256))


def successor(token: str, kind: TokenKind, secret_key: str) -> str:
    """The one token that follows on from this one: whoever has both the token and the key makes it again, nobody else does."""
    told = hmac.digest(
        secret_key.encode(), b"fresque successor\0" + kind.value.encode() + token.encode(), hashlib.sha256
    )
    return _written(kind, int.from_bytes(told))


def kind_of(token: str) -> TokenKind | None:
    """What a text is by its looks, checksum included; None for anything else."""
    for kind in TokenKind:
        if token.startswith(kind.value):
            rest = token[len(kind.value) :]
            if len(rest) != _RANDOM_CHARACTERS + _SUM_CHARACTERS or not rest.isascii() or not rest.isalnum():
                return None
            body, told = rest[:_RANDOM_CHARACTERS], rest[_RANDOM_CHARACTERS:]
            return kind if hmac.compare_digest(told, _sum(kind, body)) else None
    return None


def hash_of(token: str) -> str:
    """What is kept of a token; tokens are random enough for a plain hash."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()


def hint_of(token: str) -> str:
    """Its last characters, by which people tell their tokens apart; none of them is random."""
    return token[-HINT_CHARACTERS:]


def _written(kind: TokenKind, number: int) -> str:
    body = _base62(number, _RANDOM_CHARACTERS)
    return kind.value + body + _sum(kind, body)


def _sum(kind: TokenKind, body: str) -> str:
    return _base62(crc32((kind.value + body).encode()), _SUM_CHARACTERS)


def _base62(number: int, width: int) -> str:
    letters = []
    for _ in range(width):
        number, rest = divmod(number, 62)
        letters.append(_LETTERS[rest])
    return "".join(reversed(letters))
