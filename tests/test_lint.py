"""The linter's security rules (bandit's, as ruff has them) are on, see every file of ours, and are turned off only by name and with a reason."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

from dev.check import STEPS
from tests.test_house import HERE, modules, tracked

RUFF = [sys.executable, "-m", "ruff", "check", "--no-cache"]
SECURITY = re.compile(r"S\d{3}")
# Turned off everywhere, for what cannot be said of one line (pyproject.toml says why); a third one wants a test of its own.
EVERYWHERE = {
    "S101": "an assertion tells readers and mypy what is so; none decides what somebody may",
    "S608": "tests/attacks/test_input.py watches every statement that is sent",
}
# What bandit finds beyond ruff's rules, or says of a line that they are turned off for: where, what, and why it is none.
BANDIT = [sys.executable, "-m", "bandit", "--quiet", "--severity-level", "medium", "--confidence-level", "medium", "--format", "json"]  # fmt: skip
KNOWN = {
    ("dev/postgres.py", "B608"): "names of the role and the database, which are constants",
    ("dev/postgres.py", "B108"): "a folder whose owner is looked at before it is used",
    ("dev/run.py", "B104"): "compared with, not bound",
    ("dev/run.py", "B310"): "an address of our own",
    ("dev/seaweed.py", "B310"): "an address of our own",
    ("dev/seaweed.py", "B108"): "where SeaweedFS puts its sockets",
    ("dev/web_server.py", "B104"): "compared with, not bound",
    ("execution/row.py", "B102"): "code made of names of code that is there",
    ("execution/selection.py", "B102"): "code made of names that graphql-core's lexer lets through",
    ("generation/engines/atelier/vector.py", "B314"): "what a document could declare was refused before",
}
HOLES = """import hashlib
import random
import subprocess

import httpx


def hole(said: str) -> object:
    eval(said)
    exec(said)
    hashlib.md5(said.encode())
    httpx.get(said, verify=False)
    subprocess.run(said, shell=True)
    password = "hunter2"
    return password
"""
FOUND = {"S307", "S102", "S324", "S501", "S602", "S105"}


def rules() -> dict[str, object]:
    """What pyproject.toml says of the linter."""
    found: dict[str, object] = tomllib.loads((HERE / "pyproject.toml").read_text())["tool"]["ruff"]["lint"]
    return found


@cache
def packages() -> list[str]:
    """Every folder that has code of ours in it, and the top."""
    return sorted({path.parent.relative_to(HERE).as_posix() for path in modules()})


def test_they_are_part_of_the_check() -> None:
    assert ("ruff", "check", "--quiet", ".") in {step.module for step in STEPS}
    told = rules()
    assert "S" in told["select"]  # type: ignore[operator]
    assert {code for code in told["ignore"] if SECURITY.fullmatch(code)} == set(EVERYWHERE)  # type: ignore[attr-defined]


def test_bandit_finds_nothing_that_is_not_known() -> None:
    files = [str(path.relative_to(HERE)) for path in modules() if "tests" not in path.parts]
    said = subprocess.run([*BANDIT, *files], cwd=HERE, capture_output=True, text=True).stdout
    told = json.loads(said)
    assert not told["errors"]
    assert {(one["filename"].removeprefix("./"), one["test_id"]) for one in told["results"]} == set(KNOWN), (
        "say why, or mend it"
    )


def test_they_see_every_file() -> None:
    shown = subprocess.run([*RUFF, "--show-files", "."], cwd=HERE, check=True, capture_output=True, text=True).stdout
    assert {str(path) for path in modules()} - set(shown.split("\n")) == set()


@pytest.mark.parametrize("package", packages())
def test_a_hole_is_found_in_every_package(package: str) -> None:
    """By its name alone: nothing is written. So it is in what is new, such as the rules of automod and the labelers."""
    name = Path(package) / "trial.py"
    command = [*RUFF, "--output-format", "concise", "--stdin-filename", str(name), "-"]
    said = subprocess.run(command, cwd=HERE, input=HOLES, capture_output=True, text=True).stdout
    assert set(SECURITY.findall(said)) >= FOUND, said


def test_what_is_turned_off_is_named_and_has_a_reason() -> None:
    blanket, unreasoned = [], []
    for path in tracked():
        if path.suffix != ".py" or path == Path(__file__):
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            where = f"{path.relative_to(HERE)}:{number}"
            if re.search(r"#\s*(nosec|ruff:\s*noqa|flake8:\s*noqa)|#\s*noqa(?!:)", line):
                blanket.append(where)
            named = re.search(r"#\s*noqa:\s*([A-Z0-9, ]+)(.*)", line)
            if named and SECURITY.search(named[1]) and "tests" not in path.parts and len(named[2].strip("# ()")) < 5:
                unreasoned.append(where)
    assert (blanket, unreasoned) == ([], [])
    for paths, codes in rules()["per-file-ignores"].items():  # type: ignore[attr-defined]
        assert all(SECURITY.fullmatch(code) for code in codes), f"{paths}: one by one"
