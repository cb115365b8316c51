"""`make run`: the embedded servers, migrations, the seed, and the Procfile's processes, until Ctrl-C.

What `DATABASE_URL`, `REDIS_URL` and `S3_ENDPOINT_URL` name from outside (environment or `.env`) is not started here, and
nothing is seeded then.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from dev.graphiql_files import FOLDER as GRAPHIQL
from dev.home import ENVIRONMENT_FILE, HERE, home_folder, outside_environment
from dev.node import installed
from dev.people import LOGINS
from dev.ports import first_free
from dev.stack import HomeTaken, Parts, Stack
from dev.supervisor import Supervisor, read_procfile, sweep
from settings import read

ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
READY_SECONDS = 120
PROBE_SECONDS = 0.1
RAISED_LIMITS = {
    "RATE_LIMIT_POINTS_SIGNED_IN": "1000000",
    "RATE_LIMIT_POINTS_SIGNED_OUT": "1000000",
    "RATE_LIMIT_SIGN_INS": "10000",
    "RATE_LIMIT_PASSWORDS": "10000",
    "RATE_LIMIT_SIGN_UPS": "10000",
    "RATE_LIMIT_LETTERS": "10000",
    "RATE_LIMIT_VERIFICATIONS": "10000",
    "APP_REGISTRATIONS": "10000",
}
HIGHEST_PORT = 65_000


class Stopped(Exception):
    """Someone asked us to end before all of it ran."""


async def run(stack: Stack, given: dict[str, str], port: int, began: float) -> int:
    """Run release, seed and processes with the servers of `stack` until a signal comes; returns the exit code."""
    environment = process_environment(stack, given, port)
    supervisor = Supervisor(HERE, environment, mark=str(stack.home))
    loop = asyncio.get_running_loop()
    for which in ENDING_SIGNALS:
        loop.add_signal_handler(which, supervisor.end)
    commands = read_procfile(HERE / "Procfile")
    release = commands.pop("release", "")
    steps = [("release", release)] if release else []
    if stack.parts == Parts():
        steps.append(("seed", "python -m dev.seed"))
    environment_file = stack.home / ENVIRONMENT_FILE
    background = asyncio.create_task(supervisor.once("graphiql", "python -m dev.graphiql_files"))
    client = asyncio.create_task(supervisor.once("client", "python -m dev.web_build"))
    try:
        for name, command in steps:
            code = await supervisor.once(name, command)
            if supervisor.ending:
                return 0
            if code != 0:
                supervisor.say(f"{name} failed ({command}); see above.")
                return 1
        await client  # the API reads it as it starts
        if supervisor.ending:
            return 0
        write_privately(environment_file, "".join(f"{name}={value}\n" for name, value in told(environment).items()))
        announcer = asyncio.create_task(announce(supervisor, environment, began, background))
        await supervisor.keep(commands)
        announcer.cancel()
        return 0
    finally:
        supervisor.end()
        await asyncio.gather(background, client)
        environment_file.unlink(missing_ok=True)
        supervisor.say("Ending the servers.")


def process_environment(stack: Stack, given: dict[str, str], port: int) -> dict[str, str]:
    """What the processes are told: the stack's addresses, under what was given from outside."""
    programs = str(Path(sys.executable).parent)
    settled = {"PATH": f"{programs}{os.pathsep}{given.get('PATH', os.defpath)}", "PORT": str(port)}
    said = {name: value for name, value in given.items() if value}  # an empty line in `.env` says nothing
    raised = RAISED_LIMITS if stack.parts == Parts() else {}  # outside servers may have people of their own
    return {"DEVELOPMENT": "1", **raised, **stack.environment(), **said, **settled, "FRESQUE_HOME": str(stack.home)}


def told(environment: dict[str, str]) -> dict[str, str]:
    """The part of an environment that our settings read, and the home folder."""
    names = {name.upper() for name in read({}).__dataclass_fields__} | {"FRESQUE_HOME"}
    return {name: value for name, value in environment.items() if name in names}


async def announce(
    supervisor: Supervisor, environment: dict[str, str], began: float, graphiql: asyncio.Task[int]
) -> None:
    """Say where to look, once `/readyz` answers 200."""
    settings = read(told(environment))
    address = f"http://{'127.0.0.1' if settings.host == '0.0.0.0' else settings.host}:{settings.port}"  # noqa: S104  # compared
    await asyncio.shield(graphiql)
    warn_at = time.monotonic() + READY_SECONDS
    while not await asyncio.to_thread(answers, f"{address}/readyz"):
        if time.monotonic() > warn_at:
            supervisor.say(f"{address}/readyz has not answered 200 for {READY_SECONDS} s; still waiting. See above.")
            warn_at = time.monotonic() + READY_SECONDS
        await asyncio.sleep(PROBE_SECONDS)
    lines = [
        f"Fresque runs at {settings.base_url} (ready {time.monotonic() - began:.1f} s after the start).",
        f"{'GraphQL and GraphiQL' if installed(GRAPHIQL) else 'GraphQL'}: {settings.base_url}/graphql",
        *(f"Sign in as {handle} with the password {password}" for handle, password in LOGINS[:2]),
        f"Data, logs, mail and secrets lie in {supervisor_home(environment)}. Ctrl-C ends all of it.",
    ]
    for line in lines:
        supervisor.say(line)


def supervisor_home(environment: dict[str, str]) -> str:
    """The home folder, as short as it can be said."""
    home = Path(environment["FRESQUE_HOME"])
    return str(home.relative_to(HERE)) if home.is_relative_to(HERE) else str(home)


def answers(url: str) -> bool:
    """Whether `url` answers 200 now."""
    with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  # our own
        return bool(answer.status == 200)
    return False


def write_privately(path: Path, text: str) -> None:
    """Write a file that only its owner may read."""
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(text)


def main() -> int:
    """Start what is wanted; returns the exit code: 0 when asked to end, 1 when something could not start."""
    began = time.monotonic()
    given = outside_environment()
    wanted = read(given).port
    if not 1 <= wanted <= HIGHEST_PORT:
        print(f"PORT is between 1 and {HIGHEST_PORT}, not {wanted}.", file=sys.stderr)
        return 1
    parts = Parts(
        postgres=not given.get("DATABASE_URL"), redis=not given.get("REDIS_URL"), s3=not given.get("S3_ENDPOINT_URL")
    )
    for which in ENDING_SIGNALS:
        signal.signal(which, stop_early)
    stack = Stack(home_folder(given), parts=parts)
    try:
        print(f"Starting the servers in {supervisor_home({'FRESQUE_HOME': str(stack.home)})} ...", flush=True)
        stack.start()
        left = sweep(str(stack.home))
        if left:
            print(f"Ended {left} processes of a run that was killed.", flush=True)
        port = first_free(wanted)
        if port != wanted:
            print(f"Port {wanted} is taken; using {port}.", flush=True)
        return asyncio.run(run(stack, given, port, began))
    except HomeTaken as error:
        print(f"{error} End that one first, or say another folder: make run FRESQUE_HOME=.fresque-2", file=sys.stderr)
        return 1
    except Stopped:
        return 0
    finally:
        ignore_signals()
        stack.stop()


def stop_early(number: int, frame: object) -> None:
    """Signal handler for the time before the loop runs."""
    ignore_signals()
    raise Stopped


def ignore_signals() -> None:
    """The end is under way and takes a second; asking again must not break it off."""
    for which in ENDING_SIGNALS:
        signal.signal(which, signal.SIG_IGN)


if __name__ == "__main__":
    sys.exit(main())
