"""The embedded stack: PostgreSQL, Valkey and SeaweedFS out of wheels, in one folder, on loopback only.

    with Stack(home) as stack:
        environment = {**os.environ, **stack.environment()}
        stack.redis.kill()      # fault tests: also stack.postgres and stack.s3
        stack.redis.start()     # same port, same password

The servers end with the thread that started them, however it ends. `start` and `stop` block for seconds: call them from a
synchronous fixture or a script, not inside an event loop that must go on meanwhile.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from dev.account import Account, postgres_account
from dev.child import StartFailed
from dev.ports import free_pairs, is_free_pair
from dev.postgres import Postgres
from dev.seaweed import BUCKET, REGION, Seaweed
from dev.valkey import Valkey
from outside.push import new_key

SECRET_BYTES = 24
START_TRIES = 3


def _secret() -> str:
    return secrets.token_hex(SECRET_BYTES)


SECRETS = {
    "postgres_password": _secret,
    "database_password": _secret,
    "redis_password": _secret,
    "s3_access_key": _secret,
    "s3_secret_key": _secret,
    "secret_key": _secret,
    "vapid_key": new_key,
}
PORTS = ("postgres", "valkey", "master", "volume", "filer", "s3")


class HomeTaken(RuntimeError):
    """Another stack runs in this home folder."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Which servers are wanted; what is left out is somewhere else."""

    postgres: bool = True
    redis: bool = True
    s3: bool = True


class Stack:
    """Three servers below one home folder, which keeps their data, secrets, ports, logs and pid files.

    `durable=False` (tests) trades safety against loss of power for speed. `secrets.json` and `env` are readable by
    the owner alone. Raises `HomeTaken` when a stack runs there already.
    """

    def __init__(self, home: Path, *, durable: bool = True, parts: Parts = Parts()) -> None:
        self.home = home.resolve()
        self.parts = parts
        account = postgres_account() if parts.postgres else Account()
        self.home.mkdir(parents=True, exist_ok=True)
        self.home.chmod(0o711 if account.uid >= 0 else 0o700)  # PostgreSQL's own account must pass through
        self.postgres = Postgres(self.home, account, durable=durable)
        self.redis = Valkey(self.home)
        self.s3 = Seaweed(self.home)
        self._lock: IO[str] | None = None
        self._secrets: dict[str, str] = {}

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start what is wanted, all at once, and return when all of it serves (about 4 s; 1 s less without SeaweedFS)."""
        self._take_lock()
        try:
            for server in (self.redis, self.s3, self.postgres):
                server.sweep()
            self._secrets = self._kept_secrets()
            self._start_on_free_ports()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End everything; afterwards no process of this stack runs. Harmless when nothing runs."""
        for server in (self.redis, self.s3, self.postgres):
            server.ask_to_end()
        for server in (self.redis, self.s3, self.postgres):
            server.stop()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def remove(self) -> None:
        """End everything and remove the home folder with all data. Raises `HomeTaken` when another stack runs there."""
        if self._lock is None:
            self._take_lock()
            for server in (self.redis, self.s3, self.postgres):
                server.sweep()
        self.stop()
        self.postgres.remove()
        shutil.rmtree(self.home, ignore_errors=True)

    def environment(self) -> dict[str, str]:
        """The variables of `settings.py` that say where these servers are; only for the parts that are wanted."""
        found = {
            "FRESQUE_HOME": str(self.home),
            "SECRET_KEY": self._secrets["secret_key"],
            "SIGNING_FOLDER": str(self.home / "signing"),
            "MAIL_FOLDER": str(self.home / "mail"),
            "VAPID_KEY": self._secrets["vapid_key"],
        }
        if self.parts.postgres:
            found["DATABASE_URL"] = self.postgres.url
        if self.parts.redis:
            found["REDIS_URL"] = self.redis.url
        if self.parts.s3:
            found |= {
                "S3_ENDPOINT_URL": self.s3.url,
                "S3_BUCKET": BUCKET,
                "S3_REGION": REGION,
                "S3_ACCESS_KEY": self._secrets["s3_access_key"],
                "S3_SECRET_KEY": self._secrets["s3_secret_key"],
            }
        return found

    def pids(self) -> list[int]:
        """Process ids of the servers that run."""
        return [server.pid for server in (self.postgres, self.redis, self.s3) if server.pid is not None]

    def _take_lock(self) -> None:
        lock = (self.home / "lock").open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            lock.close()
            raise HomeTaken(f"A stack runs in {self.home} already (process {holder}).") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        self._lock = lock

    def _kept_secrets(self) -> dict[str, str]:
        kept = self.home / "secrets.json"
        found: dict[str, str] = json.loads(kept.read_text()) if kept.exists() else {}
        missing = {name: make() for name, make in SECRETS.items() if name not in found}
        if missing:  # all of them at first; later those that a newer version needs
            found |= missing
            draft = kept.with_suffix(".new")
            draft.unlink(missing_ok=True)
            draft.touch(mode=0o600)
            draft.write_text(json.dumps(found))
            draft.rename(kept)
        return found

    def _start_on_free_ports(self) -> None:
        for attempt in range(START_TRIES):
            self._choose_ports(afresh=attempt > 0)
            try:
                self._start_wanted()
            except StartFailed:
                # A stranger may have taken a port between our look and the server's start.
                for server in (self.redis, self.s3, self.postgres):
                    server.kill()
                if attempt + 1 == START_TRIES:
                    raise
            else:
                return

    def _start_wanted(self) -> None:
        if self.parts.s3:
            self.s3.launch()  # the slowest: the others start meanwhile
        if self.parts.redis:
            self.redis.launch()
        if self.parts.postgres:
            self.postgres.start()
            self.postgres.prepare()
        if self.parts.redis:
            self.redis.wait()
        if self.parts.s3:
            self.s3.wait()

    def _choose_ports(self, *, afresh: bool) -> None:
        """The ports of the last start, so that addresses stay what they were, unless one of them is taken now."""
        kept = self.home / "ports.json"
        ports: dict[str, int] = json.loads(kept.read_text()) if kept.exists() and not afresh else {}
        if set(ports) != set(PORTS) or not all(is_free_pair(port) for port in ports.values()):
            ports = dict(zip(PORTS, free_pairs(len(PORTS)), strict=True))
            kept.write_text(json.dumps(ports))
        known = self._secrets
        if self.parts.postgres:
            self.postgres.configure(ports["postgres"], known["postgres_password"], known["database_password"])
        if self.parts.redis:
            self.redis.configure(ports["valkey"], known["redis_password"])
        if self.parts.s3:
            self.s3.configure([ports[name] for name in PORTS[2:]], known["s3_access_key"], known["s3_secret_key"])
