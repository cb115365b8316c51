"""`make test`: every check and every test, on servers of their own; beside a running `make run` too."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass

from dev.chromium import MISSING, chromium
from dev.home import HERE

STACK_VARIABLES = ("DATABASE_URL", "REDIS_URL", "S3_ENDPOINT_URL", "FRESQUE_HOME")


@dataclass(frozen=True, slots=True)
class Step:
    """One command of the check, run with this environment's Python. One `beside` runs while those after it do."""

    name: str
    module: tuple[str, ...]
    beside: bool = False


STEPS = (
    Step("web", ("dev.web_check",), beside=True),
    Step("format", ("ruff", "format", "--check", "--quiet", ".")),
    Step("lint", ("ruff", "check", "--quiet", ".")),
    Step("types", ("mypy", ".")),
    Step("schema", ("schema.print", "--check")),
    Step("report", ("bench.report", "--check")),
    Step("budget", ("bench.budget",)),
)
# By itself, since it takes all there is of the machine. In the order of their folders, as what a folder shares is opened once.
LAST = Step("tests", ("pytest", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder", "--durations", "5"))


@dataclass(slots=True)
class Run:
    """A step under way. What one `beside` says is read when it is its turn."""

    step: Step
    process: subprocess.Popen[str]
    began: float

    def end(self) -> bool:
        """Wait for it and say how it went; gives whether it went well."""
        if self.step.beside:
            print(f"--- {self.step.name}\n{self.process.communicate()[0]}", end="", flush=True)
        code = self.process.wait()
        print(f"--- {self.step.name}: exit code {code} after {time.monotonic() - self.began:.1f} s", flush=True)
        return code == 0


def begin(step: Step) -> Run:
    """Start a step."""
    # What a person's shell says about servers is not meant for the tests, which start their own.
    environment = {name: value for name, value in os.environ.items() if name not in STACK_VARIABLES}
    if not step.beside:
        print(f"--- {step.name}", flush=True)
    heard = subprocess.PIPE if step.beside else None
    command = [sys.executable, "-m", *step.module]
    process = subprocess.Popen(command, cwd=HERE, env=environment, stdout=heard, stderr=subprocess.STDOUT, text=True)
    return Run(step, process, time.monotonic())


def main() -> int:
    """Run all steps, also after one failed; returns 0 only when none did."""
    if chromium() is None:
        print(MISSING)
    failed: list[str] = []
    waiting: list[Run] = []
    for step in STEPS:
        run = begin(step)
        if step.beside:
            waiting.append(run)
        elif not run.end():
            failed.append(step.name)
    failed += [run.step.name for run in waiting if not run.end()]
    if not begin(LAST).end():
        failed.append(LAST.name)
    if failed:
        print(f"Failed: {', '.join(failed)}.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
