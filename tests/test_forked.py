"""Forked processes are processes like others: their environment, their log, their signals, their children; and they end with the tests."""

from __future__ import annotations

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import psutil
import pytest

from dev.child import are_gone
from tests.forked import HERE, LOOK_SECONDS, Forked, run

PATIENCE_SECONDS = 30
SAY = "import os; print(os.environ, os.getpid() == os.getsid(0), flush=True)"
SLEEP = "import signal; signal.pause()"
PARENT = f"import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', {SLEEP!r}]).pid, flush=True); {SLEEP}"
RUNNER = f"""
import pathlib, signal, sys
from tests.forked import Forked
print(Forked("timeit", "-n1", "-r1", {SLEEP!r}, environment={{}}, log=pathlib.Path(sys.argv[1])).pid, flush=True)
signal.pause()
"""


def statement(text: str, log: Path, **environment: str) -> Forked:
    """`python -m timeit` runs any statement."""
    return Forked("timeit", "-n1", "-r1", text, environment=environment, log=log)


async def test_it_has_an_environment_a_log_and_a_session_of_its_own(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("before\n")
    said = statement(SAY, log, WORD="here")
    assert await said.wait() == said.join() == 0
    assert said.said().splitlines()[:2] == ["before", "environ({'WORD': 'here'}) True"]
    assert await statement("raise ValueError", log).wait() == 1
    with pytest.raises(AssertionError, match="No module named"):
        run("no_such_module", environment={}, log=log)


async def test_it_is_stopped_and_killed_with_its_children(tmp_path: Path) -> None:
    log = tmp_path / "log"
    for end in (Forked.kill, lambda one: one.stop(PATIENCE_SECONDS)):
        log.unlink(missing_ok=True)
        parent = statement(PARENT, log)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not parent.said().endswith("\n"):  # noqa: ASYNC110  # another process writes it
                await asyncio.sleep(LOOK_SECONDS)
        child = psutil.Process(int(parent.said()))
        end(parent)
        assert parent.returncode in (-signal.SIGKILL, -signal.SIGTERM)
        assert are_gone([child], 0)


async def test_it_ends_with_the_process_that_began_it(tmp_path: Path) -> None:
    runner = await asyncio.create_subprocess_exec(
        sys.executable, "-c", RUNNER, str(tmp_path / "log"), cwd=HERE, stdout=PIPE
    )
    assert runner.stdout is not None
    async with asyncio.timeout(PATIENCE_SECONDS):
        forked = psutil.Process(int(await runner.stdout.readline()))
        runner.kill()
        await runner.wait()
    assert await asyncio.to_thread(are_gone, [forked], PATIENCE_SECONDS)
