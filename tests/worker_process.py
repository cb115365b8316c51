"""`python -m tests.worker_process`: a real worker process whose only engine is the easel."""

from __future__ import annotations

import asyncio
import logging

from generation.worker import serve
from settings import settings
from tests.jobs import Easel

if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    asyncio.run(serve([Easel()], settings()))
