"""What the figures are called: word or phrase → figure, with what the composer must know of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

FIGURES = Path(__file__).parent / "figures"
LONGEST_PHRASE = 5  # words


@dataclass(frozen=True, slots=True)
class Entry:
    """A figure of the lexicon. `size`: 1 is a grown person. `frame`: "", "head" (gets a body), "bust" (gets legs), "drawn"."""

    figure: str
    group: str
    zone: str
    size: float
    frame: str
    label: str
    words: tuple[str, ...]


@cache
def entries() -> Mapping[str, Entry]:
    """Every figure by its name, in the order of the lexicon."""
    found: dict[str, Entry] = {}
    group = zone = ""
    for line in (FIGURES / "lexicon.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            group, zone = line.strip("[]").split()
        elif line and not line.startswith("#"):
            head, tail = line.split(":", 1)
            name, *frame, size = head.split()
            words = tuple(word.strip() for word in tail.split(","))
            kind = frame[0].lstrip("~") if frame else ""
            found[name] = Entry(name, group, zone, float(size), kind, words[0], words)
    return MappingProxyType(found)


@cache
def phrases() -> Mapping[str, str]:
    """word or phrase → figure. The first line that says a word owns it."""
    found: dict[str, str] = {}
    for entry in entries().values():
        for word in entry.words:
            found.setdefault(word, entry.figure)
    return MappingProxyType(found)
