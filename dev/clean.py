"""`make clean`: remove what `make run` keeps; refuses while it runs."""

from __future__ import annotations

import sys

from dev.home import home_folder, outside_environment
from dev.stack import HomeTaken, Stack


def main() -> int:
    """Remove the home folder and PostgreSQL's data, wherever it lies."""
    home = home_folder(outside_environment())
    if not home.exists():
        return 0
    try:
        Stack(home).remove()
    except HomeTaken as error:
        print(f"{error} End it before cleaning.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
