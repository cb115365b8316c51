"""GraphiQL's files for a development server, out of the npm registry, once and whenever their lock changes.

Without a registry GraphiQL is off and everything else works.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from dev.node import install

FOLDER = Path(__file__).with_name("graphiql")


def main() -> int:
    """Install what the lock names unless it is there; exit code 0 also when it cannot, since nothing depends on it."""
    try:
        if install(FOLDER):
            print("GraphiQL's files are installed.")
    except subprocess.CalledProcessError as error:
        print(
            f"GraphiQL is off: npm could not install its files (exit code {error.returncode}; its words stand above)."
        )
    except (subprocess.SubprocessError, OSError) as error:
        print(f"GraphiQL is off: its files could not be installed ({type(error).__name__}).")
    return 0


if __name__ == "__main__":
    sys.exit(main())
