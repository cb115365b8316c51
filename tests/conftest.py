"""What every test may ask for: real servers of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from dev.stack import Stack


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """A started stack with a fresh database and an empty bucket; every xdist worker has its own.

    A test that kills one of its servers starts it again before it ends.
    """
    stack = Stack(Path(tempfile.mkdtemp(prefix="fresque-test-")), durable=False)
    try:
        stack.start()
        yield stack
    finally:
        stack.remove()
