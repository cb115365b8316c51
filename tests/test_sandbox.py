"""docs/sandbox.md as it stands: its people, its limits, and its program."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from pathlib import Path

from dev import seed
from dev.people import CAST, LOGINS, PASSWORD
from dev.run import RAISED_LIMITS, process_environment
from dev.stack import Stack
from settings import read
from tests.people import Town

PAGE = (Path(__file__).parent.parent / "docs" / "sandbox.md").read_text()
SECONDS = 60


def test_the_page_names_the_people_and_the_limits() -> None:
    assert all(f"`{handle}`" in PAGE for handle, _ in LOGINS)
    assert f"the password `{PASSWORD}`" in PAGE
    rows = {name: (high, low) for name, high, low in re.findall(r"^\| `([A-Z_]+)` \| (\d+) \| (\d+) \|$", PAGE, re.M)}
    usual = read({})
    assert rows == {name: (high, str(getattr(usual, name.lower()))) for name, high in RAISED_LIMITS.items()}


def test_a_limit_that_is_said_is_kept(stack: Stack) -> None:
    assert process_environment(stack, {}, 8000).items() >= RAISED_LIMITS.items()
    said = process_environment(stack, {"RATE_LIMIT_POINTS_SIGNED_IN": "20000"}, 8000)
    assert said["RATE_LIMIT_POINTS_SIGNED_IN"] == "20000"


async def test_everybody_signs_in_and_has_much_to_spend(town: Town, tmp_path: Path) -> None:
    await seed.people()
    (program,) = re.findall(r"^```python sandbox\.py\n(.*?)^```", PAGE, re.M | re.S)
    (tmp_path / "sandbox.py").write_text(program.replace("http://127.0.0.1:8000", town.url))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "sandbox.py", cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    said, _ = await asyncio.wait_for(process.communicate(), SECONDS)
    points = RAISED_LIMITS["RATE_LIMIT_POINTS_SIGNED_IN"]
    assert said.decode().splitlines() == [f"{member.name} may spend {points} points an hour" for member in CAST]
