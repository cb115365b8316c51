"""All of the bench with one command: `python -m bench [--size S] [--only home,delivery]` (`make bench SIZE=S`).

Each part is a process of its own and keeps its figures in `docs/measured/SIZE.json`; after them tables and charts are made
(`bench/report.py`). Towns are made where they are not there yet, beside each other in `--folder`. A part that fails does not keep
the others from running. Ends with 1 when one failed.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

from bench.results import HERE, load_line
from bench.town import SIZES

GROWING = ("S", "M", "L")
"""Each ten times the one before."""
BRIEFLY = {
    "home": ["--requests=80"],
    "delivery": ["--people=200", "--rounds=4"],
    "idle": ["--people=1000"],
    "growth": ["--turns=5"],
}


def commands(size: str, folder: Path) -> dict[str, list[str]]:
    """The module of each part, and what it is told."""

    def town(name: str) -> Path:
        return folder / f".fresque-bench-{name}"

    own = ["--home", str(town(size)), "--size", size]
    crowd = ["--home", str(town("listeners")), "--size", size]
    beside = [
        name
        for name in SIZES
        if name == size or town(name).is_dir() or (name in GROWING and SIZES[name].posts < SIZES[size].posts)
    ]
    return {
        "home": ["bench.against", *own],
        "delivery": ["bench.delivery", *crowd],
        "idle": ["bench.idle", *crowd],
        "likes": ["bench.likes", *own],
        "pipeline": ["bench.pipeline", *own],
        "growth": ["bench.growth", "--size", size, *(f"--town={name}={town(name)}" for name in beside)],
    }


def main() -> int:
    """Run the parts that are wanted, then make the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="S")
    parser.add_argument(
        "--only", default="", help="parts, with commas between: home, delivery, idle, likes, pipeline, growth"
    )
    parser.add_argument("--folder", type=Path, default=HERE, help="where the towns lie")
    parser.add_argument(
        "--brief", action="store_true", help="a few turns of each, to see that all of it works: nothing is kept"
    )
    given = parser.parse_args()
    known = commands(given.size, given.folder.resolve())
    wanted = given.only.split(",") if given.only else list(known)
    if unknown := set(wanted) - set(known):
        parser.error(f"no part is called {', '.join(sorted(unknown))}")
    failed = []
    began = time.monotonic()
    for name in wanted:
        module, *words = known[name]
        print(f"=== {name} ({load_line()})", flush=True)
        since = time.monotonic()
        more = BRIEFLY.get(name, []) if given.brief else ["--keep"]
        code = subprocess.run([sys.executable, "-m", module, *words, *more], cwd=HERE, check=False).returncode
        print(f"=== {name}: exit code {code} after {time.monotonic() - since:.0f} s", flush=True)
        if code != 0:
            failed.append(name)
    report = subprocess.run([sys.executable, "-m", "bench.report"], cwd=HERE, check=False).returncode
    print(f"=== all of it took {time.monotonic() - began:.0f} s", *([f"failed: {', '.join(failed)}"] if failed else []))
    return 1 if failed or report else 0


if __name__ == "__main__":
    sys.exit(main())
