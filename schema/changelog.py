"""The schema's changelog: what each release gave clients, kept by what the schema is and what the last release's was.

`python -m schema.changelog NAME` makes a release of the schema: what was unreleased gets that name, and `landed.graphql`, with
which every later change is compared, becomes what `schema.graphql` is.
"""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from graphql import build_schema

from schema.changes import changes

FOLDER = Path(__file__).parent
UNRELEASED = "## Unreleased"
NOTHING = "Nothing yet."
NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,30}")


def with_changes(changelog: str, landed: str, schema: str) -> str:
    """The changelog whose section `Unreleased` says what changed from one SDL to the other; its other sections stay as they are."""
    head, found, rest = changelog.partition(f"{UNRELEASED}\n")
    if not found:
        raise ValueError(f"The schema's changelog has no section `{UNRELEASED}`.")
    lines = changes(build_schema(landed), build_schema(schema)) or [NOTHING]
    older = rest.partition("\n## ")
    return f"{head}{found}" + "".join(f"{line}\n" for line in lines) + "".join(older[1:])


def release(folder: Path, name: str, day: str) -> None:
    """Give what is unreleased this name and day, and let later changes be compared with the schema as it is now."""
    schema, changelog = (folder / "schema.graphql").read_text(), folder / "CHANGELOG.md"
    if NAME.fullmatch(name) is None or f"\n## {name} (" in changelog.read_text():
        raise ValueError(f"`{name}` cannot be the name of a new release.")
    told = with_changes(changelog.read_text(), (folder / "landed.graphql").read_text(), schema)
    changelog.write_text(told.replace(UNRELEASED, f"{UNRELEASED}\n{NOTHING}\n\n## {name} ({day})", 1))
    (folder / "landed.graphql").write_text(schema)


def main(arguments: list[str], folder: Path = FOLDER) -> int:
    """0 when the release was made."""
    if len(arguments) != 1:
        print("Say the release's name: python -m schema.changelog 1.4.0", file=sys.stderr)
        return 2
    try:
        release(folder, arguments[0], datetime.now(UTC).date().isoformat())
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
