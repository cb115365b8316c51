"""`make web`: Vite with reload at http://localhost:5173, on the API that `make run` runs."""

from __future__ import annotations

import os
import subprocess

from dev.home import HERE
from dev.node import environment, install, npm
from settings import settings

WEB = HERE / "web"


def main() -> None:
    """Become Vite. Ends with a sentence when npm's packages cannot be installed."""
    try:
        install(WEB)
    except (subprocess.SubprocessError, OSError) as error:
        raise SystemExit(f"The packages of the web client could not be installed ({type(error).__name__}).") from error
    told = settings()
    command = [*npm(), "run", "--silent", "dev"]
    os.chdir(WEB)
    address = f"http://{'127.0.0.1' if told.host == '0.0.0.0' else told.host}:{told.port}"  # noqa: S104  # compared
    os.execve(command[0], command, {**environment(), "FRESQUE_URL": address})  # noqa: S606  # becoming it is the purpose


if __name__ == "__main__":
    main()
