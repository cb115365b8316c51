"""Seeds of the outputs of one request."""

from __future__ import annotations

import hashlib


def seed_of(seed: int, index: int) -> int:
    """The seed of output `index` (0 … 2**63-1): the request's own for the first, one derived from both for the others."""
    if index == 0:
        return seed
    digest = hashlib.sha256(f"{seed}:{index}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1
