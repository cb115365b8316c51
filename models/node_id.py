"""Global ids: opaque and URL-safe to clients, typed inside (`post_1c9k2m…`).

The number is written in Crockford's base 32, lower case, without padding. Anything that is not exactly what `encode` gives
for a known kind is no id at all: `decode` then gives None, never an error.
"""

from __future__ import annotations

from functools import lru_cache

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_TRIPLES = [one + two + three for one in ALPHABET for two in ALPHABET for three in ALPHABET]
_VALUE = {character: value for value, character in enumerate(ALPHABET)}
LARGEST = 2**63 - 1
LONGEST_CHARACTERS = 13  # of the number part
KINDS = frozenset(
    {
        "user",
        "post",
        "poll",
        "image",
        "job",
        "entry",
        "upload",
        "session",
        "webhook",
        "delivery",
        "attempt",
        "credit",
        "thread",
        "prompt",
        "preset",
        "style",
        "permit",
        "word",
        "opinion",
        "notification",
        "push",
        "draft",
        "chat",
        "message",
        "list",
        "board",
        "search",
        "feed",
        "token",
        "app",
        "grant",
        "passkey",
        "invitation",
        "report",
        "case",
        "action",
        "appeal",
        "review",
        "identity",
        "rule",
        "run",
    }
)


def digits(number: int) -> str:
    """A number from 0 to `LARGEST` in base 32, without leading zeros. A page has a hundred of them."""
    high = f"{_TRIPLES[number >> 60]}{_TRIPLES[number >> 45 & 32767]}{_TRIPLES[number >> 30 & 32767]}"
    return f"{high}{_TRIPLES[number >> 15 & 32767]}{_TRIPLES[number & 32767]}".lstrip("0") or "0"


@lru_cache(maxsize=8_192)
def encode(kind: str, number: int) -> str:
    """The global id of row `number` of `kind`."""
    return f"{kind}_{digits(number)}"


def decode(text: str) -> tuple[str, int] | None:
    """Kind and number, or None for garbage (wrong alphabet, unknown kind, leading zeros, out of range)."""
    kind, _, written = text.partition("_")
    if kind not in KINDS or not 0 < len(written) <= LONGEST_CHARACTERS or (written[0] == "0"):
        return None
    number = 0
    for character in written:
        value = _VALUE.get(character)
        if value is None:
            return None
        number = number * 32 + value
    return (kind, number) if number <= LARGEST else None


def number_of(kind: str, text: str) -> int | None:
    """The number in `text` if it is an id of `kind`, else None."""
    found = decode(text)
    return found[1] if found and found[0] == kind else None
