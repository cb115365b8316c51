"""Clients, code generators and linters that others wrote, against one running Fresque with everything on.

Each suite is a folder of `tests/clients`, copied beside the schema and the core operations, and run as its users would.
Node packages and the Python of the suites (theirs pin an older graphql-core) are installed here, by their locks.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import shlex
import shutil
import subprocess
import sys
import venv
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from dev.manifests import main as check_manifests
from dev.node import environment, install, node
from dev.stack import Stack
from tests.conftest import Serving
from tests.jobs import Easel
from tests.people import PASSWORD, Town
from tests.processes import Processes
from tests.working import at_work

HERE = Path(__file__).parent
CLIENTS = HERE / "clients"
SCHEMA = HERE.parent / "schema"
GRAPHIQL = HERE.parent / "web" / "graphiql"
WEB_MANIFESTS = HERE.parent / "web" / "persisted"
PACKAGES = CLIENTS / "node_modules"
PYTHON_HOME = CLIENTS / ".venv"
PYTHON = PYTHON_HOME / "bin" / "python"
INSTALL_SECONDS = 180
SUITE_SECONDS = 300
TEST = ("--test-force-exit", "--test-timeout=120000")

Command = Sequence[str | Path]

COMPILE: Command = (node(), PACKAGES / "typescript" / "bin" / "tsc", "--project", ".")
RELAY: Command = (node(), PACKAGES / "relay-compiler" / "cli.js")
TADA: Command = (node(), PACKAGES / "gql.tada" / "bin" / "cli.js")
SERVER = "$FRESQUE_URL"  # in a command: the address of the running server
SUITES: dict[str, tuple[Command, ...]] = {
    "audits": ((node(), "audits.js"),),
    "socket": ((node(), *TEST, "socket.js"),),
    "sse": ((node(), *TEST, "sse.js"),),
    "apollo": ((node(), *TEST, "apollo.js"),),
    "urql": ((node(), *TEST, "urql.js"),),
    "relay": (
        RELAY,
        (*RELAY, "typed.config.json"),
        (node(), "typed.js"),
        (node(), *TEST, "relay.js"),
    ),
    "codegen": (
        (node(), PACKAGES / "@graphql-codegen" / "cli" / "esm" / "bin.js", "--config", "codegen.mjs"),
        COMPILE,
        (node(), "compiled/client.js"),
    ),
    "tada": (
        (*TADA, "generate-output"),
        (*TADA, "check"),
        # Once more, on what the running server says of itself.
        (*TADA, "generate-schema", f"{SERVER}/graphql", "--output", "schema.graphql"),
        (*TADA, "generate-output"),
        (*TADA, "check"),
        COMPILE,
        (node(), "compiled/client.js"),
    ),
    "lint": ((node(), PACKAGES / "eslint" / "bin" / "eslint.js", "--max-warnings=0", "schema.graphql"),),
    "diff": ((node(), *TEST, "diff.js"),),
    "gql": ((PYTHON, "-W", "error", "gql_client.py"),),
    "ariadne": (
        (PYTHON_HOME / "bin" / "ariadne-codegen", "--config", "ariadne.toml"),
        (PYTHON, "-W", "error", "ariadne_client.py"),
    ),
    "schemathesis": ((PYTHON, "fuzz.py"),),
}


def install_python() -> None:
    """Make the Python environment of the suites what `python.lock` names, unless it is."""
    lock, stamp = CLIENTS / "python.lock", PYTHON_HOME / "installed.lock"
    if stamp.exists() and stamp.read_bytes() == lock.read_bytes():
        return
    venv.create(PYTHON_HOME, clear=True)
    pip = [sys.executable, "-m", "pip", "--python", str(PYTHON), "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--no-deps", "--require-hashes", "-r", str(lock)], check=True, timeout=INSTALL_SECONDS)
    shutil.copyfile(lock, stamp)


@pytest.fixture(scope="module")
def installed() -> None:
    """Everything that the suites need: from the registries once, and whenever a lock changes."""
    with ThreadPoolExecutor() as both:
        packages, python = both.submit(install, CLIENTS), both.submit(install_python)
    packages.result()
    python.result()


def laid_out(suite: str, place: Path) -> Path:
    """The suite's folder as a project of its own at `place`, with the schema, the operations and the packages."""
    shutil.copytree(CLIENTS / suite, place / suite)
    for path in (
        SCHEMA / "schema.graphql",
        SCHEMA / "landed.graphql",
        SCHEMA / "CHANGELOG.md",
        HERE / "operations" / "core.graphql",
        CLIENTS / "package.json",
    ):
        shutil.copy(path, place / suite)
    (place / suite / "node_modules").symlink_to(PACKAGES)
    manifests = place / suite / "manifests"  # what a build of the web client left, if there was one
    manifests.mkdir()
    for path in WEB_MANIFESTS.glob("*.json"):
        shutil.copy(path, manifests)
    return place / suite


