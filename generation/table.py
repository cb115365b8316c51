"""Which engines this process runs."""

from __future__ import annotations

from generation.engine import Engine
from generation.engines.atelier import Atelier


def engines() -> list[Engine]:
    """The engines of this process, not started yet."""
    return [Atelier()]
