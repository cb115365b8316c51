"""The web client's own documents: each may be asked by whoever opens its page, signed out, too."""

from __future__ import annotations

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
        store.operation(
            Request(text, None, {"ids": [""] * PAGE}), False
        )  # raises a rejection that names what is too much
