"""Run a command with what the processes of the running stack were told.

    python -m dev.attach python -m dev.demo

With nothing running here, `DATABASE_URL` must say where the servers are.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from dev.home import ENVIRONMENT_FILE, HERE, home_folder, outside_environment
from settings import dotenv


def main(command: list[str]) -> None:
    """Become the command, in the repository's folder."""
    given = outside_environment()
    running = dotenv(home_folder(given) / ENVIRONMENT_FILE)
    if not running and not given.get("DATABASE_URL"):
        raise SystemExit("Nothing runs here: start it with `make run` in another terminal, then say this again.")
    programs = str(Path(sys.executable).parent)
    path = f"{programs}{os.pathsep}{given.get('PATH', os.defpath)}"
    os.chdir(HERE)
    os.execvpe(command[0], command, {**given, **running, "PATH": path})  # noqa: S606  # becoming it is the purpose


if __name__ == "__main__":
    main(sys.argv[1:])
