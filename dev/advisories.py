"""`make advisories`: whether what is locked was compared with published advisories lately. Part of a release's check list, not of `make test`:
a clone does not turn red by standing still.

Tools that ask an index for advisories can be falsely green (behind a mirror every package is "not found", and none of those is
vulnerable), so what they should have found stands here by hand, and tests hold the lock and what is installed to it.
"""

from __future__ import annotations

import sys
from datetime import date

LOOKED_AT = date(2026, 11, 22)
LOOK_AGAIN_DAYS = 60
LOWEST_VERSIONS = {
    "webauthn": "3.0",
    "cbor2": "6.0",
    "pyopenssl": "26.0",
    "strawberry-graphql": "0.341",
    "graphql-core": "3.3.2",
    "starlette": "1.0.1",
    "uvicorn": "0.54",
    "websockets": "17",
    "h11": "0.16",
    "pyjwt": "2.12",
    "python-multipart": "0.0.31",
    "pillow": "13.0",
    "cryptography": "50",
    "redis": "5",
    "asyncpg": "0.30",
    "tortoise-orm": "1.1",
    "urllib3": "2.5",
}
"""Package → the lowest version without a hole that is known; of those that are locked or might be one day."""


def main(today: date | None = None) -> int:
    """Say how old the table is; 1 when it is too old."""
    age = ((today or date.today()) - LOOKED_AT).days
    print(f"The table of versions was compared with advisories on {LOOKED_AT}, {age} days ago.")
    if age <= LOOK_AGAIN_DAYS:
        return 0
    print("Read the advisories of what requirements.lock names (on a machine with an open network also by")
    print(
        "`pip-audit -r requirements.lock --strict`, which must say that it looked at more than none), raise LOWEST_VERSIONS"
    )
    print("in dev/advisories.py where needed, and set LOOKED_AT.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
