"""Loaded once by the process that `tests/forked.py` forks from: everything that processes of Fresque import."""

from __future__ import annotations

import ctypes
import gc
import importlib
import os
import signal

from dev.tether import PR_SET_PDEATHSIG

PROGRAMS = ("app", "generation.worker", "models.migrate", "realtime.relay", "work.__main__", "tests.jobs")

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # it would start threads when it is imported
ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # with the tests, however they end
for name in PROGRAMS:
    importlib.import_module(name)
threads = len(os.listdir("/proc/self/task"))
assert threads == 1, f"{threads - 1} threads would be missing after a fork."
gc.collect()
gc.freeze()
