"""The supervisor: starts again what dies, ends all of it, orphans included."""

from __future__ import annotations

import asyncio
import io
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import psutil
from honcho.printer import Printer

from dev.child import are_gone
from dev.supervisor import MARK, Supervisor, read_procfile, sweep

HERE = Path(__file__).parent.parent
PATIENCE_SECONDS = 60
GRACE_SECONDS = 1
# Ignores SIGTERM and has a child that does too and holds the pipe.
STUBBORN = (
    "import signal, subprocess, sys\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "code = 'import signal, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); signal.pause()'\n"
    "child = subprocess.Popen([sys.executable, '-c', code], stdout=subprocess.PIPE)\n"
    "child.stdout.readline(); print('child', child.pid, flush=True); signal.pause()\n"
)


class Screen(io.StringIO):
    """What was printed, to be waited for."""

    def __init__(self) -> None:
        super().__init__()
        self._grown = asyncio.Event()

    def write(self, text: str) -> int:
        self._grown.set()
        return super().write(text)

    async def shows(self, pattern: str, times: int = 1) -> list[str]:
        """Return what matched once `pattern` stands there `times` times."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(found := re.findall(pattern, self.getvalue())) < times:
                self._grown.clear()
                await self._grown.wait()
        return [str(match) for match in found]


def supervisor(folder: Path, screen: Screen, mark: str = "trial") -> Supervisor:
    return Supervisor(folder, dict(os.environ), mark, printer=Printer(screen), grace_seconds=GRACE_SECONDS)


def script(folder: Path, name: str, source: str) -> str:
    """A command that runs `source`."""
    path = folder / f"{name}.py"
    path.write_text(source)
    return f"{sys.executable} {path}"


async def test_what_dies_is_started_again_and_the_others_stay(tmp_path: Path) -> None:
    screen = Screen()
    trial = supervisor(tmp_path, screen)
    dier = script(tmp_path, "dier", "print('I live', flush=True); raise SystemExit(3)")
    steady = script(tmp_path, "steady", "import os, signal; print('steady', os.getpid(), flush=True); signal.pause()")
    keeper = asyncio.create_task(trial.keep({"dier": dier, "steady": steady}))
    await screen.shows("I live", times=2)
    (pid,) = await screen.shows(r"steady (\d+)")
    assert psutil.pid_exists(int(pid))
    assert "dier ended by itself (exit code 3); it starts again in 0.5 s." in screen.getvalue()
    trial.end()
    await asyncio.wait_for(keeper, PATIENCE_SECONDS)
    assert not psutil.pid_exists(int(pid))


async def test_a_killed_process_is_started_again(tmp_path: Path) -> None:
    screen = Screen()
    trial = supervisor(tmp_path, screen)
    steady = script(tmp_path, "steady", "import os, signal; print('steady', os.getpid(), flush=True); signal.pause()")
    keeper = asyncio.create_task(trial.keep({"steady": steady}))
    (first,) = await screen.shows(r"steady (\d+)")
    os.kill(int(first), signal.SIGKILL)
    _, second = await screen.shows(r"steady (\d+)", times=2)
    assert "killed by SIGKILL" in screen.getvalue()
    assert second != first
    trial.end()
    await asyncio.wait_for(keeper, PATIENCE_SECONDS)


async def test_one_that_will_not_end_is_killed_with_its_children(tmp_path: Path) -> None:
    screen = Screen()
    trial = supervisor(tmp_path, screen)
    keeper = asyncio.create_task(trial.keep({"stubborn": script(tmp_path, "stubborn", STUBBORN)}))
    (pid,) = await screen.shows(r"child (\d+)")
    child = psutil.Process(int(pid))
    trial.end()
    await asyncio.wait_for(keeper, PATIENCE_SECONDS)
    assert are_gone([child], PATIENCE_SECONDS)
    assert "stubborn did not end" in screen.getvalue()


async def test_a_grandchild_that_left_the_group_does_not_hold_us_up(tmp_path: Path) -> None:
    screen = Screen()
    trial = supervisor(tmp_path, screen)
    source = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import signal; signal.pause()'], start_new_session=True)\n"
        "print('child', child.pid, flush=True)\n"
    )
    command = script(tmp_path, "leaver", source)
    assert await asyncio.wait_for(trial.once("leaver", command), PATIENCE_SECONDS) == 0
    (pid,) = await screen.shows(r"child (\d+)")
    psutil.Process(int(pid)).kill()


async def test_a_step_gives_its_exit_code_and_its_last_words(tmp_path: Path) -> None:
    screen = Screen()
    trial = supervisor(tmp_path, screen)
    assert await trial.once("step", script(tmp_path, "fails", "print('no'); raise SystemExit(4)")) == 4
    assert await trial.once("step", "true") == 0
    assert re.search(r"step +\| no", screen.getvalue())


async def test_an_endless_line_does_not_stop_the_reader(tmp_path: Path) -> None:
    screen = Screen()
    trial = supervisor(tmp_path, screen)
    source = "print('x' * 3_000_000); print('after', flush=True)"
    assert await trial.once("long", script(tmp_path, "long", source)) == 0
    assert "after" in screen.getvalue()


def test_the_sweep_ends_what_carries_the_mark_and_nothing_else(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import signal; print(1, flush=True); signal.pause()"]
    marked = subprocess.Popen(command, env={**os.environ, MARK: str(tmp_path)}, stdout=subprocess.PIPE)
    stranger = subprocess.Popen(command, env={**os.environ, MARK: "another"}, stdout=subprocess.PIPE)
    with marked, stranger:
        try:
            for process in (marked, stranger):
                assert process.stdout is not None
                assert process.stdout.readline() == b"1\n"
            assert sweep(str(tmp_path)) == 1
            assert marked.wait(PATIENCE_SECONDS) == -signal.SIGKILL
            assert stranger.poll() is None
        finally:
            marked.kill()
            stranger.kill()


def test_the_procfile_is_read_in_order() -> None:
    assert list(read_procfile(HERE / "Procfile")) == ["release", "web", "worker", "relay", "work"]
