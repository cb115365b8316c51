"""The unprivileged account that PostgreSQL runs as when we are root, which PostgreSQL refuses to be."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

ACCOUNT_NAME = "fresque_postgres"


@dataclass(frozen=True, slots=True)
class Account:
    """Numbers of a system account; -1 means: whoever we are."""

    uid: int = -1
    gid: int = -1

    def own(self, path: Path) -> None:
        """Give `path` (not what is below it) to the account; nothing when that is us."""
        if self.uid >= 0:
            os.chown(path, self.uid, self.gid)

    def may_enter(self, path: Path) -> bool:
        """Whether the account can reach `path`: every folder above it lets others (or the account) pass."""
        return self.uid < 0 or all(
            folder.stat().st_mode & 0o001 or folder.stat().st_uid == self.uid for folder in path.resolve().parents
        )


def postgres_account() -> Account:
    """The account for PostgreSQL: ourselves, or as root one that is made at first need (`nobody` where none can be)."""
    if os.geteuid() != 0:
        return Account()
    if shutil.which("useradd") is not None:
        # Two stacks may do this at once: whether it exists afterwards is what counts.
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT_NAME]
        subprocess.run(command, check=False, capture_output=True)
    for name in (ACCOUNT_NAME, "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise SystemExit("PostgreSQL cannot run as root, and this machine has no account that it could run as.")
