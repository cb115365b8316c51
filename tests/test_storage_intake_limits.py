"""The limits of the child that decodes pictures, and what follows when it dies, is cancelled or loses its parent."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import select
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from PIL import Image

from errors import BadInput, RateLimited
from storage import intake as intake_module
from storage.intake import CHILDREN_MAX, SENTENCES, WAITING_MAX, IntakeFault, Limits, Taken, intake
from tests.test_storage_intake import png
from tests.test_storage_intake_child import encoded, scene

PATIENCE_SECONDS = 60
SOON_SECONDS = 4  # many_scans() alone takes 12


def many_scans(count: int) -> bytes:
    """A progressive JPEG whose second scan is repeated: each repetition costs a walk over all of 9 million pixels."""
    data = encoded(Image.new("L", (3_000, 3_000), 128), "JPEG", progressive=True)
    starts = [found.start() for found in re.finditer(rb"\xff\xda", data)]
    return data[: starts[1]] + data[starts[1] : starts[2]] * count + data[starts[1] :]


def children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "intake_child.py" in " ".join(arguments(child))]


def arguments(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return []


async def first_child(task: asyncio.Task[Taken]) -> psutil.Process:
    """The child that works on `task`, as soon as there is one."""
    while not (found := children()):
        done, _ = await asyncio.wait([task], timeout=0.005)
        assert not done
    return found[0]


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    yield
    assert children() == []
    assert intake_module._places.waiting == 0


async def test_too_slow_for_the_processor_limit() -> None:
    with pytest.raises(BadInput, match="took too long"):
        await intake(many_scans(20_000), "image/jpeg", Limits(cpu_seconds=1))


async def test_too_slow_for_the_clock() -> None:
    with pytest.raises(BadInput, match="took too long"):
        await intake(many_scans(20_000), "image/jpeg", Limits(wall_seconds=0.2))


async def test_too_much_memory() -> None:
    with pytest.raises(BadInput, match="too much memory"):
        await intake(png(5_000, 5_000), "image/png", Limits(memory_bytes=96 * 1024 * 1024))


async def test_a_child_that_cannot_work_is_no_fault_of_the_picture() -> None:
    with pytest.raises(IntakeFault):
        await intake(bytes(30_000_000), None, Limits(memory_bytes=8 * 1024 * 1024))


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (signal.SIGSEGV, "corrupt"),
        (signal.SIGABRT, "corrupt"),
        (signal.SIGKILL, "memory"),
        (signal.SIGXCPU, "too_long"),
    ],
)
async def test_a_child_that_dies_is_a_refusal_and_the_next_picture_goes_on(
    number: signal.Signals, message: str
) -> None:
    task = asyncio.create_task(intake(many_scans(20_000), "image/jpeg"))
    (await first_child(task)).send_signal(number)
    with pytest.raises(BadInput) as refused:
        await task
    assert refused.value.message == SENTENCES[message]
    assert (await intake(encoded(scene(9, 9), "PNG"), "image/png")).width == 9


@pytest.mark.parametrize("worked_seconds", [0.0, 0.5], ids=["at_its_start", "at_work"])
async def test_cancelling_ends_the_child(worked_seconds: float) -> None:
    task = asyncio.create_task(intake(many_scans(20_000), "image/jpeg"))
    child = await first_child(task)
    while child.cpu_times().user < worked_seconds:
        done, _ = await asyncio.wait([task], timeout=0.005)
        assert not done
    task.cancel()
    done, _ = await asyncio.wait([task], timeout=SOON_SECONDS)
    assert done
    assert task.cancelled()
    assert not child.is_running()


async def test_two_at_once_and_a_bound_on_those_who_wait() -> None:
    data = encoded(scene(300, 200), "PNG")
    tasks = [asyncio.create_task(intake(data, "image/png")) for _ in range(CHILDREN_MAX + WAITING_MAX)]
    most = 0
    pending: set[asyncio.Task[Taken]] = set(tasks)
    refused = False
    while pending:
        _, pending = await asyncio.wait(pending, timeout=0.005, return_when=asyncio.FIRST_COMPLETED)
        most = max(most, len(children()))
        if not refused:
            with pytest.raises(RateLimited):
                await intake(data, "image/png")
            refused = True
    assert most == CHILDREN_MAX
    assert len({task.result().blurhash for task in tasks}) == 1


async def test_a_child_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "whereabouts")
    task = asyncio.create_task(intake(many_scans(20_000), "image/jpeg"))
    child = await first_child(task)
    environment = child.environ()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    assert set(environment) <= {"LD_LIBRARY_PATH"}


PARENT = """
import asyncio, sys
from pathlib import Path
from storage.intake import intake
asyncio.run(intake(Path(sys.argv[1]).read_bytes(), None))
"""


async def test_the_child_dies_with_its_parent(tmp_path: Path) -> None:
    slow = tmp_path / "slow.jpg"
    slow.write_bytes(many_scans(20_000))
    root = Path(intake_module.__file__).parent.parent
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", PARENT, str(slow), cwd=root)
    try:
        child = await _confined_child(parent)
        child.suspend()  # it cannot notice by itself that its pipes have closed
        handle = os.pidfd_open(child.pid)
    finally:
        parent.kill()
        await parent.wait()
    ended, _, _ = await asyncio.to_thread(select.select, [handle], [], [], PATIENCE_SECONDS)
    os.close(handle)
    if not ended:
        child.kill()
    assert ended


async def _confined_child(parent: asyncio.subprocess.Process) -> psutil.Process:
    """The child of that parent, once it has asked to die with it and set the last of its limits."""
    ended = asyncio.ensure_future(parent.wait())
    while not (await asyncio.wait([ended], timeout=0.005))[0]:
        for child in psutil.Process(parent.pid).children():
            if child.rlimit(psutil.RLIMIT_FSIZE) == (0, 0):
                ended.cancel()
                return child
    raise AssertionError("The parent ended before it had a child.")
