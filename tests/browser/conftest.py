"""What tests in a browser may ask for: a running site and a browser, shared by all of them in this process."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser.site import Site, launched, opened
from tests.people import PATIENCE_SECONDS

expect.set_options(timeout=PATIENCE_SECONDS * 1000)


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def site() -> AsyncIterator[Site]:
    """A running Fresque with the web client, for the tests of this folder alone."""
    async with opened("browser") as found:
        yield found


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One browser; each visitor has a fresh profile in it."""
    async with launched() as found:
        yield found
