"""Devices by name: what a browser or a program says of itself, in a few words a person knows again."""

from __future__ import annotations

import re

# The first that is found counts: nearly every browser also says that it is Chrome, Safari and Mozilla.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Vivaldi/", "Vivaldi"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("HeadlessChrome/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
_PROGRAM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


def device_name(user_agent: str) -> str:
    """`Firefox on Linux` for a browser, the first word (`python-httpx`) for a program, empty for what says nothing."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    if user_agent.startswith("Mozilla/"):
        return " on ".join(part for part in (browser, system) if part)
    program = _PROGRAM.match(user_agent)
    return program.group() if program else ""
