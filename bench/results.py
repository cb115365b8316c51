"""What was measured, kept as JSON: one file for each size of town, one entry for each part of `make bench`.

`bench/report.py` makes the tables and charts of it, so that nobody copies a figure by hand.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.town import SIZES

HERE = Path(__file__).parent.parent
FOLDER = HERE / "docs" / "measured"


def arguments(about: str | None) -> argparse.ArgumentParser:
    """What every part of `make bench` can be told."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument(
        "--home", type=Path, required=True, help="the folder of the town, which is made if it is not there"
    )
    parser.add_argument("--size", choices=SIZES, default="S")
    parser.add_argument("--keep", action="store_true", help=f"what was measured, in {FOLDER.relative_to(HERE)}")
    return parser


def load_line() -> str:
    """How busy the machine has been for a minute, in words."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def file_of(size: str) -> Path:
    """Where the figures of a size of town are kept."""
    return FOLDER / f"{size}.json"


def kept(size: str) -> dict[str, Any]:
    """The parts that were measured at this size, by name; empty when none was."""
    path = file_of(size)
    return dict(json.loads(path.read_text())) if path.exists() else {}


@contextmanager
def part(size: str, name: str, keep: bool) -> Iterator[dict[str, Any]]:
    """Fill what is given: it is kept as part `name`, with the day, the code and how busy the machine was; not so after an error."""
    found: dict[str, Any] = {}
    began, load = time.monotonic(), os.getloadavg()[0]
    yield found
    about = {
        "at": datetime.now(UTC).strftime("%Y-%m-%d %H:%M"),
        "code": _code(),
        "cores": os.cpu_count(),
        "load": [round(load, 1), round(os.getloadavg()[0], 1)],
        "seconds": round(time.monotonic() - began),
    }
    if keep:
        _write(size, {**kept(size), name: {"about": about, **found}})


def _write(size: str, parts: Mapping[str, Any]) -> None:
    FOLDER.mkdir(exist_ok=True)
    draft = file_of(size).with_suffix(".new")
    draft.write_text(json.dumps(dict(sorted(parts.items())), indent=1) + "\n")
    draft.replace(file_of(size))


def _code() -> str:
    """The commit that was measured, with a plus where files differ from it; empty outside a clone."""
    said = [
        subprocess.run(["git", *words], cwd=HERE, capture_output=True, text=True, check=False).stdout.strip()
        for words in (("rev-parse", "--short=10", "HEAD"), ("status", "--porcelain", "--untracked-files=no"))
    ]
    return said[0] + ("+" if said[1] else "")