async def output_of(command: Command, folder: Path, variables: dict[str, str]) -> tuple[int | None, str]:
    """Exit code and output of a command; it is killed when its time is up."""
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    late = asyncio.get_running_loop().call_later(SUITE_SECONDS, process.kill)
    said, _ = await process.communicate()
    late.cancel()
    return process.returncode, said.decode()


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.usefixtures("installed")
async def test_suite(suite: str, town: Town, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder, variables = laid_out(suite, tmp_path), await told_to_suites(town)
    for words in SUITES[suite]:
        command = [str(word).replace(SERVER, town.url) for word in words]
        code, said = await output_of(command, folder, variables)
        assert code == 0, f"{' '.join(command)}\n{said}\n(exit code {code}; -9: longer than {SUITE_SECONDS} s)"
        print(said)  # `pytest -rP` shows it: docs/clients/suites.md
    assert [record for record in caplog.records if record.levelno >= logging.ERROR or record.exc_info] == []


async def told_to_suites(town: Town) -> dict[str, str]:
    """The environment of a suite: where Fresque is, and who Ada is."""
    ada, other = await town.person("ada"), await town.person("bob")
    who = {"ADA_TOKEN": ada.token or "", "ADA_HANDLE": ada.handle, "OTHER_ID": other.id}
    return {**environment(), "FRESQUE_URL": town.url, **who}


@pytest.mark.usefixtures("installed")
async def test_schemathesis_would_find_a_fault(
    town: Town, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two examples of one query are enough when its resolver is broken."""

    def broken(name: str) -> str:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr("resolvers.hashtag.hashtag_in", broken)
    command = (PYTHON, "fuzz.py", "--max-examples", "2", "--include-name", "Query.hashtag")
    code, said = await output_of(command, laid_out("schemathesis", tmp_path), await told_to_suites(town))
    assert (code, said.count("INTERNAL_SERVER_ERROR") > 0) == (2, True), said
    assert any(record.levelno == logging.ERROR for record in caplog.records)


@pytest.mark.usefixtures("installed")
async def test_relay_by_ids_alone(stack: Stack, town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Relay's documents persisted, checked as before a deployment, and run by a deployment that runs nothing else."""
    ada = await town.person("ada")
    folder = laid_out("relay", tmp_path)
    manifest = folder / "persisted.json"
    manifest.write_text("{}")
    code, said = await output_of((*RELAY, "persisted.config.json"), folder, environment())
    assert code == 0, said
    assert check_manifests([str(manifest)]) == 0, capsys.readouterr()
    house = Processes(stack)
    api = house.api("persisted", TRUSTED_DOCUMENTS=str(manifest), TRUSTED_ONLY="true")
    try:
        await house.begin(api)
        who = {"FRESQUE_URL": api.url, "ADA_TOKEN": ada.token or "", "ADA_HANDLE": ada.handle}
        code, said = await output_of((node(), *TEST, "relay.js"), folder, {**environment(), **who})
    finally:
        house.end()
    assert code == 0, said


@pytest.mark.usefixtures("installed")
async def test_the_tour_of_graphiql(stack: Stack, running: Serving, town: Town, tmp_path: Path) -> None:
    """Step by step as it stands, with a worker that makes the picture, at an API process as a deployment starts it."""
    ada = await town.person("ada")
    folder = laid_out("tour", tmp_path)
    shutil.copytree(GRAPHIQL, folder / "graphiql")
    shared, processes = running.application.state.house, Processes(stack)
    api = processes.api("tour")
    who = {"FRESQUE_URL": api.url, "ADA_HANDLE": ada.handle, "ADA_PASSWORD": PASSWORD}
    try:
        await processes.begin(api)
        async with at_work(shared.settings, shared.wire, shared.bucket, Easel()):
            code, said = await output_of((node(), *TEST, "tour.js"), folder, {**environment(), **who})
    finally:
        processes.end()
    assert code == 0, said


def test_every_suite_is_run() -> None:
    assert {path.name for path in CLIENTS.iterdir() if path.is_dir() and path.name[0] != "."} - {
        "node_modules",
        "page",
        "tour",
    } == set(SUITES)


# -- the pages of docs/clients, as they stand

PAGES = HERE.parent / "docs" / "clients"
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```", re.M | re.S)
ADDRESS = "127.0.0.1:8000"  # of every page: what `make run` says
BEGINNING = (
    "npm init -y && npm pkg set type=module"  # of every page with npm: without it TypeScript takes no `await` outside
)


def laid_out_page(name: str, place: Path, address: str) -> list[str]:
    """Writes the files of a page to `place`, with this server's address; gives its commands, those that install checked."""
    shutil.copy(CLIENTS / "package.json", place)
    (place / "node_modules").symlink_to(PACKAGES)
    known = (CLIENTS / "package.json").read_text() + (CLIENTS / "python.in").read_text().replace("==", '"')
    commands: list[str] = []
    for language, file, text in BLOCK.findall((PAGES / name).read_text()):
        if file:
            (place / file).write_text(text.replace(ADDRESS, address))
        elif language == "sh":
            for line in text.splitlines():
                if line == BEGINNING:
                    assert '"type": "module"' in (place / "package.json").read_text()
                elif re.match(r"(npm|pip) install ", line):
                    asked = [word for word in shlex.split(line)[2:] if word[0] != "-"]
                    assert [word for word in asked if f'{word}"' not in known] == [], "not among the tested packages"
                else:
                    commands.append(line.removeprefix("npx "))
    return commands


def page_environment() -> dict[str, str]:
    """What a reader has after the pages' installs; what `npx` would find is on the path."""
    found = environment()
    return {**found, "PATH": os.pathsep.join([str(PACKAGES / ".bin"), str(PYTHON_HOME / "bin"), found["PATH"]])}


@pytest.mark.usefixtures("installed")
async def test_page_codegen(town: Town, tmp_path: Path) -> None:
    ada = await town.person("ada")
    commands = laid_out_page("codegen.md", tmp_path, town.url.removeprefix("http://"))
    assert len(commands) == 5
    for number, command in enumerate(commands):
        await ada.write(f"Shown to command {number}")
        code, said = await output_of(shlex.split(command), tmp_path, page_environment())
        assert code == 0, f"{command}\n{said}"
        if command.endswith(("explore.js", "explore.py")):
            assert f"{ada.handle} Shown to command {number}" in said


@asynccontextmanager
async def following(command: str, folder: Path) -> AsyncIterator[Callable[[str], Awaitable[None]]]:
    """A page's command that does not end by itself; gives what waits for a line with these words in it."""
    process = await asyncio.create_subprocess_exec(
        *shlex.split(command), cwd=folder, env=page_environment(), stdout=subprocess.PIPE
    )

    async def heard(wanted: str) -> None:
        async with asyncio.timeout(SUITE_SECONDS):
            while wanted not in (line := (await process.stdout.readline()).decode() if process.stdout else ""):
                assert line, "It ended."

    try:
        yield heard
    finally:
        process.kill()
        await process.wait()


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("page", ["urql.md", "relay.md"])
async def test_page_follows_from_the_page_on(page: str, town: Town, tmp_path: Path) -> None:
    ada = await town.person("ada")
    await ada.write(f"On the page of {page}")
    *commands, last = laid_out_page(page, tmp_path, town.url.removeprefix("http://"))
    for command in commands:
        code, said = await output_of(shlex.split(command), tmp_path, page_environment())
        assert code == 0, f"{command}\n{said}"
    async with following(last, tmp_path) as heard:
        await heard(f"{ada.handle}: On the page of {page}")
        await heard("following")
        await ada.write("Published live")
        await heard(f"{ada.handle}: Published live")


@pytest.mark.usefixtures("installed")
async def test_page_live_python(town: Town, running: Serving, tmp_path: Path) -> None:
    ada = await town.person("ada")
    (command,) = laid_out_page("live-python.md", tmp_path, town.url.removeprefix("http://"))
    async with following(command, tmp_path) as heard:
        await heard("following")
        await ada.write("First")
        await heard(f"{ada.handle}: First")
        await running.application.state.sockets.close_all(1012, "A new version starts.")
        for text in ("Second", "Third"):
            await ada.write(text)
        await heard(f"{ada.handle}: Second")
        await heard(f"{ada.handle}: Third")


@pytest.mark.usefixtures("installed")
async def test_page_react(town: Town, tmp_path: Path) -> None:
    ada = await town.person("ada")
    for text in ("The oldest", *map(str, range(10)), "On the page"):
        await ada.write(text)
    (compiling,) = laid_out_page("react.md", tmp_path, town.url.removeprefix("http://"))
    shutil.copy(CLIENTS / "page" / "mount.js", tmp_path)
    commands: tuple[Command, ...] = (shlex.split(compiling), (node(), "mount.js"))
    for command in commands:
        variables = {**page_environment(), "FRESQUE_URL": town.url, "ADA_TOKEN": ada.token or ""}
        code, said = await output_of(command, tmp_path, variables)
        assert code == 0, f"{' '.join(map(str, command))}\n{said}"
