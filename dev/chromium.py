"""Chromium as it is installed on the machine: where it is, and with which flags tests and measurements run it."""

from __future__ import annotations

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
FLAGS = (
    "--no-sandbox",  # containers run as root and have no user namespaces
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MISSING = (
    "The tests of the web client need Chromium, and none is installed. On Debian and Ubuntu: apt-get install chromium"
)


def chromium() -> str | None:
    """The path of the browser, or None where there is none."""
    return next((found for found in map(shutil.which, NAMES) if found), None)
