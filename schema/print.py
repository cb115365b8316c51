"""`python -m schema.print [--check]`: write what is published of the schema to `schema/`, or say whether it is what the code says."""

from __future__ import annotations

import sys
from pathlib import Path

from schema.build import build
from schema.changelog import with_changes
from schema.published import FILES, PUBLISHED

FOLDER = Path(__file__).parent
PLACE = FOLDER / "schema.graphql"


def main(arguments: list[str], folder: Path = FOLDER) -> int:
    """0 when the files are (now) what the code says."""
    schema = build()
    texts = {folder / name: PUBLISHED[name][0](schema) for name in FILES}
    changelog, landed = folder / "CHANGELOG.md", (folder / "landed.graphql").read_text()
    texts[changelog] = with_changes(changelog.read_text(), landed, texts[folder / "schema.graphql"])
    if "--check" not in arguments:
        for path, text in texts.items():
            path.write_text(text)
        return 0
    stale = [path.name for path, text in texts.items() if not path.is_file() or path.read_text() != text]
    if stale:
        print(f"Not what the code says: {', '.join(stale)}. Run `python -m schema.print`.", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
