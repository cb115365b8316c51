"""`python -m dev.manifests [PLACE ...]`: would this release run every trusted document? To be asked before it is deployed.

Places are manifests and folders of them; without any, what `TRUSTED_DOCUMENTS` names. Every document that this release would
refuse is named with the reason, and the exit code is 1. What runs, and will be refused to some or one day, is noted.
"""

from __future__ import annotations

import sys

from app import LIMITS
from execution.deployable import judge
from execution.documents import Documents
from execution.trusted import load
from schema.build import build
from settings import settings

LONGEST_ID_CHARACTERS = 24


def main(places: list[str]) -> int:
    """0 when every document would run, 1 when one would not, 2 when there is none to look at."""
    texts = load(",".join(places) if places else settings().trusted_documents, only=False).texts
    if not texts:
        print("No documents: say manifests or folders of them, or set TRUSTED_DOCUMENTS.", file=sys.stderr)
        return 2
    store = Documents(build()._schema, LIMITS)
    known_as: dict[str, str] = {}
    for document_id, text in texts.items():
        known_as[text] = document_id  # the id of the manifest comes after the hash that every text has
    refused = 0
    for text, document_id in known_as.items():
        verdict = judge(store, text)
        short = document_id if len(document_id) <= LONGEST_ID_CHARACTERS else f"{document_id[:LONGEST_ID_CHARACTERS]}…"
        for sentence in verdict.refused:
            print(f"{short} would be refused. {sentence}")
        for sentence in verdict.noted:
            print(f"{short} runs. Note: {sentence}")
        refused += bool(verdict.refused)
    print(f"{len(known_as) - refused} of {len(known_as)} documents run on this release.")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
