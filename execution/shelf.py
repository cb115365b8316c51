"""Shelves: documents kept apart by who asks with them, so that nobody pushes out what others use.

Strangers may write as many documents as they like. What they write is kept, and compiled, in a space of their own; trusted
documents and those of signed-in people have theirs. On each shelf the least recently used goes first.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from execution.compiled import Budget
from execution.rejection import Rejection

if TYPE_CHECKING:
    from execution.documents import Document

Entry = tuple["Document | Rejection", int]


class Shelf:
    """Documents by the hash of their text, bounded by number, by bytes of text and by compiled fields (`budget`)."""

    def __init__(self, max_documents: int, max_text_bytes: int, fields: int) -> None:
        self.max_documents = max_documents
        self.max_text_bytes = max_text_bytes
        self.text_bytes = 0
        self.budget = Budget(fields)
        self.kept: OrderedDict[bytes, Entry] = OrderedDict()

    def __len__(self) -> int:
        return len(self.kept)

    def find(self, key: bytes) -> Document | Rejection | None:
        """What is kept under a hash, used just now; None when there is nothing."""
        kept = self.kept.get(key)
        if kept is None:
            return None
        self.kept.move_to_end(key)
        return kept[0]

    def peek(self, key: bytes) -> Document | Rejection | None:
        """The same for somebody by whose use nothing stays longer."""
        kept = self.kept.get(key)
        return None if kept is None else kept[0]

    def keep(self, key: bytes, found: Document | Rejection, size_bytes: int) -> None:
        """Put something there; others go, as far as there is no room."""
        self.kept[key] = (found, size_bytes)
        self.text_bytes += size_bytes
        while len(self.kept) > self.max_documents or (self.text_bytes > self.max_text_bytes and len(self.kept) > 1):
            _, (_, gone) = self.kept.popitem(last=False)
            self.text_bytes -= gone

    def forget(self, key: bytes) -> None:
        """It is kept elsewhere from here on."""
        gone = self.kept.pop(key, None)
        if gone is not None:
            self.text_bytes -= gone[1]
