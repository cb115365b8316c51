"""`python -m schema.print [--check]`: write `schema/schema.graphql`, or say whether it is what the code says."""

from __future__ import annotations

import sys
from pathlib import Path

from schema.build import build

PLACE = Path(__file__).parent / "schema.graphql"


def main(arguments: list[str]) -> int:
    """0 when the file is (now) what the code says."""
    text = build().as_str() + "\n"
    if "--check" not in arguments:
        PLACE.write_text(text)
        return 0
    if PLACE.is_file() and PLACE.read_text() == text:
        return 0
    print("schema/schema.graphql is not what the code says: run `python -m schema.print`.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
