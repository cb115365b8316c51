"""The web client for `make run`: what npm's lock names is installed and the client built, when its sources changed.

Without a registry the client stays as it was built last, or is off, and everything else works.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from dev.home import HERE
from dev.node import environment, install, npm

WEB = HERE / "web"
SCHEMA = HERE / "schema" / "schema.graphql"
STAMP = WEB / "persisted" / "sources.sha256"
PAGE = WEB / "dist" / "index.html"
MADE = {"node_modules", "dist", "persisted", "__generated__"}
BUILD_SECONDS = 180


def main() -> int:
    """Build unless the client is built from these very sources; exit code 0 also when it cannot, since the API needs it not."""
    try:
        if build():
            print("The web client is built.")
    except subprocess.CalledProcessError as error:
        print(f"The web client could not be built (exit code {error.returncode}; its words stand above).")
    except (subprocess.SubprocessError, OSError) as error:
        print(f"The web client could not be built ({type(error).__name__}).")
    return 0


def build() -> bool:
    """Bring `web/dist` up to date; False when it is. Raises OSError or subprocess.SubprocessError."""
    told = stamp()
    if PAGE.exists() and STAMP.exists() and STAMP.read_text() == told:
        return False
    install(WEB)
    STAMP.unlink(missing_ok=True)
    subprocess.run(
        [*npm(), "run", "--silent", "build", "--", "--logLevel", "warn"],
        cwd=WEB,
        env=environment(),
        check=True,
        timeout=BUILD_SECONDS,
    )
    STAMP.write_text(told)
    return True


def stamp() -> str:
    """A hash of everything that the built client is made from."""
    total = hashlib.sha256()
    for path in (SCHEMA, *sources(WEB)):
        body = path.read_bytes()
        total.update(f"{path.relative_to(HERE).as_posix()} {len(body)}\n".encode())
        total.update(body)
    return total.hexdigest()


def sources(folder: Path) -> Iterator[Path]:
    """All files under `folder` that are written by people, in order."""
    for path in sorted(folder.iterdir()):
        if path.is_dir() and path.name not in MADE:
            yield from sources(path)
        elif path.is_file():
            yield path


if __name__ == "__main__":
    sys.exit(main())
