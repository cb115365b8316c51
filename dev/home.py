"""Where a run keeps what it has, and what the person told it from outside."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from settings import dotenv

HERE = Path(__file__).resolve().parent.parent
DEFAULT_HOME = ".fresque"
ENVIRONMENT_FILE = "env"  # in the home folder while a run is up: what its processes were told


def outside_environment() -> dict[str, str]:
    """The environment over `.env`, as `settings.settings()` would see it."""
    return {**dotenv(HERE / ".env"), **os.environ}


def home_folder(environment: Mapping[str, str]) -> Path:
    """`FRESQUE_HOME`, or `.fresque` in the repository; a relative path counts from there."""
    return HERE / (environment.get("FRESQUE_HOME") or DEFAULT_HOME)
