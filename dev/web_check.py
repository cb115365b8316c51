"""What is checked of the web client without a server: documents against the schema, types, style, component tests."""

from __future__ import annotations

import subprocess
import sys

from dev.home import HERE
from dev.node import environment, install, npm

WEB = HERE / "web"
SCRIPTS = ("check", "test")


def main() -> int:
    """Run all scripts, also after one failed; returns 0 only when none did. Installs what the lock names first."""
    install(WEB)
    codes = [
        subprocess.run([*npm(), "run", "--silent", one], cwd=WEB, env=environment(), check=False) for one in SCRIPTS
    ]
    return max(done.returncode for done in codes)


if __name__ == "__main__":
    sys.exit(main())
