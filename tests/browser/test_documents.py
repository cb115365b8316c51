"""The web client's own documents: each may be asked by whoever opens its page, signed out, too."""

from __future__ import annotations

import re
from pathlib import Path

import orjson
import pytest

from execution.cost import Limits
from execution.documents import Documents
from execution.request import Request
from schema.build import build

PAGE = 20  # of ids, where a document takes any number of them
DOCUMENTS = Path(__file__).parents[2] / "web" / "persisted" / "documents.json"


@pytest.mark.usefixtures("site")  # its build writes them
def test_every_document_is_small_enough_for_a_stranger() -> None:
    store = Documents(build()._schema, Limits())
    texts: dict[str, str] = orjson.loads(DOCUMENTS.read_bytes())
    assert len(texts) > 100
    for text in texts.values():
        # Where flags choose parts (the tabs of the search), a page asks for one at a time.
        flags = re.findall(r"\$(\w+): Boolean!", text.partition(") {")[0])
        for wanted in flags or [""]:
            given = {"ids": [""] * PAGE, **{name: name == wanted for name in flags}}
            store.operation(Request(text, None, given), False)  # raises a rejection that names what is too much
