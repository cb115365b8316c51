"""`make test`: every check and every test, on servers of their own; beside a running `make run` too."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass

from dev.home import HERE

STACK_VARIABLES = ("DATABASE_URL", "REDIS_URL", "S3_ENDPOINT_URL", "FRESQUE_HOME")


@dataclass(frozen=True, slots=True)
class Step:
    """One command of the check, run with this environment's Python."""

    name: str
    module: tuple[str, ...]


STEPS = (
    Step("format", ("ruff", "format", "--check", "--quiet", ".")),
    Step("lint", ("ruff", "check", "--quiet", ".")),
    Step("types", ("mypy", ".")),
    Step("schema", ("schema.print", "--check")),
    Step("tests", ("pytest", "-n", "2", "--dist", "loadfile", "--durations", "5")),
)


def main() -> int:
    """Run all steps, also after one failed; returns 0 only when none did."""
    # What a person's shell says about servers is not meant for the tests, which start their own.
    environment = {name: value for name, value in os.environ.items() if name not in STACK_VARIABLES}
    failed: list[str] = []
    for step in STEPS:
        print(f"--- {step.name}", flush=True)
        began = time.monotonic()
        done = subprocess.run([sys.executable, "-m", *step.module], cwd=HERE, env=environment, check=False)
        print(f"--- {step.name}: exit code {done.returncode} after {time.monotonic() - began:.1f} s", flush=True)
        if done.returncode != 0:
            failed.append(step.name)
    if failed:
        print(f"Failed: {', '.join(failed)}.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
