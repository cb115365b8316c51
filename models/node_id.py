"""Global ids: opaque and URL-safe to clients, typed inside (`post_1c9k2m…`).

The number is written in Crockford's base 32, lower case, without padding. Anything that is not exactly what `encode` gives
for a known kind is no id at all: `decode` then gives None, never an error.
"""

from __future__ import annotations

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_VALUE = {character: value for value, character in enumerate(ALPHABET)}
LARGEST = 2**63 - 1
LONGEST_CHARACTERS = 13  # of the number part
KINDS = frozenset({"user", "post", "image", "job", "upload", "session"})


def encode(kind: str, number: int) -> str:
    """The global id of row `number` of `kind`."""
    digits = []
    rest = number
    while rest:
        rest, digit = divmod(rest, 32)
        digits.append(ALPHABET[digit])
    return f"{kind}_{''.join(reversed(digits)) or '0'}"


def decode(text: str) -> tuple[str, int] | None:
    """Kind and number, or None for garbage (wrong alphabet, unknown kind, leading zeros, out of range)."""
    kind, _, digits = text.partition("_")
    if kind not in KINDS or not 0 < len(digits) <= LONGEST_CHARACTERS or (digits[0] == "0"):
        return None
    number = 0
    for character in digits:
        value = _VALUE.get(character)
        if value is None:
            return None
        number = number * 32 + value
    return (kind, number) if number <= LARGEST else None


def number_of(kind: str, text: str) -> int | None:
    """The number in `text` if it is an id of `kind`, else None."""
    found = decode(text)
    return found[1] if found and found[0] == kind else None
